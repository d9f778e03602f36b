"""The lattice that splines spread incidents on: which one, onto it, and off it again."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotspot.stats.bands import in_bands, threads_for
from hotspot.stats.kernel_sums import GAUSSIAN_REACH
from hotspot.stats.spline_knots import SUPPORT, Knots, cut, gather, heighten, read, spread, widen

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

GAUSSIAN_POWER = 0  # how the Gaussian is named beside the powers of compact kernels
STEPS_PER_SIGMA = 8.0  # lattice of the Gaussian: error below 1e-6 of the peak
STEPS_PER_RADIUS = 64.0  # lattice of compact kernels, never finer than the cells
SPREAD_NS, WIDEN_NS, WRITE_NS = 20.0, 2.0, 1.0  # an incident, a knot, a cell


class Lattice(NamedTuple):
    """The lattice that incidents are spread on, against the cells that are asked for.

    ``step`` is its spacing and ``start`` its first knot (row, column), both in cells; ``knots`` its size and
    ``cells`` the shape of the surface.
    """

    step: float
    start: tuple[float, float]
    knots: tuple[int, int]
    cells: tuple[int, int]


def lattice_for(cells: tuple[int, int], h: float, power: int) -> Lattice:
    """Which lattice does a kernel need so that nothing wraps around?

    Parameters
    ----------
    cells
        Rows and columns of the surface.
    h
        Bandwidth. [cells]
    power
        Of ``(1 - r**2)**power``, at least 2; 0 for the Gaussian.

    Returns
    -------
    Lattice
        An eighth of sigma for the Gaussian, a sixty-fourth of the radius for a compact kernel but never finer than the
        cells; a reach of margin all round.
    """
    from scipy.fft import next_fast_len

    gaussian = power == GAUSSIAN_POWER
    step = h / STEPS_PER_SIGMA if gaussian else max(1.0, h / STEPS_PER_RADIUS)
    margin = math.ceil((GAUSSIAN_REACH * h if gaussian else h) / step) + SUPPORT
    knots = [next_fast_len(math.ceil((n - 1) / step) + 1 + 2 * margin, real=True) for n in cells]
    return Lattice(step, (-margin * step, -margin * step), (knots[0], knots[1]), cells)


def spread_out(column: FloatArray, row: FloatArray, w: FloatArray, one: float, lattice: Lattice) -> NDArray[np.int64]:
    """Share every incident among the knots around it.

    Parameters
    ----------
    column, row
        Where each incident lies; cell centres are whole numbers. [cells]
    w
        Weight of each incident.
    one
        How many whole numbers a weight of 1 is: see `whole`.
    lattice
        From `lattice_for`.

    Returns
    -------
    numpy.ndarray
        Whole numbers at the knots; every thread has a lattice of its own and they are added, in any order the same.
    """
    work_ns = SPREAD_NS * w.size
    counted = np.zeros((threads_for(work_ns), *lattice.knots), dtype=np.int64)
    incidents = column, row, w

    def one_band(first: int, end: int, thread: int) -> None:
        spread((first, end), incidents, one, counted[thread], frame_of(lattice))

    in_bands(one_band, w.size, work_ns)
    for other in counted[1:]:
        counted[0] += other
    return np.asarray(counted[0], dtype=np.int64)


def read_off(column: FloatArray, row: FloatArray, field: NDArray[Any], lattice: Lattice) -> FloatArray:
    """Read a field at every incident.

    Parameters
    ----------
    column, row
        As for `spread_out`.
    field
        Values at the knots.
    lattice
        From `lattice_for`.

    Returns
    -------
    numpy.ndarray
        Value, shape (incidents,); 0 beyond the margin.
    """
    incidents = column, row, np.empty(column.size)
    in_bands(
        lambda first, end, _: read(first, end, incidents, field, frame_of(lattice)),
        column.size,
        SPREAD_NS * column.size,
    )
    return incidents[2]


def cells_of(field: NDArray[Any], lattice: Lattice, how: tuple[float, int]) -> FloatArray:
    """Read the field at the cell centres; noise round 0 becomes 0.

    Parameters
    ----------
    field
        Values at the knots.
    lattice, how
        As for `surface`.

    Returns
    -------
    numpy.ndarray
        Values at the cells, none below 0.
    """
    out = np.empty(lattice.cells)
    noise = (1e-9 if how[1] == GAUSSIAN_POWER else 1e-6) * float(field.max())
    rows, columns = lattice.cells
    write_ns = WRITE_NS * out.size
    if is_read(lattice, how):
        wide = np.empty((lattice.knots[0], columns), dtype=field.dtype)
        down, across = (_knots_under(lattice, axis, field.dtype) for axis in (0, 1))
        in_bands(lambda first, end, _: widen(first, end, wide, field, across), len(wide), WIDEN_NS * wide.size)
        in_bands(lambda first, end, _: heighten(first, end, out, wide, down, noise), rows, write_ns)
    else:
        top, left = (round(-first) for first in lattice.start)
        inner = field[top : top + rows, left : left + columns]
        in_bands(lambda first, end, _: cut(first, end, out, inner, noise), rows, write_ns)
    return out


def mass_counted(mask: BoolArray, lattice: Lattice) -> FloatArray:
    """Spread the cells of a place on the lattice, as `cells_of` reads them.

    Parameters
    ----------
    mask
        Cells of the place.
    lattice
        From `lattice_for`.

    Returns
    -------
    numpy.ndarray
        Sums at the knots.
    """
    tall, out = np.zeros((lattice.knots[0], mask.shape[1])), np.zeros(lattice.knots)
    down, across = (_knots_under(lattice, axis, np.float64) for axis in (0, 1))
    gather(mask, down, across, tall, out)
    return out


def _knots_under(lattice: Lattice, axis: int, real: Any) -> tuple[NDArray[np.int64], NDArray[Any]]:  # noqa: ANN401 - a type of numpy's
    """Return the knot before each cell centre of an axis, and the weights of the four around."""
    at = (np.arange(lattice.cells[axis]) - lattice.start[axis]) / lattice.step
    first = np.floor(at).astype(np.int64)
    return first, np.stack(_spline(at - first), axis=1).astype(real)


def _spline(u: FloatArray) -> list[FloatArray]:
    v = 1.0 - u
    return [v**3 / 6.0, 2.0 / 3.0 - u * u * (2.0 - u) / 2.0, 2.0 / 3.0 - v * v * (2.0 - v) / 2.0, u**3 / 6.0]


def is_read(lattice: Lattice, how: tuple[float, int]) -> bool:
    """Whether cells are read off the lattice by the spline, rather than being its knots."""
    return how[1] == GAUSSIAN_POWER or lattice.step != 1.0


def frame_of(lattice: Lattice) -> Knots:
    """Return spacing and first knot as the compiled parts take them."""
    return lattice.step, lattice.start[0], lattice.start[1]


def whole(w: FloatArray) -> float:
    """How many whole numbers one incident is counted in: a power of 2, the same whatever the order of the sum."""
    return float(2.0 ** (60 - math.frexp(float(np.abs(w).sum()) * (1.0 + 1e-9))[1]))
