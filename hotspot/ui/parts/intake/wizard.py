"""The steps from a file to an import, each shown once the one before it can be answered."""

import hashlib
import itertools
from collections.abc import Iterable, Iterator

import streamlit as st

from hotspot.errors import N_, HotspotError, SourceError
from hotspot.glossary import say, words
from hotspot.report.names import KINDS as KIND_NAMES
from hotspot.schema import CONTRACTS
from hotspot.schema.readings import CORRECTED_BEFORE
from hotspot.sources.findings import noticed
from hotspot.store.against import known_tables
from hotspot.store.category_overview import is_category_table
from hotspot.store.corrections import keeping_corrections, with_corrected
from hotspot.store.remembered import declined_by_source
from hotspot.tables import Correction, Delivery
from hotspot.ui import form
from hotspot.ui.parts.intake.categories import take_table
from hotspot.ui.parts.intake.columns import confirmed, show_columns
from hotspot.ui.parts.intake.cover import show_cover
from hotspot.ui.parts.intake.examples import show_examples
from hotspot.ui.parts.intake.fields import field_name
from hotspot.ui.parts.intake.figures import join_figures
from hotspot.ui.parts.intake.found import Asked, asked_of, left_out, show_findings, show_persons, show_readings
from hotspot.ui.parts.intake.places import has_places, show_places
from hotspot.ui.parts.intake.reading import (
    Choices,
    Look,
    Opened,
    Upload,
    correction_of,
    delivered,
    is_without_places,
    looked,
    of_text,
    opened,
    to_correct,
)
from hotspot.ui.parts.intake.taken import show_aside, show_import
from hotspot.ui.parts.look import LARGEST_UPLOAD_MB
from hotspot.ui.parts.tables import plain
from hotspot.ui.parts.told import show_refusal
from hotspot.ui.view import View

_ENDINGS = (
    *("csv", "txt", "tsv", "xlsx", "xlsm", "geojson", "json"),
    *("topojson", "gpkg", "zip", "fgb", "gml", "parquet", "geoparquet"),
)
_LAYERED = (".xlsx", ".xlsm", ".gpkg", ".json", ".gml")


def import_form(view: View) -> None:
    """Show the steps that take a delivery in.

    Parameters
    ----------
    view
        Whose study.
    """
    _ = words(view.language)
    st.header(_("Import a file"))
    st.write(_("Choose a file: it is looked at step by step, and nothing is stored before you press “Import”."))
    show_examples(view)
    sent = st.file_uploader(
        _("CSV, Excel, GeoJSON, GeoPackage, zipped shapefile or GeoParquet"), type=_ENDINGS, key="intake-file"
    )
    if sent is None:
        return
    if sent.size > LARGEST_UPLOAD_MB * 1_000_000:
        show_refusal(_too_large(sent.name, sent.size / 1e6, view), view.language)
        return
    upload = Upload(sent.name, sent.getvalue())
    if is_category_table(upload.data):
        take_table(view, upload.data, upload.name)
        return
    declined = declined_by_source(view.desk.store)
    with st.spinner(_("Reading the file")):
        correction = correction_of(
            f"{upload.stamp} {sorted(declined.items())}", upload, view.desk.store.place, declined
        )
        first = opened(upload.stamp, None, upload, ())
    if isinstance(correction, HotspotError):
        show_refusal(correction, view.language)
    elif correction is not None:
        _corrected(view, correction)
    elif first.refused is not None and "layers" not in first.refused.values:
        show_refusal(first.refused, view.language)
    else:
        _steps(view, upload, first)


def _too_large(name: str, size_mb: float, view: View) -> SourceError:
    return SourceError(
        N_("The page takes files of at most {most} MB."),
        N_("{name} with {size:.0f} MB"),
        N_("on the server: hotspot import {folder} KIND {name}"),
        most=LARGEST_UPLOAD_MB,
        size=size_mb,
        name=name,
        folder=view.desk.folder.name,
    )


def _steps(view: View, upload: Upload, first: Opened) -> None:
    _ = words(view.language)
    place, stamp = view.desk.store.place, upload.stamp
    steps = itertools.count(1)
    st.subheader(_step(steps, _("What the file is")))
    kind, layer, source = _what(view, upload, first)
    if kind is None:
        if first.refused is not None:
            show_refusal(first.refused, view.language)
        return
    asked = asked_of(view, upload, kind, source)
    accept, decline = asked.word
    known = opened(stamp, layer, upload, of_text(decline))
    if known.refused is not None:
        show_refusal(known.refused, view.language)
        show_readings(view, asked, ())
        return
    dropped = left_out(stamp, known.headings)
    headings = tuple(each for each in known.headings if each not in dropped)
    said = confirmed(stamp, kind, headings)
    crs = form.chosen(f"intake-{stamp}-crs").strip() or None
    choices = Choices(kind, layer, crs, said.mapping, (*dropped, *said.drop), accept, source, decline)
    with st.spinner(_("Reading the file")):
        against = known_tables(view.desk.store, kind)
        codes = view.desk.store.categories().codes
        look = looked(_stamp(stamp, choices, place, *_held(view, against)), upload, choices, place, against, codes)
    show_persons(view, stamp, look, dropped)
    if look.diagnosis is None:
        return
    _preview(view, look)
    if said.twice:
        names = ", ".join(f"“{field_name(each, _)}”" for each in said.twice)
        st.error(_("Two columns are said to hold the same: {names}. Let one of them be not used.", names=names))
    if is_without_places(upload, choices) and any(each.kind == "areas" for each in view.desk.store.imports()):
        delivery = join_figures(view, upload, choices, asked)
        show_import(view, delivery, _("It can be imported once it is said that the figures are joined by name."))
    else:
        _rest(view, upload, choices, look, (asked, headings, bool(said.twice), steps))


def _preview(view: View, look: Look) -> None:
    """Show how the file is written and its first rows."""
    if look.diagnosis is not None:
        st.write(say(look.diagnosis.written, view.language))
        _ = words(view.language)
        st.caption(_("The first rows as they stand in the file:"))
        rows = look.diagnosis.preview.head(5).fillna("").reset_index(names=_("row"))
        st.dataframe(rows, width="stretch", hide_index=True)


def _rest(
    view: View, upload: Upload, choices: Choices, look: Look, step: tuple[Asked, tuple[str, ...], bool, Iterator[int]]
) -> None:
    """Show the steps of a file whose cells may be seen."""
    _ = words(view.language)
    asked, headings, unclear, steps = step
    source = choices.source or upload.stem
    seen, place, stamp = look.diagnosis, view.desk.store.place, upload.stamp
    assert seen is not None  # noqa: S101 - asked by the caller
    st.subheader(_step(steps, _("What was found")))
    show_findings(view, asked, look)
    st.subheader(_step(steps, _("Columns")))
    show_columns(view, stamp, choices.kind, headings, seen)
    delivery: Delivery | None = None
    against, codes = known_tables(view.desk.store, choices.kind), view.desk.store.categories().codes
    key = _stamp(stamp, choices, place, source, *_held(view, against))
    if CONTRACTS[choices.kind].shape is not None:
        st.subheader(_step(steps, _("Where it lies")))
        _system(view, stamp, seen.crs)
        if seen.delivery is None:
            st.write(_("The map is drawn once the file can be read: see what was found above."))
        elif has_places(seen.delivery):
            show_places(view, key, upload, choices, seen.delivery)
    if seen.delivery is not None and not unclear:
        st.subheader(_step(steps, _("What it covers")))
        cover = show_cover(view, stamp, seen.delivery, source)
        whole = f"{key}-{cover and (cover.area and cover.area.wkb_hex, cover.start, cover.end)}"
        with st.spinner(_("Reading the file")):
            ready = delivered(whole, upload, choices, seen.delivery, (source, cover, against), codes)
        if isinstance(ready, HotspotError):
            show_refusal(ready, view.language)
        else:
            delivery = keeping_corrections(view.desk.store, ready)
    st.subheader(_step(steps, _("Import")))
    if delivery is not None and len(delivery.quarantine):
        show_aside(view, delivery, to_correct(key, view.language, upload, choices, delivery))
    if delivery is not None:
        show_readings(view, asked, map(noticed, delivery.findings), only=CORRECTED_BEFORE)
    show_import(view, delivery, _("The file cannot be imported yet: see what was found above."))


def _what(view: View, upload: Upload, first: Opened) -> tuple[str | None, str | None, str]:
    """Ask what the file holds, guessed with reasons, and whose it is."""
    _ = words(view.language)
    stamp = upload.stamp
    likely = [each.kind for each in first.guesses]
    kinds = [*likely, *(each for each in CONTRACTS if each not in likely)]
    one, two, three = st.columns([2, 2, 1])
    kind = one.selectbox(
        _("What it holds"), kinds, index=0 if likely else None, format_func=lambda each: _(KIND_NAMES.get(each, each)),
        key=f"intake-{stamp}-kind", placeholder=_("choose"),
    )  # fmt: skip
    source = two.text_input(
        _("Whose delivery (a new one replaces the old)"), upload.stem, key=f"intake-{stamp}-source"
    ).strip()
    layer = None
    layers = str(first.refused.values.get("layers", "")).split(", ") if first.refused else []
    if layers and layers != [""]:
        layer = three.selectbox(_("Layer or sheet"), layers, index=None, key=f"intake-{stamp}-layer")
    elif upload.name.lower().endswith(_LAYERED):
        layer = three.text_input(_("Layer or sheet"), key=f"intake-{stamp}-layer").strip() or None
    reasons = next((each.reasons for each in first.guesses if each.kind == kind), ())
    told = [say(each, view.language) for each in reasons]
    there = sorted({each.source for each in view.desk.store.imports() if each.kind == kind})
    if told:
        st.caption(plain(_("Guessed, because: {reasons}", reasons=" ".join(told))))
    elif not likely:
        st.caption(_("The file does not tell what it holds: choose it."))
    if there:
        told_there = _("Deliveries of this kind are there from: {sources}.", sources=", ".join(there))
        st.caption(plain(told_there + " " + _("Write one of these names to replace it.")))
    return kind, layer, source or upload.stem


def _system(view: View, stamp: str, now: str | None) -> None:
    """Ask for the reference system, and say which one is used."""
    _ = words(view.language)
    narrow, wide = st.columns([1, 2], vertical_alignment="bottom")
    narrow.text_input(
        _("Reference system, if the file does not say"),
        placeholder=now or view.desk.store.place.crs,
        key=f"intake-{stamp}-crs",
    )
    if now:
        wide.caption(_("Now read as {crs}.", crs=now))


def _corrected(view: View, found: Correction) -> None:
    """Show the short way of rows that were set aside and come back corrected."""
    _ = words(view.language)
    kind = _(KIND_NAMES.get(found.delivery.table.kind, found.delivery.table.kind))
    st.subheader(_("Corrected rows"))
    st.write(
        _(
            "The file holds {n} {n:row|rows} of {kind} from {source} that had been set aside: {right} can be used now, "
            "{wrong} not yet.",
            n=found.delivery.read,
            kind=kind,
            source=found.delivery.source,
            right=len(found.rows),
            wrong=len(found.still_aside),
        )
    )
    for row, why in zip(found.still_aside, found.delivery.quarantine["reason"], strict=True):
        st.markdown("- " + plain(_("row {row}: {why}", row=row, why=why)))
    try:
        delivery = with_corrected(view.desk.store, found)
    except HotspotError as refused:
        show_refusal(refused, view.language)
        return
    show_import(view, delivery)


def _step(steps: Iterator[int], title: str) -> str:
    """Number a step in the order that it is shown in."""
    return f"{next(steps)}. {title}"


def _held(view: View, against: Iterable[str]) -> list[str]:
    """Return what stands for the tables that a file is held against."""
    hashes = view.desk.snapshot().hashes
    return [hashes[each] for each in (*against, "codes")]


def _stamp(stamp: str, choices: Choices, place: object, *more: str) -> str:
    """Return what stands for a file as it is read for a place."""
    text = f"{stamp} {choices.stamp} {getattr(place, 'boundary', '')} {getattr(place, 'crs', '')} {' '.join(more)}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]
