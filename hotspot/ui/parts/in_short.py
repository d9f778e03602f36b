"""What a reader with half a minute sees first: the head of the paper, on the page."""

import streamlit as st

from hotspot.errors import N_
from hotspot.glossary import words
from hotspot.report.blocks import Points, Text
from hotspot.report.short import in_short
from hotspot.report.tables import Row, headings
from hotspot.ui.parts.said import said
from hotspot.ui.parts.tables import plain
from hotspot.ui.view import View

READING = N_(
    "Why: how much each layer adds to the score. The score is the place's weighted position among all places, "
    "from 0 (best) to 1 (worst). How sure: in 9 of 10 draws, in which numbers and weights vary within their "
    "uncertainty, the number lies in this range."
)
"""How to read the columns of the priorities."""


def in_short_part(view: View, first: Row | None) -> None:
    """Say what comes first, what for how much, and how sure, in the paper's words; and why.

    Parameters
    ----------
    view
        What the reader sees.
    first
        The row of the first place; None where none has a rank.
    """
    _ = words(view.language)
    points: list[tuple[str, str]] = []
    for block in said(view, in_short):
        if isinstance(block, Points):
            points += block.points
        elif isinstance(block, Text):
            points.append(("", block.text))
    if first is not None:
        why = headings(view.language)["mostly"]
        points.insert(1, (why, _("{name}: {reasons}.", name=first["name"], reasons=first["mostly"])))
    st.header(_("In short"))
    st.markdown(
        "\n".join(f"- **{plain(name)}**: {plain(text)}" if name else f"- {plain(text)}" for name, text in points)
    )
