"""Incidents after dark relative to daylight, on the fictional town."""

from dataclasses import replace

import numpy as np
import pytest

from hotspot.measures.dark_ratio import FEWER_DARK, LEAST_BEHIND, MORE_DARK, dark_ratio
from hotspot.measures.scene import Scene
from hotspot.stats.verdicts import NOT_SIGNIFICANT, TOO_FEW
from hotspot.store import Store


@pytest.fixture(scope="module")
def scene(town):
    store = Store(town)
    snapshot = store.snapshot()
    return Scene(store.study, snapshot.place, snapshot.tables)


def with_incidents(scene, frame):
    table = replace(scene.tables["incidents"], frame=frame)
    return Scene(scene.study, scene.place, {**scene.tables, "incidents": table})


def at_hours(scene, dark):
    """The town's incidents, all with a known hour: midnight where told, else noon."""
    rows = scene.tables["incidents"].frame
    day = rows["start"].dt.tz_convert("UTC").dt.normalize()
    hour = np.where(dark(rows), 0, 11)
    start = day + np.array(hour, dtype="timedelta64[h]")
    return with_incidents(scene, rows.assign(start=start, end=start))


def test_where_darkness_is_dealt_out_evenly_hardly_a_cell_is_flagged(scene):
    even = at_hours(scene, lambda rows: np.random.default_rng(3).random(len(rows)) < 0.4)
    frame = dark_ratio(even).frame
    assert (frame["klass"] == NOT_SIGNIFICANT).sum() > 1000
    assert frame["klass"].isin([MORE_DARK, FEWER_DARK]).mean() < 0.02


def test_a_part_of_town_that_is_busy_at_night_is_found(scene):
    middle = scene.grid.frame.loc[scene.incidents["cell_id"].mode()[0]]
    there = middle.geometry.centroid.buffer(300)
    draw = np.random.default_rng(4)
    planted = at_hours(
        scene, lambda rows: draw.random(len(rows)) < np.where(rows.geometry.within(there), 0.85, 0.3)
    )  # fmt: skip
    frame = dark_ratio(planted).frame
    assert frame.loc[middle.name, "klass"] == MORE_DARK
    assert frame.loc[middle.name, "lower"] > 1
    flagged = scene.grid.frame.loc[frame["klass"] == MORE_DARK]
    assert flagged.geometry.distance(there).max() < 800  # about two sigma beyond


def test_nothing_is_said_where_hardly_anything_happened(scene):
    frame = dark_ratio(scene).frame
    few = frame["klass"] == TOO_FEW
    assert few.any()
    assert frame.loc[few, ["value", "ratio", "lower", "upper", "pvalue", "qvalue"]].isna().all().all()
    assert np.isfinite(frame.loc[~few, "ratio"]).all()
    assert (frame.loc[~few, "lower"] <= frame.loc[~few, "ratio"]).all()


def test_too_few_of_one_kind_cannot_be_compared(scene):
    noon = at_hours(scene, lambda rows: np.arange(len(rows)) < LEAST_BEHIND / 2)
    found = dark_ratio(noon)
    assert set(found.frame["klass"]) == {TOO_FEW}
    assert "to compare" in str(found.notes[0])
