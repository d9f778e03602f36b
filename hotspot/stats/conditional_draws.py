"""Conditional permutation at the price of one: all places share the same draws of neighbours.

Hold a place, deal the others out anew: its k neighbours become k of the other n - 1 places. Where the links of a
place weigh the same, only k matters, so one list of draws serves every place with k neighbours: draw k places
of all n once, add up, sort, and look each place up by bisection. The few draws that hold the place itself take
a spare place instead, which makes them draws from the others, exactly.
"""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from hotspot.errors import HotspotError
from hotspot.stats.autocorrelation import EXACT, PERMUTATION, draws_pvalue, needed
from hotspot.stats.conditional_squares import count_squares
from hotspot.stats.exact import held_tails
from hotspot.stats.lags import TIE, FloatArray, centred
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.significance import two_sided
from hotspot.stats.sparse_rows import summed_rows

# Beyond so many additions the exact table takes longer than a large number of draws (about 20 s here).
MOST_ADDITIONS = 2e10


class Beyond(NamedTuple):
    """Draws at or beyond the observed value of each place; shape (places,) each."""

    above: NDArray[np.int64]
    """Draws at least as large, ties among them."""
    below: NDArray[np.int64]
    """Draws at most as large, ties among them."""


def lag_pvalue(
    values: FloatArray, near: Neighbours, permutations: int, rng: np.random.Generator | None
) -> tuple[FloatArray, str]:
    """How unusual is the sum of the values around each place, the place held and all others dealt out anew?

    Parameters
    ----------
    values
        Shape (places,), finite.
    near
        Neighbours of the places.
    permutations
        Draws where the exact distribution does not apply.
    rng
        Source of the draws; needed only there.

    Returns
    -------
    tuple
        Two-sided p, shape (places,), NaN for islands; and "exact" or "permutation".

    Raises
    ------
    HotspotError
        When draws are needed and no rng is given.

    Notes
    -----
    This is the one null of local Moran, Gi, Gi* and the bivariate local Moran: with the place held, each of them
    rises or falls with the sum around alone, so their two-sided p are the same. Counts whose links weigh the
    same within each place are tested exactly, unless so many different counts occur that the table would take
    long and an rng is given.
    """
    if near.even and _is_counts(values) and (rng is None or _additions(values, near) <= MOST_ADDITIONS):
        return two_sided(*held_tails(values, near)), EXACT
    found = beyond(centred(values)[None, :], near, permutations, needed(rng))
    return np.where(near.cardinalities > 0, draws_pvalue(*found, permutations), np.nan), PERMUTATION


def beyond(
    columns: FloatArray, near: Neighbours, permutations: int, rng: np.random.Generator, *, squares: bool = False
) -> Beyond:
    """Count the draws at or beyond what is observed around each place.

    Parameters
    ----------
    columns
        Shape (variables, places), finite; a place's values move together.
    near
        Neighbours of the places.
    permutations
        Number of draws, shared by all places.
    rng
        Source of the draws.
    squares
        False: the product over variables of the weighted sum around. True: the weighted sum around of the
        squared differences to the place held, added over variables.

    Returns
    -------
    Beyond
        Of islands, all draws on both sides.

    Notes
    -----
    The draws walk along the places' own order, so that the order of the rows changes nothing. Errors of the draws
    move together over the map: take many. Cost with even links: (places + permutations) log permutations for
    sums, about the root of places x permutations for the squares of one variable, places x permutations for those of
    several; with uneven links places x permutations x neighbours.
    """
    if permutations < 1:
        raise HotspotError("a test by draws needs draws.", "permutations = {n}", "take 999 or more.", n=permutations)
    order = near.canonical
    most = int(near.cardinalities.max(initial=0))
    walked = _walked(near)
    values = np.ascontiguousarray(columns[:, order])
    drawn = _distinct(rng.random((permutations, min(most + 1, near.n))), near.n)
    counted = np.full((2, near.n), permutations, dtype=np.int64)
    if near.even and squares:
        count_squares(values, walked, drawn, counted)
    elif near.even:
        _even_products(values, walked, drawn, counted)
    else:
        rows = (walked.indptr, walked.indices, walked.link_weights)
        _uneven(values, rows, drawn, squares, counted)
    found = np.empty_like(counted)
    found[:, order] = counted
    return Beyond(found[0], found[1])


def _walked(near: Neighbours) -> Neighbours:
    """The same places, numbered in their own order."""
    order = near.canonical
    if np.all(order[1:] > order[:-1]):
        return near
    rank = np.empty(near.n, dtype=np.int64)
    rank[order] = np.arange(near.n)
    return Neighbours.from_pairs(rank[near.focal], rank[near.indices], near.n, near.weights)


def _is_counts(x: FloatArray) -> bool:
    """Whether all values are whole numbers from 0."""
    return bool(np.all((x >= 0) & (x == np.rint(x))))


def _additions(x: FloatArray, near: Neighbours) -> float:
    """About how many additions the exact tables of all distinct counts take."""
    most = int(near.cardinalities.max(initial=0))
    distinct = len(np.unique(x))
    largest = float(np.sum(np.sort(x)[len(x) - min(most, len(x)) :]))
    return distinct**2 * most * largest


def _even_products(values: FloatArray, near: Neighbours, drawn: NDArray[np.int64], counted: NDArray[np.int64]) -> None:
    """Rank each place's product of sums among the draws of its class."""
    size = near.cardinalities
    sums = np.stack([summed_rows(near.indptr, near.indices, each) for each in values])
    running = np.cumsum(values[:, drawn], axis=2)
    slack_of = np.prod(np.abs(values).max(axis=1, initial=0.0))
    observed = np.prod(sums, axis=0)
    for k in np.unique(size[size > 0]):
        here = np.flatnonzero(size == k)
        slack = TIE * slack_of * float(k) ** len(values)
        ranked = np.sort(np.prod(running[:, :, k - 1], axis=0))
        _rank(ranked, (observed, here), slack, counted)
        totals = np.ascontiguousarray(running[:, :, k - 1])
        _swap_products((values, totals, observed), (size, k), drawn, slack, counted)


@numba.njit(cache=True)
def _rank(
    ranked: FloatArray, asked: tuple[FloatArray, NDArray[np.int64]], slack: float, counted: NDArray[np.int64]
) -> None:  # pragma: no cover - compiled
    """Count the sorted draws at or beyond each place's value, by bisection within the bin that the value falls into."""
    observed, places = asked
    low, high, size = ranked[0], ranked[-1], len(ranked)
    bins = 2 * size
    scale = (bins - 1) / (high - low) if high > low else 0.0
    starts = np.zeros(bins + 2, dtype=np.int64)  # draws in lower bins
    for value in ranked:
        starts[int((value - low) * scale) + 1] += 1
    starts = np.cumsum(starts)
    for place in places:
        for side in range(2):
            value = observed[place] + (slack if side else -slack)
            first, last = 0, size
            if low <= value <= high:
                at = int((value - low) * scale)
                first, last = starts[at], starts[at + 1]
            elif value < low:
                last = 0
            else:
                first = size
            while first < last:
                middle = (first + last) // 2
                if ranked[middle] < value or (side and ranked[middle] == value):
                    first = middle + 1
                else:
                    last = middle
            counted[side, place] = first if side else size - first


@numba.njit(cache=True)
def _swap_products(
    numbers: tuple[FloatArray, FloatArray, FloatArray],
    of: tuple[NDArray[np.int64], int],
    drawn: NDArray[np.int64],
    slack: float,
    counted: NDArray[np.int64],
) -> None:  # pragma: no cover - compiled
    """In draws that hold the place itself, put the spare place for it and count again."""
    values, totals, observed = numbers
    size, k = of
    for draw in range(len(drawn)):
        for at in range(k):
            place = drawn[draw, at]
            if size[place] != k:
                continue
            spare = drawn[draw, k]
            before, after = 1.0, 1.0
            for v in range(len(values)):
                before *= totals[v, draw]
                after *= totals[v, draw] - values[v, place] + values[v, spare]
            counted[0, place] += (after >= observed[place] - slack) - (before >= observed[place] - slack)
            counted[1, place] += (after <= observed[place] + slack) - (before <= observed[place] + slack)


@numba.njit(cache=True)
def _distinct(uniform: FloatArray, n: int) -> NDArray[np.int64]:  # pragma: no cover - compiled
    """Turn each row of uniform numbers into as many distinct places, by the first steps of a shuffle."""
    places = np.arange(n)
    drawn = np.empty(uniform.shape, dtype=np.int64)
    for draw in range(uniform.shape[0]):
        for at in range(uniform.shape[1]):
            other = at + int(uniform[draw, at] * (n - at))
            places[at], places[other] = places[other], places[at]
            drawn[draw, at] = places[at]
    return drawn


@numba.njit(cache=True)
def _uneven(
    values: FloatArray,
    rows: tuple[NDArray[np.int64], NDArray[np.int64], FloatArray],
    drawn: NDArray[np.int64],
    squares: bool,  # noqa: FBT001 - compiled functions take no keywords
    counted: NDArray[np.int64],
) -> None:  # pragma: no cover - compiled
    """Count with weights that differ within a place: every place adds up every draw."""
    largest = np.empty(len(values))
    for v in range(len(values)):
        largest[v] = np.abs(values[v]).max()
    for place in range(values.shape[1]):
        start, end = rows[0][place], rows[0][place + 1]
        if end == start:
            continue
        weights = rows[2][start:end]
        observed = _one(values, weights, rows[1][start:end], (place, place), squares)
        slack = 1.0
        if squares:
            slack = TIE * 4.0 * weights.sum() * (largest**2).sum()
        else:
            for v in range(len(values)):
                slack *= weights.sum() * largest[v]
            slack *= TIE
        above, below = 0, 0
        for draw in range(len(drawn)):
            spare = drawn[draw, end - start]
            one = _one(values, weights, drawn[draw, : end - start], (place, spare), squares)
            above += one >= observed - slack
            below += one <= observed + slack
        counted[0, place], counted[1, place] = above, below


@numba.njit(cache=True)
def _one(
    values: FloatArray,
    weights: FloatArray,
    others: NDArray[np.int64],
    held: tuple[int, int],
    squares: bool,  # noqa: FBT001 - compiled functions take no keywords
) -> float:  # pragma: no cover - compiled
    """Sum around a place whose neighbours are `others`, the spare standing in for the place itself."""
    place, spare = held
    product, added = 1.0, 0.0
    for v in range(len(values)):
        total = 0.0
        for link in range(len(others)):
            other = spare if others[link] == place else others[link]
            value = values[v, other]
            total += weights[link] * ((value - values[v, place]) ** 2 if squares else value)
        product *= total
        added += total
    return added if squares else product
