"""Many tests, two sides, several draws."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hotspot.errors import HotspotError
from hotspot.stats.significance import benjamini_hochberg, combine_draws, two_sided, undecided

PVALUES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def test_the_textbook_vector_has_two_rejections():
    p = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216]
    q = benjamini_hochberg(p)
    assert q == pytest.approx([0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.74 / 7, 0.216, 0.216, 0.216])
    assert (q <= 0.05).sum() == 2


@given(PVALUES)
def test_scipy_agrees(p):
    assert benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p), abs=1e-15)


@given(PVALUES, st.randoms(use_true_random=False))
def test_order_and_untested_places_change_nothing(p, random):
    order = random.sample(range(len(p)), len(p))
    q = benjamini_hochberg(p)
    assert benjamini_hochberg(np.array(p)[order]) == pytest.approx(q[order], abs=0)
    with_gaps = benjamini_hochberg([np.nan, *p, np.nan])
    assert np.isnan(with_gaps[[0, -1]]).all()
    assert (with_gaps[1:-1] == q).all()


def test_the_correction_for_any_dependence_would_cost_most_of_what_is_found():
    # METHODS 7: Benjamini and Yekutieli's first two are .02929 and .11716; not taken, for what EXACT measured
    p = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216]
    by = stats.false_discovery_control(p, method="by")
    assert by[:2] == pytest.approx([0.02929, 0.11716], abs=5e-6)
    assert (benjamini_hochberg(p) <= by).all()


def test_nothing_tested_is_nothing_said():
    assert np.isnan(benjamini_hochberg([np.nan, np.nan])).all()
    assert benjamini_hochberg([]).size == 0


def test_two_sides_double_the_smaller_and_stop_at_one():
    assert two_sided([0.01, 0.7, 1.0], [0.995, 0.6, 0.02]).tolist() == [0.02, 1.0, 0.04]
    assert np.isnan(two_sided(np.nan, 0.1))


def test_one_draw_is_itself_and_agreeing_draws_at_most_double():
    assert combine_draws([[0.01, 0.2]]).tolist() == [0.01, 0.2]
    assert combine_draws(np.full((20, 1), 0.01)).tolist() == [0.02]
    assert combine_draws(np.full((5, 1), 0.3)) == pytest.approx([0.5])


@given(st.lists(st.lists(st.floats(0, 1), min_size=4, max_size=4), min_size=1, max_size=9), st.randoms())
def test_combined_draws_are_ruegers_order_statistic_in_any_order(rows, random):
    p = np.array(rows)
    k = int(np.ceil(len(p) / 2))  # Vovk and Wang (2020): K / k times the k-th smallest is a p whatever depends on what
    each = [min(1.0, sorted(column)[k - 1] * len(p) / k) for column in p.T]
    assert combine_draws(p) == pytest.approx(each)
    assert combine_draws([[0.4321], [0.01234], [0.0432], [0.7]]).tolist() == [0.0864]  # two of four: twice the second
    shuffled = p[random.sample(range(len(p)), len(p))]
    assert combine_draws(shuffled) == pytest.approx(each)
    assert combine_draws(p[:, ::-1])[::-1] == pytest.approx(each)


def test_a_few_extreme_draws_do_not_decide():
    p = np.full((10, 1), 0.6)
    p[:4] = 1e-9
    assert combine_draws(p).tolist() == [1.0]


def test_untested_draws_count_against_and_untested_cells_stay_unsaid():
    combined = combine_draws([[0.01, np.nan], [np.nan, np.nan], [np.nan, np.nan]])
    assert combined[0] == 1.0
    assert np.isnan(combined[1])


def test_combined_p_holds_for_identical_and_for_independent_draws():
    rng = np.random.default_rng(1)
    same = np.repeat(rng.random((1, 20000)), 6, axis=0)
    apart = rng.random((6, 20000))
    for p in (same, apart):
        assert np.mean(combine_draws(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 20000)


def test_the_undecided_share_counts_cells_that_change_sides():
    found = undecided([[0.01, 0.01, 0.9, np.nan], [0.01, 0.2, 0.9, np.nan]], 0.05)
    assert found.share_of_draws[:3].tolist() == [1.0, 0.5, 0.0]
    assert np.isnan(found.share_of_draws[3])
    assert found.share == 0.5
    assert np.isnan(undecided([[0.9]], 0.05).share)


@pytest.mark.parametrize("function", [benjamini_hochberg, combine_draws])
def test_what_is_no_probability_is_refused(function):
    with pytest.raises(HotspotError, match=r"found: 1\.2"):
        function([0.1, 1.2])


@given(
    st.lists(st.lists(st.sampled_from([0.01, 0.04, 0.2, 0.9]), min_size=5, max_size=5), min_size=1, max_size=7),
    st.randoms(),
)
def test_the_undecided_share_is_counted_cell_by_cell_in_any_order(rows, random):
    q = np.array(rows)
    found = undecided(q, 0.05)
    flagged = [[value <= 0.05 for value in column] for column in q.T]
    assert found.share_of_draws.tolist() == [float(Fraction(sum(each), len(each))) for each in flagged]
    ever, always = sum(map(any, flagged)), sum(map(all, flagged))
    assert found.share == pytest.approx(1 - always / ever if ever else np.nan, nan_ok=True)
    shuffled = undecided(q[random.sample(range(len(q)), len(q))][:, ::-1], 0.05)
    assert shuffled.share == pytest.approx(found.share, nan_ok=True)
    assert (shuffled.share_of_draws[::-1] == found.share_of_draws).all()
