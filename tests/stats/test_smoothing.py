"""Which way sums are made, and that it does not show."""

import numpy as np
import pytest

from hotspot.stats.kernels import GAUSSIAN, KERNELS, QUARTIC, TRIANGULAR, UNIFORM
from hotspot.stats.smoothing import Smoothing

RNG = np.random.default_rng(8)


def test_few_incidents_are_summed_exactly_and_many_by_a_transform():
    assert Smoothing((100, 100), 4.0, GAUSSIAN).way(500) == "pairs"
    assert Smoothing((800, 800), 20.0, GAUSSIAN).way(100_000) == "transform"
    assert Smoothing((3200, 3200), 222.0, QUARTIC).way(1_000_000) == "transform"
    assert Smoothing((800, 800), 55.0, QUARTIC).way(300) == "rows"
    assert Smoothing((800, 800), 55.0, TRIANGULAR).way(1_000_000) == "pairs"  # bends too sharply for a transform
    assert Smoothing((800, 800), 55.0, UNIFORM).way(1_000_000) == "rows"
    assert Smoothing((3200, 3200), 4.0, UNIFORM).way(1_000_000) == "pairs"  # a row of 800 bandwidths


@pytest.mark.parametrize("name", ["gaussian", "quartic"])
def test_every_way_gives_the_same(name):
    column, row, w = RNG.uniform(0, 160, 6000), RNG.uniform(0, 120, 6000), RNG.uniform(0, 2, 6000)
    smoothing = Smoothing((120, 160), 40.0, KERNELS[name].code)
    pairs = smoothing.total(column, row, w, "pairs")
    assert smoothing.total(column, row, w, "transform") == pytest.approx(pairs, abs=1e-5 * pairs.max())
    if name == "quartic":
        assert smoothing.total(column, row, w, "rows") == pytest.approx(pairs, rel=1e-9)


@pytest.mark.parametrize("name", ["gaussian", "quartic", "triweight"])
def test_squares_by_a_transform_are_squares(name, monkeypatch):
    column, row, w = RNG.uniform(0, 160, 3000), RNG.uniform(0, 120, 3000), RNG.uniform(0, 2, 3000)
    smoothing = Smoothing((120, 160), 40.0, KERNELS[name].code)
    monkeypatch.setattr(Smoothing, "way", lambda *_: "pairs")
    exact = smoothing.squares(column, row, w)
    monkeypatch.setattr(Smoothing, "way", lambda *_: "transform")
    assert smoothing.squares(column, row, w) == pytest.approx(exact, abs=2e-6 * exact.max())
