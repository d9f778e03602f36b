"""Emerging hot spots on the fictional town: the calendar, the families of patterns, and too short a period."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hotspot.measures.emerging import FAMILIES, _covered_days, _whole_steps, emerging
from hotspot.measures.scene import Scene
from hotspot.report.names import CLASSES
from hotspot.stats.patterns import PATTERNS
from hotspot.store import Store
from hotspot.tables import Coverage


def scene_of(town, **changes):
    store = Store(town)
    snapshot = store.snapshot()
    return Scene(store.study.but(**changes), snapshot.place, snapshot.tables)


@pytest.fixture(scope="module")
def scene(town):
    return scene_of(town)


def test_ten_whole_quarters_of_the_town_are_used(scene):
    found = emerging(scene)
    assert found.facts["steps"] == 10
    assert str(found.notes[0]).startswith("10 steps of 3 months, 0 left out")
    frame = found.frame
    assert (frame.loc[frame["klass"] == "hot, lasting", "hot_steps"] >= 9).all()
    assert frame.loc[frame["klass"] == "too few data", "hot_steps"].eq(0).all()
    assert (frame["klass"] == "hot, lasting").any()
    assert frame["n"].sum() == pytest.approx(found.facts["n"])


def test_months_can_be_asked_for_and_people_taken_into_account(scene):
    assert emerging(scene, step_months=1).facts["steps"] == 30
    by_people = emerging(scene, by_people=True)
    assert "residents and visits" in str(by_people.notes[0])
    assert (by_people.frame["klass"] == "undefined").sum() == scene.exposure.isna().sum()


def test_too_short_a_period_says_so_and_nothing_else(town):
    found = emerging(scene_of(town, period=(dt.date(2024, 1, 1), dt.date(2024, 8, 31))))
    assert set(found.frame["klass"]) == {"cannot say"}
    assert found.frame["hot_steps"].isna().all()
    assert "there are 8" in str(found.notes[0])


def test_a_month_that_one_source_does_not_cover_is_left_out(scene):
    whole = emerging(scene, step_months=1)
    table = scene.tables["incidents"]
    first, second = dt.date(2024, 3, 9), dt.date(2024, 3, 11)
    split = [
        replace(each, end=first) if part == 0 else replace(each, start=second)
        for each in table.coverage for part in ((0, 1) if each.source == "politi" else (2,))
        if part != 2
    ] + [each for each in table.coverage if each.source != "politi"]  # fmt: skip
    tables = {**scene.tables, "incidents": replace(table, coverage=tuple(split))}
    holed = emerging(Scene(scene.study.but(period=scene.period), scene.place, tables), step_months=1)
    assert (whole.facts["steps"], holed.facts["steps"]) == (30, 29)
    assert "1 left out" in str(holed.notes[0])


def test_calendar_of_days_and_steps():
    covers = [
        Coverage("a", start=dt.date(2024, 1, 1), end=dt.date(2024, 2, 10)),
        Coverage("a", start=dt.date(2024, 2, 11), end=dt.date(2024, 12, 31)),
        Coverage("b", start=dt.date(2024, 3, 1), end=dt.date(2025, 1, 31)),
        Coverage("c"),
    ]
    days = _covered_days(covers, dt.date(2024, 1, 15), dt.date(2024, 6, 30))
    assert list(days.index[days][[0, -1]]) == [pd.Timestamp(2024, 3, 1), pd.Timestamp(2024, 6, 30)]
    months = _whole_steps(days, 1)
    assert [str(each) for each in months.periods] == ["2024-02", "2024-03", "2024-04", "2024-05", "2024-06"]
    assert months.covered.tolist() == [False, True, True, True, True]
    assert [str(each) for each in _whole_steps(days, 3).periods] == ["2024Q2"]


def test_every_hot_pattern_has_a_family_and_every_name_is_said():
    for name in PATTERNS:
        assert (name in FAMILIES) == (not name.endswith(" cold"))
        assert name in CLASSES
    assert set(FAMILIES.values()) <= set(CLASSES)


def test_order_of_the_incidents_does_not_matter(scene):
    table = scene.tables["incidents"]
    turned = replace(table, frame=table.frame.iloc[::-1])
    again = emerging(Scene(scene.study, scene.place, {**scene.tables, "incidents": turned}))
    pd.testing.assert_frame_equal(again.frame, emerging(scene).frame)


def test_only_dark_hours_and_some_categories_can_be_counted(scene):
    dark = emerging(scene, light="dark", categories=("gathering",))
    assert 0 < dark.facts["n"] < emerging(scene, categories=("gathering",)).facts["n"]
    assert np.isfinite(dark.frame["qvalue"]).any()
