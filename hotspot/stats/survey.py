"""What a survey can say: weighted shares with honest intervals, weights from known totals, a smoothed surface."""

import math
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import HotspotError

FloatArray = NDArray[np.float64]
_ROUNDS, _CLOSE = 100, 1e-6  # METHODS 4.1: iterations, and margin error as a share of the total
LEAST_BANDWIDTH_M = 100.0  # METHODS 4.3
_TRIED = 12
_TINY = 1e-12  # weights below this are those of places out of reach
_MOST_BANDWIDTH_M = 1_500.0


class Share(NamedTuple):
    """A weighted share: value, 95% limits, answers, effective answers and design effect; NaN without answers."""

    value: float
    lower: float
    upper: float
    n: int
    effective: float
    design_effect: float


class Smooth(NamedTuple):
    """A smoothed answer at some places: mean, standard error and effective answers; NaN where none reaches."""

    value: FloatArray
    error: FloatArray
    effective: FloatArray


def design_effect(weights: ArrayLike) -> float:
    """By how much do unequal weights widen an interval?

    Parameters
    ----------
    weights
        Weight of each answer, above 0.

    Returns
    -------
    float
        Kish's n sum(w^2) / (sum w)^2, at least 1; NaN without answers.

    References
    ----------
    Kish (1965) Survey Sampling.
    """
    w = np.asarray(weights, dtype=np.float64)
    return float(len(w) * (w**2).sum() / w.sum() ** 2) if len(w) and w.sum() > 0 else math.nan


def wilson(share: float, n: float, z: float = 1.959964) -> tuple[float, float]:
    """Between which values does a share lie?

    Parameters
    ----------
    share
        Observed share, 0 to 1.
    n
        Effective number of answers.
    z
        Normal quantile; 95 % by default.

    Returns
    -------
    tuple of float
        Limits within 0 and 1; NaN without answers.

    References
    ----------
    Wilson (1927) https://doi.org/10.1080/01621459.1927.10502953
    """
    if not n > 0 or math.isnan(share):
        return math.nan, math.nan
    scale = 1.0 + z**2 / n
    middle = (share + z**2 / (2 * n)) / scale
    half = z * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / scale
    return max(0.0, middle - half), min(1.0, middle + half)


def weighted_share(answers: ArrayLike, weights: ArrayLike) -> Share:
    """Which share says yes, and how sure is that?

    Parameters
    ----------
    answers
        1 or 0; NaN for no answer, which does not count.
    weights
        Weight of each answer.

    Returns
    -------
    Share
        Wilson's interval on the effective number of answers.

    Raises
    ------
    HotspotError
        If a weight is negative or the lengths differ.

    Notes
    -----
    p = sum w y / sum w; Wilson's interval with n_eff = (sum w)^2 / sum w^2.

    How it misleads: the interval knows the unequal weights and the number of answers, not who refused nor that one
    household answered alike.

    References
    ----------
    Wilson (1927) https://doi.org/10.1080/01621459.1927.10502953; Kish (1965) Survey Sampling, ISBN 0-471-10949-5.
    """
    y, w = np.asarray(answers, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if y.shape != w.shape or (w < 0).any():
        raise HotspotError(
            "each answer has a weight that is not negative.",
            "{answers} answers, {weights} weights",
            "mend the weights in the delivery",
            answers=y.size,
            weights=w.size,
        )
    said = np.isfinite(y) & (w > 0)
    y, w = y[said], w[said]
    if not len(y):
        return Share(math.nan, math.nan, math.nan, 0, 0.0, math.nan)
    value, effect = float((y * w).sum() / w.sum()), design_effect(w)
    lower, upper = wilson(value, len(y) / effect)
    return Share(value, lower, upper, len(y), len(y) / effect, effect)


def rake(cells: ArrayLike, margins: list[ArrayLike]) -> FloatArray:
    """Which weights make a sample agree with known totals?

    Parameters
    ----------
    cells
        Sample counts by every combination of the characteristics.
    margins
        Known totals along each axis, in the order of the axes; all with the same sum.

    Returns
    -------
    array, of the shape of ``cells``
        Weighted counts whose margins are the known totals.

    Raises
    ------
    HotspotError
        If the totals disagree, or a total is asked of a part of the sample that is empty.

    Notes
    -----
    Repeat along each axis: cell = cell * total / margin, until all margins are right.

    How it misleads: weights repair only what the margins know: who does not answer at all is like nobody who did.

    References
    ----------
    Deming and Stephan (1940) https://doi.org/10.1214/aoms/1177731829
    """
    table = np.asarray(cells, dtype=np.float64).copy()
    totals = [np.asarray(each, dtype=np.float64) for each in margins]
    sums = [float(each.sum()) for each in totals]
    if len(totals) != table.ndim or max(sums) - min(sums) > _CLOSE * max(sums):
        raise _out_of_reach(sums, empty=False)
    if any(bool(((total > 0) & (_margin(table, axis) == 0)).any()) for axis, total in enumerate(totals)):
        raise _out_of_reach(sums, empty=True)
    for _ in range(_ROUNDS):
        for axis, total in enumerate(totals):
            now = _margin(table, axis)
            factor = np.divide(total, now, out=np.zeros_like(total), where=now > 0)
            table *= factor.reshape([-1 if each == axis else 1 for each in range(table.ndim)])
        off = max(float(np.abs(_margin(table, axis) - total).max()) for axis, total in enumerate(totals))
        if off < _CLOSE * sums[0]:
            return table
    raise _out_of_reach(sums, empty=True)  # empty combinations stand between the margins


def _out_of_reach(sums: list[float], *, empty: bool) -> HotspotError:
    return HotspotError(
        "known totals agree in their sum and are asked only of people who are in the sample.",
        "sums {sums}, empty parts: {empty}",
        "collapse small groups, or correct the totals",
        sums=sums,
        empty=str(empty),
    )


def _margin(table: FloatArray, axis: int) -> FloatArray:
    return np.asarray(table.sum(axis=tuple(each for each in range(table.ndim) if each != axis)))


def smooth(
    points_xy: ArrayLike, answers: ArrayLike, weights: ArrayLike, at_xy: ArrayLike, bandwidth_m: float
) -> Smooth:
    """What do the answers near a place say, those nearer counting more?

    Parameters
    ----------
    points_xy
        Positions of the answers, shape (answers, 2). [m]
    answers, weights
        One per position.
    at_xy
        Where to ask, shape (places, 2). [m]
    bandwidth_m
        Standard deviation of the Gaussian. [m]

    Returns
    -------
    Smooth
        Within the range of the answers; NaN where nothing reaches.

    Notes
    -----
    Nadaraya and Watson: m = sum(K w y) / sum(K w); with a_i the normalised weights, n_eff = 1 / sum a_i^2 and
    the standard error is sqrt(sum a_i (y_i - m)^2 sum a_i^2 / (1 - sum a_i^2)).

    How it misleads: a smooth map of forty answers looks as sure as one of four thousand: mask by the effective
    number. Answers on a path say nothing of those who avoid it.

    References
    ----------
    Nadaraya (1964) https://doi.org/10.1137/1109020
    """
    points = np.ascontiguousarray(np.asarray(points_xy, dtype=np.float64).reshape(-1, 2))
    at = np.ascontiguousarray(np.asarray(at_xy, dtype=np.float64).reshape(-1, 2))
    y, w = np.asarray(answers, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    said = np.isfinite(y) & (w > 0) & np.isfinite(points).all(axis=1)
    order = np.lexsort((w[said], y[said], points[said, 1], points[said, 0]))
    value, error, effective = _smooth(points[said][order], y[said][order], w[said][order], at, float(bandwidth_m))
    return Smooth(value, error, effective)


@numba.njit(cache=True)
def _smooth(
    points: FloatArray, y: FloatArray, w: FloatArray, at: FloatArray, h: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    value, error, effective = np.full(len(at), np.nan), np.full(len(at), np.nan), np.zeros(len(at))
    for place in range(len(at)):
        total = mean = spread = squares = 0.0
        for i in range(len(points)):
            d2 = (points[i, 0] - at[place, 0]) ** 2 + (points[i, 1] - at[place, 1]) ** 2
            k = w[i] * math.exp(-d2 / (2.0 * h * h))
            if k > 0.0:  # Welford's running mean and spread: the same answers everywhere have no spread at all
                total += k
                apart = y[i] - mean
                mean += apart * (k / total)
                spread += k * apart * (y[i] - mean)
                squares += k * k
        if total > _TINY:
            share = squares / (total * total)
            value[place] = mean
            effective[place] = 1.0 / share
            if share < 1.0:
                error[place] = math.sqrt(spread / total * share / (1.0 - share))
    return value, error, effective


def smooth_bandwidth(points_xy: ArrayLike, answers: ArrayLike, weights: ArrayLike) -> float:
    """How wide should answers be smoothed to foretell one another best?

    Parameters
    ----------
    points_xy, answers, weights
        As for `smooth`.

    Returns
    -------
    float
        The standard deviation, at least 100 m, with the smallest squared error of each answer foretold from the
        others [m]; NaN with fewer than three answers.

    Notes
    -----
    smallest sum w_i (y_i - m_without_i(x_i))^2 / sum w_i over 100 m and more.

    How it misleads: answers that foretell each other badly make it as wide as it may be, which reads as "the same
    everywhere".

    References
    ----------
    Stone (1974) https://doi.org/10.1111/j.2517-6161.1974.tb00994.x
    """
    points = np.asarray(points_xy, dtype=np.float64).reshape(-1, 2)
    y, w = np.asarray(answers, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    said = np.isfinite(y) & (w > 0) & np.isfinite(points).all(axis=1)
    points, y, w = np.ascontiguousarray(points[said]), y[said], w[said]
    if len(y) < 3:  # noqa: PLR2004 - two cannot foretell one another
        return math.nan
    tried = np.geomspace(LEAST_BANDWIDTH_M, _MOST_BANDWIDTH_M, _TRIED)
    return float(tried[int(np.argmin([_left_out_error(points, y, w, h) for h in tried]))])


@numba.njit(cache=True)
def _left_out_error(points: FloatArray, y: FloatArray, w: FloatArray, h: float) -> float:
    wrong = weight = 0.0
    for place in range(len(y)):
        total = first = 0.0
        for i in range(len(y)):
            if i != place:
                d2 = (points[i, 0] - points[place, 0]) ** 2 + (points[i, 1] - points[place, 1]) ** 2
                k = w[i] * math.exp(-d2 / (2.0 * h * h))
                total += k
                first += k * y[i]
        if total > _TINY:
            wrong += w[place] * (y[place] - first / total) ** 2
            weight += w[place]
    return wrong / weight if weight > 0 else np.inf
