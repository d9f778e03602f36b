"""What the product carries along: evidence, categories, layers and the fictional town's generator."""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

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
    assignable
        Whether a source's code may mean it; else it only groups what lies below it.
    """

    code: str
    name: Mapping[str, str]
    parent: str
    outdoor: bool
    dark_relevant: bool
    point_or_line: Literal["point", "line"]
    measures: tuple[str, ...]
    assignable: bool = True

    @property
    def after_dark(self) -> bool:
        """Whether questions about darkness count it: it happens in the open and dark makes a difference."""
        return self.outdoor and self.dark_relevant


Tree = Mapping[str, Category]


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
            row["assignable"],
        )
        for code, row in tomllib.loads(text)["category"].items()
    }


def above(code: str, tree: Tree) -> tuple[str, ...]:
    """Return a category and all that it lies under, from below.

    Parameters
    ----------
    code
        A category.
    tree
        Code to category.

    Returns
    -------
    tuple of str
        The code itself first, whether or not the tree has it.
    """
    found = [code]
    while found[-1] in tree and tree[found[-1]].parent:
        found.append(tree[found[-1]].parent)
    return tuple(found)


def with_those_below(codes: Iterable[str], tree: Tree) -> tuple[str, ...]:
    """Return some categories and all that lie under them.

    Parameters
    ----------
    codes
        Categories; they need not be in the tree.
    tree
        Code to category.

    Returns
    -------
    tuple of str
        In the order of the codes, then of the tree.
    """
    asked = tuple(codes)
    return tuple(dict.fromkeys((*asked, *(each for each in tree if {*above(each, tree)} & {*asked}))))


def counted_categories(codes: Iterable[str], tree: Tree) -> tuple[str, ...]:
    """Return the categories that are counted where some are asked for: a group stands for all that lie below it.

    Parameters
    ----------
    codes
        Categories or groups of them.
    tree
        Code to category.

    Returns
    -------
    tuple of str
        Categories as they are; a group only where nothing lies below it.
    """
    counted: list[str] = []
    for code in codes:
        is_group = code in tree and not tree[code].assignable
        below = [each for each in with_those_below([code], tree) if is_group and tree[each].assignable]
        counted += below or [code]
    return tuple(dict.fromkeys(counted))


@cache
def category_of_codes() -> Mapping[str, str]:
    """Return which category each text of a source means.

    Returns
    -------
    mapping
        `folded_code` of the text to category code. A text that is not there belongs to nothing.
    """
    text = (packaged_folder("data") / "categories" / "codes.toml").read_text("utf-8")
    return {folded_code(each): row["category"] for row in tomllib.loads(text)["codes"] for each in row["texts"]}


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
