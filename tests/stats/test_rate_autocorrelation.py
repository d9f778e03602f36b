"""EB-standardised Moran: values printed by esda's documentation, and what small populations must not do."""

import numpy as np
import pytest
from esda.smoothing import assuncao_rate
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import HotspotError
from hotspot.stats.moran import local_moran
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.rate_autocorrelation import eb_moran, eb_standardised, local_eb_moran

EVENTS = np.array([30, 25, 25, 15, 33, 21, 30, 20.0])
PEOPLE = np.array([100, 100, 110, 90, 100, 90, 110, 90.0])


def line(n: int) -> Neighbours:
    ends = np.arange(n - 1)
    return Neighbours.from_pairs(np.r_[ends, ends + 1], np.r_[ends + 1, ends], n)


def test_a_negative_variance_between_areas_is_taken_as_none():
    # METHODS 7: spdep's values; esda keeps a = -.00037 and prints 1.038, -.041, -.563, -1.731
    found = eb_standardised(EVENTS, PEOPLE)
    assert found[:4] == pytest.approx([0.95839, -0.03783, -0.51461, -1.61106], abs=5e-6)
    b = EVENTS.sum() / PEOPLE.sum()
    a = np.sum(PEOPLE * (EVENTS / PEOPLE - b) ** 2) / PEOPLE.sum() - b / PEOPLE.mean()
    assert a == pytest.approx(-0.00037336, abs=5e-9)
    kept = [1.03843594, -0.04099089, -0.56250375, -1.73061861]
    assert np.ravel(assuncao_rate(EVENTS, PEOPLE))[:4] == pytest.approx(kept, abs=1e-8)
    assert ((EVENTS / PEOPLE - b) / np.sqrt(a + b / PEOPLE))[:4] == pytest.approx(kept, abs=1e-8)


def test_where_the_variance_is_positive_esda_agrees():
    events = np.array([2, 9, 4, 30, 1.0])
    people = np.array([100, 150, 400, 500, 50.0])
    assert eb_standardised(events, people) == pytest.approx(np.ravel(assuncao_rate(events, people)))


@given(st.lists(st.integers(0, 40), min_size=6, max_size=6).filter(any), st.integers(1, 50))
def test_the_unit_of_the_population_does_not_matter(events, factor):
    people = np.array([100, 40, 300, 80, 60, 200.0])
    once, more = eb_standardised(events, people), eb_standardised(events, people * factor)
    assert more == pytest.approx(once, abs=1e-9)
    whole, again = eb_moran(events, people, line(6)), eb_moran(events, people * factor, line(6))
    assert again.statistic == pytest.approx(whole.statistic, abs=1e-9, nan_ok=True)
    parts, others = (
        local_eb_moran(events, people * by, line(6), permutations=99, rng=np.random.default_rng(1))
        for by in (1, factor)
    )
    assert others.statistic == pytest.approx(parts.statistic, abs=1e-9, nan_ok=True)


def test_an_empty_area_is_out_and_leaves_the_others_alone():
    found = eb_standardised([*EVENTS, 3, np.nan], [*PEOPLE, 0, 50])
    assert found[:8] == pytest.approx(eb_standardised(EVENTS, PEOPLE))
    assert np.isnan(found[8:]).all()
    local = local_eb_moran([*EVENTS, 3], [*PEOPLE, 0], line(9), rng=np.random.default_rng(1))
    assert local.quadrant[8] == "undefined"
    assert local.tests == 8
    assert eb_moran([*EVENTS, 3], [*PEOPLE, 0], line(9)) == eb_moran(EVENTS, PEOPLE, line(8))


def test_nothing_recorded_says_nothing():
    assert np.isnan(eb_standardised([0, 0, 0], [10, 20, 30])).all()
    assert np.isnan(eb_standardised([1, 2], [0, np.nan])).all()
    assert np.isnan(eb_moran([0] * 8, PEOPLE, line(8)).pvalue)
    with pytest.raises(HotspotError, match="must not be negative"):
        eb_standardised([-1, 2], [10, 20])


def test_small_areas_side_by_side_make_false_clusters_of_raw_rates_only():
    rows, cols = np.divmod(np.arange(400), 20)
    people = np.where((rows < 10) & (cols < 10), 4.0, 2000.0)  # a thinly peopled quarter
    near, draw = Neighbours.from_lattice(rows, cols), np.random.default_rng(8)
    raw, eb = 0, 0
    for _ in range(40):
        events = draw.poisson(people * 0.02)
        raw += bool((local_moran(events / people, near, rng=draw).qvalue <= 0.05).any())
        eb += bool((local_eb_moran(events, people, near, rng=draw).qvalue <= 0.05).any())
    assert raw >= 35
    assert eb <= 3
