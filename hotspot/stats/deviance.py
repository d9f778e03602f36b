"""How unusual a neighbourhood is, as one number to rank by: the root of the deviance of what it holds."""

import math
from collections.abc import Sequence
from typing import NamedTuple, Self

import numba
import numpy as np
from numpy.typing import NDArray

from hotspot.stats.chance_maps import PLAUSIBLE_RATIO, add_up
from hotspot.stats.exact import neighbours_sum
from hotspot.stats.negative_binomial import sizes
from hotspot.stats.neighbours import Neighbours

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

# Roots of deviance are compared in steps of a hundredth of a standard deviation, up to twenty.
_STEP, RANKS = 0.01, 2001
_HALF, _ROUNDING = 0.5, 1e-9


class Look(NamedTuple):
    """One neighbourhood of every cell: what it holds, and the negative binomial it is held against."""

    near: Neighbours
    around: FloatArray
    mean: FloatArray
    size: FloatArray

    @classmethod
    def of(
        cls, near: Neighbours, counts: IntArray, expected: FloatArray, a: FloatArray, asked: NDArray[np.bool_]
    ) -> Self:
        """Add up counts and expectations over the neighbourhood; NaN is expected where nothing is asked.

        Parameters
        ----------
        near
            The neighbourhood.
        counts, expected, a
            Shape (cells,). As `exchanged_chances`.
        asked
            Shape (cells,). Which cells are tested.

        Returns
        -------
        Look
            Of all cells.
        """
        mean = near.around(expected, itself=True)
        mean[~asked | (near.cardinalities == 0)] = np.nan
        return cls(near, neighbours_sum(counts, near, itself=True), mean, sizes(expected, a, near, itself=True))

    def depths(self) -> FloatArray:
        """How far each cell's own sum lies from its mean.

        Returns
        -------
        NDArray
            Shape (cells,). Root of the deviance; -1 where it is not tested.
        """
        return np.where(np.isnan(self.mean), -1.0, root_deviance(self.around, self.mean, self.size))

    def depths_of_many(self, most: float = np.inf) -> FloatArray:
        """How far ten times the expected number would lie from the mean.

        Parameters
        ----------
        most
            Largest count of one cell that the look counts. [incidents]

        Returns
        -------
        NDArray
            Shape (cells,). Root of the deviance; -1 where it is not tested.
        """
        mean = np.nan_to_num(self.mean)
        total = np.minimum(np.ceil(PLAUSIBLE_RATIO * mean), np.maximum(most * (self.near.cardinalities + 1.0), mean))
        return np.where(np.isnan(self.mean), -1.0, root_deviance(total, mean, self.size))


def ranks_of(depth: FloatArray) -> IntArray:
    """Rank the roots of deviance in steps of a hundredth.

    Parameters
    ----------
    depth
        Shape (cells,). Below 0 where not tested.

    Returns
    -------
    NDArray
        Shape (cells,). 0 for the largest; beyond all ranks where not tested.
    """
    steps = np.minimum((depth + _ROUNDING) / _STEP, RANKS - 1.0).astype(np.int64)
    return np.where(depth < 0, RANKS, RANKS - 1 - steps)


def root_deviance(total: FloatArray, mean: FloatArray, size: FloatArray) -> FloatArray:
    """How far does a sum lie from its mean, in about standard deviations of its own distribution?

    Parameters
    ----------
    total, mean
        Shape (cells,). What was counted and what is expected. [incidents]
    size
        Shape (cells,). Of the negative binomial; infinite for Poisson.

    Returns
    -------
    NDArray
        Root of the deviance of the sum taken half an incident nearer to its mean, from 0; 0 within half an
        incident, and where nothing is expected.
    """
    found = np.empty(len(total))
    _depths(total, mean, size, found)
    return found


@numba.njit(cache=True)
def _depths(
    total: FloatArray, mean: FloatArray, size: FloatArray, found: FloatArray
) -> None:  # pragma: no cover - compiled
    """Fill in the root of each deviance."""
    for cell in range(len(total)):
        found[cell] = _depth(total[cell], mean[cell], size[cell])


@numba.njit(cache=True)
def _depth(total: float, mean: float, size: float) -> float:  # pragma: no cover - compiled
    """Root of one deviance."""
    if not mean > 0.0 or abs(total - mean) <= _HALF:
        return 0.0
    near = total - _HALF if total > mean else total + _HALF
    if np.isinf(size):
        deviance = near * math.log(near / mean) - (near - mean)
    else:
        deviance = near * math.log(near / mean) - (near + size) * math.log((near + size) / (mean + size))
    return math.sqrt(max(0.0, 2.0 * deviance))


def tally(dealt: Sequence[NDArray[np.int32]], looks: Sequence[Look], counted: IntArray) -> None:
    """Count for each map of chance how many cells have each rank, that of the look that shows the cell best.

    Parameters
    ----------
    dealt
        Shape (cells, maps) for each look. The counts that it is over. [incidents]
    looks
        What each cell's sum is held against.
    counted
        Shape (maps, ranks). Added to.
    """
    starts, links = tuple(each.near.indptr for each in looks), tuple(each.near.indices for each in looks)
    means, spreads = tuple(each.mean for each in looks), tuple(each.size for each in looks)
    _tally(tuple(dealt), (starts, links, means, spreads), counted)


@numba.njit(cache=True)
def _tally(
    dealt: tuple[NDArray[np.int32], ...],
    looks: tuple[tuple[IntArray, ...], tuple[IntArray, ...], tuple[FloatArray, ...], tuple[FloatArray, ...]],
    counted: IntArray,
) -> None:  # pragma: no cover - compiled
    """Count for each map how many cells have each rank."""
    starts, links, means, spreads = looks
    cells, maps = dealt[0].shape
    total, best = np.empty(maps, dtype=np.int32), np.empty(maps)
    for cell in range(cells):
        best[:] = -1.0
        for look in range(len(starts)):
            around = links[look][starts[look][cell] : starts[look][cell + 1]]
            mean, size = means[look][cell], spreads[look][cell]
            if not np.isnan(mean):
                add_up(dealt[look], cell, around, total)
                for column in range(maps):
                    best[column] = max(best[column], _depth(total[column], mean, size))
        for column in range(maps):
            if best[column] >= 0.0:
                step = min(int((best[column] + _ROUNDING) / _STEP), RANKS - 1)
                counted[column, RANKS - 1 - step] += 1
