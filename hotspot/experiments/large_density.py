"""Density of more incidents than memory holds: tile by tile from a Parquet file, here or on Dask workers."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow.dataset as arrow
import rasterio
from rasterio.windows import Window

from hotspot.errors import N_, HotspotError
from hotspot.experiments.scheduler import spread
from hotspot.grid import Lattice
from hotspot.stats.kde import kde_grid

TILE = 2_000  # pixels along a side: 16 MB a tile, and what is read twice around it stays a small share
REACH = 6.0  # sigma beyond a tile from which incidents still count: 1e-8 of the peak
Floats = npt.NDArray[np.float64]


class Tile(NamedTuple):
    """A block of pixels: its first row and column, and its shape."""

    row: int
    col: int
    rows: int
    cols: int


class Large(NamedTuple):
    """What was made: incidents read (those near a tile's edge once for every tile), tiles, and the highest value."""

    read: int
    tiles: int
    highest: float


def density_in_tiles(  # noqa: PLR0913 - from where, over what, how wide, where to
    source: Path, lattice: Lattice, sigma_m: float, out: Path, *, crs: str, scheduler: str = "", tile: int = TILE
) -> Large:
    """Write the Gaussian density of a file's incidents as a GeoTIFF, never holding more than a tile of either.

    Parameters
    ----------
    source
        A Parquet file, or a folder of them, with columns ``x`` and ``y`` in metres. Sorted by place, so that its row
        groups each cover little, every part is read about once; otherwise every tile reads all of it.
    lattice
        The pixels wanted.
    sigma_m
        Standard deviation of the Gaussian. [m]
    out
        The GeoTIFF to write: float32, incidents per km².
    crs
        Reference system of the coordinates, as ``"EPSG:25832"``.
    scheduler
        Address of a Dask scheduler whose workers see the file by the same path; empty works here.
    tile
        Pixels along a side of a tile.

    Returns
    -------
    Large
        How much was read, how many tiles, the highest value. [1/km²]

    Raises
    ------
    HotspotError
        If the file has no columns x and y.

    Notes
    -----
    No correction at the edge of the place: there is no place here, only a lattice. Each tile is the surface that
    `hotspot.stats.kde.kde_grid` would give for it with all incidents, to 1e-6 of the peak.

    References
    ----------
    Silverman (1982) https://doi.org/10.2307/2347084 for the transform
    """
    names = set(arrow.dataset(source).schema.names)
    if not {"x", "y"} <= names:
        raise HotspotError(
            N_("Incidents beyond memory lie in a Parquet file with columns x and y."),
            N_("{columns}"),
            N_("write the coordinates as columns x and y, in metres"),
            columns=sorted(names),
        )
    tiles = list(_tiles(lattice, tile))
    shape = {"height": lattice.rows, "width": lattice.cols, "count": 1, "dtype": "float32", "crs": crs}
    layout = {"tiled": True, "blockxsize": 512, "blockysize": 512, "compress": "deflate", "predictor": 3, "zlevel": 1}
    read, highest = 0, 0.0
    with rasterio.open(
        out, "w", driver="GTiff", transform=lattice.affine, bigtiff="if_safer", **shape, **layout
    ) as file:
        for number, (counted, values) in spread(one_tile, (str(source), lattice, sigma_m), tiles, scheduler):
            at = tiles[number]
            file.write(values, 1, window=Window(at.col, at.row, at.cols, at.rows))
            read += counted
            highest = max(highest, float(values.max()))
    return Large(read, len(tiles), highest)


def one_tile(source: str, lattice: Lattice, sigma_m: float, tile: Tile) -> tuple[int, npt.NDArray[np.float32]]:
    """Work out one tile; a worker's whole task.

    Parameters
    ----------
    source, lattice, sigma_m
        As `density_in_tiles`.
    tile
        Which pixels.

    Returns
    -------
    tuple
        Incidents read, and the tile's values. [1/km²]
    """
    west = lattice.west + tile.col * lattice.pixel_m
    north = lattice.north - tile.row * lattice.pixel_m
    margin = REACH * sigma_m
    box = (west - margin, west + tile.cols * lattice.pixel_m + margin)
    up = (north - tile.rows * lattice.pixel_m - margin, north + margin)
    xy = _near(source, box, up)
    if not len(xy):
        return 0, np.zeros((tile.rows, tile.cols), dtype=np.float32)
    found = kde_grid(
        xy, None, (west, north), lattice.pixel_m, (tile.rows, tile.cols), sigma_m, "gaussian", None, "none", forced=True
    )
    return len(xy), (found.intensity * 1e6).astype(np.float32)


def _near(source: str, box: tuple[float, float], up: tuple[float, float]) -> Floats:
    """Read the incidents of a rectangle; row groups that lie elsewhere are not opened."""
    x, y = arrow.field("x"), arrow.field("y")
    wanted: Any = (x >= box[0]) & (x < box[1]) & (y >= up[0]) & (y < up[1])
    rows = arrow.dataset(source).to_table(columns=["x", "y"], filter=wanted)
    return np.column_stack([rows[name].to_numpy() for name in ("x", "y")]).astype(np.float64)


def _tiles(lattice: Lattice, side: int) -> Iterator[Tile]:
    for row, col in itertools.product(range(0, lattice.rows, side), range(0, lattice.cols, side)):
        yield Tile(row, col, min(side, lattice.rows - row), min(side, lattice.cols - col))
