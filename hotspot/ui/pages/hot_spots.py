"""Hot spots: where there is more than chance explains, when and of what."""

import numpy as np
import pandas as pd
import streamlit as st

from hotspot.glossary import words
from hotspot.report.outcomes import categories_text, hotspot_table
from hotspot.report.spot_details import near_repeat_text, spot_details
from hotspot.report.tables import findings_text, headings
from hotspot.ui import form
from hotspot.ui.parts.hours import by_hour
from hotspot.ui.parts.maps import hotspots_map
from hotspot.ui.parts.said import said
from hotspot.ui.parts.second import second_grade
from hotspot.ui.parts.tables import show_rows
from hotspot.ui.parts.told import show_findings
from hotspot.ui.view import View

_COLUMNS = ("name", "n", "expected", "ratio", "qvalue", "what", "hours", "trend", "pattern", "stability")


def show(view: View) -> None:
    """Show the hot spots page."""
    _ = words(view.language)
    st.title(_("Significant hot spots"))
    st.write(
        _(
            "Places where more incidents were recorded than the people who live and pass there, and chance, explain. "
            "The number of false alarms is held down over the whole map."
        )
    )
    details = said(view, spot_details)
    rows = [{**row, **details[row["hotspot_id"]]} for row in said(view, hotspot_table)]
    if not rows:
        st.info(_("No hot spot is significant with this recipe. That is an answer, not an error."))
        hotspots_map(view)
        return
    heads = headings(view.language)
    columns = {name: heads[name] for name in _COLUMNS if any(row[name] for row in rows)}
    show_rows(rows, columns, cards="hotspots")
    st.caption(
        _(
            "Expected: as many as the people who live and pass there would lead one to expect; where nobody is "
            "counted, as many as in other such places with as many incidents near by: often hardly any, so that a few "
            "incidents are many times the expected. Times expected: with the 95% interval of counting alone, which "
            "takes the expected number as exact; where that is under five, go by the incidents. Chance (q): how often "
            "chance alone would show anything as clear, anywhere on the map."
        )
    )
    repeats = said(view, near_repeat_text)
    if repeats:
        st.write(repeats)
    second_grade(view)
    wide, narrow = st.columns([3, 2])
    shown = form.chosen("hotspot") or rows[0]["hotspot_id"]
    with wide:
        click = hotspots_map(view, shown)
    with narrow:
        names = {row["hotspot_id"]: row["name"] for row in rows}
        spot = form.choose("hotspot", list(names), str(click.id) if click else "", heads["name"], names)
        if spot != shown:  # a click has chosen another: outline that one
            st.rerun()
        _details(view, next(row for row in rows if row["hotspot_id"] == spot))
    show_findings(said(view, findings_text), _("What to know"))


def _details(view: View, told: dict[str, str]) -> None:
    _ = words(view.language)
    row = view.release.hotspots.loc[told["hotspot_id"]]
    tree, hidden = view.release.categories, bool(row["hidden"])
    st.write(categories_text(row["by_category"], view.language, hidden=hidden, most=8, tree=tree))
    hours, dusk, dark = (np.asarray(row[name], dtype=float) for name in ("hours", "hours_dusk", "hours_dark"))
    if hours.sum():
        by_hour(view, hours, dusk, dark)
    elif not row["hidden"] and pd.notna(row["dark_share"]):
        st.write(_("{dark:.0%} happened in darkness.", dark=float(str(row["dark_share"]))))
    st.caption(headings(view.language)["stability"] + ": " + told["stability"])
    st.caption(_("The ratio describes places that were picked because they were high: it flatters."))
