"""Join counts: all ways of marking, the hypergeometric value of METHODS 7, and what cannot be said."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from hotspot.errors import HotspotError
from hotspot.stats.join_counts import join_counts, local_join_counts
from hotspot.stats.neighbours import Neighbours

MARKS = st.lists(st.booleans(), min_size=16, max_size=16).filter(lambda v: 0 < sum(v) < 16)
ONE_WAY = Neighbours.from_pairs([0, 1, 2, 3, 4, 4, 5], [1, 0, 1, 4, 3, 0, 2], 6, [1, 2, 1, 0.5, 1, 1, 3])


def square(side: int) -> Neighbours:
    return Neighbours.from_lattice(*np.divmod(np.arange(side * side), side))


def counted(x: np.ndarray, near: Neighbours) -> list[float]:
    return [each.statistic for each in join_counts(x, near)]


def test_mean_and_variance_are_those_of_all_ways_to_mark_as_many():
    marked = np.array([1, 1, 0, 0, 1, 0])
    every = np.array([counted(np.isin(range(6), each), ONE_WAY) for each in combinations(range(6), 3)])
    found = join_counts(marked, ONE_WAY)
    assert [each.expected for each in found] == pytest.approx(every.mean(axis=0))
    assert [each.variance for each in found] == pytest.approx(every.var(axis=0))


def test_free_sampling_is_that_of_marking_each_place_alone():
    marked, share = np.array([1, 1, 0, 0, 1, 0, 0]), 3 / 7
    near = Neighbours.from_pairs(ONE_WAY.focal, ONE_WAY.indices, 7, ONE_WAY.link_weights)
    ways = np.array(list(product([0, 1], repeat=7)))
    weight = share ** ways.sum(axis=1) * (1 - share) ** (7 - ways.sum(axis=1))
    joined = ways[:, near.focal] + ways[:, near.indices]
    every = np.stack([(joined == kind) @ near.link_weights / 2 for kind in (2, 1, 0)], axis=1)
    mean = weight @ every
    found = join_counts(marked, near, sampling="free")
    assert [each.expected for each in found] == pytest.approx(mean)
    assert [each.variance for each in found] == pytest.approx(weight @ (every - mean) ** 2)


@given(MARKS)
def test_all_joins_are_counted_once_and_the_colours_can_be_swapped(marks):
    x, near = np.array(marks), square(4)
    one, other = join_counts(x, near), join_counts(~x, near)
    assert sum(each.statistic for each in one) == pytest.approx(len(near.indices) / 2)
    assert one.bb[:5] == pytest.approx(other.ww[:5], nan_ok=True)
    assert one.bw.statistic == other.bw.statistic


def test_draws_agree_with_the_normal_p_where_it_holds():
    x = np.random.default_rng(5).random(400) < 0.4
    near = square(20)
    normal, drawn = join_counts(x, near), join_counts(x, near, permutations=2_000, rng=np.random.default_rng(2))
    assert [each.pvalue for each in drawn] == pytest.approx([each.pvalue for each in normal], abs=0.05)
    assert drawn.bb.method == "permutation"
    with pytest.raises(HotspotError, match="nonfree sampling"):
        join_counts(x, near, sampling="free", rng=np.random.default_rng(2))


def test_the_local_tail_is_that_of_methods():
    # n = 20, m = 6 marked, a place with 4 neighbours of which 3 are marked
    near = Neighbours.from_pairs([0, 0, 0, 0], [1, 2, 3, 4], 20)
    marked = np.isin(np.arange(20), [0, 1, 2, 3, 10, 11])
    found = local_join_counts(marked, near, alternative="greater")
    assert found.pvalue[0] == pytest.approx(0.0374097, abs=5e-8)
    assert (found.alternative, found.tests, found.method) == ("greater", 1, "exact")
    both = local_join_counts(marked, near)
    assert both.pvalue[0] == pytest.approx(2 * 0.0374097, abs=1e-7)
    assert both.alternative == "two-sided"


@given(MARKS)
def test_local_counts_add_up_and_only_marked_places_are_tested(marks):
    x, near = np.array(marks), square(4)
    found = local_join_counts(x, near)
    assert found.statistic.sum() / 2 == pytest.approx(join_counts(x, near).bb.statistic)
    assert (np.isfinite(found.pvalue) == x).all()
    assert (found.klass == np.where(x, "marked", "not marked")).all()
    place = int(np.flatnonzero(x)[0])
    law = hypergeom(15, sum(marks) - 1, near.cardinalities[place])
    tail = min(law.sf(found.statistic[place] - 1), law.cdf(found.statistic[place]))
    assert found.pvalue[place] == pytest.approx(min(1, 2 * tail))


def test_weights_count_as_yes_or_no_for_local_counts():
    x = np.array([1, 1, 0, 1, 1, 0])
    plain = Neighbours.from_pairs(ONE_WAY.focal, ONE_WAY.indices, 6)
    assert (local_join_counts(x, ONE_WAY).statistic == local_join_counts(x, plain).statistic).all()


def test_gaps_islands_and_uniform_marks():
    near = Neighbours.from_pairs([0, 1, 1, 2], [1, 0, 2, 1], 5)
    found = local_join_counts([1, 1, 0, np.nan, 1], near)
    assert found.klass.tolist() == ["marked", "marked", "not marked", "undefined", "no neighbours"]
    assert np.isnan(found.pvalue[2:]).all()
    assert np.isnan(join_counts([1] * 5, near).bb.pvalue)
    assert np.isnan(join_counts([1, 0, 1], Neighbours.from_pairs([], [], 3)).bw.statistic)
    assert np.isnan(local_join_counts([0, 0, 0, 0, 0], near).pvalue).all()


def test_other_numbers_and_alternatives_are_refused():
    near = square(4)
    with pytest.raises(HotspotError, match=r"2\.0"):
        join_counts([2] * 16, near)
    with pytest.raises(HotspotError, match="two-sided or greater"):
        local_join_counts([1] * 16, near, alternative="less")
