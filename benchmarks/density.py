"""How fast density surfaces are beside their peers, how far from the exact sum, and in how much memory.

Run with ``python benchmarks/density.py``; about five minutes, or with ``corrected`` for the second table alone.
Clustered incidents in 8 by 8 km, 200 m of Gaussian sigma or the quartic that smooths as much. Peers are what one writes
with numpy or scipy in ten lines: linear binning, the kernel sampled on the pixels, one convolution by Fourier
transform. Every time is the best of three, taken in turn with the peer's; errors are against the exact sum at 400
pixels, in shares of the peak.
"""

import math
import sys
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import scipy.fft
from goals import Goal, judge
from numpy.typing import NDArray

from hotspot.stats.adaptive_density import Frame, adaptive_grid
from hotspot.stats.kde import kde_at, kde_grid
from hotspot.stats.kernels import KERNELS, bandwidth_from_sigma
from hotspot.stats.relative_risk import relative_risk

SIDE_M, SIGMA_M, TIMES = 8000.0, 200.0, 3
Floats = NDArray[np.float64]
GAUSSIAN = Goal("Gaussian density, 10^6 on 3200², beside bins and FFT", 20, "times", least=True)
BINS = Goal("the same beside binning alone", 3, "times")
OFF = Goal("the same, error against the exact sum", 1e-5, "of the peak")
FEW = Goal("quartic density, 10^5 and fewer, beside scipy's FFT, {pixels}²", 10, "times", least=True)
MANY = Goal("quartic density, 10^6 and more, beside scipy's FFT, {pixels}²", 3, "times", least=True)
FILTER = Goal("a filter's new {kernel} surface, 10^5 on 800²", 20, "ms")
CORRECTED = Goal("{name} density beside the fixed kernel, the worst of the rows", 5, "times")
WHY = {
    "gaussian": "spreading a million incidents and writing 82 MB of surface are all that is left",
    "quartic": "1e-5 of the peak needs 64 knots a radius and two transforms of 960²; the peer is far less exact",
    "many": "ten million are spread on that finer lattice",
    "adaptive": "the narrowest kernel needs a lattice of its own width, and every incident is spread on four rungs",
    "relative risk": "two densities, two shares of kernels inside and three numbers a cell, each 82 MB on 3200²",
}


def incidents(n: int) -> Floats:
    """Incidents round sixty places, some outside."""
    rng = np.random.default_rng(n)
    centres = rng.uniform(800, SIDE_M - 800, (60, 2))
    return centres[rng.integers(0, 60, n)] + rng.normal(0, 400, (n, 2))


def timed(*works: Callable[[], Floats], clock: Callable[[], float] = time.perf_counter) -> list[tuple[float, Floats]]:
    """Best seconds of each, taken in turn so that a shared machine slows all alike, and what each gives."""
    best = [math.inf] * len(works)
    given = [work() for work in works]  # compiles, loads, warms
    for _ in range(TIMES):
        for k, work in enumerate(works):
            started = clock()
            given[k] = work()
            best[k] = min(best[k], clock() - started)
    return list(zip(best, given, strict=True))


def binned(points: Floats, pixels: int, margin: int = 0) -> Floats:
    """Share every incident among its four nearest pixel centres."""
    size = pixels + 2 * margin
    cell = SIDE_M / pixels
    column, row = points[:, 0] / cell - 0.5 + margin, (SIDE_M - points[:, 1]) / cell - 0.5 + margin
    j, i = np.floor(column).astype(np.int64), np.floor(row).astype(np.int64)
    u, v = column - j, row - i
    kept = (i >= 0) & (j >= 0) & (i < size - 1) & (j < size - 1)
    i, j, u, v = i[kept], j[kept], u[kept], v[kept]
    at = i * size + j
    out = np.zeros(size * size)
    for shift, share in ((0, (1 - u) * (1 - v)), (1, u * (1 - v)), (size, (1 - u) * v), (size + 1, u * v)):
        out += np.bincount(at + shift, share, size * size)
    return out.reshape(size, size)


def peer(points: Floats, pixels: int, kernel: str) -> Floats:
    """Linear binning and one Fourier transform: numpy's for the Gaussian cut at six sigma, scipy's for the quartic."""
    h = bandwidth_from_sigma(SIGMA_M, kernel).h_m
    cell = SIDE_M / pixels
    half = math.ceil((6 * h if kernel == "gaussian" else h) / cell)
    counted = binned(points, pixels, half)
    axis = np.arange(-half, half + 1) * cell / h
    r2 = axis[:, None] ** 2 + axis[None, :] ** 2
    if kernel == "gaussian":
        heights, rfft2, irfft2 = np.exp(-0.5 * r2) / (2 * math.pi), np.fft.rfft2, np.fft.irfft2
    else:
        heights, rfft2, irfft2 = 3 / math.pi * np.maximum(1 - r2, 0) ** 2, scipy.fft.rfft2, scipy.fft.irfft2
    size = scipy.fft.next_fast_len(counted.shape[0], real=True)
    shape = (size, size)
    found = irfft2(rfft2(counted, s=shape) * rfft2(heights, s=shape), s=shape)
    return np.asarray(found[2 * half : 2 * half + pixels, 2 * half : 2 * half + pixels] / h**2)


def here(points: Floats, pixels: int, kernel: str) -> Floats:
    """The product's surface."""
    h = bandwidth_from_sigma(SIGMA_M, kernel).h_m
    return kde_grid(points, None, (0, SIDE_M), SIDE_M / pixels, (pixels, pixels), h, kernel).intensity


def error(points: Floats, pixels: int, kernel: str, *surfaces: Floats) -> list[float]:
    """Largest error at 400 pixels, half of them where incidents are, in shares of the peak."""
    rng = np.random.default_rng(0)
    cell = SIDE_M / pixels
    near = points[rng.integers(0, len(points), 200)]
    at = np.vstack([rng.integers(0, pixels, (200, 2)), np.column_stack([(SIDE_M - near[:, 1]), near[:, 0]]) // cell])
    at = at.clip(0, pixels - 1).astype(int)
    where = np.column_stack([(at[:, 1] + 0.5) * cell, SIDE_M - (at[:, 0] + 0.5) * cell])
    exact = kde_at(points, where, bandwidth_from_sigma(SIGMA_M, kernel).h_m, kernel)
    return [float(np.abs(each[at[:, 0], at[:, 1]] - exact).max() / each.max()) for each in surfaces]


def memory(work: Callable[[], Floats]) -> float:
    """Megabytes of arrays at the worst moment, the result included, its input not."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def fixed() -> None:
    """Fixed kernels over n and pixels."""
    print(
        "| kernel | n | pixels | linear bins | peer | here | ratio | over bins | error peer | here | MB peer | here |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    cases = [("gaussian", n, p) for p in (800, 3200) for n in (10**4, 10**5, 10**6, 10**7)]
    cases += [("quartic", n, p) for p in (800, 3200) for n in (10**4, 10**5, 10**6, 10**7)]
    times: dict[tuple[str, int, int], tuple[float, float]] = {}
    for kernel, n, pixels in cases:
        points = incidents(n)
        works = [
            lambda p=points, m=pixels: binned(p, m),
            lambda p=points, m=pixels, k=kernel: peer(p, m, k),
            lambda p=points, m=pixels, k=kernel: here(p, m, k),
        ]  # fmt: skip
        (bins_s, _), (peer_s, theirs), (own_s, ours) = timed(*works)
        off = error(points, pixels, kernel, theirs, ours)
        peer_mb, own_mb = (memory(work) for work in works[1:])
        print(
            f"| {kernel} | {n:.0e} | {pixels}² | {bins_s * 1e3:.0f} ms | {peer_s * 1e3:.0f} ms | {own_s * 1e3:.0f} ms "
            f"| {peer_s / own_s:.1f} | {own_s / bins_s:.1f} | {off[0]:.0e} | {off[1]:.0e} "
            f"| {peer_mb:.0f} | {own_mb:.0f} |",
            flush=True,
        )
        times[kernel, n, pixels] = peer_s / own_s, own_s
        if (kernel, n, pixels) == ("gaussian", 10**6, 3200):
            judge(GAUSSIAN, peer_s / own_s, WHY["gaussian"])
            judge(BINS, own_s / bins_s)
            judge(OFF, off[1])
    for pixels in (800, 3200):
        few, many = (min(times["quartic", n, pixels][0] for n in sizes) for sizes in ((10**4, 10**5), (10**6, 10**7)))
        judge(FEW._replace(what=FEW.what.format(pixels=pixels)), few, WHY["quartic"])
        judge(MANY._replace(what=MANY.what.format(pixels=pixels)), many, WHY["quartic" if pixels == 800 else "many"])  # noqa: PLR2004
    for kernel in ("gaussian", "quartic"):
        judge(FILTER._replace(what=FILTER.what.format(kernel=kernel)), 1e3 * times[kernel, 10**5, 800][1], WHY[kernel])


def corrected() -> None:
    """Edge-corrected, adaptive and relative risk beside the fixed Gaussian, in seconds of all processors together.

    By the clock of a shared machine a longer work meets others more often than a short one, and looks worse than it is.
    """
    names = "uniform", "Jones-Diggle", "adaptive", "adaptive, Jones-Diggle", "relative risk"
    worst = dict.fromkeys(names, 0.0)
    print(f"\n| n | pixels | fixed | {' | '.join(names)} |")
    print("|---|---|---|---|---|---|---|---|")
    for n, pixels in ((10**4, 800), (10**5, 800), (10**6, 800), (10**6, 3200)):
        points = incidents(n).clip(0, SIDE_M - 1)
        mask = np.ones((pixels, pixels), dtype=bool)
        mask[: pixels // 8, : pixels // 3] = False
        cell, case = SIDE_M / pixels, (np.arange(n) % 3 == 0).astype(float)
        frame = Frame((0.0, SIDE_M), cell, (pixels, pixels), mask)
        lattice = (0.0, SIDE_M), cell, (pixels, pixels), SIGMA_M, "gaussian", mask
        works: list[Callable[[], Floats]] = [
            lambda p=points, g=lattice: kde_grid(p, None, *g).intensity,
            lambda p=points, g=lattice: kde_grid(p, None, *g, "uniform").intensity,
            lambda p=points, g=lattice: kde_grid(p, None, *g, "jones_diggle").intensity,
            lambda p=points, f=frame: adaptive_grid(p, f, SIGMA_M, SIGMA_M).intensity,
            lambda p=points, f=frame: adaptive_grid(p, f, SIGMA_M, SIGMA_M, edge="jones_diggle").intensity,
            lambda p=points, f=frame, c=case: relative_risk(p, c, 1 - c, f, SIGMA_M).log_ratio,
        ]
        plain, *rest = (seconds for seconds, _ in timed(*works, clock=time.process_time))
        told = " | ".join(f"{each / plain:.1f} ×" for each in rest)
        print(f"| {n:.0e} | {pixels}² | {plain * 1e3:.0f} ms | {told} |", flush=True)
        worst = {name: max(worst[name], each / plain) for name, each in zip(names, rest, strict=True)}
    for name, found in worst.items():
        judge(CORRECTED._replace(what=CORRECTED.what.format(name=name)), found, WHY.get(name.split(",")[0], ""))


if __name__ == "__main__":
    print(f"kernels: {', '.join(KERNELS)}; sigma {SIGMA_M:.0f} m in {SIDE_M / 1000:.0f} km\n")
    if "corrected" not in sys.argv:
        fixed()
    corrected()
