"""Looking at each cell over several neighbourhoods at once, given exposure: the adaptive form of test B.

Counts cannot be dealt out anew where one cell has a hundred residents and the next has one. How unusual each
count is, given its own expectation, can: that is what is shuffled here and turned back into counts.
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import stats

from hotspot.stats.adaptive import DRAWS
from hotspot.stats.chance_maps import AT_A_TIME, Seen, shuffled
from hotspot.stats.deviance import RANKS, Look, ranks_of, tally
from hotspot.stats.neighbours import Neighbours

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

# A count with less than this chance of being exceeded is taken for one with this chance: sums of chances are
# not known better.
_SMALLEST = 1e-13
_LONGEST = 100_000
_NOTHING = 1e-300  # nothing is expected: as good as never


def exchanged_chances(  # noqa: PLR0913 - the map, what is expected of it, and what to compare with
    counts: IntArray,
    expected: FloatArray,
    a: FloatArray,
    looks: Sequence[Neighbours],
    *,
    groups: IntArray | None = None,
    asked: NDArray[np.bool_] | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Seen:
    """How unusual is each cell over the neighbourhood that shows it best, given what is expected of each?

    Parameters
    ----------
    counts
        Shape (cells,). [incidents]
    expected
        Shape (cells,). From 0. [incidents]
    a
        Shape (cells,). Overdispersion of one cell (`negative_binomial.dispersion`).
    looks
        The neighbourhoods to look at each cell with.
    groups
        Shape (cells,). Kinds of cells that are only exchanged among themselves; None for one kind.
    asked
        Shape (cells,). Which cells are tested; the others only lie around them. None for all.
    draws
        Maps of chance to compare with.
    seed
        Of these maps.

    Returns
    -------
    Seen
        To be corrected (`adaptive.answered`); not tested without neighbours in any look.

    Notes
    -----
    The statistic of a look is the signed root of the deviance of its sum, held against a negative binomial of
    the same mean and size as `exposure_tails` uses, half an incident nearer to the mean: about a standard
    normal number whatever is expected. Each cell keeps its largest. Maps of chance: the chance v of more
    incidents than counted (between the two counts of a tie, at random) is the same thing in every cell when
    expectation and overdispersion are right, so v is shuffled and each cell takes the count that has its new
    v. Were they known, maps would be exchangeable and the calibration exact; they are estimated, and the
    overdispersion on the high side, which the shuffling corrects because it keeps the v that are there.

    References
    ----------
    Westfall and Young (1993), Resampling-based multiple testing, ISBN 0-471-55761-7.
    Dunn and Smyth (1996), Randomized quantile residuals, doi:10.1080/10618600.1996.10474708.
    """
    kept = np.ones(len(counts), dtype=bool) if asked is None else asked
    known = [Look.of(near, counts, expected, a, kept) for near in looks]
    depths = np.array([each.depths() for each in known])
    own, best = ranks_of(depths.max(axis=0)), depths.argmax(axis=0)
    order = looks[0].canonical
    kinds = np.zeros(len(counts), dtype=np.int64) if groups is None else groups
    parts = [order[kinds[order] == kind] for kind in np.unique(kinds)]
    size = np.divide(1.0, a, out=np.full(len(a), np.inf), where=a > 0)
    rng = np.random.default_rng(seed)
    between = np.empty(len(counts))
    between[order] = rng.random(len(counts))
    v = chance_of_more(counts, expected, size, between)
    exceeding = Exceeding.of(expected, size, float(v.min(initial=1.0)))
    by_chance = np.zeros((draws, RANKS), dtype=np.int64)
    for first, dealt in _dealt(v, exceeding, parts, (draws, rng)):
        tally((dealt,) * len(known), known, by_chance[first : first + dealt.shape[1]])
    tested = own < RANKS
    more = np.choose(best, [each.around > each.mean for each in known])
    many = ranks_of(np.array([each.depths_of_many() for each in known]).max(axis=0))
    return Seen(own, by_chance, np.where(tested, best + 1, 0), more & tested, many)


class Exceeding(NamedTuple):
    """For each cell, the chance of more than s incidents, for every s that matters; by one call of `of`."""

    starts: IntArray
    lowest: IntArray
    chances: FloatArray

    @classmethod
    def of(cls, mean: FloatArray, size: FloatArray, smallest: float) -> Self:
        """Tabulate it.

        Parameters
        ----------
        mean, size
            Shape (cells,). Of the negative binomial; size infinite for Poisson.
        smallest
            Chance below which nothing is looked up.

        Returns
        -------
        Exceeding
            With as many entries for each cell as it takes to come below `smallest`.
        """
        return cls(*_tables(mean, size, smallest))

    def counts(self, cells: IntArray, chance: FloatArray) -> NDArray[np.int32]:
        """Find the smallest count that each cell exceeds with less than a given chance.

        Parameters
        ----------
        cells
            Shape (rows,). Which cells.
        chance
            Shape (rows, maps), in (0, 1).

        Returns
        -------
        NDArray
            Shape (rows, maps). [incidents]
        """
        return _counts(cells, chance, self.starts, self.lowest, self.chances)


def chance_of_more(counts: IntArray, mean: FloatArray, size: FloatArray, between: FloatArray) -> FloatArray:
    """How likely is more than was counted, with a tie decided by a number between 0 and 1?

    Parameters
    ----------
    counts
        Shape (cells,). [incidents]
    mean, size
        Shape (cells,). Of the negative binomial; size infinite for Poisson.
    between
        Shape (cells,). Which part of the chance of just this count is added.

    Returns
    -------
    NDArray
        Shape (cells,), in [1e-13, 1]: evenly spread when the distribution is right and `between` is even.
    """
    mixed = np.isfinite(size)
    exceeded = np.asarray(stats.poisson.sf(counts, mean), dtype=np.float64)
    itself = np.asarray(stats.poisson.pmf(counts, mean), dtype=np.float64)
    share = size[mixed] / (size[mixed] + mean[mixed])
    exceeded[mixed] = stats.nbinom.sf(counts[mixed], size[mixed], share)
    itself[mixed] = stats.nbinom.pmf(counts[mixed], size[mixed], share)
    return np.asarray(np.maximum(exceeded + between * itself, _SMALLEST))


def _dealt(
    v: FloatArray, exceeding: Exceeding, parts: Sequence[IntArray], chance: tuple[int, np.random.Generator]
) -> Iterator[tuple[int, NDArray[np.int32]]]:
    """Maps of chance, some at a time, each with the number of its first."""
    draws, rng = chance
    for first in range(0, draws, AT_A_TIME):
        dealt = np.empty((len(v), min(AT_A_TIME, draws - first)), dtype=np.int32)
        for part in parts:
            dealt[part] = exceeding.counts(part, shuffled(v[part], dealt.shape[1], rng))
        yield first, dealt


@numba.njit(cache=True)
def _tables(
    mean: FloatArray, size: FloatArray, smallest: float
) -> tuple[IntArray, IntArray, FloatArray]:  # pragma: no cover - compiled
    """For each cell, the chance of more than s for s from its lowest likely count until below `smallest`."""
    starts, lowest = np.zeros(len(mean) + 1, dtype=np.int64), np.zeros(len(mean), dtype=np.int64)
    exceeded = np.empty(1024)
    at = 0
    for cell in range(len(mean)):
        m, r = max(mean[cell], _NOTHING), size[cell]
        plain = np.isinf(r)
        spread = math.sqrt(m if plain else m + m * m / r)
        s = max(0, int(m - 12.0 * spread))
        lowest[cell] = s
        log_p = s * math.log(m) - m - math.lgamma(s + 1.0)
        if not plain:
            choose = math.lgamma(s + r) - math.lgamma(r) - math.lgamma(s + 1.0)
            log_p = choose - r * math.log1p(m / r) + s * math.log(m / (m + r))
        p = math.exp(log_p)
        left = 1.0 - p
        while True:
            if at == len(exceeded):
                exceeded = np.append(exceeded, np.empty(at))
            exceeded[at] = left
            at += 1
            if left <= smallest or at - starts[cell] > _LONGEST:
                break
            s += 1
            p *= m / s if plain else (s - 1.0 + r) / s * m / (m + r)
            left -= p
        starts[cell + 1] = at
    return starts, lowest, exceeded[:at]


@numba.njit(cache=True)
def _counts(
    part: IntArray, chances: FloatArray, starts: IntArray, lowest: IntArray, exceeded: FloatArray
) -> NDArray[np.int32]:  # pragma: no cover - compiled
    """The count of each cell that is exceeded with less than the chance given, and no smaller one is."""
    dealt = np.empty(chances.shape, dtype=np.int32)
    for row, cell in enumerate(part):
        for column in range(chances.shape[1]):
            low, high = starts[cell], starts[cell + 1] - 1
            while low < high:
                middle = (low + high) // 2
                if exceeded[middle] < chances[row, column]:
                    high = middle
                else:
                    low = middle + 1
            dealt[row, column] = lowest[cell] + low - starts[cell]
    return dealt
