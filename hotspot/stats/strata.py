"""Counts compared with those of like cells only: the exact test within strata, where the town is not of one kind.

Where the rate hangs on something known (residents, distance to the centre, land use) without being in proportion to
it, cells are sorted into strata of it and counts are dealt out anew inside each stratum alone.
"""

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import HotspotError
from hotspot.stats.cell_map import cell_map
from hotspot.stats.exact import Tails, draw_table, neighbours_sum, whole_counts
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.verdicts import MINIMUM_EXPECTED, Hotspots, evidence, judge

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

STRATA = 10
"""How many strata held at every trend tried; five gave way at five incidents per cell (docs/statistics.md)."""


def equal_strata(values: ArrayLike, strata: int = STRATA) -> IntArray:
    """Sort cells into strata of about equal size by what is known of them.

    Parameters
    ----------
    values
        Shape (cells,). Residents, visits, distance to the centre; NaN where unknown.
    strata
        How many, at least 1.

    Returns
    -------
    NDArray
        Shape (cells,). Number of the stratum from 0, lowest values first; cells of equal value are never parted,
        so strata may be fewer and unequal; cells of unknown value are a stratum of their own, -1.

    Notes
    -----
    stratum = floor(strata * middle rank / cells), equal values sharing the middle of their ranks.

    How it misleads: strata of something that has nothing to do with the rate cost power and buy nothing.

    References
    ----------
    Cochran (1968) https://doi.org/10.2307/2528036

    Examples
    --------
    >>> equal_strata([3.0, 1.0, 2.0, 2.0, 9.0, float("nan")], 2).tolist()
    [1, 0, 0, 0, 1, -1]
    """
    given = np.asarray(values, dtype=np.float64)
    known = np.isfinite(given)
    number = np.full(len(given), -1, dtype=np.int64)
    ordered = np.sort(given[known])
    below = np.searchsorted(ordered, given[known], side="left")
    up_to = np.searchsorted(ordered, given[known], side="right")
    number[known] = np.minimum((below + up_to) * strata // (2 * max(len(ordered), 1)), strata - 1)
    return number


def strata_tails(counts: ArrayLike, near: Neighbours, strata: ArrayLike, *, held: bool = False) -> Tails:
    """How unusual is the sum of each neighbourhood, were counts dealt out anew inside each stratum?

    Parameters
    ----------
    counts
        Shape (cells,). Whole counts, no NaN. [incidents]
    near
        Neighbours of the cells; link weights are not used.
    strata
        Shape (cells,). Which stratum each cell belongs to; any whole numbers.
    held
        Leave the cell itself out of its sum and of its stratum (mode A) instead of drawing it too (mode U).

    Returns
    -------
    Tails
        Shape (cells,). NaN for a cell without neighbours.

    Raises
    ------
    HotspotError
        When counts are not whole numbers from 0, or strata are of other cells.

    Notes
    -----
    As many counts are drawn from each stratum as the neighbourhood has cells of it. The sum from one stratum is
    that of `draw_tails`; strata are independent of each other, so their distributions are folded together: exact
    given the strata, with no floor and no random numbers. For counts of 0 and 1 it is the exact test of Cochran,
    Mantel and Haenszel.

    References
    ----------
    Mantel and Haenszel (1959), doi:10.1093/jnci/22.4.719.
    """
    x = whole_counts(counts)
    names, kind = np.unique(_of_same_cells(len(x), near, strata), return_inverse=True)
    observed = np.rint(neighbours_sum(x, near, itself=not held)).astype(np.int64)
    members = kind[near.indices], near.focal
    if not held:
        members = np.append(members[0], kind), np.append(members[1], np.arange(len(x)))
    drawn = np.zeros((len(x), len(names)), dtype=np.int64)
    np.add.at(drawn, (members[1], members[0]), 1)
    cap = int(observed.max(initial=0)) + 1
    most = int(drawn.max(initial=0))
    tables = [_table(x[kind == number], most, cap) for number in range(len(names))]
    whole = np.array(tables).reshape(len(names), most + 1, cap + 1)
    tails = Tails(*np.full((2, len(x)), np.nan))
    tested = near.cardinalities > 0
    if not held:
        _fold(whole, drawn, observed, np.flatnonzero(tested), tails.upper, tails.lower)
        return tails
    for number, value in np.unique(np.column_stack([kind, x]), axis=0):
        own = kind == number
        here = own & (x == value)
        others = np.delete(x[own], np.flatnonzero(x[own] == value)[0])
        without = whole.copy()
        without[number] = _table(others, most, cap)
        _fold(without, drawn, observed, np.flatnonzero(tested & here), tails.upper, tails.lower)
    return tails


def hotspots_in_strata(
    counts: ArrayLike,
    neighbours: Neighbours,
    strata: ArrayLike,
    *,
    held: bool = False,
    level: float = 0.05,
    minimum_expected: float = MINIMUM_EXPECTED,
) -> Hotspots:
    """Where are there more (or fewer) incidents than in cells of the same kind, exactly?

    Parameters
    ----------
    counts
        Shape (cells,). Whole numbers, NaN where unknown. [incidents]
    neighbours
        Neighbours of the cells, every link counting one.
    strata
        Shape (cells,). Kind of each cell, as of `equal_strata`; any whole numbers.
    held
        Hold the cell's own count and ask of its neighbours alone.
    level
        Share of false alarms accepted among the cells flagged (Benjamini-Hochberg).
    minimum_expected
        Fewest incidents expected around a cell for "not significant". [incidents]

    Returns
    -------
    Hotspots
        As `hotspots`; expected and ratio are against the mean of each cell's own stratum, and include the cell.

    Raises
    ------
    HotspotError
        As `hotspots`; also when strata are of other cells.

    Notes
    -----
    p = P(sum of as many draws from each stratum >= the sum seen) and its mirror, twice the smaller (`strata_tails`).
    Nothing is assumed of how the rate hangs on what the strata are of, only that it hangs on nothing else: counts
    of one stratum are exchangeable. So a trend that follows the strata is no hot spot, whatever its shape. How it
    misleads: strata of something poorly known guarantee nothing (an exposure known to 60 %: .26 to 1.0 of the
    maps with a trend of four times have a false alarm); within a wide stratum a trend is left; a hot spot that
    fills its stratum is what is usual there and cannot be seen.

    References
    ----------
    Mantel and Haenszel (1959), doi:10.1093/jnci/22.4.719.
    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    cells = cell_map(counts, neighbours, groups=_of_same_cells(np.size(counts), neighbours, strata))
    found = evidence(strata_tails(cells.counts, cells.near, cells.kinds, held=held), None)
    method = "held in strata" if held else "included in strata"
    return judge(cells, found, method, level=level, minimum_expected=minimum_expected)


def _of_same_cells(counts: int, near: Neighbours, strata: ArrayLike) -> NDArray[np.generic]:
    """The strata, where they and as many counts are of the cells that the neighbours are of."""
    kinds = np.asarray(strata)
    if not counts == len(kinds) == near.n:
        raise HotspotError(
            "counts, strata and neighbours are of the same cells.",
            "{counts} counts, {strata} strata, neighbours of {cells} cells",
            "give one count and one stratum for each place of the neighbours.",
            counts=counts,
            strata=len(kinds),
            cells=near.n,
        )
    return kinds


def _table(counts: IntArray, draws: int, cap: int) -> FloatArray:
    """Distribution of the sum of 0 to `draws` of the counts; rows beyond their number are never asked for."""
    values, times = np.unique(counts, return_counts=True)
    table = np.zeros((draws + 1, cap + 1))
    table[: min(draws, len(counts)) + 1] = draw_table(values, times, min(draws, len(counts)), cap)
    return table


@numba.njit(cache=True)
def _fold(
    tables: FloatArray, drawn: IntArray, observed: IntArray, cells: IntArray, upper: FloatArray, lower: FloatArray
) -> None:  # pragma: no cover - compiled
    """Fill both tails of some cells: the distributions of their strata, folded together; the last sum is "or more"."""
    cap = tables.shape[2] - 1
    for cell in cells:
        seen = observed[cell]
        chance = np.zeros(seen + 2)
        chance[0] = 1.0
        for stratum in range(len(tables)):
            if drawn[cell, stratum] == 0:
                continue
            row = tables[stratum, drawn[cell, stratum]]
            beyond = row[seen + 1 : cap + 1].sum()
            folded = np.zeros(seen + 2)
            for total in range(seen + 2):
                if chance[total] > 0.0:
                    for more in range(seen + 1):
                        folded[min(total + more, seen + 1)] += chance[total] * row[more]
                    folded[seen + 1] += chance[total] * beyond
            chance = folded
        upper[cell] = min(chance[seen] + chance[seen + 1], 1.0)
        lower[cell] = min(chance[: seen + 1].sum(), 1.0)
