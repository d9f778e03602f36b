"""Whether a series rises or falls."""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from hotspot.errors import HotspotError
from hotspot.stats.significance import ALTERNATIVE

FloatArray = NDArray[np.float64]


class Trend(NamedTuple):
    """Mann-Kendall test of one or many series; ``pvalue`` is NaN below two known values."""

    s: FloatArray
    variance: FloatArray
    z: FloatArray
    pvalue: FloatArray
    alternative: str = ALTERNATIVE


def mann_kendall(series: ArrayLike) -> Trend:
    """Does a series rise or fall more steadily than chance would have it?

    Parameters
    ----------
    series
        Values in time order, shape (steps,) or (series, steps). NaN is a step without knowledge and is left
        out.

    Returns
    -------
    Trend
        Arrays of shape (series,), or of shape () for one series. Positive z rises. A constant series has p =
        1.

    Raises
    ------
    HotspotError
        If the values have more than two dimensions.

    Notes
    -----
    S is the sum of signs over all ordered pairs, with variance
    ``[n(n-1)(2n+5) - sum t(t-1)(2t+5)] / 18`` for ties of size t, and ``z = (S -/+ 1) / sqrt(variance)``. The
    test assumes independent steps: seasonal or autocorrelated counts give too small p-values.

    How it misleads: it asks how steadily, not how much: a rise of one in a thousand every month is as significant
    as a doubling.

    References
    ----------
    Mann (1945) https://doi.org/10.2307/1907187
    """
    values = np.asarray(series, dtype=np.float64)
    if values.ndim not in (1, 2):
        raise HotspotError(
            "a trend needs one series or a table of series.", "{ndim} dimensions", "give (series, steps)",
            ndim=values.ndim,
        )  # fmt: skip
    s, variance, known = _score(np.atleast_2d(values))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, (s - np.sign(s)) / np.sqrt(variance), 0.0)
    pvalue = np.minimum(1.0, 2.0 * ndtr(-np.abs(z)))
    unknown = known < 2  # noqa: PLR2004 - a pair is the least a trend can be read from
    for column in (s, variance, z, pvalue):
        column[unknown] = np.nan
    shape = values.shape[:-1]
    return Trend(s.reshape(shape), variance.reshape(shape), z.reshape(shape), pvalue.reshape(shape))


@numba.njit(cache=True)
def _score(table: FloatArray) -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
    """Return S, its variance and the number of known steps for every row."""
    rows = table.shape[0]
    s, variance, known = np.zeros(rows), np.zeros(rows), np.zeros(rows, dtype=np.int64)
    for row in range(rows):
        values = table[row][~np.isnan(table[row])]
        n = values.size
        known[row] = n
        spread = n * (n - 1.0) * (2.0 * n + 5.0)
        for i in range(n):
            ties = 0
            for j in range(n):
                if j > i:
                    s[row] += np.sign(values[j] - values[i])
                if values[j] == values[i]:
                    ties += 1
            spread -= (ties - 1.0) * (2.0 * ties + 5.0)  # once per member: t members give t(t-1)(2t+5)
        variance[row] = spread / 18.0
    return s, variance, known
