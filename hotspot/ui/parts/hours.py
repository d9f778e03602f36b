"""When it happens: a hot spot's hours of the day."""

import pandas as pd
import streamlit as st

from hotspot.glossary import words
from hotspot.ui.view import View

_COLOUR = "#1f85b8"  # seen on a light and on a dark page


def by_hour(view: View, hours: list[float], dark: float) -> None:
    """Draw the hours of the day, and say in words what the picture shows.

    Parameters
    ----------
    view
        Whose words.
    hours
        Incidents of each hour, 24 of them.
    dark
        Share in darkness.
    """
    _ = words(view.language)
    st.markdown(f"**{_('By hour of the day')}**")
    comma = {"labelExpr": "replace(datum.label, '.', ',')"} if view.language == "da" else {}
    spec = {
        "mark": {"type": "bar", "color": _COLOUR},
        "encoding": {
            "x": {"field": "hour", "type": "ordinal", "title": _("hour"), "axis": {"labelAngle": 0}},
            "y": {"field": "n", "type": "quantitative", "title": _("incidents"), "axis": {"tickCount": 4, **comma}},
        },
        "height": 200,
    }
    st.vega_lite_chart(pd.DataFrame({"hour": range(24), "n": hours}), spec, width="stretch")
    busiest = int(max(range(24), key=lambda hour: hours[hour]))
    st.caption(
        _(
            "Most between {hour}.00 and {next}.00; {dark:.0%} of all happened in darkness.",
            hour=busiest,
            next=(busiest + 1) % 24,
            dark=dark,
        )
    )
