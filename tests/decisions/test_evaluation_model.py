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
    ("treated", "control", "reduction"), [(50, 200, 0.530), (100, 200, 0.418), (200, 400, 0.308), (500, 1000, 0.203)]
)
def test_counting_the_fewer_incidents_after_asks_for_a_larger_reduction(
    treated: float, control: float, reduction: float
) -> None:
    # so large a reduction leaves so few incidents that its own error is the power's; the methods print it up to a
    # thousandth larger than it is
    def short_of(share: float) -> float:
        after = rate_ratio(Counts(treated, treated * (1 - share), control, control))
        return -math.log(after.ratio) - (NORMAL_95 + POWER_80) * after.log_error

    assert short_of(reduction - 0.001) < 0 < short_of(reduction + 0.0005)
    assert detectable(treated, control) < reduction  # what is printed takes as many after as before


def test_the_net_effect_against_the_comparison() -> None:
    # METHODS 11: R/C before less R/C after is .326166, the success turned round
    found = displacement(Change(207, 110), Change(178, 157), Change(308, 318))
    assert 207 / 308 - 110 / 318 == pytest.approx(0.326166, abs=5e-7) == -found.success
