"""Priorities: what comes first, for how much, and how sure that is."""

import pandas as pd
import streamlit as st

from hotspot.glossary import say, words
from hotspot.report.measures import frontier_table, measure_table
from hotspot.report.outcomes import evaluation_table
from hotspot.report.tables import headings, priority_table
from hotspot.ui.parts.maps import ranks_map
from hotspot.ui.parts.paper import paper_button
from hotspot.ui.parts.tables import show_rows
from hotspot.ui.view import View

_PLACES = ("rank", "name", "kind", "owner", "sure", "measure", "cost")
_MEASURES = ("name", "measure", "quantity", "cost", "fewer", "felt", "evidence", "owner", "citation")


def show(view: View) -> None:
    """Show the priorities page."""
    _ = words(view.language)
    st.header(_("Priorities"))
    choice = view.release.choice
    first, second, third = st.columns(3)
    first.metric(_("Budget"), _("DKK {cost:,.0f}", cost=choice.budget_dkk))
    second.metric(_("Spent on chosen measures"), _("DKK {cost:,.0f}", cost=choice.spent_dkk))
    third.metric(_("Measures chosen"), len(choice.chosen))
    heads = headings(view.language)
    rows = priority_table(view.release, view.language)
    wide, narrow = st.columns([3, 2])
    with wide:
        click = ranks_map(view)
    with narrow:
        st.markdown(f"**{_('Where to begin')}**")
        chosen = show_rows(rows, {name: heads.get(name, name) for name in _PLACES}, key="places", height=420)
        area_id = (
            rows[chosen]["area_id"]
            if chosen is not None
            else str(click.id)
            if click and click.layer == "areas"
            else None
        )
        _why(view, rows, area_id)
    _choice(view, heads)
    _earlier(view, heads)
    paper_button(view)


def _why(view: View, rows: list[dict[str, str]], area_id: str | None) -> None:
    _ = words(view.language)
    row = next((each for each in rows if each["area_id"] == area_id), rows[0] if rows else None)
    if row:
        st.markdown(f"**{row['rank']}. {row['name']}** – {row['sure']}")
        st.write(row["why"])


def _choice(view: View, heads: dict[str, str]) -> None:
    _ = words(view.language)
    choice = view.release.choice
    st.subheader(_("Best within the budget"))
    st.write(say(choice.objective, view.language))
    columns = {name: heads.get(name, name) for name in _MEASURES}
    show_rows(measure_table(view.release, view.language), columns, key="chosen")
    with st.expander(_("All possible measures ({n}), also those without a price", n=len(choice.candidates))):
        show_rows(
            measure_table(view.release, view.language, of="candidates"),
            {**columns, "status": _("status")},
            key="candidates",
        )
    with st.expander(_("Pilot with evaluation: measures without known effect ({n})", n=len(choice.pilots))):
        show_rows(measure_table(view.release, view.language, of="pilots"), columns, key="pilots")
    with st.expander(_("What other budgets would reach")):
        frame = pd.DataFrame(
            {
                _("million DKK"): choice.frontier["budget_dkk"] / 1e6,
                _("weighted people"): choice.frontier["benefit"],
            }
        )
        st.line_chart(frame, x=_("million DKK"), y=_("weighted people"), height=220, color="#00527a")
        show_rows(
            frontier_table(view.release, view.language),
            {n: heads.get(n, n) for n in ("budget", "measures", "benefit")},
            key="frontier",
        )


def _earlier(view: View, heads: dict[str, str]) -> None:
    _ = words(view.language)
    rows = evaluation_table(view.release, view.language)
    if rows:
        st.subheader(_("What earlier measures did"))
        show_rows(
            rows,
            {name: heads.get(name, name) for name in rows[0] if name != "intervention_id"},
            key="earlier",
        )
