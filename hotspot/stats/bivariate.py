"""Two values over the same places: does one lie where the other is around it?"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from hotspot.errors import HotspotError
from hotspot.stats.autocorrelation import (
    EXACT,
    PERMUTATION,
    UNDEFINED,
    Global,
    Local,
    draws_pvalue,
    found_globally,
    found_locally,
    needed,
    spread_out,
    whole_map_draws,
)
from hotspot.stats.conditional_draws import beyond, lag_pvalue
from hotspot.stats.lags import centred, equal, lagged, quadrants, weighted, without_noise
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.pair_moments import dealt_moments

FloatArray = NDArray[np.float64]


def bivariate_moran(
    x: ArrayLike,
    y: ArrayLike,
    neighbours: Neighbours,
    *,
    row_standardised: bool = True,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
) -> Global:
    """Do places with much x lie among places with much y?

    Parameters
    ----------
    x, y
        Shape (places,) each. Values; NaN in either leaves the place out of everything.
    neighbours
        Neighbours of the places.
    row_standardised
        Divide the weights of each place by their sum.
    permutations
        Whole-map draws, where an rng is given.
    rng
        Source of the draws; None for the normal p.

    Returns
    -------
    Global
        Between about -1 and 1; NaN where fewer than three places have both, none has neighbours, or either does
        not vary.

    Notes
    -----
    I = (n / S0) sum_i zx_i sum_j w_ij zy_j / sqrt(sum zx^2 sum zy^2). Null: x stays, y is dealt out anew; its mean and
    variance are exact. Not symmetric: around(y) at x, not around(x) at y. It leaves out what x and y share in the
    same place, yet a strong in-place correlation of two patchy maps makes it large: a significant value is no
    sign that x moves to its neighbours. For likeness of two maps take Lee's L.

    How it misleads: its size tells how patchy both maps are as much as how they hang together.

    References
    ----------
    Wartenberg (1985), doi:10.1111/j.1538-4632.1985.tb00849.x. Anselin, Syabri and Smirnov (2002).
    """
    valid, one, other = _both(x, y)
    near = weighted(neighbours.among(valid), row_standardised=row_standardised)
    n, s0 = len(one), float(near.link_weights.sum())
    if n < 3 or s0 == 0 or equal(one) or equal(other):  # noqa: PLR2004 - two places have no variance of dealing
        return found_globally(float("nan"), (0.0, float("nan")), n)
    zx, zy = one - one.mean(), other - other.mean()
    scale = n / s0 / float(np.sqrt((zx @ zx) * (zy @ zy)))
    # what each place's y is worth: the x of those it is a neighbour of
    worth = scale * np.bincount(near.indices, weights=near.link_weights * zx[near.focal], minlength=n)
    spread = worth - worth.mean()
    variance = float(spread @ spread) * float(zy @ zy) / (n - 1)
    drawn = None
    if rng is not None:
        drawn = whole_map_draws(lambda source: float(worth @ zy[source]), near, permutations, rng)
    return found_globally(float(worth @ zy), (0.0, variance), n, drawn)


def local_bivariate_moran(
    x: ArrayLike,
    y: ArrayLike,
    neighbours: Neighbours,
    *,
    row_standardised: bool = True,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
) -> Local:
    """Which places with much (or little) x lie among places with much (or little) y?

    Parameters
    ----------
    x, y, neighbours, row_standardised
        As for `bivariate_moran`.
    permutations
        Draws where the exact distribution does not apply.
    rng
        Source of the draws; needed only where y is not a count or links of a place weigh differently.

    Returns
    -------
    Local
        zx_i times the lag of zy; class HH (much x among much y), HL, LH, LL, "none", "undefined", "no neighbours".

    Raises
    ------
    HotspotError
        When draws are needed and no rng is given, or x and y differ in length.

    Notes
    -----
    I_i = (n - 1) zx_i sum_j w_ij zy_j / sqrt(sum zx^2 sum zy^2), the scale of esda and GeoDa; the sum over n - 1 is
    the global value for row-standardised weights. Null: the place held, all other y dealt out anew, so p is
    about the y around alone; x decides the class, not the p. Not symmetric, ignores the place's own y, says
    nothing on cause, and two counts of the same population agree because of the population.

    How it misleads: "felt unsafe among much recorded" may be two maps of where people are.

    References
    ----------
    Anselin, Syabri and Smirnov (2002), Visualizing multivariate spatial correlation with dynamically linked
    windows. Lee (2001), doi:10.1007/s101090100064, on what it ignores.
    """
    valid, one, other = _both(x, y)
    near = neighbours.among(valid)
    if equal(one) or equal(other):
        return _nothing(len(valid), EXACT)
    zx, zy = centred(one), centred(other)
    lag = without_noise(lagged(zy, near, row_standardised=row_standardised), zy)
    p, method = lag_pvalue(other, near, permutations, rng)
    p = np.where(zx == 0.0, 1.0, p)
    local = (len(one) - 1) * zx * lag / np.sqrt((zx @ zx) * (zy @ zy))
    klass, (statistic, pvalue) = spread_out(valid, near.cardinalities == 0, quadrants(zx, lag), local, p)
    return found_locally(statistic, klass, pvalue, method)


def lee(
    x: ArrayLike,
    y: ArrayLike,
    neighbours: Neighbours,
    *,
    row_standardised: bool = True,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
) -> Global:
    """Are two maps alike, once each place is replaced by what lies around it?

    Parameters
    ----------
    x, y, neighbours, row_standardised, permutations, rng
        As for `bivariate_moran`.

    Returns
    -------
    Global
        L, symmetric in x and y; lee(x, x) is the spatial smoothing scalar, the share of variance left after
        smoothing. NaN where fewer than four places have both, none has neighbours, or either does not vary.

    Notes
    -----
    L = n / sum_i W_i^2 * sum_i lag(zx)_i lag(zy)_i / sqrt(sum zx^2 sum zy^2), W_i the sum of the weights of place i;
    neighbours without the place itself, as spdep and esda take them as given. Null: places are dealt out anew
    with their x and y together, so Pearson's correlation stays and only where it lies is tested; the expected
    value is therefore not 0. Mean and variance are exact; the normal p is not: few places, skewed values or x = y
    want draws.

    How it misleads: maps that share a trend across the town are alike by this measure whatever the places do.

    References
    ----------
    Lee (2001), doi:10.1007/s101090100064. Lee (2004), doi:10.1068/a34143.
    """
    valid, one, other = _both(x, y)
    near = weighted(neighbours.among(valid), row_standardised=row_standardised)
    n = len(one)
    squared = float(np.sum(near.around(np.ones(n)) ** 2))
    if n < 4 or squared == 0 or equal(one) or equal(other):  # noqa: PLR2004 - the variance has patterns of four
        return found_globally(float("nan"), (float("nan"), float("nan")), n)
    scale = (n / squared) ** 0.5
    zx, zy = (scale * (each - each.mean()) / float(np.sqrt(np.sum((each - each.mean()) ** 2))) for each in (one, other))

    def statistic(source: NDArray[np.int64]) -> float:
        return float(near.around(zx[source]) @ near.around(zy[source]))

    drawn = None if rng is None else whole_map_draws(statistic, near, permutations, rng)
    lags = near.to_sparse()
    moments = dealt_moments(sparse.csr_array(lags.T @ lags), zx, zy)
    return found_globally(statistic(np.arange(n)), moments, n, drawn)


def local_lee(
    x: ArrayLike,
    y: ArrayLike,
    neighbours: Neighbours,
    *,
    row_standardised: bool = True,
    permutations: int = 999,
    rng: np.random.Generator,
) -> Local:
    """Around which places are x and y high together, low together, or one high where the other is low?

    Parameters
    ----------
    x, y, neighbours, row_standardised
        As for `bivariate_moran`.
    permutations
        Draws, shared by all places.
    rng
        Source of the draws.

    Returns
    -------
    Local
        L_i; class HH (x and y both high around), HL (x high, y low), LH, LL, "none", "undefined", "no neighbours".

    Notes
    -----
    L_i = n lag(zx)_i lag(zy)_i / sqrt(sum zx^2 sum zy^2), as spdep; for row-standardised weights without islands L
    is the mean of L_i. Null: the place held, the pairs (x, y) of all others dealt out anew; two-sided. Large only
    where both differ from their means, so a place with x far up and y at its mean says nothing. The place
    itself is not among its neighbours.

    How it misleads: both maps share their neighbours, so that clusters of places flagged together are one finding.

    References
    ----------
    Lee (2001), doi:10.1007/s101090100064.
    """
    valid, one, other = _both(x, y)
    near = neighbours.among(valid)
    if equal(one) or equal(other):
        return _nothing(len(valid), PERMUTATION)
    zx, zy = centred(one), centred(other)
    around = [without_noise(lagged(z, near, row_standardised=row_standardised), z) for z in (zx, zy)]
    local = len(one) * around[0] * around[1] / np.sqrt((zx @ zx) * (zy @ zy))
    found = beyond(np.stack([zx, zy]), near, permutations, needed(rng))
    names = quadrants(around[0], around[1])
    p = draws_pvalue(*found, permutations)
    klass, (statistic, pvalue) = spread_out(valid, near.cardinalities == 0, names, local, p)
    return found_locally(statistic, klass, pvalue, PERMUTATION)


def _both(x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.bool_], FloatArray, FloatArray]:
    """Where both are known, and the two there."""
    one, other = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if one.shape != other.shape:
        raise HotspotError(
            "two values of the same places have the same length.",
            "{x} and {y}",
            "give x and y on one index.",
            x=str(one.shape),
            y=str(other.shape),
        )
    valid = np.isfinite(one) & np.isfinite(other)
    return valid, one[valid], other[valid]


def _nothing(places: int, method: str) -> Local:
    """What is said where one of the two does not vary."""
    nothing = np.full(places, np.nan)
    return found_locally(nothing, np.full(places, UNDEFINED), nothing.copy(), method)
