"""Densities at each place from all the other places: what cross-validation of a bandwidth is made of."""

import math
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.spatial import KDTree

FloatArray = NDArray[np.float64]

EXACT_PLACES = 2500  # up to here near pairs are summed whatever it costs; beyond, or read from a lattice where cheaper
PAIRS_PER_CELL = 10  # a cell of the lattice costs as much as so many pairs: 88 ns against 5 to 14
CELLS_PER_SIGMA = 8.0  # lattice so fine that its error is below 1e-4 of a kernel's peak
ISOLATED = 0.02  # places whose rest is this small against their own peak are summed exactly
LATTICE_REACH = 6.0  # sigma
TOO_FAR = 10.0  # sigma: at d^2 > nearest^2 + (10 sigma)^2 an incident adds below 2e-22 of what one at the nearest does


class HeldOut(NamedTuple):
    """Distinct places, how many incidents each holds, and how far the nearest other place is."""

    places: FloatArray
    incidents: FloatArray
    nearest_m: FloatArray

    @property
    def tolerance(self) -> float:
        """How finely a bandwidth is worth searching, in log units."""
        return 1e-9 if len(self.places) <= EXACT_PLACES else 1e-3

    def mean_log_density(self, sigma_m: float) -> float:
        """Mean over incidents of the log density that the other places give.

        Parameters
        ----------
        sigma_m
            Standard deviation of the Gaussian. [m]

        Returns
        -------
        float
            The larger, the better places foretell one another. [log 1/m2]
        """
        total = float(self.incidents.sum())
        log_sum = _log_others(self, sigma_m)
        log_density = log_sum - np.log(2.0 * math.pi * sigma_m**2 * (total - self.incidents))
        return float(self.incidents @ log_density / total)

    def squared_error(self, sigma_m: float) -> float:
        """Integrated squared density minus twice the mean density from the other places.

        Parameters
        ----------
        sigma_m
            Standard deviation of the Gaussian. [m]

        Returns
        -------
        float
            The smaller, the better. [1/m2]
        """
        total = float(self.incidents.sum())
        wide = math.sqrt(2.0) * sigma_m
        own = float(self.incidents @ self.incidents)
        pairs = float(self.incidents @ np.exp(_log_others(self, wide)))
        squared = (own + pairs) / (2.0 * math.pi * wide**2 * total**2)
        left = np.exp(_log_others(self, sigma_m)) / (2.0 * math.pi * sigma_m**2 * (total - self.incidents))
        return float(squared - 2.0 * float(self.incidents @ left) / total)

    def inverse_density_sum(self, sigma_m: float) -> float:
        """Sum over incidents of one over the density there, their own place included.

        Parameters
        ----------
        sigma_m
            Standard deviation of the Gaussian. [m]

        Returns
        -------
        float
            An area. [m2]
        """
        density = np.exp(_log_others(self, sigma_m)) + self.incidents
        return float(self.incidents @ (2.0 * math.pi * sigma_m**2 / density))


def held_out(points: FloatArray) -> HeldOut:
    """Which distinct places do the incidents have, in an order of their own?

    Parameters
    ----------
    points
        Incidents, shape (incidents, 2). [m]

    Returns
    -------
    HeldOut
        The places, sorted, with their counts; ``nearest_m`` is infinite for a single place.
    """
    places, count = np.unique(points, axis=0, return_counts=True)
    nearest = np.full(len(places), np.inf)
    if len(places) > 1:
        nearest = np.asarray(KDTree(places).query(places, k=2)[0], dtype=np.float64)[:, 1]
    return HeldOut(places, count.astype(np.float64), nearest)


def _log_others(held: HeldOut, sigma_m: float) -> FloatArray:
    """Return log of sum over other places of count * exp(-d^2 / 2 sigma^2); from a lattice where pairs are many."""
    everyone = np.arange(len(held.places))
    if len(everyone) <= EXACT_PLACES or _pairs(held, sigma_m) <= PAIRS_PER_CELL * _cells(held, sigma_m):
        return _exact(everyone, held.places, held.incidents, held.nearest_m, sigma_m)
    rest = _from_lattice(held, sigma_m) - held.incidents
    isolated = rest < ISOLATED * held.incidents
    out = np.log(np.where(isolated, 1.0, rest))
    out[isolated] = _exact(everyone[isolated], held.places, held.incidents, held.nearest_m, sigma_m)
    return out


def _pairs(held: HeldOut, sigma_m: float) -> int:
    """Count the pairs that summing exactly looks at."""
    east, reach = held.places[:, 0], np.hypot(held.nearest_m, TOO_FAR * sigma_m)
    return int((np.searchsorted(east, east + reach, side="right") - np.searchsorted(east, east - reach)).sum())


def _cells(held: HeldOut, sigma_m: float) -> float:
    """Count the cells of the lattice that would be smoothed."""
    return float(np.prod(np.ptp(held.places, axis=0) / (sigma_m / CELLS_PER_SIGMA) + 3.0))


def _from_lattice(held: HeldOut, sigma_m: float) -> FloatArray:
    """Return the sum over all places, own included, by linear binning, smoothing and linear reading.

    Binning and reading each widen the kernel by a sixth of a squared cell per axis; the smoothing is narrowed
    by as much, so that the error is of fourth order.
    """
    cell = sigma_m / CELLS_PER_SIGMA
    low = held.places.min(axis=0)
    position = (held.places - low) / cell + 1.0
    shape = np.ceil(position.max(axis=0)).astype(np.int64) + 2
    lattice = np.zeros((int(shape[0]), int(shape[1])))
    _spread(position, held.incidents, lattice)
    narrowed = math.sqrt(CELLS_PER_SIGMA**2 - 1.0 / 3.0)
    smooth = gaussian_filter(lattice, narrowed, mode="constant", truncate=LATTICE_REACH)
    read = map_coordinates(smooth, position.T, order=1, mode="constant")
    return np.asarray(read * (2.0 * math.pi * CELLS_PER_SIGMA**2), dtype=np.float64)


@numba.njit(cache=True, nogil=True)
def _spread(position: FloatArray, count: FloatArray, lattice: FloatArray) -> None:
    """Share every place's count among its four lattice points."""
    for p in range(position.shape[0]):
        i, j = int(position[p, 0]), int(position[p, 1])
        u, v = position[p, 0] - i, position[p, 1] - j
        lattice[i, j] += count[p] * (1 - u) * (1 - v)
        lattice[i + 1, j] += count[p] * u * (1 - v)
        lattice[i, j + 1] += count[p] * (1 - u) * v
        lattice[i + 1, j + 1] += count[p] * u * v


@numba.njit(cache=True, nogil=True)
def _exact(
    wanted: NDArray[np.int64], places: FloatArray, count: FloatArray, nearest: FloatArray, sigma: float
) -> FloatArray:
    """Sum over all other places, relative to the nearest one so that nothing underflows."""
    out = np.empty(wanted.size)
    for k in range(wanted.size):
        i = wanted[k]
        d0 = nearest[i] ** 2
        limit = d0 + (TOO_FAR * sigma) ** 2
        reach = math.sqrt(limit)
        first = np.searchsorted(places[:, 0], places[i, 0] - reach)
        last = np.searchsorted(places[:, 0], places[i, 0] + reach, side="right")
        total = 0.0
        for j in range(first, last):
            d2 = (places[j, 0] - places[i, 0]) ** 2 + (places[j, 1] - places[i, 1]) ** 2
            if j != i and d2 <= limit:
                total += count[j] * math.exp((d0 - d2) / (2.0 * sigma**2))
        out[k] = math.log(total) - d0 / (2.0 * sigma**2)
    return out
