"""Which pieces of path and street may be coloured by the incidents along them, and what is told of those."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.environment.routes import nearest_segment
from hotspot.errors import N_, Told
from hotspot.layers import Layer
from hotspot.measures import MEASURES, Measured
from hotspot.measures.path_density import network_of
from hotspot.pipeline import Result
from hotspot.release.deliveries import named
from hotspot.release.earlier import Differences
from hotspot.release.ties import small_counts
from hotspot.stats.network_density import OnNetwork, network_density

LEAST_REACH_M = 100.0  # METHODS 12: a narrower kernel is not shown
LEFT_OUT = N_("Incidents that lie more than {limit_m} m from any way are left out.")
_AT_ONCE = 64  # ways of comparing worked out together, so that no table of all of them is held
_BEHIND = ("n", "effective_n", "addresses", "within")
Mask = npt.NDArray[np.bool_]


def on_ways(layer: Layer) -> bool:
    """Say whether a layer colours pieces of way by incidents along them.

    Parameters
    ----------
    layer
        Any layer.

    Returns
    -------
    bool
        False also for pieces of way that no person stands behind, such as light.
    """
    return layer.spec.support == "segments" and "incidents" in MEASURES[layer.spec.measure].needs


def hidden_ways(result: Result, k: int, before: Differences | None = None) -> Mapping[str, Mask]:
    """Say for every layer of incidents along ways which pieces are hidden.

    Parameters
    ----------
    result
        A run's result.
    k
        Smallest effective count and number of addresses shown.
    before
        How the result differs from what was released before.

    Returns
    -------
    mapping
        Layer key to an array of bool, shape (segments,). A stretch of a road about as long as a cell's side is shown
        whole or not at all, as cells are: the end of a finer one would be drawn by circles around single addresses. Of
        two layers that count some of the same incidents, the one that counts fewer is hidden where few make the
        difference.
    """
    frames = {key: layer.measured.frame for key, layer in result.layers.items() if on_ways(layer)}
    known = {key: frame for key, frame in frames.items() if frame is not None}
    hidden: dict[str, Mask] = {}
    for key in sorted(known, key=lambda each: -float(known[each]["within"].sum())):
        frame, layer = known[key], result.layers[key]
        few = ~((frame["effective_n"] >= k) & (frame["addresses"] >= k)).to_numpy()
        if layer.measured.facts.get("bandwidth_m", 0.0) < LEAST_REACH_M:
            few = np.ones(len(frame), dtype=bool)
        for other in hidden:
            few |= small_counts((known[other]["within"] - frame["within"]).abs().to_numpy(), k)
        if before is not None:
            few |= _told_along(result, layer, before, k)
            close = before.deliveries.close(of_ways(key, frame["within"]), k)
            few |= np.array([named("way", key, each) in close for each in frame.index], dtype=bool)
        hidden[key] = _whole_stretches(result, frame.index, few)
    return hidden


def of_ways(key: str, within: pd.Series) -> dict[str, float]:
    """Return how many incidents reach each piece of way, by what stands for it in the ledger.

    Parameters
    ----------
    key
        The layer.
    within
        Incidents, by piece; those that none reaches are left out.

    Returns
    -------
    dict
        Key to count.
    """
    return {named("way", key, each): round(float(n), 6) for each, n in within[within > 0].items()}


def ways_told(result: Result, hidden: Mapping[str, Mask]) -> dict[str, float]:
    """Return what the ledger remembers of the pieces of way that are shown.

    Parameters
    ----------
    result
        A run's result.
    hidden
        Layer key to which rows are hidden.

    Returns
    -------
    dict
        Key to count.
    """
    told: dict[str, float] = {}
    for key, layer in result.layers.items():
        frame = layer.measured.frame
        if on_ways(layer) and frame is not None:
            told |= of_ways(key, frame["within"][~hidden[key]])
    return told


def told_of_ways(measured: Measured) -> Measured:
    """Return incidents along ways without what only those may know who see small counts.

    Parameters
    ----------
    measured
        As measured.

    Returns
    -------
    Measured
        The values alone: no count of a piece, none of the whole, and no share of those left out, from which their
        number would be worked out.
    """
    frame = pd.DataFrame() if measured.frame is None else measured.frame
    limits = [note.values["limit_m"] for note in measured.notes if "limit_m" in note.values]
    return Measured(
        frame=frame.drop(columns=[name for name in _BEHIND if name in frame]),
        notes=tuple(Told(LEFT_OUT, {"limit_m": each}) for each in limits),
        facts={name: value for name, value in measured.facts.items() if name != "n"},
    )


def _told_along(result: Result, layer: Layer, before: Differences, k: int) -> Mask:
    """Say at which pieces a comparison with earlier answers would tell of few incidents.

    The difference of two densities is the density of what differs, and is told by the same rule. Of a layer that
    counts a part of the incidents, any difference may be one of few.
    """
    asked, facts, segments = layer.spec.parameters, layer.measured.facts, result.segments
    codes = list(asked.get("categories", ()))
    part = bool(codes) or asked.get("light", "study") != "study"
    told = np.zeros(len(segments), dtype=bool)
    wanted = before.incidents["category"].isin(codes).to_numpy() | (not codes)
    wanted &= before.steps.any(axis=1)
    if not wanted.any():
        return told
    rows, steps = before.incidents[wanted], np.unique(np.abs(before.steps[wanted]), axis=1)
    snapped = nearest_segment(rows.geometry, segments).frame
    found = snapped["segment_id"].notna().to_numpy()
    piece = segments.index.get_indexer(pd.Index(snapped.loc[found, "segment_id"]))
    source = OnNetwork(piece, snapped.loc[found, "along_m"].to_numpy(dtype=float))
    ways, middles = network_of(segments)
    for first in range(0, steps.shape[1], _AT_ONCE):
        carried = network_density(
            ways, source, middles, facts["bandwidth_m"], weights=steps[found, first : first + _AT_ONCE],
            split=asked.get("split", "discontinuous"),
        )  # fmt: skip
        few = part | (carried.effective < k) | (carried.addresses < k)
        told |= ((carried.within > 0) & few).any(axis=1)
    return told


def _whole_stretches(result: Result, index: "pd.Index[str]", few: Mask) -> Mask:
    """Spread a mask over stretches of roads as long as a cell's side."""
    segments = result.segments.reindex(index)
    stretch = ((segments["start_m"] + segments["end_m"]) / 2.0) // result.grid.cell_m
    return np.asarray(pd.Series(few, index=index).groupby([segments["road_id"], stretch]).transform("any"), dtype=bool)
