"""The readers that people call by name."""

import difflib
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import shapely

from hotspot import crs as systems
from hotspot.errors import N_, SourceError
from hotspot.sources.bearings import refuse_unstated
from hotspot.sources.fields import folded
from hotspot.sources.raw import Raw, read_raw
from hotspot.sources.reading import read_table
from hotspot.tables import Place, Table


def read_incidents(path: str | Path, place: Place, crs: str | None = None) -> Table:
    """Read a file of incidents.

    Parameters
    ----------
    path
        The file.
    place
        Where; rows outside it are set aside.
    crs
        The reference system of the coordinates, where the file does not say.

    Returns
    -------
    Incidents
        The rows that stand.

    Raises
    ------
    HotspotError
        If the file cannot be taken.
    """
    return read_table(Path(path), "incidents", place, crs=crs).table


def read_areas(path: str | Path, place: Place, crs: str | None = None) -> Table:
    """Read a file of areas.

    Parameters
    ----------
    path
        The file.
    place
        Where; areas outside it are set aside.
    crs
        The reference system of the coordinates, where the file does not say.

    Returns
    -------
    Areas
        The rows that stand.

    Raises
    ------
    HotspotError
        If the file cannot be taken.
    """
    return read_table(Path(path), "areas", place, crs=crs).table


def read_outline(path: Path, crs: str, stated: str | None = None, only: str | None = None) -> shapely.Geometry:
    """Read a place's outline: all polygons of a file together, in the study's reference system.

    Parameters
    ----------
    path
        A file with polygons.
    crs
        The study's metric reference system.
    stated
        The file's own system, where it does not say.
    only
        Name or number of the area that is meant, where the file holds more, such as all municipalities.

    Returns
    -------
    geometry
        One polygon or several.

    Raises
    ------
    SourceError
        If there is no polygon, or none of that name.
    ReferenceSystemError
        If no reference system is stated.
    """
    raw = read_raw(path) if only is None else _only(read_raw(path), only, path.name)
    shapes = (
        raw.geometry[raw.geometry.geom_type.isin(("Polygon", "MultiPolygon"))] if raw.geometry is not None else None
    )
    if shapes is None or not len(shapes):
        raise SourceError(
            N_("An outline is a file with polygons."),
            N_("none in {name}"),
            N_("give the municipality's boundary as GeoJSON or GeoPackage"),
            name=path.name,
        )
    system = stated or raw.crs
    if system is None:
        first = shapely.get_coordinates(shapely.centroid(shapely.union_all(shapes.to_numpy())))  # type: ignore[misc]  # the stubs are narrower than the library
        raise refuse_unstated(first[:, 0], first[:, 1], shapely.box(0, 0, 1, 1), crs)
    plain = gpd.GeoDataFrame(geometry=shapes)
    frame = plain if plain.crs is not None else systems.assign(plain, system)
    moved = systems.to_metric(frame, crs).geometry.to_numpy()
    return shapely.make_valid(shapely.union_all(shapely.make_valid(moved)))


def _only(raw: Raw, name: str, file: str) -> Raw:
    """Return the rows of a file that name an area in any of their columns."""
    wanted = folded(name)
    is_meant = raw.cells.map(lambda text: isinstance(text, str) and folded(text) == wanted).any(axis=1)
    if not is_meant.any() or raw.geometry is None:
        told = {text for column in raw.cells for text in raw.cells[column].dropna().unique()}
        raise SourceError(
            N_("--boundary-area names an area of the boundary's file."),
            N_("no “{area}” in {name}"),
            N_("the nearest: {nearest}"),
            area=name,
            name=file,
            nearest=difflib.get_close_matches(name, told, n=3, cutoff=0.4) or "–",
        )
    return replace(raw, cells=raw.cells[is_meant], geometry=gpd.GeoSeries(raw.geometry[is_meant]))
