"""Hot spots looked for again: the same where nothing differs, and counted by hand."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspot.experiments.stability import Looked, held, look, tables_for
from hotspot.experiments.variants import Variant, variants
from hotspot.layers import read_layers
from hotspot.measures.clusters import hotspots
from hotspot.measures.scene import Scene
from hotspot.packaged import packaged_folder
from hotspot.study import Study
from tests.experiments.flat_town import PERIOD, PLACE, PLANT, SOUTH, WEST, tables

STUDY = Study("Flat", "EPSG:25832")
SPEC = read_layers((packaged_folder("layers"),))["hotspots"]
SAME = Variant("grid", 100.0, PERIOD)


@pytest.fixture(scope="module")
def town():
    return tables()


def hot_cells(looked):
    hot = looked.cells[looked.cells["hot"]]
    return set(zip(hot["x"], hot["y"], strict=True))


def test_a_variant_that_changes_nothing_finds_what_the_run_finds(town):
    frame = hotspots(Scene(STUDY, PLACE, town)).frame
    corners = {(float(e) * 100, float(n) * 100) for _side, n, e in frame.index[frame["klass"] == "hot"].str.split("_")}
    assert hot_cells(look(STUDY, PLACE, town, SPEC, SAME)) == corners
    assert (PLANT[0] // 100 * 100, PLANT[1] // 100 * 100) in corners


def test_a_grid_moved_by_whole_cells_is_the_same_grid(town):
    moved = dataclasses.replace(SAME, east_m=300.0, north_m=-100.0)
    one, other = (look(STUDY, PLACE, town, SPEC, way) for way in (SAME, moved))
    assert hot_cells(one) == hot_cells(other) != set()
    pd.testing.assert_frame_equal(*(each.cells.sort_values(["x", "y"], ignore_index=True) for each in (one, other)))


def test_a_grid_moved_by_half_a_cell_has_its_corners_there(town):
    found = look(STUDY, PLACE, town, SPEC, dataclasses.replace(SAME, east_m=50.0)).cells
    assert set(found["x"] % 100) == {50.0}
    assert set(found["y"] % 100) == {0.0}
    assert (found["x"].min(), found["y"].min()) == (WEST - 50, SOUTH)


def test_a_month_left_out_is_left_out_of_every_year(town):
    inside = town["incidents"].frame
    january = inside["start"].dt.tz_convert("Europe/Copenhagen").dt.month == 1
    without = {**town, "incidents": dataclasses.replace(town["incidents"], frame=inside[~january])}
    way = dataclasses.replace(SAME, without_month=1)
    pd.testing.assert_frame_equal(
        look(STUDY, PLACE, town, SPEC, way).cells, look(STUDY, PLACE, without, SPEC, SAME).cells
    )
    assert january.sum() > 40


def test_more_cells_than_a_run_can_finish_say_nothing(town):
    huge = dataclasses.replace(PLACE, boundary=shapely.box(WEST, SOUTH, WEST + 40_000, SOUTH + 40_000))
    found = look(STUDY, huge, town, SPEC, dataclasses.replace(SAME, cell_m=50.0))
    assert found.cells.empty
    spots = gpd.GeoSeries([shapely.box(0, 0, 1, 1)], index=["a"])
    assert held(spots, [found]).loc["a", "variants"] == 0


def test_a_period_without_incidents_has_no_hot_cell():
    none = tables(plant=0)
    empty = dataclasses.replace(none["incidents"], frame=none["incidents"].frame.iloc[:0])
    found = look(STUDY, PLACE, {**none, "incidents": empty}, SPEC, SAME)
    assert not found.cells["hot"].any()


def test_variants_are_counted_as_by_hand():
    spots = gpd.GeoSeries(
        [shapely.box(0, 0, 200, 100), shapely.box(500, 0, 600, 100), shapely.box(9_000, 0, 9_100, 100)],
        index=pd.Index(["a", "b", "far"], name="hotspot_id"),
    )
    looked = [
        Looked(100.0, pd.DataFrame({"x": [0.0, 500.0], "y": [0.0, 0.0], "hot": [True, False]})),  # a holds, b does not
        Looked(100.0, pd.DataFrame({"x": [200.0, 550.0], "y": [0.0, 50.0], "hot": [True, True]})),  # touches a; b holds
        Looked(200.0, pd.DataFrame({"x": [0.0], "y": [0.0], "hot": [True]})),  # a holds, b cannot be said
    ]
    found = held(spots, looked)
    assert found["held"].tolist() == [2, 1, 0]
    assert found["variants"].tolist() == [2, 2, 0]
    assert found["stability"].tolist()[:2] == [1.0, 0.5]
    assert np.isnan(found.loc["far", "stability"])
    pd.testing.assert_frame_equal(held(spots, looked[::-1]), found)


def test_only_what_the_measure_looks_at_is_sent(town):
    assert set(tables_for(SPEC, {**town, "lamps": town["population"]})) == {"incidents", "population"}


def test_a_plant_stays_without_any_month_and_from_any_origin():
    town, spots = tables(plant=200), gpd.GeoSeries([shapely.Point(PLANT).buffer(60)], index=["plant"])
    ways = [
        each for each in variants(100.0, PERIOD) if each.kind == "month" or (each.kind, each.cell_m) == ("grid", 100.0)
    ]
    found = held(spots, [look(STUDY, PLACE, town, SPEC, way) for way in ways]).loc["plant"]
    assert found.to_dict() == {"held": 15, "variants": 15, "stability": 1.0}


def test_no_cell_of_an_even_town_holds_in_more_than_half_of_the_variants():
    town = tables(plant=0)
    looked = [look(STUDY, PLACE, town, SPEC, way) for way in variants(100.0, PERIOD)]
    x, y = (each.ravel() for each in np.meshgrid(WEST + 100 * np.arange(20), SOUTH + 100 * np.arange(20)))
    found = held(gpd.GeoSeries(shapely.box(x, y, x + 100, y + 100)), looked)
    assert (found["variants"] == 40).all()
    assert found["stability"].max() <= 0.50
