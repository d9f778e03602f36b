"""The exact distribution of a sum of counts drawn without replacement: permutation tests, no permutations.

Where counts are whole numbers and every neighbour counts one, the distribution that others sample 999 times
can be written down. Ties are exact, no random numbers are used and p has no floor set by a number of draws.
"""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import HotspotError
from hotspot.stats.neighbours import Neighbours

# Fewer cells than this give the comparison too few values to draw from (a judgement, not measured).
SMALLEST_RING = 30


class Tails(NamedTuple):
    """Chance of a sum at least, and at most, as large as the one observed; NaN where it cannot be said."""

    upper: NDArray[np.float64]
    """P(sum >= observed)."""
    lower: NDArray[np.float64]
    """P(sum <= observed)."""


def draw_tails(pool: ArrayLike, draws: ArrayLike, observed: ArrayLike) -> Tails:
    """How likely is it that some counts, drawn blindly from a pool, add up to what was observed, or beyond?

    Parameters
    ----------
    pool
        Shape (cells,). Whole counts to draw from. [incidents]
    draws
        Scalar or shape (questions,). How many are drawn without replacement, at most the size of the pool.
    observed
        Scalar or shape (questions,). The sum to compare with. [incidents]

    Returns
    -------
    Tails
        Shape (questions,) each, in [0, 1].

    Raises
    ------
    HotspotError
        When counts are not whole numbers from 0, or more are drawn than there are.

    Notes
    -----
    ``a[j][s]``, the chance that j draws sum to s, is built up value by value: ``a[J][s + v t] += a[J-t][s]
    * C(J,t) * prod_r (c-r) / (N-(J-t)-r)`` for t = 1 .. min(J, c), where value v occurs c times among N.
    All terms are positive and no binomial coefficient is ever formed, so nothing overflows and nothing
    cancels. Sums above the largest observed one share one bucket. Memory: largest draw x largest sum.

    How it misleads: exact for counts that are exchangeable; which may be exchanged is the caller's claim, not the
    table's.

    References
    ----------
    Our own recursion. Counts of 0 and 1 give the hypergeometric distribution, others full enumerations, in the tests.
    """
    counts = whole_counts(pool)
    drawn, total = np.broadcast_arrays(np.atleast_1d(draws), np.atleast_1d(observed))
    if drawn.size and not 0 <= drawn.min() <= drawn.max() <= len(counts):
        raise HotspotError(
            "no more can be drawn than the pool holds.",
            "{draws} draws from {size} counts",
            "give draws from 0 to the size of the pool.",
            draws=int(drawn.max()),
            size=len(counts),
        )
    if not drawn.size:
        return Tails(np.empty(0), np.empty(0))
    values, multiplicities = np.unique(counts, return_counts=True)
    return _looked_up(values, multiplicities, drawn.astype(np.int64), np.maximum(total, 0).astype(np.int64))


def included_tails(counts: ArrayLike, neighbours: Neighbours) -> Tails:
    """How unusual is the sum of each cell and its neighbours, were all counts dealt out anew (mode U)?

    Parameters
    ----------
    counts
        Shape (cells,). Whole counts, no NaN. [incidents]
    neighbours
        Neighbours of the cells; link weights are not used.

    Returns
    -------
    Tails
        Shape (cells,). NaN for a cell without neighbours.

    Raises
    ------
    HotspotError
        When counts are not whole numbers from 0.

    Notes
    -----
    The cell itself is drawn with its k neighbours: k + 1 values from all n. One table serves the whole map.
    """
    x = whole_counts(counts)
    k = neighbours.cardinalities
    tested = k > 0
    observed = np.rint(neighbours_sum(x, neighbours, itself=True)).astype(np.int64)
    upper, lower = np.full((2, len(x)), np.nan)
    upper[tested], lower[tested] = draw_tails(x, k[tested] + 1, observed[tested])
    return Tails(upper, lower)


def held_tails(counts: ArrayLike, neighbours: Neighbours) -> Tails:
    """How unusual is the sum around each cell, its own count held and the others dealt out anew (mode A)?

    Parameters
    ----------
    counts
        Shape (cells,). Whole counts, no NaN. [incidents]
    neighbours
        Neighbours of the cells; link weights are not used.

    Returns
    -------
    Tails
        Shape (cells,), of the sum without the cell itself. NaN for a cell without neighbours.

    Raises
    ------
    HotspotError
        When counts are not whole numbers from 0.

    Notes
    -----
    k values are drawn from the other n - 1: the conditional permutation null of Gi, Gi* and local Moran,
    whose p are therefore the same here. One table per distinct own count.
    """
    x = whole_counts(counts)
    k = neighbours.cardinalities
    observed = np.rint(neighbours_sum(x, neighbours, itself=False)).astype(np.int64)
    upper, lower = np.full((2, len(x)), np.nan)
    values, kind, multiplicities = np.unique(x, return_inverse=True, return_counts=True)
    for number in range(len(values)):
        here = np.flatnonzero((kind == number) & (k > 0))
        if len(here):
            others = multiplicities - (np.arange(len(values)) == number)
            upper[here], lower[here] = _looked_up(values, others, k[here], observed[here])
    return Tails(upper, lower)


def ring_tails(counts: ArrayLike, near: Neighbours, ring: Neighbours, *, held: bool = False) -> Tails:
    """How unusual is each neighbourhood against its own surroundings, instead of against the whole town?

    Parameters
    ----------
    counts
        Shape (cells,). Whole counts, no NaN. [incidents]
    near
        The neighbours of each cell.
    ring
        The surroundings of each cell (`Neighbours.ring_band`), apart from its neighbours.
    held
        Leave the cell itself out (mode A) instead of drawing it with its neighbours (mode U).

    Returns
    -------
    Tails
        Shape (cells,). NaN for a cell without neighbours or with fewer than 30 cells in its ring.

    Raises
    ------
    HotspotError
        When counts are not whole numbers from 0.

    Notes
    -----
    The pool of each cell is its neighbourhood and its ring. Exact where counts are exchangeable within that
    window, so a smooth trend across the town matters little: with a trend of factor 10 at a mean of 5 per
    cell, false alarms still rise to one map in four with a ring of 3 to 5 cells (docs/statistics.md).
    """
    x = whole_counts(counts)
    upper, lower = np.full((2, len(x)), np.nan)
    _ring_tails(x, (near.indptr, near.indices), (ring.indptr, ring.indices), held, upper, lower)
    return Tails(upper, lower)


def neighbours_sum(counts: NDArray[np.int64], neighbours: Neighbours, *, itself: bool) -> NDArray[np.float64]:
    """Add up the counts around each cell, every neighbour counting one, with or without the cell itself.

    Parameters
    ----------
    counts
        Shape (cells,). [incidents]
    neighbours
        Neighbours of the cells; link weights are not used.
    itself
        Whether the cell's own count is added.

    Returns
    -------
    NDArray
        Shape (cells,); exact up to sums of 2^53.
    """
    links = counts[neighbours.indices].astype(np.float64)
    total = np.bincount(neighbours.focal, weights=links, minlength=neighbours.n).astype(np.float64)
    return total + counts if itself else total


def whole_counts(counts: ArrayLike) -> NDArray[np.int64]:
    """Take counts as integers, refusing anything that is not a whole number from 0.

    Parameters
    ----------
    counts
        Shape (cells,).

    Returns
    -------
    NDArray
        The same numbers as integers.

    Raises
    ------
    HotspotError
        When a count is missing, negative or fractional.
    """
    given = np.asarray(counts, dtype=np.float64)
    good = np.isfinite(given) & (given >= 0) & (given == np.rint(given))
    if not good.all():
        raise HotspotError(
            "counts are whole numbers from 0.",
            "{value} at position {position}",
            "count incidents, not weights; draw uncertain times several times and combine_draws.",
            value=float(given[~good][0]),
            position=int(np.flatnonzero(~good)[0]),
        )
    return given.astype(np.int64)


def _looked_up(
    values: NDArray[np.int64],
    multiplicities: NDArray[np.int64],
    draws: NDArray[np.int64],
    observed: NDArray[np.int64],
) -> Tails:
    """Both tails for each question, from one table."""
    cap = int(observed.max()) + 1
    table = draw_table(values, multiplicities, int(draws.max()), cap)
    at_least = np.cumsum(table[:, ::-1], axis=1)[:, ::-1]
    at_most = np.cumsum(table, axis=1)
    return Tails(np.minimum(at_least[draws, observed], 1.0), np.minimum(at_most[draws, observed], 1.0))


@numba.njit(cache=True)
def draw_table(
    values: NDArray[np.int64], multiplicities: NDArray[np.int64], draws: int, cap: int
) -> NDArray[np.float64]:  # pragma: no cover - compiled
    """Build the table of how likely each sum of each number of draws is.

    Parameters
    ----------
    values, multiplicities
        Shape (values,). Distinct counts from 0, and how often each occurs.
    draws
        Largest number drawn, at most all.
    cap
        Sums from here on share the last column.

    Returns
    -------
    NDArray
        Shape (draws + 1, cap + 1). Row j: the distribution of the sum of j draws.
    """
    size = multiplicities.sum()
    table = np.zeros((draws + 1, cap + 1))
    table[0, 0] = 1.0
    folded = 0
    for value, times in zip(values, multiplicities):  # noqa: B905 - numba knows no strict
        for drawn in range(min(draws, folded + times), 0, -1):
            weight = 1.0
            for t in range(1, min(drawn, times) + 1):
                left = drawn - t
                # C(J,t) * prod_r (c-r) / (N-(J-t)-r), from the same product for t - 1
                weight *= (left + 1) / t * (times - t + 1) / (size - drawn + t)
                if left > folded:
                    continue
                step = min(value * t, cap)
                for total in range(cap + 1):
                    if table[left, total] > 0.0:
                        table[drawn, min(total + step, cap)] += weight * table[left, total]
        folded += times
    return table


@numba.njit(cache=True)
def _ring_tails(
    counts: NDArray[np.int64],
    near: tuple[NDArray[np.int64], NDArray[np.int64]],
    ring: tuple[NDArray[np.int64], NDArray[np.int64]],
    held: bool,  # noqa: FBT001 - compiled functions take no keywords
    upper: NDArray[np.float64],
    lower: NDArray[np.float64],
) -> None:  # pragma: no cover - compiled
    """Fill both tails of each cell's neighbourhood against its own window."""
    for cell in range(len(counts)):
        inner = counts[near[1][near[0][cell] : near[0][cell + 1]]]
        outer = counts[ring[1][ring[0][cell] : ring[0][cell + 1]]]
        if len(inner) == 0 or len(outer) < SMALLEST_RING:
            continue
        if not held:
            inner = np.append(inner, counts[cell])
        observed = inner.sum()
        pool = np.sort(np.append(inner, outer))
        starts = np.flatnonzero(np.append(np.array([True]), pool[1:] != pool[:-1]))
        times = np.diff(np.append(starts, len(pool)))
        row = draw_table(pool[starts], times, len(inner), observed + 1)[len(inner)]
        upper[cell] = min(row[observed] + row[observed + 1], 1.0)
        lower[cell] = min(row[: observed + 1].sum(), 1.0)
