"""Free sight and hiding places on shapes whose answer is known."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, box

from hotspot.environment.sight import segment_prospect, segment_refuges, sight_lengths

NOTHING = np.zeros(0, dtype=object)


def shapes(*items: shapely.Geometry) -> np.ndarray:
    return np.array(items, dtype=object)


def lines(*items: LineString | None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(items), index=[f"s{i}" for i in range(len(items))], crs="EPSG:25832")


def test_open_ground_is_seen_to_the_cap() -> None:
    assert (sight_lengths(np.array([[0.0, 0]]), NOTHING) == 50).all()
    assert (sight_lengths(np.array([[0.0, 0]]), shapes(Point(5, 0), None)) == 50).all()


def test_middle_of_a_square_court() -> None:
    court = shapes(box(-40, -40, 40, 40).difference(box(-10, -10, 10, 10)))
    lengths = sight_lengths(np.array([[0.0, 0]]), court)[0]
    angles = np.arange(36) * np.pi / 18
    assert lengths == pytest.approx(10 / np.maximum(np.abs(np.cos(angles)), np.abs(np.sin(angles))))
    area = 0.5 * (lengths**2).sum() * np.pi / 18
    assert area == pytest.approx(400, rel=0.02)  # 36 rays see the court's area to 2 %


def test_wall_blocks_one_side_only() -> None:
    wall = shapes(LineString([(3, -100), (3, 100)]))
    lengths = sight_lengths(np.array([[0.0, 0]]), wall, rays=4)[0]
    assert lengths == pytest.approx([3, 50, 50, 50])


def test_inside_an_obstacle_one_sees_nothing() -> None:
    assert (sight_lengths(np.array([[1.0, 1]]), shapes(box(0, 0, 2, 2))) == 0).all()


@given(seed=st.integers(0, 5_000))
def test_agrees_with_shapely_and_more_obstacles_never_lengthen_sight(seed: int) -> None:
    draw = np.random.default_rng(seed)
    middles = draw.uniform(-60, 60, (12, 2))
    houses = shapes(*(Polygon(m + draw.uniform(-8, 8, (3, 2))).convex_hull for m in middles))
    here = np.array([[0.37, -0.21]])
    if shapely.intersects_xy(houses, *here[0]).any():
        return
    lengths = sight_lengths(here, houses)[0]
    for ray in range(0, 36, 5):
        angle = ray * np.pi / 18
        line = LineString([here[0], here[0] + 50 * np.array([np.cos(angle), np.sin(angle)])])
        hits = shapely.intersection(line, houses)
        expected = min([50.0, *shapely.distance(Point(here[0]), hits[~shapely.is_empty(hits)])])
        assert lengths[ray] == pytest.approx(expected, abs=1e-6)
    assert (lengths <= sight_lengths(here, houses[:-3])[0] + 1e-9).all()


@given(shift=st.tuples(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5)))
def test_moving_everything_changes_nothing(shift: tuple[float, float]) -> None:
    houses = shapes(box(5, 5, 20, 12), box(-30, -4, -22, 9))
    here = np.array([[0.0, 0], [10, -3]])
    moved = shapely.transform(houses, lambda xy: xy + shift)
    assert sight_lengths(here + shift, moved) == pytest.approx(sight_lengths(here, houses), abs=1e-6)


def test_hedges_take_the_view_that_houses_leave() -> None:
    path = lines(LineString([(0, 0), (40, 0)]), None)
    hedges = shapes(box(-20, 2, 60, 4), box(-20, -4, 60, -2))
    view = segment_prospect(path, NOTHING, hedges)
    assert view.loc["s0", "prospect_m"] < 15
    assert view.loc["s0", "prospect_low"] == 1
    assert view.loc["s0", "sight_lost_m"] == pytest.approx(50 - view.loc["s0", "prospect_m"])
    assert view.loc["s1"].isna().all()
    houses = segment_prospect(path, hedges, NOTHING)
    assert houses.loc["s0", "prospect_m"] == pytest.approx(view.loc["s0", "prospect_m"])
    assert houses.loc["s0", "sight_lost_m"] == 0


def test_refuges_lie_behind_and_inside_thickets_and_never_on_a_lawn() -> None:
    path = lines(LineString([(0, 0), (40, 0)]), LineString([(0, 200), (40, 200)]), None)
    thicket = shapes(box(10, 3, 30, 9))
    refuges = segment_refuges(path, NOTHING, thicket)
    assert refuges.loc["s0", "refuges"] >= 4  # the thicket itself is 20 m by 6 m
    assert refuges.loc["s0", "refuges_green"] == refuges.loc["s0", "refuges"]
    assert refuges.loc["s1"].tolist() == [0, 0]
    assert refuges.loc["s2"].isna().all()


def test_everything_behind_a_long_wall_is_hidden_and_not_by_green() -> None:
    line = LineString([(0, 0), (40, 0)])
    wall = shapes(LineString([(-50, 4), (90, 4)]))
    cells = [Point(x, y) for x in np.arange(-17.5, 60, 5) for y in (7.5, 12.5)]
    behind = sum(cell.distance(line) <= 15 for cell in cells)
    refuges = segment_refuges(lines(line), wall, shapes(box(0, 6, 40, 9)))
    assert refuges.loc["s0"].tolist() == [behind, 0]


def test_house_is_no_refuge_but_its_back_is() -> None:
    path = lines(LineString([(0, 0), (40, 0)]))
    assert segment_refuges(path, shapes(box(-50, 2, 90, 30)), NOTHING).loc["s0", "refuges"] == 0
    assert segment_refuges(path, shapes(box(-50, 2, 90, 6)), NOTHING).loc["s0", "refuges"] > 0


def test_empty_tables_give_empty_answers() -> None:
    none = lines()
    assert len(segment_prospect(none, NOTHING, NOTHING)) == 0
    assert len(segment_refuges(none, NOTHING, NOTHING)) == 0
    assert sight_lengths(np.zeros((0, 2)), shapes(box(0, 0, 1, 1))).shape == (0, 36)
