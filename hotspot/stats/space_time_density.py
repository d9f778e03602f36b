"""Density in space and time: how many incidents a square metre and a day, near a place and around a day."""

import math

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import HotspotError
from hotspot.stats.kernel_sums import GAUSSIAN_REACH, checked

FloatArray = NDArray[np.float64]


def space_time_density(  # noqa: PLR0913 - places and days, of incidents and of questions
    points_xy: ArrayLike,
    days: ArrayLike,
    at_xy: ArrayLike,
    at_days: ArrayLike,
    bandwidth_m: float,
    bandwidth_days: float,
    *,
    weights: ArrayLike | None = None,
    period: tuple[float, float] | None = None,
) -> FloatArray:
    """How dense are incidents around a place and a day?

    Parameters
    ----------
    points_xy, days
        Incidents: where, shape (incidents, 2) [m], and when [days].
    at_xy, at_days
        Where and when the density is wanted, shape (places, 2) and (places,).
    bandwidth_m, bandwidth_days
        Sigma of the Gaussian in space [m] and in time [days].
    weights
        Weight of each incident; 1 when None.
    period
        First and last day counted; the share of the kernel in time that falls outside is then made good.

    Returns
    -------
    numpy.ndarray
        Density, shape (places,), no correction at the edge in space. [incidents/m2/day]

    Raises
    ------
    HotspotError
        If a bandwidth, coordinate, day or weight is impossible.

    Notes
    -----
    ``sum w_i K((s - x_i) / h) / h**2 k((t - t_i) / b) / b``. Space and time are smoothed apart: a series that moves
    through the town is blurred in both. Days are a line here; for hours of the day, where midnight joins, see
    `hotspot.stats.circular`. Its integral over the days is the fixed density.

    How it misleads: the latest days look emptier than they are wherever a period's end is not given.

    References
    ----------
    Brunsdon, Corcoran and Higgs (2007) https://doi.org/10.1016/j.compenvurbsys.2005.07.009; Nakaya and Yano (2010)
    https://doi.org/10.1111/j.1467-9671.2010.01194.x
    """
    x, y, w = checked(points_xy, weights)
    when, asked = (np.asarray(each, dtype=np.float64).ravel() for each in (days, at_days))
    at = np.ascontiguousarray(np.asarray(at_xy, dtype=np.float64).reshape(-1, 2))
    fits = when.size == x.size and asked.size == len(at) and np.isfinite(when).all()
    if not (fits and math.isfinite(bandwidth_m * bandwidth_days) and min(bandwidth_m, bandwidth_days) > 0):
        raise HotspotError(
            "a density in space and time takes a day for each incident and each place, and two bandwidths above 0.",
            "{n} days for {m} incidents, {h} m, {b} days", "give for example 150 m and 14 days",
            n=when.size, m=x.size, h=bandwidth_m, b=bandwidth_days,
        )  # fmt: skip
    if period is not None:
        w = w / _inside(when, period, bandwidth_days)
    order = np.lexsort((w, y, x, when))
    found = _sum(at, asked, (x[order], y[order], when[order], w[order]), (float(bandwidth_m), float(bandwidth_days)))
    return np.asarray(found / ((2.0 * math.pi) ** 1.5 * bandwidth_m**2 * bandwidth_days))


def _inside(when: FloatArray, period: tuple[float, float], b: float) -> FloatArray:
    """Share of each incident's kernel in time that falls into the period."""
    from scipy.special import ndtr

    share = ndtr((period[1] - when) / b) - ndtr((period[0] - when) / b)
    return np.maximum(np.asarray(share), np.finfo(float).tiny)


@numba.njit(cache=True, nogil=True)
def _sum(
    at: FloatArray,
    asked: FloatArray,
    incidents: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    widths: tuple[float, float],
) -> FloatArray:
    """Add the product of both Gaussians over the incidents within reach in time; NaN where the place is unknown."""
    x, y, when, w = incidents
    h, b = widths
    out = np.zeros(asked.size)
    for k in range(asked.size):
        if not (math.isfinite(asked[k]) and math.isfinite(at[k, 0]) and math.isfinite(at[k, 1])):
            out[k] = np.nan
            continue
        first = np.searchsorted(when, asked[k] - GAUSSIAN_REACH * b)
        for p in range(first, np.searchsorted(when, asked[k] + GAUSSIAN_REACH * b, side="right")):
            r2 = ((x[p] - at[k, 0]) ** 2 + (y[p] - at[k, 1]) ** 2) / h**2 + ((when[p] - asked[k]) / b) ** 2
            out[k] += w[p] * math.exp(-0.5 * r2)
    return out
