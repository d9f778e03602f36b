"""The command that shows what every code of the deliveries means, and writes and takes in the table that says so."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotspot.cli.options import Folder, Json
from hotspot.cli.output import as_json, line, table
from hotspot.errors import N_, StudyError
from hotspot.glossary import amount, say, words
from hotspot.store.category_table import NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from hotspot.glossary import Language
    from hotspot.packaged import Category
    from hotspot.store import Store
    from hotspot.store.category_overview import FoundCode
    from hotspot.store.category_table import Categories


def categories(
    folder: Folder,
    *,
    write: Annotated[bool, typer.Option("--write", help="Write the table to edit into the study.")] = False,
    take: Annotated[Path | None, typer.Option(help="A table to take in as the study's own.")] = None,
    json: Json = False,
) -> None:
    """Show what every code of the deliveries means, source beside source, or change it."""
    from hotspot.store import Store
    from hotspot.store.category_overview import found_codes, keep_categories, read_table, table_to_edit

    store = Store(folder)
    if write and take is not None:
        raise StudyError(
            N_("A table is written to be edited, or taken in once it is."),
            N_("--write and --take together"),
            N_("one of the two"),
        )
    if take is not None:
        data, wrong = read_table(take)
        _told(wrong[1:], store.study.language)  # the first is told last, as any refusal
        keep_categories(store, data, take.name)
    own, snapshot = store.categories(), store.snapshot()
    found = found_codes(snapshot.tables["incidents"].frame, own) if "incidents" in snapshot.tables else []
    if write:
        keep_categories(store, table_to_edit(found, own))
    if json:
        as_json({"codes": [vars(each) for each in found], "categories": {k: vars(v) for k, v in own.tree.items()}})
        return
    _show(store, found, own, snapshot.coverage())
    if write:
        line(words(store.study.language)("The table to edit: {path}", path=str(folder / NAME)))


def _told(wrong: "Sequence[StudyError]", language: "Language") -> None:
    """Print faults in their three parts."""
    _ = words(language)
    for each in wrong:
        rule, seen, fix = (say(part, language) for part in each.told)
        line(f"{rule}\n{_('found')}: {seen}\n{_('fix')}: {fix}\n")


def _show(store: "Store", found: "list[FoundCode]", own: "Categories", covers: "pd.DataFrame") -> None:
    """Print the sources with what they cover, and every code with what it means."""
    language = store.study.language
    _ = words(language)
    if not found:
        line(_("No incidents are there yet, and so no codes."))
        return
    sources = [str(each) for each in covers.loc[covers["kind"] == "incidents", "source"]]
    rows = []
    for cover in covers[covers["kind"] == "incidents"].to_dict("records"):
        days = _("{first} to {last}", first=cover["first"], last=cover["last"]) if cover["first"] else "–"
        share = "–" if cover["share"] != cover["share"] else amount(cover["share"], language, ".0%")
        rows.append({"source": cover["source"], "n": amount(cover["kept"], language), "days": days, "share": share})
    heads = {"source": _("source"), "n": _("rows"), "days": _("days"), "share": _("share of the place")}
    table(rows, heads, right=("n", "share"))
    line()
    heads = {"code": _("code"), **{f"n {each}": each for each in sources}, "category": _("category")}
    heads |= {"outdoor": _("outdoors"), "dark": _("dark"), "shape": _("point or line")}
    table([_row(each, own, language) for each in found], heads, right=[f"n {each}" for each in sources])
    line()
    for code in dict.fromkeys(each.category for each in found if each.category):
        acting = ", ".join(own.tree[code].measures) or _("none")
        line(_("What acts on {category}: {measures}", category=code, measures=acting))
    lost = [each for each in found if not each.category]
    if lost:
        line()
        n = amount(sum(each.rows for each in lost), language)
        line(_("Codes without a category: {codes}; rows not counted for it: {n}.", codes=len(lost), n=n))
        line(_("Fix: hotspot categories {folder} --write, edit the file, run again.", folder=str(store.folder)))


def _row(code: "FoundCode", own: "Categories", language: "Language") -> dict[str, str]:
    counts = {f"n {source}": amount(n, language) for source, n in code.counts.items()}
    category = own.tree.get(code.category)
    return {"code": code.code, **counts, **_said(category, language)}


def _said(category: "Category | None", language: "Language") -> dict[str, str]:
    _ = words(language)
    if category is None:
        return {"category": _("none: not counted")}
    return {
        "category": category.code,
        "outdoor": _("yes") if category.outdoor else _("no"),
        "dark": _("yes") if category.dark_relevant else _("no"),
        "shape": _("line") if category.point_or_line == "line" else _("point"),
    }
