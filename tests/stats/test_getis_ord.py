"""Gi*: published and hand-sized values, invariances, limits."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import HotspotError
from hotspot.stats.getis_ord import getis_ord_g, gistar, local_g
from hotspot.stats.moran import local_moran, moran
from hotspot.stats.neighbours import Neighbours

VALUES = st.lists(st.integers(-50, 50), min_size=16, max_size=16).filter(lambda v: len(set(v)) > 1)


def square(side: int) -> Neighbours:
    return Neighbours.from_lattice(*np.divmod(np.arange(side * side), side))


def line(n: int) -> Neighbours:
    ends = np.arange(n - 1)
    return Neighbours.from_pairs(np.r_[ends, ends + 1], np.r_[ends + 1, ends], n)


def test_the_docstring_of_esda():
    points = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)], dtype=float)
    distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    near = Neighbours.from_pairs(*np.nonzero((distance > 0) & (distance <= 15)), 6)
    z = gistar([2, 3, 3.2, 5, 8, 7], near)
    expected = np.array([-1.3973, -0.2892, 0.6506, -0.2892, 1.2345, 2.0242])
    has_neighbours = near.cardinalities > 0
    assert z[has_neighbours] == pytest.approx(expected[has_neighbours], abs=5e-5)
    assert np.isnan(z[~has_neighbours]).all()


def test_five_on_a_line():
    expected = [-1.551941, -1.952442, -0.200250, 1.551941, 1.952442]
    assert gistar([1, 2, 3, 8, 9], line(5)) == pytest.approx(expected, abs=1e-6)


def test_five_by_five_by_hand():
    # 25 cells: one 9 in the middle, one 4 at its lower right, twelve of 1, eleven of 0; queen, the cell itself included
    x = np.array([
        [0, 1, 0, 1, 0],
        [1, 1, 0, 1, 1],
        [0, 1, 9, 0, 0],
        [1, 0, 0, 4, 1],
        [0, 1, 0, 1, 1],
    ])  # fmt: skip
    mean, variance = 25 / 25, 109 / 25 - 1  # squares: 81 + 16 + 12
    z = gistar(x.ravel(), square(5)).reshape(5, 5)
    for (row, col), total, size in (((2, 2), 16, 9), ((0, 0), 3, 4), ((0, 2), 4, 6), ((3, 3), 16, 9), ((4, 4), 7, 4)):
        assert z[row, col] == pytest.approx((total - mean * size) / np.sqrt(variance * (25 * size - size**2) / 24))
    assert z[2, 2] == pytest.approx(7 / np.sqrt(3.36 * 6))  # 1.559, written out: 9 cells of 25 give 225 - 81 over 24
    assert z[0, 0] == pytest.approx(-1 / np.sqrt(3.36 * 3.5))


def test_a_spike_in_the_corner_of_nine():
    rows, cols = np.divmod(np.arange(9), 3)
    apart = np.abs(rows[:, None] - rows) + np.abs(cols[:, None] - cols)
    rook = Neighbours.from_pairs(*np.nonzero(apart == 1), 9)
    expected = [1.4142, 1.1180, -0.7071, 1.1180, -1.1180, -0.8944, -0.7071, -0.8944, -0.7071]
    assert gistar([10, 0, 0, 0, 0, 0, 0, 0, 0], rook) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("star", [True, False])
@given(VALUES, st.floats(-1e3, 1e3), st.floats(0.01, 100))
def test_units_and_origin_do_not_matter_and_a_mirror_turns_the_sign(star, values, shift, factor):
    x = np.array(values, dtype=float)
    near = square(4)
    z = gistar(x, near, star=star)
    assert gistar(shift + factor * x, near, star=star) == pytest.approx(z, abs=1e-6, nan_ok=True)
    assert gistar(-x, near, star=star) == pytest.approx(-z, abs=1e-9, nan_ok=True)


@given(VALUES, st.permutations(range(16)))
def test_the_order_of_the_cells_does_not_matter(values, order):
    x, order = np.array(values, dtype=float), np.array(order)
    rows, cols = np.divmod(np.arange(16), 4)
    z = gistar(x, Neighbours.from_lattice(rows, cols))
    moved = gistar(x[order], Neighbours.from_lattice(rows[order], cols[order]))
    assert moved == pytest.approx(z[order], abs=1e-9, nan_ok=True)


def test_a_missing_cell_changes_nothing_but_itself():
    rows, cols = np.divmod(np.arange(25), 5)
    x = np.arange(25.0) % 7
    x[12] = np.nan
    kept = np.arange(25) != 12
    alone = gistar(x[kept], Neighbours.from_lattice(rows[kept], cols[kept]))
    z = gistar(x, square(5))
    assert np.isnan(z[12])
    assert (z[kept] == alone).all()


@pytest.mark.parametrize("value", [0.0, 4.0, 0.1 + 0.2])
def test_equal_values_say_nothing(value):
    assert np.isnan(gistar(np.full(16, value), square(4))).all()


def test_too_small_or_all_neighbours_says_nothing():
    assert np.isnan(gistar([1.0], square(1))).all()
    assert np.isnan(gistar([1.0, 2.0, 3.0, 4.0], square(2))).all()
    assert gistar([], Neighbours.from_pairs([], [], 0)).size == 0


@pytest.mark.parametrize("row_standardised", [True, False])
def test_mean_and_variance_of_the_global_g_are_those_of_all_orders(row_standardised):
    x = [1, 2, 3, 8, 9, 4]
    near = Neighbours.from_pairs([0, 1, 1, 2, 3, 4, 4], [1, 0, 4, 1, 4, 3, 0], 6, [1, 0.5, 2, 1, 1, 3, 1])
    every = [getis_ord_g(each, near, row_standardised=row_standardised).statistic for each in permutations(x)]
    found = getis_ord_g(x, near, row_standardised=row_standardised)
    assert np.mean(every) == pytest.approx(found.expected)
    assert np.var(every) == pytest.approx(found.variance)
    drawn = getis_ord_g(x, near, row_standardised=row_standardised, permutations=2_999, rng=np.random.default_rng(1))
    tail = min(np.mean(every <= np.array(found.statistic) + 1e-9), np.mean(every >= np.array(found.statistic) - 1e-9))
    assert drawn.pvalue == pytest.approx(min(1, 2 * tail), abs=0.03)


@given(VALUES, st.integers(1, 1_000_000))
def test_the_global_g_has_no_unit(values, factor):
    x = np.abs(np.array(values, dtype=float))
    if np.ptp(x) == 0:
        x[0] += 1.0
    found = getis_ord_g(x, square(4))
    assert getis_ord_g(x * factor, square(4)).z == pytest.approx(found.z, abs=1e-6, nan_ok=True)


def test_where_all_have_as_many_neighbours_the_global_g_is_moran():
    rows, cols = np.divmod(np.arange(64), 8)
    steps = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if (a, b) != (0, 0)]
    around = np.stack([(rows + a) % 8 * 8 + (cols + b) % 8 for a, b in steps])
    torus = Neighbours.from_pairs(np.tile(np.arange(64), 8), around.ravel(), 64)
    low = np.where((np.abs(rows - 3.5) < 2) & (np.abs(cols - 3.5) < 2), 1.0, 9.0)
    for x in (low, 10 - low, np.random.default_rng(1).gamma(1.0, size=64)):
        assert getis_ord_g(x, torus).z == pytest.approx(moran(x, torus).z_random)
    assert getis_ord_g(low, torus).z > 3  # a cluster of low values, and above expected all the same


@given(
    st.lists(st.integers(0, 30), min_size=16, max_size=16).filter(lambda v: len(set(v)) > 1), st.permutations(range(16))
)
def test_the_unit_and_the_order_of_the_cells_do_not_matter_for_the_global_g(values, order):
    x, order = np.array(values, dtype=float), np.array(order)
    rows, cols = np.divmod(np.arange(16), 4)
    one = getis_ord_g(x, square(4))
    moved = Neighbours.from_lattice(rows[order], cols[order])
    for other in (getis_ord_g(7 * x, square(4)), getis_ord_g(x[order], moved)):
        assert (other.statistic, other.z) == pytest.approx((one.statistic, one.z), abs=1e-9, nan_ok=True)


def test_the_global_g_says_nothing_where_nothing_can_be_said():
    assert np.isnan(getis_ord_g([2.0] * 16, square(4)).pvalue)
    assert np.isnan(getis_ord_g([0.0] * 15 + [1.0], square(4)).statistic)
    assert getis_ord_g([1, 2, 3, 8, 9, np.nan], line(6)) == getis_ord_g([1, 2, 3, 8, 9], line(5))
    with pytest.raises(HotspotError, match=r"-1\.0"):
        getis_ord_g([-1, 2, 3, 4], line(4))


def test_gi_gi_star_and_local_moran_share_their_p():
    x = np.random.default_rng(3).poisson(2, 49)
    star, plain, moran = local_g(x, square(7)), local_g(x, square(7), star=False), local_moran(x, square(7))
    assert (star.method, star.tests, star.alternative) == ("exact", 49, "two-sided")
    assert (star.pvalue == plain.pvalue).all()
    assert (star.pvalue == moran.pvalue).all()
    assert star.statistic == pytest.approx(gistar(x, square(7)))
    assert (star.klass == np.where(star.statistic > 0, "high", "low")).all()


def test_local_g_of_values_that_are_no_counts_draws():
    x = np.random.default_rng(3).normal(size=49)
    found = local_g(x, square(7), rng=np.random.default_rng(1))
    assert found.method == "permutation"
    mirrored = local_g(-x, square(7), rng=np.random.default_rng(1))
    assert mirrored.pvalue == pytest.approx(found.pvalue)
    assert (mirrored.klass == np.where(found.klass == "high", "low", "high")).all()
    with pytest.raises(HotspotError, match="no source of randomness"):
        local_g(x, square(7))


def test_local_g_has_classes_for_what_cannot_be_said():
    near = Neighbours.from_pairs([0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2], 6)
    found = local_g([1, 5, 2, 8, np.nan, 3], near)
    assert found.klass[4:].tolist() == ["undefined", "no neighbours"]
    assert np.isnan([found.statistic[4:], found.pvalue[4:], found.qvalue[4:]]).all()
    assert found.tests == 4
    flat = local_g([2] * 6, near)
    assert (flat.klass == "undefined").all()
    assert flat.tests == 0
    everybody = local_g([1.0, 2.0, 3.0, 4.0], square(2))
    assert (everybody.klass == "undefined").all()
    assert np.isnan(everybody.pvalue).all()
