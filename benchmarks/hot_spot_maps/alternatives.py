"""What else was tried where exposure is known: strata of it, the ring beside it, a scan, and cells without people."""

from functools import partial

import numpy as np

from hot_spot_maps.tables import Table, line
from hot_spot_maps.towns import (
    LARGE,
    LEVEL,
    MAPS,
    SMALL,
    Counts,
    Flags,
    Floats,
    Town,
    deal,
    found,
    planted,
    share,
    within,
)  # fmt: skip
from hotspot.stats.adaptive import adaptive, answered
from hotspot.stats.adaptive_exposure import exchanged_chances
from hotspot.stats.hotspots import hotspots_adaptive, looks_beside_ring
from hotspot.stats.negative_binomial import dispersion, exposure_ring_tails
from hotspot.stats.scan import Limits, scan
from hotspot.stats.strata import equal_strata, strata_tails
from hotspot.stats.verdicts import ring_evidence

TRENDS = ((0.3, 0.0), (1.0, 0.0), (1.0, 1.0), (5.0, 0.0))  # mean and overdispersion
OF_STRATA = (
    "layer",
    "10 strata",
    "5 strata",
    "layer, by the root",
    "strata, by the root",
    "strata, 30 % off",
    "strata, 60 % off",
)
OF_RING = ("exposure", "exposure and ring", "10 strata")
OF_SPILL = ("hot in cells without people", "hot cells, mean", "dealt out as one: hot", "dealt out as one: cells")


def given_exposure(town: Town, x: Counts, exposure: Floats, seed: int) -> dict[str, Flags]:
    """What the layer flags as more, given exposure, alone and beside the ring."""
    expected = exposure * max(x.sum(), 1) / exposure.sum()
    a = np.full(len(x), dispersion(x, expected))
    seen = answered(exchanged_chances(x, expected, a, town.looks, draws=MAPS, seed=seed))
    flagged = (seen.either <= LEVEL) & seen.more
    asked = looks_beside_ring(x, town.looks)
    ring = ring_evidence([exposure_ring_tails(x, expected, a, near, town.ring) for near in asked])
    return {"exposure": flagged, "exposure and ring": flagged & ring.more & (ring.qvalue <= LEVEL)}


def in_strata(town: Town, x: Counts, exposure: Floats, strata: int = 10) -> Flags:
    """What is more than in cells of the same stratum of exposure."""
    tails = strata_tails(x, town.looks[0], equal_strata(exposure, strata))
    return found(tails.upper, tails.lower) & (tails.upper < tails.lower)


def strata(runs: int) -> Table:
    """Exposure that explains a trend: in proportion, by its root, or poorly known; strata of it, and the layer."""
    trends = [(factor, *each) for factor in (4.0, 10.0) for each in (*TRENDS, (5.0, 1.0))]
    rows = [partial(_strata, seed, trend, runs) for seed, trend in enumerate(trends, 1001)]
    columns = ("densest / thinnest", "mean", "a", *OF_STRATA)
    return Table("A trend that exposure explains, 400 cells: hot", columns, rows)


def _strata(seed: int, trend: tuple[float, float, float], runs: int) -> str:
    factor, mean, a = trend
    rng, rows = np.random.default_rng(seed), []
    for run in range(runs):
        exposure = SMALL.slope(factor)
        x, root = deal(rng, mean * exposure, a), deal(rng, mean * np.sqrt(exposure), a)
        off = {s: exposure * rng.lognormal(0.0, s, 400) for s in (0.3, 0.6)}
        rows.append(
            {
                "layer": given_exposure(SMALL, x, exposure, run)["exposure"],
                "10 strata": in_strata(SMALL, x, exposure),
                "5 strata": in_strata(SMALL, x, exposure, 5),
                "layer, by the root": given_exposure(SMALL, root, exposure, run)["exposure"],
                "strata, by the root": in_strata(SMALL, root, exposure),
                "strata, 30 % off": in_strata(SMALL, x, off[0.3]),
                "strata, 60 % off": in_strata(SMALL, x, off[0.6]),
            }
        )
    return line((f"x{factor:g}", f"{mean:g}", f"{a:g}"), share(rows), OF_STRATA)


def ring(runs: int) -> Table:
    """The ring beside exposure: what it spares where a trend is not explained, and what it costs."""
    trends = [(factor, *each) for factor in (1.0, 2.0, 4.0) for each in TRENDS]
    rows = [partial(_ring, seed, trend, runs) for seed, trend in enumerate(trends, 1101)]
    return Table(
        "The ring beside exposure: a trend that exposure does not explain, 400 cells: hot",
        ("densest / thinnest", "mean", "a", *OF_RING),
        rows,
    )


def _ring(seed: int, trend: tuple[float, float, float], runs: int) -> str:
    factor, mean, a = trend
    rng = np.random.default_rng(seed)
    where = mean * SMALL.exposure * SMALL.slope(factor)
    rows = []
    for run in range(runs):
        x = deal(rng, where, a)
        rows.append(given_exposure(SMALL, x, SMALL.exposure, run) | {"10 strata": in_strata(SMALL, x, SMALL.exposure)})
    return line((f"x{factor:g}", f"{mean:g}", f"{a:g}"), share(rows), OF_RING)


def cost(runs: int) -> Table:
    """What the ring, strata and a scan find of a planted block, given exposure."""
    blocks = ((0, 0.3), (3, 1.2), (3, 2.0), (5, 1.2), (5, 2.0))
    plantings = [(a, *block) for a in (0.0, 1.0, 3.0) for block in blocks]
    rows = [partial(_cost, seed, planting, runs) for seed, planting in enumerate(plantings, 1201)]
    return Table("Found given exposure, background .3, 900 cells", ("a", "block", "rate", *OF_RING, "scan"), rows)


def _cost(seed: int, planting: tuple[float, int, float], runs: int) -> str:
    a, side, rate = planting
    rng = np.random.default_rng(seed)
    block = LARGE.block(side) if side else np.ones(900, dtype=bool)
    rows, scanned = [], []
    for run in range(runs):
        mean = 0.3 * LARGE.exposure
        x = planted(rng, mean, a, block, rate * LARGE.exposure) if side else deal(rng, mean, a)
        flags = given_exposure(LARGE, x, LARGE.exposure, run)
        flags["10 strata"] = in_strata(LARGE, x, LARGE.exposure)
        rows.append(within(block, flags))
        if run < max(1, runs // 5):  # a scan takes some twenty times as long
            scanned.append(within(block, {"scan": by_scan(x, LARGE.exposure, run)}))
    names = (f"{a:g}", f"{side} x {side}" if side else "none", f"{rate:g}")
    return line(names, share(rows) | share(scanned), (*OF_RING, "scan"))


def by_scan(x: Counts, exposure: Floats, seed: int) -> Flags:
    """What lies in a significant circle of up to four cells' radius."""
    places = np.column_stack([LARGE.col, LARGE.row]) * 100.0
    limits = Limits(largest_radius_m=400.0)
    seen = scan(x[:, None], places, exposure=exposure[:, None], limits=limits, draws=MAPS, seed=seed)
    flags = np.zeros(len(x), dtype=bool)
    for cluster in seen.clusters:
        flags[cluster.places] |= cluster.pvalue <= LEVEL
    return flags


def spilled(runs: int) -> Table:
    """Cells without people beside cells with people, where points lie some metres off their cell."""
    cases = [(metres, *each) for metres in (0.0, 10.0, 25.0, 50.0) for each in ((1.0, 0.0), (5.0, 0.0), (5.0, 0.35))]
    rows = [partial(_spilled, seed, case, runs) for seed, case in enumerate(cases, 1301)]
    return Table(
        "Points off their cell by so many metres, a quarter of 900 cells with people, 100 m",
        ("off", "mean", "a", *OF_SPILL),
        rows,
    )


def _spilled(seed: int, case: tuple[float, float, float], runs: int) -> str:
    metres, mean, a = case
    estate = ((LARGE.row // 5 + LARGE.col // 5) % 2 == 0) & (LARGE.col < LARGE.side // 2)  # and fields beyond
    exposure = np.where(estate, LARGE.exposure, 0.0)
    rng, rows = np.random.default_rng(seed), []
    for run in range(runs):
        x = _moved(rng, deal(rng, mean * exposure, a), metres)
        told = hotspots_adaptive(x, LARGE.looks, exposure=exposure, apart=~estate, draws=MAPS, seed=run)
        hot = (told.klass == "hot") & ~estate
        one = adaptive(x[~estate], [near.among(~estate) for near in LARGE.looks], draws=MAPS, seed=run)
        alike = (one.either <= LEVEL) & one.more
        rows.append([hot.any(), hot.sum(), alike.any(), alike.sum()])
    numbers = dict(zip(OF_SPILL, np.mean(rows, axis=0), strict=True))
    return line((f"{metres:g} m", f"{mean:g}", f"{a:g}"), numbers, OF_SPILL)


def _moved(rng: np.random.Generator, x: Counts, metres: float) -> Counts:
    """Every incident somewhere in its cell of 100 m, moved by chance; what leaves the town is lost."""
    at = np.repeat(np.arange(len(x)), x)
    place = (
        np.array([LARGE.row[at], LARGE.col[at]])
        + rng.random((2, len(at)))
        + rng.normal(0.0, metres / 100.0, (2, len(at)))
    )
    row, col = np.floor(place).astype(np.int64)
    inside = (row >= 0) & (row < LARGE.side) & (col >= 0) & (col < LARGE.side)
    return np.bincount(row[inside] * LARGE.side + col[inside], minlength=900).astype(np.int64)
