"""The measure of change over many steps: which cells are new, lasting, fading or passing hot spots."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.counting import total_by
from hotspot.errors import N_, Told
from hotspot.measures.density import membership
from hotspot.measures.scene import Scene
from hotspot.measures.values import Measured
from hotspot.stats.emerging import Emerging
from hotspot.stats.emerging import emerging as test_emerging
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.patterns import LEAST_STEPS, NO_PATTERN
from hotspot.stats.verdicts import COLD, NO_NEIGHBOURS, TOO_FEW, UNDEFINED
from hotspot.tables import Coverage

GROWING, LASTING = "hot, new or growing", "hot, lasting"
PASSING, FADING = "hot, off and on", "hot, fading or over"
FAMILIES = {
    "new hot": GROWING,
    "consecutive hot": GROWING,
    "intensifying hot": GROWING,
    "persistent hot": LASTING,
    "sporadic hot": PASSING,
    "oscillating hot": PASSING,
    "diminishing hot": FADING,
    "historical hot": FADING,
    **{each: each for each in (NO_PATTERN, TOO_FEW, UNDEFINED, NO_NEIGHBOURS)},
}
"""Patterns to the classes of the map; every cold pattern is "cold"."""
_CANNOT_SAY = "cannot say"
_LENGTHS = {3: "Q", 1: "M"}  # months of a step to the name of the period in pandas
_HALF = 0.5


class _Steps(NamedTuple):
    """Whole calendar steps inside the period, and which of them every source covers."""

    periods: pd.PeriodIndex
    covered: npt.NDArray[np.bool_]
    months: int


def emerging(  # noqa: PLR0913 - the scene and the layer file's parameters
    scene: Scene,
    *,
    level: float = 0.05,
    step_months: int = 0,
    by_people: bool = False,
    capped_at: float = 0.99,
    light: str = "study",
    categories: tuple[str, ...] = (),
) -> Measured:
    """Which cells are new, lasting, fading or passing hot spots?

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    level
        Share of false alarms accepted among the cells and steps flagged, and level of the trend's test.
    step_months
        Length of a step, 1 or 3 months; 0 takes quarters where ten whole ones are covered, months otherwise.
    by_people
        Whether incidents are expected where people live and pass. Places that differ lastingly for other reasons
        then count as overdispersion, which leaves only the strongest to be found in a short step.
    capped_at
        Not by people: no cell counts for more than this share of the step's cells do. Exact all the same, and it
        lets places be found beside one address with very many (measured: benchmarks/space_time.py).
    light
        ``"study"`` or one of day, dusk, dark.
    categories
        Codes that the layer is about; empty takes the recipe's.

    Returns
    -------
    Measured
        Per cell: ``value`` and ``hot_steps`` (steps in which it is hot), ``cold_steps``, ``steps``, ``n``,
        ``n_around`` and ``expected`` (of all steps), ``qvalue`` (the smallest of its steps), ``trend_pvalue``,
        ``pattern`` (one of seventeen, or why there is none) and ``klass`` (a family of patterns). Everything
        is unknown, with a note, where fewer than ten whole months are covered.

    Notes
    -----
    A step is a calendar month or quarter that lies inside the period and that every source covers whole; others
    are left out and do not count as steps without incidents. An incident counts in the step of the middle of its
    time, and if it counts with a chance of at least one half. Each step is tested on its own.

    References
    ----------
    Ord and Getis (1995), doi:10.1111/j.1538-4632.1995.tb00912.x.
    Mann (1945), doi:10.2307/1907187.
    """
    cells = scene.grid.frame
    chance = membership(scene, light, tuple(categories))
    n = total_by(scene.incidents["cell_id"], chance, cells.index)
    steps = _steps(scene, step_months)
    if steps.covered.sum() < LEAST_STEPS:
        return _too_short(n, steps)
    near = Neighbours.from_lattice(cells["row"].to_numpy(), cells["col"].to_numpy())
    cube = _cube(scene, chance, steps)
    exposure = scene.exposure.to_numpy(float) if by_people and scene.exposure is not None else None
    if exposure is None:
        found = test_emerging(cube, near, covered=steps.covered, capped_at=capped_at, level=level)
    else:
        peopled = ~(exposure == 0)  # cells where nobody is have a rate of their own
        share = np.where(peopled, exposure, 1.0)
        found = test_emerging(cube, near, exposure=share, groups=peopled, covered=steps.covered, level=level)
    frame = _framed(found, n, near, cube[:, steps.covered].sum(axis=1))
    return Measured(
        frame=frame,
        notes=(_said(steps, exposure is not None),),
        facts={"tests": float(found.tests), "level": level, "n": float(n.sum()), "steps": float(found.steps)},
    )


def _framed(found: Emerging, n: pd.Series, near: Neighbours, counted: npt.NDArray[np.float64]) -> pd.DataFrame:
    """One row per cell."""
    told = np.isfinite(found.pvalue).any(axis=1)
    hot = np.where(told, found.hot.sum(axis=1), np.nan)
    klass = [FAMILIES.get(str(each), COLD) for each in found.klass]
    around = near.around(counted, itself=True)
    return pd.DataFrame(
        {
            "value": hot,
            "n": n,
            "n_around": np.where(told, around, np.nan),
            "expected": np.where(told, (near.cardinalities + 1) * counted.mean(), np.nan),
            "hot_steps": hot,
            "cold_steps": np.where(told, found.cold.sum(axis=1), np.nan),
            "steps": float(found.steps),
            "qvalue": np.where(told, np.nanmin(np.where(np.isnan(found.qvalue), 1.0, found.qvalue), axis=1), np.nan),
            "trend_pvalue": found.trend_pvalue,
            "pattern": found.klass.astype(object),
            "klass": np.array(klass, dtype=object),
        },
        index=n.index,
    )


def _cube(scene: Scene, chance: pd.Series, steps: _Steps) -> npt.NDArray[np.float64]:
    """Incidents by cell and step."""
    rows = scene.incidents
    middle = rows["start"] + (rows["end"] - rows["start"]) / 2
    local = middle.dt.tz_convert(scene.place.timezone).dt.tz_localize(None)
    when = steps.periods.get_indexer(pd.PeriodIndex(local.dt.to_period(_LENGTHS[steps.months])))
    where = scene.grid.frame.index.get_indexer(pd.Index(rows["cell_id"]))
    kept = (when >= 0) & (where >= 0) & (chance.reindex(rows.index).to_numpy() >= _HALF)
    cube = np.zeros((len(scene.grid.frame), len(steps.periods)))
    np.add.at(cube, (where[kept], when[kept]), 1.0)
    return cube


def _steps(scene: Scene, months: int) -> _Steps:
    """Whole steps of the length asked for, or of the longest that gives enough of them."""
    first, last = scene.period
    covered = _covered_days(scene.tables["incidents"].coverage, first, last)
    tried = [_whole_steps(covered, each) for each in ([months] if months else _LENGTHS)]
    return next((each for each in tried if each.covered.sum() >= LEAST_STEPS), tried[-1])


def _whole_steps(days: pd.Series, months: int) -> _Steps:
    """Calendar steps whose every day lies in the period, and of which every source covers every day."""
    step = pd.DatetimeIndex(days.index).to_period(_LENGTHS[months])
    length = days.groupby(step).agg(["size", "all"])
    whole = length["size"].to_numpy() == [(each.end_time - each.start_time).days + 1 for each in length.index]
    return _Steps(pd.PeriodIndex(length.index[whole]), length.loc[whole, "all"].to_numpy(dtype=bool), months)


def _covered_days(coverage: Iterable[Coverage], first: dt.date, last: dt.date) -> pd.Series:
    """Whether every source that is about a period covers each day."""
    days = pd.date_range(first, last, freq="D")
    by_source: dict[str, npt.NDArray[np.bool_]] = {}
    for each in coverage:
        if each.start and each.end:
            inside = (days >= pd.Timestamp(each.start)) & (days <= pd.Timestamp(each.end))
            by_source[each.source] = by_source.get(each.source, np.zeros(len(days), dtype=bool)) | inside
    return pd.Series(np.all([*by_source.values(), np.ones(len(days), dtype=bool)], axis=0), index=days)


def _too_short(n: pd.Series, steps: _Steps) -> Measured:
    """Nothing can be said, and why."""
    columns = ("value", "n_around", "expected", "hot_steps", "cold_steps", "steps", "qvalue", "trend_pvalue")
    frame = pd.DataFrame(dict.fromkeys(columns, np.nan), index=n.index)
    frame = frame.assign(n=n, pattern=_CANNOT_SAY, klass=_CANNOT_SAY)
    note = Told(
        N_("Emerging hot spots need {least} whole months or quarters that every source covers; there are {steps}."),
        {"least": LEAST_STEPS, "steps": int(steps.covered.sum())},
    )
    return Measured(frame=frame, notes=(note,))


def _said(steps: _Steps, by_people: bool) -> Told:  # noqa: FBT001 - which of two sentences' halves
    """Tell what the steps are."""
    compared = (
        N_("what residents and visits explain") if by_people else N_("all other cells, whoever lives or passes there")
    )
    return Told(
        N_(
            "{steps} {steps:step|steps} of {months} {months:month|months}, {left_out} left out as not covered; in "
            "each, every cell is compared "
            "with {compared}."
        ),
        {
            "steps": int(steps.covered.sum()),
            "months": steps.months,
            "left_out": int((~steps.covered).sum()),
            "compared": Told(compared),
        },
    )
