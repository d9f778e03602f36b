"""The headline: where are there more incidents than chance explains, and how sure can we be?

Reading order: `hotspots_adaptive` (what the layers show) and `hotspots` (one neighbourhood), then `exact` and
`adaptive` (no exposure), `negative_binomial` and `adaptive_exposure` (with exposure), `verdicts`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import HotspotError
from hotspot.stats.adaptive import DRAWS, Adaptive, adaptive, answered
from hotspot.stats.adaptive_exposure import exchanged_chances
from hotspot.stats.apart import as_tested, cells_in_strata, dealt_in_strata
from hotspot.stats.cell_map import CellMap, cell_map
from hotspot.stats.chance_maps import Seen, joined
from hotspot.stats.exact import held_tails, included_tails, ring_tails
from hotspot.stats.negative_binomial import exposure_ring_tails, exposure_tails
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.verdicts import (
    EITHER,
    FAMILY_WISE,
    MINIMUM_EXPECTED,
    Calibration,
    Evidence,
    Hotspots,
    RingEvidence,
    evidence,
    judge,
    ring_evidence,
)

# Incidents per cell up to which the wider looks are held against the ring too (measured at 1 and at 5).
_WIDE_UP_TO = 2.0


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
    above level / tests; of the adaptive forms, that it would not be found against the maps of chance. It is a
    limit of the data, not a finding of safety.

    How it misleads: hot says "more than the town's average (and the ring's) would give", so a trend within
    the ring still shows; a passing cluster counts as much as a lasting one (test two periods); the ratio's
    interval widens with overdispersion (`cell_map.ratio_interval`, r as in `sizes`), takes all unevenness
    between cells for chance, and is not corrected for many cells; two adjacent extreme cells can make a hot
    spot, one alone cannot (see cells_contributing); a cell can be hot by its surroundings with n = 0.

    References
    ----------
    Ord and Getis (1995), doi:10.1111/j.1538-4632.1995.tb00912.x.
    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.
    Garwood (1936), doi:10.1093/biomet/28.3-4.437.
    """
    cells = cell_map(counts, neighbours, exposure, groups)
    against = None if ring is None else _against(cells, (cells.near,), ring, exposed=exposure is not None)
    if exposure is None:
        found = evidence(included_tails(cells.counts, cells.near), against)
        return judge(cells, found, "included", level=level, minimum_expected=minimum_expected)
    tails = exposure_tails(cells.counts, cells.expected, np.nan_to_num(cells.a), cells.near)
    return judge(cells, evidence(tails, against), "exposure", level=level, minimum_expected=minimum_expected)


def hotspots_adaptive(  # noqa: PLR0913 - the one test with all that may be known of the cells
    counts: ArrayLike,
    looks: Sequence[Neighbours],
    *,
    exposure: ArrayLike | None = None,
    apart: ArrayLike | None = None,
    ring: Neighbours | None = None,
    level: float = 0.05,
    minimum_expected: float = MINIMUM_EXPECTED,
    is_familywise: bool = False,
    draws: int = DRAWS,
    seed: int = 0,
) -> Hotspots:
    """Where are there more (or fewer) incidents than chance explains, over the neighbourhood that shows it best?

    Parameters
    ----------
    counts
        Shape (cells,). Whole numbers; NaN where it is not known whether anything happened. [incidents]
    looks
        The neighbourhoods to look at each cell with, as those of one and of two steps, every link counting one.
    exposure
        As `hotspots`.
    apart
        Shape (cells,). With exposure: the cells that have none of their own, such as those where nobody lives or
        is counted. Their exposure is not looked at: they are tested among themselves, against such cells with as
        many incidents in the cells near by that have people (`apart.spill_strata`). None for no such cells.
    ring
        The surroundings of each cell, apart from all its looks (`Neighbours.ring_band`, 3 to 5 cells); None to
        ask against the whole town only.
    level
        Chance accepted that a map of chance shows anything, and share of false alarms among the cells flagged.
    minimum_expected
        As `hotspots`.
    is_familywise
        True for the strict form: at most `level` chance of any false alarm, however many cells are rightly
        flagged; for a single claim about one place.
    draws
        Maps of chance to compare with.
    seed
        Of these maps.

    Returns
    -------
    Hotspots
        Classes as `hotspots`. ``look`` says which neighbourhood gave the smallest p.

    Raises
    ------
    HotspotError
        As `hotspots`; also when there is no look.

    Notes
    -----
    Each look gives each cell a two-sided p (`adaptive`, `exchanged_chances`); the cell keeps the
    smallest, and maps of chance give what the smallest means: W, the share of the maps with anything as
    unusual, and q, Benjamini and Hochberg's over the share of all cells on all maps. A cell is flagged by the
    smaller of W and q, which is itself held against the smaller of the two on each map of chance. So a map of
    chance is flagged with probability `level` at most, one hot spot is found as W finds it, and many as
    Benjamini and Hochberg do. Beside the ring, each look is tested, with p times their
    number; only the first where a cell holds more than two incidents on average.

    Against `hotspots` the same false alarms find more: docs/statistics.md has both, side by side. The
    pitfalls are those of `hotspots`; besides, p and q hang on `seed` by about sqrt(q (1 - q) / draws).

    How it misleads: the wide look shows a place wider than it is; the cell in the middle of it may hold nothing.

    References
    ----------
    Westfall and Young (1993), Resampling-based multiple testing, ISBN 0-471-55761-7.
    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    if not looks:
        raise HotspotError(
            "a cell is looked at over at least one neighbourhood.",
            "none",
            "give Neighbours.from_lattice(rows, cols, 1) and, for the adaptive form, that of 2 steps.",
        )
    alone = np.zeros(looks[0].n, dtype=bool) if apart is None or exposure is None else np.asarray(apart, dtype=bool)
    cells = cells_in_strata(counts, looks, None if exposure is None else np.where(alone, 1.0, exposure), alone)
    near = [each.among(cells.valid) for each in looks]
    against = None if ring is None else _against(cells, near, ring, exposed=exposure is not None)
    if exposure is None:
        seen = adaptive(cells.counts, near, draws=draws, seed=seed)
    else:
        seen = _given_exposure(cells, near, alone[cells.valid], (draws, seed))
    calibration = Calibration(FAMILY_WISE if is_familywise else EITHER, draws, seed)
    qvalue = seen.familywise if is_familywise else seen.either
    found = Evidence(seen.pvalue, qvalue, seen.more, seen.look, against, calibration, seen.many)
    method = "adaptive" if exposure is None else "adaptive with exposure"
    tested = [as_tested(each, alone[cells.valid]) for each in near]
    return judge(cells, found, method, level=level, minimum_expected=minimum_expected, looks=tested)


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
    p = P(sum of k draws of the other n - 1 counts >= the sum around), see `draw_tails`; twice the smaller
    tail.
    The conditional null of Gi, Gi* and local Moran, exactly (mode A). Finds less of a hot spot than
    `hotspots` at the same false alarms; for comparison with other programs.

    How it misleads: a cell with nothing in it can be hot, and one with very much cold; p is that of Gi, Gi* and
    local Moran, the class is not.

    References
    ----------
    Ord and Getis (1995), doi:10.1111/j.1538-4632.1995.tb00912.x. Anselin (1995),
    doi:10.1111/j.1538-4632.1995.tb00338.x.
    """
    cells = cell_map(counts, neighbours)
    surroundings = None if ring is None else ring.among(cells.valid)
    against = None
    if surroundings is not None:
        against = ring_evidence([ring_tails(cells.counts, cells.near, surroundings, held=True)])
    found = evidence(held_tails(cells.counts, cells.near), against)
    return judge(cells, found, "held", level=level, minimum_expected=minimum_expected)


def _given_exposure(
    cells: CellMap, looks: Sequence[Neighbours], apart: NDArray[np.bool_], chance: tuple[int, int]
) -> Adaptive:
    """What is seen of the cells given exposure and of those apart, corrected together."""
    draws, seed = chance
    a = np.nan_to_num(cells.a)
    seen = exchanged_chances(
        cells.counts, cells.expected, a, looks, groups=cells.kinds, asked=~apart, draws=draws, seed=seed
    )
    if not apart.any():
        return answered(seen)
    among = [each.among(apart) for each in looks]
    alone = dealt_in_strata(cells.counts[apart], cells.kinds[apart], among, draws=draws, seed=seed)
    exposed = Seen(seen.ranks[~apart], seen.by_chance, seen.look[~apart], seen.more[~apart], seen.many[~apart])
    return answered(joined([(~apart, exposed), (apart, alone)]))


def _against(cells: CellMap, looks: Sequence[Neighbours], ring: Neighbours, *, exposed: bool) -> RingEvidence:
    """What the cells are against their own surroundings, over each look."""
    around, asked = ring.among(cells.valid), looks_beside_ring(cells.counts, looks)
    if not exposed:
        return ring_evidence([ring_tails(cells.counts, near, around) for near in asked])
    a = np.nan_to_num(cells.a)
    return ring_evidence([exposure_ring_tails(cells.counts, cells.expected, a, near, around) for near in asked])


def looks_beside_ring(counts: NDArray[np.int64], looks: Sequence[Neighbours]) -> Sequence[Neighbours]:
    """Over which neighbourhoods is a cell held against its surroundings?

    Parameters
    ----------
    counts
        Shape (cells,). [incidents]
    looks
        The neighbourhoods, nearest first.

    Returns
    -------
    sequence of Neighbours
        All of them up to two incidents per cell; beyond that the first.

    Notes
    -----
    With many incidents the near look has power enough, and the wide one takes a trend within the ring for a hot
    spot: at five per cell and a trend of ten times in 57 % of maps instead of 23 % (docs/statistics.md).
    """
    return looks if not len(counts) or counts.mean() <= _WIDE_UP_TO else looks[:1]
