from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import HotspotError
from hotspot.stats.hit_rates import hit_rates, recapture


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
