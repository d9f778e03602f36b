"""Geary's C: all orders of six values, invariances, and what cannot be said."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import HotspotError
from hotspot.stats.geary import geary, local_geary
from hotspot.stats.neighbours import Neighbours

X = np.array([1, 2, 3, 8, 9.0])
VALUES = st.lists(st.integers(-30, 30), min_size=16, max_size=16).filter(lambda v: len(set(v)) > 1)


def line(n: int, at: int | None = None) -> Neighbours:
    ends = np.arange(n - 1)
    return Neighbours.from_pairs(np.r_[ends, ends + 1], np.r_[ends + 1, ends], at or n)


def square(side: int) -> Neighbours:
    return Neighbours.from_lattice(*np.divmod(np.arange(side * side), side))


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


def test_five_on_a_line():
    assert geary(X, line(5), row_standardised=False).statistic == pytest.approx(0.2631579, abs=5e-8)  # METHODS 7


@pytest.mark.parametrize("row_standardised", [True, False])
def test_mean_and_variance_are_those_of_all_orders(row_standardised):
    near = Neighbours.from_pairs([0, 1, 2, 3, 4, 4], [1, 0, 1, 4, 3, 0], 5, [1, 2, 1, 0.5, 1, 1])
    every = [geary(list(each), near, row_standardised=row_standardised).statistic for each in permutations(X)]
    found = geary(X, near, row_standardised=row_standardised)
    assert np.mean(every) == pytest.approx(found.expected)
    assert np.var(every) == pytest.approx(found.variance)


def test_draws_find_what_the_orders_hold():
    every = np.array([geary(list(each), line(5)).statistic for each in permutations(X)])
    found = geary(X, line(5), permutations=4_999, rng=rng())
    tail = min(np.mean(every <= found.statistic + 1e-9), np.mean(every >= found.statistic - 1e-9))
    assert found.pvalue == pytest.approx(2 * tail, abs=0.015)
    assert (found.method, found.alternative) == ("permutation", "two-sided")


@given(VALUES, st.integers(1, 9), st.integers(-50, 50), st.permutations(range(16)))
def test_units_origin_mirror_and_the_order_of_the_cells_do_not_matter(values, factor, shift, order):
    x, near = np.array(values, dtype=float), square(4)
    one, local = geary(x, near), local_geary(x, near, permutations=99, rng=rng())
    assert geary(shift - factor * x, near).statistic == pytest.approx(one.statistic, abs=1e-9)
    moved = local_geary(shift - factor * x, near, permutations=99, rng=rng())
    assert moved.statistic == pytest.approx(local.statistic, abs=1e-9)
    assert moved.pvalue == pytest.approx(local.pvalue)
    order = np.array(order)
    rows, cols = np.divmod(np.arange(16), 4)
    other = local_geary(x[order], Neighbours.from_lattice(rows[order], cols[order]), permutations=99, rng=rng())
    assert other.pvalue == pytest.approx(local.pvalue[order])
    # the mean of the local values is C, up to 2 (n - 1) / n
    assert local.statistic.mean() * 16 / 15 / 2 * 15 / 16 == pytest.approx(one.statistic, abs=1e-9)


def test_a_gap_and_an_island_change_nothing_else():
    alone = local_geary(X, line(5), permutations=499, rng=rng())
    with_gap = local_geary([*X, np.nan], line(6), permutations=499, rng=rng())
    assert with_gap.statistic[:5] == pytest.approx(alone.statistic)
    assert with_gap.pvalue[:5] == pytest.approx(alone.pvalue)
    assert with_gap.klass[5] == "undefined"
    assert geary([*X, np.nan], line(6)) == geary(X, line(5))
    island = local_geary([*X, 7], line(5, 6), permutations=99, rng=rng())
    assert island.klass[5] == "no neighbours"
    assert np.isnan([island.statistic[5], island.pvalue[5], island.qvalue[5]]).all()
    assert island.tests == 5


def test_equal_values_and_too_few_say_nothing():
    assert np.isnan(geary([3] * 5, line(5)).statistic)
    assert np.isnan(geary([1, 2, 3], line(3)).pvalue)
    nothing = local_geary(np.column_stack([X, [4] * 5]), line(5), rng=rng())
    assert (nothing.klass == "undefined").all()
    assert (nothing.tests, nothing.method) == (0, "permutation")
    with pytest.raises(HotspotError, match="permutations = 0"):
        local_geary(X, line(5), permutations=0, rng=rng())


def test_likeness_in_two_respects_needs_no_likeness_in_one():
    rows, cols = np.divmod(np.arange(100), 10)
    patch = ((rows < 5) & (cols < 5)).astype(float)
    noise = np.random.default_rng(1).normal(size=(100, 2)) * 0.2
    both = local_geary(noise + patch[:, None], square(10), permutations=999, rng=rng())
    assert both.klass[22] == "alike"
    assert both.qvalue[22] < 0.05
    odd = patch.copy()
    odd[22] = -4.0
    assert local_geary(odd, square(10), rng=rng()).klass[22] == "unlike"


def test_row_standardising_a_weighted_graph_does_not_change_p():
    near = Neighbours.from_pairs([0, 1, 1, 2, 2, 3, 3, 4], [1, 0, 2, 1, 3, 2, 4, 3], 5, [2, 1, 3, 1, 1, 1, 2, 1])
    one = local_geary(X, near, rng=rng())
    other = local_geary(X, near, row_standardised=False, rng=rng())
    assert one.pvalue == pytest.approx(other.pvalue)
    assert other.statistic == pytest.approx(one.statistic * near.around(np.ones(5)))
