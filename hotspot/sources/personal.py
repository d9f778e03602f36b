"""Nobody in it: what points at a person is found before anything is written, and never repeated in a message."""

import re
from collections.abc import Callable, Iterable
from functools import reduce
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from hotspot.errors import N_, PersonalDataError, Told
from hotspot.sources.fields import folded

_SHOWN = 3
# METHODS: by date pattern, whatever the checksum; not inside longer numbers or after a decimal mark.
_CPR = re.compile(
    r"(?<!\d)(?<!\d[.,])(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])(?:0[1-9]|1[0-2])\d{2}[- ]?\d{4}(?![.,]?\d)"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_PHONE = re.compile(r"(?<![\w.,])(?:\+45|0045)[ -]?(?:\d[ -]?){8}(?!\d)|(?<![\w.,-])(?:\d{2} ){3}\d{2}(?![\d.,])")
_PLATE = re.compile(r"(?<!\w)[A-ZÆØÅ]{2} ?\d{2} ?\d{3}(?!\w)")
_EIGHT_DIGITS = re.compile(r"(?<!\d)\d{8}(?!\d)")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PATTERNS = MappingProxyType(
    {
        N_("numbers like a CPR number"): _CPR,
        N_("e-mail addresses"): _EMAIL,
        N_("telephone numbers"): _PHONE,
    }
)
# Only believed under a heading that says so: case numbers look just the same.
_BY_HEADING = MappingProxyType(
    {
        N_("number plates"): (re.compile("nummerplade|regnr|registreringsnummer|plate"), _PLATE),
        N_("telephone numbers"): (re.compile("tlf|telefon|phone|mobil"), _EIGHT_DIGITS),
    }
)
_NAMES = frozenset(
    [
        "cpr",
        "cprnr",
        "cprnummer",
        "personnummer",
        "fornavn",
        "efternavn",
        "mellemnavn",
        "fuldenavn",
        "personnavn",
        "firstname",
        "lastname",
        "fullname",
        "surname",
        "forurettede",
        "forurettet",
        "offer",
        "offernavn",
        "victimname",
        "anmelder",
        "anmeldernavn",
        "reporter",
        "gerningsmand",
        "gerningsmandnavn",
        "sigtede",
        "sigtet",
        "mistaenkt",
        "mistaenkte",
        "suspect",
        "offender",
        "kontaktperson",
        "beboer",
        "beboernavn",
        "lejer",
        "lejernavn",
        "foedselsdato",
        "birthdate",
    ]
)


class Trace(NamedTuple):
    """Something personal in a column: which column, what it is, and the first rows."""

    column: str
    what: Told
    rows: list[int]


def refuse_personal(cells: pd.DataFrame, *, exempt: Iterable[str] = ()) -> None:
    """Refuse a delivery with anything in it that points at a person.

    Parameters
    ----------
    cells
        Every column of the file as text, also those that would not be used.
    exempt
        Columns read as coordinates, whose long numbers mean nothing else.

    Raises
    ------
    PersonalDataError
        Naming columns, rows and what it is, never the value.
    """
    found = traces(cells.drop(columns=[name for name in exempt if name in cells.columns]))
    if not found:
        return
    raise PersonalDataError(
        N_("No delivery may hold anything that points at a person; nothing was written."),
        N_("{shown}"),
        N_("leave the columns out: {drop}"),
        shown=_together(found),
        drop=" ".join(dict.fromkeys(f'--drop "{t.column}"' for t in found)),
    )


def _together(found: list[Trace]) -> Told:
    told = [
        Told(
            N_("{column}: {what} (row {rows})"),
            {"column": t.column, "what": t.what, "rows": ", ".join(map(str, t.rows))},
        )
        for t in found
    ]
    return reduce(lambda first, rest: Told(N_("{first}; {rest}"), {"first": first, "rest": rest}), told)


def traces(cells: pd.DataFrame) -> list[Trace]:
    """Return everything in a table of text that points at a person, column by column."""
    found = []
    for name in cells.columns:
        column = cells[name].dropna()
        if column.empty:
            continue
        if folded(name) in _NAMES:
            found.append(Trace(name, Told(N_("a heading about a person")), _rows(column, lambda _: True)))
        found += [
            Trace(name, Told(what), _rows(column, lambda text, pattern=pattern: bool(pattern.search(text))))  # type: ignore[misc]  # the stubs are narrower than the library
            for what, pattern in _looked_for(name)
            if pattern.search(_joined(column))
        ]
    return [trace for trace in found if trace.rows]


def _looked_for(name: str) -> list[tuple[str, re.Pattern[str]]]:
    headed = [(what, pattern) for what, (heading, pattern) in _BY_HEADING.items() if heading.search(folded(name))]
    return [*_PATTERNS.items(), *headed]


def _joined(column: pd.Series) -> str:
    return _UUID.sub("", "\n".join(column.unique()))


def _rows(column: pd.Series, claim: Callable[[str], bool]) -> list[int]:
    rows: list[int] = []
    for row, text in column.items():
        if claim(_UUID.sub("", text)):
            rows.append(int(str(row)))
            if len(rows) == _SHOWN:
                break
    return rows
