"""Counts checked against what they are held to, and the limits of a Poisson mean from one count."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc, gammaincc, gammaincinv, gammaln, ndtri

from hotspot.errors import HotspotError

FloatArray = NDArray[np.float64]

BISECTIONS = 60


def garwood(o: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    """Between which means does a count lie, never too narrowly?

    Parameters
    ----------
    o
        Recorded counts, shape (areas,). [incidents]
    tail
        Probability left out on either side.

    Returns
    -------
    tuple of numpy.ndarray
        Exact (Garwood) lower and upper limit; NaN where the count is unknown.
    """
    lower = np.where(o > 0, gammaincinv(np.where(o > 0, o, 1.0), tail), o)
    return lower, np.asarray(gammaincinv(o + 1.0, 1.0 - tail), dtype=np.float64)


def byar(o: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    """Between which means does a count lie, quickly and closely?

    Parameters
    ----------
    o
        Recorded counts, shape (areas,). [incidents]
    tail
        Probability left out on either side.

    Returns
    -------
    tuple of numpy.ndarray
        Byar's lower and upper limit; NaN where the count is unknown.
    """
    z = float(-ndtri(tail))
    some = np.where(o > 0, o, 1.0)
    lower = some * np.maximum(0.0, 1.0 - 1.0 / (9.0 * some) - z / (3.0 * np.sqrt(some))) ** 3
    above = o + 1.0
    return np.where(o > 0, lower, o), above * (1.0 - 1.0 / (9.0 * above) + z / (3.0 * np.sqrt(above))) ** 3


def probability(o: FloatArray, mean: FloatArray) -> FloatArray:
    """How likely is exactly this count?

    Parameters
    ----------
    o, mean
        Counts and Poisson means, shape (areas,). [incidents]

    Returns
    -------
    numpy.ndarray
        Probability, continued smoothly to fractional counts; NaN where either is unknown.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        power = np.where(o > 0, o * np.log(mean), 0.0)
    return np.asarray(np.exp(power - mean - gammaln(o + 1.0)), dtype=np.float64)


def mid_p_limits(o: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    """Between which means does a count lie, rightly on average?

    Parameters
    ----------
    o
        Recorded counts, shape (areas,). [incidents]
    tail
        Probability left out on either side.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper mid-P limit, within Garwood's; NaN where the count is unknown.
    """
    low, high = garwood(o, tail)
    at_most = np.where(o > 0, o, 1.0)
    lower = _crossing(low, at_most, lambda mean: gammainc(o + 1.0, mean) + 0.5 * probability(o, mean) - tail)
    upper = _crossing(o, high, lambda mean: tail - (gammaincc(o + 1.0, mean) - 0.5 * probability(o, mean)))
    return np.where(o > 0, lower, o), upper


def _crossing(low: FloatArray, high: FloatArray, rising: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """Return where a rising function passes zero, by halving."""
    low, high = low.copy(), high.copy()
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        below = rising(middle) < 0
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return 0.5 * (low + high)


def paired(observed: ArrayLike, expected: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Bring counts and what they are held against to one shape.

    Parameters
    ----------
    observed
        Counts. [incidents]
    expected
        What they are counted against.

    Returns
    -------
    tuple of numpy.ndarray
        Both as arrays of one shape; what is not finite is NaN.

    Raises
    ------
    HotspotError
        If a number is negative.
    """
    o, e = np.broadcast_arrays(
        np.atleast_1d(np.asarray(observed, dtype=np.float64)),
        np.atleast_1d(np.asarray(expected, dtype=np.float64)),
    )
    if (o < 0).any() or (e < 0).any():
        raise HotspotError(
            "counts, expected numbers and populations must not be negative.",
            "{n} negative numbers",
            "mend them in the source, or mark them as missing",
            n=int((o < 0).sum() + (e < 0).sum()),
        )
    return np.where(np.isfinite(o), o, np.nan), np.where(np.isfinite(e), e, np.nan)


def defined(observed: ArrayLike, population: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Bring counts and populations to one shape, keeping areas that can have a rate.

    Parameters
    ----------
    observed
        Counts. [incidents]
    population
        What they are counted against.

    Returns
    -------
    tuple of numpy.ndarray
        Both, with NaN in both wherever the rate is undefined.

    Raises
    ------
    HotspotError
        If a number is negative.
    """
    o, n = paired(observed, population)
    known = np.isfinite(o) & (n > 0)
    return np.where(known, o, np.nan), np.where(known, n, np.nan)
