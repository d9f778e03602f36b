"""How well maps made from earlier days foretold later incidents, over one period or rolling ones."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.errors import N_, StudyError
from hotspot.measures.density import density
from hotspot.measures.forecast import Happened, expected_per_kind, happened
from hotspot.measures.scene import Scene
from hotspot.stats.hit_rates import flagged_chance, hit_rate_ahead, hit_rates, recapture
from hotspot.stats.kde import kde_grid
from hotspot.store import Snapshot
from hotspot.study import Study

AREAS = (0.01, 0.05, 0.10)
COUNTS, DENSITY, FORECAST = N_("counts before"), N_("density before"), N_("forecast")
HINDSIGHT = N_("best fixed kernel, in hindsight")
FIXED_M = (50.0, 75.0, 100.0, 150.0, 200.0, 300.0, 500.0)  # peers' bandwidths: Gaussian sigma [m]
ALL = "all"
Floats = npt.NDArray[np.float64]
Maps = dict[str, dict[str, Floats]]
_KEY = ["category", "map", "area_share"]


class _Window(NamedTuple):
    """Days the maps are made from, and days they are held against."""

    train: tuple[dt.date, dt.date]
    test: tuple[dt.date, dt.date]


def foretold(
    study: Study,
    snapshot: Snapshot,
    train: tuple[dt.date, dt.date],
    test: tuple[dt.date, dt.date],
    *,
    every_days: int = 0,
) -> pd.DataFrame:
    """Score maps made from one period on a later one.

    Parameters
    ----------
    study
        Categories and light.
    snapshot
        The data.
    train, test
        First and last day of each; the test does not begin before the training has ended.
    every_days
        Cut the test into windows of so many days, each held against maps made from all days before it; 0 holds
        the whole test against maps of the training days. A last, shorter window is left out. [days]

    Returns
    -------
    DataFrame
        One row per category (and ``"all"``), map and share of the area: category, map, area_share, windows, n (later
        incidents), hit_rate (share of them inside), pai, pei, rri (recapture rate index). NaN without later
        incidents, or where a map could say nothing in some window that had any. Maps: ``"counts before"``,
        ``"density before"`` (the layer), Gaussians of fixed sigma as ``"kernel 100 m"``, ``"best fixed kernel, in
        hindsight"`` (for each share the one that turned out best) and ``"forecast"``. Last, ahead, ahead_lower and
        ahead_upper: the forecast's hit rate less this map's, with its 95 % interval (`hit_rate_ahead`, drawn with the
        study's seed).

    Raises
    ------
    StudyError
        If the periods overlap (that would be looking ahead), or no window fits.

    Notes
    -----
    Windows are pooled: all hits over all later incidents. Ties are shared, so that plain counts are not held back
    by having many. An incident of uncertain time counts on the middle of it. Nothing that a map is made from lies
    on or after its window's first day.

    References
    ----------
    Chainey, Tompson and Uhlig (2008) https://doi.org/10.1057/palgrave.sj.8350066
    """
    windows = _windows(train, test, every_days)
    whole = Scene(study.but(period=(train[0], test[1])), snapshot.place, snapshot.tables)
    seen, scores = happened(whole), []
    gains = _Gains(study.seed)
    for window in windows:
        before = Scene(study.but(period=window.train), snapshot.place, snapshot.tables)
        earlier, later = (_counted(seen, len(whole.grid.frame), days) for days in window)
        maps = _maps(before, seen, earlier, window)
        scores += list(_scored(maps, earlier, later))
        gains.add(maps, later)
    pooled = pd.DataFrame(scores).groupby(_KEY, sort=False).sum(min_count=len(windows)).reset_index()
    pooled = pooled.merge(gains.found(), on=_KEY, how="left", validate="one_to_one")
    return _ratios(pd.concat([pooled, _in_hindsight(pooled)], ignore_index=True), len(windows))


def last_third(study: Study, snapshot: Snapshot) -> tuple[tuple[dt.date, dt.date], tuple[dt.date, dt.date]]:
    """Return the first two thirds of the days counted and the last, for whoever names no days.

    Parameters
    ----------
    study
        The recipe.
    snapshot
        The data.

    Returns
    -------
    tuple
        First and last day of the training, and of the test.
    """
    first, last = Scene(study, snapshot.place, snapshot.tables).period
    start = first + dt.timedelta(days=2 * ((last - first).days + 1) // 3)
    return (first, start - dt.timedelta(days=1)), (start, last)


def _windows(train: tuple[dt.date, dt.date], test: tuple[dt.date, dt.date], every_days: int) -> list[_Window]:
    if test[0] <= train[1]:
        raise StudyError(
            N_("The days tested come after the days the map is made from."),
            N_("--train ends {end}, --test begins {begin}"),
            N_("begin --test later"),
            end=train[1],
            begin=test[0],
        )
    length = (test[1] - test[0]).days + 1
    if not every_days:
        return [_Window(train, test)]
    if not 0 < every_days <= length:
        raise StudyError(
            N_("A window is at least one day and fits into the days tested."),
            N_("windows of {every} days in {length} days"),
            N_("give fewer days, or test longer"),
            every=every_days,
            length=length,
        )
    day = dt.timedelta(days=1)
    starts = [test[0] + day * every_days * at for at in range(length // every_days)]
    return [_Window((train[0], start - day), (start, start + day * (every_days - 1))) for start in starts]


def _counted(seen: Happened, cells: int, period: tuple[dt.date, dt.date]) -> Mapping[str, Floats]:
    """Incidents per cell of every category in some days, and of all."""
    first, beyond = _day(period[0]), _day(period[1]) + 1
    found = {}
    for kind, (events, at) in seen.items():
        inside = (events.day >= first) & (events.day < beyond)
        found[kind] = np.bincount(at[inside], events.weight[inside], minlength=cells)
    return {**found, ALL: np.sum([*found.values(), np.zeros(cells)], axis=0)}


def _maps(before: Scene, seen: Happened, earlier: Mapping[str, Floats], window: _Window) -> Maps:
    """Every map by category: made from the training days alone."""
    foreseen = expected_per_kind(seen, before.grid, _day(window.train[0]), _day(window.train[1]) + 1)
    foreseen[ALL] = np.sum([np.nan_to_num(each) for each in foreseen.values()], axis=0)
    smooth = {f"kernel {sigma:g} m": _fixed(before, seen, sigma) for sigma in FIXED_M}
    own = {ALL: _per_cell(before, density(before).surface.values)}  # type: ignore[union-attr]  # density is a surface
    return {COUNTS: dict(earlier), DENSITY: own, **smooth, FORECAST: foreseen}


def _scored(maps: Maps, earlier: Mapping[str, Floats], later: Mapping[str, Floats]) -> Iterator[dict[str, object]]:
    for name, by_kind in maps.items():
        for kind, values in by_kind.items():
            for share in AREAS:
                after = hit_rates(later[kind], values, share, "shared")
                silent = np.isnan(values).all() and after.total > 0
                known = np.nan if silent else 1.0  # a map that says nothing has no hits, and no misses
                start = hit_rates(earlier[kind], values, share, "shared")
                yield {
                    "category": kind,
                    "map": name,
                    "area_share": share,
                    "hits": after.hits * known,
                    "best": after.best,
                    "n": after.total,
                    "flagged": float(after.flagged),
                    "cells": float(len(values)),
                    "hits_before": start.hits * known,
                    "n_before": start.total,
                }


class _Gains:
    """What the forecast flags and another map does not, at the places of the later incidents, window by window."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.windows: dict[tuple[str, str, float], list[tuple[Floats, Floats]]] = {}

    def add(self, maps: Maps, later: Mapping[str, Floats]) -> None:
        """Take in a window; a map that says nothing in it is marked as unknown."""
        for name, by_kind in maps.items():
            for kind in by_kind if name != FORECAST else ():
                for share in AREAS:
                    gain = _flagged(maps[FORECAST][kind], share) - _flagged(by_kind[kind], share)
                    at = later[kind] > 0
                    self.windows.setdefault((kind, name, share), []).append((gain[at], later[kind][at]))

    def found(self) -> pd.DataFrame:
        """The forecast's hit rate less each map's, with its interval; every row draws from the same seed."""
        rows = []
        for key, windows in self.windows.items():
            gains, later = zip(*windows, strict=True)
            known = not any(np.isnan(each).any() for each in gains)
            rng = np.random.default_rng(self.seed)
            rows.append((*key, *(hit_rate_ahead(gains, later, rng) if known else (np.nan,) * 3)))
        return pd.DataFrame(rows, columns=[*_KEY, "ahead", "ahead_lower", "ahead_upper"])


def _flagged(values: Floats, share: float) -> Floats:
    """Chance of each cell to be flagged; unknown where the map says nothing."""
    return np.full(len(values), np.nan) if np.isnan(values).all() else flagged_chance(values, share)


def _in_hindsight(pooled: pd.DataFrame) -> pd.DataFrame:
    """For each share the fixed kernel that turned out best."""
    fixed = pooled[pooled["map"].str.startswith("kernel ")]
    best = fixed.loc[fixed.groupby(["category", "area_share"], sort=False)["hits"].idxmax()]
    return best.assign(map=HINDSIGHT)


def _ratios(pooled: pd.DataFrame, windows: int) -> pd.DataFrame:
    seen = pooled["n"].where(pooled["n"] > 0)
    found = pooled[_KEY].assign(windows=windows, n=pooled["n"])
    found["hit_rate"] = pooled["hits"] / seen
    found["pai"] = found["hit_rate"] / (pooled["flagged"] / pooled["cells"])
    found["pei"] = pooled["hits"] / pooled["best"].where(pooled["best"] > 0)
    sums = pooled[["hits_before", "n_before", "hits", "n"]].to_numpy()
    found["rri"] = [recapture(*row) for row in sums]
    return found.join(pooled[["ahead", "ahead_lower", "ahead_upper"]])


def _fixed(before: Scene, kinds: Iterable[str], sigma_m: float) -> dict[str, Floats]:
    """Per category and in all: the mean over each cell of a Gaussian density."""
    rows = before.incidents
    found = {kind: _gaussian(before, rows[rows["category"] == kind], sigma_m) for kind in kinds}
    return {**found, ALL: np.sum(list(found.values()), axis=0)}


def _gaussian(before: Scene, rows: pd.DataFrame, sigma_m: float) -> Floats:
    lattice = before.lattice
    xy = np.column_stack([rows.geometry.x, rows.geometry.y])
    frame = (lattice.west, lattice.north), lattice.pixel_m, lattice.shape, sigma_m, "gaussian", before.inside
    return _per_cell(before, kde_grid(xy, rows["membership"].to_numpy(), *frame, "jones_diggle", forced=True).intensity)


def _per_cell(scene: Scene, surface: Floats) -> Floats:
    """Mean over each cell's pixels."""
    times = round(scene.grid.cell_m / scene.lattice.pixel_m)
    rows, cols = surface.shape
    blocks = np.nan_to_num(surface).reshape(rows // times, times, cols // times, times).mean(axis=(1, 3))
    cells = scene.grid.frame
    return np.asarray(blocks[cells["row"].to_numpy(), cells["col"].to_numpy()], dtype=np.float64)


def _day(day: dt.date) -> float:
    return float((day - dt.date(1970, 1, 1)).days)
