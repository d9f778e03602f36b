"""Where the sun stood: day, dusk or dark at an instant or over an interval."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspot.errors import HotspotError

LIGHT_CLASSES = ("day", "dusk", "dark")
SUNRISE_DEG = -0.833  # centre of the sun when its upper edge meets the horizon, with refraction
CIVIL_DUSK_DEG = -6.0  # end of civil twilight
_HALF_TURN_DEG, _QUARTER_TURN_DEG = 180.0, 90.0
_EPOCH = np.datetime64("2000-01-01T12:00:00", "us")  # the Julian epoch J2000.0
_DAY = np.timedelta64(86_400_000_000, "us")

Floats = NDArray[np.float64]
Times = NDArray[np.datetime64]
TimesLike = NDArray[np.datetime64] | pd.Series | pd.DatetimeIndex


class LightHours(NamedTuple):
    """Hours of day, dusk and dark in a period, and the dark hours' share of them.

    Attributes
    ----------
    day, dusk, dark
        Hours in each light class. [h]
    dark_share
        ``dark`` divided by the length of the period, 0 to 1.
    """

    day: float
    dusk: float
    dark: float
    dark_share: float


def sun_elevation(times_utc: TimesLike, longitude: float, latitude: float) -> Floats:
    """How high the sun's centre stood above the horizon at each instant.

    Parameters
    ----------
    times_utc
        Instants, shape (n,). Times with a zone are converted; times without one are taken as UTC.
    longitude, latitude
        The place, east and north positive. [degrees]

    Returns
    -------
    array, shape (n,)
        Geometric elevation without refraction, -90 to 90; NaN where the time is missing. [degrees]

    Raises
    ------
    HotspotError
        When the place is not on the globe.

    Notes
    -----
    The formulas of NOAA's solar calculator (after Meeus): apparent longitude and obliquity give the
    declination, the equation of time gives the hour angle, and
    ``sin e = sin(lat) sin(decl) + cos(lat) cos(decl) cos(hour angle)``. Within 0.01 degrees of an ephemeris
    for the years 1900 to 2100. One place is used for a whole municipality: 10 km change it by 0.1 degrees.
    """
    _require_place(longitude, latitude)
    times = _utc(times_utc)
    since = (times - _EPOCH) / _DAY  # float days, NaN where the time is missing
    declination, equation_minutes = _declination_and_equation(since / 36_525.0)
    minutes = np.mod(since + 0.5, 1.0) * 1_440.0
    hour_angle = np.radians((minutes + equation_minutes + 4.0 * longitude) / 4.0 - 180.0)
    phi = np.radians(latitude)
    sine = np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.cos(hour_angle)
    elevation: Floats = np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0)))
    return elevation


def light_class(elevation: Floats) -> pd.Categorical:
    """Whether it was day, dusk or dark at each elevation of the sun.

    Parameters
    ----------
    elevation
        Elevation of the sun's centre, shape (n,). [degrees]

    Returns
    -------
    pandas.Categorical
        ``day`` from -0.833 up, ``dusk`` from -6 to below -0.833, ``dark`` below -6; missing where the
        elevation is NaN.

    Notes
    -----
    Dusk is civil twilight in the evening and in the morning alike. Around midsummer the sun at 56 degrees
    north stays above -12, so stricter twilights would leave no dark hours at all.
    """
    values = np.asarray(elevation, dtype=np.float64)
    codes = _codes(values)
    names = np.array([*LIGHT_CLASSES, np.nan], dtype=object)[np.where(np.isnan(values), 3, codes)]
    return pd.Categorical(names, categories=list(LIGHT_CLASSES))


def light_shares(
    start_utc: TimesLike, end_utc: TimesLike, longitude: float, latitude: float, step_minutes: float = 5.0
) -> Floats:
    """How much of each interval was day, dusk and dark.

    Parameters
    ----------
    start_utc, end_utc
        First and last possible instant, shape (n,). A missing end means an instant; an end before its start
        is read as if the two were swapped.
    longitude, latitude
        The place, east and north positive. [degrees]
    step_minutes
        Spacing of the sun positions between which the elevation is taken as linear. [minutes]

    Returns
    -------
    array, shape (n, 3)
        Shares of day, dusk and dark, in that order, each row summing to 1; an instant has 1 in its own
        class; NaN where the start is missing.

    Raises
    ------
    HotspotError
        When the place is not on the globe or the step is not positive.

    Notes
    -----
    The aoristic assumption: every moment of the interval is equally likely. Crossings of -0.833 and -6
    degrees are found by linear interpolation between steps (below one second off at 5 minutes), so that
    the shares do not depend on where the steps fall.
    """
    if not step_minutes > 0:
        raise HotspotError(
            "The step between sun positions must be positive.",
            "{step} minutes",
            "Give step_minutes=5.",
            step=step_minutes,
        )
    first, last = _utc(start_utc), _utc(end_utc)
    last = np.where(np.isnat(last), first, last)
    start, end = np.minimum(first, last), np.maximum(first, last)
    codes = _codes(sun_elevation(start, longitude, latitude))
    shares = np.eye(3, dtype=np.float64)[codes]
    shares[np.isnat(start)] = np.nan
    spans = np.flatnonzero(end > start)
    if spans.size:
        first, last = (moment.astype("datetime64[Y]") for moment in (start[spans].min(), end[spans].max()))
        knots, elapsed = _elapsed(first, last, (longitude, latitude), step_minutes * 60.0)
        begin, finish = _seconds(start[spans], first), _seconds(end[spans], first)
        parts = np.column_stack(
            [np.interp(finish, knots, column) - np.interp(begin, knots, column) for column in elapsed.T]
        )
        shares[spans] = parts / parts.sum(axis=1, keepdims=True)
    return shares


def dark_hours(start_utc: pd.Timestamp, end_utc: pd.Timestamp, longitude: float, latitude: float) -> LightHours:
    """How many hours of a period were day, dusk and dark: the exposure for rates after dark.

    Parameters
    ----------
    start_utc, end_utc
        The period, start included and end not. A time without a zone is taken as UTC.
    longitude, latitude
        The place, east and north positive. [degrees]

    Returns
    -------
    LightHours
        Hours of each class and the share of dark hours.

    Raises
    ------
    HotspotError
        When the period does not end after it starts.

    Notes
    -----
    Compare rates per hour of darkness, never counts of winter and summer. Season confounds as well: people
    are out at other hours in June than in December.
    """
    start, end = (_utc(pd.DatetimeIndex([moment])) for moment in (start_utc, end_utc))
    if not (end > start).all():
        raise HotspotError(
            "A period must end after it starts.",
            "from {start} to {end}",
            "Give the first day, and the day after the last.",
            start=str(start_utc),
            end=str(end_utc),
        )
    hours = float(_seconds(end, start[0])[0]) / 3_600.0
    day, dusk, dark = (float(share) * hours for share in light_shares(start, end, longitude, latitude)[0])
    return LightHours(day, dusk, dark, dark / hours)


def _declination_and_equation(century: Floats) -> tuple[Floats, Floats]:
    """Declination [radians] and equation of time [minutes] at Julian centuries since J2000.0."""
    t = century
    mean_longitude = np.radians(np.mod(280.46646 + t * (36_000.76983 + t * 0.0003032), 360.0))
    anomaly = np.radians(357.52911 + t * (35_999.05029 - t * 0.0001537))
    eccentricity = 0.016708634 - t * (0.000042037 + t * 0.0000001267)
    centre = (
        np.sin(anomaly) * (1.914602 - t * (0.004817 + t * 0.000014))
        + np.sin(2.0 * anomaly) * (0.019993 - t * 0.000101)
        + np.sin(3.0 * anomaly) * 0.000289
    )
    node = np.radians(125.04 - 1_934.136 * t)
    longitude = mean_longitude + np.radians(centre - 0.00569 - 0.00478 * np.sin(node))
    seconds = 21.448 - t * (46.815 + t * (0.00059 - t * 0.001813))
    obliquity = np.radians(23.0 + (26.0 + seconds / 60.0) / 60.0 + 0.00256 * np.cos(node))
    y = np.tan(obliquity / 2.0) ** 2
    equation = (
        y * np.sin(2.0 * mean_longitude)
        - 2.0 * eccentricity * np.sin(anomaly)
        + 4.0 * eccentricity * y * np.sin(anomaly) * np.cos(2.0 * mean_longitude)
        - 0.5 * y * y * np.sin(4.0 * mean_longitude)
        - 1.25 * eccentricity**2 * np.sin(2.0 * anomaly)
    )
    return np.arcsin(np.sin(obliquity) * np.sin(longitude)), 4.0 * np.degrees(equation)


def _elapsed(
    first: np.datetime64, last: np.datetime64, place: tuple[float, float], step_s: float
) -> tuple[Floats, Floats]:
    """Seconds after the first year began where the class can change, and the time spent in each class until then."""
    knots, elapsed, seconds = [np.zeros(1)], [np.zeros((1, len(LIGHT_CLASSES)))], 0.0
    for year in np.arange(first, last + 1):
        own_knots, own_elapsed = _year(int(year.astype(int)), place, step_s)
        knots.append(seconds + own_knots[1:])
        elapsed.append(elapsed[-1][-1] + own_elapsed[1:])
        seconds += float(own_knots[-1])
    return np.concatenate(knots), np.concatenate(elapsed)


@lru_cache(maxsize=16)  # some 4 MB each
def _year(since_1970: int, place: tuple[float, float], step_s: float) -> tuple[Floats, Floats]:
    """As `_elapsed`, of one year: no row alters another's shares, and who asks of it again finds it ready."""
    origin, over = (np.datetime64(each, "Y").astype("datetime64[us]") for each in (since_1970, since_1970 + 1))
    span_s = float((over - origin) / np.timedelta64(1, "s"))
    grid = np.append(np.arange(0.0, span_s, step_s), span_s)
    height = sun_elevation(origin + np.round(grid * 1e6).astype("timedelta64[us]"), *place)
    knots = np.unique(np.concatenate([grid, *(_crossings(grid, height, at) for at in (SUNRISE_DEG, CIVIL_DUSK_DEG))]))
    codes = _codes(np.interp((knots[1:] + knots[:-1]) / 2.0, grid, height))
    spent = np.eye(len(LIGHT_CLASSES))[codes] * np.diff(knots)[:, None]
    return knots, np.vstack([np.zeros((1, len(LIGHT_CLASSES))), np.cumsum(spent, axis=0)])


def _crossings(grid: Floats, height: Floats, level: float) -> Floats:
    """Where the piecewise linear height passes the level."""
    above = height >= level
    at = np.flatnonzero(above[1:] != above[:-1])
    fraction = (level - height[at]) / (height[at + 1] - height[at])
    crossings: Floats = grid[at] + fraction * (grid[at + 1] - grid[at])
    return crossings


def _codes(elevation: Floats) -> NDArray[np.int64]:
    """0 day, 1 dusk, 2 dark; NaN counts as day here and is masked by the caller."""
    return (elevation < SUNRISE_DEG).astype(np.int64) + (elevation < CIVIL_DUSK_DEG)


def _seconds(times: Times, origin: np.datetime64) -> Floats:
    seconds: Floats = (times - origin) / np.timedelta64(1, "s")
    return seconds


def _utc(times: TimesLike) -> Times:
    """The instants as UTC without a zone, in microseconds."""
    index = pd.DatetimeIndex(times)
    if index.tz is not None:
        index = index.tz_convert("UTC").tz_localize(None)
    return index.to_numpy().astype("datetime64[us]")


def _require_place(longitude: float, latitude: float) -> None:
    if not (abs(longitude) <= _HALF_TURN_DEG and abs(latitude) <= _QUARTER_TURN_DEG):
        raise HotspotError(
            "The sun needs a place on the globe: longitude -180 to 180, latitude -90 to 90, in degrees.",
            "longitude {longitude}, latitude {latitude}",
            "Give the study's own longitude and latitude, not metric coordinates.",
            longitude=longitude,
            latitude=latitude,
        )
