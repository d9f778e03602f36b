"""Limits of a Poisson mean give back the tails they promise."""

import numpy as np
import pytest
from scipy.stats import poisson

from hotspot.errors import HotspotError
from hotspot.stats.poisson_limits import byar, defined, garwood, mid_p_limits, paired, probability

COUNTS = np.array([1.0, 4.0, 30.0, 250.0])


def test_garwood_is_exact():
    lower, upper = garwood(COUNTS, 0.025)
    assert poisson.sf(COUNTS - 1, lower) == pytest.approx(np.full(4, 0.025))
    assert poisson.cdf(COUNTS, upper) == pytest.approx(np.full(4, 0.025))


def test_mid_p_halves_the_count_itself():
    lower, upper = mid_p_limits(COUNTS, 0.025)
    assert poisson.sf(COUNTS, lower) + 0.5 * poisson.pmf(COUNTS, lower) == pytest.approx(np.full(4, 0.025))
    assert poisson.cdf(COUNTS - 1, upper) + 0.5 * poisson.pmf(COUNTS, upper) == pytest.approx(np.full(4, 0.025))


def test_byar_is_close_to_garwood():
    assert np.array(byar(COUNTS[1:], 0.025)) == pytest.approx(np.array(garwood(COUNTS[1:], 0.025)), rel=0.02)


@pytest.mark.parametrize("limits", [garwood, byar, mid_p_limits])
def test_none_recorded_starts_at_zero_and_unknown_stays_unknown(limits):
    lower, upper = limits(np.array([0.0, np.nan]), 0.025)
    assert lower[0] == 0 < upper[0]
    assert np.isnan([lower[1], upper[1]]).all()


@pytest.mark.parametrize("limits", [garwood, byar, mid_p_limits])
def test_fractions_lie_between_whole_counts(limits):
    lower, upper = limits(np.array([2.0, 2.5, 3.0]), 0.025)
    assert (np.diff(lower) > 0).all()
    assert (np.diff(upper) > 0).all()


def test_probability():
    assert probability(COUNTS, COUNTS * 1.1) == pytest.approx(poisson.pmf(COUNTS, COUNTS * 1.1))
    assert probability(np.zeros(1), np.zeros(1)) == 1


def test_what_is_defined():
    o, n = defined([1, 2, np.nan, 4], [0, np.nan, 5, 6])
    assert np.isnan(o[:3]).all()
    assert np.isnan(n[:3]).all()
    assert (o[3], n[3]) == (4, 6)
    assert np.isnan(paired([np.inf], 2)[0]).all()
    with pytest.raises(HotspotError, match="2 negative numbers"):
        paired([-1, 1], [1, -1])
