"""Tables of text: the twin of every map, and lists that read the same as on paper."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from hotspot.glossary import Language, words
from hotspot.report.words import value_text
from hotspot.ui.view import View


def show_rows(
    rows: Sequence[Mapping[str, str]], columns: Mapping[str, str], *, key: str, height: int | None = None
) -> int | None:
    """Show rows of text and return the position of the one chosen.

    Parameters
    ----------
    rows
        Column to text, already in the reader's language.
    columns
        Column to heading, in order.
    key
        Names the table on its page.
    height
        Height; None fits the rows. [pixel]

    Returns
    -------
    int or None
        Position of the chosen row.
    """
    frame = pd.DataFrame(
        [{head: row.get(name, "") for name, head in columns.items()} for row in rows],
        columns=list(columns.values()),
    )
    event = st.dataframe(
        frame,
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        height=height or "auto",
        width="stretch",
    )
    chosen = event["selection"]["rows"]
    return int(chosen[0]) if chosen else None


@st.cache_data(show_spinner=False, max_entries=32)
def layer_rows(stamp: str, _view: View, key: str, language: Language) -> pd.DataFrame:  # noqa: ARG001 - the cache's key
    """Return a layer's rows as text, the twin of its map.

    Parameters
    ----------
    stamp
        Stands for the release.
    key
        The layer.
    language
        Whose words.

    Returns
    -------
    DataFrame
        Place and value in words, in the order of the values, highest first.
    """
    _ = words(language)
    shown = _view.release.layers[key]
    frame = shown.frame
    if frame is None:
        return pd.DataFrame()
    column = shown.spec.show.column if not shown.spec.show.classes else "value"
    order = (
        frame.sort_values(column, ascending=False, na_position="last", kind="stable").index
        if column in frame
        else frame.index
    )
    shapes = _view.release.geometry[shown.spec.support]
    names = shapes["name"].reindex(order) if "name" in shapes else pd.Series(order, index=order)
    return pd.DataFrame(
        {
            _("code"): order.astype(str),
            _("place"): [str(name) if isinstance(name, str) else "" for name in names],
            shown.spec.title[language]: [value_text(shown, row, language) for row in order],
        }
    )
