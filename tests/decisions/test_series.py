"""A step in a series: the value of METHODS 11, a second opinion, and what is too short to say."""

import numpy as np
import pytest
import statsmodels.api as sm

from hotspot.decisions.series import step_change

SERIES = [20, 22, 19, 21, 23, 20, 22, 21, 24, 20, 23, 22, 15, 14, 16, 13, 15, 14, 12, 15, 13, 14, 12, 13]


def test_values_of_the_methods_and_no_credit_for_underdispersion() -> None:
    found = step_change(SERIES, 12)
    assert (found.level, found.lower, found.upper) == pytest.approx((0.662311, 0.45267, 0.96905), abs=5e-6)
    assert found.coefficients == pytest.approx((3.019782, 0.008001, -0.412021, -0.022162), abs=5e-7)
    assert found.dispersion == 1  # Pearson's is 0.09


def test_the_same_as_statsmodels_where_counts_are_overdispersed() -> None:
    y = np.array([30, 8, 25, 4, 40, 12, 3, 28, 9, 33, 10, 2, 14, 1, 6, 20, 3, 9])
    t, late = np.arange(18.0), (np.arange(18) >= 9).astype(float)
    design = np.column_stack([np.ones(18), t, late, (t - 9) * late])
    second = sm.GLM(y, design, family=sm.families.Poisson()).fit(scale="X2")
    found = step_change(y, 9)
    assert found.coefficients == pytest.approx(second.params, rel=1e-6)
    assert found.dispersion == pytest.approx(second.scale, rel=1e-6)
    assert np.log([found.lower, found.upper]) == pytest.approx(second.conf_int()[2], rel=1e-5)


def test_nothing_changed_is_a_ratio_of_one() -> None:
    found = step_change([10] * 24, 12)
    assert found.level == pytest.approx(1)
    assert found.lower < 1 < found.upper


def test_counts_that_jump_by_thousands_are_fitted_as_by_statsmodels() -> None:
    y = np.array([43, 207, 10, 151, 488, 62, 2494, 14, 0, 0, 2054, 132])
    t, late = np.arange(12.0), (np.arange(12) >= 8).astype(float)
    design = np.column_stack([np.ones(12), t, late, (t - 8) * late])
    second = sm.GLM(y, design, family=sm.families.Poisson()).fit(scale="X2")
    assert step_change(y, 8).coefficients == pytest.approx(second.params, rel=1e-6)


@pytest.mark.parametrize(
    ("series", "first_after"),
    [([5, 6, 7, 8, 9], 2), ([0] * 12 + [3] * 12, 12), ([], 0), ([0, 0, 0, 5, 4, 3, 4, 5], 4), ([9, 0, 0, 1, 2, 3], 3)],
)
def test_too_short_or_empty_on_a_side_says_nothing(series: list[int], first_after: int) -> None:
    assert np.isnan(step_change(series, first_after).level)


@pytest.mark.parametrize("gap", [np.nan, -1])
def test_a_missing_month_is_no_zero(gap: float) -> None:
    assert np.isnan(step_change([*SERIES[:5], gap, *SERIES[6:]], 12)[:4]).all()
