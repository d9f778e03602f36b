"""Rates and ratios of small counts: intervals, and smoothing towards the rest."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.special import gammainc, gammaincc, gammaincinv

from hotspot.errors import HotspotError
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.poisson_limits import byar, defined, garwood, mid_p_limits, paired, probability

FloatArray = NDArray[np.float64]
Interval = Literal["byar", "garwood", "mid_p"]


class Ratio(NamedTuple):
    """Observed over expected with an interval; all NaN where nothing, or nothing known, was expected."""

    ratio: FloatArray
    lower: FloatArray
    upper: FloatArray


class Smoothed(NamedTuple):
    """Posterior of a ratio: mean, interval, probability that it is above 1; NaN where it is undefined."""

    ratio: FloatArray
    lower: FloatArray
    upper: FloatArray
    above_one: FloatArray


def sir(observed: ArrayLike, expected: ArrayLike, level: float = 0.95, method: Interval = "byar") -> Ratio:
    """How many times the expected number of incidents was recorded, and how sure is that?

    Parameters
    ----------
    observed
        Recorded incidents, shape (areas,); fractions are allowed. [incidents]
    expected
        Expected incidents, shape (areas,). [incidents]
    level
        Coverage of the interval.
    method
        ``byar`` (close and quick), ``garwood`` (never too narrow) or ``mid_p`` (right on average).

    Returns
    -------
    Ratio
        Ratio and interval, shape (areas,); NaN where the expected number is zero or either is unknown.

    Raises
    ------
    HotspotError
        If a number is negative or the method is unknown.

    Notes
    -----
    O / E; the limits are those Poisson means that give as many or more, as few or fewer, with (1 - level) / 2 each,
    over E: exactly (garwood), closely (byar), or counting half of what is just as many (mid_p).

    The interval takes the recorded count as Poisson and the expected one as known; where incidents come in
    bunches it is too narrow. Ratios from indirect standardisation are not strictly comparable between areas
    of different mixes.

    How it misleads: a ratio of 6 where .5 were expected is three incidents: read the number beside it; places
    picked because they are high flatter themselves.

    References
    ----------
    Garwood (1936) https://doi.org/10.2307/2333958
    """
    o, e = paired(observed, expected)
    tail = (1.0 - level) / 2.0
    if method == "garwood":
        lower, upper = garwood(o, tail)
    elif method == "byar":
        lower, upper = byar(o, tail)
    elif method == "mid_p":
        lower, upper = mid_p_limits(o, tail)
    else:
        raise HotspotError(
            "the interval must be byar, garwood or mid_p.", "{method}", 'write method = "byar"', method=method
        )
    known = np.where(e > 0, e, np.nan)
    return Ratio(o / known, lower / known, upper / known)


def upper_tail(observed: ArrayLike, expected: ArrayLike, *, mid_p: bool = False) -> FloatArray:
    """How likely are this many incidents or more, if the expected number is right?

    Parameters
    ----------
    observed, expected
        Recorded and expected incidents, shape (areas,). [incidents]
    mid_p
        Count half of the probability of exactly the recorded number.

    Returns
    -------
    numpy.ndarray
        One-sided probability, shape (areas,); NaN where the expected number is zero or either is unknown.

    Raises
    ------
    HotspotError
        If a number is negative.

    Notes
    -----
    P(X >= O), X Poisson with mean E; mid-p: less P(X = O) / 2.

    How it misleads: for one place named beforehand; the smallest of many such p is small by itself
    (`benjamini_hochberg`).

    References
    ----------
    Garwood (1936) https://doi.org/10.2307/2333958
    """
    o, e = paired(observed, expected)
    known = np.where(e > 0, e, np.nan)
    beyond = np.where(o > 0, gammainc(np.maximum(o, 1e-300), known), np.where(np.isnan(known), np.nan, 1.0))
    tail = beyond - 0.5 * probability(o, known) if mid_p else beyond
    return np.where(np.isnan(o), np.nan, tail)


def eb_global(observed: ArrayLike, population: ArrayLike) -> FloatArray:
    """Which rate is each area's most likely one, when areas with few people borrow from all?

    Parameters
    ----------
    observed
        Recorded incidents, shape (areas,). [incidents]
    population
        Whom or what they are counted against, shape (areas,). [residents, or another exposure]

    Returns
    -------
    numpy.ndarray
        Empirical Bayes rate (Marshall), shape (areas,), between the area's own rate and the overall rate; NaN
        where the population is zero or unknown, which leaves all others unaffected.

    Raises
    ------
    HotspotError
        If a number is negative.

    Notes
    -----
    ``b = sum O / sum n``, ``s2 = sum n (r - b)**2 / sum n``, ``a = max(0, s2 - b / mean n)`` and
    ``b + a (r - b) / (a + b / n)``. Never negative; of two areas with the same population the one with more
    incidents never comes out lower. Between areas of different population the order may change, which is the
    purpose. A smoothed map hides the odd area that is truly different.

    How it misleads: an area pulled to the mean is not shown to be average: little is known of it.

    References
    ----------
    Marshall (1991) https://doi.org/10.2307/2347593
    """
    o, n = defined(observed, population)
    if not np.isfinite(o).any():
        return np.full(o.shape, np.nan)
    total = np.nansum(n)
    b = np.nansum(o) / total
    a = max(0.0, np.nansum(n * (o / n - b) ** 2) / total - b / np.nanmean(n))
    return _shrunk(o, n, np.full(o.shape, a), np.full(o.shape, b))


def eb_local(
    observed: ArrayLike, population: ArrayLike, neighbours: Neighbours | sparse.csr_array | sparse.coo_array
) -> FloatArray:
    """Which rate is each area's most likely one, when areas with few people borrow from their neighbours?

    Parameters
    ----------
    observed
        Recorded incidents, shape (areas,). [incidents]
    population
        Whom or what they are counted against, shape (areas,). [residents, or another exposure]
    neighbours
        Who is whose neighbour, also as a sparse matrix of shape (areas, areas), as ``Graph.sparse``; weights count
        as yes or no, and every area belongs to its own neighbourhood.

    Returns
    -------
    numpy.ndarray
        Smoothed rate, shape (areas,), between the area's own rate and that of its neighbourhood; NaN where
        the population is zero or unknown. An area without neighbours keeps its own rate.

    Raises
    ------
    HotspotError
        If a number is negative or the neighbours do not fit the areas.

    Notes
    -----
    As `eb_global` with sums over the neighbourhood and the neighbourhood's own mean for all its members (as
    GeoDa, esda, and spdep with ``geoda = TRUE``; by default spdep takes each member's own mean instead). Where the
    rates around vary no more than chance the area gets the neighbourhood's rate, whatever its own.

    How it misleads: borrowing from neighbours draws clusters on the map that the counts do not hold; never test
    smoothed rates.

    References
    ----------
    Marshall (1991) https://doi.org/10.2307/2347593
    """
    o, n = defined(observed, population)
    links = neighbours.to_sparse() if isinstance(neighbours, Neighbours) else sparse.csr_array(neighbours)
    if links.shape != (o.size, o.size):
        raise HotspotError(
            "there must be one row and column of neighbours per area.",
            "{shape} for {n} areas",
            "make the neighbours from the same areas",
            shape=str(links.shape),
            n=o.size,
        )
    known = np.isfinite(o).astype(np.float64)
    near = sparse.csr_array(links + sparse.eye_array(o.size)).astype(bool).astype(np.float64)
    o0, n0 = np.nan_to_num(o), np.nan_to_num(n)
    rate0 = np.nan_to_num(o / n)
    people = near @ n0
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (near @ o0) / people
        # sum n_j (r_j - m_i)^2, by neighbourhoods, without expanding the square (which would cancel)
        pairs = near.tocoo()
        squares = n0[pairs.col] * (rate0[pairs.col] - mean[pairs.row]) ** 2
        spread = np.bincount(pairs.row, np.nan_to_num(squares), minlength=o.size) / people
        a = np.maximum(0.0, spread - mean / (people / (near @ known)))
    return _shrunk(o, n, a, mean)


def gamma_poisson(
    observed: ArrayLike, expected: ArrayLike, prior: tuple[float, float], level: float = 0.95
) -> Smoothed:
    """How likely is an area's true ratio above 1, given what ratios are usual?

    Parameters
    ----------
    observed, expected
        Recorded and expected incidents, shape (areas,). [incidents]
    prior
        Shape and rate of the gamma distribution of ratios, as from `gamma_prior`.
    level
        Coverage of the interval.

    Returns
    -------
    Smoothed
        Posterior mean ``(shape + O) / (rate + E)``, its interval, and P(ratio > 1); NaN where the expected
        number is zero or either is unknown.

    Raises
    ------
    HotspotError
        If a number is negative or the prior is not positive.

    Notes
    -----
    O ~ Poisson(E theta), theta ~ gamma(shape, rate): gamma(shape + O, rate + E) afterwards.

    How it misleads: the prior is taken as known: with few areas it is not, and the interval is too narrow; P(ratio
    > 1) = .9 is no p of .1.

    References
    ----------
    Clayton and Kaldor (1987) https://doi.org/10.2307/2532003
    """
    o, e = paired(observed, expected)
    if not (prior[0] > 0 and prior[1] > 0):
        raise HotspotError("a prior must be positive.", "{prior}", "give for example (4, 4)", prior=str(prior))
    shape, rate = prior[0] + o, prior[1] + np.where(e > 0, e, np.nan)
    tail = (1.0 - level) / 2.0
    lower, upper = (gammaincinv(shape, p) / rate for p in (tail, 1.0 - tail))
    return Smoothed(shape / rate, lower, upper, gammaincc(shape, rate))


def gamma_prior(observed: ArrayLike, expected: ArrayLike) -> tuple[float, float]:
    """Which spread of ratios do these areas show beyond chance?

    Parameters
    ----------
    observed, expected
        Recorded and expected incidents, shape (areas,). [incidents]

    Returns
    -------
    tuple of float
        Shape and rate of a gamma distribution by moments; a very narrow one when the counts vary no more than
        chance; both NaN without any area or incident.

    Raises
    ------
    HotspotError
        If a number is negative.

    Notes
    -----
    mean m = sum O / sum E, variance v = sum E (O/E - m)^2 / sum E - m / mean E; shape m^2 / v, rate m / v.

    How it misleads: one extreme area widens the prior for all; counts that hang together in space make it too wide.

    References
    ----------
    Marshall (1991) https://doi.org/10.2307/2347593
    """
    o, e = defined(observed, expected)
    total = np.nansum(e)
    mean = np.nansum(o) / total if total > 0 else 0.0
    if not mean > 0:
        return np.nan, np.nan
    spread = np.nansum(e * (o / e - mean) ** 2) / total - mean / np.nanmean(e)
    variance = max(spread, 1e-6 * mean**2)
    return float(mean**2 / variance), float(mean / variance)


def _shrunk(o: FloatArray, n: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the rate pulled towards b by the reliability a / (a + b/n)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        reliability = np.where(a > 0, a / (a + b / n), 0.0)
    return np.where(np.isfinite(o), b + reliability * (o / n - b), np.nan)
