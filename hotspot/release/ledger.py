"""The ledger of what was told: what a result is held against, and what is added once it was shown."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from hotspot.measures.scene import Scene
from hotspot.pipeline import Result, run
from hotspot.release.asked import Asked, beside_table
from hotspot.release.contract import Release
from hotspot.release.deliveries import Deliveries
from hotspot.release.earlier import Differences, differences
from hotspot.release.make import release
from hotspot.release.own import compared
from hotspot.release.rules import RULES
from hotspot.release.standing import Standing, has_table
from hotspot.site import Audience
from hotspot.store import Snapshot, Store
from hotspot.store.files import digest

_SAME_M = 1e-6
_MOST = 100  # METHODS 12: the last hundred releases
_TOGETHER = 12  # of these, the ones that linear programming takes all at once, besides the own recipe (assumption)


def before(store: Store, snapshot: Snapshot, result: Result) -> Differences | None:
    """Compare a result with what a study released before to those who may not see small counts.

    Parameters
    ----------
    store
        The study on disk. Of each delivery of the data its own recipe counts as released first.
    snapshot
        The data that the result was made from.
    result
        A run's result.

    Returns
    -------
    Differences or None
        For `hotspot.release.release`, from the last hundred; the same whenever it is asked for again. Recipes on the
        same data are compared incident by incident, other deliveries by the numbers that were told of them. None
        without anything earlier.
    """
    if result.record.period is None:
        return None
    data, asked = _data(snapshot), Asked.of(result.study, result.record.period)
    noted = [*store.released(), *_own_first(store, snapshot, asked)]
    same = [each for each in noted if each.get("data", data) == data]
    known = list(dict.fromkeys(Asked.read(each) for each in same))
    known = known[: known.index(asked)] if asked in known else known
    found = differences(result, snapshot.tables["incidents"].frame.set_index("incident_id"), known[-_MOST:])
    if found is not None:
        told = {Asked.read(each): each["told"] for each in reversed(same) if "told" in each}
        answers = [(each, told[each]) for each in (known[0], *known[1:][-_TOGETHER:]) if each in told]
        found = replace(
            found,
            fixed=beside_table(result, found.incidents, known[0], asked),
            same=compared(result, found.incidents, answers, asked) if known[0] in told else None,
        )
    side = next((each["cell_m"] for each in noted if "cell_m" in each), result.grid.cell_m)
    other_grid = abs(side - result.grid.cell_m) > _SAME_M
    until = noted[: _first(noted, asked, data)]
    others = [each for each in until if each.get("data", data) != data][-_MOST:]
    placed = result.points["incidents"]
    if others or other_grid:
        found = found or Differences(placed, np.zeros((len(placed), 0)))
    if found is None or not others:
        return found and replace(found, other_grid=other_grid)
    deliveries = Deliveries([each.get("told", {}) for each in others], [Asked.read(each) for each in others], asked)
    standing = _standing(until, asked, data)
    return replace(found, deliveries=deliveries, standing=standing, other_grid=other_grid)


def _standing(noted: Sequence[Mapping[str, Any]], asked: Asked, data: str) -> Standing:
    """Return what of the fixed table was told with other deliveries, however long ago."""
    tables = [each for each in noted if each.get("data", data) != data and has_table(each.get("told", {}))]
    recipes = [Asked.read(each) for each in tables]
    alike = all((each.categories, each.light) == (asked.categories, asked.light) for each in recipes)
    places = {each["data"].split("-")[1:] == data.split("-")[1:] for each in tables}
    return Standing.of([each["told"] for each in tables], comparable=alike and False not in places)


def note(store: Store, snapshot: Snapshot, result: Result, audience: Audience, shown: Release) -> None:
    """Note down what was released to somebody who may not see small counts, the first time it is.

    Parameters
    ----------
    store, snapshot, result
        As for `before`.
    audience
        Whose eyes it was for.
    shown
        What was released.
    """
    if RULES[audience].least and result.record.period is not None:
        asked, data = Asked.of(result.study, result.record.period), _data(snapshot)
        lines = _own_first(store, snapshot, asked)
        if _first(store.released(), asked, data) == len(store.released()):
            lines.append(asked.plain() | {"data": data, "cell_m": result.grid.cell_m, "told": dict(shown.told)})
        store.note_released(lines)


def _own_first(store: Store, snapshot: Snapshot, asked: Asked) -> list[dict[str, Any]]:
    """Return what is told of the study's own recipe on these data, unless that is asked for or in the ledger already.

    It is worked out for the ledger as it stands, once, and kept as results are.
    """
    data, noted, study = _data(snapshot), store.released(), store.study
    own = next((Asked.read(each) for each in noted if each.get("data", data) == data), None)
    own = own or Asked.of(study, Scene(study, snapshot.place, snapshot.tables).period)
    if own == asked or any("told" in noted[at] for at in _lines(noted, own, data)):
        return []
    if own != Asked.of(study, own.period) or own.period != Scene(study, snapshot.place, snapshot.tables).period:
        study = study.but(period=own.period, categories=own.categories, light=own.light)
    key = f"told-{digest(json.dumps([snapshot.key_for(study), data, noted]).encode())}"
    kept = store.shelf.take(key)
    if kept is None:
        result = run(study, snapshot, shelf=store.shelf)
        told = release(result, "planner", before=before(store, snapshot, result)).told
        kept = {}, {"cell_m": result.grid.cell_m, "told": dict(told)}
        store.shelf.put(key, *kept)
    return [own.plain() | {"data": data, **kept[1]}]


def _data(snapshot: Snapshot) -> str:
    """Return what stands for exactly these incidents and places."""
    return "-".join(str(snapshot.hashes.get(kind, ""))[:12] for kind in ("incidents", "areas", "place"))


def _lines(noted: Sequence[Mapping[str, Any]], asked: Asked, data: str) -> list[int]:
    """Return where the ledger holds a recipe's answer on these data."""
    return [at for at, each in enumerate(noted) if each.get("data", data) == data and Asked.read(each) == asked]


def _first(noted: Sequence[Mapping[str, Any]], asked: Asked, data: str) -> int:
    """Return where the numbers of a recipe's answer on these data stand; the end where they were never told."""
    return min((at for at in _lines(noted, asked, data) if noted[at].get("told")), default=len(noted))
