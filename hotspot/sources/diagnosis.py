"""What a file looks like, before anything is stored: findings, columns with reasons, a preview."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from hotspot.errors import N_, HotspotError, PersonalDataError, Told
from hotspot.sources.fields import folded, match_columns
from hotspot.sources.fixes import Finding, Seen, mend, named_cells
from hotspot.sources.personal import refuse_personal
from hotspot.sources.places import coordinate_columns
from hotspot.sources.raw import read_raw
from hotspot.sources.reading import read_table
from hotspot.sources.values import numbers
from hotspot.tables import Delivery, Place

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
    drop, accept = tuple(drop), tuple(accept)
    raw = read_raw(path, layer, kind)
    cells = raw.cells.drop(columns=[name for name in drop if name in raw.cells])
    fields = match_columns(cells.columns, kind, mapping)
    refuse_personal(cells, exempt=coordinate_columns(dict(fields.columns)))
    named = named_cells(cells, fields)
    seen, proposed = mend(Seen(named, raw, crs, kind, path.stem), place, accept)
    delivery, refusal = None, None
    try:
        delivery = read_table(path, kind, place, mapping=mapping, crs=crs, layer=layer, drop=drop, accept=accept)
    except PersonalDataError:
        raise
    except HotspotError as error:
        refusal = error
    noticed = tuple(Finding("", told) for told in (delivery.findings if delivery else raw.findings))
    columns = tuple(
        Column(column, field, _reason(column, field, named[field], raw.decimal))
        for field, column in fields.columns.items()
    )
    return Diagnosis(
        (*proposed, *noticed, *_set_aside(delivery)),
        columns,
        fields.unused,
        cells.head(_PREVIEW),
        seen.crs or seen.raw.crs,
        len(cells),
        delivery,
        refusal,
    )


def _reason(column: str, field: str, text: pd.Series, decimal: str) -> Told:
    """Say why a column is read as a field: by its name, and what its values show."""
    read = numbers(text, decimal).values.dropna()
    values = {"column": column, "field": field, "known": folded(column)}
    if len(read) and len(read) == text.notna().sum():
        sentence = N_("{column} is read as {field}: its name is known, and all values lie from {low} to {high}.")
        return Told(sentence, values | {"low": f"{read.min():.10g}", "high": f"{read.max():.10g}"})
    kinds = int(text.nunique())
    return Told(
        N_("{column} is read as {field}: its name is known; it holds {n} different values."), values | {"n": kinds}
    )


def _set_aside(delivery: Delivery | None) -> tuple[Finding, ...]:
    if delivery is None:
        return ()
    reasons = delivery.quarantine["reason"]
    made = []
    for _, rows in delivery.quarantine.groupby(reasons.map(str), sort=False):
        sentence = Told(N_("{n} rows would be set aside: {why}"), {"n": len(rows), "why": rows["reason"].iloc[0]})
        made.append(Finding("", sentence, tuple(f"{row}" for row in rows["row"].head(3))))
    return tuple(made)
