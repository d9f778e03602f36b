"""Ways on foot against networks small enough to reckon by hand."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from hotspot.environment.routes import split_roads
from hotspot.environment.walking import segment_exits, walk_to


def network(*lines: list[tuple[float, float]]) -> gpd.GeoDataFrame:
    roads = gpd.GeoDataFrame(
        {"road_id": [f"r{i}" for i in range(len(lines))], "kind": "path", "name": "", "lit": np.nan},
        geometry=[LineString(line) for line in lines],
        crs="EPSG:25832",
    )
    return split_roads(roads).frame


def places(**spots: tuple[float, float]) -> gpd.GeoSeries:
    return gpd.GeoSeries([Point(spot) for spot in spots.values()], index=list(spots), crs="EPSG:25832")


LADDER = ([(0, 0), (100, 0)], [(0, 100), (100, 100)], [(0, 0), (0, 100)], [(100, 0), (100, 100)])


def test_distance_goes_along_the_ways_and_counts_both_door_stretches() -> None:
    segments = network(*LADDER)
    walks = walk_to(places(home=(20, 5)), places(shop=(90, 102), far=(0, 160)), segments)
    # 5 to the way, 80 east, 100 north, 10 west, 2 to the shop
    assert walks.frame.loc["home", "distance_m"] == pytest.approx(197)
    assert walks.frame.loc["home", "destination"] == "shop"
    assert np.isnan(walks.frame.loc["home", "dark_m"])
    assert str(walks.findings[0]) == "1 destination lies more than 30.0 m from any way and is left out."


def test_home_and_destination_on_one_segment() -> None:
    segments = network([(0, 0), (40, 0)])
    walks = walk_to(places(a=(10, 0), b=(35, 0)), places(shop=(20, 0)), segments)
    assert walks.frame["distance_m"].tolist() == pytest.approx([10, 15], abs=0.01)
    assert walks.passing.tolist() == [2]


def test_dark_metres_are_counted_in_proportion_and_unknown_stays_unknown() -> None:
    segments = network([(0, 0), (200, 0)])
    dark = segments["start_m"].map({0.0: 50.0, 50.0: 25.0, 100.0: 0.0, 150.0: np.nan})
    walks = walk_to(places(a=(10, 0), b=(175, 0), c=(120, 0)), places(shop=(130, 0)), segments, dark_m=dark)
    assert walks.frame.loc["a", "dark_m"] == pytest.approx(40 + 25, abs=0.01)
    assert np.isnan(walks.frame.loc["b", "dark_m"])
    assert walks.frame.loc["c", "dark_m"] == pytest.approx(0, abs=0.01)
    assert walks.frame["distance_m"].tolist() == pytest.approx([120, 45, 10], abs=0.01)


def test_people_pass_the_segments_on_their_way_once() -> None:
    segments = network([(0, 0), (150, 0)], [(0, 50), (0, 0)])
    homes = places(a=(0, 50), b=(60, 0), c=(140, 0), lost=(500, 500))
    people = pd.Series({"a": 3.0, "b": 4.0, "c": 5.0, "lost": 9.0})
    walks = walk_to(homes, places(shop=(110, 0)), segments, weights=people)
    passing = walks.passing
    assert passing["r1:0.0"] == 3
    assert passing["r0:0.0"] == 3
    assert passing["r0:50.0"] == 7
    assert passing["r0:100.0"] == 12
    assert walks.frame.loc["lost"].isna().all()
    assert "1 home lies more than 30.0 m" in str(walks.findings[0])


def test_separate_networks_are_told_and_shortest_of_parallel_ways_is_taken() -> None:
    segments = network([(0, 0), (30, 0)], [(0, 0), (15, 20), (30, 0)], [(500, 0), (530, 0)])
    walks = walk_to(places(a=(0, 0), island=(500, 0)), places(shop=(30, 0)), segments)
    assert walks.frame["distance_m"].tolist()[0] == pytest.approx(30, abs=0.01)
    assert np.isnan(walks.frame.loc["island", "distance_m"])
    assert str(walks.findings[-1]) == "From 1 home no way leads to any of the destinations."


def test_empty_tables() -> None:
    segments = network([(0, 0), (30, 0)])
    nobody = gpd.GeoSeries([], crs="EPSG:25832")
    assert len(walk_to(nobody, places(shop=(0, 0)), segments).frame) == 0
    assert walk_to(places(a=(0, 0)), nobody, segments).frame["distance_m"].isna().all()
    assert walk_to(places(a=(0, 0)), places(shop=(0, 0)), segments.iloc[:0]).frame["distance_m"].isna().all()
    assert len(segment_exits(segments.iloc[:0])) == 0


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000))
def test_row_order_never_matters_and_ways_are_never_shorter_than_the_crow_flies(seed: int) -> None:
    draw = np.random.default_rng(seed)
    lines = [[tuple(p) for p in draw.uniform(0, 300, (2, 2))] for _ in range(8)]
    segments = network(*lines)
    homes = gpd.GeoSeries([Point(p) for p in draw.uniform(0, 300, (15, 2))], index=range(100, 115), crs="EPSG:25832")
    goals = gpd.GeoSeries([Point(p) for p in draw.uniform(0, 300, (3, 2))], crs="EPSG:25832")
    dark = segments["length_m"] * draw.uniform(0, 1, len(segments))
    one = walk_to(homes, goals, segments, dark_m=dark)
    other = walk_to(homes.sample(frac=1, random_state=1), goals, segments.sample(frac=1, random_state=2), dark_m=dark)
    pd.testing.assert_frame_equal(one.frame, other.frame.loc[one.frame.index])
    pd.testing.assert_series_equal(one.passing, other.passing.loc[one.passing.index])
    walked = one.frame.dropna(subset="distance_m")
    straight = [goals[goal].distance(homes[home]) for home, goal in walked["destination"].items()]
    assert (walked["distance_m"] >= np.array(straight) - 0.01).all()
    assert (walked["dark_m"] <= walked["distance_m"] + 0.01).all()


def test_exits_of_blind_alley_path_and_junction() -> None:
    segments = network([(0, 0), (300, 0)], [(200, 0), (200, 100)])
    exits = segment_exits(segments)["exits"]
    assert exits["r0:0.0"] == 1  # the map's end is a blind end
    assert exits["r0:100.0"] == 2
    assert exits["r0:150.0"] == 3
    assert exits["r1:50.0"] == 1


def test_closed_ring_within_reach_has_no_way_out() -> None:
    ring = network([(0, 0), (20, 0), (20, 20), (0, 20)], [(0, 20), (0, 0)])
    assert (segment_exits(ring)["exits"] == 0).all()
