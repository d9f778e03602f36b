"""Constants of METHODS 6.1 and that every kernel integrates to one over the plane."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from hotspot.errors import HotspotError
from hotspot.stats.kernels import KERNELS, bandwidth_from_sigma, bandwidth_of, kernel_value

CONSTANTS = {  # K(0), variance per axis, integral of the square, canonical, equal variance [METHODS 6.1, C]
    "gaussian": (0.159155, 1, 0.079577, 1, 1),
    "uniform": (0.318310, 1 / 4, 0.318310, 2.0000, 2),
    "triangular": (0.954930, 3 / 20, 0.477465, 2.5370, 2.582),
    "epanechnikov": (0.636620, 1 / 6, 0.424413, 2.4019, 2.449),
    "quartic": (0.954930, 1 / 8, 0.572958, 2.7792, 2.828),
    "triweight": (1.273240, 1 / 10, 0.727565, 3.1154, 3.162),
}


@pytest.mark.parametrize("name", KERNELS)
def test_constants(name):
    kernel = KERNELS[name]
    zero, variance, roughness, canonical, equal = CONSTANTS[name]
    assert kernel.at_zero == pytest.approx(zero, abs=1e-6)
    assert kernel.variance == pytest.approx(variance)
    assert kernel.roughness == pytest.approx(roughness, abs=1e-6)
    assert kernel.canonical == pytest.approx(canonical, abs=1e-4)
    assert kernel.equal_variance == pytest.approx(equal, abs=5e-4)


@pytest.mark.parametrize("name", KERNELS)
def test_constants_are_those_of_the_value_function(name):
    kernel = KERNELS[name]
    end = 1.0 if kernel.is_compact else 12.0
    mass, variance, roughness = (
        quad(lambda r, f=f: 2 * math.pi * r * f(r, kernel_value(r * r, kernel.code)), 0, end, epsabs=1e-12)[0]
        for f in (lambda _, k: k, lambda r, k: r * r / 2 * k, lambda _, k: k * k)
    )
    assert kernel_value(0.0, kernel.code) == pytest.approx(kernel.at_zero, abs=1e-12)
    assert mass == pytest.approx(1, abs=1e-6)
    assert variance == pytest.approx(kernel.variance, abs=1e-6)
    assert roughness == pytest.approx(kernel.roughness, abs=1e-6)


def test_compact_kernels_end_at_their_radius():
    for kernel in KERNELS.values():
        beyond = kernel_value(1.0 + 1e-9, kernel.code)
        assert (beyond == 0) is kernel.is_compact


def test_a_quartic_of_100_m_smooths_like_a_gaussian_of_36_m():
    told = bandwidth_of(100, "quartic")
    assert told.h_sigma_equiv == pytest.approx(35.982, abs=5e-4)
    assert told.radius == told.h_m == 100
    assert bandwidth_of(100, "gaussian").radius == math.inf


@pytest.mark.parametrize("name", KERNELS)
def test_conversion_there_and_back(name):
    assert bandwidth_from_sigma(150, name).h_sigma_equiv == pytest.approx(150)
    equal = bandwidth_from_sigma(150, name, equal_variance=True)
    assert equal.h_m * math.sqrt(KERNELS[name].variance) == pytest.approx(150)


@pytest.mark.parametrize("h_m", [0, -1, np.nan, np.inf])
def test_impossible_bandwidths_are_refused(h_m):
    with pytest.raises(HotspotError, match="positive number of metres"):
        bandwidth_of(h_m, "quartic")


@pytest.mark.parametrize("name", KERNELS)
def test_twice_as_wide_smooths_twice_as_much(name):
    one, two = bandwidth_of(70, name), bandwidth_of(140, name)
    assert two.h_sigma_equiv == pytest.approx(2 * one.h_sigma_equiv)
    assert two.radius == 2 * one.radius


def test_the_radius_that_smooths_like_a_gaussian_of_100_m():
    radii = {"uniform": 200.00, "triangular": 253.70, "epanechnikov": 240.19, "quartic": 277.92, "triweight": 311.54}
    for name, radius in radii.items():
        assert bandwidth_from_sigma(100, name).h_m == pytest.approx(radius, abs=0.01)


@pytest.mark.parametrize("sigma", [0.0, -5.0, math.nan, math.inf])
def test_impossible_sigmas_are_refused(sigma):
    with pytest.raises(HotspotError, match="positive number of metres"):
        bandwidth_from_sigma(sigma, "quartic")


def test_an_unknown_kernel_is_refused():
    with pytest.raises(HotspotError, match="must be one of gaussian"):
        bandwidth_of(100, "biweight")
