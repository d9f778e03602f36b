"""What ``hotspot serve`` gives to Streamlit: the same as ``app.py`` of the checkout."""

from hotspot.ui.serve import make_app

app = make_app()
