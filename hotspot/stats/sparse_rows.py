"""Links between places as compressed sparse rows: their rules and their one sorted form."""

import numba
import numpy as np
from numpy.typing import NDArray


def broken_rules(
    indptr: NDArray[np.int64], indices: NDArray[np.int64], weights: NDArray[np.float64] | None
) -> list[str]:
    """Name every rule of links between places that the arrays break.

    Parameters
    ----------
    indptr
        Shape (places + 1,). Where the links of each place start.
    indices
        Shape (links,). Positions of the neighbours.
    weights
        Shape (links,) or None.

    Returns
    -------
    list of str
        Empty where all is well.
    """
    n = len(indptr) - 1
    if n < 0 or indptr[0] != 0 or indptr[-1] != len(indices) or np.any(np.diff(indptr) < 0):
        return ["row starts that do not run from 0 to the number of links"]
    outside, itself, descends = _walk(indptr, indices)
    if outside:
        return ["a neighbour that does not exist"]
    broken = []
    if itself:
        broken.append("a place that is its own neighbour")
    if descends:  # rows are sorted as a rule
        links = np.repeat(np.arange(n), np.diff(indptr)) * n + indices
        if len(np.unique(links)) < len(links):
            broken.append("a neighbour named twice")
    if weights is not None and (len(weights) != len(indices) or not np.all(np.isfinite(weights) & (weights > 0))):
        broken.append("weights that are missing, not finite or not above zero")
    return broken


def sorted_rows(
    indptr: NDArray[np.int64], indices: NDArray[np.int64], weights: NDArray[np.float64] | None
) -> tuple[NDArray[np.int64], NDArray[np.float64] | None]:
    """Sort the neighbours of each place ascending, their weights with them.

    Parameters
    ----------
    indptr
        Shape (places + 1,). Where the links of each place start.
    indices
        Shape (links,). Positions of the neighbours.
    weights
        Shape (links,) or None.

    Returns
    -------
    tuple
        Indices and weights.
    """
    if not _walk(indptr, indices)[2]:
        return indices, weights
    focal = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    ascending = np.argsort(focal * max(len(indptr) - 1, 1) + indices)
    return indices[ascending], None if weights is None else weights[ascending]


@numba.njit(cache=True)
def summed_rows(
    indptr: NDArray[np.int64], indices: NDArray[np.int64], values: NDArray[np.float64]
) -> NDArray[np.float64]:  # pragma: no cover - compiled
    """Add up the values of each place's neighbours, each counting one.

    Parameters
    ----------
    indptr, indices
        The links as compressed sparse rows.
    values
        Shape (places,).

    Returns
    -------
    NDArray
        Shape (places,).
    """
    total = np.zeros(len(indptr) - 1)
    for place in range(len(total)):
        for link in range(indptr[place], indptr[place + 1]):
            total[place] += values[indices[link]]
    return total


@numba.njit(cache=True)
def even_rows(indptr: NDArray[np.int64], weights: NDArray[np.float64]) -> bool:  # pragma: no cover - compiled
    """Say whether the links of each place weigh the same, up to rounding.

    Parameters
    ----------
    indptr
        Where the links of each place start.
    weights
        Weight of each link.

    Returns
    -------
    bool
        True also without links.
    """
    for place in range(len(indptr) - 1):
        for link in range(indptr[place] + 1, indptr[place + 1]):
            if abs(weights[link] - weights[indptr[place]]) > 1e-12 * weights[indptr[place]]:
                return False
    return True


@numba.njit(cache=True)
def _walk(
    indptr: NDArray[np.int64], indices: NDArray[np.int64]
) -> tuple[bool, bool, bool]:  # pragma: no cover - compiled
    """Whether a neighbour does not exist, is the place itself, or stands out of order."""
    outside, itself, descends = False, False, False
    for place in range(len(indptr) - 1):
        last = -1
        for link in range(indptr[place], indptr[place + 1]):
            other = indices[link]
            outside |= other < 0 or other >= len(indptr) - 1
            itself |= other == place
            descends |= other <= last
            last = other
    return outside, itself, descends
