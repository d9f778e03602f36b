"""Files to hand over: surfaces as GeoTIFF, CSV, GeoJSON, run.json, and a run's whole folder."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import rasterio

from hotspot.crs import name_of, to_wgs84
from hotspot.errors import N_, AccessError
from hotspot.glossary import Language, amount, say
from hotspot.release.contract import Release, Shown
from hotspot.report.files import whole
from hotspot.report.frames import file_frames, layers_on, portfolio_frame, priority_frame
from hotspot.report.geopackage import write_geopackage
from hotspot.report.tables import findings_text

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_results(release: Release, folder: Path) -> None:
    """Write everything a run leaves behind: GeoPackage, surfaces, priorities, portfolio, run.json.

    Parameters
    ----------
    release
        What the audience may see.
    folder
        Made if it is not there.
    """
    language = release.study.language
    folder.mkdir(parents=True, exist_ok=True)
    write_geopackage(release, folder / "hotspot.gpkg", language)
    write_surfaces(release, folder / "surfaces")
    write_csv(priority_frame(release, language), folder / "priorities.csv", language)
    write_csv(portfolio_frame(release, language), folder / "portfolio.csv", language)
    write_run_json(release, folder / "run.json")


def write_surfaces(release: Release, folder: Path) -> list[Path]:
    """Write every surface as a cloud-optimised GeoTIFF.

    Parameters
    ----------
    release
        What the audience may see.
    folder
        Made if it is not there.

    Returns
    -------
    list of Path
        One file per surface, named by its layer; empty where the audience may see none.
    """
    written = []
    for key, shown in layers_on(release, "surface").items():
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{key}.tif"
        with whole(path) as private:
            _write_surface(shown, private, release)
        written.append(path)
    return written


def _write_surface(shown: Shown, path: Path, release: Release) -> None:
    """Band 1 the values, then standard error and what is hidden where there are such."""
    surface = shown.surface
    if surface is None:
        return
    language, spec = release.study.language, shown.spec
    bands = [(spec.title[language], spec.unit, np.asarray(surface.values))]
    if surface.error is not None:
        bands.append(("standard error", spec.unit, surface.error))
    if shown.hidden is not None and shown.hidden.any():
        bands.append(("hidden", "", shown.hidden.astype(float)))
    lattice = surface.lattice
    profile = {
        "driver": "COG",
        "height": lattice.rows,
        "width": lattice.cols,
        "count": len(bands),
        "dtype": "float32",
        "crs": release.place.crs,
        "transform": lattice.affine,
        "nodata": math.nan,
        "compress": "DEFLATE",
        "overview_resampling": "average",
    }
    with rasterio.open(path, "w", **profile) as file:
        for i, (title, unit, values) in enumerate(bands, start=1):
            file.write(np.asarray(values, dtype=np.float32), i)
            file.set_band_description(i, title)
            file.set_band_unit(i, unit)
        file.update_tags(layer=spec.key, result=release.key, question=spec.question[language])


def write_csv(frame: pd.DataFrame, path: Path, language: Language) -> None:
    """Write a table as a spreadsheet of that language opens it.

    Parameters
    ----------
    frame
        The table; a geometry is left out.
    path
        The file.
    language
        ``"da"``: semicolons and decimal commas. ``"en"``: commas and decimal points.

    Notes
    -----
    A text that a spreadsheet would run as a formula gets an apostrophe in front. Empty is "cannot say"
    unless the row's ``hidden`` is true.
    """
    plain = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    safe = plain.rename(columns=lambda name: _guarded(str(name)))
    for name in safe.columns:
        safe[name] = [_cell(each, language) for each in safe[name]]
    with whole(path) as private:
        safe.to_csv(
            private,
            sep=";" if language == "da" else ",",
            index=False,
            encoding="utf-8-sig",
            lineterminator="\r\n",
        )


def _cell(value: Any, language: Language) -> str:  # noqa: ANN401 - any cell
    if isinstance(value, bool | np.bool_):
        return "1" if value else "0"
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, float | np.floating):
        return _decimal(float(value), language)
    return "" if value is None else _guarded(str(value))


def _decimal(value: float, language: Language) -> str:
    """Write a number without grouping, with as many digits as it takes to read it back unchanged."""
    if math.isnan(value):
        return ""
    if not math.isfinite(value):
        return amount(value, language)
    text = np.format_float_positional(value + 0.0, trim="-")
    return text.replace(".", ",") if language == "da" else text


def _guarded(text: str) -> str:
    """Keep a spreadsheet from running a text."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_geojson(release: Release, name: str, path: Path, language: Language | None = None) -> None:
    """Write one table as GeoJSON.

    Parameters
    ----------
    release
        What the audience may see.
    name
        ``"areas"``, ``"cells"``, ``"segments"``, ``"hotspots"`` or ``"priorities"``.
    path
        The file.
    language
        Language of texts; the study's unless told otherwise.

    Raises
    ------
    AccessError
        If the audience may not see such a table, or it has no place on a map.

    References
    ----------
    RFC 7946, "The GeoJSON Format": longitude and latitude on WGS 84, outer rings anticlockwise.
    """
    frame = file_frames(release, language or release.study.language).get(name)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise AccessError(
            N_("Only what an audience may see on a map is written as GeoJSON."),
            N_("{name}"),
            N_("ask for areas, hotspots or priorities"),
            name=name,
        )
    with whole(path) as private:
        pyogrio.write_dataframe(
            to_wgs84(frame), private, driver="GeoJSON", layer=name, layer_options={"RFC7946": "YES"}
        )


def write_run_json(release: Release, path: Path) -> None:
    """Write how a result came about.

    Parameters
    ----------
    release
        What the audience may see.
    path
        The file.
    """
    language = release.study.language
    told = {
        "key": release.key,
        "audience": release.audience,
        "place": {
            "name": release.place.name,
            "crs": name_of(release.place.crs),
            "timezone": release.place.timezone,
        },
        "study": release.study.plain(),
        "seeds": {"study": release.study.seed},
        "weights": _weights(release),
        "layers": {key: _layer(shown, language) for key, shown in release.layers.items()},
        "coverage": release.coverage.to_dict("records"),
        "findings": findings_text(release, language),
        **release.record,
    }
    told["kept"] = list(release.record.get("kept", ()))
    with whole(path) as private:
        private.write_text(json.dumps(_plain(told), ensure_ascii=False, indent=1, allow_nan=False) + "\n", "utf-8")


def _weights(release: Release) -> dict[str, float]:
    """Return the weights that were used: the layer file proposes, the study decides."""
    proposed = {key: shown.spec.priority.weight for key, shown in release.layers.items() if shown.spec.priority}
    return {key: float(release.study.weights.get(key, weight)) for key, weight in proposed.items()}


def _layer(shown: Shown, language: Language) -> dict[str, Any]:
    return {
        "title": shown.spec.title[language],
        "measure": shown.spec.measure,
        "parameters": dict(shown.spec.parameters),
        "unit": shown.spec.unit,
        "facts": dict(shown.facts),
        "notes": [say(note, language) for note in shown.notes],
        "references": [dict(each) for each in shown.spec.references],
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value that JSON can hold
    """Return what JSON can hold: NaN as null, days as text."""
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value if isinstance(value, str | int | float | None) else str(value)
