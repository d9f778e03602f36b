"""The funnel of METHODS 5."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson
from scipy.stats.mstats import winsorize

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


def test_limits_are_those_of_r():
    # R's qpois, ppois and dpois put together as Spiegelhalter (2005): tests/reference/autocorrelation.R
    table = pd.read_csv(Path(__file__).parents[1] / "reference" / "autocorrelation_funnel.csv")
    wide = table.pivot_table(index="expected", columns="level", values="limit")
    assert funnel_limits(wide.index) == pytest.approx(wide.to_numpy(), rel=1e-9)


@given(st.floats(0.05, 400), st.floats(1, 9))
def test_limits_open_with_the_level_and_with_dispersion(expected, dispersion):
    one, wider = funnel_limits([expected])[0], funnel_limits([expected], dispersion=dispersion)[0]
    assert (np.diff(one) >= 0).all()
    assert (wider[2:] >= one[2:] - 1e-12).all()
    assert (wider >= 0).all()
    narrower = funnel_limits([expected * 16])[0]
    assert narrower[3] - narrower[0] < one[3] - one[0]


@pytest.mark.parametrize("expected", [3.0, 30.0])
def test_chance_alone_leaves_the_funnel_as_often_as_told(expected):
    counts = np.arange(200)
    limits = funnel_limits([expected])[0] * expected
    share = poisson.pmf(counts, expected)
    # interpolated limits: a whole count beyond is at most its level plus the count on the limit
    assert share[counts > limits[2]].sum() <= 0.025 + share.max()
    assert share[counts > limits[2] + 1].sum() <= 0.025
    assert share[counts < limits[1] - 1].sum() <= 0.025


@given(st.lists(st.integers(0, 90), min_size=101, max_size=101), st.integers(0, 2**32 - 1))
def test_dispersion_is_that_of_scipys_winsorised_scores_in_any_order(counts, seed):
    observed, expected = np.array(counts, dtype=float), np.linspace(1, 60, 101)
    found = winsorised_dispersion(observed, expected)
    scores = winsorize((observed - expected) / np.sqrt(expected), limits=0.1)  # of 101, ten on either side
    assert found == pytest.approx(np.mean(np.asarray(scores) ** 2))
    order = np.random.default_rng(seed).permutation(101)
    assert winsorised_dispersion(observed[order], expected[order]) == pytest.approx(found)


@given(st.permutations([0.5, 3.0, 20.0, 400.0]))
def test_the_order_of_the_areas_does_not_matter(expected):
    order = np.argsort(expected)
    assert funnel_limits(np.array(expected)[order]) == pytest.approx(funnel_limits(expected)[order])
