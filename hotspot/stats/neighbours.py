"""Who is whose neighbour: one immutable value that every local statistic reads."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray
from scipy import sparse

from hotspot.errors import HotspotError
from hotspot.stats.lattice import lattice_band
from hotspot.stats.sparse_rows import broken_rules, even_rows, sorted_rows, summed_rows

if TYPE_CHECKING:
    from libpysal.graph import Graph


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Which places lie around which, as compressed sparse rows; a place is never its own neighbour.

    Parameters
    ----------
    indptr
        Shape (places + 1,). Where the neighbours of each place start in `indices`.
    indices
        Shape (links,). Positions of the neighbours.
    weights
        Shape (links,). Weight of each link, positive and finite; None where every link counts one.
    order
        Shape (places,). The places in an order that belongs to them and not to their rows (lattice position,
        id): simulations walk along it, so that the order of the rows never changes a result.

    Raises
    ------
    HotspotError
        When the arrays do not describe neighbours: each broken rule is listed.

    Notes
    -----
    Rows are stored sorted and the arrays are read-only copies (an array that is read-only already is kept).
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int64]
    weights: NDArray[np.float64] | None = None
    order: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        """Check the arrays, sort each place's neighbours and make all of it read-only."""
        indptr, indices = _kept(self.indptr, np.int64), _kept(self.indices, np.int64)
        weights = None if self.weights is None else _kept(self.weights, np.float64)
        broken = broken_rules(indptr, indices, weights)
        if broken:
            raise HotspotError(
                "neighbours are given as compressed sparse rows of distinct other places.",
                "{broken}",
                "build them with Neighbours.from_lattice, from_pairs or from_graph.",
                broken="; ".join(broken),
            )
        indices, weights = sorted_rows(indptr, indices, weights)
        order = np.arange(len(indptr) - 1) if self.order is None else _kept(self.order, np.int64)
        for name, array in (("indptr", indptr), ("indices", indices), ("weights", weights), ("order", order)):
            if array is not None:
                array.setflags(write=False)
            object.__setattr__(self, name, array)

    @classmethod
    def from_lattice(cls, rows: ArrayLike, cols: ArrayLike, ring: int = 1) -> Self:
        """Find the cells up to `ring` steps away on a lattice, diagonals included (queen).

        Parameters
        ----------
        rows, cols
            Shape (cells,). Whole-number position of each existing cell; cells that are not listed do not
            exist.
        ring
            Largest Chebyshev distance. [cells]

        Returns
        -------
        Neighbours
            On the order of the cells given.

        Raises
        ------
        HotspotError
            When two cells share a position or the positions are not whole numbers.
        """
        return cls.ring_band(rows, cols, 1, ring)

    @classmethod
    def ring_band(cls, rows: ArrayLike, cols: ArrayLike, r0: int, r1: int) -> Self:
        """Find the cells between `r0` and `r1` steps away on a lattice: the surroundings to compare with.

        Parameters
        ----------
        rows, cols
            Shape (cells,). Whole-number position of each existing cell.
        r0, r1
            Smallest and largest Chebyshev distance, both included; r0 at least 1. [cells]

        Returns
        -------
        Neighbours
            On the order of the cells given.

        Raises
        ------
        HotspotError
            When two cells share a position, positions are not whole numbers, or not 1 <= r0 <= r1.
        """
        band = lattice_band(rows, cols, r0, r1)
        for array in band:
            array.setflags(write=False)  # nobody else has them: no copies are needed
        return cls(band.indptr, band.indices, None, band.order)

    @classmethod
    def from_pairs(cls, focal: ArrayLike, neighbour: ArrayLike, n: int, weights: ArrayLike | None = None) -> Self:
        """Build neighbours of `n` places from pairs of positions, one pair for each direction.

        Parameters
        ----------
        focal, neighbour
            Shape (links,). Positions from 0 to n - 1.
        n
            Number of places, islands included.
        weights
            Shape (links,). Positive weights, or None for one each.

        Returns
        -------
        Neighbours
            Of n places.

        Raises
        ------
        HotspotError
            When a position lies outside 0 to n - 1, a place is its own neighbour or a pair is repeated.
        """
        start = np.asarray(focal, dtype=np.int64)
        end = np.asarray(neighbour, dtype=np.int64)
        if start.shape != end.shape or (start.size and not 0 <= start.min() <= start.max() < n):
            raise HotspotError(
                "pairs name positions from 0 to the number of places less one.",
                "{links} links between {n} places, with a position outside or a side missing",
                "give focal and neighbour of equal length, with positions below n.",
                links=start.size,
                n=n,
            )
        by_focal = np.argsort(start, kind="stable")
        indptr = np.zeros(n + 1, dtype=np.int64)
        np.cumsum(np.bincount(start, minlength=n), out=indptr[1:])
        given = None if weights is None else np.asarray(weights, dtype=np.float64)[by_focal]
        return cls(indptr, end[by_focal], given)

    @classmethod
    def from_graph(cls, graph: "Graph") -> Self:
        """Read a libpysal Graph, on the order of its ``unique_ids``; isolates have no neighbours.

        Parameters
        ----------
        graph
            A Graph without self weights; weights that are all one are kept as "every link counts one".

        Returns
        -------
        Neighbours
            On the order of ``graph.unique_ids``.

        Raises
        ------
        HotspotError
            When a place has a weight to itself.
        """
        return cls.from_sparse(graph.sparse, graph.unique_ids.argsort())

    @classmethod
    def from_sparse(cls, matrix: sparse.csr_array | sparse.coo_array, order: ArrayLike | None = None) -> Self:
        """Read a sparse matrix of weights, as scipy's or the ``sparse`` of libpysal's Graph and W.

        Parameters
        ----------
        matrix
            Shape (places, places). Row i holds the weights of the neighbours of place i; zeros are no links.
        order
            Shape (places,). The places in an order of their own, or None for that of the rows.

        Returns
        -------
        Neighbours
            Weights that are all one are kept as "every link counts one".

        Raises
        ------
        HotspotError
            When the matrix is not square, a place has a weight to itself, or a weight is negative or not finite.
        """
        rows = sparse.csr_array(matrix, copy=True)
        if rows.shape[0] != rows.shape[1]:
            raise HotspotError(
                "weights between places have one row and one column for each place.",
                "{shape}",
                "give a square matrix.",
                shape=str(rows.shape),
            )
        rows.sum_duplicates()
        rows.eliminate_zeros()
        data = np.asarray(rows.data, dtype=np.float64)
        own = None if order is None else np.asarray(order)
        starts, others = rows.indptr.astype(np.int64), rows.indices.astype(np.int64)
        return cls(starts, others, None if np.all(data == 1.0) else data, own)

    def to_sparse(self) -> sparse.csr_array:
        """Give the weights as a sparse matrix, for scipy or for spreg.

        Returns
        -------
        scipy.sparse.csr_array
            Shape (places, places), a copy; row i holds the weights of the neighbours of place i.
        """
        rows = (self.link_weights.copy(), self.indices.copy(), self.indptr.copy())
        return sparse.csr_array(rows, shape=(self.n, self.n))

    def to_graph(self, ids: Sequence[Hashable] | None = None) -> "Graph":
        """Give the same neighbours as a libpysal Graph, for a second opinion by esda or spreg.

        Parameters
        ----------
        ids
            Shape (places,). Labels of the places; None for 0, 1, 2 and so on.

        Returns
        -------
        Graph
            With islands as isolates.
        """
        from libpysal.graph import Graph  # two seconds to import, needed only here

        labels: NDArray[Any] = np.arange(self.n) if ids is None else np.asarray(ids)
        focal = np.concatenate([self.focal, self.islands])
        neighbour = np.concatenate([self.indices, self.islands])
        weight = np.concatenate([self.link_weights, np.zeros(len(self.islands))])
        in_order = np.argsort(focal, kind="stable")
        return Graph.from_arrays(labels[focal][in_order], labels[neighbour][in_order], weight[in_order])

    @property
    def n(self) -> int:
        """Number of places."""
        return len(self.indptr) - 1

    @property
    def cardinalities(self) -> NDArray[np.int64]:
        """Number of neighbours of each place, shape (places,)."""
        return np.diff(self.indptr)

    @property
    def islands(self) -> NDArray[np.int64]:
        """Positions of the places that have no neighbour."""
        return np.flatnonzero(self.cardinalities == 0)

    @property
    def focal(self) -> NDArray[np.int64]:
        """Position of the place that each link starts from, shape (links,)."""
        return np.repeat(np.arange(self.n), self.cardinalities)

    @property
    def link_weights(self) -> NDArray[np.float64]:
        """Weight of each link, ones where none were given, shape (links,)."""
        return np.ones(len(self.indices)) if self.weights is None else self.weights

    @property
    def even(self) -> bool:
        """Whether the links of each place weigh the same, as in contiguity, standardised or not."""
        return self.weights is None or bool(even_rows(self.indptr, self.weights))

    @property
    def canonical(self) -> NDArray[np.int64]:
        """The places in the order that belongs to them, shape (places,)."""
        return np.arange(self.n) if self.order is None else self.order

    def around(self, values: NDArray[np.float64], *, itself: bool = False) -> NDArray[np.float64]:
        """Add up the values around each place, weighted where links have weights.

        Parameters
        ----------
        values
            Shape (places,), finite.
        itself
            Whether the place's own value is added, with weight one.

        Returns
        -------
        NDArray
            Shape (places,); 0 (or the own value) for an island.
        """
        if self.weights is None:
            total = summed_rows(self.indptr, self.indices, np.asarray(values, dtype=np.float64))
        else:
            links = values[self.indices] * self.weights
            total = np.bincount(self.focal, weights=links, minlength=self.n).astype(np.float64)
        return total + values if itself else total

    def among(self, kept: NDArray[np.bool_]) -> "Neighbours":
        """Leave out the places that are not kept, and every link to them.

        Parameters
        ----------
        kept
            Shape (places,). True for the places that stay.

        Returns
        -------
        Neighbours
            Of the kept places, numbered in their order; a place may become an island.
        """
        if kept.all():
            return self
        renumbered = np.cumsum(kept) - 1
        focal = self.focal
        stays = kept[focal] & kept[self.indices]
        indptr = np.zeros(int(kept.sum()) + 1, dtype=np.int64)
        np.cumsum(np.bincount(renumbered[focal[stays]], minlength=len(indptr) - 1), out=indptr[1:])
        weights = None if self.weights is None else self.weights[stays]
        order = renumbered[self.canonical[kept[self.canonical]]]
        return Neighbours(indptr, renumbered[self.indices[stays]], weights, order)

    def reweighted(self, weights: ArrayLike | None) -> "Neighbours":
        """Give the same links other weights.

        Parameters
        ----------
        weights
            Shape (links,). Positive weights, or None for one each.

        Returns
        -------
        Neighbours
            Of the same places.
        """
        return Neighbours(self.indptr, self.indices, None if weights is None else np.asarray(weights), self.order)

    def __repr__(self) -> str:
        """Say how many places, links and islands there are."""
        kind = "every link counts one" if self.weights is None else "weighted"
        mean = len(self.indices) / self.n if self.n else 0.0
        return f"Neighbours({self.n} places, {mean:.1f} neighbours each, {len(self.islands)} islands, {kind})"


def _kept(array: ArrayLike, dtype: DTypeLike) -> NDArray[Any]:
    """The array itself where nobody can change it, else a copy."""
    given = np.asarray(array)
    if given.dtype == dtype and given.base is None and not given.flags.writeable:
        return given
    return np.array(given, dtype=dtype)
