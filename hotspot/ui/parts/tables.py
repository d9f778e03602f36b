"""Tables of text: the twin of every map, and lists that read the same as on paper."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from hotspot.glossary import Language, words
from hotspot.report.words import value_text
from hotspot.ui.view import View

Column = tuple[str, int]
_TALL, _MOST = 54, 10  # two lines of text; rows before the table scrolls


def choose_row(rows: Sequence[Mapping[str, str]], columns: Mapping[str, Column], *, key: str) -> int | None:
    """Show rows of text and return the position of the one chosen.

    Parameters
    ----------
    rows
        Column to text, already in the reader's language.
    columns
        Column to heading and width [pixel], in order.
    key
        Names the table on its page.

    Returns
    -------
    int or None
        Position of the chosen row.
    """
    event = st.dataframe(
        _framed(rows, {name: heading for name, (heading, _width) in columns.items()}),
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        column_config={heading: st.column_config.TextColumn(width=width) for heading, width in columns.values()},
        row_height=_TALL,
        height=_TALL * min(len(rows), _MOST) + 42,
        width="stretch",
    )
    chosen = event["selection"]["rows"]
    return int(chosen[0]) if chosen and chosen[0] < len(rows) else None


def show_rows(rows: Sequence[Mapping[str, str]], columns: Mapping[str, str]) -> None:
    """Show rows of text, wrapped, none of it cut off.

    Parameters
    ----------
    rows
        Column to text, already in the reader's language.
    columns
        Column to heading, in order.
    """
    if rows:
        st.table(_framed(rows, columns), hide_index=True, border="horizontal")


def _framed(rows: Sequence[Mapping[str, str]], columns: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [{heading: row.get(name, "") for name, heading in columns.items()} for row in rows],
        columns=list(columns.values()),
    )


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
