"""When things happen: season, weekday, hour and the dark, by category."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

CATEGORIES: Final = ("riding", "gathering", "vandalism", "burglary", "violence", "theft", "drugs", "fire")
FIRST: Final = "2023-01-01"
DAYS: Final = 1096
ZONE: Final = "Europe/Copenhagen"
LATITUDE, LONGITUDE = 56.27, 11.25
DARK_DEGREES: Final = -6.3  # a little below the twilight limit, so that rounding a time never leaves the dark

# Peaks as (hour, spread in hours, weight) on an even floor.
HOURS: Final = {
    "riding": ((17, 2.5, 5.0), (21, 2.0, 4.0)), "gathering": ((21, 2.5, 6.0), (0.5, 1.5, 2.0)),
    "vandalism": ((22, 3.5, 4.0), (2, 2.0, 2.0)), "burglary": ((12, 3.5, 4.0), (19, 2.0, 1.5)),
    "violence": ((23, 3.0, 4.0), (16, 3.0, 1.5)), "theft": ((14, 3.5, 5.0), (18, 2.0, 1.5)),
    "drugs": ((20, 3.5, 4.0), (15, 2.5, 1.5)), "fire": ((22, 3.0, 4.0), (1, 2.0, 2.0)),
}  # fmt: skip
FLOOR: Final = 0.15
SUMMER: Final = {"riding": 0.65, "gathering": 0.45, "vandalism": 0.1, "burglary": -0.35, "violence": 0.1,
                 "theft": 0.1, "drugs": 0.15, "fire": 0.0}  # fmt: skip
WEEKEND: Final = {"riding": 1.3, "gathering": 1.7, "vandalism": 1.5, "burglary": 0.9, "violence": 1.9, "theft": 0.9,
                  "drugs": 1.2, "fire": 1.3}  # fmt: skip


def sun_elevation(utc: pd.DatetimeIndex) -> NDArray[np.float64]:
    """How high the sun stands over the town, to about a quarter of a degree [degrees]."""
    hours = utc.hour.to_numpy() + utc.minute.to_numpy() / 60
    turn = 2 * np.pi / 365.25 * (utc.day_of_year.to_numpy() - 1 + (hours - 12) / 24)
    tilt = (0.006918 - 0.399912 * np.cos(turn) + 0.070257 * np.sin(turn) - 0.006758 * np.cos(2 * turn)
            + 0.000907 * np.sin(2 * turn) - 0.002697 * np.cos(3 * turn) + 0.00148 * np.sin(3 * turn))  # fmt: skip
    late = 229.18 * (0.000075 + 0.001868 * np.cos(turn) - 0.032077 * np.sin(turn) - 0.014615 * np.cos(2 * turn)
                     - 0.040849 * np.sin(2 * turn))  # fmt: skip
    angle = np.radians((hours * 60 + late + 4 * LONGITUDE) / 4 - 180)
    phi = np.radians(LATITUDE)
    sine = np.sin(phi) * np.sin(tilt) + np.cos(phi) * np.cos(tilt) * np.cos(angle)
    found: NDArray[np.float64] = np.degrees(np.arcsin(sine))
    return found


def _hour_weights(category: str) -> NDArray[np.float64]:
    hour = np.arange(24) + 0.5
    weight = np.full(24, FLOOR)
    for middle, spread, height in HOURS[category]:
        away = np.minimum(np.abs(hour - middle), 24 - np.abs(hour - middle))
        weight += height * np.exp(-0.5 * (away / spread) ** 2) / spread
    return weight


def calendar() -> dict[str, NDArray[np.float64]]:
    """For each category the cumulative weight of every hour of the three years, and ``dark``: which hours are dark."""
    local = pd.date_range(FIRST, periods=DAYS * 24, freq="h")
    day = local.day_of_year.to_numpy()
    weekend = ((local + pd.Timedelta(hours=-5)).day_of_week >= 4) & ((local + pd.Timedelta(hours=-5)).day_of_week <= 5)
    hours = local.hour.to_numpy()
    tables = {}
    for category in CATEGORIES:
        season = 1 + SUMMER[category] * np.cos(2 * np.pi * (day - 190) / 365.25)
        tables[category] = season * np.where(weekend, WEEKEND[category], 1.0) * _hour_weights(category)[hours]
    utc = to_utc(local)
    dark = (sun_elevation(utc) < DARK_DEGREES) & (sun_elevation(utc + pd.Timedelta(hours=1)) < DARK_DEGREES)
    tables["dark"] = dark.astype(float)
    return tables


def to_utc(local: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Local clock times as instants; the hour that is skipped in spring is moved on, the doubled one is the first."""
    first = np.ones(len(local), dtype=bool)
    return local.tz_localize(ZONE, nonexistent="shift_forward", ambiguous=first).tz_convert("UTC")


def draw_hours(rng: np.random.Generator, weights: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Minutes since the first of the three years, local clock, for n incidents."""
    total = np.cumsum(weights)
    hour = np.searchsorted(total, rng.random(n) * total[-1], "right")
    return hour * 60.0 + rng.integers(0, 12, n) * 5.0


def as_local(minutes: NDArray[np.float64]) -> pd.DatetimeIndex:
    """Minutes since the start of the period as local clock times."""
    whole = np.round(minutes).astype("timedelta64[m]")
    return pd.DatetimeIndex(np.datetime64(FIRST, "s") + whole.astype("timedelta64[s]"))
