"""Light against METHODS 2.3, and what must hold for any inventory."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, box, contains_xy

from hotspot.environment.lamps import LightPoints, lamp_output, light_points
from hotspot.environment.light import contributions_at, illuminance_after, illuminance_at, illuminance_grid
from hotspot.environment.photometry import HEMISPHERE, LAMBERT, UNIFORM_DISC, Photometry
from hotspot.errors import HotspotError

EVERYWHERE = box(-10_000, -10_000, 10_000, 10_000)
DISTANCES = (0.0, 2.5, 5.0, 10.0, 15.0, 20.0)
PRESETS = [  # 3000 lm at 5 m, computed 2026-11-23; printed with four decimals
    (0.0, (19.0986, 13.6658, 6.7524, 1.7082, 0.6040, 0.2725)),
    (1.0, (38.1972, 24.4462, 9.5493, 1.5279, 0.3820, 0.1322)),
    (2.0, (57.2958, 32.7980, 10.1286, 1.0249, 0.1812, 0.0481)),
]


def inventory(rows: list[dict[str, object]]) -> gpd.GeoDataFrame:
    blank = {
        "height_m": np.nan,
        "flux_lm": np.nan,
        "power_w": np.nan,
        "source_type": np.nan,
        "out_from": pd.NaT,
        "out_to": pd.NaT,
        "dimming": "none",
    }
    full = [{**blank, "lamp_id": f"l{i}", **row} for i, row in enumerate(rows)]
    frame = pd.DataFrame(full, columns=["lamp_id", *blank, "geometry"])
    return gpd.GeoDataFrame(frame, geometry="geometry", crs="EPSG:25832")


def lamps_at(*places: tuple[float, float], flux: float = 3_000.0, height: float = 5.0) -> LightPoints:
    rows = [{"height_m": height, "flux_lm": flux, "geometry": Point(place)} for place in places]
    return light_points(inventory(rows), maintenance=1.0)


@pytest.mark.parametrize(("power", "expected"), PRESETS)
def test_presets_at_known_distances(power: float, expected: tuple[float, ...]) -> None:
    points = np.column_stack([DISTANCES, np.zeros(6)])
    photometry = Photometry("cosine", power)
    lux = illuminance_at(points, lamps_at((0, 0)), EVERYWHERE, photometry)
    assert lux == pytest.approx(expected, abs=5e-5)
    raster = illuminance_grid(np.arange(0, 20.1, 2.5), np.array([0.0]), lamps_at((0, 0)), EVERYWHERE, photometry)
    assert raster[0, [0, 1, 2, 4, 6, 8]] == pytest.approx(expected, abs=6e-5)


def test_uniform_disc() -> None:
    points = np.array([[0.0, 0], [10.72, 0], [10.73, 0]])
    lux = illuminance_at(points, lamps_at((0, 0)), EVERYWHERE, UNIFORM_DISC)
    assert lux == pytest.approx([8.3057, 8.3057, 0.0], abs=5e-5)


@pytest.mark.parametrize(
    ("photometry", "mean", "least", "uniformity"),
    [(LAMBERT, 6.8754, 0.6371, 0.0927), (HEMISPHERE, 4.5929, 1.0285, 0.2239)],
)
def test_row_of_columns(photometry: Photometry, mean: float, least: float, uniformity: float) -> None:
    rows = [{"height_m": 5.0, "flux_lm": 3_000.0, "geometry": Point(30 * k, 0)} for k in range(-4, 6)]
    lamps = light_points(inventory(rows), maintenance=0.8)
    x, y = np.meshgrid(np.arange(1.5, 30, 3), [0.5, 1.5, 2.5])
    lux = illuminance_at(np.column_stack([x.ravel(), y.ravel()]), lamps, EVERYWHERE, photometry)
    # the reference sums all ten columns; ours stops at 60 m, which costs at most 2 % of the minimum at m = 0
    assert lux.mean() == pytest.approx(mean, rel=0.005)
    assert lux.min() == pytest.approx(least, rel=0.02)
    assert lux.min() / lux.mean() == pytest.approx(uniformity, rel=0.02)


lamp_rows = st.lists(
    st.tuples(st.floats(-200, 200), st.floats(-200, 200), st.floats(2, 15), st.floats(0, 20_000)),
    min_size=1,
    max_size=12,
)


def drawn(rows: list[tuple[float, float, float, float]]) -> LightPoints:
    rows = sorted(rows, key=lambda row: (row[1], row[0]))
    x, y, height, flux = np.array(rows, dtype=np.float64).T
    return LightPoints(np.array([f"l{i}" for i in range(len(rows))], dtype=object), x, y, height, flux)


SPOTS = np.random.default_rng(3).uniform(-250, 250, (200, 2))


@given(rows=lamp_rows, photometry=st.sampled_from([LAMBERT, HEMISPHERE, UNIFORM_DISC]))
def test_doubling_the_flux_doubles_the_light(
    rows: list[tuple[float, float, float, float]], photometry: Photometry
) -> None:
    once = illuminance_at(SPOTS, drawn(rows), EVERYWHERE, photometry)
    twice = illuminance_at(SPOTS, drawn([(x, y, h, 2 * f) for x, y, h, f in rows]), EVERYWHERE, photometry)
    assert twice == pytest.approx(2 * once)
    assert not np.isnan(once).any()


@given(rows=lamp_rows, photometry=st.sampled_from([LAMBERT, HEMISPHERE, UNIFORM_DISC]))
def test_one_more_lamp_never_darkens(rows: list[tuple[float, float, float, float]], photometry: Photometry) -> None:
    fewer = illuminance_at(SPOTS, drawn(rows[1:] or [(0, 0, 5, 0)]), EVERYWHERE, photometry)
    more = illuminance_at(SPOTS, drawn(rows), EVERYWHERE, photometry)
    assert (more >= fewer - 1e-9 * fewer).all()


@given(rows=lamp_rows, photometry=st.sampled_from([LAMBERT, HEMISPHERE, UNIFORM_DISC]))
def test_raster_equals_points(rows: list[tuple[float, float, float, float]], photometry: Photometry) -> None:
    x, y = np.arange(-100.25, 100, 10.0), np.arange(120.5, -60, -10.0)
    east, north = np.meshgrid(x, y)
    at_points = illuminance_at(np.column_stack([east.ravel(), north.ravel()]), drawn(rows), EVERYWHERE, photometry)
    raster = illuminance_grid(x, y, drawn(rows), EVERYWHERE, photometry)
    assert raster.ravel() == pytest.approx(at_points, rel=1e-5, abs=1e-6)


@given(rows=lamp_rows, new=st.tuples(st.floats(-200, 200), st.floats(-200, 200)), which=st.integers(0, 11))
def test_moving_one_lamp_recomputes_only_its_window(
    rows: list[tuple[float, float, float, float]], new: tuple[float, float], which: int
) -> None:
    which %= len(rows)
    moved = [(*new, *row[2:]) if i == which else row for i, row in enumerate(rows)]
    before, after = (_named(frame) for frame in (rows, moved))
    x, y = np.arange(-250.0, 250, 5), np.arange(250.0, -250, -5)
    coverage = box(-220, -400, 400, 150)
    old = illuminance_grid(x, y, before, coverage)
    new_surface = illuminance_after(old, (x, y), (before, after), coverage)
    np.testing.assert_array_equal(new_surface, illuminance_grid(x, y, after, coverage))
    east, north = np.meshgrid(x, y)
    reach = max(60.0, 5 * rows[which][2])
    far = np.minimum(np.hypot(east - rows[which][0], north - rows[which][1]), np.hypot(east - new[0], north - new[1]))
    np.testing.assert_array_equal(new_surface[far > reach + 1e-6], old[far > reach + 1e-6])


def _named(rows: list[tuple[float, float, float, float]]) -> LightPoints:
    records = [{"height_m": h, "flux_lm": f + 1, "geometry": Point(x, y)} for x, y, h, f in rows]
    return light_points(inventory(records), maintenance=1.0)


def test_row_order_never_matters() -> None:
    draw = np.random.default_rng(5)
    rows = [
        {"height_m": 5.0, "flux_lm": 3_000.0, "geometry": Point(place)} for place in draw.uniform(-100, 100, (30, 2))
    ]
    frame = inventory(rows)
    shuffled = frame.sample(frac=1, random_state=1)
    one, other = (illuminance_at(SPOTS, light_points(table), EVERYWHERE) for table in (frame, shuffled))
    np.testing.assert_array_equal(one, other)


def test_a_raster_does_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(6)
    places = draw.uniform(-400, 400, (300, 2))
    lamps = light_points(inventory([{"height_m": 6.0, "flux_lm": 3_000.0, "geometry": Point(xy)} for xy in places]))
    axis = np.arange(-500.0, 500, 2)
    found = []
    for threads in (1, 2, 3):
        monkeypatch.setattr("hotspot.stats.bands.THREADS", threads)
        found.append(illuminance_grid(axis, axis, lamps, EVERYWHERE))
    assert found[0].max() > 1
    np.testing.assert_array_equal(found[1], found[0])
    np.testing.assert_array_equal(found[2], found[0])


def test_no_lamps_is_dark_inside_and_unknown_outside_the_coverage() -> None:
    coverage = MultiPolygon([box(0, 0, 10, 10), box(50, 0, 60, 10)])
    points = np.array([[5.0, 5], [30, 5], [55, 5]])
    nothing = light_points(inventory([]))
    assert np.array_equal(illuminance_at(points, nothing, coverage), [0, np.nan, 0], equal_nan=True)
    grid = illuminance_grid(np.arange(5.0, 60, 25), np.array([5.0]), nothing, coverage)
    assert np.array_equal(grid, [[0, np.nan, 0]], equal_nan=True)


def test_grid_coverage_follows_the_edge_pixel_by_pixel() -> None:
    coverage = Point(0, 0).buffer(300).difference(Point(100, 0).buffer(40))
    axis = np.arange(-350.0, 350, 5)
    east, north = np.meshgrid(axis, axis)
    known = ~np.isnan(illuminance_grid(axis, axis, lamps_at((0, 0)), coverage))
    np.testing.assert_array_equal(known, contains_xy(coverage, east, north))


def test_a_lamp_that_cannot_be_told_makes_its_surroundings_unknown() -> None:
    lamps = light_points(inventory([{"geometry": Point(0, 0)}, {"flux_lm": 3_000.0, "geometry": Point(200, 0)}]))
    lux = illuminance_at(np.array([[10.0, 0], [200.0, 0]]), lamps, EVERYWHERE)
    assert np.isnan(lux[0])
    assert lux[1] > 0
    told = [str(finding) for finding in lamps.findings]
    assert "2 lamps have no height; 5.0 m is assumed." in told
    assert "1 lamp has neither lumens nor watts of a known source; light near it is unknown." in told


def test_watts_and_assumed_lumens_are_told() -> None:
    rows = [
        {"power_w": 20.0, "source_type": "led", "height_m": 1.0, "geometry": Point(0, 0)},
        {"power_w": 20.0, "source_type": np.nan, "height_m": 4.0, "geometry": Point(1, 0)},
    ]
    lamps = light_points(inventory(rows), maintenance=0.5, assumed_flux_lm=1_000.0)
    assert lamps.flux_lm.tolist() == [1_100.0, 500.0]
    assert lamps.height_m.tolist() == [2.0, 4.0]
    told = " ".join(str(finding) for finding in lamps.findings)
    assert "(figure not checked)" in told
    assert "1000.0 lm is assumed" in told
    assert "lower than 2.0 m" in told


def test_lamps_without_a_position_are_told() -> None:
    lamps = light_points(inventory([{"flux_lm": 1.0, "geometry": None}, {"flux_lm": 1.0, "geometry": Point()}]))
    assert len(lamps) == 0
    assert "2 lamps have no position" in str(lamps.findings[0])


def test_outage_from_included_to_excluded_and_open_ended() -> None:
    first, last = pd.Timestamp("2025-11-01 00:00", tz="UTC"), pd.Timestamp("2025-11-10 00:00", tz="UTC")
    rows = [
        {"out_from": first, "out_to": last, "geometry": Point(0, 0)},
        {"out_from": first, "geometry": Point(0, 0)},
    ]
    frame = inventory(rows)
    minute = pd.Timedelta(minutes=1)
    states = [
        lamp_output(frame, at, "Europe/Copenhagen")[0].tolist() for at in (first - minute, first, last - minute, last)
    ]
    assert states == [[1, 1], [0, 0], [0, 0], [1, 0]]
    lamps = light_points(frame.assign(flux_lm=np.nan), lamp_output(frame, first, "Europe/Copenhagen")[0])
    assert illuminance_at(np.array([[0.0, 0]]), lamps, EVERYWHERE) == [0.0]  # out, so its lumens are no matter


def test_dimming_follows_the_local_clock() -> None:
    frame = inventory([{"dimming": text, "geometry": Point(0, 0)} for text in ("none", "part_night", "dimmed", "X 3")])
    evening, late = (
        pd.Timestamp("2025-11-15 22:30", tz="Europe/Copenhagen"),
        pd.Timestamp("2025-11-15 23:30", tz="UTC"),
    )
    at_evening, told = lamp_output(frame, evening, "Europe/Copenhagen")
    at_night, _ = lamp_output(frame, late, "Europe/Copenhagen")
    assert at_evening.tolist() == [1, 1, 1, 1]
    assert at_night.tolist()[:3] == [1, 0, 0.5]
    assert np.isnan(at_night.iloc[3])
    assert len(told) == 3


def test_contributions_add_up_to_the_light() -> None:
    lamps = drawn([(x, y, 5.0, 2_000.0) for x, y in SPOTS[:40]])
    at, lamp, lux = contributions_at(SPOTS, lamps)
    total = np.bincount(at, weights=lux, minlength=len(SPOTS))
    assert total == pytest.approx(illuminance_at(SPOTS, lamps, EVERYWHERE))
    assert set(lamp.tolist()) <= set(range(40))
    assert len(contributions_at(SPOTS, light_points(inventory([])))[0]) == 0


@pytest.mark.parametrize("settings", [{"maintenance": 0.0}, {"maintenance": 1.2}, {"default_height_m": 0.0}])
def test_impossible_settings_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(HotspotError, match="maintenance factor"):
        light_points(inventory([]), **settings)


def test_uneven_axes_and_naive_times_are_refused() -> None:
    with pytest.raises(HotspotError, match="equally spaced"):
        illuminance_grid(np.array([0.0, 5, 12]), np.array([0.0]), lamps_at((0, 0)), EVERYWHERE)
    with pytest.raises(HotspotError, match="with a time zone"):
        lamp_output(inventory([]), pd.Timestamp("2025-01-01"), "Europe/Copenhagen")
