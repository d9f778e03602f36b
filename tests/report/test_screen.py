"""The surface's picture lies where the surface lies."""

import dataclasses
from io import BytesIO

import numpy as np
import pytest
import shapely
from matplotlib.image import imread

from hotspot.crs import transform
from hotspot.errors import AccessError
from hotspot.grid import Lattice
from hotspot.release.contract import Release
from hotspot.report.classes import class_of_numbers
from hotspot.report.figures import OUTLINES
from hotspot.report.screen import _inside, fallback_png, surface_picture


def test_picture_agrees_with_the_surface_at_known_points(admin: Release) -> None:
    shown = admin.layers["density"]
    surface = shown.surface
    picture = surface_picture(shown, admin.place.crs)
    pixels = (imread(BytesIO(picture.png)) * 255).round().astype(int)
    west, south, east, north = picture.bounds
    box = transform([west, east], [south, north], "EPSG:4326", "EPSG:3857")
    found = class_of_numbers(surface.values, picture.classes)
    checked = 0
    for row, col in [(10, 10), (20, 40), (40, 5), (30, 25), (45, 50)]:
        if not (found[row, col] == found[row - 1 : row + 2, col - 1 : col + 2]).all() or found[row, col] < 0:
            continue
        x = surface.lattice.west + (col + 0.5) * surface.lattice.pixel_m
        y = surface.lattice.north - (row + 0.5) * surface.lattice.pixel_m
        (mx,), (my,) = transform([x], [y], admin.place.crs, "EPSG:3857")
        across = int((mx - box[0][0]) / (box[0][1] - box[0][0]) * pixels.shape[1])
        down = int((box[1][1] - my) / (box[1][1] - box[1][0]) * pixels.shape[0])
        colour = picture.classes.colours[found[row, col]]
        assert "#" + "".join(f"{c:02x}" for c in pixels[down, across][:3]) == colour
        checked += 1
    assert checked >= 3


def test_unknown_is_striped_and_hidden_dotted(admin: Release) -> None:
    shown = admin.layers["density"]
    gone = np.zeros_like(shown.hidden)
    gone[20:] = True
    pixels = imread(
        BytesIO(surface_picture(type(shown)(shown.spec, surface=shown.surface, hidden=gone), admin.place.crs).png)
    )
    below = pixels[pixels.shape[0] * 3 // 4 :]
    painted = below[..., 3] > 0
    assert 0 < painted.mean() < 0.2


def test_only_a_surface_is_a_picture(council: Release) -> None:
    with pytest.raises(AccessError, match="Only a surface"):
        surface_picture(council.layers["felt_unsafe"], council.place.crs)


def test_fallback_draws_layer_hot_spots_or_priorities(council: Release) -> None:
    drawn = [fallback_png(council, key, "da") for key in ("felt_unsafe", "", OUTLINES)]
    assert len(set(drawn)) == 3


def test_picture_says_whether_it_has_stripes_and_dots(admin: Release) -> None:
    shown = admin.layers["density"]
    whole = dataclasses.replace(shown.surface, values=np.ones_like(shown.surface.values))
    gap = dataclasses.replace(whole, values=np.where(np.indices(whole.values.shape)[0] < 9, np.nan, 1.0))
    dots = np.indices(whole.values.shape)[1] < 9
    found = [
        surface_picture(type(shown)(shown.spec, surface=surface, hidden=hidden), admin.place.crs)
        for surface, hidden in ((whole, None), (gap, None), (whole, dots))
    ]
    assert [(each.cannot_say, each.withheld) for each in found] == [(False, False), (True, False), (False, True)]


CORNERS = shapely.MultiPoint(np.random.default_rng(3).uniform(0, 1500, (9, 2)))
PLACES = {
    "round": shapely.Point(800, 700).buffer(613.0),
    "with a hole": shapely.box(100, 90, 1400, 1300).difference(shapely.Point(700, 650).buffer(333.3)),
    "two parts": shapely.union(shapely.Point(300, 300).buffer(211.0), shapely.Point(1200, 1100).buffer(140.0)),
    "narrow": shapely.LineString([(20, 30), (1450, 1210)]).buffer(1.5),
    "corners": CORNERS.convex_hull.difference(CORNERS.buffer(41.0)),
    "all of it": shapely.box(-9000, -9000, 9000, 9000),
    "elsewhere": shapely.box(5000, 5000, 6000, 6000),
}


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("size", [(1, 1), (7, 130), (97, 150)])
def test_looking_in_blocks_finds_the_same_pixels_as_looking_at_each(name: str, size: tuple[int, int]) -> None:
    lattice = Lattice(west=0.0, north=1260.0, pixel_m=10.0, rows=size[0], cols=size[1])
    left, upper = np.meshgrid(np.arange(size[1]) * 10.0, 1260.0 - np.arange(size[0]) * 10.0)
    each = shapely.intersects(shapely.box(left, upper - 10.0, left + 10.0, upper), PLACES[name])
    assert _inside(lattice, PLACES[name]).tolist() == each.tolist()
