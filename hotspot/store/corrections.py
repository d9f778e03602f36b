"""Corrected rows joined to the delivery that they were set aside from; kept and set aside still add up to read."""

import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple, Self, cast

import geopandas as gpd
import pandas as pd

from hotspot.errors import N_, StoreError, Told
from hotspot.schema import contract_of
from hotspot.schema.readings import CORRECTED_BEFORE, EXAMPLES, codes_in, reading, reading_of
from hotspot.store.changes import counting, rows_of
from hotspot.store.folder import Store
from hotspot.store.register import Import
from hotspot.tables import Correction, Coverage, Delivery, table_of

CORRECTED = N_("{n} {n:row|rows} that had been set aside {n:was corrected and counts|were corrected and count}.")
CARRIED = N_(
    "{n} {n:row|rows} set aside here again {n:holds|hold} the very same as {n:a row|rows} corrected in the delivery "
    "before ({rows:row|rows} {rows}): {n:its correction counts|their corrections count}."
)
_KEPT = ("corrected", "corrected_content", "carried")


class _Corrected(NamedTuple):
    """Corrected rows of a delivery: number to identifier, number to what it held, and which come from one before."""

    ids: Mapping[str, str] = MappingProxyType({})
    content: Mapping[str, str] = MappingProxyType({})
    carried: frozenset[str] = frozenset()

    @classmethod
    def of(cls, provenance: Mapping[str, str]) -> Self:
        """Read what `provenance` wrote."""
        ids, content, carried = (json.loads(provenance.get(name, "{}")) for name in _KEPT)
        return cls(ids, content, frozenset(carried))

    def provenance(self) -> dict[str, str]:
        """Return it as a delivery keeps it."""
        rows = sorted(self.ids, key=int)
        held = {row: self.content[row] for row in rows if row in self.content}
        values = ({row: self.ids[row] for row in rows}, held, [row for row in rows if row in self.carried])
        return {name: json.dumps(value) for name, value in zip(_KEPT, values, strict=True)}

    def told(self) -> list[Told]:
        """Say how many rows count because they were corrected."""
        rows = [row for row in sorted(self.ids, key=int) if row in self.carried]
        n = len(self.ids) - len(rows)
        told = [Told(CORRECTED, {"n": n})] if n else []
        return [
            *told,
            *([reading(CORRECTED_BEFORE, CARRIED, {"n": len(rows), "rows": rows[:EXAMPLES]}, ())] if rows else []),
        ]


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
    earlier = _Corrected.of(now.details["provenance"])
    aside = store.quarantine(now)
    aside = aside.assign(row=aside["row"].astype(int))
    _refuse_others(again, {*aside["row"], *map(int, earlier.ids)})
    key = contract_of(kind).id
    frame, ids = _joined(rows_of(store, now), earlier.ids, again, key)
    given = {*again.rows, *again.still_aside}
    held = dict(earlier.content)
    if "content" in aside:
        held |= dict(zip(aside["row"].astype(str), aside["content"], strict=True))
    corrected = _Corrected(
        {row: name for row, name in earlier.ids.items() if int(row) not in given} | ids,
        held,
        frozenset(row for row in earlier.carried if int(row) not in given),
    )
    quarantine = _left(aside, again, given, held)
    covers = _covers(store, now, frame)
    dropped = {str(why): int(n) for why, n in quarantine["reason"].map(str).value_counts().items()}
    table = table_of(kind, cast("gpd.GeoDataFrame", frame), store.place, covers, dropped)
    findings = [Told.from_plain(each) for each in now.details["findings"]]
    findings = [each for each in findings if not is_about_corrections(each)] + corrected.told()
    provenance = {**now.details["provenance"], **corrected.provenance()}
    return Delivery(table, quarantine, tuple(findings), now.read, now.source, provenance)


def keeping_corrections(store: Store, delivery: Delivery) -> Delivery:
    """Return a delivery with the rows that somebody corrected before, where it holds the very same again.

    Parameters
    ----------
    store
        The study.
    delivery
        As read from a file.

    Returns
    -------
    Delivery
        The same, if nothing that it sets aside was corrected; else with each corrected row in the place of the one
        that is set aside again. The same file keeps all its corrections; of another one of the same source only rows
        that hold what a corrected row held, unless that is declined (``corrected-before``).
    """
    now = counting(store, delivery.table.kind, delivery.source)
    if now is None:
        return delivery
    before = _Corrected.of(now.details["provenance"])
    same_file = now.details["provenance"].get("sha256") == delivery.provenance.get("sha256")
    again = _same_rows(before, delivery) if same_file else _same_content(before, delivery)
    carried = again.keys() - (before.ids.keys() - before.carried if same_file else set())
    if carried and CORRECTED_BEFORE in codes_in(delivery.provenance, "declined"):
        rows = sorted(carried, key=int)
        told = reading(CORRECTED_BEFORE, CARRIED, {"n": len(rows), "rows": rows[:EXAMPLES]}, (CORRECTED_BEFORE,))
        delivery = replace(delivery, findings=(*delivery.findings, told))
        again = {row: name for row, name in again.items() if row not in carried}
        carried = set()
    return _with_rows(store, now, delivery, again, frozenset(carried)) if again else delivery


def is_about_corrections(told: Told) -> bool:
    """Tell whether a sentence says which corrected rows count.

    Parameters
    ----------
    told
        Something noticed.
    """
    return told.template == CORRECTED or reading_of(told) == CORRECTED_BEFORE


def _same_rows(before: _Corrected, delivery: Delivery) -> dict[str, str]:
    """Return the rows of the same file that were corrected, with the identifiers of what counts for them."""
    aside = {str(row) for row in delivery.quarantine["row"]}
    return {row: name for row, name in before.ids.items() if row in aside}


def _same_content(before: _Corrected, delivery: Delivery) -> dict[str, str]:
    """Return the rows of another file that hold what a corrected row held."""
    if "content" not in delivery.quarantine:
        return {}
    known = {before.content[row]: name for row, name in before.ids.items() if row in before.content}
    both = zip(delivery.quarantine["row"].astype(str), delivery.quarantine["content"], strict=True)
    return {row: known[held] for row, held in both if held in known}


def _with_rows(
    store: Store, now: Import, delivery: Delivery, again: Mapping[str, str], carried: frozenset[str]
) -> Delivery:
    """Return a delivery with rows of the one that counts now in the place of some that it sets aside."""
    old, key = rows_of(store, now), contract_of(now.kind).id
    new, aside = delivery.table.frame, delivery.quarantine
    taken = {*new[key]} if carried else set()
    names = {name: f"{name}-row{row}" if name in taken else name for row, name in again.items()}
    mine = old[old[key].isin(list(names))]
    mine = mine.assign(**{key: mine[key].map(names)})
    rest = new[~new[key].isin(mine[key])]
    rest = rest.reindex(columns=old.columns).astype({name: old[name].dtype for name in old.columns})
    frame = pd.concat([rest, mine], ignore_index=True).sort_values(key, kind="stable", ignore_index=True)
    left = aside[~aside["row"].astype(str).isin(again)].reset_index(drop=True)
    covers = tuple(
        _wider(each, frame, new, store.place.timezone) if now.kind == "incidents" else each
        for each in delivery.table.coverage
    )
    dropped = {str(why): int(n) for why, n in left["reason"].map(str).value_counts().items()}
    table = table_of(now.kind, cast("gpd.GeoDataFrame", frame), store.place, covers, dropped)
    held = dict(zip(aside["row"].astype(str), aside.get("content", pd.Series("", aside.index)), strict=True))
    corrected = _Corrected({row: names[name] for row, name in again.items()}, held, carried)
    findings = (*delivery.findings, *corrected.told())
    provenance = {**delivery.provenance, **corrected.provenance()}
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
        None if every corrected row of the delivery before comes along.
    """
    now = counting(store, delivery.table.kind, delivery.source)
    earlier = {} if now is None else _Corrected.of(now.details["provenance"]).ids
    n = len(earlier) - len(_Corrected.of(delivery.provenance).ids)
    if n <= 0:
        return None
    sentence = N_(
        "{n} {n:row was|rows were} corrected in the delivery that this one replaces and {n:does|do} not stand in it as "
        "{n:it|they} did. What is set aside here has to be corrected anew."
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


def _left(aside: pd.DataFrame, again: Correction, given: set[int], held: Mapping[str, str]) -> pd.DataFrame:
    """Return what is still set aside: rows nobody corrected, and those that do not stand yet."""
    untouched = aside[~aside["row"].isin(given)]
    reasons = [Told(N_("{shown}"), {"shown": each}) for each in untouched["reason"]]
    untouched = untouched.assign(reason=pd.Series(reasons, index=untouched.index, dtype=object))
    failed = again.delivery.quarantine.assign(row=list(again.still_aside)).astype(object)
    failed["content"] = failed["row"].astype(str).map(held)
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
