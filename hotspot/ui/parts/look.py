"""What Streamlit's theme cannot say: room for the map, and tables that wrap."""

import re

import streamlit as st

from hotspot.glossary import Language, words

LARGEST_UPLOAD_MB = 40  # text of that size is read for about a minute; the command line takes what is larger
_STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding: 4.25rem 2rem 2rem; max-width: 1800px; }
[data-testid="stSidebarHeader"] { height: 1.5rem; margin-bottom: 0; padding-bottom: 0; }
[data-testid="stSidebarUserContent"] { padding-top: .5rem; }
[data-testid="stMain"] h1 { font-size: 1.7rem; padding: .1rem 0 .3rem; }
[data-testid="stMain"] h2 { font-size: 1.15rem; padding: .3rem 0 .2rem; }
[data-testid="stMain"] [data-testid="stCaptionContainer"],
[data-testid="stMain"] [data-testid="stCaptionContainer"] * { color: inherit; opacity: 1; }
[data-testid="stMain"] h3 { font-size: 1rem; padding: .2rem 0 .1rem; }
[data-testid="stMain"] a { overflow-wrap: anywhere; }
[data-testid="stMetricValue"] { font-size: 1.4rem; }
[data-testid^="stBaseButton-primary"], [data-testid^="stBaseButton-primary"] p { color: light-dark(#fff, #10202b); }
[data-testid="stTable"] table { font-size: .85rem; }
[data-testid="stTable"] td, [data-testid="stTable"] th { vertical-align: top; white-space: normal; }
[data-testid="stTable"] td { min-width: 4.5rem; } [data-testid="stTable"] td:first-child { min-width: 2rem; }
[class*="st-key-cards"] { container-type: inline-size; }
@media (max-width: 640px) { [data-testid="stMainBlockContainer"] { padding: 4.25rem 1rem 1rem; } }
</style>"""


def settle(language: Language) -> None:
    """Give pages their room, tables their wrapping and the upload its words.

    Parameters
    ----------
    language
        Whose words.
    """
    _ = words(language)
    upload, limit = _("Choose a file"), _("at most {most} MB", most=LARGEST_UPLOAD_MB)
    st.html(
        _STYLE
        + f"""<style>
[data-testid="stFileUploaderDropzone"] button p {{ font-size: 0; }}
[data-testid="stFileUploaderDropzone"] button p::after {{ font-size: .9rem; content: {quoted(upload)}; }}
[data-testid="stFileUploaderDropzoneInstructions"] * {{ font-size: 0 !important; }}
[data-testid="stFileUploaderDropzoneInstructions"]::after {{ font-size: .85rem; content: {quoted(limit)}; }}
</style>"""
    )


def quoted(text: str) -> str:
    """Return a text as a style sheet writes it.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        In quotation marks, with what would end it or the style sheet escaped.
    """
    return '"' + re.sub(r'[\\"<>\n]', lambda sign: f"\\{ord(sign[0]):x} ", text) + '"'
