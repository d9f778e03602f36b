"""Observed against expected of METHODS 5: totals, fallbacks and readings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hotspot.errors import HotspotError
from hotspot.stats.expected import Reference, expected_counts, indirect, read

Y = np.array([0, 3, 1, 14, 2, 9, 0, 31, 6, 1, 22, 4.0])
POPULATION = np.array([300, 500, 350, 800, 500, 700, 250, 900, 650, 420, 760, 380.0])
X = np.array([0.2, 0.5, 0.1, 0.8, 0.4, 0.6, 0.1, 0.9, 0.3, 0.35, 0.4, 0.7])
COUNTS = arrays(float, 14, elements=st.integers(0, 50).map(float))
PEOPLE = arrays(float, 14, elements=st.integers(0, 900).map(float))


def _says(found, part):
    return any(part in str(told) for told in found.findings)


def test_reference_indirect_standardisation():
    assert indirect([[300, 100], [100, 300]], [0.01, 0.04]) == pytest.approx([7, 13])
    found = expected_counts([9, 9], [400, 400], reference=Reference(np.array([[300, 100], [100, 300]]),
                                                                    np.array([0.01, 0.04])))  # fmt: skip
    scale = 20 / 18  # expected numbers are rescaled to the recorded total
    assert found.ratio == pytest.approx(np.array([1.285714, 0.692308]) * scale, abs=1e-6)
    assert found.model == "standardised"
    assert _says(found, "standardised by reference rates")


def test_reference_regression_adds_up():
    found = expected_counts(Y, POPULATION, X, leaves_one_out=False)
    assert found.model == "negative binomial"
    assert found.dispersion == pytest.approx(4.26958, abs=1e-5)
    assert found.expected.sum() == pytest.approx(93)
    raw = POPULATION * np.exp(-5.85892 + 2.62696 * X)
    assert found.expected == pytest.approx(raw * 93 / raw.sum(), rel=1e-4)
    assert _says(found, "4.3 times as much as chance")


def test_an_area_does_not_teach_what_is_expected_of_it():
    changed = Y.copy()
    changed[7] = 300
    one, two = (expected_counts(y, POPULATION, X) for y in (Y, changed))
    share = [found.expected[7] / found.expected.sum() for found in (one, two)]
    within = expected_counts(changed, POPULATION, X, leaves_one_out=False)
    assert two.ratio[7] > within.ratio[7]
    assert share[0] != share[1]
    assert one.expected.sum() == pytest.approx(93)
    assert two.expected.sum() == pytest.approx(changed.sum())


@given(COUNTS.filter(lambda o: o.sum() > 0), PEOPLE, st.booleans())
def test_expected_numbers_add_up_and_intervals_hold_the_ratio(observed, people, leaves_one_out):
    x = np.linspace(-1, 1, 14)
    found = expected_counts(observed, people, x, leaves_one_out=leaves_one_out)
    known = np.isfinite(found.expected)
    assert not known[people == 0].any()
    if known.any() and observed[known].sum() > 0:
        assert found.expected[known].sum() == pytest.approx(observed[known].sum())
        assert (found.expected[known] >= 0).all()
    certain = np.isfinite(found.ratio)
    assert (found.lower[certain] <= found.ratio[certain]).all()
    assert (found.upper[certain] >= found.ratio[certain]).all()
    assert (found.reading[~certain] == "cannot say").all()


@given(COUNTS, PEOPLE, st.randoms(use_true_random=False))
def test_the_order_of_areas_never_matters(observed, people, random):
    order = list(range(14))
    random.shuffle(order)
    found, moved = expected_counts(observed, people), expected_counts(observed[order], people[order])
    assert moved.expected == pytest.approx(found.expected[order], nan_ok=True)
    assert (moved.reading == found.reading[order]).all()


def test_too_few_areas_fall_back_and_say_so():
    five = np.random.default_rng(1).normal(size=(12, 5))
    found = expected_counts(Y, POPULATION, five)
    assert found.model == "per head"
    assert _says(found, "12 areas are too few for 5 covariates.")
    assert _says(found, "the same per head everywhere")
    ages = np.column_stack([POPULATION * 0.3, POPULATION * 0.7])
    found = expected_counts(Y, POPULATION, five, Reference(ages, np.array([0.02, 0.01])))
    assert found.model == "standardised"
    assert found.expected.sum() == pytest.approx(93)


def test_covariates_that_repeat_each_other_fall_back():
    found = expected_counts(np.tile(Y, 3), np.tile(POPULATION, 3), np.column_stack([np.tile(X, 3)] * 2) * [1, 100])
    assert found.model == "per head"
    assert _says(found, "repeat each other")
    assert expected_counts(Y, POPULATION, np.ones(12)).model == "per head"


def test_no_incident_at_all_cannot_say():
    found = expected_counts(np.zeros(12), POPULATION, X)
    assert _says(found, "No incident is recorded.")
    assert (found.reading == "cannot say").all()


def test_missing_numbers_are_cannot_say_and_told():
    all_y, all_people, all_x = np.tile(Y, 2), np.tile(POPULATION, 2), np.tile(X, 2)
    observed, people, x = all_y.copy(), all_people.copy(), all_x.copy()
    people[3], observed[4], x[5] = 0, np.nan, np.nan
    found = expected_counts(observed, people, x)
    assert (found.reading[3:6] == "cannot say").all()
    assert np.isnan(found.expected[3:6]).all()
    assert _says(found, "1 area has incidents but no known residents")
    assert _says(found, "1 area lacks a covariate")
    keep = [i for i in range(24) if i not in (3, 4, 5)]
    alone = expected_counts(all_y[keep], all_people[keep], all_x[keep])
    assert found.expected[keep] == pytest.approx(alone.expected)


def test_one_area_or_none_cannot_say():
    assert expected_counts([5], [100]).reading.tolist() == ["cannot say"]
    assert expected_counts([], []).reading.size == 0


def test_readings():
    lower = [0.2, 1.1, 0.8, 0.4, np.nan, 0.0, 3.0]
    upper = [0.9, 2.0, 1.2, 2.1, np.nan, 2.5, 9.0]
    assert read(lower, upper).tolist() == [
        "fewer", "more", "as expected", "cannot say", "cannot say", "cannot say", "more",
    ]  # fmt: skip


def test_impossible_input_is_refused():
    with pytest.raises(HotspotError, match="one reference rate per stratum"):
        indirect([[1, 2]], [0.1])
    with pytest.raises(HotspotError, match="must not be negative"):
        indirect([[1, -2]], [0.1, 0.1])
    with pytest.raises(HotspotError, match="one exposure and one row"):
        expected_counts([1, 2], [1])
    with pytest.raises(HotspotError, match="counts and exposures"):
        expected_counts([1, -2], [1, 1])
