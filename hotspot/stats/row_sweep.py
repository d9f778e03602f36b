"""Compact kernels summed exactly along rows: a kernel is a polynomial between its rims, added and taken off once."""

import math

import numba
import numpy as np
from numpy.typing import NDArray

from hotspot.stats.bands import in_bands
from hotspot.stats.kernels import EPANECHNIKOV, QUARTIC, UNIFORM

FloatArray = NDArray[np.float64]

POWERS = {UNIFORM: 0, EPANECHNIKOV: 1, QUARTIC: 2}  # the kernel is (power + 1) / pi * (1 - r**2)**power
REACH_NS, CELL_NS = 15.0, 5.0  # a row that an incident reaches, a cell; measured 2026-11-25
TERMS = 5  # a quartic has five coefficients
LONGEST_ROW = 60.0  # bandwidths; rounding grows with the fourth power of a row's length, below 1e-8 of the peak here


def sweep(column: FloatArray, row: FloatArray, w: FloatArray, out: FloatArray, how: tuple[float, int]) -> None:
    """Write the sum of all incidents' kernels at every cell centre.

    Parameters
    ----------
    column, row
        Where each incident lies, sorted by row; cell centres are whole numbers. [cells]
    w
        Weight of each incident.
    out
        The lattice, overwritten. Divide by the squared bandwidth for an intensity.
    how
        Bandwidth [cells], and the power of ``1 - r**2``: 0, 1 or 2.

    Notes
    -----
    Each row costs two additions of a polynomial per incident that reaches it, however wide the kernel, and one
    shift of the running polynomial per cell. Where no kernel is open the running polynomial is set to exactly 0.
    """
    reaching = column.size * min(2.0 * how[0], out.shape[0])
    in_bands(
        lambda first, end, _: _sweep_rows((first, end), (column, row, w), out, how),
        out.shape[0],
        REACH_NS * reaching + CELL_NS * out.size,
    )


@numba.njit(cache=True, nogil=True)
def _sweep_rows(
    rows: tuple[int, int],
    incidents: tuple[FloatArray, FloatArray, FloatArray],
    out: FloatArray,
    how: tuple[float, int],
) -> None:
    """Write some rows; each stands for itself."""
    column, row, w = incidents
    h, power = how
    columns = out.shape[1]
    change = np.zeros((columns + 1, TERMS))
    opened = np.zeros(columns + 1, dtype=np.int64)
    height = (power + 1) / math.pi
    for i in range(rows[0], rows[1]):
        change[:] = 0.0
        opened[:] = 0
        for p in range(np.searchsorted(row, i - h), np.searchsorted(row, i + h, side="right")):
            left = 1.0 - ((i - row[p]) / h) ** 2
            if left < 0.0:
                continue
            half = h * math.sqrt(left)
            first = max(0, math.ceil(column[p] - half))
            end = min(columns, math.floor(column[p] + half) + 1)
            if first < end:
                _add(change[first], w[p] * height, (left, first - column[p], h), power)
                _add(change[end], -w[p] * height, (left, end - column[p], h), power)
                opened[first] += 1
                opened[end] -= 1
        _run(change, opened, out[i])


@numba.njit(cache=True)
def _add(terms: FloatArray, weight: float, where: tuple[float, float, float], power: int) -> None:
    """Add ``weight * (left - ((away + t) / h)**2)**power`` as coefficients of t."""
    left, away, h = where
    if power == 0:
        terms[0] += weight
        return
    s = 1.0 / h**2
    e0, e1, e2 = left - s * away**2, -2.0 * s * away, -s
    if power == 1:
        terms[0] += weight * e0
        terms[1] += weight * e1
        terms[2] += weight * e2
        return
    terms[0] += weight * e0 * e0
    terms[1] += weight * 2.0 * e0 * e1
    terms[2] += weight * (e1 * e1 + 2.0 * e0 * e2)
    terms[3] += weight * 2.0 * e1 * e2
    terms[4] += weight * e2 * e2


@numba.njit(cache=True)
def _run(change: FloatArray, opened: NDArray[np.int64], line: FloatArray) -> None:
    """Walk along a row with the running polynomial, moved on by one cell each time."""
    c0 = c1 = c2 = c3 = c4 = 0.0
    active = 0
    for j in range(line.size):
        active += opened[j]
        if active == 0:
            c0 = c1 = c2 = c3 = c4 = 0.0
            line[j] = 0.0
            continue
        c0 += change[j, 0]
        c1 += change[j, 1]
        c2 += change[j, 2]
        c3 += change[j, 3]
        c4 += change[j, 4]
        line[j] = max(c0, 0.0)
        c0 += c1 + c2 + c3 + c4
        c1 += 2.0 * c2 + 3.0 * c3 + 4.0 * c4
        c2 += 3.0 * c3 + 6.0 * c4
        c3 += 4.0 * c4
