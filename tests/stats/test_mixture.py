import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from hotspot.errors import HotspotError
from hotspot.stats.mixture import mixture_weights


def likelihood(weights, densities, counts):
    return float(counts @ np.log(weights @ densities))


@given(st.integers(0, 10_000), st.integers(2, 5))
def test_no_other_optimiser_finds_a_larger_likelihood(seed, kinds):
    rng = np.random.default_rng(seed)
    densities, counts = rng.gamma(0.5, size=(kinds, 40)) + 1e-6, rng.integers(1, 4, 40).astype(float)
    found = mixture_weights(densities, counts)
    assert found.sum() == pytest.approx(1)
    other = minimize(
        lambda w: -likelihood(w, densities, counts), np.full(kinds, 1 / kinds), bounds=[(0, 1)] * kinds,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1}, method="SLSQP",
    )  # fmt: skip
    assert likelihood(found, densities, counts) >= likelihood(other.x / other.x.sum(), densities, counts) - 1e-4


def test_two_kinds_that_exclude_each_other_get_their_shares():
    # the maximum of a log w + b log(1 - w) is a / (a + b)
    densities = np.array([[1.0, 1, 1, 0], [0, 0, 0, 1]])
    assert mixture_weights(densities) == pytest.approx([0.75, 0.25], abs=1e-6)
    assert mixture_weights(densities, [1, 1, 1, 7]) == pytest.approx([0.3, 0.7], abs=1e-6)


def test_units_and_repetitions_change_nothing():
    densities = np.random.default_rng(2).gamma(1.0, size=(3, 30))
    found = mixture_weights(densities)
    assert mixture_weights(densities * np.linspace(1, 9, 30)) == pytest.approx(found, abs=1e-5)
    assert mixture_weights(np.tile(densities, 2)) == pytest.approx(found, abs=1e-5)
    assert mixture_weights(densities[::-1]) == pytest.approx(found[::-1], abs=1e-5)


def test_nothing_seen_leaves_all_alike_and_the_impossible_is_refused():
    assert mixture_weights(np.ones((4, 2)), [0, 0]) == pytest.approx([0.25] * 4)
    for wrong in ([[1.0, 0.0], [1.0, 0.0]], [[1.0, -1.0], [1.0, 2.0]], [[np.nan, 1.0], [1.0, 1.0]]):
        with pytest.raises(HotspotError, match="possible under one of them"):
            mixture_weights(wrong)
