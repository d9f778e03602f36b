"""Columns whose names are not known, by what stands in them."""

import re
from collections.abc import Iterator
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from hotspot import schema
from hotspot.errors import N_, Told
from hotspot.packaged import category_of_codes, folded_code
from hotspot.sources.bearings import suggest
from hotspot.sources.findings import Proposal, Seen, proposed
from hotspot.sources.moments import moment_of
from hotspot.sources.objects import PAIR
from hotspot.sources.values import numbers
from hotspot.tables import Place

_MOST, _MANY = 0.9, 0.5  # shares of a column's cells that make a guess: of a form, of known words (assumption)
_LOOKED_AT = 500  # cells that are enough to see a column's form
_MOST_COLUMNS = 12  # columns of numbers that are tried as coordinates
_SHAPE = re.compile(r'\s*(?:\{\s*"|(?:SRID=\d+;)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b)', re.IGNORECASE)
_PLACED = ({"x", "y"}, {"lon", "lat"}, {"wkt"}, {"cell_id"}, set(PAIR))
_TIMED = ({"start"}, {"date"}, {"end"}, {"year", "month", "day"})
_BARE = re.compile(r"\d{1,7}(?:[.,]\d*)?")  # a number may be anything; only written dates are dates


class _Guess(NamedTuple):
    field: str
    column: str
    reason: Told


def by_values(seen: Seen, place: Place) -> Proposal | None:
    """Find fields that no column has the name of, in columns whose values can be them."""
    used = {*seen.columns.values()}
    free = seen.raw.cells[[name for name in seen.raw.cells if name not in used and name not in PAIR]]
    guesses = tuple(_guesses(seen, free, place))
    if not guesses:
        return None
    named = seen.named.assign(**{each.field: free[each.column] for each in guesses})
    values = {
        "fields": [each.field for each in guesses],
        "columns": [each.column for each in guesses],
    }
    finding = proposed(
        "columns",
        Told(N_("No column has a known name for {fields}, but {columns} hold such values."), values),
        Told(N_("read {columns} as {fields}"), values),
        tuple(f"{each.column}: {free[each.column].dropna().iloc[0]}" for each in guesses),
    )
    mended = seen._replace(
        named=named,
        columns=MappingProxyType({**seen.columns, **{each.field: each.column for each in guesses}}),
        guessed=MappingProxyType({each.field: each.reason for each in guesses}),
    )
    return Proposal(finding, mended)


def _guesses(seen: Seen, free: pd.DataFrame, place: Place) -> Iterator[_Guess]:
    has = set(seen.named)
    contract = schema.contract_of(seen.kind)
    if contract.shape and seen.raw.geometry is None and not any(fields <= has for fields in _PLACED):
        yield from _places(free, seen.raw.decimal, place)
    if seen.kind == "incidents" and not any(fields <= has for fields in _TIMED):
        yield from _first(
            free, "start", _share_of_moments, N_("{share:.0%} of the values of {column} are dates or times.")
        )
    if seen.kind == "incidents" and "code" not in has:
        yield from _first(
            free, "code", _share_of_codes, N_("{share:.0%} of the values of {column} are known categories.")
        )


def _places(free: pd.DataFrame, decimal: str, place: Place) -> Iterator[_Guess]:
    for name in free.columns:
        text = free[name].dropna().head(_LOOKED_AT)
        if len(text) and text.str.match(_SHAPE).mean() >= _MOST:
            yield _Guess(
                "wkt", str(name), Told(N_("The values of {column} are shapes written as text."), {"column": str(name)})
            )
            return
    figures = {str(name): numbers(free[name], decimal) for name in free.columns}
    usable = [
        name for name, read in figures.items() if read.values.notna().mean() > _MANY and not read.unreadable.any()
    ]
    best: tuple[float, str, str] | None = None
    for one, other in pairwise(usable[:_MOST_COLUMNS]):
        reading = suggest(figures[one].values, figures[other].values, place.boundary, place.crs)
        if reading is not None and (best is None or reading.share > best[0]):
            best = reading.share, one, other
    if best is not None:
        share, one, other = best
        told = N_("Together with {other}, {share:.0%} of the values of {column} are places inside the boundary.")
        yield _Guess("x", one, Told(told, {"share": share, "column": one, "other": other}))
        yield _Guess("y", other, Told(told, {"share": share, "column": other, "other": one}))


def _first(free: pd.DataFrame, field: str, share_of: object, reason: str) -> Iterator[_Guess]:
    assert callable(share_of)  # noqa: S101 - one of the two below
    shares = {str(name): share_of(free[name].dropna().head(_LOOKED_AT)) for name in free.columns}
    column = max(shares, key=lambda name: shares[name], default=None)
    if column is not None and shares[column]:
        yield _Guess(field, column, Told(reason, {"share": shares[column], "column": column}))


def _share_of_moments(text: pd.Series) -> float:
    if text.empty:
        return 0.0
    read = text.map(lambda cell: _BARE.fullmatch(cell) is None and moment_of(cell) is not None)
    share = float(read.mean())
    return share if share >= _MOST else 0.0


def _share_of_codes(text: pd.Series) -> float:
    if text.empty:
        return 0.0
    share = float(text.map(folded_code).isin(category_of_codes().keys()).mean())
    return share if share >= _MANY else 0.0
