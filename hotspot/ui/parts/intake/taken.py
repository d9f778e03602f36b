"""The last step: what would change, the import itself, what it makes possible to say, and the rows set aside."""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from hotspot.errors import HotspotError
from hotspot.glossary import say, words
from hotspot.layers import LayerSpec, read_layers
from hotspot.measures import MEASURES
from hotspot.report.names import KINDS as KIND_NAMES
from hotspot.schema.readings import reading_of
from hotspot.store import Snapshot
from hotspot.store.changes import changes, told_changes
from hotspot.store.corrections import is_about_corrections, lost_corrections
from hotspot.tables import Delivery
from hotspot.ui.parts.tables import plain
from hotspot.ui.parts.told import show_refusal
from hotspot.ui.view import View


def show_import(view: View, delivery: Delivery | None, why_not: str = "") -> bool:
    """Show what an import would change and the button that makes it; tell what it made possible.

    Parameters
    ----------
    view
        Whose study and words.
    delivery
        What would be kept; None if nothing can be.
    why_not
        Why nothing can be.

    Returns
    -------
    bool
        Whether it was imported just now.
    """
    _ = words(view.language)
    if delivery is not None:
        st.markdown(f"**{counted(delivery, view)}**")
        changed = changes(view.desk.store, delivery)
        if changed is None:
            st.write(_("It is the first delivery of its kind from this source."))
        else:
            st.write(say(told_changes(changed), view.language))
        _tell_corrections(view, delivery)
    else:
        st.write(why_not)
    pressed = st.button(
        _("Import"), type="primary" if delivery is not None else "secondary", disabled=delivery is None,
        key="intake-import",
    )  # fmt: skip
    if not pressed or delivery is None:
        return False
    before = view.desk.snapshot()
    try:
        view.desk.store.keep(delivery)
    except HotspotError as refused:
        show_refusal(refused, view.language)
        return False
    st.success(_("Imported. The answers are worked out anew."))
    _tell_possible(view, before, view.desk.snapshot(), delivery.table.kind)
    st.button(_("Show the new answers"), type="primary")
    st.caption(_("It can be taken back further down, under “{heading}”.", heading=_("Undo an import")))
    return True


def _tell_corrections(view: View, delivery: Delivery) -> None:
    """Say which corrected rows come along and which are lost."""
    told = [each for each in delivery.findings if is_about_corrections(each) and not reading_of(each)]
    lost = lost_corrections(view.desk.store, delivery)
    for each in told:
        st.write(say(each, view.language))
    if lost is not None:
        st.warning(say(lost, view.language))


def counted(delivery: Delivery, view: View) -> str:
    """Say how many rows were read, can be used and are set aside.

    Parameters
    ----------
    delivery
        What would be kept.
    view
        Whose words.

    Returns
    -------
    str
        One sentence.
    """
    return words(view.language)(
        "{read} {read:row|rows} read, {kept} can be used, {out} set aside.",
        read=delivery.read,
        kept=len(delivery.table),
        out=len(delivery.quarantine),
    )


def show_aside(view: View, delivery: Delivery, data: bytes) -> None:
    """Show why rows are set aside, and offer them as a file to correct.

    Parameters
    ----------
    view
        Whose words.
    delivery
        What would be kept.
    data
        The rows to correct; empty if there is nothing to correct in them.
    """
    _ = words(view.language)
    with st.expander(_("Rows set aside ({n})", n=len(delivery.quarantine)), expanded=True):
        lines = []
        for _text, rows in delivery.quarantine.groupby(delivery.quarantine["reason"].map(str), sort=False):
            why = say(rows["reason"].iloc[0], view.language)
            shown = [str(each) for each in rows["row"].sort_values().head(5)]
            told = _("{n} {n:row|rows}: {why} ({shown:row|rows} {shown})", n=len(rows), why=plain(why), shown=shown)
            lines.append("- " + told)
        st.markdown("\n".join(lines))
        _offer_aside(view, data)


def _offer_aside(view: View, data: bytes) -> None:
    _ = words(view.language)
    if data:
        st.write(
            _(
                "They can be mended: download them, correct the cells and upload the same file here. They then join "
                "the delivery; nothing is counted twice."
            )
        )
        st.download_button(
            _("Download rows set aside"), data, "set-aside.csv", "text/csv", on_click="ignore", key="intake-aside"
        )
    else:
        st.write(_("There is nothing to correct in them."))


def possible(specs: Iterable[LayerSpec], tables: Iterable[str]) -> set[str]:
    """Return the keys of the layers that some kinds of tables are enough for.

    Parameters
    ----------
    specs
        Layers.
    tables
        Kinds that are there.

    Returns
    -------
    set of str
        Keys.
    """
    there = set(tables)
    return {each.key for each in specs if there >= set(MEASURES[each.measure].needs)}


def _tell_possible(view: View, before: Snapshot, after: Snapshot, kind: str) -> None:
    """Say what can be answered now that could not before, and what these rows still wait for."""
    _ = words(view.language)
    specs = read_layers(after.layer_folders)
    new = possible(specs.values(), after.tables) - possible(specs.values(), before.tables)
    if new:
        st.markdown(_("These data make it possible to say:"))
        lines = [f"- **{plain(specs[key].title[view.language])}**: {specs[key].question[view.language]}" for key in new]
        st.markdown("\n".join(sorted(lines)))
    waiting: dict[tuple[str, ...], list[Any]] = {}
    for spec in specs.values():
        missing = tuple(each for each in MEASURES[spec.measure].needs if each not in after.tables)
        if missing and kind in MEASURES[spec.measure].needs:
            waiting.setdefault(missing, []).append(spec.title[view.language])
    for missing, titles in waiting.items():
        named = ", ".join(_(KIND_NAMES.get(each, each)) for each in missing)
        st.markdown(
            "- " + _("With {missing} too, there would be: {layers}.", missing=named, layers=", ".join(sorted(titles)))
        )
