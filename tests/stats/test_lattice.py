"""Clusters of touching cells."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from hotspot.stats.lattice import label_clusters


def test_corners_touch_and_gaps_part():
    mask = np.array([[1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 0, 0], [1, 1, 0, 0]], dtype=bool)
    rows, cols = np.divmod(np.arange(16), 4)
    labels = label_clusters(rows, cols, mask.ravel()).reshape(4, 4)
    assert labels.tolist() == [[1, 0, 0, 2], [0, 1, 0, 2], [0, 0, 0, 0], [3, 3, 0, 0]]


def test_nothing_marked_is_no_cluster():
    assert label_clusters([0, 1], [0, 0], [False, False]).tolist() == [0, 0]


@given(st.lists(st.booleans(), min_size=30, max_size=30), st.randoms(use_true_random=False))
def test_numbers_do_not_depend_on_the_order_of_the_cells(marked, random):
    rows, cols = np.divmod(np.arange(30), 6)
    order = np.array(random.sample(range(30), 30))
    mask = np.array(marked)
    assert (label_clusters(rows[order], cols[order], mask[order]) == label_clusters(rows, cols, mask)[order]).all()


@given(st.lists(st.booleans(), min_size=42, max_size=42))
def test_groups_are_those_of_scipy(marked):
    mask = np.array(marked).reshape(6, 7)
    rows, cols = np.divmod(np.arange(42), 7)
    # both number groups by their first cell, row by row
    assert (label_clusters(rows, cols, mask.ravel()) == ndimage.label(mask, np.ones((3, 3)))[0].ravel()).all()
