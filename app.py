"""What ``streamlit run app.py`` starts."""

from hotspot.ui.serve import make_app

app = make_app()
