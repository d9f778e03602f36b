"""Corrected rows joined to the delivery that they were set aside from; kept and set aside still add up to read."""

import json
from collections.abc import Mapping
from typing import cast

import geopandas as gpd
import pandas as pd

from hotspot.errors import N_, StoreError, Told
from hotspot.schema import contract_of
from hotspot.store.changes import counting, rows_of
from hotspot.store.folder import Store
from hotspot.store.register import Import
from hotspot.tables import Correction, Coverage, Delivery, table_of

CORRECTED = N_("{n} {n:row|rows} that had been set aside {n:was corrected and counts|were corrected and count}.")


def with_corrected(store: Store, again: Correction) -> Delivery:
    """Return the delivery that counts now with its corrected rows; nothing is kept yet.

    Parameters
    ----------
    store
        The study.
    again
        The rows, as corrected.

    Returns
    -------
    Delivery
        As many rows read as before; a row corrected twice is there once, as the last time.

    Raises
    ------
    StoreError
        If the rows belong to a delivery that does not count now, or were never set aside.
    """
    kind = again.delivery.table.kind
    now = counting(store, kind, again.delivery.source)
    if now is None or not now.details["provenance"].get("sha256", "").startswith(again.file):
        raise _not_counting(again)
    store.snapshot()  # tells of a table that is damaged
    earlier: dict[str, str] = json.loads(now.details["provenance"].get("corrected", "{}"))
    aside = store.quarantine(now)
    aside = aside.assign(row=aside["row"].astype(int))
    _refuse_others(again, {*aside["row"], *map(int, earlier)})
    key = contract_of(kind).id
    frame, ids = _joined(rows_of(store, now), earlier, again, key)
    given = {*again.rows, *again.still_aside}
    corrected = {row: name for row, name in earlier.items() if int(row) not in given} | ids
    quarantine = _left(aside, again, given)
    covers = _covers(store, now, frame)
    dropped = {str(why): int(n) for why, n in quarantine["reason"].map(str).value_counts().items()}
    table = table_of(kind, cast("gpd.GeoDataFrame", frame), store.place, covers, dropped)
    findings = [Told.from_plain(each) for each in now.details["findings"]]
    findings = [each for each in findings if each.template != CORRECTED]
    findings += [Told(CORRECTED, {"n": len(corrected)})] if corrected else []
    in_order = {row: corrected[row] for row in sorted(corrected, key=int)}
    provenance = {**now.details["provenance"], "corrected": json.dumps(in_order)}
    return Delivery(table, quarantine, tuple(findings), now.read, now.source, provenance)


def keeping_corrections(store: Store, delivery: Delivery) -> Delivery:
    """Return a file that is handed in again with the rows that somebody corrected meanwhile.

    Parameters
    ----------
    store
        The study.
    delivery
        As read from a file.

    Returns
    -------
    Delivery
        The same, if nothing of exactly this file was corrected; else with each corrected row in the place of the one
        that is set aside again. A correction is taken back by undoing it, never by importing the same file.
    """
    now = counting(store, delivery.table.kind, delivery.source)
    before = {} if now is None else now.details["provenance"]
    if now is None or before.get("sha256") != delivery.provenance.get("sha256"):
        return delivery
    aside = {str(row) for row in delivery.quarantine["row"]}
    corrected = {row: name for row, name in json.loads(before.get("corrected", "{}")).items() if row in aside}
    if not corrected:
        return delivery
    old, key = rows_of(store, now), contract_of(now.kind).id
    mine = old[old[key].isin(list(corrected.values()))]
    rest = delivery.table.frame[~delivery.table.frame[key].isin(mine[key])]
    rest = rest.reindex(columns=old.columns).astype({name: old[name].dtype for name in old.columns})
    frame = pd.concat([rest, mine], ignore_index=True).sort_values(key, kind="stable", ignore_index=True)
    left = delivery.quarantine[~delivery.quarantine["row"].astype(str).isin(corrected)].reset_index(drop=True)
    covers = tuple(
        _wider(each, frame, delivery.table.frame, store.place.timezone) if now.kind == "incidents" else each
        for each in delivery.table.coverage
    )
    dropped = {str(why): int(n) for why, n in left["reason"].map(str).value_counts().items()}
    table = table_of(now.kind, cast("gpd.GeoDataFrame", frame), store.place, covers, dropped)
    findings = (*delivery.findings, Told(CORRECTED, {"n": len(corrected)}))
    provenance = {**delivery.provenance, "corrected": json.dumps(corrected)}
    return Delivery(table, left, findings, delivery.read, delivery.source, provenance)


def lost_corrections(store: Store, delivery: Delivery) -> Told | None:
    """Say how many corrected rows a new delivery takes the place of.

    Parameters
    ----------
    store
        The study.
    delivery
        As it would be kept.

    Returns
    -------
    Told or None
        None if no corrected row of the delivery before is lost.
    """
    now = counting(store, delivery.table.kind, delivery.source)
    earlier = {} if now is None else json.loads(now.details["provenance"].get("corrected", "{}"))
    kept = json.loads(delivery.provenance.get("corrected", "{}"))
    n = len(earlier.keys() - kept.keys())
    if not n:
        return None
    sentence = N_(
        "{n} {n:row was|rows were} corrected in the delivery that this one replaces. What is set aside here again "
        "has to be corrected again."
    )
    return Told(sentence, {"n": n})


def _joined(
    old: pd.DataFrame, earlier: Mapping[str, str], again: Correction, key: str
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Put the corrected rows beside the others, in an order that does not depend on who came first."""
    given = {str(row) for row in (*again.rows, *again.still_aside)}
    rest = old[~old[key].isin([name for row, name in earlier.items() if row in given])]
    added = again.delivery.table.frame.reindex(columns=rest.columns)
    taken = set(rest[key])
    names = [
        name if name not in taken else f"{name}-row{row}"
        for name, row in zip(added[key].astype(str), again.rows, strict=True)
    ]
    added = added.assign(**{key: names}).astype({name: rest[name].dtype for name in rest.columns})
    whole = pd.concat([rest, added], ignore_index=True) if len(rest) else added
    ids = {str(row): name for row, name in zip(again.rows, names, strict=True)}
    return whole.sort_values(key, kind="stable", ignore_index=True), ids


def _left(aside: pd.DataFrame, again: Correction, given: set[int]) -> pd.DataFrame:
    """Return what is still set aside: rows nobody corrected, and those that do not stand yet."""
    untouched = aside[~aside["row"].isin(given)]
    reasons = [Told(N_("{shown}"), {"shown": each}) for each in untouched["reason"]]
    untouched = untouched.assign(reason=pd.Series(reasons, index=untouched.index, dtype=object))
    failed = again.delivery.quarantine.assign(row=list(again.still_aside)).astype(object)
    whole = pd.concat([untouched.astype(object), failed.reindex(columns=untouched.columns)])
    return whole.sort_values("row", kind="stable", ignore_index=True)


def _covers(store: Store, now: Import, frame: pd.DataFrame) -> tuple[Coverage, ...]:
    """Return what the delivery covers; days that only followed from its rows follow from them still."""
    covers = tuple(c for c in store.snapshot().tables[now.kind].coverage if c.source == now.source)
    if now.kind != "incidents":
        return covers
    before = rows_of(store, now)
    return tuple(_wider(each, frame, before, store.place.timezone) for each in covers)


def _wider(cover: Coverage, frame: pd.DataFrame, before: pd.DataFrame, zone: str) -> Coverage:
    """Return a coverage whose days, if they only followed from the rows before, follow from the rows now."""
    days, now = (each["start"].dt.tz_convert(zone).dt.date for each in (before, frame))
    if (cover.start, cover.end) != (days.min(), days.max()):
        return cover
    return Coverage(cover.source, cover.area, now.min(), now.max())


def _refuse_others(again: Correction, known: set[int]) -> None:
    others = sorted({*again.rows, *again.still_aside} - known)
    if others:
        raise StoreError(
            N_("Only rows that were set aside can be corrected."),
            N_("row {row} counts already"),
            N_("leave it out, or import the whole file again"),
            row=others[0],
        )


def _not_counting(again: Correction) -> StoreError:
    return StoreError(
        N_("Corrected rows belong to the delivery that counts now."),
        N_("rows of another delivery of {kind} from {source}"),
        N_("import that file again first, or correct the rows of the one that counts"),
        kind=again.delivery.table.kind,
        source=again.delivery.source,
    )
