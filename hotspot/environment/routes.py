"""Roads and paths as short walkable segments, and where points lie on them."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from hotspot.errors import N_, TableError, Told

PIECE_M = 50.0  # longest segment: shorter than the gaps that matter, longer than two lamps apart
SNAP_LIMIT_M = 30.0  # beyond this a point is not said to lie on a way
TOUCH_M = 0.5  # ends closer than this meet: digitised, not surveyed
_SAME_M = 1e-9  # a corner this close to a cut is the cut
_APART = ("tunnel", "bridge")  # cross other ways without meeting them

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


class Segments(NamedTuple):
    """Roads cut at their junctions into short pieces.

    Attributes
    ----------
    frame : GeoDataFrame
        One row per segment, index ``segment_id``: ``road_id, kind, name, lit, start_m, end_m, length_m,
        from_node, to_node, geometry``.
    findings : tuple of Told
        Roads that could not be used.
    """

    frame: gpd.GeoDataFrame
    findings: tuple[Told, ...]


class Snapped(NamedTuple):
    """The way each point lies on.

    Attributes
    ----------
    frame : DataFrame
        On the index of the points: ``segment_id`` (missing beyond the limit), ``distance_m``, ``along_m``.
    findings : tuple of Told
        How many points lie on no way.
    """

    frame: pd.DataFrame
    findings: tuple[Told, ...]


def split_roads(roads: gpd.GeoDataFrame, *, piece_m: float = PIECE_M) -> Segments:
    """Cut roads and paths at their junctions and into pieces short enough to describe one by one.

    Parameters
    ----------
    roads
        ``road_id, kind, name, lit, geometry`` (LineString), metric coordinates.
    piece_m
        Longest piece. [m]

    Returns
    -------
    Segments
        Pieces of at most ``piece_m``, named ``<road_id>:<metres from the road's start>``, so that neither the
        row order nor other roads far away change a name. Nodes are numbered from south-west to north-east.

    Raises
    ------
    TableError
        When a ``road_id`` occurs twice.

    Notes
    -----
    Roads meet where an end comes within 0.5 m of another road, and where two cross, except that a tunnel or a
    bridge meets others only at its own ends or at theirs.
    """
    _require_unique(roads["road_id"])
    usable = ~(roads.geometry.isna() | roads.geometry.is_empty) & (roads.geometry.geom_type == "LineString")
    kept = roads[usable & (roads.geometry.length > 0.0)]
    lines = kept.geometry.to_numpy()
    owner, start, end = _cuts(lines, kept["kind"].isin(_APART).to_numpy(), piece_m)
    pieces = _stretches(lines, owner, start, end)
    names = [f"{road}:{a:.1f}" for road, a in zip(kept["road_id"].iloc[owner], start, strict=True)]
    frame = kept.iloc[owner][["road_id", "kind", "name", "lit"]]
    frame = frame.assign(start_m=start, end_m=end, length_m=end - start).set_index(pd.Index(names, name="segment_id"))
    table = gpd.GeoDataFrame(frame, geometry=pieces, crs=roads.crs).sort_index()
    table["from_node"], table["to_node"] = _nodes(table.geometry.to_numpy())
    lost = len(roads) - len(kept)
    sentence = N_("{n} {n:road has|roads have} no line to walk along and {n:is|are} left out.")
    return Segments(table, (Told(sentence, {"n": lost}),) if lost else ())


def points_along(lines: NDArray[np.object_], step_m: float) -> tuple[Floats, Whole, Floats]:
    """Evenly spaced points along lines, the first half a step in.

    Parameters
    ----------
    lines
        LineStrings, shape (n,).
    step_m
        Longest distance between neighbours. [m]

    Returns
    -------
    tuple of arrays
        Positions, shape (points, 2); the line each belongs to; the length of line it stands for, 0 for a line
        without length. A missing or empty line has no points.
    """
    length = np.nan_to_num(shapely.length(lines))
    exists = ~(shapely.is_missing(lines) | shapely.is_empty(lines))
    count = np.where(exists, np.maximum(1, np.ceil(length / step_m)), 0).astype(np.int64)
    owner = np.repeat(np.arange(len(lines)), count)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    stands_for = (length / np.maximum(count, 1))[owner]
    places = shapely.line_interpolate_point(lines[owner], (number + 0.5) * stands_for)
    return shapely.get_coordinates(places).reshape(-1, 2), owner, stands_for


def nearest_segment(points: gpd.GeoSeries, segments: gpd.GeoDataFrame, *, limit_m: float = SNAP_LIMIT_M) -> Snapped:
    """Which street or path each point lies on.

    Parameters
    ----------
    points
        Points in the segments' reference system.
    segments
        As ``split_roads(...).frame``.
    limit_m
        Farthest a point may lie from its segment. [m]

    Returns
    -------
    Snapped
        Segment, distance to it and metres from its start to the nearest place on it; missing and NaN where no
        segment lies within the limit or the point has no position. Of equally near ones the first by name.
    """
    result = pd.DataFrame(
        {
            "segment_id": pd.Series(pd.NA, index=points.index, dtype=object),
            "distance_m": np.nan,
            "along_m": np.nan,
        },
        index=points.index,
    )
    places = points.to_numpy()
    lines = segments.geometry.to_numpy()
    at, found = shapely.STRtree(lines).query_nearest(places, max_distance=limit_m, all_matches=True)
    names = segments.index.to_numpy()[found].astype(str)
    order = np.lexsort((names, at))
    at, found = at[order], found[order]
    first = np.unique(at, return_index=True)[1]
    at, found = at[first], found[first]
    result.iloc[at, 0] = segments.index.to_numpy()[found]
    result.iloc[at, 1] = shapely.distance(places[at], lines[found])
    result.iloc[at, 2] = shapely.line_locate_point(lines[found], places[at])
    lost = len(points) - len(at)
    sentence = N_("{n} of {total} {total:point|points} {n:lies|lie} more than {limit_m} m from any way.")
    values = {"n": lost, "total": len(points), "limit_m": limit_m}
    return Snapped(result, (Told(sentence, values),) if lost else ())


def _stretches(lines: NDArray[np.object_], owner: Whole, start: Floats, end: Floats) -> NDArray[np.object_]:
    """Cut stretches out of lines, each given by its line and the metres at which it starts and ends."""
    if not len(owner):
        return np.zeros(0, dtype=object)
    corners, line = shapely.get_coordinates(lines, return_index=True)
    steps = np.append(0.0, np.hypot(*np.diff(corners, axis=0).T))
    first = np.searchsorted(line, np.arange(len(lines)))
    travelled = np.cumsum(steps)
    along = travelled - travelled[first][line]  # metres from each line's own start
    many = np.bincount(line, minlength=len(lines))[owner]  # every corner of the line, for every stretch of it
    piece = np.repeat(np.arange(len(owner)), many)
    corner = np.arange(len(piece)) - np.repeat(np.cumsum(many) - many, many) + first[owner][piece]
    inner = (along[corner] > start[piece] + _SAME_M) & (along[corner] < end[piece] - _SAME_M)
    piece, corner = piece[inner], corner[inner]
    every = np.arange(len(owner))
    ends = [shapely.get_coordinates(shapely.line_interpolate_point(lines[owner], at)) for at in (start, end)]
    member = np.concatenate([every, piece, every])
    place = np.concatenate([start, along[corner], end])
    order = np.lexsort((place, member))
    return np.asarray(shapely.linestrings(np.vstack([ends[0], corners[corner], ends[1]])[order], indices=member[order]))


def _cuts(lines: NDArray[np.object_], apart: NDArray[np.bool_], piece_m: float) -> tuple[Whole, Floats, Floats]:
    """Road, start and end of every piece."""
    length = shapely.length(lines)
    road, position = _junctions(lines, apart)
    inner = (position > TOUCH_M) & (position < length[road] - TOUCH_M)
    every = np.arange(len(lines))
    road = np.concatenate([every, road[inner], every])
    position = np.concatenate([np.zeros(len(lines)), position[inner], length])
    order = np.lexsort((position, road))
    road, position = road[order], position[order]
    fresh = np.append(True, (road[1:] != road[:-1]) | (np.diff(position) > TOUCH_M)) if len(road) else road > 0
    road, position = road[fresh], position[fresh]
    same = road[1:] == road[:-1]
    owner, first, last = road[:-1][same], position[:-1][same], position[1:][same]
    count = np.ceil(np.round((last - first) / piece_m, 9)).astype(np.int64)
    which = np.repeat(np.arange(len(owner)), count)
    number = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    step = ((last - first) / count)[which]
    return owner[which], first[which] + number * step, first[which] + (number + 1) * step


def _junctions(lines: NDArray[np.object_], apart: NDArray[np.bool_]) -> tuple[Whole, Floats]:
    """Road and position along it of every meeting with another road, in any order and with repeats."""
    tree = shapely.STRtree(lines)
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    end, touched = tree.query(ends, predicate="dwithin", distance=TOUCH_M)
    roads, positions = [touched], [shapely.line_locate_point(lines[touched], ends[end])]
    a, b = tree.query(lines, predicate="intersects")
    crossing = (a < b) & ~(apart[a] | apart[b])
    a, b = a[crossing], b[crossing]
    places, pair = shapely.get_parts(shapely.intersection(lines[a], lines[b]), return_index=True)
    for side in (0, -1):  # the two ends of a shared stretch; a crossing is its own end
        spots = shapely.points(_end_coordinates(places, side))
        for one in (a[pair], b[pair]):
            roads.append(one)
            positions.append(shapely.line_locate_point(lines[one], spots))
    return np.concatenate(roads).astype(np.int64), np.concatenate(positions)


def _end_coordinates(places: NDArray[np.object_], side: int) -> Floats:
    """First or last coordinate of points and lines."""
    coordinates, index = shapely.get_coordinates(places, return_index=True)
    last = side == -1
    where = np.searchsorted(index, np.arange(len(places)), side="right" if last else "left") - int(last)
    ends: Floats = coordinates[where].reshape(-1, 2)
    return ends


def _nodes(lines: NDArray[np.object_]) -> tuple[Whole, Whole]:
    """Number the places where pieces end; ends within reach of each other are one place."""
    ends = shapely.get_coordinates(np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)]))
    if not len(ends):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    near = cKDTree(ends).query_pairs(TOUCH_M, output_type="ndarray")
    links = coo_array((np.ones(len(near)), (near[:, 0], near[:, 1])), shape=(len(ends), len(ends)))
    group = connected_components(links, directed=False)[1]
    order = np.lexsort((ends[:, 0], ends[:, 1]))
    seen, first = np.unique(group[order], return_index=True)
    rank = np.empty(len(seen), dtype=np.int64)
    rank[seen[np.argsort(first)]] = np.arange(len(seen))
    numbers = rank[group]
    return numbers[: len(lines)], numbers[len(lines) :]


def _require_unique(road_id: pd.Series) -> None:
    twice = road_id[road_id.duplicated()]
    if len(twice):
        raise TableError(
            "Every road has a road_id of its own.",
            "{road_id} occurs more than once ({n} such rows)",
            "Number the roads again before importing them.",
            road_id=str(twice.iloc[0]),
            n=len(twice),
        )
