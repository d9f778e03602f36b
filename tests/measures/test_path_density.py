"""Incidents along the fictional town's ways, and that their number is kept."""

import numpy as np
import pytest

from hotspot.measures.path_density import path_density
from hotspot.measures.scene import Scene
from hotspot.store import Store


@pytest.fixture(scope="module")
def scene(town):
    store = Store(town)
    snapshot = store.snapshot()
    return Scene(store.study, snapshot.place, snapshot.tables)


def test_incidents_per_kilometre_add_up_to_those_on_ways(scene):
    found = path_density(scene)
    frame = found.frame
    assert (frame["value"] >= 0).all()
    whole = (frame["value"] * frame["length_m"]).sum() / 1000 * scene.years
    assert whole == pytest.approx(found.facts["n"], rel=0.03)  # read at the middle of pieces of at most 50 m
    assert frame["n"].sum() == found.facts["n"]


def test_a_simple_split_counts_more_at_junctions(scene):
    equal, simple = (path_density(scene, split=split).frame["value"].sum() for split in ("discontinuous", "simple"))
    assert simple > 1.2 * equal  # 1.30


def test_what_lies_on_no_way_is_told(scene):
    found = path_density(scene)
    assert 0 < found.notes[0].values["share"] < 50
    assert np.isfinite(found.frame["value"]).all()


def test_what_carries_a_piece_of_way_comes_with_it(scene):
    frame = path_density(scene).frame
    reached = frame["value"] > 0
    assert (frame.loc[reached, ["effective_n", "addresses", "within"]] > 0).all().all()
    assert (frame.loc[~reached, ["effective_n", "addresses"]] == 0).all().all()
    assert (frame["effective_n"] <= frame["within"] * (1 + 1e-9)).all()
    assert (frame["addresses"] <= frame["within"]).all()
    stacked = frame[frame["n"] > 50]
    assert (stacked["addresses"] < stacked["within"] / 2).all()  # shops and stations, each on one position
    assert len(stacked)
