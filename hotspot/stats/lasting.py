"""A cluster of one period is told from a lasting hot spot by time: hot in both of two periods chosen beforehand."""

import numpy as np
from numpy.typing import NDArray

from hotspot.errors import HotspotError
from hotspot.stats.verdicts import HOT, NO_NEIGHBOURS, TOO_FEW, UNDEFINED, Hotspots

LASTING, FIRST_ONLY, SECOND_ONLY, NEITHER = "lasting", "only in the first", "only in the second", "in neither"
CLASSES = (LASTING, FIRST_ONLY, SECOND_ONLY, NEITHER, TOO_FEW, UNDEFINED, NO_NEIGHBOURS)
_CANNOT = (UNDEFINED, NO_NEIGHBOURS, TOO_FEW)  # the first of these in either period is what can be said


def lasting(first: Hotspots, second: Hotspots) -> NDArray[np.str_]:
    """Which hot spots are there in both of two separate periods?

    Parameters
    ----------
    first, second
        What was found in each period by itself, over the same cells, each corrected over its own map.

    Returns
    -------
    NDArray
        Shape (cells,). "lasting" where hot in both, "only in the first", "only in the second", "in neither"; and
        where a period says "undefined", "no neighbours" or "too few data" and the other is not hot either, that.

    Raises
    ------
    HotspotError
        When the two are not of the same cells.

    Notes
    -----
    Lasting: q <= level in the first period and in the second, each corrected on its own.
    Where counts cluster for a time, as after one outbreak, a test of one period flags it, and rightly. Chance
    must strike twice at the same cell to be called lasting: in simulations of passing clusters at most .023 of
    maps had a lasting cell (Thomas process), of strong clusters in both periods .28 to .36 (log-Gaussian). The
    price is power: a lasting 3 x 3 block of four times the background, found in .36 of single periods, is
    lasting in .13; test both periods pooled for whether it is there at all. The periods must be decided before
    looking. "Only in the first" is not "gone": that asks for the difference (`period_change`).

    How it misleads: two periods of the same summer festival are no two periods; "in neither" is often "too few to
    tell" (the classes say which).

    References
    ----------
    Berger (1982) https://doi.org/10.1080/00401706.1982.10487790, on claims that take two tests; the numbers above
    are Our own.
    """
    if first.klass.shape != second.klass.shape:
        raise HotspotError(
            "a lasting hot spot is the same cell in two periods.",
            "{first} cells and {second}",
            "test both periods over one grid.",
            first=len(first.klass),
            second=len(second.klass),
        )
    once, again = first.klass == HOT, second.klass == HOT
    klass = np.full(once.shape, NEITHER, dtype=f"<U{max(map(len, CLASSES))}")
    for unsaid in reversed(_CANNOT):
        klass[(first.klass == unsaid) | (second.klass == unsaid)] = unsaid
    klass[once & ~again] = FIRST_ONLY
    klass[~once & again] = SECOND_ONLY
    klass[once & again] = LASTING
    return klass
