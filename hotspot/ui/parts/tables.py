"""Tables of text: the twin of every map, and lists that read the same as on paper."""

import re
from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from hotspot.glossary import Language, words
from hotspot.report.words import value_text
from hotspot.ui.parts.look import quoted
from hotspot.ui.view import View

_MARKED = re.compile(r"([\\`*_\[\]$#<>~|:])|^(\d+)(?=\.)")  # what Markdown would take for its own signs


def show_rows(rows: Sequence[Mapping[str, str]], columns: Mapping[str, str], *, cards: str = "") -> None:
    """Show rows of text, wrapped, none of it cut off.

    Parameters
    ----------
    rows
        Column to text, already in the reader's language.
    columns
        Column to heading, in order.
    cards
        Names a table that is too wide for a phone: there each row becomes a card.
    """
    if not rows:
        return
    with st.container(key=f"cards_{cards}" if cards else None):
        if cards:
            st.html(f"<style>{_card_headings(cards, list(columns.values()))}</style>")
        st.table(_framed(rows, columns).map(plain), hide_index=True, border="horizontal")


def _card_headings(cards: str, headings: Sequence[str]) -> str:
    told = " ".join(
        f".st-key-cards_{cards} td:nth-child({place})::before {{ content: {quoted(heading + ': ')}; }}"
        for place, heading in enumerate(headings, 1)
    )
    return f"@media (max-width: 820px) {{ {told} }}"


def show_many(rows: Sequence[Mapping[str, str]], columns: Mapping[str, tuple[str, int]], *, key: str) -> None:
    """Show many rows of text in a table that scrolls, sorts and searches.

    Parameters
    ----------
    rows
        Column to text, already in the reader's language.
    columns
        Column to heading and width [pixel], in order.
    key
        Names the table on its page.
    """
    config = {heading: st.column_config.TextColumn(width=width) for heading, width in columns.values()}
    frame = _framed(rows, {name: heading for name, (heading, _width) in columns.items()})
    st.dataframe(frame, hide_index=True, key=key, column_config=config, width="stretch")


def plain(text: str) -> str:
    """Return a text so that Markdown shows it as it stands.

    Parameters
    ----------
    text
        Any text, such as "1. July 2023".

    Returns
    -------
    str
        The same with its signs escaped.
    """
    return _MARKED.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\", text)


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
    _view
        What the reader sees.
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
