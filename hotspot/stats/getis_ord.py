"""Getis and Ord's Gi and Gi*: is there more here than the average place has, in standard deviations?"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import HotspotError
from hotspot.stats.autocorrelation import (
    EXACT,
    UNDEFINED,
    Global,
    Local,
    found_globally,
    found_locally,
    spread_out,
    whole_map_draws,
)
from hotspot.stats.conditional_draws import lag_pvalue
from hotspot.stats.lags import NEITHER, equal, weight_sums, weighted, without_noise
from hotspot.stats.neighbours import Neighbours

HIGH, LOW = "high", "low"

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

    How it misleads: a z above 1.96 is no finding, and the largest z of a map least of all.

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


def local_g(
    x: ArrayLike,
    neighbours: Neighbours,
    *,
    star: bool = True,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
) -> Local:
    """Around which places is there more, or less, than chance would put there?

    Parameters
    ----------
    x
        Shape (places,). Values; NaN where unknown.
    neighbours
        Neighbours of the places.
    star
        True for Gi*, the place itself counted with weight one; False for Gi.
    permutations
        Draws where the exact distribution does not apply.
    rng
        Source of the draws; needed only there.

    Returns
    -------
    Local
        z of `gistar`; class "high" or "low" by its sign, "none" at 0, "undefined", "no neighbours".

    Raises
    ------
    HotspotError
        When values are not counts or links of a place weigh differently, and no rng is given.

    Notes
    -----
    z as `gistar`; without star w_ii = 0 and mean and s are those of the others.
    p: the place held, the others dealt out anew, exactly for counts. Gi and Gi* then share their p, since the
    place's own value moves nothing (spdep's permuted Gi* deals out the place's own value as well, so its z is
    taken against a wider spread). For a claim about hot spots of incidents take `hotspots`, which draws the
    place with its neighbours and knows exposure.

    How it misleads: "high" is more around than on average; one neighbour with very much is enough for it.

    References
    ----------
    Ord and Getis (1995), doi:10.1111/j.1538-4632.1995.tb00912.x.
    """
    given = np.asarray(x, dtype=np.float64)
    valid = np.isfinite(given)
    z = gistar(given, neighbours, star=star)
    kept, near = given[valid], neighbours.among(valid)
    if equal(kept):
        return found_locally(z, np.full(len(given), UNDEFINED), np.full(len(given), np.nan), EXACT)
    p, method = lag_pvalue(kept, near, permutations, rng)
    own = without_noise(z[valid], z[valid][np.isfinite(z[valid])])
    names = np.where(own > 0, HIGH, np.where(own < 0, LOW, np.where(own == 0, NEITHER, UNDEFINED)))
    klass, (statistic, pvalue) = spread_out(valid, near.cardinalities == 0, names, own, np.where(np.isnan(own), own, p))
    return found_locally(statistic, klass, pvalue, method)


def getis_ord_g(
    x: ArrayLike,
    neighbours: Neighbours,
    *,
    row_standardised: bool = False,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
) -> Global:
    """Do high values lie next to high values, as products of neighbours count them, over the map as a whole?

    Parameters
    ----------
    x
        Shape (places,). Values that are not negative; NaN where unknown.
    neighbours
        Neighbours of the places.
    row_standardised
        Divide the weights of each place by their sum; G is meant for links that count one.
    permutations
        Whole-map draws, where an rng is given.
    rng
        Source of the draws; None for the normal p.

    Returns
    -------
    Global
        G; NaN where fewer than four places have values, fewer than two are above 0, none has neighbours, or all
        values are equal.

    Raises
    ------
    HotspotError
        When a value is negative.

    Notes
    -----
    G = sum_ij w_ij x_i x_j / sum_(i not j) x_i x_j, expected S0 / (n (n - 1)), variance of Getis and Ord. Often read
    as "above: high clusters, below: low clusters". It is not so: where every place has as many neighbours, z is
    exactly Moran's, large for clusters of either kind. What it adds elsewhere is whether high values lie where
    places have many neighbours, as in the middle of a grid. Take `moran` and the classes of `local_g` instead; G is
    here to compare with others.

    How it misleads: "high clusters" is what it is called, not what it shows.

    References
    ----------
    Getis and Ord (1992), doi:10.1111/j.1538-4632.1992.tb00261.x.
    """
    given = np.asarray(x, dtype=np.float64)
    valid = np.isfinite(given)
    kept = given[valid]
    if (kept < 0).any():
        raise HotspotError(
            "Getis and Ord's G is of values that are not negative.",
            "{value}",
            "take moran, or shift the values.",
            value=float(kept.min()),
        )
    near = weighted(neighbours.among(valid), row_standardised=row_standardised)
    n, sums = len(kept), weight_sums(near)
    if n < 4 or sums[0] == 0 or equal(kept) or np.count_nonzero(kept) < 2:  # noqa: PLR2004 - the variance divides by n - 3
        return found_globally(float("nan"), (float("nan"), float("nan")), n)
    x_ = kept / kept.mean()  # G has no unit; numbers near one keep fourth powers from overflowing
    pairs = float(x_.sum() ** 2 - np.sum(x_**2))
    drawn = None
    if rng is not None:
        drawn = whole_map_draws(lambda at: float(x_[at] @ near.around(x_[at])) / pairs, near, permutations, rng)
    return found_globally(float(x_ @ near.around(x_)) / pairs, _g_moments(x_, sums), n, drawn)


def _g_moments(x: NDArray[np.float64], sums: tuple[float, float, float]) -> tuple[float, float]:
    """Mean and variance of G under random dealing, by Getis and Ord's B0 to B4."""
    s0, s1, s2 = sums
    n = len(x)
    m1, m2, m3, m4 = (float(np.sum(x**power)) for power in (1, 2, 3, 4))
    b0 = (n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2
    b1 = -((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    b2 = -(2 * n * s1 - (n + 3) * s2 + 6 * s0**2)
    b3 = 4 * (n - 1) * s1 - 2 * (n + 1) * s2 + 8 * s0**2
    b4 = s1 - s2 + s0**2
    top = b0 * m2**2 + b1 * m4 + b2 * m1**2 * m2 + b3 * m1 * m3 + b4 * m1**4
    expected = s0 / (n * (n - 1))
    square = top / ((m1**2 - m2) ** 2 * n * (n - 1) * (n - 2) * (n - 3))
    return expected, square - expected**2


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
