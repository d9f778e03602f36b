"""The exact test within strata: R's test of Cochran, Mantel and Haenszel, full enumeration, limits and a trend."""

from fractions import Fraction
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from hotspot.errors import HotspotError
from hotspot.stats.exact import held_tails, included_tails
from hotspot.stats.hotspots import hotspots
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.strata import equal_strata, hotspots_in_strata, strata_tails

REFERENCE = Path(__file__).parents[1] / "reference" / "hotspots_strata.csv"
SQUARE = [3, 0, 1, 0, 2, 0, 0, 1, 0]
BY_ROW = [0, 0, 0, 0, 1, 1, 1, 1, 1]
COUNTS = st.lists(st.integers(0, 5), min_size=36, max_size=36)


def queen(side: int) -> Neighbours:
    return Neighbours.from_lattice(*np.divmod(np.arange(side * side), side))


def enumerated(counts, strata, near, cell, *, held):
    """P(sum >= observed) and P(sum <= observed) over every way to draw as many from each stratum, as fractions."""
    around = list(near.indices[near.indptr[cell] : near.indptr[cell + 1]])
    drawn = around if held else [*around, cell]
    sums = []
    for kind in sorted(set(strata)):
        pool = [i for i in range(len(counts)) if strata[i] == kind and not (held and i == cell)]
        many = sum(strata[i] == kind for i in drawn)
        sums.append([sum(counts[i] for i in chosen) for chosen in combinations(pool, many)])
    totals = [sum(parts) for parts in product(*sums)]
    observed = sum(counts[i] for i in drawn)
    return [Fraction(sum(map(beyond, totals)), len(totals)) for beyond in (observed.__le__, observed.__ge__)]


def test_counts_of_nought_and_one_are_r_s_exact_mantel_haenszel_test():
    table = pd.read_csv(REFERENCE)
    found = strata_tails(table["count"], Neighbours.from_lattice(table["row"], table["col"]), table["stratum"])
    assert found.upper == pytest.approx(table["upper"].to_numpy(), rel=1e-12)
    assert found.lower == pytest.approx(table["lower"].to_numpy(), rel=1e-12)
    near = Neighbours.from_lattice(table["row"], table["col"])
    judged = hotspots_in_strata(table["count"], near, table["stratum"])
    both = np.minimum(1, 2 * table[["upper", "lower"]].min(axis=1))
    assert judged.pvalue == pytest.approx(both.to_numpy(), rel=1e-12)


@given(COUNTS, st.permutations(range(36)))
def test_classes_do_not_hang_on_the_order_of_the_cells(counts, order):
    counts, order = np.array(counts), np.array(order)
    rows, cols = np.divmod(np.arange(36), 6)
    strata = cols // 2
    here = hotspots_in_strata(counts, queen(6), strata)
    there = hotspots_in_strata(counts[order], Neighbours.from_lattice(rows[order], cols[order]), strata[order])
    assert there.qvalue == pytest.approx(here.qvalue[order], rel=1e-9, nan_ok=True)
    assert (there.klass == here.klass[order]).all()


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("strata", [BY_ROW, [0, 1, 2, 0, 1, 2, 0, 1, 2], [5, -1, 5, -1, 5, -1, 5, -1, 5]])
def test_every_tail_is_the_full_enumeration(held, strata):
    near = queen(3)
    found = strata_tails(SQUARE, near, strata, held=held)
    for cell in range(9):
        upper, lower = enumerated(SQUARE, strata, near, cell, held=held)
        assert found.upper[cell] == pytest.approx(float(upper), rel=1e-14), cell
        assert found.lower[cell] == pytest.approx(float(lower), rel=1e-14), cell


def test_one_cell_by_hand():
    # the corner 3 with 0, 0 and 2 around: three of 3, 0, 1, 0 and one of 2, 0, 0, 1, 0; 5 only as {3, 0, 0} + 2
    # (1 of 4 x 1 of 5), and 6 as {3, 1, 0} + 2 (2 of 4 x 1 of 5), {3, 1, 0} + 1 is 5 (2 of 4 x 1 of 5)
    assert strata_tails(SQUARE, queen(3), BY_ROW).upper[0] == pytest.approx(1 / 20 + 2 / 20 + 2 / 20)


@given(COUNTS)
def test_one_stratum_is_the_test_without_strata(counts):
    near, one = queen(6), np.zeros(36, dtype=int)
    for held, without in ((False, included_tails), (True, held_tails)):
        found, expected = strata_tails(counts, near, one, held=held), without(counts, near)
        assert found.upper == pytest.approx(expected.upper, rel=1e-12)
        assert found.lower == pytest.approx(expected.lower, rel=1e-12)


@given(COUNTS, st.permutations(range(36)), st.booleans())
def test_neither_the_order_of_the_cells_nor_the_names_of_the_strata_matter(counts, order, held):
    counts, order = np.array(counts), np.array(order)
    rows, cols = np.divmod(np.arange(36), 6)
    strata = cols // 2
    here = strata_tails(counts, queen(6), strata, held=held)
    moved = Neighbours.from_lattice(rows[order], cols[order])
    there = strata_tails(counts[order], moved, 7 - 3 * strata[order], held=held)
    assert there.upper == pytest.approx(here.upper[order], rel=1e-12)
    assert there.lower == pytest.approx(here.lower[order], rel=1e-12)


def test_where_every_cell_is_a_stratum_nothing_can_be_found():
    found = strata_tails(SQUARE, queen(3), range(9))
    assert (found.upper == 1.0).all()
    assert (found.lower == 1.0).all()


def test_a_trend_that_the_strata_follow_is_not_hot_and_a_planted_block_is():
    rows, cols = np.divmod(np.arange(900), 30)
    near, rng = Neighbours.from_lattice(rows, cols), np.random.default_rng(4)
    counts = rng.poisson(5 * np.exp(np.log(10) * (cols / 29 - 0.5))).astype(float)
    strata = equal_strata(cols)
    assert (hotspots(counts, near).klass == "hot").sum() > 50
    for held in (False, True):
        assert not np.isin(hotspots_in_strata(counts, near, strata, held=held).klass, ["hot", "cold"]).any()
    block = (np.abs(rows - 15) <= 1) & (np.abs(cols - 5) <= 1)
    counts[block] *= 5
    found = hotspots_in_strata(counts, near, strata)
    cell = 15 * 30 + 5
    assert (found.klass[cell], found.method) == ("hot", "included in strata")
    # expected is the mean of the strata: three columns each, hence the block's own
    assert found.expected[cell] == pytest.approx(sum(counts[cols == col].mean() for col in (4, 5, 6)) * 3, rel=0.25)
    assert 1.0 < found.ratio_low[cell] < found.ratio[cell]


def test_unknown_counts_are_undefined_and_change_no_other():
    rng = np.random.default_rng(5)
    counts, strata, kept = rng.poisson(1.0, 36).astype(float), np.arange(36) % 3, np.arange(36) != 14
    counts[14] = np.nan
    rows, cols = np.divmod(np.arange(36), 6)
    whole = hotspots_in_strata(counts, queen(6), strata)
    part = hotspots_in_strata(counts[kept], Neighbours.from_lattice(rows[kept], cols[kept]), strata[kept])
    assert whole.klass[14] == "undefined"
    assert whole.qvalue[kept] == pytest.approx(part.qvalue)


def test_islands_and_maps_of_no_cells_are_not_tested():
    lonely = Neighbours.from_pairs([0, 1], [1, 0], 3)
    assert np.isnan(strata_tails([1, 2, 3], lonely, [0, 0, 1]).upper).tolist() == [False, False, True]
    assert len(strata_tails([], Neighbours.from_pairs([], [], 0), []).upper) == 0


def test_equal_strata_never_part_equal_values():
    assert equal_strata(np.arange(100), 10).tolist() == np.repeat(np.arange(10), 10).tolist()
    assert equal_strata([7.0] * 5, 4).tolist() == [2] * 5
    assert equal_strata([0, 0, 0, 0, 1, 2, np.nan], 3).tolist() == [1, 1, 1, 1, 2, 2, -1]
    assert equal_strata([], 3).tolist() == []
    many = np.random.default_rng(1).integers(0, 40, 500)
    assert equal_strata(many).tolist() == equal_strata(many * 10 + 3).tolist()


def test_strata_of_other_cells_are_refused():
    near = Neighbours.from_pairs([0, 1], [1, 0], 2)
    for ask in (strata_tails, hotspots_in_strata):
        with pytest.raises(HotspotError, match="2 cells"):
            ask([1, 1], near, [0, 1, 2])


@given(st.lists(st.integers(0, 60), min_size=1, max_size=40), st.integers(1, 12), st.permutations(range(40)))
def test_strata_are_those_of_scipys_middle_ranks_in_any_order(values, strata, order):
    given_values = np.array(values, dtype=float)
    middle = rankdata(given_values)  # equal values share the middle of theirs
    found = equal_strata(given_values, strata)
    assert found.tolist() == [int((2 * rank - 1) * strata // (2 * len(values))) for rank in middle]
    turned = [place for place in order if place < len(values)]
    assert (equal_strata(given_values[turned], strata) == found[turned]).all()
    assert (equal_strata(7 * given_values - 3, strata) == found).all()
