"""Change between two periods: METHODS 11, R's poisson.test, and what must not matter."""

import csv
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from hotspot.errors import HotspotError
from hotspot.stats.period_change import period_change, within_dispersion

COUNTS = st.integers(0, 400)
REFERENCE = Path(__file__).parents[1] / "reference" / "period_change.csv"


def test_exact_conditional_p_of_the_published_pair():
    assert period_change(20, 10).pvalue == pytest.approx(0.0987, abs=5e-5)  # METHODS 11


def e_test(one, other):
    """Krishnamoorthy and Thomson's unconditional p of two counts, from every pair of counts that might have been."""
    counts = np.arange(150)
    each = poisson.pmf(counts, (one + other) / 2)
    apart = np.abs(counts[:, None] - counts) / np.sqrt(np.maximum(counts[:, None] + counts, 1))
    return np.sum(np.outer(each, each)[apart >= abs(one - other) / np.sqrt(one + other) - 1e-12])


@pytest.mark.parametrize(
    ("one", "other", "p", "conditional"), [(20, 10, 0.069, 0.0987), (6, 2, 0.1749, 37 / 128), (0, 3, 0.0884, 1 / 4)]
)
def test_the_unconditional_p_of_the_published_pairs_is_smaller(one, other, p, conditional):
    # METHODS 11 (Wheeler and Ratcliffe's e-test): more power, but its level is not kept for every rate; ours is
    assert e_test(one, other) == pytest.approx(p, abs=3e-4)
    assert period_change(one, other).pvalue == pytest.approx(
        conditional, abs=5e-5
    )  # coins: 37 of 256 are 6 or more of 8
    assert period_change(one, other).pvalue > e_test(one, other)


def rows():
    with REFERENCE.open(encoding="utf-8") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['before']:g}-{row['after']:g}")
def test_interval_is_that_of_r(row):
    found = period_change(row["before"], row["after"], lengths=(row["days_before"], row["days_after"]))
    assert found.ratio == pytest.approx(row["ratio"], rel=1e-9)
    assert (found.lower, found.upper) == pytest.approx((row["lower"], row["upper"]), rel=1e-6)
    if row["days_before"] == row["days_after"]:  # R adds up the less likely outcomes: doubling, where both sides mirror
        assert found.pvalue == pytest.approx(row["pvalue"], rel=1e-6)


@given(COUNTS, COUNTS)
def test_turning_time_round_inverts_the_ratio(before, after):
    found, turned = period_change(before, after, lengths=(2, 3)), period_change(after, before, lengths=(3, 2))
    assert turned.pvalue == pytest.approx(found.pvalue, nan_ok=True)
    if before and after:
        assert turned.ratio * found.ratio == pytest.approx(1)
        assert turned.lower * found.upper == pytest.approx(1, rel=1e-6)


@given(COUNTS, COUNTS)
def test_interval_holds_the_ratio_and_agrees_with_the_test(before, after):
    found = period_change(before, after)
    if before + after:
        assert found.lower <= found.ratio <= found.upper
        assert (found.pvalue <= 0.05) == (not found.lower < 1 < found.upper) or abs(found.pvalue - 0.05) < 1e-9


def test_nothing_on_one_side_or_on_both():
    found = period_change([0, 5, 0, np.nan], [5, 0, 0, 3])
    assert found.ratio[0] == found.upper[0] == np.inf
    assert found.ratio[1] == found.lower[1] == 0
    assert (found.alternative, found.tests) == ("two-sided", 2)
    assert np.isnan([each[2:] for each in (found.ratio, found.lower, found.upper, found.pvalue, found.qvalue)]).all()


def test_overdispersion_widens_as_if_there_were_fewer_incidents():
    found, fewer = period_change(40, 20, dispersion=2), period_change(20, 10)
    assert (found.ratio, found.pvalue, found.upper) == (fewer.ratio, fewer.pvalue, fewer.upper)
    assert period_change(40, 20, dispersion=0.3).pvalue == period_change(40, 20).pvalue


def test_p_is_never_too_small_by_chance_alone():
    rng = np.random.default_rng(4)
    found = period_change(rng.poisson(6, 4_000), rng.poisson(12, 4_000), lengths=(1, 2))
    for level in (0.01, 0.05, 0.2):
        assert np.mean(found.pvalue <= level) <= level
    assert np.mean((found.lower <= 1) & (found.upper >= 1)) >= 0.95


def test_dispersion_of_chance_is_one_and_repeats_raise_it():
    rng = np.random.default_rng(6)
    steady = rng.poisson(rng.uniform(0.5, 5, (300, 1)), (300, 8)).astype(float)
    assert within_dispersion(steady) == pytest.approx(1, abs=3 * np.sqrt(2 / 2100))
    assert within_dispersion(3 * steady) == pytest.approx(3 * within_dispersion(steady))
    steady[:, 7] = np.nan
    assert within_dispersion(steady) == pytest.approx(within_dispersion(steady[:, :7]))
    assert np.isnan(within_dispersion([[0, 0], [np.nan, 3]]))


@pytest.mark.parametrize("wrong", [{"lengths": (0, 1)}, {"dispersion": 0}, {"before": -1}])
def test_impossible_counts_and_lengths_are_refused(wrong):
    with pytest.raises(HotspotError, match="counts from 0 in two periods"):
        period_change(**{"before": 1, "after": 1, **wrong})


def test_dispersion_is_pearsons_of_statsmodels():
    counts = np.random.default_rng(3).negative_binomial(2, 0.3, (40, 6)).astype(float)
    counts[5] = 0.0  # no incident, no degree of freedom
    kept = np.delete(counts, 5, axis=0)
    design = np.kron(np.eye(39), np.ones((6, 1)))
    second = sm.GLM(kept.ravel(), design, family=sm.families.Poisson()).fit()
    assert within_dispersion(counts) == pytest.approx(second.pearson_chi2 / second.df_resid, rel=1e-9)


@given(st.integers(0, 2**32 - 1))
def test_neither_the_order_of_the_places_nor_of_the_steps_matters(seed):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(2.0, (9, 6)).astype(float)
    counts[3, 2] = np.nan
    order, steps = rng.permutation(9), rng.permutation(6)
    assert within_dispersion(counts[order][:, steps]) == pytest.approx(within_dispersion(counts))
    before, after = counts[:, 0], counts[:, 1]
    found, moved = period_change(before, after), period_change(before[order], after[order])
    assert moved.qvalue == pytest.approx(found.qvalue[order], nan_ok=True)
    # days or hours: only how the lengths compare
    assert period_change(before, after, lengths=(24, 48)).ratio == pytest.approx(
        period_change(before, after, lengths=(1, 2)).ratio, nan_ok=True
    )
