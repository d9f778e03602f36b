"""Where hot cells become places: which cells are one, and that their numbers are those of the place."""

from dataclasses import replace

import numpy as np
import pytest

from hotspot.measures.scene import Scene
from hotspot.pipeline import run
from hotspot.pipeline.spots import named_hotspots
from hotspot.store import Store


@pytest.fixture(scope="module")
def scene(town):
    store = Store(town)
    snapshot = store.snapshot()
    return Scene(store.study, snapshot.place, snapshot.tables)


@pytest.fixture(scope="module")
def layer(town):
    store = Store(town)
    return run(store.study, store.snapshot(), shelf=store.shelf).layers["hotspots"]


def marked(layer, cells, look, *, n=None):
    """The layer with only these cells hot, found over this look, holding so many incidents."""
    frame = layer.measured.frame.copy()
    frame["klass"] = "not significant"
    frame.loc[cells, "klass"], frame.loc[cells, "look"] = "hot", float(look)
    if n is not None:
        frame.loc[cells, "n"] = n
    return replace(layer, measured=replace(layer.measured, frame=frame)), frame


def around(scene, cell, reach):
    """Ids of the square of cells around one where the same kind of people are counted."""
    cells, empty = scene.grid.frame, scene.exposure == 0
    near = (cells["row"] - cells["row"][cell]).abs().le(reach) & (cells["col"] - cells["col"][cell]).abs().le(reach)
    return cells.index[near & (empty == empty[cell])]


@pytest.fixture(scope="module")
def inner(scene):
    """A peopled cell with two steps of peopled cells around it."""
    peopled = scene.exposure[scene.exposure > 0].index
    return next(cell for cell in peopled if len(around(scene, cell, 3)) == 49)


@pytest.mark.parametrize(("look", "cells"), [(1, 9), (2, 25)])
def test_a_place_hot_by_its_surroundings_is_its_surroundings(scene, layer, inner, look, cells):
    own, frame = marked(layer, [inner], look, n=0.0)
    (spot,) = named_hotspots(scene, own).itertuples()
    ids = around(scene, inner, look)
    assert spot.cells == cells == len(ids)
    assert spot.n == pytest.approx(frame.loc[ids, "n"].sum())
    assert spot.expected == pytest.approx(frame.loc[ids, "expected_here"].sum())
    assert spot.pvalue == frame.loc[inner, "pvalue"]
    assert spot.geometry.area == pytest.approx(scene.grid.frame.geometry[ids].area.sum())


def test_cells_that_hold_more_themselves_are_the_place(scene, layer, inner):
    many = 10 + 5 * float(layer.measured.frame["expected_here"][inner])
    own, _frame = marked(layer, [inner], 2, n=many)
    (spot,) = named_hotspots(scene, own).itertuples()
    assert (spot.cells, spot.n) == (1, many)


def test_places_that_share_cells_are_one(scene, layer, inner):
    cells = scene.grid.frame
    at = (cells["row"] == cells["row"][inner]) & (cells["col"] == cells["col"][inner] + 2)
    other = cells.index[at][0]
    own, _frame = marked(layer, [inner, other], 1, n=0.0)
    table = named_hotspots(scene, own)
    assert table["cells"].tolist() == [len(set(around(scene, inner, 1)) | set(around(scene, other, 1)))]


def test_every_place_has_a_name_of_its_own_and_more_than_expected(scene, layer):
    table = named_hotspots(scene, layer)
    assert table["name"].is_unique
    assert (table["ratio"] > 1).all()
    bare = Scene(scene.study, scene.place, {key: each for key, each in scene.tables.items() if key != "roads"})
    names = named_hotspots(bare, layer)["name"]
    assert names.is_unique
    assert np.isin(names.str.replace(r" \(\d\)$", "", regex=True), scene.places["name"]).all()


def test_nothing_hot_is_an_empty_table(scene, layer):
    own, _frame = marked(layer, [], 1)
    assert not len(named_hotspots(scene, own))
    assert not len(named_hotspots(scene, None))
