"""The sweep along rows against adding every pair."""

import numpy as np
import pytest

from hotspot.stats.kernel_sums import scatter
from hotspot.stats.kernels import KERNELS
from hotspot.stats.row_sweep import POWERS, sweep

RNG = np.random.default_rng(2)
NAMES = ["uniform", "epanechnikov", "quartic"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("h", [0.8, 5.0, 30.0])
def test_the_sweep_is_the_sum_over_pairs(name, h):
    code = KERNELS[name].code
    row = np.sort(RNG.uniform(-h, 40 + h, 300))
    column, w = RNG.uniform(-h, 60 + h, 300), RNG.uniform(0, 3, 300)
    pairs, rows = np.zeros((40, 60)), np.full((40, 60), np.nan)
    scatter(column, row, w, pairs, (h, code, 1))
    sweep(column, row, w, rows, (h, POWERS[code]))
    assert rows == pytest.approx(pairs, abs=1e-10 * max(pairs.max(), 1))
    assert ((rows == 0) == (pairs == 0)).all()  # exactly nothing where no kernel reaches


@pytest.mark.parametrize("name", NAMES)
def test_a_long_row_stays_good_to_a_hundred_millionth(name):
    code, h = KERNELS[name].code, 12.0
    row = np.sort(RNG.uniform(0, 5, 3000))
    column, w = RNG.uniform(0, 720, 3000), np.ones(3000)
    pairs, rows = np.zeros((6, 720)), np.zeros((6, 720))
    scatter(column, row, w, pairs, (h, code, 1))
    sweep(column, row, w, rows, (h, POWERS[code]))
    assert np.abs(rows - pairs).max() < 1e-8 * pairs.max()


def test_nothing_gives_nothing():
    out = np.full((3, 4), np.nan)
    sweep(np.empty(0), np.empty(0), np.empty(0), out, (2.0, 2))
    assert (out == 0).all()
