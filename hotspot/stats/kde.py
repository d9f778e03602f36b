"""Kernel density: incidents per square metre, at points and on a lattice of square cells."""

import math
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import N_, HotspotError, Told
from hotspot.stats import spline_sums
from hotspot.stats.kernel_sums import checked, in_order, kernel_over_cells, near_mask, sum_at
from hotspot.stats.kernels import Bandwidth, bandwidth_of, kernel_named
from hotspot.stats.smoothing import SMOOTH, Smoothing
from hotspot.stats.spline_lattice import lattice_for

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Edge = Literal["none", "uniform", "jones_diggle"]

WARN_CELLS, REFUSE_CELLS = 1.0, 0.5
LEAST_MASS = 1e-12
FEW_CELLS = 250_000  # below this a plain convolution of the mask is as fast
LEAST_SMOOTH_CELLS = 4.0  # a narrower kernel is integrated over its cells rather than read at their centres


class Surface(NamedTuple):
    """A density surface.

    ``intensity`` has the lattice's shape, row 0 in the north, in incidents per square metre over the whole
    period; NaN outside the mask. ``bandwidth`` is the one used, ``findings`` what a reader must know.
    """

    intensity: FloatArray
    bandwidth: Bandwidth
    findings: tuple[Told, ...]


def kde_at(
    points_xy: ArrayLike, at_xy: ArrayLike, bandwidth_m: float, kernel: str, weights: ArrayLike | None = None
) -> FloatArray:
    """How dense are incidents at the given places?

    Parameters
    ----------
    points_xy
        Incidents, shape (incidents, 2). [m]
    at_xy
        Where the density is wanted, shape (places, 2). [m]
    bandwidth_m
        The kernel's own bandwidth: sigma for the Gaussian, radius for the others. [m]
    kernel
        Name of the kernel.
    weights
        Weight of each incident; 1 when not given.

    Returns
    -------
    numpy.ndarray
        Intensity, shape (places,), no edge correction. [incidents/m2]; NaN where the place itself is unknown.

    Raises
    ------
    HotspotError
        If the bandwidth, a coordinate or a weight is impossible.

    Notes
    -----
    ``sum w_i K(d_i / h) / h**2``, exact for compact kernels; the Gaussian is cut at 6.5 sigma, which loses at
    most 1e-9 of an incident's peak. Multiply by 1e6 and divide by the years for incidents per km2 and year.

    How it misleads: a density is a guess about places between the incidents: a peak between two addresses may be a
    place where nothing happened.

    References
    ----------
    Diggle (1985) https://doi.org/10.2307/2347366
    """
    used = bandwidth_of(bandwidth_m, kernel)
    x, y, w = in_order(points_xy, weights)
    at = np.asarray(at_xy, dtype=np.float64).reshape(-1, 2)
    code = kernel_named(kernel).code
    return sum_at(np.ascontiguousarray(at), x, y, w, used.h_m, code) / used.h_m**2


def kde_grid(  # noqa: PLR0913, PLR0917 - the lattice and the kernel come as plain numbers on this floor
    points_xy: ArrayLike,
    weights: ArrayLike | None,
    origin: tuple[float, float],
    cell_m: float,
    shape: tuple[int, int],
    bandwidth_m: float,
    kernel: str,
    inside: BoolArray | None = None,
    edge: Edge = "none",
    *,
    forced: bool = False,
) -> Surface:
    """Where are incidents dense? A surface over a lattice of square cells.

    Parameters
    ----------
    points_xy
        Incidents, shape (incidents, 2). [m] Incidents outside the mask count too where they reach in (a
        halo), except with ``jones_diggle``.
    weights
        Weight of each incident; 1 when None.
    origin
        Outer corner of the north-western cell: (west, north). [m]
    cell_m
        Side of a cell. [m]
    shape
        Rows (from north to south) and columns.
    bandwidth_m
        The kernel's own bandwidth: sigma for the Gaussian, radius for the others. [m]
    kernel
        Name of the kernel.
    inside
        Cells that belong to the place, of the lattice's shape (False outside the boundary, in holes and on
        water); everything when None.
    edge
        ``none``; ``uniform`` divides by the share of the kernel inside at the cell; ``jones_diggle`` by the
        share inside at the incident, so that the incidents inside add up exactly.
    forced
        Accept a bandwidth far below the size of a cell.

    Returns
    -------
    Surface
        Intensity at cell centres, never negative. [incidents/m2]

    Raises
    ------
    HotspotError
        If the bandwidth equals less than half a cell of Gaussian sigma and is not forced, or if a coordinate,
        weight, mask or edge is impossible.

    Notes
    -----
    ``sum w_i K(d_i / h) / h**2``, divided by the share of the kernel inside as ``edge`` says.
    Exact where that takes a hundredth of a second, the Gaussian cut at 6.5 sigma (7e-10 of the mass); beyond,
    Gaussian, quartic and triweight go through a Fourier transform (1e-6 of the peak, see `spline_sums`) where that is
    cheaper, and only quartics of so few incidents that it would show stay exact. The sum of intensity times cell
    area is the number of incidents, within the error of sampling at cell centres, as long as the lattice
    holds them with a margin; Jones-Diggle keeps it exactly. Multiply by 1e6 and divide by the years for
    incidents per km2 and year. A lone incident shows as a disc around its address: mask by `effective_count`
    before anything is shown.

    How it misleads: the eye takes the colour scale for the finding; two maps can be compared only with the same
    bandwidth and classes.

    References
    ----------
    Diggle (1985) https://doi.org/10.2307/2347366; Jones (1993) https://doi.org/10.1007/BF00147776
    """
    used = bandwidth_of(bandwidth_m, kernel)
    findings = _check_against_cells(used, cell_m, forced=forced)
    x, y, w = checked(points_xy, weights)
    mask = _mask(inside, shape)
    column, row = _lattice_position(x, y, origin, cell_m)
    smoothing = Smoothing(shape, used.h_m / cell_m, kernel_named(kernel).code)
    if edge == "jones_diggle":
        near = near_mask(column, row, mask)
        share = smoothing.inside(column, row, mask)
        kept = near & (share > LEAST_MASS)
        findings += _left_out(int((~kept).sum()))
        column, row, w = column[kept], row[kept], w[kept] / share[kept]
    out = smoothing.total(column, row, w, times=used.h_m**-2)
    if edge == "uniform":
        out[mask] /= edge_mass(mask, cell_m, used.h_m, kernel)[mask]
    elif edge not in ("none", "jones_diggle"):
        raise HotspotError(
            "the edge correction must be none, uniform or jones_diggle.",
            "{edge}", 'write edge = "jones_diggle"',
            edge=edge,
        )  # fmt: skip
    if inside is not None:
        np.copyto(out, np.nan, where=~mask)
    return Surface(out, used, findings)


def effective_count(  # noqa: PLR0913, PLR0917 - the lattice and the kernel come as plain numbers on this floor
    points_xy: ArrayLike,
    weights: ArrayLike | None,
    origin: tuple[float, float],
    cell_m: float,
    shape: tuple[int, int],
    bandwidth_m: float,
    kernel: str,
    inside: BoolArray | None = None,
) -> FloatArray:
    """How many incidents stand behind the density at each cell?

    Parameters
    ----------
    points_xy, weights, origin, cell_m, shape, bandwidth_m, kernel, inside
        As for `kde_grid`.

    Returns
    -------
    numpy.ndarray
        ``(sum wK)**2 / sum (wK)**2`` of the lattice's shape: 1 where a single incident makes the surface, 0
        where none reaches, NaN outside the mask. [incidents]

    Raises
    ------
    HotspotError
        As `kde_grid`, except that no bandwidth is too small.

    Notes
    -----
    (sum w K)^2 / sum (w K)^2.
    A surface may be shown to the public only where this is at least the count required there. Incidents
    stacked on one address count each; where all of them concern one address, a count of distinct addresses is
    the safer mask.

    How it misleads: it counts reports, not people and not addresses: fifty reports from one address are fifty.

    References
    ----------
    Kish (1965) Survey Sampling, ISBN 0-471-10949-5, on effective numbers.
    """
    used = bandwidth_of(bandwidth_m, kernel)
    x, y, w = checked(points_xy, weights)
    mask = _mask(inside, shape)
    column, row = _lattice_position(x, y, origin, cell_m)
    smoothing = Smoothing(shape, used.h_m / cell_m, kernel_named(kernel).code)
    first, second = smoothing.total(column, row, w), smoothing.squares(column, row, w)
    out = np.divide(first**2, second, out=np.zeros(shape), where=second > 0)
    out[~mask] = np.nan
    return out


def edge_mass(inside: BoolArray, cell_m: float, bandwidth_m: float, kernel: str) -> FloatArray:
    """Which share of a kernel centred on each cell falls inside the place?

    Parameters
    ----------
    inside
        Cells that belong to the place, shape (rows, columns).
    cell_m
        Side of a cell. [m]
    bandwidth_m
        The kernel's own bandwidth. [m]
    kernel
        Name of the kernel.

    Returns
    -------
    numpy.ndarray
        Share in [0, 1] at every cell centre, inside and outside; holes and water count as outside.

    Raises
    ------
    HotspotError
        If the bandwidth or the kernel is impossible.
    """
    used = bandwidth_of(bandwidth_m, kernel)
    code = kernel_named(kernel).code
    if code in SMOOTH and inside.size > FEW_CELLS and used.h_m > LEAST_SMOOTH_CELLS * cell_m:
        how = (used.h_m / cell_m, SMOOTH[code])
        return spline_sums.mass(inside, lattice_for((inside.shape[0], inside.shape[1]), *how), how)
    table = kernel_over_cells(used.h_m / cell_m, kernel_named(kernel).code)
    from scipy.signal import fftconvolve  # a fifth of a second that most commands never need

    share: FloatArray = fftconvolve(np.asarray(inside, dtype=np.float64), table, mode="full")
    half = table.shape[0] // 2
    rows, columns = inside.shape
    return np.clip(share[half : half + rows, half : half + columns], 0.0, 1.0)


def _check_against_cells(used: Bandwidth, cell_m: float, *, forced: bool) -> tuple[Told, ...]:
    """Refuse a bandwidth that cells of this size cannot show; tell of one that they show badly."""
    if not (math.isfinite(cell_m) and cell_m > 0):
        raise HotspotError(
            "a cell must have a positive size in metres.", "{cell_m}", "give for example 25", cell_m=cell_m
        )
    cells = used.h_sigma_equiv / cell_m
    values = {
        "sigma_m": round(used.h_sigma_equiv, 1),
        "cell_m": cell_m,
        "kernel": used.kernel,
        "h_m": used.h_m,
    }
    if cells < REFUSE_CELLS and not forced:
        raise HotspotError(
            "the bandwidth must be at least half a cell, as a Gaussian sigma.",
            "{kernel} {h_m} m, a sigma of {sigma_m} m, on cells of {cell_m} m",
            "take smaller cells or a wider bandwidth", **values,
        )  # fmt: skip
    if cells >= WARN_CELLS:
        return ()
    template = N_("The bandwidth (sigma {sigma_m} m) is smaller than a cell ({cell_m} m): the density is coarse.")
    return (Told(template, values),)


def _left_out(n: int) -> tuple[Told, ...]:
    """Tell how many incidents an edge-corrected surface does not hold."""
    return (
        (
            Told(
                N_("{n} {n:incident|incidents} outside the boundary {n:is|are} not part of the density surface."),
                {"n": n},
            ),
        )
        if n
        else ()
    )


def _mask(inside: BoolArray | None, shape: tuple[int, int]) -> BoolArray:
    """Return the mask of the lattice, everything when none was given."""
    if inside is None:
        return np.ones(shape, dtype=np.bool_)
    mask = np.asarray(inside, dtype=np.bool_)
    if mask.shape != tuple(shape):
        raise HotspotError(
            "the mask must have the shape of the lattice.", "{given} for a lattice of {shape}",
            "make the mask on the same lattice", given=str(mask.shape), shape=str(tuple(shape)),
        )  # fmt: skip
    return mask


def _lattice_position(
    x: FloatArray, y: FloatArray, origin: tuple[float, float], cell_m: float
) -> tuple[FloatArray, FloatArray]:
    """Turn x and y, which are overwritten, into column and row; cell centres are whole numbers."""
    x -= origin[0]
    np.subtract(origin[1], y, out=y)
    for each in (x, y):
        np.divide(each, cell_m, out=each)
        np.subtract(each, 0.5, out=each)
    return x, y
