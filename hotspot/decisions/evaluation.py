"""Did it work: before and after, here and elsewhere, and whether that could have been seen at all."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from scipy.optimize import brentq, minimize_scalar

from hotspot.errors import N_, Told

_NORMAL_95 = 1.959964
_POWER_80 = 0.841621
_LARGEST_FALL = -20.0  # to a part in 500 million: beyond anything counted
FELL, ROSE, NOT_SHOWN, CANNOT_SHOW = (
    "fell more than elsewhere",
    "rose more than elsewhere",
    "no difference shown",
    "cannot be shown here",
)


class Counts(NamedTuple):
    """Incidents before and after, treated and comparison. [incidents]"""

    treated_before: float
    treated_after: float
    control_before: float
    control_after: float


class Difference(NamedTuple):
    """A weighted displacement difference: estimate, standard error, z and 95% limits. [incidents]"""

    estimate: float
    error: float
    z: float
    lower: float
    upper: float


class RateRatio(NamedTuple):
    """Change at the treated place relative to the comparison: ratio and 95% limits; NaN where undefined."""

    ratio: float
    lower: float
    upper: float
    log_error: float


class Verdict(NamedTuple):
    """What can be said of one measure.

    Parameters
    ----------
    klass
        One of "fell more than elsewhere", "rose more than elsewhere", "no difference shown", "cannot be shown here".
    told
        The verdict as a sentence.
    change
        Relative change against the comparison, negative for fewer; with ``lower`` and ``upper``.
    detectable
        Smallest reduction that these counts would have shown in four of five tries; 1 where none short of all.
    caveats
        What else the reader must know.
    """

    klass: str
    told: Told
    change: float
    lower: float
    upper: float
    detectable: float
    caveats: tuple[Told, ...]


def wdd(
    counts: Counts,
    displaced: Counts | None = None,
    *,
    time: tuple[float, float] = (1.0, 1.0),
    areas: tuple[float, float] = (1.0, 1.0),
    around: tuple[float, float] = (1.0, 1.0),
) -> Difference:
    """How many incidents fewer than the comparison would have led one to expect?

    Parameters
    ----------
    counts
        The treated place and its comparison.
    displaced
        The places around both, where incidents may have gone.
    time
        Lengths of the periods before and after; counts are divided by them.
    areas, around
        Sizes of the treated and the comparison place, and of the places around them; counts are divided by
        them. To scale the comparison to the treated place, give ``(1, comparison / treated)``.

    Returns
    -------
    Difference
        Negative for fewer.

    Notes
    -----
    Change treated minus change comparison (plus the same around); its variance is the sum of all counts, each
    divided by the square of what it was divided by.

    References
    ----------
    Wheeler and Ratcliffe (2018) Crime Science 7:11. https://doi.org/10.1186/s40163-018-0085-5
    """
    estimate = spread = 0.0
    for each, sizes in ((counts, areas), (displaced or Counts(0, 0, 0, 0), around)):
        signed = zip(each, (-1, 1, 1, -1), (sizes[0], sizes[0], sizes[1], sizes[1]), time * 2, strict=True)
        for n, sign, size, length in signed:
            estimate += sign * n / (size * length)
            spread += n / (size * length) ** 2
    return _difference(float(estimate), math.sqrt(spread))


def weighted_wdd(differences: Sequence[Difference], weights: Sequence[float]) -> Difference:
    """How much less harm was done than the comparison would have led one to expect, over several kinds of incidents?

    Parameters
    ----------
    differences
        One for each kind, no incident counted in two of them.
    weights
        What one incident of each kind weighs.

    Returns
    -------
    Difference
        In the unit of the weights; negative for less.

    Raises
    ------
    ValueError
        If there is not one weight for each kind.

    Notes
    -----
    Sum of w D and of w^2 Var(D), as if the kinds rose and fell independently: where they do so together, the
    interval is too narrow.

    References
    ----------
    Wheeler and Ratcliffe (2018) Crime Science 7:11. https://doi.org/10.1186/s40163-018-0085-5
    Wheeler (2020) Amending the WDD test to incorporate harm weights.
    https://andrewpwheeler.com/2020/11/19/amending-the-wdd-test-to-incorporate-harm-weights/
    """
    pairs = list(zip(differences, weights, strict=True))
    estimate = math.fsum(weight * each.estimate for each, weight in pairs)
    return _difference(estimate, math.sqrt(math.fsum((weight * each.error) ** 2 for each, weight in pairs)))


def _difference(estimate: float, error: float) -> Difference:
    if error == 0:
        return Difference(estimate, 0.0, math.nan, estimate, estimate)
    return Difference(estimate, error, estimate / error, estimate - _NORMAL_95 * error, estimate + _NORMAL_95 * error)


def rate_ratio(counts: Counts, dispersion: float = 1.0) -> RateRatio:
    """By which factor did incidents change, relative to the comparison?

    Parameters
    ----------
    counts
        Before and after, treated and comparison.
    dispersion
        Variance over mean of the counts; below 1 it counts as 1.

    Returns
    -------
    RateRatio
        (b/a)/(d/c) with a 95% interval on the log scale; half an incident is added everywhere if one is zero.

    Notes
    -----
    Equal to the interaction of a Poisson regression with unit and period (difference in differences).
    """
    values = list(counts)
    if min(values) < 0 or sum(values) == 0:
        return RateRatio(math.nan, math.nan, math.nan, math.nan)
    if min(values) == 0:
        values = [each + 0.5 for each in values]
    a, b, c, d = values
    log = math.log((b / a) / (d / c))
    error = math.sqrt(max(dispersion, 1.0) * sum(1.0 / each for each in values))
    return RateRatio(math.exp(log), math.exp(log - _NORMAL_95 * error), math.exp(log + _NORMAL_95 * error), error)


def detectable(treated: float, control: float, dispersion: float = 1.0) -> float:
    """What is the smallest reduction that such counts would show in four of five tries?

    Parameters
    ----------
    treated, control
        Incidents before, at the treated place and the comparison.
    dispersion
        Variance over mean of the counts; below 1 it counts as 1.

    Returns
    -------
    float
        Share between 0 and 1; 1 where no fall short of all would be shown; NaN without incidents.

    Notes
    -----
    1 - r for the largest r with log r = -(z.975 + z.80) sqrt(phi (1/T + 1/(T r) + 2/C)), two-sided .05: a fall leaves
    fewer incidents after, and so less to see it by. Taking as many after as before would promise too much, with fifty
    before .47 in the place of .53.
    """
    if not (treated > 0 and control > 0):
        return math.nan

    def short_of(log_ratio: float) -> float:
        each = 1.0 / treated + math.exp(-log_ratio) / treated + 2.0 / control
        return log_ratio + (_NORMAL_95 + _POWER_80) * math.sqrt(max(dispersion, 1.0) * each)

    least = float(minimize_scalar(short_of, bounds=(_LARGEST_FALL, 0.0), method="bounded").x)
    if short_of(least) > 0:
        return 1.0
    return 1.0 - math.exp(float(brentq(short_of, least, 0.0)))


def verdict(counts: Counts, dispersion: float = 1.0, plausible: float = 0.2) -> Verdict:
    """What can be said of a measure from counts before and after?

    Parameters
    ----------
    counts
        Before and after, treated and comparison, over equal lengths of time.
    dispersion
        Variance over mean of the counts; below 1 it counts as 1.
    plausible
        The reduction that such measures may have; a measure that could not show it is not judged.

    Returns
    -------
    Verdict
        Never "works": before and after with a comparison cannot rule out everything else.
    """
    found = rate_ratio(counts, dispersion)
    least = detectable(counts.treated_before, counts.control_before, dispersion)
    change, lower, upper = found.ratio - 1.0, found.lower - 1.0, found.upper - 1.0
    numbers = {"change": change, "lower": lower, "upper": upper, "least": least, "plausible": plausible}
    regression = Told(
        N_(
            "Places are often chosen when they are at their worst and would have improved anyway "
            "(regression to the mean)."
        )
    )
    if math.isnan(found.ratio) or math.isnan(least):
        told = Told(N_("Too few incidents before or after to compare."))
        return Verdict(CANNOT_SHOW, told, math.nan, math.nan, math.nan, least, ())
    if found.upper < 1.0:
        told = Told(N_("Incidents fell by {fall:.0%} more than elsewhere (95% interval {low:.0%} to {high:.0%})."), {
            "fall": -change, "low": -upper, "high": -lower})  # fmt: skip
        return Verdict(FELL, told, change, lower, upper, least, (regression,))
    if found.lower > 1.0:
        told = Told(
            N_("Incidents rose by {change:.0%} more than elsewhere (95% interval {lower:.0%} to {upper:.0%})."),
            numbers,
        )
        return Verdict(ROSE, told, change, lower, upper, least, ())
    if least >= 1.0:
        told = Told(N_("Cannot be shown here: with so few incidents hardly any fall would have been seen."))
        return Verdict(CANNOT_SHOW, told, change, lower, upper, least, ())
    if least > plausible:
        told = Told(
            N_("Cannot be shown here: with so few incidents only a fall of at least {least:.0%} would have been seen."),
            numbers,
        )
        return Verdict(CANNOT_SHOW, told, change, lower, upper, least, ())
    told = Told(
        N_("No difference from elsewhere was shown; a fall of {least:.0%} or more would probably have been seen."),
        numbers,
    )
    return Verdict(NOT_SHOWN, told, change, lower, upper, least, ())
