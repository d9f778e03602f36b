"""What is noticed in a file, what is proposed about it, and the file as it would be read then."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd
import shapely

from hotspot.errors import Told
from hotspot.schema.readings import Word, is_declined, otherwise, reading_of
from hotspot.sources.fields import Fields
from hotspot.sources.objects import PAIR
from hotspot.sources.raw import Raw
from hotspot.sources.survey import Scale
from hotspot.tables import Table

SHOWN = 3  # examples of each finding
_NOTHING: Mapping[str, "Table"] = MappingProxyType({})
_NO_NAMES: Mapping[str, str] = MappingProxyType({})
_NO_ROWS: Mapping[object, Told] = MappingProxyType({})


@dataclass(frozen=True)
class Finding:
    """One thing noticed in a file, and what is proposed about it.

    Parameters
    ----------
    code
        Short name of the fix, as ``--accept`` takes it; ``""`` where nothing is to be accepted.
    sentence
        What was noticed.
    examples
        Some of it as it stands in the file, each with its row number.
    fix
        What is proposed; None where there is nothing to do.
    harmless
        Whether the fix is taken by itself.
    accepted
        Whether it is taken; for a reading, whether it is not declined.
    otherwise
        What is done instead where a reading is declined; None where nothing is read without asking.
    """

    code: str
    sentence: Told
    examples: tuple[str, ...] = ()
    fix: Told | None = None
    harmless: bool = True
    accepted: bool = True
    otherwise: Told | None = None


class Seen(NamedTuple):
    """A file as it would be read.

    Attributes
    ----------
    named
        Cells under the fields' names.
    raw
        The file, with its shapes.
    crs
        The reference system stated by the user, or None.
    kind
        The kind of table.
    name
        The file's name without its ending.
    columns
        Which column of the file gives each field.
    known
        Tables that the study has already, by kind.
    days
        First and last day that the user says the file covers, or None.
    guessed
        Why a column without a known name is read as a field.
    scales
        Scale of a survey's question, where it is not the national one.
    area
        Where the file looked, if that is less than the place.
    aside
        Rows that a fix sets aside, with the reason.
    source
        Whose delivery it is.
    word
        What the owner accepts and declines.
    codes
        What codes of incidents mean in the study; None takes the product's table.
    """

    named: pd.DataFrame
    raw: Raw
    crs: str | None
    kind: str
    name: str
    columns: Mapping[str, str] = _NO_NAMES
    known: Mapping[str, Table] = _NOTHING
    days: tuple[dt.date, dt.date] | None = None
    guessed: Mapping[str, Told] = _NO_ROWS  # type: ignore[assignment]  # an empty mapping of anything
    scales: Mapping[str, Scale] = MappingProxyType({})
    area: shapely.Geometry | None = None
    aside: Mapping[object, Told] = _NO_ROWS
    source: str = ""
    word: Word = Word()
    codes: Mapping[str, str] | None = None


class Proposal(NamedTuple):
    """A finding, and the file with its fix."""

    finding: Finding
    mended: Seen


def named_cells(cells: pd.DataFrame, fields: Fields) -> pd.DataFrame:
    """Return a file's cells under the names of the fields they give.

    Parameters
    ----------
    cells
        Text under the file's own names.
    fields
        Which column gives which field.

    Returns
    -------
    DataFrame
        One column per field, and the pair of a plain list of number pairs, which has no names.
    """
    named = pd.DataFrame({field: cells[column] for field, column in fields.columns.items()}, index=cells.index)
    return named.assign(**{each: cells[each] for each in PAIR if each in cells and each not in fields.columns.values()})


def proposed(code: str, sentence: Told, fix: Told, examples: tuple[str, ...] = ()) -> Finding:
    """Return a finding whose fix waits for the user's word.

    Parameters
    ----------
    code
        As ``--accept`` takes it.
    sentence
        What was noticed.
    fix
        What is proposed.
    examples
        Some rows.

    Returns
    -------
    Finding
        Neither harmless nor accepted.
    """
    return Finding(code, sentence, examples, fix, harmless=False, accepted=False)


def noticed(told: Told) -> Finding:
    """Return a sentence about what was read as a finding: one that can be declined carries its code.

    Parameters
    ----------
    told
        Something noticed.

    Returns
    -------
    Finding
        With what is done instead, where it is about a reading.
    """
    code = reading_of(told)
    if not code:
        return Finding("", told)
    return Finding(code, told, accepted=not is_declined(told), otherwise=otherwise(code))


def shown(texts: pd.Series) -> tuple[str, ...]:
    """Return the first cells with their row numbers.

    Parameters
    ----------
    texts
        Cells on an index of row numbers.

    Returns
    -------
    tuple of str
        Such as ``"12: 525495058.00"``.
    """
    return tuple(f"{row}: {text}" for row, text in texts.head(SHOWN).items())
