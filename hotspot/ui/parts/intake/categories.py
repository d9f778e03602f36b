"""What every code means: the table of categories, to be edited on the page or in a spreadsheet."""

from typing import Any

import pandas as pd
import streamlit as st

from hotspot.errors import StudyError
from hotspot.glossary import amount, words
from hotspot.packaged import Tree, evidence_records
from hotspot.report.names import measure_title
from hotspot.store.category_overview import FoundCode, described, edited, found_codes, keep_categories, table_to_edit
from hotspot.store.category_table import NAME, parse_categories
from hotspot.ui.parts.told import show_refusal
from hotspot.ui.view import View

_NOTHING = ""
_NONE = "–"  # a code without a category, and what a category at the top belongs under
_TICK_PX, _CODE_PX = 125, 110  # their headings in both languages


def categories_form(view: View) -> None:
    """Show what the codes of all sources mean, side by side, and let it be changed.

    Parameters
    ----------
    view
        Whose study.
    """
    _ = words(view.language)
    snapshot = view.desk.snapshot()
    if "incidents" not in snapshot.tables:
        return
    own = view.desk.store.categories()
    found = found_codes(snapshot.tables["incidents"].frame, own)
    st.header(_("What the codes mean"))
    lost = [each for each in found if not each.category]
    if lost:
        n = amount(sum(each.rows for each in lost), view.language)
        st.warning(_("Codes without a category: {codes}; rows not counted for it: {n}.", codes=len(lost), n=n))
    else:
        st.write(_("Every code of the deliveries has a category."))
    with st.expander(_("Codes and categories ({n})", n=len(found)), expanded=bool(lost)):
        _covered(view)
        codes = _codes(view, found, own.tree)
        said = _categories(view, found, own.tree)
        data = edited(own, codes, said)
        left, right, _rest = st.columns([1, 1, 2])
        if left.button(_("Keep the table"), type="primary", key="categories-keep", width="stretch"):
            _keep(view, data, NAME)
        right.download_button(
            _("Download it"), table_to_edit(found, own), NAME, "text/csv", on_click="ignore", key="categories-download",
            width="stretch",
        )  # fmt: skip
        st.caption(
            _(
                "A downloaded table is edited in a spreadsheet and uploaded above like any file. What it says goes "
                "before the product’s own table; an empty cell leaves that as it is."
            )
        )


def take_table(view: View, data: bytes, name: str) -> None:
    """Show what is wrong with an uploaded table, or the button that takes it in.

    Parameters
    ----------
    view
        Whose study.
    data, name
        The file.
    """
    _ = words(view.language)
    st.subheader(_("A table of categories"))
    found, wrong = parse_categories(data, name)
    for each in wrong:
        show_refusal(each, view.language)
    if found is not None:
        st.write(_("The table has {n} {n:row|rows}. It takes the place of the study’s own.", n=len(found.rows)))
    if st.button(_("Keep the table"), type="primary", disabled=found is None, key="categories-take"):
        _keep(view, data, name)


def _keep(view: View, data: bytes, name: str) -> None:
    _ = words(view.language)
    _found, wrong = parse_categories(data, name)
    for each in wrong:
        show_refusal(each, view.language)
    if wrong:
        return
    try:
        keep_categories(view.desk.store, data, name)
    except StudyError as refused:
        show_refusal(refused, view.language)
        return
    st.success(_("The table is kept. The answers are worked out anew."))
    st.button(_("Show the new answers"), type="primary", key="categories-shown")


def _covered(view: View) -> None:
    """Say what each source of incidents covers."""
    _ = words(view.language)
    covers = view.desk.snapshot().coverage()
    lines = []
    for each in covers[covers["kind"] == "incidents"].to_dict("records"):
        days = _("{first} to {last}", first=each["first"], last=each["last"]) if each["first"] else "–"
        share = "–" if pd.isna(each["share"]) else amount(each["share"], view.language, ".0%")
        told = _("{n} {n:row|rows}; {days}; share of the place: {share}", n=each["kept"], days=days, share=share)
        lines.append(f"- **{each['source']}**: {told}")
    st.markdown("\n".join(lines))


def _codes(view: View, found: list[FoundCode], tree: Tree) -> dict[str, str]:
    """Show each code with its counts by source, and return what each means now."""
    _ = words(view.language)
    sources = list(dict.fromkeys(source for each in found for source in each.counts))
    rows = [
        {"code": each.code, **{f"n {s}": each.counts.get(s, 0) for s in sources}, "category": each.category or _NONE}
        for each in found
    ]
    names = {code: each.name[view.language] for code, each in tree.items() if each.assignable}
    columns: dict[str, Any] = {
        "code": st.column_config.TextColumn(_("code"), disabled=True),
        **{f"n {s}": st.column_config.NumberColumn(s, disabled=True, width="small") for s in sources},
        "category": st.column_config.SelectboxColumn(
            _("category"), options=[_NONE, *names], format_func=lambda code: names.get(str(code), _NONE)
        ),
    }
    kept = st.data_editor(
        pd.DataFrame(rows), column_config=columns, hide_index=True, width="stretch", key="categories-codes"
    )
    chosen = [_text(each).removeprefix(_NONE) for each in kept["category"]]
    return dict(zip(kept["code"].astype(str), chosen, strict=True))


def _categories(view: View, found: list[FoundCode], tree: Tree) -> list[dict[str, str]]:
    """Show what is said of each category, and return it as lines of a table."""
    _ = words(view.language)
    used = {each.category for each in found}
    shown = [each for code, each in tree.items() if each.assignable]
    frame = pd.DataFrame(
        [
            {
                "category": each.code, "da": each.name["da"], "en": each.name["en"], "parent": each.parent or _NONE,
                "outdoor": each.outdoor, "dark_relevant": each.dark_relevant,
                "line": each.point_or_line == "line", "measures": list(each.measures),
            }
            for each in sorted(shown, key=lambda each: each.code not in used)
        ]
    )  # fmt: skip
    groups = {code: each.name[view.language] for code, each in tree.items()}
    columns: dict[str, Any] = {
        "category": st.column_config.TextColumn(_("category"), required=True, width=_CODE_PX),
        "da": st.column_config.TextColumn(_("name in Danish"), required=True),
        "en": st.column_config.TextColumn(_("name in English"), required=True),
        "parent": st.column_config.SelectboxColumn(
            _("belongs under"), options=[_NONE, *groups], format_func=lambda code: groups.get(str(code), _NONE)
        ),
        "outdoor": st.column_config.CheckboxColumn(_("outdoors"), default=True, width=_TICK_PX),
        "dark_relevant": st.column_config.CheckboxColumn(_("dark matters"), default=True, width=_TICK_PX),
        "line": st.column_config.CheckboxColumn(_("along a stretch"), default=False, width=_TICK_PX),
        "measures": st.column_config.MultiselectColumn(
            _("what acts on it"), options=sorted(evidence_records()), width="large", color="auto",
            format_func=lambda key: measure_title(key, view.language),
        ),
    }  # fmt: skip
    st.markdown(_("What is said of each category; a row added below is a category of your own:"))
    kept = st.data_editor(
        frame, column_config=columns, hide_index=True, width="stretch", num_rows="dynamic", key="categories-said"
    )
    said = [_line(row) for row in kept.to_dict("records") if _text(row["category"])]
    there = {each["category"] for each in said}
    return [*said, *(described(each) for each in tree.values() if not each.assignable and each.code not in there)]


def _line(row: dict[Any, Any]) -> dict[str, str]:
    """Return one row of the page's table as a line of the file."""
    measures = row["measures"]
    return {
        "category": _text(row["category"]),
        "outdoor": "no" if row["outdoor"] is False else "yes",
        "dark_relevant": "no" if row["dark_relevant"] is False else "yes",
        "point_or_line": "line" if row["line"] is True else "point",
        "measures": " ".join(sorted(measures)) if isinstance(measures, list | tuple) and len(measures) else "none",
        "da": _text(row["da"]),
        "en": _text(row["en"]),
        "parent": _text(row["parent"]).removeprefix(_NONE),
    }


def _text(cell: object) -> str:
    return cell.strip() if isinstance(cell, str) else _NOTHING
