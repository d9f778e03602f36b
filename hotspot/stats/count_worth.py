"""What the incidents of one cell are worth to its surroundings, when they are added up to look for a hot spot.

As many as were counted; or no more than chance gives one cell; or what they say for a hot spot against a
background as uneven as this map. All of it depends on which counts there are and not on where.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from hotspot.stats.negative_binomial import dispersion

IntArray = NDArray[np.int64]

# Counts above what one cell in a thousand holds by chance (Poisson) are worth that.
_ONE_CELL_BY_CHANCE = 0.999
# How many times its background a hot spot is taken to hold (a judgement: three and six found as much).
_HOT_SPOT = 4.0
# Worths are whole numbers, so that sums of them have an exact distribution: the first incident is worth so many (of
# logarithms as worth, three, five and eight found as much).
_FIRST = 6


class Worth(NamedTuple):
    """One way to count."""

    of: IntArray
    """Shape (largest count + 1,). What each count is worth, never falling."""
    mean: float
    """Incidents in a cell on average, as this way sees them. [incidents]"""


def worths(counts: IntArray) -> list[Worth]:
    """In which ways are the incidents of a map counted?

    Parameters
    ----------
    counts
        Shape (cells,). [incidents]

    Returns
    -------
    list of Worth
        As they are; capped at what is usual, where something is unusual; by likelihood, where counts vary more
        than chance.
    """
    top = int(counts.max(initial=0))
    plain = np.arange(top + 1)
    ways = [Worth(plain, float(counts.mean()) if counts.size else 0.0)]
    usual = usual_at_most(counts)
    usually = float(np.minimum(counts, usual).mean()) if counts.size else 0.0
    if usual < top:
        ways.append(Worth(np.minimum(plain, usual), usually))
    by_likelihood = likelihood_worth(counts)
    if len(np.unique(np.diff(by_likelihood))) > 1:  # else it says what the plain counts say
        ways.append(Worth(by_likelihood, usually))
    return ways


def usual_at_most(counts: IntArray) -> int:
    """Up to which count is a cell nothing unusual, whatever a few extreme cells hold?

    Parameters
    ----------
    counts
        Shape (cells,). [incidents]

    Returns
    -------
    int
        The count that one cell in a thousand exceeds by chance (Poisson), at the mean of the counts capped
        there; the largest count where that is less. [incidents]
    """
    cap = int(counts.max(initial=0))
    while cap:
        lower = int(stats.poisson.ppf(_ONE_CELL_BY_CHANCE, np.minimum(counts, cap).mean()))
        if lower >= cap:
            break
        cap = lower
    return cap


def likelihood_worth(counts: IntArray) -> IntArray:
    """How much does a cell with so many incidents say for a hot spot, against a background as uneven as the map?

    Parameters
    ----------
    counts
        Shape (cells,). [incidents]

    Returns
    -------
    NDArray
        Shape (largest count + 1,), from 0 and never falling; the first incident is worth 6.

    Notes
    -----
    The logarithm of Poisson(x; R m) / negative binomial(x; m, a), less its value at x = 0: the sum over j < x of
    ``log(R (1 + a m)) - log(1 + a j)``, with the map's mean m, its overdispersion a and R = 4. Were m and a known, no
    sum over a neighbourhood would tell these two apart more often at the same false alarms (Neyman and Pearson).
    Where counts vary as chance (a = 0) every incident is worth the same; the more uneven they are, the less the
    next one says. From where another incident would speak against the hot spot, none is worth anything. Rounded to
    whole numbers.

    References
    ----------
    Neyman and Pearson (1933), doi:10.1098/rsta.1933.0009.
    """
    top = int(counts.max(initial=0))
    if not top:
        return np.zeros(1, dtype=np.int64)
    mean = float(counts.mean())
    a = dispersion(counts, np.full(len(counts), mean))
    steps = np.maximum(math.log(_HOT_SPOT * (1.0 + a * mean)) - np.log1p(a * np.arange(top)), 0.0)
    worth = _FIRST * np.append(0.0, np.cumsum(steps)) / steps[0]
    return np.asarray(np.rint(worth), dtype=np.int64)
