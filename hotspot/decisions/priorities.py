"""Which places come first, out of what, and how sure the order is."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from hotspot.decisions.ranks import Band, Uncertainty, rank_band
from hotspot.decisions.scales import Scale, normalise
from hotspot.errors import N_, StudyError, Told

LEAST_KNOWN = 0.5
"""Share of the weights that must be known of a place, of those known anywhere, to rank it (assumption)."""
TOP = 3
"""How many contributions a reason names."""
TINY = 1e-9
NOT_RANKED = N_("{n} {n:place is|places are} not ranked, because too little is known of {n:it|them}.")
"""Said of places of which too little is known."""
SAME = 12
"""Decimals beyond which two scores are the same."""
LESS_IS_WORSE = "less is worse"


class Reason(NamedTuple):
    """One contribution to a place's score.

    Parameters
    ----------
    component
        Key of the layer.
    value
        The place's own number, in the layer's unit.
    position
        How far up among all places, 0 to 1, 1 worst.
    contribution
        What it adds to the score.
    share
        Its share of the score.
    """

    component: str
    value: float
    position: float
    contribution: float
    share: float


class Priorities(NamedTuple):
    """The order of the places.

    Parameters
    ----------
    table
        One row per place on the caller's index: rank, rank_low, rank_high, score, score_low, score_high,
        first_share, confidence, ``part_<component>``, ``value_<component>``, reasons (tuple of Told), why
        (tuple of Reason). Rank and score are NaN where nothing can be said.
    weights
        The weights used, adding up to 1.
    notes
        What the reader should know of the whole.
    """

    table: pd.DataFrame
    weights: pd.Series
    notes: tuple[Told, ...]


def prioritise(
    values: pd.DataFrame,
    weights: Mapping[str, float],
    rng: np.random.Generator,
    *,
    directions: Mapping[str, str] | None = None,
    uncertainty: Uncertainty | None = None,
    scale: Scale = "percentile",
) -> Priorities:
    """Which places should come first?

    Parameters
    ----------
    values : frame, shape (places, components)
        One number per place and component. NaN means "cannot say".
    weights
        Component to weight, at least 0; components without a weight do not count.
    rng
        Source of the draws.
    directions
        Component to ``"more is worse"`` (default) or ``"less is worse"``.
    uncertainty
        Intervals of the components and how many draws; default 1000 draws without intervals.
    scale
        How components are made comparable, see `hotspot.decisions.scales.normalise`.

    Returns
    -------
    Priorities
        Scores between 0 and 1. A place of which less than half of the weights is known (of those that are
        known anywhere) is kept, with NaN rank and score, and takes no part in the ranking.

    Raises
    ------
    StudyError
        If a weight is negative or not a number, or names no component.

    Notes
    -----
    score = sum of w v / sum of w over the components known of the place; missing is never 0 but renormalises
    the weights and lowers ``confidence``, the share of all weights that is known. The contributions are the
    terms of that sum, so they add up to the score exactly. The intervals are those of
    `hotspot.decisions.ranks.rank_band`, in which what is unknown may be anything, widened where needed to hold
    the rank and the score themselves. A score compares places
    of one run; it is no measurement.
    """
    chosen = _weights(values, weights)
    if chosen.empty:
        return _nothing(values, chosen)
    worse = _worse_up(values[list(chosen.index)].astype(np.float64), directions or {})
    unsure = _flip(uncertainty or Uncertainty(), chosen.index, directions or {})
    ranked = _rankable(worse, chosen)
    known = worse.where(ranked)
    position = pd.DataFrame({k: normalise(known[k].to_numpy(), scale) for k in chosen.index}, index=worse.index)
    parts = _contributions(position, chosen)
    score = parts.sum(axis=1, min_count=1)
    rank = score.round(SAME).rank(ascending=False, method="min")
    band = _around(rank, score, rank_band(known, chosen, unsure, scale, rng))
    table = pd.DataFrame(
        {
            "rank": rank,
            **band,
            "score": score,
            "confidence": worse.notna().astype(np.float64) @ chosen,
        },
        index=values.index,
    )
    own = values[list(chosen.index)]
    table = table.join(parts.add_prefix("part_")).join(own.astype(np.float64).add_prefix("value_"))
    why = [_why(own.iloc[i], position.iloc[i], parts.iloc[i]) for i in range(len(own))]
    table["why"] = _column(why, values.index)
    told = [_reasons(row, int(ranked.sum())) for _, row in table.iterrows()]
    table["reasons"] = _column(told, values.index)
    return Priorities(table, chosen, _notes(worse, ranked))


def _weights(values: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series:
    """Weights of the components that count, adding up to 1."""
    given = pd.Series(dict(weights), dtype=np.float64)
    bad = [str(k) for k, w in given.items() if not (np.isfinite(w) and w >= 0) or k not in values.columns]
    if bad:
        raise StudyError(
            "Every weight is a number of at least 0 for a layer that was run.",
            "These weights are not: {names}.",
            "Correct them in the recipe, or run the layers they name.",
            names=", ".join(bad),
        )
    given = given[given > 0].sort_index()
    return given / given.sum()


def _nothing(values: pd.DataFrame, weights: pd.Series) -> Priorities:
    """Say that nothing can be ranked, in the same columns."""
    columns = [
        "rank",
        "rank_low",
        "rank_high",
        "score_low",
        "score_high",
        "first_share",
        "score",
        "confidence",
    ]
    table = pd.DataFrame(np.nan, index=values.index, columns=pd.Index(columns)).assign(confidence=0.0)
    table["why"] = _column([() for _ in values.index], values.index)
    told = [_reasons(row, 0) for _, row in table.iterrows()]
    table["reasons"] = _column(told, values.index)
    return Priorities(table, weights, _notes(pd.DataFrame(index=values.index), table["rank"].notna()))


def _worse_up(values: pd.DataFrame, directions: Mapping[str, str]) -> pd.DataFrame:
    """Turn the components so that more is worse in all of them."""
    return values.mul([-1.0 if directions.get(str(k)) == LESS_IS_WORSE else 1.0 for k in values.columns], axis=1)


def _flip(uncertainty: Uncertainty, names: pd.Index, directions: Mapping[str, str]) -> Uncertainty:
    """Turn the intervals with their components."""
    if uncertainty.lower is None or uncertainty.upper is None:
        return uncertainty._replace(lower=None, upper=None)
    low, high = uncertainty.lower.reindex(columns=names), uncertainty.upper.reindex(columns=names)
    turned = [str(k) for k in names if directions.get(str(k)) == LESS_IS_WORSE]
    return uncertainty._replace(
        lower=low.assign(**{k: -high[k] for k in turned}), upper=high.assign(**{k: -low[k] for k in turned})
    )


def _rankable(worse: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """Whether enough is known of each place, of what is known anywhere."""
    anywhere = weights[worse.notna().any()]
    if anywhere.empty:
        return pd.Series(data=False, index=worse.index)
    return (worse[anywhere.index].notna().astype(np.float64) @ anywhere) >= LEAST_KNOWN * anywhere.sum()


def _contributions(position: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    """What each component adds to each score."""
    used = position.notna().astype(np.float64) @ weights
    return position.mul(weights, axis=1).div(used.where(used > 0), axis=0)


def _around(rank: pd.Series, score: pd.Series, band: Band) -> dict[str, pd.Series]:
    """Widen the bands to hold the rank and the score that are printed."""
    return band._replace(
        rank_low=band.rank_low.clip(upper=rank),
        rank_high=band.rank_high.clip(lower=rank),
        score_low=band.score_low.clip(upper=score),
        score_high=band.score_high.clip(lower=score),
    )._asdict()


def _column(cells: list[Any], index: pd.Index) -> pd.Series:
    """Put tuples into the cells of a column."""
    column = np.empty(len(cells), dtype=object)
    for i, cell in enumerate(cells):
        column[i] = cell
    return pd.Series(column, index=index)


def _why(own: pd.Series, position: pd.Series, parts: pd.Series) -> tuple[Reason, ...]:
    """The largest contributions first; equal ones by name."""
    said = parts.dropna()
    total = float(said.sum())
    order = sorted(said.index, key=lambda k: (-said[k], k))
    return tuple(
        Reason(
            str(k),
            float(own[k]),
            float(position[k]),
            float(said[k]),
            float(said[k]) / total if total else 0.0,
        )
        for k in order
    )


def _reasons(row: pd.Series, ranked: int) -> tuple[Told, ...]:
    """Sentences why a place stands where it stands; of the place, never of persons."""
    if np.isnan(row["rank"]):
        text = N_("Too little is known of this place to rank it: {share:.0%} of the weights.")
        return (Told(text, {"share": float(row["confidence"])}),)
    numbers = {
        "rank": int(row["rank"]),
        "n": ranked,
        "low": int(row["rank_low"]),
        "high": int(row["rank_high"]),
    }
    place = N_("This place is number {rank} of {n}; the number lies between {low} and {high} in 9 of 10 draws.")
    told = [Told(place, numbers)]
    for reason in row["why"][:TOP]:
        part = N_("{component}: {share:.0%} of the score; worse here than in {position:.0%} of the other places.")
        if reason.share > 0:
            told.append(Told(part, reason._asdict()))
    if row["confidence"] < 1 - TINY:
        text = N_("Only {share:.0%} of the weights could be used here; the rest cannot be said.")
        told.append(Told(text, {"share": float(row["confidence"])}))
    return tuple(told)


def _notes(worse: pd.DataFrame, ranked: pd.Series) -> tuple[Told, ...]:
    told = []
    empty = [str(k) for k in worse.columns if not worse[k].notna().any()]
    if empty:
        text = N_("Nothing is known anywhere of {names}; the other weights were scaled up.")
        told.append(Told(text, {"names": ", ".join(empty)}))
    left = int((~ranked).sum())
    if left:
        told.append(Told(NOT_RANKED, {"n": left}))
    return tuple(told)
