"""Traps of a survey's columns: one question in two columns, and scales that are not the national one."""

import re
from types import MappingProxyType

import pandas as pd

from hotspot.errors import N_, Told
from hotspot.sources.fields import aliases, folded, without_year
from hotspot.sources.findings import Proposal, Seen, proposed, shown
from hotspot.sources.survey import WALKING, Scale, on_national_scale, scale_figures
from hotspot.tables import Place

_HOW_SAFE = re.compile(r"howsafe|hvortryg|hvorsikker")  # a question whose high numbers are the safe ones
_HOW_UNSAFE = re.compile(r"howunsafe|hvorutryg")
_TENS = ((1.0, 10.0), (0.0, 10.0), (1.0, 5.0), (0.0, 100.0))


def same_question(seen: Seen, _place: Place) -> Proposal | None:
    """Find a question that stands in two columns, one for each round of a survey, and that nobody answered twice."""
    if seen.kind != "responses":
        return None
    known = aliases("responses")
    merged, told, used = {}, [], {*seen.columns.values()}
    for field, column in seen.columns.items():
        whole = seen.named[field]
        for name in seen.raw.cells:
            other = seen.raw.cells[name]
            if name in used or without_year(folded(str(name))) not in known.get(field, ()):
                continue
            if not (whole.notna() & other.notna() & ~_nothing(whole) & ~_nothing(other)).any():
                whole = whole.mask(_nothing(whole)).fillna(other)
                told.append(f"{column} + {name}")
        if whole is not seen.named[field]:
            merged[field] = whole
    if not merged:
        return None
    sentence = Told(N_("Two columns ask the same, and no row answers both: {told}."), {"told": told})
    finding = proposed("same-question", sentence, Told(N_("read them as one question")))
    return Proposal(finding, seen._replace(named=seen.named.assign(**merged)))


def _nothing(text: pd.Series) -> pd.Series:
    return text.fillna("na").str.lower().isin(("na", "n/a", "nan", "null"))


def other_scale(seen: Seen, _place: Place) -> Proposal | None:
    """Find questions on walking whose numbers are not on the national scale of 1 to 7."""
    if seen.kind != "responses":
        return None
    scales: dict[str, Scale] = {}
    examples: tuple[str, ...] = ()
    for item in (item for item in WALKING if item in seen.named):
        text = seen.named[item]
        scale = None if on_national_scale(text) else _scale(text, folded(seen.columns.get(item, item)))
        if scale is not None:
            scales[item] = scale
            examples = examples or shown(text[scale_figures(text).notna()])
    if not scales:
        return None
    scale = next(iter(scales.values()))
    values = {"items": list(scales), "low": scale.low, "high": scale.high}
    values["safe"] = scale.high if scale.safe_is_high else scale.low
    finding = proposed(
        "scale",
        Told(
            N_("{items}: the answers run from {low:g} to {high:g}, which is not the national scale of 1 to 7."), values
        ),
        Told(N_("read {safe:g} as safe, and the third of the scale at the other end as unsafe"), values),
        examples,
    )
    return Proposal(finding, seen._replace(scales=MappingProxyType(scales)))


def _scale(text: pd.Series, heading: str) -> Scale | None:
    """Return the scale that the numbers and the question's wording show, or None where the wording says no end."""
    given = scale_figures(text).dropna()
    fitting = next(((low, high) for low, high in _TENS if len(given) and given.between(low, high).all()), None)
    if fitting == (1.0, 10.0) and given.max() <= 5:  # noqa: PLR2004 - five steps
        fitting = (1.0, 5.0)
    if fitting is None or not (_HOW_SAFE.search(heading) or _HOW_UNSAFE.search(heading)):
        return None
    return Scale(*fitting, safe_is_high=_HOW_SAFE.search(heading) is not None)
