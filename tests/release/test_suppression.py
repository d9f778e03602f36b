import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.release.suppression import feasible, hide

TABLE = np.array([[12, 3, 25], [8, 14, 9], [30, 2, 17]])
CELLS = np.arange(9).reshape(3, 3)
LINES = [*CELLS, *CELLS.T]


def test_hiding_only_the_small_counts_would_give_both_away():
    primary = ((TABLE > 0) & (TABLE < 5)).ravel()
    known = feasible(TABLE.ravel(), primary, LINES)
    assert all(each.low == pytest.approx(each.high) for each in known.values())


def test_with_row_and_column_totals_no_hidden_count_can_be_worked_out():
    hidden = hide(TABLE.ravel(), LINES)
    assert hidden[1]
    assert hidden[7]
    for position, known in feasible(TABLE.ravel(), hidden, LINES).items():
        assert known.high - known.low >= 3, position


def test_a_true_zero_is_shown_and_unknown_is_nothing_to_hide():
    assert hide([0, 5, 12, np.nan]).tolist() == [False, False, False, False]
    assert hide([0, 4, 12]).tolist() == [False, True, False]


def test_one_hidden_of_a_total_takes_the_smallest_other_along():
    assert hide([4, 9, 7, 30], [np.arange(4)]).tolist() == [True, False, True, False]


def test_two_small_counts_whose_total_pins_them_take_a_third():
    assert hide([1, 1, 20], [np.arange(3)]).tolist() == [True, True, True]
    assert hide([4, 4, 20, 30], [np.arange(4)]).tolist() == [True, True, True, False]


@given(st.lists(st.integers(0, 12), min_size=2, max_size=12))
def test_no_small_count_follows_from_the_total_of_a_line(counts):
    values = np.array(counts)
    group = np.arange(len(values))
    hidden = hide(values, [group])
    assert hidden[(values > 0) & (values < 5)].all()
    if hidden.all():
        return  # nothing is shown but the total
    small = {p for p in np.flatnonzero(hidden) if 0 < values[p] < 5}
    for position, known in feasible(values, hidden, [group]).items():
        if position in small:
            assert known.high - known.low >= 3
