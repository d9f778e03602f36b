"""How far chance alone carries the ratios of small and large areas, drawn as a funnel."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import poisson

from hotspot.stats.poisson_limits import defined, paired

FloatArray = NDArray[np.float64]

FUNNEL_LEVELS = (0.001, 0.025, 0.975, 0.999)
WINSORISED = 0.10


def funnel_limits(
    expected: ArrayLike, levels: tuple[float, ...] = FUNNEL_LEVELS, dispersion: float = 1.0
) -> FloatArray:
    """How far from 1 would chance alone carry a ratio, for areas of this size?

    Parameters
    ----------
    expected
        Expected incidents, shape (areas,). [incidents]
    levels
        Probabilities of the limits.
    dispersion
        How many times chance the counts vary, as from `winsorised_dispersion`; below 1 counts as 1.

    Returns
    -------
    numpy.ndarray
        Ratios, shape (areas, levels), never negative; NaN where the expected number is zero or unknown.

    Raises
    ------
    HotspotError
        If a number is negative.

    Notes
    -----
    1 + ((r_p - a_p) / E - 1) sqrt(dispersion), r_p the Poisson quantile of E at p and a_p = (F(r_p) - p) / P(X =
    r_p).

    How it misleads: one area in twenty lies beyond the inner limits by chance alone; areas beyond are to be asked
    about, not judged.

    References
    ----------
    Spiegelhalter (2005) https://doi.org/10.1002/sim.1970
    """
    _, e = paired(np.zeros_like(np.asarray(expected, dtype=np.float64)), expected)
    e = np.where(e > 0, e, np.nan)[:, None]
    p = np.asarray(levels, dtype=np.float64)[None, :]
    quantile = poisson.ppf(p, e)
    within = (poisson.cdf(quantile, e) - p) / poisson.pmf(quantile, e)
    limits = 1.0 + ((quantile - within) / e - 1.0) * np.sqrt(max(1.0, dispersion))
    return np.where(np.isnan(e), np.nan, np.maximum(limits, 0.0))


def winsorised_dispersion(observed: ArrayLike, expected: ArrayLike) -> float:
    """How many times more than chance do the counts vary, apart from the few extreme areas?

    Parameters
    ----------
    observed, expected
        Recorded and expected incidents, shape (areas,). [incidents]

    Returns
    -------
    float
        Mean squared z of ``(O - E) / sqrt(E)`` after pulling the outer 10 % on either side in; NaN without
        areas.

    Raises
    ------
    HotspotError
        If a number is negative.

    Notes
    -----
    mean z^2 with z = (O - E) / sqrt(E), the tenth at either end set to the tenth and ninth decile.

    How it misleads: pulling in 10 % on either side makes chance alone look like .7, so that 1 is already more than
    chance; `funnel_limits` takes whatever is below 1 as 1.

    References
    ----------
    Spiegelhalter (2005) https://doi.org/10.1002/sim.1970
    """
    o, e = defined(observed, expected)
    z = ((o - e) / np.sqrt(e))[np.isfinite(o)]
    if z.size == 0:
        return float("nan")
    low, high = np.quantile(z, [WINSORISED, 1.0 - WINSORISED])
    return float(np.mean(np.clip(z, low, high) ** 2))
