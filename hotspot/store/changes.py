"""What a delivery changes against the one of the same kind and source that counts now."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspot.errors import N_, Told
from hotspot.schema import contract_of
from hotspot.store.folder import Store
from hotspot.store.register import Import
from hotspot.tables import Delivery


class Changes(NamedTuple):
    """Rows compared by their identifier.

    Attributes
    ----------
    new, gone, changed, same
        How many rows are only in the new delivery, only in the old one, in both with another content, and alike.
    """

    new: int
    gone: int
    changed: int
    same: int


def counting(store: Store, kind: str, source: str) -> Import | None:
    """Return the delivery of a kind and source that counts now.

    Parameters
    ----------
    store
        The study.
    kind, source
        Which delivery.

    Returns
    -------
    Import or None
        None if nothing of them counts.
    """
    return next((each for each in store.imports() if (each.kind, each.source) == (kind, source)), None)


def rows_of(store: Store, made: Import) -> pd.DataFrame:
    """Return the rows that an import kept.

    Parameters
    ----------
    store
        The study.
    made
        The import.

    Returns
    -------
    DataFrame
        With geometry, if its kind has one.
    """
    path = store.folder / "tables" / made.table_file
    return gpd.read_parquet(path) if contract_of(made.kind).shape is not None else pd.read_parquet(path)


def changes(store: Store, delivery: Delivery) -> Changes | None:
    """Tell what a delivery changes, before or instead of keeping it.

    Parameters
    ----------
    store
        The study.
    delivery
        As read from a file.

    Returns
    -------
    Changes or None
        None if it is the first delivery of its kind and source.
    """
    kind = delivery.table.kind
    now = counting(store, kind, delivery.source)
    if now is None:
        return None
    return compared(rows_of(store, now), delivery.table.frame, contract_of(kind).id)


def told_changes(found: Changes) -> Told:
    """Say what a delivery changes.

    Parameters
    ----------
    found
        Counts of rows.

    Returns
    -------
    Told
        One sentence.
    """
    if not (found.new or found.gone or found.changed):
        return Told(
            N_("{same} {same:row counts|rows count} already, and no other: nothing changes."), {"same": found.same}
        )
    return Told(
        N_("Against what counts now: {new} {new:row|rows} new, {gone} gone, {changed} changed, {same} the same."),
        found._asdict(),
    )


def compared(old: pd.DataFrame, new: pd.DataFrame, key: str) -> Changes:
    """Compare two tables of one kind by their identifiers.

    Parameters
    ----------
    old, new
        Rows with a unique ``key``.
    key
        The identifying column.

    Returns
    -------
    Changes
        Counts that add up: new, changed and same to the new table's rows; gone, changed and same to the old one's.
    """
    columns = sorted(({*old.columns} | {*new.columns}) - {key})
    before, after = _printed(old, key, columns), _printed(new, key, columns)
    both = before.index.intersection(after.index)
    alike = int((before[both] == after[both]).sum())
    return Changes(len(after) - len(both), len(before) - len(both), len(both) - alike, alike)


def _printed(frame: pd.DataFrame, key: str, columns: list[str]) -> pd.Series:
    """Return one hash per row over what it says, by its identifier."""
    told = pd.DataFrame({name: _text(frame[name]) if name in frame else "" for name in columns}, index=frame.index)
    hashed = pd.util.hash_pandas_object(told, index=False)
    return pd.Series(hashed.to_numpy(), index=pd.Index(frame[key].astype(str)))


def _text(column: pd.Series) -> pd.Series:
    if isinstance(column.dtype, gpd.array.GeometryDtype):
        shapes = shapely.to_wkb(np.asarray(column.array), hex=True)
        return pd.Series(shapes, index=column.index, dtype=object).fillna("").astype(str)
    return column.astype(object).where(column.notna(), "").astype(str)
