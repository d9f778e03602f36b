"""Undoing an import: what counts now, what would count again, and what that changes."""

import datetime as dt
from zoneinfo import ZoneInfo

import streamlit as st

from hotspot.glossary import say, words
from hotspot.report.names import KINDS as KIND_NAMES
from hotspot.schema import contract_of
from hotspot.store import Import
from hotspot.store.changes import compared, rows_of, told_changes
from hotspot.ui.view import View


def undo_form(view: View) -> None:
    """Show the way back from an import.

    Parameters
    ----------
    view
        Whose study.
    """
    _ = words(view.language)
    made = view.desk.store.imports()
    if not made:
        return
    st.header(_("Undo an import"))
    names = {f"{_(KIND_NAMES.get(each.kind, each.kind))} – {each.source}": each for each in made}
    wide, narrow = st.columns([4, 1], vertical_alignment="bottom")
    chosen = wide.selectbox(_("Delivery"), list(names), index=None, placeholder="–")
    if chosen:
        st.write(_back(names[chosen], view))
    if narrow.button(_("Undo"), width="stretch", disabled=chosen is None) and chosen:
        each = names[chosen]
        view.desk.store.undo(each.kind, each.source)
        st.toast(_("The import was undone. The answers are worked out anew."))
        st.rerun()


def _back(now: Import, view: View) -> str:
    """Say what counts now and what undoing brings back, one step."""
    _ = words(view.language)
    _there, earlier = view.desk.store.earlier(now.kind, now.source)
    kind = _(KIND_NAMES.get(now.kind, now.kind))
    made = _(
        "{rows} {rows:row|rows} of {kind} from {source}, taken in {when}, {rows:counts|count} now.",
        rows=now.kept, kind=kind, source=now.source, when=_when(now, view),
    )  # fmt: skip
    if earlier is None:
        return made + " " + _("It is the first delivery of them: after undoing, nothing of them counts.")
    store, key = view.desk.store, contract_of(now.kind).id
    changed = told_changes(compared(rows_of(store, now), rows_of(store, earlier), key))
    back = _(
        "After undoing, {rows} {rows:row|rows} taken in {when} {rows:counts|count} again.",
        rows=earlier.kept,
        when=_when(earlier, view),
    )
    return " ".join((made, back, say(changed, view.language)))


def _when(made: Import, view: View) -> dt.datetime:
    return dt.datetime.fromisoformat(made.made_at).astimezone(ZoneInfo(view.asked.study.timezone))
