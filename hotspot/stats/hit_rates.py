"""How much of what came later lay where a map said: hit rate, PAI, PEI and recapture."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import N_, HotspotError

Ties = Literal["against", "shared"]


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
        _shared(seen, value, flagged) if ties == "shared" else float(seen[np.lexsort((seen, -value))[:flagged]].sum())
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


def _shared(seen: NDArray[np.float64], value: NDArray[np.float64], flagged: int) -> float:
    """Hits if cells tied at the limit are drawn by lot, on average."""
    limit = np.sort(value)[::-1][flagged - 1]
    above, tied = value > limit, value == limit
    return float(seen[above].sum() + seen[tied].mean() * (flagged - above.sum()))
