"""The compiled sums behind the density surfaces: every incident's kernel added where it reaches."""

import math

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import binary_dilation
from scipy.special import ndtr

from hotspot.errors import HotspotError
from hotspot.stats.kernels import GAUSSIAN, kernel_value

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

GAUSSIAN_REACH = 6.5  # sigma; the mass cut off is exp(-6.5**2 / 2) = 7e-10 of each incident


@numba.njit(cache=True)
def _span(centre: float, reach: float, size: int) -> tuple[int, int]:
    """Return first and one past the last cell centre within reach."""
    return max(0, math.ceil(centre - reach)), min(size, math.floor(centre + reach) + 1)


@numba.njit(cache=True, nogil=True)
def scatter(column: FloatArray, row: FloatArray, w: FloatArray, out: FloatArray, how: tuple[float, int, int]) -> None:
    """Add every incident's kernel to the cells within reach.

    Parameters
    ----------
    column, row
        Where each incident lies; cell centres are whole numbers. [cells]
    w
        Weight of each incident.
    out
        The lattice, added to in place. Divide by the squared bandwidth for an intensity.
    how
        Bandwidth [cells], the kernel's code, and 1 for the kernel or 2 for its square.
    """
    h, code, power = how
    rows, columns = out.shape
    reach = GAUSSIAN_REACH * h if code == GAUSSIAN else h
    line = np.empty(columns)
    for p in range(column.size):
        first, last = _span(row[p], reach, rows)
        left, right = _span(column[p], reach, columns)
        weight = w[p] if power == 1 else w[p] ** 2
        _fill_line(line, (left, right), column[p], how)
        for i in range(first, last):
            dy2 = ((i - row[p]) / h) ** 2
            if code == GAUSSIAN:
                height = weight * math.exp(-0.5 * power * dy2) / (2.0 * math.pi) ** power
                for j in range(left, right):
                    out[i, j] += height * line[j]
            else:
                for j in range(left, right):
                    out[i, j] += weight * kernel_value(dy2 + line[j], code) ** power


@numba.njit(cache=True, nogil=True)
def share_inside(column: FloatArray, row: FloatArray, mask: BoolArray, h: float, code: int) -> FloatArray:
    """Find the mass that the cells of the place receive from every incident, exactly as `scatter` gives it.

    Parameters
    ----------
    column, row
        Where each incident lies; cell centres are whole numbers. [cells]
    mask
        Cells of the place.
    h
        Bandwidth. [cells]
    code
        The kernel's code.

    Returns
    -------
    numpy.ndarray
        Share, shape (incidents,); may pass 1 by the error of sampling at cell centres.
    """
    share = np.zeros(column.size)
    reach = GAUSSIAN_REACH * h if code == GAUSSIAN else h
    line = np.empty(mask.shape[1])
    for p in range(column.size):
        first, last = _span(row[p], reach, mask.shape[0])
        left, right = _span(column[p], reach, mask.shape[1])
        _fill_line(line, (left, right), column[p], (h, code, 1))
        for i in range(first, last):
            dy2 = ((i - row[p]) / h) ** 2
            share[p] += _row_mass(line, mask[i], (left, right), dy2, code)
    return share / h**2


@numba.njit(cache=True)
def _fill_line(line: FloatArray, span: tuple[int, int], centre: float, how: tuple[float, int, int]) -> None:
    """Write what each column contributes: the Gaussian's factor, or the squared distance along the row."""
    h, code, power = how
    for j in range(span[0], span[1]):
        dx2 = ((j - centre) / h) ** 2
        line[j] = math.exp(-0.5 * power * dx2) if code == GAUSSIAN else dx2


@numba.njit(cache=True)
def _row_mass(line: FloatArray, inside: BoolArray, span: tuple[int, int], dy2: float, code: int) -> float:
    """Sum one kernel over the cells of the place in one row."""
    mass = 0.0
    for j in range(span[0], span[1]):
        if inside[j]:
            mass += line[j] if code == GAUSSIAN else kernel_value(dy2 + line[j], code)
    return mass * math.exp(-0.5 * dy2) / (2.0 * math.pi) if code == GAUSSIAN else mass


@numba.njit(cache=True, nogil=True)
def sum_at(at: FloatArray, x: FloatArray, y: FloatArray, w: FloatArray, h: float, code: int) -> FloatArray:
    """Sum the kernels of all incidents at every place.

    Parameters
    ----------
    at
        Places, shape (places, 2). [m]
    x, y, w
        Incidents sorted by y, and their weights. [m]
    h
        Bandwidth. [m]
    code
        The kernel's code.

    Returns
    -------
    numpy.ndarray
        Sum, shape (places,); NaN where a place is unknown. Divide by the squared bandwidth.
    """
    out = np.zeros(at.shape[0])
    reach = GAUSSIAN_REACH * h if code == GAUSSIAN else h
    for k in range(at.shape[0]):
        if not (math.isfinite(at[k, 0]) and math.isfinite(at[k, 1])):
            out[k] = np.nan
            continue
        first = np.searchsorted(y, at[k, 1] - reach)
        last = np.searchsorted(y, at[k, 1] + reach, side="right")
        for p in range(first, last):
            r2 = ((x[p] - at[k, 0]) ** 2 + (y[p] - at[k, 1]) ** 2) / h**2
            out[k] += w[p] * kernel_value(r2, code)
    return out


@numba.njit(cache=True)
def heights(axis: FloatArray, code: int) -> FloatArray:
    """Read the kernel off the square lattice of an axis.

    Parameters
    ----------
    axis
        Positions in units of the bandwidth.
    code
        The kernel's code.

    Returns
    -------
    numpy.ndarray
        Heights at every pair of positions.
    """
    out = np.empty((axis.size, axis.size))
    for i in range(axis.size):
        for j in range(axis.size):
            out[i, j] = kernel_value(axis[i] ** 2 + axis[j] ** 2, code)
    return out


def checked(points_xy: ArrayLike, weights: ArrayLike | None) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Check incidents and take them apart.

    Parameters
    ----------
    points_xy
        Incidents, shape (incidents, 2). [m]
    weights
        Weight of each incident; 1 when None.

    Returns
    -------
    tuple of numpy.ndarray
        x and y, copied, and weight, in the order given.

    Raises
    ------
    HotspotError
        If a coordinate is missing, or a weight is missing or negative.
    """
    points = np.asarray(points_xy, dtype=np.float64).reshape(-1, 2)
    weight = np.ones(len(points)) if weights is None else np.asarray(weights, dtype=np.float64).ravel()
    if weight.size != len(points):
        raise HotspotError(
            "there must be one weight per incident.",
            "{weights} weights for {n} incidents", "give one weight each",
            weights=weight.size, n=len(points),
        )  # fmt: skip
    x, y = points[:, 0].copy(), points[:, 1].copy()
    if math.isfinite(x.sum() + y.sum() + weight.sum()) and weight.min(initial=0.0) >= 0.0:
        return x, y, weight
    bad = ~(np.isfinite(x) & np.isfinite(y) & np.isfinite(weight) & (weight >= 0))
    if bad.any():
        raise HotspotError(
            "every incident needs coordinates, and a weight that is not negative.",
            "{n} incidents without, first in row {row}",
            "leave these incidents out and count them as dropped",
            n=int(bad.sum()), row=int(np.flatnonzero(bad)[0]),
        )  # fmt: skip
    return x, y, weight


def in_order(points_xy: ArrayLike, weights: ArrayLike | None) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Check incidents and sort them by y: sums then never depend on the order of rows.

    Parameters
    ----------
    points_xy
        Incidents, shape (incidents, 2). [m]
    weights
        Weight of each incident; 1 when None.

    Returns
    -------
    tuple of numpy.ndarray
        x, y and weight in one order.

    Raises
    ------
    HotspotError
        If a coordinate is missing, or a weight is missing or negative.
    """
    x, y, weight = checked(points_xy, weights)
    order = np.lexsort((weight, x, y))
    return x[order], y[order], weight[order]


def near_mask(column: FloatArray, row: FloatArray, mask: BoolArray) -> BoolArray:
    """Tell which incidents belong to the place.

    Parameters
    ----------
    column, row
        Where each incident lies; cell centres are whole numbers. [cells]
    mask
        Cells of the place.

    Returns
    -------
    numpy.ndarray
        True in, or right beside, a cell of the place: the boundary cuts cells.
    """
    wide = np.pad(binary_dilation(mask, np.ones((3, 3), dtype=np.bool_)), 1)
    wide[1:-1, 1:-1] |= mask
    i = np.clip(np.rint(row).astype(np.int64) + 1, 0, mask.shape[0] + 1)
    j = np.clip(np.rint(column).astype(np.int64) + 1, 0, mask.shape[1] + 1)
    return np.asarray(wide[i, j], dtype=np.bool_)


def kernel_over_cells(h: float, code: int) -> FloatArray:
    """Mass of the kernel at a cell's centre in the cells around it.

    Parameters
    ----------
    h
        Bandwidth. [cells]
    code
        The kernel's code.

    Returns
    -------
    numpy.ndarray
        Masses adding up to 1, shape (2k+1, 2k+1), the cell itself in the middle.
    """
    half = math.ceil((GAUSSIAN_REACH * h if code == GAUSSIAN else h) + 0.5)
    centre = np.arange(-half, half + 1, dtype=np.float64)
    if code == GAUSSIAN:
        line = ndtr((centre + 0.5) / h) - ndtr((centre - 0.5) / h)
        table = np.outer(line, line)
    else:
        parts = max(1, math.ceil(40.0 / h))
        step = (np.arange(parts) + 0.5) / parts - 0.5
        fine = (centre[:, None] + step[None, :]).ravel()
        table = heights(fine / h, code).reshape(centre.size, parts, centre.size, parts).sum(axis=(1, 3))
    return np.asarray(table / table.sum(), dtype=np.float64)
