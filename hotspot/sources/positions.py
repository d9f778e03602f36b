"""Coordinates whose reference system is unstated or wrong."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import shapely

from hotspot.errors import N_, Told
from hotspot.sources.bearings import Reading, refuse_outside, suggest
from hotspot.sources.findings import SHOWN, Finding, Proposal, Seen, proposed, shown
from hotspot.sources.objects import PAIR
from hotspot.sources.places import shapes_in
from hotspot.sources.values import numbers
from hotspot.tables import Place

_PAIRS = (("x", "y"), ("lon", "lat"), PAIR)
_DEGREES = "EPSG:4326"
_LONGEST = 80  # signs of a shape written as text that are shown


def misplaced(seen: Seen, place: Place) -> Proposal | None:
    """Find coordinates whose system is unstated or wrong, and the reading that puts them in the place."""
    examples: tuple[str, ...] = ()
    pair = next((pair for pair in _PAIRS if set(pair) <= set(seen.named)), None)
    if pair is None and seen.raw.geometry is None and "wkt" in seen.named:
        written = shapes_in(seen.named["wkt"])
        seen = seen._replace(raw=replace(seen.raw, geometry=written.geometry, crs=written.crs))
        examples = tuple(each[:_LONGEST] for each in shown(seen.named["wkt"].dropna()))
    if seen.raw.geometry is not None:
        shapes = np.asarray(seen.raw.geometry.array)
        present = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
        x, y = shapely.get_coordinates(shapely.centroid(present)).T
        stated = seen.crs or seen.raw.crs
        examples = examples or _corners(seen.raw.geometry)
    elif pair is not None:
        columns = [numbers(seen.named[name], seen.raw.decimal).values for name in pair]
        x, y = (column.to_numpy() for column in columns)
        stated = seen.crs or (_DEGREES if pair == ("lon", "lat") else None)
        filled = columns[0].notna() & (columns[0] != 0)
        examples = shown((seen.named[pair[0]] + " | " + seen.named[pair[1]])[filled])
    else:
        return None
    if stated is not None and (not len(x) or refuse_outside(x, y, stated, place.boundary, place.crs) is None):
        return None
    reading = suggest(x, y, place.boundary, place.crs)
    if reading is None:
        return None
    return Proposal(_about_places(stated, reading, examples), _placed(seen, pair, reading))


def _corners(shapes: gpd.GeoSeries) -> tuple[str, ...]:
    """Return the first coordinates of the first shapes, as they stand in the file."""
    there = shapes[~(shapes.isna() | shapes.is_empty)].head(SHOWN)
    first = [shapely.get_coordinates(shape)[0] for shape in there]
    return tuple(f"{row}: {x:.10g} | {y:.10g}" for row, (x, y) in zip(there.index, first, strict=True))


def _about_places(stated: str | None, reading: Reading, examples: tuple[str, ...]) -> Finding:
    values = {"stated": stated or "", "reading": reading.told, "share": reading.share}
    unstated = N_(
        "No reference system is stated; read as {reading}, {share:.0%} of the points lie inside the boundary."
    )
    wrong = N_("Stated as {stated}, but read as {reading} {share:.0%} of the points lie inside the boundary.")
    fix = Told(N_("read the coordinates as {reading}"), {"reading": reading.told})
    return proposed("reference-system", Told(wrong if stated else unstated, values), fix, examples)


def _placed(seen: Seen, pair: tuple[str, str] | None, reading: Reading) -> Seen:
    """Return the file with its coordinates in the order and unit of the reading."""
    if seen.raw.geometry is not None:

        def moved(points: np.ndarray) -> np.ndarray:
            return (points[:, ::-1] if reading.swapped else points) * reading.factor

        old = seen.raw.geometry
        shapes = shapely.transform(np.asarray(old.array), moved)
        raw = replace(seen.raw, geometry=gpd.GeoSeries(shapes, index=old.index), crs=reading.system)
        return seen._replace(raw=raw, crs=reading.system)
    assert pair is not None  # noqa: S101 - there are shapes or a pair
    order = pair[::-1] if reading.swapped else pair
    figures = [numbers(seen.named[name], seen.raw.decimal).values * reading.factor for name in order]
    texts = [each.map(lambda value: f"{value:.9f}".replace(".", seen.raw.decimal), "ignore") for each in figures]
    named = seen.named.drop(columns=list(pair)).assign(x=texts[0], y=texts[1])
    return seen._replace(named=named, crs=reading.system)
