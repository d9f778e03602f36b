"""Traps in what a file's cells say: what happened and when, and codes that are none."""

import re
from collections.abc import Mapping

import pandas as pd

from hotspot.errors import N_, Told
from hotspot.sources.findings import Finding, Proposal, Seen, proposed, shown
from hotspot.sources.moments import exchange_day_and_month, month_first
from hotspot.tables import Place

_MOMENTS = ("start", "end", "date", "end_date")
_UNITS = ("year", "month", "day")
_TWO_CODES = re.compile(r"\s*(?:/|\+|,|&| og | or )\s*")
# A column of codes: few and short values for many rows; dirt is the exception in it (assumption).
_KINDS, _LENGTH, _ROWS_PER_KIND, _DIRT = 30, 8, 5, 0.2


def without_category(seen: Seen, _place: Place) -> Proposal | None:
    """Find incidents of which no column says what happened."""
    if seen.kind != "incidents" or "code" in seen.named:
        return None
    fix = Told(N_("count every row as “{code}”, after the file's name"), {"code": seen.name})
    finding = proposed("one-category", Told(N_("No column says what happened.")), fix)
    return Proposal(finding, seen._replace(named=seen.named.assign(code=seen.name)))


def without_time(seen: Seen, _place: Place) -> Proposal | None:
    """Find incidents of which no column says when, where the user says which days the file covers."""
    has_time = {*_MOMENTS} & {*seen.named} or {*_UNITS} <= {*seen.named}
    if seen.kind != "incidents" or has_time or seen.days is None:
        return None
    first, last = (day.isoformat() for day in seen.days)
    fix = Told(N_("take every row as seen some time from {first} to {last}"), {"first": first, "last": last})
    finding = proposed("undated", Told(N_("No column says when.")), fix)
    return Proposal(finding, seen._replace(named=seen.named.assign(date=first, end_date=last)))


def month_before_day(seen: Seen, _place: Place) -> Proposal | None:
    """Find columns whose dates can only be month first, which is never assumed."""
    wrong = {field: month_first(seen.named[field]) for field in _MOMENTS if field in seen.named}
    fields = [field for field, examples in wrong.items() if len(examples)]
    if not fields:
        return None
    examples = wrong[fields[0]]
    mended = seen.named.assign(**{field: exchange_day_and_month(seen.named[field]) for field in fields})
    finding = proposed(
        "month-first",
        Told(N_("{n} {n:date|dates} can only be month first, and none only day first."), {"n": len(examples)}),
        Told(N_("read every date of the column as month, day, year")),
        shown(examples),
    )
    return Proposal(finding, seen._replace(named=mended))


def dirty_codes(seen: Seen, _place: Place) -> Proposal | None:
    """Find codes that are no code, or two at once, in columns that otherwise hold a few."""
    if seen.kind == "responses":
        return None  # several answers to one question are no dirt
    found = {str(name): _dirt(seen.raw.cells[name]) for name in seen.raw.cells}
    found = {name: dirt for name, dirt in found.items() if len(dirt)}
    if not found:
        return None
    column, dirt = max(found.items(), key=lambda item: len(item[1]))
    n = sum(map(len, found.values()))
    values = {"n": n, "columns": sorted(found), "codes": list(dirt.drop_duplicates()[:5]), "column": column}
    sentence = Told(
        N_(
            "{n} {n:cell|cells} of {columns} {n:holds|hold} a code that is none, or two at once (in {column}: {codes})."
        ),
        values,
    )
    read = {field: found[name] for field, name in seen.columns.items() if name in found and field in seen.named}
    if not read:
        unused = Told(N_("{told} The column is not used."), {"told": sentence})
        return Proposal(Finding("", unused, shown(dirt)), seen)
    finding = proposed("dirty-codes", sentence, Told(N_("take these codes as unknown")), shown(dirt))
    return Proposal(finding, seen._replace(named=_without(seen.named, read)))


def _without(named: pd.DataFrame, read: Mapping[str, pd.Series]) -> pd.DataFrame:
    return named.assign(**{field: named[field].mask(named.index.isin(dirt.index)) for field, dirt in read.items()})


def _dirt(column: pd.Series) -> pd.Series:
    """Return the cells of a column of codes that are no codes."""
    text = column.dropna()
    counts = text.value_counts()
    if not 1 < len(counts) <= _KINDS or len(text) < _ROWS_PER_KIND * len(counts) or text.str.len().median() > _LENGTH:
        return text.iloc[:0]
    wrong = [code for code in counts.index if not any(map(str.isalnum, code)) or _is_two(code, counts)]
    dirt = text[text.isin(wrong)]
    return dirt if len(dirt) <= _DIRT * len(text) else text.iloc[:0]


def _is_two(code: str, counts: pd.Series) -> bool:
    parts = [part for part in _TWO_CODES.split(code) if part]
    return len(parts) > 1 and all(part in counts.index and counts[part] > counts[code] for part in parts)
