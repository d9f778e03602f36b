"""What ``streamlit run app.py`` starts: the pages with the map service beside them."""

from streamlit import App

from hotspot.ui.serve import SCRIPT, middleware, routes

app = App(SCRIPT, routes=routes(), middleware=middleware())
