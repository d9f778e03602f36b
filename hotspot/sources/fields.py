"""Which column of a file means which field, by what the user says and by known Danish, English and FKG names."""

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, NamedTuple

from hotspot import schema
from hotspot.errors import N_, SourceError

_SHAPEFILE_NAME = 10  # letters that a shapefile keeps of a column's name
_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss"})
_NOT_A_WORD = re.compile(r"[^0-9a-z+]+")
_YEAR = re.compile(r"(?<=[a-z])(?:19|20)\d{2}$")
_WITH_TIMES = ("incidents",)


class Fields(NamedTuple):
    """Which column gives each field, and which columns give none.

    Attributes
    ----------
    columns
        Field to column of the file.
    unused
        Columns that mean nothing here, and are dropped.
    """

    columns: Mapping[str, str]
    unused: tuple[str, ...]


@cache
def folded(name: str) -> str:
    """Return a name without regard to case, accents, spaces and signs: ``Måned`` becomes ``maaned``."""
    plain = unicodedata.normalize("NFC", name).casefold().translate(_DANISH)
    plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return _NOT_A_WORD.sub("", plain)


def without_year(name: str) -> str:
    """Return a folded name without the year at its end, as surveys number their rounds.

    Parameters
    ----------
    name
        As `folded` returns it.

    Returns
    -------
    str
        ``howsafe2013`` becomes ``howsafe``.
    """
    return _YEAR.sub("", name)


@cache
def aliases(kind: str) -> Mapping[str, tuple[str, ...]]:
    """Return every field that a delivery of this kind may have, with the folded names it goes by."""
    known = _read("aliases.toml")
    named: dict[str, list[str]] = {**known[kind]}
    if schema.contract_of(kind).shape is not None:
        named.update({field: names for field, names in known["places"].items() if field not in named})
    if kind in _WITH_TIMES:
        named.update({field: names for field, names in known["times"].items() if field not in named})
    for field in schema.contract_of(kind).columns:
        named.setdefault(field, [])
    return MappingProxyType({field: (folded(field), *map(folded, names)) for field, names in named.items()})


def match_columns(columns: Iterable[str], kind: str, mapping: Mapping[str, str] | None = None) -> Fields:
    """Return which column of a file gives which field.

    Parameters
    ----------
    columns
        The file's columns.
    kind
        The kind of table.
    mapping
        Column to field, as stated by the user; goes before every guess.

    Returns
    -------
    Fields
        Each field with the column that gives it. A field's own name goes before its other names.

    Raises
    ------
    SourceError
        If the mapping names a column or a field that does not exist.
    """
    free = list(columns)
    known = aliases(kind)
    found: dict[str, str] = {}
    for column, field in (mapping or {}).items():
        _refuse_unknown(column, free, N_("--map names columns of the file."))
        if not field.startswith(schema.COVARIATE_PREFIX) or kind != "areas":
            _refuse_unknown(field, known, N_("--map names fields of the table."))
        found[field] = column
        free.remove(column)
    depth = max(map(len, known.values()))
    for rank in range(depth):
        for field, names in known.items():
            if field not in found and rank < len(names):
                column = next((each for each in free if _is(each, names[rank], kind)), None)  # type: ignore[assignment]  # the stubs are narrower than the library
                if column is not None:
                    found[field] = column
                    free.remove(column)
    if kind == "areas":
        found |= {folded_covariate(each): each for each in free if _is_covariate(each)}
    return Fields(MappingProxyType(found), tuple(each for each in free if each not in found.values()))


@cache
def words(kind: str, field: str) -> Mapping[str, str]:
    """Return what the words of a delivery mean in a field: folded word to the contract's own word."""
    known = _read("vocabulary.toml")
    table = known.get(kind, {}).get(field, {})
    if (kind, field) == ("prices", "measure"):
        table = known["interventions"]["kind"]
    column = schema.contract_of(kind).columns.get(field)
    own = {folded(word): word for word in (column.allowed if column else ())} | {folded(word): word for word in table}
    return MappingProxyType({folded(word): mine for mine, theirs in table.items() for word in theirs} | own)


def folded_covariate(column: str) -> str:
    """Return the field of a column of covariates: ``X_Andel leje`` becomes ``x_andel_leje``."""
    return schema.COVARIATE_PREFIX + re.sub(r"\W+", "_", column.strip().lower()).strip("_").removeprefix("x_")


def _is_covariate(column: str) -> bool:
    return column.lower().startswith(schema.COVARIATE_PREFIX) and len(column) > len(schema.COVARIATE_PREFIX)


def _is(column: str, name: str, kind: str) -> bool:
    given = without_year(folded(column)) if kind == "responses" else folded(column)
    return given == name or (len(column) == _SHAPEFILE_NAME and len(name) > len(given) and name.startswith(given))


def _refuse_unknown(name: str, known: Iterable[str], rule: str) -> None:
    known = list(known)
    if name in known:
        return
    nearest = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or known
    raise SourceError(
        rule,
        N_("'{name}'"),
        N_("write --map column=field; the nearest: {nearest}"),
        name=name,
        nearest=", ".join(nearest),
    )


@cache
def _read(name: str) -> Mapping[str, Any]:  # two or three levels, as each file says
    text = resources.files("hotspot.sources").joinpath(name).read_text("utf-8")
    return MappingProxyType(tomllib.loads(text))
