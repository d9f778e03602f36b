"""The fixed table of any town: no order of asking pins a small count, and a weaker rule's table does."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from hotspot.release.ties import Book, hide_tied, small_counts

K = 5


@st.composite
def towns(draw):
    """Incidents of a few places, years and kinds, and a sequence of questions about them."""
    places, years, kinds = draw(st.integers(2, 4)), draw(st.integers(1, 3)), draw(st.integers(2, 3))
    counts = draw(st.lists(st.integers(0, 9), min_size=places * years * kinds, max_size=places * years * kinds))
    sides = (places, years, kinds)
    questions = draw(
        st.lists(st.tuples(*(st.sets(st.integers(0, side - 1), min_size=1) for side in sides)), min_size=1, max_size=6)
    )
    return np.array(counts, dtype=float).reshape(sides), questions


def fixed_table(counts, rule):
    """The fixed table of such a town, protected by a rule: key to count, NaN where hidden."""
    book = Book()
    sides = [[*range(side), "all"] for side in counts.shape]
    index = {
        key: np.ix_(*([part] if part != "all" else range(side) for part, side in zip(key, counts.shape, strict=True)))
        for key in product(*sides)
    }
    for key, where in index.items():
        book.enter(key, counts[where].sum())
    for key in index:
        for axis, part in enumerate(key):
            if part == "all":
                book.tie(key, [(*key[:axis], own, *key[axis + 1 :]) for own in range(counts.shape[axis])])
    tied = book.tied()
    hidden = rule(tied, K)
    return index, {key: np.nan if away else n for key, n, away in zip(tied.keys, tied.counts, hidden, strict=True)}


def revealed(counts, questions, rule):
    """The answers to questions that can be put together from the table, and the small counts that they pin."""
    index, shown = fixed_table(counts, rule)
    lines, told = [], []
    for key, n in shown.items():
        if np.isfinite(n):
            line = np.zeros(counts.shape)
            line[index[key]] = 1.0
            lines.append(line.ravel())
            told.append(n)
    pinned = []
    secrets = {key: counts[where].sum() for key, where in index.items()}
    masks = [index[key] for key, n in secrets.items() if 0 < n < K] + [np.ix_(*map(sorted, each)) for each in questions]
    for where in masks:
        goal = np.zeros(counts.shape)
        goal[where] = 1.0
        if not 0 < counts[where].sum() < K:
            continue
        ends = [
            linprog(sign * goal.ravel(), A_eq=np.array(lines), b_eq=told, bounds=(0, None), method="highs").fun
            if lines
            else None
            for sign in (1.0, -1.0)
        ]
        if None not in ends and -ends[1] - ends[0] < 1 - 1e-6:
            pinned.append(counts[where].sum())
    return pinned


@settings(max_examples=80)
@given(towns())
def test_no_sequence_of_questions_to_the_fixed_table_pins_a_small_count(town):
    counts, questions = town
    single = [
        each for each in questions if all(len(part) in (1, side) for part, side in zip(each, counts.shape, strict=True))
    ]
    assert not revealed(counts, single, hide_tied)


def test_the_search_finds_what_a_weaker_rule_gives_away():
    counts = np.array([[[12.0, 3], [25, 8]], [[14, 9], [30, 6]]])
    assert revealed(counts, [], lambda tied, k: small_counts(tied.counts, k))
    assert not revealed(counts, [], hide_tied)
