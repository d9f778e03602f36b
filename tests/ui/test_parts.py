"""Text in tables and style sheets stands as it was written; weights depart from the layer files only as asked."""

import pytest

from hotspot.ui.parts.look import quoted
from hotspot.ui.parts.tables import plain
from hotspot.ui.parts.weights import departing


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


def test_a_style_sheet_cannot_be_ended_by_a_heading() -> None:
    assert quoted('a"; } </style>') == '"a\\22 ; } \\3c /style\\3e "'


def test_only_weights_that_depart_are_kept_and_those_not_shown_stay() -> None:
    proposed = {"felt_unsafe": 0.45, "path_light": 0.15, "nuisance": 0.1}
    typed = {"felt_unsafe": 45.0, "path_light": 30.0, "nuisance": 0.0}
    before = {"felt_unsafe": 0.2, "own_layer": 0.3}
    assert departing(typed, proposed, before) == {"path_light": 0.3, "nuisance": 0.0, "own_layer": 0.3}
