"""Which polygon does each point lie in? Cells that no edge comes near answer at once, the others by their few edges."""

import math
from typing import Any, NamedTuple

import numba
import numpy as np
import shapely
from numpy.typing import NDArray

from hotspot.stats.bands import in_bands

FloatArray = NDArray[np.float64]
WholeArray = NDArray[np.int64]
Shapes = NDArray[np.object_]
Grid = tuple[float, float, float, int, int]  # west, south [m], cells per metre, rows, columns

NONE, UNDECIDED = -1, -2
MOST_CELLS, CELLS_A_POINT, CELLS_AN_EDGE = 4_000_000, 0.5, 4.0  # found by trying, see benchmarks/polygons.py
POINT_NS = 50.0
MANY = 50_000  # edges, and points, that no longer fit into the processor's own memory
NEAR = 1e-6  # of a cell: far more than rounding, far less than matters
ROUNDING = (3.0 + 16.0 * 2.0**-53) * 2.0**-53  # of an orientation by its two products: Shewchuk (1997)


class Edges(NamedTuple):
    """Edges in the order of their polygons: two ends each [m], and where each polygon's begin."""

    ends: FloatArray
    starts: WholeArray


class Cells(NamedTuple):
    """What is known of every cell.

    ``sure`` is the first polygon that holds the whole cell, or -1; ``near`` the polygons with an edge in it, in order,
    from ``near_starts`` on; ``by_row`` the edges of a polygon that touch a row of cells, from ``row_starts`` on, the
    rows of a polygon beginning at ``rows_from`` with row ``first_row``.
    """

    sure: NDArray[np.int32]
    near_starts: NDArray[np.int32]
    near: NDArray[np.int32]
    rows_from: WholeArray
    first_row: WholeArray
    row_starts: WholeArray
    by_row: NDArray[np.int32]


def first_polygon(x: FloatArray, y: FloatArray, polygons: Shapes) -> WholeArray:
    """Find the first polygon that each point lies in, its edge included.

    Parameters
    ----------
    x, y
        Points. [m]
    polygons
        Polygons and multipolygons, in the order that decides where they overlap.

    Returns
    -------
    numpy.ndarray
        Position among the polygons, shape (points,); -1 in none, or where a coordinate is missing.

    Notes
    -----
    The point is inside where a ray to the east crosses an odd number of edges: sign of ``(b - a) x (p - a)`` = side
    of the edge.
    The answer is that of ``shapely.intersects_xy``, exactly: an orientation too small for its own rounding is left
    to GEOS, which computes it in twice the digits.

    How it misleads: areas that lie over each other are told as one: the first one given. A point on a shared border
    belongs to the first too.

    References
    ----------
    Shewchuk (1997) https://doi.org/10.1007/PL00009321
    """
    x, y = np.ascontiguousarray(x, dtype=np.float64), np.ascontiguousarray(y, dtype=np.float64)
    edges = _edges(polygons)
    found = np.full(x.size, NONE, dtype=np.int64)
    if not (len(edges.ends) and x.size):
        return found
    grid = _grid(edges, x.size)
    cells = _cells(edges, grid)
    if min(len(edges.ends), x.size) < MANY:
        _find_all((x, y), edges, grid, cells, found)
    else:  # neighbours one after the other find the edges that they need still at hand
        block = np.empty(x.size, dtype=np.uint16)
        _blocks(x, y, grid, block)
        order = np.argsort(block, kind="stable")
        sorted_found = np.full(x.size, NONE, dtype=np.int64)
        _find_all((x[order], y[order]), edges, grid, cells, sorted_found)
        found[order] = sorted_found
    unsure = np.flatnonzero(found == UNDECIDED)
    if unsure.size:
        point, polygon = shapely.STRtree(polygons).query(shapely.points(x[unsure], y[unsure]), predicate="intersects")
        first = np.full(unsure.size, len(polygons), dtype=np.int64)
        np.minimum.at(first, point, polygon)
        found[unsure] = np.where(first == len(polygons), NONE, first)
    return found


def _edges(polygons: Shapes) -> Edges:
    """Take all rings apart: holes and parts count like outlines, since crossings are counted odd and even."""
    parts, of_part = shapely.get_parts(polygons, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    if not len(xy):
        return Edges(np.empty((0, 4)), np.zeros(len(polygons) + 1, dtype=np.int64))
    follows = ring[1:] == ring[:-1]
    owner = of_part[of_ring[ring[:-1][follows]]]
    ends = np.hstack([xy[:-1][follows], xy[1:][follows]])
    return Edges(np.ascontiguousarray(ends), np.searchsorted(owner, np.arange(len(polygons) + 1)))


def _grid(edges: Edges, points: int) -> Grid:
    """Lay cells over all polygons, with one to spare on every side."""
    ends = edges.ends
    west, south = float(ends[:, [0, 2]].min()), float(ends[:, [1, 3]].min())
    wide, high = float(ends[:, [0, 2]].max()) - west, float(ends[:, [1, 3]].max()) - south
    wanted = min(MOST_CELLS, max(CELLS_A_POINT * points, CELLS_AN_EDGE * len(edges.starts), 64.0))
    side = max(math.sqrt(max(wide, 1e-6) * max(high, 1e-6) / wanted), max(wide, high) / wanted, 1e-9)
    return west - side, south - side, 1.0 / side, math.ceil(high / side) + 3, math.ceil(wide / side) + 3


def _cells(edges: Edges, grid: Grid) -> Cells:
    """Say of every cell which polygon holds it whole, and which have an edge in it."""
    _west, south, per, rows, columns = grid
    ends, starts = edges
    first_row = np.full(len(starts) - 1, rows, dtype=np.int64)
    last_row = np.full(len(starts) - 1, -1, dtype=np.int64)
    low, high = _rows_of(ends, south, per)
    owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    np.minimum.at(first_row, owner, low)
    np.maximum.at(last_row, owner, high)
    rows_from = np.concatenate([[0], np.cumsum(np.maximum(last_row - first_row + 1, 0))])
    key = rows_from[owner] - first_row[owner]
    row_starts = np.zeros(int(rows_from[-1]) + 1, dtype=np.int64)
    by_row = np.empty(int((high - low + 1).sum()), dtype=np.int32)
    _sort_by_row((low, high), key, row_starts, by_row)
    near_starts = np.zeros(rows * columns + 1, dtype=np.int32)
    marked = np.full(rows * columns, -1, dtype=np.int32)
    _touch(edges.ends, edges.starts, grid, marked, near_starts, np.empty(0, dtype=np.int32))
    np.cumsum(near_starts, out=near_starts)
    near = np.empty(int(near_starts[-1]), dtype=np.int32)
    marked.fill(-1)
    _touch(edges.ends, edges.starts, grid, marked, near_starts[:-1].copy(), near)
    cells = Cells(marked, near_starts, near, rows_from, first_row, row_starts, by_row)
    cells.sure.fill(NONE)
    most = int(np.diff(row_starts).max(initial=0))
    _fill(ends, grid, cells, np.empty(most))
    return cells


@numba.njit(cache=True)
def _rows_of(ends: FloatArray, south: float, per: float) -> tuple[WholeArray, WholeArray]:
    """First and last row of cells that each edge touches."""
    low, high = np.empty(len(ends), dtype=np.int64), np.empty(len(ends), dtype=np.int64)
    for e in range(len(ends)):
        a, b = min(ends[e, 1], ends[e, 3]), max(ends[e, 1], ends[e, 3])
        low[e], high[e] = math.floor((a - south) * per - NEAR), math.floor((b - south) * per + NEAR)
    return low, high


@numba.njit(cache=True)
def _sort_by_row(
    rows: tuple[WholeArray, WholeArray], key: WholeArray, starts: WholeArray, by_row: NDArray[Any]
) -> None:
    """List every edge under each row of its polygon that it touches."""
    low, high = rows
    for e in range(len(key)):
        for row in range(low[e], high[e] + 1):
            starts[key[e] + row + 1] += 1
    for k in range(1, len(starts)):
        starts[k] += starts[k - 1]
    at = starts.copy()
    for e in range(len(key)):
        for row in range(low[e], high[e] + 1):
            by_row[at[key[e] + row]] = e
            at[key[e] + row] += 1


@numba.njit(cache=True)
def _touch(
    ends: FloatArray, starts: WholeArray, grid: Grid, marked: NDArray[Any], at: NDArray[Any], near: NDArray[Any]
) -> None:
    """Count the polygons with an edge in each cell, one place further on; or list them from ``at`` on."""
    west, south, per, _rows, columns = grid
    for polygon in range(len(starts) - 1):
        for e in range(starts[polygon], starts[polygon + 1]):
            edge = (
                (ends[e, 0] - west) * per,
                (ends[e, 1] - south) * per,
                (ends[e, 2] - west) * per,
                (ends[e, 3] - south) * per,
            )
            low, high = min(edge[1], edge[3]), max(edge[1], edge[3])
            for row in range(math.floor(low - NEAR), math.floor(high + NEAR) + 1):
                first, last = _columns_of(edge, row)
                for cell in range(row * columns + first, row * columns + last + 1):
                    if marked[cell] == polygon:
                        continue
                    marked[cell] = polygon
                    if len(near):
                        near[at[cell]] = polygon
                        at[cell] += 1
                    else:
                        at[cell + 1] += 1


@numba.njit(cache=True)
def _columns_of(edge: tuple[float, float, float, float], row: int) -> tuple[int, int]:
    """First and last column that an edge [cells] touches in a row."""
    x0, y0, x1, y1 = edge
    if y0 > y1:
        x0, y0, x1, y1 = x1, y1, x0, y0
    a, b = x0, x1
    if y1 - y0 > NEAR:
        slope = (x1 - x0) / (y1 - y0)
        a = x0 + slope * (max(row - NEAR, y0) - y0)
        b = x0 + slope * (min(row + 1 + NEAR, y1) - y0)
    return math.floor(min(a, b) - NEAR), math.floor(max(a, b) + NEAR)


@numba.njit(cache=True)
def _fill(ends: FloatArray, grid: Grid, cells: Cells, crossed: FloatArray) -> None:
    """Give each cell that lies wholly in a polygon its number, row by row; the first polygon stays."""
    west, south, per, _rows, columns = grid
    for polygon in range(len(cells.first_row)):
        for k in range(cells.rows_from[polygon], cells.rows_from[polygon + 1]):
            row = cells.first_row[polygon] + k - cells.rows_from[polygon]
            middle, n = row + 0.5, 0
            for at in range(cells.row_starts[k], cells.row_starts[k + 1]):
                e = cells.by_row[at]
                y0, y1 = (ends[e, 1] - south) * per, (ends[e, 3] - south) * per
                if (y0 > middle) != (y1 > middle):
                    x0, x1 = (ends[e, 0] - west) * per, (ends[e, 2] - west) * per
                    crossed[n] = x0 + (middle - y0) / (y1 - y0) * (x1 - x0)
                    n += 1
            crossed[:n].sort()
            for pair in range(0, n - 1, 2):
                for column in range(math.ceil(crossed[pair] - 0.5), math.floor(crossed[pair + 1] - 0.5) + 1):
                    cell = row * columns + column
                    if cells.sure[cell] == NONE and not _listed(cells, cell, polygon):
                        cells.sure[cell] = polygon


@numba.njit(cache=True)
def _listed(cells: Cells, cell: int, polygon: int) -> bool:
    """Whether a polygon has an edge in a cell."""
    for at in range(cells.near_starts[cell], cells.near_starts[cell + 1]):
        if cells.near[at] >= polygon:  # they stand in order
            return bool(cells.near[at] == polygon)
    return False


def _find_all(points: tuple[FloatArray, FloatArray], edges: Edges, grid: Grid, cells: Cells, found: WholeArray) -> None:
    """Write the first polygon of every point, on every core."""
    size = points[0].size
    in_bands(lambda first, end, _: _find((first, end), points, edges.ends, grid, cells, found), size, POINT_NS * size)


@numba.njit(cache=True)
def _blocks(x: FloatArray, y: FloatArray, grid: Grid, block: NDArray[np.uint16]) -> None:
    """Write in which of 256 by 256 parts of the grid each point lies."""
    west, south, per, rows, columns = grid
    for p in range(x.size):
        across, up = (x[p] - west) * per / columns, (y[p] - south) * per / rows
        inside = across >= 0.0 and up >= 0.0 and across < 1.0 and up < 1.0
        block[p] = int(up * 256.0) * 256 + int(across * 256.0) if inside else 0


@numba.njit(cache=True, nogil=True)
def _find(
    some: tuple[int, int],
    points: tuple[FloatArray, FloatArray],
    ends: FloatArray,
    grid: Grid,
    cells: Cells,
    found: WholeArray,
) -> None:
    """Write the first polygon of some points, or that rounding leaves it undecided."""
    west, south, per, rows, columns = grid
    x, y = points
    for p in range(some[0], some[1]):
        across, up = (x[p] - west) * per, (y[p] - south) * per
        if not (across >= 0.0 and up >= 0.0 and across < columns and up < rows):
            continue
        row = int(up)
        cell = row * columns + int(across)
        answer = cells.sure[cell]
        for at in range(cells.near_starts[cell], cells.near_starts[cell + 1]):
            polygon = cells.near[at]
            if answer != NONE and polygon > answer:
                break
            k = cells.rows_from[polygon] + row - cells.first_row[polygon]
            inside = _inside(x[p], y[p], ends, cells.by_row[cells.row_starts[k] : cells.row_starts[k + 1]])
            if inside != 0:
                answer = polygon if inside == 1 else UNDECIDED
                break
        found[p] = answer


@numba.njit(cache=True)
def _inside(x: float, y: float, ends: FloatArray, edges: NDArray[Any]) -> int:
    """Count crossings of a ray to the east: 1 inside, 0 outside, -1 where an edge is too near to tell."""
    odd = False
    for e in edges:
        x0, y0, x1, y1 = ends[e, 0], ends[e, 1], ends[e, 2], ends[e, 3]
        if y < min(y0, y1) or y > max(y0, y1) or x > max(x0, x1):
            continue
        crosses = (y0 > y) != (y1 > y)
        if x >= min(x0, x1):
            left, right = (x1 - x0) * (y - y0), (y1 - y0) * (x - x0)
            if abs(left - right) <= ROUNDING * (abs(left) + abs(right)):
                return -1
            crosses = crosses and ((left > right) == (y1 > y0))
        odd ^= crosses
    return 1 if odd else 0
