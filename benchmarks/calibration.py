"""How often do hot-spot tests raise a false alarm where there is only chance, and how often do they find what is there?

Run ``python benchmarks/calibration.py`` (about half an hour of one free core); it prints the tables of
docs/statistics.md. Seeds are fixed: the same numbers come out every time. Give a number to divide the runs by, and
names of parts to print only these.
"""

import sys
import time
import warnings
from collections.abc import Callable

import esda
import numpy as np
from hot_spot_maps import alternatives
from hot_spot_maps.plain_w import beside_plain_w
from hot_spot_maps.towns import (
    HALVED,
    LARGE,
    LEVEL,
    MAPS,
    SMALL,
    Counts,
    Flags,
    Town,
    deal,
    found,
    head,
    planted,
    repeats,
    share,
    show,
    within,
)  # fmt: skip
from scipy import stats

from hotspot.stats.adaptive import Adaptive, adaptive, answered
from hotspot.stats.adaptive_exposure import exchanged_chances
from hotspot.stats.cell_map import around, cell_map
from hotspot.stats.exact import included_tails, ring_tails
from hotspot.stats.getis_ord import gistar
from hotspot.stats.hotspots import looks_beside_ring
from hotspot.stats.negative_binomial import dispersion, exposure_tails
from hotspot.stats.significance import benjamini_hochberg, two_sided
from hotspot.stats.verdicts import ring_evidence

DIVISOR = int(sys.argv[1]) if len(sys.argv) > 1 else 1
RUNS, TREND_RUNS, POWER_RUNS, PEER_RUNS, ESDA_RUNS = (max(1, runs // DIVISOR) for runs in (1000, 300, 200, 200, 40))


def unexposed(town: Town, x: Counts, seed: int) -> dict[str, Flags]:
    """What the forms without exposure flag."""
    tails = included_tails(x, town.looks[0])
    return {**_flagged(adaptive(x, town.looks, draws=MAPS, seed=seed)), "one look": found(tails.upper, tails.lower)}


def exposed(town: Town, x: Counts, seed: int) -> dict[str, Flags]:
    """What the forms with exposure flag."""
    expected = town.exposure * max(x.sum(), 1) / town.exposure.sum()
    a = dispersion(x, expected)
    tails = exposure_tails(x, expected, a, town.looks[0])
    seen = exchanged_chances(x, expected, np.full(len(x), a), town.looks, draws=MAPS, seed=seed)
    return {**_flagged(answered(seen)), "one look": found(tails.upper, tails.lower)}


def _flagged(seen: Adaptive) -> dict[str, Flags]:
    return {"layer": seen.either <= LEVEL, "W": seen.familywise <= LEVEL}


FORMS: dict[str, Callable[[Town, Counts, int], dict[str, Flags]]] = {"none": unexposed, "known": exposed}


def by_z(town: Town, x: Counts) -> dict[str, Flags]:
    """Gi* taken as a normal number, as ArcGIS does; the binomial test; the fullest cells."""
    p = 2 * stats.norm.sf(np.abs(gistar(x.astype(float), town.looks[0])))
    n = np.bincount(town.looks[0].focal, weights=x[town.looks[0].indices], minlength=len(x)) + x
    share = (town.looks[0].cardinalities + 1) / len(x)
    upper, lower = stats.binom.sf(n - 1, x.sum(), share), stats.binom.cdf(n, x.sum(), share)
    return {
        "Gi* z, p": p <= LEVEL,
        "Gi* z, FDR": benjamini_hochberg(np.nan_to_num(p, nan=1.0)) <= LEVEL,
        "binomial, FDR": found(upper, lower),
        "top 5 %": x > np.quantile(x, 0.95),
    }


def by_esda(town: Town, x: Counts, seed: int) -> dict[str, Flags]:
    """Gi* of esda with 999 conditional permutations, two-sided."""
    graph = town.looks[0].to_graph()
    local = esda.G_Local(x.astype(float), graph, star=True, permutations=999, seed=seed, n_jobs=1)
    p = np.minimum(1.0, 2 * local.p_sim)
    return {"esda, p": p <= LEVEL, "esda, FDR": p <= esda.fdr(p, LEVEL)}


def chance_alone() -> None:
    """False alarms where there is nothing but chance."""
    own = ("layer", "W", "one look")
    head("False alarms, chance alone", ("cells", "a", "mean", "exposure", *own))
    seed = 100
    for town, times in ((SMALL, 1.0), (HALVED, 4.0)):
        for a in (0.0, 1.0, 3.0):
            for mean in (0.1, 0.3, 1.0, 5.0):
                for kind, form in FORMS.items():
                    seed += 1
                    rng = np.random.default_rng(seed)
                    where = times * mean * (town.exposure if kind == "known" else np.ones(len(town.row)))
                    # four cells in one: a quarter of the overdispersion
                    shown = share(form(town, deal(rng, where, a / times), run) for run in range(RUNS))
                    show((str(len(town.row)), f"{a / times:g}", f"{times * mean:g}", kind), shown, own)
    head("False alarms, repeats at the same addresses", ("addresses in a cell", "incidents at each", *own))
    for addresses, each in ((0.2, 2.0), (0.2, 5.0), (1.0, 3.0), (3.0, 2.0)):
        seed += 1
        rng = np.random.default_rng(seed)
        shown = share(unexposed(SMALL, repeats(rng, 400, addresses, each), run) for run in range(RUNS))
        show((f"{addresses:g}", f"{each:g}"), shown, own)


def peers() -> None:
    """False alarms of the recipes that others use."""
    names = ("Gi* z, p", "Gi* z, FDR", "esda, p", "esda, FDR", "binomial, FDR", "top 5 %")
    head("False alarms of other recipes, chance alone, 400 cells", ("a", "mean", *names))
    seed = 300
    for a in (0.0, 1.0, 3.0):
        for mean in (0.3, 1.0, 5.0):
            seed += 1
            rng = np.random.default_rng(seed)
            dealt = [deal(rng, np.full(400, mean), a) for _ in range(PEER_RUNS)]
            shown = share(by_z(SMALL, x) for x in dealt)
            shown |= share(by_esda(SMALL, x, run) for run, x in enumerate(dealt[:ESDA_RUNS]))
            show((f"{a:g}", f"{mean:g}"), shown, names)


def trend() -> None:
    """What a smooth trend across town does."""
    order = ("flagged", "hot", "hot, one look")
    head("A trend across town and no hot spot, 400 cells", ("densest / thinnest", "mean", "a", *order))
    seed = 400
    for factor in (2.0, 4.0, 10.0):
        for mean, a in ((0.3, 0.0), (1.0, 0.0), (1.0, 1.0), (5.0, 0.0)):
            seed += 1
            rng = np.random.default_rng(seed)
            where = mean * SMALL.slope(factor)
            shown = share(against_ring(SMALL, deal(rng, where, a), run) for run in range(TREND_RUNS))
            show((f"x{factor:g}", f"{mean:g}", f"{a:g}"), shown, order)


def against_ring(town: Town, x: Counts, seed: int) -> dict[str, Flags]:
    """What is flagged against the town, and what of it against the ring."""
    seen = adaptive(x, town.looks, draws=MAPS, seed=seed)
    flagged = (seen.either <= LEVEL) & seen.more
    tails = [ring_tails(x, near, town.ring) for near in looks_beside_ring(x, town.looks)]
    both, one = ring_evidence(tails), ring_evidence(tails[:1])
    single = included_tails(x, town.looks[0])
    by_one = found(single.upper, single.lower) & (single.upper < single.lower)
    hot = flagged & both.more & (both.qvalue <= LEVEL)
    return {"flagged": flagged, "hot": hot, "hot, one look": by_one & one.more & (one.qvalue <= LEVEL)}


def power() -> None:
    """How often a planted block is found."""
    own, others = ("layer", "W", "one look"), ("Gi* z, FDR", "esda, FDR", "binomial, FDR")
    head(
        "Found, background .3, 900 cells",
        ("a", "block", "rate", "exposure", *own, "hot, also against the ring", *others),
    )
    seed = 500
    for a in (0.0, 1.0, 3.0):
        for side, rate in ((3, 1.2), (3, 2.0), (5, 1.2), (5, 2.0)):
            for kind, form in FORMS.items():
                seed += 1
                rng, block = np.random.default_rng(seed), LARGE.block(side)
                where = LARGE.exposure if kind == "known" else np.ones(900)
                dealt = [planted(rng, 0.3 * where, a, block, rate * where) for _ in range(POWER_RUNS)]
                shown = share(within(block, form(LARGE, x, run)) for run, x in enumerate(dealt))
                extra = dict.fromkeys(("hot", *others), np.nan)
                if kind == "none":
                    extra |= share(within(block, against_ring(LARGE, x, run)) for run, x in enumerate(dealt))
                    extra |= share(within(block, by_z(LARGE, x)) for x in dealt)
                    extra |= share(within(block, by_esda(LARGE, x, 0)) for x in dealt[: max(1, ESDA_RUNS // 4)])
                show((f"{a:g}", f"{side} x {side}", f"{rate:g}", kind), shown | extra, (*own, "hot", *others))


def single_numbers() -> None:
    """Whether p is even under chance, and how often the ratio's interval covers."""
    order = ("exact p <= .05", "exact p <= .01", "adaptive p <= .05", "adaptive p <= .01", "interval covers")
    head("Single cells under chance: p, and the 95 % interval of the ratio", ("a", "mean", "exposure", *order))
    seed = 700
    for a in (0.0, 1.0, 3.0):
        for mean in (0.3, 1.0, 5.0):
            for kind in FORMS:
                seed += 1
                rng, town = np.random.default_rng(seed), SMALL
                where = mean * (town.exposure if kind == "known" else np.ones(400))
                rows = [_single(town, deal(rng, where, a), kind, run) for run in range(max(1, RUNS // 5))]
                show((f"{a:g}", f"{mean:g}", kind), dict(zip(order, np.mean(rows, axis=0), strict=True)), order)


def _single(town: Town, x: Counts, kind: str, seed: int) -> list[float]:
    share_of = town.exposure if kind == "known" else np.ones(len(x))
    cells = cell_map(x, town.looks[0], share_of)
    a = np.nan_to_num(cells.a)
    if kind == "known":
        tails = exposure_tails(x, cells.expected, a, cells.near)
        seen = answered(exchanged_chances(x, cells.expected, a, town.looks, draws=MAPS, seed=seed))
    else:
        tails, seen = included_tails(x, cells.near), adaptive(x, town.looks, draws=MAPS, seed=seed)
    p, told = two_sided(tails.upper, tails.lower), around(cells, cells.near)
    covers = (told.ratio_low <= 1.0) & ~(told.ratio_high < 1.0)  # nothing told: not bounded
    levels = [float(np.mean(each <= level)) for each in (p, seen.pvalue) for level in (0.05, 0.01)]
    return [*levels, float(covers.mean())]


def main() -> None:
    """Print all tables."""
    began = time.perf_counter()
    warnings.filterwarnings(
        "ignore", message="Gi\\* requested", category=UserWarning
    )  # esda says which weight it takes
    print(f"{RUNS} maps a row, {TREND_RUNS} with a trend, {POWER_RUNS} with a hot spot, {PEER_RUNS} for other recipes")
    parts: dict[str, Callable[[], None]] = {
        "chance": chance_alone,
        "plain": lambda: beside_plain_w(RUNS),
        "trend": trend,
        "strata": lambda: alternatives.strata(TREND_RUNS),
        "power": power,
        "ring": lambda: alternatives.ring(TREND_RUNS),
        "cost": lambda: alternatives.cost(POWER_RUNS),
        "spill": lambda: alternatives.spilled(POWER_RUNS),
        "peers": peers,
        "single": single_numbers,
    }
    for name in sys.argv[2:] or parts:
        parts[name]()
    print(f"\n{time.perf_counter() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
