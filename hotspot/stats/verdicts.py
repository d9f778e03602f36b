"""From the tails of a test to what can be claimed of each cell, and how large the excess is."""

from math import fsum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from hotspot.errors import HotspotError
from hotspot.stats.exact import Tails, neighbours_sum, whole_counts
from hotspot.stats.getis_ord import gistar
from hotspot.stats.negative_binomial import dispersion, sizes, sum_tails
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.significance import ALTERNATIVE, benjamini_hochberg, two_sided

HOT, BUSY, COLD = "hot", "busy", "cold"
NOT_SIGNIFICANT, TOO_FEW = "not significant", "too few data"
UNDEFINED, NO_NEIGHBOURS = "undefined", "no neighbours"
CLASSES = (HOT, BUSY, COLD, NOT_SIGNIFICANT, TOO_FEW, UNDEFINED, NO_NEIGHBOURS)

# Below one expected incident a neighbourhood with none and one with its share look the same (a judgement).
MINIMUM_EXPECTED = 1.0
# "Nothing found" is only said where ten times the expected number would have been found (a judgement).
PLAUSIBLE_RATIO = 10.0
_CONFIDENCE = 0.95
_NAME = f"<U{max(map(len, CLASSES))}"


class Hotspots(NamedTuple):
    """What each cell holds, what it would be expected to hold, and what can be claimed; shape (cells,)."""

    n: NDArray[np.float64]
    """Incidents in the cell itself; NaN where unknown."""
    n_around: NDArray[np.float64]
    """Incidents in the cell and its neighbours; NaN where the cell is undefined."""
    cells_contributing: NDArray[np.float64]
    """How many of those cells hold any incident at all; NaN where undefined."""
    expected: NDArray[np.float64]
    """Incidents expected in the cell and its neighbours; NaN where undefined."""
    ratio: NDArray[np.float64]
    """n_around / expected; NaN where undefined or nothing is expected."""
    ratio_low: NDArray[np.float64]
    """Lower end of the 95% interval of the ratio."""
    ratio_high: NDArray[np.float64]
    """Upper end of the 95% interval of the ratio."""
    gi_z: NDArray[np.float64]
    """Gi* z beside the test; not what the class is made from."""
    pvalue: NDArray[np.float64]
    """Two-sided p of one cell looked at alone, in (0, 1]; NaN where not tested."""
    qvalue: NDArray[np.float64]
    """The same after correcting for all tests (Benjamini-Hochberg; family-wise for the adaptive form)."""
    ring_pvalue: NDArray[np.float64]
    """Two-sided p against the cell's own surroundings; NaN where not tested."""
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
    """Which test: included (U), held (A), adaptive (W) or exposure (B)."""


class CellMap(NamedTuple):
    """The cells that can be tested, closed up, and where they lie among the cells given."""

    counts: NDArray[np.int64]
    """Shape (valid cells,). [incidents]"""
    expected: NDArray[np.float64]
    """Shape (valid cells,). [incidents]"""
    near: Neighbours
    """Neighbours among the valid cells."""
    valid: NDArray[np.bool_]
    """Shape (cells,). True for the valid cells."""
    given: NDArray[np.float64]
    """Shape (cells,). Counts as given."""
    a: NDArray[np.float64]
    """Shape (valid cells,). Overdispersion of each cell, that of its group; NaN without incidents."""


class Evidence(NamedTuple):
    """What a test found for each valid cell, before any claim is made of it."""

    pvalue: NDArray[np.float64]
    """Shape (valid cells,). Two-sided p of one cell alone."""
    qvalue: NDArray[np.float64]
    """Shape (valid cells,). Corrected for all tests."""
    more: NDArray[np.bool_]
    """Shape (valid cells,). True where there is more than expected, not less."""
    ring_tails: Tails | None
    """Shape (valid cells,) each. Against the surroundings; None where these were not asked about."""


def evidence(tails: Tails, ring_tails: Tails | None) -> Evidence:
    """Take both tails of a test as two-sided evidence, corrected by Benjamini and Hochberg.

    Parameters
    ----------
    tails
        Shape (valid cells,) each.
    ring_tails
        The same against the surroundings, or None.

    Returns
    -------
    Evidence
        NaN where the tails are NaN.
    """
    p = two_sided(tails.upper, tails.lower)
    return Evidence(p, benjamini_hochberg(p), tails.upper < tails.lower, ring_tails)


def cell_map(
    counts: ArrayLike, neighbours: Neighbours, exposure: ArrayLike | None = None, groups: ArrayLike | None = None
) -> CellMap:
    """Check the cells and leave out those of which nothing can be said.

    Parameters
    ----------
    counts
        Shape (cells,). Whole numbers, NaN where unknown. [incidents]
    neighbours
        Neighbours of the cells.
    exposure
        Shape (cells,). From 0; NaN where unknown; None for equal exposure.
    groups
        Shape (cells,). Kinds of cells that have a rate and an overdispersion of their own; None for one kind.

    Returns
    -------
    CellMap
        Of the cells with a count and an exposure above 0.

    Raises
    ------
    HotspotError
        When lengths differ, links are weighted, an exposure is negative or infinite, or a count is not whole.
    """
    given = np.asarray(counts, dtype=np.float64)
    share = np.ones(len(given)) if exposure is None else np.asarray(exposure, dtype=np.float64)
    if not len(given) == len(share) == neighbours.n or neighbours.weights is not None:
        raise HotspotError(
            "counts, exposure and neighbours are of the same cells, every link counting one.",
            "{counts} counts, {shares} exposures, {neighbours}",
            "give one count and one exposure for each place of the neighbours, and no link weights.",
            counts=len(given),
            shares=len(share),
            neighbours=repr(neighbours),
        )
    if np.any((share < 0) | np.isinf(share)):
        raise HotspotError(
            "exposure is a number from 0, or NaN where unknown.",
            "{value}",
            "give residents, visits, dwellings or area; NaN for a cell where they are not known.",
            value=float(share[(share < 0) | np.isinf(share)][0]),
        )
    valid = ~np.isnan(given) & (share > 0)  # NaN > 0 is False
    x = whole_counts(given[valid])
    kinds = np.zeros(len(given), dtype=np.int64) if groups is None else np.unique(groups, return_inverse=True)[1]
    expected, a = np.zeros(len(x)), np.full(len(x), np.nan)
    for kind in np.unique(kinds[valid]):
        own = kinds[valid] == kind
        expected[own] = share[valid][own] * (x[own].sum() / fsum(share[valid][own]))
        a[own] = dispersion(x[own], expected[own]) if x[own].sum() else 0.0
    if not x.sum():
        a[:] = np.nan
    return CellMap(x, expected, neighbours.among(valid), valid, given, a)


def judge(cells: CellMap, found: Evidence, method: str, *, level: float, minimum_expected: float) -> Hotspots:
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

    Returns
    -------
    Hotspots
        On the cells given.
    """
    around = np.rint(neighbours_sum(cells.counts, cells.near, itself=True))
    expected = cells.near.around(cells.expected, itself=True)
    size = sizes(cells.expected, np.nan_to_num(cells.a), cells.near, itself=True)
    low, high = ratio_interval(around, expected, size)
    ring, busier = _ring_evidence(found.ring_tails, len(around))
    tests = int(np.isfinite(found.pvalue).sum())
    speaks = (expected >= minimum_expected) & (_reachable(expected, size) <= level / max(tests, 1))
    klass = np.where(speaks, NOT_SIGNIFICANT, TOO_FEW).astype(_NAME)
    flagged = found.qvalue <= level
    local = busier & (ring[1] <= level)
    klass[flagged & found.more] = HOT if found.ring_tails is None else BUSY
    klass[flagged & found.more & local] = HOT
    klass[flagged & ~found.more] = COLD
    klass[cells.near.cardinalities == 0] = NO_NEIGHBOURS
    return Hotspots(
        n=cells.given,
        n_around=_spread(around, cells.valid),
        cells_contributing=_spread(neighbours_sum(np.minimum(cells.counts, 1), cells.near, itself=True), cells.valid),
        expected=_spread(expected, cells.valid),
        ratio=_spread(np.divide(around, expected, out=np.full(len(around), np.nan), where=expected > 0), cells.valid),
        ratio_low=_spread(low, cells.valid),
        ratio_high=_spread(high, cells.valid),
        gi_z=_spread(_gi_z(cells), cells.valid),
        pvalue=_spread(found.pvalue, cells.valid),
        qvalue=_spread(found.qvalue, cells.valid),
        ring_pvalue=_spread(ring[0], cells.valid),
        ring_qvalue=_spread(ring[1], cells.valid),
        klass=_spread_names(klass, cells.valid),
        alternative=ALTERNATIVE,
        tests=tests,
        dispersion=float(np.nanmax(cells.a)) if np.isfinite(cells.a).any() else float("nan"),
        method=method,
    )


def ratio_interval(
    observed: NDArray[np.float64], expected: NDArray[np.float64], size: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Between which values does the ratio of observed to expected lie, with 95% confidence?

    Parameters
    ----------
    observed, expected
        Shape (cells,). [incidents]
    size
        Shape (cells,). Negative binomial size of the sum; infinite for Poisson.

    Returns
    -------
    tuple of NDArray
        Lower and upper end; NaN where nothing is expected.

    Notes
    -----
    Garwood: chi2(.025, 2n) / 2 to chi2(.975, 2n + 2) / 2, over expected. With overdispersion n is replaced
    by n / f incidents that count f each, f = 1 + n / size, the variance of the sum over its mean at its own
    level.
    """
    inflation = 1.0 + observed / size
    effective = observed / inflation
    tail = (1.0 - _CONFIDENCE) / 2.0
    low = np.where(observed > 0, stats.chi2.ppf(tail, 2 * np.maximum(effective, 1e-300)), 0.0) / 2.0
    high = stats.chi2.ppf(1.0 - tail, 2 * effective + 2) / 2.0
    scale = np.divide(inflation, expected, out=np.full(len(expected), np.nan), where=expected > 0)
    return low * scale, high * scale


def _ring_evidence(tails: Tails | None, cells: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Two-sided p and q against the surroundings, and where there is more than these would give."""
    if tails is None:
        return np.full((2, cells), np.nan), np.zeros(cells, dtype=bool)
    p = two_sided(tails.upper, tails.lower)
    return np.stack([p, benjamini_hochberg(p)]), tails.upper < tails.lower


def _reachable(expected: NDArray[np.float64], size: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two-sided p of ten times the expected number; 1 where nothing is expected."""
    many = np.ceil(PLAUSIBLE_RATIO * expected).astype(np.int64)
    tails = sum_tails(many, expected, size)
    return np.nan_to_num(two_sided(tails.upper, tails.lower), nan=1.0)


def _gi_z(cells: CellMap) -> NDArray[np.float64]:
    """Gi* of the excess of each cell over its expectation, in its own standard deviations."""
    if not cells.counts.sum():
        return np.full(len(cells.counts), np.nan)
    spread = np.sqrt(cells.expected * (1 + cells.a * cells.expected))
    excess = cells.counts - cells.expected
    return gistar(np.divide(excess, spread, out=np.zeros(len(spread)), where=spread > 0), cells.near)


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
