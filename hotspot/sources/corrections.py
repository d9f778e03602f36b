"""Rows set aside, as a file that their owner can correct and hand in again."""

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspot.errors import N_, SourceError
from hotspot.glossary import Language, say
from hotspot.schema import contract_of
from hotspot.schema.readings import OF_TEXT, Word, codes_in
from hotspot.sources.fields import Fields, match_columns
from hotspot.sources.fixes import Seen, mend, named_cells
from hotspot.sources.places import locate
from hotspot.sources.raw import Raw, read_raw
from hotspot.sources.reading import read_table
from hotspot.sources.understood import REPEATED
from hotspot.tables import Correction, Delivery, Place

ROW, REASON, OF, SYSTEM = "set_aside_row", "set_aside_reason", "set_aside_of", "set_aside_system"
_OURS = (ROW, REASON, OF, SYSTEM)
_NOTHING: Mapping[tuple[str, str], Collection[str]] = MappingProxyType({})
_START = 10_000  # bytes that hold the header
_PLACES = ("x", "y", "lon", "lat", "wkt")


def rows_to_correct(  # noqa: PLR0913 - what an import takes
    path: Path,
    delivery: Delivery,
    language: Language,
    *,
    mapping: Mapping[str, str] | None = None,
    crs: str | None = None,
    layer: str | None = None,
    drop: Iterable[str] = (),
    raw: Raw | None = None,
) -> bytes:
    """Return the rows that a delivery set aside as a file to correct and import again.

    Parameters
    ----------
    path
        The file that was read.
    delivery
        As `hotspot.sources.read_table` returned it, so nothing in it points at a person.
    language
        Whose words the reasons are in.
    mapping, crs, layer, drop
        As it was read.
    raw
        The file's rows, where they were read already.

    Returns
    -------
    bytes
        CSV under the file's own headings, or the fields' names where a fix changed the values; before them the
        row's number and reason and what the rows belong to. Empty if there is nothing to correct.

    Notes
    -----
    The values are those after the accepted fixes, so that they mean the same when only a few rows are read.
    Repeated rows are left out: nothing in them is wrong, so there is nothing to correct.
    """
    wrong = delivery.quarantine[[each.template != REPEATED for each in delivery.quarantine["reason"]]]
    if not len(wrong):
        return b""
    wrong = wrong.sort_values("row", kind="stable")
    kind, rows = delivery.table.kind, wrong["row"].tolist()
    mended, cells, fields = _read_again(raw or _raw(path, layer, delivery), delivery, mapping, crs, drop)
    told = pd.DataFrame(
        {
            ROW: rows,
            REASON: [say(each, language) for each in wrong["reason"]],
            OF: f"{kind}/{delivery.source}/{delivery.provenance['sha256'][:16]}",
            SYSTEM: mended.crs or mended.raw.crs or "",
        },
        index=rows,
    )
    body = _headed(mended, cells, fields, kind).loc[rows]
    return _written(told.join(body), mended.raw.decimal)


def places_set_aside(  # noqa: PLR0913 - what an import takes
    path: Path,
    delivery: Delivery,
    *,
    mapping: Mapping[str, str] | None = None,
    crs: str | None = None,
    layer: str | None = None,
    drop: Iterable[str] = (),
    raw: Raw | None = None,
) -> gpd.GeoSeries:
    """Return where the rows lie that a delivery set aside.

    Parameters
    ----------
    path
        The file that was read.
    delivery
        As `hotspot.sources.read_table` returned it.
    mapping, crs, layer, drop
        As it was read.
    raw
        The file's rows, where they were read already.

    Returns
    -------
    GeoSeries
        In the place's reference system, by row number; rows without a place are left out.
    """
    place, kind = delivery.table.place, delivery.table.kind
    rows = delivery.quarantine["row"].tolist()
    if contract_of(kind).shape is None or not rows or not delivery.table.frame.geometry.notna().any():
        return gpd.GeoSeries([], crs=place.crs)
    mended, _, _ = _read_again(raw or _raw(path, layer, delivery), delivery, mapping, crs, drop)
    shapes = locate(mended.raw, mended.named, place, mended.crs, path.name).shapes.loc[rows]
    array = np.asarray(shapes.array)
    there = ~(shapely.is_missing(array) | shapely.is_empty(array))
    return gpd.GeoSeries(array[there], index=shapes.index[there], crs=place.crs)


def _raw(path: Path, layer: str | None, delivery: Delivery) -> Raw:
    return read_raw(path, layer, delivery.table.kind, codes_in(delivery.provenance, "declined"))


def _read_again(
    raw: Raw,
    delivery: Delivery,
    mapping: Mapping[str, str] | None,
    crs: str | None,
    drop: Iterable[str],
) -> tuple[Seen, pd.DataFrame, Fields]:
    """Return the file as it was understood, with its accepted fixes."""
    kind = delivery.table.kind
    cells = raw.cells.drop(columns=[name for name in drop if name in raw.cells])
    fields = match_columns(cells.columns, kind, mapping)
    word = Word(*(codes_in(delivery.provenance, each) for each in ("accepted", "declined")))
    name = Path(delivery.provenance["file"]).stem
    seen = Seen(named_cells(cells, fields), raw, crs, kind, name, word=word)
    return mend(seen, delivery.table.place)[0], cells, fields


def read_correction(
    path: Path, place: Place, declined: Mapping[tuple[str, str], Collection[str]] = _NOTHING
) -> Correction | None:
    """Read a file of corrected rows.

    Parameters
    ----------
    path
        A file that `rows_to_correct` made and somebody changed.
    place
        The study's place.
    declined
        Kind and source to the codes of the readings that were declined for them.

    Returns
    -------
    Correction or None
        None if the file is a delivery of its own.

    Raises
    ------
    SourceError
        If the columns that say where the rows belong were changed.
    TableError
        If none of the rows stands yet.
    """
    if not _may_be_one(path):
        return None
    raw = read_raw(path)
    if not {ROW, OF} <= set(raw.cells):
        return None
    belongs = raw.cells[OF].dropna().unique()
    parts: list[str] = str(belongs[0]).split("/") if len(belongs) == 1 else []
    numbers = pd.to_numeric(raw.cells[ROW], errors="coerce")
    if len(parts) < 3 or numbers.isna().any() or numbers.duplicated().any():  # noqa: PLR2004 - kind, source, file
        raise SourceError(
            N_("Corrected rows keep the columns {row} and {of} as they were, one row each."),
            N_("{name}, where they were changed"),
            N_("download the rows set aside again, and correct the other columns"),
            row=ROW,
            of=OF,
            name=path.name,
        )
    kind, source, file = parts[0], "/".join(parts[1:-1]), parts[-1]
    systems = raw.cells[SYSTEM].dropna().unique().tolist() if SYSTEM in raw.cells else []
    ours = [name for name in _OURS if name in raw.cells]
    crs = str(systems[0]) if len(systems) else None
    no = [code for code in declined.get((kind, source), ()) if code not in OF_TEXT]  # the file is written by us
    delivery = read_table(path, kind, place, crs=crs, drop=ours, source=source, decline=no)
    aside = delivery.quarantine["row"]
    return Correction(
        delivery,
        file,
        tuple(int(number) for number in numbers.drop(index=list(aside))),
        tuple(int(number) for number in numbers.loc[list(aside)]),
    )


def _may_be_one(path: Path) -> bool:
    """Tell without reading all of a file whether it may hold rows that were set aside."""
    if path.suffix.lower() not in (".csv", ".txt", ".tsv"):
        return path.suffix.lower() in (".xlsx", ".xlsm")
    try:
        with path.open("rb") as file:
            start = file.read(_START)
    except OSError:
        return False  # its own reader says what is wrong with it
    return any(OF.encode(encoding) in start for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


def _headed(mended: Seen, cells: pd.DataFrame, fields: Fields, kind: str) -> pd.DataFrame:
    """Return the cells under their own headings where these and the values still say the same."""
    named = mended.named
    if mended.raw.geometry is not None:
        shapes = shapely.to_wkt(np.asarray(mended.raw.geometry.array), rounding_precision=7)
        named = named.drop(columns=[each for each in _PLACES if each in named])
        named = named.assign(wkt=pd.Series(shapes, index=cells.index, dtype=object))
    own = {
        field: column
        for field, column in fields.columns.items()
        if field in named and named[field].equals(cells[column])
    }
    headed = named.rename(columns=own)
    headed = headed.join(cells[[each for each in fields.unused if each not in headed]])
    again = match_columns(headed.columns, kind).columns
    same = all(again.get(str(field)) == own.get(str(field), field) for field in named) and len(again) == len(
        named.columns
    )
    if not same:
        return named
    first = [column for column in cells.columns if column in headed]
    return headed[[*first, *(column for column in headed.columns if column not in first)]]


def _written(frame: pd.DataFrame, decimal: str) -> bytes:
    """Write CSV whose delimiter tells the decimal mark, as readers of few rows must know it."""
    text = io.StringIO()
    frame.to_csv(text, index=False, sep="," if decimal == "." else ";", quoting=csv.QUOTE_MINIMAL)
    return text.getvalue().encode("utf-8-sig")
