"""The order of the places, made from what may be shown alone, so that no rank tells a hidden number."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.decisions.priorities import prioritise
from hotspot.decisions.ranks import Uncertainty
from hotspot.errors import N_, Told
from hotspot.pipeline import Result
from hotspot.pipeline.steps import titled, weights_of

_VALUE = "value_"
Mask = npt.NDArray[np.bool_]


def order_shown(result: Result, hidden: Mapping[str, Mask]) -> tuple[pd.DataFrame, tuple[Told, ...]]:
    """Return the priorities as one may tell them who may not see small counts.

    Parameters
    ----------
    result
        A run's result.
    hidden
        Layer key to which rows of its table are hidden.

    Returns
    -------
    tuple
        The table of `hotspot.pipeline.Result.priorities` plus ``hidden``, true where a number of the place is missing
        because it may not be told; and what the reader should know of the order.

    Notes
    -----
    A score is a weighted mean of positions, so the rank of a place, the parts of its score that are shown and the
    positions that no other place takes would tell between which two places a hidden number lies. Here a hidden number
    is unknown, as any that nobody delivered, and everything is worked out anew: nothing of it is in the order. Where
    none is hidden, the order is the result's own.
    """
    own = result.priorities.drop(columns=["why"], errors="ignore")
    values = own[[name for name in own if str(name).startswith(_VALUE)]].rename(
        columns=lambda name: name[len(_VALUE) :]
    )
    gone = pd.DataFrame({key: _of_places(result, key, hidden) for key in map(str, values)}, index=own.index)
    missing = gone.any(axis=1) if len(gone.columns) else pd.Series(data=False, index=own.index)
    if not missing.any():
        return own.assign(hidden=False), ()
    weights = weights_of(result.study, {key: result.layers[key] for key in map(str, values)})
    rules = {key: result.layers[key].spec.priority for key in weights}
    known = values.mask(gone)
    found = prioritise(
        known,
        weights,
        np.random.default_rng(result.study.seed),
        directions={key: rule.direction for key, rule in rules.items() if rule},
        uncertainty=_intervals(result, known),
    ).table.drop(columns="why")
    about = own[[name for name in own if name not in found]]
    told = Told(
        N_("{count} places have a number that is hidden here. The order is made without it, as if it were unknown."),
        {"count": int(missing.sum())},
    )
    table = titled(found, result.layers).join(about)[list(own.columns)].assign(hidden=missing)
    table.loc[missing, ["score", "score_low", "score_high", "first_share"]] = np.nan
    return table, (told,)


def _of_places(result: Result, key: str, hidden: Mapping[str, Mask]) -> pd.Series:
    index, layer = result.priorities.index, result.layers[key]
    if layer.spec.support != "areas" or layer.measured.frame is None:
        return pd.Series(data=False, index=index)
    return pd.Series(hidden[key], index=layer.measured.frame.index).reindex(index, fill_value=False)


def _intervals(result: Result, known: pd.DataFrame) -> Uncertainty:
    """The intervals that the result's own order was drawn with, none where the number is hidden."""
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
