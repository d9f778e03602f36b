"""Which column gives which field: guessed with its reason, confirmed or changed by the reader."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from hotspot.glossary import words
from hotspot.sources import Diagnosis
from hotspot.sources.fields import match_columns
from hotspot.ui import form
from hotspot.ui.parts.intake.fields import field_name, fields_of
from hotspot.ui.parts.tables import plain
from hotspot.ui.view import View

UNUSED = "–"
_EXAMPLES = 3


class Confirmed(NamedTuple):
    """Which columns the reader reads otherwise than guessed.

    Attributes
    ----------
    mapping
        Pairs of column and field.
    drop
        Columns that were guessed to give a field and do not.
    twice
        Fields that two columns are said to give.
    """

    mapping: tuple[tuple[str, str], ...]
    drop: tuple[str, ...]
    twice: tuple[str, ...]


def confirmed(stamp: str, kind: str, headings: tuple[str, ...]) -> Confirmed:
    """Return what the reader changed about the columns.

    Parameters
    ----------
    stamp
        The file's.
    kind
        What it holds.
    headings
        Its columns, without those left out.

    Returns
    -------
    Confirmed
        Nothing, before the reader changed anything.
    """
    guess = guessed(kind, headings)
    taken = {each: form.chosen(_key(stamp, kind, each)) or guess.get(each, UNUSED) for each in headings}
    mapping = {each: field for each, field in taken.items() if field not in (UNUSED, guess.get(each))}
    drop = [each for each, field in taken.items() if field == UNUSED and each in guess]
    counts = Counter(field for field in taken.values() if field != UNUSED)
    return Confirmed(tuple(mapping.items()), tuple(drop), tuple(field for field, n in counts.items() if n > 1))


def guessed(kind: str, headings: tuple[str, ...]) -> Mapping[str, str]:
    """Return the field that each known column gives.

    Parameters
    ----------
    kind
        What the file holds.
    headings
        Its columns.

    Returns
    -------
    dict
        Column to field; only columns whose names are known.
    """
    return {column: field for field, column in match_columns(headings, kind).columns.items()}


def show_columns(view: View, stamp: str, kind: str, headings: tuple[str, ...], seen: Diagnosis) -> None:
    """Show every column with what it is read as.

    Parameters
    ----------
    view
        Whose words.
    stamp
        The file's.
    kind
        What it holds.
    headings
        Its columns, without those left out.
    seen
        The file as it is read now.
    """
    _ = words(view.language)
    guess = guessed(kind, headings)
    reasons = {
        each.column: _(each.reason.template, **{**each.reason.values, "field": f"“{field_name(each.field, _)}”"})
        for each in seen.columns
    }
    used = [each for each in headings if each in guess]
    other = [each for each in headings if each not in guess]
    st.write(_("Confirm what each column holds. What is not used is not stored."))
    _grid(view, stamp, kind, used, (guess, reasons, seen))
    if other:
        with st.expander(_("Columns that are not used ({n})", n=len(other))):
            _grid(view, stamp, kind, other, (guess, reasons, seen))


def _grid(
    view: View,
    stamp: str,
    kind: str,
    columns: list[str],
    known: tuple[Mapping[str, str], Mapping[str, str], Diagnosis],
) -> None:
    _ = words(view.language)
    guess, reasons, seen = known
    options = [UNUSED, *dict.fromkeys((*fields_of(kind), *guess.values()))]
    names = {each: field_name(each, _) for each in options} | {UNUSED: _("not used")}
    for start in range(0, len(columns), 3):
        for column, box in zip(columns[start : start + 3], st.columns(3), strict=False):
            now = guess.get(column, UNUSED)
            box.selectbox(
                column, options, index=options.index(now), format_func=names.__getitem__, key=_key(stamp, kind, column)
            )
            box.caption(plain(_shown(column, seen, reasons, view)))


def _shown(column: str, seen: Diagnosis, reasons: Mapping[str, str], view: View) -> str:
    """Say what the column holds for instance, and why it is read as it is."""
    _ = words(view.language)
    cells = seen.preview[column].dropna().unique()[:_EXAMPLES].tolist() if column in seen.preview else []
    shown = _("For instance {examples}", examples=", ".join(f"“{each[:40]}”" for each in cells)) if cells else ""
    return ". ".join(part for part in (reasons.get(column, "").removesuffix("."), shown) if part)


def _key(stamp: str, kind: str, column: str) -> str:
    return f"intake-{stamp}-{kind}-column-{column}"
