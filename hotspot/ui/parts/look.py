"""What Streamlit's theme cannot say: room for the map, and tables that wrap."""

import streamlit as st

_STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding: 4.25rem 2rem 2rem; max-width: 1800px; }
[data-testid="stSidebarHeader"] { height: 1.5rem; margin-bottom: 0; padding-bottom: 0; }
[data-testid="stSidebarUserContent"] { padding-top: .5rem; }
[data-testid="stMain"] h1 { font-size: 1.7rem; padding: .1rem 0 .3rem; }
[data-testid="stMain"] h2 { font-size: 1.15rem; padding: .3rem 0 .2rem; }
[data-testid="stMain"] [data-testid="stCaptionContainer"],
[data-testid="stMain"] [data-testid="stCaptionContainer"] * { color: inherit; opacity: 1; }
[data-testid="stMetricValue"] { font-size: 1.4rem; }
[data-testid="stTable"] table { font-size: .85rem; }
[data-testid="stTable"] td, [data-testid="stTable"] th { vertical-align: top; white-space: normal; }
[data-testid="stTable"] td { min-width: 4.5rem; } [data-testid="stTable"] td:first-child { min-width: 2rem; }
@media (max-width: 640px) { [data-testid="stMainBlockContainer"] { padding: 4.25rem 1rem 1rem; } }
</style>"""


def settle() -> None:
    """Give pages their room and tables their wrapping."""
    st.html(_STYLE)
