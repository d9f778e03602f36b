"""What the product carries along: evidence, categories, layers and the fictional town's generator."""

import csv
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from hotspot.errors import N_, StudyError

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Category:
    """One node of the category tree.

    Parameters
    ----------
    code
        As tables hold it.
    name
        Language to name; of behaviour at a place, never of persons.
    parent
        The node above; empty at the top.
    outdoor, dark_relevant
        Whether it happens in the open, and whether day and dark are worth telling apart.
    point_or_line
        Whether it belongs to a spot or to a stretch.
    measures
        Keys of the evidence that act on it.
    """

    code: str
    name: Mapping[str, str]
    parent: str
    outdoor: bool
    dark_relevant: bool
    point_or_line: Literal["point", "line"]
    measures: tuple[str, ...]


def packaged_folder(name: str) -> Path:
    """Find a folder that the product carries: in the package once installed, else in the checkout.

    Parameters
    ----------
    name
        ``"data"`` or ``"layers"``.

    Returns
    -------
    Path
        The folder.
    """
    inside = _HERE / "_packaged" / name
    return inside if inside.is_dir() else _HERE.parent / name


@cache
def evidence_records() -> Mapping[str, Mapping[str, Any]]:
    """Return what is known of measures, by measure.

    Returns
    -------
    mapping
        Measure key to the content of its file in ``data/evidence``.
    """
    files = sorted((packaged_folder("data") / "evidence").glob("*.toml"))
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in files}


@cache
def categories() -> Mapping[str, Category]:
    """Return the category tree.

    Returns
    -------
    mapping
        Code to category, in the order of the file.
    """
    text = (packaged_folder("data") / "categories" / "categories.toml").read_text("utf-8")
    return {
        code: Category(
            code,
            {"da": row["da"], "en": row["en"]},
            row["parent"],
            row["outdoor"],
            row["dark_relevant"],
            row["point_or_line"],
            tuple(row["measures"]),
        )
        for code, row in tomllib.loads(text)["category"].items()
    }


def category_of_codes(own: Path | None = None) -> Mapping[str, str]:
    """Return which category each text of a source means.

    Parameters
    ----------
    own
        A study's own ``categories.csv`` with the columns ``code`` and ``category``, which goes first.

    Returns
    -------
    mapping
        `folded_code` of the text to category code. A text that is not there belongs to nothing.

    Raises
    ------
    StudyError
        If the study's table names an unknown category or lacks a column.
    """
    text = (packaged_folder("data") / "categories" / "codes.toml").read_text("utf-8")
    known = {folded_code(each): row["category"] for row in tomllib.loads(text)["codes"] for each in row["texts"]}
    return {**known, **(_own_codes(own) if own and own.exists() else {})}


def _own_codes(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        rows = list(csv.DictReader(file, delimiter=";" if ";" in first else ","))
    wrong = [str(row.get("category")) for row in rows if row.get("category") not in categories() or not row.get("code")]
    if wrong:
        raise StudyError(
            N_("categories.csv has the columns code and category, each category one of {known}."),
            N_("{found}"),
            N_("mend {path}"),
            known=sorted(categories()),
            found=wrong[:5],
            path=str(path),
        )
    return {folded_code(row["code"]): row["category"] for row in rows}


def folded_code(text: str) -> str:
    """Return a source's text as it is compared: composed, trimmed, single spaces, without case.

    Parameters
    ----------
    text
        As the source writes it.

    Returns
    -------
    str
        The form that codes are looked up by.
    """
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()
