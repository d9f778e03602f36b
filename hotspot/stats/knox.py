"""Near repeats: does one incident make another one nearby, soon afterwards, more likely?

Reading order: `knox` (whether, how near and how soon), `close_pairs` (how pairs are counted),
`local_knox` (which incidents).
"""

import math
from collections.abc import Iterator
from itertools import islice, permutations, product
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import HotspotError
from hotspot.stats.close_pairs import AT_ONCE, PairTable, band_edges, incidents_of
from hotspot.stats.significance import benjamini_hochberg

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ALTERNATIVE = "greater"
DRAWS = 999
_MOST_IN_BLOCK = 7
MOST_LISTED = math.factorial(
    _MOST_IN_BLOCK
)  # up to this many orders of the times are all gone through; more are drawn from


class Knox(NamedTuple):
    """Pairs of incidents by how near and how soon; tables of shape (space bands, time bands)."""

    observed: IntArray
    """Pairs in each band. [pairs]"""
    expected: FloatArray
    """Pairs in each band if times had nothing to do with places. [pairs]"""
    ratio: FloatArray
    """observed / expected; NaN where none is expected."""
    pvalue: FloatArray
    """Chance of as many pairs or more; NaN where none is expected."""
    qvalue: FloatArray
    """The same after correcting for all bands (Benjamini-Hochberg)."""
    incidents: int
    """Number of incidents with a known place and time."""
    draws: int
    """How many orders of the times were compared with."""
    exact: bool
    """True where these were all orders there are, False where they were drawn."""
    alternative: str
    """Alternative of every p: greater, more pairs than expected."""

    @property
    def tests(self) -> int:
        """Bands of space and time tested, over which q is corrected."""
        return int(np.isfinite(self.pvalue).sum())


def knox(  # noqa: PLR0913 - places, times, their bands, and how times are shuffled
    xy: ArrayLike,
    days: ArrayLike,
    *,
    space_edges_m: ArrayLike,
    time_edges_days: ArrayLike,
    blocks: ArrayLike | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Knox:
    """How many more pairs of incidents are near in space and in time than if times did not depend on places?

    Parameters
    ----------
    xy
        Shape (incidents, 2). Coordinates in a metric reference system; NaN where unknown. [m]
    days
        Shape (incidents,). Times on a scale of days; NaN where unknown. [days]
    space_edges_m
        Shape (space bands + 1,). Rising; a band holds its lower edge and not its upper one. The last may be
        infinite. [m]
    time_edges_days
        Shape (time bands + 1,). The same for the time between two incidents. [days]
    blocks
        Shape (incidents,). Times are only exchanged within a block, as within a month of the year to respect the
        season; None exchanges all.
    draws
        How many orders of the times to draw, where there are more than 5,040.
    seed
        Of the draws.

    Returns
    -------
    Knox
        Tables of pairs; incidents without a place or a time are left out.

    Raises
    ------
    HotspotError
        When the arrays do not fit, edges do not rise from 0 or above, or draws is below 1.

    Notes
    -----
    Distance is Euclidean. Places stay, times are dealt out anew; p = (r + 1) / (draws + 1), r the draws with as many
    pairs or more, or r / orders where all orders were gone through. Without blocks the expected number is exact:
    pairs in the space band times pairs in the time band over all pairs; with blocks it is the mean over the draws
    and the observed order.
    One count per band is kept, never a table of all draws; draws go by the incidents' own order in time, so the
    order of the rows changes nothing.

    How it misleads: one incident recorded twice is the perfect near repeat, so take duplicates out first; a place
    that is busy in one part of the period only (a building site, a festival, a beach in summer) shows as near repeat
    without any contagion, for which there are blocks; times known by an interval only blur the first band; near
    repeat does not say that the same persons came back.

    References
    ----------
    Knox (1964), doi:10.2307/2985220.
    Johnson et al. (2007), doi:10.1007/s10940-007-9025-3.
    """
    space, time = band_edges(space_edges_m, "space_edges_m"), band_edges(time_edges_days, "time_edges_days")
    places, when, block = incidents_of(xy, days, blocks)
    if draws < 1:
        raise HotspotError("draws is a whole number from 1.", "{draws}", "give 999 draws.", draws=draws)
    if len(when) < 2:  # noqa: PLR2004 - a pair
        return _nothing(space, time, len(when))
    table = PairTable.of(places, when, space, time)
    observed = table.tally(np.repeat(when[:, None], AT_ONCE, axis=1))[..., 0]
    sizes = np.unique(block, return_counts=True)[1]
    listed = math.prod(math.factorial(min(int(each), _MOST_IN_BLOCK + 1)) for each in sizes)
    exact = listed <= MOST_LISTED
    orders = _all_orders(block) if exact else _drawn_orders(block, draws, seed)
    at_least, total = _compared(table, when, observed, orders)
    if not exact:  # the observed order is one of those that chance could have given
        at_least, total = at_least + 1, total + observed
    compared = listed if exact else draws + 1
    expected = table.expected() if len(sizes) == 1 else total / compared
    p = np.where(expected > 0, at_least / compared, np.nan)
    ratio = np.where(expected > 0, observed / np.where(expected > 0, expected, 1.0), np.nan)
    q = benjamini_hochberg(p.ravel()).reshape(p.shape)
    return Knox(observed, expected, ratio, p, q, len(when), listed if exact else draws, exact, ALTERNATIVE)


def _compared(
    table: PairTable, when: FloatArray, observed: IntArray, orders: Iterator[IntArray]
) -> tuple[IntArray, FloatArray]:
    """In how many orders there are as many pairs as observed, and the pairs of all orders together."""
    at_least, total = np.zeros_like(observed), np.zeros(observed.shape)
    while several := list(islice(orders, AT_ONCE)):
        filled = several + several[:1] * (AT_ONCE - len(several))
        counted = table.tally(when[np.column_stack(filled)])[..., : len(several)]
        at_least += (counted >= observed[..., None]).sum(axis=-1)
        total += counted.sum(axis=-1)
    return at_least, total


def _all_orders(block: IntArray) -> Iterator[IntArray]:
    """Every order of the times within their blocks."""
    members = [np.flatnonzero(block == each) for each in np.unique(block)]
    for dealt in product(*(permutations(own) for own in members)):
        order = np.empty(len(block), dtype=np.int64)
        for own, given in zip(members, dealt, strict=True):
            order[own] = given
        yield order


def _drawn_orders(block: IntArray, draws: int, seed: int) -> Iterator[IntArray]:
    """Draw orders of the times within their blocks."""
    rng = np.random.default_rng(seed)
    places = np.argsort(block, kind="stable")
    for _ in range(draws):
        order = np.empty(len(block), dtype=np.int64)
        order[places] = np.lexsort((rng.random(len(block)), block))
        yield order


def _nothing(space: FloatArray, time: FloatArray, n: int) -> Knox:
    """What can be said without a single pair."""
    shape = (len(space) - 1, len(time) - 1)
    unknown = np.full(shape, np.nan)
    return Knox(
        np.zeros(shape, dtype=np.int64),
        np.zeros(shape),
        unknown,
        unknown,
        unknown,
        n,
        0,
        exact=True,
        alternative=ALTERNATIVE,
    )
