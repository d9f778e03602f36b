"""Sentences are those of the layer files, filled with what may be told."""

from hotspot.errors import Told
from hotspot.glossary import say
from hotspot.release.contract import Release
from hotspot.report.sentences import pixel_sentence, reason_texts, row_sentence, titled
from tests.report.small_layers import EAST, HIDDEN_AREA, NORTH, UNKNOWN_AREA


def test_sentence_of_a_row(council: Release) -> None:
    felt = council.layers["felt_unsafe"]
    assert row_sentence(felt, "a01", "en") == "8% of 40 answers feel unsafe, 95% interval 2% to 15%."
    assert row_sentence(felt, "a01", "da").startswith("8\N{NO-BREAK SPACE}% af 40 svar")


def test_class_leads_the_sentence_once(admin: Release) -> None:
    hot = row_sentence(admin.layers["hotspots"], "c1_4", "en")
    assert hot.startswith("Not significant: ")
    against = row_sentence(admin.layers["felt_recorded"], "a01", "en")
    assert against == "Felt safe, few recorded: 8% feel unsafe against 30% in all."


def test_hidden_and_unknown_differ(council: Release) -> None:
    ratio = council.layers["observed_expected"]
    assert row_sentence(ratio, HIDDEN_AREA, "en") == "The number is hidden (protects fewer than 5)."
    assert row_sentence(council.layers["felt_unsafe"], UNKNOWN_AREA, "en") == "Nothing can be said here."
    assert row_sentence(ratio, "nowhere", "en") == "Nothing can be said here."


def test_told_class_of_a_hidden_cell(admin: Release) -> None:
    text = row_sentence(admin.layers["hotspots"], "c0_0", "en")
    assert text == "Not significant; the numbers are hidden (protects fewer than 5)."


def test_field_that_the_layer_does_not_give_cannot_be_said(council: Release) -> None:
    felt = council.layers["felt_unsafe"]
    lacking = type(felt)(felt.spec, felt.frame.drop(columns="n"))
    assert "of cannot say answers" in row_sentence(lacking, "a01", "en")


def test_pixel(admin: Release) -> None:
    density = admin.layers["density"]
    middle = pixel_sentence(density, EAST + 20.5 * 25, NORTH + 1200 - 30.5 * 25, "en")
    assert middle == "0 incidents per km² and year, smoothed over 240 m."
    assert pixel_sentence(density, EAST + 1, NORTH + 1199, "en") == "Nothing can be said here."
    assert "hidden" not in pixel_sentence(density, EAST - 1, NORTH, "en")
    assert pixel_sentence(admin.layers["felt_unsafe"], EAST, NORTH, "en") == "Nothing can be said here."


def test_hidden_pixel(admin: Release) -> None:
    density = admin.layers["density"]
    gone = density.hidden.copy()
    gone[30, 20] = True
    hidden = type(density)(density.spec, surface=density.surface, hidden=gone)
    assert "hidden" in pixel_sentence(hidden, EAST + 20.5 * 25, NORTH + 1200 - 30.5 * 25, "en")


def test_reasons_name_layers_by_title(council: Release) -> None:
    told = reason_texts(council, council.priorities.loc["a12", "reasons"], "da")
    assert told[1].startswith("Oplevet utryghed")
    assert reason_texts(council, None, "da") == []
    assert reason_texts(council, (Told("{place} is dark.", {"place": "it"}),), "en") == ["It is dark."]


def test_layers_are_named_by_their_titles(council: Release) -> None:
    keys = "felt_unsafe, observed_expected"
    assert say(titled(Told("{names}", {"names": keys}), council), "en") == "Felt unsafety, Observed against expected"
    assert say(titled(Told("{names}", {"names": "felt_unsafe"}), council), "da") == "Oplevet utryghed"
    assert say(titled(Told("{names}", {"names": "felt_unsafe, Lyngen"}), council), "en") == "felt_unsafe, Lyngen"
