"""How often do hot-spot tests raise a false alarm where there is only chance, and how often do they find what is there?

Run ``python benchmarks/calibration.py`` (about eight minutes of one free core); it prints the tables of
docs/statistics.md. Seeds are fixed: the same numbers come out every time. Give a number to divide the runs by.
"""

import sys
import time
import warnings
from collections.abc import Callable, Iterable
from typing import NamedTuple

import esda
import numpy as np
from numpy.typing import NDArray
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

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
LEVEL, MAPS = 0.05, 99
DIVISOR = int(sys.argv[1]) if len(sys.argv) > 1 else 1
RUNS, TREND_RUNS, POWER_RUNS, PEER_RUNS, ESDA_RUNS = (max(1, runs // DIVISOR) for runs in (1000, 300, 200, 200, 40))


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

    def block(self, side: int) -> Flags:
        """A block of side x side cells in the middle."""
        middle = int(self.row.max()) // 2
        return np.maximum(np.abs(self.row - middle), np.abs(self.col - middle)) <= side // 2


SMALL, HALVED, LARGE = Town.of(20), Town.of(10), Town.of(30)


def deal(rng: np.random.Generator, mean: Floats, a: float) -> NDArray[np.int64]:
    """Counts of variance mean + a mean^2."""
    return rng.poisson(mean * rng.gamma(1 / a, a, len(mean)) if a else mean).astype(np.int64)


def repeats(rng: np.random.Generator, cells: int, addresses: float, each: float) -> NDArray[np.int64]:
    """Addresses strewn over the cells, each with a number of incidents of its own."""
    own = rng.poisson(addresses, cells)
    return np.array([rng.geometric(1 / each, n).sum() if n else 0 for n in own], dtype=np.int64)


def unexposed(town: Town, x: NDArray[np.int64], seed: int) -> dict[str, Flags]:
    """What the forms without exposure flag."""
    tails = included_tails(x, town.looks[0])
    return {**_flagged(adaptive(x, town.looks, draws=MAPS, seed=seed)), "one look": _found(tails.upper, tails.lower)}


def exposed(town: Town, x: NDArray[np.int64], seed: int) -> dict[str, Flags]:
    """What the forms with exposure flag."""
    expected = town.exposure * max(x.sum(), 1) / town.exposure.sum()
    a = dispersion(x, expected)
    tails = exposure_tails(x, expected, a, town.looks[0])
    seen = exchanged_chances(x, expected, np.full(len(x), a), town.looks, draws=MAPS, seed=seed)
    return {**_flagged(answered(seen)), "one look": _found(tails.upper, tails.lower)}


def _flagged(seen: Adaptive) -> dict[str, Flags]:
    return {"layer": seen.either <= LEVEL, "W": seen.familywise <= LEVEL}


def _found(upper: Floats, lower: Floats) -> Flags:
    return benjamini_hochberg(two_sided(upper, lower)) <= LEVEL


FORMS: dict[str, Callable[[Town, NDArray[np.int64], int], dict[str, Flags]]] = {"none": unexposed, "known": exposed}


def by_z(town: Town, x: NDArray[np.int64]) -> dict[str, Flags]:
    """Gi* taken as a normal number, as ArcGIS does; the binomial test; the fullest cells."""
    p = 2 * stats.norm.sf(np.abs(gistar(x.astype(float), town.looks[0])))
    n = np.bincount(town.looks[0].focal, weights=x[town.looks[0].indices], minlength=len(x)) + x
    share = (town.looks[0].cardinalities + 1) / len(x)
    upper, lower = stats.binom.sf(n - 1, x.sum(), share), stats.binom.cdf(n, x.sum(), share)
    return {
        "Gi* z, p": p <= LEVEL,
        "Gi* z, FDR": benjamini_hochberg(np.nan_to_num(p, nan=1.0)) <= LEVEL,
        "binomial, FDR": _found(upper, lower),
        "top 5 %": x > np.quantile(x, 0.95),
    }


def by_esda(town: Town, x: NDArray[np.int64], seed: int) -> dict[str, Flags]:
    """Gi* of esda with 999 conditional permutations, two-sided."""
    graph = town.looks[0].to_graph()
    found = esda.G_Local(x.astype(float), graph, star=True, permutations=999, seed=seed, n_jobs=1)
    p = np.minimum(1.0, 2 * found.p_sim)
    return {"esda, p": p <= LEVEL, "esda, FDR": p <= esda.fdr(p, LEVEL)}


def share(flags: Iterable[dict[str, Flags]]) -> dict[str, float]:
    """In which share of the maps is anything flagged?"""
    rows = [{name: bool(each.any()) for name, each in one.items()} for one in flags]
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


def show(names: tuple[str, ...], found: dict[str, float], order: tuple[str, ...]) -> None:
    """Print one row."""
    print("|", " | ".join(names), "|", " | ".join(f"{found[name]:.3f}" for name in order), "|", flush=True)


def head(title: str, columns: Iterable[str]) -> None:
    """Print a title and a header."""
    columns = list(columns)
    print(f"\n### {title}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)


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
                    found = share(form(town, deal(rng, where, a / times), run) for run in range(RUNS))
                    show((str(len(town.row)), f"{a / times:g}", f"{times * mean:g}", kind), found, own)
    head("False alarms, repeats at the same addresses", ("addresses in a cell", "incidents at each", *own))
    for addresses, each in ((0.2, 2.0), (0.2, 5.0), (1.0, 3.0), (3.0, 2.0)):
        seed += 1
        rng = np.random.default_rng(seed)
        found = share(unexposed(SMALL, repeats(rng, 400, addresses, each), run) for run in range(RUNS))
        show((f"{addresses:g}", f"{each:g}"), found, own)


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
            found = share(by_z(SMALL, x) for x in dealt)
            found |= share(by_esda(SMALL, x, run) for run, x in enumerate(dealt[:ESDA_RUNS]))
            show((f"{a:g}", f"{mean:g}"), found, names)


def trend() -> None:
    """What a smooth trend across town does."""
    order = ("flagged", "hot", "hot, one look")
    head("A trend across town and no hot spot, 400 cells", ("densest / thinnest", "mean", "a", *order))
    seed = 400
    for factor in (2.0, 4.0, 10.0):
        for mean, a in ((0.3, 0.0), (1.0, 0.0), (1.0, 1.0), (5.0, 0.0)):
            seed += 1
            rng = np.random.default_rng(seed)
            shape = np.exp(np.log(factor) * SMALL.col / SMALL.col.max())
            where = mean * shape / shape.mean()
            found = share(against_ring(SMALL, deal(rng, where, a), run) for run in range(TREND_RUNS))
            show((f"x{factor:g}", f"{mean:g}", f"{a:g}"), found, order)


def against_ring(town: Town, x: NDArray[np.int64], seed: int) -> dict[str, Flags]:
    """What is flagged against the town, and what of it against the ring."""
    seen = adaptive(x, town.looks, draws=MAPS, seed=seed)
    flagged = (seen.either <= LEVEL) & seen.more
    tails = [ring_tails(x, near, town.ring) for near in looks_beside_ring(x, town.looks)]
    both, one = ring_evidence(tails), ring_evidence(tails[:1])
    single = included_tails(x, town.looks[0])
    by_one = _found(single.upper, single.lower) & (single.upper < single.lower)
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
                dealt = []
                for _ in range(POWER_RUNS):
                    x = deal(rng, 0.3 * where, a)
                    x[block] = rng.poisson(rate * where[block])
                    dealt.append(x)
                found = share(_in(block, form(LARGE, x, run)) for run, x in enumerate(dealt))
                extra = dict.fromkeys(("hot", *others), np.nan)
                if kind == "none":
                    extra |= share(_in(block, against_ring(LARGE, x, run)) for run, x in enumerate(dealt))
                    extra |= share(_in(block, by_z(LARGE, x)) for x in dealt)
                    extra |= share(_in(block, by_esda(LARGE, x, 0)) for x in dealt[: max(1, ESDA_RUNS // 4)])
                show((f"{a:g}", f"{side} x {side}", f"{rate:g}", kind), found | extra, (*own, "hot", *others))


def _in(block: Flags, flags: dict[str, Flags]) -> dict[str, Flags]:
    return {name: each & block for name, each in flags.items()}


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


def _single(town: Town, x: NDArray[np.int64], kind: str, seed: int) -> list[float]:
    share_of = town.exposure if kind == "known" else np.ones(len(x))
    cells = cell_map(x, town.looks[0], share_of)
    a = np.nan_to_num(cells.a)
    if kind == "known":
        tails = exposure_tails(x, cells.expected, a, cells.near)
        seen = answered(exchanged_chances(x, cells.expected, a, town.looks, draws=MAPS, seed=seed))
    else:
        tails, seen = included_tails(x, cells.near), adaptive(x, town.looks, draws=MAPS, seed=seed)
    p, told = two_sided(tails.upper, tails.lower), around(cells, cells.near)
    covers = (told.ratio_low <= 1.0) & (told.ratio_high >= 1.0)
    levels = [float(np.mean(each <= level)) for each in (p, seen.pvalue) for level in (0.05, 0.01)]
    return [*levels, float(covers.mean())]


def main() -> None:
    """Print all tables."""
    began = time.perf_counter()
    warnings.filterwarnings(
        "ignore", message="Gi\\* requested", category=UserWarning
    )  # esda says which weight it takes
    print(f"{RUNS} maps a row, {TREND_RUNS} with a trend, {POWER_RUNS} with a hot spot, {PEER_RUNS} for other recipes")
    for part in (chance_alone, trend, power, peers, single_numbers):
        part()
    print(f"\n{time.perf_counter() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
