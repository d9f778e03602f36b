"""Points in polygons against GEOS, point by point, also on edges, corners and where polygons overlap."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.stats.polygon_cells import first_polygon


def by_geos(x, y, polygons):
    found = np.full(len(x), -1)
    for number in range(len(polygons) - 1, -1, -1):
        found[shapely.intersects_xy(polygons[number], x, y)] = number
    return found


def star(rng, centre, reach):
    angle = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 12)))
    radius = reach * rng.uniform(0.3, 1, len(angle))
    return shapely.Polygon(centre + np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None])


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1.0, 1e-3, 1e4]), st.sampled_from([0.0, 6e6]))
def test_geos_agrees_on_any_polygons_and_points(seed, size, away):
    rng = np.random.default_rng(seed)
    shapes = [star(rng, rng.uniform(0, 10, 2), rng.uniform(0.5, 5)).buffer(0) for _ in range(8)]
    shapes[1] = shapely.unary_union([shapes[1], shapely.box(20, 20, 21, 21)])  # parts
    shapes[2] = shapes[2].difference(shapely.box(3, 3, 6, 6))  # holes and bites
    shapes[3] = shapely.Point(5, 5).buffer(4).difference(shapely.Point(5, 5).buffer(2))
    polygons = np.array([shapely.transform(each, lambda xy: xy * size + away) for each in shapes])
    corners = shapely.get_coordinates(polygons)
    between = (corners[:-1] + corners[1:]) / 2  # on, or as near as can be written
    level = np.column_stack([rng.uniform(0, 10, len(corners)) * size + away, corners[:, 1]])  # beside corners
    points = np.vstack([rng.uniform(-2, 22, (300, 2)) * size + away, corners, between, level])
    x, y = points.T
    assert np.array_equal(first_polygon(x, y, polygons), by_geos(x, y, polygons))


@pytest.mark.parametrize("many", [50_000, 100])
def test_many_points_in_many_tiles_with_common_edges(monkeypatch, many):
    monkeypatch.setattr("hotspot.stats.polygon_cells.MANY", many)
    x, y = np.meshgrid(np.arange(20), np.arange(15))
    tiles = shapely.box(x.ravel(), y.ravel(), x.ravel() + 1, y.ravel() + 1)
    rng = np.random.default_rng(1)
    points = np.vstack([rng.uniform(-1, 21, (50_000, 2)), rng.integers(-1, 22, (2_000, 2)) / 1.0])
    x, y = points.T
    assert np.array_equal(first_polygon(x, y, tiles), by_geos(x, y, tiles))


def test_the_first_polygon_is_kept_where_several_lie_over_each_other():
    small, large = shapely.box(4, 4, 5, 5), shapely.box(0, 0, 10, 10)
    x, y = np.full(2, 4.5), np.array([4.5, 8.0])
    assert first_polygon(x, y, np.array([small, large])).tolist() == [0, 1]
    assert first_polygon(x, y, np.array([large, small])).tolist() == [0, 0]


def test_swapping_the_axes_and_the_order_of_points_change_nothing():
    rng = np.random.default_rng(2)
    polygons = np.array([star(rng, rng.uniform(0, 10, 2), 3) for _ in range(12)])
    x, y = rng.uniform(0, 10, (2, 3_000))
    found = first_polygon(x, y, polygons)
    assert np.array_equal(first_polygon(y, x, shapely.transform(polygons, lambda xy: xy[:, ::-1])), found)
    turned = rng.permutation(3_000)
    assert np.array_equal(first_polygon(x[turned], y[turned], polygons), found[turned])


@pytest.mark.parametrize("threads", [1, 3])
def test_threads_never_show(monkeypatch, threads):
    monkeypatch.setattr("hotspot.stats.bands.THREADS", threads)
    rng = np.random.default_rng(3)
    polygons = np.array([star(rng, rng.uniform(0, 10, 2), 3) for _ in range(12)])
    x, y = rng.uniform(0, 10, (2, 20_000))
    assert np.array_equal(first_polygon(x, y, polygons), by_geos(x, y, polygons))


def test_nothing_and_the_unknown_lie_nowhere():
    box = np.array([shapely.box(0, 0, 1, 1)])
    assert first_polygon(np.array([np.nan, np.inf, 0.5, 1e300]), np.full(4, 0.5), box).tolist() == [-1, -1, 0, -1]
    assert first_polygon(np.empty(0), np.empty(0), box).tolist() == []
    none = np.array([shapely.Polygon(), None, shapely.box(0, 0, 1, 1)])
    assert first_polygon(np.array([0.5]), np.array([0.5]), none).tolist() == [2]
    assert first_polygon(np.array([0.5]), np.array([0.5]), none[:2]).tolist() == [-1]
    flat = np.array([shapely.Polygon([(0, 0), (5, 0), (9, 0)])])  # no area at all
    assert first_polygon(np.array([3.0, 3.0]), np.array([0.0, 1.0]), flat).tolist() == [0, -1]
