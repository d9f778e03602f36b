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
)
from tests.report.small_layers import spec


def test_row_that_is_not_there_has_no_cells(council: Release) -> None:
    assert cells_of(council.layers["felt_unsafe"], "nowhere") is None


def test_hidden_number_is_never_written() -> None:
    assert number(3.0, "en", hidden=True) == hidden_text("en")


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


def test_unknown_class_reads_as_cannot_say() -> None:
    assert class_name(None, "en") == "cannot say"
    assert class_name("high-high", "en") == "many among many"


@given(st.floats(-1e12, 1e12) | st.sampled_from([math.nan, math.inf, -math.inf]))
def test_no_number_is_written_as_nan(value: float) -> None:
    for language in ("da", "en"):
        assert "nan" not in number(value, language).lower()  # type: ignore[arg-type]
    assert is_missing(value) == math.isnan(value)
    assert is_finite(value) == math.isfinite(value)
