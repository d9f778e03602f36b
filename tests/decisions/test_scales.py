"""Numbers of different kinds on one scale: METHODS 10, invariances, ties and the unknown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.decisions.scales import normalise
from hotspot.errors import StudyError

SCALES = ("percentile", "hazen", "z", "minmax")
VALUES = st.lists(st.integers(-100, 100), min_size=2, max_size=12).map(lambda v: np.array(v, dtype=float))


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        ("percentile", [0.66667, 0.16667, 0.16667, 1.0]),
        ("hazen", [0.625, 0.25, 0.25, 0.875]),
        ("minmax", [0.5, 0, 0, 1]),
        ("z", 0.5 + (np.array([3, 1, 1, 5]) - 2.5) / np.std([3, 1, 1, 5]) / 5),
    ],
)
def test_three_one_one_five(scale: str, expected: list[float]) -> None:
    assert normalise([3, 1, 1, 5], scale) == pytest.approx(expected, abs=5e-6)


@pytest.mark.parametrize("scale", SCALES)
def test_constant_single_and_unknown(scale: str) -> None:
    assert normalise([7, 7, 7], scale).tolist() == [0.5] * 3
    assert normalise([np.nan, 4, np.nan], scale) == pytest.approx([np.nan, 0.5, np.nan], nan_ok=True)
    assert np.isnan(normalise([np.nan, np.nan], scale)).all()
    assert normalise([], scale).shape == (0,)


@pytest.mark.parametrize("scale", SCALES)
@given(VALUES, st.floats(0.5, 20), st.integers(-50, 50))
def test_units_and_origin_do_not_matter(scale: str, values: np.ndarray, factor: float, shift: int) -> None:
    share = normalise(values, scale)
    assert normalise(shift + factor * values, scale) == pytest.approx(share, abs=1e-9)
    assert ((share >= 0) & (share <= 1)).all()
    order = np.argsort(values, kind="stable")
    assert (np.diff(share[order]) >= 0).all()


@pytest.mark.parametrize("scale", SCALES)
@given(VALUES)
def test_the_unknown_takes_no_part_and_rows_are_apart(scale: str, values: np.ndarray) -> None:
    alone = normalise(values, scale)
    assert normalise(np.append(values, np.nan), scale)[:-1] == pytest.approx(alone)
    assert normalise(np.stack([values, values[::-1]]), scale) == pytest.approx(np.stack([alone, alone[::-1]]))


def test_an_outlier_counts_no_further_than_two_and_a_half_spreads() -> None:
    share = normalise([*np.linspace(-1, 1, 20), 1e6], "z")
    assert share[-1] == 1.0
    assert normalise([*np.linspace(-1, 1, 20), 1e6])[-2] == pytest.approx(0.95)  # percentiles do not care


def test_another_scale_is_refused() -> None:
    with pytest.raises(StudyError, match="The scale 'rank' was asked for"):
        normalise([1, 2], "rank")  # type: ignore[arg-type]
