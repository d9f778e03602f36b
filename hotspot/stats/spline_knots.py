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
    return v * v * v / 6.0, 2.0 / 3.0 - u * u * (2.0 - u) / 2.0, 2.0 / 3.0 - v * v * (2.0 - v) / 2.0, u * u * u / 6.0


@numba.njit(cache=True, nogil=True)
def spread(column: FloatArray, row: FloatArray, w: FloatArray, counted: NDArray[Any], frame: Knots) -> None:
    """Share every incident among sixteen knots, in whole numbers; those beyond the margin reach no cell."""
    step, top, left = frame
    rows, columns = counted.shape
    for p in range(column.size):
        y, x = (row[p] - top) / step, (column[p] - left) / step
        i, j = math.floor(y), math.floor(x)
        if i < 1 or j < 1 or i > rows - 3 or j > columns - 3:
            continue
        a = _weights(y - i)
        b = _weights(x - j)
        for k in range(SUPPORT):
            height = w[p] * a[k]
            for m in range(SUPPORT):
                counted[i - 1 + k, j - 1 + m] += np.int64(height * b[m])


@numba.njit(cache=True, nogil=True)
def read(column: FloatArray, row: FloatArray, field: NDArray[Any], frame: Knots) -> FloatArray:
    """Read a field at every incident with the weights that spread it; 0 beyond the margin."""
    step, top, left = frame
    rows, columns = field.shape
    out = np.zeros(column.size)
    for p in range(column.size):
        y, x = (row[p] - top) / step, (column[p] - left) / step
        i, j = math.floor(y), math.floor(x)
        if i < 1 or j < 1 or i > rows - 3 or j > columns - 3:
            continue
        a = _weights(y - i)
        b = _weights(x - j)
        for k in range(SUPPORT):
            for m in range(SUPPORT):
                out[p] += a[k] * b[m] * field[i - 1 + k, j - 1 + m]
    return out


@numba.njit(cache=True, nogil=True)
def multiply(
    first: int, end: int, spectrum: NDArray[Any], turns: Pair, splines: Pair, table: tuple[NDArray[Any], float]
) -> None:
    """Multiply some rows of the spectrum by a compact kernel's transform over the spline's."""
    values, times = table
    for i in range(first, end):
        square = turns[0][i] ** 2
        for j in range(spectrum.shape[1]):
            at = math.sqrt(square + turns[1][j] ** 2) / TABLE_STEP
            k = int(at)
            height = values[k] + (at - k) * (values[k + 1] - values[k])
            spectrum[i, j] *= height * times * splines[0][i] * splines[1][j]


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
