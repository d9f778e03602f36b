"""How fast local Moran, Gi, Gi* and local Geary are beside GeoDa and esda, and whether their p agree.

Run with ``python benchmarks/autocorrelation.py``; about three minutes, most of it the peers'. Times are processor
seconds of one thread, so that a shared machine matters little, ours the median of five runs; what was not run is
named, never extrapolated.
"""

import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from goals import Goal, judge
from numpy.typing import NDArray

from hotspot.stats.geary import local_geary
from hotspot.stats.getis_ord import local_g
from hotspot.stats.moran import local_moran
from hotspot.stats.neighbours import Neighbours

Floats = NDArray[np.float64]
SEED = 20261125
ERRORS, RUNS = 3, 5
BESIDE = Goal("local Moran, Gi and Gi* beside the fastest peer, 10^5 cells, 9,999 draws, the least of the three",
              200, "times", least=True)  # fmt: skip
FIRST = Goal("first call in a fresh process with import and neighbours, 10^4 cells", 1, "s")
MILLION = Goal("10^6 cells with neighbours, first call", 2, "s")
MEMORY = Goal("10^6 cells, memory at the peak", 1024, "MiB")
# Side of the grid and draws: what GeoDa and esda are asked for as well.
GEODA_RUNS = ((100, 999), (100, 9_999), (316, 999), (316, 9_999))
ESDA_RUNS = ((100, 999), (100, 9_999), (316, 999))

FRESH = """
import pathlib, re, time
import numpy as np
def peak_mib():
    return int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) / 1024
started = time.perf_counter()
from hotspot.stats.moran import local_moran
from hotspot.stats.neighbours import Neighbours
imported = time.perf_counter()
rows, cols = np.divmod(np.arange({side}**2), {side})
values = np.random.default_rng(1).gamma(1.0, size={side}**2)
values = np.floor(2 * values) if {exact} else values
began, began_used = time.perf_counter(), time.process_time()
before = peak_mib()
local_moran(values, Neighbours.from_lattice(rows, cols), permutations={draws}, rng=np.random.default_rng(1))
ended = time.perf_counter()
print(imported - started, ended - began, time.process_time() - began_used, peak_mib(), before)
"""


class Map(NamedTuple):
    """A grid with values that are no counts, so that everybody has to draw."""

    near: Neighbours
    values: Floats


def grid(side: int) -> Map:
    """Skewed values with some likeness among neighbours, queen neighbours."""
    near = Neighbours.from_lattice(*np.divmod(np.arange(side * side), side))
    noise = np.random.default_rng(SEED).gamma(1.0, size=side * side)
    return Map(near, noise + 0.5 * near.around(noise) / near.cardinalities)


def timed(work: Callable[[], Any], times: int = 1) -> tuple[float, Any]:
    """Processor seconds of this process, the median of some runs, and the last answer."""
    spent, answer = [], None
    for _ in range(times):
        started = time.process_time()
        answer = work()
        spent.append(time.process_time() - started)
    return float(np.median(spent)), answer


def ours(name: str, at: Map, draws: int) -> Callable[[], Any]:
    """The call that the table is about."""
    given = {"permutations": draws}
    call: Callable[..., Any] = {"local Moran": local_moran, "local Geary": local_geary}.get(name, local_g)
    if call is local_g:
        given["star"] = name == "Gi*"
    return lambda: call(at.values, at.near, rng=np.random.default_rng(SEED), **given)


def agreement(mine: Floats, theirs: Floats, draws: int) -> str:
    """How two sets of two-sided p differ, in their own Monte Carlo errors."""
    half = (mine + theirs) / 4  # one-sided
    error = 2 * np.sqrt(np.maximum(half * (1 - half), 1 / draws) * 2 / draws)
    apart = np.abs(mine - theirs) / error
    within = np.mean(apart <= ERRORS)
    return f"{np.corrcoef(mine, theirs)[0, 1]:.5f} | {within:.3f} | {np.abs(mine - theirs).max():.3f}"


def show(name: str, peer: str, cells: int, draws: int, seconds: tuple[float, float], agree: str) -> float:
    """One row of the comparison, and how many times faster."""
    own_s, peer_s = seconds
    print(
        f"| {name} | {cells:,} | {draws:,} | {peer} {peer_s:.2f} s | {own_s:.4f} s | {peer_s / own_s:,.0f} | {agree} |"
    )
    sys.stdout.flush()
    return peer_s / own_s


def geoda_weights(near: Neighbours, folder: Path) -> Any:  # noqa: ANN401 - pygeoda has no types
    """The same neighbours as GeoDa reads them, from a file."""
    import pygeoda

    path = folder / f"{near.n}.gal"
    lists = np.split(near.indices, near.indptr[1:-1])
    rows = [f"{i} {len(each)}\n{' '.join(map(str, each))}" for i, each in enumerate(lists)]
    path.write_text(f"0 {near.n} cells id\n" + "\n".join(rows) + "\n", "ascii")
    return pygeoda.weights.weight.read_gal(str(path), [str(i) for i in range(near.n)])


def geoda(name: str, at: Map, draws: int, way: str = "lookup-table") -> tuple[float, Floats]:
    """GeoDa's processor seconds and its p, doubled; by default its quicker way, a table of permutations."""
    import pygeoda

    call = {"local Moran": "local_moran", "Gi": "local_g", "Gi*": "local_gstar", "local Geary": "local_geary"}[name]
    given = {"permutations": draws, "permutation_method": way, "cpu_threads": 1, "seed": SEED}
    with tempfile.TemporaryDirectory() as folder:
        weights, values = geoda_weights(at.near, Path(folder)), at.values.tolist()
        spent, found = timed(lambda: getattr(pygeoda, call)(weights, values, significance_cutoff=1.0, **given))
    return spent, np.minimum(1.0, 2.0 * np.array(found.lisa_pvalues()))


def esda_moran(at: Map, draws: int) -> tuple[float, Floats]:
    """The processor seconds of esda's local Moran and its p, doubled."""
    import esda

    graph = at.near.to_graph().transform("r")
    given = {"permutations": draws, "seed": 1, "keep_simulations": False, "n_jobs": 1}
    spent, found = timed(lambda: esda.Moran_Local(at.values, graph, **given))
    return spent, np.minimum(1.0, 2.0 * found.p_sim)


def beside_geoda() -> None:
    """Every statistic beside pygeoda."""
    times: list[float] = []
    for side, draws in GEODA_RUNS:
        at = grid(side)
        for name in ("local Moran", "Gi", "Gi*", "local Geary"):
            peer_s, theirs = geoda(name, at, draws)
            own_s, own = timed(ours(name, at, draws), RUNS)
            agree = agreement(own.pvalue, theirs, draws)
            faster = show(name, "GeoDa", side * side, draws, (own_s, peer_s), agree)
            if (side, draws) == GEODA_RUNS[-1] and name != "local Geary":
                times.append(faster)
    judge(BESIDE, min(times))


def beside_esda() -> None:
    """Local Moran beside esda, warm."""
    for side, draws in ESDA_RUNS:
        at = grid(side)
        peer_s, theirs = esda_moran(at, draws)
        own_s, own = timed(ours("local Moran", at, draws), RUNS)
        show("local Moran", "esda", side * side, draws, (own_s, peer_s), agreement(own.pvalue, theirs, draws))


def beside_the_truth() -> None:
    """Whose draws come nearest to the exact p, on counts so large that ties do not matter."""
    side, draws = 100, 9_999
    counts = np.random.default_rng(SEED).poisson(200, side * side).astype(np.float64)
    at = Map(grid(side).near, counts)
    exact_s, exact = timed(lambda: local_moran(counts, at.near))
    drawn = local_moran(counts + 0.5, at.near, permutations=draws, rng=np.random.default_rng(SEED))
    found = {"here, drawn": drawn.pvalue, "esda": esda_moran(at, draws)[1]}
    if find_spec("pygeoda") is not None:
        found |= {f"GeoDa, {way}": geoda("local Moran", at, draws, way)[1] for way in ("lookup-table", "complete")}
    print(f"\n{side * side:,} counts of mean 200, {draws:,} draws, against the exact p ({exact_s:.2f} s):")
    print("\n| by | furthest | on average |\n|---|---|---|")
    for name, p in found.items():
        apart = np.abs(p - exact.pvalue)
        print(f"| {name} | {apart.max():.4f} | {apart.mean():.4f} |", flush=True)


def cost_curve() -> None:
    """Local Moran of ours alone, each in a process of its own, neighbours and all."""
    slowest: dict[int, float] = {}
    highest = 0.0
    print("\n| cells | by | import | first call | of which processor | memory at the peak | added by the call |")
    print("|---|---|---|---|---|---|---|")
    for side, draws, exact in (
        (100, 9_999, 0),
        (100, 0, 1),
        (316, 9_999, 0),
        (316, 0, 1),
        (1000, 9_999, 0),
        (1000, 0, 1),
    ):
        code = FRESH.format(side=side, draws=draws or 1, exact=exact)
        asked = [sys.executable, "-c", code]
        said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own code
        imported, wall, used, peak, before = map(float, said.split())
        by = "exact table" if exact else f"{draws:,} draws"
        row = f"| {side * side:,} | {by} | {imported:.2f} s | {wall:.2f} s | {used:.2f} s | {peak:,.0f} MiB |"
        print(f"{row} {peak - before:,.0f} MiB |", flush=True)
        slowest[side] = max(slowest.get(side, 0.0), imported + wall if side == 100 else wall)  # noqa: PLR2004 - a town
        highest = max(highest, peak)
    judge(FIRST, slowest[100])
    judge(MILLION, slowest[1000])
    judge(MEMORY, highest)


def main() -> None:
    """Warm up what compiles, then every comparison."""
    warnings.filterwarnings("ignore", message="The alternative hypothesis", category=DeprecationWarning)
    for name in ("local Moran", "Gi*", "local Geary"):
        ours(name, grid(10), 99)()
    compiling, _ = esda_moran(grid(10), 9)
    print("| statistic | cells | draws | peer | here | times | p: correlation | within 3 errors | furthest apart |")
    print("|---|---|---|---|---|---|---|---|---|")
    if find_spec("pygeoda") is None:
        print("| pygeoda is not installed: no comparison with GeoDa |")
    else:
        beside_geoda()
    beside_esda()
    print("Not run, for time: esda at 10^5 cells and 9,999 draws, peers at 10^6 cells, esda's Gi and Gi*.")
    print(f"esda compiled for {compiling:.0f} s before its first answer.")
    beside_the_truth()
    cost_curve()


if __name__ == "__main__":
    main()
