"""Traps that a file can be read in spite of, once its owner agrees: one small detector each."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspot.errors import N_, SourceError, Told
from hotspot.sources.bearings import Reading, refuse_outside, suggest
from hotspot.sources.fields import Fields
from hotspot.sources.raw import PAIR, Raw
from hotspot.sources.times import exchange_day_and_month, month_first
from hotspot.sources.values import numbers
from hotspot.tables import Place

ALL = "all"  # what accepts every proposed fix
_MOMENTS = ("start", "end", "date", "end_date")
_PAIRS = (("x", "y"), ("lon", "lat"), PAIR)
_SHOWN = 3  # examples of each finding
_DEGREES = "EPSG:4326"


@dataclass(frozen=True)
class Finding:
    """One thing noticed in a file, and what is proposed about it.

    Parameters
    ----------
    code
        Short name of the fix, as ``--accept`` takes it; ``""`` where nothing is to be accepted.
    sentence
        What was noticed.
    examples
        Some of it as it stands in the file, each with its row number.
    fix
        What is proposed; None where there is nothing to do.
    harmless
        Whether the fix is taken by itself.
    accepted
        Whether it is taken.
    """

    code: str
    sentence: Told
    examples: tuple[str, ...] = ()
    fix: Told | None = None
    harmless: bool = True
    accepted: bool = True


class Seen(NamedTuple):
    """A file as it would be read.

    Attributes
    ----------
    named
        Cells under the fields' names.
    raw
        The file, with its shapes.
    crs
        The reference system stated by the user, or None.
    kind
        The kind of table.
    name
        The file's name without its ending.
    """

    named: pd.DataFrame
    raw: Raw
    crs: str | None
    kind: str
    name: str


class Proposal(NamedTuple):
    """A finding, and the file with its fix."""

    finding: Finding
    mended: Seen


def mend(seen: Seen, place: Place, accept: Collection[str]) -> tuple[Seen, tuple[Finding, ...]]:
    """Look for every trap and take the fixes that are accepted.

    Parameters
    ----------
    seen
        The file.
    place
        The study's place.
    accept
        Codes of fixes, or ``all``.

    Returns
    -------
    tuple
        The file with the accepted fixes, and every finding.

    Raises
    ------
    SourceError
        If a code is of no fix.
    """
    refuse_unknown_codes(accept)
    findings = []
    for code, detector in DETECTORS.items():
        proposal = detector(seen, place)
        if proposal is not None:
            accepted = code in accept or ALL in accept
            findings.append(replace(proposal.finding, accepted=accepted))
            seen = proposal.mended if accepted else seen
    return seen, tuple(findings)


def named_cells(cells: pd.DataFrame, fields: Fields) -> pd.DataFrame:
    """Return a file's cells under the names of the fields they give.

    Parameters
    ----------
    cells
        Text under the file's own names.
    fields
        Which column gives which field.

    Returns
    -------
    DataFrame
        One column per field, and the pair of a plain list of number pairs, which has no names.
    """
    named = pd.DataFrame({field: cells[column] for field, column in fields.columns.items()}, index=cells.index)
    return named.assign(**{each: cells[each] for each in PAIR if each in cells and each not in fields.columns.values()})


def refuse_unknown_codes(accept: Iterable[str]) -> None:
    """Refuse codes that no fix has.

    Parameters
    ----------
    accept
        Codes as the user gave them.

    Raises
    ------
    SourceError
        If one is unknown.
    """
    unknown = [code for code in accept if code not in (*DETECTORS, *OTHER_CODES, ALL)]
    if unknown:
        raise SourceError(
            N_("--accept names proposed fixes by their codes."),
            N_("'{code}'"),
            N_("one of {codes}"),
            code=unknown[0],
            codes=", ".join((*DETECTORS, *OTHER_CODES, ALL)),
        )


def month_before_day(seen: Seen, _place: Place) -> Proposal | None:
    """Find columns whose dates can only be month first, which is never assumed."""
    wrong = {field: month_first(seen.named[field]) for field in _MOMENTS if field in seen.named}
    fields = [field for field, examples in wrong.items() if len(examples)]
    if not fields:
        return None
    examples = wrong[fields[0]]
    mended = seen.named.assign(**{field: exchange_day_and_month(seen.named[field]) for field in fields})
    finding = Finding(
        "month-first",
        Told(N_("{n} dates can only be month first, and none only day first."), {"n": len(examples)}),
        _rows(examples),
        Told(N_("read every date of the column as month, day, year")),
        harmless=False,
    )
    return Proposal(finding, seen._replace(named=mended))


def without_category(seen: Seen, _place: Place) -> Proposal | None:
    """Find incidents of which no column says what happened."""
    if seen.kind != "incidents" or "code" in seen.named:
        return None
    finding = Finding(
        "one-category",
        Told(N_("No column says what happened.")),
        (),
        Told(N_("count every row as “{code}”, after the file's name"), {"code": seen.name}),
        harmless=False,
    )
    return Proposal(finding, seen._replace(named=seen.named.assign(code=seen.name)))


def misplaced(seen: Seen, place: Place) -> Proposal | None:
    """Find coordinates whose system is unstated or wrong, and the reading that puts them in the place."""
    examples: tuple[str, ...] = ()
    pair = next((pair for pair in _PAIRS if set(pair) <= set(seen.named)), None)
    if seen.raw.geometry is not None:
        shapes = np.asarray(seen.raw.geometry.array)
        present = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
        x, y = shapely.get_coordinates(shapely.centroid(present)).T
        stated = seen.crs or seen.raw.crs
    elif pair is not None:
        columns = [numbers(seen.named[name], seen.raw.decimal).values for name in pair]
        x, y = (column.to_numpy() for column in columns)
        stated = seen.crs or (_DEGREES if pair == ("lon", "lat") else None)
        filled = columns[0].notna() & (columns[0] != 0)
        examples = _rows((seen.named[pair[0]] + " | " + seen.named[pair[1]])[filled])
    else:
        return None
    if stated is not None and (not len(x) or refuse_outside(x, y, stated, place.boundary, place.crs) is None):
        return None
    reading = suggest(x, y, place.boundary, place.crs)
    if reading is None:
        return None
    return Proposal(_about_places(stated, reading, examples), _placed(seen, pair, reading))


def _about_places(stated: str | None, reading: Reading, examples: tuple[str, ...]) -> Finding:
    values = {"stated": stated or "", "reading": reading.told, "share": reading.share}
    unstated = N_(
        "No reference system is stated; read as {reading}, {share:.0%} of the points lie inside the boundary."
    )
    wrong = N_("Stated as {stated}, but read as {reading} {share:.0%} of the points lie inside the boundary.")
    return Finding(
        "reference-system",
        Told(wrong if stated else unstated, values),
        examples,
        Told(N_("read the coordinates as {reading}"), {"reading": reading.told}),
        harmless=False,
    )


def _placed(seen: Seen, pair: tuple[str, str] | None, reading: Reading) -> Seen:
    """Return the file with its coordinates in the order and unit of the reading."""
    if seen.raw.geometry is not None:

        def moved(points: np.ndarray) -> np.ndarray:
            return (points[:, ::-1] if reading.swapped else points) * reading.factor

        old = seen.raw.geometry
        shapes = shapely.transform(np.asarray(old.array), moved)
        raw = replace(seen.raw, geometry=gpd.GeoSeries(shapes, index=old.index), crs=reading.system)
        return seen._replace(raw=raw, crs=reading.system)
    assert pair is not None  # noqa: S101 - there are shapes or a pair
    order = pair[::-1] if reading.swapped else pair
    figures = [numbers(seen.named[name], seen.raw.decimal).values * reading.factor for name in order]
    texts = [each.map(lambda value: f"{value:.9f}".replace(".", seen.raw.decimal), "ignore") for each in figures]
    named = seen.named.drop(columns=list(pair)).assign(x=texts[0], y=texts[1])
    return seen._replace(named=named, crs=reading.system)


def _rows(texts: pd.Series) -> tuple[str, ...]:
    return tuple(f"{row}: {text}" for row, text in texts.head(_SHOWN).items())


DETECTORS: dict[str, Callable[[Seen, Place], Proposal | None]] = {
    "one-category": without_category,
    "month-first": month_before_day,
    "reference-system": misplaced,
}
OTHER_CODES = ("join-by-name",)  # proposed where the areas of the study are known
