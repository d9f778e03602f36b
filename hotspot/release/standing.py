"""The fixed table from one delivery to the next: a year's lines stand as they were told first."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

import numpy as np

from hotspot.release.cube import ALL, NO_CUBE, Cube, Key, Table
from hotspot.release.deliveries import Numbers, named

LINE = "cube"
_PREFIX = named(LINE, "")


@dataclass(frozen=True)
class Standing:
    """What was told of the fixed table with other deliveries.

    Parameters
    ----------
    lines
        What a line is called in the ledger to its number, as it was told first; of no other than these years.
    years
        The years of the table that were told, all lines of each at once.
    first
        Those that were told first of all, with totals over them.
    comparable
        False where other incidents or other places were counted then: no second table can stand beside that.
    """

    lines: Numbers = field(default_factory=dict)
    years: frozenset[str] = frozenset()
    first: frozenset[str] = frozenset()
    comparable: bool = True

    @classmethod
    def of(cls, tables: Sequence[Numbers], *, comparable: bool = True) -> "Standing":
        """Read what was told, oldest first.

        Parameters
        ----------
        tables
            Of each earlier release, what was told; one without a fixed table counts for nothing.
        comparable
            Whether all of them are of the same kinds of incidents and the same places.

        Returns
        -------
        Standing
            Each year as the first release that had it told it; totals over years only from the first of all.
        """
        lines: dict[str, float] = {}
        years, first = set[str](), frozenset[str]()
        for told in filter(has_table, tables):
            own = {key: n for key, n in told.items() if key.startswith(_PREFIX)}
            new = {_year(key) for key in own} - {ALL} - years
            wanted = new | (set() if first else {ALL})
            lines |= {key: n for key, n in own.items() if _year(key) in wanted and not np.isnan(n)}
            years |= new
            first = first or frozenset(new)
        return cls(lines, frozenset(years), first, comparable)

    def beside(self, periods: Sequence[str]) -> bool:
        """Say whether a table of these periods can stand beside what was told: whole years, or the very same.

        Parameters
        ----------
        periods
            Of the table of now.

        Returns
        -------
        bool
            True also where nothing was told.
        """
        both = self.years | set(periods)
        return not self.years or (self.comparable and (both == self.years == set(periods) or not _parts(both)))


NOTHING_STANDS = Standing()


def has_table(told: Numbers) -> bool:
    """Say whether a release told the fixed table, not only single lines of it by another name.

    Parameters
    ----------
    told
        From the ledger.

    Returns
    -------
    bool
        True where totals over all places are among it.
    """
    return any(key.startswith(named(LINE, ALL, "")) for key in told)


def _year(key: str) -> str:
    return key.rsplit("|", 2)[1]


def _parts(periods: Iterable[str]) -> bool:
    """Say whether some are no whole calendar years: such a one may overlap another."""
    return not all(each.isdecimal() for each in periods)


def stand(cube: Cube, gone: AbstractSet[Key], standing: Standing) -> Table:
    """Put the fixed table of a delivery together with what stands of it.

    Parameters
    ----------
    cube
        The table as it would be from this delivery alone.
    gone
        Which of its lines are hidden in this delivery.
    standing
        What was told before.

    Returns
    -------
    Table
        Empty where no table can stand beside an earlier one.

    Notes
    -----
    A year's lines that were told once are repeated as they were; those hidden then stay hidden, and those who may see
    them see the count of now. Lines of a year that is new are told as they are. A total over years is told where it is
    the sum of what is told. So everything that tables of all deliveries tell is known from each year's lines alone;
    years count different incidents, so that no year's lines say anything of another's, and each was protected as a
    whole when it was told first: what cannot be worked out of it then can never be worked out of all tables together.
    """
    if not standing.beside(cube.periods):
        return Table(NO_CUBE, frozenset())
    if not standing.years:
        return Table(cube, frozenset(gone))
    keys = list(cube.counts)
    known = {key: n for key in keys if (n := _known(key, cube, gone, standing)) is not None}
    for key in keys:
        if key[1] == ALL and (total := _total(key, cube, known, standing)) is not None:
            known[key] = total
    return Table(replace(cube, counts={**cube.counts, **known}), frozenset(set(keys) - set(known)))


def _known(key: Key, cube: Cube, gone: AbstractSet[Key], standing: Standing) -> float | None:
    """What is told of a year's line, or None."""
    if key[1] == ALL:
        return None
    if key[1] in standing.years:
        return standing.lines.get(named(LINE, *key))
    return None if key in gone else cube.counts[key]


def _total(key: Key, cube: Cube, known: Mapping[Key, float], standing: Standing) -> float | None:
    """What is told of a total over years, or None: the sum of what is told, the first years all at once if need be."""
    area, _all, code = key
    old = standing.lines.get(named(LINE, *key)) if standing.first <= set(cube.periods) else None
    wanted = [(area, year, code) for year in cube.periods if old is None or year not in standing.first]
    if not all(part in known for part in wanted):
        return None
    return (old or 0.0) + sum(known[part] for part in wanted)
