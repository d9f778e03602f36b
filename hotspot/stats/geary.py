"""Geary's C: do neighbours differ less from each other than places picked blindly?"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.stats.autocorrelation import (
    PERMUTATION,
    Global,
    Local,
    draws_pvalue,
    found_globally,
    found_locally,
    needed,
    spread_out,
    whole_map_draws,
)
from hotspot.stats.conditional_draws import beyond
from hotspot.stats.lags import equal, weight_sums, weighted, without_noise
from hotspot.stats.neighbours import Neighbours

FloatArray = NDArray[np.float64]

ALIKE, UNLIKE, AS_CHANCE = "alike", "unlike", "none"


def geary(
    x: ArrayLike,
    neighbours: Neighbours,
    *,
    row_standardised: bool = True,
    permutations: int = 999,
    rng: np.random.Generator | None = None,
) -> Global:
    """Do neighbours differ less from each other (below 1) or more (above 1) than chance would have it?

    Parameters
    ----------
    x
        Shape (places,). Values; NaN where unknown.
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
        C, expected 1; NaN where fewer than four places have values, none has neighbours, or all values are equal.

    Notes
    -----
    C = (n - 1) sum_ij w_ij (x_i - x_j)^2 / (2 S0 sum_i z_i^2), with the randomisation variance of Cliff and Ord.
    Small C means that like lies by like: z is below 0 there (spdep prints the opposite sign). A single extreme
    value weighs by its square, more than in Moran's I. Places without neighbours count in n and in the mean.

    How it misleads: one extreme value decides it, and says so nowhere.

    References
    ----------
    Geary (1954), doi:10.2307/2986645. Cliff and Ord (1981), Spatial Processes.
    """
    given = np.asarray(x, dtype=np.float64)
    valid = np.isfinite(given)
    near = weighted(neighbours.among(valid), row_standardised=row_standardised)
    kept = given[valid]
    n, (s0, s1, s2) = len(kept), weight_sums(near)
    if n < 4 or s0 == 0 or equal(kept):  # noqa: PLR2004 - the randomisation variance divides by n - 3
        return found_globally(float("nan"), (1.0, float("nan")), n)
    z = kept - kept.mean()
    squares = float(z @ z)
    focal, indices, weights = near.focal, near.indices, near.link_weights

    def statistic(values: FloatArray) -> float:
        return (n - 1) * float(weights @ (values[focal] - values[indices]) ** 2) / (2 * s0 * squares)

    kurtosis = n * float(np.sum(z**4)) / squares**2
    first = (n - 1) * s1 * (n**2 - 3 * n + 3 - (n - 1) * kurtosis)
    second = (n - 1) * s2 * (n**2 + 3 * n - 6 - (n**2 - n + 2) * kurtosis) / 4
    third = s0**2 * (n**2 - 3 - (n - 1) ** 2 * kurtosis)
    variance = (first - second + third) / (n * (n - 2) * (n - 3) * s0**2)
    drawn = None
    if rng is not None:
        drawn = whole_map_draws(lambda source: statistic(z[source]), near, permutations, rng)
    return found_globally(statistic(z), (1.0, variance), n, drawn)


def local_geary(
    x: ArrayLike,
    neighbours: Neighbours,
    *,
    row_standardised: bool = True,
    permutations: int = 999,
    rng: np.random.Generator,
) -> Local:
    """Which places are like their neighbours, in one respect or in several at once, and which are not?

    Parameters
    ----------
    x
        Shape (places,) or (places, variables). Values; NaN where unknown, which leaves the place out of everything.
    neighbours, row_standardised
        As for `geary`.
    permutations
        Draws, shared by all places.
    rng
        Source of the draws.

    Returns
    -------
    Local
        c_i; class "alike" (below what its own value and all others would give on average), "unlike" (above),
        "undefined" (also where a variable does not vary), "no neighbours".

    Notes
    -----
    c_i = sum_j w_ij (z_i - z_j)^2 with z standardised by n - 1, averaged over the variables. p: the place held,
    the others dealt out anew, several variables together. It sees likeness of any level: high, low or middling;
    local Moran says which. Several variables at once are no set of single answers: a place can be alike in all
    together and in none alone. z and scale as in GeoDa and spdep; esda standardises by n.

    How it misleads: "alike" may be a quarter where nothing ever happens.

    References
    ----------
    Anselin (1995), doi:10.1111/j.1538-4632.1995.tb00338.x. Anselin (2019), doi:10.1111/gean.12164.
    """
    given = np.asarray(x, dtype=np.float64)
    table = given[:, None] if given.ndim == 1 else given
    valid = np.asarray(np.isfinite(table).all(axis=1), dtype=bool)
    kept, near = table[valid], neighbours.among(valid)
    if any(equal(column) for column in kept.T):
        nothing = np.full(len(table), np.nan)
        return found_locally(nothing, np.full(len(table), "undefined"), nothing.copy(), PERMUTATION)
    z = (kept - kept.mean(axis=0)) / kept.std(axis=0, ddof=1)
    local, chance = _squared_differences(z, near, row_standardised=row_standardised)
    p = draws_pvalue(*beyond(z.T, near, permutations, needed(rng), squares=True), permutations)
    excess = without_noise(local - chance, chance)
    names = np.where(excess < 0, ALIKE, np.where(excess > 0, UNLIKE, AS_CHANCE))
    klass, (statistic, pvalue) = spread_out(valid, near.cardinalities == 0, names, local, p)
    return found_locally(statistic, klass, pvalue, PERMUTATION)


def _squared_differences(z: FloatArray, near: Neighbours, *, row_standardised: bool) -> tuple[FloatArray, FloatArray]:
    """c_i, and what it would be on average with the place held and all others dealt out anew."""
    local, mean = np.zeros((2, len(z)))
    focal = near.focal
    for each in z.T:
        # link by link: expanding the square would lose small differences
        differences = near.link_weights * (each[focal] - each[near.indices]) ** 2
        local += np.bincount(focal, weights=differences, minlength=len(z)) / z.shape[1]
        mean += (len(z) * each**2 + each @ each) / (len(z) - 1) / z.shape[1]
    weight = near.around(np.ones(len(z)))
    if row_standardised:
        return np.divide(local, weight, out=np.zeros(len(z)), where=weight > 0), mean
    return local, mean * weight
