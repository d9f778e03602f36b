"""Which incidents a recipe counts, as the ledger remembers it; each line of a fixed table as if it were one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.counting import in_period
from hotspot.environment.sun import light_shares
from hotspot.packaged import Tree, with_those_below
from hotspot.pipeline import Result
from hotspot.study import LIGHT, Study
from hotspot.tables import Place

_SAME = 1e-6


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
    within = {days: in_period(incidents, days, place.timezone).to_numpy() for days in {each.period for each in asked}}
    lit = {light: _lit(incidents, light, place) for light in {each.light for each in asked}}
    kind, kinds = pd.factorize(incidents["category"])
    found = np.zeros((len(incidents), len(asked)))
    for column, each in enumerate(asked):
        wanted = np.append(kinds.isin(each.categories) if each.categories else np.ones(len(kinds), dtype=bool), False)
        found[:, column] = np.where(wanted[kind], within[each.period] * lit[each.light], 0.0)  # the last is no category
    return found


def _lit(incidents: pd.DataFrame, light: tuple[str, ...], place: Place) -> npt.NDArray[np.float64]:
    """Return the share of each incident's time in some light."""
    if len(light) == len(LIGHT):
        return np.ones(len(incidents))
    start, end = (incidents[name].to_numpy("datetime64[ns]") for name in ("start", "end"))
    shares = pd.DataFrame(light_shares(start, end, *place.lonlat), columns=list(LIGHT))
    return np.asarray(shares[list(light)].sum(axis=1).clip(upper=1.0))


def beside_table(result: Result, incidents: pd.DataFrame, own: Asked, asked: Asked) -> npt.NDArray[np.float64]:
    """Take every line of the fixed table of the study's own recipe away from another answer on the same data.

    Parameters
    ----------
    result
        The other recipe's result.
    incidents
        Every incident of the study.
    own
        The study's own recipe, which counts as answered first.
    asked
        What the result is of.

    Returns
    -------
    array, shape (incidents, ways)
        What each incident adds to the difference: one way for each line, and every way in which two lines, or two and
        the whole table, leave a count of some of the incidents.
    """
    lines = table_lines(own, result.categories)
    found = chances(incidents, [asked, *lines], result.place)
    return np.column_stack([found[:, :1] - found[:, 1:], _left_by_two(found)])


def _left_by_two(found: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Add and take away two lines, or take two away and add the whole, wherever a count is left."""
    alike, which = np.unique(np.round(found, 6), axis=0, return_inverse=True)
    new, lines = alike[:, :1], alike[:, 1:]
    if lines.shape[1] < 2:  # noqa: PLR2004 - two lines
        return np.zeros((len(found), 0))
    one, other = np.triu_indices(lines.shape[1], 1)
    whole = lines.max(axis=1, keepdims=True)
    first, second = lines[:, one], lines[:, other]
    ways = np.hstack([new + first - second, new - first + second, new - first - second + whole])
    low, high = ways.min(axis=0), ways.max(axis=0)
    counts = ((low > -_SAME) & (high < 1 + _SAME)) | ((low > -1 - _SAME) & (high < _SAME))
    ways = np.unique(np.abs(ways[:, counts & (high > low)]), axis=1)
    return np.asarray(ways[which.reshape(-1)], dtype=np.float64)


def table_lines(own: Asked, tree: Tree) -> list[Asked]:
    """Return each period and category of a recipe's fixed table as if it were a recipe.

    Parameters
    ----------
    own
        The recipe.
    tree
        Code to category.

    Returns
    -------
    list of Asked
        Each whole year, all of them together and, without any, the recipe's own period; every category and all.
    """
    first, last = own.period
    whole = [(dt.date(year, 1, 1), dt.date(year, 12, 31)) for year in range(first.year, last.year + 1)]
    years = [days for days in whole if first <= days[0] and days[1] <= last]
    periods = [*years, (years[0][0], years[-1][1])] if years else [own.period]
    wanted = {*own.categories}
    parts = [own.categories]
    for code in tree:
        below = with_those_below((code,), tree)
        inside = tuple(sorted(each for each in below if not wanted or each in wanted))
        parts += [inside] if inside else []
    return list(dict.fromkeys(Asked(days, codes, own.light) for days in periods for codes in parts))
