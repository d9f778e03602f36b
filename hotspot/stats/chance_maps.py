"""What whole maps of chance would show: one correction, over all cells and looks, read off such maps.

A cell is looked at in several ways and keeps the least likely; how small that gets by chance anywhere on a
map depends on the map, its edges and how the looks overlap. No formula says it: maps of chance do.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Values = TypeVar("Values", bound=np.generic)

PLAUSIBLE_RATIO = 10.0
"""Where even so many times the expected number would not be found, "nothing found" is not said (a judgement)."""
# Maps dealt out at a time: sixteen counts of four bytes fill the line that a processor reads at once.
AT_A_TIME = 64


class Corrected(NamedTuple):
    """How unusual each cell is, held against maps of chance; shape (cells,)."""

    pvalue: FloatArray
    """For one cell alone, all looks counted; NaN where not tested."""
    familywise: FloatArray
    """Share of the maps with a cell as unusual anywhere."""
    discovery: FloatArray
    """Share of false alarms to expect among the cells as unusual (Benjamini-Hochberg)."""
    either: FloatArray
    """The smaller of these two, held against the smaller of the two on every map of chance."""
    many: FloatArray
    """``familywise`` of what would be much around the cell; NaN where not tested or not asked."""


class Seen(NamedTuple):
    """What looking at each cell over several neighbourhoods gave, before it is corrected for many cells."""

    ranks: IntArray
    """Shape (cells,). How unusual each cell is: 0 is most; beyond the ranks counted where not tested."""
    by_chance: IntArray
    """Shape (maps, ranks). How many cells of each map of chance have each rank."""
    look: IntArray
    """Shape (cells,). Which look gave the rank, 1 for the first; 0 where not tested."""
    more: NDArray[np.bool_]
    """Shape (cells,). True where that look holds more than expected."""
    many: IntArray
    """Shape (cells,). The rank that `PLAUSIBLE_RATIO` times the expected number around the cell would have."""


def joined(parts: Sequence[tuple[NDArray[np.bool_], Seen]]) -> Seen:
    """Put parts of a map together that were looked at in different ways, so that one correction holds for all.

    Parameters
    ----------
    parts
        For each part its cells, shape (cells,), and what was seen of them alone; the same number of maps.

    Returns
    -------
    Seen
        Of all cells, ranked by the p of one cell in its own part.
    """
    chances = [_pooled(seen) for _, seen in parts]
    steps = np.unique(np.concatenate(chances))
    cells = len(parts[0][0])
    ranks, look = np.full(cells, len(steps)), np.zeros(cells, dtype=np.int64)
    many = np.full(cells, len(steps))
    more, by_chance = np.zeros(cells, dtype=bool), np.zeros((len(parts[0][1].by_chance), len(steps)), dtype=np.int64)
    for (where, seen), chance in zip(parts, chances, strict=True):
        place = np.append(np.searchsorted(steps, chance), len(steps))
        ranks[where] = place[np.minimum(seen.ranks, len(chance))]
        many[where] = place[np.minimum(seen.many, len(chance))]
        look[where], more[where] = seen.look, seen.more
        first = np.flatnonzero(np.diff(place[:-1], prepend=-1))  # ranks of one chance stand side by side
        by_chance[:, place[first]] += np.add.reduceat(seen.by_chance, first, axis=1)
    return Seen(ranks, by_chance, look, more, many)


def _pooled(seen: Seen) -> FloatArray:
    """The p of one cell alone for each rank."""
    tested = seen.ranks < seen.by_chance.shape[1]
    own = np.bincount(seen.ranks[tested], minlength=seen.by_chance.shape[1])
    return np.cumsum(own + seen.by_chance.sum(axis=0)) / max(int(tested.sum()) * (len(seen.by_chance) + 1), 1)


def corrected(ranks: IntArray, by_chance: IntArray, many: IntArray | None = None) -> Corrected:
    """How unusual is each cell, were the map one of chance?

    Parameters
    ----------
    ranks
        Shape (cells,). How unusual each cell is: 0 is most unusual; not tested where beyond the ranks counted.
    by_chance
        Shape (maps, ranks). How many cells of each map of chance have each rank.
    many
        Shape (cells,). Ranks that the cells could have as well.

    Returns
    -------
    Corrected
        NaN where not tested.

    Notes
    -----
    The map given counts as one of the maps, so no p is ever 0. Where all maps are exchangeable, P(familywise
    <= t anywhere) <= t and P(either <= t anywhere) <= t, exactly but for ties, which are counted against the
    finding. ``discovery`` takes p as the share of all cells on all maps with such a rank. ``either`` flags no
    more maps of chance than ``familywise`` does, and where many places are hot as many cells as ``discovery``.

    References
    ----------
    Westfall and Young (1993), Resampling-based multiple testing, ISBN 0-471-55761-7.
    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    tested = ranks < by_chance.shape[1]
    answers = [np.full(len(ranks), np.nan) for _ in Corrected._fields]
    if tested.any():
        maps = np.vstack([np.bincount(ranks[tested], minlength=by_chance.shape[1]), by_chance])
        occurs = np.any(maps > 0, axis=0)  # a rank that no cell has on any map changes nothing
        place = np.cumsum(occurs) - 1
        by_rank = _by_rank(maps[:, occurs])
        for answer, each in zip(answers, by_rank, strict=False):
            answer[tested] = each[place[ranks[tested]]]
        if many is not None:
            asked = tested & (many < by_chance.shape[1])
            before = place[many[asked]]  # -1: rarer than anything on any map
            answers[-1][asked] = np.where(before < 0, 1.0 / len(maps), by_rank[1][np.maximum(before, 0)])
    return Corrected(*answers)


def _by_rank(maps: IntArray) -> tuple[FloatArray, ...]:
    """Answer for every rank; the first row is the map itself."""
    as_unusual = np.cumsum(maps, axis=1)
    cells = int(as_unusual[0, -1])
    expected = as_unusual.sum(axis=0) / len(maps)
    least = np.argmax(maps > 0, axis=1)
    familywise = np.cumsum(np.bincount(least, minlength=maps.shape[1])) / len(maps)
    familywise = np.maximum(familywise, 1.0 / len(maps))
    q = np.divide(expected, as_unusual, out=np.full(maps.shape, np.inf), where=maps > 0)
    discovery = np.minimum(np.minimum.accumulate(q[0, ::-1])[::-1], 1.0)
    smallest = np.sort(np.minimum(familywise[least], q.min(axis=1)))
    smaller = np.minimum(familywise, discovery)
    either = np.searchsorted(smallest, smaller * (1.0 + 1e-12), side="right") / len(maps)
    return expected / cells, familywise, discovery, np.maximum(either, 1.0 / len(maps))


def shuffled(values: NDArray[Values], maps: int, rng: np.random.Generator) -> NDArray[Values]:
    """Deal the same values out anew over the cells of several maps.

    Parameters
    ----------
    values
        Shape (cells,).
    maps
        How many maps.
    rng
        Source of chance.

    Returns
    -------
    NDArray
        Shape (cells, maps). Every column holds all values.
    """
    rows = np.empty((maps, len(values)), dtype=values.dtype)
    _shuffle(rng, values, rows)
    return np.ascontiguousarray(rows.T)


@numba.njit(cache=True)
def _shuffle(
    rng: np.random.Generator, values: NDArray[np.generic], rows: NDArray[np.generic]
) -> None:  # pragma: no cover - compiled
    """Fill each row with the values in an order of its own (Fisher and Yates)."""
    for row in rows:
        row[:] = values
        for last in range(len(row) - 1, 0, -1):
            other = int(rng.random() * (last + 1))
            kept = row[last]
            row[last] = row[other]
            row[other] = kept


@numba.njit(cache=True)
def add_up(
    dealt: NDArray[np.int32], cell: int, around: IntArray, total: NDArray[np.int32]
) -> None:  # pragma: no cover - compiled
    """Add up a cell and the cells around it, on every map at once.

    Parameters
    ----------
    dealt
        Shape (cells, maps). [incidents]
    cell, around
        The cell, and shape (neighbours,) those around it.
    total
        Shape (maps,). Filled in. [incidents]
    """
    total[:] = dealt[cell]
    for link in around:
        for column in range(len(total)):
            total[column] += dealt[link, column]
