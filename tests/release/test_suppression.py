import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.release.suppression import _one_more, feasible, hide

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


def plain_fixpoint(counts, groups, k):
    """The rule as METHODS 12 says it: look at every group again until nothing changes."""
    values = np.asarray(counts, dtype=float)
    hidden, changed = (values > 0) & (values < k), True
    while changed:
        changed = False
        for group in groups:
            more = _one_more(values, hidden, group, k)
            if more >= 0:
                hidden[more] = changed = True
    return hidden


@settings(max_examples=60)
@given(st.lists(st.integers(0, 12), min_size=12, max_size=12), st.integers(2, 6))
def test_groups_that_did_not_change_need_no_second_look(counts, k):
    groups = [np.arange(0, 4), np.arange(4, 8), np.arange(8, 12), np.arange(2, 9), np.arange(12), np.arange(0, 12, 3)]
    assert (hide(counts, groups, k) == plain_fixpoint(counts, groups, k)).all()
