"""How much light reaches the ground from a lamp inventory, at points and on a raster."""

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from hotspot.environment.lamps import LightPoints
from hotspot.environment.photometry import (
    LAMBERT,
    Photometry,
    add_to_points,
    add_to_raster,
    lamp_terms,
    reach_m,
    shape_of,
)
from hotspot.errors import HotspotError
from hotspot.stats.bands import in_bands

_BLOCK = 32  # pixels on a side tested against the coverage at once
_PIXEL_NS = 4.0  # what one lamp's light on one pixel takes about; decides only whether a second thread is worth it

Floats = NDArray[np.float64]
Window = tuple[int, int, int, int]


def illuminance_at(
    points_xy: Floats, lamps: LightPoints, coverage: BaseGeometry, photometry: Photometry = LAMBERT
) -> Floats:
    """How much light falls on the ground at each point.

    Parameters
    ----------
    points_xy
        Positions, shape (points, 2). [m]
    lamps
        Lamps in the state asked for, as from `light_points`.
    coverage
        Where the inventory is complete.
    photometry
        How a lamp spreads its light.

    Returns
    -------
    array, shape (points,)
        Maintained horizontal illuminance; 0 where lamps were looked for and none reaches; NaN outside the
        coverage and within reach of a lamp of unknown output. [lx]

    Notes
    -----
    ``E = I(gamma) cos^3(gamma) / H^2`` summed over lamps within ``max(5 H, 60 m)``. EN 13201-3 stops at 5 H;
    the wider reach keeps a 5 m Lambert lamp of 3000 lm down to 0.002 lx, far below any threshold used. Flat
    and open ground: no shadows of trees or houses, no light from windows or the moon. Lambert underestimates
    the light midway between lamps with road optics: report `UNIFORM_DISC` beside it. Just inside the coverage
    the light of lamps just outside is missing. Never a statement of compliance with EN 13201.
    """
    points = np.asarray(points_xy, dtype=np.float64).reshape(-1, 2)
    lux = np.zeros(len(points))
    if len(lamps):
        add_to_points(lux, points, lamp_terms(lamps, photometry), shape_of(photometry))
    lux[~shapely.contains_xy(_prepared(coverage), points)] = np.nan
    return lux


def illuminance_grid(
    x: Floats, y: Floats, lamps: LightPoints, coverage: BaseGeometry, photometry: Photometry = LAMBERT
) -> NDArray[np.float32]:
    """How much light falls on the ground over a raster.

    Parameters
    ----------
    x, y
        Centres of columns and rows, equally spaced, rising or falling. [m]
    lamps
        Lamps in the state asked for, as from `light_points`.
    coverage
        Where the inventory is complete.
    photometry
        How a lamp spreads its light.

    Returns
    -------
    array, shape (rows, columns)
        As `illuminance_at`, in single precision (relative error below 1e-5). [lx]

    Raises
    ------
    HotspotError
        When the centres are not equally spaced.

    Notes
    -----
    Each lamp is added to the pixels within its reach only, so the time follows lamps × pixels in reach.
    """
    columns, rows = _axis(x), _axis(y)
    surface = _summed(columns, rows, lamps, photometry, (0, len(rows), 0, len(columns)))
    surface[~_covered(columns, rows, _prepared(coverage))] = np.nan
    return surface[_turn(y), _turn(x)].copy()


def illuminance_after(
    surface: NDArray[np.float32],
    axes: tuple[Floats, Floats],
    lamps: tuple[LightPoints, LightPoints],
    coverage: BaseGeometry,
    photometry: Photometry = LAMBERT,
) -> NDArray[np.float32]:
    """How the raster of light looks after some lamps were changed, reckoned around those lamps only.

    Parameters
    ----------
    surface
        Result of `illuminance_grid` for the lamps before, shape (rows, columns). [lx]
    axes
        Centres of its columns and of its rows. [m]
    lamps
        The lamps before and after the change: moved, out, added, raised, brighter.
    coverage, photometry
        As given for ``surface``.

    Returns
    -------
    array, shape (rows, columns)
        Equal to the last bit to `illuminance_grid` with the lamps after; a new array. [lx]
    """
    x, y = axes
    columns, rows = _axis(x), _axis(y)
    before, after = lamps
    inside = _prepared(coverage)
    result = surface.copy()
    upright = result[_turn(y), _turn(x)]
    for lamp_x, lamp_y, height in sorted(_changed(before, after)):
        reach = float(reach_m(height))
        top, bottom = _span(rows, lamp_y, reach)
        left, right = _span(columns, lamp_x, reach)
        part = _summed(columns, rows, after, photometry, (top, bottom, left, right))
        part[~_covered(columns[left:right], rows[top:bottom], inside)] = np.nan
        upright[top:bottom, left:right] = part
    return result


def contributions_at(
    points_xy: Floats, lamps: LightPoints, photometry: Photometry = LAMBERT
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Which lamps light each point, and how much each gives.

    Parameters
    ----------
    points_xy
        Positions, shape (points, 2). [m]
    lamps
        Lamps in the state asked for.
    photometry
        How a lamp spreads its light.

    Returns
    -------
    tuple of arrays, each shape (pairs,)
        Position of the point, position of the lamp in ``lamps``, and its light there (NaN when its output is
        unknown). [lx]
    """
    points = np.asarray(points_xy, dtype=np.float64).reshape(-1, 2)
    terms = lamp_terms(lamps, photometry)
    lit = np.flatnonzero(terms[:, 3] != 0.0)
    farthest = float(np.sqrt(terms[:, 4].max(initial=0.0)))
    pairs = cKDTree(points).sparse_distance_matrix(cKDTree(terms[lit, :2]), farthest, output_type="ndarray")
    pairs = np.sort(pairs, order=["i", "j"])
    at, lamp = pairs["i"], lit[pairs["j"]]
    squared = (points[at, 0] - terms[lamp, 0]) ** 2 + (points[at, 1] - terms[lamp, 1]) ** 2
    within = squared <= terms[lamp, 4]
    at, lamp, squared = at[within], lamp[within], squared[within]
    lux = terms[lamp, 3].copy()
    if photometry.kind == "cosine":
        lux *= (terms[lamp, 2] + squared) ** (-(photometry.power + 3.0) / 2.0)
    return at, lamp, lux


def _summed(
    columns: Floats, rows: Floats, lamps: LightPoints, photometry: Photometry, window: Window
) -> NDArray[np.float32]:
    """The light on the pixels of a window (top, bottom, left, right) of the raster."""
    top, bottom, left, right = window
    part = np.zeros((bottom - top, right - left), dtype=np.float32)
    if not part.size or not len(lamps):
        return part
    terms, shape = lamp_terms(lamps, photometry), shape_of(photometry)

    def band(first: int, end: int, _thread: int) -> None:
        edges = np.array([top + first, top + end, left, right], dtype=np.int64)
        add_to_raster(part[first:end], columns, rows, edges, terms, shape)

    pixel_m2 = float(np.prod([axis[1] - axis[0] for axis in (columns, rows) if len(axis) > 1]))
    lit = np.pi * float(terms[:, 4].sum()) / pixel_m2  # pixels in reach, summed over lamps
    in_bands(band, len(part), _PIXEL_NS * min(lit, float(part.size) * len(lamps)))
    return part


def _span(axis: Floats, at: float, reach: float) -> tuple[int, int]:
    """Pixels from ``at - reach`` to ``at + reach`` and one more on either side against rounding."""
    first = np.searchsorted(axis, at - reach) - 1
    last = np.searchsorted(axis, at + reach, side="right") + 1
    return max(int(first), 0), min(int(last), len(axis))


def _changed(before: LightPoints, after: LightPoints) -> set[tuple[float, float, float]]:
    """Position and height of every lamp, old or new, that is not the same in both."""
    old, new = (
        {(str(i), x, y, h, "?" if np.isnan(f) else f) for i, x, y, h, f in zip(*_columns(lamps), strict=True)}
        for lamps in (before, after)
    )
    return {(lamp[1], lamp[2], lamp[3]) for lamp in old ^ new}


def _columns(lamps: LightPoints) -> tuple[list[object], list[float], list[float], list[float], list[float]]:
    return (
        lamps.lamp_id.tolist(),
        lamps.x.tolist(),
        lamps.y.tolist(),
        lamps.height_m.tolist(),
        lamps.flux_lm.tolist(),
    )


def _prepared(coverage: BaseGeometry) -> BaseGeometry:
    """A copy of the coverage made ready for many questions, the caller's left as it was."""
    own = shapely.from_wkb(shapely.to_wkb(coverage))
    shapely.prepare(own)
    return own


def _covered(columns: Floats, rows: Floats, coverage: BaseGeometry) -> NDArray[np.bool_]:
    """Which pixel centres lie in the coverage: whole blocks first, single pixels only along its edge."""
    tops, lefts = np.arange(0, len(rows), _BLOCK), np.arange(0, len(columns), _BLOCK)
    bottoms, rights = np.minimum(tops + _BLOCK, len(rows)), np.minimum(lefts + _BLOCK, len(columns))
    west, south, east, north = np.broadcast_arrays(
        columns[lefts], rows[tops, None], columns[rights - 1], rows[bottoms - 1, None]
    )
    blocks = shapely.box(west, south, east, north)
    whole = shapely.contains_properly(coverage, blocks)
    inside = np.repeat(np.repeat(whole, bottoms - tops, axis=0), rights - lefts, axis=1)
    for down, across in zip(*np.nonzero(~whole & shapely.intersects(coverage, blocks)), strict=True):
        part = slice(tops[down], bottoms[down]), slice(lefts[across], rights[across])
        x, y = np.meshgrid(columns[part[1]], rows[part[0]])
        inside[part] = shapely.contains_xy(coverage, x, y)
    return inside


def _turn(axis: Floats) -> slice:
    """Turn a raster between the caller's order of an axis and the rising one."""
    return slice(None, None, -1 if len(axis) > 1 and axis[1] < axis[0] else 1)


def _axis(centres: Floats) -> Floats:
    """The centres in rising order, checked to be equally spaced."""
    rising = np.ascontiguousarray(np.asarray(centres, dtype=np.float64)[_turn(centres)])
    steps = np.diff(rising)
    if len(steps) and not (steps[0] > 0.0 and np.allclose(steps, steps[0], rtol=1e-6)):
        raise HotspotError(
            "A raster needs equally spaced centres of its columns and rows.",
            "steps from {least} to {most} m",
            "Make the axes with numpy.arange(first, last, pixel_m).",
            least=float(steps.min()),
            most=float(steps.max()),
        )
    return rising
