"""Furniture of a map: round scale bars, nothing drawn for nothing."""

import dataclasses

import geopandas as gpd
import numpy as np
import pytest
import shapely

from hotspot.release.contract import Release
from hotspot.report.drawing import (
    _round_below,
    finish,
    new_map,
    number_shapes,
    outline_of,
    roads_above,
)
from hotspot.report.patterns import UNKNOWN_HATCH, draw_hatched, draw_shapes, draw_unsaid, hatched_swatch, swatch


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
    draw_unsaid(axes, none, 0)
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
    wide = gpd.GeoDataFrame(geometry=[council.place.boundary.buffer(5000)], crs=council.place.crs)
    release = dataclasses.replace(council, geometry={"green": wide})
    _figure, axes = new_map(release)
    drawn = [path.get_extents().extents for path in axes.collections[-1].get_paths()]
    assert np.allclose(drawn, [council.place.boundary.bounds])


def test_green_outside_the_place_is_not_drawn(council: Release) -> None:
    west, south, *_rest = council.place.boundary.bounds
    far = gpd.GeoDataFrame(geometry=[shapely.box(west - 900, south - 900, west - 800, south - 800)], crs=25832)
    alone, beside = (dataclasses.replace(council, geometry=known) for known in ({}, {"green": far}))
    assert len(new_map(beside)[1].collections) == len(new_map(alone)[1].collections)
