"""Moran's I: do like values lie together, over the whole map and around each place?"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from hotspot.stats.autocorrelation import (
    EXACT,
    NO_NEIGHBOURS,
    NORMAL,
    PERMUTATION,
    UNDEFINED,
    found_globally,
    spread_out,
    whole_map_draws,
)
from hotspot.stats.conditional_draws import lag_pvalue
from hotspot.stats.lags import centred, equal, lagged, quadrants, weight_sums, weighted, without_noise
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.significance import ALTERNATIVE, benjamini_hochberg

QUADRANTS = ("HH", "LH", "LL", "HL")
__all__ = ["NO_NEIGHBOURS", "QUADRANTS", "UNDEFINED", "LocalMoran", "Moran", "local_moran", "moran"]


class Moran(NamedTuple):
    """Whether like values lie together over the whole map; NaN where it cannot be said."""

    statistic: float
    """I: above `expected` where like lies by like, below where unlike does."""
    expected: float
    """-1 / (n - 1), what no pattern would give."""
    variance_normal: float
    """Variance of I for values drawn from a normal distribution."""
    variance_random: float
    """Variance of I for the same values dealt out at random."""
    z_normal: float
    """Standard deviations from `expected`, by the first variance."""
    z_random: float
    """Standard deviations from `expected`, by the second variance."""
    pvalue: float
    """Two-sided p in (0, 1]; the normal one, of `z_random`, is not for counts that are mostly zero."""
    n: int
    """Places with a value."""
    alternative: str
    """Alternative of the p: two-sided."""
    method: str
    """normal or permutation."""


class LocalMoran(NamedTuple):
    """Whether each place lies among its like; arrays of shape (places,)."""

    statistic: NDArray[np.float64]
    """I_i on the scale of esda and GeoDa; NaN where undefined or without neighbours."""
    quadrant: NDArray[np.str_]
    """HH, LL, LH (low among high) or HL; "none" on a tie with the mean, "undefined", "no neighbours"."""
    pvalue: NDArray[np.float64]
    """Two-sided p in (0, 1]; NaN where not tested."""
    qvalue: NDArray[np.float64]
    """The same, corrected by Benjamini and Hochberg over the places tested."""
    alternative: str
    """Alternative of every p: two-sided."""
    tests: int
    """Number of places tested."""
    method: str
    """exact (counts, every link counting one) or permutation."""


def moran(
    x: ArrayLike,
    neighbours: Neighbours,
    *,
    row_standardised: bool = True,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
) -> Moran:
    """Do high values lie by high and low by low over the map as a whole, or is the pattern like chance?

    Parameters
    ----------
    x
        Shape (places,). Values; NaN where unknown.
    neighbours
        Neighbours of the places.
    row_standardised
        Divide the weights of each place by their sum.
    permutations
        Whole-map draws, where an rng is given.
    rng
        Source of the draws; None for the normal p.

    Returns
    -------
    Moran
        NaN throughout where fewer than four places have values and neighbours, or all values are equal.

    Notes
    -----
    I = (n / S0) sum_ij w_ij z_i z_j / sum_i z_i^2. Places without a value are out of everything; places without
    neighbours count in n and in the mean (spdep leaves them out of n where zero.policy says so). Says nothing on
    where or why; a trend across the map is enough to make it large.

    How it misleads: significant is the usual case: neighbours are alike in nearly everything; ask how strongly, and
    of what is left once the known is taken out.

    References
    ----------
    Cliff and Ord (1981), Spatial Processes. Moran (1950), doi:10.1093/biomet/37.1-2.17.
    """
    given = np.asarray(x, dtype=np.float64)
    valid = np.isfinite(given)
    near = weighted(neighbours.among(valid), row_standardised=row_standardised)
    kept = given[valid]
    n = len(kept)
    s0, s1, s2 = weight_sums(near)
    nan, method = float("nan"), NORMAL if rng is None else PERMUTATION
    if n < 4 or s0 == 0 or equal(kept):  # noqa: PLR2004 - the randomisation variance divides by n - 3
        return Moran(nan, nan, nan, nan, nan, nan, nan, n, ALTERNATIVE, method)
    z = kept - kept.mean()
    squares = float(np.sum(z**2))
    statistic = n / s0 * float(z @ near.around(z)) / squares
    expected = -1.0 / (n - 1)
    normal = (n**2 * s1 - n * s2 + 3 * s0**2) / ((n**2 - 1) * s0**2) - expected**2
    kurtosis = n * float(np.sum(z**4)) / squares**2
    first = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    second = kurtosis * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    random = (first - second) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - expected**2
    z_normal, z_random = ((statistic - expected) / v**0.5 if v > 0 else nan for v in (normal, random))
    p = 2.0 * float(ndtr(-abs(z_random)))
    if rng is not None:
        scale = n / s0 / squares
        drawn = whole_map_draws(
            lambda source: scale * float(z[source] @ near.around(z[source])), near, permutations, rng
        )
        p = found_globally(statistic, (expected, random), n, drawn).pvalue
    return Moran(statistic, expected, normal, random, z_normal, z_random, p, n, ALTERNATIVE, method)


def local_moran(
    x: ArrayLike,
    neighbours: Neighbours,
    *,
    row_standardised: bool = True,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
) -> LocalMoran:
    """Which places lie among their like, high by high or low by low, and which stand out among neighbours?

    Parameters
    ----------
    x
        Shape (places,). Values; NaN where unknown.
    neighbours
        Neighbours of the places.
    row_standardised
        Divide the weights of each place by their sum.
    permutations
        Draws where the exact distribution does not apply.
    rng
        Source of the draws; needed only there.

    Returns
    -------
    LocalMoran
        NaN and "undefined" where x is NaN or all values are equal, NaN and "no neighbours" for islands.

    Raises
    ------
    HotspotError
        When values are not counts or links are weighted, and no rng is given.

    Notes
    -----
    I_i = (n - 1) z_i sum_j w_ij z_j / sum z^2; the sum of I_i over n - 1 is Moran's I for row-standardised
    weights. p: x_i held, the others dealt out anew; counts whose links weigh the same within each place exactly,
    other values with draws shared by all places, (r + 1) / (R + 1), ties counted. Two-sided: twice the smaller
    tail. A value at the mean has I_i = 0 whatever lies around it, hence p = 1. Results do not depend on the order
    of the rows where the neighbours carry an order of their own. HH and LL are clusters, HL and LH outliers; on
    counts with unequal populations they show where people are (`local_eb_moran`).

    How it misleads: HH is what is high among high, by any cause, a gradient of income or of reporting among them.

    References
    ----------
    Anselin (1995), doi:10.1111/j.1538-4632.1995.tb00338.x.
    """
    given = np.asarray(x, dtype=np.float64)
    valid = np.isfinite(given)
    kept, closed = given[valid], neighbours.among(valid)
    if equal(kept):
        nothing = np.full(len(given), np.nan)
        names = np.full(len(given), UNDEFINED)
        return LocalMoran(nothing, names, nothing.copy(), nothing.copy(), ALTERNATIVE, 0, EXACT)
    z = centred(kept)
    lag = without_noise(lagged(z, closed, row_standardised=row_standardised), z)
    p, method = lag_pvalue(kept, closed, permutations, rng)
    p = np.where(z == 0.0, 1.0, p)
    local = (len(kept) - 1) * z * lag / float(z @ z)
    quadrant, (statistic, pvalue) = spread_out(valid, closed.cardinalities == 0, quadrants(z, lag), local, p)
    tests = int(np.isfinite(pvalue).sum())
    return LocalMoran(statistic, quadrant, pvalue, benjamini_hochberg(pvalue), ALTERNATIVE, tests, method)
