"""Shapes and views as the browser will read them: every part in its place, and no withheld number on board."""

import json
import zlib

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import HotspotError, ReferenceSystemError
from hotspot.ui.map import Contour, Fill, MapGeometry, MapView, Outline, Picture
from hotspot.ui.map.message import view_message
from hotspot.ui.map.wire import Parcel

TYPES = {"f4": np.float32, "f8": np.float64, "i4": np.int32, "u4": np.uint32, "u1": np.uint8}


def opened(message):
    """Read a message as the browser does."""
    plain = zlib.decompress(message)
    length = int.from_bytes(plain[:4], "little")
    header = json.loads(plain[4 : 4 + length])

    def array(reference):
        return np.frombuffer(plain, TYPES[reference["kind"]], reference["n"], 4 + length + reference["at"])

    return header, array


def rebuilt(message):
    """Build shapes again from a geometry message: per layer a list of (row, shape)."""
    header, array = opened(message)
    layers = {}
    for layer in header["layers"]:
        x, y = (np.cumsum(array(layer[axis]), dtype=np.int32) / 1e7 for axis in ("x", "y"))
        ends = np.cumsum(array(layer["lengths"]))
        paths = np.split(np.column_stack([x, y]), ends[:-1]) if len(ends) else []
        found, at = [], 0
        for row, kind, runs in zip(*(array(layer[part]) for part in ("rows", "kinds", "runs")), strict=True):
            own = paths[at : at + runs]
            at += runs
            made = {1: lambda p: shapely.Point(p[0][0]), 2: lambda p: shapely.LineString(p[0])}
            found.append((int(row), made.get(kind, lambda p: shapely.Polygon(p[0], p[1:]))(own)))
        layers[layer["name"]] = found
    return layers


def frame(shapes, index=None, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), index=index, crs=4326)


SQUARE = shapely.box(10, 56, 10.01, 56.01)
HOLED = SQUARE.difference(shapely.box(10.002, 56.002, 10.004, 56.004))
MIXED = [
    shapely.Point(10.5, 56.5),
    HOLED,
    shapely.MultiPolygon([SQUARE, shapely.box(11, 56, 11.01, 56.01)]),
    shapely.LineString([(10, 56), (10.3, 56.1), (-170, -80)]),
    shapely.Polygon(),
    None,
    shapely.GeometryCollection([shapely.Point(1, 2), shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]])]),
]


@pytest.fixture
def town():
    cells = frame([shapely.box(10 + k / 100, 56, 10.01 + k / 100, 56.01) for k in range(10)], list("abcdefghij"))
    return MapGeometry("town", {"cells": cells})


def told(geometry, *marks, **view):
    shown = MapView(marks=marks, title="Map", alt="Alt.", language="en", **view)
    return opened(view_message([geometry], shown, key="m", height=400))


def fill(values, **changes):
    return Fill(**{"layer": "cells", "values": values, "palette": ("#000000", "#ffffff"), "breaks": (5,), **changes})


def test_shapes_of_every_kind_arrive_as_they_were():
    parts = rebuilt(MapGeometry("k", {"mixed": frame(MIXED)}).payload)["mixed"]
    assert [row for row, _ in parts] == [0, 1, 2, 2, 3, 6, 6, 6]
    sent = [MIXED[0], HOLED, *MIXED[2].geoms, MIXED[3], shapely.Point(1, 2), *MIXED[6].geoms[1].geoms]
    assert all(shapely.equals_exact(a, b, 1e-7) for a, b in zip(sent, (s for _, s in parts), strict=True))


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=40))
def test_points_anywhere_on_earth_arrive_within_a_centimetre(points):
    parts = rebuilt(MapGeometry("k", {"p": frame(shapely.points(points))}).payload)["p"]
    arrived = shapely.get_coordinates([shape for _, shape in parts])
    np.testing.assert_allclose(arrived, points, atol=5.1e-8)  # half of the 1e-7 degree that travel


def test_a_layer_without_shapes_travels_empty():
    assert rebuilt(MapGeometry("k", {"none": frame([])}).payload) == {"none": []}


def test_name_changes_with_the_content_only():
    first, same, other = (MapGeometry("k", {"a": frame([shapely.Point(x, 1)])}).name for x in (1, 1, 2))
    assert first == same
    assert first != other


def test_five_thousand_cells_take_thirty_kilobytes():
    x, y = (grid.ravel() for grid in np.meshgrid(np.arange(71) * 0.0016, np.arange(71) * 0.0009))
    cells = frame(shapely.box(10 + x, 56 + y, 10.0016 + x, 56.0009 + y))
    assert len(MapGeometry("k", {"cells": cells}).payload) < 30_000


def test_metric_shapes_are_refused():
    with pytest.raises(ReferenceSystemError, match="EPSG:4326"):
        MapGeometry("k", {"a": frame([SQUARE]).to_crs(25832)})


def test_bytes_of_another_kind_are_refused():
    with pytest.raises(HotspotError, match="PMTiles archive"):
        MapGeometry("k", {"a": b"PK.."})


def test_values_follow_their_labels_whatever_their_order(town):
    values = pd.Series(np.arange(10.0), index=list("abcdefghij"))
    header, array = told(town, fill(values[::-1].drop("c")))
    expected = [0, 1, np.nan, 3, 4, 5, 6, 7, 8, 9]
    np.testing.assert_array_equal(array(header["marks"][0]["values"]), np.float32(expected))


def test_withheld_numbers_never_leave_the_server(town):
    secret = np.full(10, 1234.5)
    hidden = pd.Series(data=True, index=["b", "d"])
    mark = fill(secret, hidden=hidden, lower=secret, upper=secret)
    header, array = told(town, mark)
    for part in ("values", "lower", "upper"):
        assert np.isnan(array(header["marks"][0][part])).tolist() == [False, True, False, True] + [False] * 6
    bits = np.unpackbits(array(header["marks"][0]["hidden"]), bitorder="little")[:10]
    assert np.flatnonzero(bits).tolist() == [1, 3]


def test_classes_that_say_nothing_are_named_for_their_hatching(town):
    named = fill(np.arange(10.0) % 2, breaks=(), labels=("hot", "too few data"), unsaid=[1])
    header, _ = told(town, named)
    assert header["marks"][0]["unsaid"] == [1]


def test_values_of_another_layer_are_refused(town):
    with pytest.raises(HotspotError, match="no label of the values"):
        told(town, fill(pd.Series([1.0], index=["z"])))


def test_a_wrong_number_of_values_is_refused(town):
    with pytest.raises(HotspotError, match="9 values for 10 features"):
        told(town, fill(np.zeros(9)))


def test_an_unknown_layer_is_refused(town):
    with pytest.raises(HotspotError, match="use one of cells"):
        told(town, fill(np.zeros(10), layer="areas"))


def test_one_name_for_two_layers_is_refused(town):
    view = MapView(marks=(), title="", alt="", language="da")
    with pytest.raises(HotspotError, match="cells in town and twin"):
        view_message([town, MapGeometry("twin", town.layers)], view, key="m", height=1)


def test_names_stand_inside_their_shapes(town):
    header, array = told(town, Outline(layer="cells", labels=pd.Series({"b": "B", "a": "A"})))
    assert header["marks"][0]["labels"][:3] == ["A", "B", None]
    places = shapely.points(array(header["marks"][0]["anchors"]).reshape(-1, 2))
    assert shapely.contains(town.layers["cells"].geometry.to_numpy(), places).all()


def test_a_picture_travels_unchanged(town):
    corners = ((10, 57), (11, 57), (11, 56), (10, 56))
    header, array = told(town, Picture(png=b"\x89PNG..", corners=corners, withheld=True))
    assert (header["marks"][0]["cannotSay"], header["marks"][0]["withheld"]) == (False, True)
    assert array(header["marks"][0]["png"]).tobytes() == b"\x89PNG.."
    assert header["marks"][0]["corners"] == [list(corner) for corner in corners]


def test_lines_are_told_row_by_row_those_that_are_not_there_too():
    lines = frame([shapely.MultiLineString([[(10, 56), (10.1, 56.1)]]), shapely.MultiLineString()])
    shapes = MapGeometry("lines", {"contours": lines})
    header, _ = told(
        shapes, Contour(layer="contours", labels=["p", None], widths=(2.8, 1), dashed=(False, True), title="L")
    )
    assert header["marks"] == [
        {"kind": "contour", "layer": "contours", "title": "L", "labels": ["p", None], "widths": [2.8, 1.0],
         "dashed": [False, True], "pick": False},
    ]  # fmt: skip
    assert [row for row, _shape in rebuilt(shapes.payload)["contours"]] == [0]
    with pytest.raises(HotspotError, match="one label per line"):
        told(shapes, Contour(layer="contours", labels=["p"], widths=(1,), dashed=(False,)))
    with pytest.raises(HotspotError, match="a label, a width and a dash"):
        Contour(layer="contours", labels=["p"], widths=(1, 2), dashed=(False,))


def test_selected_feature_is_told_by_row(town):
    assert told(town, selected=("cells", "c"))[0]["selected"] == {"layer": "cells", "row": 2}
    assert told(town, selected=("cells", "z"))[0]["selected"] is None


def test_first_sight_is_the_first_geometry(town):
    assert told(town)[0]["bounds"] == pytest.approx([10, 56, 10.1, 56.01])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"breaks": (1, 2)}, "2 limits for 2 colours"),
        ({"breaks": ()}, "2 colours without limits or labels"),
        ({"labels": ("one",)}, "1 labels for 2 colours"),
        ({"breaks": (2, 1), "palette": ("#000000",) * 3}, "do not ascend"),
    ],
)
def test_a_legend_that_does_not_fit_is_refused(changes, message):
    with pytest.raises(HotspotError, match=message):
        fill(np.zeros(10), **changes)


def test_an_unknown_layer_beneath_is_refused():
    with pytest.raises(HotspotError, match="rails"):
        MapView(marks=(), base=("rails",), title="", alt="", language="da")


def test_arrays_start_where_the_browser_can_read_them():
    parcel = Parcel()
    references = [parcel.put(np.ones(3, np.uint8)), parcel.put(np.arange(3.0)), parcel.put(b"xyz")]
    header, array = opened(parcel.close({"æ": references}))
    assert [reference["at"] % 8 for reference in header["æ"]] == [0, 0, 0]
    assert array(references[1]).tolist() == [0, 1, 2]
