"""Text under the fields' names into the contract's own types and words."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from hotspot import schema
from hotspot.errors import N_, Told
from hotspot.schema.readings import EXAMPLES, only_declined, reading, reading_of
from hotspot.sources import fkg
from hotspot.sources.fields import folded, words
from hotspot.sources.findings import Seen
from hotspot.sources.moments import rows_of
from hotspot.sources.survey import recode
from hotspot.sources.times import read_days, read_times
from hotspot.sources.values import missing_marks, numbers, own_words, thousands

_OF_MOMENTS = ("spreadsheet-days", "24-00", "clocks-forward")  # what matters of a moment that is no incident's
_CLOCKS = r"[\d%:.,-]+"


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
    named, kind, declined = seen.named, seen.kind, seen.word.decline
    contract = schema.contract_of(kind)
    made, wrong, findings = _by_theme(seen, timezone)
    coded = pd.DataFrame(index=named.index)
    if kind == "responses":
        coded, of_scales = recode(named, seen.scales, declined)
        findings += of_scales
    for field, column in contract.columns.items():
        if field in named and field not in made and field not in coded:
            made[field], told, lost = _one(seen, field, column, timezone)
            findings += told
            wrong |= {row: why for row, why in lost.items() if row not in wrong}
    covariates = [str(name) for name in named if str(name).startswith(schema.COVARIATE_PREFIX)]
    made |= {name: numbers(named[name], seen.raw.decimal).values for name in covariates}
    frame = pd.DataFrame(made, index=named.index).join(coded)
    return _with_defaults(Typed(frame, wrong, findings), kind, source, declined)


def unreadable_told(field: str, text: pd.Series, unreadable: pd.Series, declined: Collection[str] = ()) -> list[Told]:
    """Say which rows of a column hold something that means nothing there.

    Parameters
    ----------
    field
        What the column is read as.
    text
        Its cells.
    unreadable
        Which of them could not be read.
    declined
        Codes of readings that the owner declines: ``unreadable``.

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
    examples = [str(each) for each in counts.index[:EXAMPLES]]
    values = {"n": int(counts.sum()), "field": field, "examples": examples, "rows": rows_of(text[unreadable])}
    return [reading("unreadable", sentence, values, declined)]


def _by_theme(seen: Seen, timezone: str) -> tuple[dict[str, pd.Series], dict[object, Told], list[Told]]:
    """Read what some kinds tell in their own way: FKG codes, and times."""
    named, kind, declined = seen.named, seen.kind, seen.word.decline
    wrong: dict[object, Told] = {}
    told = list[Told]()
    if kind in ("green", "lamps"):
        theirs = fkg.not_for_us(named, kind, declined)
        wrong |= theirs.reasons
        told += theirs.findings
    if kind == "green":
        return {str(name): column for name, column in fkg.described(named).items()}, wrong, told
    if kind != "incidents":
        return {}, wrong, told
    if "date" in named and "start" in named and "time" not in named:
        named = named.rename(columns={"start": "time"})  # a column "Tidspunkt" beside a date holds clock times
    found = read_times(named, timezone, declined)
    made = {"start": found.start, "end": found.end, "time_basis": found.basis}
    return made, wrong | found.wrong, list(found.findings)


def _with_defaults(read: Typed, kind: str, source: str, declined: Collection[str]) -> Typed:
    frame, contract = read.frame, schema.contract_of(kind)
    if kind == "green" and "height_class" not in frame and "kind" in frame:
        heights = frame["kind"].map(fkg.HEIGHT_OF_KIND)
        frame["height_class"] = None if "height-by-kind" in declined else heights
        sentence = N_("No column says how high things grow: it is taken from what they are ({rows:row|rows} {rows}).")
        read.findings.append(reading("height-by-kind", sentence, {"rows": rows_of(heights.dropna())}, declined))
    for field in ("source", "wave"):
        if field in contract.columns and field not in frame and kind in ("incidents", "responses"):
            frame[field] = source
    if kind == "responses":
        return _with_sample(read, declined)
    if kind == "areas" and "name" not in frame and "area_id" in frame:
        frame["name"] = frame["area_id"]
    return read


def _with_sample(read: Typed, declined: Collection[str]) -> Typed:
    """Say how people were asked and what an answer weighs, where the file does not."""
    frame, wrong = read.frame, dict(read.wrong)
    if "mode" not in frame:
        frame["mode"] = "self-selected" if "sample" in declined else "sample"
        sentence = N_(
            "No column says how people were asked: {n} {n:answer counts|answers count} as a sample ({rows:row|rows} "
            "{rows})."
        )
        values = {"n": len(frame), "rows": rows_of(frame["mode"])}
        read.findings.append(reading("sample", sentence, values, declined))
    weights = frame["weight"] if "weight" in frame else pd.Series(1.0, index=frame.index)
    blank = weights.isna()
    if blank.any():
        sentence = N_("{n} {n:answer has|answers have} no weight and {n:counts|count} as one ({rows:row|rows} {rows}).")
        values = {"n": int(blank.sum()), "rows": rows_of(blank[blank])}
        read.findings.append(reading("blank-weights", sentence, values, declined))
        if "blank-weights" in declined:
            wrong = dict.fromkeys(blank.index[blank], only_declined("blank-weights")) | wrong
    frame["weight"] = weights.fillna(1.0)
    return read._replace(wrong=wrong)


def _one(
    seen: Seen, field: str, column: schema.Column, timezone: str
) -> tuple[pd.Series, list[Told], dict[object, Told]]:
    """Read one field: its values, what to tell, and the rows that are out because a reading was declined."""
    text, declined = seen.named[field], seen.word.decline
    values, unreadable, noticed = _values(seen, field, column, timezone)
    told = list(noticed)
    lost: dict[object, Told] = {}
    if unreadable.any():
        told += unreadable_told(field, text, unreadable, declined)
        if field == "finished":  # a measure without its end is another measure
            lost = dict.fromkeys(text.index[unreadable], Told(N_("the time cannot be read")))
        elif "unreadable" in declined:
            lost = dict.fromkeys(text.index[unreadable], only_declined("unreadable"))
    return values, told, lost


def _values(
    seen: Seen, field: str, column: schema.Column, timezone: str
) -> tuple[pd.Series, pd.Series, Sequence[Told]]:
    """Return a field's values, which of its cells say nothing that can be read, and what was noticed."""
    text = seen.named[field]
    text = text.mask(missing_marks(text))
    if column.type == "day":
        days = read_days(text)
        return days, text.notna() & days.isna(), []
    if column.type == "time":
        return _moments(text, timezone, seen.word.decline)
    meaning = words(seen.kind, field)
    if column.type == "number":
        return _numbers(seen, field, text.map(lambda cell: _figure(cell, meaning), na_action="ignore"))
    if field == "dimming":
        text = text.str.replace(_CLOCKS, " ", regex=True)  # "Natsænkning 23-05 50 %" is one kind of dimming
    nothing = pd.Series(data=False, index=text.index)
    if not meaning:
        return text, nothing, []
    said = own_words(text, meaning)
    if column.allowed:
        default = column.default if column.required else None
        return said.values.astype(object).where(said.values.notna(), default), said.unreadable, []
    return said.values.astype(object).where(said.values.notna(), text), nothing, []


def _numbers(seen: Seen, field: str, text: pd.Series) -> tuple[pd.Series, pd.Series, Sequence[Told]]:
    """Read a column of numbers; one that has only points or commas before three digits may mean two things."""
    decimal, declined = seen.raw.decimal, seen.word.decline
    grouped = thousands(text, decimal)
    told = list[Told]()
    if len(grouped):
        sentence = N_(
            "{n} {n:number|numbers} in {field} {n:has|have} a mark before three digits ({examples}; {rows:row|rows} "
            "{rows}): {n:it is|they are} read as thousands."
        )
        values = {"n": len(grouped), "field": field, "examples": list(grouped.unique()[:EXAMPLES])}
        told.append(reading("thousands", sentence, {**values, "rows": rows_of(grouped)}, declined))
    other = {",": ".", ".": ","}[decimal]
    read = numbers(text, other if len(grouped) and "thousands" in declined else decimal)
    return read.values, read.unreadable, told


def _moments(text: pd.Series, timezone: str, declined: Collection[str]) -> tuple[pd.Series, pd.Series, Sequence[Told]]:
    """Read moments of which each stands for itself: an hour that is not given is the day's first."""
    if not text.notna().any():
        nothing = pd.Series(data=False, index=text.index)
        return pd.Series(pd.NaT, index=text.index, dtype="datetime64[us, UTC]"), nothing, []
    found = read_times(pd.DataFrame({"start": text}), timezone, declined)
    out = found.start.index.isin(
        [row for row, why in found.wrong.items() if why.template == only_declined("").template]
    )
    start = found.start.mask(out)
    return start, text.notna() & start.isna(), [each for each in found.findings if reading_of(each) in _OF_MOMENTS]


def _figure(cell: str, meaning: Mapping[str, str]) -> str:
    """Return the figure that a word stands for; what holds a digit is a figure already."""
    return cell if any(sign.isdigit() for sign in cell) else meaning.get(folded(cell), cell)
