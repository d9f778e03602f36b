"""Local times as people write them into UTC: never month first, and an unknown hour stays unknown."""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import pandas as pd

from hotspot.errors import N_, SourceError, Told
from hotspot.schema.readings import only_declined, reading
from hotspot.sources.moments import clock_of, oddities, parse, rows_of

_WRITTEN = ("start", "end", "date", "time", "end_date", "end_time")
_SPIKE = 3.0  # METHODS 8.5: exact midnight counts as withheld when this many times its neighbours
_FEW = 30  # rows at the full hour under which a spike cannot be told, and midnight counts as withheld
_NEVER = N_(
    "{n} local {n:time that does|times that do} not exist (clocks put forward; {rows:row|rows} {rows}) {n:was|were} "
    "moved one hour on."
)
_TWICE = N_(
    "{n} local {n:time that occurs|times that occur} twice (clocks put back; {rows:row|rows} {rows}) became "
    "{n:an interval|intervals} of an hour."
)
_BACKWARDS = N_(
    "{n} {n:row ends before it begins|rows end before they begin} ({rows:row|rows} {rows}); the two times were "
    "exchanged."
)
_WHOLE_DAY = N_(
    "{n} {n:row gives|rows give} a day without an hour ({rows:row|rows} {rows}) and {n:counts|count} as the whole day."
)
_MIDNIGHT = N_(
    "{n} {n:row|rows} at exactly 00:00 against {beside} at the full hour beside it ({rows:row|rows} {rows}): the hour "
    "counts as unknown."
)


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


def read_times(cells: pd.DataFrame, timezone: str, declined: Collection[str] = ()) -> Times:
    """Read when rows happened from whatever columns say so.

    Parameters
    ----------
    cells
        Text under the fields ``start``, ``end``, ``date``, ``time``, ``end_date``, ``end_time``, ``year``,
        ``month``, ``day``, ``hour``, ``minute``, as far as the file has them.
    timezone
        The clocks' time zone.
    declined
        Codes of readings that the owner declines (`hotspot.schema.readings`).

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
    findings, aside = oddities(cells[[name for name in _WRITTEN if name in cells.columns]], declined)
    if last is None:
        last = first.assign(day=np.datetime64("NaT"), seconds=np.nan)
    _withhold_midnight(first, last, findings, declined)
    found = _in_utc(first, last, timezone, declined)
    return found._replace(findings=findings + found.findings, wrong=aside | found.wrong)


def read_days(text: pd.Series) -> pd.Series:
    """Read days; NaT where there is none or it cannot be read."""
    return pd.Series(parse(text)["day"], index=text.index)


def _moments(cells: pd.DataFrame, both: str, date: str, time: str) -> pd.DataFrame | None:
    """Return day, seconds, offset and what could not be read, from one column, two, or one per unit."""
    if both in cells.columns:
        read = parse(cells[both])
        time = time if date not in cells.columns else ""
    elif date in cells.columns:
        read = parse(cells[date])
    elif both == "start" and {"year", "month", "day"} <= set(cells.columns):
        return _from_units(cells)
    else:
        return None
    if time in cells.columns and read["seconds"].isna().any():
        clock = cells[time].map(clock_of, na_action="ignore").astype(float)
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


def _withhold_midnight(
    first: pd.DataFrame, last: pd.DataFrame, findings: list[Told], declined: Collection[str]
) -> None:
    """Turn a default 00:00 into an unknown hour, where there are too many of them to be true."""
    alone = last["day"].isna() | ((last["day"] == first["day"]) & (last["seconds"] == first["seconds"]))
    midnight = alone & (first["seconds"] == 0)
    beside = max(int((first["seconds"] == hour * 3600).sum()) for hour in (1, 23))
    n, known = int(midnight.sum()), int(first["seconds"].notna().sum())
    if n and (n > _SPIKE * beside or known < _FEW):
        values = {"n": n, "beside": beside, "rows": rows_of(midnight[midnight])}
        findings.append(reading("midnight", _MIDNIGHT, values, declined))
        if "midnight" not in declined:
            first.loc[midnight, "seconds"] = np.nan
            last.loc[midnight, ["day", "seconds"]] = [pd.NaT, np.nan]  # type: ignore[assignment, index]  # the stubs are narrower than the library


def _in_utc(first: pd.DataFrame, last: pd.DataFrame, timezone: str, declined: Collection[str]) -> Times:
    only_day = first["seconds"].isna()
    start, start_twice, start_none = _utc(first, timezone)
    whole_day = last.assign(day=last["day"].fillna(first["day"]) + pd.Timedelta(days=1), seconds=0.0, offset=np.nan)
    has_end = last["day"].notna()
    open_end = only_day & last["seconds"].isna()
    end = _utc(whole_day.where(open_end, last), timezone)[0].where(has_end | open_end, start)
    if "clocks-back" not in declined:
        end = end.where(~(start_twice & (end == start)), start + pd.Timedelta(hours=1))
    swapped = end < start
    start, end = start.where(~swapped, end), end.where(~swapped, start)
    same_day = open_end & (last["day"].isna() | (last["day"] == first["day"]))
    basis = pd.Series("interval", index=first.index).mask(start == end, "instant").mask(same_day, "date")
    findings, aside = list[Told](), dict[object, Told]()
    for code, rows, told in (
        ("clocks-forward", start_none, _NEVER), ("clocks-back", start_twice, _TWICE),
        ("backwards", swapped, _BACKWARDS), ("whole-days", same_day & first["day"].notna(), _WHOLE_DAY),
    ):  # fmt: skip
        if rows.any():
            findings.append(reading(code, told, {"n": int(rows.sum()), "rows": rows_of(rows[rows])}, declined))
            if code in declined and code != "clocks-back":
                aside |= dict.fromkeys(rows.index[rows], only_declined(code))
    return Times(start, end, basis, _wrong(first, last, end) | aside, findings)


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
