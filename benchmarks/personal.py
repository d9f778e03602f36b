"""How much that points at a person is found in a made-up corpus, and how much harmless is refused for it.

Run with ``python benchmarks/personal.py``. Every number and name is drawn when it runs; nobody stands behind any.
"""

import datetime as dt
import random
import uuid
from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from hotspot.sources.personal import traces

TABLES, ROWS = 60, 40
_STREETS = (
    "Revlingvej",
    "Niels Bohrs Vej",
    "Jens Jensens Vej",
    "Fyrvej",
    "H.C. Andersens Boulevard",
    "Peter Hansens Gade",
)
_FIRST = (
    "Anders",
    "Mette",
    "Søren",
    "Fatima",
    "Lars",
    "Kirsten",
    "Ahmed",
    "Rikke",
    "Poul",
    "Line",
    "Gudrun",
    "Tordis",
    "Ragnvald",
    "Zeynep",
)
_FAMILY = ("Nielsen", "Jensen", "Ali", "Møller", "Holm", "Vestergaard", "Khan", "Rosenkilde", "Bredahl", "Okafor")
_TEXTS = (
    "der blev set en gruppe unge ved bænken som råbte efter forbipasserende",
    "lampen ved stien har ikke lyst siden i mandags og her er helt sort",
    "knallerterne kører stærkt gennem gården når børnene kommer fra skole",
    "naboen mener at det er de samme som var her sidste år",
)

_HARMLESS_TEXTS = (
    "set fra vejen",
    "kl. 22 ved skolen",
    "nr. 12",
    "talte med Ishøj Kommune",
    "oplyst af Vestegnens Politi",
    "talt med Netto",
)


class Kind(NamedTuple):
    """One thing to find or to leave alone: a heading, how a cell looks, and what finding it is called."""

    heading: str
    cell: Callable[[random.Random], str]
    what: str = ""


def _day(draw: random.Random) -> dt.date:
    return dt.date(1925, 1, 1) + dt.timedelta(days=draw.randrange(36_000))


def cpr(draw: random.Random, between: str = "-", *, added: int = 0, letters: bool = False) -> str:
    """Draw a number of the form of a CPR number, with any last four."""
    day = _day(draw)
    last = f"{draw.choice('ABCDEFGH')}{draw.choice('ABCDEFGH')}{draw.randrange(10)}{draw.randrange(10)}"
    last = last if letters else f"{draw.randrange(10_000):04d}"
    return f"{day.day + added:02d}{day:%m%y}{between}{last}"


def _digits(draw: random.Random, count: int) -> str:
    return "".join(str(draw.randrange(10)) for _ in range(count))


def phone(draw: random.Random, form: str) -> str:
    """Draw a telephone number; a form's signs # stand for its digits."""
    text = form.replace("#", str(draw.randrange(2, 10)), 1)
    return "".join(str(draw.randrange(10)) if sign == "#" else sign for sign in text)


def plate(draw: random.Random, form: str = "{} {} {}") -> str:
    """Draw a number plate."""
    pair = "".join(draw.choice("ABCDEGHJLMNPRSTVXYZ") for _ in range(2))
    return form.format(pair, _digits(draw, 2), _digits(draw, 3))


def name(draw: random.Random) -> str:
    """Draw a name; some are of no list."""
    return f"{draw.choice(_FIRST)} {draw.choice(_FAMILY)}"


def _told(draw: random.Random, secret: str) -> str:
    words = draw.choice(_TEXTS)
    return f"{words} {secret}"


CPR, MAIL, PHONE, PLATE, NAME, HEAD, PROSE = (
    "numbers like a CPR number", "e-mail addresses", "telephone numbers", "number plates", "names of persons",
    "a heading about a person", "sentences in free text",
)  # fmt: skip
PERSONAL = {
    "CPR with hyphen": Kind("nr", cpr, CPR),
    "CPR without hyphen": Kind("reference", lambda d: cpr(d, ""), CPR),
    "CPR with space": Kind("reference", lambda d: cpr(d, " "), CPR),
    "CPR in a sentence": Kind("bemærkning", lambda d: _told(d, cpr(d)), CPR),
    "replacement CPR, day + 60": Kind("nr", lambda d: cpr(d, added=60), CPR),
    "replacement CPR, letters": Kind("nr", lambda d: cpr(d, letters=True), CPR),
    "replacement CPR, letters, no hyphen": Kind("nr", lambda d: cpr(d, "", letters=True), CPR),
    "replacement CPR in a sentence": Kind("bemærkning", lambda d: _told(d, cpr(d, added=60)), CPR),
    "e-mail": Kind("kontakt", lambda d: f"{d.choice(_FIRST).lower()}{d.randrange(99)}@example.dk", MAIL),
    "e-mail in a comment": Kind(
        "kommentar",
        lambda d: f"svar til {d.choice(_FAMILY).lower()}.{d.choice(_FIRST).lower()}@mail.example.dk, tak",
        MAIL,
    ),
    "phone +45": Kind("kontakt", lambda d: phone(d, "+45 ########"), PHONE),
    "phone +45 and spaces": Kind("kontakt", lambda d: phone(d, "+45 ## ## ## ##"), PHONE),
    "phone +45 in fours": Kind("kontakt", lambda d: phone(d, "(+45) #### ####"), PHONE),
    "phone 0045 in a comment": Kind("note", lambda d: f"ring på {phone(d, '0045 ## ## ## ##')} efter kl. 16", PHONE),
    "phone in pairs in a comment": Kind(
        "note", lambda d: f"kan træffes på {phone(d, '## ## ## ##')}, helst aften", PHONE
    ),
    "phone after mobil:": Kind("note", lambda d: f"mobil: {phone(d, '## ## ## ##')}", PHONE),
    "phone in pairs": Kind("kontakt", lambda d: phone(d, "## ## ## ##"), PHONE),
    "phone after tlf.": Kind("note", lambda d: f"ring, tlf. {phone(d, '########')}", PHONE),
    "phone under its heading": Kind("Mobilnr", lambda d: phone(d, "########"), PHONE),
    "plate with spaces": Kind("note", plate, PLATE),
    "plate in a whole column": Kind("køretøj", lambda d: plate(d, "{}{}{}"), PLATE),
    "plate in a sentence": Kind("note", lambda d: f"set knallert {plate(d, '{}{}{}')}", PLATE),
    "plate after its word": Kind("note", lambda d: f"nummerplade {plate(d, '{} {}{}')}", PLATE),
    "plate with hyphens": Kind("note", lambda d: f"bilen {plate(d, '{}-{}-{}')} holdt på stien", PLATE),
    "names under a heading": Kind("Anmelder", name, HEAD),
    "names under no heading": Kind("felt7", name, NAME),
    "names, family first": Kind("felt7", lambda d: ", ".join(reversed(name(d).split())), NAME),
    "names in capitals": Kind("felt7", lambda d: name(d).upper(), NAME),
    "names after a title": Kind("note", lambda d: f"talte med {d.choice(['hr.', 'fru'])} {d.choice(_FAMILY)}", NAME),
    "names in a comment": Kind("note", lambda d: f"talte med {name(d)} ved opgangen", NAME),
    "names with initials": Kind(
        "felt7", lambda d: f"{d.choice(_FIRST)} {d.choice('ABKLMS')}. {d.choice(_FAMILY)}", NAME
    ),
    "part and name in a heading": Kind("Anmelders navn", name, HEAD),
    "free text": Kind("felt9", lambda d: f"{d.choice(_TEXTS)} {d.choice(_TEXTS[::-1])} {d.randrange(999)}", PROSE),
}
HARMLESS = {
    "case numbers": Kind("sagsnr", lambda d: f"20{d.randrange(18, 26)}-{_digits(d, 5)}"),
    "case numbers of letters": Kind("journalnr", lambda d: f"TV{d.randrange(18, 26)}-{_digits(d, 5)}"),
    "case numbers of ten digits": Kind("sag", lambda d: f"20{d.randrange(18, 26)}{_digits(d, 6)}"),
    "case numbers by month": Kind("sag", lambda d: f"{d.randrange(18, 26)}{d.randrange(1, 13):02d}{_digits(d, 6)}"),
    "coordinates": Kind("x", lambda d: f"{d.uniform(441_000, 894_000):.2f}"),
    "coordinates, comma": Kind("nord", lambda d: f"{d.uniform(6_049_000, 6_403_000):.3f}".replace(".", ",")),
    "degrees": Kind("lon", lambda d: f"{d.uniform(8, 15):.10f}"),
    "dates": Kind("dato", lambda d: f"{_day(d):%d-%m-%Y}"),
    "dates without marks": Kind("dag", lambda d: f"{_day(d):%Y%m%d}"),
    "times": Kind("tid", lambda d: f"{_day(d):%Y-%m-%d} {d.randrange(24):02d}:{d.randrange(60):02d}:00"),
    "postcodes": Kind("postnr", lambda d: f"{d.randrange(1000, 9990)} {d.choice(['Aarhus C', 'Odense', 'Skive'])}"),
    "addresses": Kind("adresse", lambda d: f"{d.choice(_STREETS)} {d.randrange(1, 150)}, {d.randrange(1, 5)}. tv"),
    "lamp numbers": Kind("lampe_id", lambda d: f"LA{_digits(d, 5)}"),
    "eight digits": Kind("anlæg", lambda d: _digits(d, 8)),
    "EAN": Kind("ean", lambda d: f"57980{_digits(d, 8)}"),
    "FKG codes": Kind("temakode", lambda d: d.choice(["5606", "6802", "447010", "1401", "5800"])),
    "versions_id": Kind("versions_id", lambda d: str(uuid.UUID(int=d.getrandbits(128), version=4))),
    "money": Kind("beloeb", lambda d: f"{d.randrange(1, 99)}.{_digits(d, 3)}.{_digits(d, 3)},00"),
    "money with spaces": Kind("pris", lambda d: f"{d.randrange(10, 99)} {_digits(d, 3)} kr"),
    "CVR": Kind("cvr_kode", lambda d: _digits(d, 8)),
    "kinds in words": Kind("tekst", lambda d: d.choice(["Hærværk", "Indbrud i beboelse", "Uro og ophold ved station"])),
    "answers": Kind("svar", lambda d: d.choice(["Meget tryg", "Ret tryg", "Hverken eller", "Ved ikke", "Utryg"])),
    "streets in capitals": Kind("vej", lambda d: f"{d.choice(_STREETS)} {d.randrange(1, 150)}".upper()),
    "comments without a person": Kind("note", lambda d: d.choice(_HARMLESS_TEXTS)),
    "numbers in pairs": Kind("vejnet", lambda d: "rute " + " ".join(_digits(d, 2) for _ in range(3))),
    "schools and squares": Kind(
        "sted",
        lambda d: "ved " + d.choice(["Karen Blixens Vej", "Peter Bangs Plads", "Anna Skole", "Hans Knudsens Plads"]),
    ),
    "cabinets": Kind("tændskab", lambda d: f"SK {d.randrange(10, 99)}-{_digits(d, 3)}"),
    "kinds of reporters": Kind("anmeldertype", lambda d: d.choice(["Borger", "Boligselskab", "Skole"])),
    "places": Kind("sted", lambda d: d.choice(["Peter Bangs Plads", "Hansens Have", "Jens Jensens Vej", "Skovparken"])),
}  # fmt: skip


def column(kind: Kind, draw: random.Random, *, among: float = 1.0) -> pd.DataFrame:
    """Draw a table of one column; a share of its cells are of the kind, the rest are empty."""
    cells = [kind.cell(draw) if draw.random() < among else "" for _ in range(ROWS)]
    return pd.DataFrame({kind.heading: pd.Series(cells, dtype="str").replace("", None)})


def recall(seed: int) -> pd.Series:
    """Return the share of columns of each kind in which that kind is found."""
    draw = random.Random(seed)  # noqa: S311 - a corpus, no secret
    return pd.Series(
        {
            label: sum(kind.what in {t.what.template for t in traces(column(kind, draw))} for _ in range(TABLES))
            / TABLES
            for label, kind in PERSONAL.items()
        }
    )


def false_alarms(seed: int) -> pd.Series:
    """Return the share of harmless columns of each kind that are refused."""
    draw = random.Random(seed)  # noqa: S311 - a corpus, no secret
    return pd.Series(
        {
            label: sum(bool(traces(column(kind, draw))) for _ in range(TABLES)) / TABLES
            for label, kind in HARMLESS.items()
        }
    )


def single(seed: int) -> pd.Series:
    """Return the share of single cells of each kind that are found in a column of nothing else."""
    draw, found = random.Random(seed), {}  # noqa: S311 - as above
    for label, kind in PERSONAL.items():
        cells = [pd.DataFrame({kind.heading: pd.Series([kind.cell(draw)], dtype="str")}) for _ in range(TABLES)]
        found[label] = sum(kind.what in {t.what.template for t in traces(each)} for each in cells) / TABLES
    return pd.Series(found)


def main() -> None:
    """Print recall and false alarms by kind."""
    table = pd.DataFrame({"found in a column": recall(1), "found alone": single(2)})
    print(f"Recall, {TABLES} columns of {ROWS} rows and {TABLES} single cells of each kind")
    print(table.to_string(float_format="{:.0%}".format))
    print(f"\nFalse alarms, {TABLES} harmless columns of {ROWS} rows of each kind")
    print(false_alarms(3).to_frame("refused").to_string(float_format="{:.0%}".format))


if __name__ == "__main__":
    main()
