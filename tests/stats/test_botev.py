"""The diffusion rule: a known best bandwidth, KDEpy's halves, and what must not change it."""

import numpy as np
import pytest

from hotspot.errors import HotspotError
from hotspot.stats.bandwidth import likelihood_cv
from hotspot.stats.botev import botev, botev_axes, botev_axis


def test_a_normal_cloud_gets_its_best_bandwidth():
    x = np.random.default_rng(0).normal(0, 100, 100_000)
    best = 100 * (4 / 3) ** 0.2 * 100_000**-0.2  # of the normal density itself
    assert botev_axis(x) == pytest.approx(best, rel=0.02)


def test_kdepy_gives_half(pattern):
    # METHODS 6.3 has KDEpy's 14.02221 and 26.67883: its frame is twice the data's width, its scale is not
    assert np.array(botev_axes(pattern)) / 2 == pytest.approx([14.02221, 26.67883], rel=2e-3)  # bins, not knots


def test_two_far_clouds_keep_their_own_detail():
    x = np.random.default_rng(1).normal(0, 50, 4000)
    one, apart = botev_axis(x), botev_axis(np.concatenate([x[:2000], x[2000:] + 5000]))
    assert apart == pytest.approx(one * 2**0.2, rel=0.1)  # half as many in each


def test_swapping_turning_and_moving_change_nothing(pattern):
    x, y = botev_axes(pattern)
    assert botev_axes(pattern[:, ::-1]) == pytest.approx((y, x))
    assert botev_axes(pattern @ [[0, 1], [-1, 0]]) == pytest.approx((y, x), rel=0.01)  # bins start at the other end
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    for other in (pattern @ turn, pattern + 1e6, pattern[::-1], pattern[:, ::-1]):
        assert botev(other) == pytest.approx(botev(pattern), rel=0.01)
    assert botev(pattern * 3) == pytest.approx(3 * botev(pattern), rel=1e-3)  # bins


def test_stacked_addresses_change_little(pattern):
    stacked = np.repeat(pattern, 5, axis=0)
    assert botev(stacked) == pytest.approx(botev(pattern), rel=1e-5)  # the binning
    assert 0.3 < botev(pattern) / likelihood_cv(pattern) < 3


@pytest.mark.parametrize("points", [np.empty((0, 2)), [[1, 1]] * 50, np.repeat([[1, 2], [3, 4], [5, 9]], 9, axis=0)])
def test_too_few_places_cannot_say(points):
    assert np.isnan(botev(points))


def test_missing_coordinates_are_refused():
    with pytest.raises(HotspotError, match="needs coordinates"):
        botev([[1, np.nan]] * 20)
