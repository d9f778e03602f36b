"""How wide to smooth for an intensity over a place: Diggle's and Cronie and van Lieshout's rules."""

import math
from typing import Literal, NamedTuple

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from hotspot.errors import HotspotError
from hotspot.stats.held_out import HeldOut, held_out

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

SEARCHED_M = (25.0, 500.0)
LEAST_PLACES = 3
BINS = 4096  # of the distances between incidents, up to four times the widest sigma
GRID_STEPS = 400  # 1 % apart, of Diggle's criterion at first
LOOKED_AT_AGAIN = 40  # of these: it falls by a jump at every distance between two incidents, so the least is at one
COARSE_STEPS = 40  # the sum of inverse densities has none
OVER_SIGMA = 2.0  # Diggle's disc has a radius of two sigma
WIDEST = 1 / 16  # of the window's shorter side: K is known up to a quarter of it and read up to four sigma (spatstat)
UNCORRELATED = 1e-6  # share of the place left after a shift below which a pair cannot be weighted


class Window(NamedTuple):
    """Where incidents could have been seen: cells of the place, and the side of a cell [m].

    ``inside`` has row 0 in the north; holes and water are False.
    """

    inside: BoolArray
    cell_m: float

    @property
    def area_m2(self) -> float:
        """Area of the place. [m2]"""
        return float(np.count_nonzero(self.inside)) * self.cell_m**2


def diggle(
    points_xy: ArrayLike,
    window: Window,
    within_m: tuple[float, float] = SEARCHED_M,
    *,
    edge: Literal["none", "translate"] = "translate",
) -> float:
    """Which sigma has the smallest mean squared error, if incidents cluster round places of their own?

    Parameters
    ----------
    points_xy
        Incidents, shape (incidents, 2). [m]
    window
        Where they could have been seen.
    within_m
        Smallest and largest sigma to try [m]; nothing wider than a sixteenth of the window's shorter side is tried,
        since the distances between incidents tell too little beyond.
    edge
        ``translate`` weights each pair by how often it could have been seen inside the place.

    Returns
    -------
    float
        The sigma [m]; NaN with fewer than three distinct places.

    Raises
    ------
    HotspotError
        If a coordinate is missing or the window is empty.

    Notes
    -----
    With a disc of radius h: smallest ``M(h) = (1/lambda - 2 K(h)) / (pi h**2) + J(h) / (pi h**2)**2``, where J sums
    over pairs the area that their two discs share; sigma is h / 2. Assumes a Cox process, whose intensity is the same
    everywhere on average: over a town with an empty half it is often very small. Pairs on one address are left out,
    since they would drive it to zero. The time grows with the number of pairs within four sigma.

    How it misleads: where incidents keep apart, as trees do, it comes near the widest it may take, and says as
    much of the window as of them.

    References
    ----------
    Diggle (1985) https://doi.org/10.2307/2347366; Berman and Diggle (1989)
    https://doi.org/10.1111/j.2517-6161.1989.tb01750.x
    """
    held = _places(points_xy, window)
    if len(held.places) < LEAST_PLACES:
        return math.nan
    widest = max(within_m[0], min(within_m[1], WIDEST * window.cell_m * min(window.inside.shape)))
    steps = np.geomspace(within_m[0], widest, GRID_STEPS)
    pairs = _pair_histogram(held, window, 2.0 * OVER_SIGMA * widest, edge)
    losses = np.array([_mean_squared_error(float(each), pairs, held, window) for each in steps])
    jumps = pairs[0][pairs[1] > 0] / OVER_SIGMA
    nearest = np.rint(np.log(jumps / steps[0]) / math.log(steps[1] / steps[0]))
    again = jumps[np.isin(nearest, np.argsort(losses)[:LOOKED_AT_AGAIN])]
    again = again[(again >= steps[0]) & (again <= steps[-1])]
    sigma = np.concatenate([steps, again])
    losses = np.append(losses, [_mean_squared_error(float(each), pairs, held, window) for each in again])
    return float(sigma[int(np.argmin(losses))])


def diggle_criterion(
    points_xy: ArrayLike, sigma_m: ArrayLike, window: Window, *, edge: Literal["none", "translate"] = "translate"
) -> FloatArray:
    """How large is Diggle's mean squared error at some bandwidths, up to a constant?

    Parameters
    ----------
    points_xy
        Incidents, shape (incidents, 2). [m]
    sigma_m
        Bandwidths. [m]
    window, edge
        As for `diggle`.

    Returns
    -------
    numpy.ndarray
        ``M(2 sigma)``; smaller is better, negative values are usual.

    Raises
    ------
    HotspotError
        If a coordinate is missing or the window is empty.

    Notes
    -----
    M(h) as in `diggle`, at h = 2 sigma.

    How it misleads: the curve jumps at every distance between two incidents, so that its lowest point is one of
    many; read the valley.

    References
    ----------
    Diggle (1985) https://doi.org/10.2307/2347366
    """
    held = _places(points_xy, window)
    sigma = np.asarray(sigma_m, dtype=np.float64).ravel()
    pairs = _pair_histogram(held, window, 2.0 * OVER_SIGMA * float(sigma.max()), edge)
    return np.array([_mean_squared_error(float(each), pairs, held, window) for each in sigma])


def cronie_van_lieshout(points_xy: ArrayLike, window: Window, within_m: tuple[float, float] = SEARCHED_M) -> float:
    """With which sigma do the incidents, each counted as one over its density, add up to the place's area?

    Parameters
    ----------
    points_xy
        Incidents, shape (incidents, 2). [m]
    window
        Where they could have been seen.
    within_m
        Smallest and largest sigma to try. [m]

    Returns
    -------
    float
        The smallest such sigma, or the bound that comes nearest [m]; NaN with fewer than three distinct places.

    Raises
    ------
    HotspotError
        If a coordinate is missing or the window is empty.

    Notes
    -----
    ``sum 1 / lambda(x_i) = |W|`` with a Gaussian density, no correction at the edge, each incident counting in its own
    density. Needs no model and is not hurt by stacked addresses. Wide where a place has large empty parts: exclude
    water and fields from the window.

    How it misleads: the sum can be right with an intensity that is wrong everywhere: it keeps the total and knows
    nothing of detail.

    References
    ----------
    Cronie and van Lieshout (2018) https://doi.org/10.1093/biomet/asy001
    """
    held = _places(points_xy, window)
    if len(held.places) < LEAST_PLACES:
        return math.nan
    area = math.log(window.area_m2)
    steps = np.geomspace(*within_m, COARSE_STEPS)
    over = np.array([math.log(held.inverse_density_sum(float(s))) - area for s in steps])
    crosses = np.flatnonzero((over[:-1] < 0) & (over[1:] >= 0))
    if not crosses.size:
        return float(steps[np.abs(over).argmin()])
    k = int(crosses[0])
    found = brentq(lambda s: math.log(held.inverse_density_sum(s)) - area, steps[k], steps[k + 1], rtol=1e-8)
    return float(found)


def _places(points_xy: ArrayLike, window: Window) -> HeldOut:
    """Return the distinct places, refusing missing coordinates and an empty window."""
    points = np.asarray(points_xy, dtype=np.float64).reshape(-1, 2)
    bad = ~np.isfinite(points).all(axis=1)
    if bad.any() or not window.area_m2 > 0:
        raise HotspotError(
            "every incident needs coordinates, and the window an area.",
            "{n} incidents without, a window of {area} m2",
            "leave these incidents out, and give the cells of the place",
            n=int(bad.sum()), area=window.area_m2,
        )  # fmt: skip
    return held_out(points)


def _pair_histogram(held: HeldOut, window: Window, most_m: float, edge: str) -> tuple[FloatArray, FloatArray]:
    """Return distances and how much K grows at each, over pairs of incidents at different places."""
    if edge not in ("none", "translate"):
        raise HotspotError(
            "pairs are weighted by none or translate.", "{edge}", 'write edge = "translate"', edge=edge
        )  # fmt: skip
    n = float(held.incidents.sum())
    pairs = n**2 - float(held.incidents @ held.incidents)
    shared = np.ones((1, 1)) if edge == "none" else _shared_area(window.inside)
    reach = most_m if edge == "none" else min(most_m, window.cell_m * max(window.inside.shape))
    width = most_m / BINS
    distance, grown = np.zeros(BINS), np.zeros(BINS)
    _count_pairs(held.places, held.incidents, (width, reach, window.cell_m), shared, (distance, grown))
    middle = np.divide(distance, grown, out=(np.arange(BINS) + 0.5) * width, where=grown > 0)
    return middle, grown * (window.area_m2 / pairs)


def _shared_area(inside: BoolArray) -> FloatArray:
    """Share of the place that it has in common with itself moved by whole cells; no shift in the middle."""
    from scipy.signal import fftconvolve

    mask = inside.astype(np.float64)
    shared: FloatArray = fftconvolve(mask, mask[::-1, ::-1], mode="full")
    return np.asarray(np.pad(np.maximum(shared, 0.0), 1) / mask.sum(), dtype=np.float64)


@numba.njit(cache=True, nogil=True)
def _count_pairs(
    places: FloatArray,
    count: FloatArray,
    how: tuple[float, float, float],
    shared: FloatArray,
    out: tuple[FloatArray, FloatArray],
) -> None:
    """Add every ordered pair of different places to the bin of its distance, weighted as seen inside."""
    width, reach, cell_m = how
    distance, grown = out
    rows, columns = shared.shape
    for i in range(places.shape[0]):
        for j in range(i + 1, places.shape[0]):
            dx, dy = places[j, 0] - places[i, 0], places[j, 1] - places[i, 1]
            if dx > reach:
                break
            d = math.sqrt(dx * dx + dy * dy)
            k = int(d / width)
            if k >= grown.size:
                continue
            weight = 2.0 * count[i] * count[j]
            if rows > 1:
                y, x = (rows - 1) / 2 - dy / cell_m, (columns - 1) / 2 + dx / cell_m
                if not (0 <= y < rows - 1 and 0 <= x < columns - 1):
                    continue
                weight /= max(_between(shared, y, x), UNCORRELATED)
            grown[k] += weight
            distance[k] += weight * d


@numba.njit(cache=True)
def _between(field: FloatArray, y: float, x: float) -> float:
    """Read a field between its points: exact for a place made of cells."""
    i, j = int(y), int(x)
    u, v = y - i, x - j
    top = field[i, j] * (1 - v) + field[i, j + 1] * v
    low = field[i + 1, j] * (1 - v) + field[i + 1, j + 1] * v
    return float(top * (1 - u) + low * u)


def _mean_squared_error(sigma: float, pairs: tuple[FloatArray, FloatArray], held: HeldOut, window: Window) -> float:
    """Return M of the disc with a radius of two sigma."""
    h = OVER_SIGMA * sigma
    distance, grown = pairs
    density = float(held.incidents.sum()) / window.area_m2
    y = np.minimum(distance / (2.0 * h), 1.0)
    lens = 2.0 * h**2 * (np.arccos(y) - y * np.sqrt(1.0 - y**2))
    within = float(grown[distance <= h].sum())
    disc = math.pi * h**2
    return float((1.0 / density - 2.0 * within) / disc + float(grown @ lens) / disc**2)
