"""Numbers of a release turned into a reader's text: value, interval, hidden, "cannot say".

Page, paper and command line take their text from here, so that one figure reads the same everywhere.
"""

import math
from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from hotspot.errors import N_
from hotspot.glossary import Language, amount, words
from hotspot.layers import LayerSpec
from hotspot.measures import MEASURES
from hotspot.release.contract import Shown
from hotspot.release.suppression import LEAST_ANSWERS, LEAST_INCIDENTS
from hotspot.report.names import CLASSES, named

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


def is_finite(value: Any) -> bool:  # noqa: ANN401 - any cell
    """Tell whether a cell holds a finite number.

    Parameters
    ----------
    value
        Any cell.

    Returns
    -------
    bool
        False for None, NaN and infinity.
    """
    return not is_missing(value) and math.isfinite(value)


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
        Told apart from "cannot say"; true also of a number hidden only since it would give a small one away.
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


def number(value: Any, language: Language, spec: str = "", *, hidden: bool = False) -> str:  # noqa: ANN401 - a cell
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
        return probability(float(value), language)
    return amount(float(value), language, spec)


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


def cells_of(shown: Shown, row: Hashable) -> dict[str, Any] | None:
    """Return one row of a layer as a mapping.

    Parameters
    ----------
    shown
        The layer as its audience sees it.
    row
        Label of the row.

    Returns
    -------
    dict or None
        Column to cell; None where the layer has no such row.
    """
    if shown.frame is None or row not in shown.frame.index:
        return None
    at = int(shown.frame.index.get_indexer(pd.Index([row]))[0])
    return {str(name): shown.frame[name].iloc[at] for name in shown.frame.columns}
