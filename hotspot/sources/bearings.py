"""Where a delivery's coordinates lie: a missing or wrong reference system is recognised and named.

Everything is judged against the study's boundary, never against a system's registered area of use:
the one of EPSG:25832 ends at 12.01 degrees east, west of Ishøj.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyproj
import shapely
from numpy.typing import ArrayLike, NDArray

from hotspot import crs as systems
from hotspot.errors import N_, ReferenceSystemError, Told

_MARGIN_M = 1_000.0  # points this far outside still speak for a reading: roads and stations at the edge
_SAMPLE = 500  # points that are enough to tell one reading from another
_CLEAR = 0.5  # a reading that puts at least this share of the points inside is believed
_ETRS89_ZONES = range(28, 39)  # EPSG:25828 to 25838
_NAD83_ZONES = range(1, 24)  # EPSG:26901 to 26923

Outline = shapely.Polygon | shapely.MultiPolygon


class Reading(NamedTuple):
    """One way to read two columns of numbers as places.

    Attributes
    ----------
    told
        What the numbers would be.
    fix
        What to type to have them read so.
    share
        Share of the points that fall inside the boundary when read so. [0 to 1]
    system
        The reference system of the numbers, such as ``EPSG:25833``.
    swapped
        Whether the second number is the easting.
    factor
        What both numbers are multiplied by to be in the system's unit.
    """

    told: Told
    fix: Told
    share: float
    system: str
    swapped: bool = False
    factor: float = 1.0


def share_inside(
    x: ArrayLike, y: ArrayLike, stated: str | pyproj.CRS, boundary: Outline, crs: str | pyproj.CRS
) -> float:
    """Return which share of the points falls inside the boundary when read in the stated system.

    Points without numbers and points at 0,0 (a withheld place) are left out. NaN if nothing is left.
    """
    east, north = _sample(x, y)
    if not len(east):
        return float("nan")
    return _share(east, north, systems.parse(stated), boundary.buffer(_MARGIN_M), systems.parse(crs))


def suggest(x: ArrayLike, y: ArrayLike, boundary: Outline, crs: str | pyproj.CRS) -> Reading | None:
    """Return the reading of two columns of numbers that puts the points inside the study's boundary.

    Parameters
    ----------
    x, y
        First and second coordinate as they stand in the file.
    boundary
        The study's boundary in ``crs``.
    crs
        The study's metric reference system.

    Returns
    -------
    Reading or None
        The best of: the study's own system, degrees, the neighbouring zones, web mercator, each with its axes
        swapped, and the study's system in millimetres, centimetres and feet. None if no reading puts half of
        the points inside.
    """
    east, north = _sample(x, y)
    if not len(east):
        return None
    near = boundary.buffer(_MARGIN_M)
    target = systems.parse(crs)
    best: Reading | None = None
    for reading in _readings(near, target):
        first, second = (north, east) if reading.swapped else (east, north)
        system = systems.parse(reading.system)
        share = _share(first * reading.factor, second * reading.factor, system, near, target)
        if share >= _CLEAR and (best is None or share > best.share):
            best = reading._replace(share=share)
    return best


def refuse_unstated(x: ArrayLike, y: ArrayLike, boundary: Outline, crs: str) -> ReferenceSystemError:
    """Return the error for coordinates whose system nobody stated, with the likely one as its fix."""
    return _unstated(suggest(x, y, boundary, crs))


def refuse_outside(
    x: ArrayLike, y: ArrayLike, stated: str | pyproj.CRS, boundary: Outline, crs: str
) -> ReferenceSystemError | None:
    """Return the error for a stated system that another reading clearly beats, or None if it stands.

    Parameters
    ----------
    x, y
        Coordinates, as delivered.
    stated
        The system that the delivery names.
    boundary
        The study's, in ``crs``.
    crs
        The system of the boundary.

    Notes
    -----
    A delivery of a whole region has most points outside the boundary and is right nevertheless, so a low
    share alone refuses nothing. It takes another reading that puts at least half of them inside and more
    than twice as many as the stated one, or not one point inside.
    """
    share = share_inside(x, y, stated, boundary, crs)
    if not share < _CLEAR:
        return None
    better = suggest(x, y, boundary, crs)
    if better is not None and better.share > 2 * share:
        return ReferenceSystemError(
            N_("Coordinates must lie inside the study's boundary when read in the stated reference system."),
            N_("{share:.0%} of the points inside as {stated}; as {reading} it would be {better:.0%}"),
            N_("{how}, or accept it with --accept reference-system"),
            share=share,
            stated=systems.name_of(stated),
            reading=better.told,
            better=better.share,
            how=better.fix,
        )
    if share > 0:
        return None
    return ReferenceSystemError(
        N_("Coordinates must lie inside the study's boundary when read in the stated reference system."),
        N_("no point inside as {stated} or in any usual reading; the first is ({x:.6g}, {y:.6g})"),
        N_("check that the file belongs to this place, and --crs"),
        stated=systems.name_of(stated),
        x=float(_sample(x, y)[0][0]),
        y=float(_sample(x, y)[1][0]),
    )


def _unstated(reading: Reading | None) -> ReferenceSystemError:
    rule = N_("Coordinates need a stated reference system; there is no default.")
    if reading is None:
        return ReferenceSystemError(
            rule, N_("none in the file or the call"), N_("state it, for instance --crs EPSG:25832")
        )
    return ReferenceSystemError(
        rule,
        N_("none; read as {reading}, {share:.0%} of the points fall inside the boundary"),
        N_("{how}, or accept it with --accept reference-system"),
        reading=reading.told,
        share=reading.share,
        how=reading.fix,
    )


def _readings(near: Outline, target: pyproj.CRS) -> Iterator[Reading]:
    """Yield each usual reading, the likelier first, its share not yet known."""
    for system in _systems(near, target):
        values = {"crs": systems.name_of(system)}
        yield Reading(Told(N_("{crs}"), values), Told(N_("add --crs {crs}"), values), 0.0, values["crs"])
    for system in _systems(near, target):
        values = {"crs": systems.name_of(system)}
        told = Told(N_("{crs} with the two axes swapped"), values)
        fix = Told(
            N_("name the columns the other way round (--map column=x, --map column=y) and add --crs {crs}"),
            values,
        )
        yield Reading(told, fix, 0.0, values["crs"], swapped=True)
    for unit, factor in ((N_("millimetres"), 1e-3), (N_("centimetres"), 1e-2), (N_("feet"), 0.3048)):
        told = Told(N_("{crs} in {unit}"), {"crs": systems.name_of(target), "unit": Told(unit)})
        values = {"crs": systems.name_of(target), "factor": f"{factor:g}"}
        fix = Told(N_("multiply both coordinates by {factor} and add --crs {crs}"), values)
        yield Reading(told, fix, 0.0, values["crs"], factor=factor)


def _systems(near: Outline, target: pyproj.CRS) -> list[pyproj.CRS]:
    """Return the reference systems in which a delivery for this place may come."""
    centre = near.centroid
    lon, lat = systems.lonlat_of([centre.x], [centre.y], target)
    zone = int((lon[0] + 180) // 6) + 1
    codes = [4326]
    for around in (zone, zone + 1, zone - 1):
        # ETRS89 in Europe, NAD83 in North America, WGS 84 anywhere
        if around in _ETRS89_ZONES:
            codes.append(25800 + around)
        if around in _NAD83_ZONES:
            codes.append(26900 + around)
        codes += [(32600 if lat[0] >= 0 else 32700) + around]
    candidates = [target, *(pyproj.CRS.from_epsg(code) for code in [*codes, 3857])]
    return [
        system
        for position, system in enumerate(candidates)
        if not any(systems.same(system, earlier) for earlier in candidates[:position])
    ]


def _sample(x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    east, north = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    usable = np.isfinite(east) & np.isfinite(north) & ~((east == 0) & (north == 0))
    step = max(1, int(usable.sum()) // _SAMPLE)
    return east[usable][::step], north[usable][::step]


def _share(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    system: pyproj.CRS,
    near: Outline,
    target: pyproj.CRS,
) -> float:
    east, north = systems.transform(x, y, system, target)
    return float(shapely.contains_xy(near, east, north).mean())
