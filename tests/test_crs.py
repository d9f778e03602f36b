"""Reference systems: METHODS 13's point, what counts as metres, and no default."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from hotspot import crs
from hotspot.errors import ReferenceSystemError

LON, LAT = 12.3587, 55.6131
KNOWN = {
    "EPSG:25832": (711518.779, 6168138.655),
    "EPSG:25833": (333647.310, 6166185.240),  # easting checked against the Krueger series to n^4
    "EPSG:3857": (1375764.191, 7481777.215),
}


def place(system: str | None, x: float = LON, y: float = LAT) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[Point(x, y)], crs=system)


@pytest.mark.parametrize(("system", "expected"), KNOWN.items())
def test_the_point_in_ishoj(system: str, expected: tuple[float, float]) -> None:
    x, y = crs.transform([LON], [LAT], "EPSG:4326", system)
    assert (x[0], y[0]) == pytest.approx(expected, abs=1e-3)
    back = crs.transform(x, y, system, "EPSG:4326")
    assert (back[0][0], back[1][0]) == pytest.approx((LON, LAT), abs=1e-8)


def test_frames_go_to_metres_and_back() -> None:
    metric = crs.to_metric(place("EPSG:4326"), "EPSG:25832")
    assert crs.require_metric(metric) is metric
    assert metric.geometry.iloc[0].coords[0] == pytest.approx(KNOWN["EPSG:25832"], abs=1e-3)
    again = crs.to_wgs84(metric)
    assert again.geometry.iloc[0].coords[0] == pytest.approx((LON, LAT), abs=1e-8)
    lon, lat = crs.lonlat_of(*([v] for v in KNOWN["EPSG:25832"]), "EPSG:25832")
    assert (lon[0], lat[0]) == pytest.approx((LON, LAT), abs=1e-7)


@given(st.floats(441_000, 893_000), st.floats(6_050_000, 6_402_000))
def test_any_place_in_denmark_survives_the_round_trip(x: float, y: float) -> None:
    there = crs.transform([x], [y], "EPSG:25832", "EPSG:25833")
    back = crs.transform(*there, "EPSG:25833", "EPSG:25832")
    assert (back[0][0], back[1][0]) == pytest.approx((x, y), abs=1e-3)


@pytest.mark.parametrize(
    ("system", "metric"),
    [
        ("EPSG:25832", True),
        ("EPSG:32632", True),
        ("EPSG:4326", False),
        ("EPSG:3857", False),
        ("EPSG:2225", False),
        (None, False),
    ],
)
def test_metres_are_true_metres(system: str | None, metric: bool) -> None:  # noqa: FBT001
    assert crs.is_metric(system) is metric


def test_systems_are_named_and_compared_by_what_they_mean() -> None:
    assert crs.name_of("epsg:25832") == "EPSG:25832"
    assert crs.same("EPSG:25832", crs.parse("EPSG:25832").to_wkt())
    assert not crs.same("EPSG:25832", "EPSG:25833")


def test_points_without_a_number_are_nowhere() -> None:
    made = crs.points_of([1.0, np.nan, 3.0], [1.0, 2.0, np.inf], "EPSG:25832")
    assert made.isna().tolist() == [False, True, True]
    assert made.crs == "EPSG:25832"


def test_stating_a_system_moves_nothing_and_never_contradicts() -> None:
    stated = crs.assign(place(None, 700_000, 6_170_000), "EPSG:25832")
    assert stated.geometry.iloc[0].coords[0] == (700_000, 6_170_000)
    assert crs.assign(stated, "EPSG:25832").crs == "EPSG:25832"
    with pytest.raises(ReferenceSystemError, match="EPSG:25833 stated, but the file says EPSG:25832"):
        crs.assign(stated, "EPSG:25833")


@pytest.mark.parametrize("system", ["EPSG:4326", "EPSG:3857", None])
def test_what_is_not_metric_is_refused(system: str | None) -> None:
    with pytest.raises(ReferenceSystemError, match=f"found: {system or 'none'}"):
        crs.require_metric(place(system))


def test_there_is_no_default() -> None:
    for change in (lambda frame: crs.to_metric(frame, "EPSG:25832"), crs.to_wgs84):
        with pytest.raises(ReferenceSystemError, match="there is no default"):
            change(place(None))
    with pytest.raises(ReferenceSystemError, match="A study works in a projected"):
        crs.to_metric(place("EPSG:4326"), "EPSG:3857")
    with pytest.raises(ReferenceSystemError, match="'the moon', which names none"):
        crs.parse("the moon")
