"""The council's paper, made when somebody asks for it."""

import streamlit as st

from hotspot.glossary import words
from hotspot.report.document import paper_docx
from hotspot.report.paper import paper_pdf
from hotspot.ui.view import View


def paper_button(view: View) -> None:
    """Offer the paper for download in the reader's language.

    Parameters
    ----------
    view
        What may be seen.
    """
    _ = words(view.language)
    st.header(_("The paper"))
    pdf, docx = st.columns(2)
    name = f"hotspot-{view.release.key}-{view.language}"
    pdf.download_button(
        _("Download as PDF"), lambda: paper_pdf(view.release, view.language), f"{name}.pdf", "application/pdf",
        on_click="ignore", width="stretch",
    )  # fmt: skip
    docx.download_button(
        _("Download for editing (DOCX)"), lambda: paper_docx(view.release, view.language), f"{name}.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", on_click="ignore", width="stretch",
    )  # fmt: skip
