"""Hot spots: where there is more than chance explains, when and of what."""

import pandas as pd
import streamlit as st

from hotspot.glossary import amount, words
from hotspot.report.outcomes import categories_text, hotspot_table
from hotspot.report.tables import findings_text, headings
from hotspot.ui.parts.maps import hotspots_map
from hotspot.ui.parts.tables import show_rows
from hotspot.ui.parts.told import show_findings
from hotspot.ui.view import View

_COLUMNS = ("name", "n", "expected", "ratio", "qvalue", "dark", "trend", "what", "stability")


def show(view: View) -> None:
    """Show the hot spots page."""
    _ = words(view.language)
    st.header(_("Significant hot spots"))
    st.write(
        _(
            "Places where more incidents were recorded than the people who live and pass there, and chance, explain. "
            "The number of false alarms is held down over the whole map."
        )
    )
    rows = hotspot_table(view.release, view.language)
    if not rows:
        st.info(_("No hot spot is significant with this recipe. That is an answer, not an error."))
        hotspots_map(view)
        return
    heads = {"name": _("place"), **headings(view.language)}
    chosen = show_rows(rows, {name: heads.get(name, name) for name in _COLUMNS}, key="hotspots")
    spot = rows[chosen if chosen is not None else 0]["hotspot_id"]
    wide, narrow = st.columns([3, 2])
    with wide:
        hotspots_map(view, spot)
    with narrow:
        _details(view, spot)
    st.caption(_("The ratio describes places that were picked because they were high: it flatters."))
    show_findings(findings_text(view.release, view.language), _("What to know"))


def _details(view: View, spot: str) -> None:
    _ = words(view.language)
    row = view.release.hotspots.loc[spot]
    st.subheader(str(row["name"]))
    st.write(categories_text(row["by_category"], view.language, hidden=bool(row["hidden"]), most=8))
    hours = row["hours"]
    if len(hours):
        st.markdown(f"**{_('By hour of the day')}**")
        frame = pd.DataFrame({_("hour"): range(24), _("incidents"): list(hours)})
        busiest = int(max(range(24), key=lambda hour: hours[hour]))
        text = _("Most between {hour}.00 and {next}.00; {dark} of all happened "
            "in darkness.", hour=busiest, next=(busiest + 1) % 24,
                 dark=amount(float(row["dark_share"]), view.language, ".0%"))  # fmt: skip
        st.bar_chart(frame, x=_("hour"), y=_("incidents"), height=220, color="#00527a")
        st.caption(text)
    elif not row["hidden"] and pd.notna(row["dark_share"]):
        st.write(_("{dark:.0%} happened in darkness.", dark=float(row["dark_share"])))
