"""Counts tied to each other by sums, and which of them to hide so that no small one can be worked out."""

from collections.abc import Callable, Hashable, Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import linprog

LEAST_INCIDENTS = 5  # METHODS 12: proposed default, above Statistics Denmark's general rule of 3
_SURE = 1e-6
_LOOSE = 1e-4  # passing bounds on gathers rounding errors
_MOST = 1e6  # more than anyone counts, so that no program is unbounded
_PASSES = 20
_ZERO_COSTS = 50.0
Mask = npt.NDArray[np.bool_]


class Tied(NamedTuple):
    """Counts and every sum that ties them together.

    Parameters
    ----------
    keys
        What each count is of.
    counts : array, shape (counts,)
        The true counts.
    printed : array of bool, shape (counts,)
        False for a rest that nobody prints but that anyone can work out by subtracting.
    sums : sparse array, shape (sums, counts)
        Each row adds up to zero: 1 for a part, -1 for the total.
    worth : array, shape (counts,)
        How much a reader misses each incident of a count that is hidden to protect others.
    """

    keys: tuple[Hashable, ...]
    counts: npt.NDArray[np.float64]
    printed: Mask
    sums: sp.csr_array
    worth: npt.NDArray[np.float64]


class Book:
    """Collects counts and sums, each count once by its key."""

    def __init__(self) -> None:
        self._at: dict[Hashable, int] = {}
        self._counts: list[float] = []
        self._printed: list[bool] = []
        self._worth: list[float] = []
        self._sums: list[tuple[int, list[int]]] = []

    def enter(self, key: Hashable, count: float, *, printed: bool = True, worth: float = 1.0) -> Hashable:
        """Enter a count; one that is entered again stays as it is.

        Parameters
        ----------
        key
            What it is of.
        count
            The true count.
        printed
            Whether a reader sees it unless it is hidden.
        worth
            How much a reader misses each incident of it.

        Returns
        -------
        hashable
            The key.
        """
        if key not in self._at:
            self._at[key] = len(self._counts)
            self._counts.append(float(count))
            self._printed.append(printed)
            self._worth.append(worth)
        return key

    def __contains__(self, key: Hashable) -> bool:
        """Say whether a count was entered."""
        return key in self._at

    def count(self, key: Hashable) -> float:
        """Return a count entered before."""
        return self._counts[self._at[key]]

    def tie(self, total: Hashable, parts: Iterable[Hashable]) -> None:
        """Say that a count is the sum of others; all of them entered before.

        Parameters
        ----------
        total, parts
            Their keys.
        """
        self._sums.append((self._at[total], [self._at[part] for part in parts]))

    def tied(self) -> Tied:
        """Return all of it."""
        rows = [row for row, (_, parts) in enumerate(self._sums) for _ in range(len(parts) + 1)]
        columns = [each for total, parts in self._sums for each in (total, *parts)]
        signs = [sign for _, parts in self._sums for sign in (-1.0, *[1.0] * len(parts))]
        shape = (len(self._sums), len(self._counts))
        sums = sp.csr_array((signs, (rows, columns)), shape=shape)
        printed = np.array(self._printed, dtype=bool)
        return Tied(tuple(self._at), np.array(self._counts), printed, sums, np.array(self._worth))


def hide_tied(tied: Tied, k: int = LEAST_INCIDENTS, besides: Mask | None = None) -> Mask:
    """Say which counts to hide, so that by adding and subtracting everything shown no small one can be worked out.

    Parameters
    ----------
    tied
        Counts and the sums that tie them. Totals may have to be hidden too.
    k
        Smallest count that may be shown; a true zero is shown.
    besides : array of bool, shape (counts,), optional
        Counts hidden for another reason, which no single sum may tell either.

    Returns
    -------
    array of bool, shape (counts,)
        True where a reader does not see it; of counts that nobody prints, True unless it can be worked out.

    Notes
    -----
    Small counts first. Then, until nothing changes: a sum with one single unknown that matters takes its cheapest other
    count along. Last the check by linear programming, for two readers. One knows every sum and that no count is
    negative, and must hold every value from 1 to k - 1 possible for each small count. The other knows besides which
    counts are hidden for being from 1 to k - 1, and must still not know one to within less than 1. Where that fails,
    the cheapest counts that leave it free are hidden beside it.

    References
    ----------
    Hundepool et al. (2012) Statistical Disclosure Control. https://doi.org/10.1002/9781118348239
    """
    small = small_counts(tied.counts, k)
    secret = small if besides is None else small | besides
    hidden = secret | ~tied.printed
    _complement(tied, secret, hidden)
    for knows_small in (True, False):
        while len(pinned := too_sure(tied, hidden, k, knows_small=knows_small)):
            before = hidden.sum()
            for each in pinned:
                for wanted in _elsewhere(float(tied.counts[each]), k, knows_small=knows_small):
                    hidden |= _moved(tied, hidden, int(each), wanted, _Bounds(tied.counts, k, knows_small=knows_small))
            if hidden.sum() == before:
                break
    return hidden


def _elsewhere(count: float, k: int, *, knows_small: bool) -> tuple[float, ...]:
    """Return the other values that a small count must be able to have."""
    if knows_small:
        return (count + 1.0 if count + 1.0 <= k - 1.0 else count - 1.0,)
    return k - 1.0, min(1.0, count)


def small_counts(counts: npt.NDArray[np.float64], k: float) -> Mask:
    """Say which counts are too small to show; a rounding error above zero is zero.

    Parameters
    ----------
    counts : array, shape (counts,)
        Counts.
    k
        Smallest count that may be shown.

    Returns
    -------
    array of bool, shape (counts,)
        True where 0 < n < k.
    """
    return np.asarray((counts > _SURE) & (counts < k - _SURE))


def _complement(tied: Tied, secret: Mask, hidden: Mask) -> None:
    """Leave no sum with one single unknown, in place."""
    by_sum = [tied.sums.indices[a:b] for a, b in pairwise(tied.sums.indptr)]
    price = _price(tied)
    changed = True
    while changed:
        changed = False
        for members in by_sum:
            inside = members[hidden[members]]
            if len(inside) != 1:
                continue
            only = inside[0]
            others = members[~hidden[members] & tied.printed[members]]
            if not tied.printed[only] and not secret[only]:
                hidden[only], changed = False, True  # a large rest that can be worked out: nothing lost
            elif len(others):
                hidden[others[np.lexsort((others, price[others]))[0]]] = changed = True


def _price(tied: Tied) -> npt.NDArray[np.float64]:
    """What hiding each count costs a reader: its incidents by their worth, and much for a true zero."""
    zero = tied.counts <= _SURE
    return tied.worth * np.where(zero, _ZERO_COSTS, tied.counts)


class _Bounds:
    """What the rule itself tells of each count: none is negative; small ones, if known as such, are from 1 to k - 1."""

    def __init__(self, counts: npt.NDArray[np.float64], k: int, *, knows_small: bool) -> None:
        small = small_counts(counts, k) & knows_small  # fractions may lie beyond 1 and k - 1
        self.low = np.where(small, np.minimum(1.0, counts), 0.0)
        self.high = np.where(small, np.maximum(k - 1.0, counts), np.maximum(_MOST, counts))


def _moved(tied: Tied, hidden: Mask, position: int, wanted: float, bounds: _Bounds) -> Mask:
    """Return the cheapest counts to hide beside one, so that it could as well be another number.

    Notes
    -----
    The least costly way of changing counts that keeps every sum, found by linear programming; whatever shown count it
    changes must be hidden (Fischetti and Salazar 2000, https://doi.org/10.1287/mnsc.47.7.1008.9805).
    """
    price = np.where(hidden, 0.0, np.where(tied.printed, _price(tied), 0.0) + _LOOSE)
    change = wanted - tied.counts[position]
    up, down = bounds.high - tied.counts, tied.counts - bounds.low
    up[position], down[position] = max(change, 0.0), max(-change, 0.0)
    steps = np.zeros(len(price))
    steps[position] = 1.0
    keeps = sp.vstack([tied.sums, sp.csr_array(steps[None, :])])
    right = np.append(np.zeros(tied.sums.shape[0]), change)
    room = np.column_stack([np.zeros(2 * len(price)), np.concatenate([up, down])])
    found = linprog(np.tile(price, 2), A_eq=sp.hstack([keeps, -keeps]), b_eq=right, bounds=room, method="highs")  # type: ignore[call-overload]  # sparse: the stubs are narrower
    if found.x is None:
        return hidden
    return np.asarray((found.x[: len(price)] > _SURE) | (found.x[len(price) :] > _SURE))


def too_sure(tied: Tied, hidden: Mask, k: int = LEAST_INCIDENTS, *, knows_small: bool = False) -> npt.NDArray[np.int64]:
    """Return the small counts of which a reader knows too much, by linear programming.

    Parameters
    ----------
    tied
        Counts and the sums that tie them.
    hidden : array of bool, shape (counts,)
        Which the reader does not see.
    k
        Smallest count that may be shown.
    knows_small
        Whether the reader knows which counts are hidden for being small. One who does not must hold every value from 1
        to k - 1 possible; one who does must not know a count to within less than 1.

    Returns
    -------
    array of int
        Their positions; empty if nothing leaks.
    """
    small = small_counts(tied.counts, k) & hidden
    touched = np.diff(tied.sums[:, hidden].indptr) > 0
    if not small.any() or not touched.any():
        return np.zeros(0, dtype=np.int64)
    sums, unknown = tied.sums[touched], np.flatnonzero(hidden)
    system = _System(sums[:, unknown].tocsc(), -sums[:, ~hidden] @ tied.counts[~hidden])
    true = tied.counts[unknown]
    bounds = _Bounds(true, k, knows_small=knows_small)

    def free(low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]) -> Mask:
        if knows_small:
            return np.asarray(high - low >= 1.0 - _LOOSE)
        return np.asarray((low <= np.minimum(1.0, true) + _LOOSE) & (high >= k - 1 - _LOOSE))

    quick = np.flatnonzero(small[unknown] & ~free(*_passed_on(system, bounds)))
    return unknown[quick if len(quick) else _narrow(system, bounds, true, np.flatnonzero(small[unknown]), free)]


class _System(NamedTuple):
    """The sums of unknowns that a reader knows."""

    sums: sp.csc_array
    right: npt.NDArray[np.float64]


def _passed_on(system: _System, bounds: _Bounds) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Narrow bounds by passing them from sum to sum: quick, and never narrower than what can be known."""
    low, high = bounds.low.copy(), bounds.high.copy()
    entries = system.sums.tocoo()
    row, column, sign = entries.coords[0], entries.coords[1], entries.data
    for _ in range(_PASSES):
        least, most = np.where(sign > 0, low[column], -high[column]), np.where(sign > 0, high[column], -low[column])
        row_least, row_most = (np.bincount(row, each, minlength=len(system.right)) for each in (least, most))
        highest = system.right[row] - (row_least[row] - least)  # of sign times count
        lowest = system.right[row] - (row_most[row] - most)
        np.minimum.at(high, column, np.where(sign > 0, highest, -lowest))
        np.maximum.at(low, column, np.where(sign > 0, lowest, -highest))
    return low, high


def _narrow(
    system: _System,
    bounds: _Bounds,
    true: npt.NDArray[np.float64],
    small: npt.NDArray[np.int64],
    free: Callable[[npt.NDArray[np.float64], npt.NDArray[np.float64]], Mask],
) -> npt.NDArray[np.int64]:
    """Return which small counts are never seen free, one program for many of them at a time."""
    low, high, together = true.copy(), true.copy(), True
    tried: list[int] = []
    while len(left := np.setdiff1d(small[~free(low, high)[small]], tried)):
        wanted = left if together else left[:1]
        tried += [] if together else [int(wanted[0])]
        for sign in (1.0, -1.0):
            at = _extreme(system, bounds, sign, wanted)
            low, high = np.minimum(low, at), np.maximum(high, at)
        together = together and bool(free(low, high)[left].any())
    return np.array([each for each in tried if not free(low, high)[each]], dtype=np.int64)


def _extreme(system: _System, bounds: _Bounds, sign: float, wanted: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return possible counts with the sum of those wanted as small (sign 1) or large (-1) as can be."""
    target = np.zeros(system.sums.shape[1])
    target[wanted] = sign
    room = np.column_stack([bounds.low, bounds.high])
    found = linprog(target, A_eq=system.sums, b_eq=system.right, bounds=room, method="highs")  # type: ignore[call-overload]  # sparse: the stubs are narrower
    if found.x is None:
        msg = f"the true counts must be possible: {found.message}"
        raise ArithmeticError(msg)
    return np.asarray(found.x)
