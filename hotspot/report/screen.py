"""A surface as one picture for a web map, and a whole map as one where a browser cannot draw."""

from io import BytesIO
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.image import imsave

from hotspot.crs import WEB_MERCATOR, lonlat_of, transform
from hotspot.errors import N_, AccessError
from hotspot.glossary import Language
from hotspot.glossary.palettes import CANNOT_SAY, HIDDEN
from hotspot.grid import Lattice
from hotspot.release.contract import Release, Shown
from hotspot.report.classes import UNKNOWN, WITHHELD, Classed, class_of_numbers, classed
from hotspot.report.figures import OUTLINES, hotspots_map, layer_map, priorities_map

_STRIPES = 90  # lines of the "cannot say" hatch, or dots of a hidden number, that fit beside each other
_LEAST_STRIPE = 6  # pixels from one line to the next, so that each is told apart
_MOST_PIXELS = 2048
_OUTSIDE = -9
_BLOCKS = (64, 8, 1)  # pixels on a side, from the coarsest look at where the place ends to the single pixel


class Picture(NamedTuple):
    """A surface drawn for a web map.

    Parameters
    ----------
    png
        The picture, its rows and columns even in Web Mercator.
    bounds
        West, south, east, north. [degrees]
    classes
        Colours and limits used, for the legend.
    cannot_say, withheld
        Whether any place is striped, or dotted.
    """

    png: bytes
    bounds: tuple[float, float, float, float]
    classes: Classed
    cannot_say: bool = False
    withheld: bool = False


def surface_picture(shown: Shown, crs: str, boundary: shapely.Geometry | None = None) -> Picture:
    """Draw a surface so that a web map can stretch it between its bounds.

    Parameters
    ----------
    shown
        A surface as its audience sees it.
    crs
        The study's reference system.
    boundary
        Where the place ends; outside it nothing is drawn.

    Returns
    -------
    Picture
        Classes as on paper; "cannot say" is striped, hidden dotted, and outside the frame it is clear.

    Raises
    ------
    AccessError
        If the layer is no surface.
    """
    surface = shown.surface
    if surface is None:
        raise AccessError(
            N_("Only a surface is drawn as one picture."),
            N_("{layer}"),
            N_("ask for its values"),
            layer=shown.spec.key,
        )
    classes = classed(shown)
    found = class_of_numbers(surface.values, classes).astype(np.int8)
    if shown.hidden is not None:
        found[shown.hidden] = WITHHELD
    if boundary is not None:
        found[~_inside(surface.lattice, boundary)] = _OUTSIDE
    west, south, east, north = surface.lattice.bounds
    edge = np.linspace(0.0, 1.0, 33)
    xs = np.concatenate([west + edge * (east - west)] * 2 + [np.full(33, west), np.full(33, east)])
    ys = np.concatenate([np.full(33, south), np.full(33, north)] + [south + edge * (north - south)] * 2)
    x, y = transform(xs, ys, crs, WEB_MERCATOR)
    box = float(x.min()), float(y.min()), float(x.max()), float(y.max())
    longitude, latitude = lonlat_of(np.array([box[0], box[2]]), np.array([box[1], box[3]]), WEB_MERCATOR)
    bounds = float(longitude[0]), float(latitude[0]), float(longitude[1]), float(latitude[1])
    striped, dotted = bool((found == UNKNOWN).any()), bool((found == WITHHELD).any())
    return Picture(_png(_sampled(shown, found, box, crs), classes), bounds, classes, striped, dotted)


def _inside(lattice: Lattice, boundary: shapely.Geometry) -> npt.NDArray[np.bool_]:
    """Ask of each pixel whether any of it lies in the place: in large blocks first, where the outline runs in smaller.

    Notes
    -----
    A block wholly inside or wholly outside answers for all its pixels, so only those along the outline are looked
    at one by one.
    """
    shapely.prepare(boundary)
    inside = np.zeros((lattice.rows, lattice.cols), dtype=bool)
    row, col = _starts(np.zeros(1, int), np.zeros(1, int), max(inside.shape), _BLOCKS[0])
    for size, smaller in zip(_BLOCKS, (*_BLOCKS[1:], 0), strict=True):
        there = (row < lattice.rows) & (col < lattice.cols)
        row, col = row[there], col[there]
        left, upper = lattice.west + col * lattice.pixel_m, lattice.north - row * lattice.pixel_m
        blocks = shapely.box(left, upper - size * lattice.pixel_m, left + size * lattice.pixel_m, upper)
        touched = shapely.intersects(boundary, blocks)
        whole = touched if not smaller else touched & shapely.contains(boundary, blocks)
        rows, cols = _starts(row[whole], col[whole], size, 1)
        fits = (rows < lattice.rows) & (cols < lattice.cols)
        inside[rows[fits], cols[fits]] = True
        if smaller:
            row, col = _starts(row[touched & ~whole], col[touched & ~whole], size, smaller)
    return inside


def _starts(
    row: npt.NDArray[np.int_], col: npt.NDArray[np.int_], size: int, smaller: int
) -> tuple[npt.NDArray[np.int_], npt.NDArray[np.int_]]:
    """Divide blocks of pixels: first row and column of each smaller one."""
    steps = np.arange(0, size, smaller)
    down, across = (each.ravel() for each in np.meshgrid(steps, steps, indexing="ij"))
    return np.add.outer(row, down).ravel(), np.add.outer(col, across).ravel()


def _sampled(
    shown: Shown, found: npt.NDArray[np.int8], box: tuple[float, float, float, float], crs: str
) -> npt.NDArray[np.int8]:
    """Ask each pixel of the picture which pixel of the surface its centre lies in; -9 outside."""
    surface = shown.surface
    if surface is None:
        return found
    lattice = surface.lattice
    west, south, east, north = box
    cols = min(lattice.cols, _MOST_PIXELS)
    rows = max(1, min(round(cols * (north - south) / (east - west)), _MOST_PIXELS))
    x = west + (np.arange(cols) + 0.5) * (east - west) / cols
    y = north - (np.arange(rows) + 0.5) * (north - south) / rows
    across, down = (each.ravel() for each in np.meshgrid(x, y))
    easting, northing = transform(across, down, WEB_MERCATOR, crs)
    col = np.floor((easting - lattice.west) / lattice.pixel_m).astype(int)
    row = np.floor((lattice.north - northing) / lattice.pixel_m).astype(int)
    inside = (col >= 0) & (col < lattice.cols) & (row >= 0) & (row < lattice.rows)
    picked = np.full(rows * cols, _OUTSIDE, dtype=np.int8)
    picked[inside] = found[row[inside], col[inside]]
    return picked.reshape(rows, cols)


def _png(found: npt.NDArray[np.int8], classes: Classed) -> bytes:
    colours = np.zeros((len(classes.colours) - _OUTSIDE, 4), dtype=np.uint8)  # codes below 0 count from its clear end
    for code, colour in enumerate(classes.colours):
        colours[code] = (*_rgb(colour), 255)
    pixels = colours[found]
    down, across = np.indices(found.shape)
    apart = max(_LEAST_STRIPE, round(found.shape[1] / _STRIPES))
    pixels[(found == UNKNOWN) & ((down + across) % apart < apart // 3)] = (*_rgb(CANNOT_SAY), 255)
    dot = apart // 2
    pixels[(found == WITHHELD) & (down % dot < dot // 2) & (across % dot < dot // 2)] = (*_rgb(HIDDEN), 255)
    out = BytesIO()
    imsave(out, pixels, format="png")
    return out.getvalue()


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def fallback_png(release: Release, key: str, language: Language) -> bytes:
    """Draw a layer, the hot spots or the priorities where the browser cannot draw the map.

    Parameters
    ----------
    release
        What the audience may see.
    key
        A layer's key, `hotspot.report.figures.OUTLINES` for the outlines of the hot spots, empty for the priorities.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    bytes
        PNG.
    """
    if key == OUTLINES:
        return hotspots_map(release, language)
    return layer_map(release, key, language) if key else priorities_map(release, language)
