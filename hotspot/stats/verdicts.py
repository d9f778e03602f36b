"""From the tails of a test to what can be claimed of each cell, and how large the excess is."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotspot.stats.cell_map import Around, CellMap, around
from hotspot.stats.chance_maps import PLAUSIBLE_RATIO
from hotspot.stats.exact import Tails
from hotspot.stats.negative_binomial import sum_tails
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.significance import ALTERNATIVE, benjamini_hochberg, two_sided

HOT, BUSY, COLD = "hot", "busy", "cold"
NOT_SIGNIFICANT, TOO_FEW = "not significant", "too few data"
UNDEFINED, NO_NEIGHBOURS = "undefined", "no neighbours"
CLASSES = (HOT, BUSY, COLD, NOT_SIGNIFICANT, TOO_FEW, UNDEFINED, NO_NEIGHBOURS)

BENJAMINI_HOCHBERG, FAMILY_WISE, EITHER = "Benjamini-Hochberg", "family-wise", "family-wise or Benjamini-Hochberg"

# Below one expected incident a neighbourhood with none and one with its share look the same (a judgement).
MINIMUM_EXPECTED = 1.0
_NAME = f"<U{max(map(len, CLASSES))}"


class Hotspots(NamedTuple):
    """What each cell holds, what it would be expected to hold, and what can be claimed; shape (cells,).

    Of the adaptive form, numbers "around" a flagged cell are of the neighbourhood that flagged it (``look``);
    those of every other cell are of the first.
    """

    n: NDArray[np.float64]
    """Incidents in the cell itself; NaN where unknown."""
    n_around: NDArray[np.float64]
    """Incidents in the cell and its neighbours; NaN where the cell is undefined."""
    cells_contributing: NDArray[np.float64]
    """How many of those cells hold any incident at all; NaN where undefined."""
    expected: NDArray[np.float64]
    """Incidents expected in the cell and its neighbours; NaN where undefined."""
    expected_here: NDArray[np.float64]
    """Incidents expected in the cell itself; NaN where undefined."""
    ratio: NDArray[np.float64]
    """n_around / expected; NaN where undefined or nothing is expected."""
    ratio_low: NDArray[np.float64]
    """Lower end of the 95% interval of the ratio."""
    ratio_high: NDArray[np.float64]
    """Upper end of the 95% interval of the ratio; NaN where counts are too uneven to bound it."""
    gi_z: NDArray[np.float64]
    """Gi* z beside the test; not what the class is made from."""
    pvalue: NDArray[np.float64]
    """Two-sided p of one cell looked at alone, in (0, 1]; NaN where not tested."""
    qvalue: NDArray[np.float64]
    """The same after correcting for all tests, as ``correction`` says."""
    ring_pvalue: NDArray[np.float64]
    """Two-sided p against the cell's own surroundings; NaN where not tested, as in a ring of under 30 cells."""
    ring_qvalue: NDArray[np.float64]
    """The same after correcting for all cells tested against their surroundings."""
    klass: NDArray[np.str_]
    """One of `CLASSES`."""
    alternative: str
    """Alternative of every p: two-sided."""
    tests: int
    """Number of cells tested, which the q-values are corrected for."""
    dispersion: float
    """Overdispersion a of one cell: variance = mean + a mean^2. 0 is chance alone; NaN without incidents."""
    method: str
    """Which test: included (U), held (A), exposure (B), adaptive (W), or adaptive with exposure."""
    look: NDArray[np.int64]
    """Which neighbourhood gave the smallest p, 1 for the first; 0 where not tested."""
    correction: str
    """What the q-values are: Benjamini-Hochberg, family-wise, or either of the two calibrated together."""
    draws: int
    """Maps of chance compared with; 0 where p is exact or from a model."""
    seed: int
    """Of these maps."""


class Calibration(NamedTuple):
    """How p was corrected for many cells."""

    correction: str = BENJAMINI_HOCHBERG
    draws: int = 0
    seed: int = 0


class Evidence(NamedTuple):
    """What a test found for each valid cell, before any claim is made of it; shape (valid cells,)."""

    pvalue: NDArray[np.float64]
    """Two-sided p of one cell alone."""
    qvalue: NDArray[np.float64]
    """Corrected for all tests."""
    more: NDArray[np.bool_]
    """True where there is more than expected, not less."""
    look: NDArray[np.int64]
    """Which neighbourhood gave p; 1 for the first, 0 where not tested."""
    ring: "RingEvidence | None"
    """Against the surroundings; None where these were not asked about."""
    calibration: Calibration = Calibration()
    many: NDArray[np.float64] | None = None
    """Corrected p of ten times the expected number; None where it is to be worked out."""


class RingEvidence(NamedTuple):
    """What the cells are against their own surroundings; shape (valid cells,)."""

    pvalue: NDArray[np.float64]
    """Two-sided p; NaN where not tested."""
    qvalue: NDArray[np.float64]
    """Corrected for all cells tested."""
    more: NDArray[np.bool_]
    """True where there is more than the surroundings would give."""


def evidence(tails: Tails, ring: "RingEvidence | None") -> Evidence:
    """Take both tails of a test as two-sided evidence, corrected by Benjamini and Hochberg.

    Parameters
    ----------
    tails
        Shape (valid cells,) each.
    ring
        What was found against the surroundings, or None.

    Returns
    -------
    Evidence
        NaN where the tails are NaN.
    """
    p = two_sided(tails.upper, tails.lower)
    return Evidence(p, benjamini_hochberg(p), tails.upper < tails.lower, np.isfinite(p).astype(np.int64), ring)


def ring_evidence(looks: Sequence[Tails]) -> RingEvidence:
    """Take the tails of one or more neighbourhoods against the surroundings as evidence.

    Parameters
    ----------
    looks
        Both tails for each neighbourhood.

    Returns
    -------
    RingEvidence
        The smallest p times the number of neighbourhoods tested there, then Benjamini and Hochberg.
    """
    p = np.array([two_sided(each.upper, each.lower) for each in looks])
    best = np.nan_to_num(p, nan=2.0).argmin(axis=0)
    smallest = np.minimum(np.fmin.reduce(p) * np.isfinite(p).sum(axis=0), 1.0)
    more = np.choose(best, [each.upper < each.lower for each in looks])
    return RingEvidence(smallest, benjamini_hochberg(smallest), more)


def judge(
    cells: CellMap,
    found: Evidence,
    method: str,
    *,
    level: float,
    minimum_expected: float,
    looks: Sequence[Neighbours] = (),
) -> Hotspots:
    """Say for each cell what can be claimed.

    Parameters
    ----------
    cells
        The cells tested.
    found
        What the test found.
    method
        Name of the test.
    level
        Share of false alarms accepted.
    minimum_expected
        Fewest incidents expected around a cell for "not significant". [incidents]
    looks
        The neighbourhoods looked at, among the valid cells; none for that of the cells alone.

    Returns
    -------
    Hotspots
        On the cells given.
    """
    near = looks or (cells.near,)
    flagged = found.qvalue <= level
    shown = _of_look([around(cells, each) for each in near], np.where(flagged, np.maximum(found.look - 1, 0), 0))
    tests = int(np.isfinite(found.pvalue).sum())
    found_then = _reachable(shown) <= level / max(tests, 1) if found.many is None else found.many <= level
    speaks = (shown.expected >= minimum_expected) & found_then
    klass = np.where(speaks, NOT_SIGNIFICANT, TOO_FEW).astype(_NAME)
    klass[flagged & found.more] = HOT if found.ring is None else BUSY
    if found.ring is not None:
        klass[flagged & found.more & found.ring.more & (found.ring.qvalue <= level)] = HOT
    klass[flagged & ~found.more] = COLD
    klass[np.all([each.cardinalities == 0 for each in near], axis=0)] = NO_NEIGHBOURS
    unasked = np.full(len(klass), np.nan)
    return Hotspots(
        n=cells.given,
        n_around=_spread(shown.n, cells.valid),
        cells_contributing=_spread(shown.cells_contributing, cells.valid),
        expected=_spread(shown.expected, cells.valid),
        expected_here=_spread(cells.expected, cells.valid),
        ratio=_spread(shown.ratio, cells.valid),
        ratio_low=_spread(shown.ratio_low, cells.valid),
        ratio_high=_spread(shown.ratio_high, cells.valid),
        gi_z=_spread(shown.gi_z, cells.valid),
        pvalue=_spread(found.pvalue, cells.valid),
        qvalue=_spread(found.qvalue, cells.valid),
        ring_pvalue=_spread(unasked if found.ring is None else found.ring.pvalue, cells.valid),
        ring_qvalue=_spread(unasked if found.ring is None else found.ring.qvalue, cells.valid),
        klass=_spread_names(klass, cells.valid),
        alternative=ALTERNATIVE,
        tests=tests,
        dispersion=float(np.nanmax(cells.a)) if np.isfinite(cells.a).any() else float("nan"),
        method=method,
        look=np.nan_to_num(_spread(found.look.astype(np.float64), cells.valid)).astype(np.int64),
        correction=found.calibration.correction,
        draws=found.calibration.draws,
        seed=found.calibration.seed,
    )


def _of_look(each: Sequence[Around], look: NDArray[np.int64]) -> Around:
    """The numbers of one neighbourhood for each cell."""
    if len(each) == 1:
        return each[0]
    return Around(*(np.choose(look, columns) for columns in zip(*each, strict=True)))


def _reachable(shown: Around) -> NDArray[np.float64]:
    """Two-sided p of ten times the expected number; 1 where nothing is expected."""
    many = np.ceil(PLAUSIBLE_RATIO * shown.expected).astype(np.int64)
    tails = sum_tails(many, shown.expected, shown.size)
    return np.nan_to_num(two_sided(tails.upper, tails.lower), nan=1.0)


def _spread(values: NDArray[np.float64], valid: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The values on the cells given, NaN elsewhere."""
    everywhere = np.full(len(valid), np.nan)
    everywhere[valid] = values
    return everywhere


def _spread_names(names: NDArray[np.str_], valid: NDArray[np.bool_]) -> NDArray[np.str_]:
    """The classes on the cells given, "undefined" elsewhere."""
    everywhere = np.full(len(valid), UNDEFINED, dtype=_NAME)
    everywhere[valid] = names
    return everywhere
