"""About: what this is, how it answers, and what it cannot say."""

import streamlit as st

from hotspot.glossary import words
from hotspot.ui.view import View


def show(view: View) -> None:
    """Show the page about the product."""
    _ = words(view.language)
    st.title(_("About Hotspot"))
    st.write(
        _(
            "Hotspot turns incidents, street lamps, green areas and safety-survey answers into "
            "tested map layers and a costed, "
            "explained list of physical measures for housing areas, and then measures whether they worked."
        )
    )
    st.header(_("How it answers"))
    _listed(
        _(
            "How people feel leads; recorded incidents support it. They are never mixed into one "
            "number without saying so."
        ),
        _(
            "A hot spot is claimed only where there is more than residents, visits and chance "
            "explain, with false alarms held down over the map."
        ),
        _(
            "Darkness follows the sun at each incident's own time, and light is estimated from the "
            "lamp list along every path."
        ),
        _("A rank comes with the range in which it lies when numbers and weights vary within their uncertainty."),
        _(
            "Effects of measures come from published studies, on incidents and on felt safety apart, "
            "with their strength."
        ),
    )
    st.header(_("What it never says"))
    _listed(
        _("Nothing about persons, households or groups of people: only about places and behaviour at places."),
        _("Nothing where the data do not reach: “cannot say” is not zero, and few recorded incidents are not safety."),
        _("No small counts to those who may not see them; what follows from a hidden number is hidden too."),
    )
    st.header(_("What the words mean"))
    _listed(
        _("**Hot spot**: neighbouring cells with more incidents than the people who live and pass there explain."),
        _(
            "**Interval**: the range in which the true number lies in 95 of 100 such surveys or counts. Where two "
            "intervals overlap, the places cannot be ordered surely."
        ),
        _("**Chance (q)**: how often chance alone would show anything as clear, anywhere on the map."),
        _("**Strength A to E**: how good the studies behind a measure's effect are; E means that there are none."),
        _("**Hidden**: the number is so small, or so easily worked out, that it could point at somebody."),
    )
    st.caption(_("Result {key}", key=view.release.key))


def _listed(*sentences: str) -> None:
    st.markdown("\n".join(f"- {each}" for each in sentences))
