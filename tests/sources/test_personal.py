"""Nobody in it: found by pattern whatever the checksum, and never repeated in the message."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import PersonalDataError
from hotspot.glossary import say
from hotspot.sources.personal import refuse_personal, traces


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
