"""How often does the hot-spot test raise a false alarm on maps that hold nothing but chance?

Run ``python benchmarks/calibration.py`` (about two minutes on one core); it prints the tables of
docs/calibration.md. Seeds are fixed: the same numbers come out every time.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotspot.stats.hotspots import hotspots, hotspots_around
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.verdicts import BUSY, COLD, HOT, Hotspots

SIDE, RUNS, LEVEL = 20, 300, 0.05
ROWS, COLS = np.divmod(np.arange(SIDE * SIDE), SIDE)
NEAR = Neighbours.from_lattice(ROWS, COLS)
RING = Neighbours.ring_band(ROWS, COLS, 3, 5)
Floats = NDArray[np.float64]


class Alarms(NamedTuple):
    """Share of the maps with at least one cell of the kind."""

    any_kind: float
    hot: float
    more: float
    cold: float


def deal(rng: np.random.Generator, mean: Floats, a: float) -> Floats:
    """Counts of variance mean + a mean^2."""
    rate = mean * rng.gamma(1 / a, a, len(mean)) if a else mean
    return rng.poisson(rate).astype(np.float64)


def alarms(answer: Callable[[Floats], Hotspots], mean: Floats, a: float, seed: int) -> Alarms:
    """Share of maps with a false alarm of each kind."""
    rng = np.random.default_rng(seed)
    found = [answer(deal(rng, mean, a)).klass for _ in range(RUNS)]
    kinds = [(HOT, BUSY, COLD), (HOT,), (HOT, BUSY), (COLD,)]
    return Alarms(*(float(np.mean([np.isin(klass, kind).any() for klass in found])) for kind in kinds))


def main() -> None:
    """Print both tables."""
    exposure = np.random.default_rng(1).gamma(2.0, 0.5, SIDE * SIDE)
    forms: dict[str, Callable[[Floats], Hotspots]] = {
        "included": lambda x: hotspots(x, NEAR, ring=RING, level=LEVEL),
        "held": lambda x: hotspots_around(x, NEAR, ring=RING, level=LEVEL),
        "exposure": lambda x: hotspots(x, NEAR, exposure=exposure, ring=RING, level=LEVEL),
    }
    print("| a | mean | form | any | more | cold | hot, also against the ring |")
    print("|---|---|---|---|---|---|---|")
    seed = 20_000
    for a in (0.0, 1.0, 3.0):
        for mean in (0.1, 0.3, 1.0, 5.0):
            for name, answer in forms.items():
                seed += 1
                where = mean * (exposure / exposure.mean() if name == "exposure" else np.ones(SIDE * SIDE))
                found = alarms(answer, where, a, seed)
                row = (found.any_kind, found.more, found.cold, found.hot)
                print(f"| {a:g} | {mean:g} | {name} |", " | ".join(f"{value:.3f}" for value in row), "|", flush=True)
    print("\n| trend | mean | form | more, against the town | hot, also against the ring |")
    print("|---|---|---|---|---|")
    for factor in (2.0, 4.0, 10.0):
        for mean in (0.3, 1.0, 5.0):
            shape = np.exp(np.log(factor) * COLS / (SIDE - 1))
            for name in ("included", "held"):
                seed += 1
                found = alarms(forms[name], mean * shape / shape.mean(), 0.0, seed)
                print(f"| x{factor:g} | {mean:g} | {name} | {found.more:.3f} | {found.hot:.3f} |", flush=True)


if __name__ == "__main__":
    main()
