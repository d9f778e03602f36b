"""The sun's height against METHODS 8.6 and the properties of shares."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.environment.sun import dark_hours, light_class, light_shares, sun_elevation
from hotspot.errors import HotspotError

LONGITUDE, LATITUDE = 12.355, 55.615  # the place of the reference values
COPENHAGEN = "Europe/Copenhagen"

ELEVATIONS = [  # local time, degrees: NOAA's formulas, computed 2026-11-23
    ("2024-06-21 12:00", 55.155, "day"),
    ("2024-06-21 23:00", -6.064, "dark"),
    ("2024-06-22 01:10", -10.949, "dark"),
    ("2024-12-21 12:00", 10.924, "day"),
    ("2024-12-21 16:00", -2.971, "dusk"),
    ("2024-12-21 16:30", -6.395, "dark"),
    ("2024-03-20 18:45", -3.634, "dusk"),
    ("2024-01-15 07:45", -6.146, "dark"),
    ("2025-07-01 22:30", -3.917, "dusk"),
    ("2025-11-15 17:00", -7.838, "dark"),
]
CROSSINGS = [  # local time at which the level is passed; 60 s, as almanacs differ by 23 to 47 s
    ("2024-03-20 05:35:08", -6.0),
    ("2024-03-20 19:01:55", -6.0),
    ("2024-06-21 03:25:50", -6.0),
    ("2024-06-21 22:59:06", -6.0),
    ("2024-09-22 06:19:47", -6.0),
    ("2024-09-22 19:45:13", -6.0),
    ("2024-12-21 07:51:07", -6.0),
    ("2024-12-21 16:26:39", -6.0),
    ("2024-12-21 08:37:51", -0.833),
    ("2024-12-21 15:39:54", -0.833),
    ("2024-06-21 04:26:44", -0.833),
    ("2024-06-21 21:58:13", -0.833),
]


def local(*texts: str) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(texts).tz_localize(COPENHAGEN)


@pytest.mark.parametrize(("when", "degrees", "name"), ELEVATIONS)
def test_elevation_and_class_at_known_instants(when: str, degrees: float, name: str) -> None:
    height = sun_elevation(local(when), LONGITUDE, LATITUDE)
    assert height[0] == pytest.approx(degrees, abs=0.001)  # the reference values are rounded to 0.001
    assert light_class(height)[0] == name


@pytest.mark.parametrize(("when", "level"), CROSSINGS)
def test_crossings_within_a_minute(when: str, level: float) -> None:
    around = local(when)[0] + pd.to_timedelta([-60, 60], unit="s")
    before, after = sun_elevation(around, LONGITUDE, LATITUDE)
    assert (before - level) * (after - level) < 0


def test_boundaries_belong_to_the_lighter_class() -> None:
    classes = light_class(np.array([-0.833, -0.834, -6.0, -6.001, np.nan]))
    assert list(classes[:4]) == ["day", "dusk", "dusk", "dark"]
    assert pd.isna(classes[4])


def test_midsummer_night_never_reaches_nautical_dark() -> None:
    night = pd.date_range("2024-06-21", "2024-06-23", freq="min", tz=COPENHAGEN)
    assert sun_elevation(night, LONGITUDE, LATITUDE).min() == pytest.approx(-10.95, abs=0.01)


def test_same_clock_time_lands_in_different_classes_in_june_and_december() -> None:
    heights = sun_elevation(local("2024-06-21 17:00", "2024-12-21 17:00"), LONGITUDE, LATITUDE)
    assert list(light_class(heights)) == ["day", "dark"]


def test_exposure_of_a_year() -> None:
    year = dark_hours(
        pd.Timestamp("2025-01-01", tz=COPENHAGEN),
        pd.Timestamp("2026-01-01", tz=COPENHAGEN),
        LONGITUDE,
        LATITUDE,
    )
    assert year.dark == pytest.approx(3_728, abs=1)
    assert year.dusk == pytest.approx(535, abs=2)  # crossings counted to the second give 536.2, whole minutes 536.5
    assert year.dark_share == pytest.approx(0.426, abs=0.0005)
    assert year.day + year.dusk + year.dark == pytest.approx(8_760)


def test_share_of_an_interval_follows_the_crossing() -> None:
    start, end = local("2024-12-21 16:16:39"), local("2024-12-21 16:36:39")
    shares = light_shares(start, end, LONGITUDE, LATITUDE)[0]
    assert shares == pytest.approx([0, 0.5, 0.5], abs=0.01)  # the crossing is known to the second


def test_instant_has_its_own_class_and_missing_has_none() -> None:
    start = pd.DatetimeIndex(["2024-06-21 10:00", "2024-12-21 23:00", "NaT"]).tz_localize("UTC")
    end = pd.DatetimeIndex(["2024-06-21 10:00", "NaT", "2024-12-21 23:00"]).tz_localize("UTC")
    shares = light_shares(start, end, LONGITUDE, LATITUDE)
    assert shares[:2].tolist() == [[1, 0, 0], [0, 0, 1]]
    assert np.isnan(shares[2]).all()


def test_swapped_interval_reads_the_same() -> None:
    a, b = local("2024-03-20 17:00"), local("2024-03-20 21:00")
    assert light_shares(a, b, LONGITUDE, LATITUDE) == pytest.approx(light_shares(b, a, LONGITUDE, LATITUDE))


def test_shares_agree_with_one_sample_a_second() -> None:
    start, end = local("2025-10-25 15:00"), local("2025-10-26 09:30")
    seconds = pd.date_range(start[0], end[0], freq="s", inclusive="left")
    classes = light_class(sun_elevation(seconds, LONGITUDE, LATITUDE))
    sampled = [(classes == name).mean() for name in ("day", "dusk", "dark")]
    assert light_shares(start, end, LONGITUDE, LATITUDE)[0] == pytest.approx(sampled, abs=2e-4)


@given(
    start=st.datetimes(min_value=pd.Timestamp("1950-01-01"), max_value=pd.Timestamp("2080-01-01")),
    minutes=st.integers(min_value=0, max_value=20_000),
    latitude=st.floats(min_value=-89, max_value=89),
    longitude=st.floats(min_value=-179, max_value=179),
)
def test_shares_sum_to_one_everywhere(start: pd.Timestamp, minutes: int, latitude: float, longitude: float) -> None:
    first = pd.DatetimeIndex([start])
    shares = light_shares(first, first + pd.Timedelta(minutes=minutes), longitude, latitude)
    assert shares.sum() == pytest.approx(1.0)
    assert (shares >= 0).all()


def test_row_order_does_not_matter() -> None:
    start = pd.date_range("2024-01-01", periods=50, freq="53h", tz="UTC")
    end = start + pd.to_timedelta(np.arange(50) * 17, unit="min")
    order = np.random.default_rng(1).permutation(50)
    shares = light_shares(start, end, LONGITUDE, LATITUDE)
    assert light_shares(start[order], end[order], LONGITUDE, LATITUDE) == pytest.approx(shares[order], abs=1e-12)
    alone = light_shares(start[40:41], end[40:41], LONGITUDE, LATITUDE)
    assert alone == pytest.approx(shares[40:41], abs=1e-9)  # only float rounding differs


def test_an_interval_over_several_years_is_its_parts_together() -> None:
    """From the summer of one year, across leap day, into the third: what lies on either side of New Year adds up."""
    ends = pd.DatetimeIndex(["2023-07-01 21:07", "2024-01-01", "2024-02-29 17:33", "2025-01-01", "2025-03-09 05:51"])
    hours = np.diff(ends.to_numpy()) / np.timedelta64(1, "h")
    parts = light_shares(ends[:-1], ends[1:], LONGITUDE, LATITUDE) * hours[:, None]
    whole = light_shares(ends[:1], ends[-1:], LONGITUDE, LATITUDE)[0] * hours.sum()
    assert whole == pytest.approx(parts.sum(axis=0), abs=1e-7)
    assert light_shares(ends[:1], ends[-1:], LONGITUDE, LATITUDE, 7.0)[0] * hours.sum() == pytest.approx(whole, abs=0.1)


def test_empty_gives_empty() -> None:
    nothing = pd.DatetimeIndex([], tz="UTC")
    assert light_shares(nothing, nothing, LONGITUDE, LATITUDE).shape == (0, 3)
    assert len(light_class(sun_elevation(nothing, LONGITUDE, LATITUDE))) == 0


def test_metric_coordinates_are_refused() -> None:
    with pytest.raises(HotspotError, match="place on the globe"):
        sun_elevation(pd.DatetimeIndex(["2024-01-01"]), 720_000.0, 6_170_000.0)


def test_impossible_period_and_step_are_refused() -> None:
    day = pd.Timestamp("2024-01-01", tz="UTC")
    with pytest.raises(HotspotError, match="end after it starts"):
        dark_hours(day, day, LONGITUDE, LATITUDE)
    with pytest.raises(HotspotError, match="must be positive"):
        light_shares(pd.DatetimeIndex([day]), pd.DatetimeIndex([day]), LONGITUDE, LATITUDE, step_minutes=0)
