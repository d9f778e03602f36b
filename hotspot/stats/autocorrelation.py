"""What every statistic of spatial autocorrelation returns: its value, its p, and what cannot be said."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from hotspot.errors import HotspotError
from hotspot.stats.lags import TIE
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.significance import ALTERNATIVE, benjamini_hochberg, two_sided

FloatArray = NDArray[np.float64]

UNDEFINED, NO_NEIGHBOURS = "undefined", "no neighbours"
NORMAL, PERMUTATION, EXACT = "normal", "permutation", "exact"


class Global(NamedTuple):
    """One number for the whole map, beside what chance would give; NaN where it cannot be said."""

    statistic: float
    """The statistic itself."""
    expected: float
    """What it would be on average, were the values dealt out at random."""
    variance: float
    """Its variance under the same."""
    z: float
    """Standard deviations from `expected`; its sign is that of statistic - expected."""
    pvalue: float
    """Two-sided p in (0, 1]."""
    n: int
    """Places with a value."""
    alternative: str
    """Alternative of the p: two-sided."""
    method: str
    """normal (p of z) or permutation (share of whole-map draws)."""


class Local(NamedTuple):
    """One number for each place, beside what chance would give; arrays of shape (places,)."""

    statistic: FloatArray
    """The statistic; NaN where undefined or without neighbours."""
    klass: NDArray[np.str_]
    """What the place is; "undefined" and "no neighbours" are classes of their own."""
    pvalue: FloatArray
    """p in (0, 1]; NaN where not tested."""
    qvalue: FloatArray
    """The same, corrected by Benjamini and Hochberg over the places tested."""
    alternative: str
    """Alternative of every p."""
    tests: int
    """Number of places tested."""
    method: str
    """exact or permutation."""


def found_globally(
    statistic: float,
    moments: tuple[float, float],
    n: int,
    simulated: FloatArray | None = None,
) -> Global:
    """Put a global statistic beside its moments and its p.

    Parameters
    ----------
    statistic
        The statistic; NaN where it cannot be said.
    moments
        Expectation and variance under random dealing.
    n
        Places with a value.
    simulated
        Shape (permutations,). The statistic of whole-map draws; None for the normal p of z.

    Returns
    -------
    Global
        p is twice the smaller tail, at most 1; (r + 1) / (R + 1) with draws, ties counted on both sides.
    """
    expected, variance = moments
    nan = float("nan")
    method = NORMAL if simulated is None else PERMUTATION
    if not np.isfinite(statistic):
        return Global(nan, nan, nan, nan, nan, n, ALTERNATIVE, method)
    z = (statistic - expected) / variance**0.5 if variance > 0 else nan
    p = 2.0 * float(ndtr(-abs(z)))
    if simulated is not None:
        slack = TIE * max(abs(statistic), float(np.abs(simulated).max(initial=0.0)))
        above, below = (int(np.sum(simulated >= statistic - slack)), int(np.sum(simulated <= statistic + slack)))
        p = min(1.0, 2.0 * (min(above, below) + 1) / (len(simulated) + 1))
    return Global(statistic, expected, variance, z, p, n, ALTERNATIVE, method)


def found_locally(
    statistic: FloatArray, klass: NDArray[np.str_], pvalue: FloatArray, method: str, alternative: str = ALTERNATIVE
) -> Local:
    """Put local statistics beside their corrected p.

    Parameters
    ----------
    statistic, klass, pvalue
        Shape (places,) each; p NaN where a place was not tested.
    method
        exact or permutation.
    alternative
        Alternative of every p.

    Returns
    -------
    Local
        With q-values over the places tested and their number.
    """
    tests = int(np.isfinite(pvalue).sum())
    return Local(statistic, klass, pvalue, benjamini_hochberg(pvalue), alternative, tests, method)


def whole_map_draws(
    statistic: Callable[[NDArray[np.int64]], float], near: Neighbours, permutations: int, rng: np.random.Generator
) -> FloatArray:
    """Deal the values out over all places anew, again and again.

    Parameters
    ----------
    statistic
        Takes which place each place's value comes from, shape (places,), and gives the statistic.
    near
        The places, in whose own order the dealing goes, so that the order of the rows changes nothing.
    permutations
        How often.
    rng
        Source of the draws.

    Returns
    -------
    FloatArray
        Shape (permutations,).
    """
    order = near.canonical
    source = np.empty(near.n, dtype=np.int64)
    found = np.empty(permutations)
    for draw in range(permutations):
        source[order] = order[rng.permutation(near.n)]
        found[draw] = statistic(source)
    return found


def needed(rng: np.random.Generator | None) -> np.random.Generator:
    """Refuse to draw without a source of randomness.

    Parameters
    ----------
    rng
        The source, or None.

    Returns
    -------
    numpy.random.Generator
        The source.

    Raises
    ------
    HotspotError
        When there is none.
    """
    if rng is None:
        raise HotspotError(
            "what is not a count, or has weighted links, is tested by random draws.",
            "no source of randomness",
            "give rng=numpy.random.default_rng(seed) and keep the seed with the result.",
        )
    return rng


def spread_out(
    valid: NDArray[np.bool_], islands: NDArray[np.bool_], names: NDArray[np.str_], *values: FloatArray
) -> tuple[NDArray[np.str_], list[FloatArray]]:
    """Bring what was found for the places with values back onto all places.

    Parameters
    ----------
    valid
        Shape (places,). Which places have a value.
    islands
        Shape (valid places,). Which of them have no neighbour with a value.
    names
        Shape (valid places,). Their classes.
    *values
        Shape (valid places,) each. Their numbers.

    Returns
    -------
    tuple
        Classes with "undefined" and "no neighbours", and the numbers with NaN there.
    """
    klass = np.full(len(valid), UNDEFINED, dtype=f"<U{max(len(NO_NEIGHBOURS), names.dtype.itemsize // 4)}")
    if valid.all() and not islands.any():
        klass[:] = names
        return klass, list(values)
    klass[valid] = np.where(islands, NO_NEIGHBOURS, names)
    found = []
    for each in values:
        whole = np.full(len(valid), np.nan)
        whole[valid] = np.where(islands, np.nan, each)
        found.append(whole)
    return klass, found


def draws_pvalue(above: NDArray[np.int64], below: NDArray[np.int64], permutations: int) -> FloatArray:
    """Turn counts of draws at or beyond the observed into two-sided p.

    Parameters
    ----------
    above, below
        Draws at least, and at most, as large as observed, ties in both.
    permutations
        Number of draws.

    Returns
    -------
    FloatArray
        min(1, 2 (smaller + 1) / (permutations + 1)).
    """
    return two_sided((above + 1) / (permutations + 1), (below + 1) / (permutations + 1))
