"""Priorities: what comes first, for how much, and how sure that is."""

import streamlit as st

from hotspot.glossary import words
from hotspot.report.outcomes import evaluation_table
from hotspot.report.tables import by_homes, headings, priority_table
from hotspot.ui import form
from hotspot.ui.parts.chosen import chosen_measures
from hotspot.ui.parts.in_short import READING, in_short_part
from hotspot.ui.parts.maps import ranks_map
from hotspot.ui.parts.paper import paper_button
from hotspot.ui.parts.said import said
from hotspot.ui.parts.tables import plain, show_rows
from hotspot.ui.parts.weights import weights_part
from hotspot.ui.view import View

_PLACES = ("rank", "name", "kind", "owner", "sure", "mostly", "measure", "cost")
_MOST_PLACES = 10


def show(view: View) -> None:
    """Show the priorities page."""
    _ = words(view.language)
    st.title(_("Priorities"))
    choice = view.release.choice
    first, second, third = st.columns(3)
    first.metric(_("Budget"), _("DKK {cost:,.0f}", cost=choice.budget_dkk))
    second.metric(_("Spent on chosen measures"), _("DKK {cost:,.0f}", cost=choice.spent_dkk))
    third.metric(_("Measures chosen"), len(choice.chosen))
    heads = headings(view.language)
    rows = said(view, priority_table)
    parts = by_homes(rows, view.language)
    ordered = [row for _title, part in parts for row in part]
    in_short_part(view, next((row for row in ordered if row["rank"] != "–"), None))
    wide, narrow = st.columns([5, 2])
    with wide:
        click = ranks_map(view)
    with narrow:
        _why(view, ordered, str(click.id) if click and click.layer == "areas" else "")
    weights_part(view)
    st.header(_("Where to begin"))
    st.caption(_(READING))
    columns = {name: heads[name] for name in _PLACES}
    for number, (title, part) in enumerate(parts):
        if title:
            st.subheader(title)
        show_rows(part[:_MOST_PLACES], columns, cards=f"places{number}")
    if len(rows) > _MOST_PLACES:
        with st.expander(_("All places in one order ({n})", n=len(rows))):
            show_rows(rows, columns, cards="all_places")
    chosen_measures(view, heads)
    _earlier(view, heads)
    paper_button(view)


def _why(view: View, rows: list[dict[str, str]], clicked: str) -> None:
    _ = words(view.language)
    if not rows:
        st.info(_("No place can be ranked yet: import areas and at least one of incidents, answers or lamps."))
        return
    heads = headings(view.language)
    names = {row["area_id"]: f"{row['rank']}. {row['name']}" for row in rows}
    area_id = form.choose("place", list(names), clicked, heads["name"], names)
    row = next(each for each in rows if each["area_id"] == area_id)
    st.markdown(f"**{heads['sure']}**: {plain(row['sure'])}")
    st.markdown(plain(row["why"]))
    st.markdown(f"**{heads['measure']}**: {plain(row['measure'])} ({row['cost']})")
    st.caption(_("Click a place on the map, or choose it here, to see why."))


def _earlier(view: View, heads: dict[str, str]) -> None:
    _ = words(view.language)
    rows = said(view, evaluation_table)
    if rows:
        st.header(_("What earlier measures did"))
        show_rows(rows, {name: heads[name] for name in rows[0] if name in heads}, cards="earlier")
