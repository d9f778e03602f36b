"""Emerging hot spots: which places turn hot, stay hot, flare up now and then or cool down?

Reading order: `emerging` (from counts to classes), `pattern` (from z and p to classes), `classify` (the rules).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import N_, HotspotError
from hotspot.stats.exact import included_tails
from hotspot.stats.getis_ord import gistar
from hotspot.stats.negative_binomial import exposure_tails, sizes, sum_tails
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.significance import ALTERNATIVE, benjamini_hochberg, two_sided
from hotspot.stats.trend import mann_kendall
from hotspot.stats.verdicts import (
    MINIMUM_EXPECTED,
    NO_NEIGHBOURS,
    PLAUSIBLE_RATIO,
    TOO_FEW,
    UNDEFINED,
    CellMap,
    cell_map,
)

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

LEAST_STEPS = 10  # Esri's tool and METHODS 8.1 take no fewer
NO_PATTERN = "no pattern"
# The rules of one side, the first that holds decides. "lasting": hot in at least nine of ten steps; "now": hot in the
# last; "rising", "falling": the trend; "once": in one step only; "both": ever significant on the other side;
# "unbroken": all its hot steps, at least two, are the last ones.
RULES: tuple[tuple[str, dict[str, bool]], ...] = (
    ("intensifying", {"lasting": True, "now": True, "rising": True}),
    ("diminishing", {"lasting": True, "now": True, "falling": True}),
    ("historical", {"lasting": True, "now": False}),
    ("persistent", {"lasting": True}),
    ("new", {"now": True, "once": True, "both": False}),
    ("oscillating", {"now": True, "both": True}),
    ("consecutive", {"now": True, "unbroken": True}),
    ("sporadic", {"now": True}),
)
SIDES = ("hot", "cold")
PATTERNS = (*(f"{name} {side}" for side in SIDES for name, _ in RULES), NO_PATTERN)
CLASSES = (*PATTERNS, TOO_FEW, UNDEFINED, NO_NEIGHBOURS)
_NAME = f"<U{max(map(len, CLASSES))}"


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


def classify(hot: ArrayLike, cold: ArrayLike, trend: ArrayLike) -> NDArray[np.str_]:
    """Which of the seventeen patterns does each place show?

    Parameters
    ----------
    hot, cold
        Shape (places, steps) or (steps,), in time order. True where a step is significantly high, or low.
    trend
        Shape (places,) or (). 1 where the series rises significantly, -1 where it falls, 0 otherwise.

    Returns
    -------
    NDArray
        Shape (places,) or (). One of `PATTERNS`: eight of hot, eight of cold, "no pattern".

    Raises
    ------
    HotspotError
        When there are fewer than ten steps, or the shapes differ.

    Notes
    -----
    `RULES` is the whole of it: the hot side is read first, then the cold side with hot and cold, and rising and
    falling, changed round. Esri's wording leaves cases open that the order settles: new with an earlier cold step
    is oscillating; hot in nine of ten steps but not the last is historical whatever its trend.

    References
    ----------
    Esri, How Emerging Hot Spot Analysis works, ArcGIS Pro documentation.
    """
    high, low, way = np.asarray(hot, dtype=bool), np.asarray(cold, dtype=bool), np.asarray(trend)
    if high.shape != low.shape or way.shape != high.shape[:-1]:
        raise HotspotError(
            "hot, cold and trend are of the same places and steps.",
            "{hot}, {cold} and {trend}",
            "give hot and cold of shape (places, steps) and trend of shape (places,).",
            hot=str(high.shape),
            cold=str(low.shape),
            trend=str(way.shape),
        )
    _enough(high.shape[-1])
    klass = np.full(way.shape, NO_PATTERN, dtype=_NAME)
    for side, own, other, direction in (("cold", low, high, -way), ("hot", high, low, way)):  # the later one wins
        found = _side(own, other, direction)
        klass = np.where(found == "", klass, np.char.add(found, f" {side}")).astype(_NAME)
    return klass


def _enough(steps: int) -> None:
    """Refuse a series that is too short to tell a pattern from."""
    if steps < LEAST_STEPS:
        raise HotspotError(
            N_("Emerging hot spots need at least {least} steps in time."),
            N_("{steps} steps"),
            N_("choose a longer period or shorter steps."),
            least=LEAST_STEPS,
            steps=steps,
        )


def _side(own: BoolArray, other: BoolArray, direction: NDArray[np.float64]) -> NDArray[np.str_]:
    """The first rule that holds on one side, "" where none does."""
    steps, times = own.shape[-1], own.sum(axis=-1)
    run = np.where(own.all(axis=-1), steps, np.argmin(own[..., ::-1], axis=-1))  # steps in the final unbroken run
    facts = {
        "lasting": LEAST_STEPS * times >= (LEAST_STEPS - 1) * steps,
        "now": own[..., -1],
        "rising": direction > 0,
        "falling": direction < 0,
        "once": times == 1,
        "both": other.any(axis=-1),
        "unbroken": (run == times) & (times > 1),
    }
    holds = [np.all([facts[fact] == wanted for fact, wanted in rule.items()], axis=0) for _, rule in RULES]
    return np.asarray(np.select(holds, [np.asarray(name) for name, _ in RULES], default=""))


def pattern(z: ArrayLike, pvalue: ArrayLike, *, level: float = 0.05) -> NDArray[np.str_]:
    """Which pattern does a place show whose score and p-value are known step by step?

    Parameters
    ----------
    z, pvalue
        Shape (places, steps) or (steps,). Scores, positive where high, and their p-values after any correction.
    level
        A step is hot or cold where p is at most this; also the level of the Mann-Kendall test for trend.

    Returns
    -------
    NDArray
        Shape (places,) or (). As `classify`.

    Raises
    ------
    HotspotError
        As `classify`.
    """
    score, p = np.asarray(z, dtype=np.float64), np.asarray(pvalue, dtype=np.float64)
    way = mann_kendall(score)
    return classify((p <= level) & (score > 0), (p <= level) & (score < 0), _way(way.z, way.pvalue, level))


def _way(z: FloatArray, pvalue: FloatArray, level: float) -> FloatArray:
    """1 where a series rises significantly, -1 where it falls, 0 otherwise."""
    return np.where(pvalue <= level, np.sign(z), 0.0)


def emerging(
    counts: ArrayLike,
    neighbours: Neighbours,
    *,
    exposure: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    covered: ArrayLike | None = None,
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
    level
        Share of false alarms accepted among the steps and cells flagged; also the level of the trend's test.

    Returns
    -------
    Emerging
        ``klass`` is one of the patterns; "undefined" where the cell's last covered step is unknown, or fewer than
        ten of its steps are known; "too few data" where nothing was found and, in the mean step, nothing could
        have been: fewer than one incident expected around the cell, or ten times as many not flagged; or "no
        neighbours".

    Raises
    ------
    HotspotError
        When fewer than ten steps are covered, the calendar does not fit, or as `hotspot.stats.hotspots.hotspots`.

    Notes
    -----
    Each step is tested on its own: the sum of the cell and its neighbours against the same step's other cells,
    exactly (with exposure: against a negative binomial with that step's overdispersion), two-sided; then one
    Benjamini-Hochberg correction over all cells and steps. A season or a rise that the whole town shares therefore
    makes nothing hot. The trend is Mann-Kendall of the cell's Gi* over the steps; then `classify`.

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
    maps = [cell_map(step, neighbours, exposure, groups) for step in cube.T]
    upper, lower = (np.full(cube.shape, np.nan) for _ in range(2))
    z = np.full(cube.shape, np.nan)
    for step, cells in enumerate(maps):
        _test_step(cells, step, (upper, lower, z), given=exposure is not None)
    p = two_sided(upper, lower)
    q = benjamini_hochberg(p.ravel()).reshape(p.shape)
    hot, cold = (q <= level) & (upper < lower), (q <= level) & (lower < upper)
    tests = int(np.isfinite(p).sum())
    way = mann_kendall(z)
    klass = _classes(np.isfinite(p), (hot, cold), _way(way.z, way.pvalue, level))
    klass[(klass == NO_PATTERN) & ~_speaks(maps, level / max(tests, 1))] = TOO_FEW
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
    _enough(int(known.sum()))
    return cube[:, known]


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


def _speaks(maps: list[CellMap], level: float) -> BoolArray:
    """Whether "nothing found" says anything: in the mean step, many times the expected would be found."""
    expected, size = np.zeros((2, len(maps[0].valid)))
    for cells in maps:
        around = cells.near.around(cells.expected, itself=True)
        dispersed = sizes(cells.expected, np.nan_to_num(cells.a), cells.near, itself=True)
        expected[cells.valid] += around / len(maps)
        size[cells.valid] += np.nan_to_num(1.0 / dispersed) / len(maps)  # NaN where none is expected
    with np.errstate(divide="ignore"):
        tails = sum_tails(np.ceil(PLAUSIBLE_RATIO * expected).astype(np.int64), expected, 1.0 / size)
    reachable = np.nan_to_num(two_sided(tails.upper, tails.lower), nan=1.0) <= level
    return (expected >= MINIMUM_EXPECTED) & reachable
