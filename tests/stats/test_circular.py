"""Hours of the day: the mean hour of METHODS 6.8, and the density around the clock."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import vonmises

from hotspot.errors import HotspotError
from hotspot.stats.circular import KERNELS, circular_density, circular_mean_hour

CLOCK = np.arange(0, 24, 1 / 64)
LATE = [22, 23, 0, 1, 2, 2, 14]


def test_hours_across_midnight():
    found = circular_mean_hour([22, 23, 0, 1, 2, 2, 14])
    assert min(found.hour, 24 - found.hour) == pytest.approx(0, abs=0.01)
    assert 0 <= found.hour < 24
    assert found.resultant == pytest.approx(0.66627, abs=1e-5)
    assert circular_mean_hour([23, 1]).hour == 0


def test_hours_without_a_middle():
    assert np.isnan(circular_mean_hour([0, 6, 12, 18]).hour)
    assert circular_mean_hour([0, 6, 12, 18]).resultant == pytest.approx(0, abs=1e-12)
    assert np.isnan(circular_mean_hour([]).resultant)
    assert circular_mean_hour([np.nan, 5, 17], weights=[1, 1, 0]).hour == pytest.approx(5)


@given(st.lists(st.floats(0, 24), min_size=1, max_size=20), st.integers(0, 23))
def test_turning_the_clock_turns_the_middle(hours, by):
    found, turned = circular_mean_hour(hours), circular_mean_hour([(hour + by) % 24 for hour in hours])
    assert turned.resultant == pytest.approx(found.resultant, abs=1e-9)
    if found.resultant > 0.11:
        apart = (turned.hour - found.hour - by) % 24
        assert min(apart, 24 - apart) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("bandwidth_h", [0.1, 1.0, 6.0, 40.0])
def test_density_adds_up_to_one_over_the_day(kernel, bandwidth_h):
    density = circular_density(LATE, CLOCK, bandwidth_h=bandwidth_h, kernel=kernel)
    assert density.mean() * 24 == pytest.approx(1, abs=1e-9)
    assert (density >= 0).all()


def test_von_mises_is_that_of_scipy():
    turn = 2 * np.pi / 24
    wanted = np.mean([vonmises.pdf((CLOCK - hour) * turn, 1 / turn**2) * turn for hour in LATE], axis=0)
    assert circular_density(LATE, CLOCK) == pytest.approx(wanted, rel=1e-10)


def test_mean_hour_and_density_are_those_of_r():
    with (Path(__file__).parents[1] / "reference" / "hours.csv").open(encoding="utf-8") as file:
        rows = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]
    density = circular_density(LATE, [row["hour"] for row in rows])
    assert density == pytest.approx([row["density"] for row in rows], rel=1e-9)
    found = circular_mean_hour(LATE)
    assert found.resultant == pytest.approx(rows[0]["resultant"], rel=1e-12)
    assert found.hour == pytest.approx(rows[0]["mean_hour"], abs=1e-9)  # R's is midnight less rounding


def test_nothing_is_lost_at_midnight():
    for kernel in KERNELS:
        late, early, on_a_line = circular_density([0.0], [23.5, 0.5, -0.5], kernel=kernel)
        assert late == pytest.approx(early)
        assert late == pytest.approx(on_a_line)


def test_kernels_hardly_differ_at_an_hour():
    one, other = (circular_density(LATE, CLOCK, kernel=kernel) for kernel in KERNELS)
    assert np.abs(one - other).max() < 0.01 * other.max()


@pytest.mark.parametrize("kernel", KERNELS)
def test_wide_bandwidth_is_even_and_a_narrow_one_stands_on_the_hour(kernel):
    assert circular_density(LATE, CLOCK, bandwidth_h=200, kernel=kernel) == pytest.approx(1 / 24, rel=1e-2)
    narrow = circular_density([7.0], [7.0, 8.0], bandwidth_h=0.01, kernel=kernel)
    assert narrow == pytest.approx([100 / np.sqrt(2 * np.pi), 0], rel=1e-4, abs=1e-12)


@given(st.lists(st.floats(0, 24), min_size=1, max_size=9), st.floats(-48, 48), st.randoms())
def test_turning_the_clock_turns_the_density_and_order_does_not_matter(hours, by, random):
    turned = [(hour + by) % 24 for hour in hours]
    random.shuffle(turned)
    assert circular_density(turned, CLOCK[::64] + by) == pytest.approx(circular_density(hours, CLOCK[::64]), abs=1e-9)


def test_weights_count_as_repeats_and_unknown_hours_are_left_out():
    assert circular_density([3, 20, np.nan], 2.0, weights=[2, 1, 5]) == pytest.approx(circular_density([3, 3, 20], 2.0))
    assert np.isnan(circular_density([np.nan], CLOCK)).all()


@pytest.mark.parametrize("wrong", [{"bandwidth_h": 0.0}, {"kernel": "gauss"}, {"bandwidth_h": np.nan}])
def test_no_bandwidth_and_other_kernels_are_refused(wrong):
    with pytest.raises(HotspotError, match="bandwidth above 0"):
        circular_density(LATE, CLOCK, **wrong)
