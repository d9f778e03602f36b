"""Light as one meets it on foot: mean, darkest spot and longest dark gap of each path segment."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotspot.environment.lamps import LightPoints
from hotspot.environment.light import contributions_at, illuminance_at
from hotspot.environment.photometry import LAMBERT, UNIFORM_DISC
from hotspot.environment.routes import TOUCH_M, points_along

STEP_M = 2.5  # between sample points; EN 13201-3 asks for 3 m or less
DARK_LX = 2.0  # below this a used path feels clearly less safe than by day (Fotios 2018; as a limit an assumption)
SEVERE_LX = 0.4  # below the lowest class of EN 13201-2 for paths, P6
P_CLASSES = (  # EN 13201-2:2015, maintained mean and minimum [lx]
    ("P1", 15.0, 3.00),
    ("P2", 10.0, 2.00),
    ("P3", 7.5, 1.50),
    ("P4", 5.0, 1.00),
    ("P5", 3.0, 0.60),
    ("P6", 2.0, 0.40),
)
BELOW_CLASSES = "below P6"

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


def segment_light(
    segments: gpd.GeoDataFrame, lamps: LightPoints, coverage: BaseGeometry, *, step_m: float = STEP_M
) -> pd.DataFrame:
    """How well lit each path segment is, and how long one walks in the dark on it.

    Parameters
    ----------
    segments
        As ``split_roads(...).frame``; without ``road_id`` and ``start_m`` every row stands alone.
    lamps
        Lamps in the state asked for, as from `light_points`.
    coverage
        Where the inventory is complete.
    step_m
        Longest distance between sample points. [m]

    Returns
    -------
    DataFrame
        On the index of ``segments``: ``mean_lx, min_lx, uniformity`` (min / mean, NaN when the mean is 0),
        ``dark_m`` and ``severe_m`` (metres of the segment below 2.0 and 0.4 lx), ``dark_gap_m`` and
        ``severe_gap_m`` (longest unbroken dark stretch that touches the segment, followed along the same road
        over its neighbours), ``indicative_class``, and ``mean_lx_disc, min_lx_disc, dark_m_disc,
        dark_gap_m_disc``: the same with light thrown evenly sideways. All NaN where any part of the segment
        lies outside the coverage or within reach of a lamp of unknown output, or there is no line.

    Notes
    -----
    Lambert is the default and pessimistic between lamps, the disc the optimistic end: tell both.
    ``indicative_class`` compares with the mean and the minimum of EN 13201-2 classes P1 to P6 and is never a
    statement of compliance: no photometric file, no glare, no uniformity guard. A dark gap ends where the
    road ends, where light is unknown, and at junctions with other roads it goes on along its own.

    References
    ----------
    EN 13201-2:2015. Fotios, Monteiro and Uttley (2018), Lighting Research and Technology.
    """
    points, owner, stands_for = points_along(segments.geometry.to_numpy(), step_m)
    samples = _Samples(owner, stands_for, *_walk(segments, owner), len(segments))
    lambert = _described(samples, illuminance_at(points, lamps, coverage, LAMBERT))
    disc = _described(samples, illuminance_at(points, lamps, coverage, UNIFORM_DISC))
    frame = pd.DataFrame(lambert, index=segments.index)
    frame["indicative_class"] = indicative_class(frame["mean_lx"], frame["min_lx"])
    for column in ("mean_lx", "min_lx", "dark_m", "dark_gap_m"):
        frame[f"{column}_disc"] = disc[column]
    return frame


def indicative_class(mean_lx: pd.Series, min_lx: pd.Series) -> pd.Series:
    """Which lighting class for paths the mean and the darkest spot would reach, as an indication only.

    Parameters
    ----------
    mean_lx, min_lx
        Mean and minimum of each segment, on one index. [lx]

    Returns
    -------
    Series
        ``P1`` to ``P6`` of EN 13201-2:2015 or ``below P6``; missing where the light is not known.
    """
    names = pd.Series(BELOW_CLASSES, index=mean_lx.index, dtype=object, name="indicative_class")
    for name, mean_least, min_least in reversed(P_CLASSES):
        names[(mean_lx >= mean_least) & (min_lx >= min_least)] = name
    return names.where(mean_lx.notna() & min_lx.notna(), None)


def contributing_lamps(
    segments: gpd.GeoDataFrame, lamps: LightPoints, *, least_share: float = 0.01, step_m: float = STEP_M
) -> pd.DataFrame:
    """Which lamps light each segment, and with what share of its light.

    Parameters
    ----------
    segments
        Lines on the caller's index.
    lamps
        Lamps in the state asked for.
    least_share
        Lamps with a smaller share of a segment's light are left out, 0 to 1.
    step_m
        Longest distance between sample points. [m]

    Returns
    -------
    DataFrame
        ``segment_id, lamp_id, lux, share`` with the mean over the segment [lx], brightest first within each
        segment. A lamp of unknown output is listed with NaN; a segment without light has no rows.
    """
    points, owner, _ = points_along(segments.geometry.to_numpy(), step_m)
    at, lamp, lux = contributions_at(points, lamps, LAMBERT)
    pairs = pd.DataFrame({"segment": owner[at], "lamp": lamp, "lux": lux})
    table = pairs.groupby(["segment", "lamp"]).agg(lux=("lux", "mean"), seen=("lux", "size")).reset_index()
    table["lux"] *= table["seen"] / np.bincount(owner, minlength=len(segments))[table["segment"]]
    table["share"] = table["lux"] / table.groupby("segment")["lux"].transform("sum")
    table = table[~(table["share"] < least_share)]
    table = table.sort_values(["segment", "lux", "lamp"], ascending=[True, False, True])
    return pd.DataFrame(
        {
            "segment_id": segments.index.to_numpy()[table["segment"]],
            "lamp_id": lamps.lamp_id[table["lamp"]],
            "lux": table["lux"].to_numpy(),
            "share": table["share"].to_numpy(),
        }
    )


class _Samples(NamedTuple):
    """Sample points of all segments and the order in which one passes them."""

    owner: Whole
    stands_for: Floats
    order: Whole
    fresh: NDArray[np.bool_]
    segments: int


def _walk(segments: gpd.GeoDataFrame, owner: Whole) -> tuple[Whole, NDArray[np.bool_]]:
    """The points in walking order, and where in it a stretch begins that continues nothing."""
    if not {"road_id", "start_m", "end_m"} <= set(segments.columns):
        order = np.arange(len(owner))
        return order, np.append(True, owner[1:] != owner[:-1])[: len(owner)]
    start, end = segments["start_m"].to_numpy(np.float64), segments["end_m"].to_numpy(np.float64)
    road = pd.factorize(segments["road_id"])[0]
    passed = np.lexsort((start, road))
    rank = np.empty(len(segments), dtype=np.int64)
    rank[passed] = np.arange(len(segments))
    joined = np.zeros(len(segments), dtype=np.bool_)
    after, before = passed[1:], passed[:-1]
    joined[after] = (road[after] == road[before]) & (np.abs(start[after] - end[before]) <= TOUCH_M)
    order = np.argsort(rank[owner], kind="stable")
    ordered = owner[order]
    first = np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]
    return order, first & ~joined[ordered]


def _described(samples: _Samples, lux: Floats) -> dict[str, Floats]:
    """Every figure of `segment_light` for one way of spreading light."""
    owner, n = samples.owner, samples.segments
    count = np.bincount(owner, minlength=n)
    known = (count > 0) & (np.bincount(owner, weights=np.isnan(lux), minlength=n) == 0)
    mean = np.bincount(owner, weights=np.nan_to_num(lux), minlength=n) / np.maximum(count, 1)
    least = np.full(n, np.inf)
    np.minimum.at(least, owner, np.nan_to_num(lux))
    figures = {
        "mean_lx": mean,
        "min_lx": least,
        "uniformity": np.divide(least, mean, out=np.full(n, np.nan), where=known & (mean > 0.0)),
    }
    for word, limit in (("dark", DARK_LX), ("severe", SEVERE_LX)):
        below = lux < limit
        figures[f"{word}_m"] = np.bincount(owner, weights=samples.stands_for * below, minlength=n)
        figures[f"{word}_gap_m"] = _longest_run(samples, below)
    return {name: np.where(known, values, np.nan) for name, values in figures.items()}


def _longest_run(samples: _Samples, below: NDArray[np.bool_]) -> Floats:
    """Length of the longest unbroken run that touches each segment. [m]"""
    dark = below[samples.order]
    before = np.append(False, dark[:-1])[: len(dark)]
    run = np.cumsum(dark & (~before | samples.fresh))
    length = np.bincount(run, weights=samples.stands_for[samples.order] * dark, minlength=1)
    longest = np.zeros(samples.segments)
    np.maximum.at(longest, samples.owner[samples.order], np.where(dark, length[run], 0.0))
    return longest
