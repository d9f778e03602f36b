"""Text in tables stands as it was written."""

import pytest

from hotspot.ui.parts.tables import plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1. July 2023", "1\\. July 2023"),
        ("−26% (95% interval)", "−26% (95% interval)"),
        ("a_b*c", "a\\_b\\*c"),
        ("[x](y)", "\\[x\\](y)"),
    ],
)
def test_markdown_signs_are_escaped(text: str, shown: str) -> None:
    assert plain(text) == shown
