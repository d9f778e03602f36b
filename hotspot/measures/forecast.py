"""The measure of what is expected next: where incidents will be recorded if nothing changes."""

import datetime as dt
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.counting import total_by
from hotspot.errors import N_, Told
from hotspot.grid import Grid
from hotspot.measures.density import membership
from hotspot.measures.scene import Scene
from hotspot.measures.values import Measured
from hotspot.stats.forecast import Events, Ground
from hotspot.stats.forecast import forecast as foresee
from hotspot.stats.hit_rates import hit_rates

HORIZON_DAYS = 30.0
FIRST, FIFTH, TENTH, REST, CANNOT_SAY = "first 1%", "first 5%", "first 10%", "the rest", "cannot say"
CLASSES = {FIRST: 0.01, FIFTH: 0.05, TENTH: 0.10}
_EPOCH = dt.date(1970, 1, 1)
_TOLD_SHARE = 0.05
Floats = npt.NDArray[np.float64]
Happened = Mapping[str, tuple[Events, npt.NDArray[np.int64]]]


def forecast(scene: Scene, *, light: str = "study", categories: tuple[str, ...] = ()) -> Measured:
    """Where will the next 30 days' incidents be recorded, if nothing changes?

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    light
        ``"study"`` or one of day, dusk, dark.
    categories
        Codes that the layer is about; empty takes the recipe's.

    Returns
    -------
    Measured
        Per cell: ``value`` (incidents expected in the 30 days after the period, all foreseen categories together),
        ``n`` (incidents in the period) and ``klass`` (whether the cell is among the first 1, 5 or 10 % of them).
        Unknown, with a note, where no category has enough incidents.

    Notes
    -----
    Each category chooses for itself between repeating exact places, smoothing, and the places of the other
    categories, by what would have foretold its latest stretches of days best: `hotspot.stats.forecast`. The note
    holds the same forecast, made 30 days before the period's end, against what was then recorded.

    References
    ----------
    Yao et al. (2018) https://doi.org/10.1214/17-BA1091
    """
    cells = scene.grid.frame
    chance = membership(scene, light, tuple(categories))
    seen = happened(scene, chance)
    first, beyond = (float((day - _EPOCH).days) for day in scene.period)
    found = expected_per_kind(seen, scene.grid, first, beyond + 1)
    known = {kind: each for kind, each in found.items() if np.isfinite(each).any()}
    n = total_by(scene.incidents["cell_id"], chance, cells.index)
    if not known:
        frame = pd.DataFrame({"value": np.nan, "n": n, "klass": CANNOT_SAY}, index=cells.index)
        return Measured(frame=frame, notes=(Told(N_("Too few incidents for a forecast: {n}."), {"n": float(n.sum())}),))
    value = np.sum(list(known.values()), axis=0)
    frame = pd.DataFrame({"value": value, "n": n, "klass": _classes(value)}, index=cells.index)
    return Measured(
        frame=frame,
        notes=tuple(_said(seen, known, scene.grid, first, beyond + 1)),
        facts={"n": float(n.sum()), "expected": float(value.sum())},
    )


def happened(scene: Scene, chance: pd.Series | None = None) -> Happened:
    """Return incidents by category as events on the lattice of cells, and the cell each lies in.

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    chance
        How much each incident counts; the recipe's membership if not given.

    Returns
    -------
    mapping
        Category to events (days since 1970 by local time) and cell numbers. Incidents in no cell are left out.
    """
    rows, grid = scene.incidents, scene.grid
    counts = (rows["membership"] if chance is None else chance.reindex(rows.index)).to_numpy()
    at = grid.frame.index.get_indexer(pd.Index(rows["cell_id"]))
    lattice = grid.lattice(grid.cell_m)
    middle = rows["start"] + (rows["end"] - rows["start"]) / 2
    local = middle.dt.tz_convert(scene.place.timezone).dt.tz_localize(None)
    place = {
        "row": (lattice.north - rows.geometry.y.to_numpy()) / grid.cell_m,
        "col": (rows.geometry.x.to_numpy() - lattice.west) / grid.cell_m,
        "day": ((local - pd.Timestamp(_EPOCH)) / pd.Timedelta(days=1)).to_numpy(),
        "weight": counts,
    }
    kind = rows["category"].to_numpy()
    found = {}
    for each in sorted(set(kind)):
        own = (kind == each) & (at >= 0) & (counts > 0)
        found[str(each)] = (Events(**{name: values[own] for name, values in place.items()}), at[own])
    return found


def expected_per_kind(seen: Happened, grid: Grid, first: float, at: float) -> dict[str, Floats]:
    """Return what is expected of every category in the 30 days from a day on.

    Parameters
    ----------
    seen
        What has happened, as from `happened`; only days before `at` are looked at.
    grid
        The cells.
    first
        First day that is covered. [days since 1970]
    at
        The day the forecast is made. [days since 1970]

    Returns
    -------
    dict
        Category to incidents expected per cell: the mean number per day so far, times 30, times each cell's share; NaN
        where too little is known to say.
    """
    cells = grid.frame
    ground = Ground(cells["row"].to_numpy(), cells["col"].to_numpy())
    shares = foresee({kind: events for kind, (events, _at) in seen.items()}, ground, at)
    per_day = HORIZON_DAYS / (at - first)
    return {kind: each.share * each.events * per_day for kind, each in shares.items()}


def _classes(value: Floats) -> npt.NDArray[np.object_]:
    """Put cells into the first 1, 5 and 10 %; cells of equal value share a class, the lower one."""
    higher = len(value) - np.searchsorted(np.sort(value), value, side="left")
    found = np.full(len(value), REST, dtype=object)
    for name, share in reversed(CLASSES.items()):
        found[higher <= max(1, round(share * len(value)))] = name
    return found


def _said(seen: Happened, known: Mapping[str, Floats], grid: Grid, first: float, at: float) -> list[Told]:
    """Tell how the forecast of the last 30 days went, and what was left out."""
    start = at - HORIZON_DAYS
    before = expected_per_kind({kind: seen[kind] for kind in known}, grid, first, start)
    cells = len(grid.frame)
    later, counts, told = np.zeros(cells), np.zeros(cells), np.zeros(cells)
    for kind, each in before.items():
        events, cell = seen[kind]
        later += np.bincount(cell, events.weight * (events.day >= start) * (events.day < at), minlength=cells)
        counts += np.bincount(cell, events.weight * (events.day < start), minlength=cells)
        told += np.nan_to_num(each)
    notes = []
    if later.sum() > 0 and told.sum() > 0:
        held = (hit_rates(later, each, _TOLD_SHARE, "shared").hit_rate for each in (told, counts))
        share, plain = held
        sentence = N_(
            "Tried on the last 30 days, from the days before them alone: the first 5% of cells would have held "
            "{share:.0%} of the {n} incidents; the cells with most incidents so far would have held {plain:.0%}."
        )
        notes.append(Told(sentence, {"share": share, "plain": plain, "n": float(later.sum())}))
    if len(known) < len(seen):
        sentence = N_(
            "Of {all} {all:category|categories}, {left} {left:has|have} too few incidents to be foretold and "
            "{left:is|are} left out."
        )
        notes.append(Told(sentence, {"all": len(seen), "left": len(seen) - len(known)}))
    return notes
