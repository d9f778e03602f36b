"""Density surfaces of many incidents: spread by a spline on a lattice, smoothed there by one Fourier transform."""

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotspot.stats.bands import THREADS, in_bands
from hotspot.stats.spline_knots import TABLE_STEP, multiply
from hotspot.stats.spline_lattice import (
    GAUSSIAN_POWER,
    STEPS_PER_RADIUS,
    STEPS_PER_SIGMA,
    Lattice,
    cells_of,
    is_read,
    lattice_for,
    mass_counted,
    read_off,
    spread_out,
    whole,
)

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

RIM = 2.6  # a lone quartic's error at its rim, in peaks, times the squared turn that the lattice ends at
WORST_PIXEL = 3.0  # the largest of a map's errors over their standard deviation; measured 1.3 to 2.6
SINGLE = 3e-7  # rounding of the transform in single precision, in peaks
MULTIPLY_NS = 3.0  # a turn


def surface(
    column: FloatArray,
    row: FloatArray,
    w: FloatArray,
    lattice: Lattice,
    how: tuple[float, int],
    times: float = 1.0,
) -> FloatArray:
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
    times
        What every sum is multiplied by.

    Returns
    -------
    numpy.ndarray
        Sum at every cell centre, never negative; values within the error of 0 are 0.

    Notes
    -----
    Cubic B-splines put each incident on sixteen knots; the transform of the kernel, divided by that of the spline
    once for spreading and, on the Gaussian's coarser lattice, once more for reading, undoes what the splines blur.
    Shares are summed as whole numbers, so that the order of incidents and the number of threads never show.
    """
    if not w.sum() > 0.0:
        return np.zeros(lattice.cells)
    one = whole(w)
    counted = spread_out(column, row, w, one, lattice)
    field = _smoothed(counted.astype(_real(how[1])), lattice, how, times / one)
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
    error = ``RIM / (pi h / step)**2`` for one incident, over the peak of as many as there are.
    The quartic's transform falls with the power -7/2; what lies beyond the lattice's highest turn ``t`` adds up to
    1.27 peaks over ``t**2`` at the rim; the spline's own image of it is at most as large again.

    How it misleads: it is of incidents spread about: all on one address are the worst case, and it tells that too.

    References
    ----------
    Our own; measured from 1 to 50,000 incidents.
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
    return read_off(column, row, _mass_field(mask, lattice, how, how[0] ** -2), lattice)


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
    share = cells_of(_mass_field(mask, lattice, how, how[0] ** -2), lattice, how)
    return np.minimum(share, 1.0, out=share)


def _mass_field(mask: BoolArray, lattice: Lattice, how: tuple[float, int], times: float) -> NDArray[Any]:
    """Smooth the mask on the lattice."""
    if is_read(lattice, how):
        counted = mass_counted(mask, lattice).astype(_real(how[1]))
    else:
        counted = np.zeros(lattice.knots, dtype=np.float32)
        top, left = (round(-first) for first in lattice.start)
        counted[top : top + mask.shape[0], left : left + mask.shape[1]] = mask
    return _smoothed(counted, lattice, how, times)


def _real(power: int) -> type[np.float64 | np.float32]:
    """Type of the transform: single precision is enough for compact kernels."""
    return np.float64 if power == GAUSSIAN_POWER else np.float32


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
    counted = spread_out(column, row, w, one, lattice)
    return read_off(column, row, _smoothed(counted.astype(np.float64), lattice, how, 1.0 / one), lattice)


def _smoothed(counted: NDArray[Any], lattice: Lattice, how: tuple[float, int], times: float) -> NDArray[Any]:
    """Multiply the transform of what was spread by the kernel's, divided by the splines'."""
    from scipy.fft import irfft2, rfft2

    h, power = how
    spectrum = rfft2(counted, workers=THREADS, overwrite_x=True)
    rows, columns = lattice.knots
    down, across = np.fft.fftfreq(rows), np.fft.rfftfreq(columns)
    steps = h / lattice.step
    splines = 8 if is_read(lattice, how) else 4
    if power == GAUSSIAN_POWER:
        one, two = (np.exp(-2.0 * (math.pi * steps * f) ** 2) / np.sinc(f) ** splines for f in (down, across))
        spectrum *= (one * times)[:, None]
        spectrum *= (two * steps**2)[None, :]
    else:
        half = rows // 2 + 1
        one, two = (1.0 / np.sinc(f) ** splines for f in (down[:half], across))
        turns = tuple(2.0 * math.pi * steps / TABLE_STEP * np.abs(f) for f in (down[:half], across))
        table = _table(max(steps, STEPS_PER_RADIUS), power), steps * steps * times
        in_bands(
            lambda first, end, _: multiply(first, end, spectrum, turns, (one, two), table),
            half,
            MULTIPLY_NS * spectrum.size,
        )
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
