"""Do high rates lie by high rates, once areas with few people are allowed to vary more?"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.stats.moran import LocalMoran, Moran, local_moran, moran
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.poisson_limits import defined

FloatArray = NDArray[np.float64]


def eb_standardised(observed: ArrayLike, population: ArrayLike) -> FloatArray:
    """How far does each area's rate lie from the overall one, in standard deviations that fit its population?

    Parameters
    ----------
    observed
        Recorded incidents, shape (areas,). [incidents]
    population
        Whom or what they are counted against, shape (areas,). [residents, or another exposure]

    Returns
    -------
    FloatArray
        z, shape (areas,); NaN where the population is zero or unknown, which leaves all others unaffected, and
        everywhere when nothing was recorded.

    Raises
    ------
    HotspotError
        If a number is negative.

    Notes
    -----
    z_i = (r_i - b) / sqrt(a + b / n_i), b = sum O / sum n, a = max(0, sum n (r - b)^2 / sum n - b / mean n). The
    variance between areas a is set to 0 where it comes out negative, as spdep and GeoDa do; esda keeps it negative
    (docs/autocorrelation.md shows what that changes). Raw rates make false clusters of small areas; z does not.

    How it misleads: as an area's population grows z hangs on a alone, the variance between areas, which few areas
    know badly.

    References
    ----------
    Assuncao and Reis (1999), doi:10.1002/(SICI)1097-0258(19990830)18:16<2147::AID-SIM179>3.0.CO;2-I.
    """
    o, n = defined(observed, population)
    total = np.nansum(n)
    if not total > 0 or not np.nansum(o) > 0:
        return np.full(o.shape, np.nan)
    b = np.nansum(o) / total
    a = max(0.0, np.nansum(n * (o / n - b) ** 2) / total - b / np.nanmean(n))
    return np.asarray((o / n - b) / np.sqrt(a + b / n), dtype=np.float64)


def eb_moran(
    observed: ArrayLike,
    population: ArrayLike,
    neighbours: Neighbours,
    *,
    row_standardised: bool = True,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
) -> Moran:
    """Do areas with high rates lie together, small areas not counting as if they were sure?

    Parameters
    ----------
    observed, population
        As for `eb_standardised`.
    neighbours
        Neighbours of the areas.
    row_standardised
        Divide the weights of each area by their sum.
    permutations
        Whole-map draws, where an rng is given.
    rng
        Source of the draws; None for the normal p.

    Returns
    -------
    Moran
        Of `eb_standardised`; areas without population are out of everything.

    Raises
    ------
    HotspotError
        If a number is negative.

    Notes
    -----
    Moran's I of z_i = (r_i - b) / sqrt(a + b / n_i), see `eb_standardised` and `moran`.

    How it misleads: equal spread is not equal certainty: where few incidents are expected the standardised rate is
    skewed, and the normal p not to be trusted.

    References
    ----------
    Assuncao and Reis (1999), doi:10.1002/(SICI)1097-0258(19990830)18:16<2147::AID-SIM179>3.0.CO;2-I.
    """
    z = eb_standardised(observed, population)
    return moran(z, neighbours, row_standardised=row_standardised, permutations=permutations, rng=rng)


def local_eb_moran(
    observed: ArrayLike,
    population: ArrayLike,
    neighbours: Neighbours,
    *,
    row_standardised: bool = True,
    permutations: int = 999,
    rng: np.random.Generator,
) -> LocalMoran:
    """Which areas with a high rate lie among areas with high rates, small areas not counting as if sure?

    Parameters
    ----------
    observed, population
        As for `eb_standardised`.
    neighbours, row_standardised
        As for `eb_moran`.
    permutations
        Draws, shared by all areas.
    rng
        Source of the draws.

    Returns
    -------
    LocalMoran
        Of `eb_standardised`; "undefined" where there is no population.

    Raises
    ------
    HotspotError
        If a number is negative.

    Notes
    -----
    Local Moran of z_i = (r_i - b) / sqrt(a + b / n_i).
    z is a rate that has been given equal spread, not a rate: show the rate (`eb_global`) beside the class. Equal
    spread is no equal shape: z of an area with few expected incidents is skewed, so its p is approximate.

    How it misleads: an area that is HH need not have a rate that anybody would call high.

    References
    ----------
    Assuncao and Reis (1999), doi:10.1002/(SICI)1097-0258(19990830)18:16<2147::AID-SIM179>3.0.CO;2-I.
    """
    z = eb_standardised(observed, population)
    return local_moran(z, neighbours, row_standardised=row_standardised, permutations=permutations, rng=rng)
