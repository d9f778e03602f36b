"""What each candidate would change where it would be taken, with intervals, for the list of measures."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from hotspot.decisions.effects import (
    NOTHING,
    Numbers,
    Sureness,
    acts_on,
    draw_ratios,
    left_of,
    standard_error,
    sureness,
)
from hotspot.decisions.evidence import Effect, Measure
from hotspot.decisions.ranks import NORMAL_95

LIMITS = (2.5, 97.5)
NAN = float("nan")

Kind = tuple[str, str]  # category and light class


class _Act(NamedTuple):
    """What a measure does to one kind of incident: which of its findings act, and the share that is left."""

    findings: frozenset[int]
    left: float
    drawn: Numbers


class Expected(NamedTuple):
    """What one candidate would change.

    Parameters
    ----------
    acts_on
        Incidents of the kinds and light classes it acts on; NaN where no finding on incidents is
        known. [per year]
    fewer, fewer_low, fewer_high
        Incidents prevented, with a 95% interval; NaN where no figure is known. [per year]
    rr, rr_low, rr_high
        Ratio of what remains of those it acts on.
    p_fewer
        Probability of fewer incidents; 0 where none happen that it acts on.
    basis
        What ``p_fewer`` rests on.
    strength
        Strength of the evidence on incidents, A to E.
    p_felt
        Probability that the place is felt to be safer.
    felt_basis
        What ``p_felt`` rests on.
    felt
        Strength of the evidence on felt safety, A to E.
    felt_rr, felt_low, felt_high
        Ratio of those who feel unsafe, with a 95% interval.
    citation
        Sources of both, in words.
    seen
        Whether every figure used was read in its source.
    """

    acts_on: float
    fewer: float
    fewer_low: float
    fewer_high: float
    rr: float
    rr_low: float
    rr_high: float
    p_fewer: float
    basis: str
    strength: str
    p_felt: float
    felt_basis: str
    felt: str
    felt_rr: float
    felt_low: float
    felt_high: float
    citation: str
    seen: bool


def expect(
    candidates: pd.DataFrame,
    counts: pd.DataFrame,
    measures: Mapping[str, Measure],
    outdoor: Mapping[str, bool],
    rng: np.random.Generator,
    *,
    draws: int = 2000,
) -> pd.DataFrame:
    """What would each candidate change, and how sure is that?

    Parameters
    ----------
    candidates
        Table of `hotspot.decisions.sites.Candidates`.
    counts
        Expected incidents: area_id, category, light, per_year; zero where none happen. A place that is
        missing, or NaN, means "cannot say".
    measures
        The evidence.
    outdoor
        Category to whether it happens in the open.
    rng
        Source of the draws.
    draws
        How many times each ratio is drawn.

    Returns
    -------
    frame
        Columns of `Expected`, on the candidates' index.

    Notes
    -----
    One draw of a measure's ratio holds at every place, so places are not averaged into sureness.
    """
    drawn = draw_ratios([measures[key] for key in sorted(set(candidates["measure"]))], draws, rng)
    columns = (counts[name].tolist() for name in ("area_id", "category", "light", "per_year"))
    places: dict[str, list[tuple[Kind, float]]] = {}
    for area_id, category, light, n in zip(*columns, strict=True):
        places.setdefault(str(area_id), []).append(((str(category), str(light)), float(n)))
    kinds = {kind for rows in places.values() for kind, _n in rows}
    acts = {key: _acts(measures[key], kinds, outdoor, drawn) for key in sorted(set(candidates["measure"]))}
    rows = [
        _expected(measures[str(row.measure)], places.get(str(row.area_id), []), acts[str(row.measure)])
        for row in candidates.itertuples()
    ]
    return pd.DataFrame(rows, index=candidates.index, columns=pd.Index(Expected._fields))


def _acts(
    measure: Measure, kinds: Iterable[Kind], outdoor: Mapping[str, bool], drawn: Mapping[tuple[str, int], Numbers]
) -> dict[Kind, _Act]:
    """What one measure does to each kind of incident that any of its findings acts on: the same at every place."""
    found = measure.used("incidents")
    own = {key: value for key, value in drawn.items() if key[0] == measure.key}
    acts = {}
    for kind in kinds:
        which = [i for i, each in enumerate(found) if acts_on(each, *kind, outdoor=outdoor.get(kind[0], True))]
        if which:
            left = float(left_of(kind, [measure], outdoor))
            acts[kind] = _Act(frozenset(which), left, left_of(kind, [measure], outdoor, own))
    return acts


def _expected(measure: Measure, counts: Sequence[tuple[Kind, float]], acts: Mapping[Kind, _Act]) -> Expected:
    """What one measure would change at one place."""
    own = [(acts[kind], n) for kind, n in counts if kind in acts]
    which = frozenset[int]().union(*(act.findings for act, n in own if n != 0))
    acting = tuple(each for i, each in enumerate(measure.used("incidents")) if i in which)
    n = float(np.sum([n for _act, n in own])) if counts and measure.used("incidents") else NAN
    figure = any(np.isfinite(each.rr) for each in acting) and n > 0
    left = sum((n * act.drawn for act, n in own), np.zeros(())) if figure else np.full(1, NAN)
    point = float(sum(n * act.left for act, n in own)) if figure else NAN
    low, high = (float(each) for each in np.percentile(left, LIMITS))
    sure = _incidents(acting, n, left)
    felt = measure.used("felt_safety")
    safer = sureness(felt[0]) if felt else NOTHING
    ratios = (point / n, low / n, high / n) if figure else (NAN, NAN, NAN)
    used = (*acting, *felt)
    return Expected(
        n, n - point, n - high, n - low, *ratios, *sure, *safer, *_felt_ratio(felt),
        "; ".join(dict.fromkeys(each.citation for each in used)), all(each.seen for each in used),
    )  # fmt: skip


def _incidents(acting: tuple[Effect, ...], n: float, left: Numbers) -> Sureness:
    """How probable fewer incidents are, from the one finding that acts or from the draws of several."""
    if not (n > 0 and acting):
        return Sureness(0.0 if n == 0 else NAN, "", "E")
    sure = [sureness(each) for each in acting]
    figures = [each for each, effect in zip(sure, acting, strict=True) if np.isfinite(effect.rr)]
    if len(figures) > 1:
        return figures[0]._replace(
            probability=float((left < n).mean()), strength=max(each.strength for each in figures)
        )
    return figures[0] if figures else max(sure, key=lambda each: np.nan_to_num(each.probability))


def _felt_ratio(felt: tuple[Effect, ...]) -> tuple[float, float, float]:
    """Ratio of those who feel unsafe, with its interval."""
    if not felt or not np.isfinite(felt[0].rr):
        return NAN, NAN, NAN
    rr, width = felt[0].rr, np.exp(NORMAL_95 * standard_error(felt[0]))
    return rr, float(rr / width), float(rr * width)
