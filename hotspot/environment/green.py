"""Green along paths with two signs: what conceals, and what is pleasant."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspot.environment.sight import segment_prospect, segment_refuges
from hotspot.errors import N_, Told

CONCEALS = ("understory", "dense", "screen", "medium")
"""Height classes that one cannot see over or under (METHODS 3.3, a proposal from the type codes)."""
OPEN = ("low", "canopy")
_SOLID_FENCE = "screen"
_NEAR_M, _MID_M, _VIEW_M = 5.0, 10.0, 20.0  # METHODS 3.1 buffers (assumption); pleasant green within a glance
_HEDGE_M = 0.5  # half the width given to hedges drawn as lines (assumption)
_HALF = 0.5  # a strip half full of understory counts as full
_SIGHT_LOST_M, _SIGHT_GOOD_M = 25.0, 40.0  # of 50 m looked at
_REFUGE_EVERY_M = 10.0
_BEST = 3.0

Floats = NDArray[np.float64]


class GreenAlong(NamedTuple):
    """Green along each segment.

    Attributes
    ----------
    frame : DataFrame
        On the index of the segments: ``understory_near`` and ``understory_mid`` (share of the strips 0 to 5 and 5 to
        10 m), ``open_green`` (share within 20 m), ``condition`` (1 bad to 3 good), ``prospect_m``, ``sight_lost_m``,
        ``refuges_green``, ``concealing`` and ``pleasant`` (0 to 1).
    findings : tuple of Told
        What was assumed.
    """

    frame: pd.DataFrame
    findings: tuple[Told, ...]


def green_along(segments: gpd.GeoDataFrame, green: gpd.GeoDataFrame, buildings: NDArray[np.object_]) -> GreenAlong:
    """How much does green conceal along each path, and how pleasant is it?

    Parameters
    ----------
    segments
        As ``split_roads(...).frame``.
    green
        ``kind, height_class, condition, geometry``, metric coordinates.
    buildings
        Houses that block the view.

    Returns
    -------
    GreenAlong
        Scores and their parts.

    Notes
    -----
    concealing = (2 understory + sight lost + refuges) / 4, each part scaled to 1: a strip of 5 m half full of
    understory, 25 m of sight taken by vegetation, one hidden square for every 10 m. pleasant = open green (full
    at half of 20 m on both sides) times the mean of condition and free sight. The parts follow prospect and
    refuge; their weights are an assumption. A hedge hides the park behind it: both may be high in one place.

    References
    ----------
    Fisher and Nasar (1992), Environment and Behavior 24; Nasar, Fisher and Grannis (1993).
    """
    lines = np.asarray(segments.geometry.array)
    shapes = _solid(np.asarray(green.geometry.array))
    conceals = green["height_class"].isin(CONCEALS).to_numpy() & ~_fences(green)
    walls = green["height_class"].eq(_SOLID_FENCE).to_numpy() & _fences(green)
    open_ = green["height_class"].isin(OPEN).to_numpy()
    near, mid = _strips(lines, 0.0, _NEAR_M), _strips(lines, _NEAR_M, _MID_M)
    obstacles = np.concatenate([buildings, shapes[walls]])
    frame = pd.DataFrame(
        {
            "understory_near": _share(near, shapes[conceals]),
            "understory_mid": _share(mid, shapes[conceals]),
            "open_green": _share(_strips(lines, 0.0, _VIEW_M), shapes[open_]),
            "condition": _condition(_strips(lines, 0.0, _VIEW_M), shapes, green["condition"].to_numpy(float)),
        },
        index=segments.index,
    )
    sight = segment_prospect(segments, obstacles, shapes[conceals])
    refuges = segment_refuges(segments, obstacles, shapes[conceals])
    frame = frame.join(sight[["prospect_m", "sight_lost_m"]]).join(refuges[["refuges_green"]])
    length = pd.Series(shapely.length(lines), index=segments.index)
    frame["concealing"] = _concealing(frame, length)
    frame["pleasant"] = _pleasant(frame)
    return GreenAlong(frame, _told(green))


def _fences(green: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    return np.asarray(green["kind"].eq("fence").to_numpy(), dtype=bool)


def _solid(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Give hedges drawn as lines, and trees drawn as points, the ground they take."""
    flat = shapely.get_dimensions(shapes) < 2  # noqa: PLR2004 - no surface
    made = shapes.copy()
    made[flat] = shapely.buffer(shapes[flat], _HEDGE_M)
    return made


def _strips(lines: NDArray[np.object_], inner_m: float, outer_m: float) -> NDArray[np.object_]:
    outer = shapely.buffer(lines, outer_m, cap_style="flat")
    return outer if not inner_m else shapely.difference(outer, shapely.buffer(lines, inner_m, cap_style="flat"))


def _share(strips: NDArray[np.object_], shapes: NDArray[np.object_]) -> Floats:
    """Share of each strip that the shapes cover, where they overlap counted once."""
    area = shapely.area(strips)
    if not len(shapes):
        return np.where(area > 0, 0.0, np.nan)
    strip, shape = shapely.STRtree(shapes).query(strips, predicate="intersects")
    parts = shapely.intersection(strips[strip], shapes[shape])
    total = np.bincount(strip, weights=shapely.area(parts), minlength=len(strips))
    for crowded in np.flatnonzero(np.bincount(strip, minlength=len(strips)) > 1):
        total[crowded] = shapely.area(shapely.union_all(parts[strip == crowded]))
    return np.where(area > 0, np.minimum(total / np.where(area > 0, area, 1.0), 1.0), np.nan)


def _condition(strips: NDArray[np.object_], shapes: NDArray[np.object_], condition: Floats) -> Floats:
    """Mean condition of the green in each strip by area; NaN where it is not known."""
    known = np.isfinite(condition)
    if not known.any():
        return np.full(len(strips), np.nan)
    strip, shape = shapely.STRtree(shapes[known]).query(strips, predicate="intersects")
    size = shapely.area(shapely.intersection(strips[strip], shapes[known][shape]))
    total = np.bincount(strip, weights=size, minlength=len(strips))
    mean = np.bincount(strip, weights=size * condition[known][shape], minlength=len(strips))
    return np.where(total > 0, mean / np.where(total > 0, total, 1.0), np.nan)


def _concealing(frame: pd.DataFrame, length: pd.Series) -> pd.Series:
    understory = (frame["understory_near"] / _HALF).clip(0.0, 1.0)
    lost = (frame["sight_lost_m"] / _SIGHT_LOST_M).clip(0.0, 1.0)
    hidden = (frame["refuges_green"] / (length / _REFUGE_EVERY_M).where(length > 0)).clip(0.0, 1.0)
    return (2 * understory + lost + hidden) / 4


def _pleasant(frame: pd.DataFrame) -> pd.Series:
    amount = (frame["open_green"] / _HALF).clip(0.0, 1.0)
    kept = (frame["condition"] - 1.0) / (_BEST - 1.0)
    clear = (frame["prospect_m"] / _SIGHT_GOOD_M).clip(0.0, 1.0)
    return amount * pd.concat([kept, clear], axis=1).mean(axis=1)


def _told(green: gpd.GeoDataFrame) -> tuple[Told, ...]:
    unknown = int(green["height_class"].isna().sum())
    told = [
        Told(N_("Heights of green are taken from its type, not measured; how the parts are weighted is an assumption."))
    ]
    if unknown:
        told.append(
            Told(
                N_("{n} green {n:area has|areas have} no known height class and {n:counts|count} as neither."),
                {"n": unknown},
            )
        )
    return tuple(told)
