"""Texts of a release, worked out once for a page that runs anew at every click."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from hotspot.glossary import Language
from hotspot.release import Release
from hotspot.ui.view import View

Asked = ParamSpec("Asked")
Made = TypeVar("Made")


def said(
    view: View,
    tell: Callable[Concatenate[Release, Language, Asked], Made],
    *named: Asked.args,
    **asked: Asked.kwargs,
) -> Made:
    """Return what a function of the report says of the release in the reader's language.

    Parameters
    ----------
    view
        What the reader sees.
    tell
        A function of `hotspot.report` that takes a release and a language.
    *named, **asked
        What else it takes.

    Returns
    -------
    same as the function
        A copy of what it said the first time; the latest sixty-four are kept.
    """
    made: Made = _kept(
        f"{view.stamp}-{view.language}-{tell.__module__}.{tell.__qualname__}",
        named,
        asked,
        lambda: tell(view.release, view.language, *named, **asked),
    )
    return made


@st.cache_data(show_spinner=False, max_entries=64)
def _kept(stamp: str, named: object, asked: object, _make: Callable[[], Any]) -> Any:  # noqa: ANN401, ARG001 - what the maker makes; the cache's key
    return _make()
