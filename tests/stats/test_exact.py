"""The exact sum of draws: golden fractions, full enumeration and limits."""

from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hotspot.errors import HotspotError
from hotspot.stats.exact import draw_tails, held_tails, included_tails, ring_tails
from hotspot.stats.neighbours import Neighbours

GOLDEN = {
    "G1": ([0, 0, 0, 1, 1, 2, 3, 5], 3, 4, Fraction(17, 28)),
    "G2": ([0] * 6 + [1, 1], 2, 1, Fraction(13, 28)),
    "G3": ([0] * 5 + [1, 2, 4], 3, 5, Fraction(11, 56)),
    "G4": ([0, 0, 0, 1, 1, 1, 2, 2, 3, 7, 9, 12], 5, 20, Fraction(27, 88)),
    "G5": ([0] * 800 + [1] * 80 + [2] * 15 + [4] * 4, 8, 7, Fraction(8550069913693, 2871318537667268)),
    "G6": ([0] * 890 + [1] * 6 + [10] * 3, 8, 20, Fraction(25004, 120691649)),
    "only way": ([0] * 5 + [1, 2, 4], 3, 7, Fraction(1, 56)),
    "out of reach": ([0] * 5 + [1, 2, 4], 3, 8, Fraction(0)),
    "at least nothing": ([0] * 5 + [1, 2, 4], 3, 0, Fraction(1)),
    "all alike": ([2] * 10, 3, 6, Fraction(1)),
}
SQUARE = [3, 0, 1, 0, 2, 0, 0, 1, 0]
COUNTS = st.lists(st.integers(0, 6), min_size=2, max_size=9)


def queen(side: int) -> Neighbours:
    return Neighbours.from_lattice(*np.divmod(np.arange(side * side), side))


def fractions(text: str) -> list[float]:
    return [float(Fraction(part)) for part in text.replace("/ ", "").split(", ")]


@pytest.mark.parametrize(("pool", "draws", "observed", "p"), GOLDEN.values(), ids=GOLDEN)
def test_golden_upper_tails(pool, draws, observed, p):
    # rounding of a few hundred sums of positive terms
    assert draw_tails(pool, draws, observed).upper[0] == pytest.approx(float(p), rel=1e-13, abs=0)


@given(COUNTS, st.data())
def test_every_tail_equals_the_enumeration(pool, data):
    draws = data.draw(st.integers(0, len(pool)))
    observed = data.draw(st.integers(0, 20))
    sums = [sum(chosen) for chosen in combinations(pool, draws)]
    found = draw_tails(pool, draws, observed)
    assert found.upper[0] == pytest.approx(np.mean(np.array(sums) >= observed), abs=1e-14)
    assert found.lower[0] == pytest.approx(np.mean(np.array(sums) <= observed), abs=1e-14)


def test_zeros_and_ones_are_the_hypergeometric():
    pool = [1] * 40 + [0] * 260
    sums = np.arange(21)
    found = draw_tails(pool, 20, sums)
    assert found.upper == pytest.approx(stats.hypergeom.sf(sums - 1, 300, 40, 20), rel=1e-11)
    assert found.lower == pytest.approx(stats.hypergeom.cdf(sums, 300, 40, 20), rel=1e-11)


def test_one_million_cells_and_eighty_draws_do_not_overflow():
    # the two values of big-integer arithmetic
    pool = np.repeat([0, 1, 2, 3, 5, 40], [629894, 200000, 100000, 50000, 20000, 106])
    assert draw_tails(pool, 80, [120, 160]).upper == pytest.approx([5.61856985373e-05, 1.65943493948e-07], rel=1e-11)


@pytest.mark.parametrize(
    ("tails", "side", "expected"),
    [
        (held_tails, 0, "13/28, 2/7, 9/14, 2/7, 1, 5/7, 15/28, 25/28, 15/28"),
        (held_tails, 1, "45/56, 13/14, 15/28, 13/14, 1, 15/28, 5/7, 11/56, 5/7"),
        (included_tails, 0, "13/63, 5/14, 9/14, 5/14, 1, 65/84, 9/14, 19/21, 9/14"),
    ],
)
def test_golden_three_by_three(tails, side, expected):
    assert tails(SQUARE, queen(3))[side] == pytest.approx(fractions(expected), rel=1e-14)


def test_lower_tail_with_the_cell_included_by_enumeration():
    neighbours = queen(3)
    found = included_tails(SQUARE, neighbours).lower
    for cell in range(9):
        drawn = [cell, *neighbours.indices[neighbours.indptr[cell] : neighbours.indptr[cell + 1]]]
        sums = [sum(chosen) for chosen in combinations(SQUARE, len(drawn))]
        assert found[cell] == pytest.approx(np.mean(np.array(sums) <= sum(SQUARE[i] for i in drawn)), rel=1e-14)


@pytest.mark.parametrize("held", [False, True])
def test_the_ring_test_is_the_draw_from_its_own_window(held):
    rng = np.random.default_rng(5)
    rows, cols = np.divmod(np.arange(144), 12)
    # the corner cells have rings of less than thirty and are left unsaid
    counts = rng.negative_binomial(0.5, 0.3, 144)
    near, ring = Neighbours.from_lattice(rows, cols), Neighbours.ring_band(rows, cols, 3, 5)
    found = ring_tails(counts, near, ring, held=held)
    for cell in np.flatnonzero(ring.cardinalities >= 30):
        inner = near.indices[near.indptr[cell] : near.indptr[cell + 1]]
        outer = ring.indices[ring.indptr[cell] : ring.indptr[cell + 1]]
        drawn = counts[inner] if held else np.append(counts[inner], counts[cell])
        expected = draw_tails(np.concatenate([drawn, counts[outer]]), len(drawn), drawn.sum())
        assert (found.upper[cell], found.lower[cell]) == pytest.approx((expected.upper[0], expected.lower[0]))


def test_a_ring_of_fewer_than_thirty_cells_is_not_tested():
    rows, cols = np.divmod(np.arange(36), 6)
    near, ring = Neighbours.from_lattice(rows, cols), Neighbours.ring_band(rows, cols, 3, 5)
    found = ring_tails(np.arange(36), near, ring)
    assert np.isnan(found.upper).tolist() == (ring.cardinalities < 30).tolist()


def test_an_island_is_not_tested():
    lonely = Neighbours.from_pairs([0, 1], [1, 0], 3)
    for tails in (held_tails([1, 2, 3], lonely), included_tails([1, 2, 3], lonely)):
        assert np.isnan(tails.upper).tolist() == [False, False, True]


def test_one_extreme_cell_is_not_hot_by_itself_when_held():
    counts = np.zeros(100, dtype=int)
    counts[55] = 500
    assert held_tails(counts, queen(10)).upper[55] == pytest.approx(1.0)


def test_p_is_uniform_or_larger_when_counts_are_dealt_out():
    rng = np.random.default_rng(3)
    neighbours = queen(15)
    counts = rng.negative_binomial(1 / 3, 1 / 4, 225)
    upper = np.array([included_tails(rng.permutation(counts), neighbours).upper[112] for _ in range(400)])
    # a valid p: P(p <= t) <= t, within three standard errors
    for t in (0.05, 0.2, 0.5):
        assert np.mean(upper <= t) <= t + 3 * np.sqrt(t * (1 - t) / 400)


@pytest.mark.parametrize("bad", [[1.5, 2], [-1, 2], [float("nan"), 1]])
def test_what_is_no_count_is_refused(bad):
    with pytest.raises(HotspotError, match="position 0"):
        draw_tails(bad, 1, 1)


def test_more_draws_than_counts_are_refused():
    with pytest.raises(HotspotError, match="4 draws from 3 counts"):
        draw_tails([1, 2, 3], 4, 1)


def test_the_table_counts_ways_as_combinations_do():
    found = draw_tails([0] * 10 + [1] * 5, 4, [4, 3])
    assert found.upper == pytest.approx(
        [comb(5, 4) / comb(15, 4), (comb(5, 4) + comb(5, 3) * 10) / comb(15, 4)], rel=1e-14
    )
