"""When it happens: a hot spot's hours of the day, by light."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from hotspot.errors import N_
from hotspot.glossary import words
from hotspot.ui.view import View

Floats = npt.NDArray[np.float64]
_LIGHT = {
    N_("darkness"): "#1f6fb2",
    N_("twilight"): "#7f7f7f",
    N_("daylight"): "#b97a00",
}  # 3:1 on a light and a dark page


def by_hour(view: View, hours: Floats, dusk: Floats, dark: Floats) -> None:
    """Draw the hours of the day by light, and say in words what the picture shows.

    Parameters
    ----------
    view
        Whose words.
    hours : array, shape (24,)
        Incidents of each hour.
    dusk, dark : array, shape (24,)
        Of these, in twilight and in darkness.
    """
    _ = words(view.language)
    st.markdown(f"**{_('By hour of the day')}**")
    day = np.clip(hours - dusk - dark, 0.0, None)
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
    busiest = int(hours.argmax())
    st.caption(
        _(
            "Most between {hour}.00 and {next}.00; {dark:.0%} of all in darkness, {dusk:.0%} in twilight, "
            "by the height of the sun at each incident's own time.",
            hour=busiest,
            next=(busiest + 1) % 24,
            dark=float(dark.sum() / hours.sum()),
            dusk=float(dusk.sum() / hours.sum()),
        )
    )
