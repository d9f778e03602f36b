"""Text under the fields' names into the contract's own types and words."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from hotspot import schema
from hotspot.errors import N_, Told
from hotspot.sources import fkg
from hotspot.sources.fields import folded, words
from hotspot.sources.findings import Seen
from hotspot.sources.moments import rows_of
from hotspot.sources.survey import recode
from hotspot.sources.times import read_days, read_times
from hotspot.sources.values import missing_marks, numbers, own_words

_CLOCKS = r"[\d%:.,-]+"
_SHOWN = 3


class Typed(NamedTuple):
    """Rows in the contract's types.

    Attributes
    ----------
    frame
        One column per field that the file has.
    wrong
        Rows that cannot be used, with the reason.
    findings
        What was noticed.
    """

    frame: pd.DataFrame
    wrong: dict[object, Told]
    findings: list[Told]


def typed(seen: Seen, timezone: str, source: str) -> Typed:
    """Read every field of the contract that a file has.

    Parameters
    ----------
    seen
        The file, with the fixes that were accepted.
    timezone
        The clocks' time zone.
    source
        Whose delivery it is.

    Returns
    -------
    Typed
        On the rows of the file.
    """
    named, decimal, kind = seen.named, seen.raw.decimal, seen.kind
    contract = schema.contract_of(kind)
    made, wrong, findings = _by_theme(named, kind, timezone)
    coded = pd.DataFrame(index=named.index)
    if kind == "responses":
        coded, of_scales = recode(named, seen.scales)
        findings += of_scales
    for field, column in contract.columns.items():
        if field in named and field not in made and field not in coded:
            made[field], told = _one(kind, field, column, named[field], decimal, timezone)
            findings += told
    covariates = [str(name) for name in named if str(name).startswith(schema.COVARIATE_PREFIX)]
    made |= {name: numbers(named[name], decimal).values for name in covariates}
    frame = pd.DataFrame(made, index=named.index).join(coded)
    return Typed(_with_defaults(frame, kind, source), wrong, findings)


def unreadable_told(field: str, text: pd.Series, unreadable: pd.Series) -> list[Told]:
    """Say which rows of a column hold something that means nothing there.

    Parameters
    ----------
    field
        What the column is read as.
    text
        Its cells.
    unreadable
        Which of them could not be read.

    Returns
    -------
    list of Told
        One sentence, or none.
    """
    counts = text[unreadable].value_counts()
    if not len(counts):
        return []
    sentence = N_(
        "{n} {n:row holds|rows hold} something unknown in {field} ({examples}; {rows:row|rows} {rows}); it is taken as "
        "unknown."
    )
    examples = [str(each) for each in counts.index[:_SHOWN]]
    rows = rows_of(text[unreadable])
    return [Told(sentence, {"n": int(counts.sum()), "field": field, "examples": examples, "rows": rows})]


def _by_theme(
    named: pd.DataFrame, kind: str, timezone: str
) -> tuple[dict[str, pd.Series], dict[object, Told], list[Told]]:
    """Read what some kinds tell in their own way: FKG codes, and times."""
    wrong: dict[object, Told] = {}
    if kind in ("green", "lamps"):
        wrong |= fkg.not_for_us(named, kind).reasons
    if kind == "green":
        return {str(name): column for name, column in fkg.described(named).items()}, wrong, []
    if kind != "incidents":
        return {}, wrong, []
    if "date" in named and "start" in named and "time" not in named:
        named = named.rename(columns={"start": "time"})  # a column "Tidspunkt" beside a date holds clock times
    found = read_times(named, timezone)
    made = {"start": found.start, "end": found.end, "time_basis": found.basis}
    return made, wrong | found.wrong, list(found.findings)


def _with_defaults(frame: pd.DataFrame, kind: str, source: str) -> pd.DataFrame:
    contract = schema.contract_of(kind)
    if kind == "green" and "height_class" not in frame and "kind" in frame:
        frame["height_class"] = frame["kind"].map(fkg.HEIGHT_OF_KIND)
    for field in ("source", "wave"):
        if field in contract.columns and field not in frame and kind in ("incidents", "responses"):
            frame[field] = source
    if kind == "responses":
        frame["mode"] = frame.get("mode", "sample")
        weights = frame["weight"] if "weight" in frame else pd.Series(np.nan, index=frame.index)
        frame["weight"] = weights.fillna(1.0)
    if kind == "areas" and "name" not in frame and "area_id" in frame:
        frame["name"] = frame["area_id"]
    return frame


def _one(
    kind: str, field: str, column: schema.Column, text: pd.Series, decimal: str, timezone: str
) -> tuple[pd.Series, list[Told]]:
    if column.type == "day":
        return read_days(text), []
    if column.type == "time":
        return _moments(text, timezone), []
    meaning = words(kind, field)
    if column.type == "number":
        read = numbers(text.map(lambda cell: _figure(cell, meaning), na_action="ignore"), decimal)
        return read.values, unreadable_told(field, text, read.unreadable)
    text = text.mask(missing_marks(text))
    if field == "dimming":
        text = text.str.replace(_CLOCKS, " ", regex=True)  # "Natsænkning 23-05 50 %" is one kind of dimming
    if not meaning:
        return text, []
    said = own_words(text, meaning)
    if column.allowed:
        default = column.default if column.required else None
        chosen = said.values.astype(object).where(said.values.notna(), default)
        return chosen, unreadable_told(field, text, said.unreadable)
    return said.values.astype(object).where(said.values.notna(), text), []


def _moments(text: pd.Series, timezone: str) -> pd.Series:
    if not text.notna().any():
        return pd.Series(pd.NaT, index=text.index, dtype="datetime64[us, UTC]")
    return read_times(pd.DataFrame({"start": text}), timezone).start


def _figure(cell: str, meaning: Mapping[str, str]) -> str:
    """Return the figure that a word stands for; what holds a digit is a figure already."""
    return cell if any(sign.isdigit() for sign in cell) else meaning.get(folded(cell), cell)
