"""Moran's I: hand-sized and published values, the sum of its parts, and what cannot be said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import HotspotError
from hotspot.stats.moran import local_moran, moran
from hotspot.stats.neighbours import Neighbours

X = [1, 2, 3, 8, 9]
VALUES = st.lists(st.integers(0, 30), min_size=16, max_size=16).filter(lambda v: len(set(v)) > 1)


def line(n: int, at: int = 0) -> Neighbours:
    ends = at + np.arange(n - 1)
    return Neighbours.from_pairs(np.r_[ends, ends + 1], np.r_[ends + 1, ends], at + n)


def square(side: int) -> Neighbours:
    return Neighbours.from_lattice(*np.divmod(np.arange(side * side), side))


@pytest.mark.parametrize(("row_standardised", "expected"), [(False, 0.5413534), (True, 0.6616541)])
def test_five_on_a_line(row_standardised: bool, expected: float) -> None:  # noqa: FBT001
    found = moran(X, line(5), row_standardised=row_standardised)
    assert found.statistic == pytest.approx(expected, abs=5e-8)
    assert (found.expected, found.n) == (-0.25, 5)


def test_variance_of_dealing_out_is_that_of_all_orders() -> None:
    from itertools import permutations

    every = [moran(list(order), line(5), row_standardised=True).statistic for order in permutations(X)]
    found = moran(X, line(5))
    assert np.mean(every) == pytest.approx(found.expected)
    assert np.var(every) == pytest.approx(found.variance_random)


def test_local_values_on_the_line_and_their_sum() -> None:
    local = local_moran(X, line(5))
    z = np.array(X) - 4.6
    lag = np.array([z[1], (z[0] + z[2]) / 2, (z[1] + z[3]) / 2, (z[2] + z[4]) / 2, z[3]])
    assert local.statistic == pytest.approx(4 * z * lag / (z @ z))
    assert local.statistic.sum() / 4 == pytest.approx(moran(X, line(5)).statistic)
    assert local.quadrant.tolist() == ["LL", "LL", "LH", "HH", "HH"]
    assert (local.method, local.tests) == ("exact", 5)
    # first place: its one neighbour is 2, the smallest of 2, 3, 8, 9: one of four draws, on two sides
    assert local.pvalue[0] == pytest.approx(0.5)


@given(VALUES, st.integers(1, 9), st.integers(0, 50))
def test_units_and_origin_do_not_matter_and_the_parts_add_up(values: list[int], factor: int, shift: int) -> None:
    x, near = np.array(values, dtype=float), square(4)
    one, other = moran(x, near), moran(shift + factor * x, near)
    assert other.statistic == pytest.approx(one.statistic, abs=1e-9)
    local, moved = local_moran(x, near), local_moran(shift + factor * x, near)
    assert local.statistic.sum() / 15 == pytest.approx(one.statistic, abs=1e-9)
    assert moved.pvalue == pytest.approx(local.pvalue)
    assert (moved.quadrant == local.quadrant).all()


def test_islands_have_no_answer_and_are_not_tested() -> None:
    near = Neighbours.from_pairs([0, 1, 1, 2, 2, 3, 3, 4], [1, 0, 2, 1, 3, 2, 4, 3], 6)
    local = local_moran([*X, 7], near)
    assert np.isnan([local.statistic[5], local.pvalue[5], local.qvalue[5]]).all()
    assert local.quadrant[5] == "no neighbours"
    assert local.tests == 5


def test_unknown_cells_are_out_of_everything() -> None:
    near = line(6)
    with_gap = local_moran([*X, np.nan], near)
    alone = local_moran(X, line(5))
    assert with_gap.statistic[:5] == pytest.approx(alone.statistic)
    assert with_gap.pvalue[:5] == pytest.approx(alone.pvalue)
    assert with_gap.quadrant[5] == "undefined"
    assert np.isnan(with_gap.pvalue[5])
    assert moran([*X, np.nan], near) == moran(X, line(5))


def test_equal_values_and_too_few_say_nothing() -> None:
    assert np.isnan(moran([3, 3, 3, 3, 3], line(5)).statistic)
    assert np.isnan(moran([1, 2, 3], line(3)).pvalue)
    local = local_moran([3] * 5, line(5))
    assert (local.quadrant == "undefined").all()
    assert local.tests == 0


def test_draws_agree_with_the_exact_answer_and_need_a_source() -> None:
    x = np.random.default_rng(4).poisson(3, 49)
    near = square(7)
    exact = local_moran(x, near)
    drawn = local_moran(x + 0.5, near, permutations=4_000, rng=np.random.default_rng(1))
    assert (exact.method, drawn.method) == ("exact", "permutation")
    assert drawn.statistic == pytest.approx(exact.statistic)
    assert drawn.pvalue == pytest.approx(exact.pvalue, abs=0.05)
    with pytest.raises(HotspotError, match="no source of randomness"):
        local_moran(x + 0.5, near)


def test_the_order_of_the_cells_does_not_matter_for_draws() -> None:
    draw = np.random.default_rng(4)
    x, order = draw.normal(size=25), draw.permutation(25)
    rows, cols = np.divmod(np.arange(25), 5)
    one = local_moran(x, Neighbours.from_lattice(rows, cols), rng=np.random.default_rng(2))
    other = local_moran(x[order], Neighbours.from_lattice(rows[order], cols[order]), rng=np.random.default_rng(2))
    assert (other.pvalue == one.pvalue[order]).all()


def test_whole_map_draws_find_what_all_orders_hold() -> None:
    from itertools import permutations

    every = np.array([moran(list(order), line(5)).statistic for order in permutations(X)])
    found = moran(X, line(5), permutations=4_999, rng=np.random.default_rng(1))
    tail = min(np.mean(every <= found.statistic + 1e-9), np.mean(every >= found.statistic - 1e-9))
    assert found.pvalue == pytest.approx(2 * tail, abs=0.015)
    assert (found.method, moran(X, line(5)).method) == ("permutation", "normal")
    assert found.z_random == moran(X, line(5)).z_random


def test_a_small_spread_on_a_large_offset_is_no_tie() -> None:
    x = np.random.default_rng(4).normal(size=49)
    one = local_moran(x, square(7), rng=np.random.default_rng(1))
    far = local_moran(1e7 + x, square(7), rng=np.random.default_rng(1))
    assert far.pvalue == pytest.approx(one.pvalue)
    assert far.statistic == pytest.approx(one.statistic, abs=1e-6)
