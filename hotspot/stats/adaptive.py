"""Looking at each cell over several neighbourhoods at once, without exposure: the adaptive test W.

Whether a hot spot is three or five cells across is not known beforehand. Each cell keeps the least likely of
its looks, and maps with the same counts dealt out anew say how unlikely that is anywhere.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import HotspotError
from hotspot.stats.chance_maps import AT_A_TIME, PLAUSIBLE_RATIO, Seen, add_up, corrected, shuffled
from hotspot.stats.count_worth import Worth, worths
from hotspot.stats.exact import draw_table, neighbours_sum, whole_counts
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.significance import two_sided

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

DRAWS = 999
# Smaller p are taken for this one, and more than so many different ones are thinned out upwards: neither can
# be told apart with a thousand maps.
_SMALLEST, _MOST_RANKS = 1e-12, 4000
# Chances nearer than this to each other are one chance, reached by sums over more or fewer cells.
_ROUNDING = 1e-9


class Adaptive(NamedTuple):
    """What the looks at each cell found; shape (cells,)."""

    pvalue: FloatArray
    """Two-sided p of one cell alone, all looks counted; NaN without neighbours."""
    familywise: FloatArray
    """Share of the maps of chance with anything as unusual: the W of a single claim."""
    discovery: FloatArray
    """Share of false alarms to expect among cells as unusual (Benjamini-Hochberg)."""
    either: FloatArray
    """The smaller of these two, calibrated together."""
    many: FloatArray
    """``familywise`` if there were ten times as much around the cell as expected."""
    look: IntArray
    """Which look gave the smallest p: 1 for the first; 0 where not tested."""
    more: NDArray[np.bool_]
    """True where that look holds more than expected, not less."""


class _Look(NamedTuple):
    """One neighbourhood of every cell, over what counts are worth, with the rank of every sum."""

    near: Neighbours
    worth: Worth
    kind: IntArray
    rank: NDArray[np.int32]
    is_upper: NDArray[np.bool_]
    untested: int

    def ranks(self, x: IntArray) -> IntArray:
        """Rank of each cell's own sum; `untested` where it has no neighbour."""
        return np.where(self.kind < 0, self.untested, self.rank[self.kind, self._sum(x)])

    def is_more(self, x: IntArray) -> NDArray[np.bool_]:
        """Whether each cell's own sum is in the upper half."""
        return self.is_upper[self.kind, self._sum(x)]

    def rank_of_many(self) -> IntArray:
        """Rank of ten times the expected number around each cell, as far as the look counts it."""
        most = PLAUSIBLE_RATIO * self.worth.mean
        if len(self.worth.of) > self.worth.mean + 1:  # else all counts are equal, and more would be seen for what it is
            most = float(np.interp(most, np.arange(len(self.worth.of)), self.worth.of))
        total = np.ceil(most * (self.near.cardinalities + 1))
        total = np.minimum(total, self.rank.shape[1] - 1).astype(np.int64)
        return np.where(self.kind < 0, self.untested, self.rank[self.kind, total])

    def _sum(self, x: IntArray) -> IntArray:
        around = neighbours_sum(self.worth.of[x], self.near, itself=True)
        return np.where(self.kind < 0, 0, np.rint(around)).astype(np.int64)


def adaptive(counts: ArrayLike, looks: Sequence[Neighbours], *, draws: int = DRAWS, seed: int = 0) -> Adaptive:
    """How unusual is each cell over the neighbourhood that shows it best, were all counts dealt out anew?

    Parameters
    ----------
    counts
        Shape (cells,). Whole counts, no NaN. [incidents]
    looks
        The neighbourhoods to look at each cell with, as those of one and of two steps.
    draws
        Maps of chance to compare with.
    seed
        Of these maps.

    Returns
    -------
    Adaptive
        NaN for a cell without neighbours in any look.

    Raises
    ------
    HotspotError
        When counts are not whole numbers from 0, there is no look, or one is of other cells.

    Notes
    -----
    For each look: the sum of the cell and its k neighbours against k + 1 counts drawn from all, exactly and
    two-sided, ``min(1, 2 min(upper, lower))``; with the counts as they are, with counts above what chance gives
    to one cell in a thousand taken as that, so that an address with hundreds does not hide the rest of the map,
    and with counts taken for what they say of a hot spot where counts vary more than chance (`count_worth`).
    The smallest of these p is held against the same on maps with all counts shuffled. The choices depend on
    the counts alone and not on where they are, so the calibration is exact.

    References
    ----------
    Neyman and Pearson (1933), doi:10.1098/rsta.1933.0009.
    Westfall and Young (1993), Resampling-based multiple testing, ISBN 0-471-55761-7.
    """
    return answered(dealt_anew(counts, looks, draws=draws, seed=seed))


def answered(seen: Seen) -> Adaptive:
    """Correct what was seen of each cell for having looked at many.

    Parameters
    ----------
    seen
        The ranks of the cells and of the cells on maps of chance.

    Returns
    -------
    Adaptive
        NaN where not tested.
    """
    return Adaptive(*corrected(seen.ranks, seen.by_chance, seen.many), seen.look, seen.more)


def dealt_anew(counts: ArrayLike, looks: Sequence[Neighbours], *, draws: int, seed: int) -> Seen:
    """Look at each cell, and at each cell of maps with all counts dealt out anew.

    Parameters
    ----------
    counts, looks, draws, seed
        As `adaptive`.

    Returns
    -------
    Seen
        To be corrected, alone or with other cells.

    Raises
    ------
    HotspotError
        As `adaptive`.
    """
    x = whole_counts(counts)
    if not looks or any(near.n != len(x) for near in looks):
        raise HotspotError(
            "every look is a neighbourhood of the cells counted.",
            "{counts} counts, looks of {cells} cells",
            "give at least one Neighbours with one place for each count.",
            counts=len(x),
            cells=", ".join(str(near.n) for near in looks) or "no",
        )
    ways = worths(x)
    ready, ranks_in_use = _ready(x, ways, looks)
    own = np.array([each.ranks(x) for each in ready])
    fields = (
        tuple(each.near.indptr for each in ready),
        tuple(each.near.indices for each in ready),
        tuple(each.kind for each in ready),
        tuple(each.rank for each in ready),
    )
    by_chance = np.zeros((draws, ranks_in_use), dtype=np.int64)
    for first, dealt in _dealt(x, looks[0].canonical, draws, seed):
        worth = [dealt, *(_looked_up(way.of.astype(np.int32), dealt) for way in ways[1:])]  # first: as they are
        _tally(tuple(each for each in worth for _ in looks), fields, by_chance[first : first + dealt.shape[1]])
    best = own.argmin(axis=0)
    tested = own.min(axis=0) < ranks_in_use
    more = np.choose(best, [each.is_more(x) for each in ready])
    many = np.array([each.rank_of_many() for each in ready]).min(axis=0)
    return Seen(own.min(axis=0), by_chance, np.where(tested, best % len(looks) + 1, 0), more & tested, many)


def _ready(x: IntArray, ways: Sequence[Worth], looks: Sequence[Neighbours]) -> tuple[list[_Look], int]:
    """Every look counted in every way, with the rank of every sum it can hold, and how many ranks there are."""
    known = [(near, worth, *_sums(worth.of[x], near)) for worth in ways for near in looks]
    steps = np.unique(np.concatenate([[1.0], *(pvalue.ravel() for *_, pvalue, _ in known)]))
    steps = steps[np.append(steps[1:] > steps[:-1] * (1.0 + _ROUNDING), True)]
    steps = steps[::-1][:: -(-len(steps) // _MOST_RANKS)][::-1]
    ready = [
        _Look(near, worth, kind, np.searchsorted(steps, pvalue).astype(np.int32), upper, len(steps))
        for near, worth, kind, pvalue, upper in known
    ]
    return ready, len(steps)


def _sums(x: IntArray, near: Neighbours) -> tuple[IntArray, FloatArray, NDArray[np.bool_]]:
    """The kind of each cell by its neighbours (-1 for none), and p and direction of every sum by kind."""
    neighbours, kind = np.unique(near.cardinalities, return_inverse=True)
    drawn = min(int(neighbours.max(initial=0)) + 1, len(x))
    largest = int(np.sort(x)[len(x) - drawn :].sum())
    values, times = np.unique(x, return_counts=True)
    table = draw_table(values, times, drawn, largest + 1)[np.minimum(neighbours + 1, drawn)]
    upper = np.cumsum(table[:, ::-1], axis=1)[:, ::-1]
    lower = np.cumsum(table, axis=1)
    pvalue = np.maximum(two_sided(np.minimum(upper, 1.0), np.minimum(lower, 1.0)), _SMALLEST)
    return np.where(near.cardinalities > 0, kind, -1), pvalue, upper < lower


def _dealt(x: IntArray, order: IntArray, draws: int, seed: int) -> Iterator[tuple[int, NDArray[np.int32]]]:
    """Maps of chance, some at a time, each with the number of its first."""
    rng = np.random.default_rng(seed)
    values = x[order].astype(np.int32)
    for first in range(0, draws, AT_A_TIME):
        dealt = np.empty((len(x), min(AT_A_TIME, draws - first)), dtype=np.int32)
        dealt[order] = shuffled(values, dealt.shape[1], rng)
        yield first, dealt


@numba.njit(cache=True)
def _looked_up(worth: NDArray[np.int32], dealt: NDArray[np.int32]) -> NDArray[np.int32]:  # pragma: no cover - compiled
    """What all counts dealt out are worth."""
    out = np.empty(dealt.shape, dtype=np.int32)
    for cell in range(dealt.shape[0]):
        for column in range(dealt.shape[1]):
            out[cell, column] = worth[dealt[cell, column]]
    return out


@numba.njit(cache=True)
def _tally(
    dealt: tuple[NDArray[np.int32], ...],
    looks: tuple[tuple[IntArray, ...], tuple[IntArray, ...], tuple[IntArray, ...], tuple[NDArray[np.int32], ...]],
    counted: IntArray,
) -> None:  # pragma: no cover - compiled
    """Count for each map how many cells have each rank, that of the look that shows the cell best."""
    starts, links, kinds, ranks = looks
    cells, maps = dealt[0].shape
    total, best = np.empty(maps, dtype=np.int32), np.empty(maps, dtype=np.int32)
    for cell in range(cells):
        best[:] = counted.shape[1]
        for look in range(len(starts)):
            if kinds[look][cell] >= 0:
                add_up(dealt[look], cell, links[look][starts[look][cell] : starts[look][cell + 1]], total)
                rank = ranks[look][kinds[look][cell]]
                for column in range(maps):
                    best[column] = min(best[column], rank[total[column]])
        for column in range(maps):
            if best[column] < counted.shape[1]:
                counted[column, best[column]] += 1
