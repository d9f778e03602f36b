"""Links between places: every broken rule is named, and rows have one sorted form."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.stats.sparse_rows import broken_rules, sorted_rows

LINKS = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] != pair[1]))


def rows(indptr: list[int], indices: list[int], weights: list[float] | None = None) -> tuple:
    return (
        np.array(indptr, dtype=np.int64),
        np.array(indices, dtype=np.int64),
        None if weights is None else np.array(weights, dtype=np.float64),
    )


@pytest.mark.parametrize(
    ("given_rows", "problem"),
    [
        (rows([], []), "row starts"),
        (rows([1, 2], [0]), "row starts"),
        (rows([0, 1], [0, 0]), "row starts"),
        (rows([0, 2, 1], [1]), "row starts"),
        (rows([0, 1, 2], [2, 0]), "a neighbour that does not exist"),
        (rows([0, 1, 2], [-1, 0]), "a neighbour that does not exist"),
        (rows([0, 1, 2], [0, 0]), "a place that is its own neighbour"),
        (rows([0, 2, 2], [1, 1]), "a neighbour named twice"),
        *[
            (rows([0, 1, 2], [1, 0], bad), "weights that are")
            for bad in ([1], [1, 0], [1, -1], [1, np.nan], [1, np.inf])
        ],
    ],
)
def test_a_broken_rule_is_named(given_rows: tuple, problem: str) -> None:
    (found,) = broken_rules(*given_rows)
    assert found.startswith(problem)


def test_all_broken_rules_are_named_at_once() -> None:
    assert len(broken_rules(*rows([0, 3, 3], [0, 1, 1], [1, 1, np.nan]))) == 3


@pytest.mark.parametrize("fine", [rows([0], []), rows([0, 0, 0], []), rows([0, 1, 2], [1, 0], [0.5, 2])])
def test_no_place_no_neighbour_and_one_way_links_are_fine(fine: tuple) -> None:
    assert broken_rules(*fine) == []


@given(LINKS, st.randoms(use_true_random=False))
def test_rows_are_sorted_with_their_weights(links: set[tuple[int, int]], random: object) -> None:
    mixed = sorted(links, key=lambda pair: (pair[0], random.random()))
    indptr = np.searchsorted([a for a, _ in mixed], np.arange(8)).astype(np.int64)
    indices = np.array([b for _, b in mixed], dtype=np.int64)
    weights = np.array([10.0 * a + b + 1 for a, b in mixed])
    ordered, own = sorted_rows(indptr, indices, weights)
    focal = np.repeat(np.arange(7), np.diff(indptr))
    assert list(zip(focal, ordered, strict=True)) == sorted(links)
    assert (own == 10.0 * focal + ordered + 1).all()
    again, plain = sorted_rows(indptr, ordered, None)
    assert (again == ordered).all()
    assert plain is None
