"""Density along streets and paths: incidents per metre of way, spread only where one can walk."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import HotspotError

FloatArray = NDArray[np.float64]
WholeArray = NDArray[np.int64]
Split = Literal["simple", "discontinuous", "continuous"]

POWERS: Mapping[str, int] = MappingProxyType({"epanechnikov": 1, "quartic": 2, "triweight": 3})
_AT_ZERO = (0.0, 0.75, 15 / 16, 35 / 32)  # kernels of the line: 2-D constants are wrong here
_SPLITS: Mapping[str, int] = MappingProxyType({"simple": 0, "discontinuous": 1, "continuous": 2})
LEAST_SHARE = 1e-4  # a branch that carries less than this of an incident is not followed


class Network(NamedTuple):
    """Ways as pieces between nodes: ``start`` and ``end`` node (from 0 on) and ``length_m`` of each piece.

    ``barrier`` is True at nodes that one cannot pass, such as a closed gate; None: every node can be passed.
    """

    start: WholeArray
    end: WholeArray
    length_m: FloatArray
    barrier: NDArray[np.bool_] | None = None


class OnNetwork(NamedTuple):
    """Places on a network: the ``piece`` each lies on, and how far along it from its start [m]."""

    piece: WholeArray
    along_m: FloatArray


class WayDensity(NamedTuple):
    """A density along ways, and what carries it, at each place; a column for each column of weights if these have any.

    Parameters
    ----------
    density : array, shape (places,) or (places, columns)
        [incidents/m]
    effective : array
        How many incidents effectively carry it: ``(sum wK)**2 / sum (wK)**2``; 0 where none reaches. [incidents]
    addresses : array
        Distinct addresses of the incidents that reach it.
    within : array
        Weight of the incidents that reach it, far or near. [incidents]
    """

    density: FloatArray
    effective: FloatArray
    addresses: FloatArray
    within: FloatArray


def network_density(  # noqa: PLR0913 - what a density on a network is made of
    network: Network,
    incidents: OnNetwork,
    at: OnNetwork,
    bandwidth_m: float,
    *,
    weights: ArrayLike | None = None,
    addresses: ArrayLike | None = None,
    split: Split = "discontinuous",
    kernel: str = "quartic",
) -> WayDensity:
    """How many incidents are there per metre of way, and how many stand behind that?

    Parameters
    ----------
    network
        The ways.
    incidents
        Incidents on it.
    at
        Where the density is wanted.
    bandwidth_m
        How far along the ways an incident reaches (the kernel's radius). [m]
    weights
        Weight of each incident, shape (incidents,), or (incidents, columns) for several densities at once; 1 when None.
    addresses
        Whole number of the address that each incident belongs to; None: each place on the network is its own.
    split
        ``discontinuous`` shares an incident equally among the ways that go on from a junction; ``continuous`` also
        sends part of it back, so that the density does not jump there; ``simple`` gives every way the whole of it.
    kernel
        ``epanechnikov``, ``quartic`` or ``triweight``, each with its constant of the line.

    Returns
    -------
    WayDensity
        At each place: the density, and how many incidents and addresses carry it.

    Raises
    ------
    HotspotError
        If the bandwidth, kernel, split, a weight, an address or a place on the network is impossible.

    Notes
    -----
    At a node where n ways meet, ``discontinuous`` gives 1 / (n - 1) to each that goes on; ``continuous`` gives 2 / n to
    each and ``2 / n - 1`` to the one it came from; both turn back whole at a dead end or barrier and keep the number of
    incidents. ``simple`` counts an incident again on every branch: it makes junctions look dangerous and is here only
    to be compared with. A node where a street was merely cut in two changes nothing. ``continuous`` can be negative
    close to junctions of many ways, least with a quartic. Branches with less than 1e-4 of an incident are left out.
    spNetwork's ``div = "bw"`` divides by the bandwidth once more.

    How it misleads: distances run along the ways, so that the two ends of a tunnel may be far apart.

    References
    ----------
    Okabe, Satoh and Sugihara (2009) https://doi.org/10.1080/13658810802475491; McSwiggan, Baddeley and Nair (2017)
    https://doi.org/10.1111/sjos.12255
    """
    power, how = _checked(network, bandwidth_m, kernel, split)
    places = _on(network, at)
    source = _on(network, incidents)
    w, owner = _weighted(source, weights), _addressed(source, addresses)
    order = np.lexsort((places.along_m, places.piece))
    asked = places.piece[order], places.along_m[order]
    starts = np.searchsorted(asked[0], np.arange(network.length_m.size + 1))
    ways = _ways(network)
    turn = np.lexsort((*w.T, source.along_m, source.piece, owner))  # one address after the other, to count each once
    turn = turn[(w[turn] > 0).any(axis=1)]
    ordered = source.piece[turn], source.along_m[turn], w[turn], owner[turn]
    blocked = np.zeros(ways[0].size - 1, dtype=np.bool_) if network.barrier is None else network.barrier
    pieces = network.start, network.end, network.length_m
    found = np.zeros((4, places.piece.size, w.shape[1]))
    rules = (float(bandwidth_m), power, how)
    _spread_all(ordered, pieces, (*ways, np.asarray(blocked, dtype=np.bool_)), (asked[1], starts, found), rules)
    out = np.empty_like(found)
    out[:, order] = found
    out = out if weights is not None and np.ndim(weights) > 1 else out[:, :, 0]
    effective = np.divide(out[0] ** 2, out[1], out=np.zeros_like(out[1]), where=out[1] > 0)
    return WayDensity(out[0] * (_AT_ZERO[power] / bandwidth_m), effective, out[2], out[3])


def _weighted(source: OnNetwork, weights: ArrayLike | None) -> FloatArray:
    """Return each incident's weights, a row each, refusing what is none."""
    w = np.ones(source.piece.size) if weights is None else np.asarray(weights, dtype=np.float64)
    w = w[:, None] if w.ndim == 1 else w
    if w.shape[:1] == source.piece.shape and np.isfinite(w).all() and (w >= 0).all():
        return w
    raise HotspotError(
        "every incident on a network has a weight that is not negative.", "{n} weights for {m} incidents",
        "give one weight each", n=len(w), m=source.piece.size,
    )  # fmt: skip


def _addressed(source: OnNetwork, addresses: ArrayLike | None) -> WholeArray:
    """Return the number of each incident's address."""
    if addresses is None:
        spots = np.column_stack([source.piece.astype(np.float64), source.along_m])
        return np.asarray(np.unique(spots, axis=0, return_inverse=True)[1], dtype=np.int64).ravel()
    owner = np.asarray(addresses).ravel()
    if owner.size == source.piece.size and (owner.size == 0 or np.issubdtype(owner.dtype, np.integer)):
        return owner.astype(np.int64)
    raise HotspotError(
        "every incident on a network has the whole number of its address.", "{n} addresses for {m} incidents",
        "give one number each", n=owner.size, m=source.piece.size,
    )  # fmt: skip


def _checked(network: Network, bandwidth_m: float, kernel: str, split: str) -> tuple[int, int]:
    """Return the kernel's power and the split's number, refusing what cannot be."""
    known = np.isfinite(network.length_m).all() and (network.length_m > 0).all()
    if kernel in POWERS and split in _SPLITS and np.isfinite(bandwidth_m) and bandwidth_m > 0 and known:
        return POWERS[kernel], _SPLITS[split]
    raise HotspotError(
        "a density on a network takes a bandwidth in metres, one of {kernels}, one of {splits}, and ways of a length.",
        "{h} m, {kernel}, {split}", 'write bandwidth_m = 150, kernel = "quartic", split = "discontinuous"',
        kernels=", ".join(POWERS), splits=", ".join(_SPLITS), h=bandwidth_m, kernel=kernel, split=split,
    )  # fmt: skip


def _on(network: Network, places: OnNetwork) -> OnNetwork:
    """Return places as arrays, refusing those that lie on no piece."""
    piece = np.asarray(places.piece, dtype=np.int64).ravel()
    along = np.asarray(places.along_m, dtype=np.float64).ravel()
    bad = (piece < 0) | (piece >= network.length_m.size) | ~np.isfinite(along)
    if bad.any():
        raise HotspotError(
            "every place lies on a piece of the network.", "{n} that do not, first number {row}",
            "leave out what could not be snapped", n=int(bad.sum()), row=int(np.flatnonzero(bad)[0]),
        )  # fmt: skip
    return OnNetwork(piece, np.clip(along, 0.0, network.length_m[piece]))


def _ways(network: Network) -> tuple[WholeArray, WholeArray]:
    """Pieces that meet at each node: where each node's begin, and the pieces, ``~piece`` for one that ends there."""
    nodes = np.concatenate([network.start, network.end])
    pieces = np.arange(network.start.size, dtype=np.int64)
    both = np.concatenate([pieces, ~pieces])
    order = np.lexsort((both, nodes))
    count = int(nodes.max()) + 1 if nodes.size else 0
    return np.searchsorted(nodes[order], np.arange(count + 1)).astype(np.int64), both[order]


@numba.njit(cache=True, nogil=True)
def _spread_all(incidents, pieces, ways, asked, rules) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - compiled for tuples of arrays
    """Follow every incident along the ways and add its kernel at the places asked for."""
    piece, along, weight, owner = incidents
    unmet = np.inf if rules[2] == 0 else 0.0
    own = np.full(asked[2].shape[1], unmet)  # one incident's: the shortest way there, or the sum over all ways there
    met = np.full(asked[2].shape[1], -1)  # the last incident that reached a place
    counted = np.full(asked[2].shape[1:], -1)  # the first incident of the address that was counted last
    first = 0
    for p in range(piece.size):
        if owner[p] != owner[first]:
            first = p
        length = pieces[2][piece[p]]
        stack = [(piece[p], along[p], 0.0, 1.0), (~piece[p], length - along[p], 0.0, 1.0)]
        touched = [0 for _ in range(0)]
        while len(stack) > 0:
            way, into, gone, share = stack.pop()
            # `into` metres lie behind on this piece: we walk it from there, forwards or (~) backwards
            at = way if way >= 0 else ~way
            _add_along((p, at, way >= 0, into, gone, share), pieces, asked, (own, met), touched, rules)
            left = gone + pieces[2][at] - into
            if left < rules[0]:
                _turn((way, left, share), pieces, ways, stack, rules)
        _settle((first, weight[p]), asked[2], (own, counted), touched, rules)
        for k in touched:
            own[k] = unmet


@numba.njit(cache=True)
def _add_along(walk, pieces, asked, reached, touched, rules) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - compiled: no list in a tuple
    """Add the kernel at the places of one piece, or note the shortest way to them."""
    incident, at, forwards, into, gone, carried = walk
    places, starts, _found = asked
    own, met = reached
    h, power, how = rules
    length = pieces[2][at]
    for k in range(starts[at], starts[at + 1]):
        ahead = (places[k] if forwards else length - places[k]) - into
        if ahead < 0.0 or (ahead == 0.0 and gone == 0.0 and not forwards):
            continue  # behind, or the incident's own place, met once
        d = gone + ahead
        if d >= h:
            continue
        if met[k] != incident:
            met[k] = incident
            touched.append(k)
        if how == 0:
            own[k] = min(own[k], d)
        else:
            own[k] += carried * (1.0 - (d / h) ** 2) ** power


@numba.njit(cache=True)
def _settle(incident, found, reached, touched, rules) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Add what one incident brings to each place: its kernel, the square of that, its address and its weight."""
    first, weight = incident
    own, counted = reached
    for k in touched:
        share = (1.0 - (own[k] / rules[0]) ** 2) ** rules[1] if rules[2] == 0 else own[k]
        for c in range(weight.size):
            if weight[c] > 0.0:
                found[0, k, c] += weight[c] * share
                found[1, k, c] += (weight[c] * share) ** 2
                found[2, k, c] += 1.0 if counted[k, c] != first else 0.0
                found[3, k, c] += weight[c]
                counted[k, c] = first


@numba.njit(cache=True)
def _turn(walk, pieces, ways, stack, rules) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Go on from the node at the end of a piece, by the rule of the split."""
    way, gone, share = walk
    starts, meeting, blocked = ways
    node = pieces[1][way] if way >= 0 else pieces[0][~way]
    n = starts[node + 1] - starts[node]
    dead = n == 1 or blocked[node]
    how = rules[2]
    back = ~way
    for k in range(starts[node], starts[node + 1]):
        on = meeting[k]
        same = on == back
        if dead:
            part = 1.0 if same and how > 0 else 0.0
        elif how == 0:
            part = 0.0 if same else 1.0
        elif how == 1:
            part = 0.0 if same else 1.0 / (n - 1)
        else:
            part = 2.0 / n - 1.0 if same else 2.0 / n
        if abs(share * part) > LEAST_SHARE:
            stack.append((on, 0.0, gone, share * part))
