"""Emerging hot spots: the rules and vectors of METHODS 8.1, and the test behind them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import ndtr

from hotspot.errors import HotspotError
from hotspot.stats.emerging import emerging
from hotspot.stats.getis_ord import gistar
from hotspot.stats.hotspots import hotspots
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.patterns import NO_PATTERN, PATTERNS, classify, pattern
from hotspot.stats.trend import mann_kendall

S, N = 3.0, 0.5
VECTORS = [  # METHODS 8.1: S is significant, N is not, p = 2 Phi(-|z|)
    ([N] * 9 + [S], "new"),
    ([N] * 7 + [S] * 3, "consecutive"),
    ([2.1, 2.3, 2.5, 2.7, 2.9, 3.1, 3.3, 3.5, 3.7, 3.9], "intensifying"),
    ([3.0, 3.2, 2.9, 3.1, 3.0, 3.1, 2.9, 3.2, 3.0, 3.05], "persistent"),
    ([3.9, 3.7, 3.5, 3.3, 3.1, 2.9, 2.7, 2.5, 2.3, 2.1], "diminishing"),
    ([S, N, S, N, N, S, N, S, N, S], "sporadic"),
    ([-S, N, S, -S, N, S, N, -S, N, S], "oscillating"),
    ([S] * 9 + [N], "historical"),
    ([N] * 10, NO_PATTERN),
    ([S, N, S, N, S, N, N, N, N, N], NO_PATTERN),
    # What the order of the rules settles:
    ([-S] + [N] * 8 + [S], "oscillating"),  # new, but cold before
    ([2.0 + 0.2 * step for step in range(19)] + [N], "historical"),  # rises, but is over
    ([S] * 10, "persistent"),
    ([N] * 8 + [S] * 2, "consecutive"),
    ([S] * 18 + [N] + [S], "persistent"),  # 19 of 20
    ([S] * 8 + [N, S], "persistent"),  # nine of ten
    ([S] * 7 + [N, N, S], "sporadic"),  # eight of ten
    ([S] + [N] * 7 + [S] * 2, "sporadic"),  # an earlier hot step: not only the final run
]
ROWS, COLS = np.divmod(np.arange(400), 20)
NEAR = Neighbours.from_lattice(ROWS, COLS)


def p_of(z):
    return 2.0 * ndtr(-np.abs(z))


@pytest.mark.parametrize(("z", "name"), VECTORS)
def test_published_vectors_and_their_mirror(z, name):
    for sign, side in ((1, "hot"), (-1, "cold")):
        wanted = name if name == NO_PATTERN else f"{name} {side}"
        assert pattern(sign * np.array(z), p_of(np.array(z))) == wanted


def test_there_are_seventeen_patterns():
    assert len(PATTERNS) == len(set(PATTERNS)) == 17


def test_trend_of_the_intensifying_vector():
    assert mann_kendall(VECTORS[2][0]).z == pytest.approx(3.935, abs=5e-4)


def slowly(hot, cold, trend):
    """METHODS 8.1 read aloud, one series at a time."""
    for side, own, other, way in (("hot", hot, cold, trend), ("cold", cold, hot, -trend)):
        last, times, steps = own[-1], sum(own), len(own)
        if times * 10 >= 9 * steps:
            if not last:
                return f"historical {side}"
            return {1: f"intensifying {side}", -1: f"diminishing {side}", 0: f"persistent {side}"}[way]
        if last:
            if times == 1 and not any(other):
                return f"new {side}"
            if any(other):
                return f"oscillating {side}"
            if times >= 2 and all(own[-times:]):
                return f"consecutive {side}"
            return f"sporadic {side}"
    return NO_PATTERN


@given(arrays(int, st.tuples(st.integers(1, 6), st.integers(10, 14)), elements=st.integers(-1, 1)), st.data())
def test_table_says_what_the_text_says(flags, data):
    trend = data.draw(arrays(int, len(flags), elements=st.integers(-1, 1)))
    found = classify(flags > 0, flags < 0, trend)
    assert list(found) == [slowly(list(row > 0), list(row < 0), way) for row, way in zip(flags, trend, strict=True)]


@given(arrays(bool, st.tuples(st.integers(1, 6), st.integers(10, 14))), st.integers(-1, 1))
def test_a_series_turned_round_gives_the_same_pattern_on_the_other_side(flags, way):
    trend, never = np.full(len(flags), way), np.zeros_like(flags)
    hot, cold = classify(flags, never, trend), classify(never, flags, -trend)
    assert [name.replace(" hot", " cold") for name in hot] == list(cold)


def test_fewer_than_ten_steps_are_refused():
    with pytest.raises(HotspotError, match="at least 10 steps"):
        classify([True] * 9, [False] * 9, 0)
    with pytest.raises(HotspotError, match="at least 10 steps"):
        emerging(np.ones((400, 12)), NEAR, covered=[True] * 9 + [False] * 3)
    with pytest.raises(HotspotError, match="same places and steps"):
        classify(np.ones((2, 10)), np.ones((2, 10)), 0)
    with pytest.raises(HotspotError, match="table of cells and steps"):
        emerging(np.ones(400), NEAR)


@pytest.fixture(scope="module")
def town():
    """Twelve steps of Poisson counts with a hot block that grows, one that ends and one that is new."""
    rng = np.random.default_rng(5)
    mean = np.full((400, 12), 2.0)
    for row, col, factor in (
        (1, 1, np.linspace(5, 12, 12)),
        (1, 18, np.where(np.arange(12) < 11, 9.0, 1.0)),
        (18, 1, np.where(np.arange(12) < 11, 1.0, 9.0)),
    ):
        block = (np.abs(ROWS - row) <= 1) & (np.abs(COLS - col) <= 1)
        mean[block] *= factor
    return rng.poisson(mean).astype(float)


@pytest.mark.parametrize("exposure", [None, np.ones(400)])
def test_planted_histories_are_told_apart(town, exposure):
    found = emerging(town, NEAR, exposure=exposure)
    at = {(row, col): str(found.klass[row * 20 + col]) for row, col in ((1, 1), (1, 18), (18, 1), (9, 9))}
    assert at == {(1, 1): "intensifying hot", (1, 18): "historical hot", (18, 1): "new hot", (9, 9): NO_PATTERN}
    assert (found.steps, found.alternative) == (12, "two-sided")
    assert found.tests == np.isfinite(found.pvalue).sum() == 4800


def test_z_of_each_step_is_gi_star_of_that_step(town):
    found = emerging(town, NEAR)
    assert found.z[:, 3] == pytest.approx(gistar(town[:, 3], NEAR), abs=1e-12)


@pytest.mark.parametrize("exposure", [None, np.ones(400)])
def test_p_of_each_step_is_that_of_the_step_alone(town, exposure):
    found = emerging(town, NEAR, exposure=exposure)
    for step in (0, 7, 11):
        alone = hotspots(town[:, step], NEAR, exposure=exposure)
        assert found.pvalue[:, step] == pytest.approx(alone.pvalue, rel=1e-9)


def test_the_same_z_in_two_steps_is_a_tie_of_the_trend_whatever_its_last_digit():
    counts = np.outer([2, 2, 3, 2, 2, 0, 1, 2, 5], np.repeat([1, 3], 5))  # three times as many, the same z
    found = emerging(counts, Neighbours.from_lattice(*np.divmod(np.arange(9), 3)))
    assert (found.z[:, 0] != found.z[:, 9]).any()
    assert set(found.trend_z[np.isfinite(found.trend_z)]) == {0.0}


def test_one_correction_over_all_steps_and_cells(town):
    found = emerging(town, NEAR)
    ranked = np.sort(found.pvalue.ravel())
    passing = np.flatnonzero(ranked <= 0.05 * np.arange(1, 4801) / 4800)
    assert (found.hot | found.cold).sum() == passing.max() + 1


def test_a_step_that_is_not_covered_is_no_step_without_incidents(town):
    holed, calendar = town.copy(), np.ones(12, dtype=bool)
    holed[:, 4], calendar[4] = 0.0, False
    found, left_out = emerging(holed, NEAR, covered=calendar), emerging(np.delete(town, 4, axis=1), NEAR)
    assert found.steps == 11
    assert (found.klass == left_out.klass).all()
    np.testing.assert_array_equal(found.qvalue, left_out.qvalue)
    taken_as_zero = emerging(holed, NEAR)
    assert taken_as_zero.tests == found.tests + 400
    assert (taken_as_zero.klass != found.klass).any()


@pytest.mark.parametrize("exposure", [None, np.ones(400)])
def test_a_covered_step_without_incidents_counts_as_a_step(town, exposure):
    quiet = town.copy()
    quiet[:, 11] = 0.0
    found = emerging(quiet, NEAR, exposure=exposure)
    assert found.steps == 12
    assert (found.pvalue[:, 11] == 1).all()
    assert np.isnan(found.z[:, 11]).all()
    assert found.klass[21] == "historical hot"


@pytest.mark.parametrize("exposure", [None, np.ones(400)])
def test_equal_counts_in_every_step_have_no_pattern_and_no_counts_are_too_few_data(exposure):
    found = emerging(np.full((400, 12), 5.0), NEAR, exposure=exposure)
    assert set(found.klass) == {NO_PATTERN}
    assert (found.pvalue == 1.0).all()
    assert set(emerging(np.zeros((400, 12)), NEAR, exposure=exposure).klass) == {"too few data"}


def test_an_unknown_cell_is_undefined_and_leaves_the_others_alone(town):
    unknown = town.copy()
    unknown[55, 11] = np.nan
    unknown[399, :4] = np.nan
    found = emerging(unknown, NEAR)
    assert found.klass[55] == found.klass[399] == "undefined"
    assert (found.klass == "undefined").sum() == 2
    assert np.isfinite(found.pvalue[54, 11])


def test_islands_and_few_incidents_are_said():
    near = Neighbours.from_lattice([*ROWS, 50], [*COLS, 50])
    few = np.zeros((401, 12))
    few[0] = 1.0
    found = emerging(few, near)
    assert found.klass[400] == "no neighbours"
    assert set(found.klass[:400]) == {"too few data"}


def test_a_cap_lets_places_be_found_beside_one_address_with_very_many():
    rng = np.random.default_rng(17)
    mean = np.full((400, 12), 0.5)
    mean[(np.abs(ROWS - 10) <= 1) & (np.abs(COLS - 10) <= 1)] = 3.0
    counts = rng.poisson(mean)
    counts[[0, 395]] += rng.poisson(60, (2, 12))  # two malls
    plain, capped = emerging(counts, NEAR), emerging(counts, NEAR, capped_at=0.99)
    assert (plain.klass[10 * 20 + 10], capped.klass[10 * 20 + 10]) == ("too few data", "persistent hot")
    assert not capped.hot[[0, 395]].any()  # one address alone is no hot spot


def test_no_cap_is_the_count_itself(town):
    np.testing.assert_array_equal(emerging(town, NEAR).pvalue, emerging(np.minimum(town, town.max()), NEAR).pvalue)
    with pytest.raises(HotspotError, match="a cap is the share"):
        emerging(town, NEAR, capped_at=0)


def test_order_of_cells_changes_nothing(town):
    shuffled = np.random.default_rng(2).permutation(400)
    found, turned = (
        emerging(town, NEAR),
        emerging(town[shuffled], Neighbours.from_lattice(ROWS[shuffled], COLS[shuffled])),
    )
    assert (turned.klass == found.klass[shuffled]).all()
    assert turned.qvalue == pytest.approx(found.qvalue[shuffled], abs=1e-12)


def test_swapping_axes_changes_nothing(town):
    found, swapped = emerging(town, NEAR), emerging(town, Neighbours.from_lattice(COLS, ROWS))
    assert (swapped.klass == found.klass).all()


def test_season_of_the_whole_town_makes_nothing_hot():
    rng = np.random.default_rng(8)
    season = 2.0 + 1.8 * np.sin(np.arange(24) * np.pi / 6)
    found = emerging(rng.poisson(np.tile(season, (400, 1))).astype(float), NEAR)
    assert not (found.hot | found.cold).any()


@pytest.mark.slow
@pytest.mark.parametrize(("overdispersion", "capped_at"), [(0.0, 1.0), (1.0, 1.0), (3.0, 0.99)])
def test_maps_of_chance_rarely_hold_a_hot_or_cold_step(overdispersion, capped_at):
    rng = np.random.default_rng(31)
    false = []
    for _ in range(200):
        rate = np.full((400, 12), 1.0)
        rate = rng.gamma(1 / overdispersion, overdispersion, (400, 12)) if overdispersion else rate
        found = emerging(rng.poisson(rate).astype(float), NEAR, capped_at=capped_at)
        false.append(bool((found.hot | found.cold).any()))
    assert np.mean(false) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 200)


def test_several_series_at_once_are_named_as_one_by_one_and_unknown_steps_are_neither_hot_nor_cold():
    z = np.array([series for series, _ in VECTORS if len(series) == 10])
    assert pattern(z, p_of(z)).tolist() == [str(pattern(each, p_of(each))) for each in z]
    unknown = np.full(10, np.nan)
    assert pattern(unknown, unknown) == NO_PATTERN
    with pytest.raises(HotspotError, match="at least 10 steps"):
        pattern(z[0, :9], p_of(z[0, :9]))
