import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hotspot.counting import (
    areas_of,
    by_hour,
    count,
    drawn_counts,
    in_period,
    places_of,
    total_by,
    undecided_share,
    years_in,
)
from hotspot.grid import make_grid
from hotspot.tables import Place

UTC = "UTC"


def times(*pairs):
    return pd.DataFrame(
        {
            "start": pd.to_datetime([a for a, _ in pairs], utc=True),
            "end": pd.to_datetime([b for _, b in pairs], utc=True),
        }
    )


def test_counts_per_cell_add_up_and_keep_zeros():
    grid = make_grid(Place("Box", shapely.box(600_000, 6_000_000, 600_300, 6_000_200), "EPSG:25832"))
    points = gpd.GeoDataFrame(
        {"weight": [1.0, 0.5]},
        geometry=gpd.points_from_xy([600_010, 600_020], [6_000_010, 6_000_020]),
        crs="EPSG:25832",
    )
    counts = count(points, grid)
    assert len(counts) == 6
    assert counts["100m_60000_6000"] == 1.5
    assert counts.sum() == 1.5


def test_an_interval_counts_with_the_part_inside_the_period():
    rows = times(
        ("2023-12-31 22:00", "2024-01-01 00:00"),  # local 23:00 to 01:00: half in each year
        ("2024-06-01 10:00", "2024-06-01 10:00"),
        ("2025-01-01 00:00", "2025-01-01 00:00"),  # local 01:00 on the day after
    )
    shares = in_period(rows, (dt.date(2024, 1, 1), dt.date(2024, 12, 31)), "Europe/Copenhagen")
    assert shares.tolist() == [0.5, 1.0, 0.0]


def test_years_count_both_days():
    assert years_in((dt.date(2023, 1, 1), dt.date(2025, 12, 31))) == pytest.approx(1096 / 365.25)


def test_areas_take_the_first_where_they_overlap_in_any_row_order():
    areas = gpd.GeoDataFrame(index=["b", "a"], geometry=[shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)])
    points = gpd.GeoSeries(gpd.points_from_xy([1.5, 0.5, 9], [1.5, 0.5, 9]))
    for each in (areas, areas.iloc[::-1]):
        found = areas_of(points, each)
        assert found.tolist()[:2] == ["a", "b"]
        assert pd.isna(found[2])


def test_few_and_many_points_find_the_same_areas_on_edges_and_corners_too(monkeypatch):
    rng = np.random.default_rng(3)
    seeds = shapely.multipoints(rng.integers(0, 40, (12, 2)).astype(float))
    shapes = [
        *shapely.get_parts(shapely.voronoi_polygons(seeds)),
        shapely.box(10, 10, 30, 30).difference(shapely.box(15, 15, 25, 25)),
    ]
    areas = gpd.GeoDataFrame(geometry=shapes, index=[f"a{rng.integers(1e9)}" for _ in shapes])
    xy = np.vstack([rng.integers(-5, 45, (900, 2)), shapely.get_coordinates(shapes), [[np.nan, np.nan]]]).astype(float)
    points = gpd.GeoSeries(shapely.points(xy))
    few = areas_of(points, areas)
    monkeypatch.setattr("hotspot.counting._MANY_POINTS", 0)
    assert len(points) > 4 * len(areas)
    many = areas_of(points, areas)
    pd.testing.assert_series_equal(many, few)
    assert 0 < many.isna().sum() < len(points)
    assert many.dropna().nunique() == len(areas)


def test_a_point_in_a_gap_goes_to_the_nearest_place_and_one_outside_to_none():
    places = gpd.GeoDataFrame(index=["b", "a"], geometry=[shapely.box(0, 0, 2, 2), shapely.box(2.01, 0, 4, 2)])
    points = gpd.GeoSeries(gpd.points_from_xy([2.002, 2.009, 5], [1, 1, 1]))
    assert areas_of(points, places).isna().all()
    for each in (places, places.iloc[::-1]):
        found = places_of(points, each, shapely.box(0, 0, 4, 2))
        assert found.tolist()[:2] == ["b", "a"]
        assert pd.isna(found[2])


def test_totals_have_zero_where_nothing_belongs():
    totals = total_by(pd.Series(["x", None, "x"]), pd.Series([1.0, 5.0, 2.0]), pd.Index(["x", "y"]))
    assert totals.tolist() == [3.0, 0.0]


def test_decided_incidents_are_drawn_once_and_undecided_several_times():
    ids = pd.Series({"i1": "x", "i2": "x", "i3": "y", "i4": None})
    sure = pd.Series({"i1": 1.0, "i2": 1.0, "i3": 0.0, "i4": 1.0})
    index = pd.Index(["x", "y"])
    assert drawn_counts(ids, sure, index, np.random.default_rng(1)).tolist() == [[2, 0]]
    unsure = sure.copy()
    unsure["i3"] = 0.5
    draws = drawn_counts(ids, unsure, index, np.random.default_rng(1), 2001)
    assert draws[:, 1].mean() == pytest.approx(0.5, abs=0.05)
    shuffled = drawn_counts(ids[::-1], unsure[::-1], index, np.random.default_rng(1), 2001)
    assert (draws == shuffled).all()
    assert undecided_share(unsure) == 0.25
    assert np.isnan(undecided_share(pd.Series([0.0])))


def hours(rows, zone, where=(12.355, 55.615)):
    return by_hour(rows.assign(membership=1.0), zone, where).sum(axis=1)


def test_hours_spread_by_overlap():
    # published aoristic examples: 01:00-02:30 is 2/3 and 1/3; 01:50-02:10 is half and half
    rows = times(("2024-01-10 01:00", "2024-01-10 02:30"), ("2024-01-10 01:50", "2024-01-10 02:10"))
    assert hours(rows.iloc[:1], UTC)[[1, 2]] == pytest.approx([2 / 3, 1 / 3])
    assert hours(rows.iloc[1:], UTC)[[1, 2]] == pytest.approx([0.5, 0.5])


def test_hours_of_any_interval_add_up_to_the_incidents():
    rows = times(
        ("2024-01-10 23:30", "2024-01-11 00:30"),
        ("2024-01-10 05:00", "2024-01-13 05:00"),
        ("2024-01-10 05:15", "2024-01-13 11:45"),
        ("2024-01-10 05:15", "2024-01-10 05:15"),
    )
    assert hours(rows, "Europe/Copenhagen").sum() == pytest.approx(4)
    assert hours(rows.iloc[[0]], UTC)[[23, 0]] == pytest.approx([0.5, 0.5])
    assert hours(rows.iloc[[1]], UTC) == pytest.approx(np.full(24, 1 / 24))


def test_the_same_hour_is_light_in_june_and_dark_in_december():
    # sun at Ishoej: 55.2 degrees at noon of 21 June; -2.97 (twilight) at 16.00 and -6.4 (dark) at 16.30 on 21 December
    ishoej, zone = (12.355, 55.615), "Europe/Copenhagen"
    rows = times(("2024-06-21 14:20", "2024-06-21 14:20"), ("2024-12-21 15:00", "2024-12-21 15:00"),
                 ("2024-12-21 15:31", "2024-12-21 15:31")).assign(membership=[1.0, 0.5, 1.0])  # fmt: skip
    found = by_hour(rows, zone, ishoej)
    assert found[16] == pytest.approx([1.0, 0.5, 1.0])
    assert found.sum() == pytest.approx(2.5)


def test_only_the_light_that_is_counted_gets_hours():
    afternoon = times(("2024-12-21 13:00", "2024-12-21 17:00")).assign(membership=0.3)
    found = by_hour(afternoon, "Europe/Copenhagen", (12.355, 55.615), ("dark",))
    assert found.sum() == pytest.approx(0.3)
    assert found[:, :2].sum() == 0
    assert found[14:16].sum() == 0
    assert found[17, 2] > found[16, 2] > 0


@given(
    st.lists(st.tuples(st.integers(0, 20 * 24 * 60), st.integers(0, 12 * 24 * 60)), min_size=1, max_size=6),
    st.randoms(use_true_random=False),
)
def test_shares_of_any_intervals_add_up_and_hang_on_no_order(minutes, random):
    began = pd.Timestamp("2024-01-01", tz=UTC) + pd.to_timedelta([start for start, _ in minutes], unit="min")
    rows = pd.DataFrame({"start": began, "end": began + pd.to_timedelta([long for _, long in minutes], unit="min")})
    first = dt.date(2024, 1, 1)
    tens = [(first + dt.timedelta(days=10 * k), first + dt.timedelta(days=10 * k + 9)) for k in range(4)]
    shares = [in_period(rows, ten, UTC) for ten in tens]
    assert sum(shares).to_numpy() == pytest.approx(np.ones(len(rows)))
    found = hours(rows, UTC)
    assert found.sum() == pytest.approx(len(rows))
    turned = rows.iloc[random.sample(range(len(rows)), len(rows))]
    assert (in_period(turned, tens[1], UTC).sort_index() == shares[1]).all()
    assert hours(turned, UTC) == pytest.approx(found)
    assert hours(rows + pd.Timedelta(days=7), UTC) == pytest.approx(found)  # the same hours a week later
