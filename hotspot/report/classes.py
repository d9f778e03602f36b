"""Which class, colour and legend line each value of a layer gets, the same on screen and paper."""

from collections.abc import Hashable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.errors import N_
from hotspot.glossary import Language, words
from hotspot.glossary.palettes import CANNOT_SAY as UNNAMED
from hotspot.glossary.palettes import CLASS_COLOURS, palette
from hotspot.layers import LayerSpec
from hotspot.release.contract import Shown
from hotspot.report.names import SCALES, named
from hotspot.report.words import CANNOT_SAY, class_name, plain_value

_CLASSES = 5
UNKNOWN, WITHHELD = -1, -2
_UNSAID = ("too few data", "undefined", "no neighbours")
RANKS = ((1, 3), (4, 6), (7, 10))
"""Ranks that share a colour; the rest is one pale class."""
CANNOT_RANK = N_("cannot be ranked")
_MOST_RANKS = 100_000


class Classed(NamedTuple):
    """A layer in classes.

    Parameters
    ----------
    colours
        Of the classes, first lowest or as the layer's file lists them.
    breaks
        Limits between neighbouring classes of numbers; empty for a layer of named classes.
    codes
        Named classes; empty for numbers.
    """

    colours: tuple[str, ...]
    breaks: tuple[float, ...] = ()
    codes: tuple[str, ...] = ()


def classed(shown: Shown) -> Classed:
    """Return a layer's classes: those of its file, or quantiles of what is shown.

    Parameters
    ----------
    shown
        The layer as its audience sees it.

    Returns
    -------
    Classed
        Colours that colour-blind readers can tell apart.
    """
    show = shown.spec.show
    if show.classes:
        codes = tuple(code for code in show.classes if code != CANNOT_SAY)  # hatched, as for numbers
        return Classed(tuple(CLASS_COLOURS.get(code, UNNAMED) for code in codes), codes=codes)
    breaks = show.breaks or _quantiles(_numbers(shown))
    return Classed(palette(show.palette, len(breaks) + 1), tuple(float(each) for each in breaks))


def _numbers(shown: Shown) -> npt.NDArray[np.float64]:
    if shown.surface is not None:
        return np.asarray(shown.surface.values, dtype=float).ravel()
    if shown.frame is None:
        return np.zeros(0)
    return np.asarray(shown.frame[shown.spec.show.column], dtype=float)


def _quantiles(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    known = values[np.isfinite(values) & (values > 0)]
    if not len(known):
        return ()
    classes = min(_CLASSES, len(np.unique(known)))
    limits = np.unique(np.quantile(known, np.arange(1, classes + 1) / classes))[:-1]
    return tuple(dict.fromkeys(_two_digits(float(each)) for each in limits))


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")


def class_of(shown: Shown, classes: Classed) -> pd.Series:
    """Return the class of each row.

    Parameters
    ----------
    shown
        A layer with a table.
    classes
        From `classed`.

    Returns
    -------
    Series
        Position in ``classes.colours``; `UNKNOWN` where nothing can be said, `WITHHELD` where it is hidden. A
        class that may be told is kept although its numbers are hidden.
    """
    frame = shown.frame if shown.frame is not None else pd.DataFrame({"hidden": [], shown.spec.show.column: []})
    hidden = frame["hidden"].astype(bool).to_numpy()
    values = frame[shown.spec.show.column]
    if classes.codes:
        position: dict[Hashable, int] = {code: i for i, code in enumerate(classes.codes)}
        found = values.map(position).fillna(UNKNOWN).astype(int).to_numpy()
        return pd.Series(np.where((found == UNKNOWN) & hidden, WITHHELD, found), index=frame.index)
    found = class_of_numbers(values.to_numpy(dtype=float), classes)
    return pd.Series(np.where(hidden, WITHHELD, found), index=frame.index)


def class_of_numbers(values: npt.NDArray[np.float64], classes: Classed) -> npt.NDArray[np.int64]:
    """Return the class of numbers.

    Parameters
    ----------
    values : array, any shape
        In the layer's unit; NaN means "cannot say".
    classes
        From `classed`.

    Returns
    -------
    array of int, same shape
        Position in ``classes.colours``; a limit belongs to the class above it; `UNKNOWN` for NaN.
    """
    found = np.searchsorted(np.asarray(classes.breaks), values, side="right")
    return np.asarray(np.where(np.isnan(values), UNKNOWN, found), dtype=np.int64)


def unsaid_classes(classes: Classed) -> list[int]:
    """Return the named classes that say, each for its own reason, that nothing can be said.

    Parameters
    ----------
    classes
        From `classed`.

    Returns
    -------
    list of int
        Positions in ``classes.colours``; each is hatched in a way of its own over its colour.
    """
    return [position for position, code in enumerate(classes.codes) if code in _UNSAID]


def class_labels(spec: LayerSpec, classes: Classed, language: Language) -> tuple[str, ...]:
    """Say what each class means.

    Parameters
    ----------
    spec
        The layer's declaration.
    classes
        From `classed`.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    tuple of str
        In the order of the colours.
    """
    _ = words(language)
    if classes.codes:
        return tuple(class_name(code, language) for code in classes.codes)
    said = [plain_value("value", each, spec.unit, language) for each in classes.breaks]
    if not said:
        return (_(N_("any value")),)
    between = [_(N_("{low} to {high}"), low=low, high=high) for low, high in pairwise(said)]
    return (_(N_("under {high}"), high=said[0]), *between, _(N_("{low} and more"), low=said[-1]))


def rank_classes(language: Language) -> tuple[tuple[int, int, str, str], ...]:
    """Return the classes of the priorities: first and last rank, what the legend says, colour.

    Parameters
    ----------
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    tuple
        Dark for the first, so that it prints; the pale end of the palette is left out.
    """
    _ = words(language)
    colours = palette("purples", 9)[::-1][1:8:2]
    texts = [_(N_("number {low} to {high}"), low=low, high=high) for low, high in RANKS]
    after = RANKS[-1][1] + 1
    rows = [(*ranks, text, colour) for ranks, text, colour in zip(RANKS, texts, colours, strict=False)]
    return (*rows, (after, _MOST_RANKS, _(N_("number {low} and after"), low=after), colours[-1]))


def legend_title(spec: LayerSpec, language: Language) -> str:
    """Return a legend's heading: the layer's title and unit.

    Parameters
    ----------
    spec
        The layer's declaration.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        Two lines where there is a unit.
    """
    unit = "" if spec.show.classes or spec.unit in ("class", "share") else named(spec.unit, SCALES, language)
    return spec.title[language] + (f"\n[{unit}]" if unit else "")
