"""Conditional permutation of squared differences, which depend on the place held as well as on those drawn."""

import math

import numba
import numpy as np
from numpy.typing import NDArray

from hotspot.stats.lags import TIE
from hotspot.stats.neighbours import Neighbours

FloatArray = NDArray[np.float64]

PLACES_A_RANKING = 9.0  # squared: where ranking the draws costs as much as looking at those near the line


def count_squares(values: FloatArray, near: Neighbours, drawn: NDArray[np.int64], counted: NDArray[np.int64]) -> None:
    """Count the draws at or beyond the squared differences observed around each place.

    Parameters
    ----------
    values
        Shape (variables, places).
    near
        Neighbours of the places; every link counts one.
    drawn
        Shape (permutations, most neighbours + 1). Distinct places; a draw for a place with k neighbours is the first
        k of a row, and the one after them the spare.
    counted
        Shape (2, places). Draws at least, and at most, as large; written for places with neighbours.
    """
    size = near.cardinalities
    observed = np.zeros(near.n)
    for each in values:
        difference = each[near.indices] - each[near.focal]
        observed += np.bincount(near.focal, weights=difference**2, minlength=near.n)
    running = np.cumsum(values[:, drawn], axis=2)
    squared = np.cumsum(np.sum(values[:, drawn] ** 2, axis=0), axis=1)
    scale = 4.0 * float(np.sum(np.abs(values).max(axis=1, initial=0.0) ** 2))
    for k in np.unique(size[size > 0]):
        sums = (np.ascontiguousarray(running[:, :, k - 1]), np.ascontiguousarray(squared[:, k - 1]))
        if len(values) == 1:
            here = np.flatnonzero(size == k)
            here = here[np.argsort(values[0, here], kind="stable")]
            _count_ranked((values[0], observed), (sums[0][0], sums[1]), (here, k), TIE * scale * float(k), counted)
        else:
            _count_all((values, observed), sums, (size, k), TIE * scale * float(k), counted)
        _swap_itself((values, observed), sums, (size, k, TIE * scale * float(k)), drawn, counted)


@numba.njit(cache=True)
def _count_all(
    numbers: tuple[FloatArray, FloatArray],
    sums: tuple[FloatArray, FloatArray],
    of: tuple[NDArray[np.int64], int],
    slack: float,
    counted: NDArray[np.int64],
) -> None:  # pragma: no cover - compiled
    """Count for every place of a class, as if no draw held the place itself."""
    values, observed = numbers
    size, k = of
    distance = np.empty(len(sums[1]))
    for place in range(len(size)):
        if size[place] != k:
            continue
        own = 0.0
        for v in range(len(values)):
            own += k * values[v, place] ** 2
        distance[:] = sums[1] + own
        for v in range(len(values)):
            distance -= 2.0 * values[v, place] * sums[0][v]
        above, below = 0, 0
        for draw in range(len(distance)):
            above += distance[draw] >= observed[place] - slack
            below += distance[draw] <= observed[place] + slack
        counted[0, place], counted[1, place] = above, below


@numba.njit(cache=True)
def _count_ranked(
    numbers: tuple[FloatArray, FloatArray],
    sums: tuple[FloatArray, FloatArray],
    of: tuple[NDArray[np.int64], int],
    slack: float,
    counted: NDArray[np.int64],
) -> None:  # pragma: no cover - compiled
    """Count as `_count_all` does for one variable, looking only at draws near the line between above and below.

    With z held, a draw's squares are ``Q - 2 z S + k z**2``. Places of like z share one ranking of the draws, made for
    the middle of their z; it misplaces no draw by more than ``2 abs(z - middle) max abs(S)``.
    """
    values, observed = numbers
    places, k = of
    total, squared = sums
    steepest = 2.0 * np.abs(total).max()
    blocks = int(math.sqrt(len(places) / PLACES_A_RANKING)) + 1
    for block in range(blocks):
        first, end = block * len(places) // blocks, (block + 1) * len(places) // blocks
        if first == end:
            continue
        middle = 0.5 * (values[places[first]] + values[places[end - 1]])
        ranked = squared - 2.0 * middle * total
        order = np.argsort(ranked)
        ranked, s, q = ranked[order], total[order], squared[order]
        for place in places[first:end]:
            z = values[place]
            own = k * z**2
            reach = steepest * abs(z - middle) + 2.0 * slack
            low = np.searchsorted(ranked, observed[place] - own - reach)
            high = np.searchsorted(ranked, observed[place] - own + reach, side="right")
            above, below = len(ranked) - high, low
            for draw in range(low, high):
                distance = q[draw] + own - 2.0 * z * s[draw]
                above += distance >= observed[place] - slack
                below += distance <= observed[place] + slack
            counted[0, place], counted[1, place] = above, below


@numba.njit(cache=True)
def _swap_itself(
    numbers: tuple[FloatArray, FloatArray],
    sums: tuple[FloatArray, FloatArray],
    of: tuple[NDArray[np.int64], int, float],
    drawn: NDArray[np.int64],
    counted: NDArray[np.int64],
) -> None:  # pragma: no cover - compiled
    """In draws that hold the place itself, put the spare place for it and count again."""
    values, observed = numbers
    size, k, slack = of
    for draw in range(len(drawn)):
        for at in range(k):
            place = drawn[draw, at]
            if size[place] != k:
                continue
            spare = drawn[draw, k]
            before, more = sums[1][draw], 0.0
            for v in range(len(values)):
                own = values[v, place]
                before += k * own**2 - 2.0 * own * sums[0][v, draw]
                more += (own - values[v, spare]) ** 2
            after = before + more
            counted[0, place] += (after >= observed[place] - slack) - (before >= observed[place] - slack)
            counted[1, place] += (after <= observed[place] + slack) - (before <= observed[place] + slack)
