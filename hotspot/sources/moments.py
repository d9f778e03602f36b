"""One cell into a moment or a time of day: every way that people and programs write it, never month first."""

import re
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from hotspot.errors import N_, SourceError, Told
from hotspot.schema.readings import EXAMPLES, only_declined, reading

_DAY_S = 86_400
_CLOCK = (
    r"(?:[Kk][Ll]\.?\s*)?(?P<hour>\d{1,2}(?=[:.])|\d{2}(?=\d{2}\b))[:.]?(?P<minute>\d{2})"
    r"(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
)
_ZONE = r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
_ISO = re.compile(rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?:[T ,]+{_CLOCK}{_ZONE})?")
_DMY = re.compile(rf"(?P<day>\d{{1,2}})[-./ ](?P<month>\d{{1,2}})[-./ ](?P<year>\d{{4}}|\d{{2}})(?:[T ,]+{_CLOCK})?")
_NAMED = re.compile(
    rf"(?P<day>\d{{1,2}})[-. ]*(?P<name>[a-zæøå]{{3,9}})\.?[-. ,]*(?P<year>\d{{4}})(?:[T ,]+{_CLOCK})?",
    re.IGNORECASE,
)
_PACKED = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?:[T "
    r"]?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?"
)
_SERIAL = re.compile(r"[2-7]\d{4}(?:[.,]\d+)?")
_ONLY_CLOCK = re.compile(rf"{_CLOCK}")
_SHORT_CLOCK = re.compile(r"(?:[Kk][Ll]\.?\s*)?(?P<hour>\d{1,2}?)(?P<minute>\d{2})?")
_CLOCKS = ("time", "end_time")  # columns that hold no day
_MONTHS = ("jan", "feb", "mar", "apr", "maj|may", "jun", "jul", "aug", "sep", "okt|oct", "nov", "dec")
_EXCEL_EPOCH = np.datetime64("1899-12-30")
_FIRST_TWO = re.compile(r"^(\d{1,2})[-./ ](\d{1,2})[-./ ](?=\d{2})")
_END_OF_DAY = re.compile(r"(?:.*\D)?24[:.]?00(?:[:.]00)?")
_THIS_CENTURY = 69  # two-digit years up to this one are 20xx


class Moment(NamedTuple):
    """A local day, the seconds into it (NaN: hour not given), and the offset if the text states one. [s]"""

    day: np.datetime64
    seconds: float
    offset: float


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


def oddities(cells: pd.DataFrame, declined: Collection[str] = ()) -> tuple[list[Told], dict[object, Told]]:
    """Say which unusual ways of writing a moment were understood.

    Parameters
    ----------
    cells
        Text of columns that hold days, times or both.
    declined
        Codes of readings that the owner declines: ``spreadsheet-days``, ``24-00``.

    Returns
    -------
    tuple
        Days as a spreadsheet counts them, and the end of a day written as 24:00, each with rows; and the rows that a
        declined reading leaves without a moment, with the reason.
    """
    told, aside = list[Told](), dict[object, Told]()

    def tell(code: str, sentence: str, found: pd.Series, more: dict[str, str]) -> None:
        if len(found):
            told.append(reading(code, sentence, {"n": len(found), "rows": rows_of(found), **more}, declined))
            aside.update(dict.fromkeys(found.index, only_declined(code)) if code in declined else {})

    for name in cells.columns:
        text = cells[name].dropna()
        serial = text[text.str.fullmatch(_SERIAL).to_numpy(bool)] if name not in _CLOCKS else text.iloc[:0]
        moment = moment_of(serial.iloc[0]) if len(serial) else None
        tell(
            "spreadsheet-days",
            N_(
                "{n} {n:day is|days are} written as a spreadsheet counts them ({text} is {day}; {rows:row|rows} "
                "{rows})."
            ),
            serial,
            {"text": serial.iloc[0], "day": str(moment.day)} if moment else {},
        )
        tell(
            "24-00",
            N_("{n} {n:time is|times are} written 24:00 ({rows:row|rows} {rows}), which is 00:00 of the next day."),
            text[text.str.fullmatch(_END_OF_DAY).to_numpy(bool)],
            {},
        )
    return told, aside


def rows_of(texts: pd.Series) -> list[str]:
    """Return the numbers of the first rows, as they stand in the file.

    Parameters
    ----------
    texts
        Anything on an index of row numbers.

    Returns
    -------
    list of str
        At most three.
    """
    return [str(row) for row in texts.index[:EXAMPLES]]


@cache
def moment_of(text: str) -> Moment | None:
    """Return the moment that a text gives, or None if it gives none.

    Parameters
    ----------
    text
        One cell.
    """
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
def clock_of(text: str) -> float | None:
    """Return the seconds into the day of a time such as ``kl. 14.30``, ``1430``, ``24:00`` or Excel's 0.604."""
    match = _ONLY_CLOCK.fullmatch(text) or _SHORT_CLOCK.fullmatch(text)
    if match:
        return _seconds(match.groupdict())
    moment = moment_of(text)  # spreadsheets put a day before a time
    if moment is not None:
        return moment.seconds
    try:
        part = float(text.replace(",", "."))
    except ValueError:
        return None
    return float(round(part * _DAY_S)) if 0 <= part <= 1 else None


def parse(text: pd.Series) -> pd.DataFrame:
    """Read one column of moments, refusing a column that puts the month first."""
    table = {raw: moment_of(raw) for raw in text.dropna().unique()}
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
