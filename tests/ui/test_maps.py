"""Shapes of a map are encoded once per content: a new recipe that leaves them alone sends nothing again."""

import dataclasses
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from hotspot.ui.form import Asked
from hotspot.ui.map import Contour, MapGeometry
from hotspot.ui.map.message import view_message
from hotspot.ui.parts.maps import base_geometry, layer_view, picture, shape_geometry
from hotspot.ui.view import View
from tests.report.small_release import small_release
from tests.report.test_contours import with_risk


def view_of(key: str, **geometry: gpd.GeoDataFrame) -> View:
    """A look at a release of that key, some of its shapes exchanged."""
    admin = small_release("admin")
    release = dataclasses.replace(admin, key=key, geometry={**admin.geometry, **geometry})
    return View(release, "en", Asked(release.study, "admin", "", "en"), desk=None)  # type: ignore[arg-type]


def shapes(view: View) -> MapGeometry:
    return shape_geometry(f"{view.stamp}-areas", view, "areas")


def areas() -> gpd.GeoDataFrame:
    frame: gpd.GeoDataFrame = small_release("admin").geometry["areas"]
    return frame.copy()


def test_another_recipe_shares_the_shapes_that_it_does_not_change() -> None:
    first, second = view_of("one"), view_of("two")
    assert first.stamp != second.stamp
    assert shapes(first) is shapes(second)
    assert base_geometry(first.stamp, first) is base_geometry(second.stamp, second)


def renamed(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.assign(name=["Elsewhere", *frame["name"].iloc[1:]])


def relabelled(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.set_axis(["new", *frame.index[1:]])


def moved(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.set_geometry([shapely.transform(frame.geometry.iloc[0], lambda at: at + 1), *frame.geometry.iloc[1:]])


def unshaped(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.set_geometry([None, *frame.geometry.iloc[1:]], crs=frame.crs)


def fewer(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.iloc[1:]


@pytest.mark.parametrize("change", [renamed, relabelled, moved, unshaped, fewer])
def test_whatever_a_map_keeps_of_shapes_makes_others_of_them(change: Any) -> None:
    before = shapes(view_of("before"))
    after = shapes(view_of(f"after {change.__name__}", areas=change(areas())))
    assert after is not before
    assert after.name != before.name or list(after.rows("areas")) != list(before.rows("areas"))


@pytest.mark.parametrize("key", ["hotspots", "felt_unsafe", "density"])
def test_a_layer_is_told_to_the_browser_in_one_small_message(key: str) -> None:
    view = view_of("message")
    geometries, drawn = layer_view(view, key, outlines=True)
    sent = view_message(geometries, drawn, key="map", height=500)
    assert sent == view_message(*layer_view(view, key, outlines=True), key="map", height=500)
    assert drawn.title == view.release.layers[key].spec.title["en"]
    assert "hotspots" in {getattr(mark, "layer", "") for mark in drawn.marks}


def test_another_recipe_shares_the_picture_of_a_surface_that_it_does_not_change() -> None:
    first, second = view_of("one"), view_of("two")
    shown = first.release.layers["density"]
    drawn = picture(f"{first.stamp}-density", shown, first)
    assert picture(f"{second.stamp}-density", shown, second) is drawn
    veiled = np.zeros(shown.surface.values.shape, dtype=bool)
    veiled[0, 0] = True
    values = shown.surface.values.copy()
    values[-1, -1] += 1.0
    coarse = dataclasses.replace(shown.spec.show, palette="greens", breaks=(0.5,))
    others = [
        dataclasses.replace(shown, hidden=veiled),
        dataclasses.replace(shown, surface=dataclasses.replace(shown.surface, values=values)),
        dataclasses.replace(shown, spec=dataclasses.replace(shown.spec, show=coarse)),
    ]
    found = [picture(f"other {number}", other, first) for number, other in enumerate(others)]
    assert len({id(each) for each in (drawn, *found)}) == 4


def test_outlines_are_left_out_on_demand() -> None:
    view = view_of("bare")
    _geometries, drawn = layer_view(view, "felt_unsafe", outlines=False)
    assert [getattr(mark, "layer", "") for mark in drawn.marks] == ["areas"]


def test_lines_of_p_lie_over_the_cells_that_they_are_drawn_round() -> None:
    view = view_of("lines")
    cells = view.release.geometry["cells"]
    near = np.exp(-(cells.centroid.distance(cells.union_all().centroid).to_numpy() ** 2) / 2e5)
    layered = with_risk(view.release, np.exp(2 * near), np.exp(-6 * near))
    geometries, drawn = layer_view(dataclasses.replace(view, release=layered), "dark_ratio", outlines=True)
    assert [type(mark).__name__ for mark in drawn.marks] == ["Fill", "Contour", "Outline"]
    lines = drawn.marks[1]
    assert isinstance(lines, Contour)
    assert lines.labels == ["more after dark: p = 0.01", "more after dark: p = 0.05", None, None]
    shapes = geometries[-1].layers["contours"]
    assert isinstance(shapes, gpd.GeoDataFrame)
    assert shapes.geometry.is_empty.tolist() == [False, False, True, True]
    assert view_message(geometries, drawn, key="map", height=500)
