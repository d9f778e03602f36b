"""The other ways in which the same hot spots could have been looked for."""

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

SIZES = (0.5, 1.0, 2.0)
"""Sides of a cell, as multiples of the study's, then the next that fits the national grid (assumption)."""
REACHES = (1, 2, 3)
"""Neighbourhoods looked at alone: 3 × 3, 5 × 5 and 7 × 7 cells (assumption)."""
PARTS = (2, 3)
"""Into how many parts of equal length the counted days are cut, each part looked at alone (assumption)."""
_HALF = 0.5
_ORIGINS = ((0.0, 0.0), (_HALF, 0.0), (0.0, _HALF), (_HALF, _HALF))
_NATIONAL_M = 100


@dataclass(frozen=True)
class Variant:
    """One other way to look.

    Parameters
    ----------
    kind
        What is changed: ``"grid"``, ``"neighbourhood"``, ``"part"`` or ``"month"``.
    cell_m
        Side of a cell. [m]
    east_m, north_m
        How far the grid is moved from the national one. [m]
    looks_cells
        Reach of the neighbourhoods; None as the layer has it. [cells]
    period
        First and last day counted.
    without_month
        Calendar month left out of every year, 1 to 12; 0 leaves none out.
    """

    kind: str
    cell_m: float
    period: tuple[dt.date, dt.date]
    east_m: float = 0.0
    north_m: float = 0.0
    looks_cells: tuple[int, ...] | None = None
    without_month: int = 0


def variants(cell_m: float, period: tuple[dt.date, dt.date]) -> list[Variant]:
    """List the ways to look that differ from a run's in one respect.

    Parameters
    ----------
    cell_m
        Side of the run's cells. [m]
    period
        First and last day counted.

    Returns
    -------
    list of Variant
        11 grids (half, the same and double the cell, each from four origins half a cell apart, without the run's own),
        12 neighbourhoods (3 × 3, 5 × 5 and 7 × 7 cells alone, from the same four origins), 5 parts of the period
        (halves and thirds), and one for each calendar month left out: 40 for a period that has every month and at
        least six days.

    Notes
    -----
    Nothing is drawn at random, so the same study always gets the same variants. Variants share most of their data:
    their share is a measure of how much an answer hangs on choices that nobody can defend, not a probability.
    """
    return [
        *_grids(cell_m, period),
        *_neighbourhoods(cell_m, period),
        *(Variant("part", cell_m, part) for number in PARTS for part in _parts(period, number)),
        *(Variant("month", cell_m, period, without_month=month) for month in _months(period)),
    ]


def _grids(cell_m: float, period: tuple[dt.date, dt.date]) -> Iterator[Variant]:
    for times in SIZES:
        side = _fitting(times * cell_m)
        for east, north in _ORIGINS:
            if (times, east, north) != (1.0, 0.0, 0.0):
                yield Variant("grid", side, period, east * side, north * side)


def _fitting(side: float) -> float:
    """Return the next side, upwards, of cells that divide the national 100 m grid or are multiples of it."""
    return (
        _NATIONAL_M / math.floor(_NATIONAL_M / side)
        if side < _NATIONAL_M
        else _NATIONAL_M * math.ceil(side / _NATIONAL_M)
    )


def _neighbourhoods(cell_m: float, period: tuple[dt.date, dt.date]) -> Iterator[Variant]:
    for reach in REACHES:
        for east, north in _ORIGINS:
            yield Variant("neighbourhood", cell_m, period, east * cell_m, north * cell_m, (reach,))


def _parts(period: tuple[dt.date, dt.date], number: int) -> list[tuple[dt.date, dt.date]]:
    """Cut a period into parts of equal length, to a day; none where it has too few days."""
    first, last = period
    days = (last - first).days + 1
    if days < number:
        return []
    starts = [first + dt.timedelta(days=round(days * i / number)) for i in range(number)]
    ends = [start - dt.timedelta(days=1) for start in starts[1:]] + [last]
    return list(zip(starts, ends, strict=True))


def _months(period: tuple[dt.date, dt.date]) -> list[int]:
    """Return the calendar months that a period has; none where leaving one out would leave nothing."""
    first, last = (pd.Period(day, freq="M") for day in period)
    months = sorted({each.month for each in pd.period_range(first, last, freq="M")})
    return months if len(months) > 1 else []
