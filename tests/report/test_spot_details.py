"""What is said of one hot spot besides its numbers: hours and patterns, and nothing of what is withheld."""

import dataclasses
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from hotspot.errors import Told
from hotspot.pipeline import run
from hotspot.release import release
from hotspot.release.contract import Release
from hotspot.report.spot_details import hours_text, near_repeat_text, patterns_over_time, spot_details
from hotspot.site import AUDIENCES
from hotspot.store import Store
from tests.report.small_release import square


def row(hours: dict[int, float], *, hidden: bool = False) -> pd.Series:
    told = np.zeros(24)
    for hour, n in hours.items():
        told[hour] = n
    return pd.Series({"hours": tuple(told), "hidden": hidden})


def test_the_fullest_six_hours_may_pass_midnight() -> None:
    assert hours_text(row({20: 5, 23: 5, 1: 5, 12: 5}), "en") == "20–02: 75%"
    assert hours_text(row({8: 4, 9: 4, 13: 8}), "en") == "08–14: 100%"
    assert hours_text(row({23: 4, 4: 4, 12: 2}), "da") == "23–05: 80\xa0%"


def test_hours_that_are_unknown_or_withheld_are_not_told() -> None:
    assert hours_text(row({}), "en") == "no known hours"
    assert hours_text(row({20: 5}, hidden=True), "en") == ""
    assert hours_text(row({20: np.nan, 3: 9}), "en") == ""
    assert hours_text(pd.Series({"hours": (), "hidden": False}), "en") == ""


@pytest.fixture
def over_time(admin: Release) -> Release:
    cells = gpd.GeoDataFrame(
        geometry=[square(0.5 + 0.2 * i, 0.5, 100.0) for i in range(4)],
        index=pd.Index([f"t{i}" for i in range(4)], name="cell_id"),
        crs=admin.hotspots.crs,
    )
    inside = admin.hotspots.geometry.iloc[0]
    cells.geometry = [inside.centroid.buffer(5.0 + i) for i in range(4)]
    frame = pd.DataFrame(
        {"pattern": ["sporadic", "intensifying", "intensifying", "new"], "hidden": False},
        index=cells.index,
    )
    shown = dataclasses.replace(admin.layers["hotspots"], frame=frame)
    repeats = dataclasses.replace(
        admin.layers["hotspots"], notes=(Told("No hot spot is significant with this recipe."),)
    )
    return dataclasses.replace(
        admin,
        layers={**admin.layers, "emerging": shown, "near_repeats": repeats},
        geometry={**admin.geometry, "cells": cells},
    )


def test_a_hot_spot_has_the_pattern_that_most_of_its_cells_show(over_time: Release) -> None:
    first = str(over_time.hotspots.index[0])
    assert list(patterns_over_time(over_time, "en")) == [first]
    assert patterns_over_time(over_time, "en")[first] == "intensifying"
    hidden = over_time.layers["emerging"].frame.assign(hidden=[False, False, False, True])
    shown = dataclasses.replace(over_time.layers["emerging"], frame=hidden)
    fewer = dataclasses.replace(over_time, layers={**over_time.layers, "emerging": shown})
    assert first not in patterns_over_time(fewer, "en"), "of the cells that are shown alone it may be another"
    details = spot_details(over_time, "en")
    assert details[first]["pattern"] == "intensifying"
    assert {tuple(each) for each in details.values()} == {("hours", "pattern")}


def test_without_the_layers_nothing_is_said(admin: Release, over_time: Release) -> None:
    assert near_repeat_text(over_time, "en").startswith("No hot spot")
    without = dataclasses.replace(admin, layers={})
    assert near_repeat_text(without, "en") == ""
    assert patterns_over_time(without, "en") == {}
    assert all(each["pattern"] == "" for each in spot_details(without, "en").values())


def test_whoever_is_told_a_pattern_is_told_the_same(town: Path) -> None:
    with closing(Store(town)) as store:
        result = run(store.study, store.snapshot(), shelf=store.shelf)
    told = {
        audience: patterns_over_time(release(result, audience), "en") for audience in AUDIENCES if audience != "partner"
    }
    assert set(told["admin"]) == set(result.hotspots.index)
    assert told["liaison"] == told["admin"]
    for audience, patterns in told.items():
        assert patterns.items() <= told["admin"].items(), audience
