"""What was released before counts too: two answers that differ by a few incidents tell those few."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.ndimage import uniform_filter

from hotspot.counting import places_of
from hotspot.measures import Surface
from hotspot.pipeline import Result
from hotspot.release.asked import Asked, chances
from hotspot.release.deliveries import NO_DELIVERIES, Deliveries
from hotspot.release.own import ToldOnSame
from hotspot.release.standing import NOTHING_STANDS, Standing
from hotspot.release.ties import small_counts

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
    same
        What was told on the same data; None where nothing was.
    other_grid
        Whether anything was told on cells of another size before: two grids would tell of what lies between them.
    """

    incidents: gpd.GeoDataFrame
    steps: npt.NDArray[np.float64]
    deliveries: Deliveries = NO_DELIVERIES
    fixed: npt.NDArray[np.float64] | None = None
    standing: Standing = NOTHING_STANDS
    same: ToldOnSame | None = None
    other_grid: bool = False

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
        area_id=places_of(incidents.geometry, result.places, result.place.boundary),
        cell_id=result.grid.cells_of(incidents.geometry),
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
