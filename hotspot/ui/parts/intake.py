"""Bringing a file in from a page: look first, then keep, and undo."""

import datetime as dt
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from hotspot.errors import HotspotError
from hotspot.glossary import say, words
from hotspot.report.names import KINDS as KIND_NAMES
from hotspot.sources import read_table
from hotspot.store import Import
from hotspot.tables import KINDS, Delivery
from hotspot.ui.parts.told import show_refusal
from hotspot.ui.view import View


def import_form(view: View) -> None:
    """Show the form that takes a delivery in.

    Parameters
    ----------
    view
        Whose study.
    """
    _ = words(view.language)
    st.header(_("Import a file"))
    with st.form("import", clear_on_submit=False):
        file = st.file_uploader(
            _("CSV, Excel, GeoJSON, GeoPackage, zipped shapefile or GeoParquet"),
            type=["csv", "txt", "xlsx", "geojson", "json", "gpkg", "zip", "parquet"],
        )
        one, two, three = st.columns(3)
        kind = one.selectbox(_("What it holds"), list(KINDS), format_func=lambda each: _(KIND_NAMES.get(each, each)))
        crs = two.text_input(_("Reference system, if the file does not say"), placeholder="EPSG:25832")
        source = three.text_input(_("Whose delivery (a new one replaces the old)"))
        mapping = st.text_input(_("Columns whose names are not known"), placeholder=_("COLUMN=field, COLUMN=field"))
        drop = st.text_input(_("Columns to leave out"), placeholder=_("COLUMN, COLUMN"))
        look, keep = st.columns(2)
        looked = look.form_submit_button(_("Look at it first"), width="stretch")
        kept = keep.form_submit_button(_("Import"), type="primary", width="stretch")
    if file is None or not (looked or kept):
        return
    pairs = dict(part.strip().rsplit("=", 1) for part in mapping.split(",") if "=" in part)
    leave = [part.strip() for part in drop.split(",") if part.strip()]
    try:
        delivery = _read(view, file.name, file.getvalue(), kind, crs or None, source or None, pairs, leave)
    except HotspotError as refused:
        show_refusal(refused, view.language)
        _say_where(str(refused.told[2]), view)
        return
    _tell(view, delivery)
    if kept:
        view.desk.store.keep(delivery)
        st.success(_("Imported. The answers are worked out anew."))
        st.button(_("Show the new answers"))


def _say_where(fix: str, view: View) -> None:
    """Say which fields of the form stand for the command line's options that a fix names."""
    _ = words(view.language)
    fields = {
        "--map": _("Columns whose names are not known"),
        "--drop": _("Columns to leave out"),
        "--crs": _("Reference system, if the file does not say"),
    }
    named = [f"{option} = “{label}”" for option, label in fields.items() if option in fix]
    if named:
        st.caption(_("On this page: {fields}.", fields="; ".join(named)))


def _read(  # noqa: PLR0913, PLR0917 - what the form holds
    view: View,
    name: str,
    data: bytes,
    kind: str,
    crs: str | None,
    source: str | None,
    mapping: dict[str, str],
    drop: list[str],
) -> Delivery:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(data)
        return read_table(path, kind, view.desk.store.place, mapping=mapping, crs=crs, drop=drop, source=source)


def _tell(view: View, delivery: Delivery) -> None:
    _ = words(view.language)
    st.write(
        _(
            "{read} rows read, {kept} can be used, {out} are set aside.",
            read=delivery.read,
            kept=len(delivery.table),
            out=len(delivery.quarantine),
        )
    )
    for finding in delivery.findings:
        st.caption(say(finding, view.language))
    if len(delivery.quarantine):
        told = delivery.quarantine.assign(reason=[say(each, view.language) for each in delivery.quarantine["reason"]])
        st.dataframe(
            told[["row", "reason"]].astype(str).rename(columns={"row": _("row"), "reason": _("reason")}),
            hide_index=True,
        )
        st.download_button(
            _("Download rows set aside"),
            told.to_csv(index=False).encode("utf-8-sig"),
            "quarantine.csv",
            "text/csv",
            on_click="ignore",
        )


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
        "{rows} rows of {kind} from {source}, taken in {when}, count now.",
        rows=now.kept, kind=kind, source=now.source, when=_when(now, view),
    )  # fmt: skip
    if earlier is None:
        return made + " " + _("It is the first delivery of them: after undoing, nothing of them counts.")
    return made + " " + _(
        "After undoing, the {rows} rows taken in {when} count again.", rows=earlier.kept, when=_when(earlier, view)
    )  # fmt: skip


def _when(made: Import, view: View) -> dt.datetime:
    return dt.datetime.fromisoformat(made.made_at).astimezone(ZoneInfo(view.asked.study.timezone))
