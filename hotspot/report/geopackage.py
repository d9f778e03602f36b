"""A GeoPackage that QGIS opens ready drawn."""

import datetime as dt
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from hotspot.errors import N_
from hotspot.glossary import Language, words
from hotspot.release.contract import Release
from hotspot.report.columns import Described, described
from hotspot.report.contours import LINES_TITLE
from hotspot.report.files import whole
from hotspot.report.frames import column_of, file_frames, layers_on
from hotspot.report.styles import contour_style, layer_style, plain_style, rank_style

TITLES = {
    "cells": N_("Cells"),
    "areas": N_("Areas"),
    "segments": N_("Paths and streets"),
    "hotspots": N_("Significant hot spots"),
    "contours": LINES_TITLE,
    "priorities": N_("Priorities"),
    "portfolio": N_("Measures"),
}
_SUPPORTS = ("cells", "areas", "segments")
_RIM = "#a3231c"
_MULTI = {"Polygon": "MultiPolygon", "LineString": "MultiLineString"}
_SCHEMA = "http://www.geopackage.org/spec121/#extension_schema"
_SCHEMA_TABLES = ("gpkg_data_columns", "gpkg_data_column_constraints")
_COLUMNS = """
create table gpkg_data_columns (
  table_name text not null, column_name text not null, name text, title text, description text, mime_type text,
  constraint_name text, constraint pk_gdc primary key (table_name, column_name),
  constraint gdc_tn unique (table_name, name))
"""
_CONSTRAINTS = """
create table gpkg_data_column_constraints (
  constraint_name text not null, constraint_type text not null, value text, min numeric, min_is_inclusive boolean,
  max numeric, max_is_inclusive boolean, description text,
  constraint gdcc_ntv unique (constraint_name, constraint_type, value))
"""
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def write_geopackage(release: Release, path: Path, language: Language | None = None) -> None:
    """Write what an audience may see as one GeoPackage with QGIS styles.

    Parameters
    ----------
    release
        What the audience may see.
    path
        The file; an old one is replaced only when the new one is whole.
    language
        Language of titles and legends; the study's unless told otherwise.

    Notes
    -----
    Each table is written to a private file that no other process or connection knows, then moved: two SQLite
    libraries in one process do not see each other's locks. What each column is called, its unit and its meaning
    stand in ``gpkg_data_columns``, which QGIS and GDAL show as alias and comment.

    References
    ----------
    OGC 12-128r19, "GeoPackage Encoding Standard", annex F.9 (schema extension).
    """
    said = language or release.study.language
    _ = words(said)
    frames = file_frames(release, said)
    with whole(path) as private:
        for name, frame in frames.items():
            title = f"{_(TITLES[name])} – {release.place.name}"
            _write(frame, private, name, title)
        _write(_styles(release, frames, said), private, "layer_styles", "", fid="id")
        _describe(release, frames, private, said)


def _write(frame: pd.DataFrame, path: Path, layer: str, title: str, fid: str = "fid") -> None:
    options = {"FID": fid} | ({"IDENTIFIER": title} if title else {})
    flat = frame.copy()
    for name in flat.columns[[flat[name].dtype == object for name in flat.columns]]:
        flat[name] = [each if isinstance(each, str) else None for each in flat[name]]
    kind = None
    if isinstance(flat, gpd.GeoDataFrame):
        found = set(flat.geometry.geom_type.dropna()) or {"Polygon"}
        kind = found.pop() if len(found) == 1 else _MULTI.get(max(found).replace("Multi", ""), "Unknown")
    pyogrio.write_dataframe(
        flat, path, layer=layer, driver="GPKG", geometry_type=kind, layer_options=options,
        promote_to_multi=kind is not None and kind.startswith("Multi"),
    )  # fmt: skip


def _describe(release: Release, frames: Mapping[str, pd.DataFrame], path: Path, language: Language) -> None:
    """Write the names, units and meanings of all columns."""
    rows = [
        (table, each.column, each.name, each.name, f"{each.meaning} [{each.unit}]" if each.unit else each.meaning)
        for table, frame in frames.items()
        for each in _apart(described(release, table, [str(name) for name in frame.columns], language))
    ]
    with closing(sqlite3.connect(path)) as book, book:
        book.execute(_COLUMNS)
        book.execute(_CONSTRAINTS)
        book.executemany("insert into gpkg_data_columns values (?, ?, ?, ?, ?, null, null)", rows)
        extended = [(name, "gpkg_schema", _SCHEMA, "read-write") for name in _SCHEMA_TABLES]
        book.executemany("insert into gpkg_extensions values (?, null, ?, ?, ?)", extended)


def _apart(columns: list[Described]) -> list[Described]:
    """Keep names apart, as the standard asks of one table: the second bearer of a name gets its column behind it."""
    taken: set[str] = set()
    found = []
    for each in columns:
        own = each._replace(name=f"{each.name} ({each.column})") if each.name in taken else each
        taken.add(own.name)
        found.append(own)
    return found


def _styles(release: Release, frames: Iterable[str], language: Language) -> pd.DataFrame:
    """Return the rows of ``layer_styles``: for each table one style per layer, the first one default."""
    _ = words(language)
    rows = []
    for name in frames:
        if name in _SUPPORTS:
            for i, (key, shown) in enumerate(layers_on(release, name).items()):
                column = column_of(key, shown.spec.show.column)
                qml = layer_style(shown, language, column=column, hidden=column_of(key, "hidden"))
                rows.append(_style(name, shown.spec.title[language], qml, default=i == 0))
        elif name == "contours":
            rows.append(_style(name, _(LINES_TITLE), contour_style(release, language), default=True))
        elif name != "portfolio":
            title = _(TITLES[name])
            qml = rank_style(language) if name == "priorities" else plain_style(_RIM, title, "fill")
            rows.append(_style(name, title, qml, default=True))
    return pd.DataFrame(rows)


def _style(table: str, title: str, qml: str, *, default: bool) -> dict[str, object]:
    return {
        "f_table_catalog": "",
        "f_table_schema": "",
        "f_table_name": table,
        "f_geometry_column": "geom",
        "styleName": title,
        "styleQML": qml,
        "styleSLD": "",
        "useAsDefault": default,
        "description": title,
        "owner": "",
        "ui": "",
        "update_time": _EPOCH,
    }
