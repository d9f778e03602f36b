"""What a paper cannot say is said."""

import dataclasses

from hotspot.errors import Told
from hotspot.release.contract import Release
from hotspot.report.blocks import Heading, Points, Text
from hotspot.report.limits import what_is_not_said


def test_hidden_unknown_and_zero_are_explained(council: Release) -> None:
    first = what_is_not_said(council, "en")[1]
    assert isinstance(first, Text)
    assert first.text.startswith("“hidden (protects fewer than 5)”")
    assert "“Cannot say”" in first.text
    assert "Zero" in first.text


def test_no_finding_is_left_out(council: Release) -> None:
    notes = [block.text for block in what_is_not_said(council, "en") if isinstance(block, Text)]
    assert any("Counted period" in text and "Cells of 100 m." in text for text in notes)


def test_without_coverage_the_key_still_stands(council: Release) -> None:
    bare = dataclasses.replace(council, coverage=council.coverage.iloc[:0])
    last = what_is_not_said(bare, "en")[-3::2]
    assert isinstance(last[0], Heading)
    assert isinstance(last[1], Text)
    assert "3f9a01b2c4d5" in last[1].text


def test_caveats_and_weights_of_what_counts(council: Release) -> None:
    blocks = what_is_not_said(council, "en")
    (points,) = [block for block in blocks if isinstance(block, Points)]
    assert ("Felt unsafety", "Answers of the sample only.") in points.points
    weights = [block.text for block in blocks if isinstance(block, Text) and block.text.startswith("Weights")]
    assert weights == [
        "Weights: Felt unsafety 50%, Observed against expected 50%. They are a choice, not a measurement."
    ]
    own = dataclasses.replace(council, study=council.study.but(weights={"felt_unsafe": 0.9}))
    assert any("Felt unsafety 67%" in block.text for block in what_is_not_said(own, "en") if isinstance(block, Text))


def test_layers_that_count_unseen_are_named(council: Release) -> None:
    title = {"da": "Lys langs stier", "en": "Light along paths"}
    told = (Told("{component}: {share:.0%}.", {"component": title, "key": "path_light", "share": 0.3}),)
    table = council.priorities.assign(part_path_light=0.1)
    table["reasons"] = [told] * len(table)
    other = dataclasses.replace(council, priorities=table)
    texts = [block.text for block in what_is_not_said(other, "da") if isinstance(block, Text)]
    assert any(text.endswith("som kort i denne udgave: Lys langs stier.") for text in texts)
