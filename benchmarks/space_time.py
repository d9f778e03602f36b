"""How fast near repeats, trends and scans are beside their peers, and what a cap on single cells finds.

Run with ``python benchmarks/space_time.py``; about four minutes. ``pip install pymannkendall`` adds that peer.
Every comparison first shows that both give the same answer.
"""

import time
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
import pointpats
from numpy.typing import NDArray

from hotspot.stats.emerging import emerging
from hotspot.stats.knox import knox
from hotspot.stats.local_knox import local_knox
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.scan import Limits, scan
from hotspot.stats.trend import mann_kendall

WITHIN_M, WITHIN_DAYS, DRAWS = 200.5, 7.5, 99  # half-open here, closed there: between the values that occur
MOST_LOCAL = 2_000
RUNS, TIMES = 100, 8
Floats = NDArray[np.float64]


def timed(work: Callable[..., Any], *given: Any, **named: Any) -> tuple[float, Any]:  # noqa: ANN401 - whatever is timed
    """Seconds of this process's own work, and the answer; the machine may be shared."""
    started = time.process_time()
    answer = work(*given, **named)
    return time.process_time() - started, answer


def incidents(n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """As many incidents as a town of 16 square kilometres per ten thousand has in a year, one in ten a near repeat."""
    side = 4_000 * np.sqrt(n / 10_000)
    xy, days = rng.uniform(0, side, (n, 2)).round(), rng.integers(0, 365, n).astype(float)
    again = rng.choice(n, n // 10, replace=False)
    source = rng.choice(n, n // 10)
    xy[again] = xy[source] + rng.integers(-100, 100, (n // 10, 2))
    days[again] = days[source] + rng.integers(0, 7, n // 10)
    return xy, days


def near_repeats(rng: np.random.Generator) -> None:
    """Knox and local Knox beside pointpats."""
    print("| incidents | pairs | pointpats.knox | here | ratio | pointpats.KnoxLocal | here | ratio |")
    print("|---|---|---|---|---|---|---|---|")
    for n in (500, 2_000, 8_000):
        xy, days = incidents(n, rng)
        bands = {"space_edges_m": [0, WITHIN_M], "time_edges_days": [0, WITHIN_DAYS], "draws": DRAWS}
        peer_s, peer = timed(pointpats.knox, xy, days[:, None].copy(), WITHIN_M, WITHIN_DAYS, DRAWS)
        own_s, own = timed(knox, xy, days, **bands)
        if peer["stat"] != own.observed.item():
            raise SystemExit(f"not the same pairs: {peer['stat']} and {own.observed.item()}")
        row = f"| {n:,} | {own.observed.item():,} | {peer_s:.2f} s | {own_s:.3f} s | {peer_s / own_s:.0f} |"
        local_s, local = timed(local_knox, xy, days, within_m=WITHIN_M, within_days=WITHIN_DAYS)
        if n > MOST_LOCAL:  # the peer's own loop over incidents takes minutes beyond
            print(row, f"– | {local_s:.3f} s | – |", flush=True)
            continue
        limits = {"delta": WITHIN_M, "tau": WITHIN_DAYS, "permutations": 0}
        peer_s, peer = timed(pointpats.KnoxLocal, xy, days[:, None], **limits)
        if not np.array_equal(peer.nsti, local.together):
            raise SystemExit("not the same local pairs")
        print(row, f"{peer_s:.2f} s | {local_s:.3f} s | {peer_s / local_s:.0f} |", flush=True)


def trends(rng: np.random.Generator) -> None:
    """Mann-Kendall over a grid of cells, beside pymannkendall called for each."""
    if find_spec("pymannkendall") is None:
        print("\npymannkendall is not installed: no comparison of trends")
        return
    import pymannkendall

    series = rng.poisson(2.0, (5_000, 30)).astype(float)
    peer_s, peer = timed(lambda: [pymannkendall.original_test(each).z for each in series])
    own_s, own = timed(mann_kendall, series)
    print(f"\n5,000 trends of 30 steps: pymannkendall {peer_s:.2f} s, here {own_s:.4f} s: {peer_s / own_s:.0f} times")
    print(f"largest difference of z {np.max(np.abs(own.z - peer)):.1e}")


def scans(rng: np.random.Generator) -> None:
    """What a scan costs as places and draws grow; no peer in Python scans space and time."""
    print("\n| places | steps | draws | living clusters | all clusters |")
    print("|---|---|---|---|---|")
    for side in (20, 40, 80):
        row, col = np.divmod(np.arange(side * side), side)
        xy, counts = np.column_stack([col, row]) * 100.0, rng.poisson(0.3, (side * side, 24))
        living, every = (Limits(largest_radius_m=500, end_anchored=end) for end in (True, False))
        spent = [timed(scan, counts, xy, limits=limits, draws=DRAWS)[0] for limits in (living, every)]
        print(f"| {side * side:,} | 24 | {DRAWS} | {spent[0]:.1f} s | {spent[1]:.1f} s |", flush=True)


def caps(rng: np.random.Generator) -> None:
    """False alarms and power of emerging hot spots with and without a cap, on maps with heavy single addresses."""
    row, col = np.divmod(np.arange(400), 20)
    near = Neighbours.from_lattice(row, col)
    block = (np.abs(row - 10) <= 1) & (np.abs(col - 10) <= 1)
    print(f"\n12 steps, 400 cells, mean 0.5, overdispersion a, two addresses with 30 a step; {RUNS} maps each")
    print(
        f"| a | cap | maps of chance with a hot or cold step | 3 x 3 block at {TIMES} times found in half its steps |"
    )
    print("|---|---|---|---|")
    for a in (0.0, 1.0, 3.0):
        for share in (1.0, 0.99, 0.95):
            false, found = [], []
            for _ in range(RUNS):
                counts = _deal(rng, np.full((400, 12), 0.5), a)
                counts[rng.choice(400, 2, replace=False)] += rng.poisson(30, (2, 12))
                answer = emerging(counts, near, capped_at=share)
                false.append((answer.hot | answer.cold).any())
                planted = _deal(rng, np.where(block, 0.5 * TIMES, 0.5)[:, None] * np.ones(12), a)
                planted[[0, 399]] += rng.poisson(30, (2, 12))
                found.append(2 * emerging(planted, near, capped_at=share).hot[10 * 20 + 10].sum() >= planted.shape[1])
            print(f"| {a:g} | {share:g} | {np.mean(false):.3f} | {np.mean(found):.3f} |", flush=True)


def _deal(rng: np.random.Generator, mean: Floats, a: float) -> Floats:
    """Counts of variance mean + a mean^2."""
    return rng.poisson(mean * rng.gamma(1 / a, a, mean.shape) if a else mean).astype(np.float64)


def first_call() -> None:
    """What the compiled code costs when it is first used in a process."""
    spent, _ = timed(knox, [(0, 0), (1, 1)], [0, 1], space_edges_m=[0, 9], time_edges_days=[0, 9])
    print(f"first call of knox: {spent:.2f} s")
    spent, _ = timed(scan, np.ones((3, 4)), np.array([(0.0, 0), (9, 9), (20, 0)]), draws=1)
    print(f"first call of scan: {spent:.2f} s\n")


def main() -> None:
    """Print every comparison."""
    warnings.filterwarnings("ignore", module="pointpats")  # its own use of pandas, and its newer, slower class
    warnings.filterwarnings("ignore", message="The inplace keyword|This function is deprecated")
    rng = np.random.default_rng(20_261)
    first_call()
    near_repeats(rng)
    trends(rng)
    scans(rng)
    caps(rng)


if __name__ == "__main__":
    main()
