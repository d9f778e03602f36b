"""The app started by `hotspot serve` is the app of the checkout."""

import tomllib
from pathlib import Path

from hotspot.ui.serve import _SETTINGS


def test_the_settings_are_those_of_the_checkout(root: Path) -> None:
    told = tomllib.loads((root / ".streamlit" / "config.toml").read_text("utf-8"))
    flat = {}
    for section, values in told.items():
        for name, value in values.items():
            inner = value.items() if isinstance(value, dict) else [("", value)]
            flat |= {".".join(filter(None, (section, name, last))): each for last, each in inner}
    assert flat.pop("server.address") == "127.0.0.1"
    assert flat == _SETTINGS
