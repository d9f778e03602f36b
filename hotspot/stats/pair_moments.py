"""Exact mean and variance of a sum over pairs of places, when what the places hold is dealt out at random."""

from itertools import product
from math import factorial, perm, prod

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FloatArray = NDArray[np.float64]
Partition = tuple[int, ...]

_FOUR = 4


def dealt_moments(pairs: sparse.csr_array, a: FloatArray, b: FloatArray) -> tuple[float, float]:
    """What would sum_ij P_ij a_i b_j be on average, were the pairs (a, b) dealt out to the places at random?

    Parameters
    ----------
    pairs
        P, symmetric, shape (places, places); its diagonal counts.
    a, b
        Shape (places,). What each place holds; the two move together.

    Returns
    -------
    tuple of float
        Mean and variance, exact; four places at least.

    Notes
    -----
    E T^2 = sum_ijkl P_ij P_kl E[a_i b_j a_k b_l] falls into the 15 patterns of which of i, j, k, l are the same
    place. For each, sums over distinct places follow from sums over all by inclusion and exclusion, on the side of P
    and on the side of the values. Mantel's test with a diagonal; Lee (2004) gives it for Lee's L.

    References
    ----------
    Mantel (1967), Cancer Research 27, 209-220. Lee (2004), doi:10.1068/a34143.
    """
    n = len(a)
    diagonal, rows = pairs.diagonal(), np.asarray(pairs.sum(axis=1)).ravel()
    trace, total, places = float(diagonal.sum()), float(rows.sum()), float(n)
    together, apart = float(a @ b), float(a.sum() * b.sum() - a @ b)
    mean = trace * together / places + (total - trace) * apart / (places * (places - 1.0))
    shared = (total**2, float(rows @ rows), float(pairs.multiply(pairs).sum()))
    doubled = (trace, float(diagonal @ rows), float(diagonal @ diagonal))

    def of_pairs(labels: Partition) -> float:
        """Sum of P_ij P_kl over all places, equal labels naming the same place."""
        one, other = set(labels[:2]), set(labels[2:])
        both = len(one & other)
        if len(one) + len(other) == _FOUR:
            return shared[both]
        if len(one) + len(other) == 2:  # noqa: PLR2004 - each pair is a single place
            return doubled[2] if both else trace**2
        return doubled[1] if both else trace * total

    def of_values(labels: Partition) -> float:
        """Sum of a_i b_j a_k b_l over all places."""
        found = 1.0
        for label in set(labels):
            power = [sum(1 for at in each if labels[at] == label) for each in ((0, 2), (1, 3))]
            found *= float(np.sum(a ** power[0] * b ** power[1]))
        return found

    square = 0.0
    for labels in _PARTITIONS:
        coarser = [(each, _moebius(labels, each)) for each in _PARTITIONS]
        sides = [sum(weight * side(each) for each, weight in coarser if weight) for side in (of_pairs, of_values)]
        square += prod(sides) / perm(n, max(labels) + 1)
    return mean, square - mean**2


def _partitions() -> list[Partition]:
    """The 15 ways in which four places can be the same, as labels counted from 0 in order of appearance."""
    return [
        each for each in product(range(_FOUR), repeat=_FOUR) if all(x <= len(set(each[:i])) for i, x in enumerate(each))
    ]


def _moebius(finer: Partition, coarser: Partition) -> int:
    """Weight of the coarser partition in the sum over distinct places of the finer; 0 where it is none."""
    merged: dict[int, set[int]] = {}
    for one, other in zip(finer, coarser, strict=True):
        merged.setdefault(other, set()).add(one)
    if sum(len(each) for each in merged.values()) != len(set(finer)):
        return 0  # a place of the finer partition is torn apart
    return prod((-1) ** (len(each) - 1) * factorial(len(each) - 1) for each in merged.values())


_PARTITIONS = _partitions()
