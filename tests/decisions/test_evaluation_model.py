"""The same change by a regression, and what counting the fewer incidents after costs in power (METHODS 11)."""

import math

import numpy as np
import pytest
import statsmodels.api as sm

from hotspot.decisions.displacement import Change, displacement
from hotspot.decisions.evaluation import Counts, detectable, rate_ratio

TREATED = Counts(207, 110, 308, 318)
NORMAL_95, POWER_80 = 1.959964, 0.841621


def test_a_poisson_regression_on_place_and_time_gives_ratio_error_and_limits() -> None:
    y = np.array([100, 50, 150, 160, 107, 60, 158, 158])  # two halves of 207, 110, 308 and 318
    treated, after = np.tile([1, 1, 0, 0], 2), np.tile([0, 1, 0, 1], 2)
    design = np.column_stack([np.ones(8), treated, after, treated * after])
    model = sm.GLM(y, design, family=sm.families.Poisson()).fit()
    found = rate_ratio(TREATED)
    assert math.log(found.ratio) == pytest.approx(model.params[3], abs=1e-9)
    assert found.log_error == pytest.approx(model.bse[3], rel=1e-5)  # where its iterations end
    assert np.log([found.lower, found.upper]) == pytest.approx(model.conf_int()[3], rel=1e-5)
    assert (math.log(found.ratio), found.log_error) == pytest.approx((-0.664190, 0.142525), abs=5e-7)
    assert 1 / found.ratio == pytest.approx(1.942916, abs=5e-7)  # the odds ratio of reviews: above 1 is good


@pytest.mark.parametrize(
    ("treated", "control", "phi1", "phi2"),
    [(50, 200, 0.466, 0.588), (100, 200, 0.384, 0.497), (200, 400, 0.290, 0.384), (500, 1000, 0.195, 0.264)],
)
def test_taking_as_many_after_as_before_would_promise_too_much(
    treated: float, control: float, phi1: float, phi2: float
) -> None:
    for dispersion, plain in ((1.0, phi1), (2.0, phi2)):
        spread = math.sqrt(dispersion * (2 / treated + 2 / control))
        assert 1 - math.exp(-(NORMAL_95 + POWER_80) * spread) == pytest.approx(plain, abs=6e-4)
        assert plain < detectable(treated, control, dispersion)


@pytest.mark.parametrize(("treated", "control"), [(50, 200), (100, 200), (500, 1000), (30, 1e6)])
def test_so_large_a_fall_is_seen_in_four_of_five_draws(treated: float, control: float) -> None:
    # its own error at the fall itself: the number is the one at which the reduction is z.975 + z.80 errors
    ratio = 1 - detectable(treated, control)
    after = rate_ratio(Counts(treated, treated * ratio, control, control))
    assert -math.log(after.ratio) == pytest.approx((NORMAL_95 + POWER_80) * after.log_error, rel=1e-6)
    rng = np.random.default_rng(1)
    draws = rng.poisson([treated, treated * ratio, control, control], (4000, 4))
    seen = np.mean([rate_ratio(Counts(*map(float, each))).upper < 1 for each in draws])
    assert seen == pytest.approx(0.8, abs=0.06)


def test_hardly_any_fall_is_seen_with_a_dozen() -> None:
    assert detectable(12, 1000) == 1.0
    assert detectable(1e9, 1e9) < 0.001


def test_the_net_effect_against_the_comparison() -> None:
    # METHODS 11: R/C before less R/C after is .326166, the success turned round
    found = displacement(Change(207, 110), Change(178, 157), Change(308, 318))
    assert 207 / 308 - 110 / 318 == pytest.approx(0.326166, abs=5e-7) == -found.success
