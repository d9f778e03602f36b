"""How much of what came later lay where a map said: hit rate, PAI, PEI and recapture; and which map holds more."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import N_, HotspotError

Ties = Literal["against", "shared"]
Floats = NDArray[np.float64]
DRAWS = 2_000  # assumption: the ends of a 95 % interval then rest on 50 draws each


class HitRates(NamedTuple):
    """What lay in the flagged cells.

    Parameters
    ----------
    flagged
        How many cells are flagged.
    hits
        Later events inside them.
    best
        The most that any map flagging as many cells could have had.
    total
        All later events.
    hit_rate, pai, pei
        ``hits / total``; that over the share of cells flagged; ``hits / best``. NaN without later events.
    """

    flagged: int
    hits: float
    best: float
    total: float
    hit_rate: float
    pai: float
    pei: float


def hit_rates(observed: ArrayLike, predicted: ArrayLike, area_share: float, ties: Ties = "against") -> HitRates:
    """Score the cells that a map puts first against what was observed later.

    Parameters
    ----------
    observed
        Later events per cell, shape (cells,).
    predicted
        The map's value per cell, shape (cells,); NaN counts as lowest.
    area_share
        Share of the cells that is flagged, at least one cell.
    ties
        Of cells of equal value at the limit, flag those with the fewest later events (``"against"`` the map), or
        count each for its chance of being flagged (``"shared"``).

    Returns
    -------
    HitRates
        Hits and their three ratios.

    Raises
    ------
    HotspotError
        If the shapes differ, or the share is not above 0 and at most 1.

    Notes
    -----
    PAI = (n/N)/(a/A). PEI here is the PAI over the largest that any map of the same area could have reached; another
    "PEI*" in use restricts which maps are possible and is not this. A map with many ties (plain counts of rare
    events) looks worse with ties against it: compare maps with ties shared.

    How it misleads: a map that points at where more is looked for is proved right by what is found there; a high
    PAI of a tiny area prevents little.

    References
    ----------
    Chainey, Tompson and Uhlig (2008) https://doi.org/10.1057/palgrave.sj.8350066;
    Hunt (2016), The Police Foundation and NIJ, on PEI
    """
    seen, told = np.asarray(observed, dtype=np.float64), np.asarray(predicted, dtype=np.float64)
    if seen.shape != told.shape or not 0 < area_share <= 1:
        raise HotspotError(
            N_("A map is scored on its own cells, and flags more than none of them and at most all."),
            N_("{observed} cells observed, {predicted} foretold, share {share}"),
            N_("give both for the same cells, and a share such as 0.05"),
            observed=len(seen),
            predicted=len(told),
            share=area_share,
        )
    flagged = max(1, round(area_share * len(seen)))
    value = np.nan_to_num(told, nan=-np.inf)
    best, total = float(np.sort(seen)[::-1][:flagged].sum()), float(seen.sum())
    hits = (
        float(seen @ _by_lot(value, flagged))
        if ties == "shared"
        else float(seen[np.lexsort((seen, -value))[:flagged]].sum())
    )
    if not total > 0:
        return HitRates(flagged, 0.0, 0.0, 0.0, np.nan, np.nan, np.nan)
    return HitRates(flagged, hits, best, total, hits / total, hits / total * len(seen) / flagged, hits / best)


def recapture(hits_before: float, total_before: float, hits_after: float, total_after: float) -> float:
    """Does a map hold as large a share of the later events as of those it was made from?

    Parameters
    ----------
    hits_before, total_before
        Events that the map was made from: in the flagged cells, and all.
    hits_after, total_after
        Later events likewise.

    Returns
    -------
    float
        Levine's recapture rate index: 1 as large a share, below 1 less; NaN without events.

    Notes
    -----
    (hits after / all after) / (hits before / all before).

    How it misleads: places picked because they were high fall by themselves, so that 1 is better than it sounds; it
    says nothing of how much of all lies there.

    References
    ----------
    Levine (2008) https://doi.org/10.1057/palgrave.sj.8350067
    """
    if not (total_before > 0 and total_after > 0 and hits_before > 0):
        return float("nan")
    return (hits_after / total_after) / (hits_before / total_before)


class Ahead(NamedTuple):
    """By how much one map's hit rate lies above another's, with a 95 % interval; NaN without later events."""

    difference: float
    lower: float
    upper: float


def hit_rate_ahead(
    gains: Sequence[ArrayLike], later: Sequence[ArrayLike], rng: np.random.Generator, *, draws: int = DRAWS
) -> Ahead:
    """Does one map hold more of the later events than another, beyond chance?

    Parameters
    ----------
    gains
        For each window, the chance that the one map flags a place less the chance that the other does, shape (places,):
        see `flagged_chance`.
    later
        For each window, the later events at each place, shape (places,).
    rng
        Where the draws come from.
    draws
        How many times the events are drawn anew.

    Returns
    -------
    Ahead
        The difference of the pooled hit rates, and the interval that holds 95 % of the draws.

    Notes
    -----
    ``difference = sum(gains * later) / sum(later)``, over all windows. For the interval each window's events are drawn
    anew from itself, as many as it has, with replacement: both maps are scored on the same events, and windows stay as
    they were. Weights that are not whole are drawn by their size.

    How it misleads: an interval that holds 0 does not show the maps to be alike. Events that come in bursts at one
    place are fewer trials than they seem, so that the interval is rather too narrow; of several maps the one picked
    for being best on these events has had luck that is not in its interval.

    References
    ----------
    Efron (1979) https://doi.org/10.1214/aos/1176344552
    """
    total, found, drawn = 0.0, 0.0, np.zeros(draws)
    for gain, seen in zip(gains, later, strict=True):
        weight = np.asarray(seen, dtype=np.float64)
        values, place = np.unique(np.asarray(gain, dtype=np.float64), return_inverse=True)
        events = float(weight.sum())
        if not events > 0:
            continue
        share = np.bincount(place, weight, minlength=len(values)) / events
        times = max(1, round(events))
        drawn += rng.multinomial(times, share, size=draws) @ values * (events / times)
        found += events * float(share @ values)
        total += events
    if not total > 0:
        return Ahead(np.nan, np.nan, np.nan)
    lower, upper = np.quantile(drawn / total, (0.025, 0.975))
    return Ahead(found / total, float(lower), float(upper))


def flagged_chance(predicted: ArrayLike, area_share: float) -> Floats:
    """How likely is each cell to be flagged, if cells tied at the limit are drawn by lot?

    Parameters
    ----------
    predicted
        The map's value per cell, shape (cells,); NaN counts as lowest.
    area_share
        Share of the cells that is flagged, at least one cell.

    Returns
    -------
    array, shape (cells,)
        1 above the limit, 0 below, between them for the cells tied at it.

    Notes
    -----
    Of t cells tied at the limit, with m places left for them, each is flagged with chance ``m / t``.

    How it misleads: who flags cells on a map picks some of the tied ones, and has the hits of those alone.

    References
    ----------
    Our own convention: the mean over all orders of the tied cells.
    """
    value = np.nan_to_num(np.asarray(predicted, dtype=np.float64), nan=-np.inf)
    return _by_lot(value, max(1, round(area_share * len(value))))


def _by_lot(value: Floats, flagged: int) -> Floats:
    limit = np.sort(value)[::-1][flagged - 1]
    above, tied = value > limit, value == limit
    return np.asarray(above + tied * ((flagged - above.sum()) / tied.sum()), dtype=np.float64)
