"""The measure of near repeats: where one incident is followed by others nearby within days, beyond chance."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from hotspot.counting import total_by
from hotspot.errors import N_, Told
from hotspot.measures.density import membership
from hotspot.measures.scene import Scene
from hotspot.measures.values import Measured
from hotspot.packaged import categories as product_categories
from hotspot.stats.knox import Knox, knox
from hotspot.stats.local_knox import local_knox
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.verdicts import NOT_SIGNIFICANT, TOO_FEW

NEAR_REPEATS = "near repeats"
_DRAWS = 99  # enough for a sentence: the smallest p is .01
_HALF = 0.5
_SECONDS = 86_400.0


def near_repeats(
    scene: Scene,
    *,
    within_m: float = 200.0,
    within_days: float = 7.0,
    level: float = 0.05,
    light: str = "study",
    categories: tuple[str, ...] = (),
) -> Measured:
    """Where has one incident been followed by others nearby within days, more often than chance would have it?

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    within_m
        Straight-line distance that is no longer near. [m]
    within_days
        Time that is no longer soon. [days]
    level
        Share of false alarms accepted among the incidents flagged.
    light
        ``"study"`` or one of day, dusk, dark.
    categories
        Codes that the layer is about; empty takes the recipe's.

    Returns
    -------
    Measured
        Per cell: ``value`` and ``ratio`` (pairs near in space and time over those expected, in the cell and its
        neighbours; NaN where none is expected), ``n``, ``expected`` [pairs], ``qvalue`` (the smallest of the
        incidents there) and ``klass`` ("near repeats", "not significant", "too few data" where no pair is expected).
        The note says how it is in the whole place.

    Notes
    -----
    Local Knox for each incident, corrected over all incidents; a cell is flagged by its own incidents or its
    neighbours'. The whole place is tested by Knox with times exchanged within months of the year only, so that a
    season makes no near repeat. Incidents known to within more than the time or distance are left out. One incident
    recorded twice is a perfect near repeat: the import sets repeats of a row aside.

    References
    ----------
    Knox (1964), doi:10.2307/2985220.
    Rogerson (2001), doi:10.1111/j.1538-4632.2001.tb00436.x.
    """
    chance = membership(scene, light, tuple(categories))
    cells = scene.grid.frame
    rows, left_out = _usable(scene, chance, within_m, within_days)
    xy, days = shapely.get_coordinates(rows.geometry.array), rows["day_number"].to_numpy()
    found = local_knox(xy, days, within_m=within_m, within_days=within_days)
    whole = knox(
        xy, days, space_edges_m=[0, within_m], time_edges_days=[0, within_days],
        blocks=rows["month"].to_numpy(), draws=_DRAWS, seed=scene.study.seed,
    )  # fmt: skip
    near = Neighbours.from_lattice(cells["row"].to_numpy(), cells["col"].to_numpy())
    pairs, expected = (
        near.around(_per_cell(rows["cell_id"], each, cells.index), itself=True)
        for each in (found.together, found.expected)
    )
    q = np.where(expected > 0, _smallest_around(rows["cell_id"], found.qvalue, cells.index, near), np.nan)
    ratio = np.divide(pairs, expected, out=np.full(len(pairs), np.nan), where=expected > 0)
    klass = np.where(expected > 0, np.where(q <= level, NEAR_REPEATS, NOT_SIGNIFICANT), TOO_FEW)
    frame = pd.DataFrame(
        {
            "value": ratio,
            "ratio": ratio,
            "n": total_by(scene.incidents["cell_id"], chance, cells.index),
            "expected": expected,
            "qvalue": q,
            "klass": klass.astype(object),
        },
        index=cells.index,
    )
    facts = {"tests": float(np.isfinite(found.qvalue).sum()), "level": level, "n": float(frame["n"].sum())}
    return Measured(frame=frame, notes=(_said(whole, within_m, within_days, categories), *_left(left_out)), facts=facts)


def _usable(scene: Scene, chance: pd.Series, within_m: float, within_days: float) -> tuple[pd.DataFrame, int]:
    """Incidents whose place and time are known well enough, with their day and month; and how many are not."""
    rows = scene.incidents
    rows = rows[(chance.reindex(rows.index) >= _HALF) & rows["cell_id"].notna()]
    length = (rows["end"] - rows["start"]).dt.total_seconds() / _SECONDS
    sure = (length < within_days) & ~(rows["location_error_m"] >= within_m)
    middle = (rows["start"] + (rows["end"] - rows["start"]) / 2).dt.tz_convert(scene.place.timezone)
    days = (middle - pd.Timestamp(scene.period[0], tz=scene.place.timezone)).dt.total_seconds() / _SECONDS
    return rows.assign(day_number=days, month=middle.dt.month)[sure], int((~sure).sum())


def _per_cell(ids: pd.Series, amounts: npt.NDArray[np.float64], index: pd.Index) -> npt.NDArray[np.float64]:
    """Add up amounts of incidents in each cell."""
    return total_by(ids, pd.Series(amounts, index=ids.index), index).to_numpy(dtype=float)


def _smallest_around(
    ids: pd.Series, qvalue: npt.NDArray[np.float64], index: pd.Index, near: Neighbours
) -> npt.NDArray[np.float64]:
    """The smallest q of the incidents in each cell and its neighbours; NaN where none was tested."""
    own = np.full(len(index), np.inf)
    np.minimum.at(own, index.get_indexer(pd.Index(ids)), np.where(np.isnan(qvalue), np.inf, qvalue))
    smallest = own.copy()
    np.minimum.at(smallest, near.focal, own[near.indices])
    return np.where(np.isfinite(smallest), smallest, np.nan)


def _said(whole: Knox, within_m: float, within_days: float, codes: Iterable[str]) -> Told:
    """Tell how it is in the whole place, and of which incidents."""
    names = [
        Told("{name}", {"name": product_categories()[code].name}) for code in codes if code in product_categories()
    ]
    ratio = round(float(whole.ratio.item()), 2)
    if not np.isfinite(ratio):
        return Told(N_("No two incidents are near each other: nothing can be said of near repeats."))
    values = {
        "kinds": names or Told(N_("all categories")),
        "metres": round(within_m),
        "days": round(within_days, 1),
        "ratio": ratio,
        "pvalue": float(whole.pvalue.item()),
    }
    return Told(
        N_(
            "In the whole place, pairs of incidents ({kinds}) less than {metres} m and {days} days apart are {ratio} "
            "times as many as if times within a month of the year were exchanged (p = {pvalue})."
        ),
        values,
    )


def _left(n: int) -> tuple[Told, ...]:
    """Tell how many incidents could not be used."""
    said = N_(
        "{n} {n:incident|incidents} whose place or time is not known well enough for near repeats {n:is|are} left out."
    )
    return (Told(said, {"n": n}),) if n else ()
