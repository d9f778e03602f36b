"""Nearness: slivers of a millimetre, points on one spot, ties, and the order of the rows."""

import warnings

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph
from libpysal.weights import KNN, W, attach_islands

from hotspot.errors import HotspotError
from hotspot.stats.moran import local_moran
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.proximity import nearest_points, points_within, touching_areas, with_nearest

POINTS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=4, max_size=25)


def sets_of(neighbours: Neighbours) -> list[set[int]]:
    return [set(part.tolist()) for part in np.split(neighbours.indices, neighbours.indptr[1:-1])]


def blocks(gap: float) -> list[shapely.Polygon]:
    """Three by three blocks of 100 m, moved apart by a gap."""
    step = 100.0 + gap
    return [shapely.box(step * i, step * j, step * i + 100, step * j + 100) for i in range(3) for j in range(3)]


@pytest.mark.parametrize("gap", [0.0, 0.001, 0.01, -0.01])
def test_a_sliver_makes_no_island(gap):
    cells = Neighbours.from_lattice(*np.divmod(np.arange(9), 3))
    assert sets_of(touching_areas(blocks(gap))) == sets_of(cells)


def test_a_path_between_areas_parts_them():
    assert touching_areas(blocks(2.0)).islands.tolist() == list(range(9))
    assert touching_areas(blocks(0.001), gap_m=0).islands.tolist() == list(range(9))
    assert touching_areas(blocks(2.0), gap_m=2.5).cardinalities[4] == 4  # corners are further apart


def test_where_areas_truly_touch_libpysal_agrees():
    import geopandas as gpd
    from libpysal import examples

    areas = gpd.read_file(examples.get_path("columbus.shp"))
    queen = Neighbours.from_graph(Graph.build_contiguity(areas, rook=False))
    assert sets_of(touching_areas(areas.geometry.to_numpy(), gap_m=0)) == sets_of(queen)


def test_missing_and_empty_areas_are_islands():
    near = touching_areas([*blocks(0.0)[:2], None, shapely.Polygon()])
    assert near.islands.tolist() == [2, 3]
    assert touching_areas([]).n == 0


@given(POINTS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(points, random):
    xy = np.array(points, dtype=float) * 10.0
    shuffled = list(range(len(xy)))
    random.shuffle(shuffled)
    for make in (lambda p: points_within(p, 20.0), lambda p: nearest_points(p, 2)):
        before, after = make(xy), make(xy[shuffled])
        assert sets_of(after) == [{shuffled.index(j) for j in sets_of(before)[i]} for i in shuffled]


@given(POINTS)
def test_all_within_and_the_nearest_are_those_by_hand(points):
    xy = np.array(points, dtype=float)
    apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    assert sets_of(points_within(xy, 2.0)) == [set(np.flatnonzero(row <= 2.0 + 1e-9).tolist()) for row in apart]
    third = np.sort(apart, axis=1)[:, 2]
    by_hand = [set(np.flatnonzero(row <= far + 1e-9).tolist()) for row, far in zip(apart, third, strict=True)]
    assert sets_of(nearest_points(xy, 3)) == by_hand


@given(POINTS.filter(lambda points: len(set(points)) > 2), st.randoms(use_true_random=False))
def test_moving_turning_and_the_order_of_the_rows_leave_who_is_near(points, random):
    xy, shuffled = np.array(points, dtype=float) * 10.0, list(range(len(points)))
    random.shuffle(shuffled)
    for make in (
        lambda p: points_within(p, 20.0),
        lambda p: nearest_points(p, 2),
        lambda p: with_nearest(points_within(p, 10.0), p),
    ):
        before = sets_of(make(xy))
        for other in (xy + 65_536.0, xy[:, ::-1], -xy):
            assert sets_of(make(other)) == before
        assert sets_of(make(xy[shuffled])) == [{shuffled.index(j) for j in before[i]} for i in shuffled]


def test_moving_turning_and_the_order_of_the_areas_leave_who_touches():
    shapes = np.array([*blocks(0.05), None], dtype=object)
    before, order = sets_of(touching_areas(shapes)), np.random.default_rng(3).permutation(10)
    turned = shapely.transform(shapes, lambda xy: xy[:, ::-1] + [7e5, 6.1e6])
    assert sets_of(touching_areas(turned)) == before
    place = np.argsort(order)
    assert sets_of(touching_areas(shapes[order])) == [{int(place[j]) for j in before[i]} for i in order]


def test_fifty_incidents_at_one_address_run():
    xy = np.r_[np.zeros((50, 2)), np.random.default_rng(1).uniform(0, 500, (30, 2))]
    near = nearest_points(xy, 4)
    assert near.cardinalities[0] == 49  # all as near as the fourth
    assert (points_within(xy, 1.0).cardinalities[:50] == 49).all()
    x, order = np.random.default_rng(2).normal(size=80), np.random.default_rng(3).permutation(80)
    one = local_moran(x, near, rng=np.random.default_rng(4))
    assert one.tests == 80
    other = local_moran(x[order], nearest_points(xy[order], 4), rng=np.random.default_rng(4))
    assert other.statistic == pytest.approx(one.statistic[order], abs=1e-9)


def test_islands_are_attached_to_what_lies_nearest():
    xy = np.array([(0, 0), (1, 0), (2, 0), (9, 0), (50, 0)])
    near = points_within(xy, 1.0)
    assert near.islands.tolist() == [3, 4]
    attached = with_nearest(near, xy)
    assert sets_of(attached) == [{1}, {0, 2}, {1, 3}, {2, 4}, {3}]
    assert sets_of(with_nearest(attached, xy)) == sets_of(attached)
    with pytest.raises(HotspotError, match="5 points"):
        with_nearest(near.reweighted(2.0 * near.link_weights), xy)


def test_what_is_no_distance_or_no_point_is_refused():
    with pytest.raises(HotspotError, match=r"gap_m = -1"):
        touching_areas(blocks(0.0), gap_m=-1)
    with pytest.raises(HotspotError, match=r"distance_m = 0"):
        points_within([(0, 0), (1, 1)], 0)
    with pytest.raises(HotspotError, match="k = 2 among 2 points"):
        nearest_points([(0, 0), (1, 1)], 2)
    with pytest.raises(HotspotError, match="1 without, the first at position 1"):
        points_within([(0, 0), (np.nan, 1)], 5)


def test_islands_are_attached_where_libpysal_attaches_them():
    xy = np.random.default_rng(12).uniform(0, 900, (40, 2))
    near = points_within(xy, 60.0)
    assert 5 < near.islands.size < 35
    one = KNN.from_array(xy, k=1, silence_warnings=True)
    matrix = near.to_sparse()
    links = {i: matrix[[i]].indices.tolist() for i in range(40)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells of the islands that it attaches
        theirs = attach_islands(W(links, silence_warnings=True), one)
    # libpysal 4.14 forgets an island attached to another one as soon as that one is attached itself: one way is left
    both_ways = [{*theirs.neighbors[i], *(j for j in range(40) if i in theirs.neighbors[j])} for i in range(40)]
    assert sets_of(with_nearest(near, xy)) == both_ways
