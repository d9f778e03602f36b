"""Density along ways against spatstat, spNetwork's own tests, and what must hold on any network."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hotspot.errors import HotspotError
from hotspot.stats.network_density import Network, OnNetwork, network_density

REFERENCE = Path(__file__).parents[1] / "reference"
SPLITS = pd.read_csv(REFERENCE / "density_split.csv")
CROSS = Network(np.zeros(4, dtype=np.int64), np.arange(1, 5), np.full(4, 20.0))  # four ways of 20 m from node 0


def streets(stub=0.0):
    """Spatstat's simplenet; with a stub, every dead end goes on for so long."""
    lines = pd.read_csv(REFERENCE / "density_streets.csv")
    ends = np.round(np.vstack([lines[["x0", "y0"]], lines[["x1", "y1"]]]), 9)
    nodes, which = np.unique(ends, axis=0, return_inverse=True)
    start, end = (each.astype(np.int64) for each in (which[: len(lines)], which[len(lines) :]))
    length = np.hypot(lines["x1"] - lines["x0"], lines["y1"] - lines["y0"]).to_numpy()
    if stub:
        dead = np.flatnonzero(np.bincount(which) == 1)
        start, end = np.append(start, dead), np.append(end, len(nodes) + np.arange(len(dead)))
        length = np.append(length, np.full(len(dead), stub))
    return Network(start, end, length)


def on(network, rows):
    piece = rows["street"].to_numpy() - 1
    return OnNetwork(piece, rows["share"].to_numpy() * network.length_m[piece])


def everywhere(network, steps=400):
    """Evenly spaced places, and the length of way that each stands for."""
    piece = np.repeat(np.arange(network.length_m.size), steps)
    share = np.tile((np.arange(steps) + 0.5) / steps, network.length_m.size)
    return OnNetwork(piece, share * network.length_m[piece]), network.length_m[piece] / steps


INCIDENTS = pd.read_csv(REFERENCE / "density_street_incidents.csv")
SHARED = np.array([7, 7, 3, 3, 9])  # addresses of the five


@pytest.mark.parametrize("theirs", ["epanechnikov", "biweight"])
@pytest.mark.parametrize("continuous", [True, False])
def test_spatstat_agrees(theirs, continuous):
    rows = SPLITS[(SPLITS["kernel"] == theirs) & (SPLITS["continuous"] == continuous)]
    # spatstat's bandwidth is a standard deviation; its discontinuous kernel leaves at dead ends, ours turns back there
    radius = 0.08 * np.sqrt(5 if theirs == "epanechnikov" else 7)
    network = streets() if continuous else streets(stub=radius)
    found = network_density(
        network, on(network, INCIDENTS), on(network, rows), radius,
        split="continuous" if continuous else "discontinuous",
        kernel="epanechnikov" if theirs == "epanechnikov" else "quartic",
    ).density  # fmt: skip
    assert found == pytest.approx(rows["density"].to_numpy(), abs=1e-9)
    assert rows["density"].max() > 8


def test_spnetworks_own_values_on_a_cross():
    event, at = OnNetwork(np.array([0]), np.array([3.0])), OnNetwork(np.array([1]), np.array([3.0]))
    k = 15 / 16 * (1 - 0.36) ** 2  # 6 m of 10
    assert network_density(CROSS, event, at, 10, split="simple").density == pytest.approx(k / 10)
    assert k / 10 == pytest.approx(0.0384)
    assert network_density(CROSS, event, at, 10).density == pytest.approx(0.0384 / 3)
    # its div = "bw" divides by the bandwidth once more: .00384 and .00128
    assert network_density(CROSS, event, at, 10, split="simple").density / 10 == pytest.approx(0.00384)
    assert network_density(CROSS, event, at, 10).density / 10 == pytest.approx(0.00128)
    near = OnNetwork(np.array([0]), np.array([1.0]))  # event 3 m from the node, place 1 m from it, on the same way
    continuous = network_density(CROSS, event, near, 5, split="continuous").density
    assert continuous == pytest.approx(0.1323 - 0.01215)  # k(2) - k(4) / 2


@pytest.mark.parametrize("split", ["discontinuous", "continuous"])
def test_the_number_of_incidents_is_kept(split):
    network = streets()
    at, metres = everywhere(network)
    weights = np.array([1.0, 2.0, 0.5, 3.0, 1.5])
    found = network_density(network, on(network, INCIDENTS), at, 0.2, split=split, weights=weights).density
    assert found @ metres == pytest.approx(weights.sum(), rel=2e-3)


def test_the_simple_split_counts_an_incident_again_on_every_branch():
    at, metres = everywhere(CROSS)
    found = network_density(CROSS, OnNetwork(np.array([0]), np.array([3.0])), at, 10, split="simple").density
    beyond = 15 / 16 * ((1 - 2 / 3 + 1 / 5) - (0.3 - 2 / 3 * 0.3**3 + 0.3**5 / 5))  # what passes the junction 3 m away
    assert found @ metres == pytest.approx(1 + 2 * beyond, rel=1e-3)


@pytest.mark.parametrize("split", ["simple", "discontinuous", "continuous"])
def test_cutting_a_street_in_two_changes_nothing(split):
    whole = streets()
    at, _ = everywhere(whole, 20)
    found = network_density(whole, on(whole, INCIDENTS), at, 0.25, split=split, addresses=SHARED)
    cut = 0.3 * whole.length_m[1]  # street 1 becomes street 1 and the last, turned round
    middle = int(max(whole.start.max(), whole.end.max())) + 1
    pieces = Network(
        np.append(whole.start, whole.end[1]),
        np.append(np.where(np.arange(whole.end.size) == 1, middle, whole.end), middle),
        np.append(np.where(np.arange(whole.end.size) == 1, cut, whole.length_m), whole.length_m[1] - cut),
    )

    def moved(places):
        beyond = (places.piece == 1) & (places.along_m > cut)
        return OnNetwork(
            np.where(beyond, whole.start.size, places.piece),
            np.where(beyond, whole.length_m[1] - places.along_m, places.along_m),
        )

    again = network_density(pieces, moved(on(whole, INCIDENTS)), moved(at), 0.25, split=split, addresses=SHARED)
    near = 1e-9 if split != "continuous" else 5e-3  # branches below 1e-4
    assert again.density == pytest.approx(found.density, abs=near)
    assert again.effective == pytest.approx(found.effective, abs=near)
    assert np.array_equal(again.addresses, found.addresses)
    assert np.array_equal(again.within, found.within)
    assert 1 < found.effective.max() < 4


def test_a_barrier_stops_walking_and_keeps_the_number():
    shut = CROSS._replace(barrier=np.array([True, False, False, False, False]))
    event = OnNetwork(np.array([0]), np.array([3.0]))
    at, metres = everywhere(CROSS)
    found = network_density(shut, event, at, 10).density
    assert (found[at.piece != 0] == 0).all()
    assert found @ metres == pytest.approx(1, rel=1e-3)


def test_order_of_rows_and_scale_change_nothing():
    network = streets()
    at, _ = everywhere(network, 9)
    source = on(network, INCIDENTS)
    found = network_density(network, source, at, 0.2).density
    turned = np.array([3, 1, 4, 0, 2])
    again = network_density(network, OnNetwork(*(e[turned] for e in source)), at, 0.2)
    assert np.array_equal(found, again.density)
    big = network._replace(length_m=network.length_m * 100)
    scaled = network_density(
        big, source._replace(along_m=source.along_m * 100), at._replace(along_m=at.along_m * 100), 20
    )
    assert scaled.density * 100 == pytest.approx(found)


def test_a_straight_street_is_a_line():
    line = Network(np.array([0]), np.array([1]), np.array([1000.0]))
    at = OnNetwork(np.zeros(5, dtype=int), np.array([400.0, 450.0, 500.0, 550.0, 601.0]))
    found = network_density(line, OnNetwork(np.array([0]), np.array([500.0])), at, 100).density
    u = np.array([1.0, 0.5, 0.0, 0.5, 1.0])
    assert found == pytest.approx(15 / 16 * (1 - u**2) ** 2 / 100)


@pytest.mark.parametrize("split", ["simple", "discontinuous", "continuous"])
def test_what_carries_a_place_is_that_of_its_incidents_one_by_one(split):
    network, weights = streets(), np.array([1.0, 2.0, 0.5, 3.0, 1.5])
    at, _ = everywhere(network, 15)
    source = on(network, INCIDENTS)
    found = network_density(network, source, at, 0.6, split=split, weights=weights, addresses=SHARED)
    single = [network_density(network, OnNetwork(*(e[[i]] for e in source)), at, 0.6, split=split) for i in range(5)]
    brought = np.column_stack([each.density for each in single]) * weights
    reached = np.column_stack([each.within for each in single]) > 0
    assert found.density == pytest.approx(brought.sum(axis=1))
    some = (brought**2).sum(axis=1) > 0
    assert found.effective[some] == pytest.approx(brought[some].sum(axis=1) ** 2 / (brought[some] ** 2).sum(axis=1))
    assert (found.effective[~some] == 0).all()
    assert found.within == pytest.approx(reached @ weights)
    homes = [reached[:, each == SHARED].any(axis=1) for each in (3, 7, 9)]
    assert np.array_equal(found.addresses, np.sum(homes, axis=0))
    assert found.addresses.max() == 3
    assert not reached.all()


def test_all_on_one_address_are_many_incidents_and_one_address():
    event = OnNetwork(np.zeros(8, dtype=int), np.full(8, 3.0))
    at, _ = everywhere(CROSS)
    found = network_density(CROSS, event, at, 10)
    near = found.density > 0
    assert near.any()
    assert not near.all()
    assert found.effective[near] == pytest.approx(8)
    assert set(found.addresses[near]) == {1.0}
    assert set(found.within[near]) == {8.0}
    for each in (found.effective, found.addresses, found.within):
        assert (each[~near] == 0).all()
    apart = network_density(CROSS, event, at, 10, addresses=np.arange(8))
    assert set(apart.addresses[near]) == {8.0}


def test_what_has_no_weight_carries_nothing():
    event = OnNetwork(np.array([0, 1]), np.array([3.0, 3.0]))
    found = network_density(CROSS, event, event, 10, weights=[1.0, 0.0])
    assert found.effective.tolist() == found.addresses.tolist() == found.within.tolist() == [1.0, 1.0]
    nothing = network_density(CROSS, OnNetwork(np.zeros(0, dtype=int), np.zeros(0)), event, 10)
    assert [each.tolist() for each in nothing] == [[0.0, 0.0]] * 4


def test_several_densities_at_once_are_those_one_by_one():
    network = streets()
    at, _ = everywhere(network, 9)
    source, many = on(network, INCIDENTS), np.array([[1.0, 0, 2], [1, 3, 0], [1, 0, 0], [0, 1, 0], [1, 0.5, 0]])
    found = network_density(network, source, at, 0.6, weights=many, addresses=SHARED)
    for column in range(3):
        alone = network_density(network, source, at, 0.6, weights=many[:, column], addresses=SHARED)
        for each, own in zip(found, alone, strict=True):
            assert each[:, column] == pytest.approx(own, rel=1e-12)
    assert found.density.shape == (len(at.piece), 3)


def test_impossible_requests_are_refused():
    event = OnNetwork(np.array([0]), np.array([3.0]))
    with pytest.raises(HotspotError, match="bandwidth in metres"):
        network_density(CROSS, event, event, 0)
    with pytest.raises(HotspotError, match="lies on a piece"):
        network_density(CROSS, OnNetwork(np.array([7]), np.array([3.0])), event, 10)
    with pytest.raises(HotspotError, match="not negative"):
        network_density(CROSS, event, event, 10, weights=[-1])
    with pytest.raises(HotspotError, match="whole number of its address"):
        network_density(CROSS, event, event, 10, addresses=[0.5])
