"""Figures of lamps in another unit than their column's: feet, millimetres, watts under lumens."""

import re

import numpy as np
import pandas as pd

from hotspot.errors import N_, Told
from hotspot.sources.fields import folded
from hotspot.sources.findings import Proposal, Seen, proposed, shown
from hotspot.sources.values import numbers
from hotspot.tables import Place

_FOOT_M = 0.3048  # the international foot, exactly
_IN_CELL = re.compile(r"\s*(?P<unit>mm|cm|ft\.?|feet|foot|fod|')\s*$", re.IGNORECASE)
_FACTORS = {"mm": 0.001, "cm": 0.01, "feet": _FOOT_M}
_TOLD = {"mm": N_("millimetres"), "cm": N_("centimetres"), "feet": N_("feet")}
_HEADINGS = {"mm": ("mm",), "cm": ("cm",), "feet": ("ft", "feet", "foot", "fod", "fods")}
# Street lamps hang 3 to 12 m high and give 1,000 to 30,000 lm from 10 to 400 W, so a column whose middle lies far
# outside holds another unit (assumption; METHODS 2.5 asks for each).
_TALLEST_M, _TALLEST_FEET, _TALLEST_CM = 15.0, 60.0, 2_000.0
_LEAST_LM, _MOST_W = 250.0, 1_000.0


def heights(seen: Seen, _place: Place) -> Proposal | None:
    """Find heights of lamps that are in feet, centimetres or millimetres."""
    if seen.kind != "lamps" or "height_m" not in seen.named:
        return None
    text = seen.named["height_m"].dropna()
    bare = text.str.replace(_IN_CELL, "", regex=True)
    figures = numbers(bare, seen.raw.decimal).values.dropna()
    unit = _unit(text, seen.columns.get("height_m", ""), figures)
    if unit is None:
        return None
    metres = (figures * _FACTORS[unit]).map(lambda value: f"{value:.6g}".replace(".", seen.raw.decimal))
    mended = seen.named.assign(height_m=metres.reindex(seen.named.index))
    values = {
        "middle": float(figures.median()),
        "unit": Told(_TOLD[unit]),
        "metres": float(figures.median()) * _FACTORS[unit],
    }
    sentence = Told(
        N_("The heights are {unit}, not metres: their middle is {middle:.4g}, which is {metres:.1f} m."), values
    )
    finding = proposed("height-unit", sentence, Told(N_("turn the heights into metres")), shown(text))
    return Proposal(finding, seen._replace(named=mended))


def _unit(text: pd.Series, heading: str, figures: pd.Series) -> str | None:
    """Tell a column's unit from its cells, its heading, or its values; None if it is metres."""
    written = text.str.extract(_IN_CELL)["unit"].dropna().str.lower()
    if len(written) and len(written) >= len(text) / 2:
        mark = written.mode().iloc[0]
        return mark if mark in _FACTORS else "feet"
    words = {folded(word) for word in re.split(r"[\W_\d]+", heading)}
    by_heading = next((unit for unit, marks in _HEADINGS.items() if words & set(marks)), None)
    return by_heading or _by_values(float(figures.median()) if len(figures) else np.nan)


def _by_values(middle: float) -> str | None:
    if not middle > _TALLEST_M:
        return None
    return "feet" if middle <= _TALLEST_FEET else "cm" if middle <= _TALLEST_CM else "mm"


def watts(seen: Seen, _place: Place) -> Proposal | None:
    """Find watts under a heading of lumens."""
    return _other_field(seen, "flux_lm", "power_w")


def lumens(seen: Seen, _place: Place) -> Proposal | None:
    """Find lumens under a heading of watts."""
    return _other_field(seen, "power_w", "flux_lm")


def _other_field(seen: Seen, field: str, other: str) -> Proposal | None:
    if seen.kind != "lamps" or field not in seen.named:
        return None
    text, beside = seen.named[field].dropna(), _middle(seen, other)
    middle = _middle(seen, field)
    if not _is_wrong(field, middle) or not (np.isnan(beside) or _is_wrong(other, beside)):
        return None
    values = {"column": seen.columns.get(field, field), "middle": float(middle)}
    as_watts = N_("{column} is said to be lumens, but its middle is {middle:.4g}, as watts are.")
    as_lumens = N_("{column} is said to be watts, but its middle is {middle:.4g}, as lumens are.")
    fix = Told(N_("read the column as watts")) if other == "power_w" else Told(N_("read the column as lumens"))
    code, sentence = ("watts", as_watts) if other == "power_w" else ("lumens", as_lumens)
    mended = seen.named.rename(columns={field: other, **({other: field} if other in seen.named else {})})
    return Proposal(proposed(code, Told(sentence, values), fix, shown(text)), seen._replace(named=mended))


def _middle(seen: Seen, field: str) -> float:
    """Return the middle of a column; NaN where the file lacks it or leaves it blank."""
    if field not in seen.named:
        return float("nan")
    return float(numbers(seen.named[field].dropna(), seen.raw.decimal).values.median())


def _is_wrong(field: str, middle: float) -> bool:
    return middle < _LEAST_LM if field == "flux_lm" else middle > _MOST_W
