"""Moments of dealt pairs: against all orders, and Moran's own."""

from itertools import permutations

import numpy as np
import pytest
from scipy import sparse

from hotspot.stats.moran import moran
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.pair_moments import dealt_moments


@pytest.mark.parametrize("seed", range(4))
def test_mean_and_variance_are_those_of_all_orders(seed):
    draw = np.random.default_rng(seed)
    half = draw.normal(size=(6, 6)) * (draw.random((6, 6)) < 0.5)
    pairs, (a, b) = half + half.T, draw.normal(size=(2, 6)) + 1.0
    every = [a[list(each)] @ pairs @ b[list(each)] for each in permutations(range(6))]
    found = dealt_moments(sparse.csr_array(pairs), a, b)
    assert found == pytest.approx((np.mean(every), np.var(every)))


def test_one_value_without_a_diagonal_is_moran():
    near = Neighbours.from_lattice(*np.divmod(np.arange(36), 6))
    x = np.random.default_rng(1).gamma(1.0, size=36)
    z = x - x.mean()
    scale = 36 / len(near.indices) / float(z @ z)
    mean, variance = dealt_moments(near.to_sparse() * scale, z, z)
    found = moran(x, near, row_standardised=False)
    assert (mean, variance) == pytest.approx((found.expected, found.variance_random))


def test_a_place_by_itself_never_varies():
    mean, variance = dealt_moments(sparse.csr_array(sparse.eye_array(5)), np.arange(5.0), np.arange(5.0))
    assert mean == pytest.approx(30.0)
    assert variance == pytest.approx(0.0, abs=1e-9)
