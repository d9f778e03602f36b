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
from hotspot.release.suppression import hide

Mask = npt.NDArray[np.bool_]
_KEPT_TEXT = ("name", "kind", "owner", "area_id", "indicative_class")
CANNOT_TELL_A_COUNT = ("hot", "busy", "cold", "not significant", "too few data", "undefined", "no neighbours")


def hidden_rows(frame: pd.DataFrame, groups: Iterable[npt.NDArray[np.int64]], k: int) -> Mask:
    """Say which rows of a layer to hide for their count.

    Parameters
    ----------
    frame
        A layer's table; without a column ``n`` nothing is hidden.
    groups
        Positions of rows whose total is shown.
    k
        Smallest count shown.

    Returns
    -------
    array of bool, shape (rows,)
        True where hidden.
    """
    if "n" not in frame or not k:
        return np.zeros(len(frame), dtype=bool)
    return hide(frame["n"].to_numpy(float), groups, k)


def blanked(frame: pd.DataFrame, hidden: Mask, *, keeps_class: bool = False) -> pd.DataFrame:
    """Return a table with hidden rows emptied of everything derived from their count.

    Parameters
    ----------
    frame
        A layer's table.
    hidden
        Which rows.
    keeps_class
        Whether the class stays: a class of a tested cell comes from nine cells together and tells no small count.

    Returns
    -------
    DataFrame
        The same rows, numbers NaN and texts missing where hidden, plus the column ``hidden``.
    """
    shown = frame.copy()
    for name in shown.columns:
        if name in _KEPT_TEXT or (keeps_class and name == "klass") or name == "geometry":
            continue
        blank = np.nan if pd.api.types.is_numeric_dtype(shown[name]) else None
        shown[name] = shown[name].astype(float if blank is not None else object).mask(hidden, blank)
    return shown.assign(hidden=hidden)


def masked_surface(surface: Surface, k: int) -> tuple[Surface, Mask]:
    """Return a surface without the pixels that too few incidents, answers or addresses carry.

    Parameters
    ----------
    surface
        As measured.
    k
        Smallest effective count and number of addresses shown; surfaces that no person stands behind pass whole.

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
    error = None if surface.error is None else np.where(few, np.nan, surface.error)
    masked = replace(surface, values=np.where(few, np.nan, surface.values), error=error, effective=None, places=None)
    return masked, few


def shown_hotspots(hotspots: gpd.GeoDataFrame, places: pd.DataFrame, k: int, *, hours: bool) -> gpd.GeoDataFrame:
    """Return the hot spots that one may see, with what may be said of them.

    Parameters
    ----------
    hotspots
        As in a result.
    places
        Geometry and count ``n`` per place, hidden counts missing.
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
    hidden = np.array([_gives_away(row, places, k) for _, row in spots.iterrows()], dtype=bool)
    for name in ("n", "addresses", "expected", "ratio", "lower", "upper", "pvalue", "qvalue", "dark_share"):
        spots[name] = spots[name].astype(float).mask(hidden)
    spots["by_category"] = [  # type: ignore[assignment]  # the stubs are narrower than the library
        {} if hide_all else _parts(each, k) for each, hide_all in zip(spots["by_category"], hidden, strict=True)
    ]
    if not hours:
        spots["hours"] = [()] * len(spots)
        few_dark = spots["n"] * np.minimum(spots["dark_share"], 1 - spots["dark_share"]) < k
        spots["dark_share"] = spots["dark_share"].mask(few_dark)
    return gpd.GeoDataFrame(spots.assign(hidden=hidden), geometry="geometry", crs=hotspots.crs)


def _gives_away(row: pd.Series, places: pd.DataFrame, k: int) -> bool:
    """Say whether a hot spot's count and its place's leave a small rest, or its own count is small."""
    if not k:
        return False
    if 0 < row["n"] < k:
        return True
    if row["area_id"] not in places.index:
        return False
    rest = places.loc[row["area_id"], "n"] - row["n"]
    return bool(0 < rest < k)


def _parts(parts: Mapping[str, float], k: int) -> dict[str, float]:
    """Return counts by category, those too small to show missing as NaN."""
    if not k or not parts:
        return dict(parts)
    counts = np.array(list(parts.values()))
    hidden = hide(counts, [np.arange(len(counts))], k)
    return {name: float("nan") if gone else value for (name, value), gone in zip(parts.items(), hidden, strict=True)}


def without_small(sentences: Iterable[Told], k: int) -> tuple[Told, ...]:
    """Return sentences whose small counts are said as "fewer than".

    Parameters
    ----------
    sentences
        Findings and notes.
    k
        Smallest count shown.

    Returns
    -------
    tuple of Told
        The same sentences; a whole number between 0 and ``k`` under the name ``n`` is told as "fewer than k".
    """
    return tuple(
        Told(each.template, {name: _small(name, value, k) for name, value in each.values.items()}) for each in sentences
    )


def _small(name: str, value: Any, k: int) -> Any:  # noqa: ANN401 - any printable value
    if name == "n" and isinstance(value, int | float) and 0 < value < k:
        return Told(N_("fewer than {k}"), {"k": k})
    return value
