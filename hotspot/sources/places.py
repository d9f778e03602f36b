"""Where each row of a delivery lies: from its own shapes, coordinates, text geometry, cell or area."""

import json
import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspot import crs as systems
from hotspot.errors import N_, SourceError, Told
from hotspot.schema.readings import EXAMPLES, only_declined, reading
from hotspot.sources.bearings import refuse_outside, refuse_unstated
from hotspot.sources.raw import Raw
from hotspot.sources.values import numbers
from hotspot.tables import Place

_CELL = re.compile(r"(?P<side>\d+)(?P<unit>k?m)_(?P<north>\d+)_(?P<east>\d+)")
_DEGREES = "EPSG:4326"
_AT_ZERO = N_("place given as 0,0")
_FEW = 30  # rows under which piles say nothing (assumption)
_SPREAD = 0.75  # share of different places from which rows count as not stacked (assumption)
_LONGEST = 60  # of an example
_GEOMETRY_FIELDS = ("x", "y", "lon", "lat", "wkt")


class Located(NamedTuple):
    """Where rows lie.

    Parameters
    ----------
    shapes
        One geometry per row in the place's reference system; None where there is none.
    withheld
        Rows whose place is given as 0,0 or left blank.
    findings
        What was noticed.
    reasons
        Row to the reason why it has no place.
    """

    shapes: gpd.GeoSeries
    withheld: pd.Series
    findings: tuple[Told, ...]
    reasons: Mapping[object, Told]


def coordinate_columns(columns: dict[str, str]) -> list[str]:
    """Return the columns that are read as coordinates, by field.

    Parameters
    ----------
    columns
        Field to column.

    Returns
    -------
    list
        Columns of the file.
    """
    return [columns[field] for field in _GEOMETRY_FIELDS if field in columns]


def locate(
    raw: Raw,
    named: pd.DataFrame,
    place: Place,
    crs: str | None,
    name: str,
    *,
    declined: Collection[str] = (),
) -> Located:
    """Find where each row lies.

    Parameters
    ----------
    raw
        The file.
    named
        Its cells under the fields' names.
    place
        The study's place.
    crs
        The reference system stated by the user, or None.
    name
        The file's name, for messages.
    declined
        Codes of readings that the owner declines: ``mended-shapes``.

    Returns
    -------
    Located
        In the place's reference system.

    Raises
    ------
    ReferenceSystemError
        If no system is stated or the stated one cannot be right.
    SourceError
        If the file has no places at all.
    """
    if raw.geometry is not None:
        return _from_shapes(raw, place, crs, declined)
    if {"x", "y"} <= set(named):
        return _from_numbers(named["x"], named["y"], raw.decimal, place, crs)
    if {"lon", "lat"} <= set(named):
        return _from_numbers(named["lon"], named["lat"], raw.decimal, place, crs or _DEGREES)
    if {"1st", "2nd"} <= set(named):
        return _from_numbers(named["1st"], named["2nd"], raw.decimal, place, crs)
    if "wkt" in named:
        return _from_text(named["wkt"], place, crs, declined)
    if "cell_id" in named:
        return _from_cells(named["cell_id"], place)
    raise SourceError(
        N_("Rows have a place: a geometry, two coordinates, a cell or an area."),
        N_("{name} has none among {columns}"),
        N_('name them: --map "COLUMN=x" --map "COLUMN=y" --crs EPSG:25832'),
        name=name,
        columns=", ".join(map(str, named.columns)),
    )


def withheld_by_code(frame: pd.DataFrame, withheld: pd.Series) -> tuple[Told, ...]:
    """Say which kinds of incidents lack a place, the most first.

    Parameters
    ----------
    frame
        Rows; only those with a column ``code`` have anything to tell.
    withheld
        Which of them have no place.

    Returns
    -------
    tuple of Told
        A sentence per code.
    """
    if "code" not in frame or not withheld.any():
        return ()
    by_code = withheld.groupby(frame["code"]).agg(["sum", "mean"])
    told = []
    for code, row in by_code[by_code["sum"] > 0].sort_values("sum", ascending=False).iterrows():
        sentence = (
            N_("“{code}”: all {n} rows lack a place, so no map of it can be made from this file.")
            if row["mean"] == 1
            else N_("“{code}”: {n} {n:row|rows} ({share:.0%}; {rows:row|rows} {rows}) {n:lacks|lack} a place.")
        )
        rows = [str(each) for each in frame.index[withheld & (frame["code"] == code)][:EXAMPLES]]
        values = {"code": str(code), "n": int(row["sum"]), "share": float(row["mean"]), "rows": rows}
        told.append(Told(sentence, values))
    return tuple(told)


def stacked(points: gpd.GeoSeries) -> list[Told]:
    """Say how many rows share their place with others, and where the highest pile is.

    Parameters
    ----------
    points
        Where the rows lie; missing ones say nothing.

    Returns
    -------
    list of Told
        Nothing, if few rows are stacked.
    """
    there = points[points.notna() & ~points.is_empty]
    xy = pd.DataFrame(shapely.get_coordinates(np.asarray(there.array)).round(1), columns=["x", "y"], index=there.index)
    piles = xy.value_counts()
    if len(xy) < _FEW or len(piles) > _SPREAD * len(xy):
        return []
    x, y = (float(piles.index.get_level_values(axis)[0]) for axis in ("x", "y"))
    rows = [str(row) for row in xy.index[(xy["x"] == x) & (xy["y"] == y)][:EXAMPLES]]
    values = {"n": len(xy), "places": len(piles), "most": int(piles.iloc[0]), "x": x, "y": y, "rows": rows}
    sentence = N_(
        "{n} rows lie on only {places} {places:place|places}, {most} of them on {x:.0f}, {y:.0f} (rows {rows}): the "
        "source moves them "
        "to a house, a corner or the middle of a street, so a small place may be hot by that alone."
    )
    return [Told(sentence, values)]


def _located(shapes: gpd.GeoSeries, withheld: pd.Series, findings: tuple[Told, ...]) -> Located:
    return Located(shapes, withheld, findings, dict.fromkeys(shapes.index[withheld], Told(N_("no place given"))))


def _zeros_told(at_zero: pd.Series) -> list[Told]:
    if not at_zero.any():
        return []
    rows = [str(row) for row in at_zero.index[at_zero][:EXAMPLES]]
    sentence = N_("{n} {n:row gives its|rows give their} place as 0,0 ({rows:row|rows} {rows}): it is withheld.")
    return [Told(sentence, {"n": int(at_zero.sum()), "rows": rows})]


def _from_shapes(raw: Raw, place: Place, crs: str | None, declined: Collection[str]) -> Located:
    shapes = raw.geometry
    assert shapes is not None  # noqa: S101 - asked by the caller
    present = shapes[~(shapes.isna() | shapes.is_empty)]
    stated = crs or raw.crs
    first = shapely.get_coordinates(shapely.centroid(np.asarray(present.array)))
    if stated is None:
        raise refuse_unstated(first[:, 0], first[:, 1], place.boundary, place.crs)
    wrong = refuse_outside(first[:, 0], first[:, 1], stated, place.boundary, place.crs) if len(first) else None
    if wrong:
        raise wrong
    plain = gpd.GeoDataFrame(geometry=gpd.GeoSeries(np.asarray(shapes.array), index=shapes.index))
    placed = systems.to_metric(systems.assign(plain, stated), place.crs).geometry
    mended, findings, aside = _valid(placed, declined)
    found = _located(mended, mended.isna() | mended.is_empty, findings)
    return found._replace(reasons={**found.reasons, **aside})


def _valid(
    shapes: gpd.GeoSeries, declined: Collection[str]
) -> tuple[gpd.GeoSeries, tuple[Told, ...], dict[object, Told]]:
    """Mend polygons that cross themselves, and count them; the rows that are out where that is declined."""
    array = shapely.force_2d(np.asarray(shapes.array))
    broken = ~shapely.is_valid(array) & ~shapely.is_missing(array)
    if broken.any():
        array[broken] = shapely.make_valid(array[broken])
    singles = shapely.get_type_id(array)
    few = np.isin(singles, (4, 5, 6)) & (shapely.get_num_geometries(array) == 1)
    array[few] = shapely.get_geometry(array[few], 0)
    sentence = N_(
        "{n} {n:shape crossed itself and was|shapes crossed themselves and were} mended ({rows:row|rows} {rows})."
    )
    values = {"n": int(broken.sum()), "rows": [str(row) for row in shapes.index[broken][:EXAMPLES]]}
    told = reading("mended-shapes", sentence, values, declined)
    out = shapes.index[broken & ("mended-shapes" in declined)]
    mended = gpd.GeoSeries(array, index=shapes.index, crs=shapes.crs)
    return mended, (told,) if broken.any() else (), dict.fromkeys(out, only_declined("mended-shapes"))


def _from_numbers(first: pd.Series, second: pd.Series, decimal: str, place: Place, crs: str | None) -> Located:
    x, y = numbers(first, decimal).values, numbers(second, decimal).values
    withheld = (x.isna() | y.isna()) | ((x == 0) & (y == 0))
    east, north = x[~withheld].to_numpy(), y[~withheld].to_numpy()
    if crs is None:
        raise refuse_unstated(east, north, place.boundary, place.crs)
    wrong = refuse_outside(east, north, crs, place.boundary, place.crs) if len(east) else None
    if wrong:
        raise wrong
    shapes = gpd.GeoSeries([None] * len(x), index=x.index, crs=place.crs)  # type: ignore[arg-type]  # the stubs are narrower than the library
    moved = systems.transform(east, north, crs, place.crs)
    shapes[~withheld] = gpd.points_from_xy(*moved, crs=place.crs)
    at_zero = x.eq(0) & y.eq(0)
    found = _located(shapes, withheld, (*_zeros_told(at_zero),))
    return found._replace(reasons={**found.reasons, **dict.fromkeys(x.index[at_zero], Told(_AT_ZERO))})


def shapes_in(text: pd.Series) -> Raw:
    """Return the shapes that a column of text holds.

    Parameters
    ----------
    text
        WKT, or GeoJSON geometries.

    Returns
    -------
    Raw
        No cells, one shape for each row, missing where it is blank or no shape; GeoJSON is in degrees.
    """

    def shape(cell: object) -> shapely.Geometry | None:
        if not isinstance(cell, str) or not cell.strip():
            return None
        if cell.lstrip().startswith("{"):
            return shapely.from_geojson(json.dumps(json.loads(cell)), on_invalid="ignore")
        return shapely.from_wkt(cell, on_invalid="ignore")

    shapes = gpd.GeoSeries([shape(cell) for cell in text], index=text.index)  # type: ignore[arg-type]  # the stubs are narrower than the library
    is_json = text.dropna().str.lstrip().str.startswith("{").all()
    return Raw(pd.DataFrame(index=text.index), shapes, _DEGREES if is_json else None, implied=bool(is_json))


def _from_text(text: pd.Series, place: Place, crs: str | None, declined: Collection[str]) -> Located:
    raw = shapes_in(text)
    found = _from_shapes(raw, place, crs, declined)
    told = (
        N_("The places are written as GeoJSON in a column ({rows:row|rows} {rows}).")
        if raw.implied
        else N_("The places are written as WKT in a column ({rows:row|rows} {rows}).")
    )
    rows = [f"{row}: {cell[:_LONGEST]}" for row, cell in text.dropna().head(EXAMPLES).items()]
    return found._replace(findings=(Told(told, {"rows": rows}), *found.findings))


def _from_cells(cells: pd.Series, place: Place) -> Located:
    found = cells.str.extract(_CELL)
    side = found["side"].astype(float) * found["unit"].map({"m": 1.0, "km": 1000.0})
    x, y = found["east"].astype(float) * side, found["north"].astype(float) * side
    known = x.notna()
    shapes = gpd.GeoSeries([None] * len(cells), index=cells.index, crs=place.crs)  # type: ignore[arg-type]  # the stubs are narrower than the library
    corner = (x[known].to_numpy(), y[known].to_numpy(), side[known].to_numpy())
    shapes[known] = shapely.box(corner[0], corner[1], corner[0] + corner[2], corner[1] + corner[2])
    placed = _located(shapes, ~known, ())
    told = dict.fromkeys(cells.index[~known & cells.notna()], Told(N_("names no cell of a grid")))
    return placed._replace(reasons={**placed.reasons, **told})
