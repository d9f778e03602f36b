"""Links between places as compressed sparse rows: their rules and their one sorted form."""

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
    if len(indices) and not 0 <= indices.min() <= indices.max() < n:
        return ["a neighbour that does not exist"]
    broken = []
    focal = np.repeat(np.arange(n), np.diff(indptr))
    if np.any(focal == indices):
        broken.append("a place that is its own neighbour")
    links = focal * n + indices
    if not np.all(links[1:] > links[:-1]) and len(np.unique(links)) < len(links):  # rows are sorted as a rule
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
    focal = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    key = focal * max(len(indptr) - 1, 1) + indices
    if np.all(key[1:] > key[:-1]):
        return indices, weights
    ascending = np.argsort(key)
    return indices[ascending], None if weights is None else weights[ascending]
