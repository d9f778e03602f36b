"""Overdispersion and the test given exposure, against scipy and a simulation."""

import numpy as np
import pytest
from scipy import stats

from hotspot.stats.negative_binomial import (
    dispersion,
    exposure_ring_tails,
    exposure_tails,
    sizes,
    sum_tails,
)
from hotspot.stats.neighbours import Neighbours

ROWS, COLS = np.divmod(np.arange(400), 20)
NEAR, RING = Neighbours.from_lattice(ROWS, COLS), Neighbours.ring_band(ROWS, COLS, 3, 5)


def overdispersed(seed: int, mean: np.ndarray, a: float) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.poisson(mean * rng.gamma(1 / a, a, len(mean))) if a else rng.poisson(mean)


def test_maximum_likelihood_is_where_the_likelihood_is_largest():
    mean = np.random.default_rng(1).gamma(2.0, 1.0, 400)
    counts = overdispersed(2, mean, 1.0)
    expected = mean * counts.sum() / mean.sum()
    grid = np.linspace(0.3, 3, 5000)
    likelihood = [stats.nbinom.logpmf(counts, 1 / a, 1 / (1 + a * expected)).sum() for a in grid]
    best = grid[np.argmax(likelihood)]
    moment = np.sum((counts - expected) ** 2 - counts) / np.sum(expected**2)
    assert dispersion(counts, expected) == pytest.approx(max(best, moment), abs=1e-3)


def test_the_larger_of_two_estimates_is_taken():
    # one extreme cell: the moment sees it more than the likelihood does
    counts = np.array([30] + [0, 1] * 200)
    expected = np.full(401, counts.mean())
    moment = np.sum((counts - expected) ** 2 - counts) / np.sum(expected**2)
    assert dispersion(counts, expected) == pytest.approx(moment)


def test_less_varied_than_chance_is_no_overdispersion():
    assert dispersion(np.array([1, 1, 1, 1]), np.ones(4)) == 0.0
    assert dispersion(np.array([], dtype=np.int64), np.array([])) == 0.0


def test_tails_of_the_sum_are_poisson_or_negative_binomial():
    tails = sum_tails(np.array([4, 4, 0]), np.array([1.5, 1.5, np.nan]), np.array([np.inf, 2.0, 1.0]))
    assert tails.upper[:2] == pytest.approx([stats.poisson.sf(3, 1.5), stats.nbinom.sf(3, 2, 2 / 3.5)])
    assert tails.lower[:2] == pytest.approx([stats.poisson.cdf(4, 1.5), stats.nbinom.cdf(4, 2, 2 / 3.5)])
    assert np.isnan(tails.upper[2])


def test_equal_cells_add_their_sizes():
    expected = np.full(400, 0.7)
    assert sizes(expected, 0.5, NEAR, itself=True)[210] == pytest.approx(9 / 0.5)
    assert sizes(expected, 0.0, NEAR, itself=True)[210] == np.inf


@pytest.mark.parametrize("a", [0.0, 0.8])
def test_the_ring_test_is_beta_binomial_for_equal_cells(a):
    counts = overdispersed(3, np.full(400, 1.2), 0.8)
    tails = exposure_ring_tails(counts, np.full(400, 1.2), a, NEAR, RING)
    cell = 210
    near = np.append(NEAR.indices[NEAR.indptr[cell] : NEAR.indptr[cell + 1]], cell)
    ring = RING.indices[RING.indptr[cell] : RING.indptr[cell + 1]]
    inside, total = counts[near].sum(), counts[near].sum() + counts[ring].sum()
    if a:
        law = stats.betabinom(total, len(near) / a, len(ring) / a)
    else:
        law = stats.binom(total, len(near) / (len(near) + len(ring)))
    assert tails.upper[cell] == pytest.approx(law.sf(inside - 1), rel=1e-9)
    assert tails.lower[cell] == pytest.approx(law.cdf(inside), rel=1e-9)


def test_a_uniform_factor_leaves_the_ring_test_as_it_is():
    expected = np.random.default_rng(5).gamma(2.0, 0.5, 400)
    counts = overdispersed(6, expected, 1.0)
    one = exposure_ring_tails(counts, expected, 1.0, NEAR, RING)
    five = exposure_ring_tails(counts, 5 * expected, 1.0, NEAR, RING)
    assert five.upper == pytest.approx(one.upper, nan_ok=True)


def test_p_given_exposure_keeps_its_level_on_overdispersed_noise():
    mean = np.random.default_rng(7).gamma(2.0, 0.5, 400)
    for tails_of in (
        lambda counts: exposure_tails(counts, mean, 1.0, NEAR),
        lambda counts: exposure_ring_tails(counts, mean, 1.0, NEAR, RING),
    ):
        small = [np.nanmean(tails_of(overdispersed(seed, mean, 1.0)).upper <= 0.05) for seed in range(40)]
        # discrete sums are cautious; unequal cells are matched in two moments, not exactly
        assert 0.02 < np.mean(small) < 0.06


def test_islands_and_small_rings_are_not_tested():
    lonely = Neighbours.from_pairs([0, 1], [1, 0], 3)
    assert np.isnan(exposure_tails(np.array([1, 2, 3]), np.ones(3), 0.5, lonely).upper).tolist() == [
        False,
        False,
        True,
    ]
    assert np.isnan(exposure_ring_tails(np.array([1, 2, 3]), np.ones(3), 0.5, lonely, lonely).upper).all()
