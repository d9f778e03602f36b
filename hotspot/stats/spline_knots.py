"""The compiled parts of the spline sums: onto the knots, off the knots, and the transform in between."""

import math
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Pair = tuple[NDArray[Any], NDArray[Any]]
Knots = tuple[float, float, float]  # spacing, and first knot (row, column) [cells]

SUPPORT = 4  # knots under a cubic spline
TABLE_STEP = 2e-3  # of the compact kernels' transform, read linearly: error below 1e-7


@numba.njit(cache=True)
def _weights(u: float) -> tuple[float, float, float, float]:
    """Cubic B-spline at the knots -1, 0, 1, 2 around a place u past knot 0."""
    v = 1.0 - u
    sixth, most = 1.0 / 6.0, 2.0 / 3.0
    return v * v * v * sixth, most - u * u * (1.0 - 0.5 * u), most - v * v * (1.0 - 0.5 * v), u * u * u * sixth


@numba.njit(cache=True, nogil=True)
def spread(
    some: tuple[int, int],
    incidents: tuple[FloatArray, FloatArray, FloatArray],
    one: float,
    counted: NDArray[Any],
    frame: Knots,
) -> None:
    """Share some incidents among sixteen knots each, in whole numbers; those beyond the margin reach no cell."""
    step, top, left = frame
    column, row, w = incidents
    rows, columns = counted.shape
    flat, per = counted.ravel(), 1.0 / step
    for p in range(some[0], some[1]):
        y, x = (row[p] - top) * per, (column[p] - left) * per
        if not (y >= 1.0 and x >= 1.0 and y < rows - 2 and x < columns - 2):
            continue
        i, j = np.int64(y), np.int64(x)
        b = _weights(x - j)
        at = np.uint64((i - 1) * columns + j - 1)
        for share in _weights(y - i):
            height = w[p] * one * share
            flat[at] += np.int64(height * b[0])
            flat[at + np.uint64(1)] += np.int64(height * b[1])
            flat[at + np.uint64(2)] += np.int64(height * b[2])
            flat[at + np.uint64(3)] += np.int64(height * b[3])
            at += np.uint64(columns)


@numba.njit(cache=True, nogil=True)
def read(
    first: int, end: int, incidents: tuple[FloatArray, FloatArray, FloatArray], field: NDArray[Any], frame: Knots
) -> None:
    """Read a field at some incidents with the weights that spread them, into the third array; 0 beyond the margin."""
    step, top, left = frame
    column, row, out = incidents
    rows, columns = field.shape
    per = 1.0 / step
    for p in range(first, end):
        y, x = (row[p] - top) * per, (column[p] - left) * per
        out[p] = 0.0
        if not (y >= 1.0 and x >= 1.0 and y < rows - 2 and x < columns - 2):
            continue
        i, j = np.int64(y), np.int64(x)
        a = _weights(y - i)
        b = _weights(x - j)
        for k in range(SUPPORT):
            for m in range(SUPPORT):
                out[p] += a[k] * b[m] * field[i - 1 + k, j - 1 + m]


@numba.njit(cache=True, nogil=True)
def multiply(
    first: int, end: int, spectrum: NDArray[Any], turns: Pair, splines: Pair, table: tuple[NDArray[Any], float]
) -> None:
    """Multiply some rows of the spectrum, and those that mirror them, by a compact kernel's over the spline's.

    Rows are those from 0 to half their number; turns and splines count in steps of the table.
    """
    values, times = table
    for i in range(first, end):
        square, mirror = turns[0][i] ** 2, (spectrum.shape[0] - i) % spectrum.shape[0]
        down = splines[0][i] * times
        for j in range(spectrum.shape[1]):
            at = math.sqrt(square + turns[1][j] ** 2)
            k = np.uint64(at)
            low = values[k]
            height = np.float32((low + (at - k) * (values[k + np.uint64(1)] - low)) * down * splines[1][j])
            spectrum[i, j] *= height
            if mirror != i:
                spectrum[mirror, j] *= height


@numba.njit(cache=True, nogil=True)
def widen(first: int, end: int, wide: NDArray[Any], field: NDArray[Any], knots: Pair) -> None:
    """Read some rows of the lattice at the columns of the surface, four knots each."""
    at, weights = knots
    for i in range(first, end):
        line = field[i]
        for j in range(wide.shape[1]):
            k = np.uint64(at[j] - 1)
            value = weights[j, 0] * line[k] + weights[j, 1] * line[k + np.uint64(1)]
            value += weights[j, 2] * line[k + np.uint64(2)] + weights[j, 3] * line[k + np.uint64(3)]
            wide[i, j] = value


@numba.njit(cache=True, nogil=True)
def heighten(first: int, end: int, out: FloatArray, wide: NDArray[Any], knots: Pair, noise: float) -> None:
    """Write some rows of the surface from four rows of the lattice each."""
    at, weights = knots
    for i in range(first, end):
        k = at[i] - 1
        a, b, c, d = weights[i, 0], weights[i, 1], weights[i, 2], weights[i, 3]
        for j in range(out.shape[1]):
            value = a * wide[k, j] + b * wide[k + 1, j] + c * wide[k + 2, j] + d * wide[k + 3, j]
            out[i, j] = value if value > noise else 0.0


@numba.njit(cache=True, nogil=True)
def cut(first: int, end: int, out: FloatArray, field: NDArray[Any], noise: float) -> None:
    """Write some rows of the surface straight from the lattice."""
    for i in range(first, end):
        for j in range(out.shape[1]):
            value = field[i, j]
            out[i, j] = value if value > noise else 0.0


@numba.njit(cache=True, nogil=True)
def gather(mask: NDArray[np.bool_], down: Pair, across: Pair, tall: FloatArray, out: FloatArray) -> None:
    """Spread the cells of a place on the lattice as `widen` and `heighten` read it: down the rows, then across.

    ``tall`` has the rows of the lattice and the columns of the mask; both it and ``out`` begin as 0.
    """
    at, weights = down
    for i in range(mask.shape[0]):
        for k in range(SUPPORT):
            share, row = weights[i, k], at[i] - 1 + k
            for j in range(mask.shape[1]):
                tall[row, j] += share * mask[i, j]
    at, weights = across
    for i in range(tall.shape[0]):
        for j in range(tall.shape[1]):
            for k in range(SUPPORT):
                out[i, at[j] - 1 + k] += weights[j, k] * tall[i, j]
