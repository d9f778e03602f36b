"""Hiding small counts so that they cannot be worked out again from what is shown."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from hotspot.release.ties import LEAST_INCIDENTS

LEAST_ANSWERS = 10  # METHODS 12: survey surfaces

__all__ = ["LEAST_ANSWERS", "LEAST_INCIDENTS", "Interval", "feasible", "hide"]


class Interval(NamedTuple):
    """What a reader who adds and subtracts can know of one hidden count."""

    low: float
    high: float


def hide(
    counts: npt.ArrayLike,
    groups: Iterable[npt.NDArray[np.int64]] = (),
    k: int = LEAST_INCIDENTS,
    *,
    besides: npt.ArrayLike | None = None,
) -> npt.NDArray[np.bool_]:
    """Say which counts to hide: the small ones, and those that would give them away.

    Parameters
    ----------
    counts : array, shape (counts,)
        Counts; NaN is nothing to hide.
    groups
        Positions of counts whose total is shown. Each is a set that a reader can add up.
    k
        Smallest count that may be shown; a true zero is shown.
    besides : array of bool, shape (counts,), optional
        Counts hidden for another reason.

    Returns
    -------
    array of bool, shape (counts,)
        True where hidden.

    Notes
    -----
    Primary: 0 < n < k. Complementary, per group and repeated until nothing changes: while the total and the
    shown counts leave a hidden count narrower room than 1 to k - 1 (or, for one hidden to protect others,
    than k values), the smallest other non-zero count is hidden too. Groups may overlap. Tables whose totals may be
    hidden themselves are for `hotspot.release.ties.hide_tied`.

    References
    ----------
    Hundepool et al. (2012) Statistical Disclosure Control. https://doi.org/10.1002/9781118348239
    """
    values = np.asarray(counts, dtype=float)
    known = [np.asarray(group, dtype=np.int64) for group in groups]
    hidden = (values > 0) & (values < k)
    if besides is not None:
        hidden |= np.asarray(besides, dtype=bool)
    within: list[list[int]] = [[] for _ in values]
    for at, group in enumerate(known):
        for position in group:
            within[position].append(at)
    unlooked = np.ones(len(known), dtype=bool)  # groups whose hidden counts changed since one look found nothing
    while unlooked.any():
        for at, group in enumerate(known):
            if unlooked[at]:
                more = _one_more(values, hidden, group, k)
                unlooked[at] = more >= 0
                if more >= 0:
                    hidden[more] = True
                    unlooked[within[more]] = True
    return hidden


def _one_more(
    values: npt.NDArray[np.float64], hidden: npt.NDArray[np.bool_], group: npt.NDArray[np.int64], k: int
) -> int:
    inside = group[hidden[group]]
    if not len(inside) or _room(values[inside], k):
        return -1
    others = group[~hidden[group] & (values[group] > 0)]
    if not len(others):
        others = group[~hidden[group] & (values[group] == 0)]
    return int(others[np.lexsort((others, values[others]))[0]]) if len(others) else -1


def _room(hidden: npt.NDArray[np.float64], k: int) -> bool:
    """Say whether a total leaves every hidden count the whole range from 1 (or 0) to k - 1."""
    total, count = hidden.sum(), len(hidden)
    if count == 1:
        return False
    floor = 1.0 if (hidden > 0).all() else 0.0
    if (hidden < k).all() and total > (k - 1) * (count - 1) + floor:
        return False
    return bool(total - floor * (count - 1) >= k - 1)


def feasible(
    counts: npt.ArrayLike, hidden: npt.ArrayLike, groups: Iterable[npt.NDArray[np.int64]], k: int = 0
) -> dict[int, Interval]:
    """Work out what can be known of each hidden count, as an attacker would: by linear programming.

    Parameters
    ----------
    counts : array, shape (counts,)
        The true counts.
    hidden : array of bool, shape (counts,)
        Which are hidden.
    groups
        Positions of counts whose total is shown.
    k
        What the attacker knows besides: the counts below this are hidden for being from 1 to k - 1. 0 knows nothing.

    Returns
    -------
    dict
        Position of each hidden count to the narrowest interval that the totals imply.
    """
    values, masked = np.asarray(counts, dtype=float), np.asarray(hidden, dtype=bool)
    unknown = np.flatnonzero(masked)
    place = {int(position): column for column, position in enumerate(unknown)}
    small = (values[unknown] > 0) & (values[unknown] < k)
    bounds = [(1.0, k - 1.0) if each else (0.0, None) for each in small]
    rows, totals = [], []
    for group in groups:
        inside = [int(each) for each in group if masked[each]]
        if inside:
            row = np.zeros(len(unknown))
            row[[place[each] for each in inside]] = 1.0
            rows.append(row)
            totals.append(values[inside].sum())
    if not rows:
        return {int(each): Interval(0.0, np.inf) for each in unknown}
    answers = {}
    for position, column in place.items():
        target = np.zeros(len(unknown))
        target[column] = 1.0
        ends = [
            linprog(sign * target, A_eq=np.array(rows), b_eq=np.array(totals), bounds=bounds, method="highs")
            for sign in (1.0, -1.0)
        ]
        answers[position] = Interval(*(each.x[column] if each.x is not None else np.inf for each in ends))
    return answers
