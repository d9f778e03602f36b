"""How wide to smooth: bandwidths by rule and by cross-validation, all as a Gaussian sigma in metres."""

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar

from hotspot.errors import N_, HotspotError, Told
from hotspot.stats.held_out import HeldOut, held_out
from hotspot.stats.kernels import Bandwidth, bandwidth_from_sigma

FloatArray = NDArray[np.float64]

SEARCHED_M = (25.0, 500.0)  # cross-validation looks here only: with stacked addresses it would go to zero
CLAMPED_M = (75.0, 400.0)  # the default stays here (METHODS 16, an assumption)
GRID_STEPS = 13
LEAST_PLACES = 3
IQR_OF_NORMAL = 1.34
TERRELL = 1.0845714  # oversmoothing factor of the plane over the normal scale rule


class ChosenBandwidth(NamedTuple):
    """The default bandwidth, what other rules would have chosen, and what a reader must know.

    ``alternatives`` holds Gaussian sigmas by rule, NaN where a rule cannot answer. [m]
    """

    bandwidth: Bandwidth
    alternatives: Mapping[str, float]
    findings: tuple[Told, ...]


def scott(points_xy: ArrayLike) -> float:
    """Which sigma does Scott's rule give?

    Parameters
    ----------
    points_xy
        Incidents, shape (incidents, 2). [m]

    Returns
    -------
    float
        Geometric mean of both axes' standard deviations times ``n**(-1/6)`` [m]; NaN with fewer than two
        incidents or without spread.

    Raises
    ------
    HotspotError
        If a coordinate is missing.

    Notes
    -----
    ``sigma = sqrt(s_x s_y) n**(-1/6)``.
    In the plane Scott's and Silverman's factors are the same. Suits one round cloud; a town has many, so it
    is wide.

    How it misleads: it is a rule for a shape that towns do not have: two hot spots a kilometre apart are smoothed
    into one.

    References
    ----------
    Scott (1992) https://doi.org/10.1002/9780470316849
    """
    points = _checked(points_xy)
    if len(points) < 2:  # noqa: PLR2004 - a spread needs two
        return math.nan
    deviation = points.std(axis=0, ddof=1)
    sigma = float(np.sqrt(deviation[0] * deviation[1])) * len(points) ** (-1 / 6)
    return sigma if sigma > 0 else math.nan


def normal_scale(points_xy: ArrayLike) -> float:
    """Which sigma would be best if the incidents made one normal cloud?

    Parameters
    ----------
    points_xy
        Incidents, shape (incidents, 2). [m]

    Returns
    -------
    float
        ``scale * n**(-1/6)`` with the smaller of mean standard deviation and mean interquartile range / 1.34
        [m]; NaN with fewer than two incidents or without spread.

    Raises
    ------
    HotspotError
        If a coordinate is missing.

    Notes
    -----
    ``sigma = min(mean s, mean IQR / 1.34) n**(-1/6)``, s and the interquartile range by axis.

    How it misleads: it is best for one normal cloud and too wide for anything with detail; the quartiles only take
    away stragglers.

    References
    ----------
    Wand and Jones (1995) https://doi.org/10.1201/b14876; Silverman (1986) https://doi.org/10.1201/9781315140919
    """
    points = _checked(points_xy)
    if len(points) < 2:  # noqa: PLR2004 - a spread needs two
        return math.nan
    deviation = float(points.std(axis=0, ddof=1).mean())
    low, high = np.percentile(points, [25, 75], axis=0)
    quartile = float((high - low).mean()) / IQR_OF_NORMAL
    scale = min(deviation, quartile) if quartile > 0 else deviation
    return scale * len(points) ** (-1 / 6) if scale > 0 else math.nan


def oversmoothing(points_xy: ArrayLike) -> float:
    """Which sigma is the widest that any reasonable choice would take?

    Parameters
    ----------
    points_xy
        Incidents, shape (incidents, 2). [m]

    Returns
    -------
    float
        1.0845714 times the normal scale [m]; NaN as there.

    Raises
    ------
    HotspotError
        If a coordinate is missing.

    Notes
    -----
    ``sigma = 1.0845714 min(mean s, mean IQR / 1.34) n**(-1/6)``: the widest that is best for any density of that
    spread.

    How it misleads: what still stands out so smoothed is there, but what does not stand out may be there as well.

    References
    ----------
    Terrell (1990) https://doi.org/10.1080/01621459.1990.10476223
    """
    return TERRELL * normal_scale(points_xy)


def likelihood_cv(points_xy: ArrayLike, within_m: tuple[float, float] = SEARCHED_M) -> float:
    """Which sigma best foretells each incident's place from all the others?

    Parameters
    ----------
    points_xy
        Incidents, shape (incidents, 2). [m]
    within_m
        Smallest and largest sigma to try. [m]

    Returns
    -------
    float
        The sigma with the largest mean log density at places left out in turn [m]; NaN with fewer than three
        distinct places.

    Raises
    ------
    HotspotError
        If a coordinate is missing.

    Notes
    -----
    Largest ``mean log f_without_i(x_i)``.
    Incidents stacked on one address are left out together: otherwise each would foretell the next and the
    bandwidth go to zero. Without stacks this is the usual leave-one-out. Sensitive to a lone incident far
    away.

    How it misleads: a lone incident far from the rest makes it wide; positions rounded to a coarse lattice make it
    narrow.

    References
    ----------
    Habbema, Hermans and van den Broek (1974), COMPSTAT; Silverman (1986) https://doi.org/10.1201/9781315140919
    """
    return _best(points_xy, within_m, lambda held, sigma: -held.mean_log_density(sigma))


def least_squares_cv(points_xy: ArrayLike, within_m: tuple[float, float] = SEARCHED_M) -> float:
    """Which sigma has the smallest integrated squared error, judged from places left out?

    Parameters
    ----------
    points_xy
        Incidents, shape (incidents, 2). [m]
    within_m
        Smallest and largest sigma to try. [m]

    Returns
    -------
    float
        The sigma [m]; NaN with fewer than three distinct places.

    Raises
    ------
    HotspotError
        If a coordinate is missing.

    Notes
    -----
    Smallest ``integral f**2 - 2 mean f_without_i(x_i)``. Stacked incidents are left out together, as in
    `likelihood_cv`. Varies much from sample to sample.

    How it misleads: another month of the same town may ask for twice the bandwidth; read it beside the others.

    References
    ----------
    Bowman (1984) https://doi.org/10.1093/biomet/71.2.353
    """
    return _best(points_xy, within_m, lambda held, sigma: held.squared_error(sigma))


def default_bandwidth(points_xy: ArrayLike, kernel: str = "quartic") -> ChosenBandwidth:
    """How wide should this surface be smoothed when nobody says otherwise?

    Parameters
    ----------
    points_xy
        Incidents, shape (incidents, 2). [m]
    kernel
        The kernel that will be used.

    Returns
    -------
    ChosenBandwidth
        Likelihood cross-validation kept between 75 and 400 m of Gaussian sigma, turned into the kernel's own
        bandwidth; with fewer than three places the normal scale in the same bounds, or the lower bound.

    Raises
    ------
    HotspotError
        If a coordinate is missing or the kernel is unknown.

    Notes
    -----
    ``sigma = min(max(likelihood_cv, 75), 400)`` m; both bounds are an assumption.

    How it misleads: a surface has no true bandwidth: what shows at 75 m and not at 400 m is a matter of scale, not
    of truth. Look at both.

    References
    ----------
    Our own bounds; Silverman (1986) https://doi.org/10.1201/9781315140919
    """
    points = _checked(points_xy)
    alternatives = {
        "likelihood_cv": likelihood_cv(points),
        "normal_scale": normal_scale(points),
        "scott": scott(points),
        "oversmoothing": oversmoothing(points),
    }
    asked = alternatives["likelihood_cv"]
    low, high = CLAMPED_M
    if not math.isfinite(asked):
        rule = alternatives["normal_scale"]
        sigma = min(max(rule, low), high) if math.isfinite(rule) else low
        template = N_("Too few places for a bandwidth from the data: {sigma_m} m is used.")
        told = Told(template, {"sigma_m": round(sigma)})
    else:
        sigma = min(max(asked, low), high)
        template = (
            N_("Bandwidth {sigma_m} m (Gaussian sigma), chosen by cross-validation.")
            if sigma == asked
            else N_("Bandwidth {sigma_m} m (Gaussian sigma): cross-validation asked for {asked_m} m.")
        )
        told = Told(template, {"sigma_m": round(sigma), "asked_m": round(asked)})
    return ChosenBandwidth(bandwidth_from_sigma(sigma, kernel), alternatives, (told,))


def _checked(points_xy: ArrayLike) -> FloatArray:
    """Return the incidents as an array, refusing missing coordinates."""
    points = np.asarray(points_xy, dtype=np.float64).reshape(-1, 2)
    bad = ~np.isfinite(points).all(axis=1)
    if bad.any():
        raise HotspotError(
            "every incident needs coordinates.",
            "{n} incidents without",
            "leave these incidents out and count them as dropped",
            n=int(bad.sum()),
        )
    return points


def _best(points_xy: ArrayLike, within_m: tuple[float, float], loss: Callable[[HeldOut, float], float]) -> float:
    """Return the sigma of the smallest loss: a grid first, since the loss may have several valleys."""
    held = held_out(_checked(points_xy))
    if len(held.places) < LEAST_PLACES:
        return math.nan
    steps = np.geomspace(*within_m, GRID_STEPS)
    losses = np.array([loss(held, float(sigma)) for sigma in steps])
    best = int(losses.argmin())
    bounds = (math.log(steps[max(best - 1, 0)]), math.log(steps[min(best + 1, GRID_STEPS - 1)]))
    found = minimize_scalar(
        lambda log_sigma: loss(held, math.exp(log_sigma)),
        bounds=bounds,
        method="bounded",
        options={"xatol": held.tolerance},
    )
    return math.exp(float(found.x)) if found.fun < losses[best] else float(steps[best])
