"""JSON into rows and shapes: GeoJSON, TopoJSON and plain lists."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import geopandas
import pandas as pd
import shapely

from hotspot import crs as systems
from hotspot.errors import N_, SourceError, Told
from hotspot.schema.readings import EXAMPLES
from hotspot.sources.text import decode
from hotspot.sources.topology import features_of

PAIR = ("1st", "2nd")  # what the columns of a plain list of number pairs are called


class Objects(NamedTuple):
    """What a JSON file holds.

    Attributes
    ----------
    frame
        Rows as they stand, numbered from 1.
    shapes
        One per row, or None.
    crs
        The reference system that the file names or implies, or None.
    implied
        Whether ``crs`` is only what the format implies.
    findings
        What was noticed.
    """

    frame: pd.DataFrame
    shapes: geopandas.GeoSeries | None
    crs: str | None
    implied: bool
    findings: list[Told]


def read_json(path: Path, layer: str | None, declined: Collection[str] = ()) -> Objects:
    """Read GeoJSON, TopoJSON or a list of rows.

    Parameters
    ----------
    path
        The file.
    layer
        Key of the list or topology wanted, where there are several.
    declined
        Codes of readings that the owner declines.

    Returns
    -------
    Objects
        Rows, and shapes if there are any.

    Raises
    ------
    SourceError
        If the file holds no rows.
    """
    text, findings = decode(path.read_bytes(), path.name, declined)
    held = json.loads(text)
    if isinstance(held, dict) and held.get("type") == "Topology":
        return _topology(held, layer, path.name, findings)
    if isinstance(held, dict) and held.get("type") == "FeatureCollection":
        return _features(held, findings)
    rows, key = _longest_list(held, layer, path.name)
    if key:
        findings.append(Told(N_("The list '{key}' was read."), {"key": key}))
    if rows and all(isinstance(row, list) for row in rows):
        frame = pd.DataFrame(rows)
        frame.columns = pd.Index([*PAIR, *map(str, range(3, len(frame.columns) + 1))][: len(frame.columns)])
    else:
        frame = pd.DataFrame.from_records([row for row in rows if isinstance(row, dict)])
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return Objects(frame, None, None, implied=False, findings=findings)


def _topology(held: Mapping[str, Any], layer: str | None, name: str, findings: list[Told]) -> Objects:
    """Decode a TopoJSON with its own transform, since its common reader leaves that out."""
    found = _features({"features": features_of(held, layer, name)}, list(findings))
    there = found.shapes[~found.shapes.isna()].head(EXAMPLES) if found.shapes is not None else geopandas.GeoSeries()
    first = [shapely.get_coordinates(shape)[0] for shape in there]
    values = {
        "rows": [f"{row}: {x:.7g}, {y:.7g}" for row, (x, y) in zip(there.index, first, strict=True)],
        "scale": ", ".join(f"{each:.3g}" for each in (held.get("transform") or {}).get("scale", (1, 1))),
    }
    sentence = N_(
        "TopoJSON was decoded with its own scale and origin (steps of {scale}; {rows:shape|shapes} {rows}); "
        "its common reader misplaces such files."
    )
    return found._replace(implied=found.crs is not None, findings=[*found.findings, Told(sentence, values)])


def _features(held: Mapping[str, Any], findings: list[Told]) -> Objects:
    features = held["features"]
    index = pd.RangeIndex(1, len(features) + 1)
    rows = [feature.get("properties") or {} for feature in features]
    frame = pd.DataFrame.from_records(rows, index=index) if any(rows) else pd.DataFrame(index=index)
    if "id" not in frame.columns and features and all("id" in feature for feature in features):
        frame["id"] = [feature["id"] for feature in features]
    shapes = [_shape(feature.get("geometry")) for feature in features]
    geometry = geopandas.GeoSeries(shapes, index=index)  # type: ignore[arg-type]  # the stubs are narrower than the library
    named = (held.get("crs") or {}).get("properties", {}).get("name")
    stated = None if named is None else systems.name_of(named)
    implied = named is None and _in_degrees(geometry)
    system = systems.WGS84 if implied or stated == "OGC:CRS84" else stated
    return Objects(frame, geometry, system, implied=implied, findings=findings)


def _shape(geometry: Mapping[str, Any] | None) -> shapely.Geometry | None:
    if not geometry or not (geometry.get("coordinates") or geometry.get("geometries")):
        return None
    return shapely.force_2d(shapely.geometry.shape(geometry))  # type: ignore[arg-type]  # the stubs are narrower than the library


def _in_degrees(geometry: geopandas.GeoSeries) -> bool:
    """Tell whether coordinates can be what RFC 7946 says they are."""
    low_x, low_y, high_x, high_y = geometry.total_bounds
    return bool(low_x >= -180 and high_x <= 180 and low_y >= -90 and high_y <= 90)  # noqa: PLR2004 - the globe


def _longest_list(held: Any, layer: str | None, name: str) -> tuple[list[Any], str | None]:  # noqa: ANN401 - JSON
    if isinstance(held, list):
        return held, None
    lists = {key: value for key, value in held.items() if isinstance(value, list)} if isinstance(held, dict) else {}
    if not lists:
        raise SourceError(
            N_("A JSON delivery is GeoJSON or holds a list of rows."),
            N_("{name}, which is neither"),
            N_("export it as GeoJSON or CSV"),
            name=name,
        )
    key = layer if layer in lists else max(lists, key=lambda each: len(lists[each]))
    return lists[key], key
