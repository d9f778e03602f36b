"""Green with two signs: a park with clear sight lines and the same path between hedges."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point, box

from hotspot.environment.green import GreenAlong, green_along

NO_HOUSES = np.zeros(0, dtype=object)
PATH = LineString([(0, 0), (60, 0)])


def along(*rows: tuple[str, str | float, float, object], path: LineString | None = PATH) -> GreenAlong:
    frame = pd.DataFrame(rows, columns=["kind", "height_class", "condition", "geometry"])
    green = gpd.GeoDataFrame(frame, geometry="geometry", crs="EPSG:25832")
    return green_along(
        gpd.GeoDataFrame({"road_id": ["p"]}, geometry=[path], index=["p:0"], crs=25832), green, NO_HOUSES
    )


LAWN = ("grass", "low", 3.0, box(-30, -30, 90, 30))
HEDGES = [("hedge", "understory", 2.0, box(-30, y, 90, y + 4)) for y in (1, -5)]


def test_a_park_and_a_path_between_hedges_get_opposite_answers() -> None:
    park, hedges = along(LAWN).frame.iloc[0], along(*HEDGES).frame.iloc[0]
    assert (park["concealing"], park["open_green"], park["understory_near"]) == (0, 1, 0)
    assert park["pleasant"] == pytest.approx(1)
    assert park["prospect_m"] == 50
    assert hedges["concealing"] > 0.9
    assert hedges["pleasant"] == 0
    assert hedges["understory_near"] > 0.7
    assert hedges["prospect_m"] < 15
    assert hedges["sight_lost_m"] == pytest.approx(50 - hedges["prospect_m"])


def test_a_hedge_before_the_lawn_is_both() -> None:
    both = along(LAWN, *HEDGES).frame.iloc[0]
    assert both["concealing"] > 0.5
    assert 0 < both["pleasant"] < along(LAWN).frame["pleasant"].iloc[0]


def test_more_concealing_green_never_conceals_less() -> None:
    scores = [along(*HEDGES[:n], LAWN).frame["concealing"].iloc[0] for n in (0, 1, 2)]
    assert scores == sorted(scores)
    assert scores[0] < scores[2]


def test_no_green_is_zero_and_its_condition_cannot_be_said() -> None:
    bare = along().frame.iloc[0]
    assert (bare["concealing"], bare["pleasant"], bare["open_green"]) == (0, 0, 0)
    assert np.isnan(bare["condition"])


def test_condition_is_the_mean_by_area_of_what_is_known() -> None:
    good, bad = ("grass", "low", 3.0, box(0, 0, 60, 10)), ("grass", "low", 1.0, box(0, 10, 60, 20))
    mixed = along(good, bad, ("grass", "low", np.nan, box(0, -20, 60, 0))).frame.iloc[0]
    assert mixed["condition"] == pytest.approx(2.0)
    assert along(bad).frame["pleasant"].iloc[0] < along(good).frame["pleasant"].iloc[0]


def test_overlapping_green_counts_once_and_is_never_more_than_all() -> None:
    strip = ("thicket", "understory", 2.0, box(0, 2, 60, 3.5))
    assert along(strip, strip).frame["understory_near"].iloc[0] == pytest.approx(0.15)
    overlapping = ("thicket", "understory", 2.0, box(30, 2, 60, 4.5))
    assert along(strip, overlapping).frame["understory_near"].iloc[0] == pytest.approx(0.15 + 30 / 600)
    assert along(LAWN, LAWN).frame["open_green"].iloc[0] == 1


@pytest.mark.parametrize("kind", ["canopy", "low", "none"])
def test_high_crowns_and_lawns_conceal_nothing(kind: str) -> None:
    assert along(("grove", kind, 2.0, box(0, 1, 60, 5))).frame["concealing"].iloc[0] == 0


def test_hedges_drawn_as_lines_take_ground_and_solid_fences_block_like_walls() -> None:
    hedge = along(("hedge", "screen", 2.0, LineString([(0, 3), (60, 3)]))).frame.iloc[0]
    fence = along(("fence", "screen", 2.0, LineString([(0, 3), (60, 3)]))).frame.iloc[0]
    assert hedge["understory_near"] == pytest.approx(1 / 10, rel=0.05)  # 1 m of the 10 m across
    assert fence["understory_near"] == 0
    assert hedge["sight_lost_m"] > fence["sight_lost_m"] == 0  # what a wall hides is not the green's doing
    assert fence["prospect_m"] == pytest.approx(hedge["prospect_m"], abs=2)
    assert along(("tree", "dense", 2.0, Point(30, 2))).frame["understory_near"].iloc[0] > 0


def test_unknown_heights_are_told_and_count_as_neither() -> None:
    found = along(("other", np.nan, 2.0, box(-30, 1, 90, 5)))
    assert (found.frame["concealing"].iloc[0], found.frame["open_green"].iloc[0]) == (0, 0)
    assert "1 green area has no known height class" in " ".join(map(str, found.findings))


def test_a_path_without_a_line_cannot_be_said() -> None:
    found = along(LAWN, path=None).frame.iloc[0]
    assert np.isnan(found[["understory_near", "open_green", "concealing", "pleasant"]].astype(float)).all()
