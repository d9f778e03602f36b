"""What a walker meets: gaps, darkest spots, and which lamps they depend on."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, box

from hotspot.environment.lamps import LightPoints
from hotspot.environment.light import illuminance_at
from hotspot.environment.path_light import contributing_lamps, indicative_class, segment_light
from hotspot.environment.routes import split_roads

EVERYWHERE = box(-10_000, -10_000, 10_000, 10_000)


def lamps(*xs: float, flux: float = 3_000.0, dropped: int | None = None) -> LightPoints:
    n = len(xs)
    output = np.full(n, flux)
    if dropped is not None:
        output[dropped] = 0.0
    return LightPoints(
        np.array([f"l{i}" for i in range(n)], dtype=object),
        np.array(xs),
        np.zeros(n),
        np.full(n, 5.0),
        output,
    )


def path(length: float = 400.0) -> gpd.GeoDataFrame:
    roads = gpd.GeoDataFrame(
        {"road_id": ["p"], "kind": ["path"], "name": [""], "lit": [1.0]},
        geometry=[LineString([(0, 0), (length, 0)])],
        crs="EPSG:25832",
    )
    return split_roads(roads).frame


def test_gap_is_followed_over_neighbouring_segments() -> None:
    light = segment_light(path(), lamps(5.0, 395.0), EVERYWHERE)
    assert np.ptp(light["dark_gap_m"]) == 0  # one dark stretch that every segment touches
    assert light["dark_m"].sum() == pytest.approx(light["dark_gap_m"].iloc[0])
    # 3000 lm at 5 m falls below 2 lx at d = sqrt(sqrt(I0 H^2 / 2) - H^2) = 9.19 m
    assert light["dark_gap_m"].iloc[0] == pytest.approx(390 - 2 * 9.19, abs=2.5)
    assert light["severe_gap_m"].iloc[0] < light["dark_gap_m"].iloc[0]


def test_middle_lamp_out_joins_two_gaps_and_changes_nothing_far_away() -> None:
    xs = tuple(float(x) for x in range(10, 400, 20))
    whole, broken = (segment_light(path(), lamps(*xs, dropped=at), EVERYWHERE) for at in (None, 9))
    changed = ~(whole["mean_lx"] == broken["mean_lx"])
    segments = path()
    gap = np.abs(segments["start_m"] + segments["length_m"] / 2 - xs[9]) - segments["length_m"] / 2
    assert changed[gap < 58].all()  # within 60 m, and half a step for the nearest sample point
    assert not changed[gap > 60].any()
    assert broken["dark_gap_m"].max() > whole["dark_gap_m"].max() + 15


def test_mean_minimum_and_uniformity_match_the_points() -> None:
    segments = path(47.0)
    light = segment_light(segments, lamps(3.0, 30.0), EVERYWHERE, step_m=2.5).iloc[0]
    spots = (np.arange(19) + 0.5) * 47 / 19
    lux = illuminance_at(np.column_stack([spots, np.zeros(19)]), lamps(3.0, 30.0), EVERYWHERE)
    assert light["mean_lx"] == pytest.approx(lux.mean())
    assert light["min_lx"] == pytest.approx(lux.min())
    assert light["uniformity"] == pytest.approx(lux.min() / lux.mean())
    assert light["dark_m"] == pytest.approx((lux < 2).sum() * 47 / 19)


def test_no_lamps_is_dark_all_the_way() -> None:
    light = segment_light(path(100), lamps(), EVERYWHERE)
    assert (light[["mean_lx", "min_lx", "mean_lx_disc"]] == 0).all(axis=None)
    assert light["uniformity"].isna().all()
    assert light["dark_gap_m"].tolist() == pytest.approx([100, 100])
    assert light["indicative_class"].tolist() == ["below P6", "below P6"]


def test_outside_coverage_and_unknown_output_cannot_be_told() -> None:
    segments = path(200)
    light = segment_light(segments, lamps(), box(-1, -1, 90, 1)).loc[segments.sort_values("start_m").index]
    assert light["min_lx"].isna().tolist() == [False, True, True, True]
    assert light["indicative_class"].isna().tolist() == [False, True, True, True]
    strange = lamps(10.0, flux=np.nan)
    unknown = segment_light(segments, strange, EVERYWHERE).loc[segments.sort_values("start_m").index]
    assert unknown["dark_gap_m"].isna().tolist() == [True, True, False, False]


def test_segments_without_road_stand_alone() -> None:
    lines = gpd.GeoDataFrame(
        geometry=[
            LineString([(0, 0), (10, 0)]),
            LineString([(10, 0), (30, 0)]),
            None,
            LineString([(5, 5), (5, 5)]),
        ],
        index=["a", "b", "c", "d"],
        crs="EPSG:25832",
    )
    light = segment_light(lines, lamps(), EVERYWHERE)
    assert light["dark_gap_m"].tolist()[:2] == [10, 20]
    assert light.loc["c"].isna().all()
    assert light.loc["d", "dark_gap_m"] == 0
    assert light.loc["d", "min_lx"] == 0


def test_row_order_never_matters() -> None:
    segments = path()
    shuffled = segments.sample(frac=1, random_state=3)
    one = segment_light(segments, lamps(40.0, 200.0), EVERYWHERE)
    other = segment_light(shuffled, lamps(40.0, 200.0), EVERYWHERE)
    pd.testing.assert_frame_equal(one, other.loc[one.index])


def test_empty_table_gives_empty_answer() -> None:
    light = segment_light(path().iloc[:0], lamps(1.0), EVERYWHERE)
    assert len(light) == 0
    assert len(contributing_lamps(path().iloc[:0], lamps(1.0))) == 0


@pytest.mark.parametrize(
    ("mean", "least", "name"),
    [
        (15, 3, "P1"),
        (15, 2.9, "P2"),
        (5, 1, "P4"),
        (4.9, 1, "P5"),
        (2, 0.4, "P6"),
        (2, 0.39, "below P6"),
        (6.9, 0.64, "P5"),
    ],
)
def test_class_needs_both_mean_and_minimum(mean: float, least: float, name: str) -> None:
    assert indicative_class(pd.Series([mean]), pd.Series([least]))[0] == name


def test_contributions_share_out_the_mean() -> None:
    segments = path(50.0)
    light = segment_light(segments, lamps(5.0, 45.0, 400.0), EVERYWHERE)
    table = contributing_lamps(segments, lamps(5.0, 45.0, 400.0), least_share=0.0)
    assert set(table["lamp_id"]) == {"l0", "l1"}
    assert table["lux"].sum() == pytest.approx(light["mean_lx"].iloc[0])
    assert table["share"].tolist() == pytest.approx([0.5, 0.5])


def test_disc_is_the_other_end_of_the_range() -> None:
    light = segment_light(path(), lamps(*range(0, 401, 20)), EVERYWHERE)
    assert (light["min_lx_disc"] > light["min_lx"]).all()
