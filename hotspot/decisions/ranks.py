"""How sure is the order: ranks over many draws of the values and of the weights."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from hotspot.decisions.scales import Numbers, Scale, normalise

BAND = (5.0, 95.0)
"""Percentiles of the draws between which a rank or score is said to lie."""
NORMAL_95 = 1.959963984540054
"""Half width of a 95% interval in standard errors."""


class Uncertainty(NamedTuple):
    """How unsure the components and the weights are.

    Parameters
    ----------
    lower, upper : frame, shape (places, components)
        95% limits of each component; NaN, a missing column or None means that no interval is known and
        the value is held fixed.
    draws
        How many times values and weights are drawn.
    concentration
        How closely the drawn weights stay at the chosen ones: Dirichlet parameters are this times the
        weights. At 50, a weight of 0.45 has a standard deviation of 0.07 (assumption).
    """

    lower: pd.DataFrame | None = None
    upper: pd.DataFrame | None = None
    draws: int = 1000
    concentration: float = 50.0


class Band(NamedTuple):
    """What the draws say of each place, on the places' index.

    Parameters
    ----------
    score_low, score_high
        5th and 95th percentile of the score.
    rank_low, rank_high
        5th and 95th percentile of the rank; 1 is first.
    first_share
        Share of draws in which the place comes first; ties share it.
    """

    score_low: pd.Series
    score_high: pd.Series
    rank_low: pd.Series
    rank_high: pd.Series
    first_share: pd.Series


def rank_band(
    values: pd.DataFrame, weights: pd.Series, uncertainty: Uncertainty, scale: Scale, rng: np.random.Generator
) -> Band:
    """Between which ranks does each place lie?

    Parameters
    ----------
    values : frame, shape (places, components)
        More is worse. NaN means "cannot say".
    weights : series, shape (components,)
        Chosen weights, at least 0.
    uncertainty
        Intervals, number of draws and spread of the weights.
    scale
        How a component is put on 0..1, anew in every draw.
    rng
        Source of the draws.

    Returns
    -------
    Band
        NaN for a place of which no component is known.

    Notes
    -----
    Each value is drawn from a normal distribution with one spread below it and another above, from its 95 %
    interval; weights from a Dirichlet distribution around the chosen ones (SMAA). What is not known of a place,
    but of others, may be anything: its position is drawn evenly between 0 and 1. Places and components are
    taken in the order of their names, so that the order of rows never changes an answer.

    References
    ----------
    Lahdelma & Salminen (2001), SMAA-2, Operations Research 49:444. doi:10.1287/opre.49.3.444.11220
    """
    rows, columns = sorted(values.index), sorted(weights.index[weights > 0])
    ordered = values.reindex(index=rows, columns=columns)
    drawn = _draw_weights(weights.loc[columns], uncertainty, rng)
    total = np.zeros((uncertainty.draws, len(rows)))
    used = np.zeros_like(total)
    anything = ordered.notna().any(axis=1).to_numpy()
    for k, column in enumerate(columns):
        if not ordered[column].notna().any():
            continue  # known nowhere: it cannot tell places apart
        share = normalise(_draw_values(ordered[column], uncertainty, rng), scale)
        share = np.where(np.isnan(share) & anything, rng.random(share.shape), share)
        known = ~np.isnan(share)
        total += np.where(known, share, 0) * drawn[:, k : k + 1]
        used += known * drawn[:, k : k + 1]
    scores = np.divide(total, used, out=np.full_like(total, np.nan), where=used > 0)
    return _band(scores, pd.Index(rows, name=values.index.name), values.index)


def _draw_weights(weights: pd.Series, uncertainty: Uncertainty, rng: np.random.Generator) -> Numbers:
    """Draw sets of weights around the chosen ones."""
    if weights.empty:
        return np.zeros((uncertainty.draws, 0))
    centre = weights.to_numpy(dtype=np.float64) / float(weights.sum())
    return rng.dirichlet(uncertainty.concentration * centre, size=uncertainty.draws)


def _draw_values(values: pd.Series, uncertainty: Uncertainty, rng: np.random.Generator) -> Numbers:
    """Draw one component of every place, within its interval where there is one."""
    centre = values.to_numpy(dtype=np.float64)
    below = centre - _limit(uncertainty.lower, values)
    above = _limit(uncertainty.upper, values) - centre
    noise = rng.standard_normal((uncertainty.draws, len(centre)))
    spread = np.where(noise < 0, np.nan_to_num(below), np.nan_to_num(above)).clip(min=0) / NORMAL_95
    return np.asarray(centre + noise * spread, dtype=np.float64)


def _limit(frame: pd.DataFrame | None, values: pd.Series) -> Numbers:
    if frame is None or values.name not in frame.columns:
        return np.full(len(values), np.nan)
    return frame[values.name].reindex(values.index).to_numpy(dtype=np.float64)


def _band(scores: Numbers, rows: pd.Index, index: pd.Index) -> Band:
    """Summarise draws x places on the caller's index."""
    said = ~np.isnan(scores).all(axis=0)
    out = np.full((5, scores.shape[1]), np.nan)
    if said.any():
        known = scores[:, said]
        ranks = stats.rankdata(-known, method="min", axis=1)
        first = ranks == 1
        out[:2, said] = np.percentile(known, BAND, axis=0)
        out[2:4, said] = np.percentile(ranks, BAND, axis=0, method="nearest")
        out[4, said] = (first / first.sum(axis=1, keepdims=True)).mean(axis=0)
    return Band(*(pd.Series(line, index=rows).reindex(index) for line in out))


def acceptability(scores: npt.ArrayLike, weights: npt.ArrayLike) -> Numbers:
    """In what share of the weightings does each option take each rank?

    Parameters
    ----------
    scores : array, shape (options, components)
        Component scores, more is worse.
    weights : array, shape (draws, components)
        Sets of weights, for example Dirichlet(1, ..., 1) for "any weighting".

    Returns
    -------
    array, shape (options, options)
        Row: option, column: rank, first rank first. Rows and columns add up to 1; options that tie share
        their ranks evenly.

    References
    ----------
    Lahdelma & Salminen (2001), SMAA-2, Operations Research 49:444. doi:10.1287/opre.49.3.444.11220
    """
    total = np.asarray(weights, dtype=np.float64) @ np.asarray(scores, dtype=np.float64).T
    best = stats.rankdata(-total, method="min", axis=1)
    last = stats.rankdata(-total, method="max", axis=1)
    places = np.arange(1, total.shape[1] + 1)
    held = (best[:, :, None] <= places) & (places <= last[:, :, None])
    return np.asarray((held / held.sum(axis=2, keepdims=True)).mean(axis=0), dtype=np.float64)
