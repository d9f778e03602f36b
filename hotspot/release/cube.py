"""The fixed table for open release: incidents by area, year and category, with every total, counted once per run."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.counting import in_period
from hotspot.packaged import Tree, above
from hotspot.pipeline import Result

ALL = ""
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Cube:
    """Counts by area, period and category.

    Parameters
    ----------
    counts
        (area_id, period, category) to incidents; empty text is "all": all places, all whole years together. What lies
        in no place is in no total.
    areas, periods
        Parts that add up to all.
    tree
        Category to the categories right below it.
    """

    counts: Mapping[Key, float]
    areas: tuple[str, ...]
    periods: tuple[str, ...]
    tree: Mapping[str, tuple[str, ...]]

    def sums(self) -> Iterator[tuple[Key, list[Key]]]:
        """List every sum that ties the counts: over areas, over periods, and up the tree.

        Yields
        ------
        tuple
            The total's key and its parts' keys.
        """
        if not self.counts:
            return
        codes = [ALL, *(code for parts in self.tree.values() for code in parts)]
        for period, code in product((*self.periods, ALL), codes):
            yield (ALL, period, code), [(area, period, code) for area in self.areas]
        for area, code in product((*self.areas, ALL), codes):
            yield (area, ALL, code), [(area, period, code) for period in self.periods]
        for area, period in product((*self.areas, ALL), (*self.periods, ALL)):
            for total, parts in self.tree.items():
                yield (area, period, total), [(area, period, code) for code in parts]


NO_CUBE = Cube({}, (), (), {})


@dataclass(frozen=True)
class Table:
    """The fixed table as it may be told.

    Parameters
    ----------
    cube
        Its numbers.
    hidden
        Lines that are hidden from all who may not see small counts.
    """

    cube: Cube
    hidden: frozenset[Key]

    def told(self) -> dict[Key, float]:
        """Return every line: zeros too, which say that there were none; NaN where it is hidden."""
        return {key: np.nan if key in self.hidden else n for key, n in self.cube.counts.items()}


def count_cube(result: Result) -> Cube:
    """Count a result's incidents by area, whole calendar year and category.

    Parameters
    ----------
    result
        A run's result.

    Returns
    -------
    Cube
        Empty without incidents.
    """
    if "incidents" not in result.points or result.record.period is None or not len(result.points["incidents"]):
        return NO_CUBE
    rows = result.points["incidents"]
    tree = tree_of({str(each) for each in rows["category"].unique()}, result.categories)
    areas = tuple(str(each) for each in result.places.index)
    codes = [ALL, *(code for parts in tree.values() for code in parts)]
    shares = _by_period(rows, result.record.period, _covered_until(result), result.place.timezone)
    below = np.array([np.isin(codes, leaves(code, tree)) for code in codes], dtype=float)
    own = (
        pd.Index(areas).get_indexer(pd.Index(rows["area_id"])),
        pd.Index(codes).get_indexer(pd.Index(rows["category"])),
    )
    counts: dict[Key, float] = {}
    for period, amount in {**shares, ALL: pd.DataFrame(shares).sum(axis=1)}.items():
        table = _table(own, np.nan_to_num(amount.to_numpy(float)), (len(areas), len(codes))) @ below.T
        for area, line in zip((*areas, ALL), np.vstack([table, table.sum(axis=0)]).tolist(), strict=True):
            counts |= {(area, period, code): n for code, n in zip(codes, line, strict=True)}
    return Cube(counts, areas, tuple(shares), tree)


def _table(
    own: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]], amount: npt.NDArray[np.float64], shape: tuple[int, int]
) -> npt.NDArray[np.float64]:
    """Add up by place and category; what lies in no place is left out."""
    inside = (own[0] >= 0) & (own[1] >= 0)
    at = own[0][inside] * shape[1] + own[1][inside]
    return np.asarray(np.bincount(at, amount[inside], minlength=shape[0] * shape[1]).reshape(shape))


def tree_of(found: Iterable[str], known: Tree) -> dict[str, tuple[str, ...]]:
    """Return the part of the category tree that holds what was found, each group's parts under it.

    Parameters
    ----------
    found
        Categories.
    known
        The whole tree.

    Returns
    -------
    dict
        Group to what lies right below it; empty text is the top. A category that incidents have themselves is no sum of
        those below it: they hang under the next group above.
    """

    def group_of(code: str) -> str:
        return next((each for each in above(code, known)[1:] if each in known and not known[each].assignable), ALL)

    nodes, left = set[str](), {*found}
    while left:
        nodes |= left
        left = {group_of(code) for code in left} - nodes - {ALL}
    tree: dict[str, list[str]] = {}
    for code in sorted(nodes):
        tree.setdefault(group_of(code), []).append(code)
    return {total: tuple(parts) for total, parts in sorted(tree.items())}


def leaves(code: str, tree: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return a category and all that lie under it.

    Parameters
    ----------
    code
        The category.
    tree
        From `tree_of`.

    Returns
    -------
    list of str
        Itself first.
    """
    below = [leaf for part in tree.get(code, ()) for leaf in leaves(part, tree)]
    return [code, *below]


def _covered_until(result: Result) -> dt.date:
    """Return the last day that every source of incidents covers: a year is counted once it is over in all of them."""
    table = result.record.coverage
    if table.empty:
        return dt.date.max
    last = table.loc[table["kind"] == "incidents", "last"].dropna()
    return min((pd.Timestamp(each).date() for each in last), default=dt.date.max)


def _by_period(
    rows: pd.DataFrame, period: tuple[dt.date, dt.date], until: dt.date, timezone: str
) -> dict[str, pd.Series]:
    """Share every incident's chance to count among the whole years of the period; without one, the period itself."""
    light = (rows["membership"] / rows["in_period"].where(rows["in_period"] > 0)).fillna(0.0)
    found: dict[str, pd.Series] = {}
    for year in range(period[0].year, period[1].year + 1):
        days = dt.date(year, 1, 1), dt.date(year, 12, 31)
        if period[0] <= days[0] and days[1] <= min(period[1], until):
            found[str(year)] = in_period(rows, days, timezone) * light
    return found or {f"{period[0]}..{period[1]}": rows["membership"]}
