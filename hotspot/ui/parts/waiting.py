"""Long work seen from a page: what is being done, how far it is, and a way to stop it."""

import streamlit as st

from hotspot.glossary import say, words
from hotspot.ui import form
from hotspot.ui.desk import Desk
from hotspot.ui.form import Asked


def wait_for(desk: Desk, asked: Asked) -> None:
    """Show the work on a recipe until it is done, then the page.

    Parameters
    ----------
    desk
        The study.
    asked
        The recipe.
    """
    _ = words(asked.language)
    st.title(_("Working out the answers"))
    st.write(_("This takes a few seconds the first time; afterwards it is kept."))
    _follow(desk, asked)


@st.fragment(run_every=0.5)
def _follow(desk: Desk, asked: Asked) -> None:
    _ = words(asked.language)
    job = desk.job_for(asked.study)
    if job.state == "done":
        if desk.release_of(asked.study, asked.audience, asked.owner) is not None:
            st.rerun()
        st.error(_("The program was changed while the app ran. Start the app again."))
        return
    if job.state in ("refused", "failed"):
        st.error("\n\n".join(say(part, asked.language) for part in job.told))
        return
    st.progress(min(max(job.share, 0.0), 1.0), text=say(job.step, asked.language))
    if st.button(_("Stop")):
        desk.worker.cancel(job.number)
        form.forget("r")
        st.rerun()
