"""What counts are worth: the likelihood ratio of scipy, chance alone, extremes, and what changes nothing."""

import numpy as np
import pytest
from scipy import stats

from hotspot.stats.count_worth import likelihood_worth, usual_at_most, worths
from hotspot.stats.negative_binomial import dispersion

RNG = np.random.default_rng(8)
CHANCE, UNEVEN = RNG.poisson(0.3, 900), RNG.negative_binomial(1, 1 / 1.3, 900)


def test_a_usual_count_is_not_moved_by_a_few_extremes():
    # Poisson of mean .3: .0036 are above 2 and .0003 above 3
    assert usual_at_most(CHANCE) == 3
    assert usual_at_most(np.append(CHANCE, [300] * 8)) == 3
    assert usual_at_most(np.full(50, 4)) == 4
    assert usual_at_most(np.zeros(5, dtype=int)) == 0


@pytest.mark.parametrize("counts", [UNEVEN, RNG.negative_binomial(0.5, 0.1, 400)], ids=["few", "many"])
def test_worth_is_the_likelihood_ratio_of_scipy(counts):
    mean = counts.mean()
    a = dispersion(counts, np.full(len(counts), mean))
    x = np.arange(counts.max() + 1)
    ratio = stats.poisson.logpmf(x, 4 * mean) - stats.nbinom.logpmf(x, 1 / a, 1 / (1 + a * mean))
    ratio = np.maximum.accumulate(ratio - ratio[0])  # none is worth less than the one before
    assert likelihood_worth(counts) == pytest.approx(6 * ratio / ratio[1], abs=0.5 + 1e-9)


def test_of_chance_alone_every_incident_is_worth_the_same_and_counts_are_taken_as_they_are():
    even = np.tile([0, 1, 2], 100)  # varies less than chance
    assert likelihood_worth(even).tolist() == [0, 6, 12]
    assert [way.of.tolist() for way in worths(even)] == [[0, 1, 2]]
    assert [way.of.tolist() for way in worths(np.zeros(5, dtype=int))] == [[0]]


def test_the_more_uneven_a_map_the_less_the_next_incident_says():
    worth = likelihood_worth(UNEVEN)
    assert (np.diff(worth) >= 0).all()
    assert worth[1] == 6
    assert worth[4] < 4 * worth[1]
    beside_extremes = likelihood_worth(np.append(UNEVEN, [300, 40, 12]))
    assert (beside_extremes[: len(worth)] <= worth).all()
    assert beside_extremes[-1] < 3 * worth[1]  # hundreds are no more than a few


def test_the_order_of_the_cells_does_not_matter_and_every_way_knows_its_mean():
    shuffled = RNG.permutation(np.append(UNEVEN, 30))
    here, there = worths(np.append(UNEVEN, 30)), worths(shuffled)
    assert len(here) == len(there) == 3
    for one, other in zip(here, there, strict=True):
        assert one.of.tolist() == other.of.tolist()
        assert one.mean == pytest.approx(other.mean, rel=1e-15)
    usual = usual_at_most(shuffled)
    assert [way.mean for way in there] == pytest.approx([shuffled.mean(), *[np.minimum(shuffled, usual).mean()] * 2])
