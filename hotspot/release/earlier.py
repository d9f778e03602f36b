"""What was released before counts too: two answers that differ by a few incidents tell those few."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.ndimage import uniform_filter

from hotspot.counting import areas_of
from hotspot.measures import Surface
from hotspot.measures.scene import Scene
from hotspot.pipeline import Result
from hotspot.release.asked import Asked, beside_table, chances
from hotspot.release.contract import Release
from hotspot.release.deliveries import NO_DELIVERIES, Deliveries
from hotspot.release.rules import RULES
from hotspot.release.standing import NOTHING_STANDS, Standing, has_table
from hotspot.release.ties import small_counts
from hotspot.site import Audience
from hotspot.store import Snapshot, Store

_MOST = 100  # METHODS 12: the last hundred releases
_PAIRED = 12  # of these, the ones also taken two at a time, as a year and another make up both (assumption)


@dataclass(frozen=True)
class Differences:
    """How a result differs from what was released before.

    Parameters
    ----------
    incidents
        Every incident of the study: category, area_id, cell_id and geometry.
    steps : array, shape (incidents, ways)
        What each incident adds in each way of taking earlier answers away from this one; 0 where they agree.
    deliveries
        What was told of other deliveries of the data.
    fixed : array, shape (incidents, lines), optional
        As ``steps``, for each period and category of the fixed tables that were told on the same data. They are by
        place, so they tell nothing of smaller parts.
    standing
        What of the fixed table was told with other deliveries.
    """

    incidents: gpd.GeoDataFrame
    steps: npt.NDArray[np.float64]
    deliveries: Deliveries = NO_DELIVERIES
    fixed: npt.NDArray[np.float64] | None = None
    standing: Standing = NOTHING_STANDS

    @property
    def filtered(self) -> bool:
        """Whether another recipe was answered on the same data before."""
        return bool(self.steps.shape[1] > 0)

    @property
    def areas(self) -> pd.Series:
        """Which place each incident lies in."""
        return self.incidents["area_id"]

    def told(self, ids: pd.Series, index: pd.Index, k: float, categories: Sequence[str] = ()) -> npt.NDArray[np.bool_]:
        """Say of which counts a small difference from earlier ones could be worked out.

        Parameters
        ----------
        ids
            Where each incident counts.
        index
            All ids.
        k
            Smallest count that may be told; infinite where any difference tells too much.
        categories
            The only ones counted; empty counts all.

        Returns
        -------
        array of bool, shape (ids,)
            True where this answer and earlier ones differ by more than none and fewer than ``k`` incidents.
        """
        own = np.abs(self.steps)
        if self.fixed is not None and ids.name == "area_id":
            own = np.column_stack([own, np.abs(self.fixed)])
        if categories:
            own = own * self.incidents["category"].isin(list(categories)).to_numpy()[:, None]
        at = index.get_indexer(pd.Index(ids))
        totals = np.zeros((len(index), own.shape[1]))
        np.add.at(totals, at[at >= 0], own[at >= 0])
        return np.asarray(small_counts(totals, k).any(axis=1))


def differences(result: Result, incidents: gpd.GeoDataFrame, before: Sequence[Asked]) -> Differences | None:
    """Compare a result with what was released before.

    Parameters
    ----------
    result
        A run's result.
    incidents
        Every incident of the study, indexed by ``incident_id``.
    before
        What was released before it.

    Returns
    -------
    Differences or None
        One way for each earlier answer, and for pairs of the latest added or taken away; None without any.
    """
    if not before or result.record.period is None:
        return None
    now = Asked.of(result.study, result.record.period)
    every = chances(incidents, [now, *before], result.place)
    new, old = every[:, :1], every[:, 1:]
    late = old[:, -_PAIRED:]
    pairs = [
        new[:, 0] + one * late[:, i] + other * late[:, j]
        for i in range(late.shape[1])
        for j in range(i)
        for one, other in product((-1.0, 1.0), repeat=2)
        if (one, other) != (1.0, 1.0)
    ]
    placed = incidents.assign(
        area_id=areas_of(incidents.geometry, result.places), cell_id=result.grid.cells_of(incidents.geometry)
    )
    return Differences(placed, np.column_stack([new - old, *pairs]))


def told_on(surface: Surface, found: Differences, reach_m: float, k: int) -> npt.NDArray[np.bool_]:
    """Say of which pixels of a surface a small difference from earlier ones could be worked out.

    Parameters
    ----------
    surface
        A surface made from incidents.
    found
        How its incidents differ from what was released before.
    reach_m
        How far an incident is felt. [m]
    k
        Smallest count that may be told.

    Returns
    -------
    array of bool, shape (rows, cols)
        True where more than none and fewer than ``k`` incidents within reach make the difference.
    """
    lattice = surface.lattice
    size = 2 * int(np.ceil(reach_m / lattice.pixel_m)) + 1
    x, y = found.incidents.geometry.x.to_numpy(), found.incidents.geometry.y.to_numpy()
    across, down = lattice.centres()
    cols = np.clip(np.rint((x - across[0]) / lattice.pixel_m).astype(int), 0, lattice.cols - 1)
    rows = np.clip(np.rint((y - down[0]) / (down[1] - down[0])).astype(int), 0, lattice.rows - 1)
    told = np.zeros(lattice.shape, dtype=bool)
    for step in np.abs(found.steps).T:
        if not step.any():
            continue
        own = np.zeros(lattice.shape)
        np.add.at(own, (rows, cols), step)
        told |= small_counts(uniform_filter(own, size, mode="constant") * size**2, k)
    return told


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
    data, noted = _data(snapshot), store.released()
    known, asked = _known(store, snapshot), Asked.of(result.study, result.record.period)
    same = known[: known.index(asked)] if asked in known else known
    found = differences(result, snapshot.tables["incidents"].frame.set_index("incident_id"), same[-_MOST:])
    if found is not None:
        found = replace(found, fixed=beside_table(result, found.incidents, known[0], asked))
    others = [each for each in noted[: _first(noted, asked, data)] if each.get("data", data) != data][-_MOST:]
    told = Deliveries([each.get("told", {}) for each in others], [Asked.read(each) for each in others], asked)
    if not others:
        return found
    placed = result.points["incidents"]
    found = found or Differences(placed, np.zeros((len(placed), 0)))
    return replace(found, deliveries=told, standing=_standing(noted[: _first(noted, asked, data)], asked, data))


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
        asked, data, noted = Asked.of(result.study, result.record.period), _data(snapshot), store.released()
        first = _known(store, snapshot)[0]
        lines = [] if _lines(noted, first, data) or first == asked else [first.plain() | {"data": data}]
        if _first(noted, asked, data) == len(noted):
            lines.append(asked.plain() | {"data": data, "told": dict(shown.told)})
        store.note_released(lines)


def _data(snapshot: Snapshot) -> str:
    """Return what stands for exactly these incidents and places."""
    return "-".join(str(snapshot.hashes.get(kind, ""))[:12] for kind in ("incidents", "areas", "place"))


def _lines(noted: Sequence[Mapping[str, Any]], asked: Asked, data: str) -> list[int]:
    """Return where the ledger holds a recipe's answer on these data."""
    return [at for at, each in enumerate(noted) if each.get("data", data) == data and Asked.read(each) == asked]


def _first(noted: Sequence[Mapping[str, Any]], asked: Asked, data: str) -> int:
    """Return where the numbers of a recipe's answer on these data stand; the end where they were never told."""
    return min((at for at in _lines(noted, asked, data) if noted[at].get("told")), default=len(noted))


def _known(store: Store, snapshot: Snapshot) -> list[Asked]:
    """Return the recipes answered on these data, oldest first; the study's own where there is none yet."""
    data = _data(snapshot)
    noted = list(dict.fromkeys(Asked.read(each) for each in store.released() if each.get("data", data) == data))
    return noted or [Asked.of(store.study, Scene(store.study, snapshot.place, snapshot.tables).period)]
