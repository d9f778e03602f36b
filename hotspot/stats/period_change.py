"""Have incidents become more or fewer from one period to another, and by which factor?"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, betaincinv

from hotspot.errors import HotspotError
from hotspot.stats.significance import ALTERNATIVE, benjamini_hochberg, two_sided

FloatArray = NDArray[np.float64]


class PeriodChange(NamedTuple):
    """Rate after over rate before, place by place; shape (places,)."""

    ratio: FloatArray
    """Rate after / rate before; infinite without any before, NaN without any at all."""
    lower: FloatArray
    """Lower end of its interval; 0 without any after."""
    upper: FloatArray
    """Upper end; infinite without any before."""
    pvalue: FloatArray
    """Two-sided p of equal rates; NaN without any incident."""
    qvalue: FloatArray
    """The same after correcting for all places tested (Benjamini-Hochberg)."""
    alternative: str
    """Alternative of every p: two-sided."""

    @property
    def tests(self) -> int:
        """Places tested, over which q is corrected."""
        return int(np.isfinite(self.pvalue).sum())


def period_change(
    before: ArrayLike,
    after: ArrayLike,
    *,
    lengths: tuple[float, float] = (1.0, 1.0),
    dispersion: float = 1.0,
    level: float = 0.05,
) -> PeriodChange:
    """By which factor did the rate of incidents change, and could that be chance?

    Parameters
    ----------
    before, after
        Shape (places,) or (). Counts from 0 in each period; NaN where unknown. [incidents]
    lengths
        Of the two periods, on any one scale (days, or days times population).
    dispersion
        Variance over mean of the counts (`within_dispersion`); below 1 it counts as 1.
    level
        The interval covers with probability 1 - level.

    Returns
    -------
    PeriodChange
        On the places given.

    Raises
    ------
    HotspotError
        When a count is below 0, or a length or the dispersion is not above 0.

    Notes
    -----
    Given all n incidents of both periods, those after are binomial with share r L / (r L + 1), r the ratio and
    L the ratio of the lengths: both tails and the Clopper-Pearson interval follow exactly, and p doubles the
    smaller tail. With overdispersion f each count stands for count / f incidents that count f each; the beta
    form of the tails allows fractions.

    How it misleads: both counts are of the same place, so a change of the whole town (reporting, season, a
    holiday) counts as one of the place: compare the same season, and read it beside the town; a place that is
    looked at because it was high before will fall by itself (regression to the mean).

    References
    ----------
    Przyborowski and Wilenski (1940), doi:10.1093/biomet/31.3-4.313.
    Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404.
    """
    b, a = np.broadcast_arrays(np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64))
    if np.any(b < 0) or np.any(a < 0) or not (min(lengths) > 0 and dispersion > 0):
        raise HotspotError(
            "a change is told from counts from 0 in two periods that have a length.",
            "smallest counts {before} and {after}, lengths {lengths}, dispersion {dispersion}",
            "give counts, lengths above 0 and a dispersion above 0.",
            before=float(np.min(b, initial=0)), after=float(np.min(a, initial=0)),
            lengths=str(lengths), dispersion=dispersion,
        )  # fmt: skip
    scale = max(1.0, dispersion)
    per_length = lengths[1] / lengths[0]
    low, high = _share_interval(b / scale, a / scale, level)
    share = per_length / (1.0 + per_length)
    upper, lower = _tail(a / scale, b / scale, share), _tail(b / scale, a / scale, 1.0 - share)
    p = np.where(a + b > 0, two_sided(upper, lower), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio, low, high = (np.asarray(each / per_length) for each in (a / b, low / (1 - low), high / (1 - high)))
    q = benjamini_hochberg(p.ravel()).reshape(p.shape)
    return PeriodChange(ratio, low, high, p, q, ALTERNATIVE)


def _tail(k: FloatArray, rest: FloatArray, share: float) -> FloatArray:
    """Chance of k or more of k + rest, each with a chance of `share`."""
    return np.where(k > 0, betainc(np.maximum(k, 1e-300), rest + 1.0, share), np.where(np.isnan(k), np.nan, 1.0))


def _share_interval(b: FloatArray, a: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Clopper and Pearson's interval of the share after; NaN without incidents."""
    low = np.where(a > 0, betaincinv(np.maximum(a, 1e-300), b + 1.0, level / 2), 0.0)
    high = np.where(b > 0, betaincinv(a + 1.0, np.maximum(b, 1e-300), 1.0 - level / 2), 1.0)
    some = a + b > 0  # False where NaN
    return np.where(some, low, np.nan), np.where(some, high, np.nan)


def within_dispersion(counts: ArrayLike) -> float:
    """How much more do counts vary from step to step than chance alone would make them?

    Parameters
    ----------
    counts
        Shape (series, steps). Counts of equal steps within which the rate of each series is taken as steady; NaN
        where unknown. [incidents]

    Returns
    -------
    float
        Variance over mean, pooled over all series; 1 is chance alone, NaN where no series has two known steps
        and an incident.

    Notes
    -----
    sum (x - mean)^2 / mean over sum (steps - 1).
    Pearson's chi-square over its degrees of freedom, each series around its own mean: repeats at one address and
    bursts raise it, and so does a season within the series.

    How it misleads: a trend or a season inside a series counts as overdispersion and hides a change; sparse series
    (below one incident a step) say little.

    References
    ----------
    McCullagh and Nelder (1989), Generalized Linear Models, doi:10.1007/978-1-4899-3242-6.
    """
    table = np.atleast_2d(np.asarray(counts, dtype=np.float64))
    known = np.isfinite(table).sum(axis=1)
    total = np.nansum(table, axis=1)
    used = (known > 1) & (total > 0)
    if not used.any():
        return float("nan")
    mean = (total[used] / known[used])[:, None]
    chi_square = np.nansum((table[used] - mean) ** 2 / mean)
    return float(chi_square / (known[used] - 1).sum())
