"""What a place on the map shows, and what the layer there cannot say."""

import pandas as pd
import streamlit as st

from hotspot.crs import transform
from hotspot.glossary import say, words
from hotspot.report import pixel_sentence, row_sentence
from hotspot.ui.map import MapClick
from hotspot.ui.view import View


def why(view: View, key: str, click: MapClick | None) -> None:
    """Say what the place that was clicked shows, and what the layer cannot say.

    Parameters
    ----------
    view
        What the reader sees.
    key
        The layer.
    click
        The place, if one was clicked.
    """
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
