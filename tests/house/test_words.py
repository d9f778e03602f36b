"""Both languages are whole: every sentence of the source is in both catalogues, and nothing else is."""

import re
from pathlib import Path

import pytest

from tests.house.words import LANGUAGES, Sentence, catalogue, errors, fields, said, sentences, worded

FOUND, UNREADABLE = said()
FIX = "make words, then write the Danish in hotspot/glossary/locale/da/LC_MESSAGES/hotspot.po"


def test_sentences_are_literals() -> None:
    assert not UNREADABLE, f"a template and its values instead of a built string: {UNREADABLE}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_in_the_catalogue(language: str) -> None:
    book = catalogue(language)
    missing = {text: where[0].path for text, where in FOUND.items() if text not in book}
    assert not missing, f"{len(missing)} sentences; {FIX}\n{missing}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_empty_or_a_guess(language: str) -> None:
    messages = [message for message in catalogue(language) if message.id]
    empty = [message.id for message in messages if not message.string]
    guessed = [message.id for message in messages if message.fuzzy]
    assert not empty, f"{len(empty)} sentences without words in {language}\n{empty}"
    assert not guessed, f"{len(guessed)} guessed translations in {language}\n{guessed}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_catalogue_keeps_what_nobody_says(language: str) -> None:
    left = [message.id for message in catalogue(language) if message.id and message.id not in FOUND]
    assert not left, f"{len(left)} messages that the source no longer says; make words\n{left}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_ask_for_the_same_values(language: str) -> None:
    different = [
        (message.id, message.string)
        for message in catalogue(language)
        if message.id and message.string and fields(str(message.id)) != fields(str(message.string))
    ]
    assert not different, different


def test_english_is_the_message_itself() -> None:
    assert not [message.id for message in catalogue("en") if message.id and message.id != message.string]


# A number and its noun that are never one, or that nobody but a programmer reads.
COUNTED = re.compile(
    r"\{(n|count|rows|read|kept|all|left|total|same|new|chosen|matched|areas|places|codes|columns|steps)\} (?:\w+ )?"
    r"(?:rows|lamps|incidents|areas|places|names|cells|answers|homes|destinations|roads|shapes|columns|dates|codes"
    r"|measures|letters|points|hot spots|remarks|categories)\b"
)
NEVER_ONE = {
    "hotspot/stats": "refusals for whoever calls functions of arrays",
    "hotspot/ui/map": "refusals for whoever builds a map",
    "hotspot/report/names.py": "a density, with decimals",
}
ALWAYS_SEVERAL = (
    "{rows} rows name only",
    "{n} rows share their number",
    "{n} rows lie on only",
    "all {n} rows lack",
    "exactly {count} rows",
    "{n} columns are periods",
    "{column} holds {n} dates",
    "of the {n} incidents",
    "For {count} places and measures",
    "({n} such rows)",
    "Hot spot {name}: {n} incidents",
)


def test_no_number_stands_before_words_for_several() -> None:
    wrong = {
        text: where[0].path
        for text, where in FOUND.items()
        if any(f"{{{each[1]}:" not in text for each in COUNTED.finditer(text))
        and not any(where[0].path.startswith(path) for path in NEVER_ONE)
        and not any(each in text for each in ALWAYS_SEVERAL)
    }
    assert not wrong, f"write {{n:row|rows}}: {wrong}"


def test_words_that_follow_a_number_are_words_to_translate() -> None:
    assert worded("{n} {n:row|rows}")
    assert not worded("{n:.0f} / {name}")


def test_extraction_finds_what_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.house.words.ROOT", tmp_path)
    module = tmp_path / "said.py"
    module.write_text(
        'TITLE = "a title"\n'
        '_("one"); N_("two"); Told("three " "joined", {}); words(language)("four"); _(TITLE)\n'
        'raise TableError("rule", "found {n}", fix="fix", n=1)\n'
        'raise TableError("rule", "found", "fix", fix=1 + n)\n'
        '_("yes" if sure else "no"); _(unknown); print("silent")\n'
        'raise StudyError(f"built {n}", "found", "fix")\n',
        "utf-8",
    )
    found = list(sentences(module, errors()))
    assert {each.text for each in found if isinstance(each, Sentence)} == {
        "one", "two", "three joined", "four", "a title", "rule", "found {n}", "found", "fix", "yes", "no",
    }  # fmt: skip
    assert [each.line for each in found if not isinstance(each, Sentence)] == [6]
