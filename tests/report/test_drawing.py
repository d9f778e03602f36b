"""Furniture of a map: round scale bars, nothing drawn for nothing."""

import geopandas as gpd
import pytest

from hotspot.release.contract import Release
from hotspot.report.drawing import (
    UNKNOWN_HATCH,
    _round_below,
    draw_hatched,
    draw_shapes,
    finish,
    hatched_swatch,
    new_map,
    number_shapes,
    outline_of,
    roads_above,
    swatch,
)


@pytest.mark.parametrize(("metres", "bar"), [(999.0, 500.0), (1000.0, 1000.0), (4999.0, 2000.0), (73.0, 50.0)])
def test_scale_bar_is_round(metres: float, bar: float) -> None:
    assert _round_below(metres) == bar


def test_map_holds_the_place_with_a_margin(council: Release) -> None:
    _figure, axes = new_map(council)
    west, south, east, north = council.place.boundary.bounds
    assert axes.get_xlim()[0] < west
    assert axes.get_xlim()[1] > east
    assert axes.get_ylim()[0] < south
    assert axes.get_ylim()[1] > north


def test_nothing_is_drawn_for_nothing(council: Release) -> None:
    figure, axes = new_map(council)
    before = len(axes.collections)
    none = council.geometry["areas"].iloc[:0]
    draw_shapes(axes, none, [])
    draw_hatched(axes, none, UNKNOWN_HATCH)
    number_shapes(axes, none, [])
    assert len(axes.collections) == before
    roads_above(council, axes)
    assert len(axes.collections) == before + 1
    assert finish(figure, [swatch("#ffffff", "x"), hatched_swatch(UNKNOWN_HATCH, "y")], "t", "da", "svg")


def test_labels_left_out_where_empty(council: Release) -> None:
    _figure, axes = new_map(council)
    areas: gpd.GeoDataFrame = council.geometry["areas"]
    number_shapes(axes, areas, ["1", *[""] * (len(areas) - 1)])
    assert [text.get_text() for text in axes.texts] == ["1"]


def test_patterns_keep_inside_the_place(council: Release) -> None:
    outline = outline_of(council)
    centre = council.place.boundary.centroid
    assert outline.contains_point((centre.x, centre.y))
    assert not outline.contains_point((centre.x + 1e5, centre.y))


def test_a_label_stands_beside_a_shape_that_it_would_cover(council: Release) -> None:
    _figure, axes = new_map(council)
    wide = axes.get_xlim()[1] - axes.get_xlim()[0]
    centre = council.place.boundary.centroid
    shapes = gpd.GeoDataFrame(geometry=[centre.buffer(0.01 * wide), centre.buffer(0.2 * wide)], crs=council.place.crs)
    number_shapes(axes, shapes, ["1", "2"])
    small, large = axes.texts
    assert small.get_position() != (0, 0)
    assert small.arrow_patch is not None
    assert large.get_position() == (0, 0)
    assert large.arrow_patch is None


def test_green_ends_where_the_place_ends(council: Release) -> None:
    far = gpd.GeoDataFrame(geometry=[council.place.boundary.buffer(5000)], crs=council.place.crs)
    council.geometry["green"] = far  # type: ignore[index]
    _figure, axes = new_map(council)
    assert axes.collections[-1].get_clip_path() is not None
