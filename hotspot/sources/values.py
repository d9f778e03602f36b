"""Text into numbers and words: Danish and English marks, and the words of a delivery into the contract's own."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from hotspot.sources.fields import folded

_UNITS = re.compile(r"\s*(?:kr\.?|dkk|m2|m²|km|lm|lumen|watt|meter|aar|år|m|w|%|,-)$", re.IGNORECASE)
_GROUPED_DOTS = re.compile(r"-?\d{1,3}(?:\.\d{3})+")
_GROUPED_COMMAS = re.compile(r"-?\d{1,3}(?:,\d{3})+")
_SIGNS = str.maketrans({"\u2212": "-", "\u00a0": "", "\u202f": "", " ": "", "'": ""})
# Ways to write that something is not known, which are no mistakes.
_UNKNOWN = frozenset(map(folded, ("ukendt", "unknown", "na", "n/a", "null", "none", "nan", "ved ikke", "ikke oplyst")))
_MISSING = frozenset(("na", "n/a", "#n/a", "nan", "null", "none", "<null>"))  # what programs write for nothing


class Parsed(NamedTuple):
    """Values read from text.

    Attributes
    ----------
    values
        One per row; NaN where nothing was given or it could not be read.
    unreadable
        Which rows held something that could not be read.
    """

    values: pd.Series
    unreadable: pd.Series


def numbers(text: pd.Series, decimal: str = ".") -> Parsed:
    """Read numbers as Danes and Britons write them.

    Parameters
    ----------
    text
        Cells of one column.
    decimal
        The file's decimal mark, where the column itself does not tell.

    Notes
    -----
    Where both marks occur in a value the last one is the decimal mark. A column with only dots holds thousands if
    every value with a dot is grouped by three and the file writes decimals with a comma; and the other way round.
    """
    given = text.dropna()
    plain = {raw: _UNITS.sub("", raw).translate(_SIGNS) for raw in given.unique()}
    mark = _mark(list(plain.values()), decimal)
    read = given.map({raw: _number(value, mark) for raw, value in plain.items()})
    values = read.astype(float).reindex(text.index)
    unknown = text.map(lambda cell: folded(cell) in _UNKNOWN or not folded(cell), na_action="ignore").eq(True)  # noqa: FBT003
    return Parsed(values, text.notna() & values.isna() & ~unknown)


def thousands(text: pd.Series, decimal: str) -> pd.Series:
    """Return the numbers whose one mark is read as that of thousands only because the file writes decimals otherwise.

    Parameters
    ----------
    text
        Cells of one column.
    decimal
        The file's decimal mark.

    Returns
    -------
    Series
        Those cells, as they stand; none where the column itself tells.
    """
    given = text.dropna()
    plain = given.map({raw: _UNITS.sub("", raw).translate(_SIGNS) for raw in given.unique()}).astype("str")
    marked = plain[plain.str.contains("[.,]")]
    other = {",": _GROUPED_DOTS, ".": _GROUPED_COMMAS}[decimal]
    return given[marked.index] if len(marked) and marked.str.fullmatch(other).all() else given.iloc[:0]


def own_words(text: pd.Series, meaning: Mapping[str, str]) -> Parsed:
    """Translate the words of a delivery into the contract's own.

    Parameters
    ----------
    text
        Cells of one column.
    meaning
        Folded word to the contract's word.
    """
    table = {raw: meaning.get(folded(raw)) for raw in text.dropna().unique()}
    values = text.map(table, na_action="ignore").astype("str")
    unknown = text.map(lambda cell: folded(cell) in _UNKNOWN, na_action="ignore").eq(True)  # noqa: FBT003
    return Parsed(values, text.notna() & values.isna() & ~unknown)


def missing_marks(text: pd.Series) -> pd.Series:
    """Tell which cells hold what a program writes where there is nothing, such as ``NA`` or ``<Null>``.

    Parameters
    ----------
    text
        Cells of one column.

    Returns
    -------
    Series of bool
        On the same index.
    """
    return text.str.strip().str.lower().isin(_MISSING)


def _mark(values: list[str], decimal: str) -> str:
    both = [value for value in values if "," in value and "." in value]
    if both:
        return max(",.", key=lambda mark: sum(value.rindex(mark) == max(map(value.rindex, ",.")) for value in both))
    commas = [value for value in values if "," in value]
    dots = [value for value in values if "." in value]
    if commas and not dots:
        grouped = decimal == "." and all(_GROUPED_COMMAS.fullmatch(value) for value in commas)
        return "." if grouped else ","
    if dots and not commas:
        grouped = decimal == "," and all(_GROUPED_DOTS.fullmatch(value) for value in dots)
        return "," if grouped else "."
    return decimal


def _number(value: str, mark: str) -> float:
    other = "." if mark == "," else ","
    try:
        number = float(value.replace(other, "").replace(mark, "."))
    except ValueError:
        return float("nan")
    return number if np.isfinite(number) else float("nan")
