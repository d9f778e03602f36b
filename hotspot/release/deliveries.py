"""Numbers that were told of earlier deliveries: a new one beside an old one would tell the few rows between them."""

import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from hotspot.pipeline import Result
from hotspot.release.ties import small_counts

_PAIRED = 12  # of the earlier answers, the latest ones also taken two at a time (assumption)
_EVALUATED = ("n_before", "n_after", "control_before", "control_after")
Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Deliveries:
    """What was told of other deliveries of the data, oldest first.

    Parameters
    ----------
    told
        For each answer, key to the number that was shown.
    recipes
        What each answer was of: those of one recipe are only compared one by one.
    recipe
        What is asked for now.
    """

    told: Sequence[Numbers] = ()
    recipes: Sequence[Hashable] = ()
    recipe: Hashable = None

    def close(self, numbers: Numbers, k: float) -> set[str]:
        """Say which numbers differ by a few from what was told of them before.

        Parameters
        ----------
        numbers
            Key to the number of now.
        k
            Smallest count that may be told.

        Returns
        -------
        set of str
            Keys of which an earlier number, or two of them added or taken away, leaves more than none and fewer than
            ``k``. A number that was hidden before tells nothing.
        """
        new = pd.Series(dict(numbers), dtype=float)
        if not self.told or new.empty:
            return set()
        old = np.array([pd.Series(dict(each), dtype=float).reindex(new.index).to_numpy() for each in self.told])
        few = np.zeros(len(new), dtype=bool)
        for left in self._ways(np.array(new, dtype=np.float64), old):
            few |= small_counts(np.abs(left), k)
        return set(new.index[few])

    def hold(self, keys: Iterable[str]) -> bool:
        """Say whether every answer told so far has all of these keys.

        Parameters
        ----------
        keys
            Such as those of outlines.

        Returns
        -------
        bool
            True also without any answer.
        """
        wanted = set(keys)
        return all(wanted <= set(each) for each in self.told)

    def _ways(self, new: npt.NDArray[np.float64], old: npt.NDArray[np.float64]) -> Iterable[npt.NDArray[np.float64]]:
        yield from new - old
        for one, other in combinations(range(max(len(old) - _PAIRED, 0), len(old)), 2):
            if {self.recipes[one], self.recipes[other]} == {self.recipe}:
                continue
            for first, second in product((-1.0, 1.0), repeat=2):
                if (first, second) != (1.0, 1.0):
                    yield new + first * old[one] + second * old[other]


NO_DELIVERIES = Deliveries()


def named(*parts: Hashable) -> str:
    """Return the text that stands for a number in the ledger.

    Parameters
    ----------
    *parts
        What it is of.

    Returns
    -------
    str
        The same for every delivery.
    """
    return "|".join(str(part) for part in parts)


def of_cells(key: str, n: pd.Series) -> dict[str, float]:
    """Return a layer's counts of cells by what stands for them in the ledger.

    Parameters
    ----------
    key
        The layer.
    n
        Counts, indexed by cell; those that are missing or zero are left out.

    Returns
    -------
    dict
        Key to count.
    """
    return {named("cell", key, cell): float(each) for cell, each in n[n > 0].items()}


def of_sites(result: Result) -> dict[str, tuple[str, float]]:
    """Return what measures act on, by site.

    Parameters
    ----------
    result
        A run's result.

    Returns
    -------
    dict
        Key to the place and its count over the whole period. [incidents]
    """
    tables = [table for table in (result.choice.candidates, result.choice.pilots) if len(table)]
    return {
        named("site", area_id, measure): (str(area_id), round(float(n) * result.record.years, 6))
        for table in tables
        for area_id, measure, n in zip(table["area_id"], table["measure"], table["acts_on"], strict=True)
        if n > 0
    }


def of_evaluations(table: pd.DataFrame) -> dict[str, float]:
    """Return the counts that earlier measures are judged by.

    Parameters
    ----------
    table
        As in a result, or as it is shown.

    Returns
    -------
    dict
        Key to count; those that are missing or zero are left out.
    """
    return {
        named("evaluated", each, name): float(row[name])
        for each, row in table.iterrows()
        for name in _EVALUATED
        if name in row and row[name] > 0
    }


def changed_evaluations(table: pd.DataFrame, before: Deliveries, k: float) -> pd.Series:
    """Say which earlier measures' counts differ by a few from what was told of them before.

    Parameters
    ----------
    table
        As in a result.
    before
        What was told of other deliveries.
    k
        Smallest count that may be told.

    Returns
    -------
    Series
        True for those, on the table's index.
    """
    close = before.close(of_evaluations(table), k)
    return pd.Series(
        [any(named("evaluated", each, name) in close for name in _EVALUATED) for each in table.index],
        index=table.index, dtype=bool,
    )  # fmt: skip


def of_outlines(spots: gpd.GeoDataFrame) -> dict[str, float]:
    """Return what stands for the outlines of hot spots in the ledger.

    Parameters
    ----------
    spots
        Hot spots, as in a result or as they are shown.

    Returns
    -------
    dict
        Key to 1: two deliveries share it where a hot spot has the very same cells.
    """
    shapes = shapely.to_wkb(shapely.normalize(spots.geometry.to_numpy()))
    return {
        named("outline", each, hashlib.blake2b(shape, digest_size=8).hexdigest()): 1.0
        for each, shape in zip(spots.index, shapes, strict=True)
    }
