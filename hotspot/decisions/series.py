"""Did a series of counts step down when a measure came: level and slope before and after."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from hotspot.decisions.ranks import NORMAL_95

Numbers = npt.NDArray[np.float64]

NAN = float("nan")
TERMS = 4
ROUNDS = 50
CLOSE = 1e-10


class Step(NamedTuple):
    """What changed in a series when a measure came.

    Parameters
    ----------
    level, lower, upper
        Ratio of the level right after to the level that the time before would have led to, with 95% limits.
    slope
        Ratio of the growth per step after to the growth before.
    coefficients
        Constant, trend, step and change of trend, on the log scale.
    dispersion
        Variance over mean used; at least 1.
    """

    level: float
    lower: float
    upper: float
    slope: float
    coefficients: tuple[float, ...]
    dispersion: float


def step_change(counts: npt.ArrayLike, first_after: int) -> Step:
    """By which factor did the level of a series change when a measure came?

    Parameters
    ----------
    counts : array, shape (steps,)
        Incidents per step, such as months; equal steps. [incidents]
    first_after
        Position of the first step after the measure.

    Returns
    -------
    Step
        NaN where a step is missing (a missing month is no zero), where there are fewer than three steps on a
        side, and where fewer than two steps of a side hold incidents (no slope can then be told).

    Notes
    -----
    log mu = b0 + b1 t + b2 after + b3 (t - first_after) after, by Poisson regression; intervals are widened by
    the square root of Pearson's dispersion, never narrowed. There is no comparison and no season in it: take
    whole years on both sides, and believe a difference from elsewhere sooner.

    References
    ----------
    Bernal, Cummins and Gasparrini (2017), International Journal of Epidemiology 46:348. doi:10.1093/ije/dyw098
    """
    y = np.asarray(counts, dtype=np.float64)
    before, after = y[:first_after], y[first_after:]
    covered = bool((np.isfinite(y) & (y >= 0)).all()) and min((before > 0).sum(), (after > 0).sum()) > 1
    if not covered or min(len(before), len(after)) < TERMS - 1 or len(y) <= TERMS:
        return Step(NAN, NAN, NAN, NAN, (NAN,) * TERMS, NAN)
    t = np.arange(len(y), dtype=np.float64)
    late = (t >= first_after).astype(np.float64)
    design = np.column_stack([np.ones_like(t), t, late, (t - first_after) * late])
    beta, spread = _poisson(design, y)
    mean = np.exp(design @ beta)
    dispersion = max(1.0, float(((y - mean) ** 2 / mean).sum() / (len(y) - TERMS)))
    error = float(np.sqrt(dispersion * spread[2, 2]))
    low, high = beta[2] - NORMAL_95 * error, beta[2] + NORMAL_95 * error
    return Step(
        float(np.exp(beta[2])),
        float(np.exp(low)),
        float(np.exp(high)),
        float(np.exp(beta[3])),
        tuple(float(each) for each in beta),
        dispersion,
    )


def _poisson(design: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Coefficients and their covariance, by iteratively reweighted least squares."""
    root = np.sqrt(y + 0.1)  # weighted from the start: large counts would else throw the first step off
    beta = np.linalg.lstsq(design * root[:, None], np.log(y + 0.1) * root, rcond=None)[0]
    for _ in range(ROUNDS):
        mean = np.exp(design @ beta)
        weighted = design * mean[:, None]
        move = np.linalg.solve(weighted.T @ design, design.T @ (y - mean))
        beta = beta + move
        if np.abs(move).max() < CLOSE:
            break
    spread = np.linalg.inv((design * np.exp(design @ beta)[:, None]).T @ design)
    return np.asarray(beta, dtype=np.float64), np.asarray(spread, dtype=np.float64)
