"""Where and when a source has looked: as the file shows, unless the reader knows better."""

import datetime as dt

import shapely
import streamlit as st

from hotspot.errors import HotspotError
from hotspot.glossary import words
from hotspot.sources import read_outline
from hotspot.tables import Coverage, Delivery
from hotspot.ui.parts.intake.reading import Upload
from hotspot.ui.parts.told import show_refusal
from hotspot.ui.view import View

_FOUND, _WHOLE, _PART = "found", "whole", "part"


def show_cover(view: View, stamp: str, delivery: Delivery, source: str) -> Coverage | None:
    """Show what the delivery covers and let the reader correct it.

    Parameters
    ----------
    view
        Whose study and words.
    stamp
        The file's.
    delivery
        As it would be kept.
    source
        Whose delivery it is.

    Returns
    -------
    Coverage or None
        None where the file's own account stands.
    """
    _ = words(view.language)
    found = delivery.table.coverage[0]
    st.write(_("Inside what it covers, nothing reported means that nothing was; outside, nothing can be said."))
    days = _days(view, stamp, found)
    nothing = found.area is not None and found.area.is_empty
    names = {
        _FOUND: _("nothing of the place for certain: the list looks cut off") if nothing else _("the whole place"),
        _WHOLE: _("the whole place: the list is complete"),
        _PART: _("a part of the place; I have its outline as a file"),
    }
    choices = [_FOUND, _WHOLE, _PART] if nothing else [_FOUND, _PART]
    where = st.radio(
        _("Where this source has looked"), choices, format_func=names.__getitem__, key=f"intake-{stamp}-where"
    )
    area = _outline(view, stamp) if where == _PART else None
    if (where == _FOUND or (where == _PART and area is None)) and days == (found.start, found.end):
        return None
    return Coverage(source, area if where != _FOUND else found.area, *days)  # type: ignore[arg-type]  # a polygon


def _days(view: View, stamp: str, found: Coverage) -> tuple[dt.date | None, dt.date | None]:
    if found.start is None or found.end is None:
        return found.start, found.end
    _ = words(view.language)
    shape = "DD.MM.YYYY" if view.language == "da" else "DD/MM/YYYY"
    one, two, _rest = st.columns([1, 1, 2])
    first = one.date_input(_("First day covered"), found.start, format=shape, key=f"intake-{stamp}-first")
    last = two.date_input(_("Last day covered"), found.end, format=shape, key=f"intake-{stamp}-last")
    if first > last:
        st.error(_("The first day comes before the last; the file's own days are taken."))
        return found.start, found.end
    return first, last


def _outline(view: View, stamp: str) -> shapely.Geometry | None:
    _ = words(view.language)
    file = st.file_uploader(
        _("Outline of the part"), type=["geojson", "gpkg", "zip"], key=f"intake-{stamp}-outline"
    )  # fmt: skip
    if file is None:
        return None
    try:
        with Upload(file.name, file.getvalue()).on_disk() as path:
            return read_outline(path, view.asked.study.crs)
    except HotspotError as refused:
        show_refusal(refused, view.language)
        return None
