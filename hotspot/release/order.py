"""The order of the places, and what is chosen by it, from numbers that everybody may be told: one order for all."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.decisions.priorities import NOT_RANKED, Priorities, prioritise
from hotspot.decisions.ranks import Uncertainty
from hotspot.errors import N_, Told
from hotspot.measures import MEASURES
from hotspot.pipeline import Result
from hotspot.pipeline.choices import choose_again
from hotspot.pipeline.steps import titled, weights_of

OUT = N_(
    "{component} does not count in the order: its number is too small to tell everybody, or would tell such a one."
)
SAID = N_(
    "{count} {count:place has|places have} a number that not everybody may be told. The order is made without it, for "
    "all alike."
)
_VALUE = "value_"
_COUNTED = {"incidents", "responses"}  # what single persons stand behind
Mask = npt.NDArray[np.bool_]


class Order(NamedTuple):
    """One order of the places for everybody.

    Parameters
    ----------
    result
        The result, its places ranked and its measures chosen without what may not be told. Numbers of the places are
        all in it still.
    untold
        By ``area_id`` and layer, True where a place's number may not be told to everybody.
    """

    result: Result
    untold: pd.DataFrame


def order_for_all(result: Result, hidden: Mapping[str, Mask]) -> Order:
    """Rank the places, and choose measures by that, from what everybody may be told.

    Parameters
    ----------
    result
        A run's result.
    hidden
        Layer key to which rows of its table may not be told to everybody.

    Returns
    -------
    Order
        Where all may be told, the result as it is.

    Notes
    -----
    A score is a weighted mean of positions, so the rank of a place, the parts of its score that are shown and the
    positions that no other place takes would tell between which two places a hidden number lies; and so would what is
    chosen for it. Here such a number is unknown, as any that nobody delivered, and everything is worked out anew:
    nothing of it is in the order. It is one order for all, also for those who may see the number: a council and those
    who advise it read the same list. Fewer than five incidents carry no order anyhow.
    """
    values = _values(result.priorities)
    keys = [str(key) for key in values]
    untold = pd.DataFrame({key: _of_places(result, key, hidden) for key in keys}, index=values.index, dtype=bool)
    if not untold.to_numpy().any():
        return Order(result, untold)
    found = _ranked(result, values.mask(untold))
    own = result.priorities
    table = titled(found.table, result.layers).join(own[[name for name in own if name not in found.table]])
    table = table[list(own.columns)].assign(**{f"{_VALUE}{key}": values[key] for key in keys})
    table["reasons"] = [
        (*said, *(Told(OUT, _named(result, key)) for key, gone in zip(keys, row, strict=True) if gone))
        for said, row in zip(table["reasons"], untold.to_numpy(), strict=True)
    ]
    findings = [each for each in result.findings if each.template not in (NOT_RANKED, SAID)]
    notes = (Told(SAID, {"count": int(untold.any(axis=1).sum())}), *found.notes)
    choice = choose_again(result.choice, table["score"])
    settled = replace(result, priorities=table, choice=choice, findings=(*findings, *notes))
    return Order(settled, untold)


def _values(priorities: pd.DataFrame) -> pd.DataFrame:
    """What the places are ranked by, a column for each layer."""
    names = [str(name) for name in priorities if str(name).startswith(_VALUE)]
    return priorities[names].rename(columns=lambda name: name[len(_VALUE) :])


def _of_places(result: Result, key: str, hidden: Mapping[str, Mask]) -> pd.Series:
    """Which places' number of a layer may not be told.

    A number that a place gets from its cells, pixels or ways stands in no table whose sums are protected: of incidents
    or answers none may be told.
    """
    index, layer = result.priorities.index, result.layers[key]
    if layer.spec.support != "areas" or layer.measured.frame is None:
        return pd.Series(data=bool(_COUNTED & {*MEASURES[layer.spec.measure].needs}), index=index)
    return pd.Series(hidden[key], index=layer.measured.frame.index).reindex(index, fill_value=False)


def _named(result: Result, key: str) -> dict[str, object]:
    return {"component": result.layers[key].spec.title, "key": key}


def _ranked(result: Result, known: pd.DataFrame) -> Priorities:
    """Rank as the run itself did, by what is known."""
    weights = weights_of(result.study, {key: result.layers[key] for key in map(str, known)})
    rules = {key: result.layers[key].spec.priority for key in weights}
    return prioritise(
        known,
        weights,
        np.random.default_rng(result.study.seed),
        directions={key: rule.direction for key, rule in rules.items() if rule},
        uncertainty=_intervals(result, known),
    )


def _intervals(result: Result, known: pd.DataFrame) -> Uncertainty:
    """The intervals that the result's own order was drawn with, none where the number is unknown."""
    limits = {"lower": known * np.nan, "upper": known * np.nan}
    for key in known:
        layer = result.layers[str(key)]
        rule, frame = layer.spec.priority, layer.measured.frame
        if layer.spec.support != "areas" or frame is None or rule is None or rule.column != "value":
            continue
        if {*limits} <= set(frame):
            for name, table in limits.items():
                table[key] = frame[name].astype(float).reindex(known.index).where(known[key].notna())
    return Uncertainty(lower=limits["lower"], upper=limits["upper"])
