"""Figures without shapes, such as a census: joined by name to areas that are there, once the reader agrees."""

import streamlit as st

from hotspot.errors import HotspotError
from hotspot.glossary import say, words
from hotspot.tables import Delivery
from hotspot.ui.parts.intake.reading import Choices, Upload, figures
from hotspot.ui.parts.tables import plain
from hotspot.ui.parts.told import show_refusal
from hotspot.ui.view import View


def join_figures(view: View, upload: Upload, choices: Choices) -> Delivery | None:
    """Propose to join the figures to the areas, and return the areas with them.

    Parameters
    ----------
    view
        Whose study and words.
    upload, choices
        The file and how it is read.

    Returns
    -------
    Delivery or None
        None until the reader agrees, or if nothing can be joined.
    """
    _ = words(view.language)
    st.subheader("2. " + _("What was found"))
    sources = [each.source for each in view.desk.store.imports() if each.kind == "areas"]
    with st.container(border=True):
        st.markdown(f"**{_('The file has figures for areas, but no shapes. Areas with shapes are there already.')}**")
        source = sources[0]
        if len(sources) > 1:
            source = st.selectbox(_("Whose areas"), sources, key=f"intake-{upload.stamp}-areas")
        fix = _("join its figures by name to the areas from {source}", source=source)
        agreed = st.checkbox(_("Accept: {fix}", fix=fix), key=f"intake-{upload.stamp}-accept-join-by-name")
    if not agreed:
        return None
    found = figures(upload, choices, view.desk.snapshot().tables["areas"], source)
    if isinstance(found, HotspotError):
        show_refusal(found, view.language)
        return None
    st.markdown("\n".join(f"- {plain(say(each, view.language))}" for each in found.findings))
    return found
