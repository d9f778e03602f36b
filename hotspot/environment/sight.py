"""How far one sees: free lines of sight among houses, hedges and thickets."""

from typing import NamedTuple

import geopandas as gpd
import numba
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspot.environment.routes import points_along

RAYS = 36
CAP_M = 50.0  # nobody is asked to see farther (METHODS 3.1, assumption)
LOW_PROSPECT_M = 15.0  # below this the view is short (METHODS 3.1, assumption)
STEP_M = 10.0  # between the places one looks from
REFUGE_M, REFUGE_CELL_M = 15.0, 5.0  # hiding places are looked for this near, on a lattice this fine
_BIN_M = 25.0  # edges are filed in squares of this side

Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]


class _Edges(NamedTuple):
    """Edges of obstacles filed by square: those of square k are ``edges[start[k]:start[k + 1]]``."""

    edges: Floats
    start: NDArray[np.int64]
    origin: Floats
    shape: NDArray[np.int64]


def sight_lengths(points_xy: Floats, obstacles: Geometries, *, rays: int = RAYS, cap_m: float = CAP_M) -> Floats:
    """How far one sees in every direction from each point.

    Parameters
    ----------
    points_xy
        Places to look from, shape (points, 2). [m]
    obstacles
        What blocks the view at eye height: houses, hedges, thickets, solid fences; polygons and lines. Points
        block nothing.
    rays
        Directions, the first to the east, anticlockwise.
    cap_m
        Farthest sight that counts. [m]

    Returns
    -------
    array, shape (points, rays)
        Free sight, 0 to ``cap_m``; 0 in all directions from inside an obstacle. [m]

    Notes
    -----
    A plane isovist: flat ground, obstacles opaque and taller than the eye, clear stems no obstacle. Its area
    is about half the sum of squared lengths times the angle between rays; between two rays something narrow
    may stand unseen.
    """
    points = np.ascontiguousarray(points_xy, dtype=np.float64).reshape(-1, 2)
    angles = np.arange(rays) * (2.0 * np.pi / rays)
    lengths = np.full((len(points), rays), float(cap_m))
    filed = _filed(obstacles)
    if len(filed.edges) and len(points):
        _cast(points, np.column_stack([np.cos(angles), np.sin(angles)]), *filed, lengths)
    inside = shapely.STRtree(obstacles).query(shapely.points(points), predicate="within")[0]
    lengths[inside] = 0.0
    return lengths


def segment_prospect(
    segments: gpd.GeoDataFrame,
    buildings: Geometries,
    green: Geometries,
    *,
    step_m: float = STEP_M,
) -> pd.DataFrame:
    """How open the view is along each path segment, and how much of it green areas take.

    Parameters
    ----------
    segments
        Lines, metric coordinates.
    buildings
        Houses, walls and solid fences.
    green
        Vegetation that blocks the view at eye height.
    step_m
        Longest distance between the places one looks from. [m]

    Returns
    -------
    DataFrame
        On the index of ``segments``: ``prospect_m`` mean sight with both, ``prospect_least_m`` the shortest
        mean sight of any place, ``prospect_low`` share of places with a mean sight below 15 m,
        ``sight_lost_m`` mean sight that the vegetation takes; NaN without a line. [m]

    References
    ----------
    Fisher, B. and Nasar, J. (1992), Environment and Behavior 24.
    """
    points, owner, _ = points_along(segments.geometry.to_numpy(), step_m)
    with_both = sight_lengths(points, np.concatenate([buildings, green])).mean(axis=1)
    houses_only = sight_lengths(points, buildings).mean(axis=1)
    places = pd.DataFrame(
        {
            "prospect_m": with_both,
            "prospect_least_m": with_both,
            "prospect_low": (with_both < LOW_PROSPECT_M).astype(np.float64),
            "sight_lost_m": houses_only - with_both,
        }
    )
    how = {"prospect_m": "mean", "prospect_least_m": "min", "prospect_low": "mean", "sight_lost_m": "mean"}
    table = places.groupby(owner).agg(how).reindex(range(len(segments)))
    return table.set_axis(segments.index, axis=0)


def segment_refuges(
    segments: gpd.GeoDataFrame, buildings: Geometries, green: Geometries, *, step_m: float = STEP_M
) -> pd.DataFrame:
    """How many places to hide there are close to each path segment, and how many the vegetation makes.

    Parameters
    ----------
    segments
        Lines, metric coordinates.
    buildings
        Houses, walls and solid fences; nobody hides inside, but behind.
    green
        Vegetation that blocks the view at eye height; one hides inside and behind.
    step_m
        Longest distance between the places one looks from. [m]

    Returns
    -------
    DataFrame
        On the index of ``segments``: ``refuges`` squares of 5 m within 15 m of the line whose centre no place on
        the line sees, ``refuges_green`` those of them that would be seen without the vegetation; NaN without
        a line. [squares]

    Notes
    -----
    A simple form of refuge: concealment only, not whether anybody can get there. A square counts as seen when
    the straight line to one of the places is free. Long segments have more squares: compare per metre.
    """
    lines = segments.geometry.to_numpy()
    points, owner, _ = points_along(lines, step_m)
    cells, near, squares, which_square = _cells_near(lines, shapely.STRtree(buildings))
    pairs = np.column_stack(_pairs(owner, near))
    houses = ~_seen(points, cells, pairs, _filed(buildings))
    hidden = ~_seen(points, cells, pairs, _filed(np.concatenate([buildings, green])))
    hidden |= _within(squares, shapely.STRtree(green))[which_square]
    exists = np.isin(np.arange(len(lines)), owner)
    counts = {"refuges": hidden, "refuges_green": hidden & ~houses}
    frame = {name: np.bincount(near[which], minlength=len(lines)) for name, which in counts.items()}
    table = pd.DataFrame(frame, index=segments.index).astype(np.float64)
    return table.where(np.broadcast_to(exists[:, None], table.shape))


def _seen(points: Floats, cells: Floats, pairs: NDArray[np.int64], filed: _Edges) -> NDArray[np.bool_]:
    """Whether any place of its segment sees each cell."""
    seen = np.zeros(len(cells), dtype=np.bool_)
    if len(filed.edges) and len(pairs):
        _look(points, cells, pairs, *filed, seen)
    else:
        seen[pairs[:, 1]] = True
    return seen


def _cells_near(
    lines: Geometries, buildings: shapely.STRtree
) -> tuple[Floats, NDArray[np.int64], Geometries, NDArray[np.int64]]:
    """Centres of lattice squares near each line and outside the houses, with the line's position.

    A square near several lines comes once for each; the last two are each square once, as a point, and which of
    them every centre is.
    """
    bounds = np.nan_to_num(shapely.bounds(lines).reshape(-1, 4))
    low = np.floor((bounds[:, :2] - REFUGE_M) / REFUGE_CELL_M).astype(np.int64)
    size = np.ceil((bounds[:, 2:] + REFUGE_M) / REFUGE_CELL_M).astype(np.int64) - low
    size[shapely.is_missing(lines) | shapely.is_empty(lines)] = 0
    count = size.prod(axis=1)
    near = np.repeat(np.arange(len(lines)), count)
    number = np.arange(len(near)) - np.repeat(np.cumsum(count) - count, count)
    across = np.column_stack([number % np.maximum(size[near, 0], 1), number // np.maximum(size[near, 0], 1)])
    square = low[near] + across
    first, which = _once(square)
    centres = (square + 0.5) * REFUGE_CELL_M
    places = shapely.points(centres[first])
    keep = shapely.dwithin(places[which], lines[near], REFUGE_M) & ~_within(places, buildings)[which]
    return centres[keep], near[keep], places, which[keep]


def _once(square: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each different square comes first, and which of them every square is."""
    if not len(square):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    west, south = square.min(axis=0)
    number = (square[:, 0] - west) * (square[:, 1].max() - south + 1) + square[:, 1] - south
    _, first, which = np.unique(number, return_index=True, return_inverse=True)
    return first, which


def _within(places: Geometries, shapes: shapely.STRtree) -> NDArray[np.bool_]:
    """Whether each place lies in any of the shapes."""
    inside = np.zeros(len(places), dtype=np.bool_)
    inside[shapes.query(places, predicate="within")[0]] = True
    return inside


def _pairs(owner: NDArray[np.int64], near: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every place with every cell of the same segment; both come sorted by segment."""
    first = np.searchsorted(owner, near)
    count = np.searchsorted(owner, near, side="right") - first
    cell = np.repeat(np.arange(len(near)), count)
    number = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count)
    return first[cell] + number, cell


def _filed(obstacles: Geometries) -> _Edges:
    """The edges of polygons and lines, filed in every square that their bounding box touches."""
    parts = shapely.get_parts(obstacles[~shapely.is_missing(obstacles)])
    parts = parts[shapely.get_dimensions(parts) > 0]
    rings = np.where(shapely.get_dimensions(parts) == 2, shapely.boundary(parts), parts)  # noqa: PLR2004 - a surface
    xy, line = shapely.get_coordinates(shapely.get_parts(rings), return_index=True)
    same = line[1:] == line[:-1]
    edges = np.column_stack([xy[:-1][same], xy[1:][same]]) if len(xy) else np.zeros((0, 4))
    if not len(edges):
        return _Edges(edges, np.zeros(1, np.int64), np.zeros(2), np.zeros(2, np.int64))
    low, high = np.minimum(edges[:, :2], edges[:, 2:]), np.maximum(edges[:, :2], edges[:, 2:])
    origin = low.min(axis=0)
    first, last = (np.floor((corner - origin) / _BIN_M).astype(np.int64) for corner in (low, high))
    shape = last.max(axis=0) + 1
    span = last - first + 1
    count = span.prod(axis=1)
    which = np.repeat(np.arange(len(edges)), count)
    number = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    column, row = first[which, 0] + number % span[which, 0], first[which, 1] + number // span[which, 0]
    square = row * shape[0] + column
    order = np.argsort(square, kind="stable")
    start = np.searchsorted(square[order], np.arange(shape.prod() + 1))
    return _Edges(edges[which[order]], start, origin, shape)


@numba.njit(cache=True, nogil=True)
def _meets(px, py, dx, dy, edge):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - a compiled loop
    """How many times (dx, dy) from the point the ray meets the edge; infinite if it misses it."""
    ex, ey = edge[2] - edge[0], edge[3] - edge[1]
    across = dx * ey - dy * ex
    if across == 0.0:
        return np.inf
    ax, ay = edge[0] - px, edge[1] - py
    along_edge = (ax * dy - ay * dx) / across
    along_ray = (ax * ey - ay * ex) / across
    if along_ray < 0.0 or along_edge < 0.0 or along_edge > 1.0:
        return np.inf
    return along_ray


@numba.njit(cache=True, nogil=True)
def _cast(points, directions, edges, start, origin, shape, lengths):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913, PLR0917 - a compiled loop
    """Shorten every ray to the first edge it meets."""
    for point in range(len(points)):
        px, py = points[point]
        cap = lengths[point, 0]
        left = max(0, int(np.floor((px - cap - origin[0]) / _BIN_M)))
        right = min(shape[0] - 1, int(np.floor((px + cap - origin[0]) / _BIN_M)))
        low = max(0, int(np.floor((py - cap - origin[1]) / _BIN_M)))
        high = min(shape[1] - 1, int(np.floor((py + cap - origin[1]) / _BIN_M)))
        for row in range(low, high + 1):
            for edge in range(start[row * shape[0] + left], start[row * shape[0] + right + 1] if left <= right else 0):
                for ray in range(len(directions)):
                    at = _meets(px, py, directions[ray, 0], directions[ray, 1], edges[edge])
                    lengths[point, ray] = min(lengths[point, ray], at)


@numba.njit(cache=True, nogil=True)
def _look(points, cells, pairs, edges, start, origin, shape, seen):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913, PLR0917 - a compiled loop
    """Mark the cells that at least one of their places sees."""
    for pair in range(len(pairs)):
        px, py = points[pairs[pair, 0]]
        cx, cy = cells[pairs[pair, 1]]
        left = max(0, int(np.floor((min(px, cx) - origin[0]) / _BIN_M)))
        right = min(shape[0] - 1, int(np.floor((max(px, cx) - origin[0]) / _BIN_M)))
        low = max(0, int(np.floor((min(py, cy) - origin[1]) / _BIN_M)))
        high = min(shape[1] - 1, int(np.floor((max(py, cy) - origin[1]) / _BIN_M)))
        blocked = False
        for row in range(low, high + 1):
            for edge in range(start[row * shape[0] + left], start[row * shape[0] + right + 1] if left <= right else 0):
                if _meets(px, py, cx - px, cy - py, edges[edge]) <= 1.0:
                    blocked = True
                    break
            if blocked:
                break
        if not blocked:
            seen[pairs[pair, 1]] = True
