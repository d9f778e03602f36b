"""Map: one question at a time, answered place by place."""

import pandas as pd
import streamlit as st

from hotspot.crs import transform
from hotspot.glossary import say, words
from hotspot.report import pixel_sentence, row_sentence
from hotspot.ui import form
from hotspot.ui.map import MapClick
from hotspot.ui.parts.maps import layer_map
from hotspot.ui.parts.tables import layer_rows, plain
from hotspot.ui.view import View

_FEW = 60  # rows that are read at a glance, wrapped; more scroll
_FIRST = ("felt_unsafe", "observed_expected")


def show(view: View) -> None:
    """Show the map page."""
    _ = words(view.language)
    layers = view.release.layers
    if not layers:
        st.info(_("Nothing can be shown yet: import incidents, answers or lamps on the page Data."))
        return
    st.title(_("Map"))
    keys = sorted(layers, key=lambda key: (key not in _FIRST, layers[key].spec.title[view.language]))
    asked = form.remembered("layer")
    left, right = st.columns([5, 2], vertical_alignment="bottom")
    key = left.selectbox(
        _("Layer"), keys, index=keys.index(asked) if asked in keys else 0, key="layer",
        format_func=lambda each: f"{layers[each].spec.title[view.language]} – "
            f"{layers[each].spec.question[view.language]}",
    )  # fmt: skip
    form.remember("layer", key)
    outlines = right.toggle(_("Outline hot spots"), value=True, key="outlines")
    wide, narrow = st.columns([5, 2])
    with wide:
        click = layer_map(view, key, outlines=outlines)
    with narrow:
        _why(view, key, click)
    _twin(view, key)


def _why(view: View, key: str, click: MapClick | None) -> None:
    """Say what the place that was clicked shows, and what the layer cannot say."""
    _ = words(view.language)
    shown = view.release.layers[key]
    st.header(shown.spec.title[view.language])
    if click is None:
        st.caption(_("Click a place on the map to see what is known there."))
    elif click.layer == "hotspots":
        row = view.release.hotspots.loc[str(click.id)]
        st.markdown(f"**{row['name']}**")
        st.write(_("A significant hot spot; more on the page Hot spots."))
    elif shown.surface is not None:
        x, y = transform([click.lon], [click.lat], "EPSG:4326", view.release.study.crs)
        st.write(pixel_sentence(shown, float(x[0]), float(y[0]), view.language))
    else:
        st.markdown(f"**{_name(view, shown.spec.support, click)}**")
        st.write(row_sentence(shown, click.id, view.language))
    st.markdown(f"**{_('Mind')}**: {shown.spec.words['caveat'][view.language]}")
    st.markdown(f"**{_('Not for')}**: {shown.spec.words['not_for'][view.language]}")
    for note in shown.notes:
        st.caption(say(note, view.language))
    sources = [f"https://doi.org/{each['doi']}" if "doi" in each else each["text"] for each in shown.spec.references]
    st.caption(_("Source") + ": " + "; ".join(sources))


def _name(view: View, support: str, click: MapClick) -> str:
    shapes = view.release.geometry[support]
    names = shapes["name"] if "name" in shapes else pd.Series(dtype=object)
    name = names.get(str(click.id))
    return str(name) if isinstance(name, str) else str(click.id)


def _twin(view: View, key: str) -> None:
    _ = words(view.language)
    rows = layer_rows(f"{view.stamp}-{key}-{view.language}", view, key, view.language)
    if not len(rows):
        return
    with st.expander(_("The same as a table"), expanded=view.release.layers[key].spec.support == "areas"):
        if len(rows) <= _FEW:
            st.table(rows.map(plain), hide_index=True, border="horizontal")
        else:
            st.dataframe(rows, hide_index=True, width="stretch", key="twin")
        data = rows.to_csv(index=False, sep=";").encode("utf-8-sig")
        st.download_button(_("Download as CSV"), data, f"{key}.csv", "text/csv", on_click="ignore")
