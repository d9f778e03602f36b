import datetime as dt

import pytest

from hotspot.errors import Told
from hotspot.glossary import amount, catalogue, say, words


@pytest.mark.parametrize(
    ("value", "spec", "danish", "english"),
    [
        (1234567, "", "1.234.567", "1,234,567"),
        (1234.5, ".1f", "1.234,5", "1,234.5"),
        (0.123, ".0%", "12\N{NO-BREAK SPACE}%", "12%"),
        (0.012345, "", "0,0123", "0.0123"),
        (999.96, "", "1.000", "1,000"),
        (12.0, "", "12", "12"),
        (2025, "d", "2025", "2025"),
        (float("nan"), "", "kan ikke siges", "cannot say"),
        (float("inf"), "", "∞", "∞"),
        (-0.5, ".2f", "-0,50", "-0.50"),
    ],
)
def test_numbers_are_written_as_the_language_does(value, spec, danish, english):
    assert amount(value, "da", spec) == danish
    assert amount(value, "en", spec) == english


def test_a_sentence_holds_numbers_dates_lists_and_sentences():
    inner = Told("cannot say")
    told = Told(
        "{n} / {day} / {many} / {inner}",
        {"n": 1500, "day": dt.date(2025, 3, 1), "many": [1, 2.5], "inner": inner},
    )
    assert say(told, "da") == "1.500 / 1. marts 2025 / 1, 2,5 / kan ikke siges"
    assert say(told, "en") == "1,500 / 1 March 2025 / 1, 2.5 / cannot say"


def test_a_mapping_of_languages_is_said_in_the_reader_s():
    assert words("da")("{name}", name={"da": "sti", "en": "path"}) == "sti"


def test_text_without_values_keeps_its_braces():
    assert words("en")("a {b}") == "a {b}"


def test_an_unknown_message_comes_back_as_it_is():
    assert catalogue("da").gettext("no such message") == "no such message"


@pytest.mark.parametrize(("n", "danish"), [(1, "1 række læst"), (2, "2 rækker læst"), (1500, "1.500 rækker læst")])
def test_words_follow_their_number_in_both_languages(n, danish):
    sentence = "{file}: {read} {read:row|rows} read, {kept} kept, {out} set aside."
    values = {"file": "a.csv", "read": n, "kept": n, "out": 0}
    assert danish in words("da")(sentence, **values)
    assert words("en")(sentence, **values).startswith(f"a.csv: {n:,} row{'s' if n > 1 else ''} read")
