"""Hiding in tables: a hidden count takes everything derived from it along."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.errors import N_, Told
from hotspot.measures import Surface
from hotspot.release.linked import SPOT, Hidden

Mask = npt.NDArray[np.bool_]
_COUNTED = ("n", "low", "most")
_PERSONS = ("incidents", "responses")
STACKED = N_(
    "{n} rows lie on only {places} {places:place|places}: the source moves them to a house, a corner or the middle of "
    "a street, so a small place may be hot by that alone."
)
_TEN = 10.0  # twice the least count shown: METHODS 12, deterministic rounding against differences
_KEPT_TEXT = ("name", "kind", "owner", "area_id", "indicative_class")
CANNOT_TELL_A_COUNT = (
    *("hot", "busy", "cold", "not significant", "too few data", "undefined", "no neighbours"),
    *("no pattern", "hot, new or growing", "hot, lasting", "hot, off and on", "hot, fading or over"),
    *("more after dark", "fewer after dark"),  # smoothed over ten incidents and ten addresses at least
)


def blanked(frame: pd.DataFrame, hidden: Mask, *, keeps_class: bool = False) -> pd.DataFrame:
    """Return a table with hidden rows emptied of everything derived from their count.

    Parameters
    ----------
    frame
        A layer's table.
    hidden
        Which rows.
    keeps_class
        Whether a class stays that comes from nine cells together and tells no small count (`CANNOT_TELL_A_COUNT`);
        one that says that something happened right there goes.

    Returns
    -------
    DataFrame
        The same rows, numbers NaN and texts missing where hidden, plus the column ``hidden``.
    """
    shown = frame.copy()
    for name in shown.columns:
        if name in _KEPT_TEXT or name == "geometry":
            continue
        if keeps_class and name == "klass":
            shown[name] = shown[name].mask(hidden & ~shown[name].isin(CANNOT_TELL_A_COUNT), None)
            continue
        blank = np.nan if pd.api.types.is_numeric_dtype(shown[name]) else None
        shown[name] = shown[name].astype(float if blank is not None else object).mask(hidden, blank)
    return shown.assign(hidden=hidden)


def masked_surface(surface: Surface, k: int, besides: Mask | None = None, block: int = 1) -> tuple[Surface, Mask]:
    """Return a surface without the pixels that too few incidents, answers or addresses carry.

    Parameters
    ----------
    surface
        As measured.
    k
        Smallest effective count and number of addresses shown; surfaces that no person stands behind pass whole.
    besides : array of bool, optional
        Pixels hidden for another reason.
    block
        Pixels along a cell's side: a cell is shown whole or not at all. A finer edge would be drawn by circles around
        single addresses.

    Returns
    -------
    tuple
        The surface, and which pixels are hidden.
    """
    carried = [each for each in (surface.effective, surface.places) if each is not None]
    known = ~np.isnan(surface.values)
    if not k or not carried:
        return surface, np.zeros(surface.values.shape, dtype=bool)
    few = np.any([~(each >= k) for each in carried], axis=0) & known
    if besides is not None:
        few |= besides & known
    few = _in_blocks(few, block) & known
    error = None if surface.error is None else np.where(few, np.nan, surface.error)
    masked = replace(surface, values=np.where(few, np.nan, surface.values), error=error, effective=None, places=None)
    return masked, few


def _in_blocks(few: Mask, block: int) -> Mask:
    """Spread a mask over every block of pixels that it touches."""
    rows, cols = few.shape
    padded = np.pad(few, ((0, -rows % block), (0, -cols % block)))
    down, across = (side // block for side in padded.shape)
    touched = padded.reshape(down, block, across, block).any(axis=(1, 3))
    return np.asarray(touched.repeat(block, axis=0).repeat(block, axis=1)[:rows, :cols])


def shown_hotspots(hotspots: gpd.GeoDataFrame, linked: Hidden | None, k: int, *, hours: bool) -> gpd.GeoDataFrame:
    """Return the hot spots that one may see, with what may be said of them.

    Parameters
    ----------
    hotspots
        As in a result.
    linked
        Which counts are hidden; None hides none.
    k
        Smallest count shown.
    hours
        Whether hours are shown.

    Returns
    -------
    GeoDataFrame
        Without hot spots that fewer than ``k`` addresses carry; counts that a place's total would give away hidden.
    """
    spots = hotspots[~(hotspots["addresses"].astype(float) < k)].copy()
    hidden = np.zeros(len(spots), dtype=bool) if linked is None else linked.of(*((SPOT, each) for each in spots.index))
    counted = ("n", "addresses", "expected", "ratio", "lower", "upper", "pvalue", "qvalue", "dark_share", "stability")
    for name in counted:
        spots[name] = spots[name].astype(float).mask(hidden)
    spots["by_category"] = [  # type: ignore[assignment]  # the stubs are narrower than the library
        {} if hide_all else _parts(str(each), parts, linked)
        for each, parts, hide_all in zip(spots.index, spots["by_category"], hidden, strict=True)
    ]
    if not hours:
        for name in ("hours", "hours_dusk", "hours_dark"):
            spots[name] = [()] * len(spots)
        few_dark = spots["n"] * np.minimum(spots["dark_share"], 1 - spots["dark_share"]) < k
        spots["dark_share"] = spots["dark_share"].mask(few_dark)
    order = np.argsort(hidden, kind="stable")  # those without a number last, so that none is told by its neighbours
    order[len(hidden) - hidden.sum() :].sort()
    shown = spots.assign(hidden=hidden).iloc[order]
    return gpd.GeoDataFrame(shown, geometry="geometry", crs=hotspots.crs)


def in_tens(spots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return hot spots with their counts in tens, and nothing made from an exact count.

    Parameters
    ----------
    spots
        From `shown_hotspots`.

    Returns
    -------
    GeoDataFrame
        Exact counts of two recipes would tell what those few cells hold in which their hot spots differ; a difference
        of tens leaves at least nine counts possible.
    """
    shown = spots.copy()
    shown["n"] = (np.maximum(np.rint(spots["n"].astype(float) / _TEN), 1) * _TEN).astype(float)
    shown["ratio"] = shown["n"] / shown["expected"]
    for name in ("addresses", "lower", "upper", "pvalue", "qvalue", "dark_share", "stability"):
        shown[name] = np.nan
    shown["by_category"] = [{}] * len(shown)  # type: ignore[assignment]  # as above
    return shown


def _parts(hotspot_id: str, parts: Mapping[str, float], linked: Hidden | None) -> dict[str, float]:
    """Return counts by category, those that must not be shown missing as NaN."""
    if linked is None or not parts:
        return dict(parts)
    gone = dict(zip(parts, linked.of(*((SPOT, hotspot_id, code) for code in parts)), strict=True))
    shown = {code: n for code, n in parts.items() if not gone[code]}  # the most frequent first; the others by name
    return shown | {code: float("nan") for code in sorted(parts) if gone[code]}


def shown_evaluations(table: pd.DataFrame, k: int, changed: pd.Series | None = None) -> pd.DataFrame:
    """Return what earlier measures did, those with small counts without a number or anything made from one.

    Parameters
    ----------
    table
        As in a result.
    k
        Smallest count shown.
    changed
        Rows hidden for another reason.

    Returns
    -------
    DataFrame
        The same rows plus ``hidden``.
    """
    few = pd.Series(data=False, index=table.index) if changed is None else changed.copy()
    for name in ("n_before", "n_after"):
        if name in table:
            few |= (table[name] > 0) & (table[name] < k)
    shown = table.copy()
    for name in shown.select_dtypes("number").columns:
        shown[name] = shown[name].astype(float).mask(few)
    if few.any():
        said = Told(N_("Too few incidents to tell them here."))
        shown["verdict"] = [said if away else each for each, away in zip(shown["verdict"], few, strict=True)]  # type: ignore[assignment]  # as above
        shown["klass"] = shown["klass"].mask(few, "cannot be shown here")
        shown["caveats"] = [() if away else each for each, away in zip(shown["caveats"], few, strict=True)]
    return shown.assign(hidden=few)


def without_small(sentences: Iterable[Told], k: int, *, points: bool = True) -> tuple[Told, ...]:
    """Return sentences whose small counts are said as "fewer than".

    Parameters
    ----------
    sentences
        Findings and notes.
    k
        Smallest count shown.
    points
        Whether the reader may see single incidents.

    Returns
    -------
    tuple of Told
        The same sentences; a number between 0 and ``k`` under one of the names ``n``, ``low`` and ``most`` is told as
        "fewer than k", and a share that goes with it as that of ``k``. Who sees no single incident is not told where
        one lies, nor in which rows of a delivery: such lists are as long as the count. What a sentence quotes is
        treated as the sentence is.
    """
    told = sentences if points else (_without_points(each) for each in sentences)
    return tuple(Told(each.template, _without_small(each.values, k)) for each in told if each is not None)


def _without_points(sentence: Told) -> Told | None:
    """Take coordinates and rows of a delivery out of a sentence; None where nothing is left to say."""
    if {"x", "y"} & set(sentence.values):
        told = {name: sentence.values[name] for name in ("n", "places") if name in sentence.values}
        return Told(STACKED, told) if "places" in told else None
    quoted = {
        name: _without_points(value) or Told(N_("not told here"))
        for name, value in sentence.values.items()
        if isinstance(value, Told)
    }
    rows = {"rows": Told(N_("not told here"))} if isinstance(sentence.values.get("rows"), list | tuple) else {}
    return Told(sentence.template, {**sentence.values, **quoted, **rows})


def _without_small(values: Mapping[str, Any], k: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: Told(value.template, _without_small(value.values, k)) if isinstance(value, Told) else value
        for name, value in values.items()
    }
    for name in _COUNTED:
        n = told.get(name)
        if not isinstance(n, int | float) or not 0 < n < k:
            continue
        told[name] = Told(N_("fewer than {k}"), {"k": k})
        if name == "n" and isinstance(told.get("share"), float):
            told["share"] = told["share"] / n * k
    return told


def in_round_numbers(coverage: pd.DataFrame) -> pd.DataFrame:
    """Return the account of deliveries with rows of incidents and answers in tens.

    Parameters
    ----------
    coverage
        As in a run's record.

    Returns
    -------
    DataFrame
        The same rows. What is kept is still what was read less what was set aside. The exact number kept, less what
        the places hold, would tell the few that lie in none.
    """
    shown = coverage.copy()
    persons = shown["kind"].isin(_PERSONS)
    for name in ("read", "quarantined"):
        exact = shown[name].astype(float)
        tens = (exact / _TEN).round().clip(lower=1.0) * _TEN
        shown[name] = exact.mask(persons & (exact > 0), tens)
    shown["kept"] = shown["kept"].astype(float).mask(persons, (shown["read"] - shown["quarantined"]).clip(lower=0.0))
    return shown
