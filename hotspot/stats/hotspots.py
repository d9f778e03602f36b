"""The headline: where are there more incidents than chance explains, and how sure can we be?

Reading order: `hotspots`, then `exact` (no exposure), `negative_binomial` (with exposure), `verdicts`.
"""

import numpy as np
from numpy.typing import ArrayLike

from hotspot.stats.exact import held_tails, included_tails, ring_tails
from hotspot.stats.negative_binomial import exposure_ring_tails, exposure_tails
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.verdicts import MINIMUM_EXPECTED, CellMap, Evidence, Hotspots, cell_map, evidence, judge


def hotspots(  # noqa: PLR0913 - the one test with all that may be known of the cells
    counts: ArrayLike,
    neighbours: Neighbours,
    *,
    exposure: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    ring: Neighbours | None = None,
    level: float = 0.05,
    minimum_expected: float = MINIMUM_EXPECTED,
) -> Hotspots:
    """Where are there more (or fewer) incidents than chance explains, even against the surroundings?

    Parameters
    ----------
    counts
        Shape (cells,). Whole numbers; NaN where it is not known whether anything happened. [incidents]
    neighbours
        Neighbours of the cells, every link counting one.
    exposure
        Shape (cells,). What incidents come from: residents, visits, dwellings, open area; None for none.
        Cells where it is 0 or NaN are undefined: out of every mean and neighbourhood, with their incidents.
    groups
        Shape (cells,). With exposure: kinds of cells that have a rate and an overdispersion of their own, such
        as those where people live and those where nobody is counted; None for one kind.
    ring
        The surroundings of each cell, apart from its neighbours (`Neighbours.ring_band`, 3 to 5 cells);
        None to ask against the whole town only.
    level
        Share of false alarms accepted among the cells flagged.
    minimum_expected
        Fewest incidents expected around a cell for "not significant" to be said of it. [incidents]

    Returns
    -------
    Hotspots
        Classes: "hot" (more than chance explains, also against the ring where one is given and at least 30
        cells of it exist), "busy" (more than the whole town would explain, but not shown against its own
        surroundings: a busy part of town), "cold", "not significant" (enough data, nothing found), "too few
        data" (nothing found, and nothing could have been), "undefined" (count unknown, or no exposure), "no
        neighbours".

    Raises
    ------
    HotspotError
        When counts are not whole numbers, exposure is negative or infinite, the arrays differ in length, or
        links are weighted.

    Notes
    -----
    Without exposure: the sum of the cell and its k neighbours against k + 1 counts drawn from all cells,
    exactly. With exposure: against a negative binomial around the expected sum, with the map's own
    overdispersion. Both two-sided, then Benjamini-Hochberg over all tested cells.

    "Too few data" means not significant and either fewer than `minimum_expected` expected around the cell,
    or that ten times the expected number, in counts as overdispersed as this map's, would still have p
    above level / tests. It is a limit of the data, not a finding of safety.

    How it misleads: hot says "more than the town's average (and the ring's) would give", so a trend within
    the ring still shows; a passing cluster counts as much as a lasting one (test two periods); the ratio's
    interval widens with overdispersion, as Garwood's interval for n / (1 + n / r) incidents, r as in
    `sizes`, and is not corrected for many cells; two adjacent extreme cells can make a hot spot, one alone
    cannot (see cells_contributing); a cell can be hot by its surroundings with n = 0.

    References
    ----------
    Ord and Getis (1995), doi:10.1111/j.1538-4632.1995.tb00912.x.
    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.
    Garwood (1936), doi:10.1093/biomet/28.3-4.437.
    """
    cells = cell_map(counts, neighbours, exposure, groups)
    surroundings = None if ring is None else ring.among(cells.valid)
    if exposure is None:
        tails = included_tails(cells.counts, cells.near)
        against = None if surroundings is None else ring_tails(cells.counts, cells.near, surroundings)
        found = evidence(tails, against)
        return judge(cells, found, "included", level=level, minimum_expected=minimum_expected)
    found = _given_exposure(cells, surroundings)
    return judge(cells, found, "exposure", level=level, minimum_expected=minimum_expected)


def hotspots_around(
    counts: ArrayLike,
    neighbours: Neighbours,
    *,
    ring: Neighbours | None = None,
    level: float = 0.05,
    minimum_expected: float = MINIMUM_EXPECTED,
) -> Hotspots:
    """Where do the neighbours alone hold more (or fewer) incidents than chance explains, its own held?

    Parameters
    ----------
    counts
        Shape (cells,). Whole numbers, NaN where unknown. [incidents]
    neighbours
        Neighbours of the cells, every link counting one.
    ring
        The surroundings of each cell, or None.
    level
        Share of false alarms accepted among the cells flagged.
    minimum_expected
        Fewest incidents expected around a cell for "not significant". [incidents]

    Returns
    -------
    Hotspots
        As `hotspots`; n_around, expected and ratio still include the cell itself.

    Raises
    ------
    HotspotError
        As `hotspots`.

    Notes
    -----
    The conditional null of Gi, Gi* and local Moran, exactly (mode A). Finds less of a hot spot than
    `hotspots` at the same false alarms; for comparison with other programs.
    """
    cells = cell_map(counts, neighbours)
    against = None if ring is None else ring_tails(cells.counts, cells.near, ring.among(cells.valid), held=True)
    found = evidence(held_tails(cells.counts, cells.near), against)
    return judge(cells, found, "held", level=level, minimum_expected=minimum_expected)


def _given_exposure(cells: CellMap, ring: Neighbours | None) -> Evidence:
    """What the test with exposure finds."""
    a = np.nan_to_num(cells.a)
    tails = exposure_tails(cells.counts, cells.expected, a, cells.near)
    if ring is None:
        return evidence(tails, None)
    return evidence(tails, exposure_ring_tails(cells.counts, cells.expected, a, cells.near, ring))
