"""The measures chosen within the budget, and those that were not."""

import streamlit as st

from hotspot.glossary import say, words
from hotspot.report.hindsight import hindsight_table
from hotspot.report.measures import frontier_table, measure_table
from hotspot.ui.parts.said import said
from hotspot.ui.parts.tables import show_many, show_rows
from hotspot.ui.view import View

_CHOSEN = ("name", "measure", "quantity", "cost", "decides")
_EFFECTS = ("measure", "fewer", "felt", "owner", "citation")
_WIDTHS = {"name": 130, "measure": 190, "quantity": 90, "cost": 110, "status": 130, "fewer": 330, "felt": 330}


def chosen_measures(view: View, heads: dict[str, str]) -> None:
    """Show what is best within the budget, and what else could be done.

    Parameters
    ----------
    view
        What the reader sees.
    heads
        The words above the columns.
    """
    _ = words(view.language)
    language, choice = view.language, view.release.choice
    st.header(_("Best within the budget"))
    st.write(say(choice.objective, language))
    chosen = said(view, measure_table)
    if chosen:
        show_rows(chosen, {name: heads[name] for name in _CHOSEN}, cards="chosen")
        st.markdown(f"**{_('What they are expected to do')}**")
        effects = {tuple(row[name] for name in _EFFECTS): row for row in chosen}
        show_rows(list(effects.values()), {name: heads[name] for name in _EFFECTS}, cards="effects")
    else:
        st.info(_("No measure with a price and a known effect fits within the budget."))
    widths = {name: (heads[name], width) for name, width in _WIDTHS.items()}
    with st.expander(_("All possible measures ({n}), also those without a price", n=len(choice.candidates))):
        show_many(said(view, measure_table, of="candidates"), widths, key="candidates")
    with st.expander(_("Pilot with evaluation: measures without known effect ({n})", n=len(choice.pilots))):
        show_many(said(view, measure_table, of="pilots"), widths, key="pilots")
    if "included" in choice.candidates:
        with st.expander(_("How much the choice hangs on what works")):
            st.write(
                _(
                    "Each line says in how many draws of which measures work the measure is among the best within the "
                    "budget, chosen with hindsight. A low share says that the choice hangs on what nobody knows, not "
                    "that another choice is better now."
                )
            )
            names = {name: heads[name] for name in ("name", "measure", "status")}
            show_rows(said(view, hindsight_table), {**names, "included": _("In hindsight")})
    with st.expander(_("What other budgets would reach")):
        rows = said(view, frontier_table)
        show_rows(rows, {name: heads[name] for name in ("budget", "measures", "benefit")})
