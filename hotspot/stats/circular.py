"""Hours of the day, where the last hour lies next to the first: their middle, and how dense they are around it."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import i0e

from hotspot.errors import HotspotError

FloatArray = NDArray[np.float64]

HOURS = 24.0
LEAST_RESULTANT = 0.1  # below this the hours are spread so evenly that they have no middle
BANDWIDTH_H = 1.0  # METHODS 6.8
KERNELS = ("von_mises", "wrapped_gaussian")
_TURN = 2.0 * math.pi / HOURS


class MeanHour(NamedTuple):
    """Middle of clock hours: ``hour`` in [0, 24), NaN when there is no middle; ``resultant`` in [0, 1]."""

    hour: float
    resultant: float


def circular_mean_hour(hours: ArrayLike, weights: ArrayLike | None = None) -> MeanHour:
    """Around which hour of the day do these incidents gather?

    Parameters
    ----------
    hours
        Clock hours, shape (incidents,), in [0, 24]; NaN is an unknown hour and is left out. [h]
    weights
        Weight of each incident; 1 when not given.

    Returns
    -------
    MeanHour
        The middle, and how tightly the hours gather (0 evenly spread, 1 all the same). Both NaN without any
        hour; the hour alone is NaN where the resultant is below 0.1.

    Notes
    -----
    Angle and length of (sum w cos t, sum w sin t) / sum w, t = 2 pi hour / 24.
    Each hour is a direction on the clock; the mean of the directions has an angle, the hour, and a length, the
    resultant. The plain mean of 23 and 1 o'clock is noon; the circular mean is midnight. Two opposite peaks
    cancel out: look at the density before quoting a middle.

    How it misleads: a middle is quoted of anything: without a clear resultant there is none (NaN).

    References
    ----------
    Mardia and Jupp (1999), Directional Statistics, doi:10.1002/9780470316979.
    """
    known, weight = _known(hours, weights)
    total = float(weight.sum())
    if total <= 0:
        return MeanHour(math.nan, math.nan)
    angle = known * _TURN
    east = float(weight @ np.cos(angle)) / total
    north = float(weight @ np.sin(angle)) / total
    resultant = math.hypot(east, north)
    if resultant < LEAST_RESULTANT:
        return MeanHour(math.nan, resultant)
    hour = round(math.atan2(north, east) * HOURS / (2.0 * math.pi), 12) % HOURS
    return MeanHour(hour, min(resultant, 1.0))


def circular_density(
    hours: ArrayLike,
    at: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    bandwidth_h: float = BANDWIDTH_H,
    kernel: str = "von_mises",
) -> FloatArray:
    """How densely do incidents lie around each hour of the day?

    Parameters
    ----------
    hours
        Clock hours, shape (incidents,), in [0, 24]; NaN is an unknown hour and is left out. [h]
    at
        Where the density is wanted, any shape; on any turn of the clock. [h]
    weights
        Weight of each incident; 1 when not given. The 24 sums of an aoristic count may stand at the middles of
        their hours, 0.5 to 23.5.
    bandwidth_h
        Standard deviation of the kernel. [h]
    kernel
        ``"von_mises"`` or ``"wrapped_gaussian"``; they hardly differ at an hour.

    Returns
    -------
    NDArray
        Shape of ``at``. Density whose integral over the day is 1; NaN without any hour. [1/h]

    Raises
    ------
    HotspotError
        When the bandwidth is not above 0 or the kernel has another name.

    Notes
    -----
    von Mises: ``exp(kappa cos d) / (2 pi I0(kappa))`` with ``kappa = 1 / sigma^2``, sigma the bandwidth as an
    angle. Wrapped Gaussian: the sum of the normal densities at d and at d plus or minus whole days. Nothing is lost
    at midnight, as with a histogram or a density on a line. A peak at midnight or at noon sharp may be what an
    officer writes when the hour is unknown.

    How it misleads: a bandwidth of an hour cannot show what happens at a quarter to; hours known by an interval are
    smeared already.

    References
    ----------
    Hall, Watson and Cabrera (1987), doi:10.1093/biomet/74.4.751.
    """
    if kernel not in KERNELS or not bandwidth_h > 0:
        raise HotspotError(
            "hours are smoothed by a bandwidth above 0 hours and one of the kernels {kernels}.",
            "{kernel}, {bandwidth} h",
            "give bandwidth_h=1.0 and kernel='von_mises'.",
            kernels=", ".join(KERNELS),
            kernel=kernel,
            bandwidth=bandwidth_h,
        )
    known, weight = _known(hours, weights)
    where = np.asarray(at, dtype=np.float64)
    if weight.sum() <= 0:
        return np.full(where.shape, math.nan)
    apart = np.remainder(where[..., None] - known + HOURS / 2, HOURS) - HOURS / 2
    heights = _von_mises(apart, bandwidth_h) if kernel == "von_mises" else _wrapped(apart, bandwidth_h)
    return np.asarray(heights @ (weight / weight.sum()))


def _von_mises(apart: FloatArray, bandwidth_h: float) -> FloatArray:
    """Kernel per hour; the exponent is kept at or below 0."""
    kappa = 1.0 / (bandwidth_h * _TURN) ** 2
    return np.exp(kappa * (np.cos(apart * _TURN) - 1.0)) / (HOURS * i0e(kappa))


def _wrapped(apart: FloatArray, bandwidth_h: float) -> FloatArray:
    """Kernel per hour: all turns within eight bandwidths, beyond which nothing is left in double precision."""
    turns = math.ceil(8.0 * bandwidth_h / HOURS) + 1
    total = np.zeros(apart.shape)
    for turn in range(-turns, turns + 1):
        total += np.exp(-0.5 * ((apart + turn * HOURS) / bandwidth_h) ** 2)
    return total / (bandwidth_h * math.sqrt(2.0 * math.pi))


def _known(hours: ArrayLike, weights: ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    """Hours that are known and weigh something, and their weights."""
    given = np.asarray(hours, dtype=np.float64).ravel()
    weight = np.ones_like(given) if weights is None else np.asarray(weights, dtype=np.float64).ravel()
    kept = np.isfinite(given) & (weight > 0)
    return given[kept], weight[kept]
