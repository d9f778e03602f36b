"""How stable the answers are: the button that asks, and the work while it goes on."""

import streamlit as st

from hotspot.glossary import say, words
from hotspot.ui.view import View


def second_grade(view: View) -> None:
    """Offer to test how stable the answers are, unless that is done; show the work while it goes on.

    Parameters
    ----------
    view
        What the reader sees.
    """
    if "included" not in view.release.choice.candidates:
        _follow(view)


@st.fragment(run_every=2.0)
def _follow(view: View) -> None:
    _ = words(view.language)
    study, desk = view.asked.study, view.desk
    job = desk.second_job(study)
    if job is not None and job.state == "done":
        st.rerun()
    if job is not None and job.state in ("waiting", "running"):
        st.progress(min(max(job.share, 0.0), 1.0), text=say(job.step, view.language))
        if st.button(_("Stop"), key="second-stop"):
            desk.worker.cancel(job.number)
            st.rerun(scope="fragment")
        return
    if job is not None and job.told:
        st.error("\n\n".join(say(part, view.language) for part in job.told))
    if st.button(_("Test how stable this is (minutes)"), key="second-ask"):
        desk.ask_second(study)
        st.rerun(scope="fragment")
