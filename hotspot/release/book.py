"""Counts, and every sum that ties them to each other."""

from collections.abc import Hashable, Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

LEAST_INCIDENTS = 5  # METHODS 12: proposed default, above Statistics Denmark's general rule of 3
SURE = 1e-6
Mask = npt.NDArray[np.bool_]


class Tied(NamedTuple):
    """Counts and every sum that ties them together.

    Parameters
    ----------
    keys
        What each count is of.
    counts : array, shape (counts,)
        The true counts.
    printed : array of bool, shape (counts,)
        False for a rest that nobody prints but that anyone can work out by subtracting.
    sums : sparse array, shape (sums, counts)
        Each row adds up to zero: 1 for a part, -1 for the total.
    worth : array, shape (counts,)
        How much a reader misses each incident of a count that is hidden to protect others.
    known : array of bool, shape (counts,)
        What was told before, so that hiding it does not help.
    """

    keys: tuple[Hashable, ...]
    counts: npt.NDArray[np.float64]
    printed: Mask
    sums: sp.csr_array
    worth: npt.NDArray[np.float64]
    known: Mask


class Book:
    """Collects counts and sums, each count once by its key."""

    def __init__(self) -> None:
        self._at: dict[Hashable, int] = {}
        self._counts: list[float] = []
        self._printed: list[bool] = []
        self._worth: list[float] = []
        self._known: list[bool] = []
        self._sums: list[tuple[int, list[int]]] = []

    def enter(
        self, key: Hashable, count: float, *, printed: bool = True, worth: float = 1.0, known: bool = False
    ) -> Hashable:
        """Enter a count; one that is entered again stays as it is.

        Parameters
        ----------
        key
            What it is of.
        count
            The true count.
        printed
            Whether a reader sees it unless it is hidden.
        worth
            How much a reader misses each incident of it.
        known
            Whether it was told before.

        Returns
        -------
        hashable
            The key.
        """
        if key not in self._at:
            self._at[key] = len(self._counts)
            self._counts.append(float(count))
            self._printed.append(printed)
            self._worth.append(worth)
            self._known.append(known)
        return key

    def unknown(self, kind: Hashable) -> set[Hashable]:
        """Return the keys of a kind, which is their first part, whose counts were not told before.

        Parameters
        ----------
        kind
            Such as "own".

        Returns
        -------
        set
            The keys.
        """
        return {
            key for key, at in self._at.items() if isinstance(key, tuple) and key[0] == kind and not self._known[at]
        }

    def __contains__(self, key: Hashable) -> bool:
        """Say whether a count was entered."""
        return key in self._at

    def count(self, key: Hashable) -> float:
        """Return a count entered before."""
        return self._counts[self._at[key]]

    def tie(self, total: Hashable, parts: Iterable[Hashable]) -> None:
        """Say that a count is the sum of others; all of them entered before.

        Parameters
        ----------
        total, parts
            Their keys.
        """
        self._sums.append((self._at[total], [self._at[part] for part in parts]))

    def tied(self) -> Tied:
        """Return all of it."""
        rows = [row for row, (_, parts) in enumerate(self._sums) for _ in range(len(parts) + 1)]
        columns = [each for total, parts in self._sums for each in (total, *parts)]
        signs = [sign for _, parts in self._sums for sign in (-1.0, *[1.0] * len(parts))]
        shape = (len(self._sums), len(self._counts))
        sums = sp.csr_array((signs, (rows, columns)), shape=shape)
        printed, known = np.array(self._printed, dtype=bool), np.array(self._known, dtype=bool)
        return Tied(tuple(self._at), np.array(self._counts), printed, sums, np.array(self._worth), known)


def small_counts(counts: npt.NDArray[np.float64], k: float) -> Mask:
    """Say which counts are too small to show; a rounding error above zero is zero.

    Parameters
    ----------
    counts : array, shape (counts,)
        Counts.
    k
        Smallest count that may be shown.

    Returns
    -------
    array of bool, shape (counts,)
        True where 0 < n < k.
    """
    return np.asarray((counts > SURE) & (counts < k - SURE))
