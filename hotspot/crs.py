"""The only place where coordinates change reference system; there is no default one."""

import geopandas
import numpy as np
import pyproj
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import N_, ReferenceSystemError

WGS84 = "EPSG:4326"
WEB_MERCATOR = "EPSG:3857"
_MARGIN_M = 1_000.0  # points this far outside the boundary still speak for a reading (roads and stations at its edge)
_SAMPLE = 500  # points that are enough to tell one reading from another
_CLEAR = 0.5  # a reading that puts at least this share of the points inside is believed


def parse(crs: str | pyproj.CRS) -> pyproj.CRS:
    """Return the reference system that a text such as ``EPSG:25832`` names.

    Parameters
    ----------
    crs
        A code, any text that PROJ reads, or the system itself.

    Raises
    ------
    ReferenceSystemError
        If the text names no reference system.
    """
    try:
        return pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        raise ReferenceSystemError(
            N_("A reference system is named by its code."),
            N_("'{crs}', which names none"),
            N_("write for instance EPSG:25832"),
            crs=str(crs),
        ) from error


def name_of(crs: str | pyproj.CRS) -> str:
    """Return the short name of a reference system, ``EPSG:25832`` where it has one."""
    system = parse(crs)
    authority = system.to_authority(min_confidence=70)
    return ":".join(authority) if authority else system.name


def is_metric(crs: str | pyproj.CRS | None) -> bool:
    """Tell whether distances in this reference system come out in metres."""
    if crs is None:
        return False
    system = parse(crs)
    metres = all(axis.unit_conversion_factor == 1.0 for axis in system.axis_info[:2])
    return system.is_projected and metres and system.to_epsg() != int(WEB_MERCATOR[5:])


def require_metric(frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Return the frame unchanged if its distances are true metres.

    Parameters
    ----------
    frame
        Places, with a reference system.

    Raises
    ------
    ReferenceSystemError
        If it has no reference system, one in degrees or feet, or web mercator (1.77 times too long).
    """
    if is_metric(frame.crs):
        return frame
    raise ReferenceSystemError(
        N_("Places must be in a projected reference system in metres."),
        N_("{crs}"),
        N_("reproject with to_metric(frame, 'EPSG:25832') or the system of the study"),
        crs="none" if frame.crs is None else name_of(frame.crs),
    )


def assign(frame: geopandas.GeoDataFrame, crs: str) -> geopandas.GeoDataFrame:
    """Return the frame with its reference system stated, coordinates untouched.

    Parameters
    ----------
    frame
        Places.
    crs
        The system that their coordinates are in.

    Raises
    ------
    ReferenceSystemError
        If the frame already names another system.
    """
    system = parse(crs)
    if frame.crs is not None and not same(frame.crs, system):
        raise ReferenceSystemError(
            N_("A reference system can only be stated for coordinates that have none."),
            N_("{given} stated, but the file says {own}"),
            N_("leave --crs out, or correct the file"),
            given=name_of(system),
            own=name_of(frame.crs),
        )
    return frame.set_crs(system, allow_override=True)


def to_metric(frame: geopandas.GeoDataFrame, crs: str | pyproj.CRS) -> geopandas.GeoDataFrame:
    """Return the frame in the study's metric reference system.

    Parameters
    ----------
    frame
        Places in any stated reference system.
    crs
        The metric reference system to work in.

    Raises
    ------
    ReferenceSystemError
        If the frame states no system, or the wanted one is not in metres.
    """
    if not is_metric(crs):
        raise ReferenceSystemError(
            N_("A study works in a projected reference system in metres."),
            N_("{crs}"),
            N_("choose for instance EPSG:25832 for Denmark"),
            crs=name_of(crs),
        )
    if frame.crs is None:
        raise _unstated()
    return frame.to_crs(parse(crs))


def to_wgs84(frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Return the frame in longitude and latitude, as exchange formats and web maps want it."""
    if frame.crs is None:
        raise _unstated()
    return frame.to_crs(WGS84)


def lonlat_of(x: ArrayLike, y: ArrayLike, crs: str | pyproj.CRS) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitude and latitude of places given in a metric reference system.

    Parameters
    ----------
    x, y
        Easting and northing. [m]
    crs
        Their reference system.

    Returns
    -------
    tuple of arrays
        Longitude and latitude; inf where the system cannot be inverted. [degrees]
    """
    return transform(x, y, crs, WGS84)


def points_of(x: ArrayLike, y: ArrayLike, crs: str) -> geopandas.GeoSeries:
    """Return points from two columns of coordinates in a stated system; none where a number is missing."""
    east, north = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    missing = ~(np.isfinite(east) & np.isfinite(north))
    points = geopandas.GeoSeries(geopandas.points_from_xy(east, north), crs=parse(crs))
    points[missing] = None
    return points


def transform(
    x: ArrayLike, y: ArrayLike, source: str | pyproj.CRS, target: str | pyproj.CRS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return two columns of coordinates in another system, always easting or longitude first.

    Parameters
    ----------
    x, y
        First and second coordinate in ``source``.
    source, target
        The two systems.

    Returns
    -------
    tuple of arrays
        The coordinates in ``target``; inf where there are none.
    """
    first, second = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    one, other = parse(source), parse(target)
    if same(one, other):
        return first, second
    east, north = pyproj.Transformer.from_crs(one, other, always_xy=True).transform(first, second)
    return np.asarray(east), np.asarray(north)


def same(one: str | pyproj.CRS, other: str | pyproj.CRS) -> bool:
    """Tell whether two names mean the same reference system."""
    first, second = parse(one), parse(other)
    return first == second or (first.to_epsg() is not None and first.to_epsg() == second.to_epsg())


def _unstated() -> ReferenceSystemError:
    return ReferenceSystemError(
        N_("Coordinates need a stated reference system; there is no default."),
        N_("none in the file or the call"),
        N_("state it, for instance --crs EPSG:25832"),
    )
