import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import HotspotError
from hotspot.stats.hit_rates import flagged_chance, hit_rate_ahead, hit_rates, recapture


def test_published_values():
    # obs (6,3,0), pred (3,2,1), unit area: PAI 2, 1.5, 1 and PEI 1 (ptools)
    for cells, pai in ((1, 2.0), (2, 1.5), (3, 1.0)):
        found = hit_rates([6, 3, 0], [3, 2, 1], cells / 3)
        assert found.pai == pytest.approx(pai)
        assert found.pei == 1.0
    observed, predicted = [6, 7, 3, 2, 1, 0], [8, 4, 4, 2, 1, 0]
    found = [hit_rates(observed, predicted, n / 6) for n in range(1, 7)]
    assert [each.pai for each in found] == pytest.approx([1.894737, 1.421053, 1.684211, 1.421053, 1.2, 1.0], abs=1e-6)
    assert [each.pei for each in found] == pytest.approx([0.857143, 0.692308, 1, 1, 1, 1], abs=1e-6)


def test_shared_ties_lie_between_the_worst_and_the_best():
    assert hit_rates([6, 7, 3, 0], [4, 4, 4, 1], 0.5).hits == 9
    assert hit_rates([6, 7, 3, 0], [4, 4, 4, 1], 0.5, "shared").hits == pytest.approx(2 * 16 / 3)
    assert hit_rates([6, 7, 3, 0], [4, 4.2, 4.1, 1], 0.5, "shared").hits == 10


@given(st.lists(st.integers(0, 9), min_size=2, max_size=30), st.integers(0, 99))
def test_no_map_beats_the_best_and_order_does_not_matter(counts, seed):
    rng = np.random.default_rng(seed)
    seen, told = np.array(counts, float), rng.integers(0, 4, len(counts)).astype(float)
    order = rng.permutation(len(counts))
    for ties in ("against", "shared"):
        found = hit_rates(seen, told, 0.3, ties)
        assert found.hits <= found.best + 1e-9
        assert hit_rates(seen[order], told[order], 0.3, ties) == pytest.approx(found, nan_ok=True)
    assert hit_rates(seen, told, 0.3).hits <= hit_rates(seen, told, 0.3, "shared").hits + 1e-9


def test_without_later_events_nothing_can_be_said():
    assert np.isnan(hit_rates(np.zeros(4), np.arange(4.0), 0.5).pai)
    assert np.isnan(recapture(3, 10, 0, 0))
    assert np.isnan(recapture(0, 10, 3, 10))


def test_recapture_is_levines_ratio_of_shares():
    assert recapture(20, 100, 15, 50) == pytest.approx(1.5)
    assert recapture(20, 100, 20, 100) == 1
    assert recapture(37, 412, 29, 365) == pytest.approx(float(Fraction(29, 365) / Fraction(37, 412)))


def test_other_cells_and_impossible_shares_are_refused():
    for observed, share in ((np.zeros(3), 0.5), (np.zeros(4), 0.0), (np.zeros(4), 1.5)):
        with pytest.raises(HotspotError, match="its own cells"):
            hit_rates(observed, np.zeros(4), share)


@given(st.integers(1, 40), st.integers(0, 40), st.integers(1, 9))
def test_a_share_hangs_on_no_unit(inside, later, times):
    once = recapture(inside, 50, later, 50)
    assert recapture(inside * times, 50 * times, later, 50) == pytest.approx(once)
    assert recapture(inside, 50, later * times, 50 * times) == pytest.approx(once)
    seen, told = np.array([6.0, 7, 3, 2, 1, 0]), np.array([8.0, 4, 4, 2, 1, 0])
    one, other = hit_rates(seen, told, 0.5), hit_rates(seen * times, told * times + 3, 0.5)
    assert (other.hit_rate, other.pai, other.pei) == pytest.approx((one.hit_rate, one.pai, one.pei))


def test_the_interval_of_paired_shares_is_agrestis():
    # approval asked twice of 1,600: 794 both, 150 first only, 86 second only, 570 neither; second less first -.04 with
    # standard error .0095, 95% -.06 to -.02 (Agresti 2002, Categorical Data Analysis, 10.1.1)
    gain, later = np.array([0.0, -1, 1, 0]), np.array([794.0, 150, 86, 570])
    found = hit_rate_ahead([gain], [later], np.random.default_rng(1), draws=20_000)
    assert found.difference == pytest.approx(-0.04)
    assert (found.lower, found.upper) == pytest.approx((-0.04 - 1.96 * 0.0095, -0.04 + 1.96 * 0.0095), abs=0.0008)


def test_windows_are_pooled_as_hit_rates_are_and_the_way_round_only_turns_the_sign():
    rng = np.random.default_rng(2)
    one, other = rng.random((2, 3, 40))
    later = [rng.integers(0, 5, 40).astype(float), rng.integers(0, 2, 40).astype(float), np.zeros(40)]
    flags = [[flagged_chance(each, 0.1) for each in maps] for maps in (one, other)]
    gains = [a - b for a, b in zip(*flags, strict=True)]
    hits = [
        sum(hit_rates(seen, told, 0.1, "shared").hits for seen, told in zip(later, maps, strict=True))
        for maps in (one, other)
    ]
    found = hit_rate_ahead(gains, later, np.random.default_rng(3))
    assert found.difference == pytest.approx((hits[0] - hits[1]) / sum(each.sum() for each in later))
    assert found.lower <= found.difference <= found.upper
    turned = hit_rate_ahead([-each for each in gains], later, np.random.default_rng(3))
    assert turned.difference == pytest.approx(-found.difference)
    assert (turned.upper, turned.lower) == pytest.approx((-found.lower, -found.upper), abs=0.02)
    assert found == hit_rate_ahead(gains, later, np.random.default_rng(3))


def test_maps_alike_are_ahead_by_nothing_and_no_events_say_nothing():
    alike = hit_rate_ahead([np.zeros(5)], [np.arange(5.0)], np.random.default_rng(4))
    assert alike == (0, 0, 0)
    assert np.isnan(hit_rate_ahead([np.ones(5)], [np.zeros(5)], np.random.default_rng(4))).all()
    surely = hit_rate_ahead([np.ones(2)], [np.array([0.3, 0.4])], np.random.default_rng(4))  # chances of counting
    assert surely == pytest.approx((1, 1, 1))


def test_four_times_the_events_halve_the_interval():
    gain, later = np.array([1.0, -1, 0]), np.array([30.0, 20, 150])
    few, many = (hit_rate_ahead([gain], [later * n], np.random.default_rng(5)) for n in (1, 4))
    assert (few.upper - few.lower) / (many.upper - many.lower) == pytest.approx(2, abs=0.15)


def test_cells_tied_at_the_limit_are_flagged_as_often_as_in_all_their_orders():
    told = np.array([2.0, 5, 2, 2, 1, 2])
    orders = np.array(list(itertools.permutations(range(6))))  # lots drawn: ties fall by them
    flagged = np.array([np.isin(range(6), np.lexsort((lots, -told))[:3]) for lots in orders])
    assert flagged_chance(told, 0.5) == pytest.approx(flagged.mean(axis=0))


@given(st.lists(st.integers(0, 4), min_size=2, max_size=30), st.integers(0, 99))
def test_as_many_cells_are_flagged_as_asked_in_any_order(values, seed):
    told, order = np.array(values, float), np.random.default_rng(seed).permutation(len(values))
    found = flagged_chance(told, 0.3)
    assert found.sum() == pytest.approx(max(1, round(0.3 * len(told))))
    assert flagged_chance(told[order], 0.3) == pytest.approx(found[order])
    assert flagged_chance(3 * told + 1, 0.3) == pytest.approx(found)


def test_cells_tied_at_the_limit_are_flagged_by_lot():
    assert flagged_chance([5, 3, 3, 3, 1], 0.4) == pytest.approx([1, 1 / 3, 1 / 3, 1 / 3, 0])
    assert flagged_chance([np.nan, 2, 1, 0], 0.5) == pytest.approx([0, 1, 1, 0])
