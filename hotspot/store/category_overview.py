"""Every code that a study's deliveries hold, beside what it means, and the table to edit it in."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from hotspot.errors import N_, StudyError
from hotspot.packaged import Category, categories, category_of_codes, folded_code
from hotspot.store.category_table import COLUMNS, NAME, SAID, Categories, guarded, parse_categories
from hotspot.store.files import write_whole
from hotspot.store.folder import Store


@dataclass(frozen=True)
class FoundCode:
    """One code of the deliveries.

    Parameters
    ----------
    code
        As it is most often written.
    counts
        Source to rows with it; a source without it is not there.
    category
        What it means; empty where it belongs to nothing.
    """

    code: str
    counts: Mapping[str, int]
    category: str

    @property
    def rows(self) -> int:
        """Rows of all sources together."""
        return sum(self.counts.values())


def found_codes(incidents: pd.DataFrame, own: Categories) -> list[FoundCode]:
    """List every code of the deliveries with its counts by source.

    Parameters
    ----------
    incidents
        Columns ``code`` and ``source``.
    own
        What codes mean in the study.

    Returns
    -------
    list of FoundCode
        Those that belong to nothing first, then by category in the order of the tree; the most frequent first.
    """
    codes = incidents["code"].astype(str)
    table = pd.crosstab(codes.map(folded_code), incidents["source"])
    spelt = codes.groupby(codes.map(folded_code)).agg(lambda each: each.value_counts().index[0])
    found = [
        FoundCode(
            str(spelt[str(folded)]),
            {str(source): int(n) for source, n in row.items() if n},
            own.codes.get(str(folded), ""),
        )
        for folded, row in table.iterrows()
    ]
    order = {"": -1, **{code: place for place, code in enumerate(own.tree)}}
    return sorted(found, key=lambda each: (order[each.category], -each.rows, each.code))


def table_to_edit(found: Iterable[FoundCode], own: Categories) -> bytes:
    """Return a table that says the same as now, for a spreadsheet.

    Parameters
    ----------
    found
        Codes of the deliveries.
    own
        What codes mean in the study; its own lines are kept as they are.

    Returns
    -------
    bytes
        UTF-8 with its mark, cells parted by semicolons: the study's own lines, then every other code that was found,
        then a line for each category in use that no line says anything of.
    """
    rows = [dict(row.cells) for row in own.rows]
    there = {folded_code(row["code"]) for row in rows if row["code"]}
    listed = [each for each in found if folded_code(each.code) not in there]
    rows += [
        {"code": each.code, "category": each.category, "note": ", ".join(f"{s}: {n}" for s, n in each.counts.items())}
        for each in listed
    ]
    said = {row["category"] for row in rows if any(row.get(column) for column in SAID)}
    used = {row["category"] for row in rows} - said
    rows += [described(each) for code, each in own.tree.items() if code in used]
    return _written(rows)


def described(category: Category) -> dict[str, str]:
    """Return a line that says of a category what holds now.

    Parameters
    ----------
    category
        Any.

    Returns
    -------
    dict
        Column to text, without a code.
    """
    return {
        "category": category.code,
        "outdoor": "yes" if category.outdoor else "no",
        "dark_relevant": "yes" if category.dark_relevant else "no",
        "point_or_line": category.point_or_line,
        "measures": " ".join(category.measures) or "none",
        "da": category.name["da"],
        "en": category.name["en"],
        "parent": category.parent,
    }


def edited(own: Categories, codes: Mapping[str, str], said: Iterable[Mapping[str, str]]) -> bytes:
    """Return the study's table after an edit: only what differs from the product's is written down.

    Parameters
    ----------
    own
        What codes mean before.
    codes
        Code to category, empty where it belongs to nothing, for those that were shown.
    said
        Lines about categories, as `described` gives them.

    Returns
    -------
    bytes
        As `table_to_edit`; the study's lines about other codes and their notes are kept.
    """
    notes = {folded_code(row["code"]): row["note"] for row in own.rows if row["code"]}
    shown = {folded_code(code) for code in codes}
    rows = [
        {"code": row["code"], "category": row["category"], "note": row["note"]}
        for row in own.rows
        if row["code"] and folded_code(row["code"]) not in shown
    ]
    rows += [
        {"code": code, "category": category, "note": notes.get(folded_code(code), "")}
        for code, category in codes.items()
        if category and category != category_of_codes().get(folded_code(code))
    ]
    rows += [dict(row) for row in said if not _as_the_product_says(row)]
    return _written(rows)


def _as_the_product_says(row: Mapping[str, str]) -> bool:
    known = categories().get(row["category"])
    return known is not None and described(known) == dict(row)


def _written(rows: Iterable[Mapping[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=";", lineterminator="\r\n", restval="")
    writer.writeheader()
    writer.writerows({**row, "code": guarded(row.get("code", ""))} for row in rows)
    return text.getvalue().encode("utf-8-sig")


def is_category_table(data: bytes) -> bool:
    """Say whether a file is a table of categories, by its heading: code, category and no column but its own.

    Parameters
    ----------
    data
        The file.
    """
    first = data[:1000].decode("utf-8-sig", errors="replace").splitlines()[:1]
    heads = {each.strip().casefold() for each in (first[0].replace(";", ",").split(",") if first else [])}
    return {*COLUMNS[:2]} <= heads <= {*COLUMNS, ""}


def read_table(path: Path) -> tuple[bytes, tuple[StudyError, ...]]:
    """Read a file that is to become a study's table.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    tuple
        Its bytes, and everything that is wrong with it.

    Raises
    ------
    StudyError
        If there is no such file.
    """
    try:
        data = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError) as missing:
        raise StudyError(
            N_("A table of categories is a file."), N_("no {path}"), N_("name one after --take"), path=str(path)
        ) from missing
    return data, parse_categories(data, path.name)[1]


def keep_categories(store: Store, data: bytes, name: str = NAME) -> None:
    """Take a table in as the study's own; a faulty one changes nothing.

    Parameters
    ----------
    store
        The study.
    data
        The table.
    name
        What the file is called, for its faults.

    Raises
    ------
    StudyError
        The first fault.
    """
    found, wrong = parse_categories(data, name)
    if found is None:
        raise wrong[0]
    write_whole(store.folder / NAME, lambda beside: beside.write_bytes(data))
    store.audit("categories", {"rows": len(found.rows)})
