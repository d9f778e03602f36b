"""Getis and Ord's Gi and Gi*: is there more here than the average place has, in standard deviations?"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.stats.neighbours import Neighbours

# A variance this small against the sizes of the numbers is rounding, not variation.
_NO_VARIATION = 1e-12


def gistar(x: ArrayLike, neighbours: Neighbours, *, star: bool = True) -> NDArray[np.float64]:
    """How far does the sum around each place lie from what the average place would have?

    Parameters
    ----------
    x
        Shape (places,). Values; NaN where unknown.
    neighbours
        Neighbours of the places.
    star
        True for Gi*, the place itself counted with weight one; False for Gi, the place left out of its own
        sum, mean and standard deviation.

    Returns
    -------
    NDArray
        Shape (places,). z; positive where values around are high. NaN where x is NaN, where the place has no
        neighbour with a value, where all values are equal, or where everything is neighbour to everything.

    Notes
    -----
    z_i = (sum_j w_ij x_j - mean W_i) / (s sqrt((n sum_j w_ij^2 - W_i^2) / (n - 1))), s^2 = sum (x - mean)^2
    / n. Places without a value are out of n, mean, s and every neighbourhood. The z is not a test for
    counts: at small means and with overdispersion its normal p flags noise in up to nearly every map. Use
    `hotspots` to claim a hot spot; show z beside it.

    References
    ----------
    Ord and Getis (1995), doi:10.1111/j.1538-4632.1995.tb00912.x.
    """
    given = np.asarray(x, dtype=np.float64)
    valid = np.isfinite(given)
    z = np.full(len(given), np.nan)
    near = neighbours.among(valid)
    kept = given[valid]
    n = len(kept)
    if n >= (2 if star else 3) and np.ptp(kept) > _NO_VARIATION * np.abs(kept).max():
        found = _starred(kept, near) if star else _plain(kept, near)
        z[valid] = np.where(near.cardinalities > 0, found, np.nan)
    return z


def _starred(x: NDArray[np.float64], near: Neighbours) -> NDArray[np.float64]:
    """Gi* of places that all have a value."""
    centred = x - x.mean()
    w_sum = near.around(np.ones(len(x)), itself=True)
    w_squares = _squares(near) + 1.0
    return _standardised(near.around(centred, itself=True), np.mean(centred**2), (w_sum, w_squares), len(x))


def _plain(x: NDArray[np.float64], near: Neighbours) -> NDArray[np.float64]:
    """Gi of places that all have a value: mean and variance without the place itself."""
    centred = x - x.mean()
    others = len(x) - 1
    mean = -centred / others
    variance = (np.sum(centred**2) - centred**2) / others - mean**2
    w_sum = near.around(np.ones(len(x)))
    return _standardised(near.around(centred) - mean * w_sum, variance, (w_sum, _squares(near)), others)


def _standardised(
    excess: NDArray[np.float64],
    variance: NDArray[np.float64] | np.floating,
    weights: tuple[NDArray[np.float64], NDArray[np.float64]],
    n: int,
) -> NDArray[np.float64]:
    """Excess over its standard deviation under random labelling; NaN where that is zero."""
    w_sum, w_squares = weights
    spread = n * w_squares - w_sum**2
    spread = np.where(spread > _NO_VARIATION * w_sum**2, spread, np.nan)
    variance = np.where(variance > _NO_VARIATION * np.max(variance), variance, np.nan)
    return excess / np.sqrt(variance * spread / (n - 1))


def _squares(near: Neighbours) -> NDArray[np.float64]:
    """Sum of the squared weights around each place."""
    return np.bincount(near.focal, weights=near.link_weights**2, minlength=near.n).astype(np.float64)
