"""Densities from all other places against plain sums over pairs."""

import numpy as np
import pytest
from scipy import special
from scipy.spatial import distance

from hotspot.stats import held_out as module
from hotspot.stats.held_out import held_out

POINTS = np.array([[0, 0], [30, 40], [30, 40], [200, 0]], dtype=float)


def _density(at, others, sigma):
    d2 = ((others - at) ** 2).sum(axis=1)
    return np.exp(-d2 / (2 * sigma**2)).sum() / (2 * np.pi * sigma**2 * len(others))


def test_places_are_distinct_and_counted():
    held = held_out(POINTS[::-1])
    assert held.places.tolist() == [[0, 0], [30, 40], [200, 0]]
    assert held.incidents.tolist() == [1, 2, 1]
    assert held.nearest_m == pytest.approx([50, 50, np.hypot(170, 40)])
    assert held_out(np.array([[1.0, 1.0]])).nearest_m[0] == np.inf


def test_a_place_is_left_out_with_all_its_incidents():
    left = [_density(p, POINTS[(p != POINTS).any(axis=1)], 60) for p in POINTS]
    assert held_out(POINTS).mean_log_density(60) == pytest.approx(np.mean(np.log(left)))
    squared = np.mean([_density(p, POINTS, 60 * np.sqrt(2)) for p in POINTS])
    assert held_out(POINTS).squared_error(60) == pytest.approx(squared - 2 * np.mean(left))


def test_a_far_place_does_not_underflow():
    far = held_out(np.vstack([POINTS, [[1e5, 1e5]]]))
    assert np.isfinite(far.mean_log_density(25))
    assert far.mean_log_density(25) < far.mean_log_density(500)


def held_exactly(points, sigma):
    """The mean log density from all pairs, by scipy's log of a sum: nothing is left out as too far."""
    pairs = -distance.cdist(points, points, "sqeuclidean") / (2 * sigma**2)
    np.fill_diagonal(pairs, -np.inf)
    return (special.logsumexp(pairs, axis=1) - np.log(2 * np.pi * sigma**2 * (len(points) - 1))).mean()


@pytest.mark.parametrize("sigma", [0.1, 3, 30, 1000])
def test_what_is_too_far_adds_nothing(sigma):
    points = np.random.default_rng(8).normal(0, 150, (800, 2))
    assert held_out(points).mean_log_density(sigma) == pytest.approx(held_exactly(points, sigma), rel=1e-12)


def test_the_lattice_is_as_good_as_the_pairs(monkeypatch):
    points = np.random.default_rng(8).normal(0, 150, (800, 2))
    held = held_out(points)
    exact = [held.mean_log_density(sigma) for sigma in (25, 100)]
    monkeypatch.setattr(module, "EXACT_PLACES", 0)
    assert held.mean_log_density(0.1) == pytest.approx(held_exactly(points, 0.1), rel=1e-12), "few pairs are summed"
    monkeypatch.setattr(module, "PAIRS_PER_CELL", 0)
    assert [held.mean_log_density(sigma) for sigma in (25, 100)] == pytest.approx(exact, rel=1e-5)
    assert held.tolerance > 1e-9
