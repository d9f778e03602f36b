"""Nobody in it: found by pattern whatever the checksum, and never repeated in the message."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import PersonalDataError
from hotspot.glossary import say
from hotspot.sources.personal import refuse_personal, traces

_corpus = importlib.util.spec_from_file_location("corpus", Path(__file__).parents[2] / "benchmarks" / "personal.py")
corpus = importlib.util.module_from_spec(_corpus)
_corpus.loader.exec_module(corpus)
# Written down before the first run: what a column must be found by, and what may be refused without need.
LEAST_FOUND = {corpus.CPR: 1.0, corpus.MAIL: 1.0, corpus.HEAD: 1.0, corpus.PHONE: 0.95, corpus.PLATE: 0.95,
               corpus.NAME: 0.9, corpus.PROSE: 0.9}  # fmt: skip
MOST_REFUSED = 0.02
LOOKS_LIKE_CPR = {"case numbers by month"}  # ten digits that begin as a birthday: refused, whatever the checksum


def found(text, column="bemærkning"):
    return [str(each.what) for each in traces(pd.DataFrame({column: pd.Series([text], dtype="str")}))]


# METHODS 12: valid and invalid check digits, a replacement number, spaces and no hyphen
@pytest.mark.parametrize("number", ["070761-4285", "2110625629", "150863-1111", "131076 2222", "670761-4285"])
def test_numbers_like_cpr(number):
    assert "numbers like a CPR number" in found(f"ringede om {number} i går")


@pytest.mark.parametrize(
    "harmless",
    ["637000.1234567890", "6107469524.00", "20240103121500", "99999999", "9913999999", "0007071234567890",
     "b3f1a2c4-0d5e-4f60-8a71-010203123456"],
)  # fmt: skip
def test_figures_that_are_nobody(harmless):
    assert found(harmless) == []


def test_mail_telephone_plate_and_headings():
    assert found("skriv til anna@example.dk") == ["e-mail addresses"]
    assert found("+45 12 34 56 78") == ["telephone numbers"]
    assert found("12345678", "Telefon") == ["telephone numbers"]
    assert found("12345678", "sagsnr") == []
    assert found("AB 12 345", "Nummerplade") == ["number plates"]
    assert found("Hansen", "Efternavn") == ["a heading about a person"]


@given(st.dates(pd.Timestamp("1930-01-01").date(), pd.Timestamp("2029-12-31").date()), st.integers(0, 9999))
def test_every_birthday_is_found_and_never_printed(day, serial):
    number = f"{day:%d%m%y}-{serial:04d}"
    with pytest.raises(PersonalDataError, match='--drop "note"') as refusal:
        refuse_personal(pd.DataFrame({"note": pd.Series(["ok", number], dtype="str", index=[2, 3])}))
    assert number not in str(refusal.value)
    assert "(row 3)" in str(refusal.value)


def test_columns_of_coordinates_are_exempt():
    refuse_personal(pd.DataFrame({"y": pd.Series(["6107469524"], dtype="str")}), exempt=["y"])


def test_what_was_found_is_told_in_danish_too() -> None:
    cells = pd.DataFrame({"note": ["ringede 010180-1234", "skriv til a@b.dk"]}, index=[2, 3])
    with pytest.raises(PersonalDataError) as refused:
        refuse_personal(cells)
    assert say(refused.value.told[1], "da") == "note: tal som et CPR-nummer (række 2); note: e-mailadresser (række 3)"


# Letters among the last four of a replacement number; plates told by spaces, by a word before, or by a whole column
@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("ringede om 070761-9AB1 i går", "numbers like a CPR number"),
        ("ringede om 070761 9AB1 i går", "numbers like a CPR number"),
        ("kan træffes på 22 33 44 55, helst aften", "telephone numbers"),
        ("(+45) 2233 4455", "telephone numbers"),
        ("talte med Tordis Rosenkilde ved opgangen", "names of persons"),
        ("grå varebil AB 12 345", "number plates"),
        ("bilen AB-12-345 holdt der", "number plates"),
        ("set knallert AB12345", "number plates"),
        ("kontakt Mette Nielsen", "names of persons"),
        ("Jensen, Søren", "names of persons"),
        ("ring, tlf. 2345 6789", "telephone numbers"),
    ],
)
def test_what_stands_in_a_sentence(text, what):
    assert what in found(text)


@pytest.mark.parametrize(
    "harmless",
    ["Jens Jensens Vej 4", "Peter Hansen Skole", "LA12345", "AB12345", "12 345 678 kr", "KR 12 345", "Niels Bohrs Vej",
     "20240103", "rute 10 20 30 40", "Nielsen & Jensen", "talte med Ishøj Kommune", "oplyst af Vestegnens Politi",
     "SK 12-345", "2022 33 44 55,5"],
)  # fmt: skip
def test_what_only_looks_like_it(harmless):
    assert found(harmless, "felt") == []


def test_sentences_of_their_own_are_free_text_and_kinds_in_words_are_not():
    told = pd.Series([f"der stod nogen ved bænken og råbte efter os {row}" for row in range(20)], dtype="str")
    assert [str(each.what) for each in traces(pd.DataFrame({"felt": told}))] == ["sentences in free text"]
    kinds = pd.Series(["ulovlig kørsel på stien med knallert", "hærværk på lamper ved den gamle station"] * 10)
    assert traces(pd.DataFrame({"felt": kinds.astype("str")})) == []


def test_recall_on_the_corpus_holds_its_floors():
    told = corpus.recall(11)
    short = {label: share for label, share in told.items() if share < LEAST_FOUND[corpus.PERSONAL[label].what]}
    assert not short
    alone = corpus.single(12)
    exact = [label for label, kind in corpus.PERSONAL.items() if kind.what in (corpus.CPR, corpus.MAIL)]
    assert (alone[exact] == 1.0).all()


def test_false_alarms_on_the_corpus_stay_rare():
    refused = corpus.false_alarms(13)
    assert not {
        label: share for label, share in refused.items() if share > MOST_REFUSED and label not in LOOKS_LIKE_CPR
    }
    assert (refused[list(LOOKS_LIKE_CPR)] == 1.0).all()
