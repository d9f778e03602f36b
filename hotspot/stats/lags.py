"""What lies around each place: weights, their sums, lags, and which differences are only rounding."""

import numpy as np
from numpy.typing import NDArray

from hotspot.stats.neighbours import Neighbours

FloatArray = NDArray[np.float64]

NEITHER = "none"

# Sums that differ by less than this share of their size are ties: rounding must not decide a p-value.
TIE = 1e-10


def weighted(near: Neighbours, *, row_standardised: bool) -> Neighbours:
    """Give the links explicit weights, each place's summing to one where asked.

    Parameters
    ----------
    near
        The neighbours.
    row_standardised
        Divide the weights of each place by their sum.

    Returns
    -------
    Neighbours
        The same links.
    """
    weights = near.link_weights
    if row_standardised:
        total = near.around(np.ones(near.n))
        weights = weights / np.repeat(total, near.cardinalities)
    return near.reweighted(weights)


def lagged(values: FloatArray, near: Neighbours, *, row_standardised: bool) -> FloatArray:
    """Add up, or average, the values around each place.

    Parameters
    ----------
    values
        Shape (places,), finite.
    near
        The neighbours.
    row_standardised
        Divide by the sum of each place's weights.

    Returns
    -------
    FloatArray
        Shape (places,); 0 for islands.
    """
    total = near.around(values)
    if not row_standardised:
        return total
    weight = near.cardinalities if near.weights is None else near.around(np.ones(near.n))
    return np.divide(total, weight, out=np.zeros(near.n), where=near.cardinalities > 0)


def weight_sums(near: Neighbours) -> tuple[float, float, float]:
    """Add up S0, S1 and S2 of Cliff and Ord.

    Parameters
    ----------
    near
        The neighbours, in either direction or both.

    Returns
    -------
    tuple of float
        Sum of the weights; half the sum of the squares of both directions; sum of squares of row plus column.
    """
    w, n = near.link_weights, max(near.n, 1)
    forward, backward = near.focal * n + near.indices, near.indices * n + near.focal
    at = np.searchsorted(forward, backward)
    present = (at < len(forward)) & (forward[np.minimum(at, len(forward) - 1)] == backward)
    back = np.where(present, w[np.minimum(at, len(forward) - 1)], 0.0)
    # a pair linked both ways is met twice, half of its square each time; a pair linked one way once, whole
    s1 = float(np.sum(np.where(present, (w + back) ** 2 / 2.0, w**2)))
    out = np.bincount(near.focal, weights=w, minlength=near.n)
    into = np.bincount(near.indices, weights=w, minlength=near.n)
    return float(w.sum()), s1, float(np.sum((out + into) ** 2))


def equal(x: FloatArray) -> bool:
    """Say whether there is no variation beyond rounding.

    Parameters
    ----------
    x
        Finite values.

    Returns
    -------
    bool
        True also where there are no values.
    """
    return len(x) == 0 or bool(np.ptp(x) <= TIE * np.abs(x).max())


def centred(x: FloatArray) -> FloatArray:
    """Take the mean off, leaving an exact zero where only rounding is left.

    Parameters
    ----------
    x
        Finite values.

    Returns
    -------
    FloatArray
        Same shape.
    """
    return without_noise(x - x.mean(), x) if len(x) else x


def without_noise(values: FloatArray, scale: FloatArray) -> FloatArray:
    """Set to zero what is rounding beside the sizes in `scale`.

    Parameters
    ----------
    values
        Any shape.
    scale
        The numbers that the values were computed from.

    Returns
    -------
    FloatArray
        Shape of `values`.
    """
    return np.where(np.abs(values) <= TIE * np.max(np.abs(scale), initial=0.0), 0.0, values)


def quadrants(own: FloatArray, around: FloatArray) -> NDArray[np.str_]:
    """Name high or low (own) among high or low (around): HH, LH, LL, HL; "none" on a tie with the mean.

    Parameters
    ----------
    own, around
        Shape (places,) each, from their means.

    Returns
    -------
    NDArray
        Names, shape (places,).
    """
    high, above = own > 0, around > 0
    names = np.where(high, np.where(above, "HH", "HL"), np.where(above, "LH", "LL"))
    return np.where((own == 0.0) | (around == 0.0), NEITHER, names)
