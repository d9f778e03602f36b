"""Cells where nobody is counted: held against other such cells with as many incidents near by.

What happens among people is not always written down in the cell they live in: a point is snapped to a street, a
wood begins across the road. So a cell without people beside a busy one holds more than one far away, and the two
must not be dealt out as if they were alike.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.stats.cell_map import CellMap, cell_map
from hotspot.stats.chance_maps import AT_A_TIME, Seen, shuffled
from hotspot.stats.count_worth import usual_at_most
from hotspot.stats.deviance import RANKS, Look, ranks_of, tally
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.strata import equal_strata

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

STRATA = 2
"""Strata of cells apart: two find what one finds, and spare as many false alarms as five (docs/statistics.md)."""
_ROUNDS, _SETTLED = 1000, 1e-7


def spill_strata(counts: IntArray, apart: NDArray[np.bool_], looks: Sequence[Neighbours]) -> IntArray:
    """Sort the cells apart by how many incidents spill into them from cells with people.

    Parameters
    ----------
    counts
        Shape (cells,). [incidents]
    apart
        Shape (cells,). The cells where nobody is counted.
    looks
        Neighbourhoods of all cells, nearest first, each within the next.

    Returns
    -------
    NDArray
        Shape (cells,). Stratum of each cell apart from 1; 0 for the others.

    Notes
    -----
    Counts of cells apart are fitted by what their neighbours with people hold, ring by ring, and a constant,
    none below 0 (Poisson, by expectation and maximisation). Where nothing spills, or nobody is near, cells are of
    one stratum. The counts of cells with people are held, so dealing out inside the strata stays exact given them.

    References
    ----------
    Dempster, Laird and Rubin (1977), doi:10.1111/j.2517-6161.1977.tb01600.x.
    """
    strata = np.zeros(len(counts), dtype=np.int64)
    if apart.any():
        peopled = np.where(apart, 0.0, counts)
        sums = [near.around(peopled)[apart] for near in looks]
        rings = np.diff(np.column_stack(sums), axis=1, prepend=0.0)
        parts = np.column_stack([np.ones(len(rings)), rings])
        strata[apart] = 1 + equal_strata(parts @ _fitted(counts[apart], parts), STRATA)
    return strata


def cells_in_strata(
    counts: ArrayLike, looks: Sequence[Neighbours], exposure: FloatArray | None, apart: NDArray[np.bool_]
) -> CellMap:
    """Check the cells as `cell_map` does, with those apart in strata of what spills into them.

    Parameters
    ----------
    counts
        Shape (cells,). NaN where unknown. [incidents]
    looks
        Neighbourhoods of all cells, nearest first.
    exposure
        Shape (cells,). Any number above 0 for the cells apart; None for equal exposure.
    apart
        Shape (cells,). The cells where nobody is counted.

    Returns
    -------
    CellMap
        Each stratum a kind of its own, expecting what it holds; kind 0 the cells with people.
    """
    cells = cell_map(counts, looks[0], exposure, apart)
    if not apart.any():
        return cells
    groups = np.zeros(len(apart), dtype=np.int64)
    groups[cells.valid] = spill_strata(cells.counts, apart[cells.valid], [each.among(cells.valid) for each in looks])
    return cell_map(counts, looks[0], exposure, groups)


def as_tested(near: Neighbours, apart: NDArray[np.bool_]) -> Neighbours:
    """Keep of each neighbourhood what its test is about: of a cell apart, the cells apart alone.

    Parameters
    ----------
    near
        A neighbourhood of all cells.
    apart
        Shape (cells,). The cells where nobody is counted.

    Returns
    -------
    Neighbours
        Unchanged for the other cells.
    """
    if not apart.any():
        return near
    kept = ~apart[near.focal] | apart[near.indices]
    starts = np.append(0, np.cumsum(np.bincount(near.focal[kept], minlength=near.n)))
    return Neighbours(starts, near.indices[kept], None, near.order)


def dealt_in_strata(counts: IntArray, strata: IntArray, looks: Sequence[Neighbours], *, draws: int, seed: int) -> Seen:
    """Look at each cell, and at each cell of maps with the counts of each stratum dealt out anew inside it.

    Parameters
    ----------
    counts, strata
        Shape (cells,).
    looks
        The neighbourhoods to look at each cell with.
    draws
        Maps of chance to compare with.
    seed
        Of these maps.

    Returns
    -------
    Seen
        To be corrected, alone or with other cells.

    Notes
    -----
    The statistic of a look is the root of the Poisson deviance of its sum from the sum of the strata's means, with
    counts as they are and with those that are unusual for a cell capped (as `adaptive`). It only orders: what it
    means, the maps of chance say, and they are exact where counts of one stratum are exchangeable.
    """
    caps = sorted({int(counts.max(initial=0)), usual_at_most(counts)}, reverse=True)
    kinds = [np.flatnonzero(strata == kind) for kind in np.unique(strata)]
    known, ceilings = [], []
    for cap in caps:
        capped = np.minimum(counts, cap)
        mean = np.zeros(len(counts))
        for kind in kinds:
            mean[kind] = capped[kind].mean()
        everyone, even = np.ones(len(counts), dtype=bool), np.zeros(len(counts))
        known += [Look.of(near, capped, mean, even, everyone) for near in looks]
        ceilings += [cap] * len(looks)
    depths = np.array([each.depths() for each in known])
    own, best = ranks_of(depths.max(axis=0)), depths.argmax(axis=0)
    by_chance = np.zeros((draws, RANKS), dtype=np.int64)
    order = looks[0].canonical
    parts = [order[strata[order] == kind] for kind in np.unique(strata)]
    for first, dealt in _dealt(counts, parts, draws, seed):
        each = tuple(np.minimum(dealt, np.int32(cap)) for cap in ceilings)
        tally(each, known, by_chance[first : first + dealt.shape[1]])
    tested = own < RANKS
    more = np.choose(best, [each.around > each.mean for each in known])
    reached = [each.depths_of_many(cap) for each, cap in zip(known, ceilings, strict=True)]
    many = ranks_of(np.array(reached).max(axis=0))
    return Seen(own, by_chance, np.where(tested, best % len(looks) + 1, 0), more & tested, many)


def _dealt(
    counts: IntArray, parts: Sequence[IntArray], draws: int, seed: int
) -> Iterator[tuple[int, NDArray[np.int32]]]:
    """Maps of chance, some at a time, each with the number of its first."""
    rng = np.random.default_rng(seed)
    for first in range(0, draws, AT_A_TIME):
        dealt = np.empty((len(counts), min(AT_A_TIME, draws - first)), dtype=np.int32)
        for part in parts:
            dealt[part] = shuffled(counts[part].astype(np.int32), dealt.shape[1], rng)
        yield first, dealt


def _fitted(counts: IntArray, parts: FloatArray) -> FloatArray:
    """The factors, none below 0, with which the parts add up to what was most likely counted."""
    total = parts.sum(axis=0)
    used = total > 0
    factors = np.where(used, counts.sum() / np.where(used, total, 1.0) / used.sum(), 0.0)
    for _ in range(_ROUNDS if counts.sum() else 0):
        explained = parts @ factors
        share = np.divide(counts, explained, out=np.zeros(len(counts)), where=counts > 0)
        better = np.where(used, factors * (parts.T @ share) / np.where(used, total, 1.0), 0.0)
        if np.abs(better - factors).max() <= _SETTLED * better.max():
            break
        factors = better
    return factors
