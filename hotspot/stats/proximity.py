"""Who is a neighbour by nearness: areas that touch but for slivers, points within a distance, the nearest ones."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from hotspot.errors import HotspotError
from hotspot.stats.neighbours import Neighbours

# Digitising leaves gaps and overlaps of millimetres to centimetres between areas that share a border, while a path
# between them is metres wide: anything in between will do (a judgement).
GAP_M = 0.1

# Distances that differ by less than this share are the same distance.
_SAME = 1e-9


def touching_areas(shapes: ArrayLike, gap_m: float = GAP_M) -> Neighbours:
    """Which areas share a border or a corner, gaps and overlaps of digitising aside?

    Parameters
    ----------
    shapes
        Shape (areas,). Polygons in one metric reference system; a missing or empty one is an island.
    gap_m
        Widest gap that still counts as touching; 0 for contiguity to the last digit. [m]

    Returns
    -------
    Neighbours
        Every link counting one, both ways.

    Raises
    ------
    HotspotError
        When the gap is negative or not finite.

    Notes
    -----
    i and j touch where the distance between them = 0, or is at most gap_m.
    Contiguity to the last digit makes islands of areas that a millimetre parts, and a test then says nothing of
    them. Areas that truly lie apart stay islands: `with_nearest` attaches them where that is wanted. An area that
    lies inside another touches it.

    How it misleads: areas that a railway or a motorway parts touch on the map and not on foot; long thin areas
    touch many, and weigh more.

    References
    ----------
    Bivand, Pebesma and Gómez-Rubio (2013) https://doi.org/10.1007/978-1-4614-7618-4
    """
    geometry = np.asarray(shapes, dtype=object)
    _positive(gap_m, "gap_m", zero=True)
    there = np.flatnonzero(~(shapely.is_missing(geometry) | shapely.is_empty(geometry)))
    tree = shapely.STRtree(geometry[there])
    focal, near = tree.query(geometry[there], predicate="dwithin", distance=gap_m)
    apart = focal != near
    return Neighbours.from_pairs(there[focal[apart]], there[near[apart]], len(geometry))


def points_within(xy: ArrayLike, distance_m: float) -> Neighbours:
    """Which points lie within a distance of each other?

    Parameters
    ----------
    xy
        Shape (points, 2). Coordinates in one metric reference system. [m]
    distance_m
        Largest distance, included. [m]

    Returns
    -------
    Neighbours
        Every link counting one, both ways; points on one spot are neighbours. A distance that leaves islands is
        too short for them: they are listed in ``islands``.

    Raises
    ------
    HotspotError
        When coordinates are missing or the distance is not above zero.

    Notes
    -----
    i and j are near where d_ij <= distance_m.

    How it misleads: places in the middle get dozens of neighbours and places at the edge none: what is found
    differs with how many.

    References
    ----------
    Bivand, Pebesma and Gómez-Rubio (2013) https://doi.org/10.1007/978-1-4614-7618-4
    """
    points = _coordinates(xy)
    _positive(distance_m, "distance_m")
    pairs = cKDTree(points).query_pairs(distance_m * (1.0 + _SAME), output_type="ndarray")
    one, other = pairs.T.astype(np.int64)
    return _ordered(points, np.r_[one, other], np.r_[other, one])


def nearest_points(xy: ArrayLike, k: int) -> Neighbours:
    """Which points are the nearest to each, wherever they are?

    Parameters
    ----------
    xy
        Shape (points, 2). Coordinates in one metric reference system. [m]
    k
        How many at least; fewer than the points.

    Returns
    -------
    Neighbours
        The k nearest of each point and all that are as near as the k-th, so that neither the order of the rows nor
        points on one spot decide who is chosen. Not mutual: a may be near to b and b nearer to others.

    Raises
    ------
    HotspotError
        When coordinates are missing or k is not between 1 and the number of the other points.

    Notes
    -----
    j is near i where d_ij <= the k-th smallest distance from i.

    How it misleads: the k nearest of a farm are kilometres away, and p does not know it.

    References
    ----------
    Bivand, Pebesma and Gómez-Rubio (2013) https://doi.org/10.1007/978-1-4614-7618-4
    """
    points = _coordinates(xy)
    if not 1 <= k < len(points):
        raise HotspotError(
            "a point has at least one neighbour, and not more than there are others.",
            "k = {k} among {n} points",
            "give k from 1 to the number of points less one.",
            k=k,
            n=len(points),
        )
    tree = cKDTree(points)
    reach = np.asarray(tree.query(points, k=[k + 1])[0])[:, 0]  # the point itself is the first of them
    found = tree.query_ball_point(points, reach * (1.0 + _SAME), return_sorted=True)
    focal = np.repeat(np.arange(len(points)), [len(each) for each in found])
    near = np.concatenate([np.asarray(each, dtype=np.int64) for each in found])
    apart = focal != near
    return _ordered(points, focal[apart], near[apart])


def with_nearest(neighbours: Neighbours, xy: ArrayLike) -> Neighbours:
    """Attach every island to what lies nearest to it, both ways.

    Parameters
    ----------
    neighbours
        Neighbours, every link counting one.
    xy
        Shape (places, 2). A point for each place, as the middle of an area. [m]

    Returns
    -------
    Neighbours
        The same, without islands; which places were attached stands in ``neighbours.islands`` of what was given.

    Raises
    ------
    HotspotError
        When links are weighted, coordinates are missing, or there is one place only.

    Notes
    -----
    An island gets j with d_ij = the smallest distance from it, and j gets it.
    Islands left alone have no answer, which is honest; attached, they are compared with a place that may have
    little to do with them. Say which was done.

    How it misleads: across a bay the nearest is no neighbour.

    References
    ----------
    Bivand, Pebesma and Gómez-Rubio (2013) https://doi.org/10.1007/978-1-4614-7618-4
    """
    points = _coordinates(xy)
    if neighbours.weights is not None or len(points) != neighbours.n:
        raise HotspotError(
            "islands are attached where every link counts one and every place has a point.",
            "{points} points, {neighbours}",
            "give neighbours without weights and one point for each.",
            points=len(points),
            neighbours=str(neighbours),
        )
    nearest = nearest_points(points, 1)
    alone = np.isin(nearest.focal, neighbours.islands)
    focal, near = nearest.focal[alone], nearest.indices[alone]
    links = np.c_[np.r_[neighbours.focal, focal, near], np.r_[neighbours.indices, near, focal]]
    both = np.unique(links, axis=0)
    attached = Neighbours.from_pairs(both[:, 0], both[:, 1], neighbours.n)
    return Neighbours(attached.indptr, attached.indices, None, neighbours.order)


def _coordinates(xy: ArrayLike) -> NDArray[np.float64]:
    """The points, all of them known."""
    points = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    missing = ~np.isfinite(points).all(axis=1)
    if missing.any():
        raise HotspotError(
            "every point needs both coordinates.",
            "{n} without, the first at position {first}",
            "leave out the points that have none.",
            n=int(missing.sum()),
            first=int(np.flatnonzero(missing)[0]),
        )
    return points


def _positive(value: float, name: str, *, zero: bool = False) -> None:
    """Refuse a distance that is none."""
    if not (np.isfinite(value) and (value > 0 or (zero and value == 0))):
        raise HotspotError(
            "a distance is a number of metres, not negative.",
            "{name} = {value}",
            "give metres, as 100.",
            name=name,
            value=value,
        )


def _ordered(points: NDArray[np.float64], focal: NDArray[Any], near: NDArray[Any]) -> Neighbours:
    """Neighbours that carry the points from west to east, then south to north, as their own order.

    Points on one spot stand in the order of their rows: nothing but an id could tell them apart.
    """
    found = Neighbours.from_pairs(focal, near, len(points))
    return Neighbours(found.indptr, found.indices, None, np.lexsort((points[:, 1], points[:, 0])))
