"""Put numbers of different kinds on one scale from 0 (least) to 1 (most)."""

from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from hotspot.errors import StudyError

Scale = Literal["percentile", "hazen", "z", "minmax"]
Numbers = npt.NDArray[np.float64]

EVEN = 0.5
"""Where everything is equal, nobody is ahead."""
WINSOR = 2.5
"""Standard deviations beyond which a z score counts no further (METHODS 10)."""


def normalise(values: npt.ArrayLike, scale: Scale = "percentile") -> Numbers:
    """How far up among the others is each value?

    Parameters
    ----------
    values : array, shape (places,) or (draws, places)
        Numbers of one kind; the last axis is compared. NaN means "cannot say".
    scale
        ``"percentile"``: average rank over the others, the default because it does not care for outliers;
        ``"hazen"``: the same without reaching 0 and 1; ``"z"``: standard scores cut at 2.5 and put on 0..1;
        ``"minmax"``: the share of the way from lowest to highest.

    Returns
    -------
    array, shape as ``values``
        Between 0 and 1. NaN stays NaN and takes no part in the comparison. A constant row, and a single
        value, gives 0.5.

    Raises
    ------
    StudyError
        If ``scale`` is not one of the four.

    Notes
    -----
    Percentile: (r - 1) / (n - 1) with average ranks r of ties; Hazen: (r - 0.5) / n.

    Examples
    --------
    >>> normalise([3, 1, 1, 5]).round(5).tolist()
    [0.66667, 0.16667, 0.16667, 1.0]
    """
    rows = np.atleast_2d(np.asarray(values, dtype=np.float64))
    known = ~np.isnan(rows)
    if scale in ("percentile", "hazen"):
        out = _ranked(rows, known, hazen=scale == "hazen")
    elif scale in ("z", "minmax"):
        out = _stretched(rows, known, standard=scale == "z")
    else:
        raise StudyError(
            "A scale is one of percentile, hazen, z and minmax.",
            "The scale {scale!r} was asked for.",
            "Take percentile.",
            scale=scale,
        )
    return out.reshape(np.shape(values))


def _ranked(rows: Numbers, known: npt.NDArray[np.bool_], *, hazen: bool) -> Numbers:
    """Average ranks on 0..1, each row among its own known values."""
    n = known.sum(axis=1, keepdims=True)
    ranks = stats.rankdata(np.where(known, rows, np.inf), axis=1)
    share = (ranks - 0.5) / np.maximum(n, 1) if hazen else (ranks - 1) / np.maximum(n - 1, 1)
    return np.where(known, np.where(n > 1, share, EVEN), np.nan)


def _stretched(rows: Numbers, known: npt.NDArray[np.bool_], *, standard: bool) -> Numbers:
    """Distances on 0..1, each row among its own known values."""
    n = np.maximum(known.sum(axis=1, keepdims=True), 1)
    least = np.where(known, rows, np.inf).min(axis=1, keepdims=True, initial=np.inf)
    most = np.where(known, rows, -np.inf).max(axis=1, keepdims=True, initial=-np.inf)
    if standard:
        middle = np.where(known, rows, 0).sum(axis=1, keepdims=True) / n
        spread = np.sqrt(np.where(known, (rows - middle) ** 2, 0).sum(axis=1, keepdims=True) / n)
        low, width = middle - WINSOR * spread, 2 * WINSOR * spread
    else:
        low, width = least, most - least
    flat = ~(most > least)  # of the values themselves: their mean may be off by a rounding error
    share = (rows - low) / np.where(flat, 1, width)
    return np.where(known, np.where(flat, EVEN, np.clip(share, 0, 1)), np.nan)
