"""What a file looks like, before anything is stored: findings, columns with reasons, a preview."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from hotspot import schema
from hotspot.errors import N_, HotspotError, Told
from hotspot.schema.readings import EXAMPLES, Word
from hotspot.sources.dialect import dialect
from hotspot.sources.fields import folded
from hotspot.sources.findings import Finding, noticed
from hotspot.sources.fixes import mend
from hotspot.sources.objects import PAIR
from hotspot.sources.opening import Asked, opened
from hotspot.sources.raw import Raw, read_raw
from hotspot.sources.reading import source_name
from hotspot.sources.understood import understood
from hotspot.sources.values import numbers
from hotspot.tables import Coverage, Delivery, Place, Table

_ACCEPTED = N_("Accepted: {fix}.")
_PREVIEW = 10  # rows


class Column(NamedTuple):
    """A column of the file, the field it is read as, and why."""

    column: str
    field: str
    reason: Told


class Diagnosis(NamedTuple):
    """What is known of a file that nobody has stored.

    Attributes
    ----------
    written
        How the file is written.
    findings
        Fixes to accept first, then what else was noticed, then what would be set aside.
    columns
        Columns that are used, with the reason.
    unused
        Columns that mean nothing here and would not be stored.
    preview
        The first rows as text, under the file's own names.
    crs
        The reference system that would be used, or None.
    rows
        How many rows the file has.
    delivery
        What would be stored, or None if it cannot be.
    refusal
        Why it cannot be stored as it is, or None.
    """

    written: Told
    findings: tuple[Finding, ...]
    columns: tuple[Column, ...]
    unused: tuple[str, ...]
    preview: pd.DataFrame
    crs: str | None
    rows: int
    delivery: Delivery | None
    refusal: HotspotError | None


def diagnose(  # noqa: PLR0913 - what an import takes
    path: Path,
    kind: str,
    place: Place,
    *,
    mapping: Mapping[str, str] | None = None,
    crs: str | None = None,
    layer: str | None = None,
    drop: Iterable[str] = (),
    accept: Iterable[str] = (),
    decline: Iterable[str] = (),
    coverage: Coverage | None = None,
    known: Mapping[str, Table] | None = None,
    raw: Raw | None = None,
    source: str | None = None,
    codes: Mapping[str, str] | None = None,
) -> Diagnosis:
    """Tell what a file looks like and what would become of it; nothing is stored.

    Parameters
    ----------
    path
        The file.
    kind
        A kind of `hotspot.tables.KINDS`.
    place
        The study's place.
    mapping
        Column to field, where names are not known.
    crs
        The reference system, where the file does not say.
    layer
        Layer of a GeoPackage, sheet of a workbook.
    drop
        Columns to leave out before anything is looked at.
    accept
        Codes of accepted fixes, or ``all``.
    decline
        Codes of readings that are not made, and of proposed fixes that are not taken.
    coverage
        Where and when the source looked, where the user says so.
    known
        Tables that the study has already, by kind.
    raw
        The file's rows, where `hotspot.sources.raw.read_raw` read them already.
    source
        Whose delivery it is; None takes the file's name.
    codes
        What codes of incidents mean in the study; None takes the product's table.

    Returns
    -------
    Diagnosis
        With a refusal instead of a delivery where the file cannot be taken as it is.

    Raises
    ------
    PersonalDataError
        Before any cell is shown, if something in the file points at a person.
    SourceError
        If the file cannot be opened, or a column or code is unknown.
    """
    schema.contract_of(kind)  # refuses what is no kind before the file is opened
    word = Word(tuple(accept), tuple(decline))
    raw = read_raw(path, layer, kind, word.decline) if raw is None else raw
    source = source or source_name(path, layer)
    asked = Asked(mapping or {}, crs, layer, coverage, tuple(drop), known, raw, source, word, codes)
    first, fields = opened(path, kind, asked)
    seen, proposals = mend(first, place)
    delivery, refusal = None, None
    try:
        delivery = understood(path, place, source, (first, fields), (seen, proposals), coverage)
    except HotspotError as error:
        refusal = error
    told = {str(each.sentence) for each in proposals} | {str(Told(_ACCEPTED, {"fix": each.fix})) for each in proposals}
    others = [each for each in (delivery.findings if delivery else first.raw.findings) if str(each) not in told]
    columns = tuple(
        Column(column, field, seen.guessed.get(field) or _reason(column, field, first.named[field], seen.raw.decimal))
        for field, column in seen.columns.items()
    )
    return Diagnosis(
        dialect(path, raw),
        (*proposals, *map(noticed, others), *_set_aside(delivery)),
        columns,
        tuple(name for name in fields.unused if name not in {*seen.columns.values(), *PAIR}),
        first.raw.cells.head(_PREVIEW),
        seen.crs or seen.raw.crs,
        len(first.raw.cells),
        delivery,
        refusal,
    )


def _reason(column: str, field: str, text: pd.Series, decimal: str) -> Told:
    """Say why a column is read as a field: by its name, and what its values show."""
    read = numbers(text, decimal).values.dropna()
    values = {"column": column, "field": field, "known": folded(column)}
    if len(read) and len(read) == text.notna().sum():
        sentence = N_("{column} is read as {field}: its name is known, and all values lie from {low} to {high}.")
        low, high = (f"{each:.10g}".replace(".", decimal) for each in (read.min(), read.max()))
        return Told(sentence, values | {"low": low, "high": high})
    kinds = int(text.nunique())
    return Told(
        N_("{column} is read as {field}: its name is known; it holds {n} different {n:value|values}."),
        values | {"n": kinds},
    )


def _set_aside(delivery: Delivery | None) -> tuple[Finding, ...]:
    if delivery is None:
        return ()
    reasons = delivery.quarantine["reason"]
    made = []
    for _, rows in delivery.quarantine.groupby(reasons.map(str), sort=False):
        told = Told(N_("{n} {n:row|rows} would be set aside: {why}"), {"n": len(rows), "why": rows["reason"].iloc[0]})
        made.append(Finding("", told, tuple(f"{row}" for row in rows["row"].sort_values().head(EXAMPLES))))
    return tuple(made)
