"""Near repeats: the example of METHODS 8.3, R's surveillance, pointpats, and what must not matter."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from hotspot.errors import HotspotError
from hotspot.stats.close_pairs import others_within, pairs
from hotspot.stats.knox import knox

REFERENCE = Path(__file__).parents[1] / "reference"
FIVE, DAYS = [(0, 0), (0, 0), (50, 0), (500, 500), (520, 500)], [0, 3, 10, 20, 21]
BANDS = {"space_edges_m": [0, 0.001, 100, 200, 400], "time_edges_days": [0, 7, 14, 28]}


def read(name):
    with (REFERENCE / name).open(encoding="utf-8") as file:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def incidents():
    rows = read("near_repeat_incidents.csv")
    return np.array([(row["x"], row["y"]) for row in rows]), np.array([row["day"] for row in rows])


def test_banded_table_of_the_published_example():
    found = knox(FIVE, DAYS, space_edges_m=[0, 0.001, 101, np.inf], time_edges_days=[0, 8, 15, np.inf])
    assert found.observed.tolist() == [[1, 0, 0], [2, 1, 0], [0, 2, 4]]
    assert found.observed.sum() == found.expected.sum() == 10


def test_every_order_of_five_times_gives_the_exact_p():
    found = knox(FIVE, DAYS, space_edges_m=[0, 101], time_edges_days=[0, 8])
    assert (found.observed.item(), found.draws, found.exact) == (3, 120, True)
    assert found.expected.item() == pytest.approx(1.2, abs=1e-12)
    assert found.ratio.item() == pytest.approx(2.5, abs=1e-12)
    assert found.pvalue.item() == pytest.approx(0.10, abs=1e-12)
    assert (found.alternative, found.tests) == ("greater", 1)


@pytest.mark.parametrize(
    "row", read("near_repeat.csv"), ids=lambda row: f"{row['within_m']:g}m-{row['within_days']:g}d"
)
def test_pairs_expected_and_p_are_those_of_r(incidents, row):
    found = knox(*incidents, space_edges_m=[0, row["within_m"]], time_edges_days=[0, row["within_days"]], draws=9_999)
    assert found.observed.item() == row["pairs"]
    assert found.expected.item() == pytest.approx(row["expected"], rel=1e-12)
    error = np.sqrt(2 * row["pvalue"] * (1 - row["pvalue"]) / 9_999)  # both are drawn
    assert found.pvalue.item() == pytest.approx(row["pvalue"], abs=4 * error + 1e-9)


def test_bands_are_counted_as_by_a_table_of_all_pairs(incidents):
    xy, days = incidents
    found = knox(xy, days, space_edges_m=[20, 100, 250, np.inf], time_edges_days=[1, 7, 30], draws=9)
    wanted = np.histogram2d(pdist(xy), pdist(days[:, None]), bins=[[20, 100, 250, 1e9], [1, 7, np.nextafter(30, 0)]])[0]
    assert found.observed.tolist() == wanted.tolist()


def test_edges_are_half_open():
    found = knox([(0, 0), (100, 0)], [0, 7], space_edges_m=[0, 100, 200], time_edges_days=[0, 7, 14])
    assert found.observed.tolist() == [[0, 0], [0, 1]]


def test_mean_of_the_draws_is_the_exact_expectation(incidents):
    without = knox(*incidents, **BANDS, draws=1)
    in_one_block_but_one = np.where(np.arange(160) == 0, 1, 0)
    drawn = knox(*incidents, **BANDS, blocks=in_one_block_but_one, draws=4_000)
    assert drawn.expected == pytest.approx(without.expected, rel=0.03, abs=0.05)


def test_order_of_rows_and_a_shift_change_nothing(incidents):
    xy, days = incidents
    shuffled = np.random.default_rng(1).permutation(len(xy))
    found = knox(xy, days, **BANDS, draws=199)
    for other in (
        knox(xy[shuffled], days[shuffled], **BANDS, draws=199),
        knox(xy + np.array([4_096, -8_192]), days + 512, **BANDS, draws=199),
        knox(xy[:, ::-1], days, **BANDS, draws=199),
    ):
        np.testing.assert_array_equal(other.observed, found.observed)
        np.testing.assert_array_equal(other.pvalue, found.pvalue)


def test_every_draw_counts_once_however_many_are_taken_at_once(incidents):
    for draws in (1, 8, 21):
        found = knox(*incidents, **BANDS, draws=draws)
        counted = found.pvalue * (draws + 1)
        assert counted == pytest.approx(counted.round(), nan_ok=True)
        assert np.nanmax(counted) <= draws + 1


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), max_size=30), st.integers(0, 9))
def test_whole_table_adds_up_whatever_the_times(rows, seed):
    xy, days = [row[:2] for row in rows], [row[2] for row in rows]
    if not rows:
        xy = np.empty((0, 2))
    found = knox(xy, days, space_edges_m=[0, 2, np.inf], time_edges_days=[0, 3, np.inf], draws=9, seed=seed)
    everyone = len(rows) * (len(rows) - 1) // 2
    assert found.observed.sum() == everyone
    assert found.expected.sum() == pytest.approx(everyone)
    p = found.pvalue[np.isfinite(found.pvalue)]
    assert ((p > 0) & (p <= 1)).all()


def test_season_is_respected_within_blocks():
    rng = np.random.default_rng(3)
    summer = np.column_stack([rng.uniform(0, 500, 300), rng.uniform(0, 500, 300)])
    winter = np.column_stack([rng.uniform(2_000, 2_500, 300), rng.uniform(0, 500, 300)])
    xy = np.vstack([summer, winter])  # the beach in summer, the station in winter, no contagion at either
    days = np.concatenate([rng.integers(150, 240, 300), rng.integers(330, 420, 300)])
    bands = {"space_edges_m": [0, 200], "time_edges_days": [0, 7]}
    assert knox(xy, days, **bands).pvalue.item() == 0.001
    assert knox(xy, days, **bands, blocks=days // 30).pvalue.item() > 0.05


def test_incidents_of_one_place_and_of_one_day_say_nothing():
    one_place = knox(np.zeros((50, 2)), np.arange(50), space_edges_m=[0, 100], time_edges_days=[0, 7], draws=19)
    assert (one_place.ratio.item(), one_place.pvalue.item()) == (1, 1)
    one_day = knox(np.arange(100).reshape(50, 2), np.zeros(50), space_edges_m=[0, 10], time_edges_days=[0, 7], draws=19)
    assert (one_day.ratio.item(), one_day.pvalue.item()) == (1, 1)


def test_unknown_places_and_times_are_left_out_and_nothing_is_nan():
    found = knox([*FIVE, (np.nan, 0), (0, 0)], [*DAYS, 3, np.nan], space_edges_m=[0, 101], time_edges_days=[0, 8])
    assert (found.incidents, found.observed.item()) == (5, 3)
    alone = knox([(0, 0)], [0], space_edges_m=[0, 101], time_edges_days=[0, 8])
    assert (alone.observed.item(), alone.draws) == (0, 0)
    assert np.isnan(alone.pvalue.item())


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"space_edges_m": [0, 0]}, "edges of bands"),
        ({"time_edges_days": [-1, 7]}, "edges of bands"),
        ({"time_edges_days": [7]}, "edges of bands"),
        ({"draws": 0}, "whole number from 1"),
        ({"blocks": [1, 2]}, "two coordinates, one time"),
    ],
)
def test_impossible_questions_are_refused(change, rule):
    with pytest.raises(HotspotError, match=rule):
        knox(FIVE, DAYS, **{"space_edges_m": [0, 101], "time_edges_days": [0, 8], **change})


@pytest.mark.slow
def test_p_is_uniform_when_times_have_nothing_to_do_with_places():
    rng = np.random.default_rng(12)
    small = [
        knox(rng.uniform(0, 1_000, (120, 2)), rng.integers(0, 365, 120), space_edges_m=[0, 150],
             time_edges_days=[0, 14], draws=99, seed=run).pvalue.item() <= level
        for run in range(400) for level in (0.05, 0.2)
    ]  # fmt: skip
    assert np.mean(small[::2]) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 400)
    assert abs(np.mean(small[1::2]) - 0.2) <= 0.02 + 2 * np.sqrt(0.2 * 0.8 / 400)  # ties make p a little large


@given(st.lists(st.integers(0, 20), max_size=30), st.integers(1, 8))
def test_others_within_are_counted_one_by_one(times, limit):
    when = np.array(times, dtype=float)
    wanted = [sum(abs(own - other) < limit for other in times) - 1 for own in times]
    assert others_within(when, limit).tolist() == wanted


def test_each_pair_stands_once_and_the_limit_is_left_out():
    found = pairs(np.array([[0.0, 0], [3, 4], [0, 5], [0, 0]]), 5.0)
    assert list(zip(found.first.tolist(), found.second.tolist(), found.distance.round(6).tolist(), strict=True)) == [
        (0, 3, 0.0), (1, 2, 3.162278),
    ]  # fmt: skip
