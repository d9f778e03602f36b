"""How a luminaire spreads its light when no photometric file is at hand, and the loops that add it up."""

from typing import Literal, NamedTuple, Protocol

import numba
import numpy as np
from numpy.typing import NDArray

REACH_HEIGHTS, REACH_LEAST_M = 5.0, 60.0  # a lamp counts within 5 heights, and never within less than 60 m
_COSINE, _LAMBERT, _DISC = 0.0, 1.0, 2.0

Floats = NDArray[np.float64]


class Photometry(NamedTuple):
    """How a luminaire spreads its light when no photometric file is at hand.

    Attributes
    ----------
    kind
        ``cosine``: intensity falls with the cosine to a power; ``disc``: even light on a disc, none beyond.
    power
        The power of the cosine: 1 is Lambert, 0 an even lower hemisphere.
    cutoff_deg
        Half the opening angle of the disc. [degrees]
    downward_share
        Light output ratio times what goes below the horizon, 0 to 1.
    """

    kind: Literal["cosine", "disc"]
    power: float = 1.0
    cutoff_deg: float = 65.0
    downward_share: float = 1.0


class Sources(Protocol):
    """Anything with positions, heights and outputs of lamps."""

    @property
    def x(self) -> Floats:
        """Easting. [m]"""

    @property
    def y(self) -> Floats:
        """Northing, rising. [m]"""

    @property
    def height_m(self) -> Floats:
        """Light point above the ground. [m]"""

    @property
    def flux_lm(self) -> Floats:
        """Maintained output. [lm]"""


LAMBERT = Photometry("cosine", 1.0)  # the default: underestimates light between lamps with road optics
HEMISPHERE = Photometry("cosine", 0.0)
UNIFORM_DISC = Photometry("disc")  # the optimistic end of the range


def reach_m(height_m: Floats | float) -> Floats:
    """How far from its foot a lamp is reckoned with.

    Parameters
    ----------
    height_m
        Light point above the ground. [m]

    Returns
    -------
    array
        ``max(5 H, 60 m)``. [m]
    """
    return np.maximum(REACH_HEIGHTS * np.asarray(height_m, dtype=np.float64), REACH_LEAST_M)


def lamp_terms(lamps: Sources, photometry: Photometry) -> Floats:
    """What the sums need of each lamp.

    Parameters
    ----------
    lamps
        Lamps from south to north.
    photometry
        How they spread their light.

    Returns
    -------
    array, shape (lamps, 5)
        Easting, northing, height squared, factor, reach squared.

    Notes
    -----
    Cosine power m: ``I0 = (m+1) flux / 2 pi`` and ``E = I0 H^(m+1) / (H^2 + d^2)^((m+3)/2)``. Disc:
    ``E = flux / (pi H^2 tan^2 cutoff)`` within ``H tan cutoff``.
    """
    height = lamps.height_m
    flux = lamps.flux_lm * photometry.downward_share
    reach = reach_m(height)
    if photometry.kind == "disc":
        radius = height * np.tan(np.radians(photometry.cutoff_deg))
        factor, reach = flux / (np.pi * radius**2), np.minimum(reach, radius)
    else:
        intensity = (photometry.power + 1.0) * flux / (2.0 * np.pi)  # straight down [cd]
        factor = intensity * height ** (photometry.power + 1.0)
    return np.column_stack([lamps.x, lamps.y, height**2, factor, reach**2])


def shape_of(photometry: Photometry) -> Floats:
    """The photometry as the compiled sums take it: which loop, and the exponent of the squared slant.

    Parameters
    ----------
    photometry
        How a lamp spreads its light.

    Returns
    -------
    array, shape (2,)
        Loop and exponent.
    """
    exponent = -(photometry.power + 3.0) / 2.0
    if photometry.kind == "disc":
        return np.array([_DISC, exponent])
    return np.array([_LAMBERT if photometry.power == 1.0 else _COSINE, exponent])


@numba.njit(cache=True, nogil=True)
def add_to_raster(part, columns, rows, edges, terms, shape):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - a compiled loop
    """Add each lamp to the pixels within its reach, lamp by lamp, so that the order of the sum is fixed.

    Parameters
    ----------
    part : array, shape (bottom - top, right - left)
        The light so far, changed in place. [lx]
    columns, rows : arrays
        Rising, equally spaced centres of the whole raster. [m]
    edges : array, shape (4,)
        Top, bottom, left and right of ``part`` in the raster.
    terms, shape : arrays
        As from `lamp_terms` and `shape_of`.
    """
    dx = columns[1] - columns[0] if len(columns) > 1 else 1.0
    dy = rows[1] - rows[0] if len(rows) > 1 else 1.0
    offset = np.zeros(len(columns), dtype=np.float32)
    for lamp in range(len(terms)):
        x, y, h2, factor, reach2 = terms[lamp]
        reach = np.sqrt(reach2)
        first = max(edges[0], int(np.ceil((y - reach - rows[0]) / dy)))
        last = min(edges[1] - 1, int(np.floor((y + reach - rows[0]) / dy)))
        west = max(edges[2], int(np.ceil((x - reach - columns[0]) / dx)))
        east = min(edges[3] - 1, int(np.floor((x + reach - columns[0]) / dx)))
        if first > last or west > east:
            continue
        for column in range(west, east + 1):
            offset[column] = (columns[column] - x) ** 2
        for row in range(first, last + 1):
            off = rows[row] - y
            half = np.sqrt(max(reach2 - off * off, 0.0))
            left = max(west, int(np.ceil((x - half - columns[0]) / dx)))
            right = min(east, int(np.floor((x + half - columns[0]) / dx)))
            if left <= right:  # else the row's pixels lie outside, and a negative end would count from behind
                line = part[row - edges[0], left - edges[2] : right + 1 - edges[2]]
                _add_line(line, offset[left : right + 1], np.float32(h2 + off * off), factor, shape)


@numba.njit(cache=True, nogil=True)
def _add_line(line, offset, base, factor, shape):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - a compiled loop
    """Add one lamp to the pixels of one row within its reach."""
    strength = np.float32(factor)
    if shape[0] == _DISC:
        for i in range(len(line)):
            line[i] += strength
    elif shape[0] == _LAMBERT:
        for i in range(len(line)):
            slant = base + offset[i]
            line[i] += strength / (slant * slant)
    else:
        for i in range(len(line)):
            line[i] += np.float32(factor * np.float64(base + offset[i]) ** shape[1])


@numba.njit(cache=True, nogil=True)
def add_to_points(lux, points, terms, shape):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - a compiled loop
    """Add up the lamps within reach of each point.

    Parameters
    ----------
    lux : array, shape (points,)
        The light so far, changed in place. [lx]
    points : array, shape (points, 2)
        Positions. [m]
    terms, shape : arrays
        As from `lamp_terms` and `shape_of`, lamps from south to north.
    """
    farthest = np.sqrt(terms[:, 4].max())
    south = np.searchsorted(terms[:, 1], points[:, 1] - farthest)
    north = np.searchsorted(terms[:, 1], points[:, 1] + farthest, side="right")
    for point in range(len(points)):
        total = 0.0
        for lamp in range(south[point], north[point]):
            squared = (points[point, 0] - terms[lamp, 0]) ** 2 + (points[point, 1] - terms[lamp, 1]) ** 2
            if squared <= terms[lamp, 4]:
                total += terms[lamp, 3] * (1.0 if shape[0] == _DISC else (terms[lamp, 2] + squared) ** shape[1])
        lux[point] += total
