"""Fay-Herriot against METHODS 4.2, and its limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hotspot.errors import HotspotError
from hotspot.stats.small_areas import fay_herriot, share_variance

VARIANCE = np.array([0.0080, 0.0040, 0.0120, 0.0025, 0.0060, 0.0050])
X = np.array([1.2, 0.9, 1.8, 0.5, 1.4, 1.0])
DIRECT = np.array([0.72, 0.61, 0.75, 0.90, 0.48, 0.87])
ON_A_LINE = np.array([0.72, 0.81, 0.55, 0.90, 0.68, 0.77])


def test_reference_reml():
    found = fay_herriot(DIRECT, VARIANCE, X)
    assert found.between == pytest.approx(0.0193785, abs=1e-7)
    assert found.coefficients == pytest.approx([0.918699, -0.177702], abs=2e-6)
    expected = [0.715750, 0.635454, 0.692190, 0.891984, 0.524900, 0.843542]
    assert found.value == pytest.approx(expected, abs=2e-6)
    assert found.findings == ()


def test_reference_prasad_rao():
    assert fay_herriot(DIRECT, VARIANCE, X, "prasad_rao").between == pytest.approx(0.0195062, abs=1e-7)


@pytest.mark.parametrize("method", ["reml", "prasad_rao"])
def test_reference_without_variance_between_areas(method):
    found = fay_herriot(ON_A_LINE, VARIANCE, X, method)
    assert found.between == 0
    line = np.column_stack([np.ones(6), X]) @ found.coefficients
    assert found.value == pytest.approx(line)
    assert "regression line" in str(found.findings[0])


@given(arrays(float, 8, elements=st.floats(0.05, 0.95)), st.sampled_from(["reml", "prasad_rao"]))
def test_estimates_lie_between_own_answers_and_the_line(direct, method):
    found = fay_herriot(direct, np.linspace(0.002, 0.02, 8), None, method)
    line = found.coefficients[0]
    assert (found.value >= np.minimum(direct, line) - 1e-9).all()
    assert (found.value <= np.maximum(direct, line) + 1e-9).all()
    assert (np.diff(found.own) <= 1e-12).all()  # less certain, less own weight
    assert (found.error > 0).all()


def test_an_area_without_answers_gets_the_line_and_changes_nothing():
    known = fay_herriot(DIRECT, VARIANCE, X)
    found = fay_herriot(np.append(DIRECT, np.nan), np.append(VARIANCE, np.nan), np.append(X, 1.0))
    assert found.value[:6] == pytest.approx(known.value)
    assert found.value[6] == pytest.approx(known.coefficients.sum())
    assert found.own[6] == 0
    assert found.error[6] > found.error[:6].max()


def test_an_unknown_covariate_cannot_say():
    found = fay_herriot(np.append(DIRECT, 0.5), np.append(VARIANCE, 0.01), np.append(X, np.nan))
    assert np.isnan([found.value[6], found.error[6]]).all()
    assert found.value[:6] == pytest.approx(fay_herriot(DIRECT, VARIANCE, X).value)


def test_a_share_of_all_or_none_is_still_uncertain():
    assert share_variance([0.0, 1.0], [10, 10]) == pytest.approx([11 / 12 / 12 / 10] * 2)
    assert share_variance([0.72], [25]) == pytest.approx([0.72 * 0.28 / 25])
    assert np.isnan(share_variance([np.nan, 0.5], [10, 0])).all()


@given(st.floats(0.01, 0.99), st.floats(1, 900))
def test_yes_and_no_are_equally_uncertain_and_more_answers_less(share, answers):
    found = share_variance([share, 1 - share], [answers, answers])
    assert found[0] == pytest.approx(found[1], rel=1e-9)
    assert found[0] > 0
    assert share_variance([share], [4 * answers])[0] < found[0]
    assert share_variance([18 / 25], [25])[0] == pytest.approx(0.008064)  # .72 of 25: .2016 / 25


def test_impossible_input_is_refused():
    with pytest.raises(HotspotError, match="variance above zero"):
        fay_herriot(DIRECT, VARIANCE * 0, X)
    with pytest.raises(HotspotError, match="more areas with answers"):
        fay_herriot(DIRECT[:2], VARIANCE[:2], X[:2])
    with pytest.raises(HotspotError, match="more areas with answers"):
        fay_herriot(DIRECT, VARIANCE, np.column_stack([X, X]))
    with pytest.raises(HotspotError, match="reml or prasad_rao"):
        fay_herriot(DIRECT, VARIANCE, X, "ml")
