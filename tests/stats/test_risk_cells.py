"""What is said of cells, against the formulas with scipy's normal tail."""

import numpy as np
import pytest
from scipy.special import ndtr

from hotspot.stats.risk_cells import Compared, compare, highest

RNG = np.random.default_rng(9)
SHAPE = (70, 90)
F, G = RNG.gamma(0.6, 1.0, (2, *SHAPE))
WIDE = RNG.uniform(0.2, 1, SHAPE)
NARROW = WIDE * RNG.uniform(1, 1.2, SHAPE)
MASK = RNG.random(SHAPE) < 0.9
OF = Compared(40.0, 30.0, 90.0, 70.0, 5.0, (0.05, 0.02))


def test_the_numbers_are_those_of_the_formulas():
    log_ratio, error, pvalue = compare((F, G), (NARROW, WIDE), MASK, OF)
    f, g = F / WIDE / 40, G / WIDE / 90
    pool = (40 * f + 90 * g) / 130
    expected = np.sqrt(NARROW / (4 * np.pi * WIDE**2) * (1 / 30 + 1 / 70) / (25 * pool))
    said = MASK & (F / WIDE > 0.05) & (G / WIDE > 0.02)
    assert 0.5 < said.mean() < 0.9
    for found in (log_ratio, error, pvalue):
        assert np.array_equal(np.isfinite(found), said)
    assert log_ratio[said] == pytest.approx(np.log(f / g)[said], rel=1e-12, abs=1e-12)
    assert error[said] == pytest.approx(expected[said], rel=1e-12)


def test_p_is_the_normal_one_to_nine_digits_far_into_the_tail():
    z = np.linspace(0, 37.5, 6000).reshape(60, 100)
    f = np.exp(z)  # an error of 1 everywhere: narrow takes back what the densities bring
    narrow = 4 * np.pi * (f + 1)
    of = Compared(1.0, 2.0, 1.0, 2.0, 1.0, (0.0, 0.0))
    ones = np.ones((60, 100))
    log_ratio, error, pvalue = compare((f, ones), (narrow / 2, ones), ones > 0, of)
    assert error == pytest.approx(ones)
    assert log_ratio == pytest.approx(z, abs=1e-12)
    assert pvalue == pytest.approx(2 * ndtr(-log_ratio / error), rel=1e-9)
    assert pvalue[0, 0] == pytest.approx(1, abs=1e-15)
    same = compare((ones, f), (narrow / 2, ones), ones > 0, of)[2]
    assert same == pytest.approx(pvalue, rel=1e-9)  # two-sided


def test_beyond_the_smallest_number_p_is_nothing():
    far = np.full((1, 1), np.exp(40.0))
    one = np.ones((1, 1))
    assert compare((far, one), (2 * np.pi * (far + 1), one), one > 0, Compared(1, 2, 1, 2, 1, (0, 0)))[2] == 0


def test_the_highest_is_that_inside():
    assert highest(F, WIDE, MASK) == pytest.approx((F / WIDE)[MASK].max())
    assert highest(F, WIDE, np.zeros(SHAPE, dtype=bool)) == 0


@pytest.mark.parametrize("threads", [1, 3])
def test_threads_never_show(monkeypatch, threads):
    still = compare((F, G), (NARROW, WIDE), MASK, OF)
    monkeypatch.setattr("hotspot.stats.bands.THREADS", threads)
    monkeypatch.setattr("hotspot.stats.bands.LEAST_NS", 0.0)
    for one, two in zip(still, compare((F, G), (NARROW, WIDE), MASK, OF), strict=True):
        assert np.array_equal(one, two, equal_nan=True)


def test_the_error_of_methods():
    # METHODS 6.6: h = 100 m, 100 cases and 200 controls, 2e-6 of all incidents a square metre, far from the edge
    one = np.ones((1, 1))
    of = Compared(100.0, 100.0, 200.0, 200.0, 100.0, (0.0, 0.0))
    log_ratio, error, pvalue = compare((100 * 2e-6 * one, 200 * 2e-6 * one), (one, one), one > 0, of)
    assert error[0, 0] == pytest.approx(0.244301, abs=5e-7)
    assert log_ratio[0, 0] == pytest.approx(0, abs=1e-12)
    assert pvalue[0, 0] == pytest.approx(1)
