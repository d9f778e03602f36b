"""How fast incidents find their area beside geopandas, shapely's tree and a loop over prepared areas.

Run ``python benchmarks/polygons.py [MOST_POINTS]`` (default a million, about a minute). The goal of four times the
fastest exact peer is not met: see what is printed at the end.
"""

import resource
import sys
import time
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from hotspot.counting import areas_of

SIDE_M = 8_000.0
Answer = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    """Seconds of processor time, and the answer."""
    started = time.process_time()
    answer = work()
    return time.process_time() - started, answer


def here(x: Floats, y: Floats, polygons: gpd.GeoDataFrame) -> Answer:
    """What the product does, making the points included, as for every peer."""
    names = [f"{number:06}" for number in range(len(polygons))]
    found = areas_of(gpd.GeoSeries(gpd.points_from_xy(x, y)), polygons.set_index(pd.Index(names)))
    return np.asarray(pd.to_numeric(found).fillna(-1).astype(np.int64))


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


def main() -> None:
    """Print seconds, ratios and whether the answers are the same."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rng = np.random.default_rng(3)
    print("| points | polygons | geopandas sjoin | shapely tree | prepared loop | here | ratio to the fastest |")
    print("|---|---|---|---|---|---|---|")
    for points in (n for n in (10_000, 100_000, 1_000_000, 10_000_000) if n <= most):
        x, y = rng.uniform(-50, SIDE_M + 50, (2, points))
        for n in (200, 20_000):
            polygons = cut(n, rng)
            own_s, own = timed(lambda: here(x, y, polygons))  # noqa: B023 - called at once
            peers = {each: timed(lambda: each(x, y, polygons)) for each in (sjoin, tree, loop)}  # noqa: B023 - called at once
            same = [int((own != answer).sum()) for _seconds, answer in peers.values()]
            if any(same):
                raise SystemExit(f"not the same polygons: {same}")
            seconds = [each for each, _answer in peers.values()]
            cells = " | ".join(f"{each:.2f} s" for each in (*seconds, own_s))
            print(f"| {points:,} | {n:,} | {cells} | {min(seconds) / own_s:.1f} |", flush=True)
    print(
        "\nGoal: 4 times the fastest exact peer at a million points. Not met: areas are asked one by one, as the loop"
    )
    print("does, where points are many, and by the tree where they are few; making the points takes as long again.")
    print(
        "Tried and not kept: labels on pixels that no edge comes near, the tree for the rest: 1.5 times the loop with"
    )
    print("200 polygons, half as fast with 20,000. A town's areas and incidents take a hundredth of a second.")
    print(f"largest memory of the whole run: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


if __name__ == "__main__":
    main()
