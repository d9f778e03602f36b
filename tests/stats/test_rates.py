"""Intervals, empirical Bayes, gamma-Poisson and funnel of METHODS 5, and what must hold for any counts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from esda.smoothing import Empirical_Bayes, Spatial_Empirical_Bayes
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from libpysal.weights import W
from scipy import sparse, stats

from hotspot.errors import HotspotError
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.rates import (
    eb_global,
    eb_local,
    gamma_poisson,
    gamma_prior,
    sir,
    upper_tail,
)

OBSERVED = np.array([2, 9, 4, 30, 1.0])
PEOPLE = np.array([100, 150, 400, 500, 50.0])
LINE = sparse.csr_array(sparse.diags_array([np.ones(4), np.ones(4)], offsets=[-1, 1], shape=(5, 5)))
COUNTS = arrays(float, 6, elements=st.integers(0, 60).map(float))
POPULATIONS = arrays(float, 6, elements=st.integers(0, 2000).map(float))

INTERVALS = [
    (0, 2.5, 0, (0, 1.4756), (0, 1.4672), (0, 1.1983)),
    (1, 2, 0.5, (0.0127, 2.7858), (0.0065, 2.7819), (0.0250, 2.4659)),
    (10, 7, 1.4286, (0.6851, 2.6272), (0.6839, 2.6274), (0.7256, 2.5464)),
    (25, 15, 1.6667, (1.0786, 2.4603), (1.0783, 2.4604), (1.1025, 2.4240)),
    (100, 120, 0.8333, (0.6780, 1.0136), (0.6780, 1.0136), (0.6816, 1.0092)),
]


@pytest.mark.parametrize(("observed", "expected", "ratio", "garwood", "byar", "mid_p"), INTERVALS)
def test_reference_intervals(observed, expected, ratio, garwood, byar, mid_p):
    for method, limits in (("garwood", garwood), ("byar", byar), ("mid_p", mid_p)):
        found = sir(observed, expected, method=method)
        assert found.ratio[0] == pytest.approx(ratio, abs=5e-5)
        assert (found.lower[0], found.upper[0]) == pytest.approx(limits, abs=6e-5)


def test_reference_tail():
    assert upper_tail(25, 15)[0] == pytest.approx(0.0111648, abs=1e-7)
    assert upper_tail(25, 15, mid_p=True)[0] == pytest.approx(0.0086748, abs=1e-7)
    assert upper_tail(0, 3)[0] == 1


@pytest.mark.parametrize("method", ["garwood", "byar", "mid_p"])
@given(COUNTS, st.floats(0.1, 50), st.floats(1.1, 5))
def test_the_interval_holds_the_ratio_and_narrows_with_size(method, observed, expected, times):
    found = sir(observed, expected, method=method)
    assert (found.lower <= found.ratio).all()
    assert (found.ratio <= found.upper).all()
    assert (found.lower >= 0).all()
    larger = sir(observed[observed > 0] * times, expected * times, method=method)
    some = observed > 0
    assert (larger.upper - larger.lower < (found.upper - found.lower)[some]).all()


@pytest.mark.parametrize("method", ["garwood", "byar", "mid_p"])
def test_nothing_expected_or_unknown_is_undefined_and_leaves_others_alone(method):
    found = sir([1, 1, np.nan, 5], [0, np.nan, 2, 4], method=method)
    assert np.isnan(np.array(found)[:, :3]).all()
    alone = sir([5], [4], method=method)
    assert [column[3] for column in found] == [column[0] for column in alone]
    assert np.isnan(upper_tail([1, np.nan], [0, 2])).all()
    assert sir([], [], method=method).ratio.shape == (0,)


def test_negative_numbers_and_unknown_methods_are_refused():
    with pytest.raises(HotspotError, match="must not be negative"):
        sir([-1], [2])
    with pytest.raises(HotspotError, match="byar, garwood or mid_p"):
        sir([1], [2], method="wald")


def test_reference_global_empirical_bayes():
    expected = (0.0289242, 0.0516070, 0.0154306, 0.0565453, 0.0320047)
    assert eb_global(OBSERVED, PEOPLE) == pytest.approx(expected, abs=5e-8)
    assert eb_global(OBSERVED, PEOPLE) == pytest.approx(Empirical_Bayes(OBSERVED, PEOPLE).r.ravel())


def test_reference_local_empirical_bayes():
    expected = (0.0423729, 0.0478788, 0.0155117, 0.0569414, 0.0563636)
    found = eb_local(OBSERVED, PEOPLE, LINE)
    assert found == pytest.approx(expected, abs=5e-8)
    w = W({0: [1], 1: [0, 2], 2: [1, 3], 3: [2, 4], 4: [3]}, id_order=[0, 1, 2, 3, 4])
    assert found == pytest.approx(Spatial_Empirical_Bayes(OBSERVED, PEOPLE, w).r.ravel())


def counties() -> tuple[pd.DataFrame, Neighbours]:
    """Sudden infant deaths in 100 counties, as R's spdep 1.2-7 smooths them (tests/reference/autocorrelation.R)."""
    path = Path(__file__).parents[1] / "reference" / "autocorrelation_rates.csv"
    table = pd.read_csv(path, dtype={"queen": str})
    pairs = [(i, int(j)) for i, each in enumerate(table["queen"]) for j in each.split()]
    return table, Neighbours.from_pairs(*np.array(pairs).T, len(table))


def test_rates_are_those_of_spdep():
    table, near = counties()
    observed, births = table["observed"], table["births"]
    assert eb_global(observed, births) == pytest.approx(table["eb"].to_numpy(), rel=1e-9)
    local = eb_local(observed, births, near)
    assert local == pytest.approx(table["eb_local_geoda"].to_numpy(), rel=1e-9)
    assert (local == eb_local(observed, births, near.to_sparse())).all()
    # METHODS 7: Anson, the highest rate of all, of few births
    anson = (observed / births).idxmax()
    assert (observed / births)[anson] == pytest.approx(0.0095541, abs=5e-8)
    assert eb_global(observed, births)[anson] == pytest.approx(0.0048388, abs=5e-8)
    # spdep's default takes each neighbour's own mean: up to one death in a thousand births apart
    assert np.abs(local - table["eb_local"]).max() == pytest.approx(0.00091, abs=5e-6)


def test_the_prior_by_moments_and_the_posterior_make_spdeps_rates():
    table, _ = counties()
    observed, births = table["observed"].to_numpy(float), table["births"].to_numpy(float)
    prior = gamma_prior(observed, births)
    assert gamma_poisson(observed, births, prior).ratio == pytest.approx(table["eb"].to_numpy(), rel=1e-9)


@given(COUNTS, st.floats(0.1, 50), st.permutations(range(6)))
def test_tails_are_scipys_in_any_order(observed, expected, order):
    e, order = expected * np.linspace(0.5, 3, 6), np.array(order)
    found = upper_tail(observed, e)
    assert found == pytest.approx(stats.poisson.sf(observed - 1, e), rel=1e-9)
    assert (upper_tail(observed[order], e[order]) == found[order]).all()
    halved = upper_tail(observed, e, mid_p=True)
    assert halved == pytest.approx(found - stats.poisson.pmf(observed, e) / 2, abs=1e-12)


def test_ratios_and_their_limits_are_those_of_r():
    table, _ = counties()
    expected = table["births"] * table["observed"].sum() / table["births"].sum()
    assert expected.to_numpy() == pytest.approx(table["expected"].to_numpy(), rel=1e-9)  # spdep's probmap
    found = sir(table["observed"], expected, method="garwood")
    assert found.ratio == pytest.approx(table["ratio"].to_numpy(), rel=1e-9)
    # poisson.test, without its last digits: found there by a search
    limits = np.column_stack([table["lower"], table["upper"]])
    assert np.column_stack([found.lower, found.upper]) == pytest.approx(limits, rel=1e-6)
    below = 1.0 - upper_tail(table["observed"] + 1, expected)
    assert below == pytest.approx(table["at_most"].to_numpy(), abs=1e-12)


@given(COUNTS, st.integers(1, 2000))
def test_equal_populations_keep_their_order(observed, people):
    found = eb_global(observed, np.full(6, float(people)))
    order = np.argsort(observed)
    assert (np.diff(found[order]) >= -1e-12).all()
    everybody = sparse.csr_array(np.ones((6, 6)) - np.eye(6))
    assert eb_local(observed, np.full(6, float(people)), everybody) == pytest.approx(found)


@given(COUNTS, POPULATIONS.filter(lambda people: (people > 0).any()), st.permutations(range(6)), st.integers(2, 9))
def test_the_order_of_the_areas_and_the_unit_of_the_population_do_not_matter(observed, people, order, factor):
    ring, order = np.roll(np.eye(6), 1, axis=1) + np.roll(np.eye(6), -1, axis=1), np.array(order)
    one = eb_local(observed, people, sparse.csr_array(ring))
    moved = eb_local(observed[order], people[order], sparse.csr_array(ring[np.ix_(order, order)]))
    assert moved == pytest.approx(one[order], nan_ok=True)
    assert eb_local(observed, people * factor, sparse.csr_array(ring)) * factor == pytest.approx(one, nan_ok=True)
    assert eb_global(observed, people * factor) * factor == pytest.approx(eb_global(observed, people), nan_ok=True)


@given(COUNTS, POPULATIONS)
def test_smoothed_rates_are_never_negative(observed, people):
    ring = sparse.csr_array(np.roll(np.eye(6), 1, axis=1) + np.roll(np.eye(6), -1, axis=1))
    for found in (eb_global(observed, people), eb_local(observed, people, ring)):
        assert (found[people > 0] >= 0).all()


@given(COUNTS, POPULATIONS)
def test_empirical_bayes_lies_between_own_and_reference_rate(observed, people):
    ring = sparse.csr_array(np.roll(np.eye(6), 1, axis=1) + np.roll(np.eye(6), -1, axis=1))
    lived = people > 0
    for found in (eb_global(observed, people), eb_local(observed, people, ring)):
        assert (np.isnan(found) == ~lived).all()
        if lived.any():
            raw = observed[lived] / people[lived]
            assert (found[lived] >= raw.min() - 1e-12).all()
            assert (found[lived] <= raw.max() + 1e-12).all()


@given(COUNTS, POPULATIONS.filter(lambda people: (people > 0).any()))
def test_each_smoothed_rate_lies_between_its_own_and_that_of_those_it_borrows_from(observed, people):
    ring = np.roll(np.eye(6), 1, axis=1) + np.roll(np.eye(6), -1, axis=1)
    lived = people > 0
    own = observed[lived] / people[lived]
    near = (ring + np.eye(6)) @ np.where(lived, observed, 0) / np.maximum((ring + np.eye(6)) @ people, 1e-300)
    overall = np.full(6, observed[lived].sum() / people.sum())
    for found, reference in (
        (eb_global(observed, people), overall),
        (eb_local(observed, people, sparse.csr_array(ring)), near),
    ):
        assert (found[lived] >= np.minimum(own, reference[lived]) - 1e-12).all()
        assert (found[lived] <= np.maximum(own, reference[lived]) + 1e-12).all()


@given(st.integers(1, 40), st.floats(0.2, 30), st.floats(1.1, 9))
def test_at_the_same_ratio_fewer_expected_are_less_sure(observed, expected, times):
    for method in ("byar", "garwood", "mid_p"):
        few, many = sir(observed, expected, method=method), sir(observed * times, expected * times, method=method)
        assert many.ratio == pytest.approx(few.ratio)
        assert many.lower[0] > few.lower[0]
        assert many.upper[0] < few.upper[0]


@given(COUNTS, POPULATIONS.filter(lambda people: (people > 0).any()))
def test_an_empty_area_leaves_the_others_as_they_are(observed, people):
    more = eb_global(np.append(observed, [3, np.nan]), np.append(people, [0, 50]))
    assert more[:6] == pytest.approx(eb_global(observed, people), nan_ok=True)
    assert np.isnan(more[6:]).all()
    wide = sparse.csr_array(np.ones((8, 8)))
    more = eb_local(np.append(observed, [3, np.nan]), np.append(people, [0, 50]), wide)
    assert more[:6] == pytest.approx(eb_local(observed, people, sparse.csr_array(np.ones((6, 6)))), nan_ok=True)


def test_limits_of_empirical_bayes():
    assert (eb_global([0, 0], [10, 20]) == 0).all()
    assert np.isnan(eb_global([1, 2], [0, 0])).all()
    assert eb_global([], []).size == 0
    island = eb_local(OBSERVED, PEOPLE, sparse.csr_array((5, 5)))
    assert island == pytest.approx(OBSERVED / PEOPLE)
    with pytest.raises(HotspotError, match="one row and column"):
        eb_local(OBSERVED, PEOPLE, sparse.csr_array((4, 4)))


@pytest.mark.parametrize(
    ("observed", "expected", "ratio", "lower", "upper", "above"),
    [
        (0, 2.5, 0.61538, 0.16767, 1.34881, 0.11185),
        (10, 7, 1.27273, 0.69581, 2.02095, 0.78129),
        (25, 15, 1.52632, 1.02220, 2.12988, 0.98046),
    ],
)
def test_reference_gamma_poisson(observed, expected, ratio, lower, upper, above):
    found = gamma_poisson(observed, expected, (4, 4))
    assert [column[0] for column in found] == pytest.approx([ratio, lower, upper, above], abs=5e-6)


def test_gamma_poisson_is_the_posterior_of_scipy():
    observed, expected = np.array([0, 3, 40.0]), np.array([0.5, 9, 22.0])
    posterior = stats.gamma(2.5 + observed, scale=1 / (3.5 + expected))
    found = gamma_poisson(observed, expected, (2.5, 3.5), level=0.9)
    assert found.ratio == pytest.approx(posterior.mean(), rel=1e-12)
    assert (found.lower, found.upper) == (
        pytest.approx(posterior.ppf(0.05), rel=1e-9),
        pytest.approx(posterior.ppf(0.95), rel=1e-9),
    )
    assert found.above_one == pytest.approx(posterior.sf(1), rel=1e-9)


@given(COUNTS, st.floats(0.1, 50), st.permutations(range(6)), st.floats(0.2, 5))
def test_the_order_of_the_areas_and_the_unit_of_what_is_expected_do_not_matter(observed, expected, order, unit):
    e, order = expected * np.linspace(0.5, 3, 6), np.array(order)
    one, moved = gamma_poisson(observed, e, (4, 4)), gamma_poisson(observed[order], e[order], (4, 4))
    # in another unit of the expected number ratios, and the prior's rate, are in that unit too
    other = gamma_poisson(observed, e * unit, (4, 4 * unit))
    assert moved.ratio == pytest.approx(one.ratio[order])
    assert moved.above_one == pytest.approx(one.above_one[order])
    assert other.ratio * unit == pytest.approx(one.ratio)
    assert other.upper * unit == pytest.approx(one.upper)
    if observed.any():
        prior, turned, scaled = (
            gamma_prior(*each) for each in ((observed, e), (observed[order], e[order]), (observed, e * unit))
        )
        assert turned == pytest.approx(prior)
        assert (scaled[0], scaled[1] / unit) == pytest.approx(prior)


def test_gamma_poisson_is_undefined_where_nothing_is_expected():
    assert np.isnan(np.array(gamma_poisson([1, np.nan], [0, 2], (4, 4)))).all()
    with pytest.raises(HotspotError, match="prior must be positive"):
        gamma_poisson(1, 1, (0, 1))


def test_the_prior_is_that_of_the_areas():
    rng = np.random.default_rng(5)
    expected = rng.uniform(20, 200, 4000)
    observed = rng.poisson(expected * rng.gamma(4, 1 / 4, 4000))
    assert gamma_prior(observed, expected) == pytest.approx((4, 4), rel=0.1)
    shape, rate = gamma_prior([10, 10], [10, 10])
    assert shape == rate == pytest.approx(1e6)
    assert np.isnan(gamma_prior([0, 0], [1, 2])).all()
