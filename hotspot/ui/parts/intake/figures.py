"""Figures without shapes, such as a census: joined by name to areas that are there, once the reader agrees."""

import streamlit as st

from hotspot.errors import HotspotError
from hotspot.glossary import say, words
from hotspot.schema.readings import codes_in, reading_of
from hotspot.sources.findings import noticed
from hotspot.sources.fixes import OTHER_CODES
from hotspot.sources.joined import ACCEPTED, PROPOSED
from hotspot.tables import Delivery
from hotspot.ui.parts.intake.found import Asked, show_readings
from hotspot.ui.parts.intake.reading import Choices, Upload, figures
from hotspot.ui.parts.tables import plain
from hotspot.ui.parts.told import show_refusal
from hotspot.ui.view import View


def join_figures(view: View, upload: Upload, choices: Choices, asked: Asked) -> Delivery | None:
    """Propose to join the figures to the areas, and return the areas with them.

    Parameters
    ----------
    view
        Whose study and words.
    upload, choices
        The file and how it is read.
    asked
        What the reader says of it.

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
        agreed = st.checkbox(_("Accept: {fix}", fix=fix), key=asked.key("accept", OTHER_CODES[0]))
    if not agreed:
        return None
    found = figures(upload, choices, view.desk.snapshot().tables["areas"], source)
    if isinstance(found, HotspotError):
        if "code" in found.values:  # a fix to accept
            asked.box("accept", found.values["code"], _("Accept: {fix}", fix=found.values["fix"]))
        show_refusal(found, view.language)
        show_readings(view, asked, ())
        return None
    codes = [each for each in codes_in(found.provenance, "accepted") if each != OTHER_CODES[0]]
    fixes = [each.values["fix"] for each in found.findings if each.template == ACCEPTED]
    open_ones = [each.values for each in found.findings if each.template == PROPOSED]
    for code, fix in [*zip(codes, fixes, strict=True), *((each["code"], each["fix"]) for each in open_ones)]:
        asked.box("accept", code, _("Accept: {fix}", fix=fix))
    show_readings(view, asked, map(noticed, found.findings))
    told = [each for each in found.findings if each.template not in (ACCEPTED, PROPOSED) and not reading_of(each)]
    st.markdown("\n".join(f"- {plain(say(each, view.language))}" for each in told))
    return found
