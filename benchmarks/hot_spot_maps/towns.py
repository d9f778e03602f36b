"""Towns, what is dealt out over them, and in how many maps anything is shown."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotspot.stats.neighbours import Neighbours
from hotspot.stats.significance import benjamini_hochberg, two_sided

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]
LEVEL, MAPS = 0.05, 99


class Town(NamedTuple):
    """A square of cells, its neighbourhoods and an exposure."""

    row: Floats
    col: Floats
    looks: tuple[Neighbours, Neighbours]
    ring: Neighbours
    exposure: Floats

    @classmethod
    def of(cls, side: int) -> "Town":
        """A town of side x side cells; exposure is gamma with shape 2."""
        row, col = np.divmod(np.arange(side * side), side)
        looks = (Neighbours.from_lattice(row, col, 1), Neighbours.from_lattice(row, col, 2))
        exposure = np.random.default_rng(1).gamma(2.0, 0.5, side * side)
        return cls(row, col, looks, Neighbours.ring_band(row, col, 3, 5), exposure / exposure.mean())

    @property
    def side(self) -> int:
        """How many cells a side has."""
        return int(self.row.max()) + 1

    def block(self, side: int) -> Flags:
        """A block of side x side cells in the middle."""
        middle = (self.side - 1) // 2
        return np.maximum(np.abs(self.row - middle), np.abs(self.col - middle)) <= side // 2

    def slope(self, factor: float) -> Floats:
        """A trend of mean 1 from left to right, by so much from the thinnest to the densest."""
        shape = np.exp(np.log(factor) * self.col / self.col.max())
        return shape / shape.mean()


SMALL, HALVED, LARGE = Town.of(20), Town.of(10), Town.of(30)


def deal(rng: np.random.Generator, mean: Floats, a: float) -> Counts:
    """Counts of variance mean + a mean^2."""
    return rng.poisson(mean * rng.gamma(1 / a, a, len(mean)) if a else mean).astype(np.int64)


def planted(rng: np.random.Generator, mean: Floats, a: float, block: Flags, rate: Floats) -> Counts:
    """Counts with a block of Poisson counts of a rate of its own."""
    x = deal(rng, mean, a)
    x[block] = rng.poisson(rate[block])
    return x


def repeats(rng: np.random.Generator, cells: int, addresses: float, each: float) -> Counts:
    """Addresses strewn over the cells, each with a number of incidents of its own."""
    own = rng.poisson(addresses, cells)
    return np.array([rng.geometric(1 / each, n).sum() if n else 0 for n in own], dtype=np.int64)


def found(upper: Floats, lower: Floats) -> Flags:
    """What two-sided p flag after Benjamini and Hochberg."""
    return benjamini_hochberg(two_sided(upper, lower)) <= LEVEL


def within(block: Flags, flags: dict[str, Flags]) -> dict[str, Flags]:
    """Only what is flagged in the block."""
    return {name: each & block for name, each in flags.items()}


def share(flags: Iterable[dict[str, Flags]]) -> dict[str, float]:
    """In which share of the maps is anything flagged?"""
    rows = [{name: bool(each.any()) for name, each in one.items()} for one in flags]
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
