"""Tolerance contours on the map of a relative risk: lines of p, drawn from what the audience may see."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.errors import N_
from hotspot.glossary import Language, words
from hotspot.measures.contours import FEWER, MORE, tolerance_contours
from hotspot.measures.dark_ratio import FEWER_DARK, MORE_DARK
from hotspot.release.contract import Release
from hotspot.report.words import class_name
from hotspot.stats.adaptive_density import Frame
from hotspot.stats.relative_risk import RelativeRisk

LINES_TITLE = N_("p at each place by itself; some lines come by chance")
LEVELS = (0.01, 0.05)  # of the usual ones two, so that lines stay apart (assumption)
_SIDES = {"dark_ratio": {MORE: MORE_DARK, FEWER: FEWER_DARK}}  # measure: what its sides are called
_NAMED = N_("{side}: p = {level}")
_THICK, _THIN = 2.8, 1.4


class Stroke(NamedTuple):
    """How one line is drawn.

    Parameters
    ----------
    side
        ``"more"`` or ``"fewer"``.
    level
        Its p.
    width
        Wider for what is less likely to be chance. [pixel]
    dashed
        Whether it is; of two sides one is, so that no colour is needed to tell them apart.
    """

    side: str
    level: float
    width: float
    dashed: bool


STROKES = tuple(
    Stroke(side, level, _THICK if level == min(LEVELS) else _THIN, side == FEWER)
    for side in (MORE, FEWER)
    for level in LEVELS
)


def contour_lines(release: Release, key: str) -> gpd.GeoDataFrame:
    """Draw the tolerance contours of a relative risk: lines of p, each cell by itself.

    Parameters
    ----------
    release
        What the audience may see.
    key
        A key of its layers.

    Returns
    -------
    GeoDataFrame
        One row for each of `STROKES` that is reached: ``side``, ``level`` and ``geometry`` (multi-line, in the study's
        reference system), on its position among them. Empty for layers that have no such lines, for audiences that
        see no cells and where a cell is hidden.

    Notes
    -----
    Lines are drawn where no cell of the layer is hidden from the audience. Beside hidden cells they would be pieces
    that seem to end there, and drawn through them they would tell p in between: a line is as fine as the edge of a
    mask. Classes that may be told, after correction, colour those cells all the same. Lines come from the table that
    the audience sees, in the steps that it is told in, so they tell nothing that the table does not.

    They are lines of p, without a correction for how many cells are looked at, so more lies within them than is
    coloured. A ratio told as 1 has the side that its interval reaches to; where that says none, there is no line.
    """
    shown, cells = release.layers[key], release.geometry.get("cells")
    if shown.spec.measure not in _SIDES or shown.frame is None or cells is None or cells.empty:
        return _none(release)
    if shown.frame["hidden"].any():
        return _none(release)
    side = release.study.cell_m
    corners = cells.bounds.reindex(shown.frame.index)
    west, north = float(corners["minx"].min()), float(corners["maxy"].max())
    col = np.rint((corners["minx"] - west) / side).to_numpy(dtype=np.int64)
    row = np.rint((north - corners["maxy"]) / side).to_numpy(dtype=np.int64)
    shape = int(row.max()) + 1, int(col.max()) + 1
    ratio, p = _sided(shown.frame), shown.frame["pvalue"].to_numpy(dtype=float)
    ratio[(ratio == 0) & (p <= max(LEVELS))] = np.nan
    surfaces = np.full((2, *shape), np.nan)
    surfaces[:, row, col] = ratio, p
    risk = RelativeRisk(surfaces[0], np.full(shape, np.nan), surfaces[1])
    place = Frame((west, north), side, shape, np.isfinite(surfaces[1]))
    found = tolerance_contours(risk, place, release.place.crs, LEVELS)
    order = {(each.side, each.level): at for at, each in enumerate(STROKES)}
    at = [order[key] for key in zip(found["side"], found["level"], strict=True)]
    return found.set_index(pd.Index(at, dtype=int))[["side", "level", "geometry"]].sort_index()


def contour_frame(release: Release) -> gpd.GeoDataFrame:
    """Return the lines of all layers as a file holds them.

    Parameters
    ----------
    release
        What the audience may see.

    Returns
    -------
    GeoDataFrame
        ``layer``, ``side``, ``p_value`` and geometry; empty where no layer has any.
    """
    parts = [contour_lines(release, key).assign(layer=key) for key in release.layers]
    drawn = [part for part in parts if len(part)] or [_none(release).assign(layer="")]
    every = pd.concat(drawn, ignore_index=True).rename(columns={"level": "p_value"})
    frame = every[["layer", "side", "p_value", "geometry"]]
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=release.place.crs)


def stroke_names(key: str, release: Release, language: Language) -> list[str]:
    """Name each of `STROKES` for a legend.

    Parameters
    ----------
    key
        The layer.
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    list of str
        Such as "more after dark: p = 0.05"; none for a layer that has no lines.
    """
    sides, _ = _SIDES.get(release.layers[key].spec.measure), words(language)
    if sides is None:
        return []
    return [_(_NAMED, side=class_name(sides[each.side], language), level=each.level) for each in STROKES]


def _sided(frame: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return log ratios; of those told as 1 the middle of the interval, which says on which side of 1 they are."""
    with np.errstate(divide="ignore", invalid="ignore"):
        known = [np.log(frame[name].to_numpy(dtype=float)) for name in ("value", "lower", "upper")]
    middle = np.round((known[1] + known[2]) / 2, 9)  # 0.8 and 1.25 are equally far from 1
    return np.asarray(np.where(known[0] == 0, np.nan_to_num(middle), known[0]), dtype=np.float64)


def _none(release: Release) -> gpd.GeoDataFrame:
    empty: dict[str, list[object]] = {"side": [], "level": [], "geometry": []}
    return gpd.GeoDataFrame(empty, geometry="geometry", crs=release.place.crs)
