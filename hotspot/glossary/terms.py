"""Every column's name, unit and meaning, in Danish and English, from ``terms.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True)
class Term:
    """One word of the product: a column, a layer value or a class.

    Parameters
    ----------
    key
        The name as it stands in files and code.
    unit
        The unit, as a reader sees it; empty for names and classes.
    name
        Language to short name.
    meaning
        Language to one sentence.
    """

    key: str
    unit: str
    name: Mapping[str, str]
    meaning: Mapping[str, str]


@cache
def terms() -> Mapping[str, Term]:
    """Return all terms by key.

    Returns
    -------
    mapping
        Key to `Term`, in the order of the file.
    """
    text = (files("hotspot.glossary") / "terms.toml").read_text("utf-8")
    rows = tomllib.loads(text)
    return MappingProxyType(
        {
            key: Term(
                key,
                str(row.get("unit", "")),
                {"da": row["da"], "en": row["en"]},
                {"da": row["da_means"], "en": row["en_means"]},
            )
            for key, row in rows.items()
        }
    )


def term(key: str) -> Term:
    """Return one term.

    Parameters
    ----------
    key
        The name as it stands in files and code.

    Returns
    -------
    Term
        Its unit, names and meanings.

    Raises
    ------
    KeyError
        If the glossary does not hold the key; a test keeps that from happening to a reader.
    """
    return terms()[key]
