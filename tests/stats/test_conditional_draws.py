"""Shared draws: against every possible draw, against the exact tables, and independent of rows and threads."""

import tracemalloc
from itertools import combinations

import numpy as np
import pytest

from hotspot.errors import HotspotError
from hotspot.stats.conditional_draws import _distinct, beyond, lag_pvalue
from hotspot.stats.exact import held_tails
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.significance import two_sided

DRAWS = 20_000


def square(side: int) -> Neighbours:
    return Neighbours.from_lattice(*np.divmod(np.arange(side * side), side))


def rng() -> np.random.Generator:
    return np.random.default_rng(11)


def every(columns: np.ndarray, near: Neighbours, place: int, *, squares: bool) -> tuple[float, float]:
    """Shares of all draws of other places at or beyond what lies around the place."""

    def total(others: list[int]) -> float:
        if squares:
            return float(np.sum((columns[:, others] - columns[:, [place]]) ** 2))
        return float(np.prod(columns[:, others].sum(axis=1)))

    around = near.indices[near.indptr[place] : near.indptr[place + 1]].tolist()
    rest = [other for other in range(near.n) if other != place]
    drawn = np.array([total(list(each)) for each in combinations(rest, len(around))])
    observed = total(around)
    return float(np.mean(drawn >= observed - 1e-9)), float(np.mean(drawn <= observed + 1e-9))


@pytest.mark.parametrize("squares", [False, True])
@pytest.mark.parametrize("variables", [1, 2])
def test_shares_are_those_of_every_possible_draw(variables, squares):
    columns = np.random.default_rng(4).normal(size=(variables, 12))
    rows, cols = np.divmod(np.arange(12), 4)
    near = Neighbours.from_lattice(rows, cols)
    found = beyond(columns, near, DRAWS, rng(), squares=squares)
    for place in range(12):
        above, below = every(columns, near, place, squares=squares)
        assert found.above[place] / DRAWS == pytest.approx(above, abs=0.018)  # five Monte Carlo errors at most
        assert found.below[place] / DRAWS == pytest.approx(below, abs=0.018)


@pytest.mark.parametrize("squares", [False, True])
def test_equal_weights_written_out_give_the_same_counts(squares):
    columns = np.random.default_rng(4).normal(size=(2, 25))
    near = square(5)
    written = near.reweighted(np.full(len(near.indices), 0.5))
    one, other = (beyond(columns, each, 500, rng(), squares=squares) for each in (near, written))
    assert (one.above == other.above).all()
    # weights that differ in the last digits take the other way, with the same draws
    shaken = near.reweighted(1.0 + 1e-9 * np.arange(len(near.indices)) / len(near.indices))
    assert not shaken.even
    slow = beyond(columns, shaken, 500, rng(), squares=squares)
    assert (slow.above == one.above).all()
    assert (slow.below == one.below).all()


def test_ties_count_on_both_sides():
    counts = np.random.default_rng(3).poisson(1, 49).astype(float)
    found = beyond((counts - counts.mean())[None, :], square(7), DRAWS, rng())
    upper, lower = held_tails(counts, square(7))
    assert found.above / DRAWS == pytest.approx(upper, abs=0.018)
    assert found.below / DRAWS == pytest.approx(lower, abs=0.018)


def test_counts_are_exact_and_many_different_large_ones_are_drawn_where_a_source_is_given():
    near = square(6)
    small = np.random.default_rng(1).poisson(2, 36).astype(float)
    p, method = lag_pvalue(small, near, 99, rng())
    assert method == "exact"
    assert p == pytest.approx(two_sided(*held_tails(small, near)))
    halves = near.reweighted(np.full(len(near.indices), 0.5))
    assert lag_pvalue(small, halves, 99, None)[1] == "exact"
    large = np.random.default_rng(1).integers(0, 10**8, 36).astype(float)
    assert lag_pvalue(large, near, 99, rng())[1] == "permutation"


def test_p_is_uniform_under_chance():
    near, draw = square(12), np.random.default_rng(6)
    smallest = [lag_pvalue(draw.normal(size=144), near, 499, draw)[0] for _ in range(60)]
    p = np.concatenate(smallest)
    for level in (0.05, 0.2, 0.5):
        assert np.mean(p <= level) == pytest.approx(level, abs=0.02)


def test_draws_are_distinct_and_even():
    drawn = _distinct(rng().random((4_000, 5)), 5)
    assert (np.sort(drawn, axis=1) == np.arange(5)).all()
    assert np.bincount(drawn[:, 0], minlength=5) == pytest.approx(np.full(5, 800), abs=120)


def test_islands_and_everybody_as_neighbour():
    near = Neighbours.from_pairs([0, 0, 1, 1, 2, 2], [1, 2, 0, 2, 0, 1], 3)
    found = beyond(np.array([[1.0, 2.0, 4.0]]), near, 50, rng())
    assert (found.above == 50).all()  # the two others are always drawn
    assert (found.below == 50).all()
    lonely = Neighbours.from_pairs([], [], 3)
    assert np.isnan(lag_pvalue(np.array([0.5, 1.5, 2.5]), lonely, 50, rng())[0]).all()


def test_no_draws_are_refused():
    with pytest.raises(HotspotError, match="permutations = 0"):
        beyond(np.zeros((1, 4)), square(2), 0, rng())


def test_draws_are_counted_and_never_kept():
    near, x = square(100), np.random.default_rng(2).normal(size=10_000)
    lag_pvalue(x, near, 9, rng())
    tracemalloc.start()
    try:
        lag_pvalue(x, near, 1999, rng())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20 * 2**20  # every place's every draw would be 160 MB


def test_whole_numbers_and_the_same_as_floats_get_the_same_p():
    near, x = square(6), np.random.default_rng(1).poisson(2, 36)
    whole, p = (lag_pvalue(each, near, 99, rng())[0] for each in (x.astype(np.int32), x.astype(np.float64)))
    assert (whole == p).all()
