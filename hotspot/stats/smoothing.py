"""Kernel sums over a lattice of cells by whichever way is the cheapest: pair by pair, along rows, or by a transform."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotspot.stats import row_sweep, spline_sums
from hotspot.stats.kernel_sums import GAUSSIAN_REACH, scatter, share_inside
from hotspot.stats.kernels import GAUSSIAN, KERNELS, QUARTIC, TRIWEIGHT
from hotspot.stats.spline_lattice import GAUSSIAN_POWER, WRITE_NS, lattice_for

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Way = Literal["pairs", "rows", "transform"]

SMOOTH = {GAUSSIAN: GAUSSIAN_POWER, QUARTIC: 2, TRIWEIGHT: 3}  # kernels that a transform may sum
_BY_CODE = {kernel.code: kernel for kernel in KERNELS.values()}
EXACT_NS = 1e7  # an exact sum that takes no more than this is never replaced [ns]
MOST_ERROR = 1e-5  # error that a compact kernel may have, in peaks
PAIR_NS, INCIDENT_NS, KNOT_NS, START_NS = 1.2, 20.0, 10.0, 5e5  # of one thread, measured 2026-11-25


class Smoothing(NamedTuple):
    """A kernel over a lattice: ``cells`` (rows, columns), ``h`` in cells, and the kernel's ``code``.

    The same incidents give the same numbers in any order of rows and on any number of threads.
    """

    cells: tuple[int, int]
    h: float
    code: int

    def way(self, n: int) -> Way:
        """How will so many incidents be summed?

        Parameters
        ----------
        n
            Incidents.

        Returns
        -------
        str
            ``"pairs"`` and ``"rows"`` are exact; ``"transform"`` is good to about 1e-6 of the peak.
        """
        costs = {"pairs": self._pairs_ns(n)}
        if self.code in row_sweep.POWERS and self.cells[1] <= row_sweep.LONGEST_ROW * self.h:
            costs["rows"] = n * min(2 * self.h, self.cells[0]) * row_sweep.REACH_NS + self._size * row_sweep.CELL_NS
        exact = min(costs, key=costs.__getitem__)
        if costs[exact] <= EXACT_NS or not self._may_transform(n):
            return "pairs" if exact == "pairs" else "rows"
        lattice = lattice_for(self.cells, self.h, SMOOTH[self.code])
        costs["transform"] = (
            START_NS + n * INCIDENT_NS + lattice.knots[0] * lattice.knots[1] * KNOT_NS + self._size * WRITE_NS
        )
        best = min(costs, key=costs.__getitem__)
        return "transform" if best == "transform" else "rows" if best == "rows" else "pairs"

    def total(
        self, column: FloatArray, row: FloatArray, w: FloatArray, way: Way | None = None, *, times: float = 1.0
    ) -> FloatArray:
        """Sum every incident's kernel at every cell centre.

        Parameters
        ----------
        column, row
            Where each incident lies; cell centres are whole numbers. [cells]
        w
            Weight of each incident.
        way
            A way of `way`; the cheapest when None.
        times
            What every sum is multiplied by; one over the squared bandwidth makes an intensity.

        Returns
        -------
        numpy.ndarray
            Sum at every cell centre.
        """
        way = way or self.way(w.size)
        if way == "transform":
            how = (self.h, SMOOTH[self.code])
            return spline_sums.surface(column, row, w, lattice_for(self.cells, *how), how, times)
        out = np.zeros(self.cells)
        column, row, w = _sorted(column, row, w)
        if way == "rows":
            row_sweep.sweep(column, row, w, out, (self.h, row_sweep.POWERS[self.code]))
        else:
            scatter(column, row, w, out, (self.h, self.code, 1))
        out *= times
        return out

    def squares(self, column: FloatArray, row: FloatArray, w: FloatArray) -> FloatArray:
        """Sum the square of every incident's kernel times its weight at every cell centre.

        Parameters
        ----------
        column, row, w
            As for `total`.

        Returns
        -------
        numpy.ndarray
            Sum at every cell centre.

        Notes
        -----
        The square of a kernel ``(1 - r**2)**p`` is its roughness times the kernel of power ``2 p``; that of a
        Gaussian is ``1 / (2 pi)`` times the Gaussian of sigma over the root of 2.
        """
        if self.way(w.size) == "transform":
            gaussian = self.code == GAUSSIAN
            h = self.h / np.sqrt(2.0) if gaussian else self.h
            how = (float(h), 2 * SMOOTH[self.code])
            times = 1.0 / (2.0 * np.pi) if gaussian else _BY_CODE[self.code].roughness
            lattice = lattice_for(self.cells, *how)
            return times * spline_sums.surface(column, row, w**2, lattice, how)
        out = np.zeros(self.cells)
        scatter(*_sorted(column, row, w), out, (self.h, self.code, 2))
        return out

    def inside(self, column: FloatArray, row: FloatArray, mask: BoolArray) -> FloatArray:
        """Find the share of each incident's kernel that the cells of the place receive.

        Parameters
        ----------
        column, row
            Where each incident lies; cell centres are whole numbers. [cells]
        mask
            Cells of the place.

        Returns
        -------
        numpy.ndarray
            Share, shape (incidents,), as `total` would put it there.
        """
        if self.code not in SMOOTH or self._pairs_ns(column.size) <= EXACT_NS:
            return share_inside(column, row, mask, self.h, self.code)
        how = (self.h, SMOOTH[self.code])
        return spline_sums.shares(column, row, mask, lattice_for(self.cells, *how), how)

    @property
    def _size(self) -> int:
        return self.cells[0] * self.cells[1]

    def _pairs_ns(self, n: int) -> float:
        """Time of adding every incident's kernel to every cell it reaches."""
        reach = GAUSSIAN_REACH * self.h if self.code == GAUSSIAN else self.h
        area = min(2 * reach, self.cells[0]) * min(2 * reach, self.cells[1])
        return n * area * PAIR_NS

    def _may_transform(self, n: int) -> bool:
        """Whether the transform is accurate enough: always for the Gaussian."""
        if self.code == GAUSSIAN or self.code not in SMOOTH:
            return self.code == GAUSSIAN
        lattice = lattice_for(self.cells, self.h, SMOOTH[self.code])
        return spline_sums.rim_error(self.h, n, lattice) <= MOST_ERROR


def _sorted(column: FloatArray, row: FloatArray, w: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Put incidents in an order of their own."""
    order = np.lexsort((w, column, row))
    return column[order], row[order], w[order]
