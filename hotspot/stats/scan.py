"""Space-time scan: is there a circle and a stretch of time with more incidents than chance explains?

Reading order: `scan` (the answer), `poisson_llr` (what is compared), `cylinders` (where it looks).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy

from hotspot.errors import HotspotError
from hotspot.stats.cylinders import Circles, circles_around, most_unusual

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ALTERNATIVE = "greater"
DRAWS = 999


class Limits(NamedTuple):
    """Which cylinders are looked at."""

    largest_share: float = 0.5
    """No circle holds more than this share of what is expected in the whole period; at most one half."""
    largest_radius_m: float = np.inf
    """No circle is wider than this. [m]"""
    longest_steps: int | None = None
    """No stretch of time is longer; None for half of the steps (all of them where there is one)."""
    end_anchored: bool = True
    """True to look only at what lasts until the last step: clusters that are alive."""


class Cluster(NamedTuple):
    """A circle and a stretch of time with more incidents than expected."""

    centre: int
    """Row of the place at the centre."""
    places: IntArray
    """Rows of all places in the circle."""
    radius_m: float
    """Distance from the centre to the farthest of them. [m]"""
    first_step: int
    """First step of the stretch."""
    last_step: int
    """Last step of the stretch, included."""
    n: int
    """Incidents inside."""
    expected: float
    """Incidents expected inside."""
    llr: float
    """Log likelihood ratio of this cylinder."""
    pvalue: float
    """Chance that the most unusual cylinder of a map of chance is as unusual: corrected for all cylinders."""


class Scan(NamedTuple):
    """The most unusual cylinder and every other significant one that shares no place with one before it."""

    clusters: tuple[Cluster, ...]
    """Most unusual first; empty where no cylinder holds more than expected."""
    incidents: int
    """Incidents in all."""
    draws: int
    """Maps of chance compared with."""
    form: str
    """"exposure" or "permutation"."""
    alternative: str
    """Alternative of every p: greater, more incidents than expected."""


def poisson_llr(observed: ArrayLike, expected: ArrayLike, total: float) -> FloatArray:
    """How much better does "more inside than outside" explain the incidents than "the same everywhere"?

    Parameters
    ----------
    observed, expected
        Any shape. Incidents inside, and those expected there. [incidents]
    total
        Incidents in all, which the expected ones add up to. [incidents]

    Returns
    -------
    NDArray
        c ln(c / E) + (C - c) ln((C - c) / (C - E)) where c > E, 0 elsewhere.

    References
    ----------
    Kulldorff (1997), doi:10.1080/03610929708831995.
    """
    c, e = np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        llr = xlogy(c, c / e) + xlogy(total - c, (total - c) / (total - e))
    return np.where(c > e, llr, 0.0)


def scan(  # noqa: PLR0913 - the map, where to look, and what to compare with
    counts: ArrayLike,
    xy: ArrayLike,
    *,
    exposure: ArrayLike | None = None,
    limits: Limits | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    level: float = 0.05,
) -> Scan:
    """Where and when are there more incidents than chance explains, without choosing a size beforehand?

    Parameters
    ----------
    counts
        Shape (places, steps). Whole numbers, steps in time order; with exposure NaN where unknown. [incidents]
    xy
        Shape (places, 2). Coordinates in a metric reference system. [m]
    exposure
        Shape (places, steps). What incidents come from, on any scale, 0 where nothing can happen; None for the
        permutation form, which needs no exposure.
    limits
        Which cylinders are looked at; None for those of `Limits`.
    draws
        Maps of chance to compare with.
    seed
        Of the draws.
    level
        Other clusters than the most unusual one are listed up to this p.

    Returns
    -------
    Scan
        Rows and steps are those given.

    Raises
    ------
    HotspotError
        When the arrays do not fit, counts are not whole numbers, exposure is negative, or a limit makes no sense.

    Notes
    -----
    Largest c log(c / E) + (C - c) log((C - c) / (C - E)) over all cylinders with c > E, see `poisson_llr`.
    With exposure, incidents are expected in proportion to it and maps of chance deal out all of them by it
    (multinomial). In the permutation form a place and step expects its place's total times its step's total over
    all, and maps of chance exchange the times of the incidents: it asks whether a place had its incidents at another
    time than the rest of the town, and a place that is always busy is no cluster. p compares with the most
    unusual cylinder of each map of chance, so it needs no further correction; that of other clusters than the
    first is cautious. Places at the same distance enter a circle together.

    How it misleads: exposure that fits badly, and counts more uneven than Poisson (repeats at one address), make
    clusters; a circle takes in places that have nothing to do with it, and the true shape is seldom a circle; the
    permutation form calls a fall elsewhere a cluster here.

    References
    ----------
    Kulldorff (1997), doi:10.1080/03610929708831995.
    Kulldorff (2001), doi:10.1111/1467-985X.00186.
    Kulldorff et al. (2005), doi:10.1371/journal.pmed.0020059.
    """
    table, places, share = _checked(counts, xy, exposure)
    limits = _limits(limits or Limits(), table.shape[1])
    total = int(table.sum())
    order = _own_order(places)
    form = "permutation" if share is None else "exposure"
    if total == 0:
        return Scan((), 0, 0, form, ALTERNATIVE)
    table = table[order]
    expected = _expected(table, None if share is None else share[order])
    circles = circles_around(places[order], expected.sum(axis=1), limits.largest_share * total, limits.largest_radius_m)
    steps = (limits.longest_steps or 0, limits.end_anchored)
    llr, where = most_unusual(circles, table, expected, steps)
    rng = np.random.default_rng(seed)
    by_chance = np.empty(draws)
    for draw in range(draws):
        dealt = _exchanged(table, rng) if share is None else _dealt(expected, total, rng)
        by_chance[draw] = most_unusual(circles, dealt, expected, steps, only_largest=True)[0].max(initial=0.0)
    found = _apart(circles, llr, where)
    clusters = [_cluster(circles, centre, where[centre], (table, expected), order) for centre in found]
    told = [each._replace(pvalue=_as_unusual(each.llr, by_chance)) for each in clusters]
    return Scan(
        tuple(each for rank, each in enumerate(told) if not rank or each.pvalue <= level),
        total, draws, form, ALTERNATIVE,
    )  # fmt: skip


def _as_unusual(llr: float, by_chance: FloatArray) -> float:
    """Share of the maps, the observed one among them, with a cylinder as unusual; rounding is no difference."""
    return float((np.sum(by_chance >= llr * (1.0 - 1e-12)) + 1.0) / (len(by_chance) + 1.0))


def _own_order(places: FloatArray) -> IntArray:
    """An order of the places that the order of their rows does not change."""
    x, y = places.T
    return np.lexsort((x, np.abs(x - y), x + y))


def _expected(table: IntArray, share: FloatArray | None) -> FloatArray:
    """Incidents expected at each place and step; they add up to all."""
    total = table.sum()
    if share is None:
        return np.asarray(np.outer(table.sum(axis=1), table.sum(axis=0)) / total)
    return np.asarray(share * (total / share.sum()))


def _dealt(expected: FloatArray, total: int, rng: np.random.Generator) -> IntArray:
    """A map of chance: all incidents dealt out in proportion to what is expected."""
    chances = expected.ravel() / expected.sum()
    return rng.multinomial(total, chances).reshape(expected.shape).astype(np.int64)


def _exchanged(table: IntArray, rng: np.random.Generator) -> IntArray:
    """A map of chance: each incident stays where it is and takes the time of another."""
    where, when = np.divmod(np.repeat(np.arange(table.size), table.ravel()), table.shape[1])
    cell = where * table.shape[1] + rng.permutation(when)
    return np.bincount(cell, minlength=table.size).reshape(table.shape)


def _apart(circles: Circles, llr: FloatArray, where: IntArray) -> list[int]:
    """Centres whose best cylinders share no place, most unusual first."""
    taken = np.zeros(len(llr), dtype=bool)
    found = []
    for centre in np.argsort(-llr, kind="stable"):
        if llr[centre] <= 0:
            break
        inside = circles.members[circles.starts[centre] : where[centre, 0]]
        if not taken[inside].any():
            taken[inside] = True
            found.append(int(centre))
    return found


def _cluster(
    circles: Circles, centre: int, where: IntArray, maps: tuple[IntArray, FloatArray], order: IntArray
) -> Cluster:
    """Describe a cylinder on the rows given."""
    end, first, last = (int(each) for each in where)
    inside = circles.members[circles.starts[centre] : end]
    n, expected = (float(each[inside, first : last + 1].sum()) for each in maps)
    llr = float(poisson_llr(n, expected, float(maps[0].sum())))
    places = np.sort(order[inside])
    return Cluster(
        int(order[centre]), places, float(circles.distance[end - 1]), first, last, int(n), expected, llr, 1.0
    )


def _limits(limits: Limits, steps: int) -> Limits:
    """Check the limits and fill in the longest stretch."""
    longest = max(1, steps // 2) if limits.longest_steps is None else limits.longest_steps
    if not (0 < limits.largest_share <= 0.5 and limits.largest_radius_m >= 0 and 1 <= longest <= steps):  # noqa: PLR2004 - no cylinder may be the larger part
        raise HotspotError(
            "a scan looks at circles with at most half of what is expected, and at stretches within the period.",
            "{limits}",
            "give largest_share up to 0.5, a radius in metres and longest_steps from 1 to the number of steps.",
            limits=str(limits),
        )
    return limits._replace(longest_steps=longest)


def _checked(
    counts: ArrayLike, xy: ArrayLike, exposure: ArrayLike | None
) -> tuple[IntArray, FloatArray, FloatArray | None]:
    """Counts without unknowns, coordinates, and exposure that is 0 where the count is unknown."""
    table, places = np.asarray(counts, dtype=np.float64), np.asarray(xy, dtype=np.float64)
    share = None if exposure is None else np.asarray(exposure, dtype=np.float64)
    if table.ndim != 2 or places.shape != (len(table), 2) or (share is not None and share.shape != table.shape):  # noqa: PLR2004 - places and steps
        raise HotspotError(
            "counts and exposure are tables of the same places and steps, with two coordinates for each place.",
            "counts {counts}, coordinates {xy}, exposure {exposure}",
            "give counts and exposure of shape (places, steps) and xy of shape (places, 2).",
            counts=str(table.shape), xy=str(places.shape), exposure=str(None if share is None else share.shape),
        )  # fmt: skip
    unknown = np.isnan(table) if share is None else np.zeros(table.shape, dtype=bool)
    known = np.where(np.isnan(table), 0.0, table)
    wrong = unknown | (known < 0) | (known != np.floor(known)) | ~np.isfinite(known)
    if wrong.any() or not np.isfinite(places).all():
        raise HotspotError(
            "counts are whole numbers from 0 at known places; without exposure none may be unknown.",
            "{wrong} counts that are not, {lost} places without coordinates",
            "leave out places and steps that are not covered, or give exposure and NaN where a count is unknown.",
            wrong=int(wrong.sum()), lost=int((~np.isfinite(places)).any(axis=1).sum()),
        )  # fmt: skip
    if share is not None:
        share = _share(np.where(np.isnan(table), 0.0, share), known)
    return known.astype(np.int64), places, share


def _share(share: FloatArray, known: FloatArray) -> FloatArray:
    """Check the exposure."""
    share = np.nan_to_num(share, nan=-1.0)
    if (share < 0).any() or not np.isfinite(share).all() or ((share == 0) & (known > 0)).any():
        raise HotspotError(
            "exposure is a number from 0 wherever a count is known, and above 0 where something happened.",
            "{wrong} places and steps where it is not",
            "give an exposure there, or NaN for the count.",
            wrong=int(((share < 0) | ~np.isfinite(share) | ((share == 0) & (known > 0))).sum()),
        )
    return share
