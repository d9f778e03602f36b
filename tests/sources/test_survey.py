"""Answers on other scales than the national one are never read as if they were on it."""

import pandas as pd
import pytest

from hotspot.glossary import say
from hotspot.sources.survey import few_answers, recode


def coded(*answers):
    frame, told = recode(pd.DataFrame({"unsafe_dark": pd.Series(answers, dtype="str")}))
    return frame["unsafe_dark"], [str(each) for each in told]


def test_low_is_good_on_the_national_scale():
    values, told = coded("1", "3", "4", "5", "7")
    assert values.tolist() == [0, 0, 0, 1, 1]
    assert "1 is safe and 7 unsafe" in told[0]


@pytest.mark.parametrize("answers", [("10", "5", "1"), ("8,5", "5", "2"), ("0", "7", "3"), ("75", "20", "5")])
def test_other_scales_give_no_answer_and_are_told(answers):
    values, told = coded(*answers)
    assert values.isna().all()
    assert "not on the national scale" in told[0]


def test_a_code_for_no_answer_does_not_spoil_the_scale():
    values, _ = coded("9", "6", "99", "2")
    assert values.isna().tolist() == [True, False, True, False]
    assert values.dropna().tolist() == [1, 0]


def test_words_stand_beside_a_foreign_scale():
    values, _ = coded("10", "Meget utryg", "Tryg")
    assert values.tolist()[1:] == [1, 0]


def test_few_answers_an_area_are_told_and_many_are_not():
    frame = pd.DataFrame({"area_id": ["a"] * 49 + ["b"] * 60, "unsafe_dark": [1.0] * 109})
    assert say(few_answers(frame)[0], "en").startswith("49 to 60 answers in an area to unsafe_dark.")
    assert few_answers(frame.iloc[:-59].assign(unsafe_dark=float("nan"))) == []
    assert few_answers(pd.concat([frame, frame], ignore_index=True)) == []
