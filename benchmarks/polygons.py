"""How fast incidents find their area beside geopandas, shapely's tree and a loop over prepared areas.

Run ``python benchmarks/polygons.py [MOST_POINTS]`` (default a million, about a minute; ten million take six). Two
questions: numbers from coordinates, and the product's ``areas_of``, which is given points and gives names. Every
answer is compared with every other. Seconds are of the clock, the best of two taken in turn; memory is what a process
of its own grows by.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from goals import Goal, judge

from hotspot.counting import areas_of
from hotspot.stats.polygon_cells import first_polygon

SIDE_M, TIMES = 8_000.0, 2
FASTER = {
    1_000_000: Goal("areas of 10^6 points beside the fastest exact peer", 4, "times", least=True),
    10_000_000: Goal("areas of 10^7 points beside the fastest exact peer", 10, "times", least=True),
}
MEMORY = Goal("areas of points, memory beside geopandas' join", 0.2, "times")
WHY = "reading numbers into memory is part of both; the loop needs as little"
Answer = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Way = Callable[[Floats, Floats, gpd.GeoDataFrame], Answer]


def numbers(x: Floats, y: Floats, polygons: gpd.GeoDataFrame) -> Answer:
    """From coordinates to the position of the polygon."""
    return first_polygon(x, y, np.asarray(polygons.geometry.array))


def sjoin(x: Floats, y: Floats, polygons: gpd.GeoDataFrame) -> Answer:
    """The geopandas way: points made, joined, the first of several kept."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y))
    joined = gpd.sjoin(points, polygons, predicate="intersects", how="left")["index_right"]
    return np.asarray(joined.groupby(level=0).min().fillna(-1).astype(np.int64))


def tree(x: Floats, y: Floats, polygons: gpd.GeoDataFrame) -> Answer:
    """Shapely's tree asked with all points."""
    point, polygon = shapely.STRtree(polygons.geometry.array).query(shapely.points(x, y), predicate="intersects")
    found = np.full(len(x), len(polygons), dtype=np.int64)
    np.minimum.at(found, point, polygon)
    return np.where(found == len(polygons), -1, found)


def loop(x: Floats, y: Floats, polygons: gpd.GeoDataFrame) -> Answer:
    """Each polygon prepared, and asked for the points in its box."""
    order = np.argsort(x)
    found = np.full(len(x), -1, dtype=np.int64)
    for number, shape in reversed(list(enumerate(polygons.geometry.array))):
        shapely.prepare(shape)
        west, south, east, north = shape.bounds
        near = order[np.searchsorted(x, west, sorter=order) : np.searchsorted(x, east, "right", sorter=order)]
        near = near[(y[near] >= south) & (y[near] <= north)]
        found[near[shapely.intersects_xy(shape, x[near], y[near])]] = number
    return found


def cut(n: int, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Tiles with wavy edges that fill the square: Voronoi cells, densified and bent."""
    seeds = shapely.multipoints(rng.uniform(0, SIDE_M, (n, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=shapely.box(0, 0, SIDE_M, SIDE_M)))
    fine = shapely.segmentize(shapely.intersection(cells, shapely.box(0, 0, SIDE_M, SIDE_M)), 20.0)
    bent = shapely.transform(fine, lambda xy: xy + 3 * np.sin(xy[:, ::-1] / 40))
    return gpd.GeoDataFrame(geometry=bent)


WAYS: dict[str, Way] = {"sjoin": sjoin, "tree": tree, "loop": loop, "here": numbers}


def grown(way: str, points: int, polygons: int) -> str:
    """Mebibytes that a process of its own grows by."""
    asked = [sys.executable, __file__, "memory", way, str(points), str(polygons)]
    return subprocess.run(asked, check=True, capture_output=True, text=True, timeout=300).stdout.strip()  # noqa: S603 - this very file


def grow(way: str, points: int, polygons: int) -> None:
    """Print by how much this process grows."""
    rng = np.random.default_rng(3)
    x, y = rng.uniform(-50, SIDE_M + 50, (2, points))
    shapes = cut(polygons, rng)
    WAYS[way](x[:3_000], y[:3_000], shapes)
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the highest mark is set to what is held now
    before = resident("VmHWM")
    WAYS[way](x, y, shapes)
    print(f"{resident('VmHWM') - before:.0f}")


def resident(what: str) -> float:
    """Mebibytes of memory that Linux tells of this process."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    (line,) = (each for each in lines if each.startswith(what))
    return int(line.split()[1]) / 2**10


def best(ways: tuple[Way, ...], given: tuple[Floats, Floats, gpd.GeoDataFrame]) -> list[tuple[float, Answer]]:
    """Best seconds of each way, taken in turn, and its answer."""
    found: list[tuple[float, Answer]] = [(float("inf"), np.empty(0, dtype=np.int64))] * len(ways)
    for _ in range(TIMES):
        for k, way in enumerate(ways):
            started = time.perf_counter()
            answer = way(*given)
            found[k] = (min(found[k][0], time.perf_counter() - started), answer)
    return found


def named_areas(
    x: Floats, y: Floats, polygons: gpd.GeoDataFrame
) -> tuple[tuple[float, object], tuple[float, pd.Series]]:
    """Seconds of making the points, and of the product's answer with names."""
    started = time.perf_counter()
    points = gpd.GeoSeries(gpd.points_from_xy(x, y))
    made = time.perf_counter()
    named = areas_of(points, polygons)
    return (made - started, points), (time.perf_counter() - made, named)


def main() -> None:
    """Print seconds, ratios, memory and whether the answers are the same."""
    if sys.argv[1:2] == ["memory"]:
        grow(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
        return
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rng = np.random.default_rng(3)
    peers = (sjoin, tree, loop)
    judged: dict[Goal, list[float]] = {goal: [] for goal in (*FASTER.values(), MEMORY)}
    print(
        "| points | polygons | geopandas sjoin | shapely tree | prepared loop | numbers here | to the fastest "
        "| points made | areas_of | MiB sjoin | tree | loop | here |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    for points in (n for n in (10_000, 100_000, 1_000_000, 10_000_000) if n <= most):
        x, y = rng.uniform(-50, SIDE_M + 50, (2, points))
        for n in (200, 20_000):
            polygons = cut(n, rng)
            polygons.index = pd.Index([f"{number:06}" for number in range(len(polygons))])
            plain = polygons.reset_index(drop=True)
            numbers(x[:3_000], y[:3_000], plain)  # loads what was compiled
            answers = best((*peers, numbers), (x, y, plain))
            (made_s, _points), (named_s, named) = named_areas(x, y, polygons)
            last = np.asarray(pd.to_numeric(named).fillna(-1).astype(np.int64))
            own_s, own = answers[-1]
            same = [int((own != answer).sum()) for answer in (*(found for _s, found in answers[:-1]), last)]
            if any(same):
                raise SystemExit(f"not the same polygons: {same}")
            seconds = [each for each, _answer in answers]
            held = [grown(way, points, n) for way in WAYS]
            memory = " | ".join(held)
            told = " | ".join(f"{each:.3f} s" for each in seconds)
            print(
                f"| {points:,} | {n:,} | {told} | {min(seconds[:-1]) / own_s:.1f} | {made_s:.3f} s "
                f"| {named_s:.3f} s | {memory} |",
                flush=True,
            )
            if points in FASTER:
                judged[FASTER[points]].append(min(seconds[:-1]) / own_s)
                judged[MEMORY].append(float(held[-1]) / max(float(held[0]), 1.0))
    for goal, found in judged.items():
        if found:
            judge(goal, min(found) if goal.least else max(found), WHY if goal is MEMORY else "")
    print(
        "Making the points as objects takes shapely longer than the quickest answer; sjoin and the tree need them, the"
    )
    print(
        "loop and this product's numbers do not. areas_of is told without it, as the product has points from reading."
    )


if __name__ == "__main__":
    main()
