"""The forecast layer on the fictional town."""

from dataclasses import replace

import numpy as np
import pytest

from hotspot.measures.forecast import CANNOT_SAY, CLASSES, FIRST, REST, forecast, happened
from hotspot.measures.scene import Scene
from hotspot.store import Store


@pytest.fixture(scope="module")
def scene(town):
    store = Store(town)
    snapshot = store.snapshot()
    return Scene(store.study, snapshot.place, snapshot.tables)


@pytest.fixture(scope="module")
def measured(scene):
    return forecast(scene)


def test_as_many_are_expected_as_came_in_thirty_days_on_average(scene, measured):
    first, last = scene.period
    counted = sum(float(events.weight.sum()) for events, _at in happened(scene).values())
    assert measured.facts["expected"] == pytest.approx(30 * counted / ((last - first).days + 1), rel=1e-6)
    assert (measured.frame["value"] >= 0).all()


def test_classes_hold_no_more_cells_than_they_say(measured):
    frame = measured.frame
    for at, (_name, share) in enumerate(CLASSES.items()):
        within = frame["klass"].isin(list(CLASSES)[: at + 1])
        assert within.sum() <= round(share * len(frame)) + 1
    first, rest = (frame.loc[frame["klass"] == each, "value"] for each in (FIRST, REST))
    assert first.min() > rest.max()


def test_it_says_how_its_last_forecast_went(measured):
    told = measured.notes[0].values
    assert 0 < told["share"] <= 1
    assert 0 < told["plain"] <= 1
    assert told["n"] > 0


def test_too_few_incidents_say_nothing(scene):
    table = scene.tables["incidents"]
    few = replace(table, frame=table.frame.iloc[:12])
    found = forecast(Scene(scene.study, scene.place, {**scene.tables, "incidents": few}))
    assert found.frame["value"].isna().all()
    assert set(found.frame["klass"]) == {CANNOT_SAY}
    assert np.isfinite(found.frame["n"]).all()
