"""Counts that vary more than chance alone: overdispersion, and the test of a neighbourhood given exposure."""

import math

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from hotspot.stats.exact import SMALLEST_RING, Tails, neighbours_sum
from hotspot.stats.neighbours import Neighbours

# Between these the dispersion is searched for, on the log scale; below the first it is Poisson to six digits.
_SMALLEST, _LARGEST = 1e-6, 1e4


def dispersion(counts: NDArray[np.int64], expected: NDArray[np.float64]) -> float:
    """How much more do counts vary between cells than chance and exposure explain?

    Parameters
    ----------
    counts
        Shape (cells,). [incidents]
    expected
        Shape (cells,). Above 0. [incidents]

    Returns
    -------
    float
        a of variance = mean + a mean^2: 0 for chance alone (Poisson). The larger of maximum likelihood and
        moment.

    Notes
    -----
    Moment: max(0, sum((x - mu)^2 - x) / sum(mu^2)). Taking the larger keeps the false alarms of the test
    below at or under the nominal level in every case measured, for 0 to 3 points of power. Real hot spots
    enter the estimate, which makes the test cautious; leaving them out was measured and breaks the level.
    """
    excess = math.fsum((counts - expected) ** 2 - counts)
    if not counts.size or excess <= 0:
        # the score of the likelihood at a = 0 is half the excess: not positive, both estimates are zero
        return 0.0
    moment = excess / math.fsum(expected**2)
    by_size = np.lexsort((expected, counts))  # sums in one order, so that the rows' order never shows
    counts, expected = counts[by_size], expected[by_size]
    beyond = np.bincount(counts)[::-1].cumsum()[::-1][1:].astype(np.float64)  # cells with more than 0, 1, 2, ...
    steps = np.arange(len(beyond))

    def unlikelihood(log_a: float) -> float:
        a = math.exp(log_a)
        falls = np.sum((counts + 1.0 / a) * np.log1p(a * expected))
        return float(falls - beyond @ np.log1p(a * steps))

    best = optimize.minimize_scalar(unlikelihood, bounds=(math.log(_SMALLEST), math.log(_LARGEST)), method="bounded")
    return max(moment, math.exp(float(best.x)))


def sizes(
    expected: NDArray[np.float64], a: float | NDArray[np.float64], neighbours: Neighbours, *, itself: bool
) -> NDArray[np.float64]:
    """Negative binomial size of each neighbourhood's sum: infinite for Poisson, small where few carry it.

    Parameters
    ----------
    expected
        Shape (cells,). [incidents]
    a
        Overdispersion of one cell; one number, or one per cell.
    neighbours
        Neighbours of the cells.
    itself
        Whether the cell itself belongs to its sum.

    Returns
    -------
    NDArray
        Shape (cells,). m^2 / sum(a mu^2), m the expected sum; infinite where a is 0, NaN where m is 0.
    """
    m = neighbours.around(expected, itself=itself)
    squares = neighbours.around(a * expected**2, itself=itself)
    return np.divide(m**2, squares, out=np.where(m > 0, np.inf, np.nan), where=squares > 0)


def sum_tails(observed: NDArray[np.int64], m: NDArray[np.float64], size: NDArray[np.float64]) -> Tails:
    """Chance of a sum at least, and at most, as large as observed, for a negative binomial of mean and size.

    Parameters
    ----------
    observed
        Shape (cells,). [incidents]
    m
        Shape (cells,). Expected sum. [incidents]
    size
        Shape (cells,). Infinite for Poisson.

    Returns
    -------
    Tails
        Shape (cells,). NaN where m is not above 0.
    """
    upper, lower = np.full((2, len(m)), np.nan)
    poisson = (m > 0) & np.isinf(size)
    mixed = (m > 0) & np.isfinite(size)
    upper[poisson] = stats.poisson.sf(observed[poisson] - 1, m[poisson])
    lower[poisson] = stats.poisson.cdf(observed[poisson], m[poisson])
    share = size[mixed] / (size[mixed] + m[mixed])
    upper[mixed] = stats.nbinom.sf(observed[mixed] - 1, size[mixed], share)
    lower[mixed] = stats.nbinom.cdf(observed[mixed], size[mixed], share)
    return Tails(upper, lower)


def exposure_tails(
    counts: NDArray[np.int64], expected: NDArray[np.float64], a: float | NDArray[np.float64], neighbours: Neighbours
) -> Tails:
    """How unusual is the sum of each cell and its neighbours, given its exposure (test B)?

    Parameters
    ----------
    counts
        Shape (cells,). [incidents]
    expected
        Shape (cells,). Above 0. [incidents]
    a
        Overdispersion of one cell (`dispersion`); one number, or one per cell.
    neighbours
        Neighbours of the cells; link weights must not be given.

    Returns
    -------
    Tails
        Shape (cells,). NaN for a cell without neighbours.

    Notes
    -----
    The sum is taken as negative binomial with m = sum mu and v = sum (mu + a mu^2): exact for equal mu.
    """
    observed = np.rint(neighbours_sum(counts, neighbours, itself=True)).astype(np.int64)
    m = np.where(neighbours.cardinalities > 0, neighbours.around(expected, itself=True), np.nan)
    return sum_tails(observed, m, sizes(expected, a, neighbours, itself=True))


def exposure_ring_tails(
    counts: NDArray[np.int64],
    expected: NDArray[np.float64],
    a: float | NDArray[np.float64],
    near: Neighbours,
    ring: Neighbours,
) -> Tails:
    """How unusual is each neighbourhood against its own surroundings, given the exposure of both?

    Parameters
    ----------
    counts, expected
        Shape (cells,). [incidents]
    a
        Overdispersion of one cell (`dispersion`); one number, or one per cell.
    near, ring
        The neighbours and the surroundings of each cell.

    Returns
    -------
    Tails
        Shape (cells,). NaN for a cell without neighbours or with fewer than 30 cells in its ring.

    Notes
    -----
    Given the total T of neighbourhood and ring, the share of the neighbourhood no longer depends on the
    local rate: binomial(T, q) with q = m_near / (m_near + m_ring) for Poisson counts, beta-binomial for
    overdispersed ones (exact for negative binomial cells of equal expectation). Its parameters are K q and
    K (1 - q) with K = r_near r_ring / ((r_near + r_ring) q (1 - q)), which keeps the variance 1/r_near +
    1/r_ring of the log ratio of the two underlying rates when cells differ; r as in `sizes`. Dispersion is
    estimated over the whole map, where a trend inflates it: cautious.
    """
    inner = np.rint(neighbours_sum(counts, near, itself=True)).astype(np.int64)
    total = inner + np.rint(neighbours_sum(counts, ring, itself=False)).astype(np.int64)
    m_near, m_ring = near.around(expected, itself=True), ring.around(expected)
    tested = (near.cardinalities > 0) & (ring.cardinalities >= SMALLEST_RING) & (m_near > 0) & (m_ring > 0)
    q = np.divide(m_near, m_near + m_ring, out=np.full(len(m_near), np.nan), where=tested)
    upper, lower = np.full((2, len(q)), np.nan)
    r_near, r_ring = sizes(expected, a, near, itself=True), sizes(expected, a, ring, itself=False)
    plain = tested & (np.isinf(r_near) | np.isinf(r_ring))
    upper[plain] = stats.binom.sf(inner[plain] - 1, total[plain], q[plain])
    lower[plain] = stats.binom.cdf(inner[plain], total[plain], q[plain])
    mixed = tested & np.isfinite(r_near) & np.isfinite(r_ring)
    share, one, other = q[mixed], r_near[mixed], r_ring[mixed]
    joint = one * other / ((one + other) * share * (1 - share))
    upper[mixed], lower[mixed] = _beta_binomial(inner[mixed], total[mixed], joint * share, joint * (1 - share))
    return Tails(upper, lower)


@numba.njit(cache=True)
def _beta_binomial(
    observed: NDArray[np.int64],
    total: NDArray[np.int64],
    alpha: NDArray[np.float64],
    beta: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # pragma: no cover - compiled
    """Both tails of the beta-binomial, summed outwards from the observed count."""
    upper, lower = np.empty(len(observed)), np.empty(len(observed))
    for i in range(len(observed)):
        n, s, a, b = total[i], observed[i], alpha[i], beta[i]
        choose = math.lgamma(n + 1.0) - math.lgamma(s + 1.0) - math.lgamma(n - s + 1.0)
        joint = math.lgamma(s + a) + math.lgamma(n - s + b) - math.lgamma(n + a + b)
        here = math.exp(choose + joint - math.lgamma(a) - math.lgamma(b) + math.lgamma(a + b))
        above, term = here, here
        for t in range(s, n):
            term *= (n - t) * (t + a) / ((t + 1.0) * (b + n - t - 1.0))
            above += term
        below, term = here, here
        for t in range(s, 0, -1):
            term *= t * (b + n - t) / ((n - t + 1.0) * (a + t - 1.0))
            below += term
        upper[i], lower[i] = min(above, 1.0), min(below, 1.0)
    return upper, lower
