"""Hot spots and earlier measures: hidden stays hidden, nothing shown stays nothing shown."""

import dataclasses

from hotspot.release.contract import Release
from hotspot.report.outcomes import categories_text, evaluation_table, hotspot_table
from hotspot.report.words import hidden_text


def test_hotspot(council: Release) -> None:
    first, second = hotspot_table(council, "en")
    assert first["ratio"] == "2.9 (2.2 to 3.7)"
    assert first["qvalue"] == "under 0.001"
    assert first["trend"] == "rising"
    assert first["stability"] == "not yet tested for stability"
    numbers = ("n", "expected", "ratio", "qvalue", "dark", "what")
    assert {second[name] for name in numbers} == {hidden_text("en")}


def test_hidden_hotspot_is_never_written_even_if_a_number_slipped_in(council: Release) -> None:
    spots = council.hotspots.copy()
    spots.loc["hot-2", ["n", "ratio", "lower", "upper", "qvalue"]] = 3777.0
    faulty = dataclasses.replace(council, hotspots=spots)
    assert not [value for value in hotspot_table(faulty, "en")[1].values() if "777" in value]


def test_category_that_is_hidden_leaves_a_word() -> None:
    parts = {"fire": float("nan"), "riding": 40.0, "gathering": 60.0}
    text = categories_text(parts, "en")
    assert text == "gathering and disturbance 60, reckless moped riding 40, others hidden (protects fewer than 5)"
    assert categories_text({}, "en") == "cannot say"


def test_evaluation(council: Release) -> None:
    large, hidden = evaluation_table(council, "en")
    assert large["change"] == "−49% (95% interval −61% to −32%)"
    assert large["verdict"] == "Fewer incidents than in the comparison places. It was the worst place before."
    assert {hidden[name] for name in ("before", "after", "change", "verdict")} == {hidden_text("en")}
