"""Whether a table keeps its contract: all problems at once, each with row, column and reason."""

from collections.abc import Hashable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import geopandas
import numpy as np
import pandas as pd

from hotspot.errors import N_, HotspotError, TableError, Told
from hotspot.schema.contracts import Column, Contract, Shape, contract_of

if TYPE_CHECKING:
    import pandera.pandas

_MOST_SHOWN = 5
_SHAPES: Mapping[Shape, frozenset[str]] = MappingProxyType(
    {
        "point": frozenset({"Point"}),
        "line": frozenset({"LineString", "MultiLineString"}),
        "polygon": frozenset({"Polygon", "MultiPolygon"}),
    }
)


class Problem(NamedTuple):
    """One broken promise: which row (its index), which column, and why in words."""

    row: Hashable
    column: str
    why: Told


def complete(kind: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a copy with every column of the contract, in its type; what was not delivered is unknown.

    Columns beyond the contract stay, after its own.
    """
    contract = contract_of(kind)
    made = {name: _typed(frame.get(name), column, frame.index) for name, column in contract.columns.items()}
    extra = [name for name in frame.columns if name not in made and name != "geometry"]
    kept = pd.concat([pd.DataFrame(made, index=frame.index), pd.DataFrame(frame[extra])], axis=1)
    if "geometry" not in frame.columns:
        return kept
    return geopandas.GeoDataFrame(kept, geometry=geopandas.GeoSeries(frame["geometry"]))


def problems(kind: str, frame: pd.DataFrame) -> list[Problem]:
    """Return every broken promise of a completed table, row by row; an empty list means the table stands."""
    contract = contract_of(kind)
    found = [*_column_problems(contract, frame), *_order_problems(frame)]
    if contract.shape is not None:
        found += _place_problems(contract, frame)
    return found


def validate(kind: str, frame: pd.DataFrame) -> None:
    """Refuse a table that breaks its contract, telling all its problems at once.

    Parameters
    ----------
    kind
        One of ``KINDS``.
    frame
        The table.

    Raises
    ------
    TableError
        With the number of problems and the first few, each with row and column.
    """
    contract = contract_of(kind)
    missing = [name for name in contract.columns if name not in frame.columns]
    if contract.shape is not None and "geometry" not in frame.columns:
        missing.append("geometry")
    if missing:
        raise _broken(
            N_("A table of {kind} has all columns of its contract."),
            N_("no column {columns}"),
            kind=kind,
            columns=", ".join(missing),
        )
    found = problems(kind, frame)
    if found:
        shown = "; ".join(f"{p.row}: {p.column}: {p.why}" for p in found[:_MOST_SHOWN])
        raise _broken(
            N_("Every row of {kind} keeps the contract."),
            N_("{n} {n:problem|problems}, first {shown}"),
            kind=kind,
            n=len(found),
            shown=shown,
        )


def _broken(rule: str, found: str, **values: str | int) -> HotspotError:
    return TableError(rule, found, N_("correct the rows, or import the file so that they are quarantined"), **values)


def _typed(series: pd.Series | None, column: Column, index: pd.Index) -> pd.Series:
    if series is None:
        series = pd.Series(np.nan if column.default is None else column.default, index=index)
    elif column.default is not None:
        series = series.astype(object).where(series.notna(), column.default)
    if column.type == "number":
        return series.astype(float)
    if column.type == "time":
        return pd.to_datetime(series, utc=True).astype("datetime64[us, UTC]")
    if column.type == "day":
        return pd.to_datetime(series).astype("datetime64[us]")
    return series.astype("str")


def _column_problems(contract: Contract, frame: pd.DataFrame) -> list[Problem]:
    if _stands(contract, frame):
        return []
    import pandera.errors

    try:
        _pandera(contract.kind).validate(frame[list(contract.columns)], lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases
        return [
            Problem(row, str(column), _why(contract.columns[str(column)], str(check), value))
            for row, column, check, value in zip(
                cases["index"], cases["column"], cases["check"], cases["failure_case"], strict=True
            )
        ]
    return []


def _stands(contract: Contract, frame: pd.DataFrame) -> bool:
    """Say in a few milliseconds that no column breaks its promise; which one does, and where, is pandera's to say.

    Nearly every table stands, and loading pandera takes longer than reading a town.
    """
    if contract.unique and not frame[contract.id].is_unique:
        return False
    return all(_column_stands(column, frame[name]) for name, column in contract.columns.items())


def _column_stands(column: Column, series: pd.Series) -> bool:
    known = series[series.notna()]
    if column.required and len(known) < len(series):
        return False
    if column.allowed and not known.isin(column.allowed).all():
        return False
    low = column.lowest is None or bool((known >= column.lowest).all())
    return low and (column.highest is None or bool((known <= column.highest).all()))


@cache
def _pandera(kind: str) -> "pandera.pandas.DataFrameSchema":
    import pandera.pandas as pa

    contract = contract_of(kind)
    columns = {}
    for name, column in contract.columns.items():
        checks = []
        if column.lowest is not None:
            checks.append(pa.Check.ge(column.lowest))
        if column.highest is not None:
            checks.append(pa.Check.le(column.highest))
        if column.allowed:
            checks.append(pa.Check.isin(column.allowed))
        columns[name] = pa.Column(
            None, checks, nullable=not column.required, unique=contract.unique and name == contract.id
        )
    return pa.DataFrameSchema(columns)


def _why(column: Column, check: str, value: object) -> Told:
    values = {
        "value": value,
        "lowest": column.lowest,
        "highest": column.highest,
        "allowed": ", ".join(column.allowed),
    }
    if check == "not_nullable":
        return Told(N_("is missing"), values)
    if check == "field_uniqueness":
        return Told(N_("'{value}' occurs more than once"), values)
    if check.startswith("greater_than"):
        return Told(N_("{value} is under {lowest}"), values)
    if check.startswith("less_than"):
        return Told(N_("{value} is over {highest}"), values)
    return Told(N_("'{value}' is none of: {allowed}"), values)


def _order_problems(frame: pd.DataFrame) -> list[Problem]:
    pairs = (("start", "end"), ("out_from", "out_to"), ("started", "finished"))
    return [
        Problem(row, last, Told(N_("ends before it begins")))
        for first, last in pairs
        if first in frame.columns and last in frame.columns
        for row in frame.index[frame[last].lt(frame[first])]
    ]


def _place_problems(contract: Contract, frame: pd.DataFrame) -> list[Problem]:
    geometry = frame["geometry"]
    none = geometry.isna() | geometry.is_empty
    found = [Problem(row, "geometry", Told(N_("has no place"))) for row in frame.index[none & contract.needs_place]]
    if contract.shape is not None and contract.shape != "any":
        wrong = ~none & ~geometry.geom_type.isin(_SHAPES[contract.shape])
        found += [
            Problem(row, "geometry", Told(N_("is a {shape}"), {"shape": geometry.loc[row].geom_type}))
            for row in frame.index[wrong]
        ]
    broken = ~none & ~geometry.is_valid
    return found + [Problem(row, "geometry", Told(N_("crosses itself"))) for row in frame.index[broken]]
