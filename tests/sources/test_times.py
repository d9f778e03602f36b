"""Local times into UTC: METHODS 8.5 and 8.7, and every way that people write a time."""

import datetime as dt
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import SourceError
from hotspot.sources.times import read_days, read_times

HERE = "Europe/Copenhagen"


def read(**columns):
    return read_times(pd.DataFrame(columns, dtype="str"), HERE)


def utc(text):
    return pd.Timestamp(text, tz="UTC")


@pytest.mark.parametrize(
    "text",
    [
        "03-04-2024 14:30",
        "3.4.2024 kl. 14.30",
        "03/04/24 14:30:00",
        "2024-04-03T14:30",
        "2024-04-03 12:30Z",
        "2024-04-03T14:30:00+02:00",
        "3. april 2024 14:30",
        "03APR2024 14:30",
        "03-04-2024 1430",
        "03-04-2024 kl. 1430",
        "202404031430",
        "3/4-2024 2:30 PM".replace("/4-", "/4/"),
    ],
)
def test_one_moment_in_many_hands(text):
    times = read(start=[text])
    assert times.start[0] == times.end[0] == utc("2024-04-03 12:30")
    assert times.basis[0] == "instant"


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("kl. 14.30", "2024-01-03 13:30"),
        ("1430", "2024-01-03 13:30"),
        ("0.604166667", "2024-01-03 13:30"),
        ("9", "2024-01-03 08:00"),
        ("24:00", "2024-01-03 23:00"),
    ],
)
def test_a_day_and_a_clock_in_two_columns(clock, expected):
    assert read(date=["03-01-2024"], time=[clock]).start[0] == utc(expected)


def test_excel_counts_days():
    assert read(start=["45292.5"]).start[0] == utc("2024-01-01 11:00")
    assert read_days(pd.Series(["45292"]))[0] == pd.Timestamp("2024-01-01")


def test_one_column_per_unit():
    times = read(year=["2024", "2024"], month=["1", "13"], day=["3", "3"], hour=["14", "14"], minute=["30", "0"])
    assert times.start[0] == utc("2024-01-03 13:30")
    assert list(times.wrong) == [1]


def test_month_first_is_refused_and_never_guessed():
    with pytest.raises(SourceError, match="month first"):
        read(start=["10/23/2010 09:39:00 AM", "04/10/2010 09:39:00 AM"])
    assert read(start=["23/10/2010 09:39", "04/10/2010 09:39"]).start[1] == utc("2010-10-04 07:39")


def test_a_day_is_the_whole_local_day_also_when_clocks_change():
    times = read(date=["31-03-2024", "27-10-2024", "01-05-2024"])
    hours = (times.end - times.start) / pd.Timedelta(hours=1)
    assert hours.tolist() == [23, 25, 24]
    assert (times.basis == "date").all()


def test_hours_that_do_not_exist_or_come_twice():
    times = read(start=["31-03-2024 02:30", "27-10-2024 02:30"])
    assert times.start.tolist() == [utc("2024-03-31 01:00"), utc("2024-10-27 00:30")]
    assert times.end[1] - times.start[1] == pd.Timedelta(hours=1)
    assert times.basis.tolist() == ["instant", "interval"]
    assert len(times.findings) == 2


def test_from_and_to():
    times = read(start=["01-02-2024 22:00", "02-02-2024 03:00", ""], end=["02-02-2024 03:00", "01-02-2024 22:00", ""])
    assert times.basis.tolist()[:2] == ["interval", "interval"]
    assert times.start[1] == times.start[0]  # exchanged, and told
    assert any("exchanged" in str(each) for each in times.findings)


def test_a_false_midnight_is_an_unknown_hour_and_a_true_one_is_not():
    day = ["05-06-2024"] * 40
    false = read(date=day, time=["00:00"] * 20 + ["13:10"] * 20)
    assert (false.basis == "date").sum() == 20
    true = read(date=day, time=["00:00"] * 5 + ["23:00"] * 5 + ["01:00"] * 5 + ["13:10"] * 25)
    assert (true.basis == "instant").all()


def test_the_future_the_far_past_and_nonsense_are_set_aside():
    times = read(start=["01-01-2099 10:00", "01-01-1901 10:00", "31-02-2024 10:00", "i går", None])
    told = [str(times.wrong[row]) for row in range(5)]
    assert told == [
        "lies in the future",
        "lies before 1990",
        "the time cannot be read",
        "the time cannot be read",
        "has no time",
    ]


def test_no_time_at_all_is_refused_with_the_way_on():
    with pytest.raises(SourceError, match="=start"):
        read(sted=["her"])


@given(st.integers(0, (366 + 365 + 270) * 24 * 60))
def test_every_minute_comes_back(minute):
    naive = (pd.Timestamp("2024-01-01") + pd.Timedelta(minutes=minute)).to_pydatetime()
    zone = ZoneInfo(HERE)
    local = naive.replace(tzinfo=zone)
    exists = local.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) == naive
    times = read(start=[f"{naive:%d-%m-%Y %H:%M}", "01-07-2024 10:00"])
    if exists and (naive.hour, naive.minute) != (0, 0):
        assert times.start[0] == local.astimezone(dt.UTC)
