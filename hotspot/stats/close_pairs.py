"""Pairs of incidents that lie near each other, counted by how near and how soon."""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import KDTree

from hotspot.errors import HotspotError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

AT_ONCE = 8  # orders of the times counted in one pass over the pairs: what a processor's registers hold


class Pairs(NamedTuple):
    """Pairs of incidents that lie near each other, each pair once; shape (pairs,)."""

    first: NDArray[np.int32]
    """Row of the one incident."""
    second: NDArray[np.int32]
    """Row of the other."""
    distance: FloatArray
    """Straight-line distance. [m]"""


def pairs(xy: FloatArray, within_m: float) -> Pairs:
    """Which incidents lie less than a distance from each other, as the crow flies?

    Parameters
    ----------
    xy
        Shape (incidents, 2). Finite coordinates. [m]
    within_m
        Distance that is no longer near: pairs at exactly this distance are left out. [m]

    Returns
    -------
    Pairs
        Each pair once, by row.
    """
    found = KDTree(xy).query_pairs(within_m, output_type="ndarray") if len(xy) else np.empty((0, 2), dtype=np.int64)
    found = found[np.lexsort((found[:, 1], found[:, 0]))]  # neighbours in memory are counted faster
    first, second = found[:, 0].astype(np.int32), found[:, 1].astype(np.int32)
    distance = np.hypot(xy[first, 0] - xy[second, 0], xy[first, 1] - xy[second, 1])
    inside = distance < within_m
    return Pairs(first[inside], second[inside], distance[inside])


class PairTable(NamedTuple):
    """Everything about the pairs that stays when times are exchanged."""

    near: Pairs
    """The near pairs, by space band."""
    starts: IntArray
    """Where the pairs of each space band start, the one below the first edge included."""
    edges: FloatArray
    """Time edges from 0, finite ones only."""
    by_space: IntArray
    """All pairs by space band, from 0 to infinity."""
    by_time: IntArray
    """All pairs by time band, from 0 to infinity."""
    wanted: tuple[slice, slice]
    """Where the bands asked for lie in the whole table."""

    @classmethod
    def of(cls, places: FloatArray, when: FloatArray, space: FloatArray, time: FloatArray) -> "PairTable":
        """Find the near pairs and count all pairs by each scale alone.

        Parameters
        ----------
        places
            Shape (incidents, 2). Finite coordinates. [m]
        when
            Shape (incidents,). Finite times. [days]
        space, time
            Rising edges of bands from 0 or above; the last may be infinite.

        Returns
        -------
        PairTable
            Of all pairs of the incidents.
        """
        whole = [np.concatenate([[0.0][: int(edges[0] > 0)], edges[np.isfinite(edges)]]) for edges in (space, time)]
        wanted = [slice(int(edges[0] > 0), int(edges[0] > 0) + len(edges) - 1) for edges in (space, time)]
        near = pairs(places, whole[0][-1])
        band = np.searchsorted(whole[0], near.distance, side="right") - 1
        by_band = np.argsort(band, kind="stable")
        near = Pairs(near.first[by_band], near.second[by_band], near.distance[by_band])
        n = len(when)
        by_space = np.bincount(band, minlength=len(whole[0]))
        starts = np.concatenate([[0], np.cumsum(by_space[:-1])])
        by_space[-1] = n * (n - 1) // 2 - len(band)
        reached = [int(_within(np.sort(when), edge).sum()) // 2 if edge else 0 for edge in whole[1]]
        by_time = np.diff([*reached, n * (n - 1) // 2])
        return cls(near, starts, whole[1], by_space, by_time, (wanted[0], wanted[1]))

    def tally(self, orders: FloatArray) -> IntArray:
        """Count the pairs in each band asked for, with the times in some orders.

        Parameters
        ----------
        orders
            Shape (incidents, `AT_ONCE`). The times in several orders. [days]

        Returns
        -------
        NDArray
            Shape (space bands, time bands, `AT_ONCE`). [pairs]
        """
        table = np.zeros((len(self.by_space), len(self.by_time), AT_ONCE), dtype=np.int64)
        _count_below(self.near.first, self.near.second, self.starts, orders, self.edges[1:], table)
        table[:-1, -1] = self.by_space[:-1, None]
        table[:-1, 1:] -= table[:-1, :-1]
        table[-1] = self.by_time[:, None] - table[:-1].sum(axis=0)
        return table[self.wanted]

    def expected(self) -> FloatArray:
        """Average the pairs in each band asked for over all orders of the times.

        Returns
        -------
        NDArray
            Shape (space bands, time bands). [pairs]
        """
        whole: FloatArray = np.outer(self.by_space, self.by_time) / self.by_space.sum()
        return whole[self.wanted]


@numba.njit(cache=True)
def _count_below(
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    starts: IntArray,
    orders: FloatArray,
    edges: FloatArray,
    table: IntArray,
) -> None:
    """Count in each space band the pairs less than each time edge apart, in several orders at once."""
    gap = np.empty(AT_ONCE)
    for band in range(starts.size - 1):
        below = np.zeros((edges.size, AT_ONCE), dtype=np.int64)
        for pair in range(starts[band], starts[band + 1]):
            one, other = first[pair], second[pair]
            for k in range(AT_ONCE):
                gap[k] = abs(orders[one, k] - orders[other, k])
            for edge in range(edges.size):
                for k in range(AT_ONCE):
                    below[edge, k] += gap[k] < edges[edge]
        table[band, : edges.size] = below


def incidents_of(
    xy: ArrayLike, days: ArrayLike, blocks: ArrayLike | None, *, keep: bool = False
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Places, times and blocks of the incidents that have them, by time; or all of them.

    Parameters
    ----------
    xy
        Shape (incidents, 2). Coordinates, NaN where unknown. [m]
    days
        Shape (incidents,). Times, NaN where unknown. [days]
    blocks
        Shape (incidents,). Whose times may be exchanged, or None for all.
    keep
        Whether all incidents are kept, as they are, and not those with a place and a time, by time.

    Returns
    -------
    tuple of NDArray
        Coordinates, times, and blocks numbered from 0.

    Raises
    ------
    HotspotError
        When the arrays do not fit each other.
    """
    places, when = np.asarray(xy, dtype=np.float64), np.asarray(days, dtype=np.float64)
    block = np.zeros(len(when), dtype=np.int64) if blocks is None else np.unique(blocks, return_inverse=True)[1]
    if places.shape != (len(when), 2) or when.ndim != 1 or len(block) != len(when):
        raise HotspotError(
            "each incident has two coordinates, one time and, if any, one block.",
            "coordinates {xy}, times {days}, {blocks} blocks",
            "give xy of shape (incidents, 2), days and blocks of shape (incidents,).",
            xy=str(places.shape),
            days=str(when.shape),
            blocks=len(block),
        )
    if keep:
        return places, when, block
    known = np.isfinite(places).all(axis=1) & np.isfinite(when)
    # By time, then by what neither the order of the rows nor that of the axes changes.
    x, y = places[known].T
    order = np.lexsort((x, np.abs(x - y), x + y, when[known]))
    return places[known][order], when[known][order], block[known][order]


def band_edges(given: ArrayLike, name: str) -> FloatArray:
    """Check the edges of bands.

    Parameters
    ----------
    given
        Shape (bands + 1,).
    name
        What they are called, for the message.

    Returns
    -------
    NDArray
        Shape (bands + 1,).

    Raises
    ------
    HotspotError
        When they do not rise from 0 or above.
    """
    edges = np.asarray(given, dtype=np.float64)
    if edges.ndim != 1 or len(edges) < 2 or not (edges[0] >= 0 and np.all(np.diff(edges) > 0)):  # noqa: PLR2004 - a band
        raise HotspotError(
            "{name} gives the edges of bands, rising from 0 or above.",
            "{edges}",
            "give edges as 0, 100, 200, 400.",
            name=name,
            edges=str(edges.tolist()),
        )
    return edges


def others_within(when: FloatArray, within_days: float) -> FloatArray:
    """How many other incidents happened less than some days from each, anywhere?

    Parameters
    ----------
    when
        Shape (incidents,). Finite times. [days]
    within_days
        Time that is no longer near. [days]

    Returns
    -------
    NDArray
        Shape (incidents,). [incidents]
    """
    order = np.argsort(when, kind="stable")
    ranked = when[order]
    counted = np.empty(len(when))
    counted[order] = _within(ranked, within_days)
    return counted


@numba.njit(cache=True)
def _within(ranked: FloatArray, limit: float) -> FloatArray:
    """Others closer than the limit to each of some ordered times."""
    n = ranked.size
    found = np.empty(n)
    low = high = 0
    for i in range(n):
        while not ranked[i] - ranked[low] < limit:
            low += 1
        while high < n and ranked[high] - ranked[i] < limit:
            high += 1
        found[i] = high - low - 1
    return found
