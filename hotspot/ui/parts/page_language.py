"""Tells the browser and screen readers which language the page speaks."""

import streamlit as st

from hotspot.glossary import Language

_SCRIPT = "export default component => { document.documentElement.lang = component.data }"
_mount = st.components.v2.component("hotspot_language", js=_SCRIPT)


def speak(language: Language) -> None:
    """Set the language of the page.

    Parameters
    ----------
    language
        ``"da"`` or ``"en"``.
    """
    with st.sidebar:
        _mount(key="page_language", data=language)
