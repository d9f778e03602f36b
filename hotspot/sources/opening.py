"""A file opened for the first time: columns known by name, nobody in it, nothing mended yet."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from hotspot import schema
from hotspot.errors import N_, SourceError
from hotspot.schema.readings import Word
from hotspot.sources.fields import Fields, match_columns
from hotspot.sources.findings import Seen, named_cells
from hotspot.sources.personal import refuse_personal
from hotspot.sources.places import coordinate_columns
from hotspot.sources.raw import Raw, read_raw
from hotspot.tables import Coverage, Table


class Asked(NamedTuple):
    """What a user says about a file.

    Attributes
    ----------
    mapping
        Column to field, where names are not known.
    crs
        The reference system of the coordinates, where the file does not say.
    layer
        Layer of a GeoPackage, sheet of a workbook.
    coverage
        Where and when the source looked.
    drop
        Columns to leave out before anything is looked at.
    known
        Tables that the study has already, by kind.
    raw
        The file's rows, where they were read already.
    source
        Whose delivery it is.
    word
        What the owner accepts and declines.
    codes
        What codes of incidents mean in the study.
    """

    mapping: Mapping[str, str]
    crs: str | None = None
    layer: str | None = None
    coverage: Coverage | None = None
    drop: tuple[str, ...] = ()
    known: Mapping[str, Table] | None = None
    raw: Raw | None = None
    source: str = ""
    word: Word = Word()
    codes: Mapping[str, str] | None = None


def opened(path: Path, kind: str, asked: Asked) -> tuple[Seen, Fields]:
    """Open a file and refuse it if anything in it points at a person.

    Parameters
    ----------
    path
        The file.
    kind
        The kind of table wanted.
    asked
        What the user says about it.

    Returns
    -------
    tuple
        The file, and which of its columns are known by name.

    Raises
    ------
    PersonalDataError
        Naming columns, rows and what it is.
    SourceError, TableError
        If the file cannot be opened, a column that the user names is not there, or there is no such kind.
    """
    schema.contract_of(kind)  # refuses what is no kind before the file is opened
    raw = read_raw(path, asked.layer, kind, asked.word.decline) if asked.raw is None else asked.raw
    cells = without_columns(raw.cells, asked.drop)
    fields = match_columns(cells.columns, kind, asked.mapping)
    refuse_personal(cells, exempt=coordinate_columns(dict(fields.columns)))
    days = None
    if asked.coverage is not None and asked.coverage.start and asked.coverage.end:
        days = asked.coverage.start, asked.coverage.end
    seen = Seen(
        named_cells(cells, fields),
        replace(raw, cells=cells),
        asked.crs,
        kind,
        path.stem,
        columns=fields.columns,
        known=asked.known or {},
        days=days,
        source=asked.source,
        word=asked.word,
        codes=asked.codes,
    )
    return seen, fields


def without_columns(cells: pd.DataFrame, drop: Iterable[str]) -> pd.DataFrame:
    """Return a file's cells without the columns that the user leaves out.

    Parameters
    ----------
    cells
        Under the file's own names.
    drop
        Some of these.

    Raises
    ------
    SourceError
        If there is no such column.
    """
    missing = [name for name in drop if name not in cells.columns]
    if missing:
        raise SourceError(
            N_("--drop names columns of the file."),
            N_("no column {missing}"),
            N_("one of {columns}"),
            missing=missing,
            columns=", ".join(map(str, cells.columns)),
        )
    return cells.drop(columns=list(drop))


def content_hash(path: Path) -> str:
    """Return what stands for a file's content in the register: its SHA-256.

    Parameters
    ----------
    path
        The file.
    """
    return hashlib.sha256(path.read_bytes()).hexdigest()
