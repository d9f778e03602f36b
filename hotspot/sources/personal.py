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
_DATE = r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])(?:0[1-9]|1[0-2])\d{2}"
# METHODS 12: by date pattern, whatever the checksum; not inside longer numbers or after a decimal mark.
_CPR = re.compile(rf"(?<!\d)(?<!\d[.,]){_DATE}[- ]?\d{{4}}(?![.,]?\d)")
# Replacement numbers: 60 added to the day, which the date above allows, or letters among the last four (memory).
_REPLACEMENT = re.compile(rf"(?<![\w.,-]){_DATE}-(?=\d*[A-ZÆØÅ])[A-ZÆØÅ\d]{{4}}(?![\w-])")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_PHONE = re.compile(
    r"(?<![\w.,])(?:\+45|0045)[ -]?(?:\d[ -]?){8}(?!\d)"
    r"|(?<![\w.,-])[2-9]\d(?: \d{2}){3}(?![\d.,]| \d)"
    r"|\b(?:tlf|telefon|mobil|mob|ring til|phone)\b[ .:nr]{0,8}[2-9]\d{3} ?\d{4}(?!\d)",
    re.IGNORECASE,
)
_TOLD_PLATE = re.compile(
    r"(?<![\w-])(?!KR|NR)[A-ZÆØÅ]{2} \d{2} \d{3}(?![\w-]| \d)"
    r"|\b(?i:nummerplade|nr\.? ?plade|reg\.? ?nr|registreringsnummer|bil|knallert|scooter|køretøj)\w*[ .:]{1,3}"
    r"(?:med |nr\.? )?[A-ZÆØÅ]{2} ?\d{2} ?\d{3}(?!\d)"
)
_PLATE = re.compile(r"(?<!\w)[A-ZÆØÅ]{2} ?\d{2} ?\d{3}(?!\w)")
_EIGHT_DIGITS = re.compile(r"(?<!\d)\d{8}(?!\d)|(?<!\d)\d{4} \d{4}(?!\d)")
# The most common first names and family names of Statistics Denmark's name lists (memory): enough to see that a column
# holds persons, not to find each one. A street or school named after someone ends otherwise.
_FIRST = (  # noqa: SIM905 - a list of a hundred strings reads worse
    "Anders Andreas Anna Anne Annette Bente Birgit Birgitte Bo Camilla Carl Charlotte Christian Christina Dorthe Emil "
    "Emma Erik Eva Frederik Freja Gitte Hanne Hans Helle Henrik Ida Inge Ingrid Jakob Jan Jens Jesper Johanne Josefine "
    "Julie Jytte Jørgen Karen Karl Kasper Katrine Kim Kirsten Kirstine Knud Kurt Lars Laura Lene Line Lis Lise Lone "
    "Louise Mads Magnus Maja Malene Maria Marianne Marie Martin Mathias Mette Michael Mikkel Mogens Mohammad Morten "
    "Niels Nikolaj Ole Oliver Oscar Per Peter Pia Poul Rasmus Rikke Sara Simon Sofie Stine Susanne Søren Thomas Tina "
    "Tove Trine Ulla Victor Viktor William Ali Fatima Mohamed Ahmed Yusuf Amina"
).split()
_FAMILY = (  # noqa: SIM905 - as above
    "Nielsen Jensen Hansen Andersen Pedersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen Madsen "
    "Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen Knudsen Jakobsen Jacobsen Mikkelsen "
    "Olesen Frederiksen Laursen Henriksen Lund Schmidt Eriksen Holm Kristiansen Simonsen Clausen Svendsen Andreasen "
    "Iversen Østergaard Jeppesen Vestergaard Nissen Lauridsen Jespersen Mogensen Jepsen Frandsen Nguyen Ahmed "
    "Ali Mohamed Khan"
).split()
_PERSON = re.compile(
    rf"(?<!\w)(?:{'|'.join(_FIRST)})(?: [A-ZÆØÅ][\wæøå]*\.?){{0,2}} (?:{'|'.join(_FAMILY)})(?!\w)"
    r"(?! ?(?:[Vv]ej|[Gg]ade|[Aa]llé|[Pp]lads|[Ss]træde|[Ss]kole|[Ss]ti|[Pp]ark|& ?[Cc]o|A/S|ApS|I/S))"
    rf"|(?<!\w)(?:{'|'.join(_FAMILY)}), (?:{'|'.join(_FIRST)})(?!\w)"
)
_LOWER = re.compile(r"(?<![\w/.:@-])[a-zæøå]{2,}(?![\w/@-])")  # words of sentences, not the parts of an address
_PROSE_WORDS, _PROSE_ROWS, _PROSE_SHARE, _PROSE_OWN = 5, 10, 0.5, 0.7  # what reads as sentences of its own (assumption)
_PLATE_ROWS, _PLATE_SHARE, _PLATE_LETTERS = 10, 0.8, 5  # lamps share their letters, number plates do not (assumption)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PATTERNS = MappingProxyType(
    {
        N_("numbers like a CPR number"): re.compile(f"{_CPR.pattern}|{_REPLACEMENT.pattern}"),
        N_("e-mail addresses"): _EMAIL,
        N_("telephone numbers"): _PHONE,
        N_("number plates"): _TOLD_PLATE,
        N_("names of persons"): _PERSON,
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
        found += [Trace(name, Told(what), rows) for what, rows in _as_a_whole(column)]
        found += [
            Trace(name, Told(what), _rows(column, lambda text, pattern=pattern: bool(pattern.search(text))))  # type: ignore[misc]  # the stubs are narrower than the library
            for what, pattern in _looked_for(name)
            if pattern.search(_joined(column))
        ]
    first = {(trace.column, trace.what.template): trace for trace in reversed(found) if trace.rows}
    return list(reversed(first.values()))


def _as_a_whole(column: pd.Series) -> list[tuple[str, list[int]]]:
    """What only a whole column shows: number plates without a heading, and sentences that may tell anything."""
    found = []
    plates = column[column.str.strip().str.fullmatch(_PLATE.pattern).to_numpy(bool)]
    letters = plates.str.strip().str[:2].nunique()
    if len(plates) >= max(_PLATE_ROWS, _PLATE_SHARE * len(column)) and letters >= _PLATE_LETTERS:
        found.append((N_("number plates"), _rows(plates, lambda _: True)))
    prose = column[column.map(lambda text: len(_LOWER.findall(text)) >= _PROSE_WORDS).to_numpy(bool)]
    own = prose.nunique()
    if len(prose) >= max(_PROSE_ROWS, _PROSE_SHARE * len(column)) and own >= _PROSE_OWN * len(prose):
        found.append((N_("sentences in free text"), _rows(prose, lambda _: True)))
    return found


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
