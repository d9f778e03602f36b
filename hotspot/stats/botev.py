"""How wide to smooth by the diffusion rule of Botev, Grotowski and Kroese (improved Sheather-Jones)."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from hotspot.errors import HotspotError

FloatArray = NDArray[np.float64]

KNOTS = 2**12
STAGES = 7
LEAST_PLACES = 10  # distinct positions along an axis below which the fixed point is noise (an assumption)
LONGEST_TIME = 0.1  # of the diffusion over the squared width of the frame; a root beyond is no smoothing but the frame


def botev_axis(values: ArrayLike) -> float:
    """Which sigma does the data's own diffusion give along one line?

    Parameters
    ----------
    values
        Positions, shape (incidents,). [m]

    Returns
    -------
    float
        The sigma [m]; NaN with fewer than ten distinct positions or where the equation has no solution.

    Raises
    ------
    HotspotError
        If a position is missing.

    Notes
    -----
    Solves ``t = xi gamma_5(t)``: the bandwidth that the best estimate of the density's bumpiness asks for, itself
    estimated with that bandwidth, over seven stages, from the cosine transform of a fine histogram. No normal cloud is
    assumed: where there are two clouds, each gets its own detail. Repeated positions count once in the sample size, so
    that stacked addresses do not pass for precision, but positions rounded to a coarse lattice still make it too small.

    How it misleads: KDEpy prints half of it, since it scales by the wrong width, which is no second opinion; with
    few positions the root is noise.

    References
    ----------
    Botev, Grotowski and Kroese (2010) https://doi.org/10.1214/10-AOS799
    """
    x = np.asarray(values, dtype=np.float64).ravel()
    if not np.isfinite(x).all():
        raise HotspotError(
            "every incident needs coordinates.", "{n} incidents without",
            "leave these incidents out and count them as dropped", n=int((~np.isfinite(x)).sum()),
        )  # fmt: skip
    distinct = np.unique(x).size
    if distinct < LEAST_PLACES:
        return math.nan
    low, wide = float(x.min()), float(np.ptp(x))
    frame = 2.0 * wide
    squared = _cosines(x, low - wide / 2.0, frame) ** 2
    t = _fixed_point_root(squared, distinct)
    return math.sqrt(t) * frame if math.isfinite(t) else math.nan


def botev_axes(points_xy: ArrayLike) -> tuple[float, float]:
    """Which sigma does the diffusion rule give along east and along north?

    Parameters
    ----------
    points_xy
        Incidents, shape (incidents, 2). [m]

    Returns
    -------
    tuple of float
        Sigma along x and along y [m]; NaN as for `botev_axis`.

    Raises
    ------
    HotspotError
        If a coordinate is missing.
    """
    points = np.asarray(points_xy, dtype=np.float64).reshape(-1, 2)
    return botev_axis(points[:, 0]), botev_axis(points[:, 1])


def botev(points_xy: ArrayLike) -> float:
    """Which one sigma does the diffusion rule give, however the map is turned?

    Parameters
    ----------
    points_xy
        Incidents, shape (incidents, 2). [m]

    Returns
    -------
    float
        Geometric mean of the rule's sigmas along the cloud's own two axes [m]; NaN where either is.

    Raises
    ------
    HotspotError
        If a coordinate is missing.

    Notes
    -----
    ``sigma = sqrt(sigma_x sigma_y)`` of the axes along which the incidents spread most and least.
    The axes are those of greatest and least spread, so that turning the map changes nothing. A rule for lines used in
    the plane asks for a little less smoothing than a rule of the plane would: ``n**(-1/5)`` instead of ``n**(-1/6)``.

    How it misleads: it is a middle of two answers: where streets run along one axis only, look at `botev_axis`
    along both.

    References
    ----------
    Botev, Grotowski and Kroese (2010) https://doi.org/10.1214/10-AOS799
    """
    points = np.asarray(points_xy, dtype=np.float64).reshape(-1, 2)
    if len(points) < LEAST_PLACES or not np.isfinite(points).all():
        return math.sqrt(math.prod(botev_axes(points)))
    centred = points - points.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    return math.sqrt(math.prod(botev_axes(centred @ axes)))


def _cosines(x: FloatArray, start: float, frame: float) -> FloatArray:
    """Cosine transform of the positions' shares in fine bins, without the constant."""
    from scipy.fft import dct

    counted, _ = np.histogram(x, KNOTS, (start, start + frame))
    return np.asarray(dct(counted / x.size, type=2)[1:] / 2.0, dtype=np.float64)


def _fixed_point_root(squared: FloatArray, n: int) -> float:
    """Smallest t with ``t = xi gamma_5(t)``."""
    order = np.arange(1, KNOTS, dtype=np.float64) ** 2
    times = np.geomspace(1e-9, LONGEST_TIME, 60)
    values = np.array([_away(t, squared, order, n) for t in times])
    crosses = np.flatnonzero((values[:-1] < 0) & (values[1:] >= 0))
    if not crosses.size:
        return math.nan
    k = int(crosses[0])
    return float(brentq(_away, times[k], times[k + 1], args=(squared, order, n), rtol=1e-10))


def _away(t: float, squared: FloatArray, order: FloatArray, n: int) -> float:
    """How far t is beyond what the estimated bumpiness asks for."""
    f = _norm(STAGES, t, squared, order)
    for s in range(STAGES - 1, 1, -1):
        odd = math.prod(range(1, 2 * s, 2)) / math.sqrt(2.0 * math.pi)
        const = (1.0 + 0.5 ** (s + 0.5)) / 3.0
        time = (2.0 * const * odd / (n * f)) ** (2.0 / (3.0 + 2.0 * s))
        f = _norm(s, time, squared, order)
    return t - float((2.0 * n * math.sqrt(math.pi) * f) ** (-0.4))


def _norm(s: int, time: float, squared: FloatArray, order: FloatArray) -> float:
    """Squared norm of the s-th derivative of the density diffused for a time."""
    return float(2.0 * math.pi ** (2 * s) * np.sum(order**s * squared * np.exp(-order * math.pi**2 * time)))
