import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hotspot.errors import StudyError
from hotspot.experiments.accuracy import ALL, COUNTS, DENSITY, FORECAST, HINDSIGHT, _scored, foretold, last_third
from hotspot.store import Store

TRAIN = (dt.date(2023, 7, 1), dt.date(2024, 12, 31))
TEST = (dt.date(2025, 1, 1), dt.date(2025, 12, 31))


@pytest.fixture(scope="module")
def store(town):
    return Store(town)


@pytest.fixture(scope="module")
def found(store):
    return foretold(store.study, store.snapshot(), TRAIN, TEST, every_days=120)


def test_maps_of_the_town_are_scored_by_category_and_in_all(store, found):
    assert set(found["map"]) >= {COUNTS, DENSITY, FORECAST, HINDSIGHT}
    assert set(found["windows"]) == {3}
    everything = found[found["category"] == ALL]
    assert found["hit_rate"].between(0, 1).all()
    assert (everything["pai"] > 1).all()
    by_kind = found[(found["category"] != ALL) & (found["map"] == COUNTS) & (found["area_share"] == 0.05)]
    assert by_kind["n"].sum() == pytest.approx(everything["n"].iloc[0])


def test_the_best_fixed_kernel_is_the_best_of_them_for_each_share(found):
    fixed = found[found["map"].str.startswith("kernel ")]
    best = found[found["map"] == HINDSIGHT].set_index(["category", "area_share"])["hit_rate"]
    assert fixed.groupby(["category", "area_share"])["hit_rate"].max().to_dict() == pytest.approx(best.to_dict())


def test_the_forecast_holds_more_than_counts_and_than_the_best_kernel_over_all_categories(found):
    kinds = found[(found["category"] != ALL) & found["map"].isin([COUNTS, FORECAST, HINDSIGHT])]
    hits = (kinds["hit_rate"] * kinds["n"]).groupby([kinds["map"], kinds["area_share"]]).sum().unstack()
    assert (hits.loc[FORECAST] > hits.loc[COUNTS]).all()
    assert (hits.loc[FORECAST] > hits.loc[HINDSIGHT]).all()


def test_the_forecast_is_ahead_of_each_map_by_the_difference_of_their_hit_rates(found):
    rows = found.set_index(["category", "area_share", "map"])
    rivals = found[found["map"].isin([COUNTS, HINDSIGHT, DENSITY])]
    for row in rivals.itertuples():
        own = rows.loc[(row.category, row.area_share, FORECAST), "hit_rate"]
        assert row.ahead == pytest.approx(own - row.hit_rate, nan_ok=True)
        assert np.isnan(row.ahead) or row.ahead_lower - 1e-9 <= row.ahead <= row.ahead_upper + 1e-9
    assert found.loc[found["map"] == FORECAST, "ahead"].isna().all()
    assert (rivals["ahead_lower"] > 0).any()


def test_later_incidents_change_no_map_made_before_them(store):
    """With the test days' incidents moved about, the maps' share of the days they are made from stays."""
    snapshot = store.snapshot()
    rows = snapshot.tables["incidents"].frame.copy()
    late = (rows["start"] >= pd.Timestamp("2025-01-01", tz=snapshot.place.timezone)).to_numpy()
    rows.loc[late, "geometry"] = rows.loc[late, "geometry"].to_numpy()[::-1]
    moved = replace(
        snapshot, tables={**snapshot.tables, "incidents": replace(snapshot.tables["incidents"], frame=rows)}
    )
    short = (dt.date(2025, 1, 1), dt.date(2025, 3, 31))
    one, two = (foretold(store.study, each, TRAIN, short) for each in (snapshot, moved))
    before = [(each["rri"] / each["hit_rate"]).to_numpy() for each in (one, two)]  # one over the share of the earlier
    same = one["map"] != HINDSIGHT
    assert before[0][same] == pytest.approx(before[1][same], nan_ok=True)
    assert not np.allclose(one["hit_rate"], two["hit_rate"])


def test_a_map_that_can_say_nothing_is_not_scored(store):
    snapshot = store.snapshot()
    table = snapshot.tables["incidents"]
    fires = np.flatnonzero(table.frame["category"] == "fire")
    few = table.frame.iloc[fires[::20]].reset_index(drop=True)
    thinned = replace(snapshot, tables={**snapshot.tables, "incidents": replace(table, frame=few)})
    rows = foretold(store.study.but(categories=("fire",)), thinned, TRAIN, TEST)
    scores = rows[rows["category"] == "fire"].set_index("map")
    assert scores.loc[FORECAST, "hit_rate"].isna().all()
    assert scores["ahead"].isna().all()
    assert scores.loc[COUNTS, "hit_rate"].notna().all()


def test_a_silent_map_is_not_held_against_a_window_without_incidents():
    silent, earlier = {FORECAST: {"a": np.full(100, np.nan)}}, {"a": np.ones(100)}
    empty, one = (list(_scored(silent, earlier, {"a": later})) for later in (np.zeros(100), np.eye(100)[0]))
    assert [row["hits"] for row in empty] == [0, 0, 0]
    assert np.isnan([row["hits"] for row in one]).all()


def test_who_names_no_days_gets_the_last_third(store):
    train, test = last_third(store.study, store.snapshot())
    assert test[0] == train[1] + dt.timedelta(days=1)
    lengths = [(end - start).days + 1 for start, end in (train, test)]
    assert lengths[0] == pytest.approx(2 * lengths[1], abs=2)


def test_looking_ahead_and_windows_that_do_not_fit_are_refused(store):
    snapshot = store.snapshot()
    with pytest.raises(StudyError, match="come after"):
        foretold(store.study, snapshot, TEST, TRAIN)
    with pytest.raises(StudyError, match="fits into"):
        foretold(store.study, snapshot, TRAIN, TEST, every_days=400)
