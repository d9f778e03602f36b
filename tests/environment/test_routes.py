"""Roads as segments: junctions, names, nodes and the nearest way."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point
from shapely.ops import substring

from hotspot.environment.routes import nearest_segment, points_along, split_roads
from hotspot.errors import TableError


def network(*lines: tuple[str, str, list[tuple[float, float]]]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(
        {
            "road_id": [line[0] for line in lines],
            "kind": [line[1] for line in lines],
            "name": [line[0] for line in lines],
            "lit": np.nan,
        },
        index=range(10, 10 + len(lines)),
    )
    return gpd.GeoDataFrame(frame, geometry=[LineString(line[2]) for line in lines], crs="EPSG:25832")


def test_crossing_and_tee_and_pieces() -> None:
    roads = network(
        ("a", "street", [(0, 0), (200, 0)]),
        ("b", "path", [(80, -50), (80, 50)]),  # crosses a without a shared vertex
        ("c", "path", [(150, 0.3), (150, 60)]),  # ends 0.3 m from a
    )
    frame = split_roads(roads).frame
    on_a = frame[frame["road_id"] == "a"].sort_values("start_m")
    assert on_a["start_m"].tolist() == [0, 40, 80, 115, 150]
    assert on_a["end_m"].tolist() == [40, 80, 115, 150, 200]
    assert list(on_a.index) == ["a:0.0", "a:40.0", "a:80.0", "a:115.0", "a:150.0"]
    assert on_a.loc["a:40.0", "to_node"] == frame.loc["b:0.0", "to_node"]
    assert on_a.loc["a:150.0", "from_node"] == frame.loc["c:0.0", "from_node"]
    assert frame["length_m"].max() <= 50


@pytest.mark.parametrize("kind", ["tunnel", "bridge"])
def test_tunnels_and_bridges_cross_without_meeting(kind: str) -> None:
    roads = network(
        ("rail", "street", [(0, 0), (40, 0)]),
        ("under", kind, [(20, -10), (20, 10)]),
        ("on", "path", [(20, 10), (20, 30)]),
    )
    frame = split_roads(roads).frame
    assert sorted(frame.index) == ["on:0.0", "rail:0.0", "under:0.0"]
    assert frame.loc["under:0.0", "to_node"] == frame.loc["on:0.0", "from_node"]


def test_names_and_nodes_do_not_depend_on_row_order() -> None:
    draw = np.random.default_rng(4)
    roads = network(*((f"r{i}", "path", [tuple(p) for p in draw.uniform(0, 300, (3, 2))]) for i in range(15)))
    one = split_roads(roads).frame
    other = split_roads(roads.sample(frac=1, random_state=2)).frame
    pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))


@given(seed=st.integers(0, 10_000), n=st.integers(1, 12))
def test_pieces_cover_the_roads_exactly(seed: int, n: int) -> None:
    draw = np.random.default_rng(seed)
    roads = network(*((f"r{i}", "path", [tuple(p) for p in draw.uniform(0, 400, (2, 2))]) for i in range(n)))
    frame = split_roads(roads).frame
    assert frame.groupby("road_id")["length_m"].sum().to_numpy() == pytest.approx(
        roads.set_index("road_id").length.sort_index().to_numpy()
    )
    assert frame.geometry.length.to_numpy() == pytest.approx(frame["length_m"].to_numpy(), abs=1e-6)
    assert frame["length_m"].max() <= 50 + 1e-9
    assert frame.index.is_unique


def test_bent_roads_are_cut_as_shapely_cuts_one_after_another() -> None:
    draw = np.random.default_rng(7)
    roads = network(*((f"r{i}", "path", [tuple(p) for p in draw.uniform(0, 400, (6, 2))]) for i in range(20)))
    frame = split_roads(roads).frame
    whole = roads.set_index("road_id").geometry[frame["road_id"]]
    pieces = [substring(line, *at) for line, *at in zip(whole, frame["start_m"], frame["end_m"], strict=True)]
    assert len(pieces) > 300
    assert shapely.equals_exact(frame.geometry.to_numpy(), pieces, tolerance=1e-6).all()


def test_shared_stretch_is_cut_at_both_its_ends() -> None:
    roads = network(("a", "street", [(0, 0), (40, 0)]), ("b", "path", [(10, 0), (30, 0), (30, 20)]))
    frame = split_roads(roads).frame
    assert frame[frame["road_id"] == "a"]["start_m"].sort_values().tolist() == [0, 10, 30]


def test_roads_without_a_line_are_told() -> None:
    roads = network(
        ("a", "street", [(0, 0), (40, 0)]), ("b", "path", [(5, 5), (5, 5)]), ("c", "path", [(0, 0), (1, 1)])
    )
    roads.loc[12, "geometry"] = None
    segments = split_roads(roads)
    assert list(segments.frame.index) == ["a:0.0"]
    assert str(segments.findings[0]) == "2 roads have no line to walk along and are left out."


def test_no_roads_give_no_segments() -> None:
    empty = network(("a", "street", [(0, 0), (1, 0)])).iloc[:0]
    segments = split_roads(empty)
    assert len(segments.frame) == 0
    assert segments.findings == ()
    snapped = nearest_segment(gpd.GeoSeries([Point(0, 0)]), segments.frame)
    assert snapped.frame["segment_id"].isna().all()


def test_twice_the_same_road_id_is_refused() -> None:
    with pytest.raises(TableError, match="a occurs more than once"):
        split_roads(network(("a", "street", [(0, 0), (1, 0)]), ("a", "path", [(0, 0), (0, 9)])))


def test_nearest_segment_within_the_limit() -> None:
    frame = split_roads(network(("a", "street", [(0, 0), (40, 0)]), ("b", "street", [(0, 20), (40, 20)]))).frame
    points = gpd.GeoSeries([Point(5, 3), Point(7, 10), Point(0, 51), None], index=["p", "q", "r", "s"])
    snapped = nearest_segment(points, frame)
    assert snapped.frame.loc[["p", "q"], "segment_id"].tolist() == [
        "a:0.0",
        "a:0.0",
    ]  # q is as near b: first name
    assert snapped.frame["distance_m"].tolist()[:2] == [3, 10]
    assert snapped.frame["along_m"].tolist()[:2] == [5, 7]
    assert snapped.frame.loc[["r", "s"]].isna().all(axis=None)
    assert str(snapped.findings[0]) == "2 of 4 points lie more than 30.0 m from any way."


def test_points_along_stand_for_equal_lengths() -> None:
    lines = np.array([LineString([(0, 0), (10, 0)]), None, LineString([(3, 3), (3, 3)])], dtype=object)
    points, owner, stands_for = points_along(lines, 4.0)
    assert owner.tolist() == [0, 0, 0, 2]
    assert stands_for == pytest.approx([10 / 3, 10 / 3, 10 / 3, 0])
    assert points[:, 0] == pytest.approx([10 / 6, 5, 50 / 6, 3])
