"""From many p-values to what can be claimed: two sides, many tests, several draws of uncertain data."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import HotspotError

ALTERNATIVE = "two-sided"


class Undecided(NamedTuple):
    """How much of a map rests on what is not known, such as the hour of a theft noticed days later."""

    share_of_draws: NDArray[np.float64]
    """Shape (cells,). Share of draws in which the cell is significant; NaN where it could not be tested."""
    share: float
    """Share of the cells significant in some draw that are not significant in all; NaN when there is none."""


def two_sided(upper: ArrayLike, lower: ArrayLike) -> NDArray[np.float64]:
    """Turn the chances of "as many or more" and "as few or fewer" into one p-value for both directions.

    Parameters
    ----------
    upper, lower
        Any shape, in [0, 1]. The two one-sided p-values.

    Returns
    -------
    NDArray
        min(1, 2 min(upper, lower)); NaN where either is NaN.
    """
    smaller = np.minimum(np.asarray(upper, dtype=np.float64), np.asarray(lower, dtype=np.float64))
    return np.asarray(np.minimum(1.0, 2.0 * smaller), dtype=np.float64)


def benjamini_hochberg(pvalue: ArrayLike) -> NDArray[np.float64]:
    """Which share of the places flagged, at this p or smaller, must be expected to be false alarms?

    Parameters
    ----------
    pvalue
        Shape (tests,), in [0, 1]; NaN for what was not tested.

    Returns
    -------
    NDArray
        Shape (tests,). q-values in [0, 1]: flag where q <= level to keep the expected share of false alarms
        among the flagged below the level. NaN stays NaN and is not counted as a test.

    Raises
    ------
    HotspotError
        When a p-value lies outside [0, 1].

    Notes
    -----
    q_(i) = min over j >= i of p_(j) m / j, m = number of tests that are not NaN. Holds for independent
    tests and for tests that are positively dependent, as those of overlapping neighbourhoods are.

    How it misleads: one in twenty of what is flagged may be false, and nobody knows which; adding places where
    nothing can be found makes the others harder to find.

    References
    ----------
    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.
    Caldas de Castro and Singer (2006), doi:10.1111/j.0016-7363.2006.00682.x.
    """
    p = _probabilities(pvalue)
    tested = np.flatnonzero(np.isfinite(p))
    q = np.full(p.shape, np.nan)
    if not len(tested):
        return q
    order = tested[np.argsort(p[tested])]
    scaled = p[order] * len(tested) / np.arange(1, len(tested) + 1)
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q


def combine_draws(pvalues: ArrayLike) -> NDArray[np.float64]:
    """Combine the p-values of several draws of uncertain data into one that holds however the draws depend.

    Parameters
    ----------
    pvalues
        Shape (draws, cells). One row for each draw, as of the times of incidents known only by an interval.
        NaN where a cell could not be tested in a draw, which counts as p = 1.

    Returns
    -------
    NDArray
        Shape (cells,). Combined p; NaN where no draw could be tested.

    Raises
    ------
    HotspotError
        When a p-value lies outside [0, 1].

    Notes
    -----
    min(1, p_(k) K / k).
    Rüger's rule at the median: the k-th smallest of K times K / k, with k = K / 2 rounded up, at most 1.
    For an even K this is twice the lower median; for one draw it is that draw's p. Valid under every
    dependence between the draws, at the price of up to a factor of two when they agree.

    How it misleads: where only few draws show a place it is not flagged, though it may be there; the factor of two
    is paid also by places that nothing is unsure of.

    References
    ----------
    Vovk and Wang (2020), Combining p-values via averaging, doi:10.1093/biomet/asaa027.
    """
    p = np.atleast_2d(_probabilities(pvalues))
    draws = p.shape[0]
    middle = (draws + 1) // 2
    ranked = np.sort(np.where(np.isnan(p), 1.0, p), axis=0)
    combined = np.minimum(ranked[middle - 1] * draws / middle, 1.0)
    return np.where(np.isnan(p).all(axis=0), np.nan, combined)


def undecided(qvalues: ArrayLike, level: float) -> Undecided:
    """How much of the map of significant places changes from draw to draw of the uncertain data?

    Parameters
    ----------
    qvalues
        Shape (draws, cells). q-values of each draw (or p-values, for one cell at a time).
    level
        Level at which a cell counts as significant.

    Returns
    -------
    Undecided
        Share of the draws for each cell, and the undecided share of the map.

    Notes
    -----
    draws with q <= level over all draws; (ever - always) / ever for the map.

    How it misleads: a small share says that the unknown hours do not matter, not that the flagged places are right.

    References
    ----------
    Our own summary; no distribution is claimed for it.
    """
    q = np.atleast_2d(np.asarray(qvalues, dtype=np.float64))
    significant = np.mean(np.where(np.isnan(q), 1.0, q) <= level, axis=0)
    ever, always = int(np.sum(significant > 0)), int(np.sum(significant == 1))
    untested = np.isnan(q).all(axis=0)
    return Undecided(np.where(untested, np.nan, significant), (ever - always) / ever if ever else float("nan"))


def _probabilities(pvalue: ArrayLike) -> NDArray[np.float64]:
    """The p-values as floats, each NaN or in [0, 1]."""
    p = np.asarray(pvalue, dtype=np.float64)
    outside = (p < 0) | (p > 1)
    if outside.any():
        raise HotspotError(
            "p-values lie between 0 and 1, or are NaN where nothing was tested.",
            "{value}",
            "give the p-values as the tests returned them.",
            value=float(p[outside][0]),
        )
    return p
