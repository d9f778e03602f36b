"""Map: one question at a time, answered place by place."""

import streamlit as st

from hotspot.glossary import words
from hotspot.ui import form
from hotspot.ui.parts.maps import layer_map
from hotspot.ui.parts.tables import layer_rows, plain
from hotspot.ui.parts.why import why
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
        why(view, key, click)
    _twin(view, key)


def _twin(view: View, key: str) -> None:
    """Write the table only where it is looked at: thousands of rows take longer than the map."""
    _ = words(view.language)
    short = view.release.layers[key].spec.support in ("areas", "surface")
    box = st.expander(_("The same as a table"), expanded=short, on_change="rerun", key=f"twin-{key}")
    if not box.open:
        return
    rows = layer_rows(f"{view.stamp}-{key}-{view.language}", view, key, view.language)
    with box:
        if len(rows) <= _FEW:
            st.table(rows.map(plain), hide_index=True, border="horizontal")
        else:
            st.dataframe(rows, hide_index=True, width="stretch", key="twin")
        data = rows.to_csv(index=False, sep=";").encode("utf-8-sig")
        st.download_button(_("Download as CSV"), data, f"{key}.csv", "text/csv", on_click="ignore")
