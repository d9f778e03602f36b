"""Every count that a result prints, tied by sums: what is hidden in one table stays hidden in all."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.counting import areas_of
from hotspot.layers import Layer
from hotspot.measures import MEASURES
from hotspot.pipeline import Result
from hotspot.release.cube import ALL, Cube, Table
from hotspot.release.deliveries import named, of_sites
from hotspot.release.earlier import Differences
from hotspot.release.own import WHOLE
from hotspot.release.standing import LINE
from hotspot.release.ties import Book, Tied, hide_tied, worked_out
from hotspot.study import LIGHT

COUNT, CUBE, ANSWERS, SPOT, ACTS = "n", LINE, "answers", "spot", "acts"
_TINY = 1e-6
_OUTSIDE = "outside every place"
_ACTS_ON = "acts_on"
_TOTAL, _PLACE, _SITE, _WIDER = 1000.0, 50.0, 10.0, 3.0  # what readers miss most is hidden last (assumption)
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Hidden:
    """Which counts are hidden from everyone who may not see small ones, by key.

    Parameters
    ----------
    tied
        The counts and their sums.
    mask : array of bool, shape (counts,)
        Which are hidden.
    table
        The fixed table as it may be told beside those of earlier deliveries; None where none is told.
    """

    tied: Tied
    mask: Mask
    table: Table | None = None

    def __post_init__(self) -> None:
        """Look counts up by key."""
        object.__setattr__(self, "_at", {key: at for at, key in enumerate(self.tied.keys)})

    def of(self, *keys: Hashable) -> Mask:
        """Say of each key whether its count is hidden; a count that is in no table is not."""
        at: Mapping[Hashable, int] = self._at  # type: ignore[attr-defined]  # set above
        table = self.table.hidden if self.table else frozenset()
        return np.array([
            key[1:] in table if self.table and isinstance(key, tuple) and key[0] == CUBE
            else key in at and bool(self.mask[at[key]])
            for key in keys
        ], dtype=bool)  # fmt: skip


def linked(result: Result, cube: Cube, k: int, before: Differences | None = None) -> Hidden:
    """Decide once for all tables which counts are hidden.

    Parameters
    ----------
    result
        A run's result.
    cube
        Its counts by area, period and category.
    k
        Smallest count that may be shown.
    before
        How the result differs from what was released before.

    Returns
    -------
    Hidden
        Keys: ``("n", area_id)``, ``("cube", area_id, period, category)``, ``(layer, area_id)``, ``("answers", layer,
        area_id)``, ``("spot", hotspot_id)``, ``("spot", hotspot_id, category)``, ``("acts", area_id, count)``.
    """
    book = Book()
    _enter_places(book, result)
    _enter_cube(book, cube)
    for key, layer in result.layers.items():
        frame = layer.measured.frame
        if layer.spec.support == "areas" and frame is not None and "n" in frame:
            if not counts_answers(layer):
                _enter_layer(book, key, frame["n"].astype(float), in_all=True)
            elif "answers" in frame:
                _enter_layer(book, key, frame["n"].astype(float))
    _enter_answers(book, result)
    _enter_spots(book, result, k)
    _enter_sites(book, result, k)
    untold = before.same.enter(book, _counted(result)) if before is not None and before.same is not None else set()
    tied = book.tied()
    if before is not None:
        given = {key for key, known in zip(tied.keys, worked_out(tied, k), strict=True) if known}
        untold |= (_told(result, before, k) | _told_before(result, tied, before, k)) - given
    return Hidden(tied, hide_tied(tied, k, np.array([key in untold for key in tied.keys], dtype=bool)))


def _counted(result: Result) -> dict[str, list[str]]:
    """Return the counts that every place has, and which categories they count; none counts all."""
    return {COUNT: []} | {
        key: [str(each) for each in layer.spec.parameters.get("categories", ())]
        for key, layer in result.layers.items()
        if layer.spec.support == "areas" and not counts_answers(layer)
    }


def _told(result: Result, before: Differences, k: int) -> set[Hashable]:
    """Which counts of places and hot spots a comparison with earlier ones would tell too much of."""
    index = result.places.index
    told: set[Hashable] = {(COUNT, each) for each in index[before.told(before.areas, index, k)]}
    for key, layer in result.layers.items():
        codes = [str(each) for each in layer.spec.parameters.get("categories", ())]
        if layer.spec.support == "areas":
            told |= {(key, each) for each in index[before.told(before.areas, index, k, codes)]}
    spots = result.hotspots
    if len(spots):
        spot = before.incidents["cell_id"].map(_spot_of_cells(result, spots))
        told |= {(SPOT, each) for each in spots.index[before.told(spot, spots.index, k)]}
        for code in {code for parts in spots["by_category"] for code in parts}:
            told |= {(SPOT, each, code) for each in spots.index[before.told(spot, spots.index, k, [code])]}
    return told


def _told_before(result: Result, tied: Tied, before: Differences, k: int) -> set[Hashable]:
    """Which counts differ by a few from what was told of other deliveries.

    The place as a whole is not held back: its number stands behind every expected number, and one place that changed
    is hidden together with another, as everywhere.
    """
    keys = [key for key, printed in zip(tied.keys, tied.printed, strict=True) if printed and not _unsteady(key)]
    at = {key: float(n) for key, n in zip(tied.keys, tied.counts, strict=True)}
    own = {_text(key): at[key] for key in keys if at[key] > 0}
    lines = _as_lines(result, at)
    close = before.deliveries.close(own | {text: at[key] for text, key in lines.items()}, k)
    sites = of_sites(result)
    moved = before.deliveries.close({each: n for each, (_area_id, n) in sites.items()}, k)
    told = {key for key in keys if _text(key) in close} | {key for text, key in lines.items() if text in close}
    return told | {(ACTS, *sites[each]) for each in moved}


def _as_lines(result: Result, counts: Mapping[Hashable, float]) -> dict[str, Hashable]:
    """Name a recipe's counts as the line of the fixed table that they are, if they are one: it may be told there."""
    period, codes = result.record.period, result.study.categories
    if period is None or set(result.study.light) != set(LIGHT) or len(codes) > 1:
        return {}
    first, last = period
    if (first.month, first.day, last.month, last.day) != (1, 1, 12, 31):
        return {}
    name, code = str(first.year) if first.year == last.year else ALL, codes[0] if codes else ALL
    places = [key for key in counts if isinstance(key, tuple) and key[0] == COUNT and key[1] != ALL and counts[key] > 0]
    return {named(CUBE, key[1], name, code): key for key in places}


def _unsteady(key: Hashable) -> bool:
    """Say whether a key means another thing in another delivery, or the whole place."""
    parts = key if isinstance(key, tuple) else (key,)
    return parts[0] == ACTS or (len(parts) == 2 and parts[1] == ALL)  # noqa: PLR2004 - a layer and "all"


def _text(key: Hashable) -> str:
    return named(*key) if isinstance(key, tuple) else named(key)


def numbers_told(result: Result, hidden: Hidden) -> dict[str, float]:
    """Return every count that is shown to somebody who may not see small ones, for the ledger.

    Parameters
    ----------
    result
        A run's result.
    hidden
        From `linked`.

    Returns
    -------
    dict
        Key to count; those that are zero are left out but for the fixed table's, since what is small beside them is
        hidden anyhow. NaN for a place or a line of the table that is hidden.
    """
    tied, counted = hidden.tied, _counted(result)
    numbers = np.where(hidden.mask, np.nan, tied.counts)
    rows = [
        (key, float(n))
        for key, n, printed in zip(tied.keys, numbers, tied.printed, strict=True)
        if printed and not n <= _TINY and isinstance(key, tuple) and key[0] != CUBE
    ]
    places = {named(*key) if key[1] != ALL else named(WHOLE, key[0]): n for key, n in rows if key[0] in counted}
    told: dict[Hashable, float] = {key: n for key, n in rows if not np.isnan(n) and not _unsteady(key)}
    table = {named(CUBE, *key): n for key, n in hidden.table.told().items()} if hidden.table else {}
    lines = {text: told[key] for text, key in _as_lines(result, told).items()}
    return table | lines | places | {_text(key): n for key, n in told.items()}


def _spot_of_cells(result: Result, spots: gpd.GeoDataFrame) -> pd.Series:
    return areas_of(gpd.GeoSeries(result.grid.frame.geometry.centroid, crs=result.place.crs), spots)


def _enter_places(book: Book, result: Result) -> None:
    """The recipe's own count of every place."""
    n = result.places["n"].astype(float).dropna()
    rows = [book.enter((COUNT, area_id), each, worth=_PLACE) for area_id, each in n.items()]
    book.tie(book.enter((COUNT, ALL), float(n.sum()), worth=_TOTAL), rows)


def _enter_cube(book: Book, cube: Cube) -> None:
    for key, n in cube.counts.items():
        worth = _TOTAL if key == (ALL, ALL, ALL) else _WIDER ** key.count(ALL)
        book.enter((CUBE, *key), n, worth=worth)
    for total, parts in cube.sums():
        book.tie((CUBE, *total), [(CUBE, *part) for part in parts])
    for area_id in (*cube.areas, ALL):
        if (COUNT, area_id) in book and (CUBE, area_id, ALL, ALL) in book:
            _rest(book, (COUNT, area_id), [(CUBE, area_id, ALL, ALL)])


def _enter_layer(book: Book, key: str, n: pd.Series, *, in_all: bool = False) -> None:
    """A layer's counts per area: the recipe's own, or some of them."""
    rows = []
    for area_id, count in n.dropna().items():
        rows.append(book.enter((key, area_id), count, worth=_PLACE))
        if (COUNT, area_id) in book:
            _rest(book, (COUNT, area_id), rows[-1:])
    if in_all:
        book.tie(book.enter((key, ALL), float(n.sum()), worth=_TOTAL), rows)


def _enter_answers(book: Book, result: Result) -> None:
    """Answers per area and survey: of one, of all, and so of the others too."""
    known: dict[str, pd.Series] = {}
    for key, layer in result.layers.items():
        frame = layer.measured.frame
        if frame is None or layer.spec.support != "areas" or not counts_answers(layer):
            continue
        own = frame["answers" if "answers" in frame else "n"].astype(float).dropna()
        rows = [book.enter((ANSWERS, key, area_id), each, worth=_PLACE) for area_id, each in own.items()]
        book.tie(book.enter((ANSWERS, key, ALL), float(own.sum()), worth=_TOTAL), rows)
        for other, before in known.items():
            for area_id in own.index.intersection(before.index):
                pair = [(ANSWERS, key, area_id), (ANSWERS, other, area_id)]
                smaller, larger = sorted(pair, key=book.count)
                _rest(book, larger, [smaller])
        known[key] = own


def _rest(book: Book, total: Hashable, parts: list[Hashable]) -> None:
    """Tie parts to their total by what nobody prints: a rest worth protecting, or none."""
    rest = book.count(total) - sum(book.count(part) for part in parts)
    if abs(rest) < _TINY:
        book.tie(total, parts)
    elif rest > 0:
        book.tie(total, [*parts, book.enter(("rest", total, *parts), rest, printed=False)])


def _enter_spots(book: Book, result: Result, k: int) -> None:
    """Hot spots lie in areas, so what is left of an area's count counts too."""
    spots = result.hotspots[result.hotspots["addresses"].astype(float) >= k]
    if not len(spots) or "incidents" not in result.points:
        return
    for hotspot_id, row in spots.iterrows():
        whole = book.enter((SPOT, hotspot_id), row["n"], worth=_PLACE)
        kinds = [book.enter((SPOT, hotspot_id, code), n) for code, n in row["by_category"].items()]
        _rest(book, whole, kinds)
    rows = result.points["incidents"]
    spot = rows["cell_id"].map(_spot_of_cells(result, spots))
    pieces = rows["membership"].groupby([spot, rows["area_id"].fillna(_OUTSIDE)]).sum()
    for key, n in pieces.items():
        book.enter(("piece", key), n, printed=False)
    for level, name in ((0, SPOT), (1, COUNT)):
        for own, part in pieces.groupby(level=level):
            if (name, own) in book:
                _rest(book, (name, own), [("piece", key) for key in part.index])


def _enter_sites(book: Book, result: Result, k: int) -> None:
    """What measures would act on at a place: kinds of the place's incidents, often one within the other."""
    for area_id, counts in acted_on(result):
        entered = [book.enter((ACTS, area_id, each), each, worth=_SITE) for each in counts]
        if (COUNT, area_id) in book:
            entered.append((COUNT, area_id))
        for smaller, larger in combinations(entered, 2):
            if 0 <= book.count(larger) - book.count(smaller) < k:
                _rest(book, larger, [smaller])


def acted_on(result: Result) -> Iterator[tuple[str, list[float]]]:
    """List the different counts that measures act on, by place.

    Parameters
    ----------
    result
        A run's result.

    Yields
    ------
    tuple
        The place, and its counts over the whole period in rising order. [incidents]
    """
    tables = [result.choice.candidates, result.choice.pilots]
    both = pd.concat([table[["area_id", _ACTS_ON]] for table in tables if len(table)] or [tables[0]])
    for area_id, own in both.groupby("area_id"):
        yield str(area_id), sorted({over_all(each, result) for each in own[_ACTS_ON].dropna()})


def over_all(per_year: float, result: Result) -> float:
    """Turn a count a year into one over the whole period, rounded so that it can be looked up."""
    return round(float(per_year) * result.record.years, 6)


def counts_answers(layer: Layer) -> bool:
    """Say whether a layer's counts are answers of a survey."""
    return "responses" in MEASURES[layer.spec.measure].needs
