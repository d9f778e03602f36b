"""What each candidate would change where it would be taken, with intervals, for the list of measures."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from hotspot.decisions.effects import (
    NOTHING,
    Numbers,
    Sureness,
    acts_on,
    draw_ratios,
    remaining,
    standard_error,
    sureness,
)
from hotspot.decisions.evidence import Effect, Measure
from hotspot.decisions.ranks import NORMAL_95

LIMITS = (2.5, 97.5)
NAN = float("nan")


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
    groups = {str(area_id): rows for area_id, rows in counts.groupby("area_id")}
    none = counts.iloc[:0]
    rows = [
        _expected(measures[str(row.measure)], groups.get(str(row.area_id), none), outdoor, drawn)
        for row in candidates.itertuples()
    ]
    return pd.DataFrame(rows, index=candidates.index, columns=pd.Index(Expected._fields))


def _expected(
    measure: Measure,
    counts: pd.DataFrame,
    outdoor: Mapping[str, bool],
    drawn: Mapping[tuple[str, int], Numbers],
) -> Expected:
    """What one measure would change at one place."""
    own, acting = _acted_on(measure, counts, outdoor)
    known = len(counts) > 0 and len(measure.used("incidents")) > 0
    n = float(own["per_year"].sum(skipna=False)) if known else NAN
    kept = {key: value for key, value in drawn.items() if key[0] == measure.key}
    figure = any(np.isfinite(each.rr) for each in acting) and n > 0
    left = remaining(own, [measure], outdoor, kept) if figure else np.full(1, NAN)
    point = float(remaining(own, [measure], outdoor)) if figure else NAN
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


def _acted_on(
    measure: Measure, counts: pd.DataFrame, outdoor: Mapping[str, bool]
) -> tuple[pd.DataFrame, tuple[Effect, ...]]:
    """Incidents that any finding of a measure acts on, and the findings that do."""
    found = measure.used("incidents")
    hits = [
        [acts_on(each, str(category), str(light), outdoor=outdoor.get(str(category), True)) for each in found]
        for category, light in zip(counts["category"].tolist(), counts["light"].tolist(), strict=True)
    ]
    table = np.asarray(hits, dtype=bool).reshape(len(counts), len(found))
    happens = table & (counts["per_year"].to_numpy(dtype=np.float64) != 0)[:, None]
    return counts[pd.Series(table.any(axis=1), index=counts.index)], tuple(
        each for each, hit in zip(found, happens.any(axis=0), strict=True) if hit
    )


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
