"""Near repeats on the fictional town, where six incidents in a hundred belong to a planted series."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hotspot.glossary import say
from hotspot.measures.near_repeat import near_repeats
from hotspot.measures.scene import Scene
from hotspot.store import Store


@pytest.fixture(scope="module")
def scene(town):
    store = Store(town)
    snapshot = store.snapshot()
    return Scene(store.study, snapshot.place, snapshot.tables)


def with_incidents(scene, frame):
    table = replace(scene.tables["incidents"], frame=frame)
    return Scene(scene.study, scene.place, {**scene.tables, "incidents": table})


def test_the_whole_town_is_told_with_its_ratio_and_p(scene):
    found = near_repeats(scene, categories=("burglary",))
    told = found.notes[0].values
    assert told["ratio"] > 1.1
    assert told["pvalue"] <= 0.05
    assert (told["metres"], told["days"]) == (200, 7)
    assert "burglary" in say(found.notes[0], "en").casefold()
    assert "(alle kategorier)" in say(near_repeats(scene).notes[0], "da")


def test_a_planted_series_is_flagged_round_its_place_and_nowhere_else(scene):
    rows = scene.tables["incidents"].frame
    quiet = rows[rows["category"] == "fire"].drop_duplicates("geometry")
    source = quiet.iloc[0]
    start = pd.Timestamp("2024-05-02 12:00", tz="UTC")
    series = pd.DataFrame([
        {**source.to_dict(), "incident_id": f"series-{i}", "start": start + dt.timedelta(hours=9 * i),
         "end": start + dt.timedelta(hours=9 * i)} for i in range(8)
    ])  # fmt: skip
    frame = pd.concat([quiet, series.astype(quiet.drop(columns="geometry").dtypes.to_dict())], ignore_index=True)
    found = near_repeats(with_incidents(scene, type(quiet)(frame, geometry="geometry", crs=quiet.crs)))
    flagged = scene.grid.frame.loc[found.frame["klass"] == "near repeats"]
    assert len(flagged)
    assert flagged.geometry.distance(source["geometry"]).max() <= 400
    assert found.frame.loc[flagged.index, "ratio"].max() > 5


def test_numbers_are_unknown_where_no_two_are_near(scene):
    frame = near_repeats(scene, categories=("fire",)).frame
    few = frame["klass"] == "too few data"
    assert few.any()
    assert frame.loc[few, ["ratio", "qvalue"]].isna().all().all()
    assert np.isfinite(frame.loc[~few, "ratio"]).all()


def test_what_is_known_too_roughly_is_left_out_and_said(scene):
    rows = scene.tables["incidents"].frame.copy()
    rows.loc[rows.index[:40], "location_error_m"] = 500.0
    found = near_repeats(with_incidents(scene, rows))
    plain = near_repeats(scene)
    assert found.facts["tests"] < plain.facts["tests"]
    assert found.facts["n"] == plain.facts["n"]
    assert "left out" in str(found.notes[1])


def test_order_of_the_incidents_does_not_matter(scene):
    turned = near_repeats(with_incidents(scene, scene.tables["incidents"].frame.iloc[::-1]))
    plain = near_repeats(scene)
    pd.testing.assert_frame_equal(turned.frame, plain.frame)
    assert turned.notes == plain.notes


def test_a_town_without_incidents_of_the_kind_says_so(scene):
    found = near_repeats(scene, categories=("no such",))
    assert set(found.frame["klass"]) == {"too few data"}
    assert "nothing can be said" in str(found.notes[0])
