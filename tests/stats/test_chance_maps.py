"""One correction read off maps of chance: by hand on a few maps, and exact where maps are exchangeable."""

import numpy as np
import pytest

from hotspot.stats.chance_maps import corrected, shuffled


def test_four_maps_by_hand():
    # ranks 0, 1, 2 of three cells; the map given and three of chance
    by_chance = np.array([[0, 1, 2], [0, 0, 3], [1, 0, 2]])
    found = corrected(np.array([1, 1, 2]), by_chance)
    # at most rank 1: 2 + 1 + 0 + 1 cells of 4 x 3, so p = 1/3
    assert found.pvalue == pytest.approx([1 / 3, 1 / 3, 1])
    # maps with a cell of rank 1 or less: the given one, the first and the third
    assert found.familywise == pytest.approx([3 / 4, 3 / 4, 1])
    # one cell is expected at rank 1 or less, two are there
    assert found.discovery == pytest.approx([1 / 2, 1 / 2, 1])
    # the smaller is 1/2 here; on the maps of chance min(3/4, 1/1), 1 and min(1/4, (1/4)/1)
    assert found.either == pytest.approx([2 / 4, 2 / 4, 1])
    # of ranks the cells do not have: 0 only the third map has; 3 is beyond what is counted
    asked = corrected(np.array([1, 1, 2]), by_chance, np.array([0, 1, 3]))
    assert asked.many == pytest.approx([1 / 4, 3 / 4, np.nan], nan_ok=True)
    assert np.isnan(found.many).all()


def test_what_is_not_tested_has_no_answer_and_changes_no_other():
    by_chance = np.array([[0, 1, 2], [0, 0, 3], [1, 0, 2]])
    whole, part = corrected(np.array([1, 1, 2]), by_chance), corrected(np.array([1, 3, 1, 2]), by_chance)
    for name in whole._fields:
        assert np.isnan(getattr(part, name)[1])
        assert getattr(part, name)[[0, 2, 3]] == pytest.approx(getattr(whole, name), nan_ok=True)
    assert all(np.isnan(each).all() for each in corrected(np.array([3, 3]), by_chance))


def test_the_answer_is_exact_where_all_maps_are_of_one_kind():
    rng = np.random.default_rng(7)
    maps = 100
    counted = np.array([np.bincount(rng.geometric(0.1, 30).clip(max=20) - 1, minlength=20) for _ in range(maps)])
    least = []
    for one in range(maps):  # each map in turn is the one given: the answers are a rank among exchangeable maps
        given = np.repeat(np.arange(20), counted[one])
        found = corrected(given, np.delete(counted, one, axis=0))
        least.append((found.familywise.min(), found.either.min()))
    for answers in np.array(least).T:
        for level in (0.05, 0.1, 0.5):
            assert np.mean(answers <= level) <= level


def test_every_map_of_chance_holds_all_values_in_an_order_of_its_own():
    values = np.arange(50, dtype=np.int32)
    dealt = shuffled(values, 400, np.random.default_rng(3))
    assert dealt.shape == (50, 400)
    assert (np.sort(dealt, axis=0) == values[:, None]).all()
    # each value stands in the first place equally often: 400 maps, 50 values, chi-square of 49 degrees
    seen = np.bincount(shuffled(values, 5000, np.random.default_rng(4))[0], minlength=50)
    assert ((seen - 100) ** 2 / 100).sum() < 94.6  # its 99.99 % point
    again = shuffled(values, 400, np.random.default_rng(3))
    assert (again == dealt).all()
