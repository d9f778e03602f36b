"""When it happens: a hot spot's hours of the day, by light."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from hotspot.errors import N_
from hotspot.glossary import words
from hotspot.ui.view import View

_LIGHT = {
    N_("darkness"): "#1f6fb2",
    N_("twilight"): "#7f7f7f",
    N_("daylight"): "#b97a00",
}  # 3:1 on a light and a dark page


def by_hour(view: View, hours: Sequence[float], dusk: Sequence[float], dark: Sequence[float]) -> None:
    """Draw the hours of the day by light, and say in words what the picture shows.

    Parameters
    ----------
    view
        Whose words.
    hours
        Incidents of each hour, 24 of them.
    dusk, dark
        Of these, in twilight and in darkness.
    """
    _ = words(view.language)
    st.markdown(f"**{_('By hour of the day')}**")
    all_day = np.asarray(hours, dtype=float)
    day = np.clip(all_day - np.asarray(dusk) - np.asarray(dark), 0.0, None)
    parts = dict(zip(_LIGHT, (dark, dusk, day), strict=True))
    rows = [
        {"hour": hour, "n": float(n), "light": _(name), "order": order}
        for order, (name, counted) in enumerate(parts.items())
        for hour, n in enumerate(counted)
    ]
    comma = {"labelExpr": "replace(datum.label, '.', ',')"} if view.language == "da" else {}
    spec = {
        "mark": {"type": "bar"},
        "encoding": {
            "x": {"field": "hour", "type": "ordinal", "title": _("hour"), "axis": {"labelAngle": 0}},
            "y": {"field": "n", "type": "quantitative", "title": _("incidents"), "axis": {"tickCount": 4, **comma}},
            "color": {
                "field": "light",
                "type": "nominal",
                "title": None,
                "scale": {"domain": [_(name) for name in _LIGHT], "range": list(_LIGHT.values())},
                "legend": {"orient": "top"},
            },
            "order": {"field": "order"},
        },
        "height": 220,
    }
    st.vega_lite_chart(pd.DataFrame(rows), spec, width="stretch")
    busiest = int(all_day.argmax())
    st.caption(
        _(
            "Most between {hour}.00 and {next}.00; {dark:.0%} of all in darkness, {dusk:.0%} in twilight, "
            "by the height of the sun at each incident's own time.",
            hour=busiest,
            next=(busiest + 1) % 24,
            dark=float(np.sum(dark) / all_day.sum()),
            dusk=float(np.sum(dusk) / all_day.sum()),
        )
    )
