"""The weights: which are used, another choice of them, and the way back to those proposed."""

from collections.abc import Mapping

import streamlit as st

from hotspot.glossary import words
from hotspot.report.limits import weights_text
from hotspot.study import Study
from hotspot.ui import form
from hotspot.ui.access import FREE_FILTERS
from hotspot.ui.view import View

_PERCENT = 100


def weights_part(view: View) -> None:
    """Say which weights are used and, to those who may filter freely, offer others.

    Parameters
    ----------
    view
        What the reader sees.
    """
    _ = words(view.language)
    proposed = _proposed(view)
    if not proposed:
        return
    own = {key: weight for key, weight in view.asked.study.weights.items() if proposed.get(key, weight) != weight}
    st.markdown(weights_text(view.release, view.language) + " " + (
        _("They were chosen here; the layer files propose others.") if own
        else _("They are those that the layer files propose.")
    ))  # fmt: skip
    if view.asked.audience not in FREE_FILTERS:
        return
    with st.expander(_("Change the weights")):
        asked = _form(view, proposed)
    if asked is not None and asked != view.asked.study:
        form.ask(view.desk, asked)


def _proposed(view: View) -> dict[str, float]:
    return {key: each.spec.priority.weight for key, each in view.release.layers.items() if each.spec.priority}


def _form(view: View, proposed: Mapping[str, float]) -> Study | None:
    """Return the recipe with the weights that were asked for; None as long as nobody asks."""
    _ = words(view.language)
    study = view.asked.study
    with st.form("weights", border=False):
        st.write(
            _("Only the ratio between the weights counts: they are scaled to add up to 100%. 0 leaves a layer out.")
        )
        percent: dict[str, float] = {}
        columns = st.columns(len(proposed))
        for column, (key, weight) in zip(columns, proposed.items(), strict=True):
            percent[key] = column.number_input(
                f"{view.release.layers[key].spec.title[view.language]} (%)",
                min_value=0.0, max_value=100.0, step=5.0, format="%g",
                value=_of_hundred(study.weights.get(key, weight)),
            )  # fmt: skip
            column.caption(_("The layer file proposes {weight:.0%}.", weight=weight))
        wide, narrow = st.columns(2)
        done = wide.form_submit_button(_("Rank with these weights"), type="primary", width="stretch")
        back = narrow.form_submit_button(_("Back to the proposed weights"), width="stretch")
    if back:
        return study.but(weights={})
    if not done:
        return None
    if not any(percent.values()):
        st.warning(_("At least one weight must be above 0."))
        return None
    return study.but(weights=departing(percent, proposed, study.weights))


def departing(
    percent: Mapping[str, float], proposed: Mapping[str, float], before: Mapping[str, float]
) -> dict[str, float]:
    """Return the weights that a study must hold: only those that depart from the layer files.

    Parameters
    ----------
    percent
        Layer to weight, as it was typed. [%]
    proposed
        Layer to weight, as the layer files propose it.
    before
        The study's own weights until now; those of layers that are not shown stay.

    Returns
    -------
    dict
        Layer to weight.
    """
    hidden = {key: weight for key, weight in before.items() if key not in percent}
    kept = {key: value / _PERCENT for key, value in percent.items() if value != _of_hundred(proposed[key])}
    return hidden | kept


def _of_hundred(weight: float) -> float:
    return round(weight * _PERCENT, 6)
