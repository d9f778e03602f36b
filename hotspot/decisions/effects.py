"""What a measure would change at a place: incidents and felt safety, apart, each with its sureness."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from hotspot.decisions.evidence import Effect, Measure
from hotspot.decisions.ranks import NORMAL_95
from hotspot.errors import Told

Numbers = npt.NDArray[np.float64]

FLOOR = 0.40
"""No combination of measures is credited with leaving less than this share (METHODS 10, assumption)."""
SAME_MECHANISM = 0.5
"""What the weaker of two measures with one mechanism counts, on the log scale (METHODS 10, assumption)."""
DIRECTION_ONLY: Mapping[str, float] = MappingProxyType({"A": 0.80, "B": 0.70, "C": 0.60, "D": 0.55})
"""Probability of an effect where studies show a direction but no figure, by strength (assumption)."""


class Sureness(NamedTuple):
    """How probable an effect is, and what that rests on.

    Parameters
    ----------
    probability
        Probability that the measure makes things better; NaN where nothing is known.
    basis
        ``"interval"``, ``"interval assumed"``, ``"significance"``, ``"direction assumed"`` or ``""``.
    strength
        A to E.
    """

    probability: float
    basis: str
    strength: str


NOTHING = Sureness(float("nan"), "", "E")


def log_error(low: float, high: float) -> float:
    """What standard error does a 95% interval of a ratio stand for?

    Parameters
    ----------
    low, high
        Limits of the ratio.

    Returns
    -------
    float
        Standard error of its logarithm.

    Examples
    --------
    >>> round(log_error(0.70, 1.02), 6)
    0.096042
    """
    return float((np.log(high) - np.log(low)) / (2 * NORMAL_95))


def standard_error(effect: Effect) -> float:
    """Return the standard error of the logarithm of an effect.

    Parameters
    ----------
    effect
        A finding.

    Returns
    -------
    float
        From its interval, or the assumed one; NaN where there is neither.
    """
    return log_error(effect.low, effect.high) if effect.interval == "reported" else float(effect.se_log)


def sureness(effect: Effect) -> Sureness:
    """How probable is it that things get better?

    Parameters
    ----------
    effect
        A finding.

    Returns
    -------
    Sureness
        NaN probability where no effect was shown, since "not shown" is not "none".

    Notes
    -----
    With a ratio and an interval: P(RR < 1) under ln RR ~ N(ln rr, se²). With a direction and p below a
    value: 1 - p/2; where the interval is only assumed, never surer than that. With a direction alone:
    `DIRECTION_ONLY`, by strength, an assumption that is told.
    """
    if effect.direction == "none shown":
        return Sureness(float("nan"), "", effect.strength)
    tested = 1 - effect.p_below / 2
    error = standard_error(effect)
    if np.isfinite(effect.rr) and error > 0:
        share = float(stats.norm.cdf(-np.log(effect.rr) / error))
        if effect.interval == "reported":
            return Sureness(share, "interval", effect.strength)
        return Sureness(float(np.fmin(share, tested)), "interval assumed", effect.strength)
    if np.isfinite(tested):
        return Sureness(tested if effect.direction == "better" else 1 - tested, "significance", effect.strength)
    share = DIRECTION_ONLY.get(effect.strength, float("nan"))
    share = share if effect.direction == "better" else 1 - share
    return Sureness(share, "direction assumed", effect.strength)


def assumptions() -> Told:
    """What is assumed of findings that show only a direction?

    Returns
    -------
    Told
        The sentence with its numbers.
    """
    return Told(
        "Where studies show only a direction, the probability of an effect is assumed: {a:.0%} for strength "
        "A, {b:.0%} for B, {c:.0%} for C and {d:.0%} for D.",
        {key.lower(): value for key, value in DIRECTION_ONLY.items()},
    )


def combine(ratios: npt.ArrayLike, mechanisms: Sequence[str]) -> Numbers:
    """What share of the same incidents remains when several measures act on them?

    Parameters
    ----------
    ratios : array, shape (measures,) or (draws, measures)
        Ratio of what remains under each measure alone.
    mechanisms
        Mechanism of each measure.

    Returns
    -------
    array, shape () or (draws,)
        Ratio of what remains under all of them, at least 0.40; 1 with no measures.

    Notes
    -----
    Ratios multiply: 100 incidents under 0.86 and 0.80 leave 68.8, not 66. Of measures with one mechanism
    the strongest counts whole and the others half on the log scale. The result does not depend on the
    order, and a further measure with a ratio of at most 1 never raises it.
    """
    log = np.log(np.asarray(ratios, dtype=np.float64))
    kinds = np.asarray(mechanisms)
    total = np.zeros(log.shape[:-1])
    for kind in sorted(set(mechanisms)):
        own = log[..., kinds == kind]
        gains = np.minimum(own, 0)
        halved = SAME_MECHANISM * gains.sum(axis=-1) + (1 - SAME_MECHANISM) * gains.min(axis=-1)
        total = total + halved + np.maximum(own, 0).sum(axis=-1)
    return np.asarray(np.maximum(np.exp(total), FLOOR), dtype=np.float64)


def acts_on(effect: Effect, category: str, light: str, *, outdoor: bool) -> bool:
    """Does a finding apply to incidents of this kind at this time?

    Parameters
    ----------
    effect
        A finding on incidents.
    category, light
        Kind of incident and light class.
    outdoor
        Whether the category happens in the open.

    Returns
    -------
    bool
        True if category, light class and place all match.
    """
    where = effect.where == "any" or (effect.where == "outdoor") == outdoor
    return where and category in effect.categories and light in effect.light


def draw_ratios(measures: Iterable[Measure], draws: int, rng: np.random.Generator) -> dict[tuple[str, int], Numbers]:
    """Draw how well each measure might work, the same for all places.

    Parameters
    ----------
    measures
        The evidence.
    draws
        How many times.
    rng
        Source of the draws.

    Returns
    -------
    dict
        (measure, position of the finding in ``used("incidents")``) to ratios, shape (draws,). A finding
        without a figure is left out. Findings from one source share their draws.
    """
    figures = {
        (measure.key, i): effect
        for measure in measures
        for i, effect in enumerate(measure.used("incidents"))
        if np.isfinite(effect.rr) and standard_error(effect) > 0
    }
    sources = sorted({effect.citation for effect in figures.values()})
    noise = dict(zip(sources, rng.standard_normal((len(sources), draws)), strict=True))
    return {key: effect.rr * np.exp(standard_error(effect) * noise[effect.citation]) for key, effect in figures.items()}


def left_of(
    kind: tuple[str, str],
    taken: Sequence[Measure],
    outdoor: Mapping[str, bool],
    drawn: Mapping[tuple[str, int], Numbers] | None = None,
) -> Numbers:
    """Which share of one kind of incident would still happen with these measures?

    Parameters
    ----------
    kind
        Category and light class.
    taken
        Measures taken there.
    outdoor
        Category to whether it happens in the open.
    drawn
        Ratios from `draw_ratios`; without them the findings' own figures are taken.

    Returns
    -------
    array, shape () or (draws,)
        What `combine` makes of the findings that act on it; 1 where none with a figure does.
    """
    ratios, kinds = _acting(taken, kind, drawn, outdoor=outdoor.get(kind[0], True))
    return combine(np.stack(ratios, axis=-1), kinds) if ratios else np.ones(())


def _acting(
    taken: Sequence[Measure],
    kind: tuple[str, str],
    drawn: Mapping[tuple[str, int], Numbers] | None,
    *,
    outdoor: bool,
) -> tuple[list[Numbers], list[str]]:
    """Ratios and mechanisms of the findings with a figure that act on one kind of incident."""
    ratios, kinds = [], []
    for measure in taken:
        for i, effect in enumerate(measure.used("incidents")):
            if np.isfinite(effect.rr) and acts_on(effect, *kind, outdoor=outdoor):
                known = drawn is not None and (measure.key, i) in drawn
                ratios.append(drawn[measure.key, i] if drawn and known else np.asarray(effect.rr))
                kinds.append(measure.mechanism)
    return ratios, kinds
