"""A GeoPackage that QGIS opens ready drawn."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from hotspot.errors import N_
from hotspot.glossary import Language, words
from hotspot.release.contract import Release
from hotspot.report.files import whole
from hotspot.report.frames import column_of, file_frames, layers_on
from hotspot.report.styles import layer_style, plain_style, rank_style

TITLES = {
    "cells": N_("Cells"),
    "areas": N_("Areas"),
    "segments": N_("Paths and streets"),
    "hotspots": N_("Significant hot spots"),
    "priorities": N_("Priorities"),
    "portfolio": N_("Measures"),
}
_SUPPORTS = ("cells", "areas", "segments")
_RIM = "#a3231c"
_MULTI = {"Polygon": "MultiPolygon", "LineString": "MultiLineString"}
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
    libraries in one process do not see each other's locks.
    """
    said = language or release.study.language
    _ = words(said)
    frames = file_frames(release, said)
    with whole(path) as private:
        for name, frame in frames.items():
            title = f"{_(TITLES[name])} – {release.place.name}"
            _write(frame, private, name, title)
        _write(_styles(release, frames, said), private, "layer_styles", "", fid="id")


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
