"""The headline: planted places are found, noise is not, and what cannot be said is not said."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hotspot.errors import HotspotError
from hotspot.stats.exact import included_tails
from hotspot.stats.hotspots import hotspots, hotspots_adaptive, hotspots_around, looks_beside_ring
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.verdicts import CLASSES

SIDE = 30
ROWS, COLS = np.divmod(np.arange(SIDE * SIDE), SIDE)
NEAR = Neighbours.from_lattice(ROWS, COLS)
RING = Neighbours.ring_band(ROWS, COLS, 3, 5)
LOOKS = [NEAR, Neighbours.from_lattice(ROWS, COLS, 2)]
BLOCK = (np.abs(ROWS - 15) <= 1) & (np.abs(COLS - 15) <= 1)
COUNTS = st.lists(st.integers(0, 5), min_size=36, max_size=36)


def noise(seed: int, mean: float = 0.5) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, SIDE * SIDE).astype(float)


def planted(seed: int) -> np.ndarray:
    counts = noise(seed)
    counts[BLOCK] = np.random.default_rng(seed).poisson(4.0, 9)
    return counts


def square(side: int) -> Neighbours:
    return Neighbours.from_lattice(*np.divmod(np.arange(side * side), side))


@pytest.mark.parametrize("function", [hotspots, hotspots_around])
def test_a_planted_block_is_hot_also_against_its_surroundings(function):
    found = function(planted(1), NEAR, ring=RING)
    assert found.klass[15 * SIDE + 15] == "hot"
    far = np.maximum(np.abs(ROWS - 15), np.abs(COLS - 15)) > 2
    assert not np.isin(found.klass[far], ["hot", "busy"]).any()
    assert (found.alternative, found.tests) == ("two-sided", 900)


def test_a_planted_block_is_hot_given_exposure():
    exposure = np.random.default_rng(3).gamma(2.0, 1.0, 900)
    found = hotspots(planted(1), NEAR, exposure=exposure, ring=RING)
    assert found.klass[15 * SIDE + 15] == "hot"
    assert found.method == "exposure"
    assert found.dispersion > 0


def test_numbers_of_one_cell_by_hand():
    counts = planted(1)
    found = hotspots(counts, NEAR)
    around = counts.reshape(SIDE, SIDE)[14:17, 14:17]
    cell = 15 * SIDE + 15
    assert found.n[cell] == counts[cell]
    assert found.n_around[cell] == around.sum()
    assert found.cells_contributing[cell] == (around > 0).sum()
    assert found.expected[cell] == pytest.approx(9 * counts.mean())
    assert found.ratio[cell] == pytest.approx(around.sum() / (9 * counts.mean()))
    assert found.ratio_low[cell] < found.ratio[cell] < found.ratio_high[cell]
    tails = included_tails(counts, NEAR)
    assert found.pvalue[cell] == pytest.approx(2 * tails.upper[cell], rel=1e-12)
    assert (found.qvalue >= found.pvalue).all()


def test_p_of_a_map_of_nine_cells_is_that_of_every_draw():
    # EXACT.md: rows 3 0 1 / 0 2 0 / 0 1 0; upper tails by full enumeration, with the cell drawn and with it held
    counts = [3, 0, 1, 0, 2, 0, 0, 1, 0]
    drawn = np.array([13 / 63, 5 / 14, 9 / 14, 5 / 14, 1, 65 / 84, 9 / 14, 19 / 21, 9 / 14])
    held = np.array([13 / 28, 2 / 7, 9 / 14, 2 / 7, 1, 5 / 7, 15 / 28, 25 / 28, 15 / 28])
    held_lower = np.array([45 / 56, 13 / 14, 15 / 28, 13 / 14, 1, 15 / 28, 5 / 7, 11 / 56, 5 / 7])
    lower = included_tails(counts, square(3)).lower  # enumerated in test_exact.py
    assert hotspots(counts, square(3)).pvalue == pytest.approx(np.minimum(1, 2 * np.minimum(drawn, lower)), rel=1e-12)
    expected = np.minimum(1, 2 * np.minimum(held, held_lower))
    assert hotspots_around(counts, square(3)).pvalue == pytest.approx(expected, rel=1e-12)


def test_the_interval_is_garwoods_where_counts_vary_as_chance():
    counts = np.tile([1.0, 0.0], 450)
    found = hotspots(counts, NEAR)
    assert found.dispersion == 0.0
    n, expected = found.n_around[35], found.expected[35]
    assert found.ratio_low[35] == pytest.approx(stats.chi2.ppf(0.025, 2 * n) / 2 / expected)
    assert found.ratio_high[35] == pytest.approx(stats.chi2.ppf(0.975, 2 * n + 2) / 2 / expected)


def test_a_gap_in_a_busy_map_is_cold():
    counts = noise(5, mean=4.0)
    counts[BLOCK] = 0
    found = hotspots(counts, NEAR)
    assert found.klass[15 * SIDE + 15] == "cold"
    assert found.gi_z[15 * SIDE + 15] < 0


def test_a_trend_across_town_is_busy_and_not_hot():
    rate = 2.0 * np.exp(np.log(4) * (COLS / (SIDE - 1) - 0.5))
    counts = np.random.default_rng(8).poisson(rate).astype(float)
    assert (hotspots(counts, NEAR).klass == "hot").sum() > 20
    against = hotspots(counts, NEAR, ring=RING).klass
    assert (against == "hot").sum() <= 2
    assert (against == "busy").sum() > 20


def test_exposure_explains_a_busy_part_of_town_away():
    exposure = np.where(COLS < 10, 8.0, 1.0)
    counts = np.random.default_rng(8).poisson(0.5 * exposure).astype(float)
    assert (hotspots(counts, NEAR).klass == "hot").sum() > 100
    assert not np.isin(hotspots(counts, NEAR, exposure=exposure).klass, ["hot", "cold"]).any()


def test_where_nothing_could_be_found_nothing_is_claimed():
    counts = np.zeros(900)
    counts[[3, 700]] = 1
    found = hotspots(counts, NEAR)
    assert set(found.klass) == {"too few data"}
    assert set(hotspots(np.zeros(900), NEAR).klass) == {"too few data"}


def test_few_incidents_at_one_place_are_still_found():
    counts = np.zeros(900)
    counts[[3, 700]] = 1
    counts[BLOCK] = 1
    assert hotspots(counts, NEAR).klass[15 * SIDE + 15] == "hot"


@pytest.mark.parametrize("function", [hotspots, hotspots_around])
def test_equal_counts_are_no_hot_spot(function):
    found = function(np.full(900, 5.0), NEAR)
    assert set(found.klass) == {"not significant"}
    assert (found.pvalue == 1.0).all()
    assert np.isnan(found.gi_z).all()


@pytest.mark.parametrize("exposure", [None, np.ones(900)])
def test_equal_counts_are_no_hot_spot_in_the_adaptive_form(exposure):
    found = hotspots_adaptive(np.full(900, 5.0), LOOKS, exposure=exposure, draws=19)
    assert set(found.klass) == {"not significant"}
    assert (found.qvalue == 1.0).all()
    assert found.ratio == pytest.approx(np.ones(900))
    assert np.isnan(found.gi_z).all()


@pytest.mark.parametrize("nothing", [0.0, np.nan])
def test_no_exposure_is_undefined_never_infinite_and_changes_no_other(nothing):
    exposure = np.random.default_rng(3).gamma(2.0, 1.0, 900)
    exposure[100] = nothing
    counts = planted(1)
    kept = np.arange(900) != 100
    alone = hotspots(
        counts[kept],
        Neighbours.from_lattice(ROWS[kept], COLS[kept]),
        exposure=exposure[kept],
        ring=Neighbours.ring_band(ROWS[kept], COLS[kept], 3, 5),
    )
    found = hotspots(counts, NEAR, exposure=exposure, ring=RING)
    assert found.klass[100] == "undefined"
    assert found.n[100] == counts[100]
    for name in ("n_around", "expected", "ratio", "ratio_high", "pvalue", "qvalue", "ring_qvalue", "gi_z"):
        whole, part = getattr(found, name), getattr(alone, name)
        assert np.isnan(whole[100]), name
        assert whole[kept] == pytest.approx(part, nan_ok=True), name
        assert not np.isinf(whole).any(), name
    assert (found.klass[kept] == alone.klass).all()


def test_an_unknown_count_is_undefined_and_an_island_has_no_neighbours():
    near = Neighbours.from_pairs([0, 1, 1, 2], [1, 0, 2, 1], 5)
    found = hotspots([1, 2, np.nan, 3, 0], near)
    assert found.klass[[2, 3, 4]].tolist() == ["undefined", "no neighbours", "no neighbours"]
    assert np.isnan(found.pvalue[[2, 3, 4]]).all()
    assert found.tests == 2
    assert found.n_around[3] == 3


@pytest.mark.parametrize("cells", [0, 1, 2])
def test_a_map_of_hardly_any_cells_claims_nothing(cells):
    near = Neighbours.from_lattice(np.zeros(cells), np.arange(cells))
    for exposure in (None, np.ones(cells)):
        found = hotspots(np.full(cells, 3.0), near, exposure=exposure)
        assert not np.isin(found.klass, ["hot", "busy", "cold"]).any()


@given(COUNTS, st.permutations(range(36)), st.booleans())
def test_the_order_of_the_cells_does_not_matter(counts, order, with_exposure):
    counts, order = np.array(counts, dtype=float), np.array(order)
    rows, cols = np.divmod(np.arange(36), 6)
    exposure = 1.0 + cols if with_exposure else None
    here = hotspots(counts, square(6), exposure=exposure)
    moved = Neighbours.from_lattice(rows[order], cols[order])
    there = hotspots(counts[order], moved, exposure=None if exposure is None else exposure[order])
    assert there.qvalue == pytest.approx(here.qvalue[order], rel=1e-9, nan_ok=True)
    assert (there.klass == here.klass[order]).all()
    held, held_there = hotspots_around(counts, square(6)), hotspots_around(counts[order], moved)
    assert held_there.qvalue == pytest.approx(held.qvalue[order], rel=1e-9, nan_ok=True)


@given(COUNTS, st.booleans())
def test_every_p_is_a_p_and_every_class_a_class(counts, with_exposure):
    counts[0] = 1  # without any incident there is nothing to test
    exposure = np.linspace(0.5, 3, 36) if with_exposure else None
    found = hotspots(counts, square(6), exposure=exposure)
    assert ((found.pvalue > 0) & (found.pvalue <= 1)).all()
    assert set(found.klass) <= set(CLASSES)
    assert (found.ratio_low <= found.ratio * (1 + 1e-9)).all()
    unbounded = np.isnan(found.ratio_high)
    assert (found.ratio_high >= found.ratio * (1 - 1e-9))[~unbounded].all()
    # a neighbourhood is at least a cell: only counts of a standard deviation above their mean bound nothing
    assert found.dispersion >= 1 or not unbounded.any()


def test_scaling_the_exposure_changes_nothing():
    exposure = np.random.default_rng(3).gamma(2.0, 1.0, 900)
    one, thousand = (hotspots(planted(1), NEAR, exposure=exposure * f) for f in (1.0, 1000.0))
    assert thousand.qvalue == pytest.approx(one.qvalue)


def test_fractions_are_no_counts():
    with pytest.raises(HotspotError, match="combine_draws"):
        hotspots([0.5, 1.0], Neighbours.from_pairs([0, 1], [1, 0], 2))


@pytest.mark.parametrize("bad", [-1.0, np.inf])
def test_impossible_exposure_is_refused(bad):
    with pytest.raises(HotspotError, match="exposure is a number from 0"):
        hotspots([1, 1], Neighbours.from_pairs([0, 1], [1, 0], 2), exposure=[1.0, bad])


def test_lengths_and_weighted_links_are_refused():
    with pytest.raises(HotspotError, match="3 counts, 3 exposures"):
        hotspots([1, 1, 1], Neighbours.from_pairs([0, 1], [1, 0], 2))
    with pytest.raises(HotspotError, match="weighted"):
        hotspots([1, 1], Neighbours.from_pairs([0, 1], [1, 0], 2, [1.0, 2.0]))


def test_the_adaptive_form_stores_what_its_answer_hangs_on():
    found = hotspots_adaptive(planted(1), LOOKS, ring=RING, draws=199, seed=4)
    assert (found.method, found.alternative, found.tests) == ("adaptive", "two-sided", 900)
    assert (found.correction, found.draws, found.seed) == ("family-wise or Benjamini-Hochberg", 199, 4)
    assert found.klass[15 * SIDE + 15] == "hot"
    assert hotspots(planted(1), NEAR).correction == "Benjamini-Hochberg"
    strict = hotspots_adaptive(planted(1), LOOKS, is_familywise=True, draws=199)
    assert strict.correction == "family-wise"
    assert (strict.klass == "hot").sum() <= (hotspots_adaptive(planted(1), LOOKS, draws=199).klass == "hot").sum()


def test_numbers_around_a_hot_cell_are_of_the_neighbourhood_that_shows_it():
    counts = noise(2, 0.3)
    counts[(np.abs(ROWS - 22) <= 2) & (np.abs(COLS - 22) <= 2)] = 2
    found, cell = hotspots_adaptive(counts, LOOKS, draws=199), 22 * SIDE + 22
    assert (found.klass[cell], found.look[cell]) == ("hot", 2)
    assert (found.n_around[cell], found.cells_contributing[cell]) == (50, 25)
    assert found.expected[cell] == pytest.approx(25 * counts.mean())
    quiet = found.klass == "not significant"
    assert found.n_around[quiet] == pytest.approx(hotspots(counts, NEAR).n_around[quiet])


def test_a_wide_hot_spot_stands_out_from_its_ring_over_the_wide_look():
    rng = np.random.default_rng(5)
    alone, both = 0, 0
    for seed in range(12):
        counts = noise(seed + 60, 0.3)
        wide = np.maximum(np.abs(ROWS - 15), np.abs(COLS - 15)) <= 2
        counts[wide] = rng.poisson(1.2, 25)
        alone += (hotspots(counts, NEAR, ring=RING).klass == "hot")[wide].any()
        both += (hotspots_adaptive(counts, LOOKS, ring=RING, draws=99, seed=seed).klass == "hot")[wide].any()
    assert both > alone


def test_the_wide_look_is_held_against_the_ring_where_incidents_are_few():
    assert looks_beside_ring(np.full(900, 2), LOOKS) == LOOKS
    assert looks_beside_ring(np.full(900, 3), LOOKS) == LOOKS[:1]
    assert looks_beside_ring(np.zeros(0, dtype=int), LOOKS) == LOOKS


def test_cells_apart_are_tested_among_themselves():
    apart = COLS >= 15
    counts = np.where(apart, np.random.default_rng(6).poisson(4.0, 900), noise(6, 0.5))
    counts[(np.abs(ROWS - 7) <= 1) & (np.abs(COLS - 22) <= 1)] = 16
    exposure = np.where(apart, 0.0, 1.0)
    found = hotspots_adaptive(counts, LOOKS, exposure=exposure, apart=apart, is_familywise=True, draws=199)
    assert found.method == "adaptive with exposure"
    assert (COLS[found.klass == "hot"] > 18).all()
    assert found.klass[7 * SIDE + 22] == "hot"
    assert not (found.klass == "undefined").any()


@pytest.mark.parametrize("with_exposure", [False, True])
def test_an_unknown_cell_changes_no_other_in_the_adaptive_form(with_exposure):
    counts, exposure = planted(1), np.random.default_rng(3).gamma(2.0, 1.0, 900)
    counts[100] = np.nan
    kept = np.arange(900) != 100
    given = {"exposure": exposure} if with_exposure else {}
    whole = hotspots_adaptive(counts, LOOKS, draws=99, **given)
    looks = [Neighbours.from_lattice(ROWS[kept], COLS[kept], reach) for reach in (1, 2)]
    part = hotspots_adaptive(counts[kept], looks, draws=99, **({"exposure": exposure[kept]} if with_exposure else {}))
    assert (whole.klass[100], whole.look[100]) == ("undefined", 0)
    for name in ("pvalue", "qvalue", "ratio", "klass"):
        assert (getattr(whole, name)[kept] == getattr(part, name)).all(), name


@pytest.mark.parametrize("cells", [0, 1, 2, 9])
def test_the_adaptive_form_claims_nothing_of_hardly_any_cells(cells):
    looks = [Neighbours.from_lattice(np.zeros(cells), np.arange(cells), reach) for reach in (1, 2)]
    for exposure in (None, np.ones(cells), np.zeros(cells)):
        for value in (0.0, 3.0, np.nan):
            found = hotspots_adaptive(np.full(cells, value), looks, exposure=exposure, draws=19)
            assert not np.isin(found.klass, ["hot", "busy", "cold"]).any()


def test_no_look_is_refused():
    with pytest.raises(HotspotError, match="at least one neighbourhood"):
        hotspots_adaptive([1, 1], [])


def test_fifty_incidents_at_one_address_make_no_hot_spot_and_a_millimetre_no_island():
    counts = noise(9, 0.3)
    counts[15 * SIDE + 15] += 50
    for found in (hotspots(counts, NEAR), hotspots_adaptive(counts, LOOKS, draws=199)):
        assert not np.isin(found.klass, ["hot", "busy"]).any()
    # cells are neighbours by their row and column: where their corners lie to the millimetre cannot part them
    assert len(Neighbours.from_lattice(ROWS, COLS).islands) == 0


@pytest.mark.parametrize("exposure", [None, np.ones(SIDE * SIDE)])
def test_a_few_extreme_cells_do_not_make_the_rest_of_the_map_too_few_data(exposure):
    counts = noise(5, mean=2.0)
    extreme = np.random.default_rng(5).choice(SIDE * SIDE, 12, replace=False)
    counts[extreme] = 400.0
    found = hotspots_adaptive(counts, LOOKS, exposure=exposure, draws=199)
    quiet = np.isin(found.klass, ["not significant", "too few data"]) & (counts < 9)
    tenfold = counts.copy()
    away = np.flatnonzero(NEAR.around(np.isin(np.arange(len(counts)), extreme).astype(float)) == 0)
    middle = next(cell for cell in away if NEAR.cardinalities[cell] == 8 and quiet[cell])
    block = (np.abs(ROWS - ROWS[middle]) <= 1) & (np.abs(COLS - COLS[middle]) <= 1)
    tenfold[block] = 20.0
    then = hotspots_adaptive(tenfold, LOOKS, exposure=exposure, draws=199)
    would = bool(then.qvalue[middle] <= 0.05)
    assert would == (found.klass[middle] == "not significant")
    if exposure is None:  # counts above what one cell holds by chance are taken as that
        assert would


def test_two_extreme_neighbours_are_hot_and_carried_by_two_cells_alone():
    # EXACT.md: with 15 and 15 side by side p is near C(8, 2) / C(899, 2) = 7e-5 for a cell beside both, on any such map
    counts = noise(4, 0.3)
    counts[[15 * SIDE + 15, 15 * SIDE + 16]] = 15
    found = hotspots_around(counts, NEAR)
    both = 14 * SIDE + 15
    assert found.pvalue[both] == pytest.approx(2 * 7e-5, rel=0.25)
    assert found.klass[both] == "hot"
    seen = hotspots(counts, NEAR)
    assert seen.klass[both] == "hot"
    assert seen.cells_contributing[both] == np.count_nonzero(counts.reshape(SIDE, SIDE)[13:16, 14:17])


@pytest.mark.parametrize("with_exposure", [False, True])
def test_the_order_of_the_cells_does_not_matter_in_the_adaptive_form(with_exposure):
    counts, order = planted(1), np.random.default_rng(8).permutation(900)
    exposure = np.random.default_rng(3).gamma(2.0, 1.0, 900)
    looks = [Neighbours.from_lattice(ROWS[order], COLS[order], reach) for reach in (1, 2)]
    here = hotspots_adaptive(counts, LOOKS, draws=99, **({"exposure": exposure} if with_exposure else {}))
    there = hotspots_adaptive(
        counts[order], looks, draws=99, **({"exposure": exposure[order]} if with_exposure else {})
    )
    for name in ("klass", "look", "n_around"):
        assert (getattr(there, name) == getattr(here, name)[order]).all(), name
    assert there.qvalue == pytest.approx(here.qvalue[order])


def test_the_adaptive_form_gives_the_share_of_all_ways_to_deal_the_counts_out():
    rows, cols = np.divmod(np.arange(10), 5)
    looks = [Neighbours.from_lattice(rows, cols, reach) for reach in (1, 2)]
    counts = np.array([1, 1, 0, 0, 0, 1, 0, 0, 0, 0])

    def smallest(dealt):
        each = [included_tails(dealt, near) for near in looks]
        return np.min([np.minimum(1, 2 * np.minimum(tails.upper, tails.lower)) for tails in each], axis=0)

    ways = [np.isin(np.arange(10), each).astype(int) for each in combinations(range(10), 3)]
    least = np.array([smallest(dealt).min() for dealt in ways])
    exact = np.array([np.mean(least <= p * (1 + 1e-12)) for p in smallest(counts)])
    found = hotspots_adaptive(counts, looks, is_familywise=True, draws=99_999, seed=5).qvalue
    assert sorted(set(exact.round(3))) == [0.1, 0.5, 0.867]
    # four standard errors of the draws, and the map itself among them
    assert (np.abs(found - exact) <= 4 * np.sqrt(exact * (1 - exact) / 99_999) + 1e-5).all()
