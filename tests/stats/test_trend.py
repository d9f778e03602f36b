"""Mann-Kendall of METHODS 8.2."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import kendalltau

from hotspot.errors import HotspotError
from hotspot.stats.trend import mann_kendall


def read_rows(name):
    """Made by tests/reference/space_time.R."""
    with (Path(__file__).parents[1] / "reference" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


SERIES = arrays(float, st.integers(3, 12), elements=st.integers(-4, 4).map(float))


@pytest.mark.parametrize(
    ("series", "s", "variance", "z", "p"),
    [
        ((1, 2, 3, 4, 5), 10, 16.6667, 2.204541, 0.0274863),
        ((5, 3, 4, 4, 1, 2, 2, 6), -4, 63.3333, -0.376969, 0.706197),
        ((0, 0, 0, 1, 0, 2, 2, 3, 1, 4), 29, 114.3333, 2.618615, 0.0088288),
        ((7, 7, 7, 7), 0, 0, 0, 1),
    ],
)
def test_reference_values(series, s, variance, z, p):
    found = mann_kendall(series)
    assert found.s == s
    assert found.variance == pytest.approx(variance, abs=1e-4)
    assert found.z == pytest.approx(z, abs=1e-6)
    assert found.pvalue == pytest.approx(p, rel=1e-5)


@pytest.mark.parametrize("row", read_rows("mann_kendall.csv"), ids=lambda row: row["series"])
def test_z_and_p_are_those_of_r(row):
    found = mann_kendall([float(value) for value in row["series"].split()])
    assert found.z == pytest.approx(float(row["z"]), rel=1e-9)
    assert found.pvalue == pytest.approx(float(row["pvalue"]), rel=1e-9)


@given(SERIES)
def test_sign_of_kendalls_tau_is_the_sign_of_s(series):
    found = mann_kendall(series)
    if found.variance > 0:
        assert np.sign(kendalltau(np.arange(series.size), series).statistic) == np.sign(found.s)


@given(SERIES, st.floats(0.1, 10), st.integers(-100, 100))
def test_unchanged_by_scale_and_shift_and_turned_by_reversal(series, scale, shift):
    found, moved, back = (
        mann_kendall(series),
        mann_kendall(series * scale + shift),
        mann_kendall(series[::-1]),
    )
    assert moved.s == found.s == -back.s
    assert moved.pvalue == found.pvalue == back.pvalue
    assert 0 < found.pvalue <= 1


def test_a_missing_step_is_left_out_and_not_zero():
    assert mann_kendall([1, np.nan, 2, 3, 4, np.nan, 5]).s == 10
    found = mann_kendall([[1, 2, 3, 4, 5], [np.nan] * 5, [np.nan, np.nan, 1, np.nan, np.nan]])
    assert found.s[0] == 10
    assert found.alternative == "two-sided"
    assert np.isnan(found.pvalue[1:]).all()


def test_no_steps_say_nothing_and_no_series_is_empty():
    assert np.isnan(mann_kendall([]).pvalue)
    assert mann_kendall(np.empty((0, 5))).z.shape == (0,)


def test_three_dimensions_are_refused():
    with pytest.raises(HotspotError, match="one series or a table"):
        mann_kendall(np.zeros((2, 2, 2)))
