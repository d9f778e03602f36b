"""Any file into one raw form: all cells as text, geometry apart, the reference system if the file names one."""

import datetime as dt
import json
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyogrio

from hotspot import crs as systems
from hotspot.errors import N_, SourceError, Told
from hotspot.sources.objects import read_json
from hotspot.sources.text import Sheet, clean, read_text, sheet_of


@dataclass(frozen=True, eq=False)
class Raw:
    """A file as it stands, before anything is understood.

    Parameters
    ----------
    cells
        Text, NaN where empty; the index is the row's number in the file.
    geometry
        One per row, or None if the file has none of its own.
    crs
        The reference system the file names, or None.
    implied
        Whether ``crs`` is only what the format implies (GeoJSON without a statement).
    decimal
        The decimal mark.
    ragged
        Rows with more cells than the header.
    findings
        What was noticed.
    titles
        What stands above the header.
    """

    cells: pd.DataFrame
    geometry: geopandas.GeoSeries | None = None
    crs: str | None = None
    implied: bool = False
    decimal: str = "."
    ragged: Sequence[int] = ()
    findings: Sequence[Told] = field(default_factory=tuple)
    titles: tuple[str, ...] = ()


def read_raw(path: Path, layer: str | None = None, kind: str | None = None, declined: Collection[str] = ()) -> Raw:
    """Read any supported file into its raw form.

    Parameters
    ----------
    path
        CSV or other delimited text, Excel, GeoJSON, TopoJSON or plain JSON lists, GeoPackage, shapefile (zipped or
        not), FlatGeobuf, GML, Parquet and GeoParquet.
    layer
        Layer of a GeoPackage, sheet of a workbook or key of a JSON file.
    kind
        The kind of table wanted, to choose a layer of that name.
    declined
        Codes of readings that the owner declines; only those of text matter here.

    Raises
    ------
    SourceError
        If the file is missing, of an unknown type, damaged, or has several layers and none was chosen.
    """
    if not path.is_file():
        raise SourceError(N_("A delivery is a file."), N_("no file {path}"), N_("check the path"), path=str(path))
    ending = path.suffix.lower()
    try:
        if ending in (".csv", ".txt", ".tsv"):
            sheet = read_text(path, declined)
            return _of_sheet(sheet, sheet.findings)
        if ending in (".xlsx", ".xlsm"):
            return _excel(path, layer, declined)
        if ending in (".geojson", ".json", ".topojson"):
            held = read_json(path, layer, declined)
            return Raw(text_of(held.frame), held.shapes, held.crs, implied=held.implied, findings=held.findings)
        if ending in (".gpkg", ".shp", ".zip", ".fgb", ".gml"):
            return _layers(path, layer, kind)
        if ending in (".parquet", ".geoparquet"):
            return _parquet(path)
    except (
        pyogrio.errors.DataSourceError,
        zipfile.BadZipFile,
        json.JSONDecodeError,
        OSError,
        KeyError,
    ) as error:
        raise SourceError(
            N_("A delivery can be read as what its name says."),
            N_("{name}: {error}"),
            N_("export the file again, or rename it to its true type"),
            name=path.name,
            error=str(error).strip("'\""),
        ) from error
    raise SourceError(
        N_("A delivery is CSV, Excel (.xlsx), GeoJSON, GeoPackage, a zipped shapefile or GeoParquet."),
        N_("{name}"),
        N_("export it as one of these"),
        name=path.name,
    )


def text_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of typed columns as text, so that every format goes the same way."""
    made = {str(name): _column_text(frame[name]) for name in frame.columns}
    return clean(pd.DataFrame(made, index=frame.index, dtype="str"))


def _column_text(column: pd.Series) -> pd.Series:
    if isinstance(column.dtype, pd.DatetimeTZDtype) or pd.api.types.is_datetime64_dtype(column.dtype):
        return column.map(lambda moment: moment.isoformat(sep=" "), na_action="ignore").astype("str")
    return column.map(cell_text, na_action="ignore").astype("str")


def cell_text(value: object) -> str:
    """Return one value of a typed file as text: whole numbers without a point, moments as ISO."""
    if isinstance(value, bool | np.bool_):
        return "1" if value else "0"
    if isinstance(value, float | np.floating):
        return str(int(value)) if np.isfinite(value) and float(value).is_integer() else repr(float(value))
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _excel(path: Path, layer: str | None, declined: Collection[str]) -> Raw:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.max_row is None or sheet.max_row > 1]
        name = _chosen([sheet.title for sheet in sheets], layer, None, path.name, several=False)
        rows = [
            (number, ["" if value is None else cell_text(value) for value in row])
            for number, row in enumerate(book[name].iter_rows(values_only=True), start=1)
        ]
    finally:
        book.close()
    sheet = sheet_of(rows, path.name, declined)
    findings = sheet.findings
    if len(sheets) > 1 and layer is None:
        told = Told(N_("The workbook has {n} sheets; '{sheet}' was read."), {"n": len(sheets), "sheet": name})
        findings = [*findings, told]
    return _of_sheet(sheet, findings)


def _of_sheet(sheet: Sheet, findings: Sequence[Told]) -> Raw:
    return Raw(
        sheet.cells,
        decimal=sheet.decimal,
        ragged=sheet.ragged,
        findings=findings,
        titles=sheet.titles,
    )


def _layers(path: Path, layer: str | None, kind: str | None) -> Raw:
    address = _inside_zip(path) if path.suffix.lower() == ".zip" else str(path)
    names = [str(name) for name in pyogrio.list_layers(address)[:, 0]]
    chosen = _chosen(names, layer, kind, path.name)
    frame = pyogrio.read_dataframe(address, layer=chosen, datetime_as_string=True, force_2d=True)
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    if not isinstance(frame, geopandas.GeoDataFrame):
        return Raw(text_of(frame))
    return _with_geometry(frame)


def _inside_zip(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        held = [name for name in archive.namelist() if name.lower().endswith((".shp", ".gpkg", ".geojson"))]
    if len(held) != 1:
        raise SourceError(
            N_("A zipped delivery holds one shapefile, GeoPackage or GeoJSON."),
            N_("{name} with {n}"),
            N_("zip one layer with all its files (.shp, .dbf, .prj, .cpg)"),
            name=path.name,
            n=len(held),
        )
    return f"/vsizip/{path.resolve()}/{held[0]}"


def _chosen(names: list[str], layer: str | None, kind: str | None, name: str, *, several: bool = True) -> str:
    if layer in names:
        return str(layer)
    if layer is None and names and (len(names) == 1 or not several):
        return names[0]
    if layer is None and kind in names:
        return str(kind)
    raise SourceError(
        N_("One layer of a file is imported at a time."),
        N_("{name} with {layers}"),
        N_("add --layer with one of these names"),
        name=name,
        layers=", ".join(names) or "none",
    )


def _parquet(path: Path) -> Raw:
    import pyarrow.parquet

    try:
        schema = pyarrow.parquet.read_schema(path)
    except pyarrow.ArrowInvalid as damaged:
        raise OSError(str(damaged)) from damaged  # told like every damaged file
    if b"geo" in (schema.metadata or {}):
        frame = geopandas.read_parquet(path)
        return _with_geometry(frame.set_axis(pd.RangeIndex(1, len(frame) + 1)))
    plain = pd.read_parquet(path)
    return Raw(text_of(plain.set_axis(pd.RangeIndex(1, len(plain) + 1))))


def _with_geometry(frame: geopandas.GeoDataFrame) -> Raw:
    shapes = frame.geometry
    stated = None if frame.crs is None else systems.name_of(frame.crs)
    cells = text_of(pd.DataFrame(frame.drop(columns=shapes.name)))
    return Raw(cells, geopandas.GeoSeries(np.asarray(shapes), index=frame.index), stated)
