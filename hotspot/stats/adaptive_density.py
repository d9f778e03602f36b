"""Adaptive density: narrow kernels where incidents crowd, wide ones where they are few."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import N_, HotspotError, Told
from hotspot.stats.adaptive_sums import AdaptiveSums
from hotspot.stats.kde import Edge, Surface, kde_at, kde_grid
from hotspot.stats.kernel_sums import checked, near_mask
from hotspot.stats.kernels import bandwidth_of
from hotspot.stats.spline_lattice import STEPS_PER_SIGMA
from hotspot.stats.spline_sums import at_incidents

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

CLIP = 5.0  # no incident is smoothed wider than five times the global bandwidth (spatstat, sparr)
LEAST_MASS = 1e-12
EXACT_INCIDENTS = 5_000  # up to here the pilot is summed over every pair
MOST_KNOTS = 4e7  # memory: beyond, for a place far wider than the pilot, pairs are summed too


class Frame(NamedTuple):
    """The lattice of a surface: outer corner in the north-west [m], side of a cell [m], rows and columns, the place.

    ``inside`` is False outside the boundary, in holes and on water; None takes every cell.
    """

    origin: tuple[float, float]
    cell_m: float
    shape: tuple[int, int]
    inside: BoolArray | None = None

    @property
    def mask(self) -> BoolArray:
        """Cells of the place."""
        return np.ones(self.shape, dtype=np.bool_) if self.inside is None else np.asarray(self.inside, dtype=np.bool_)

    def position(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return column and row as real numbers; cell centres are whole numbers."""
        return (x - self.origin[0]) / self.cell_m - 0.5, (self.origin[1] - y) / self.cell_m - 0.5


def abramson(
    points_xy: ArrayLike, global_m: float, pilot_m: float, weights: ArrayLike | None = None, *, clip: float = CLIP
) -> FloatArray:
    """How wide should each incident be smoothed, by the square-root law?

    Parameters
    ----------
    points_xy
        Incidents, shape (incidents, 2). [m]
    global_m
        Geometric mean of the bandwidths, as a Gaussian sigma. [m]
    pilot_m
        Sigma of the first, fixed density that tells crowded from empty. [m]
    weights
        Weight of each incident; 1 when None.
    clip
        Largest bandwidth, in global bandwidths.

    Returns
    -------
    numpy.ndarray
        Sigma of each incident, shape (incidents,), in the order given. [m]

    Raises
    ------
    HotspotError
        If a bandwidth, a coordinate or a weight is impossible.

    Notes
    -----
    ``h_i = h0 min(f(x_i)**(-1/2) / g, clip)``, f the pilot density that integrates to 1, without correction at the
    edge, and g the geometric mean of ``f(x_i)**(-1/2)``. Before clipping the geometric mean of the bandwidths is h0.

    How it misleads: an incident far from all others gets a wide bandwidth however sure its place is, and repeats at
    one address get a narrow one.

    References
    ----------
    Abramson (1982) https://doi.org/10.1214/aos/1176345986; Davies, Marshall and Hazelton (2018)
    https://doi.org/10.1002/sim.7577
    """
    pilot = _pilot_at_incidents(*checked(points_xy, weights), pilot_m)
    return _square_root_law(pilot, pilot, global_m, clip)


def adaptive_grid(  # noqa: PLR0913 - what a density is made of
    points_xy: ArrayLike,
    frame: Frame,
    global_m: float,
    pilot_m: float,
    *,
    weights: ArrayLike | None = None,
    edge: Edge = "none",
    clip: float = CLIP,
) -> Surface:
    """Where are incidents dense, told finely where they crowd and roughly where they are few?

    Parameters
    ----------
    points_xy
        Incidents, shape (incidents, 2). [m]
    frame
        The lattice and the place.
    global_m, pilot_m
        As for `abramson`.
    weights
        Weight of each incident; 1 when None.
    edge
        ``none``; ``jones_diggle`` divides by the share of the incident's own kernel inside, so that the incidents
        inside add up; ``uniform`` divides by the share inside of the kernel that the pilot asks for at the cell.
    clip
        As for `abramson`.

    Returns
    -------
    Surface
        Intensity at cell centres, never negative [incidents/m2]; NaN outside the place. ``bandwidth`` is the global.

    Raises
    ------
    HotspotError
        If a bandwidth, a coordinate, a weight or the edge is impossible.

    Notes
    -----
    ``sum w_i K((s - x_i) / h_i) / h_i**2`` with a Gaussian K. Few incidents are summed exactly; many are shared out
    among Gaussians on a ladder of bandwidths by cubic interpolation in the logarithm of the bandwidth (at most 5e-4 of
    the peak), each rung one Fourier transform. Peaks stand out more than in a fixed density and lone incidents less:
    choose the pilot first, and never read the height of a peak without the number of addresses behind it.

    How it misleads: two surfaces with different pilots cannot be compared by their peaks, and a peak may be one
    address.

    References
    ----------
    Abramson (1982) https://doi.org/10.1214/aos/1176345986; Davies and Baddeley (2018)
    https://doi.org/10.1007/s11222-017-9772-4
    """
    if edge not in ("none", "uniform", "jones_diggle"):
        raise HotspotError(
            "the edge correction must be none, uniform or jones_diggle.",
            "{edge}", 'write edge = "jones_diggle"',
            edge=edge,
        )  # fmt: skip
    used = bandwidth_of(global_m, "gaussian")
    x, y, w = checked(points_xy, weights)
    sigma = abramson(np.column_stack([x, y]), global_m, pilot_m, w, clip=clip)
    column, row = frame.position(x, y)
    mask = frame.mask
    told: tuple[Told, ...] = ()
    widths = sigma / frame.cell_m
    sums = AdaptiveSums(frame.shape)
    if edge == "jones_diggle":
        share = sums.inside(column, row, widths, mask)
        kept = near_mask(column, row, mask) & (share > LEAST_MASS)
        told = _left_out(int((~kept).sum()))
        column, row, widths, w = column[kept], row[kept], widths[kept], w[kept] / share[kept]
    out = sums.total(column, row, w, widths) / frame.cell_m**2
    if edge == "uniform" and w.sum() > 0:
        pilot = _pilot_at_cells(np.column_stack([x, y]), frame, w, pilot_m)
        own = _pilot_at_incidents(x, y, w, pilot_m)
        at_cells = _square_root_law(pilot, own, global_m, clip) / frame.cell_m
        out[mask] /= np.maximum(sums.mass(mask, at_cells)[mask], LEAST_MASS)
    out[~mask] = np.nan
    return Surface(out, used, told)


def _square_root_law(pilot: FloatArray, at_incidents: FloatArray, global_m: float, clip: float) -> FloatArray:
    """Turn pilot densities into bandwidths, scaled by those at the incidents."""
    if not (math.isfinite(global_m) and global_m > 0 and clip >= 1):
        raise HotspotError(
            "a global bandwidth is a positive number of metres and its clip at least 1.", "{h} m, {clip}",
            "give for example 150 and 5", h=global_m, clip=clip,
        )  # fmt: skip
    known = at_incidents[at_incidents > 0]
    if not known.size:
        return np.full(pilot.shape, global_m)
    scale = math.exp(float(np.mean(-0.5 * np.log(known))))
    with np.errstate(divide="ignore"):
        return np.asarray(global_m * np.minimum(pilot**-0.5 / scale, clip))


def _pilot_at_incidents(x: FloatArray, y: FloatArray, w: FloatArray, pilot_m: float) -> FloatArray:
    """Return the pilot density at every incident, its own kernel included: summed exactly for few."""
    used = bandwidth_of(pilot_m, "gaussian").h_m
    if not w.sum() > 0:
        return np.zeros(x.size)
    knots = math.prod(float(np.ptp(each)) / used * STEPS_PER_SIGMA + 1.0 for each in (x, y))
    if x.size > EXACT_INCIDENTS and knots < MOST_KNOTS:
        return np.asarray(at_incidents(x, y, w, used) / (used**2 * w.sum()))
    points = np.column_stack([x, y])
    return np.asarray(kde_at(points, points, used, "gaussian", w) / w.sum())


def _pilot_at_cells(points: FloatArray, frame: Frame, w: FloatArray, pilot_m: float) -> FloatArray:
    """Return the pilot density at every cell centre."""
    lattice = frame.origin, frame.cell_m, frame.shape
    found = kde_grid(points, w, *lattice, pilot_m, "gaussian", forced=True).intensity
    return np.asarray(found / w.sum())


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
