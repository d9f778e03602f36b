"""Classes that can say nothing are told apart without their colours."""

from io import BytesIO

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pytest
import shapely
from matplotlib.colors import to_hex
from matplotlib.image import imread

from hotspot.release.contract import Release
from hotspot.report.classes import classed, unsaid_classes
from hotspot.report.drawing import finish, new_map
from hotspot.report.figures import layer_map
from hotspot.report.patterns import (
    HIDDEN_HATCH,
    UNKNOWN_HATCH,
    draw_hatched,
    draw_shapes,
    draw_unsaid,
    hatched_swatch,
    swatch,
    unsaid_hatch,
)

GREY = "#8a8f98"


def middle_in_grey(release: Release, place: int | None) -> npt.NDArray[np.float64]:
    """Draw a whole map in one class's grey, hatched as the class in that place, and return its middle."""
    figure, axes = new_map(release)
    frame = gpd.GeoDataFrame(geometry=[shapely.box(*release.place.boundary.bounds)], crs=release.place.crs)
    draw_shapes(axes, frame, [GREY])
    if place is not None:
        draw_unsaid(axes, frame, place)
    pixels = imread(BytesIO(finish(figure, [], "", "en", "png")))[..., :3].mean(axis=2)
    down, across = pixels.shape[0] // 2, pixels.shape[1] // 3
    return np.asarray(pixels[down - 90 : down + 90, across - 90 : across + 90], dtype=float)


def along(grey: npt.NDArray[np.float64], step: int) -> float:
    """Return how alike neighbours on one diagonal are, 1 where lines run along it."""
    return float(np.corrcoef(grey[:-2, 2:-2].ravel(), grey[2:, 2 + step : grey.shape[1] - 2 + step].ravel())[0, 1])


def test_one_grey_is_hatched_rising_falling_and_crossed(council: Release) -> None:
    assert middle_in_grey(council, None).std() == 0.0
    rising, falling, crossed = (middle_in_grey(council, place) for place in range(3))
    assert (along(rising, -2) > 0.8, along(rising, 2) > 0.5) == (True, False)
    assert (along(falling, 2) > 0.8, along(falling, -2) > 0.5) == (True, False)
    assert abs(along(crossed, 2) - along(crossed, -2)) < 0.1
    assert crossed.mean() < min(rising.mean(), falling.mean())  # twice as many lines
    assert rising.std() > 0.05


def test_legend_shows_what_the_map_shows(council: Release) -> None:
    assert len({unsaid_hatch(place) for place in range(3)}) == 3
    _figure, axes = new_map(council)
    draw_unsaid(axes, council.geometry["areas"], 1)
    drawn, line = axes.collections[-1], swatch(GREY, "undefined", unsaid_hatch(1))
    assert drawn.get_hatch() == line.get_hatch() == unsaid_hatch(1)
    assert drawn.get_hatch_linewidth() == line.get_hatch_linewidth()
    assert to_hex(line.get_facecolor()) == GREY
    assert swatch(GREY, "neither").get_hatch() is None


def test_many_shapes_are_hatched_as_one(council: Release) -> None:
    _figure, axes = new_map(council)
    before, areas = len(axes.collections), council.geometry["areas"]
    draw_hatched(axes, areas, HIDDEN_HATCH)
    faces, pattern = axes.collections[before:]
    assert len(faces.get_paths()) == len(areas)
    assert (faces.get_hatch(), len(pattern.get_paths())) == (None, 1)
    assert pattern.get_hatch() == hatched_swatch(HIDDEN_HATCH, "hidden").get_hatch()
    assert HIDDEN_HATCH != UNKNOWN_HATCH


def test_pieces_of_path_are_dashed_each_in_its_own_way(council: Release) -> None:
    _figure, axes = new_map(council)
    before, areas = len(axes.collections), council.geometry["areas"]
    for place in range(3):
        draw_unsaid(axes, gpd.GeoDataFrame(geometry=areas.boundary, crs=areas.crs), place, lines=True)
    assert len({str(each.get_linestyle()) for each in axes.collections[before:]}) == 3


@pytest.mark.parametrize(("key", "unsaid"), [("hotspots", {"too few data", "undefined", "no neighbours"})])
def test_a_layer_with_such_classes_is_drawn_with_them_hatched(admin: Release, key: str, unsaid: set[str]) -> None:
    classes = classed(admin.layers[key])
    found = [classes.codes[position] for position in unsaid_classes(classes)]
    assert set(found) == unsaid & set(classes.codes)
    assert found
    assert layer_map(admin, key, "en", "svg").count(b"<pattern") >= len(found)


def test_a_layer_of_numbers_has_no_such_classes(council: Release) -> None:
    assert unsaid_classes(classed(council.layers["felt_unsafe"])) == []
