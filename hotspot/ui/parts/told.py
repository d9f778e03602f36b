"""Mistakes and findings, said to the reader."""

import streamlit as st

from hotspot.errors import HotspotError
from hotspot.glossary import Language, say, words


def show_refusal(refused: HotspotError, language: Language) -> None:
    """Show a mistake in its three parts.

    Parameters
    ----------
    refused
        The mistake.
    language
        Whose words.
    """
    _ = words(language)
    rule, found, fix = (say(part, language) for part in refused.told)
    st.error(f"**{rule}**\n\n{_('found')}: {found}\n\n{_('fix')}: {fix}")


def show_mishap(language: Language) -> None:
    """Say that the program itself failed, without its inner workings.

    Parameters
    ----------
    language
        Whose words.
    """
    _ = words(language)
    st.error(
        _(
            "The program made a mistake; your data are as they were. Load the page again. If it comes back, give "
            "the time and what you did to whoever runs the program: the server's log holds the rest."
        )
    )


def show_findings(sentences: list[str], title: str) -> None:
    """Show sentences folded under a heading.

    Parameters
    ----------
    sentences
        In the reader's language.
    title
        The heading.
    """
    if sentences:
        with st.expander(f"{title} ({len(sentences)})"):
            st.markdown("\n".join(f"- {each}" for each in sentences))
