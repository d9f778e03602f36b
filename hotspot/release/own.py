"""What was told of the same data before, the study's own recipe first, as sums of parts that another answer shares."""

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
import pandas as pd

from hotspot.pipeline import Result
from hotspot.release.asked import Asked, chances
from hotspot.release.book import SURE, Book
from hotspot.release.cube import ALL, leaves, tree_of
from hotspot.release.deliveries import Numbers, named
from hotspot.release.standing import LINE
from hotspot.study import LIGHT

WHOLE = "whole"
_TOLD, _PART = "told", "part"
_DAY = dt.timedelta(days=1)
Answer = tuple[Asked, Numbers]
Part = tuple[str, str, tuple[bool, ...]]  # place, category, which of the periods and answers count it


@dataclass(frozen=True)
class ToldOnSame:
    """Every count that was told of the same data before, and what each has in common with the answer of now.

    Parameters
    ----------
    numbers
        Of each answer, the study's own first: what a number is called to the number; NaN where it was hidden.
    periods
        Of the fixed table.
    tree
        The table's categories, as in `hotspot.release.cube.Cube`.
    parts
        Every count of a place is a sum of these. Which count a part: the periods, then the answers, that of now last.
    """

    numbers: Sequence[Numbers]
    periods: Sequence[str]
    tree: Mapping[str, tuple[str, ...]]
    parts: Mapping[Part, float]

    def enter(self, book: Book, counted: Mapping[str, Sequence[str]]) -> set[Hashable]:
        """Enter all of it into a book, and tie the answer of now to it.

        Parameters
        ----------
        book
            With the counts of now, each by its name and the place.
        counted
            Name to the categories that count; empty counts all.

        Returns
        -------
        set
            Keys of what was hidden, which whatever is told now must leave unknown, and of the very same counts of now.
        """
        for part, n in self.parts.items():
            book.enter((_PART, *part), n, printed=False)
        same: dict[frozenset[Part], list[Hashable]] = {}  # sums of the very same parts
        hidden = set[Hashable]()
        for area in (*sorted({part[0] for part in self.parts}), ALL):
            own = [part for part in self.parts if area in (part[0], ALL)]
            if self.periods:
                self._table(book, area, own, same)
            for name, codes in counted.items():
                wanted = [part for part in own if not codes or part[1] in codes]
                self._answers(book, (name, area), wanted, same)
                if (name, area) in book:
                    now = [part for part in wanted if part[2][-1]]
                    _tie(book, (name, area), now, same)
                    hidden |= {(name, area)} if {*same[frozenset(now)]} & book.unknown(_TOLD) else set()
        return hidden | book.unknown(_TOLD)

    def _table(self, book: Book, area: str, own: Sequence[Part], same: dict[frozenset[Part], list[Hashable]]) -> None:
        """Enter the lines of the fixed table for a place, or for all."""
        codes = [code for parts in self.tree.values() for code in parts]
        for when, code in product((*range(len(self.periods)), slice(len(self.periods))), (*codes, ALL)):
            below = leaves(code, self.tree) if code else codes
            parts = [part for part in own if part[1] in below and _counts(part, when)]
            period = self.periods[when] if isinstance(when, int) else ALL
            _line(book, (LINE, area, period, code), parts, self.numbers[0], same)

    def _answers(
        self, book: Book, key: tuple[str, str], wanted: Sequence[Part], same: dict[frozenset[Part], list[Hashable]]
    ) -> None:
        """Enter what earlier answers told by this name."""
        for at, told in enumerate(self.numbers):
            if named(WHOLE, key[0]) in told:
                parts = [part for part in wanted if part[2][len(self.periods) + at]]
                name = key if key[1] != ALL else (WHOLE, key[0])
                _line(book, name, parts, told, same, f"answer {at}")


def _line(
    book: Book,
    name: tuple[str, ...],
    parts: Sequence[Part],
    told: Numbers,
    same: dict[frozenset[Part], list[Hashable]],
    *more: str,
) -> None:
    """Enter a count as the sum of its parts; it is known if it was told as just this number."""
    n = sum(book.count((_PART, *part)) for part in parts)
    known = abs(told.get(named(*name), 0.0) - n) < SURE
    _tie(book, book.enter((_TOLD, *more, *name), n, printed=False, known=known), parts, same)


def _tie(book: Book, total: Hashable, parts: Sequence[Part], same: dict[frozenset[Part], list[Hashable]]) -> None:
    """Say that a count is the sum of parts, or the very count that was said to be."""
    alike = same.setdefault(frozenset(parts), [])
    book.tie(total, alike[:1] or [(_PART, *part) for part in parts])
    alike.append(total)


def _counts(part: Part, when: int | slice) -> bool:
    return any(part[2][when]) if isinstance(when, slice) else part[2][when]


def compared(result: Result, incidents: pd.DataFrame, before: Sequence[Answer], asked: Asked) -> ToldOnSame:
    """Hold an answer against those told of the same data before.

    Parameters
    ----------
    result
        A run's result.
    incidents
        Every incident of the study, with ``category`` and ``area_id``.
    before
        Each recipe and what was told of it, the study's own first.
    asked
        What the result is of.

    Returns
    -------
    ToldOnSame
        With the parts in which all recipes fall alike: the same place, category, span of days and light.
    """
    own, told = before[0]
    lines = [name[len(named(LINE, "")) :].rsplit("|", 2) for name in told if name.startswith(named(LINE, ""))]
    periods = [period for period in dict.fromkeys(line[1] for line in lines) if period != ALL]
    table = [Asked(_days(period), own.categories, own.light) for period in periods]
    recipes = [*table, *(each for each, _told in before), asked]
    rows = incidents[incidents["area_id"].isin(result.places.index) & incidents["category"].notna()]
    codes = {line[2] for line in lines} - {ALL}
    untold = [line for line in lines if ALL not in line and np.isnan(told[named(LINE, *line)])]
    return ToldOnSame(
        [numbers for _each, numbers in before],
        periods,
        tree_of(codes, result.categories) if codes else {},
        _parts(rows, recipes, result, [(area, periods.index(period), code) for area, period, code in untold]),
    )


def _parts(
    rows: pd.DataFrame, recipes: Sequence[Asked], result: Result, untold: Sequence[tuple[str, int, str]]
) -> dict[Part, float]:
    """Cut the incidents by time, light and category wherever a recipe begins or ends, and add up what falls alike.

    Empty parts are left out but for those of hidden lines: that they are empty is not known.
    """
    cuts = sorted({day for each in recipes for day in (each.period[0], each.period[1] + _DAY)})
    spans = [(first, after - _DAY) for first, after in pairwise(cuts)]
    lights = [(each,) for each in LIGHT] if any(len(each.light) < len(LIGHT) for each in recipes) else [LIGHT]
    pieces = [Asked(days, (), light) for days in spans for light in lights]
    amounts = pd.DataFrame(chances(rows, pieces, result.place))
    sums = amounts.groupby([rows["area_id"].to_numpy(str), rows["category"].to_numpy(str)]).sum()
    codes = {code for _area, code in sums.index} | {code for *_where, code in untold}
    counted = {code: [tuple(_holds(each, piece, code) for each in recipes) for piece in pieces] for code in codes}
    parts = {(area, code, which): 0.0 for area, at, code in untold for which in counted[code] if which[at]}
    for (area, code), line in zip(sums.index.to_list(), sums.to_numpy(), strict=True):
        for which, n in zip(counted[code], line, strict=True):
            if n > SURE and any(which):
                parts[area, code, which] = parts.get((area, code, which), 0.0) + float(n)
    return parts


def _holds(recipe: Asked, piece: Asked, code: str) -> bool:
    """Say whether a recipe counts a piece of time and light for a category."""
    within = recipe.period[0] <= piece.period[0] and piece.period[1] <= recipe.period[1]
    return within and {*piece.light} <= {*recipe.light} and (not recipe.categories or code in recipe.categories)


def _days(period: str) -> tuple[dt.date, dt.date]:
    """Return the first and last day of a period of the fixed table."""
    if period.isdecimal():
        return dt.date(int(period), 1, 1), dt.date(int(period), 12, 31)
    first, last = period.split("..")
    return dt.date.fromisoformat(first), dt.date.fromisoformat(last)
