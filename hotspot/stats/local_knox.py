"""Which incidents have others near them, soon before or after, beyond what chance would put there."""

from functools import partial
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from hotspot.stats.close_pairs import Pairs, band_edges, incidents_of, others_within, pairs
from hotspot.stats.significance import benjamini_hochberg

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ALTERNATIVE = "greater"


class LocalKnox(NamedTuple):
    """What each incident takes part in; shape (incidents,)."""

    near: FloatArray
    """Incidents near in space, at any time; NaN where place or time is unknown, as below. [incidents]"""
    earlier: FloatArray
    """Of these, how many happened shortly before."""
    later: FloatArray
    """Of these, how many happened shortly after."""
    together: FloatArray
    """Of these, how many happened within the time, before, after or at the same moment."""
    expected: FloatArray
    """How many of these there would be if times had nothing to do with places."""
    pvalue: FloatArray
    """Chance of as many together or more; 1 where none is near."""
    qvalue: FloatArray
    """The same after correcting for all incidents with one near (Benjamini-Hochberg); NaN without."""
    alternative: str
    """Alternative of every p: greater."""

    @property
    def tests(self) -> int:
        """Incidents with one near, over which q is corrected."""
        return int(np.isfinite(self.qvalue).sum())


def local_knox(xy: ArrayLike, days: ArrayLike, *, within_m: float, within_days: float) -> LocalKnox:
    """Which incidents have more others near them in space and time than chance would put there?

    Parameters
    ----------
    xy
        Shape (incidents, 2). Coordinates in a metric reference system; NaN where unknown. [m]
    days
        Shape (incidents,). Times on a scale of days; NaN where unknown. [days]
    within_m
        Near in space: a distance less than this. [m]
    within_days
        Near in time: less than this many days between them. [days]

    Returns
    -------
    LocalKnox
        On the rows given.

    Raises
    ------
    HotspotError
        When the arrays do not fit or a limit is not above 0.

    Notes
    -----
    P(X >= together), X hypergeometric of n - 1 others, k of them near in space, m near in time.
    The incident keeps its time and the times of all others are dealt out anew: of the k others near in space,
    the number near in time is hypergeometric, exactly, with no draws. An incident's own p says nothing of its
    neighbours', and those of one cluster hang together.

    How it misleads: an incident without followers yet is as near to the end of the data as to the end of the
    series.

    References
    ----------
    Rogerson (2001), doi:10.1111/j.1538-4632.2001.tb00436.x.
    """
    band_edges([0.0, within_m], "within_m")
    band_edges([0.0, within_days], "within_days")
    places, when, _ = incidents_of(xy, days, None, keep=True)
    rows = np.flatnonzero(np.isfinite(places).all(axis=1) & np.isfinite(when))
    when_known, n = when[rows], len(rows)
    near = pairs(places[rows], within_m)
    gap = when_known[near.second] - when_known[near.first]
    close = np.abs(gap) < within_days
    all_near = _ends(near, n, np.ones(len(gap), dtype=bool), np.ones(len(gap), dtype=bool))
    together = _ends(near, n, close, close)
    earlier, later = (_ends(near, n, close & (sign * gap < 0), close & (sign * gap > 0)) for sign in (1, -1))
    in_time, others = others_within(when_known, within_days), max(n - 1, 1)
    p = _as_many(together, all_near, in_time, others)
    q = benjamini_hochberg(np.where(all_near > 0, p, np.nan))
    spread = partial(_on_rows, rows=rows, n=len(when))
    return LocalKnox(
        spread(all_near), spread(earlier), spread(later), spread(together), spread(all_near * in_time / others),
        spread(p), spread(q), ALTERNATIVE,
    )  # fmt: skip


def _ends(near: Pairs, n: int, first: NDArray[np.bool_], second: NDArray[np.bool_]) -> FloatArray:
    """How often each incident is the first of the pairs in the one set, or the second of those in the other."""
    counted = np.bincount(near.first[first], minlength=n) + np.bincount(near.second[second], minlength=n)
    return counted.astype(np.float64)


def _as_many(found: FloatArray, drawn: FloatArray, marked: FloatArray, size: int) -> FloatArray:
    """Chance of at least as many marked among those drawn from a pool: the hypergeometric upper tail."""

    def log_ways(n: FloatArray, k: FloatArray) -> FloatArray:
        return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))

    whole = np.full(found.shape, float(size))
    start = log_ways(marked, found) + log_ways(whole - marked, drawn - found) - log_ways(whole, drawn)
    return np.where(
        found <= np.maximum(0, drawn + marked - size), 1.0, _add_up(np.exp(start), found, drawn, marked, size)
    )


@numba.njit(cache=True)
def _add_up(first: FloatArray, found: FloatArray, drawn: FloatArray, marked: FloatArray, size: int) -> FloatArray:
    """Sum of hypergeometric terms from the first one up."""
    total = first.copy()
    for i in range(first.size):
        term, k = first[i], found[i]
        while k < min(drawn[i], marked[i]) and term > 1e-17 * total[i]:
            term *= (marked[i] - k) * (drawn[i] - k) / ((k + 1.0) * (size - marked[i] - drawn[i] + k + 1.0))
            total[i] += term
            k += 1.0
        total[i] = min(total[i], 1.0)
    return total


def _on_rows(values: FloatArray, rows: IntArray, n: int) -> FloatArray:
    """The values on the rows given, NaN elsewhere."""
    everywhere = np.full(n, np.nan)
    everywhere[rows] = values
    return everywhere
