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


def test_layers_that_count_unseen_are_named_and_weighted(council: Release, admin: Release) -> None:
    unseen = admin.layers["path_light"].spec
    felt = council.counted["felt_unsafe"].priority
    spec = dataclasses.replace(unseen, priority=dataclasses.replace(felt, weight=0.9))
    ranked = council.priorities.assign(part_path_light=0.1)
    other = dataclasses.replace(council, priorities=ranked, counted={**council.counted, "path_light": spec})
    texts = [block.text for block in what_is_not_said(other, "da") if isinstance(block, Text)]
    assert any(text.endswith(f"som kort i denne udgave: {spec.title['da']}.") for text in texts)
    assert any(f"{spec.title['da']} 50\N{NO-BREAK SPACE}%" in text for text in texts)


def test_what_nobody_delivered_stands_as_points_and_not_in_small_print(council: Release) -> None:
    told = (
        Told("“{layer}” cannot be said without {missing}.", {"layer": LIGHT, "missing": [Told("a lamp inventory")]}),
        Told("“{layer}” cannot be said without {missing}.", {"layer": GREEN, "missing": [Told("a lamp inventory")]}),
        Told("“{code}”: all {n} rows lack a place, so no map of it can be made from this file.", VIOLENCE),
    )
    blocks = what_is_not_said(dataclasses.replace(council, findings=(*council.findings, *told)), "en")
    (points,) = [block for block in blocks if isinstance(block, Points)]
    assert ("Without a lamp inventory", "nothing is said of: Light, Green.") in points.points
    assert ("Recorded without a place, so shown on no map", "Violence (3,152).") in points.points
    small = " ".join(block.text for block in blocks if isinstance(block, Text))
    assert "cannot be said without" not in small
    assert "lack a place" not in small


LIGHT, GREEN = {"da": "Lys", "en": "Light"}, {"da": "Grønt", "en": "Green"}
VIOLENCE = {"code": "Violence", "n": 3152, "share": 1.0}


def test_a_layer_known_of_no_place_has_no_weight(council: Release) -> None:
    nothing = council.priorities.assign(value_observed_expected=float("nan"))
    blocks = what_is_not_said(dataclasses.replace(council, priorities=nothing), "en")
    (points,) = [block for block in blocks if isinstance(block, Points)]
    assert ("Known of no place, so not in the order", "Observed against expected.") in points.points
    assert "Observed against expected" not in dict(points.points)
    assert any(block.text.startswith("Weights: Felt unsafety 100%.") for block in blocks if isinstance(block, Text))


def test_without_a_survey_the_method_does_not_speak_of_one(council: Release) -> None:
    layers = {key: shown for key, shown in council.layers.items() if not key.startswith("felt")}
    for release, found in ((council, True), (dataclasses.replace(council, layers=layers), False)):
        texts = [block.text for block in what_is_not_said(release, "en") if isinstance(block, Text)]
        assert any(text.startswith("The survey says") for text in texts) is found
