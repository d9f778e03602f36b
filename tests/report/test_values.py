"""What a layer found, in whole columns: value, interval, hidden and "cannot say" are told apart in both languages."""

import dataclasses
import math

import numpy as np
import pandas as pd

from hotspot.release.contract import Release
from hotspot.report.values import value_text, value_texts
from hotspot.report.words import class_name, hidden_text
from tests.report.small_layers import HIDDEN_AREA, UNKNOWN_AREA


def test_three_things_are_told_apart(council: Release) -> None:
    ratio = council.layers["observed_expected"]
    assert value_text(ratio, HIDDEN_AREA, "en") == "hidden (protects fewer than 5)"
    assert value_text(ratio, UNKNOWN_AREA, "en") == "cannot say"
    zero = ratio.frame.copy()
    zero.loc["a01", ["value", "lower", "upper"]] = 0.0
    shown = type(ratio)(ratio.spec, zero)
    assert value_text(shown, "a01", "en") == "0.00 times the expected (95% interval 0.00 to 0.00)"


def test_value_carries_unit_and_interval(council: Release) -> None:
    assert value_text(council.layers["felt_unsafe"], "a01", "en") == "8% (95% interval 2% to 15%)"
    assert value_text(council.layers["felt_recorded"], "a01", "en") == "felt safe, few recorded"


def test_danish_numbers_have_a_comma(council: Release) -> None:
    assert value_text(council.layers["observed_expected"], "a01", "da").startswith("0,40")


def test_row_that_is_not_there_cannot_be_said(council: Release) -> None:
    assert value_text(council.layers["felt_unsafe"], "nowhere", "en") == "cannot say"


def test_hidden_row_is_never_written_even_if_a_number_slipped_in(council: Release) -> None:
    ratio = council.layers["observed_expected"]
    frame = ratio.frame.copy()
    frame.loc[HIDDEN_AREA, "value"] = 0.7131
    assert value_text(type(ratio)(ratio.spec, frame), HIDDEN_AREA, "en") == hidden_text("en")


def test_class_that_may_be_told_stands_although_numbers_are_hidden(admin: Release) -> None:
    assert value_text(admin.layers["hotspots"], "c0_0", "en") == "not significant"


def test_unlimited_interval_is_left_out(council: Release) -> None:
    ratio = council.layers["observed_expected"]
    frame = ratio.frame.copy()
    frame.loc["a01", ["value", "lower", "upper"]] = [2.0, 0.5, math.inf]
    assert value_text(dataclasses.replace(ratio, frame=frame), "a01", "en") == "2.00 times the expected"


def test_texts_follow_the_rows_asked_for_in_their_order(council: Release) -> None:
    felt = council.layers["felt_unsafe"]
    rows = pd.Index(["nowhere", "a01", UNKNOWN_AREA, "a01"])
    said = value_texts(felt, rows, "en")
    assert said == ["cannot say", "8% (95% interval 2% to 15%)", value_text(felt, UNKNOWN_AREA, "en"), said[1]]
    backwards = felt.frame.index[::-1]
    assert value_texts(felt, backwards, "da") == value_texts(felt, felt.frame.index, "da")[::-1]
    assert value_texts(felt, [], "en") == []


def test_a_layer_without_a_table_says_nothing_at_any_row(admin: Release) -> None:
    assert value_texts(admin.layers["density"], ["c0_0", "c0_1"], "en") == ["cannot say"] * 2


def test_a_class_withheld_and_a_class_unknown_are_told_apart(admin: Release) -> None:
    hot = admin.layers["hotspots"]
    frame = hot.frame.copy()
    column = hot.spec.show.column
    frame[column], frame["hidden"] = frame[column].astype(object), False
    frame.loc[frame.index[:3], column] = [np.nan, None, "hot"]
    frame.loc[frame.index[[0, 2]], "hidden"] = True
    said = value_texts(dataclasses.replace(hot, frame=frame), frame.index[:3], "en")
    assert said == [hidden_text("en"), "cannot say", class_name("hot", "en")]
