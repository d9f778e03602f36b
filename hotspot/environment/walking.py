"""Ways on foot: how far to the station, how much of it in the dark, and where one can turn off."""

from typing import NamedTuple

import geopandas as gpd
import numba
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from hotspot.environment.routes import SNAP_LIMIT_M, nearest_segment
from hotspot.errors import N_, Told

EXIT_REACH_M = 50.0  # ways out are looked for this far along the network (METHODS 3.1, assumption)
_NEAREST = 1e-9  # places on a segment never coincide, as a zero would mean no link; too short to show in any sum [m]

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


class Walks(NamedTuple):
    """The way from each home to the nearest destination.

    Attributes
    ----------
    frame : DataFrame
        On the index of the homes: ``distance_m``, ``dark_m``, ``destination`` (index of the destinations).
    passing : Series
        On the index of the segments: homes' weights that walk along each, whole or in part.
    findings : tuple of Told
        Homes and destinations that lie on no way, and homes from which no way leads there.
    """

    frame: pd.DataFrame
    passing: pd.Series
    findings: tuple[Told, ...]


def walk_to(
    homes: gpd.GeoSeries,
    destinations: gpd.GeoSeries,
    segments: gpd.GeoDataFrame,
    *,
    dark_m: pd.Series | None = None,
    weights: pd.Series | None = None,
    limit_m: float = SNAP_LIMIT_M,
) -> Walks:
    """How far it is on foot from each home to the nearest destination, and how much of that is dark.

    Parameters
    ----------
    homes, destinations
        Points, each with a unique index.
    segments
        As ``split_roads(...).frame``.
    dark_m
        Dark metres of each segment, as the column of that name from `segment_light`; without it the dark part
        of the ways is NaN.
    weights
        People of each home; without it each home counts once.
    limit_m
        Farthest a home or destination may lie from a way. [m]

    Returns
    -------
    Walks
        Walking distance with the stretch between house and way, and the dark metres on the shortest way, each
        segment walked in part counted in proportion. NaN where home or way is missing or a segment on the way
        has unknown light. Homes beyond the limit walk nowhere.

    Notes
    -----
    People are taken to walk the shortest way, by day and in the dark alike, although many go round dark
    paths: ``passing`` says who would, not who does. Stairs, hills and red lights cost nothing.
    """
    from_home = nearest_segment(homes, segments, limit_m=limit_m).frame
    to_place = nearest_segment(destinations, segments, limit_m=limit_m).frame
    links = _links(segments, from_home, to_place)
    tree = _search(links, np.flatnonzero(to_place["segment_id"].notna().to_numpy()))
    share = np.full(len(segments), np.nan)
    if dark_m is not None:
        share = (dark_m.reindex(segments.index) / segments["length_m"]).to_numpy(np.float64)
    people = np.ones(len(homes)) if weights is None else weights.reindex(homes.index).to_numpy(np.float64)
    off_way = from_home["distance_m"].to_numpy(np.float64)
    feet = links.homes + np.arange(len(homes))
    arrives = np.isfinite(tree.far[feet])
    flow = np.zeros(links.nodes)
    flow[feet] = np.where(arrives, people, 0.0)
    dark, passing = np.zeros(links.nodes), np.zeros(len(segments))
    _follow(np.argsort(tree.far, kind="stable"), tree, np.append(share, 0.0), dark, flow, passing)
    frame = pd.DataFrame({"distance_m": tree.far[feet] + off_way, "dark_m": dark[feet]}, index=homes.index)
    frame.loc[~arrives] = np.nan
    frame["destination"] = pd.Series(None, index=homes.index, dtype=object)
    frame.loc[arrives, "destination"] = destinations.index.to_numpy()[tree.goal[feet[arrives]] - links.places]
    lost = (int(np.isnan(off_way).sum()), int(to_place["segment_id"].isna().sum()))
    findings = _told(lost[0], lost[1], int((~arrives).sum()) - lost[0], limit_m)
    return Walks(frame, pd.Series(passing, index=segments.index, name="passing"), findings)


def segment_exits(segments: gpd.GeoDataFrame, *, reach_m: float = EXIT_REACH_M) -> pd.DataFrame:
    """How many ways out one has from the middle of each segment.

    Parameters
    ----------
    segments
        As ``split_roads(...).frame``, the whole network and not a part of it.
    reach_m
        How far one walks along the network. [m]

    Returns
    -------
    DataFrame
        On the index of ``segments``: ``exits``, the number of places one can be at after walking ``reach_m``
        along the network without turning back: 1 in a blind alley, 2 on a path, 3 and more near junctions;
        ``exits`` of 1 or less is entrapment (METHODS 3.1, assumption).

    Notes
    -----
    Where the network ends only because the map does, the figure is too low. Gaps in a hedge and lawns one can
    cross are not ways here.
    """
    nodes = np.concatenate([segments["from_node"], segments["to_node"]]).astype(np.int64)
    other = np.concatenate([segments["to_node"], segments["from_node"]]).astype(np.int64)
    which = np.tile(np.arange(len(segments)), 2)
    order = np.argsort(nodes, kind="stable")
    start = np.searchsorted(nodes[order], np.arange(nodes.max(initial=-1) + 2))
    length = segments["length_m"].to_numpy(np.float64)
    exits = np.zeros(len(segments), dtype=np.int64)
    ends = np.column_stack([nodes[: len(segments)], nodes[len(segments) :]])
    _count_exits(ends, length, start, np.column_stack([other, which])[order], float(reach_m), exits)
    return pd.DataFrame({"exits": exits.astype(np.float64)}, index=segments.index)


class _Links(NamedTuple):
    """A network with the feet of homes and destinations let into its segments.

    Nodes are numbered: junctions, feet of homes (from ``homes``), feet of destinations, destinations (from
    ``places``).
    """

    graph: csr_array
    key: Whole
    segment: Whole
    length: Floats
    nodes: int
    homes: int
    places: int


class _Tree(NamedTuple):
    """Shortest ways to the nearest destination: per node the way there, and its first link."""

    far: Floats
    before: Whole
    goal: Whole
    segment: Whole
    length: Floats


def _links(segments: gpd.GeoDataFrame, homes: pd.DataFrame, places: pd.DataFrame) -> _Links:
    """Join junctions, feet and destinations by links that know their segment and length."""
    junctions = int(max(segments["from_node"].max(), segments["to_node"].max())) + 1 if len(segments) else 0
    feet = pd.concat([homes, places])
    segment = segments.index.get_indexer(pd.Index(feet["segment_id"]))
    lies = segment >= 0
    every = np.arange(len(segments))
    length = segments["length_m"].to_numpy(np.float64)
    at = pd.DataFrame(
        {
            "segment": np.concatenate([every, segment[lies], every]),
            "along": np.concatenate([np.zeros(len(segments)), feet["along_m"].to_numpy(np.float64)[lies], length]),
            "rank": np.repeat([0, 1, 2], [len(segments), int(lies.sum()), len(segments)]),
            "node": np.concatenate(
                [segments["from_node"], junctions + np.flatnonzero(lies), segments["to_node"]]
            ).astype(np.int64),
        }
    ).sort_values(["segment", "along", "rank", "node"])
    same = (at["segment"].to_numpy()[1:] == at["segment"].to_numpy()[:-1]).nonzero()[0]
    node, along = at["node"].to_numpy(), at["along"].to_numpy()
    first = junctions + len(feet)
    reached = np.flatnonzero(lies[len(homes) :])
    a = np.concatenate([node[same], junctions + len(homes) + reached])
    b = np.concatenate([node[same + 1], first + reached])
    off_way = places["distance_m"].to_numpy(np.float64)[reached]
    metres = np.maximum(np.concatenate([along[same + 1] - along[same], off_way]), _NEAREST)
    owner = np.concatenate([at["segment"].to_numpy()[same], np.full(len(reached), -1)])
    count = first + len(places)
    return _joined(np.column_stack([a, b]), metres, owner, (count, junctions, first))


def _joined(ends: Whole, metres: Floats, owner: Whole, numbers: tuple[int, int, int]) -> _Links:
    """The graph of the links, of parallel ones the shortest, without loops."""
    count, homes, places = numbers
    key = ends.min(axis=1) * count + ends.max(axis=1)
    order = np.lexsort((owner, metres, key))
    order = order[ends[order, 0] != ends[order, 1]]
    order = order[np.unique(key[order], return_index=True)[1]]
    graph = csr_array((metres[order], (ends[order, 0], ends[order, 1])), shape=(count, count))
    return _Links(graph, key[order], owner[order], metres[order], count, homes, places)


def _search(links: _Links, reached: Whole) -> _Tree:
    """Shortest ways from every node to the nearest of the destinations that lie on a way."""
    nowhere = np.full(links.nodes, -1, dtype=np.int64)
    if not len(reached):
        return _Tree(np.full(links.nodes, np.inf), nowhere, nowhere, nowhere, np.zeros(links.nodes))
    far, before, goal = dijkstra(
        links.graph,
        directed=False,
        indices=links.places + reached,
        min_only=True,
        return_predecessors=True,
    )
    before = np.where(before < 0, -1, before).astype(np.int64)
    node = np.arange(links.nodes)
    link = np.searchsorted(links.key, np.minimum(node, before) * links.nodes + np.maximum(node, before))
    link = np.where(before >= 0, link, 0)
    segment = np.where(before >= 0, links.segment[link], -1)
    return _Tree(far, before, goal.astype(np.int64), segment, np.where(before >= 0, links.length[link], 0.0))  # type: ignore[arg-type]  # the stubs are narrower than the library


@numba.njit(cache=True, nogil=True)
def _follow(order, tree, share, dark, flow, passing):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - a compiled loop
    """Add up dark metres outwards from the destinations, and people inwards to them."""
    for node in order:
        if tree.before[node] >= 0:
            dark[node] = dark[tree.before[node]] + tree.length[node] * share[tree.segment[node]]
    for node in order[::-1]:
        toward = tree.before[node]
        if toward >= 0:
            flow[toward] += flow[node]
            segment = tree.segment[node]
            if segment >= 0 and tree.segment[toward] != segment:
                passing[segment] += flow[node]


@numba.njit(cache=True, nogil=True)
def _count_exits(ends, length, start, links, reach, exits):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - a compiled loop
    """Walk outwards from the middle of each segment and count where the reach ends."""
    far = np.full(len(start) - 1, np.inf)
    for middle in range(len(ends)):
        queue = [ends[middle, 0], ends[middle, 1]]
        far[queue[0]] = far[queue[1]] = length[middle] / 2.0
        at = 0
        while at < len(queue):
            node = queue[at]
            at += 1
            for link in range(start[node], start[node + 1]):
                onward = far[node] + length[links[link, 1]]
                if onward <= reach and onward < far[links[link, 0]]:
                    far[links[link, 0]] = onward
                    queue.append(links[link, 0])
        exits[middle] = _frontier(queue, far, length, start, links, middle, reach)
        for node in queue:
            far[node] = np.inf


@numba.njit(cache=True, nogil=True)
def _frontier(queue, far, length, start, links, middle, reach):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913, PLR0917 - a compiled loop
    """How many points of the network lie exactly at the end of the reach."""
    ends = 0
    seen = set(queue)
    for node in seen:
        for link in range(start[node], start[node + 1]):
            segment = links[link, 1]
            total = far[node] + length[segment]
            if segment != middle and total > reach and total + far[links[link, 0]] > 2.0 * reach:
                ends += 1
    return ends


def _told(homes: int, places: int, cut_off: int, limit_m: float) -> tuple[Told, ...]:
    told = []
    if homes:
        sentence = N_(
            "{n} {n:home lies|homes lie} more than {limit_m} m from any way; the walk from there cannot be said."
        )
        told.append(Told(sentence, {"n": homes, "limit_m": limit_m}))
    if places:
        sentence = N_(
            "{n} {n:destination lies|destinations lie} more than {limit_m} m from any way and {n:is|are} left out."
        )
        told.append(Told(sentence, {"n": places, "limit_m": limit_m}))
    if cut_off:
        told.append(Told(N_("From {n} {n:home|homes} no way leads to any of the destinations."), {"n": cut_off}))
    return tuple(told)
