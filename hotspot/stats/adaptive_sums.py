"""Sums of Gaussians that are each as wide as they need to be: one by one, or on a ladder of bandwidths."""

import math
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from hotspot.stats import spline_sums
from hotspot.stats.kernel_sums import GAUSSIAN_REACH
from hotspot.stats.smoothing import PAIR_NS
from hotspot.stats.spline_ladder import Ladder
from hotspot.stats.spline_lattice import GAUSSIAN_POWER, lattice_for

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

EXACT_NS = 1e8  # sums that take no longer are made one by one [ns]
RUNG = 0.15  # of the logarithm of the bandwidth between two rungs
NARROW = 3.0  # times the narrowest kernel: the lattices of wider ones are a tenth as large
TAPS = 4  # rungs that a kernel is shared among


class AdaptiveSums(NamedTuple):
    """Gaussians over a lattice of ``cells`` (rows, columns); their bandwidths come with the incidents."""

    cells: tuple[int, int]

    def total(self, column: FloatArray, row: FloatArray, w: FloatArray, h: FloatArray) -> FloatArray:
        """Sum every incident's kernel, divided by its squared bandwidth, at every cell centre.

        Parameters
        ----------
        column, row
            Where each incident lies; cell centres are whole numbers. [cells]
        w
            Weight of each incident.
        h
            Bandwidth of each incident. [cells]

        Returns
        -------
        numpy.ndarray
            Sum, never negative. [1/cell]
        """
        if not w.size:
            return np.zeros(self.cells)
        if self._exact(h):
            out = np.zeros(self.cells)
            order = np.lexsort((w, column, row))
            _scatter_each(column[order], row[order], w[order], h[order], out)
            return out
        narrow = _narrow(h)
        out = self._climbed(column[narrow], row[narrow], w[narrow], h[narrow])
        if not narrow.all():
            wide = ~narrow
            out += self._climbed(column[wide], row[wide], w[wide], h[wide])
        return out

    def _climbed(self, column: FloatArray, row: FloatArray, w: FloatArray, h: FloatArray) -> FloatArray:
        """Sum kernels on one ladder."""
        rungs, shares = _on_ladder(h)
        return Ladder(self.cells, rungs).surface(column, row, shares * w[:, None], _first_rung(h))

    def inside(self, column: FloatArray, row: FloatArray, h: FloatArray, mask: BoolArray) -> FloatArray:
        """Find the share of each incident's own kernel that the cells of the place receive.

        Parameters
        ----------
        column, row, h
            As for `total`.
        mask
            Cells of the place.

        Returns
        -------
        numpy.ndarray
            Share, shape (incidents,), as `total` would put it there.
        """
        if not h.size:
            return np.zeros(0)
        if self._exact(h):
            return np.asarray(_share_each(column, row, h, mask))
        out, narrow = np.empty(h.size), _narrow(h)
        for some in (narrow, ~narrow):
            if some.any():
                rungs, shares = _on_ladder(h[some])
                ladder = Ladder(self.cells, rungs)
                out[some] = ladder.shares(column[some], row[some], mask, shares, _first_rung(h[some]))
        return out

    def mass(self, mask: BoolArray, h: FloatArray) -> FloatArray:
        """Which share of the kernel that each cell asks for falls into the cells of the place?

        Parameters
        ----------
        mask
            Cells of the place.
        h
            Bandwidth at every cell. [cells]

        Returns
        -------
        numpy.ndarray
            Share, in [0, 1].
        """
        rungs, shares = _on_ladder(h[mask])
        first = np.zeros(mask.shape, dtype=np.int64)
        first[mask] = _first_rung(h[mask])
        all_shares = np.zeros((*mask.shape, TAPS))
        all_shares[mask] = shares
        out = np.zeros(mask.shape)
        for k, rung in enumerate(rungs):
            how = (float(rung), GAUSSIAN_POWER)
            field = spline_sums.mass(mask, lattice_for(self.cells, *how), how)
            for tap in range(TAPS):
                here = first == k - tap
                out[here] += all_shares[here, tap] * field[here]
        return np.clip(out, 0.0, 1.0)

    def _exact(self, h: FloatArray) -> bool:
        """Whether adding every kernel to every cell it reaches is quick enough."""
        reach = 2.0 * h * GAUSSIAN_REACH
        area = np.minimum(reach, self.cells[0]) * np.minimum(reach, self.cells[1])
        return float(area.sum()) * PAIR_NS <= EXACT_NS


def _narrow(h: FloatArray) -> BoolArray:
    """Tell which kernels go on a ladder of their own: its fine lattices then need no margin for the widest."""
    return np.asarray(h <= NARROW * h.min())


def _on_ladder(h: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the rungs, and how each bandwidth is shared among the four from `_first_rung` on.

    The ladder begins at the narrowest bandwidth: a lower rung would need the finest lattice of all.
    Cubic interpolation in the logarithm of the bandwidth; shares add up to 1 and may be negative.
    """
    low = math.log(float(h.min()))
    rungs = np.exp(low + RUNG * np.arange(_steps(h) + 2))
    u = (np.log(h) - low) / RUNG - _first_rung(h) - 1
    shares = [-u * (u - 1) * (u - 2) / 6, (u * u - 1) * (u - 2) / 2, -u * (u + 1) * (u - 2) / 2, u * (u * u - 1) / 6]
    return rungs, np.stack(shares, axis=1)


def _first_rung(h: FloatArray) -> NDArray[np.int64]:
    """Index of the first of the four rungs around each bandwidth."""
    at = np.floor((np.log(h) - math.log(float(h.min()))) / RUNG).astype(np.int64)
    return np.asarray(np.clip(at - 1, 0, _steps(h) - 2))


def _steps(h: FloatArray) -> int:
    """Rungs from the narrowest bandwidth to the widest, at least as many as a cubic needs."""
    return max(math.ceil(math.log(float(h.max()) / float(h.min())) / RUNG), 2)


@numba.njit(cache=True, nogil=True)
def _scatter_each(column: FloatArray, row: FloatArray, w: FloatArray, h: FloatArray, out: FloatArray) -> None:
    """Add every incident's Gaussian of its own width to the cells within its reach."""
    line = np.empty(out.shape[1])
    for p in range(column.size):
        reach = GAUSSIAN_REACH * h[p]
        left, right = max(0, math.ceil(column[p] - reach)), min(out.shape[1], math.floor(column[p] + reach) + 1)
        for j in range(left, right):
            line[j] = math.exp(-0.5 * ((j - column[p]) / h[p]) ** 2)
        for i in range(max(0, math.ceil(row[p] - reach)), min(out.shape[0], math.floor(row[p] + reach) + 1)):
            height = w[p] * math.exp(-0.5 * ((i - row[p]) / h[p]) ** 2) / (2.0 * math.pi * h[p] ** 2)
            for j in range(left, right):
                out[i, j] += height * line[j]


@numba.njit(cache=True, nogil=True)
def _share_each(column: FloatArray, row: FloatArray, h: FloatArray, mask: BoolArray) -> FloatArray:
    """Find the mass that `_scatter_each` puts into the cells of the place."""
    share = np.zeros(column.size)
    line = np.empty(mask.shape[1])
    for p in range(column.size):
        reach = GAUSSIAN_REACH * h[p]
        left, right = max(0, math.ceil(column[p] - reach)), min(mask.shape[1], math.floor(column[p] + reach) + 1)
        for j in range(left, right):
            line[j] = math.exp(-0.5 * ((j - column[p]) / h[p]) ** 2)
        for i in range(max(0, math.ceil(row[p] - reach)), min(mask.shape[0], math.floor(row[p] + reach) + 1)):
            inside = 0.0
            for j in range(left, right):
                if mask[i, j]:
                    inside += line[j]
            share[p] += inside * math.exp(-0.5 * ((i - row[p]) / h[p]) ** 2) / (2.0 * math.pi * h[p] ** 2)
    return share
