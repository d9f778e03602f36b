"""The cells that can be tested, and what each holds and is expected to hold over a neighbourhood."""

from math import fsum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from hotspot.errors import HotspotError
from hotspot.stats.exact import neighbours_sum, whole_counts
from hotspot.stats.getis_ord import gistar
from hotspot.stats.negative_binomial import dispersion, sizes
from hotspot.stats.neighbours import Neighbours

_CONFIDENCE = 0.95


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
    kinds: NDArray[np.int64]
    """Shape (valid cells,). Number of the group of each cell."""


class Around(NamedTuple):
    """What each cell and its neighbours hold; shape (valid cells,)."""

    n: NDArray[np.float64]
    """Incidents in the cell and its neighbours."""
    cells_contributing: NDArray[np.float64]
    """How many of those cells hold any incident at all."""
    expected: NDArray[np.float64]
    """Incidents expected there."""
    size: NDArray[np.float64]
    """Size of the negative binomial that their sum is held against; infinite for Poisson."""
    ratio: NDArray[np.float64]
    """n / expected; NaN where nothing is expected."""
    ratio_low: NDArray[np.float64]
    """Lower end of its 95% interval."""
    ratio_high: NDArray[np.float64]
    """Upper end of its 95% interval; NaN where nothing bounds it."""
    gi_z: NDArray[np.float64]
    """Gi* of the excess over the expectation."""


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
    return CellMap(x, expected, neighbours.among(valid), valid, given, a, kinds[valid])


def around(cells: CellMap, near: Neighbours) -> Around:
    """Say what each cell and its neighbours hold, and how much that is.

    Parameters
    ----------
    cells
        The cells tested.
    near
        A neighbourhood of the valid cells.

    Returns
    -------
    Around
        Shape (valid cells,).
    """
    n = np.rint(neighbours_sum(cells.counts, near, itself=True))
    expected = near.around(cells.expected, itself=True)
    size = sizes(cells.expected, np.nan_to_num(cells.a), near, itself=True)
    low, high = ratio_interval(n, expected, size)
    return Around(
        n,
        neighbours_sum(np.minimum(cells.counts, 1), near, itself=True),
        expected,
        size,
        np.divide(n, expected, out=np.full(len(n), np.nan), where=expected > 0),
        low,
        high,
        _gi_z(cells, near),
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
        Lower and upper end; NaN where nothing is expected. The upper end is also NaN where size is at most 1:
        there such counts bound nothing from above.

    Notes
    -----
    The mean m of a negative binomial of known size r is bounded by the two means that would give as many
    incidents or more, and as few or fewer, with 2.5% each: ``n F(.025; 2n, 2r)`` and ``(n + 1) F(.975; 2n + 2,
    2r)``, F the quantile of Fisher's distribution. For Poisson counts (r infinite) that is Garwood's interval. It
    covers 95% or more whatever m is, and did so with the overdispersion estimated from the map as well
    (docs/statistics.md). All unevenness between cells counts as chance here. At r of 1 or less most
    neighbourhoods hold none and a few nearly all; F has no mean then, and the upper end runs into the thousands.

    References
    ----------
    Garwood (1936), doi:10.1093/biomet/28.3-4.437.
    Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404.
    """
    tail = (1.0 - _CONFIDENCE) / 2.0
    scale = np.divide(1.0, expected, out=np.full(len(expected), np.nan), where=expected > 0)
    low, high = np.full((2, len(observed)), np.nan)
    plain, mixed = np.isinf(size), np.isfinite(size)
    n, r = observed[mixed], size[mixed]
    low[plain] = stats.chi2.ppf(tail, 2 * observed[plain]) / 2.0
    high[plain] = stats.chi2.ppf(1.0 - tail, 2 * observed[plain] + 2) / 2.0
    low[mixed] = n * stats.f.ppf(tail, 2 * n, 2 * r)
    high[mixed] = np.where(r > 1.0, (n + 1) * stats.f.ppf(1.0 - tail, 2 * n + 2, 2 * r), np.nan)
    low[observed == 0] = 0.0
    return low * scale, high * scale


def _gi_z(cells: CellMap, near: Neighbours) -> NDArray[np.float64]:
    """Gi* of the excess of each cell over its expectation, in its own standard deviations."""
    if not cells.counts.sum():
        return np.full(len(cells.counts), np.nan)
    spread = np.sqrt(cells.expected * (1 + cells.a * cells.expected))
    excess = cells.counts - cells.expected
    return gistar(np.divide(excess, spread, out=np.zeros(len(spread)), where=spread > 0), near)
