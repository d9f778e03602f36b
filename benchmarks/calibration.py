"""How often do hot-spot tests raise a false alarm where there is only chance, and how often do they find what is there?

Run ``python benchmarks/calibration.py`` (less than half an hour of processor time, one row a core); it prints the
tables of docs/statistics.md. Seeds are fixed: the same numbers come out every time, on however many cores. Give a
number to divide the runs by, and names of parts to print only these.
"""

import sys
import time
import warnings
from collections.abc import Callable
from functools import cache, partial

import esda
import numpy as np
from hot_spot_maps import alternatives
from hot_spot_maps.plain_w import beside_plain_w
from hot_spot_maps.tables import Table, cores, line, print_tables
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
    planted,
    repeats,
    share,
    within,
)
from scipy import stats

from hotspot.stats.adaptive import Adaptive, adaptive, answered
from hotspot.stats.adaptive_exposure import exchanged_chances
from hotspot.stats.cell_map import around, cell_map
from hotspot.stats.exact import included_tails, ring_tails
from hotspot.stats.getis_ord import gistar
from hotspot.stats.hotspots import looks_beside_ring
from hotspot.stats.negative_binomial import dispersion, exposure_tails
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.significance import benjamini_hochberg, two_sided
from hotspot.stats.verdicts import ring_evidence

# Of chance, beside the plain W, with a trend, with a hot spot and of other recipes, where cells are counted.
MAPS_A_ROW = (3000, 1000, 300, 200, 200)
OWN = ("layer", "W", "one look")
RECIPES = ("Gi* z, p", "Gi* z, FDR", "esda, p", "esda, FDR", "binomial, FDR", "top 5 %")
OF_TREND = ("flagged", "hot", "hot, one look")
OF_POWER = (*OWN, "hot", "Gi* z, FDR", "esda, FDR", "binomial, FDR")
OF_CELLS = ("exact p <= .05", "exact p <= .01", "adaptive p <= .05", "adaptive p <= .01", "interval covers")


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


graph = cache(Neighbours.to_graph)


def by_esda(town: Town, x: Counts, seed: int) -> dict[str, Flags]:
    """Gi* of esda with 999 conditional permutations, two-sided."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Gi\\* requested", UserWarning)  # it says which weight it takes
        local = esda.G_Local(x.astype(float), graph(town.looks[0]), star=True, permutations=999, seed=seed, n_jobs=1)
    p = np.minimum(1.0, 2 * local.p_sim)
    return {"esda, p": p <= LEVEL, "esda, FDR": p <= esda.fdr(p, LEVEL)}


def chance_alone(runs: int) -> Table:
    """False alarms where there is nothing but chance."""
    cases = [
        (cells, times, a, mean, kind)
        for cells, times in ((400, 1.0), (100, 4.0))
        for a in (0.0, 1.0, 3.0)
        for mean in (0.1, 0.3, 1.0, 5.0)
        for kind in FORMS
    ]
    rows = [partial(_chance_alone, seed, case, runs) for seed, case in enumerate(cases, 101)]
    return Table("False alarms, chance alone", ("cells", "a", "mean", "exposure", *OWN), rows)


def _chance_alone(seed: int, case: tuple[int, float, float, float, str], runs: int) -> str:
    cells, times, a, mean, kind = case
    rng, town = np.random.default_rng(seed), {400: SMALL, 100: HALVED}[cells]
    where = times * mean * (town.exposure if kind == "known" else np.ones(cells))
    # four cells in one: a quarter of the overdispersion
    shown = share(FORMS[kind](town, deal(rng, where, a / times), run) for run in range(runs))
    return line((str(cells), f"{a / times:g}", f"{times * mean:g}", kind), shown, OWN)


def repeated(runs: int) -> Table:
    """False alarms where incidents come several at a time."""
    cases = ((0.2, 2.0), (0.2, 5.0), (1.0, 3.0), (3.0, 2.0))
    rows = [partial(_repeated, seed, case, runs) for seed, case in enumerate(cases, 149)]
    columns = ("addresses in a cell", "incidents at each", *OWN)
    return Table("False alarms, repeats at the same addresses", columns, rows)


def _repeated(seed: int, case: tuple[float, float], runs: int) -> str:
    rng, (addresses, each) = np.random.default_rng(seed), case
    shown = share(unexposed(SMALL, repeats(rng, 400, addresses, each), run) for run in range(runs))
    return line((f"{addresses:g}", f"{each:g}"), shown, OWN)


def peers(runs: int) -> Table:
    """False alarms of the recipes that others use."""
    cases = [(a, mean) for a in (0.0, 1.0, 3.0) for mean in (0.3, 1.0, 5.0)]
    rows = [partial(_peers, seed, case, runs) for seed, case in enumerate(cases, 301)]
    return Table("False alarms of other recipes, chance alone, 400 cells", ("a", "mean", *RECIPES), rows)


def _peers(seed: int, case: tuple[float, float], runs: int) -> str:
    rng, (a, mean) = np.random.default_rng(seed), case
    dealt = [deal(rng, np.full(400, mean), a) for _ in range(runs)]
    shown = share(by_z(SMALL, x) for x in dealt)
    shown |= share(by_esda(SMALL, x, run) for run, x in enumerate(dealt))
    return line((f"{a:g}", f"{mean:g}"), shown, RECIPES)


def trend(runs: int) -> Table:
    """What a smooth trend across town does."""
    cases = [(factor, *each) for factor in (2.0, 4.0, 10.0) for each in alternatives.TRENDS]
    rows = [partial(_trend, seed, case, runs) for seed, case in enumerate(cases, 401)]
    columns = ("densest / thinnest", "mean", "a", *OF_TREND)
    return Table("A trend across town and no hot spot, 400 cells", columns, rows)


def _trend(seed: int, case: tuple[float, float, float], runs: int) -> str:
    factor, mean, a = case
    rng, where = np.random.default_rng(seed), mean * SMALL.slope(factor)
    shown = share(against_ring(SMALL, deal(rng, where, a), run) for run in range(runs))
    return line((f"x{factor:g}", f"{mean:g}", f"{a:g}"), shown, OF_TREND)


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


def power(runs: int) -> Table:
    """How often a planted block is found."""
    blocks = ((3, 1.2), (3, 2.0), (5, 1.2), (5, 2.0))
    cases = [(a, *block, kind) for a in (0.0, 1.0, 3.0) for block in blocks for kind in FORMS]
    rows = [partial(_power, seed, case, runs) for seed, case in enumerate(cases, 501)]
    named = {"hot": "hot, also against the ring"}
    columns = ("a", "block", "rate", "exposure", *(named.get(each, each) for each in OF_POWER))
    return Table("Found, background .3, 900 cells", columns, rows)


def _power(seed: int, case: tuple[float, int, float, str], runs: int) -> str:
    a, side, rate, kind = case
    rng, block = np.random.default_rng(seed), LARGE.block(side)
    where = LARGE.exposure if kind == "known" else np.ones(900)
    dealt = [planted(rng, 0.3 * where, a, block, rate * where) for _ in range(runs)]
    shown = share(within(block, FORMS[kind](LARGE, x, run)) for run, x in enumerate(dealt))
    extra = dict.fromkeys(OF_POWER[len(OWN) :], np.nan)
    if kind == "none":
        extra |= share(within(block, against_ring(LARGE, x, run)) for run, x in enumerate(dealt))
        extra |= share(within(block, by_z(LARGE, x)) for x in dealt)
        extra |= share(within(block, by_esda(LARGE, x, 0)) for x in dealt)
    return line((f"{a:g}", f"{side} x {side}", f"{rate:g}", kind), shown | extra, OF_POWER)


def single_numbers(runs: int) -> Table:
    """Whether p is even under chance, and how often the ratio's interval covers."""
    cases = [(a, mean, kind) for a in (0.0, 1.0, 3.0) for mean in (0.3, 1.0, 5.0) for kind in FORMS]
    rows = [partial(_single_numbers, seed, case, runs) for seed, case in enumerate(cases, 701)]
    columns = ("a", "mean", "exposure", *OF_CELLS)
    return Table("Single cells under chance: p, and the 95 % interval of the ratio", columns, rows)


def _single_numbers(seed: int, case: tuple[float, float, str], runs: int) -> str:
    a, mean, kind = case
    rng, where = np.random.default_rng(seed), mean * (SMALL.exposure if kind == "known" else np.ones(400))
    rows = [_single(SMALL, deal(rng, where, a), kind, run) for run in range(runs)]
    return line((f"{a:g}", f"{mean:g}", kind), dict(zip(OF_CELLS, np.mean(rows, axis=0), strict=True)), OF_CELLS)


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


def tables(divisor: int = 1) -> dict[str, list[Table]]:
    """All tables by the part they belong to, with so many times fewer maps."""
    chance, plain, many, few, cells = (max(1, each // divisor) for each in MAPS_A_ROW)
    return {
        "chance": [chance_alone(chance), repeated(chance)],
        "plain": [beside_plain_w(plain)],
        "trend": [trend(many)],
        "strata": [alternatives.strata(many)],
        "power": [power(few)],
        "ring": [alternatives.ring(many)],
        "cost": [alternatives.cost(few)],
        "spill": [alternatives.spilled(few)],
        "peers": [peers(few)],
        "single": [single_numbers(cells)],
    }


def main() -> None:
    """Print all tables."""
    began = time.perf_counter()
    first, *names = sys.argv[1:] or ["1"]
    wrong = [first] if not first.isdecimal() or not int(first) else sorted(set(names) - set(tables()))
    if wrong:
        found = ", ".join(wrong)
        print(f"a number to divide the runs by, then any of {', '.join(tables())}; found {found}", file=sys.stderr)
        sys.exit(2)
    divisor = int(first)
    a_row = (max(1, each // divisor) for each in MAPS_A_ROW)
    print("{} maps a row of chance, {} beside W, {} with a trend, {} with a hot spot and of others".format(*a_row))
    parts = tables(divisor)
    print_tables([each for name in names or parts for each in parts[name]], cores())
    print(f"\n{time.perf_counter() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
