"""Cells by row and column: which lie within some steps of each other, and which hang together."""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from hotspot.errors import N_, HotspotError


class Band(NamedTuple):
    """The cells in a band around each cell, as compressed sparse rows."""

    indptr: NDArray[np.int64]
    """Shape (cells + 1,). Where each cell's row starts."""
    indices: NDArray[np.int64]
    """Shape (links,). Positions of the cells in the band."""
    order: NDArray[np.int64]
    """Shape (cells,). The cells by row, then column."""


def lattice_band(rows: ArrayLike, cols: ArrayLike, r0: int, r1: int) -> Band:
    """Find the existing cells between `r0` and `r1` steps (Chebyshev distance) from each cell.

    Parameters
    ----------
    rows, cols
        Shape (cells,). Whole-number position of each existing cell.
    r0, r1
        Smallest and largest distance, both included. [cells]

    Returns
    -------
    Band
        Links by position in the arrays given.

    Raises
    ------
    HotspotError
        When two cells share a position, positions are not whole numbers, or not 1 <= r0 <= r1.
    """
    if not 1 <= r0 <= r1:
        raise HotspotError(
            "a ring starts at least one cell away and ends no nearer than it starts.",
            "r0 = {r0}, r1 = {r1}",
            "give r0 and r1 with 1 <= r0 <= r1, as 3 and 5.",
            r0=r0,
            r1=r1,
        )
    row, col, order = _positions(rows, cols)
    sorted_row = row[order]
    starts = np.flatnonzero(np.append(True, sorted_row[1:] != sorted_row[:-1])) if len(row) else np.zeros(0, np.int64)
    levels, starts = sorted_row[starts], np.append(starts, len(row)).astype(np.int64)
    degree = np.zeros(len(row), dtype=np.int64)
    _walk(levels, starts, col[order], (r0, r1), degree, np.empty(0, dtype=np.int64))
    found = np.empty(int(degree.sum()), dtype=np.int64)
    _walk(levels, starts, col[order], (r0, r1), degree, found)
    indptr = np.zeros(len(row) + 1, dtype=np.int64)
    if np.all(order[1:] > order[:-1]):  # the cells came in their own order
        np.cumsum(degree, out=indptr[1:])
        return Band(indptr, found, order)
    focal = np.repeat(order, degree)
    by_focal = np.argsort(focal, kind="stable")
    np.cumsum(np.bincount(focal, minlength=len(row)), out=indptr[1:])
    return Band(indptr, order[found][by_focal], order)


def label_clusters(rows: ArrayLike, cols: ArrayLike, mask: ArrayLike) -> NDArray[np.int64]:
    """Number the groups of marked cells that touch each other, corners included.

    Parameters
    ----------
    rows, cols
        Shape (cells,). Whole-number position of each existing cell.
    mask
        Shape (cells,). True for the marked cells.

    Returns
    -------
    NDArray
        Shape (cells,). 1, 2, 3 and so on, counted from the group with the lowest row (then column); 0 for a
        cell that is not marked. The numbers do not depend on the order of the cells given.

    Notes
    -----
    Connected components of the marked cells, eight neighbours each: the same number = a chain of touching marked
    cells.

    How it misleads: one cell that touches by a corner joins two places into one; a street of single cells is a long
    place.

    References
    ----------
    Rosenfeld and Pfaltz (1966) https://doi.org/10.1145/321356.321357
    """
    marked = np.asarray(mask, dtype=bool)
    row, col = np.asarray(rows)[marked], np.asarray(cols)[marked]
    labels = np.zeros(len(marked), dtype=np.int64)
    if not marked.any():
        return labels
    band = lattice_band(row, col, 1, 1)
    links = csr_array((np.ones(len(band.indices), dtype=np.int8), band.indices, band.indptr), shape=(len(row),) * 2)
    _, group = connected_components(links, directed=False)
    _, first, inverse = np.unique(group[band.order], return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(1, len(first) + 1)
    ordered = np.empty(len(row), dtype=np.int64)
    ordered[band.order] = rank[inverse]
    labels[marked] = ordered
    return labels


def _positions(rows: ArrayLike, cols: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Whole-number positions, each used once, and the cells by row, then column."""
    given = np.asarray(rows, dtype=np.float64), np.asarray(cols, dtype=np.float64)
    whole = given[0].shape == given[1].shape and all(bool(np.all(np.rint(g) == g)) for g in given)
    row, col = (g.astype(np.int64) if whole else np.zeros(0, dtype=np.int64) for g in given)
    order = np.lexsort((col, row))
    shared = int(np.sum((np.diff(row[order]) == 0) & (np.diff(col[order]) == 0)))
    if not whole or shared:
        raise HotspotError(
            "every cell has its own whole-number row and column.",
            N_("{shared} cells on a position already taken") if whole else N_("positions that are not whole"),
            "give integer rows and cols of equal length, each pair once.",
            shared=shared,
        )
    return row, col, order


@numba.njit(cache=True)
def _walk(
    levels: NDArray[np.int64],
    starts: NDArray[np.int64],
    cols: NDArray[np.int64],
    band: tuple[int, int],
    degree: NDArray[np.int64],
    found: NDArray[np.int64],
) -> None:  # pragma: no cover - compiled
    """Count (into `degree`) and, where `found` has room, list the sorted cells of each cell's band.

    Cells are sorted by row and column; `levels` are the rows in use and `starts` where each begins.
    """
    near, far = band
    at = 0
    for here in range(len(levels)):
        low = np.searchsorted(levels, levels[here] - far)
        high = np.searchsorted(levels, levels[here] + far, side="right")
        first = starts[low:high].copy()  # in each row the first cell not too far to the left; moves right with the cell
        for cell in range(starts[here], starts[here + 1]):
            began = at
            for level in range(low, high):
                inside_rows = abs(levels[level] - levels[here]) < near
                end = starts[level + 1]
                while first[level - low] < end and cols[first[level - low]] < cols[cell] - far:
                    first[level - low] += 1
                other = first[level - low]
                while other < end and cols[other] <= cols[cell] + far:
                    if not (inside_rows and abs(cols[other] - cols[cell]) < near):
                        if len(found) > 0:
                            found[at] = other
                        at += 1
                    other += 1
            degree[cell] = at - began
