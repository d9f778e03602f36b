"""Nobody in it: what points at a person is found before anything is written, and never repeated in a message."""

import re
from collections.abc import Callable, Iterable
from functools import reduce
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from hotspot.errors import N_, PersonalDataError, Told
from hotspot.schema.readings import EXAMPLES
from hotspot.sources.fields import folded

_DATE = r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])(?:0[1-9]|1[0-2])\d{2}"
# METHODS 12: by date pattern, whatever the checksum; not inside longer numbers or after a decimal mark.
_CPR = re.compile(rf"(?<!\d)(?<!\d[.,]){_DATE}[- ]?\d{{4}}(?![.,]?\d)")
# Replacement numbers: 60 added to the day, which the date above allows, or letters among the last four (memory).
_REPLACEMENT = re.compile(rf"(?<![\w.,-]){_DATE}[- ]?(?=\d*[A-ZÆØÅ])[A-ZÆØÅ\d]{{4}}(?![\w-])")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_PHONE = re.compile(
    r"(?<![\w.,])\(?(?:\+45|0045)\)?[ -]?(?:\d[ -]?){8}(?!\d)"
    r"|(?<![\w.,-])[2-9]\d(?: \d{2}){3}(?!\d|[.,]\d| \d)"
    r"|\b(?:tlf|telefon|mobil|mob|ring til|phone)\b[ .:nr]{0,8}[2-9]\d{3} ?\d{4}(?!\d)",
    re.IGNORECASE,
)
_TOLD_PLATE = re.compile(
    r"(?<![\w-])(?!KR|NR)[A-ZÆØÅ]{2}([ -])\d{2}\1\d{3}(?![\w-]| \d)"
    r"|\b(?i:nummerplade|nr\.? ?plade|reg\.? ?nr|registreringsnummer|bil|knallert|scooter|køretøj)\w*[ .:]{1,3}"
    r"(?:med |nr\.? )?[A-ZÆØÅ]{2} ?\d{2} ?\d{3}(?!\d)"
)
_PLATE = re.compile(r"(?<!\w)[A-ZÆØÅ]{2} ?\d{2} ?\d{3}(?!\w)")
_EIGHT_DIGITS = re.compile(r"(?<!\d)\d{8}(?!\d)|(?<!\d)\d{4} \d{4}(?!\d)")
# The most common first names and family names of Statistics Denmark's name lists (memory): enough to see that a column
# holds persons, not to find each one. A street or school named after someone ends otherwise.
_FIRST = (  # noqa: SIM905 - a list of hundreds of strings reads worse
    "Agnes Ahmed Aisha Ali Allan Alma Amalie Amina Anders Andreas Anja Anna Anne Annette Anton Asta Astrid August "
    "Benny Bent Bente Birgit Birgitte Birthe Bjarne Bjørn Bo Bodil Brian Camilla Carl Caroline Carsten Cecilie "
    "Charlotte Christian Christina Christoffer Clara Claus Daniel David Dennis Ditte Dorthe Edith Elias Elin "
    "Elisabeth Ella Ellen Else Emil Emilie Emma Erik Esther Eva Fatima Finn Flemming Frank Frederik Freja Frida "
    "Gerda Gert Gitte Grethe Gudrun Gunnar Hanne Hans Hassan Heidi Helle Henriette Henrik Hussein Ibrahim Ida Inge "
    "Inger Ingrid Irene Isabella Ivan Jacob Jakob Jan Jeanette Jens Jesper Jette Johan Johanne Johannes John Jonas "
    "Josefine Judith Julie Julius Jytte Jørgen Kaj Karen Karin Karl Karsten Kasper Kathrine Katrine Kenneth Kent "
    "Kim Kirsten Kirstine Klaus Knud Kristian Kristine Kristoffer Kurt Laila Lars Laura Leif Lene Linda Line Lis "
    "Lisbeth Lise Lone Louise Lucas Lærke Mads Magnus Maja Malene Malthe Marcus Margit Margrethe Maria Marianne "
    "Marie Marlene Martin Mathias Mathilde Merete Mette Mia Michael Mikkel Mogens Mohamed Mohammad Morten Mustafa "
    "Nadia Nanna Natasja Niels Nikolaj Nina Noah Ole Oliver Olivia Omar Oscar Otto Palle Patrick Per Pernille Peter "
    "Philip Pia Poul Rasmus René Rikke Robert Ruth Sandra Sanne Sara Sebastian Signe Simon Sofie Solveig Sonja "
    "Steen Stefan Steffen Sten Stine Susanne Svend Søren Tanja Thomas Tina Tobias Tom Tommy Torben Tove Trine "
    "Troels Uffe Ulla Ulrik Vagn Vera Vibeke Victor Viggo Viktor William Yasmin Yusuf Zahra"
).split()
_FAMILY = (  # noqa: SIM905 - as above
    "Aagaard Ahmed Ali Andersen Andreasen Andresen Bach Bak Bech Beck Berg Bertelsen Bruun Carlsen Christensen "
    "Christiansen Christoffersen Clausen Dahl Dalgaard Damgaard Demir Eriksen Eskildsen Frandsen Frederiksen Friis "
    "Gregersen Hald Hansen Hassan Henriksen Hermansen Holm Holst Hussain Hussein Iversen Jacobsen Jakobsen Jensen "
    "Jeppesen Jepsen Jespersen Johansen Johnsen Juhl Jørgensen Kaya Khan Kjeldsen Kjær Knudsen Koch Kristensen "
    "Kristiansen Krogh Larsen Lassen Lauridsen Lauritsen Laursen Lind Lorenzen Lund Madsen Marcussen Mathiesen "
    "Michelsen Mikkelsen Mogensen Mohamed Mortensen Møller Nguyen Nielsen Nissen Nygaard Olesen Olsen Overgaard "
    "Paulsen Pedersen Petersen Poulsen Rasmussen Ravn Schmidt Schou Simonsen Singh Steffensen Svendsen Søndergaard "
    "Sørensen Thomsen Thorup Thygesen Toft Vestergaard Villadsen Winther Yildiz Yilmaz Østergaard"
).split()
_NO_PERSON = (
    r"(?! ?(?:[Vv]ej|[Gg]ade|[Aa]llé|[Pp]lads|[Ss]træde|[Ss]kole|[Ss]ti|[Pp]ark|[Hh]ave|[Tt]orv|& ?[Cc]o|A/S|ApS|I/S"
    r"|VEJ|GADE|ALL[EÉ]|PLADS|STRÆDE|SKOLE|STI|PARK|HAVE|TORV))"
)
# Behind these words two capitals are somebody, unless they name an office or a place (assumption).
_OF_SOMEBODY = (
    "talte med|snakkede med|talt med|vidnet?|oplyst af|anmeldt af|hr\\.?|fru|frk\\.?|spoke (?:to|with)|witness"
)
_OFFICE = r"(?!\S+ (?:Kommune|Politi|Skole|Station|Center|Boligselskab|Bibliotek|Beredskab|Brandvæsen|Council|Police))"
_CAPITAL = r"[A-ZÆØÅ][a-zæøåéü]+(?:-[A-ZÆØÅ]\w+)?"
_FIRST_ANY, _FAMILY_ANY = (
    "|".join([*names, *(name.upper() for name in names)]) for names in (_FIRST, _FAMILY)
)  # exports in capitals
_PERSON = re.compile(
    rf"(?<!\w)(?:{_FIRST_ANY})(?:[ -][A-ZÆØÅ][\wæøå]*\.?){{0,2}} (?:{_FAMILY_ANY})(?!\w){_NO_PERSON}"
    rf"|(?<!\w)(?:{_FAMILY_ANY}), ?(?:{_FIRST_ANY})(?!\w)"
    rf"|(?<!\w)(?i:hr|fru|frk|frøken)\.? (?:{_FAMILY_ANY})(?!\w){_NO_PERSON}"
    rf"|(?<!\w)(?i:{_OF_SOMEBODY})[ :]{{1,2}}{_OFFICE}{_CAPITAL} {_CAPITAL}(?!\w){_NO_PERSON}"
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


# A heading that names a person's part and something of them: "Anmelders navn", "Forurettedes alder".
_PART = re.compile(
    "anmelder|forurette|gerningsmand|sigtet|sigtede|mistaenkt|vidne|offer|beboer|lejer|kontaktperson|victim"
)
_OF_THEM = re.compile("navn|name|tlf|telefon|phone|mail|cpr|adresse|address|foed|birth|alder|koen|nationalitet")


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
        if _is_about_a_person(folded(name)):
            found.append(Trace(name, Told(N_("a heading about a person")), _rows(column, lambda _: True)))
        found += [Trace(name, Told(what), rows) for what, rows in _as_a_whole(column)]
        found += [
            Trace(name, Told(what), _rows(column, lambda text, pattern=pattern: bool(pattern.search(text))))  # type: ignore[misc]  # the stubs are narrower than the library
            for what, pattern in _looked_for(name)
            if pattern.search(_joined(column))
        ]
    first = {(trace.column, trace.what.template): trace for trace in reversed(found) if trace.rows}
    return list(reversed(first.values()))


def _is_about_a_person(heading: str) -> bool:
    return heading in _NAMES or bool(_PART.search(heading) and _OF_THEM.search(_PART.sub("", heading)))


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
            if len(rows) == EXAMPLES:
                break
    return rows
