"""One figure, one text: value, interval, hidden and "cannot say" are told apart in both languages."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.release.contract import Release
from hotspot.report.words import (
    cells_of,
    class_name,
    hidden_text,
    is_finite,
    is_missing,
    least_of,
    number,
    plain_value,
    probability,
    unit_text,
    value_text,
)
from tests.report.small_layers import HIDDEN_AREA, UNKNOWN_AREA, spec


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
    assert cells_of(council.layers["felt_unsafe"], "nowhere") is None


def test_hidden_row_is_never_written_even_if_a_number_slipped_in(council: Release) -> None:
    ratio = council.layers["observed_expected"]
    frame = ratio.frame.copy()
    frame.loc[HIDDEN_AREA, "value"] = 0.7131
    assert value_text(type(ratio)(ratio.spec, frame), HIDDEN_AREA, "en") == hidden_text("en")
    assert number(3.0, "en", hidden=True) == hidden_text("en")


def test_class_that_may_be_told_stands_although_numbers_are_hidden(admin: Release) -> None:
    assert value_text(admin.layers["hotspots"], "c0_0", "en") == "not significant"


def test_more_is_needed_for_surfaces_of_answers() -> None:
    assert least_of(spec("felt_surface", support="surface", measure="nothing")) == 5
    assert hidden_text("en", 10) == "hidden (protects fewer than 10)"


@pytest.mark.parametrize(
    ("value", "text"), [(0.0004, "under 0.001"), (0.0123, "0.012"), (0.04999, "0.050"), (0.5, "0.50")]
)
def test_probability_keeps_what_matters(value: float, text: str) -> None:
    assert probability(value, "en") == text


@pytest.mark.parametrize(
    ("column", "unit", "text"),
    [
        ("value", "share", "12%"),
        ("value", "ratio", "0.12"),
        ("value", "lx", "0.1"),
        ("share_all", "class", "12%"),
        ("dark_gap_m", "lx", "0"),
        ("qvalue", "ratio", "0.12"),
        ("n", "share", "0.123"),
        ("expected", "ratio", "0.1"),
    ],
)
def test_columns_have_their_own_precision(column: str, unit: str, text: str) -> None:
    assert plain_value(column, 0.1234, unit, "en") == text


def test_unlimited_interval_is_left_out() -> None:
    cells = {"value": 2.0, "lower": 0.5, "upper": math.inf}
    assert unit_text(cells, "ratio", "en") == "2.00 times the expected"


def test_unknown_class_reads_as_cannot_say() -> None:
    assert class_name(None, "en") == "cannot say"
    assert class_name("high-high", "en") == "many among many"


@given(st.floats(-1e12, 1e12) | st.sampled_from([math.nan, math.inf, -math.inf]))
def test_no_number_is_written_as_nan(value: float) -> None:
    for language in ("da", "en"):
        assert "nan" not in number(value, language).lower()  # type: ignore[arg-type]
    assert is_missing(value) == math.isnan(value)
    assert is_finite(value) == math.isfinite(value)
