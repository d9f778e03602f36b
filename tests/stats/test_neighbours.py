"""Neighbours: against brute force, libpysal and every rule they must keep."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy import sparse

from hotspot.errors import HotspotError
from hotspot.stats.neighbours import Neighbours

CELLS = st.lists(st.tuples(st.integers(-3, 8), st.integers(0, 9)), min_size=1, max_size=40, unique=True)


def by_hand(cells: list[tuple[int, int]], r0: int, r1: int) -> list[set[int]]:
    return [{j for j, b in enumerate(cells) if r0 <= max(abs(a[0] - b[0]), abs(a[1] - b[1])) <= r1} for a in cells]


def sets_of(neighbours: Neighbours) -> list[set[int]]:
    return [set(part.tolist()) for part in np.split(neighbours.indices, neighbours.indptr[1:-1])]


@given(CELLS, st.integers(1, 3), st.integers(0, 2))
def test_a_band_holds_exactly_the_cells_between_its_radii(cells, r0, width):
    rows, cols = np.array(cells).T
    assert sets_of(Neighbours.ring_band(rows, cols, r0, r0 + width)) == by_hand(cells, r0, r0 + width)


@given(CELLS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(cells, random):
    rows, cols = np.array(cells).T
    shuffled = list(range(len(cells)))
    random.shuffle(shuffled)
    before = Neighbours.from_lattice(rows, cols)
    after = Neighbours.from_lattice(rows[shuffled], cols[shuffled])
    assert sets_of(after) == [{shuffled.index(j) for j in sets_of(before)[i]} for i in shuffled]
    assert [cells[i] for i in before.canonical] == [cells[shuffled[i]] for i in after.canonical]


def test_an_inner_cell_has_eight_neighbours_and_a_corner_three():
    rows, cols = np.divmod(np.arange(25), 5)
    cardinalities = Neighbours.from_lattice(rows, cols).cardinalities.reshape(5, 5)
    assert (cardinalities[0, 0], cardinalities[0, 2], cardinalities[2, 2]) == (3, 5, 8)
    assert Neighbours.from_lattice(rows, cols, ring=2).cardinalities[12] == 24


def test_a_ring_leaves_the_neighbourhood_and_the_gap_out():
    rows, cols = np.divmod(np.arange(121), 11)
    assert Neighbours.ring_band(rows, cols, 3, 5).cardinalities[60] == 11**2 - 5**2


def test_libpysal_agrees_there_and_back():
    rows, cols = np.divmod(np.arange(30), 6)
    ours = Neighbours.from_lattice(rows, cols)
    ids = [f"cell {i}" for i in range(30)]
    graph = ours.to_graph(ids)
    assert isinstance(graph, Graph)
    assert list(graph.unique_ids) == ids
    assert sorted(graph["cell 0"].index) == ["cell 1", "cell 6", "cell 7"]
    back = Neighbours.from_graph(graph)
    assert back.weights is None
    assert sets_of(back) == sets_of(ours)


def test_an_isolate_stays_a_place_without_neighbours():
    graph = Graph.from_arrays(["a", "b", "c"], ["b", "a", "c"], [2.0, 2.0, 0.0])
    ours = Neighbours.from_graph(graph)
    assert ours.islands.tolist() == [2]
    assert ours.link_weights.tolist() == [2.0, 2.0]
    assert ours.to_graph(["a", "b", "c"]).isolates.tolist() == ["c"]


def test_a_graph_that_is_not_mutual_keeps_its_direction_and_its_weights():
    xy = np.random.default_rng(2).random((12, 2))
    graph = Graph.build_knn(gpd.GeoSeries(gpd.points_from_xy(*xy.T)), k=3)
    ours = Neighbours.from_graph(graph)
    assert set(ours.cardinalities) == {3}
    assert any(i not in near for i, each in enumerate(sets_of(ours)) for near in [sets_of(ours)[j] for j in each])
    standard = Neighbours.from_graph(graph.transform("r"))
    assert standard.link_weights == pytest.approx(1 / 3)
    assert standard.even
    assert Neighbours.from_graph(standard.to_graph()).link_weights == pytest.approx(1 / 3)
    with pytest.raises(HotspotError, match="its own neighbour"):
        Neighbours.from_graph(graph.assign_self_weight())


def test_labels_of_a_graph_are_its_own_order():
    graph = Graph.from_arrays(["b", "a", "c", "b"], ["a", "b", "b", "c"], [1, 1, 1, 1])
    ours = Neighbours.from_graph(graph)
    assert [list(graph.unique_ids)[place] for place in ours.canonical] == ["a", "b", "c"]
    assert ours.even


def test_scipy_agrees_there_and_back():
    matrix = sparse.coo_array(([1.0, 2.0, 0.0, 0.5], ([0, 1, 2, 3], [1, 0, 1, 0])), shape=(5, 5))
    ours = Neighbours.from_sparse(matrix)
    assert ours.islands.tolist() == [2, 4]  # a stored zero is no link
    assert (ours.to_sparse().toarray() == matrix.toarray()).all()
    assert Neighbours.from_sparse(ours.to_sparse() > 0).weights is None
    assert matrix.nnz == 4  # what was given is left as it was
    with pytest.raises(HotspotError, match=r"\(2, 3\)"):
        Neighbours.from_sparse(sparse.csr_array((2, 3)))
    with pytest.raises(HotspotError, match="above zero"):
        Neighbours.from_sparse(-ours.to_sparse())


def test_even_means_that_a_place_weighs_its_links_alike():
    ours = Neighbours.from_pairs([0, 1, 1, 2], [1, 0, 2, 1], 3)
    assert ours.even
    assert ours.reweighted([7.0, 0.1, 0.1, 2.0]).even
    assert not ours.reweighted([1.0, 0.1, 0.2, 1.0]).even
    assert ours.reweighted([1.0, 0.1, 0.2, 1.0]).reweighted(None).weights is None


def test_sums_around_count_weights_and_the_place_itself():
    ours = Neighbours.from_pairs([0, 1, 1], [1, 2, 0], 4, [0.5, 2.0, 1.0])
    values = np.array([1.0, 10.0, 100.0, 7.0])
    assert ours.around(values).tolist() == [5.0, 201.0, 0.0, 0.0]
    assert ours.around(values, itself=True).tolist() == [6.0, 211.0, 100.0, 7.0]


def test_leaving_places_out_can_make_islands_and_keeps_the_own_order():
    rows, cols = [0, 0, 0], [2, 1, 0]
    line = Neighbours.from_lattice(rows, cols)
    kept = line.among(np.array([True, False, True]))
    assert kept.islands.tolist() == [0, 1]
    assert kept.canonical.tolist() == [1, 0]
    assert line.among(np.ones(3, dtype=bool)) is line


def test_arrays_cannot_be_changed_afterwards():
    ours = Neighbours.from_pairs([0], [1], 2)
    with pytest.raises(ValueError, match="read-only"):
        ours.indices[0] = 0


def test_a_person_can_read_it():
    assert repr(Neighbours.from_pairs([0, 1], [1, 0], 3)) == (
        "Neighbours(3 places, 0.7 neighbours each, 1 islands, every link counts one)"
    )


@pytest.mark.parametrize(
    ("indptr", "indices", "weights", "told"),
    [
        ([0, 1], [0], None, "its own neighbour"),
        ([0, 2, 2], [1, 1], None, "named twice"),
        ([0, 1, 1], [5], None, "does not exist"),
        ([0, 2, 1], [1], None, "row starts"),
        ([0, 1, 1], [1], [float("nan")], "not finite"),
        ([0, 1, 1], [1], [0.0], "above zero"),
        ([0, 1, 1], [1], [1.0, 2.0], "missing"),
    ],
)
def test_broken_rows_are_refused(indptr, indices, weights, told):
    with pytest.raises(HotspotError, match=told):
        Neighbours(np.array(indptr), np.array(indices), None if weights is None else np.array(weights))


def test_two_cells_on_one_position_are_refused():
    with pytest.raises(HotspotError, match="1 cells on a position already taken"):
        Neighbours.from_lattice([0, 0], [1, 1])


def test_fractional_positions_are_refused():
    with pytest.raises(HotspotError, match="not whole"):
        Neighbours.from_lattice([0.5, 0], [1, 1])


def test_a_ring_that_starts_at_the_cell_itself_is_refused():
    with pytest.raises(HotspotError, match="r0 = 0, r1 = 2"):
        Neighbours.ring_band([0], [0], 0, 2)


def test_pairs_outside_are_refused():
    with pytest.raises(HotspotError, match="1 links between 2 places"):
        Neighbours.from_pairs([2], [0], 2)
