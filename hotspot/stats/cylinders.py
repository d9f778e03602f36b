"""The circles and stretches of time a scan looks at, and the most unusual of them."""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_SAME_M = 6  # distances are compared to the micrometre: what differs by less differs by rounding


class Circles(NamedTuple):
    """Places around each place, nearest first, as compressed sparse rows."""

    starts: IntArray
    """Shape (places + 1,). Where the places around each centre start."""
    members: NDArray[np.int32]
    """Shape (links,). The places, the centre itself first."""
    distance: FloatArray
    """Shape (links,). From the centre. [m]"""
    complete: NDArray[np.bool_]
    """Shape (links,). True where the next place is farther away, so that a circle may end here."""


def circles_around(xy: FloatArray, expected: FloatArray, most: float, radius_m: float) -> Circles:
    """Which circles around each place hold no more than some expected number?

    Parameters
    ----------
    xy
        Shape (places, 2). [m]
    expected
        Shape (places,). What is expected at each place in the whole period.
    most
        Largest sum of it in a circle.
    radius_m
        Largest radius. [m]

    Returns
    -------
    Circles
        Places at the same distance enter together, or not at all.
    """
    members, distances, ends, lengths = [], [], [], []
    for centre in range(len(xy)):
        away = np.round(np.hypot(*(xy - xy[centre]).T), _SAME_M)
        near = np.flatnonzero(away <= radius_m)
        near = near[np.argsort(away[near], kind="stable")]
        away = away[near]
        complete = np.append(away[1:] > away[:-1], True)[: len(near)]
        fits = np.flatnonzero(complete & (np.cumsum(expected[near]) <= most * (1.0 + 1e-12)))
        length = fits[-1] + 1 if len(fits) else 0
        members.append(near[:length].astype(np.int32))
        distances.append(away[:length])
        ends.append(complete[:length])
        lengths.append(length)
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    if not len(xy):
        return Circles(starts, np.empty(0, dtype=np.int32), np.empty(0), np.empty(0, dtype=bool))
    return Circles(starts, np.concatenate(members), np.concatenate(distances), np.concatenate(ends))


def most_unusual(
    circles: Circles,
    counts: IntArray,
    expected: FloatArray,
    steps: tuple[int, bool],
    *,
    only_largest: bool = False,
) -> tuple[FloatArray, IntArray]:
    """Find the most unusual cylinder around each place, or of all.

    Parameters
    ----------
    circles
        Where to look.
    counts, expected
        Shape (places, steps). They add up to the same. [incidents]
    steps
        Longest stretch, and whether all stretches end with the last step.
    only_largest
        True where only the largest of all is wanted, which is faster; the others may then come out too small.

    Returns
    -------
    tuple of NDArray
        Log likelihood ratio of each centre's best cylinder, shape (places,), 0 where none holds more than
        expected; and where its members end in `circles`, its first and its last step, shape (places, 3).
    """
    best, where = np.zeros(len(counts)), np.zeros((len(counts), 3), dtype=np.int64)
    longest, anchored = steps
    edges = counts.shape[1] + 1
    # Sums from the first step up to each edge: a stretch is the difference of two.
    sums = np.zeros((2, len(counts), edges))
    sums[0, :, 1:], sums[1, :, 1:] = np.cumsum(counts, axis=1), np.cumsum(expected, axis=1)
    _walk(circles, sums, (longest, edges - 1 if anchored else 1, int(only_largest)), best, where)
    return best, where


@numba.njit(cache=True, nogil=True)
def _walk(
    circles: Circles, sums: FloatArray, stretches: tuple[int, int, int], best: FloatArray, where: IntArray
) -> None:
    """Grow every circle and try every stretch of time in it."""
    longest, first_end, shared = stretches
    edges = sums.shape[2]
    lowest = max(0, first_end - longest)
    total = sums[0, :, edges - 1].sum()
    inside = np.empty((2, edges))
    top = 0.0
    for centre in range(circles.starts.size - 1):
        if not shared:
            top = 0.0
        inside[:] = 0.0
        for link in range(circles.starts[centre], circles.starts[centre + 1]):
            place = circles.members[link]
            for edge in range(lowest, edges):
                inside[0, edge] += sums[0, place, edge]
                inside[1, edge] += sums[1, place, edge]
            if circles.complete[link]:
                ratio, start, end = _best_stretch(inside, longest, first_end, top, total)
                if ratio > top:
                    top = best[centre] = ratio
                    where[centre, 0], where[centre, 1], where[centre, 2] = link + 1, start, end - 1


@numba.njit(cache=True, nogil=True)
def _best_stretch(inside: FloatArray, longest: int, first_end: int, top: float, total: float) -> tuple[float, int, int]:
    """Find the stretch of time in one circle whose ratio is above the best so far, if there is one."""
    found_start = found_end = 0
    for end in range(first_end, inside.shape[1]):
        for start in range(max(0, end - longest), end):
            c, e = inside[0, end] - inside[0, start], inside[1, end] - inside[1, start]
            # The ratio is at most the chi-square (c - E)^2 C / (E (C - E)): no logarithms where that is too low.
            if c > e > 0.0 and (c - e) ** 2 * total > top * e * (total - e):
                ratio = c * np.log(c / e)
                if c < total:
                    ratio += (total - c) * np.log((total - c) / (total - e))
                if ratio > top:
                    top, found_start, found_end = ratio, start, end
    return top, found_start, found_end
