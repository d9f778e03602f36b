"""Local times as people write them into UTC: never month first, and an unknown hour stays unknown."""

import re
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from hotspot.errors import N_, SourceError, Told

_DAY_S = 86_400
_CLOCK = (
    r"(?:kl\.?\s*)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
    r"(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
)
_ZONE = r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
_ISO = re.compile(rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?:[T ,]+{_CLOCK}{_ZONE})?")
_DMY = re.compile(rf"(?P<day>\d{{1,2}})[-./ ](?P<month>\d{{1,2}})[-./ ](?P<year>\d{{4}}|\d{{2}})(?:[T ,]+{_CLOCK})?")
_NAMED = re.compile(
    rf"(?P<day>\d{{1,2}})[. ]+(?P<name>[a-zæøå]{{3,9}})\.?[ ,]+(?P<year>\d{{4}})(?:[T ,]+{_CLOCK})?",
    re.IGNORECASE,
)
_PACKED = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?:[T "
    r"]?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?"
)
_SERIAL = re.compile(r"[2-7]\d{4}(?:[.,]\d+)?")
_ONLY_CLOCK = re.compile(rf"{_CLOCK}")
_SHORT_CLOCK = re.compile(r"(?:kl\.?\s*)?(?P<hour>\d{1,2}?)(?P<minute>\d{2})?")
_MONTHS = ("jan", "feb", "mar", "apr", "maj|may", "jun", "jul", "aug", "sep", "okt|oct", "nov", "dec")
_EXCEL_EPOCH = np.datetime64("1899-12-30")
_FIRST_TWO = re.compile(r"^(\d{1,2})[-./ ](\d{1,2})[-./ ](?=\d{2})")
_THIS_CENTURY = 69  # two-digit years up to this one are 20xx
_SPIKE = 3.0  # METHODS 8.5: exact midnight counts as withheld when this many times its neighbours
_FEW = 30  # rows at the full hour under which a spike cannot be told, and midnight counts as withheld


class Moment(NamedTuple):
    """A local day, the seconds into it (NaN: hour not given), and the offset if the text states one. [s]"""

    day: np.datetime64
    seconds: float
    offset: float


class Times(NamedTuple):
    """When each row happened.

    Attributes
    ----------
    start, end
        UTC; NaT where it could not be read.
    basis
        ``instant``, ``interval`` or ``date``.
    wrong
        Rows that cannot be used, with the reason.
    findings
        What was noticed.
    """

    start: pd.Series
    end: pd.Series
    basis: pd.Series
    wrong: dict[object, Told]
    findings: list[Told]


def read_times(cells: pd.DataFrame, timezone: str) -> Times:
    """Read when rows happened from whatever columns say so.

    Parameters
    ----------
    cells
        Text under the fields ``start``, ``end``, ``date``, ``time``, ``end_date``, ``end_time``, ``year``,
        ``month``, ``day``, ``hour``, ``minute``, as far as the file has them.
    timezone
        The clocks' time zone.

    Returns
    -------
    Times
        Only the day known gives the whole local day. Half of a pair missing gives an instant.

    Raises
    ------
    SourceError
        If the file has no time, or writes the month before the day.

    Notes
    -----
    A local time that does not exist (clocks put forward) is moved to the next one that does; one that occurs twice
    is an interval of an hour from the first. Exactly midnight means an unknown hour if it occurs more than three
    times as often as the full hours beside it.
    """
    first = _moments(cells, "start", "date", "time")
    last = _moments(cells, "end", "end_date", "end_time")
    if first is None and last is None:
        raise SourceError(
            N_("Incidents have a time, or at least a day."),
            N_("no column that is known to hold one, among: {columns}"),
            N_('name it: --map "COLUMN=start", or =date and =time, or =year, =month, =day, =hour'),
            columns=", ".join(map(str, cells.columns)),
        )
    first = last if first is None else first
    assert first is not None  # noqa: S101 - one of both is there
    findings: list[Told] = []
    if last is None:
        last = first.assign(day=np.datetime64("NaT"), seconds=np.nan)
    _withhold_midnight(first, last, findings)
    return _in_utc(first, last, timezone, findings)


def read_days(text: pd.Series) -> pd.Series:
    """Read days; NaT where there is none or it cannot be read."""
    return pd.Series(_parse(text)["day"], index=text.index)


def month_first(text: pd.Series) -> pd.Series:
    """Return the dates that can only be month first; none if any can only be day first.

    Parameters
    ----------
    text
        Dates as they stand in the file.

    Returns
    -------
    Series
        Those rows, as they stand.
    """
    parts = text.astype("str").str.extract(_FIRST_TWO).astype(float)
    day_first = (parts[0] > 12) & (parts[1] <= 12)  # noqa: PLR2004 - the calendar
    only = (parts[0] <= 12) & parts[1].between(13, 31)  # noqa: PLR2004 - the calendar
    return text.iloc[:0] if day_first.any() else text[only]


def exchange_day_and_month(text: pd.Series) -> pd.Series:
    """Return dates written month first as day first; other text as it stands.

    Parameters
    ----------
    text
        Dates as they stand in the file.

    Returns
    -------
    Series
        Text on the same index.
    """
    return text.str.replace(_FIRST_TWO, r"\2/\1/", regex=True)


@cache
def _moment(text: str) -> Moment | None:
    for pattern in (_ISO, _DMY, _NAMED, _PACKED):
        match = pattern.fullmatch(text)
        if match:
            return _from_match(match.groupdict())
    if _SERIAL.fullmatch(text):
        serial = float(text.replace(",", "."))
        whole = int(serial)
        seconds = float(round((serial - whole) * _DAY_S)) if "." in text or "," in text else float("nan")
        return Moment(_EXCEL_EPOCH + np.timedelta64(whole, "D"), seconds, float("nan"))
    return None


def _from_match(part: dict[str, str | None]) -> Moment | None:
    year = int(part["year"] or 0)
    if len(part["year"] or "") == 2:  # noqa: PLR2004 - a year of two digits
        year += 2000 if year <= _THIS_CENTURY else 1900
    month = _month(part["name"]) if part.get("name") else int(part["month"] or 0)
    try:
        day = np.datetime64(f"{year:04d}-{month:02d}-{int(part['day'] or 0):02d}")
    except ValueError:
        return None
    seconds = _seconds(part) if part.get("hour") else float("nan")
    return None if seconds is None else Moment(day, seconds, _offset(part.get("zone")))


def _month(name: str | None) -> int:
    return next((i for i, names in enumerate(_MONTHS, 1) if (name or "")[:3].lower() in names.split("|")), 0)


def _seconds(part: dict[str, str | None]) -> float | None:
    hour, minute, second = (int(part.get(unit) or 0) for unit in ("hour", "minute", "second"))
    half = (part.get("half") or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    total = hour * 3600 + minute * 60 + second
    fits = minute < 60 and second < 60 and total <= _DAY_S  # noqa: PLR2004 - 24:00 is the day's end
    return float(total) if fits else None


def _offset(zone: str | None) -> float:
    if not zone:
        return float("nan")
    if zone == "Z":
        return 0.0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return (-1 if zone[0] == "-" else 1) * (int(digits[:2]) * 3600.0 + int(digits[2:]) * 60)


@cache
def _clock(text: str) -> float | None:
    """Return the seconds into the day of a time such as ``kl. 14.30``, ``1430``, ``24:00`` or Excel's 0.604."""
    match = _ONLY_CLOCK.fullmatch(text) or _SHORT_CLOCK.fullmatch(text)
    if match:
        return _seconds(match.groupdict())
    moment = _moment(text)  # spreadsheets put a day before a time
    if moment is not None:
        return moment.seconds
    try:
        part = float(text.replace(",", "."))
    except ValueError:
        return None
    return float(round(part * _DAY_S)) if 0 <= part <= 1 else None


def _parse(text: pd.Series) -> pd.DataFrame:
    """Read one column of moments, refusing a column that puts the month first."""
    table = {raw: _moment(raw) for raw in text.dropna().unique()}
    _refuse_month_first([raw for raw, moment in table.items() if moment is None], list(table))
    nothing = Moment(np.datetime64("NaT"), float("nan"), float("nan"))
    read = [table.get(raw) or nothing for raw in text]
    return pd.DataFrame(
        {
            "day": np.array([moment.day for moment in read], dtype="datetime64[s]"),
            "seconds": np.array([moment.seconds for moment in read], dtype=float),
            "offset": np.array([moment.offset for moment in read], dtype=float),
            "bad": text.notna().to_numpy() & np.array([table.get(raw) is None for raw in text], dtype=bool),
        },
        index=text.index,
    )


def _refuse_month_first(unread: list[str], every: list[str]) -> None:
    wrong = month_first(pd.Series(every, dtype=object)).tolist()
    if unread and wrong:
        raise SourceError(
            N_("Dates are written day first, or year first."),
            N_("'{example}', which can only be month first, and {n} more like it"),
            N_("accept it with --accept month-first, or write the dates as 2025-12-31"),
            example=wrong[0],
            n=len(wrong) - 1,
        )


def _moments(cells: pd.DataFrame, both: str, date: str, time: str) -> pd.DataFrame | None:
    """Return day, seconds, offset and what could not be read, from one column, two, or one per unit."""
    if both in cells.columns:
        read = _parse(cells[both])
        time = time if date not in cells.columns else ""
    elif date in cells.columns:
        read = _parse(cells[date])
    elif both == "start" and {"year", "month", "day"} <= set(cells.columns):
        return _from_units(cells)
    else:
        return None
    if time in cells.columns and read["seconds"].isna().any():
        clock = cells[time].map(_clock, na_action="ignore").astype(float)
        read["seconds"] = read["seconds"].fillna(clock)
        read["bad"] |= cells[time].notna() & clock.isna()
    return read


def _from_units(cells: pd.DataFrame) -> pd.DataFrame:
    units = {u: pd.to_numeric(cells[u], errors="coerce") for u in ("year", "month", "day")}
    day = pd.to_datetime(pd.DataFrame(units), errors="coerce")
    seconds = pd.Series(np.nan, index=cells.index)
    if "hour" in cells.columns:
        hour = pd.to_numeric(cells["hour"], errors="coerce")
        minute = pd.to_numeric(cells["minute"], errors="coerce") if "minute" in cells.columns else hour * 0
        seconds = (hour * 3600 + minute.fillna(0) * 60).where(hour.between(0, 24) & minute.fillna(0).between(0, 59))
    return pd.DataFrame({"day": day, "seconds": seconds, "offset": np.nan, "bad": day.isna()})


def _withhold_midnight(first: pd.DataFrame, last: pd.DataFrame, findings: list[Told]) -> None:
    """Turn a default 00:00 into an unknown hour, where there are too many of them to be true."""
    alone = last["day"].isna() | ((last["day"] == first["day"]) & (last["seconds"] == first["seconds"]))
    midnight = alone & (first["seconds"] == 0)
    beside = max(int((first["seconds"] == hour * 3600).sum()) for hour in (1, 23))
    n, known = int(midnight.sum()), int(first["seconds"].notna().sum())
    if n and (n > _SPIKE * beside or known < _FEW):
        first.loc[midnight, "seconds"] = np.nan
        last.loc[midnight, ["day", "seconds"]] = [pd.NaT, np.nan]  # type: ignore[assignment, index]  # the stubs are narrower than the library
        findings.append(
            Told(
                N_(
                    "{n} rows at exactly 00:00 against {beside} at the full hour beside it: their "
                    "hour counts as unknown."
                ),
                {"n": n, "beside": beside},
            )
        )


def _in_utc(first: pd.DataFrame, last: pd.DataFrame, timezone: str, findings: list[Told]) -> Times:
    only_day = first["seconds"].isna()
    start, start_twice, start_none = _utc(first, timezone)
    whole_day = last.assign(day=last["day"].fillna(first["day"]) + pd.Timedelta(days=1), seconds=0.0, offset=np.nan)
    has_end = last["day"].notna()
    open_end = only_day & last["seconds"].isna()
    end = _utc(whole_day.where(open_end, last), timezone)[0].where(has_end | open_end, start)
    end = end.where(~(start_twice & (end == start)), start + pd.Timedelta(hours=1))
    swapped = end < start
    start, end = start.where(~swapped, end), end.where(~swapped, start)
    same_day = open_end & (last["day"].isna() | (last["day"] == first["day"]))
    basis = pd.Series("interval", index=first.index).mask(start == end, "instant").mask(same_day, "date")
    for n, told in (
        (start_none, N_("{n} local times that do not exist (clocks put forward) were moved one hour on.")),
        (start_twice, N_("{n} local times that occur twice (clocks put back) became intervals of an hour.")),
        (swapped, N_("{n} rows end before they begin; the two times were exchanged.")),
        (same_day, N_("{n} rows give a day without an hour; they count as the whole day.")),
    ):
        if n.any():
            findings.append(Told(told, {"n": int(n.sum())}))
    return Times(start, end, basis, _wrong(first, last, end), findings)


def _utc(moments: pd.DataFrame, timezone: str) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return UTC, and which local times occurred twice or never."""
    local = (moments["day"] + pd.to_timedelta(moments["seconds"].fillna(0), unit="s")).astype("datetime64[us]")
    stated = moments["offset"].notna()
    every = np.ones(len(local), dtype=bool)
    early = local.dt.tz_localize(timezone, ambiguous=every, nonexistent="shift_forward")
    late = local.dt.tz_localize(timezone, ambiguous=~every, nonexistent="shift_forward")
    by_offset = (local - pd.to_timedelta(moments["offset"].fillna(0), unit="s")).dt.tz_localize("UTC")
    utc = early.dt.tz_convert("UTC").where(~stated, by_offset)
    never = local.notna() & ~stated & (early.dt.tz_localize(None) != local)
    return utc.astype("datetime64[us, UTC]"), (early != late) & local.notna() & ~stated, never


def _wrong(first: pd.DataFrame, last: pd.DataFrame, end: pd.Series) -> dict[object, Told]:
    wrong: dict[object, Told] = {}
    ahead = end > pd.Timestamp.now("UTC") + pd.Timedelta(days=2)
    old = first["day"] < pd.Timestamp("1990-01-01")
    for rows, told in (
        (first["bad"] | last["bad"], Told(N_("the time cannot be read"))),
        (first["day"].isna(), Told(N_("has no time"))),
        (ahead, Told(N_("lies in the future"))),
        (old, Told(N_("lies before 1990"))),
    ):
        for row in first.index[rows.to_numpy(dtype=bool)]:
            wrong.setdefault(row, told)
    return wrong
