"""The diffusion rule: a known best bandwidth, KDEpy's halves, and what must not change it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hotspot.errors import HotspotError
from hotspot.stats.bandwidth import likelihood_cv
from hotspot.stats.botev import botev, botev_axes, botev_axis

REFERENCE = Path(__file__).parents[1] / "reference"


def test_a_normal_cloud_gets_its_best_bandwidth():
    x = np.random.default_rng(0).normal(0, 100, 100_000)
    best = 100 * (4 / 3) ** 0.2 * 100_000**-0.2  # of the normal density itself
    assert botev_axis(x) == pytest.approx(best, rel=0.02)


def by_the_paper(x, terms=600):
    """Sigma of Botev, Grotowski and Kroese (2010), algorithm 1, as their kde.m writes it, but without its histogram.

    The frame is the data's width and half of it on either side. The cosines' coefficients are sums over the positions
    themselves; t is found by halving an interval; sigma is the root of t times the width *of the frame*.
    """
    width = np.ptp(x)
    frame = 2 * width
    place = (x - x.min() + width / 2) / frame
    k = np.arange(1, terms + 1)
    squared = np.mean(np.cos(np.pi * np.outer(k, place)), axis=1) ** 2
    n = len(np.unique(x))

    def norm(s, t):
        return 2 * np.pi ** (2 * s) * np.sum(k ** (2.0 * s) * squared * np.exp(-(k**2) * np.pi**2 * t))

    def away(t):
        f = norm(7, t)
        for s in (6, 5, 4, 3, 2):
            k0 = np.prod(np.arange(1, 2 * s, 2)) / np.sqrt(2 * np.pi)
            f = norm(s, (2 * (1 + 0.5 ** (s + 0.5)) / 3 * k0 / n / f) ** (2 / (3 + 2 * s)))
        return t - (2 * n * np.sqrt(np.pi) * f) ** (-2 / 5)

    low, high = 1e-6, 1e-2
    assert away(low) < 0 < away(high)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if away(middle) < 0 else (low, middle)
    return np.sqrt(low) * frame


def test_the_paper_gives_what_we_do(pattern):
    # ours counts positions in 4,096 bins, up to half of one off: .14 m of standard deviation each, seen through 200 of
    # them at a sigma of 28 m less than one in a thousand
    for k in (0, 1):
        assert botev_axis(pattern[:, k]) == pytest.approx(by_the_paper(pattern[:, k]), rel=1e-3)
    # in the plane: the middle of both along the cloud's own axes, those of a singular value decomposition
    along = (pattern - pattern.mean(axis=0)) @ np.linalg.svd(pattern - pattern.mean(axis=0))[2].T
    assert botev(pattern) == pytest.approx(np.sqrt(np.prod([by_the_paper(each) for each in along.T])), rel=1e-3)


def test_kdepy_gives_half_of_the_papers_and_of_rs_neighbouring_rule(pattern):
    # METHODS 6.3 has KDEpy's 14.02221 and 26.67883: it takes the frame of the paper, twice the data's width, and scales
    # the root by the data's width
    kdepy = np.array([14.02221, 26.67883])
    theirs = np.array([by_the_paper(each) / 2 for each in pattern.T])
    assert kdepy == pytest.approx(theirs, rel=2e-3)  # 1,024 bins
    # Sheather and Jones's own rule (R's bw.SJ) estimates the same bumpiness from a normal pilot: it differs by what
    # that pilot is wrong, and not by half
    rules = pd.read_csv(REFERENCE / "density_bandwidths.csv").set_index(["data", "rule"])["sigma"]
    for ours, half, axis in zip(botev_axes(pattern), kdepy, "xy", strict=True):
        beside = rules["pattern", f"sheather_jones_{axis}"]
        assert abs(np.log(ours / beside)) < 0.2
        assert abs(np.log(half / beside)) > 0.5


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


def test_moving_scaling_and_the_order_of_the_positions_change_nothing_along_a_line(pattern):
    x = pattern[:, 0]
    found = botev_axis(x)
    assert botev_axis(x[::-1]) == found
    for other, times in ((x + 1e6, 1), (-x, 1), (3 * x, 3)):
        assert botev_axis(other) == pytest.approx(times * found, rel=0.01)  # bins start elsewhere
    assert np.isnan(botev_axis([7.0] * 50))
