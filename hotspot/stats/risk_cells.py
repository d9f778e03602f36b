"""What is said of every cell of a relative risk: the log ratio, its error under chance, and a two-sided p."""

import math
from functools import lru_cache
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from hotspot.stats.bands import in_bands

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

STEPS = 64.0  # of the table of log p, per standard error; read by cubics: 1e-9 of p
FURTHEST = 38.0  # standard errors; beyond, p is below the smallest number
CELL_NS = 20.0


class Compared(NamedTuple):
    """The two kinds: all their weight, how many whole incidents carry as much, and sigma. [m]

    ``least`` is the density of each below which nothing is said. [incidents/m2]
    """

    cases: float
    cases_effective: float
    controls: float
    controls_effective: float
    sigma_m: float
    least: tuple[float, float]


def compare(
    densities: tuple[FloatArray, FloatArray], shares: tuple[FloatArray, FloatArray], mask: BoolArray, of: Compared
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Compare two densities cell by cell.

    Parameters
    ----------
    densities
        Of the cases and of the controls, not corrected at the edge. [incidents/m2]
    shares
        Of a kernel inside the place, sigma over the root of 2 and sigma wide.
    mask
        Cells of the place.
    of
        What is compared.

    Returns
    -------
    tuple of numpy.ndarray
        Log ratio of the densities as shares of all, its standard error, and the two-sided normal p; NaN outside and
        where either density, corrected at the edge, is below its least.

    Notes
    -----
    The correction of the densities cancels in their ratio: it shows only in the error and in the least density.
    """
    ratio, error, pvalue = (np.empty(mask.shape) for _ in range(3))
    table = _table()
    weighed = 1.0 / of.cases_effective + 1.0 / of.controls_effective
    roughness = weighed * (of.cases + of.controls) / (4.0 * math.pi * of.sigma_m**2)
    numbers = of.least[0], of.least[1], of.controls / of.cases, roughness

    def some_rows(first: int, end: int, _thread: int) -> None:
        here = slice(first, end)
        given = densities[0][here], densities[1][here], shares[0][here], shares[1][here]
        _ratio_and_error(given, mask[here], numbers, ratio[here], error[here])
        np.log(ratio[here], out=ratio[here])
        _log_pvalue(ratio[here], error[here], table, pvalue[here])
        np.exp(pvalue[here], out=pvalue[here])

    in_bands(some_rows, mask.shape[0], CELL_NS * mask.size)
    return ratio, error, pvalue


@numba.njit(cache=True, nogil=True, error_model="numpy")
def highest(density: FloatArray, share: FloatArray, mask: BoolArray) -> float:
    """Find the highest density of a place, corrected at the edge.

    Parameters
    ----------
    density
        Not corrected. [incidents/m2]
    share
        Of a kernel inside the place.
    mask
        Cells of the place.

    Returns
    -------
    float
        0 without a cell.
    """
    found = 0.0
    for i in range(mask.shape[0]):
        for j in range(mask.shape[1]):
            if mask[i, j]:
                found = max(found, density[i, j] / share[i, j])
    return found


@lru_cache(maxsize=1)
def _table() -> FloatArray:
    """Log of the two-sided p and its slope, per step, shape (steps, 2)."""
    from scipy.special import log_ndtr

    z = np.arange(0.0, FURTHEST + 2.0 / STEPS, 1.0 / STEPS)
    tail = log_ndtr(-z)
    slope = -np.exp(-0.5 * z**2 - tail) / math.sqrt(2.0 * math.pi)
    return np.column_stack([tail + math.log(2.0), slope / STEPS])


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _ratio_and_error(
    given: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    mask: BoolArray,
    numbers: tuple[float, float, float, float],
    ratio: FloatArray,
    error: FloatArray,
) -> None:
    """Write the ratio of the shares and the standard error of its log."""
    f, g, narrow, wide = given
    least_f, least_g, times, roughness = numbers
    for i in range(mask.shape[0]):
        for j in range(mask.shape[1]):
            share = wide[i, j]
            if mask[i, j] and f[i, j] > least_f * share and g[i, j] > least_g * share:
                ratio[i, j] = f[i, j] / g[i, j] * times
                error[i, j] = math.sqrt(roughness * narrow[i, j] / (share * (f[i, j] + g[i, j])))
            else:
                ratio[i, j] = np.nan
                error[i, j] = np.nan


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _log_pvalue(log_ratio: FloatArray, error: FloatArray, table: FloatArray, out: FloatArray) -> None:
    """Write the log of the two-sided p of each log ratio over its error, by a cubic between two steps of the table."""
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            z = abs(log_ratio[i, j] / error[i, j])
            if not z < FURTHEST:
                out[i, j] = -np.inf if z >= FURTHEST else np.nan
                continue
            at = z * STEPS
            k = int(at)
            t = at - k
            rise = table[k + 1, 0] - table[k, 0]
            bend = t * (1.0 - t)
            left, right = table[k, 1] - rise, rise - table[k + 1, 1]
            out[i, j] = table[k, 0] + t * rise + bend * (left * (1.0 - t) + right * t)
