"""Lamps made ready: what is assumed is told, what is unknown stays unknown, and outages by the minute."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import MultiPoint, Point

from hotspot.environment.lamps import lamp_output, light_points
from hotspot.errors import HotspotError

ZONE = "Europe/Copenhagen"
BLANK = {
    "height_m": 5.0, "flux_lm": 3_000.0, "power_w": np.nan, "source_type": np.nan, "out_from": pd.NaT,
    "out_to": pd.NaT, "dimming": "none", "geometry": Point(0, 0),
}  # fmt: skip


def inventory(*rows: dict[str, object]) -> gpd.GeoDataFrame:
    full = [{"lamp_id": f"l{i}", **BLANK, **row} for i, row in enumerate(rows)]
    return gpd.GeoDataFrame(pd.DataFrame(full), geometry="geometry", crs="EPSG:25832")


def told(rows: tuple[object, ...]) -> str:
    return " ".join(map(str, rows))


def at(local: str) -> pd.Timestamp:
    return pd.Timestamp(local, tz=ZONE)


@pytest.mark.parametrize(
    ("source", "lumens"),
    [("led", 1100), ("sodium", 900), ("metal_halide", 800), ("fluorescent", 600), ("mercury", 450), (np.nan, np.nan)],
)
def test_lumens_from_ten_watts(source: str, lumens: float) -> None:
    row = {"flux_lm": np.nan, "power_w": 10.0, "source_type": source}
    made = light_points(inventory(row), maintenance=1.0)
    assert made.flux_lm == pytest.approx([lumens], nan_ok=True)
    assert ("watts times" in told(made.findings)) == np.isfinite(lumens)
    assert light_points(inventory(row), maintenance=1.0, assumed_flux_lm=700.0).flux_lm[0] in (lumens, 700.0)


def test_stated_lumens_go_before_watts_and_light_is_maintained() -> None:
    made = light_points(inventory({"power_w": 10.0, "source_type": "led"}))
    assert made.flux_lm == pytest.approx([2_400])
    assert made.findings == ()


def test_heights_are_assumed_or_lifted_and_both_told() -> None:
    made = light_points(inventory({"height_m": np.nan}, {"height_m": 1.0}, {"height_m": 0.0}), default_height_m=4.0)
    assert sorted(made.height_m) == [2, 4, 4]
    assert "2 lamps have no height; 4.0 m" in told(made.findings)
    assert "1 lamp is lower than 2.0 m" in told(made.findings)


def test_a_lamp_without_a_place_is_told_and_several_heads_stay() -> None:
    made = light_points(inventory({}, {}, {"geometry": None}, {"geometry": Point()}))
    assert len(made) == 2
    assert "2 lamps have no position" in told(made.findings)
    assert light_points(inventory({"geometry": MultiPoint([(0, 0), (4, 2)])})).x == pytest.approx([2])
    assert len(light_points(inventory({}).iloc[:0])) == 0


def test_the_order_of_the_rows_does_not_matter() -> None:
    draw = np.random.default_rng(3)
    rows = inventory(*({"geometry": Point(*p), "flux_lm": 1e3 * f} for *p, f in draw.uniform(1, 9, (20, 3))))
    one, other = light_points(rows), light_points(rows.iloc[::-1])
    assert (one.lamp_id == other.lamp_id).all()
    assert (one.flux_lm == other.flux_lm).all()
    assert (np.diff(one.y) >= 0).all()


def test_a_lamp_that_is_out_gives_nothing_even_if_its_lumens_are_unknown() -> None:
    rows = inventory({}, {"flux_lm": np.nan}, {})
    made = light_points(rows, pd.Series([1.0, 0.0, 0.5], index=rows.index), maintenance=1.0)
    assert dict(zip(made.lamp_id, made.flux_lm, strict=True)) == {"l0": 3000, "l1": 0, "l2": 1500}


@pytest.mark.parametrize(
    ("clock", "part_night", "dimmed", "strange"),
    [("22:59", 1, 1, 1), ("23:00", 1, 0.5, np.nan), ("00:00", 0, 0.5, np.nan), ("05:00", 1, 1, 1)],
)
def test_dimming_by_the_local_clock(clock: str, part_night: float, dimmed: float, strange: float) -> None:
    rows = inventory(*({"dimming": text} for text in ("part_night", "dimmed", "astro 7", None)))
    for day in ("2025-01-15", "2025-07-15"):  # winter and summer time
        share, findings = lamp_output(rows, at(f"{day} {clock}"), ZONE)
        assert share.tolist() == pytest.approx([part_night, dimmed, strange, 1], nan_ok=True)
        assert len(findings) == 3


def test_outages_begin_with_their_first_moment_and_end_before_their_last() -> None:
    begin, end = pd.Timestamp("2025-01-10 18:00", tz="UTC"), pd.Timestamp("2025-01-12 18:00", tz="UTC")
    rows = inventory({"out_from": begin, "out_to": end}, {"out_from": begin}, {"out_to": end}, {})
    minute = pd.Timedelta(minutes=1)
    for moment, expected in (
        (begin - minute, [1, 1, 0, 1]),
        (begin, [0, 0, 0, 1]),
        (end - minute, [0, 0, 0, 1]),
        (end, [1, 0, 1, 1]),
    ):
        assert lamp_output(rows, moment, ZONE)[0].tolist() == expected


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(HotspotError, match=r"2025-01-15 22:00"):
        lamp_output(inventory({}), pd.Timestamp("2025-01-15 22:00"), ZONE)


@pytest.mark.parametrize("options", [{"maintenance": 0.0}, {"maintenance": 1.1}, {"default_height_m": 0.0}])
def test_impossible_settings_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(HotspotError, match="maintenance factor lies above 0"):
        light_points(inventory({}), **options)
