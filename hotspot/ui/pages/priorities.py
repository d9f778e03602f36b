"""Priorities: what comes first, for how much, and how sure that is."""

import streamlit as st

from hotspot.glossary import say, words
from hotspot.report.measures import frontier_table, measure_table
from hotspot.report.outcomes import evaluation_table
from hotspot.report.tables import headings, priority_table
from hotspot.ui.parts.maps import ranks_map
from hotspot.ui.parts.paper import paper_button
from hotspot.ui.parts.tables import choose_row, show_rows
from hotspot.ui.view import View

_PLACES = {"rank": 50, "name": 130, "kind": 90, "owner": 170, "sure": 160, "mostly": 260, "measure": 210, "cost": 110}
_MEASURES = ("name", "measure", "quantity", "cost", "fewer", "felt", "owner", "citation")


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
    rows = priority_table(view.release, view.language)
    wide, narrow = st.columns([5, 2])
    with wide:
        click = ranks_map(view)
    beside = narrow.container()
    st.subheader(_("Where to begin"))
    chosen = choose_row(rows, {name: (heads[name], width) for name, width in _PLACES.items()}, key="places")
    clicked = str(click.id) if click and click.layer == "areas" else ""
    with beside:
        _why(view, rows, rows[chosen]["area_id"] if chosen is not None else clicked)
    _choice(view, heads)
    _earlier(view, heads)
    paper_button(view)


def _why(view: View, rows: list[dict[str, str]], area_id: str) -> None:
    _ = words(view.language)
    row = next((each for each in rows if each["area_id"] == area_id), rows[0] if rows else None)
    if row is None:
        st.info(_("No place can be ranked yet: import areas and at least one of incidents, answers or lamps."))
        return
    st.subheader(f"{row['rank']}. {row['name']}")
    st.markdown(f"**{headings(view.language)['sure']}**: {row['sure']}")
    st.write(row["why"])
    st.markdown(f"**{headings(view.language)['measure']}**: {row['measure']} ({row['cost']})")
    st.caption(_("Click a place on the map, or a row in the table below, to see why."))


def _choice(view: View, heads: dict[str, str]) -> None:
    _ = words(view.language)
    release, language, choice = view.release, view.language, view.release.choice
    st.subheader(_("Best within the budget"))
    st.write(say(choice.objective, language))
    columns = {name: heads[name] for name in _MEASURES}
    chosen = measure_table(release, language)
    if chosen:
        show_rows(chosen, columns)
    else:
        st.info(_("No measure with a price and a known effect fits within the budget."))
    with st.expander(_("All possible measures ({n}), also those without a price", n=len(choice.candidates))):
        show_rows(measure_table(release, language, of="candidates"), {**columns, "status": heads["status"]})
    with st.expander(_("Pilot with evaluation: measures without known effect ({n})", n=len(choice.pilots))):
        show_rows(measure_table(release, language, of="pilots"), columns)
    with st.expander(_("What other budgets would reach")):
        rows = frontier_table(release, language)
        show_rows(rows, {name: heads[name] for name in ("budget", "measures", "benefit")})


def _earlier(view: View, heads: dict[str, str]) -> None:
    _ = words(view.language)
    rows = evaluation_table(view.release, view.language)
    if rows:
        st.subheader(_("What earlier measures did"))
        show_rows(rows, {name: heads[name] for name in rows[0] if name in heads})
