"""Spline sums on a ladder of bandwidths: each rung on a lattice as coarse as it allows, all read off the finest."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotspot.stats.bands import THREADS
from hotspot.stats.kernel_sums import GAUSSIAN_REACH
from hotspot.stats.spline_knots import SUPPORT
from hotspot.stats.spline_lattice import (
    GAUSSIAN_POWER,
    Lattice,
    cells_of,
    mass_counted,
    read_off,
    spread_out,
    whole,
)

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
WholeArray = NDArray[np.int64]

STEPS = 6.0  # knots per sigma: 1e-5 of the peak, less than what the ladder itself costs
HALO = 1.0  # incidents so many reaches of the narrowest kernel outside the surface still count
WIDE_REACH = 5.5  # sigma of the widest kernel before it comes in again from the other side: 3e-7 of it


class Ladder(NamedTuple):
    """Gaussians on rungs of bandwidths [cells] over a surface of ``cells`` (rows, columns).

    All lattices share one period, so that a coarse one's transform is the low part of the finest one's.
    """

    cells: tuple[int, int]
    rungs: FloatArray

    def surface(self, column: FloatArray, row: FloatArray, shares: FloatArray, first: WholeArray) -> FloatArray:
        """Sum every incident's kernels, divided by their squared bandwidths, at every cell centre.

        Parameters
        ----------
        column, row
            Where each incident lies; cell centres are whole numbers. [cells]
        shares
            Weight of each incident on each of its rungs, shape (incidents, taps).
        first
            The first of those rungs.

        Returns
        -------
        numpy.ndarray
            Sum, never negative. [1/cell]
        """
        from scipy.fft import irfft2, rfft2

        fine = self.lattice(0)
        total = np.zeros((fine.knots[0], fine.knots[1] // 2 + 1), dtype=np.complex64)
        one = whole(shares)
        order, starts = self._by_rung(first)
        column, row, shares, first = column[order], row[order], shares[order], first[order]
        for k in range(len(self.rungs)):
            here = _reaching(starts, k, shares.shape[1])
            if here.start == here.stop:
                continue
            lattice = self.lattice(k)
            counted = spread_out(column[here], row[here], _on_rung(shares[here], k - first[here]), one, lattice)
            spectrum = rfft2(counted.astype(np.float32), workers=THREADS, overwrite_x=True)
            self._climb(spectrum, total, k, 1.0 / one)
        field = irfft2(total, s=fine.knots, workers=THREADS, overwrite_x=True)
        return cells_of(field, fine, (float(self.rungs[0]), GAUSSIAN_POWER))

    def shares(
        self, column: FloatArray, row: FloatArray, mask: BoolArray, shares: FloatArray, first: WholeArray
    ) -> FloatArray:
        """Find the mass that the cells of a place receive from every incident, as `surface` gives it.

        Parameters
        ----------
        column, row
            As for `surface`.
        mask
            Cells of the place.
        shares, first
            As for `surface`.

        Returns
        -------
        numpy.ndarray
            Share, shape (incidents,).
        """
        from scipy.fft import irfft2, rfft2

        fine = self.lattice(0)
        spectrum = rfft2(mass_counted(mask, fine).astype(np.float32), workers=THREADS)
        order, starts = self._by_rung(first)
        column, row, shares, first = column[order], row[order], shares[order], first[order]
        out = np.zeros(column.size)
        for k in range(len(self.rungs)):
            here = _reaching(starts, k, shares.shape[1])
            if here.start == here.stop:
                continue
            lattice = self.lattice(k)
            low = np.zeros((lattice.knots[0], lattice.knots[1] // 2 + 1), dtype=np.complex64)
            self._climb(low, spectrum, k, 1.0, down=True)
            field = irfft2(low, s=lattice.knots, workers=THREADS, overwrite_x=True)
            times = (fine.step / lattice.step) ** 2  # an inverse transform divides by its own number of knots
            seen = read_off(column[here], row[here], field, lattice)
            out[here] += _on_rung(shares[here], k - first[here]) * seen * times
        found = np.empty(column.size)
        found[order] = out
        return found

    def _by_rung(self, first: WholeArray) -> tuple[WholeArray, WholeArray]:
        """Return an order in which incidents of the same first rung lie together, and where each rung starts."""
        order = np.argsort(first.astype(np.int16), kind="stable")
        return order, np.searchsorted(first[order], np.arange(len(self.rungs) + 1))

    def lattice(self, k: int) -> Lattice:
        """Lattice of one rung.

        Parameters
        ----------
        k
            Index of the rung.

        Returns
        -------
        Lattice
            The same period and first knot for every rung; rows and columns of one spacing.
        """
        from scipy.fft import next_fast_len

        margin = float(self.rungs[-1]) * SUPPORT / STEPS + HALO * GAUSSIAN_REACH * float(self.rungs[0])
        side = max(self.cells) - 1 + 2.0 * margin + WIDE_REACH * float(self.rungs[-1])
        knots = next_fast_len(2 * math.ceil(0.5 * side * STEPS / float(self.rungs[k])), real=True)
        knots += knots % 2
        return Lattice(side / knots, (-margin, -margin), (knots, knots), self.cells)

    def _climb(self, low: NDArray[Any], high: NDArray[Any], k: int, times: float, *, down: bool = False) -> None:
        """Add a rung's transform times its kernel's to the finest one's, or take it from there when going down."""
        lattice, fine = self.lattice(k), self.lattice(0)
        half = min(lattice.knots[0], fine.knots[0]) // 2
        turns = np.arange(half) / lattice.knots[0]
        factor = self._factor(k, turns, turns) * np.float32(times)
        for rows in (slice(0, half), slice(-half + 1, None)):
            part = factor if rows.start == 0 else factor[:0:-1]
            if down:
                np.multiply(high[rows, :half], part, out=low[rows, :half])
            else:
                low[rows, :half] *= part
                high[rows, :half] += low[rows, :half]

    def _factor(self, k: int, down: FloatArray, across: FloatArray) -> NDArray[np.float32]:
        """Kernel's transform over those of the spreading and of the reading spline, per squared cell."""
        lattice, fine = self.lattice(k), self.lattice(0)
        steps = float(self.rungs[k]) / lattice.step
        one, two = (1.0 / (np.sinc(f) ** 4 * np.sinc(f * fine.step / lattice.step) ** 4) for f in (down, across))
        one, two = (b * np.exp(-2.0 * (math.pi * steps * f) ** 2) for b, f in ((one, down), (two, across)))
        return np.asarray(np.outer(one / fine.step**2, two), dtype=np.float32)


def _reaching(starts: WholeArray, rung: int, taps: int) -> slice:
    """Incidents with a share on this rung, in the order of their first rungs."""
    return slice(int(starts[max(rung - taps + 1, 0)]), int(starts[rung + 1]))


def _on_rung(shares: FloatArray, tap: WholeArray) -> FloatArray:
    """Each incident's share on the rung that lies so many above its first."""
    return np.asarray(shares[np.arange(len(tap)), tap])
