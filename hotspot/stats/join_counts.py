"""Join counts: do marked places lie next to marked places more often than chance joins them?"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import HotspotError
from hotspot.stats.autocorrelation import (
    EXACT,
    Global,
    Local,
    found_globally,
    found_locally,
    spread_out,
    whole_map_draws,
)
from hotspot.stats.lags import weight_sums
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.significance import two_sided

FloatArray = NDArray[np.float64]
Sampling = Literal["nonfree", "free"]
Alternative = Literal["two-sided", "greater"]

MARKED, UNMARKED = "marked", "not marked"


class JoinCounts(NamedTuple):
    """How often marked (black) and other (white) places are joined, each beside chance."""

    bb: Global
    """Joins between two marked places."""
    bw: Global
    """Joins between a marked place and another; fewer than expected where like lies by like."""
    ww: Global
    """Joins between two places that are not marked."""


def join_counts(
    marked: ArrayLike,
    neighbours: Neighbours,
    *,
    sampling: Sampling = "nonfree",
    permutations: int = 999,
    rng: np.random.Generator | None = None,
) -> JoinCounts:
    """Do marked places lie together, or apart, over the map as a whole?

    Parameters
    ----------
    marked
        Shape (places,). 1 or true where marked, 0 where not, NaN where unknown.
    neighbours
        Neighbours of the places.
    sampling
        nonfree: as many marked places as there are, dealt out at random. free: each place marked by chance alone,
        with the observed share as its probability.
    permutations
        Whole-map draws, where an rng is given.
    rng
        Source of the draws (nonfree); None for the normal p.

    Returns
    -------
    JoinCounts
        Each NaN where fewer than four places have a value, none has neighbours, or all are (not) marked.

    Raises
    ------
    HotspotError
        When something is neither 0, 1 nor NaN, or draws are asked for free sampling.

    Notes
    -----
    BB = 1/2 sum_ij w_ij x_i x_j, WW the same of 1 - x, BW = 1/2 sum_ij w_ij (x_i - x_j)^2, so that each pair
    linked both ways counts once. Mean and variance are exact for either sampling; the normal p is not when few
    are marked: give an rng then. The three are not independent, and say nothing on where.

    How it misleads: a trend from one side of the town to the other joins like with like everywhere.

    References
    ----------
    Moran (1948), doi:10.1111/j.2517-6161.1948.tb00012.x. Cliff and Ord (1981), Spatial Processes, chapter 2.
    """
    given, valid = _marks(marked)
    if sampling == "free" and rng is not None:
        raise HotspotError(
            "draws deal out the marks there are, which is nonfree sampling.",
            "sampling = free with an rng",
            "leave the rng out, or take sampling = nonfree.",
        )
    x, near = given[valid], neighbours.among(valid)
    sums = weight_sums(near)
    if len(x) < 4 or sums[0] == 0 or np.ptp(x) == 0:  # noqa: PLR2004 - moments divide by n - 3
        nothing = found_globally(float("nan"), (float("nan"), float("nan")), len(x))
        return JoinCounts(nothing, nothing, nothing)
    counted = _counts(x, near, sums[0])
    drawn = np.full((0, 0), np.nan)
    if rng is not None:
        drawn = np.empty((permutations, 3))
        rest = iter(drawn)

        def keep(source: NDArray[np.int64]) -> float:
            next(rest)[:] = _counts(x[source], near, sums[0])
            return 0.0

        whole_map_draws(keep, near, permutations, rng)
    moments = _moments(float(x.sum()), len(x), sums, free=sampling == "free")
    simulated = drawn.T if rng is not None else (None, None, None)
    found = [found_globally(c, m, len(x), s) for c, m, s in zip(counted, moments, simulated, strict=True)]
    return JoinCounts(*found)


def local_join_counts(marked: ArrayLike, neighbours: Neighbours, *, alternative: Alternative = "two-sided") -> Local:
    """Which marked places have more, or fewer, marked neighbours than chance would give them?

    Parameters
    ----------
    marked
        Shape (places,). 1 or true where marked, 0 where not, NaN where unknown.
    neighbours
        Neighbours of the places; weights count as yes or no.
    alternative
        two-sided, or greater (more than chance only, as GeoDa and spdep).

    Returns
    -------
    Local
        Marked neighbours of each marked place (0 for others); only marked places are tested. Class "marked",
        "not marked", "undefined", "no neighbours".

    Raises
    ------
    HotspotError
        When something is neither 0, 1 nor NaN, or the alternative is unknown.

    Notes
    -----
    BB_i = x_i sum_j w_ij x_j. With the place held, its marked neighbours are hypergeometric: k drawn from the n - 1
    others, m - 1 of them marked. p is that tail, exact. For rare marks (a fifth or less of the places) as meant;
    for common ones mark the others. spdep 1.2 draws with replacement and tests only where BB_i is above 0.

    How it misleads: a place with two neighbours can hardly be significant whatever they are: "not significant" is
    often "could not be".

    References
    ----------
    Anselin and Li (2019), doi:10.1007/s10109-019-00299-x.
    """
    given, valid = _marks(marked)
    if alternative not in {"two-sided", "greater"}:
        raise HotspotError(
            "the alternative is two-sided or greater.", "{given}", "write two-sided.", given=str(alternative)
        )
    x, near = given[valid], neighbours.among(valid).reweighted(None)
    around = near.around(x) * x
    upper, lower = _tails(around, x, near)
    p = upper if alternative == "greater" else two_sided(upper, lower)
    names = np.where(x == 1.0, MARKED, UNMARKED)
    klass, (statistic, pvalue) = spread_out(valid, near.cardinalities == 0, names, around, p)
    return found_locally(statistic, klass, pvalue, EXACT, alternative)


def _marks(marked: ArrayLike) -> tuple[FloatArray, NDArray[np.bool_]]:
    """The marks as 0, 1 and NaN, and where they are known."""
    given = np.asarray(marked, dtype=np.float64)
    valid = np.isfinite(given)
    other = given[valid & (given != 0.0) & (given != 1.0)]
    if other.size:
        raise HotspotError(
            "a place is marked (1), not marked (0) or unknown (NaN).",
            "{value}",
            "give a comparison, as counts >= 1.",
            value=float(other[0]),
        )
    return given, valid


def _counts(x: FloatArray, near: Neighbours, s0: float) -> tuple[float, float, float]:
    """BB, BW and WW."""
    bb = float(x @ near.around(x)) / 2.0
    ww = float((1.0 - x) @ near.around(1.0 - x)) / 2.0
    return bb, s0 / 2.0 - bb - ww, ww


def _moments(m: float, n: int, sums: tuple[float, float, float], *, free: bool) -> list[tuple[float, float]]:
    """Mean and variance of BB, BW and WW.

    Each is half a weighted sum over ordered pairs of a mark of the pair; pairs of pairs share both places, one or
    none, with total weights S1, S2 - 2 S1 and S0^2 + S1 - S2, and chances that both are joined so of e2, e3, e4.
    """
    s0, s1, s2 = sums

    def chance(black: int, white: int) -> float:
        """Chance that so many given places are black and so many white."""
        if free:
            return (m / n) ** black * (1.0 - m / n) ** white
        found = 1.0
        for taken in range(black):
            found *= (m - taken) / (n - taken)
        for taken in range(white):
            found *= (n - m - taken) / (n - black - taken)
        return found

    same = ((2, 0), (3, 0), (4, 0)), ((0, 2), (0, 3), (0, 4))
    chances = [tuple(chance(*each) for each in kind) for kind in same]
    mixed = (2.0 * chance(1, 1), chance(1, 2) + chance(2, 1), 4.0 * chance(2, 2))
    found = []
    for e2, e3, e4 in (chances[0], mixed, chances[1]):
        mean = s0 * e2 / 2.0
        square = (s1 * e2 + (s2 - 2.0 * s1) * e3 + (s0**2 + s1 - s2) * e4) / 4.0
        found.append((mean, square - mean**2))
    return found


def _tails(around: FloatArray, x: FloatArray, near: Neighbours) -> tuple[FloatArray, FloatArray]:
    """Hypergeometric tails of the marked neighbours of marked places; NaN elsewhere."""
    from scipy.stats import hypergeom  # half a second to import, needed only here

    upper, lower = np.full((2, len(x)), np.nan)
    tested = np.flatnonzero((x == 1.0) & (near.cardinalities > 0))
    if not len(tested):
        return upper, lower
    questions = np.column_stack([near.cardinalities[tested], np.rint(around[tested]).astype(np.int64)])
    kinds, which = np.unique(questions, axis=0, return_inverse=True)
    law = hypergeom(len(x) - 1, int(x.sum()) - 1, kinds[:, 0])
    upper[tested] = np.minimum(law.sf(kinds[:, 1] - 1), 1.0)[which]
    lower[tested] = np.minimum(law.cdf(kinds[:, 1]), 1.0)[which]
    return upper, lower
