"""A density of more incidents than memory holds: beside reading the file once from disk, and beside Dask's own way.

Run ``python benchmarks/beyond_memory.py`` for ten million incidents (half a minute), or with ``100000000`` for a
hundred million (a minute and 2 GB of disk). Two Dask workers of one thread each; the clock's time, since they share the
work.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dask
import dask.array as da
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import rasterio
from distributed import Client, LocalCluster
from goals import Goal, judge
from scipy.ndimage import gaussian_filter

from hotspot.experiments.large_density import density_in_tiles
from hotspot.grid import Lattice

SIDE_M, PIXEL_M, SIGMA_M, BLOCKS = 100_000.0, 10.0, 100.0, 10
LATTICE = Lattice(0.0, SIDE_M, PIXEL_M, 10_000, 10_000)
REACH = 6.0
READING = Goal("density of more than memory holds beside reading the file once from disk", 3, "times")
WORKER = Goal("density of more than memory holds, largest worker", 1536, "MiB")
ALIKE = Goal("density of more than memory holds, tiles from the whole", 1e-6, "of the peak")
WHY = (
    "7 s go into 10^8 pixels, transformed, written and compressed, however few the incidents and however fast the disk"
)


def write(path: Path, n: int) -> None:
    """Incidents in clumps, block by block of ten kilometres, a row group each."""
    rng = np.random.default_rng(5)
    size = SIDE_M / BLOCKS
    with pq.ParquetWriter(path, pa.schema([("x", pa.float64()), ("y", pa.float64())])) as file:
        for block in range(BLOCKS**2):
            corner = np.array(divmod(block, BLOCKS)) * size
            clumps = rng.uniform(0, size, (50, 2))
            xy = corner + np.clip(
                clumps[rng.integers(0, 50, n // BLOCKS**2)] + rng.normal(0, 400, (n // BLOCKS**2, 2)), 0, size - 1e-3
            )
            file.write_table(pa.table({"x": xy[:, 0], "y": xy[:, 1]}))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of the clock, and the answer."""
    began = time.perf_counter()
    answer = work()
    return time.perf_counter() - began, answer


def forget(path: Path) -> None:
    """Let the machine's memory forget the file: the next reads it from disk, as one that is too large would be."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def read_once(path: Path) -> float:
    """Read all coordinates, row group by row group."""
    file = pq.ParquetFile(path)
    return float(sum(file.read_row_group(at).column("x").to_numpy().sum() for at in range(file.num_row_groups)))


def dask_way(path: Path) -> Any:  # noqa: ANN401 - whatever Dask returns
    """Count on pixels by row group, and smooth chunk by chunk with overlap, cut off at the same reach."""

    def counted(at: int) -> np.ndarray:
        table = pq.ParquetFile(path).read_row_group(at)
        x, y = (table.column(each).to_numpy() for each in ("x", "y"))
        size = LATTICE.rows // BLOCKS
        where = np.divmod(at, BLOCKS)
        cols, rows = ((each // PIXEL_M).astype(int) - size * first for each, first in zip((x, y), where, strict=True))
        return (
            np.bincount(np.ravel_multi_index((rows, cols), (size, size)), minlength=size**2)
            .reshape(size, size)
            .astype(np.float32)
        )

    size = LATTICE.rows // BLOCKS
    parts = [
        [da.from_delayed(dask.delayed(counted)(col * BLOCKS + row), (size, size), np.float32) for col in range(BLOCKS)]
        for row in range(BLOCKS)
    ]
    sigma = SIGMA_M / PIXEL_M
    smooth = da.block(parts).map_overlap(
        lambda block: gaussian_filter(block, sigma, truncate=REACH, mode="constant"),
        depth=round(REACH * sigma),
        boundary=0,
    )
    return smooth.max().compute()


def main() -> None:
    """Print times, ratios, memory and the difference between tiles and the whole."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
    ):
        path, out = Path(folder) / "incidents.parquet", Path(folder) / "density.tif"
        write(path, n)
        client = Client(cluster)
        forget(path)
        read_s, _sum = timed(lambda: read_once(path))
        again_s, _sum = timed(lambda: read_once(path))
        forget(path)
        dask_s, highest = timed(lambda: dask_way(path))
        density_in_tiles(
            path,
            Lattice(0.0, SIDE_M, PIXEL_M, 100, 100),
            SIGMA_M,
            out,
            crs="EPSG:25832",
            scheduler=cluster.scheduler_address,
        )
        forget(path)
        own_s, told = timed(
            lambda: density_in_tiles(path, LATTICE, SIGMA_M, out, crs="EPSG:25832", scheduler=cluster.scheduler_address)
        )
        memory = max(client.run(lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024).values())
        with rasterio.open(out) as file:
            corner = file.read(1, window=((1_950, 2_050), (1_950, 2_050)))  # across four tiles
        single = Path(folder) / "one.tif"
        across = Lattice(19_500.0, SIDE_M - 19_500.0, PIXEL_M, 100, 100)
        density_in_tiles(path, across, SIGMA_M, single, crs="EPSG:25832")
        with rasterio.open(single) as file:
            apart = float(np.abs(file.read(1) - corner).max() / told.highest)
        client.close()
    print(
        f"{n:,} incidents, {LATTICE.rows:,} x {LATTICE.cols:,} pixels of {PIXEL_M:g} m, sigma {SIGMA_M:g} m, 2 workers"
    )
    print(
        f"reading the file once from disk {read_s:.1f} s, from memory {again_s:.1f} s; "
        f"here, from disk, {own_s:.1f} s, {own_s / read_s:.1f} times; "
        f"largest worker {memory:,.0f} MiB"
    )
    print(f"Dask's counts and map_overlap {dask_s:.1f} s, without writing a file: {dask_s / own_s:.2f} times ours")
    print(
        f"read {told.read / n:.2f} times because of the tiles' edges; tiles differ from one by {apart:.1e} of the peak"
    )
    print(f"peak {told.highest:.1f} per km² here, {highest * 1e6 / PIXEL_M**2:.1f} with Dask")
    judge(READING, own_s / read_s, WHY)
    judge(WORKER, memory)
    judge(ALIKE, apart)


if __name__ == "__main__":
    main()
