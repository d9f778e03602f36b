"""Points into cells, areas and segments: who is counted where, with which weight, per how many people."""

import datetime as dt
from collections.abc import Sequence
from typing import Protocol
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from hotspot.environment.sun import LIGHT_CLASSES, light_shares
from hotspot.stats.polygon_cells import first_polygon

DRAWS = 9  # draws of undecided times; odd, so that the median is one of them
_HOUR = np.timedelta64(1, "h")
_MANY_POINTS, _POINTS_AN_AREA = 2_000, 4  # with fewer a tree is as fast as cells (benchmarks/polygons.py)
Shapes = npt.NDArray[np.object_]


class Cells(Protocol):
    """A grid of cells, such as `hotspot.grid.Grid`."""

    @property
    def frame(self) -> gpd.GeoDataFrame:
        """One row per cell, indexed by ``cell_id``."""

    def cells_of(self, points: gpd.GeoSeries) -> pd.Series:
        """Return the cell each point lies in."""


def count(points: gpd.GeoDataFrame, grid: Cells) -> pd.Series:
    """Count points per cell.

    Parameters
    ----------
    points
        Points in the grid's reference system; a ``weight`` column is used if present.
    grid
        The analysis cells.

    Returns
    -------
    Series
        Sum of weights per ``cell_id``, 0 where none lies. [points]
    """
    weight = points["weight"] if "weight" in points else pd.Series(1.0, index=points.index)
    return total_by(grid.cells_of(points.geometry), weight, grid.frame.index)


def total_by(ids: pd.Series, amounts: pd.Series, index: pd.Index) -> pd.Series:
    """Add amounts per id.

    Parameters
    ----------
    ids
        Where each amount belongs; missing belongs nowhere.
    amounts
        What to add.
    index
        All ids that the answer has.

    Returns
    -------
    Series
        Sum per id, 0 where nothing belongs.
    """
    return amounts.groupby(ids).sum().reindex(index, fill_value=0.0).astype(float)


def areas_of(points: gpd.GeoSeries, areas: gpd.GeoDataFrame) -> pd.Series:
    """Return the area each point lies in.

    Parameters
    ----------
    points
        Points.
    areas
        Polygons indexed by ``area_id`` in the same reference system.

    Returns
    -------
    Series
        ``area_id`` on the points' index, missing where none; the first in index order where polygons overlap.
    """
    order = np.argsort(areas.index.to_numpy().astype(str), kind="stable")
    shapes = np.asarray(areas.geometry.array)[order]
    where = np.asarray(points.array)
    if len(where) > max(_MANY_POINTS, _POINTS_AN_AREA * len(shapes)):
        number = first_polygon(shapely.get_x(where), shapely.get_y(where), shapes)
    else:
        number = _first_by_tree(where, shapes)
    ids = np.full(len(where), np.nan, dtype=object)
    inside = number >= 0
    ids[inside] = areas.index.to_numpy()[order][number[inside]]
    return pd.Series(ids, index=points.index, dtype=object)


def _first_by_tree(points: Shapes, areas: Shapes) -> npt.NDArray[np.int64]:
    """Ask a tree for the areas of every point; the first, or -1."""
    point, area = shapely.STRtree(areas).query(points, predicate="intersects")
    found = np.full(len(points), len(areas), dtype=np.int64)
    np.minimum.at(found, point, area)
    return np.where(found == len(areas), -1, found)


def places_of(
    points: gpd.GeoSeries, places: gpd.GeoDataFrame, boundary: shapely.Polygon | shapely.MultiPolygon
) -> pd.Series:
    """Return the place each point belongs to, so that the places add up to the whole.

    Parameters
    ----------
    points
        Points.
    places
        Polygons indexed by ``area_id`` that fill the boundary but for slivers.
    boundary
        The outline of the whole.

    Returns
    -------
    Series
        ``area_id`` on the points' index: as `areas_of`, and the nearest place for a point in a gap between two;
        missing outside the boundary.
    """
    ids = areas_of(points, places)
    shapes = np.asarray(points.array)
    lost = ids.isna().to_numpy() & shapely.intersects(boundary, shapes)
    if lost.any() and len(places):
        ordered = places.sort_index()
        _point, polygon = ordered.sindex.nearest(shapes[lost], return_all=False)
        ids.iloc[np.flatnonzero(lost)] = ordered.index.to_numpy()[polygon]
    return ids


def in_period(incidents: pd.DataFrame, period: tuple[dt.date, dt.date], timezone: str) -> pd.Series:
    """Return how much of each incident's time lies inside a period (aoristic weight).

    Parameters
    ----------
    incidents
        Columns ``start`` and ``end`` (UTC).
    period
        First and last day, both included, in the place's own time.
    timezone
        The place's time zone.

    Returns
    -------
    Series
        Share between 0 and 1 on the incidents' index; an instant is either inside or not.

    Notes
    -----
    w = overlap / length of the interval: every moment is taken as equally likely, so what is sharp is smoothed.

    References
    ----------
    Ratcliffe (2002) Aoristic signatures and the spatio-temporal analysis of high volume crime patterns.
    https://doi.org/10.1023/A:1013240828824
    """
    zone = ZoneInfo(timezone)
    first = pd.Timestamp(dt.datetime.combine(period[0], dt.time(), zone)).tz_convert("UTC")
    after = pd.Timestamp(dt.datetime.combine(period[1] + dt.timedelta(days=1), dt.time(), zone)).tz_convert("UTC")
    length = (incidents["end"] - incidents["start"]).dt.total_seconds()
    start, end = incidents["start"].clip(lower=first), incidents["end"].clip(upper=after)  # type: ignore[call-overload]  # the stubs are narrower than the library
    overlap = (end - start).dt.total_seconds().clip(lower=0.0)
    instant = ((incidents["start"] >= first) & (incidents["start"] < after)).astype(float)
    return (overlap / length.where(length > 0)).where(length > 0, instant).clip(0.0, 1.0)  # type: ignore[no-any-return]  # the stubs are narrower than the library


def years_in(period: tuple[dt.date, dt.date]) -> float:
    """Return the length of a period in years of 365.25 days.

    Parameters
    ----------
    period
        First and last day, both included.

    Returns
    -------
    float
        Length. [years]
    """
    return ((period[1] - period[0]).days + 1) / 365.25


def drawn_counts(
    ids: pd.Series, membership: pd.Series, index: pd.Index, generator: np.random.Generator, draws: int = DRAWS
) -> npt.NDArray[np.int64]:
    """Count whole incidents per id, drawing those whose time leaves their membership undecided.

    Parameters
    ----------
    ids
        Where each incident belongs.
    membership
        Probability that it counts at all (its time may be uncertain), 0 to 1.
    index
        All ids.
    generator
        Source of the draws.
    draws
        How many, if any incident is undecided; otherwise one.

    Returns
    -------
    array of int, shape (draws, ids)
        Whole counts; incidents are drawn in the order of their own index, so row order does not matter.
    """
    ordered = membership.sort_index()
    places = index.get_indexer(pd.Index(ids.reindex(ordered.index)))
    chance = ordered.to_numpy(float)
    undecided = bool(((chance > 0) & (chance < 1)).any())
    counts = []
    for _ in range(draws if undecided else 1):
        counted = (generator.random(len(chance)) < chance) & (places >= 0)
        counts.append(np.bincount(places[counted], minlength=len(index)))
    return np.array(counts)


def undecided_share(membership: Sequence[float] | pd.Series) -> float:
    """Return the share of incidents whose time does not decide whether they count.

    Parameters
    ----------
    membership
        Probability that each incident counts.

    Returns
    -------
    float
        Undecided of all that may count; NaN without any.
    """
    chance = np.asarray(membership, dtype=float)
    possible = chance > 0
    return float(((chance < 1) & possible).sum() / possible.sum()) if possible.any() else float("nan")


def by_hour(
    incidents: pd.DataFrame, timezone: str, lonlat: tuple[float, float], light: Sequence[str] = LIGHT_CLASSES
) -> npt.NDArray[np.float64]:
    """Spread incidents over the hours of the day and the light, each by how much of its time falls in them.

    Parameters
    ----------
    incidents
        Columns ``start`` and ``end`` (UTC) and ``membership``, how much each counts.
    timezone
        The place's time zone.
    lonlat
        The place, east and north positive. [degrees]
    light
        The conditions counted, of day, dusk and dark.

    Returns
    -------
    array, shape (24, 3)
        Aoristic count per local hour and light (day, dusk, dark); adds up to the sum of ``membership``.

    Notes
    -----
    An instant counts whole in its hour; an interval in proportion to its overlap, each piece by its own share of
    day, dusk and dark. Hours are local by the offset at the start of the interval: an interval across a change of
    clocks is at most one hour off.

    References
    ----------
    Ratcliffe (2002) Aoristic signatures and the spatio-temporal analysis of high volume crime patterns.
    https://doi.org/10.1023/A:1013240828824
    """
    start = _instants(incidents["start"].dt.tz_convert("UTC"))
    end = np.maximum(_instants(incidents["end"].dt.tz_convert("UTC")), start)
    local = _instants(incidents["start"].dt.tz_convert(timezone))
    offset = local - start
    row, hour = _hours_touched(local, local + (end - start))
    begins = np.maximum(hour - offset[row], start[row])
    ends = np.minimum(hour + _HOUR - offset[row], end[row])
    length = np.maximum(ends - begins, np.timedelta64(1, "ns")) / _HOUR  # an instant is one piece, whatever its length
    wanted = [each in light for each in LIGHT_CLASSES]
    amount = length[:, None] * light_shares(begins, ends, *lonlat) * wanted
    total = np.bincount(row, amount.sum(axis=1), minlength=len(start))
    chance = incidents["membership"].to_numpy(float)
    scale = np.divide(chance, total, out=np.zeros_like(chance), where=total > 0)
    spread = np.zeros((24, len(LIGHT_CLASSES)))
    np.add.at(spread, hour.astype(int) % 24, amount * scale[row, None])
    return spread


def _instants(times: pd.Series) -> npt.NDArray[np.datetime64]:
    """Clock times without their zone."""
    return np.asarray(times.dt.tz_localize(None), dtype="datetime64[ns]")


def _hours_touched(
    start: npt.NDArray[np.datetime64], end: npt.NDArray[np.datetime64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.datetime64]]:
    """Every hour that each interval touches: which interval, and the hour's beginning."""
    first = start.astype("datetime64[h]")
    last = np.maximum((end - np.timedelta64(1, "ns")).astype("datetime64[h]"), first)
    pieces = (last - first).astype(np.int64) + 1
    row = np.repeat(np.arange(len(start)), pieces)
    since = np.arange(len(row)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    return row, first[row] + since.astype("timedelta64[h]")
