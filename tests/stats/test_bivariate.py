"""Two values over the same places: all orders, symmetry, and what cannot be said."""

from itertools import permutations

import numpy as np
import pytest
from esda.lee import Spatial_Pearson
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import HotspotError
from hotspot.stats.bivariate import bivariate_moran, lee, local_bivariate_moran, local_lee
from hotspot.stats.moran import local_moran, moran
from hotspot.stats.neighbours import Neighbours

X, Y = np.array([1, 2, 3, 8, 9, 4.0]), np.array([2, 1, 5, 7, 3, 3.0])
NEAR = Neighbours.from_pairs([0, 1, 1, 2, 2, 3, 3, 4, 5], [1, 0, 2, 1, 3, 2, 4, 3, 0], 6, [1, 0.5, 2, 1, 1, 1, 3, 1, 1])
VALUES = st.lists(st.integers(-30, 30), min_size=16, max_size=16).filter(lambda v: len(set(v)) > 1)


def square(side: int) -> Neighbours:
    return Neighbours.from_lattice(*np.divmod(np.arange(side * side), side))


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


@pytest.mark.parametrize("row_standardised", [True, False])
def test_mean_and_variance_are_those_of_all_orders(row_standardised):
    rows = {"row_standardised": row_standardised}
    # bivariate Moran: x stays where it is; Lee: both move together
    one = [bivariate_moran(X, Y[list(each)], NEAR, **rows).statistic for each in permutations(range(6))]
    both = [lee(X[list(each)], Y[list(each)], NEAR, **rows).statistic for each in permutations(range(6))]
    for every, found in ((one, bivariate_moran(X, Y, NEAR, **rows)), (both, lee(X, Y, NEAR, **rows))):
        assert np.mean(every) == pytest.approx(found.expected, abs=1e-12)
        assert np.var(every) == pytest.approx(found.variance)


def test_draws_find_what_the_orders_hold():
    for statistic in (bivariate_moran, lee):
        found = statistic(X, Y, NEAR, permutations=4_999, rng=rng())
        orders = [list(each) for each in permutations(range(6))]
        moved = [X[each] if statistic is lee else X for each in orders]
        every = np.array([statistic(x, Y[each], NEAR).statistic for x, each in zip(moved, orders, strict=True)])
        tail = min(np.mean(every <= found.statistic + 1e-9), np.mean(every >= found.statistic - 1e-9))
        assert found.pvalue == pytest.approx(min(1, 2 * tail), abs=0.03)


def test_lee_is_that_of_esda():
    theirs = Spatial_Pearson(connectivity=square(5).to_sparse(), permutations=0)
    x, y = np.random.default_rng(1).normal(size=(2, 25))
    found = theirs.fit(x[:, None], y[:, None]).association_
    assert lee(x, y, square(5), row_standardised=False).statistic == pytest.approx(found[0, 1])
    assert lee(y, y, square(5), row_standardised=False).statistic == pytest.approx(found[1, 1])


@given(VALUES, VALUES, st.integers(1, 9), st.integers(-50, 50))
def test_units_symmetry_and_the_sum_of_the_parts(one, other, factor, shift):
    x, y, near = np.array(one, dtype=float), np.array(other, dtype=float), square(4)
    found, local = lee(x, y, near), local_lee(x, y, near, permutations=99, rng=rng())
    assert lee(y, x, near).statistic == pytest.approx(found.statistic, abs=1e-9)
    assert lee(shift - factor * x, y, near).statistic == pytest.approx(-found.statistic, abs=1e-9)
    assert local.statistic.mean() == pytest.approx(found.statistic, abs=1e-9)
    assert local_lee(y, x, near, permutations=99, rng=rng()).pvalue == pytest.approx(local.pvalue)
    whole, parts = bivariate_moran(x, y, near), local_bivariate_moran(x, y, near, permutations=99, rng=rng())
    assert parts.statistic.sum() / 15 == pytest.approx(whole.statistic, abs=1e-9)
    assert bivariate_moran(shift + factor * x, y, near).statistic == pytest.approx(whole.statistic, abs=1e-9)


@given(VALUES)
def test_one_value_twice_is_moran(values):
    x, near = np.array(values, dtype=float), square(4)
    assert bivariate_moran(x, x, near).statistic == pytest.approx(moran(x, near).statistic, abs=1e-9)
    one, twice = local_moran(x, near, rng=rng()), local_bivariate_moran(x, x, near, rng=rng())
    assert twice.statistic == pytest.approx(one.statistic, abs=1e-9)
    assert twice.pvalue == pytest.approx(one.pvalue)
    assert (twice.klass == one.quadrant).all()


def test_p_is_about_the_surroundings_alone_and_exact_for_counts():
    x, y = np.random.default_rng(2).normal(size=49), np.random.default_rng(3).poisson(2, 49)
    found = local_bivariate_moran(x, y, square(7))
    assert (found.method, found.tests) == ("exact", 49)
    assert found.pvalue == pytest.approx(local_bivariate_moran(x**3 + x, y, square(7)).pvalue)
    with pytest.raises(HotspotError, match="no source of randomness"):
        local_bivariate_moran(y, x, square(7))


def test_two_maps_that_share_a_patch():
    rows, cols = np.divmod(np.arange(400), 20)
    patch = ((rows > 12) & (cols > 12)).astype(float)
    x, y = patch + np.random.default_rng(1).normal(size=(2, 400)) * 0.4
    found = local_lee(x, y, square(20), permutations=1_999, rng=rng())
    assert found.klass[16 * 20 + 16] == "HH"
    assert found.qvalue[16 * 20 + 16] < 0.05
    assert local_bivariate_moran(x, -y, square(20), rng=rng()).klass[16 * 20 + 16] == "HL"
    assert lee(x, y, square(20)).pvalue < 0.01


def test_gaps_islands_and_equal_values():
    near = Neighbours.from_pairs([0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2], 6)
    x, y = [1, 5, 2, 8, np.nan, 3], [3, 1, 4, 1, 5, 9]
    for local in (local_bivariate_moran, local_lee):
        found = local(x, y, near, permutations=99, rng=rng())
        assert found.klass[4:].tolist() == ["undefined", "no neighbours"]
        assert np.isnan(found.pvalue[4:]).all()
        assert found.tests == 4
        flat = local([2] * 6, y, near, rng=rng())
        assert (flat.klass == "undefined").all()
        assert flat.tests == 0
    assert np.isnan(lee([2] * 6, y, near).pvalue)
    assert np.isnan(bivariate_moran([1, 2], [2, 1], Neighbours.from_pairs([0], [1], 2)).statistic)
    with pytest.raises(HotspotError, match="same length"):
        lee([1, 2], [1, 2, 3], near)
