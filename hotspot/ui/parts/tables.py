"""Tables of text: the twin of every map, and lists that read the same as on paper."""

import re
from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from hotspot.glossary import Language, words
from hotspot.report.values import value_texts
from hotspot.ui.parts.look import quoted
from hotspot.ui.parts.surface_rows import surface_rows
from hotspot.ui.view import View

_COLUMN_PX = 100  # a table with less room for each of its columns is shown as cards
_UNBROKEN = ("rank", "n", "expected", "cost", "qvalue", "budget")  # a number and its unit stay on one line
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
        Names a table that may be too wide for the page: there each row becomes a card.
    """
    if not rows:
        return
    with st.container(key=f"cards_{cards}" if cards else None):
        if cards:
            st.html(f"<style>{_card_style(cards, columns)}</style>")
        st.table(_framed(rows, columns).map(plain), hide_index=True, border="horizontal")


def _card_style(cards: str, columns: Mapping[str, str]) -> str:
    """Where there is no room for the columns, each row becomes a card that says each heading."""
    own = f".st-key-cards_{cards}"
    told = " ".join(
        f"{own} td:nth-child({place})::before {{ content: {quoted(heading + ': ')}; font-weight: 600; }}"
        for place, heading in enumerate(columns.values(), 1)
    )
    whole = " ".join(
        f"{own} td:nth-child({place}) {{ white-space: nowrap !important; }}"
        for place, name in enumerate(columns, 1)
        if name in _UNBROKEN
    )
    card = (
        f"{own} thead {{ display: none; }} {own} :is(table, tbody) {{ display: block; width: 100%; }} "
        f"{own} tr {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); "
        "column-gap: 1.5rem; border-bottom: 1px solid rgba(128, 128, 128, .4); padding: .4rem 0; } "
        f"{own} td {{ border: 0 !important; padding: .1rem 0 !important; }}"
    )
    return f"{whole} @container (max-width: {_COLUMN_PX * len(columns)}px) {{ {card} {told} }}"


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
        Place and value in words, in the order of the values, highest first; of a surface its values by area.
    """
    _ = words(language)
    shown = _view.release.layers[key]
    frame = shown.frame
    if frame is None:
        return surface_rows(_view.release, shown, language)
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
            shown.spec.title[language]: value_texts(shown, order, language),
        }
    )
