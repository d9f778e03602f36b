"""A study's own categories.csv: what each local code means, and what is said of each category."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hotspot.errors import StudyError
from hotspot.packaged import (
    Category,
    Tree,
    above,
    categories,
    category_of_codes,
    counted_categories,
    evidence_records,
    folded_code,
)
from hotspot.store import category_faults as faults
from hotspot.study import Study

NAME = "categories.csv"
SAID = ("outdoor", "dark_relevant", "point_or_line", "measures", "da", "en", "parent")
COLUMNS = ("code", "category", *SAID, "note")
_YES = {"yes": True, "ja": True, "true": True, "1": True, "no": False, "nej": False, "false": False, "0": False}
_SHAPES = {"point": "point", "punkt": "point", "line": "line", "linje": "line"}
_NONE = ("none", "ingen")  # no measure at all, where a blank cell would leave the product's
_FORMULA = ("=", "+", "-", "@", "\t")  # what a spreadsheet would work out


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Parameters
    ----------
    at
        Its line in the file; the heading is line 1.
    cells
        Column to text, trimmed.
    """

    at: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return the text of a column, empty where the table lacks it."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Categories:
    """What codes mean in one study, and what is said of each category.

    Parameters
    ----------
    codes
        `folded_code` of a text to category.
    tree
        Category to what is said of it; the study's own table goes before the product's.
    rows
        The study's own lines.
    """

    codes: Mapping[str, str]
    tree: Tree
    rows: tuple[Row, ...] = ()


def read_categories(path: Path) -> Categories:
    """Read a study's own table; where there is none, the product's stands alone.

    Parameters
    ----------
    path
        ``categories.csv``, which need not exist.

    Returns
    -------
    Categories
        The product's tree and codes, with the study's own before them.

    Raises
    ------
    StudyError
        The table's first fault, in three parts.
    """
    if not path.exists():
        return Categories(category_of_codes(), categories())
    found, wrong = parse_categories(path.read_bytes(), str(path))
    if found is None:
        raise wrong[0]
    return found


def by_category(study: Study, table: Path) -> Study:
    """Return a recipe with the categories that its groups gather, so that every door counts the same.

    Parameters
    ----------
    study
        A recipe; a faulty table, of which others tell, leaves it as it is.
    table
        ``categories.csv``, which need not exist.
    """
    try:
        tree = read_categories(table).tree if study.categories else {}
    except StudyError:
        return study
    return study.but(categories=counted_categories(study.categories, tree)) if tree else study


def parse_categories(data: bytes, name: str) -> tuple[Categories | None, tuple[StudyError, ...]]:
    """Read a table from its bytes, and collect everything that is wrong with it.

    Parameters
    ----------
    data
        As a file holds it: UTF-8 or Windows-1252, commas or semicolons.
    name
        Of the file, for its faults.

    Returns
    -------
    tuple
        The categories, None if anything is wrong; and one refusal for each fault.
    """
    try:
        rows = _rows(data, name)
    except StudyError as refused:
        return None, (refused,)
    wrong = [*_code_faults(rows, name), *_category_faults(rows, name)]
    if wrong:
        return None, tuple(wrong)
    tree = _tree(rows)
    own = {folded_code(row["code"]): row["category"] for row in rows if row["code"] and row["category"]}
    return Categories({**category_of_codes(), **own}, tree, rows), ()


def _rows(data: bytes, name: str) -> tuple[Row, ...]:
    """Return the lines that hold anything, or refuse a file that is no such table."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")  # as a Danish spreadsheet writes it
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
    try:
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as broken:
        raise faults.not_a_table(name, str(broken)) from broken
    heads = [each.casefold() for each in (lines[0][1] if lines else [])]
    unknown = [each for each in heads if each and each not in COLUMNS]
    lacking = [each for each in COLUMNS[:2] if each not in heads]
    twice = [each for each in heads if each and heads.count(each) > 1]
    if unknown or lacking or twice:
        raise faults.other_columns(name, unknown or twice, lacking, COLUMNS)
    rows = []
    for at, cells in lines[1:]:
        told = {head: cell for head, cell in zip(heads, cells, strict=False) if head}
        told["code"] = unguarded(told.get("code", ""))
        if any(told.values()):
            rows.append(Row(at, told))
    return tuple(rows)


def unguarded(text: str) -> str:
    """Return a code without the sign that keeps a spreadsheet from reading it as a formula."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text


def guarded(text: str) -> str:
    """Return a code so that a spreadsheet does not read it as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _code_faults(rows: tuple[Row, ...], name: str) -> Iterator[StudyError]:
    """What is wrong with which category a code means."""
    known = {*categories(), *_described(rows)}
    groups = {code for code, each in categories().items() if not each.assignable}
    meaning: dict[str, Row] = {}
    for row in rows:
        code, category = folded_code(row["code"]), row["category"]
        if category and category not in known:
            yield faults.of_a_row("category", name, row.at, category, faults.nearest(category, known - groups))
        elif code and category in groups:
            yield faults.of_a_row("group", name, row.at, category, sorted(known - groups))
        if not code and not (category and any(row[each] for each in SAID)):
            yield faults.of_a_row("nothing", name, row.at)
        if code and category and meaning.setdefault(code, row)["category"] != category:
            yield faults.two_meanings(name, meaning[code]["code"], meaning[code].at, row.at)


def _described(rows: tuple[Row, ...]) -> set[str]:
    """Return the categories that some line gives a parent, which is how a new one begins."""
    return {row["category"] for row in rows if row["category"] and row["parent"]}


def _category_faults(rows: tuple[Row, ...], name: str) -> Iterator[StudyError]:
    """What is wrong with what is said of categories."""
    said: dict[tuple[str, str], Row] = {}
    for row in rows:
        yield from _cell_faults(row, name)
        if not row["category"]:
            if any(row[each] for each in SAID):
                yield faults.of_a_row("of nothing", name, row.at)
            continue
        for column in (each for each in SAID if row[each]):
            first = said.setdefault((row["category"], column), row)
            if _value(column, first[column]) != _value(column, row[column]):
                yield faults.said_twice(name, row["category"], column, (first.at, row.at))
    yield from _new_faults(rows, name, said)
    yield from _parent_faults(rows, name)


def _new_faults(rows: tuple[Row, ...], name: str, said: Mapping[tuple[str, str], Row]) -> Iterator[StudyError]:
    """What new categories lack."""
    for category in sorted(_described(rows) - {*categories()}):
        at = min(row.at for row in rows if row["category"] == category)
        missing = [language for language in ("da", "en") if (category, language) not in said]
        if missing:
            yield faults.without_name(name, at, category, missing)
        if not faults.is_code(category):
            yield faults.of_a_row("code", name, at, category)


def _cell_faults(row: Row, name: str) -> Iterator[StudyError]:
    """What is wrong with single cells."""
    for column in ("outdoor", "dark_relevant"):
        if row[column] and row[column].casefold() not in _YES:
            yield faults.neither_yes_nor_no(name, row.at, column, row[column])
    if row["point_or_line"] and row["point_or_line"].casefold() not in _SHAPES:
        yield faults.of_a_row("point_or_line", name, row.at, row["point_or_line"])
    unknown = [each for each in _measures(row["measures"]) if each not in evidence_records()]
    if unknown:
        yield faults.of_a_row(
            "measures", name, row.at, " ".join(unknown), faults.nearest(unknown[0], evidence_records())
        )
    persons = [row[language] for language in ("da", "en") if faults.names_persons(row[language])]
    if persons:
        yield faults.of_a_row("persons", name, row.at, persons[0])


def _parent_faults(rows: tuple[Row, ...], name: str) -> Iterator[StudyError]:
    """Parents that are not there, and categories above themselves."""
    parents = {code: each.parent for code, each in categories().items()}
    parents |= {row["category"]: row["parent"] for row in rows if row["category"] and row["parent"]}
    for row in rows:
        if row["parent"] and row["parent"] not in parents:
            yield faults.of_a_row("category", name, row.at, row["parent"], faults.nearest(row["parent"], parents))
            continue
        at, seen = row["category"], set[str]()
        while at and at not in seen:
            seen.add(at)
            at = parents.get(at, "")
        if row["parent"] and at == row["category"]:
            yield faults.of_a_row("loop", name, row.at, row["category"])


def _measures(text: str) -> tuple[str, ...]:
    parted = text.replace(",", " ").replace("|", " ").replace(";", " ").split()
    return () if parted and parted[0].casefold() in _NONE else tuple(sorted(set(parted)))


_VALUES: Mapping[str, Callable[[str], Any]] = {
    "outdoor": lambda text: _YES.get(text.casefold(), text),
    "dark_relevant": lambda text: _YES.get(text.casefold(), text),
    "point_or_line": lambda text: _SHAPES.get(text.casefold(), text),
    "measures": _measures,
}


def _value(column: str, text: str) -> Any:  # noqa: ANN401 - as a category holds it
    return _VALUES[column](text) if column in _VALUES else text


def _tree(rows: tuple[Row, ...]) -> Tree:
    """Return the product's tree with what the study says of its categories; the new ones at the end."""
    said: dict[str, dict[str, Any]] = {}
    for row in rows:
        told = {column: _value(column, row[column]) for column in SAID if row[column]}
        if row["category"] and told:
            said.setdefault(row["category"], {}).update(told)
    tree = dict(categories())
    parents = {code: str(each["parent"]) for code, each in said.items() if "parent" in each and code not in tree}
    while parents:  # a new one takes over from its parent, which may be new itself
        ready = [code for code, parent in parents.items() if parent in tree]
        for code in ready:
            parent = parents.pop(code)
            tree[code] = replace(tree[parent], code=code, parent=parent, assignable=True)
    for code, told in said.items():
        tree[code] = _with(tree[code], told)
    return _inherited(tree, said)


def _with(category: Category, told: Mapping[str, Any]) -> Category:
    """Return a category with what a study says of it."""
    names = {language: told[language] for language in ("da", "en") if language in told}
    plain = {name: value for name, value in told.items() if name not in ("da", "en")}
    return replace(category, **plain, name={**category.name, **names})


def _inherited(tree: dict[str, Category], said: Mapping[str, Mapping[str, Any]]) -> Tree:
    """Return the tree with what its new categories leave blank as their parents have it, once all is said."""
    new = [code for code in tree if code not in categories()]
    for code in sorted(new, key=lambda each: len(above(each, tree))):
        own, parent = said[code], tree[tree[code].parent]
        blank = [each for each in SAID[:4] if each not in own]
        tree[code] = replace(tree[code], **{name: getattr(parent, name) for name in blank})
    return tree
