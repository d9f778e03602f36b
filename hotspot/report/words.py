"""Numbers of a release turned into a reader's text: value, interval, hidden, "cannot say", and why.

Page, paper and command line take their text from here, so that one figure reads the same everywhere.
"""

import math
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from hotspot.errors import N_, Told
from hotspot.glossary import Language, amount, say, words
from hotspot.layers import LayerSpec
from hotspot.measures import MEASURES
from hotspot.release.contract import Release, Shown
from hotspot.release.suppression import LEAST_ANSWERS, LEAST_INCIDENTS
from hotspot.report.names import CLASSES, UNITS, named

CANNOT_SAY = N_("cannot say")
HIDDEN = N_("hidden (protects fewer than {k})")
INTERVAL = N_("{value} (95% interval {lower} to {upper})")
_LEAST_P = 0.001


def is_missing(value: object) -> bool:
    """Tell whether a cell holds nothing.

    Parameters
    ----------
    value
        Any cell.

    Returns
    -------
    bool
        True for None and NaN.
    """
    return value is None or (isinstance(value, float | np.floating) and math.isnan(value))


def hidden_text(language: Language, k: int = LEAST_INCIDENTS) -> str:
    """Say that a number is withheld.

    Parameters
    ----------
    language
        ``"da"`` or ``"en"``.
    k
        Smallest number that may be shown.

    Returns
    -------
    str
        Told apart from "cannot say"; it holds for a number hidden only because it would give a small one away.
    """
    return words(language)(HIDDEN, k=k)


def least_of(spec: LayerSpec) -> int:
    """Return the smallest number that a layer may show.

    Parameters
    ----------
    spec
        The layer's declaration.

    Returns
    -------
    int
        More for surfaces made from survey answers.
    """
    asked = spec.measure in MEASURES and "responses" in MEASURES[spec.measure].needs
    return LEAST_ANSWERS if asked and spec.support == "surface" else LEAST_INCIDENTS


def number(value: object, language: Language, spec: str = "", *, hidden: bool = False) -> str:
    """Write one number, "cannot say", or that it is hidden.

    Parameters
    ----------
    value
        The number; None and NaN are missing.
    language
        ``"da"`` or ``"en"``.
    spec
        As for `hotspot.glossary.amount`; ``"p"`` for probabilities of chance.
    hidden
        Whether the row is withheld; its number is never written.

    Returns
    -------
    str
        A reader's text.
    """
    if hidden:
        return hidden_text(language)
    if is_missing(value):
        return words(language)(CANNOT_SAY)
    if spec == "p":
        return probability(float(value), language)  # type: ignore[arg-type] - a number by contract
    return amount(float(value), language, spec)  # type: ignore[arg-type] - a number by contract


def probability(value: float, language: Language) -> str:
    """Write a p- or q-value.

    Parameters
    ----------
    value
        Between 0 and 1.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        Three decimals, "under 0.001" below that.
    """
    if value < _LEAST_P:
        return words(language)(N_("under {limit:.3f}"), limit=_LEAST_P)
    return amount(value, language, ".3f" if value < 0.1 else ".2f")  # noqa: PLR2004 - two digits that matter


def class_name(code: object, language: Language) -> str:
    """Name a class, such as "hot" or "felt unsafe, few recorded".

    Parameters
    ----------
    code
        The class's code; missing means "cannot say".
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        Its name.
    """
    return words(language)(CANNOT_SAY) if is_missing(code) else named(code, CLASSES, language)


def plain_value(column: str, value: object, unit: str, language: Language) -> str:
    """Write one value of a layer's table without its unit's words.

    Parameters
    ----------
    column
        Its column.
    value
        The cell; None and NaN are missing.
    unit
        The layer's unit.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        Shares in per cent, ratios with two decimals, metres whole, others with three digits.
    """
    if column == "klass":
        return class_name(value, language)
    if isinstance(value, str):
        return named(value, CLASSES, language)
    return number(value, language, _format_of(column, unit))


def _format_of(column: str, unit: str) -> str:
    if column in ("value", "lower", "upper"):
        return {"share": ".0%", "ratio": ".2f", "lx": ".1f"}.get(unit, "")
    if column.endswith("value"):
        return "p"
    if column.startswith("share") or column.endswith("share"):
        return ".0%"
    if column in ("ratio", "ratio_low", "ratio_high", "gi_z"):
        return ".2f"
    if column.endswith("_m"):
        return ".0f"
    return ".1f" if column.endswith(("_lx", "expected")) else ""


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
        Class name, or value with unit and interval; "hidden …" and "cannot say" are told apart.
    """
    cells = _cells(shown, row)
    if cells is None:
        return words(language)(CANNOT_SAY)
    if shown.spec.show.classes and not is_missing(cells.get(shown.spec.show.column)):
        return class_name(cells[shown.spec.show.column], language)
    if cells.get("hidden", False):
        return hidden_text(language, least_of(shown.spec))
    if shown.spec.show.classes:
        return words(language)(CANNOT_SAY)
    return unit_text(cells, shown.spec.unit, language)


def unit_text(cells: Mapping[str, Any], unit: str, language: Language) -> str:
    """Write a value with its unit, and its interval where there is one.

    Parameters
    ----------
    cells
        ``value``, and ``lower`` and ``upper`` where known.
    unit
        The layer's unit.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        For instance "34 % (95% interval 28 % to 41 %)".
    """
    _ = words(language)
    if is_missing(cells.get("value")):
        return _(CANNOT_SAY)
    said = plain_value("value", cells["value"], unit, language)
    text = _(UNITS[unit], value=said) if unit in UNITS else said
    limits = [cells.get(name) for name in ("lower", "upper")]
    if any(is_missing(limit) or math.isinf(limit) for limit in limits):  # type: ignore[arg-type] - a number
        return text
    low, high = (plain_value("value", limit, unit, language) for limit in limits)
    return _(INTERVAL, value=text, lower=low, upper=high)


def _cells(shown: Shown, row: Hashable) -> dict[str, Any] | None:
    if shown.frame is None or row not in shown.frame.index:
        return None
    return {str(name): value for name, value in shown.frame.loc[row].items()}


def row_sentence(shown: Shown, row: Hashable, language: Language) -> str:
    """Say in a whole sentence what a layer found at one of its rows, as its file words it.

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
        The layer file's ``reads_as`` filled in; where the number is hidden or unknown, that instead. A class
        that may be told stands alone where its numbers may not.
    """
    _ = words(language)
    cells = _cells(shown, row)
    if cells is None or (_nothing(shown.spec, cells) and not cells.get("hidden", False)):
        return _(N_("Nothing can be said here."))
    klass = cells.get(shown.spec.show.column) if shown.spec.show.classes else None
    if cells.get("hidden", False):
        if is_missing(klass):
            return _(N_("The number is {hidden}."), hidden=hidden_text(language, least_of(shown.spec)))
        told = _(N_("{klass}; the numbers are {hidden}."), klass=class_name(klass, language),
                 hidden=hidden_text(language, least_of(shown.spec)))  # fmt: skip
        return told[:1].upper() + told[1:]
    sentence = _filled(shown, cells, language)
    if klass is None or "{klass}" in shown.spec.words["reads_as"][language]:
        return sentence[:1].upper() + sentence[1:]
    name = class_name(klass, language)
    return f"{name[:1].upper()}{name[1:]}: {sentence}"


def _nothing(spec: LayerSpec, cells: Mapping[str, Any]) -> bool:
    asked = [cells.get("value"), cells.get(spec.show.column)]
    return all(is_missing(each) for each in asked)


def _filled(shown: Shown, cells: Mapping[str, Any], language: Language) -> str:
    known = {**shown.facts, **cells}
    said = {name: plain_value(name, value, shown.spec.unit, language) for name, value in known.items()}
    return shown.spec.words["reads_as"][language].format_map(_Known(said, words(language)(CANNOT_SAY)))


class _Known(dict[str, str]):
    """Fields of a sentence; one that the layer does not give cannot be said."""

    def __init__(self, said: Mapping[str, str], otherwise: str) -> None:
        super().__init__(said)
        self.otherwise = otherwise

    def __missing__(self, name: str) -> str:
        return self.otherwise


def pixel_sentence(shown: Shown, east: float, north: float, language: Language) -> str:
    """Say what a surface shows at one point.

    Parameters
    ----------
    shown
        A surface as its audience sees it.
    east, north
        The point in the study's reference system. [m]
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        The layer file's ``reads_as`` filled in, or that the number is hidden or unknown there.
    """
    _ = words(language)
    surface = shown.surface
    if surface is None:
        return _(N_("Nothing can be said here."))
    col, row = (int(math.floor(each)) for each in ~surface.lattice.affine * (east, north))
    rows, cols = surface.lattice.shape
    if not (0 <= row < rows and 0 <= col < cols):
        return _(N_("Nothing can be said here."))
    if shown.hidden is not None and shown.hidden[row, col]:
        return _(N_("The number is {hidden}."), hidden=hidden_text(language, least_of(shown.spec)))
    if np.isnan(surface.values[row, col]):
        return _(N_("Nothing can be said here."))
    return _filled(shown, {"value": float(surface.values[row, col])}, language)


def reason_texts(release: Release, reasons: object, language: Language) -> list[str]:
    """Say why a place or a measure stands where it stands.

    Parameters
    ----------
    release
        What the audience may see; its layers give components their titles.
    reasons
        Told sentences of one row.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    list of str
        Whole sentences, first letter large.
    """
    if not isinstance(reasons, tuple | list):
        return []
    said = [say(_titled(each, release), language) for each in reasons]
    return [text[:1].upper() + text[1:] for text in said if text]


def _titled(sentence: Told, release: Release) -> Told:
    """Put a layer's title where a sentence names its key."""
    return Told(
        sentence.template,
        {
            name: release.layers[value].spec.title
            if isinstance(value, str) and value in release.layers
            else value
            for name, value in sentence.values.items()
        },
    )
