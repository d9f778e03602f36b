"""What a reader who adds and subtracts must hold possible: other numbers that fit every sum, by linear programming."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import linprog

from hotspot.release.book import LEAST_INCIDENTS, SURE, Mask, Tied, small_counts

_LOOSE = 1e-4  # passing bounds on gathers rounding errors
_MOST = 1e6  # more than anyone counts, so that no program is unbounded
_PASSES = 20
_ZERO_COSTS = 50.0
Numbers = npt.NDArray[np.float64]


class Seen:
    """The least and the most that each count is in the possible numbers found so far.

    Parameters
    ----------
    counts : array, shape (counts,)
        The true counts, which are possible.

    Notes
    -----
    What fits every sum is convex, so that each number between the least and the most is possible too. It stays so while
    more is hidden and while the reader knows less.
    """

    def __init__(self, counts: Numbers) -> None:
        self.low, self.high = counts.copy(), counts.copy()

    def add(self, counts: Numbers) -> None:
        """Take in other possible counts.

        Parameters
        ----------
        counts : array, shape (counts,)
            They keep every sum, and differ from the true ones only where those are hidden.
        """
        self.low, self.high = np.minimum(self.low, counts), np.maximum(self.high, counts)

    def holds(self, position: int, wanted: float) -> bool:
        """Say whether a count is known to be possibly another number.

        Parameters
        ----------
        position
            Which count.
        wanted
            The other number.

        Returns
        -------
        bool
            False where nobody has looked yet.
        """
        return bool(self.low[position] - SURE <= wanted <= self.high[position] + SURE)


def price_of(tied: Tied) -> Numbers:
    """Return what hiding each count costs a reader: its incidents by their worth, and much for a true zero.

    Parameters
    ----------
    tied
        Counts and their sums.

    Returns
    -------
    array, shape (counts,)
        The price.
    """
    zero = tied.counts <= SURE
    return np.asarray(tied.worth * np.where(zero, _ZERO_COSTS, tied.counts), dtype=np.float64)


class Bounds:
    """What the rule itself tells of each count: none is negative; small ones, if known as such, are from 1 to k - 1.

    Parameters
    ----------
    counts : array, shape (counts,)
        The true counts.
    k
        Smallest count that may be shown.
    knows_small
        Whether the reader knows which are hidden for being small.
    """

    def __init__(self, counts: Numbers, k: int, *, knows_small: bool) -> None:
        small = small_counts(counts, k) & knows_small  # fractions may lie beyond 1 and k - 1
        self.low = np.where(small, np.minimum(1.0, counts), 0.0)
        self.high = np.where(small, np.maximum(k - 1.0, counts), np.maximum(_MOST, counts))


def moved(tied: Tied, hidden: Mask, aim: tuple[int, float], bounds: Bounds, seen: Seen) -> Mask:
    """Return the cheapest counts to hide beside one, so that it could as well be another number.

    Parameters
    ----------
    tied
        Counts and their sums.
    hidden : array of bool, shape (counts,)
        What is hidden already: it may take any other number for nothing.
    aim
        Which count, and the other number.
    bounds
        What each count may be.
    seen
        Takes in the numbers found.

    Returns
    -------
    array of bool, shape (counts,)
        What is hidden, and what must be; the former alone where no numbers fit.

    Notes
    -----
    The least costly way of changing counts that keeps every sum, found by linear programming; whatever shown count it
    changes must be hidden (Fischetti and Salazar 2000, https://doi.org/10.1287/mnsc.47.7.1008.9805).
    """
    position, wanted = aim
    price = np.where(tied.printed, price_of(tied), 0.0) + _LOOSE
    up, down = bounds.high - tied.counts, tied.counts - bounds.low
    up[position] = wanted - tied.counts[position]
    down[position] = -up[position]
    shown = ~hidden & ~tied.known
    free, more, less = (np.flatnonzero(each) for each in (hidden, shown & (up > 0), shown & (down > 0)))
    program = _Program(
        np.concatenate([np.zeros(len(free)), price[more], price[less]]),
        sp.hstack([tied.sums[:, free], tied.sums[:, more], -tied.sums[:, less]]),
        np.zeros(tied.sums.shape[0]),
        np.concatenate([-down[free], np.zeros(len(more) + len(less))]),
        np.concatenate([up[free], up[more], down[less]]),
    )
    steps = program.solve().x
    if steps is None:
        return hidden
    change = np.zeros(len(price))
    change[free], rest = steps[: len(free)], steps[len(free) :]
    np.add.at(change, more, rest[: len(more)])
    np.subtract.at(change, less, rest[len(more) :])
    seen.add(tied.counts + change)
    return np.asarray(hidden | (np.abs(change) > SURE))


class _Program(NamedTuple):
    """A linear program: least price with every sum kept, each number within its room."""

    price: Numbers
    sums: sp.sparray
    right: Numbers
    low: Numbers
    high: Numbers

    def solve(self) -> Any:  # noqa: ANN401 - scipy's result, which has no type of its own
        """Solve it; these programs are small, and thinking beforehand takes longer than solving."""
        found = self._solved(presolve=False)
        return found if found.x is not None else self._solved(presolve=True)

    def _solved(self, *, presolve: bool) -> Any:  # noqa: ANN401 - as above
        room, options = np.column_stack([self.low, self.high]), {"presolve": presolve}
        return linprog(self.price, A_eq=self.sums, b_eq=self.right, bounds=room, method="highs", options=options)  # type: ignore[call-overload]  # sparse: the stubs are narrower


def too_sure(
    tied: Tied,
    hidden: Mask,
    k: int = LEAST_INCIDENTS,
    *,
    knows_small: bool = False,
    seen: Seen | None = None,
    secret: Mask | None = None,
) -> npt.NDArray[np.int64]:
    """Return the secret counts of which a reader knows too much, by linear programming.

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
    seen
        Possible numbers found before, by whom knew as much or more; takes in those found here.
    secret : array of bool, shape (counts,), optional
        Which counts matter; without it the small ones. A larger one is known too well to within less than 1.

    Returns
    -------
    array of int
        Their positions; empty if nothing leaks.
    """
    small = small_counts(tied.counts, k)
    secret = (small if secret is None else secret) & hidden
    touched = np.diff(tied.sums[:, hidden].indptr) > 0
    if not secret.any() or not touched.any():
        return np.zeros(0, dtype=np.int64)
    sums, unknown = tied.sums[touched], np.flatnonzero(hidden)
    true, bounds = tied.counts[unknown], Bounds(tied.counts[unknown], k, knows_small=knows_small)
    system = _System(sums[:, unknown].tocsc(), -sums[:, ~hidden] @ tied.counts[~hidden], bounds)

    def free(low: Numbers, high: Numbers) -> Mask:
        wide = high - low >= 1.0 - _LOOSE
        if knows_small:
            return np.asarray(wide)
        every = (low <= np.minimum(1.0, true) + _LOOSE) & (high >= k - 1 - _LOOSE)
        return np.asarray(np.where(small[unknown], every, wide))

    quick = np.flatnonzero(secret[unknown] & ~free(*_passed_on(system, true)))
    if len(quick):
        return unknown[quick]
    own, known = Seen(true), seen or Seen(tied.counts)
    own.add(known.low[unknown])
    own.add(known.high[unknown])
    found = _narrow(system, own, np.flatnonzero(secret[unknown]), free)
    for side in (own.low, own.high):
        both = tied.counts.copy()
        both[unknown] = side
        known.add(both)
    return unknown[found]


def worked_out(tied: Tied, k: int) -> Mask:
    """Say which counts follow from what was told before, by passing bounds from sum to sum.

    Parameters
    ----------
    tied
        Counts and the sums that tie them.
    k
        Smallest count that may be shown.

    Returns
    -------
    array of bool, shape (counts,)
        True where a reader knows it to within less than 1 even if nothing more is told.
    """
    unknown = ~tied.known
    if unknown.all():
        return tied.known
    bounds = Bounds(tied.counts[unknown], k, knows_small=True)
    system = _System(tied.sums[:, unknown].tocsc(), -tied.sums[:, tied.known] @ tied.counts[tied.known], bounds)
    low, high = _passed_on(system, tied.counts[unknown])
    found = tied.known.copy()
    found[unknown] = high - low < 1.0 - _LOOSE
    return found


class _System(NamedTuple):
    """The sums of unknowns that a reader knows, and what each may be."""

    sums: sp.csc_array
    right: Numbers
    bounds: Bounds


def _passed_on(system: _System, true: Numbers) -> tuple[Numbers, Numbers]:
    """Narrow bounds by passing them from sum to sum: quick, and never narrower than what can be known.

    The true counts stay within, or a rounding error would grow from pass to pass.
    """
    low, high = system.bounds.low.copy(), system.bounds.high.copy()
    entries = system.sums.tocoo()
    row, column, sign = entries.coords[0], entries.coords[1], entries.data
    for _ in range(_PASSES):
        least, most = np.where(sign > 0, low[column], -high[column]), np.where(sign > 0, high[column], -low[column])
        row_least, row_most = (np.bincount(row, each, minlength=len(system.right)) for each in (least, most))
        highest = system.right[row] - (row_least[row] - least)  # of sign times count
        lowest = system.right[row] - (row_most[row] - most)
        np.minimum.at(high, column, np.where(sign > 0, highest, -lowest))
        np.maximum.at(low, column, np.where(sign > 0, lowest, -highest))
        low, high = np.minimum(low, true), np.maximum(high, true)
    return low, high


def _narrow(
    system: _System, seen: Seen, small: npt.NDArray[np.int64], free: Callable[[Numbers, Numbers], Mask]
) -> npt.NDArray[np.int64]:
    """Return which small counts are never seen free, one program for many of them at a time."""
    together = True
    tried: list[int] = []
    while len(left := np.setdiff1d(small[~free(seen.low, seen.high)[small]], tried)):
        wanted = left if together else left[:1]
        tried += [] if together else [int(wanted[0])]
        for sign in (1.0, -1.0):
            seen.add(_extreme(system, sign, wanted))
        together = together and bool(free(seen.low, seen.high)[left].any())
    return np.array([each for each in tried if not free(seen.low, seen.high)[each]], dtype=np.int64)


def _extreme(system: _System, sign: float, wanted: npt.NDArray[np.int64]) -> Numbers:
    """Return possible counts with the sum of those wanted as small (sign 1) or large (-1) as can be."""
    target = np.zeros(system.sums.shape[1])
    target[wanted] = sign
    found = _Program(target, system.sums, system.right, system.bounds.low, system.bounds.high).solve()
    if found.x is None:
        msg = f"the true counts must be possible: {found.message}"
        raise ArithmeticError(msg)
    return np.asarray(found.x)
