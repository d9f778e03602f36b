"""Cells where nobody is counted: what spills into them, dealing out inside strata, and points off their cell."""

from itertools import permutations

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.tools.sm_exceptions import DomainWarning

from hotspot.stats.adaptive import adaptive, answered
from hotspot.stats.apart import dealt_in_strata, spill_strata
from hotspot.stats.count_worth import usual_at_most
from hotspot.stats.deviance import root_deviance
from hotspot.stats.exact import included_tails, neighbours_sum
from hotspot.stats.hotspots import hotspots_adaptive
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.significance import two_sided

SIDE = 24
ROWS, COLS = np.divmod(np.arange(SIDE * SIDE), SIDE)
LOOKS = [Neighbours.from_lattice(ROWS, COLS, reach) for reach in (1, 2)]
ESTATE = ((ROWS // 4 + COLS // 4) % 2 == 0) & (COLS < SIDE // 2)  # and fields beyond


def off_their_cell(seed: int, metres: float) -> np.ndarray:
    """Five incidents a cell with people, each somewhere in its cell of 100 m and moved by chance."""
    rng = np.random.default_rng(seed)
    at = np.repeat(np.flatnonzero(ESTATE), rng.poisson(5.0, ESTATE.sum()))
    moved = rng.random((2, len(at))) + rng.normal(0.0, metres / 100.0, (2, len(at)))
    row, col = np.floor(np.array([ROWS[at], COLS[at]]) + moved).astype(int)
    inside = (row >= 0) & (row < SIDE) & (col >= 0) & (col < SIDE)
    return np.bincount(row[inside] * SIDE + col[inside], minlength=SIDE * SIDE)


def test_strata_follow_what_spills_as_another_program_fits_it():
    counts = off_their_cell(1, 50.0)
    strata = spill_strata(counts, ~ESTATE, LOOKS)
    assert (strata[ESTATE] == 0).all()
    assert set(strata[~ESTATE]) == {1, 2}
    first = LOOKS[0].around(np.where(ESTATE, counts, 0.0))
    second = LOOKS[1].around(np.where(ESTATE, counts, 0.0)) - first
    parts = np.column_stack([np.ones(SIDE**2), first, second])[~ESTATE]
    with pytest.warns(DomainWarning, match="Identity"):  # sums are no ratios: that is what is asked for
        model = sm.GLM(counts[~ESTATE], parts, family=sm.families.Poisson(sm.families.links.Identity()))
    fitted = model.fit(start_params=np.full(3, 0.01), maxiter=200)
    assert (fitted.params > 0).all()  # so that the same without bounds
    by_it = parts @ fitted.params
    assert by_it[strata[~ESTATE] == 1].max() <= by_it[strata[~ESTATE] == 2].min()


def test_where_nothing_spills_all_cells_are_of_one_stratum():
    counts = np.where(ESTATE, 5, 0)
    assert len(set(spill_strata(counts, ~ESTATE, LOOKS)[~ESTATE])) == 1
    assert (spill_strata(counts, np.zeros(SIDE**2, dtype=bool), LOOKS) == 0).all()
    everywhere = np.ones(SIDE**2, dtype=bool)
    assert len(set(spill_strata(counts, everywhere, LOOKS))) == 1


def test_w_is_the_share_of_all_ways_to_deal_the_counts_out_inside_strata():
    rows, cols = np.divmod(np.arange(12), 4)
    looks = [Neighbours.from_lattice(rows, cols, reach) for reach in (1, 2)]
    strata = np.where(cols < 2, 1, 2)
    counts = np.array([2, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0])

    def deepest(dealt: np.ndarray) -> np.ndarray:
        mean = np.where(strata == 1, dealt[strata == 1].mean(), dealt[strata == 2].mean())
        each = []
        for near in looks:
            total, expected = neighbours_sum(dealt, near, itself=True), near.around(mean, itself=True)
            each.append(root_deviance(total, expected, np.full(12, np.inf)))
        return np.floor(np.max(each, axis=0) * 100 + 1e-7)

    own, left, right = deepest(counts), np.flatnonzero(strata == 1), np.flatnonzero(strata == 2)
    largest = []
    for two, one, other in permutations(left, 3):
        for alone in right:
            dealt = np.zeros(12, dtype=int)
            dealt[[two, one, other, alone]] = 2, 1, 1, 1
            largest.append(deepest(dealt).max())
    exact = np.array([np.mean(np.array(largest) >= depth) for depth in own])
    found = answered(dealt_in_strata(counts, strata, looks, draws=4999, seed=3)).familywise
    # four standard errors of 4,999 draws, and the map itself among them
    assert np.abs(found - exact) == pytest.approx(0.0, abs=4 * np.sqrt(0.25 / 4999) + 1 / 5000)


def test_one_stratum_finds_what_dealing_out_without_strata_finds():
    counts = np.random.default_rng(3).poisson(0.3, SIDE**2)
    counts[(np.abs(ROWS - 8) <= 1) & (np.abs(COLS - 15) <= 1)] = 3
    one = answered(dealt_in_strata(counts, np.ones(SIDE**2, dtype=int), LOOKS, draws=199, seed=1))
    without = adaptive(counts, LOOKS, draws=199, seed=1)
    cell = 8 * SIDE + 15
    assert (one.look[cell], one.more[cell]) == (without.look[cell], without.more[cell])
    assert one.familywise[cell] == without.familywise[cell] == pytest.approx(1 / 200)
    # the sum's deviance orders nearly as the exact chance of the same sums does
    ways = (counts, np.minimum(counts, usual_at_most(counts)))
    exact = np.min([two_sided(*included_tails(way, near)) for way in ways for near in LOOKS], axis=0)
    assert np.corrcoef(np.argsort(np.argsort(one.pvalue)), np.argsort(np.argsort(exact)))[0, 1] > 0.95


def test_the_order_of_the_cells_changes_nothing():
    counts, order = off_their_cell(2, 25.0), np.random.default_rng(4).permutation(SIDE**2)
    moved = [Neighbours.from_lattice(ROWS[order], COLS[order], reach) for reach in (1, 2)]
    here = spill_strata(counts, ~ESTATE, LOOKS)
    assert (spill_strata(counts[order], ~ESTATE[order], moved) == here[order]).all()
    seen = answered(dealt_in_strata(counts, here, LOOKS, draws=99, seed=5))
    again = answered(dealt_in_strata(counts[order], here[order], moved, draws=99, seed=5))
    assert (again.either == seen.either[order]).all()


def test_points_off_their_cell_make_no_hot_spot_beside_people():
    apart_from_all, told = 0, 0
    for seed in range(25):
        counts = off_their_cell(seed, 25.0)
        found = hotspots_adaptive(counts, LOOKS, exposure=ESTATE * 1.0, apart=~ESTATE, draws=99, seed=seed)
        told += (found.klass[~ESTATE] == "hot").any()
        one = adaptive(counts[~ESTATE], [near.among(~ESTATE) for near in LOOKS], draws=99, seed=seed)
        apart_from_all += ((one.either <= 0.05) & one.more).any()
    # .05 of 25 maps and three standard errors; dealt out as one, most maps show one
    assert told <= 25 * 0.05 + 3 * np.sqrt(25 * 0.05 * 0.95)
    assert apart_from_all >= 12


def test_a_planted_place_among_cells_apart_is_found_and_numbers_are_of_what_was_tested():
    counts = off_their_cell(3, 25.0)
    block = (np.abs(ROWS - 12) <= 1) & (np.abs(COLS - 18) <= 1)
    counts[block] = 3
    found = hotspots_adaptive(counts, LOOKS, exposure=ESTATE * 1.0, apart=~ESTATE, draws=199)
    assert found.klass[12 * SIDE + 18] == "hot"
    beside = int(np.flatnonzero(~ESTATE & (found.look == 1))[0])
    around = [beside, *LOOKS[0].indices[LOOKS[0].indptr[beside] : LOOKS[0].indptr[beside + 1]]]
    tested = [cell for cell in around if not ESTATE[cell]]
    assert found.n_around[beside] == counts[tested].sum()
    assert found.expected[beside] == pytest.approx(found.expected_here[tested].sum())
    assert found.expected_here.sum() == pytest.approx(counts.sum())  # every stratum expects what it holds


def test_a_cell_apart_among_people_alone_has_no_neighbours():
    rows, cols = np.divmod(np.arange(25), 5)
    near = [Neighbours.from_lattice(rows, cols, 1)]
    apart = np.arange(25) == 12
    found = hotspots_adaptive(np.full(25, 2.0), near, exposure=np.where(apart, 0.0, 1.0), apart=apart, draws=19)
    assert found.klass[12] == "no neighbours"
    assert np.isnan(found.pvalue[12])
