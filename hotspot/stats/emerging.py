"""Emerging hot spots: which places turn hot, stay hot, flare up now and then or cool down?

Reading order: `emerging` (from counts to classes), `hotspot.stats.patterns` (the rules).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import HotspotError
from hotspot.stats.cell_map import CellMap, cell_map
from hotspot.stats.chance_maps import PLAUSIBLE_RATIO
from hotspot.stats.exact import draw_tails, included_tails
from hotspot.stats.getis_ord import gistar
from hotspot.stats.negative_binomial import exposure_tails, sizes, sum_tails
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.patterns import LEAST_STEPS, NO_PATTERN, PATTERNS, classify, direction, enough
from hotspot.stats.significance import ALTERNATIVE, benjamini_hochberg, two_sided
from hotspot.stats.trend import mann_kendall
from hotspot.stats.verdicts import (
    MINIMUM_EXPECTED,
    NO_NEIGHBOURS,
    TOO_FEW,
    UNDEFINED,
)

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

CLASSES = (*PATTERNS, TOO_FEW, UNDEFINED, NO_NEIGHBOURS)
_NAME = f"<U{max(map(len, CLASSES))}"
_SAME = 9  # decimals of z in the trend: what differs by less differs by rounding, and is a tie


class Emerging(NamedTuple):
    """What became of each place, and the evidence of every step."""

    klass: NDArray[np.str_]
    """Shape (cells,). One of `CLASSES`."""
    hot: BoolArray
    """Shape (cells, steps). True where there is significantly more than elsewhere in the same step."""
    cold: BoolArray
    """Shape (cells, steps). True where there is significantly less."""
    z: FloatArray
    """Shape (cells, steps). Gi* within the step; NaN where unknown or where all cells are equal."""
    pvalue: FloatArray
    """Shape (cells, steps). Two-sided, of one cell in one step looked at alone; NaN where not tested."""
    qvalue: FloatArray
    """Shape (cells, steps). The same after one correction over all cells and steps."""
    trend_z: FloatArray
    """Shape (cells,). Mann-Kendall of the cell's z over the steps; positive rises."""
    trend_pvalue: FloatArray
    """Shape (cells,). Its two-sided p, not corrected for the number of cells."""
    steps: int
    """Number of steps that are covered."""
    tests: int
    """Number of cells and steps tested, which the q-values are corrected for."""
    alternative: str
    """Alternative of every p: two-sided."""


def emerging(  # noqa: PLR0913 - what is known of the cells and of the calendar
    counts: ArrayLike,
    neighbours: Neighbours,
    *,
    exposure: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    covered: ArrayLike | None = None,
    capped_at: float = 1.0,
    level: float = 0.05,
) -> Emerging:
    """Which places are new, lasting, growing, fading or passing hot (or cold) spots?

    Parameters
    ----------
    counts
        Shape (cells, steps), steps of equal length in time order. Whole numbers; NaN where unknown. [incidents]
    neighbours
        Neighbours of the cells, every link counting one.
    exposure
        Shape (cells,). What incidents come from: residents, visits, open area; None for equal exposure.
    groups
        Shape (cells,). Kinds of cells that have a rate of their own, where exposure is given; None for one kind.
    covered
        Shape (steps,). The calendar: False for a step that no source covers, which is then left out and is not a
        step without incidents. None where all are covered.
    capped_at
        Without exposure: no cell counts for more than this share of the step's cells do, so that one address with
        very many cannot drown all others. 1 counts everything.
    level
        Share of false alarms accepted among the steps and cells flagged; also the level of the trend's test.

    Returns
    -------
    Emerging
        ``klass`` is one of the patterns; "undefined" where the cell's last covered step is unknown, or fewer than
        ten of its steps are known; "too few data" where nothing was found and hardly anything could have been:
        fewer than one incident expected around the cell in the mean step, or ten times as many not flagged in half
        of the steps; or "no neighbours".

    Raises
    ------
    HotspotError
        When fewer than ten steps are covered, the calendar does not fit, or as `hotspot.stats.hotspots.hotspots`.

    Notes
    -----
    p = P(sum of k + 1 counts drawn of the step's n >= the sum seen) and its mirror, twice the smaller, see `hotspots`.
    Each step is tested on its own: the sum of the cell and its neighbours against the same step's other cells,
    exactly (with exposure: against a negative binomial with that step's overdispersion), two-sided; then one
    Benjamini-Hochberg correction over all cells and steps. A season or a rise that the whole town shares therefore
    makes nothing hot. A cap that is a quantile of the step's own counts leaves that test exact, since it does not
    change when counts are dealt out anew, and finds many more places where single cells hold very much. The trend is
    Mann-Kendall of the cell's Gi* over the steps; then `classify`.

    How it misleads: with few incidents in a step only the strongest places are ever found, so a real hot spot may
    show as sporadic or not at all: lengthen the steps; "hot" is relative to the town in that step; steps after each
    other that depend on each other make the trend's p too small; the trend is tested in every cell at the level
    given, uncorrected; a cell can be hot by its surroundings alone.

    References
    ----------
    Ord and Getis (1995), doi:10.1111/j.1538-4632.1995.tb00912.x.
    Mann (1945), doi:10.2307/1907187.
    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    cube = _cube(counts, covered)
    if exposure is None:
        cube = np.minimum(cube, _caps(cube, capped_at))
    maps = [cell_map(step, neighbours, exposure, groups) for step in cube.T]
    upper, lower = (np.full(cube.shape, np.nan) for _ in range(2))
    z = np.full(cube.shape, np.nan)
    for step, cells in enumerate(maps):
        _test_step(cells, step, (upper, lower, z), given=exposure is not None)
    p = two_sided(upper, lower)
    q = benjamini_hochberg(p.ravel()).reshape(p.shape)
    hot, cold = (q <= level) & (upper < lower), (q <= level) & (lower < upper)
    tests = int(np.isfinite(p).sum())
    way = mann_kendall(z.round(_SAME))
    klass = _classes(np.isfinite(p), (hot, cold), direction(way.z, way.pvalue, level))
    nothing = (klass == NO_PATTERN) & ~(hot | cold).any(axis=1)
    # A p at or below the largest flagged one would be flagged as well.
    least = max(level / max(tests, 1), float(np.max(p[q <= level], initial=0.0)))
    klass[nothing & ~_speaks(maps, least, given=exposure is not None)] = TOO_FEW
    klass[neighbours.cardinalities == 0] = NO_NEIGHBOURS
    return Emerging(klass, hot, cold, z, p, q, way.z, way.pvalue, cube.shape[1], tests, ALTERNATIVE)


def _cube(counts: ArrayLike, covered: ArrayLike | None) -> FloatArray:
    """Counts of the covered steps, shape (cells, covered steps)."""
    cube = np.asarray(counts, dtype=np.float64)
    steps = cube.shape[-1] if cube.ndim else 0
    known = np.ones(steps, dtype=bool) if covered is None else np.asarray(covered, dtype=bool)
    if cube.ndim != 2 or known.shape != (steps,):  # noqa: PLR2004 - cells and steps
        raise HotspotError(
            "counts are a table of cells and steps, with one entry of the calendar for each step.",
            "counts of shape {counts}, a calendar of shape {calendar}",
            "give counts of shape (cells, steps) and covered of shape (steps,).",
            counts=str(cube.shape),
            calendar=str(known.shape),
        )
    enough(int(known.sum()))
    return cube[:, known]


def _caps(cube: FloatArray, share: float) -> FloatArray:
    """The count of each step that is exceeded by no more than a share of its cells, at least 1."""
    if not 0 < share <= 1:
        raise HotspotError(
            "a cap is the share of the cells that count whole, above 0 and at most 1.",
            "{share}",
            "give capped_at=0.99, or 1 for no cap.",
            share=share,
        )
    known = [step[np.isfinite(step)] for step in cube.T]
    caps = [np.quantile(each, share, method="higher") if len(each) else np.inf for each in known]
    return np.maximum(caps, 1.0)


def _test_step(cells: CellMap, step: int, into: tuple[FloatArray, FloatArray, FloatArray], *, given: bool) -> None:
    """Write both tails and z of one step; cells of which nothing is known stay NaN."""
    upper, lower, z = into
    a = np.nan_to_num(cells.a)
    if given:
        tails = exposure_tails(cells.counts, cells.expected, a, cells.near)
    else:
        tails = included_tails(cells.counts, cells.near)
    for table, tail in ((upper, tails.upper), (lower, tails.lower)):
        # Where none is expected, none was seen: nothing unusual, and a step that was looked at.
        table[cells.valid, step] = np.where(np.isnan(tail) & (cells.near.cardinalities > 0), 1.0, tail)
    if not cells.counts.sum():
        return
    spread = np.sqrt(cells.expected * (1.0 + a * cells.expected))
    excess = cells.counts - cells.expected
    scaled = np.divide(excess, spread, out=np.zeros(len(spread)), where=spread > 0)
    z[cells.valid, step] = gistar(scaled if given else cells.counts, cells.near)


def _classes(known: BoolArray, flags: tuple[BoolArray, BoolArray], way: FloatArray) -> NDArray[np.str_]:
    """Classes of the cells, leaving out each cell's own unknown steps."""
    hot, cold = flags
    klass = np.full(len(known), UNDEFINED, dtype=_NAME)
    for own in np.unique(known, axis=0):
        if own.sum() >= LEAST_STEPS and own[-1]:
            same = (known == own).all(axis=1)
            klass[same] = classify(hot[np.ix_(same, own)], cold[np.ix_(same, own)], way[same])
    return klass


def _speaks(maps: list[CellMap], least: float, *, given: bool) -> BoolArray:
    """Whether "nothing found" says anything: in most steps, many times the expected would have been found."""
    expected = np.zeros(len(maps[0].valid))
    found = np.zeros(len(expected))
    for cells in maps:
        around = cells.near.around(cells.expected, itself=True)
        expected[cells.valid] += around / len(maps)
        found[cells.valid] += _reach(cells, around, given=given) <= least
    return (expected >= MINIMUM_EXPECTED) & (found > len(maps) / 2)


def _reach(cells: CellMap, around: FloatArray, *, given: bool) -> FloatArray:
    """Two-sided p of ten times the expected number, or of the most there could be where that is less."""
    many = np.ceil(PLAUSIBLE_RATIO * around).astype(np.int64)
    if given:
        upper = sum_tails(many, around, sizes(cells.expected, np.nan_to_num(cells.a), cells.near, itself=True)).upper
    else:
        drawn = cells.near.cardinalities + 1
        most = np.concatenate([[0], np.cumsum(np.sort(cells.counts)[::-1])])[np.minimum(drawn, len(cells.counts))]
        if np.unique(cells.counts).size > 1:  # else all counts are equal, and any more would be seen for what it is
            many = np.minimum(many, most)
        kinds, back = np.unique(np.stack([drawn, many]), axis=1, return_inverse=True)
        upper = draw_tails(cells.counts, kinds[0], kinds[1]).upper[back]
    return np.nan_to_num(np.minimum(1.0, 2.0 * upper), nan=1.0)
