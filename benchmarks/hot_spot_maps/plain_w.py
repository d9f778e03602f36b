"""W in its plainest form, written without the product's own: the smaller upper tail of two looks, maps shuffled.

One-sided, no capped counts, no map-wide q: what was measured independently before the product had a form of its own.
"""

from functools import partial

import numpy as np

from hot_spot_maps.tables import Table
from hot_spot_maps.towns import LARGE, LEVEL, Counts, Flags, Floats, deal, planted
from hotspot.stats.adaptive import adaptive
from hotspot.stats.exact import draw_table

SIDE, MAPS = 30, 199
# What 200 maps of the independent measurement gave for each row; None where it has no such row.
PUBLISHED = {
    (0, 3, 1.2): 0.36, (0, 3, 2.0): 0.95, (0, 5, 1.2): 0.99, (0, 5, 2.0): 1.0,
    (1, 3, 1.2): 0.31, (1, 3, 2.0): 0.78, (1, 5, 1.2): 0.87, (1, 5, 2.0): 1.0,
    (0, 0, 0.3): 0.027, (1, 0, 0.3): 0.039, (3, 0, 0.3): 0.055,
}  # fmt: skip


def plain_w(x: Counts, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """W of each cell by upper tails alone, and by both, on the same maps of chance."""
    values, times = np.unique(x, return_counts=True)
    cards = [near.cardinalities + 1 for near in LARGE.looks]
    tables, rows = [], []
    for card in cards:
        table = draw_table(values, times, int(card.max()), int(np.sort(x)[-card.max() :].sum()) + 1)
        tables.append((table[:, ::-1].cumsum(axis=1)[:, ::-1].ravel(), table.cumsum(axis=1).ravel()))
        rows.append(card * table.shape[1])

    def least(maps: Counts) -> tuple[Floats, Floats]:
        places = [row + _sums(maps, reach) for row, reach in zip(rows, (1, 2), strict=True)]
        above, below = (
            np.minimum(*(table[tail].take(place) for table, place in zip(tables, places, strict=True)))
            for tail in (0, 1)
        )
        return above, np.minimum(above, below)

    shuffled = rng.permuted(np.broadcast_to(x, (MAPS, len(x))), axis=1)
    one, both = (
        (1 + np.searchsorted(np.sort(maps.min(axis=1)), own[0] * (1 + 1e-12), side="right")) / (MAPS + 1)
        for maps, own in zip(least(shuffled), least(x[None]), strict=True)
    )
    return one, both


def _sums(maps: Counts, reach: int) -> Counts:
    """The sum of the square around each cell, cut at the edge, by sums over all that lies before."""
    padded = np.zeros((len(maps), SIDE + 2 * reach + 1, SIDE + 2 * reach + 1), dtype=np.int64)
    padded[:, reach + 1 : reach + 1 + SIDE, reach + 1 : reach + 1 + SIDE] = maps.reshape(-1, SIDE, SIDE)
    before, wide = padded.cumsum(axis=1).cumsum(axis=2), 2 * reach + 1
    right, left = before[:, :, wide:], before[:, :, :-wide]
    return (right[:, wide:] - right[:, :-wide] - left[:, wide:] + left[:, :-wide]).reshape(len(maps), -1)


def beside_plain_w(runs: int) -> Table:
    """How often the layer finds a block, and how often the plain W does, on the very same maps."""
    columns = (
        "measured before",
        "plain W",
        "plain W, two-sided",
        "layer",
        "W",
        "layer - plain W",
        "error",
        "W - plain W",
        "error",
    )
    rows = [partial(_beside, seed, planting, runs) for seed, planting in enumerate(PUBLISHED, 901)]
    return Table("Power beside the plain W, the same maps, 900 cells", ("a", "block", "rate", *columns), rows)


def _beside(seed: int, planting: tuple[int, int, float], runs: int) -> str:
    a, side, rate = planting
    rng = np.random.default_rng(seed)
    block: Flags = LARGE.block(side) if side else np.ones(SIDE**2, dtype=bool)
    rows = []
    for run in range(runs):
        background = np.full(SIDE**2, 0.3)
        x = planted(rng, background, a, block, np.full(SIDE**2, rate)) if side else deal(rng, background, a)
        seen = adaptive(x, LARGE.looks, draws=MAPS, seed=run)
        w = plain_w(x, np.random.default_rng([seed, run]))
        rows.append([(each[block] <= LEVEL).any() for each in (*w, seen.either, seen.familywise)])
    flagged = np.array(rows, dtype=float)
    more = flagged[:, 2:] - flagged[:, :1]
    pairs = np.column_stack([more.mean(axis=0), more.std(axis=0) / np.sqrt(runs)]).ravel()
    what = f"{side} x {side}" if side else "none"
    numbers = " | ".join([f"{each:.3f}" for each in flagged.mean(axis=0)] + [f"{each:+.3f}" for each in pairs])
    return f"| {a} | {what} | {rate:g} | {PUBLISHED[planting]:.2f} | {numbers} |"
