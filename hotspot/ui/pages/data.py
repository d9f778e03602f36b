"""Data: what there is, what became of it, and what that makes impossible to say."""

import streamlit as st

from hotspot.glossary import words
from hotspot.layers import read_layers
from hotspot.measures import MEASURES
from hotspot.report.names import KINDS
from hotspot.report.tables import coverage_table, findings_text, headings
from hotspot.ui.parts.intake import categories_form, import_form
from hotspot.ui.parts.tables import show_rows
from hotspot.ui.parts.undo import undo_form
from hotspot.ui.view import View

_COLUMNS = ("kind", "source", "read", "kept", "lost", "period", "share")


def show(view: View) -> None:
    """Show the data page."""
    _ = words(view.language)
    st.title(_("Data"))
    st.write(_("Rows are never dropped silently: what was kept and what was set aside add up to what was read."))
    heads = headings(view.language)
    show_rows(
        coverage_table(view.release, view.language),
        {name: heads[name] for name in _COLUMNS},
        cards="coverage",
    )
    _impossible(view)
    sentences = findings_text(view.release, view.language)
    with st.expander(_("What was found and assumed ({n})", n=len(sentences))):
        st.markdown("\n".join(f"- {each}" for each in sentences))
    if view.asked.audience == "admin":
        import_form(view)
        categories_form(view)
        undo_form(view)


def _impossible(view: View) -> None:
    """Say which questions cannot be answered, by the tables that they wait for."""
    _ = words(view.language)
    snapshot = view.desk.snapshot()
    waiting: dict[tuple[str, ...], list[str]] = {}
    for spec in read_layers(snapshot.layer_folders).values():
        missing = tuple(kind for kind in MEASURES[spec.measure].needs if kind not in snapshot.tables)
        if missing:
            waiting.setdefault(missing, []).append(f"“{spec.title[view.language]}”")
    lines = [
        _(
            "Without {missing} nothing can be said of {layers}.",
            missing=", ".join(_(KINDS.get(each, each)) for each in missing),
            layers=", ".join(titles),
        )
        for missing, titles in waiting.items()
    ]
    if lines:
        st.warning("\n".join(f"- {each}" for each in lines))
    else:
        st.success(_("Every question of the layers can be asked of these data."))
