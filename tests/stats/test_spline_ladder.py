"""The ladder of lattices against one exact sum per rung."""

import numpy as np
import pytest

from hotspot.stats.kernel_sums import scatter
from hotspot.stats.kernels import GAUSSIAN
from hotspot.stats.spline_ladder import Ladder

RNG = np.random.default_rng(6)
RUNGS = np.array([3.0, 4.5, 9.0])
COLUMN, ROW, SHARES = RNG.uniform(0, 80, 200), RNG.uniform(0, 60, 200), RNG.uniform(-0.2, 1, (200, 2))
FIRST = RNG.integers(0, 2, 200)


def test_rungs_add_up_to_the_exact_sum():
    exact = np.zeros((60, 80))
    for k, rung in enumerate(RUNGS):
        for tap in range(2):
            here = k - tap == FIRST
            part = np.zeros((60, 80))
            scatter(COLUMN[here], ROW[here], SHARES[here, tap], part, (rung, GAUSSIAN, 1))
            exact += part / rung**2
    found = Ladder((60, 80), RUNGS).surface(COLUMN, ROW, SHARES, FIRST)
    assert np.abs(found - np.maximum(exact, 0)).max() < 2e-5 * exact.max()


def test_shares_are_the_surface_read_backwards():
    ladder = Ladder((60, 80), RUNGS)
    mask = np.zeros((60, 80), dtype=bool)
    mask[5:40, 10:70] = True
    share = ladder.shares(COLUMN, ROW, mask, np.abs(SHARES), FIRST)
    for k in range(0, 200, 40):
        one = ladder.surface(COLUMN[[k]], ROW[[k]], np.abs(SHARES[[k]]), FIRST[[k]])
        assert share[k] == pytest.approx(one[mask].sum(), rel=1e-5)
