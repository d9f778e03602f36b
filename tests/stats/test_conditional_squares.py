"""Squared differences by running sums: against the same draws, one after another."""

import numpy as np
import pytest

from hotspot.stats.conditional_draws import _distinct
from hotspot.stats.conditional_squares import count_squares
from hotspot.stats.neighbours import Neighbours


@pytest.mark.parametrize("offset", [0.0, 10.0])
def test_every_draw_is_counted_as_if_added_up_alone(offset):
    draw = np.random.default_rng(5)
    values, near = draw.normal(size=(2, 20)) + offset, Neighbours.from_lattice(*np.divmod(np.arange(20), 5))
    drawn = _distinct(draw.random((300, 9)), 20)
    counted = np.zeros((2, 20), dtype=np.int64)
    count_squares(values, near, drawn, counted)
    for place, k in enumerate(near.cardinalities):
        held = values[:, [place]]
        observed = np.sum((values[:, near.indices[near.indptr[place] : near.indptr[place + 1]]] - held) ** 2)
        rows = np.where(drawn[:, :k] == place, drawn[:, [k]], drawn[:, :k])  # the spare stands in for the place
        alone = np.sum((values[:, rows] - held[:, :, None]) ** 2, axis=(0, 2))
        assert counted[0, place] == np.sum(alone >= observed - 1e-7)
        assert counted[1, place] == np.sum(alone <= observed + 1e-7)


@pytest.mark.parametrize("ties", [False, True])
def test_ranked_draws_count_as_every_draw_does(ties):
    rng = np.random.default_rng(5)
    z = rng.standard_gamma(0.4, 400)  # skewed, so that some blocks are wide
    z = np.rint(2 * z) if ties else z
    near = Neighbours.from_lattice(*np.divmod(np.arange(400), 20))
    drawn = np.argsort(rng.random((300, 400)), axis=1)[:, :9]
    one, two = np.zeros((2, 2, 400), dtype=np.int64)
    count_squares(z[None, :], near, drawn, one)
    count_squares(np.vstack([z, np.zeros(400)]), near, drawn, two)  # a second variable that says nothing
    assert np.array_equal(one, two)
    assert (one.sum(axis=0) >= 300).all()
    assert np.array_equal((one.sum(axis=0) > 300).any(), ties)
