"""Kernels of their own width: one by one, on the ladder, and their shares inside a place."""

import numpy as np
import pytest

from hotspot.stats.adaptive_sums import AdaptiveSums
from hotspot.stats.kernel_sums import scatter
from hotspot.stats.kernels import GAUSSIAN

RNG = np.random.default_rng(1)
COLUMN, ROW, W, H = RNG.uniform(0, 70, 90), RNG.uniform(0, 50, 90), RNG.uniform(0, 2, 90), RNG.uniform(2, 9, 90)
SUMS = AdaptiveSums((50, 70))
MASK = np.ones((50, 70), dtype=bool)
MASK[30:, 40:] = False


def test_one_by_one_is_the_plain_sum():
    exact = np.zeros((50, 70))
    for k in range(90):
        one = np.zeros((50, 70))
        scatter(COLUMN[[k]], ROW[[k]], W[[k]], one, (H[k], GAUSSIAN, 1))
        exact += one / H[k] ** 2
    assert SUMS.total(COLUMN, ROW, W, H) == pytest.approx(exact, abs=1e-12)


def test_the_ladder_is_close_to_it_and_its_shares_are_its_own(monkeypatch):
    exact, share = SUMS.total(COLUMN, ROW, W, H), SUMS.inside(COLUMN, ROW, H, MASK)
    monkeypatch.setattr("hotspot.stats.adaptive_sums.EXACT_NS", 0)
    assert SUMS.total(COLUMN, ROW, W, H) == pytest.approx(exact, abs=1e-3 * exact.max())
    assert SUMS.inside(COLUMN, ROW, H, MASK) == pytest.approx(share, abs=1e-3)


def test_the_share_at_a_cell_is_that_of_an_incident_there():
    h = np.full((50, 70), 4.0)
    rows, columns = np.array([10, 29, 35]), np.array([20, 45, 38])
    there = SUMS.inside(columns.astype(float), rows.astype(float), np.full(3, 4.0), MASK)
    assert SUMS.mass(MASK, h)[rows, columns] == pytest.approx(there, abs=2e-3)


def test_nothing_gives_nothing():
    none = np.empty(0)
    assert (SUMS.total(none, none, none, none) == 0).all()
    assert SUMS.inside(none, none, none, MASK).size == 0
