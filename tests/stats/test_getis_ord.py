"""Gi*: published and hand-sized values, invariances, limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.stats.getis_ord import gistar
from hotspot.stats.neighbours import Neighbours

VALUES = st.lists(st.integers(-50, 50), min_size=16, max_size=16).filter(lambda v: len(set(v)) > 1)


def square(side: int) -> Neighbours:
    return Neighbours.from_lattice(*np.divmod(np.arange(side * side), side))


def line(n: int) -> Neighbours:
    ends = np.arange(n - 1)
    return Neighbours.from_pairs(np.r_[ends, ends + 1], np.r_[ends + 1, ends], n)


def test_the_docstring_of_esda():
    points = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)], dtype=float)
    distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    near = Neighbours.from_pairs(*np.nonzero((distance > 0) & (distance <= 15)), 6)
    z = gistar([2, 3, 3.2, 5, 8, 7], near)
    expected = np.array([-1.3973, -0.2892, 0.6506, -0.2892, 1.2345, 2.0242])
    has_neighbours = near.cardinalities > 0
    assert z[has_neighbours] == pytest.approx(expected[has_neighbours], abs=5e-5)
    assert np.isnan(z[~has_neighbours]).all()


def test_five_on_a_line():
    expected = [-1.551941, -1.952442, -0.200250, 1.551941, 1.952442]
    assert gistar([1, 2, 3, 8, 9], line(5)) == pytest.approx(expected, abs=1e-6)


def test_a_spike_in_the_corner_of_nine():
    rows, cols = np.divmod(np.arange(9), 3)
    apart = np.abs(rows[:, None] - rows) + np.abs(cols[:, None] - cols)
    rook = Neighbours.from_pairs(*np.nonzero(apart == 1), 9)
    expected = [1.4142, 1.1180, -0.7071, 1.1180, -1.1180, -0.8944, -0.7071, -0.8944, -0.7071]
    assert gistar([10, 0, 0, 0, 0, 0, 0, 0, 0], rook) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("star", [True, False])
@given(VALUES, st.floats(-1e3, 1e3), st.floats(0.01, 100))
def test_units_and_origin_do_not_matter_and_a_mirror_turns_the_sign(star, values, shift, factor):
    x = np.array(values, dtype=float)
    near = square(4)
    z = gistar(x, near, star=star)
    assert gistar(shift + factor * x, near, star=star) == pytest.approx(z, abs=1e-6, nan_ok=True)
    assert gistar(-x, near, star=star) == pytest.approx(-z, abs=1e-9, nan_ok=True)


@given(VALUES, st.permutations(range(16)))
def test_the_order_of_the_cells_does_not_matter(values, order):
    x, order = np.array(values, dtype=float), np.array(order)
    rows, cols = np.divmod(np.arange(16), 4)
    z = gistar(x, Neighbours.from_lattice(rows, cols))
    moved = gistar(x[order], Neighbours.from_lattice(rows[order], cols[order]))
    assert moved == pytest.approx(z[order], abs=1e-9, nan_ok=True)


def test_a_missing_cell_changes_nothing_but_itself():
    rows, cols = np.divmod(np.arange(25), 5)
    x = np.arange(25.0) % 7
    x[12] = np.nan
    kept = np.arange(25) != 12
    alone = gistar(x[kept], Neighbours.from_lattice(rows[kept], cols[kept]))
    z = gistar(x, square(5))
    assert np.isnan(z[12])
    assert (z[kept] == alone).all()


@pytest.mark.parametrize("value", [0.0, 4.0, 0.1 + 0.2])
def test_equal_values_say_nothing(value):
    assert np.isnan(gistar(np.full(16, value), square(4))).all()


def test_too_small_or_all_neighbours_says_nothing():
    assert np.isnan(gistar([1.0], square(1))).all()
    assert np.isnan(gistar([1.0, 2.0, 3.0, 4.0], square(2))).all()
    assert gistar([], Neighbours.from_pairs([], [], 0)).size == 0
