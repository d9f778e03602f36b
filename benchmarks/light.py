"""How fast 50,000 lamps light a raster of 5 m pixels, beside a plain loop of numpy windows.

Run with ``python benchmarks/light.py``.
"""

import time

import numpy as np
from goals import Goal, judge
from numpy.typing import NDArray
from shapely import box

from hotspot.environment.lamps import LightPoints
from hotspot.environment.light import illuminance_at, illuminance_grid

LAMPS, SIDE_M, PIXEL_M, REACH_M = 50_000, 8_000.0, 5.0, 60.0
GOAL = Goal("lamps on a raster beside numpy windows", 15, "times", least=True)


def numpy_windows(axis: NDArray[np.float64], lamps: LightPoints) -> NDArray[np.float64]:
    """Add each lamp to its window of pixels with whole-array operations."""
    surface = np.zeros((len(axis), len(axis)))
    factor = lamps.flux_lm / np.pi * lamps.height_m**2
    low = np.searchsorted(axis, np.column_stack([lamps.x, lamps.y]) - REACH_M)
    high = np.searchsorted(axis, np.column_stack([lamps.x, lamps.y]) + REACH_M)
    for lamp in range(len(lamps)):
        columns, rows = slice(low[lamp, 0], high[lamp, 0]), slice(low[lamp, 1], high[lamp, 1])
        squared = (axis[columns] - lamps.x[lamp]) ** 2 + (axis[rows, None] - lamps.y[lamp]) ** 2
        slant = lamps.height_m[lamp] ** 2 + squared
        surface[rows, columns] += np.where(squared <= REACH_M**2, factor[lamp] / slant**2, 0.0)
    return surface


def main() -> None:
    """Print both times, their ratio and the largest difference."""
    draw = np.random.default_rng(7)
    y = np.sort(draw.uniform(0, SIDE_M, LAMPS))
    x = draw.uniform(0, SIDE_M, LAMPS)
    names = np.arange(LAMPS).astype(object)
    lamps = LightPoints(names, x, y, draw.uniform(4, 8, LAMPS), draw.uniform(1_500, 6_000, LAMPS))
    axis = np.arange(PIXEL_M / 2, SIDE_M, PIXEL_M)
    town = box(0, 0, SIDE_M, SIDE_M)
    started = time.perf_counter()
    surface = illuminance_grid(axis, axis, lamps, town)
    print(f"first call, compiling or loading: {time.perf_counter() - started:.2f} s")
    started = time.perf_counter()
    peer = numpy_windows(axis, lamps)
    numpy_s = time.perf_counter() - started
    times = []
    for _ in range(5):
        started = time.perf_counter()
        surface = illuminance_grid(axis, axis, lamps, town)
        times.append(time.perf_counter() - started)
    print(f"numpy windows {numpy_s:.3f} s, here {min(times):.3f} s: {numpy_s / min(times):.1f} times faster")
    print(f"largest relative difference {np.nanmax(np.abs(surface - peer) / np.maximum(peer, 1e-9)):.1e}")
    points = draw.uniform(0, SIDE_M, (200_000, 2))
    illuminance_at(points[:10], lamps, town)
    started = time.perf_counter()
    illuminance_at(points, lamps, town)
    print(f"200,000 points: {time.perf_counter() - started:.3f} s")
    judge(GOAL, numpy_s / min(times), "it was 13 to 18 in runs one after the other on an idle machine")


if __name__ == "__main__":
    main()
