"""What was released before counts too: two answers that differ by a few incidents tell those few."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.ndimage import uniform_filter

from hotspot.counting import areas_of, in_period
from hotspot.environment.sun import light_shares
from hotspot.measures import Surface
from hotspot.measures.scene import Scene
from hotspot.pipeline import Result
from hotspot.release.rules import RULES
from hotspot.release.ties import small_counts
from hotspot.site import Audience
from hotspot.store import Snapshot, Store
from hotspot.study import LIGHT, Study
from hotspot.tables import Place

_MOST = 100  # METHODS 12: the last hundred releases
_PAIRED = 12  # of these, the ones also taken two at a time, as a year and another make up both (assumption)


@dataclass(frozen=True)
class Asked:
    """What decides which incidents a recipe counts.

    Parameters
    ----------
    period
        First and last day.
    categories, light
        As in `hotspot.study.Study`.
    """

    period: tuple[dt.date, dt.date]
    categories: tuple[str, ...]
    light: tuple[str, ...]

    @classmethod
    def of(cls, study: Study, period: tuple[dt.date, dt.date]) -> "Asked":
        """Return what a recipe asks for, its period as it was counted."""
        return cls(period, tuple(sorted(study.categories)), tuple(each for each in LIGHT if each in study.light))

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> "Asked":
        """Return what `plain` wrote."""
        first, last = (dt.date.fromisoformat(day) for day in plain["period"])
        return cls((first, last), tuple(plain["categories"]), tuple(plain["light"]))

    def plain(self) -> dict[str, Any]:
        """Return plain values, for the ledger."""
        return {**asdict(self), "period": [str(day) for day in self.period]}


def chances(incidents: pd.DataFrame, asked: Sequence[Asked], place: Place) -> npt.NDArray[np.float64]:
    """Return the chance that each incident counts for each recipe.

    Parameters
    ----------
    incidents
        Columns ``start``, ``end`` and ``category``.
    asked
        The recipes.
    place
        Where.

    Returns
    -------
    array, shape (incidents, recipes)
        As the column ``membership`` of `hotspot.measures.scene.Scene.incidents`.
    """
    start, end = (incidents[name].to_numpy("datetime64[ns]") for name in ("start", "end"))
    shares = pd.DataFrame(light_shares(start, end, *place.lonlat), index=incidents.index, columns=list(LIGHT))
    found = np.zeros((len(incidents), len(asked)))
    for column, each in enumerate(asked):
        chance = in_period(incidents, each.period, place.timezone)
        if len(each.light) < len(LIGHT):
            chance = chance * shares[list(each.light)].sum(axis=1).clip(upper=1.0)
        wanted = incidents["category"].isin(each.categories) if each.categories else incidents["category"].notna()
        found[:, column] = chance.where(wanted, 0.0)
    return found


@dataclass(frozen=True)
class Differences:
    """How a result differs from what was released before.

    Parameters
    ----------
    incidents
        Every incident of the study: category, area_id, cell_id and geometry.
    steps : array, shape (incidents, ways)
        What each incident adds in each way of taking earlier answers away from this one; 0 where they agree.
    """

    incidents: gpd.GeoDataFrame
    steps: npt.NDArray[np.float64]

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


def before(store: Store, snapshot: Snapshot, result: Result, audience: Audience) -> Differences | None:
    """Compare a result with what a study released before to those who may not see small counts.

    Parameters
    ----------
    store
        The study on disk. Its own recipe always counts as released first.
    snapshot
        The data that the result was made from.
    result
        A run's result.
    audience
        Whose eyes it is for.

    Returns
    -------
    Differences or None
        For `hotspot.release.release`, from the last hundred; the same whenever it is asked for again. None for those
        who may see all, and without anything earlier.
    """
    if not RULES[audience].least or result.record.period is None:
        return None
    known, asked = _known(store, snapshot), Asked.of(result.study, result.record.period)
    earlier = known[: known.index(asked)] if asked in known else known
    return differences(result, snapshot.tables["incidents"].frame.set_index("incident_id"), earlier[-_MOST:])


def note(store: Store, snapshot: Snapshot, result: Result, audience: Audience) -> None:
    """Note down what was released to somebody who may not see small counts, the first time it is.

    Parameters
    ----------
    store, snapshot, result, audience
        As for `before`.
    """
    if RULES[audience].least and result.record.period is not None:
        asked = Asked.of(result.study, result.record.period)
        store.note_released(each.plain() for each in (*_known(store, snapshot)[:1], asked))


def _known(store: Store, snapshot: Snapshot) -> list[Asked]:
    noted = [Asked.read(each) for each in store.released()]
    own = Asked.of(store.study, Scene(store.study, snapshot.place, snapshot.tables).period)
    return noted if own in noted else [own, *noted]
