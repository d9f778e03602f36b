"""Counts tied by sums: nothing small can be worked out, checked by a reader who solves linear programs of his own."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from hotspot.release.ties import Book, hide_tied, small_counts, too_sure
from hotspot.release.worlds import Bounds, Seen, moved


def table(counts):
    """A table with row, column and grand totals, all printed."""
    counts = np.asarray(counts, dtype=float)
    book = Book()
    rows, columns = range(counts.shape[0]), range(counts.shape[1])
    for i in rows:
        for j in columns:
            book.enter((i, j), counts[i, j])
    for i in rows:
        book.tie(book.enter((i, "all"), counts[i].sum()), [(i, j) for j in columns])
    for j in columns:
        book.tie(book.enter(("all", j), counts[:, j].sum()), [(i, j) for i in rows])
    book.tie(book.enter(("all", "all"), counts.sum()), [(i, "all") for i in rows])
    book.tie(("all", "all"), [("all", j) for j in columns])
    return book.tied()


def interval(tied, hidden, position, low=0.0, high=None):
    """What a reader works out of one hidden count, by a program written here."""
    unknown = np.flatnonzero(hidden)
    sums = tied.sums.toarray()
    target = (unknown == position).astype(float)
    right = -sums[:, ~hidden] @ tied.counts[~hidden]
    ends = [
        linprog(sign * target, A_eq=sums[:, unknown], b_eq=right, bounds=(0, None), method="highs").fun
        for sign in (1, -1)
    ]
    return (ends[0], np.inf if ends[1] is None else -ends[1])


# METHODS 12, k = 5
def test_the_table_of_the_method_page():
    tied = table([[12, 3, 25], [8, 14, 9], [30, 2, 17]])
    primary = small_counts(tied.counts, 5)
    assert primary.sum() == 2
    for position in np.flatnonzero(primary):
        low, high = interval(tied, primary, position)
        assert low == pytest.approx(high), "hiding only the small ones gives both away"
    hidden = hide_tied(tied, 5)
    shown = {key for key, away in zip(tied.keys, hidden, strict=True) if away}
    assert sorted(tied.counts[hidden]) == [2, 3, 8, 9, 12, 17]
    assert shown == {(0, 0), (0, 1), (1, 0), (1, 2), (2, 1), (2, 2)}
    for position in np.flatnonzero(hidden):
        low, high = interval(tied, hidden, position)
        assert high - low == pytest.approx(5)


def test_small_counts_alone_fail_the_check():
    tied = table([[12, 3, 25], [8, 14, 9], [30, 2, 17]])
    assert len(too_sure(tied, small_counts(tied.counts, 5), 5)) == 2
    assert len(too_sure(tied, small_counts(tied.counts, 5), 5, knows_small=True)) == 2


def test_two_fours_that_add_up_to_eight_are_pinned_for_one_who_knows_the_rule():
    book = Book()
    for key, n in (("a", 4), ("b", 4), ("c", 20), ("d", 30)):
        book.enter(key, n)
    book.tie(book.enter("all", 58, worth=100), ["a", "b", "c", "d"])
    tied = book.tied()
    only = small_counts(tied.counts, 5)
    assert len(too_sure(tied, only, 5)) == 0
    assert len(too_sure(tied, only, 5, knows_small=True)) == 2
    assert hide_tied(tied, 5).tolist() == [True, True, True, False, False]


def test_a_small_total_goes_with_its_parts():
    book = Book()
    book.enter("a", 2)
    book.enter("b", 0)
    book.enter("other", 40)
    book.tie(book.enter("pair", 2), ["a", "b"])
    book.tie(book.enter("all", 42, worth=100), ["pair", "other"])
    hidden = dict(zip(book.tied().keys, hide_tied(book.tied(), 5), strict=True))
    assert hidden["a"]
    assert hidden["pair"]
    assert hidden["other"]
    assert not hidden["all"]


def test_a_small_rest_that_nobody_prints_is_protected():
    book = Book()
    book.enter("all incidents", 40, worth=100)
    book.enter("of one kind", 37)
    book.tie("all incidents", ["of one kind", book.enter("the others", 3, printed=False)])
    assert dict(zip(book.tied().keys, hide_tied(book.tied(), 5), strict=True))["of one kind"]


def test_a_large_rest_hides_nothing():
    book = Book()
    book.enter("all incidents", 40)
    book.enter("of one kind", 17)
    book.tie("all incidents", ["of one kind", book.enter("the others", 23, printed=False)])
    assert not hide_tied(book.tied(), 5)[:2].any()


def test_true_zeros_and_large_counts_are_shown():
    assert not hide_tied(table([[0, 12], [9, 30]]), 5).any()


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(0, 14), min_size=4, max_size=4), min_size=3, max_size=4))
def test_no_table_tells_a_small_count(counts):
    tied = table(counts)
    hidden = hide_tied(tied, 5)
    small = small_counts(tied.counts, 5)
    assert hidden[small].all()
    assert not len(too_sure(tied, hidden, 5)) or hidden[np.asarray(tied.counts) > 0].all()
    for position in np.flatnonzero(small):
        low, high = interval(tied, hidden, position)
        assert low <= 1 + 1e-3
        assert high >= 4 - 1e-3


@settings(max_examples=20)
@given(st.lists(st.lists(st.integers(0, 14), min_size=4, max_size=4), min_size=3, max_size=3), st.integers(2, 8))
def test_what_is_hidden_depends_on_nothing_but_the_counts(counts, k):
    assert (hide_tied(table(counts), k) == hide_tied(table(counts), k)).all()


def doors(counts):
    """A table whose rows are also counted elsewhere, so that some rests are printed by nobody."""
    counts = np.asarray(counts, dtype=float)
    book = Book()
    for i, row in enumerate(counts):
        cells = [book.enter((i, j), n) for j, n in enumerate(row)]
        book.tie(book.enter((i, "all"), row.sum()), cells)
        book.tie((i, "all"), [(i, 0), book.enter((i, "rest"), row[1:].sum(), printed=False)])
    for j in range(counts.shape[1]):
        book.tie(book.enter(("all", j), counts[:, j].sum(), worth=9), [(i, j) for i in range(counts.shape[0])])
    return book.tied()


@settings(max_examples=20)
@given(st.lists(st.lists(st.integers(0, 14), min_size=3, max_size=3), min_size=3, max_size=4))
def test_what_was_found_possible_before_spares_programs_and_changes_no_answer(counts):
    tied = doors(counts)
    seen, hidden = Seen(tied.counts), small_counts(tied.counts, 5) | ~tied.printed
    for position in np.flatnonzero(small_counts(tied.counts, 5)):
        aim = int(position), min(1.0, float(tied.counts[position]))
        hidden = moved(tied, hidden, aim, Bounds(tied.counts, 5, knows_small=False), seen)
    alone = too_sure(tied, hidden, 5)
    assert too_sure(tied, hidden, 5, seen=seen).tolist() == alone.tolist()
    for position in np.flatnonzero(hidden):
        low, high = interval(tied, hidden, position)
        assert low - 1e-6 <= seen.low[position]
        assert seen.high[position] <= high + 1e-6
    assert (seen.low[~hidden] >= tied.counts[~hidden] - 1e-5).all()
