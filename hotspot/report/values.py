"""What a layer found at its rows, written in whole columns: a map's table has thousands of rows."""

from collections.abc import Callable, Hashable, Sequence
from functools import cache
from typing import Any

import pandas as pd

from hotspot.glossary import Language, words
from hotspot.release.contract import Shown
from hotspot.report.names import UNITS
from hotspot.report.words import (
    CANNOT_SAY,
    INTERVAL,
    class_name,
    hidden_text,
    is_finite,
    is_missing,
    least_of,
    plain_value,
)

_NUMBERS = ("value", "lower", "upper")


def value_text(shown: Shown, row: Hashable, language: Language) -> str:
    """Say what a layer found at one of its rows.

    Parameters
    ----------
    shown
        The layer as its audience sees it.
    row
        Label of the row.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        As `value_texts` says it.
    """
    return value_texts(shown, [row], language)[0]


def value_texts(shown: Shown, rows: "Sequence[Hashable] | pd.Index[Any]", language: Language) -> list[str]:
    """Say what a layer found at each of its rows.

    Parameters
    ----------
    shown
        The layer as its audience sees it.
    rows
        Labels of the rows, in the order wanted.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    list of str
        Class name, or value with unit and interval; "hidden …" and "cannot say" are told apart. A class that may
        be told stands although its numbers are hidden; a row that the layer does not have cannot be said.
    """
    frame = pd.DataFrame() if shown.frame is None else shown.frame
    at = frame.index.get_indexer(pd.Index(rows))
    hidden = [not is_missing(told) and bool(told) for told in _cells(frame, "hidden", at)]
    spec, withheld = shown.spec, hidden_text(language, least_of(shown.spec))
    if spec.show.classes:
        codes = _cells(frame, spec.show.column, at)
        name = cache(lambda code: class_name(code, language))
        texts = [name(None if is_missing(code) else code) for code in codes]
        kept = [not is_missing(code) for code in codes]
    else:
        say = _unit_text(spec.unit, language)
        texts = [say(*cells) for cells in zip(*(_cells(frame, each, at) for each in _NUMBERS), strict=True)]
        kept = [False] * len(texts)
    return [withheld if gone and not stands else text for text, gone, stands in zip(texts, hidden, kept, strict=True)]


def _cells(frame: pd.DataFrame, column: str, at: Any) -> list[Any]:  # noqa: ANN401 - positions, -1 where there is no row
    """Return a column's cells; None where the table lacks the column or the row."""
    if column not in frame:
        return [None] * len(at)
    cells = frame[column].tolist()
    return [None if place < 0 else cells[place] for place in at.tolist()]


def _unit_text(unit: str, language: Language) -> Callable[[Any, Any, Any], str]:
    """Return what writes a value with its unit, and its interval where it is limited on both sides.

    Notes
    -----
    Many numbers read alike once they are rounded, so a sentence is filled in once per text, not once per number.
    """
    _ = words(language)
    spelt = cache(lambda number: plain_value("value", number, unit, language))
    with_unit = cache(lambda said: _(UNITS[unit], value=said) if unit in UNITS else said)
    with_limits = cache(lambda said, low, high: _(INTERVAL, value=with_unit(said), lower=low, upper=high))

    def told(value: Any, lower: Any, upper: Any) -> str:  # noqa: ANN401 - cells
        if is_missing(value):
            return _(CANNOT_SAY)
        if not (is_finite(lower) and is_finite(upper)):
            return with_unit(spelt(value))
        return with_limits(spelt(value), spelt(lower), spelt(upper))

    return told
