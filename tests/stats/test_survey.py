import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import HotspotError
from hotspot.stats.survey import design_effect, rake, smooth, smooth_bandwidth, weighted_share, wilson

# Values computed independently with numpy and statsmodels; tolerance: printed digits.
CELLS = [[40, 30], [20, 10]]


def test_raking_reaches_known_totals():
    table = rake(CELLS, [[60, 40], [50, 50]])
    assert table == pytest.approx(np.array([[27.57651, 32.42349], [22.42349, 17.57651]]), abs=5e-5)
    weights = table / np.array(CELLS)
    each = np.repeat(weights.ravel(), np.ravel(CELLS))
    assert design_effect(each) == pytest.approx(1.100884, abs=1e-5)
    assert len(each) / design_effect(each) == pytest.approx(90.836, abs=1e-2)


def test_raking_refuses_what_cannot_be():
    with pytest.raises(HotspotError, match="agree"):
        rake(CELLS, [[60, 40], [50, 60]])
    with pytest.raises(HotspotError, match="in the sample"):
        rake([[1, 0], [1, 0]], [[1, 1], [1, 1]])


def test_wilson_on_a_known_share():
    assert wilson(18 / 25, 25) == pytest.approx((0.52423, 0.85716), abs=1e-5)
    assert np.isnan(wilson(0.5, 0)).all()
    share = weighted_share([1] * 18 + [0] * 7, [2.0] * 25)
    assert (share.value, share.lower, share.upper) == pytest.approx((0.72, 0.52423, 0.85716), abs=1e-5)


def test_no_answer_does_not_count_and_none_cannot_be_said():
    share = weighted_share([1, 0, np.nan, 1], [1, 1, 100, 1])
    assert (share.value, share.n, share.effective) == (pytest.approx(2 / 3), 3, 3.0)
    assert np.isnan(weighted_share([np.nan], [1]).value)
    assert weighted_share([], []).n == 0
    with pytest.raises(HotspotError, match="not negative"):
        weighted_share([1], [-1])


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0.1, 10)), min_size=1, max_size=50), st.floats(0.1, 100))
def test_shares_ignore_the_scale_and_order_of_weights(rows, scale):
    y, w = np.array(rows).T
    one, other = weighted_share(y, w), weighted_share(y[::-1], w[::-1] * scale)
    assert one.value == pytest.approx(other.value)
    assert one.effective == pytest.approx(other.effective)
    assert -1e-12 <= one.lower <= one.value + 1e-12
    assert one.value <= one.upper + 1e-12


POINTS = [(0, 0), (100, 0), (0, 100), (100, 100)]


def test_smoothing_on_known_values():
    found = smooth(POINTS, [2, 4, 4, 5], [1, 1, 2, 1], [(50, 50), (0, 0)], 100)
    assert found.value == pytest.approx([3.8, 3.487958], abs=1e-6)
    assert found.effective == pytest.approx([3.5714, 3.415424], abs=1e-4)
    assert found.error == pytest.approx([0.611010, 0.677330], abs=1e-6)


def test_smoothing_stays_within_the_answers_and_silent_far_away():
    found = smooth(POINTS, [1, 1, 1, 1], [1, 1, 2, 1], [(50, 50), (1e6, 0)], 100)
    assert found.value[0] == 1.0
    assert found.error[0] == 0.0
    assert np.isnan(found.value[1])
    assert found.effective[1] == 0


def test_bandwidth_is_wide_for_noise_and_unknown_for_two():
    rng = np.random.default_rng(3)
    points = rng.uniform(0, 2000, (300, 2))
    noise = rng.integers(0, 2, 300)
    clear = (points[:, 0] > 1000).astype(float)
    ones = np.ones(300)
    assert smooth_bandwidth(points, clear, ones) < smooth_bandwidth(points, noise, ones)
    assert np.isnan(smooth_bandwidth(points[:2], clear[:2], ones[:2]))


def test_bandwidth_is_the_best_of_leaving_each_answer_out_by_hand():
    rng = np.random.default_rng(5)
    points, weights = rng.uniform(0, 1500, (60, 2)), rng.uniform(0.5, 2, 60)
    answers = (points[:, 0] + rng.normal(0, 300, 60) > 700).astype(float)

    def wrong(h):
        k = weights * np.exp(-np.sum((points[:, None] - points) ** 2, axis=2) / 2 / h**2)
        np.fill_diagonal(k, 0)
        return np.average((answers - k @ answers / k.sum(axis=1)) ** 2, weights=weights)

    found = smooth_bandwidth(points, answers, weights)
    assert found >= 100
    assert wrong(found) <= min(wrong(h) for h in np.geomspace(100, 2000, 200)) * 1.01
    order = rng.permutation(60)
    for other in (points[order], points[order][:, ::-1], points[order] + 4096.0):
        assert smooth_bandwidth(other, answers[order], 3 * weights[order]) == pytest.approx(found)


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4), st.permutations(range(4)), st.floats(0.1, 9))
def test_smoothing_hangs_on_no_order_place_or_unit_and_stays_within_the_answers(answers, order, unit):
    y, w, order = np.array(answers), np.array([1, 1, 2, 1.0]), np.array(order)
    xy, at = np.array(POINTS, dtype=float), np.array([(50, 50), (0, 0), (170, -60.0)])
    found = smooth(xy, y, w, at, 100)
    assert (found.value >= y.min() - 1e-12).all()
    assert (found.value <= y.max() + 1e-12).all()
    for other in (
        smooth(xy[order], y[order], unit * w[order], at, 100),
        smooth(xy + 4096.0, y, w, at + 4096.0, 100),
        smooth(3 * xy[:, ::-1], y, w, 3 * at[:, ::-1], 300),
    ):
        assert other.value == pytest.approx(found.value, abs=1e-9)
        assert other.error == pytest.approx(found.error, abs=1e-9)


@given(st.lists(st.integers(1, 40), min_size=6, max_size=6), st.lists(st.floats(1, 9), min_size=5, max_size=5))
def test_raking_reproduces_every_margin_with_positive_weights(cells, wanted):
    table, rows, cols = np.array(cells, dtype=float).reshape(2, 3), np.array(wanted[:2]), np.array(wanted[2:])
    rows, cols = 1000 * rows / rows.sum(), 1000 * cols / cols.sum()
    found = rake(table, [rows, cols])
    assert found.sum(axis=1) == pytest.approx(rows, abs=1e-3)
    assert found.sum(axis=0) == pytest.approx(cols, abs=1e-3)
    assert (found / table > 0).all()
    assert rake(table[::-1, ::-1], [rows[::-1], cols[::-1]]) == pytest.approx(found[::-1, ::-1], abs=1e-3)


def test_the_same_answer_everywhere_has_no_error():
    found = smooth(POINTS, [0.7] * 4, [1, 1, 2, 0.3], [(50, 50), (0, 0), (290, -40)], 100)
    assert (found.value == 0.7).all()
    assert (found.error == 0).all()


def test_raking_that_cannot_settle_is_refused():
    with pytest.raises(HotspotError, match="empty parts: True"):
        rake([[10, 0], [0, 10]], [[12, 8], [8, 12]])
    with pytest.raises(HotspotError, match="agree"):
        rake(CELLS, [[60, 40]])
