"""Moran's I: do like values lie together, over the whole map and around each place?"""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from hotspot.errors import HotspotError
from hotspot.stats.exact import held_tails
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.significance import ALTERNATIVE, benjamini_hochberg, two_sided

QUADRANTS = ("HH", "LH", "LL", "HL")
UNDEFINED, NO_NEIGHBOURS, NO_QUADRANT = "undefined", "no neighbours", "none"
_NAME = f"<U{len(NO_NEIGHBOURS)}"

# Sums that differ by less than this share of their size are ties: rounding must not decide a p-value.
_TIE = 1e-10


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
    """Two-sided normal p of `z_random`; not for counts that are mostly zero."""
    n: int
    """Places with a value."""
    alternative: str
    """Alternative of the p: two-sided."""


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


def moran(x: ArrayLike, neighbours: Neighbours, *, row_standardised: bool = True) -> Moran:
    """Do high values lie by high and low by low over the map as a whole, or is the pattern like chance?

    Parameters
    ----------
    x
        Shape (places,). Values; NaN where unknown.
    neighbours
        Neighbours of the places.
    row_standardised
        Divide the weights of each place by their sum.

    Returns
    -------
    Moran
        NaN throughout where fewer than four places have values and neighbours, or all values are equal.

    Notes
    -----
    I = (n / S0) sum_ij w_ij z_i z_j / sum_i z_i^2. Places without a value are out of
    everything; places without neighbours count in n and in the mean. Says nothing on where or why.

    References
    ----------
    Cliff and Ord (1981), Spatial Processes. Moran (1950), doi:10.1093/biomet/37.1-2.17.
    """
    given = np.asarray(x, dtype=np.float64)
    valid = np.isfinite(given)
    near = _weighted(neighbours.among(valid), row_standardised=row_standardised)
    kept = given[valid]
    n, s0 = len(kept), float(near.link_weights.sum())
    nan = float("nan")
    if n < 4 or s0 == 0 or _equal(kept):  # noqa: PLR2004 - the randomisation variance divides by n - 3
        return Moran(nan, nan, nan, nan, nan, nan, nan, n, ALTERNATIVE)
    z = kept - kept.mean()
    squares = float(np.sum(z**2))
    statistic = n / s0 * float(z @ near.around(z)) / squares
    expected = -1.0 / (n - 1)
    s1, s2 = _weight_sums(near)
    normal = (n**2 * s1 - n * s2 + 3 * s0**2) / ((n**2 - 1) * s0**2) - expected**2
    kurtosis = n * float(np.sum(z**4)) / squares**2
    first = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    second = kurtosis * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    random = (first - second) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - expected**2
    z_normal, z_random = ((statistic - expected) / v**0.5 if v > 0 else nan for v in (normal, random))
    p = 2.0 * float(stats.norm.sf(abs(z_random)))
    return Moran(statistic, expected, normal, random, z_normal, z_random, p, n, ALTERNATIVE)


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
    weights. p: x_i held, the others dealt out anew; counts with links that all count one exactly, other values
    with draws shared by all places, (r + 1) / (R + 1), ties counted. Two-sided: twice the smaller tail. A value
    at the mean has I_i = 0 whatever lies around it, hence p = 1. Results do not depend on the order of the rows
    where the neighbours carry an order of their own.

    References
    ----------
    Anselin (1995), doi:10.1111/j.1538-4632.1995.tb00338.x.
    """
    given = np.asarray(x, dtype=np.float64)
    valid = np.isfinite(given)
    kept = given[valid]
    closed = neighbours.among(valid)
    near = _weighted(closed, row_standardised=row_standardised)
    z = _without_noise(kept - kept.mean(), kept) if len(kept) else kept
    lag = _without_noise(near.around(z), z)
    exact = closed.weights is None and bool(np.all((kept >= 0) & (kept == np.rint(kept))))
    statistic, pvalue = np.full((2, len(given)), np.nan)
    quadrant = np.full(len(given), UNDEFINED, dtype=_NAME)
    if not _equal(kept):
        islands = closed.cardinalities == 0
        p = two_sided(*held_tails(kept, closed)) if exact else _permuted(z, near, permutations, rng)
        pvalue[valid] = np.where(islands, np.nan, np.where(z == 0.0, 1.0, p))
        statistic[valid] = np.where(islands, np.nan, (len(kept) - 1) * z * lag / float(z @ z))
        quadrant[valid] = np.where(islands, NO_NEIGHBOURS, _quadrants(z, lag))
    tests = int(np.isfinite(pvalue).sum())
    method = "exact" if exact else "permutation"
    return LocalMoran(statistic, quadrant, pvalue, benjamini_hochberg(pvalue), ALTERNATIVE, tests, method)


def _without_noise(values: NDArray[np.float64], scale: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values, those that are rounding beside the scale set to zero."""
    return np.where(np.abs(values) <= _TIE * np.max(np.abs(scale), initial=0.0), 0.0, values)


def _weighted(near: Neighbours, *, row_standardised: bool) -> Neighbours:
    """The neighbours with explicit weights, each place's summing to one where asked."""
    weights = near.link_weights
    if row_standardised:
        weights = weights / np.bincount(near.focal, weights=weights, minlength=near.n)[near.focal]
    return Neighbours(near.indptr, near.indices, weights, near.order)


def _equal(x: NDArray[np.float64]) -> bool:
    """Whether there is no variation beyond rounding."""
    return len(x) == 0 or bool(np.ptp(x) <= _TIE * np.abs(x).max())


def _weight_sums(near: Neighbours) -> tuple[float, float]:
    """S1 and S2 of Cliff and Ord."""
    w = near.link_weights
    n = max(near.n, 1)
    forward, backward = near.focal * n + near.indices, near.indices * n + near.focal
    at = np.searchsorted(forward, backward)
    present = (at < len(forward)) & (forward[np.minimum(at, len(forward) - 1)] == backward)
    back = np.where(present, w[np.minimum(at, len(forward) - 1)], 0.0)
    # a pair linked both ways is met twice, half of its square each time; a pair linked one way once, whole
    s1 = float(np.sum(np.where(present, (w + back) ** 2 / 2.0, w**2)))
    out = np.bincount(near.focal, weights=w, minlength=near.n)
    into = np.bincount(near.indices, weights=w, minlength=near.n)
    return s1, float(np.sum((out + into) ** 2))


def _quadrants(z: NDArray[np.float64], lag: NDArray[np.float64]) -> NDArray[np.str_]:
    """High or low, among high or low; "none" on a tie."""
    high, around = z > 0, lag > 0
    names = np.where(high, np.where(around, "HH", "HL"), np.where(around, "LH", "LL"))
    return np.where((z == 0.0) | (lag == 0.0), NO_QUADRANT, names)


def _permuted(
    z: NDArray[np.float64], near: Neighbours, permutations: int, rng: np.random.Generator | None
) -> NDArray[np.float64]:
    """Two-sided p by shared draws, walked along the places' own order."""
    if rng is None:
        raise HotspotError(
            "local Moran of values that are not counts, or with weighted links, is tested by random draws.",
            "no source of randomness",
            "give rng=numpy.random.default_rng(seed) and keep the seed with the result.",
        )
    order = near.canonical
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    most = int(near.cardinalities.max(initial=0))
    walked = Neighbours.from_pairs(rank[near.focal], rank[near.indices], near.n, near.link_weights)
    drawn = np.stack([rng.choice(len(z) - 1, size=most, replace=False) for _ in range(permutations)])
    smaller = np.empty(len(z), dtype=np.int64)
    _count_draws(z[order], (walked.indptr, walked.indices), walked.link_weights, drawn, smaller)
    pvalue = np.empty(len(z))
    pvalue[order] = np.minimum(1.0, 2.0 * (smaller + 1) / (permutations + 1))
    return pvalue


@numba.njit(cache=True)
def _count_draws(
    z: NDArray[np.float64],
    near: tuple[NDArray[np.int64], NDArray[np.int64]],
    weights: NDArray[np.float64],
    drawn: NDArray[np.int64],
    smaller: NDArray[np.int64],
) -> None:  # pragma: no cover - compiled
    """How many draws lie at or beyond the observed sum around each place, on the side where fewer do."""
    largest = np.abs(z).max()
    for place in range(len(z)):
        start, end = near[0][place], near[0][place + 1]
        observed, scale = 0.0, 0.0
        for link in range(start, end):
            observed += weights[link] * z[near[1][link]]
            scale += weights[link] * largest
        above, below = 0, 0
        for draw in range(len(drawn)):
            total = 0.0
            for link in range(start, end):
                other = drawn[draw, link - start]
                total += weights[link] * z[other + (other >= place)]
            above += total >= observed - _TIE * scale
            below += total <= observed + _TIE * scale
        smaller[place] = min(above, below)
