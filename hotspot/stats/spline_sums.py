"""Density surfaces of many incidents: spread by a spline on a lattice, smoothed there by one Fourier transform."""

import math
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotspot.stats.kernel_sums import GAUSSIAN_REACH
from hotspot.stats.spline_knots import SUPPORT, TABLE_STEP, Knots, cut, heighten, multiply, read, spread

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

GAUSSIAN_POWER = 0  # how the Gaussian is named beside the powers of compact kernels
STEPS_PER_SIGMA = 8.0  # lattice of the Gaussian: error below 1e-6 of the peak
STEPS_PER_RADIUS = 64.0  # lattice of compact kernels, never finer than the cells
RIM = 2.6  # a lone quartic's error at its rim, in peaks, times the squared turn that the lattice ends at
WORST_PIXEL = 3.0  # the largest of a map's errors over their standard deviation; measured 1.3 to 2.6
SINGLE = 3e-7  # rounding of the transform in single precision, in peaks
THREADS = 2  # bands of rows; the numbers do not depend on it


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


def surface(column: FloatArray, row: FloatArray, w: FloatArray, lattice: Lattice, how: tuple[float, int]) -> FloatArray:
    """Sum every incident's kernel at every cell centre, to about 1e-6 of the peak.

    Parameters
    ----------
    column, row
        Where each incident lies; cell centres are whole numbers. [cells]
    w
        Weight of each incident, not negative.
    lattice
        From `lattice_for`.
    how
        Bandwidth [cells], and the kernel's power as for `lattice_for`.

    Returns
    -------
    numpy.ndarray
        Sum at every cell centre, never negative; values within the error of 0 are 0. Divide by the squared bandwidth.

    Notes
    -----
    Cubic B-splines put each incident on sixteen knots; the transform of the kernel, divided by that of the spline
    once for spreading and, on the Gaussian's coarser lattice, once more for reading, undoes what the splines blur.
    Shares are summed as whole numbers, so that the order of incidents and the number of threads never show.
    """
    if not w.sum() > 0.0:
        return np.zeros(lattice.cells)
    one = whole(w)
    counted = np.zeros(lattice.knots, dtype=np.int64)
    spread(column, row, w * one, counted, frame_of(lattice))
    field = _smoothed(counted.astype(_real(how[1])), lattice, how, 1.0 / one)
    return cells_of(field, lattice, how)


def rim_error(h: float, n: int, lattice: Lattice) -> float:
    """How far off, in peaks, may a surface of a quartic be?

    Parameters
    ----------
    h
        Radius. [cells]
    n
        Incidents.
    lattice
        From `lattice_for`.

    Returns
    -------
    float
        The error of one incident at its rim, where the quartic bends, made smaller by as much as incidents spread
        evenly over the cells would cancel. Incidents all on one address cancel nothing: ``RIM / (pi h / step)**2``.

    Notes
    -----
    The quartic's transform falls with the power -7/2; what lies beyond the lattice's highest turn ``t`` adds up to
    1.27 peaks over ``t**2`` at the rim; the spline's own image of it is at most as large again.
    """
    alone = RIM / (math.pi * h / lattice.step) ** 2
    crowd = max(n, 1) / (lattice.cells[0] * lattice.cells[1])
    peak = max(crowd * math.pi * h**2 / 3.0, 1.0)
    rim = crowd * 2.0 * math.pi * h * lattice.step
    return float(min(alone, alone * WORST_PIXEL * math.sqrt(max(rim, 1.0)) / peak) + SINGLE)


def shares(
    column: FloatArray, row: FloatArray, mask: BoolArray, lattice: Lattice, how: tuple[float, int]
) -> FloatArray:
    """Find the mass that the cells of a place receive from every incident, as `surface` gives it.

    Parameters
    ----------
    column, row
        Where each incident lies; cell centres are whole numbers. [cells]
    mask
        Cells of the place.
    lattice, how
        As for `surface`.

    Returns
    -------
    numpy.ndarray
        Share, shape (incidents,): the transpose of `surface` applied to the mask.
    """
    return read(column, row, _mass_field(mask, lattice, how), frame_of(lattice)) / how[0] ** 2


def mass(mask: BoolArray, lattice: Lattice, how: tuple[float, int]) -> FloatArray:
    """Which share of a kernel centred on each cell falls into the cells of a place?

    Parameters
    ----------
    mask
        Cells of the place.
    lattice, how
        As for `surface`.

    Returns
    -------
    numpy.ndarray
        Share at every cell centre, in [0, 1].
    """
    field = _mass_field(mask, lattice, how)
    return np.asarray(np.minimum(cells_of(field, lattice, how) / how[0] ** 2, 1.0))


def _mass_field(mask: BoolArray, lattice: Lattice, how: tuple[float, int]) -> NDArray[Any]:
    """Smooth the mask on the lattice."""
    if _is_read(lattice, how):
        counted = mass_counted(mask, lattice).astype(_real(how[1]))
    else:
        counted = np.zeros(lattice.knots, dtype=np.float32)
        top, left = (round(-first) for first in lattice.start)
        counted[top : top + mask.shape[0], left : left + mask.shape[1]] = mask
    return _smoothed(counted, lattice, how, 1.0)


def mass_counted(mask: BoolArray, lattice: Lattice) -> FloatArray:
    """Spread the cells of a place on the lattice, as `cells_of` reads them."""
    down, across = (_upsampling(lattice, axis) for axis in (0, 1))
    return np.asarray(down.T @ (across.T @ np.ascontiguousarray(mask.T, dtype=np.float64)).T)


def _real(power: int) -> type[np.float64 | np.float32]:
    """Type of the transform: single precision is enough for compact kernels."""
    return np.float64 if power == GAUSSIAN_POWER else np.float32


def _is_read(lattice: Lattice, how: tuple[float, int]) -> bool:
    """Whether cells are read off the lattice by the spline, rather than being its knots."""
    return how[1] == GAUSSIAN_POWER or lattice.step != 1.0


def frame_of(lattice: Lattice) -> Knots:
    """Return spacing and first knot as the compiled parts take them."""
    return lattice.step, lattice.start[0], lattice.start[1]


def at_incidents(x: FloatArray, y: FloatArray, w: FloatArray, sigma: float) -> FloatArray:
    """Sum the Gaussians of all incidents, each one's own included, at every incident.

    Parameters
    ----------
    x, y
        Incidents. [m]
    w
        Weight of each incident, not negative.
    sigma
        Standard deviation. [m]

    Returns
    -------
    numpy.ndarray
        Sum, shape (incidents,), to about 1e-6 of the largest. Divide by the squared sigma for an intensity.
    """
    column, row = ((each - each.min()) * (STEPS_PER_SIGMA / sigma) for each in (x, y))
    how = (STEPS_PER_SIGMA, GAUSSIAN_POWER)
    lattice = lattice_for((math.ceil(float(row.max())) + 1, math.ceil(float(column.max())) + 1), *how)
    one = whole(w)
    counted = np.zeros(lattice.knots, dtype=np.int64)
    spread(column, row, w * one, counted, frame_of(lattice))
    return read(column, row, _smoothed(counted.astype(np.float64), lattice, how, 1.0 / one), frame_of(lattice))


def whole(w: FloatArray) -> float:
    """How many whole numbers one incident is counted in: a power of 2, the same whatever the order of the sum."""
    return float(2.0 ** (60 - math.frexp(float(np.abs(w).sum()) * (1.0 + 1e-9))[1]))


def _smoothed(counted: NDArray[Any], lattice: Lattice, how: tuple[float, int], times: float) -> NDArray[Any]:
    """Multiply the transform of what was spread by the kernel's, divided by the splines'."""
    from scipy.fft import irfft2, rfft2

    h, power = how
    spectrum = rfft2(counted, workers=THREADS, overwrite_x=True)
    rows, columns = lattice.knots
    down, across = np.fft.fftfreq(rows), np.fft.rfftfreq(columns)
    steps = h / lattice.step
    splines = 8 if _is_read(lattice, how) else 4
    if power == GAUSSIAN_POWER:
        one, two = (np.exp(-2.0 * (math.pi * steps * f) ** 2) / np.sinc(f) ** splines for f in (down, across))
        spectrum *= (one * times)[:, None]
        spectrum *= (two * steps**2)[None, :]
    else:
        one, two = ((1.0 / np.sinc(f) ** splines).astype(np.float32) for f in (down, across))
        turns = (2.0 * math.pi * steps * down, 2.0 * math.pi * steps * across)
        _in_bands(multiply, rows, spectrum, turns, (one, two), (_table(steps, power), steps * steps * times))
    return np.asarray(irfft2(spectrum, s=lattice.knots, workers=THREADS, overwrite_x=True))


@lru_cache(maxsize=8)
def _table(h: float, power: int) -> NDArray[np.float32]:
    """Transform of ``(power + 1) / pi * (1 - r**2)**power`` on the disc, from 0 to the lattice's highest turn.

    ``2**(power + 1) * (power + 1)! * J(power + 1, z) / z**(power + 1)``, 1 at 0.
    """
    from scipy.special import factorial, jv

    z = np.arange(0.0, math.sqrt(2.0) * math.pi * h + 3 * TABLE_STEP, TABLE_STEP)
    order = power + 1
    near = z < 0.05  # noqa: PLR2004 - there two terms of the series are exact to 1e-8
    safe = np.where(near, 1.0, z)
    far = 2.0**order * factorial(order) * jv(order, safe) / safe**order
    return np.where(near, 1.0 - z**2 / (4.0 * (order + 1)), far).astype(np.float32)


def _upsampling(lattice: Lattice, axis: int) -> Any:  # noqa: ANN401 - scipy's sparse arrays carry no useful type
    """Return the sparse matrix that reads the lattice at the cell centres of one axis."""
    from scipy.sparse import csr_array

    n = lattice.cells[axis]
    at = (np.arange(n) - lattice.start[axis]) / lattice.step
    first = np.floor(at).astype(np.int64)
    weights = np.stack(_spline(at - first), axis=1)
    where = (first[:, None] + np.arange(-1, 3)[None, :]).ravel()
    return csr_array((weights.ravel(), where, np.arange(0, SUPPORT * n + 1, SUPPORT)), shape=(n, lattice.knots[axis]))


def _spline(u: FloatArray) -> list[FloatArray]:
    v = 1.0 - u
    return [v**3 / 6.0, 2.0 / 3.0 - u * u * (2.0 - u) / 2.0, 2.0 / 3.0 - v * v * (2.0 - v) / 2.0, u**3 / 6.0]


def cells_of(field: NDArray[Any], lattice: Lattice, how: tuple[float, int]) -> FloatArray:
    """Read the field at the cell centres, in bands of rows; noise round 0 becomes 0."""
    out = np.empty(lattice.cells)
    noise = (1e-9 if how[1] == GAUSSIAN_POWER else 1e-6) * float(field.max())
    rows, columns = lattice.cells
    if _is_read(lattice, how):
        wide = np.ascontiguousarray((_upsampling(lattice, 1) @ np.ascontiguousarray(field.T)).T)
        at = (np.arange(rows) - lattice.start[0]) / lattice.step
        first = np.floor(at).astype(np.int64)
        weights = np.stack(_spline(at - first), axis=1)
        _in_bands(heighten, rows, out, wide, (first, weights), noise)
    else:
        top, left = (round(-first) for first in lattice.start)
        _in_bands(cut, rows, out, field[top : top + rows, left : left + columns], noise)
    return out


def _in_bands(work: Any, rows: int, *given: Any) -> None:  # noqa: ANN401 - whatever the compiled function takes
    """Let every thread do a band of rows of its own; small surfaces are not worth a thread."""
    if rows * given[0].shape[1] < 1_000_000:  # noqa: PLR2004 - a thread costs as much as a few hundred thousand cells
        work(0, rows, *given)
        return
    cuts = np.linspace(0, rows, THREADS + 1).astype(int)
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work, int(a), int(b), *given) for a, b in pairwise(cuts)]:
            done.result()
