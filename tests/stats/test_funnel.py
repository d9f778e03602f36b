"""The funnel of METHODS 5."""

import numpy as np
import pytest

from hotspot.stats.funnel import funnel_limits, winsorised_dispersion


@pytest.mark.parametrize(
    ("expected", "limits"),
    [
        (5, (0, 0.1084, 1.8753, 2.5543)),
        (10, (0.1221, 0.3775, 1.6160, 2.0662)),
        (20, (0.3585, 0.5603, 1.4373, 1.7357)),
        (50, (0.5825, 0.7224, 1.2766, 1.4550)),
        (100, (0.7007, 0.8037, 1.1958, 1.3180)),
    ],
)
def test_reference_funnel(expected, limits):
    assert funnel_limits([expected])[0] == pytest.approx(limits, abs=6e-5)
    wider = funnel_limits([expected], dispersion=4.0)[0]
    assert wider[3] - 1 == pytest.approx(2 * (limits[3] - 1), abs=2e-4)
    assert (wider >= 0).all()
    assert (funnel_limits([expected], dispersion=0.3) == funnel_limits([expected])).all()


def test_funnel_without_expectation_is_undefined():
    assert np.isnan(funnel_limits([0, np.nan])).all()


def test_dispersion_ignores_the_few_extreme_areas():
    rng = np.random.default_rng(2)
    observed = rng.poisson(50, 2000).astype(float)
    observed[:5] = 500
    assert winsorised_dispersion(observed, np.full(2000, 50.0)) == pytest.approx(0.70, abs=0.08)
    assert np.isnan(winsorised_dispersion([1], [0]))
