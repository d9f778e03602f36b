"""The one lattice of a study: analysis cells on the national 100 m grid, each an exact block of pixels."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from affine import Affine
from rasterio.features import geometry_mask

from hotspot.errors import N_, StudyError
from hotspot.tables import Place

_ROUNDING = 1e-9
_CELLS_ASKED = 400_000  # a national municipality at 50 m is below this; above it a run takes hours


@dataclass(frozen=True)
class Lattice:
    """A north-up raster frame in the study's reference system.

    Parameters
    ----------
    west, north
        Outer edges of the first pixel. [m]
    pixel_m
        Side of a pixel. [m]
    rows, cols
        How many pixels; row 0 is the northernmost.
    """

    west: float
    north: float
    pixel_m: float
    rows: int
    cols: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.cols

    @property
    def affine(self) -> Affine:
        """Pixel to coordinates, as rasters store it."""
        return Affine(self.pixel_m, 0.0, self.west, 0.0, -self.pixel_m, self.north)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north. [m]"""
        return (
            self.west,
            self.north - self.rows * self.pixel_m,
            self.west + self.cols * self.pixel_m,
            self.north,
        )

    def centres(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return the pixel centres.

        Returns
        -------
        tuple of array
            x of the columns and y of the rows. [m]
        """
        x = self.west + (np.arange(self.cols) + 0.5) * self.pixel_m
        y = self.north - (np.arange(self.rows) + 0.5) * self.pixel_m
        return x, y  # type: ignore[return-value]  # the stubs are narrower than the library

    def pixels_of(
        self, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the row and column of each point; a point outside gets a row or column outside the shape.

        Parameters
        ----------
        x, y : array, shape (points,)
            Coordinates. [m]

        Returns
        -------
        tuple of array, shape (points,)
            Rows and columns.
        """
        rows = np.floor((self.north - y) / self.pixel_m).astype(np.int64)
        cols = np.floor((x - self.west) / self.pixel_m).astype(np.int64)
        return rows, cols


@dataclass(frozen=True)
class Grid:
    """Analysis cells that touch the place.

    Parameters
    ----------
    cell_m
        Side of a cell. [m]
    frame
        One row per cell, indexed by ``cell_id``: ``row`` and ``col`` (integers, row 0 northernmost),
        ``share_inside`` (of the cell's area, 0 to 1) and the cell's square as geometry.
    """

    cell_m: float
    frame: gpd.GeoDataFrame

    def __repr__(self) -> str:
        """Say how many cells of which size."""
        return f"<Grid: {len(self.frame)} cells of {self.cell_m:g} m>"

    @cached_property
    def frame_lattice(self) -> Lattice:
        """The lattice whose pixels are the cells."""
        west, south, east, north = self.frame.total_bounds
        return Lattice(
            west, north, self.cell_m, round((north - south) / self.cell_m), round((east - west) / self.cell_m)
        )

    def lattice(self, pixel_m: float) -> Lattice:
        """Return the raster frame whose pixels divide the cells exactly.

        Parameters
        ----------
        pixel_m
            Side of a pixel; must divide the cell. [m]

        Returns
        -------
        Lattice
            Covers exactly the cells' extent.

        Raises
        ------
        StudyError
            If the pixel does not divide the cell.
        """
        times = self.cell_m / pixel_m
        if abs(times - round(times)) > _ROUNDING or times < 1:
            raise StudyError(
                N_("Pixels divide the analysis cells exactly."),
                N_("pixels of {pixel_m} m in cells of {cell_m} m"),
                N_("choose a pixel of {fix} m"),
                pixel_m=pixel_m,
                cell_m=self.cell_m,
                fix=self.cell_m / max(1, round(times)),
            )
        whole = self.frame_lattice
        return Lattice(whole.west, whole.north, pixel_m, whole.rows * round(times), whole.cols * round(times))

    def cells_of(self, points: gpd.GeoSeries) -> pd.Series:
        """Return the cell each point lies in.

        Parameters
        ----------
        points
            Points in the grid's reference system.

        Returns
        -------
        Series
            ``cell_id`` on the points' index; missing where the point lies in no cell of the grid.
        """
        ids = pd.Series(
            cell_names(points.x.to_numpy(), points.y.to_numpy(), self.cell_m),  # type: ignore[arg-type]  # the stubs are narrower than the library
            index=points.index,
            dtype=object,  # type: ignore[arg-type]  # the stubs are narrower than the library
        )
        return ids.where(ids.isin(self.frame.index))

    def parts_of(self, shapes: gpd.GeoSeries) -> pd.DataFrame:
        """Return the cells that each shape lies in, with the share of its area in each.

        Parameters
        ----------
        shapes
            Points, or polygons such as the cells of another grid.

        Returns
        -------
        DataFrame
            One row per shape and cell: ``at`` (position of the shape), ``cell_id`` (missing where it lies in no cell)
            and ``share``. A point, and a polygon within one cell, is there whole; of others the shares in all cells
            of the grid add up to one.
        """
        outlines: Any = shapes.to_numpy()
        bounds = shapely.bounds(outlines) / self.cell_m
        first, last = np.floor(bounds[:, :2] + _ROUNDING), np.ceil(bounds[:, 2:] - _ROUNDING)
        across = (last - first > 1).any(axis=1)
        middles = gpd.GeoSeries(shapely.centroid(outlines[~across]), crs=shapes.crs)
        one = pd.DataFrame({"at": np.flatnonzero(~across), "cell_id": self.cells_of(middles).to_numpy(), "share": 1.0})
        if not across.any():
            return one
        wide, cells = outlines[across], np.asarray(self.frame.geometry.array)
        at, cell = shapely.STRtree(cells).query(wide, predicate="intersects")
        area = shapely.area(shapely.intersection(wide[at], cells[cell]))
        total = np.bincount(at, area, minlength=len(wide))
        cut = pd.DataFrame(
            {
                "at": np.flatnonzero(across)[at],
                "cell_id": self.frame.index.to_numpy()[cell],
                "share": area / np.where(total > 0, total, 1.0)[at],
            }
        )
        both: pd.DataFrame = pd.concat([one, cut.loc[area > 0]], ignore_index=True)
        return both


def cell_names(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], cell_m: float = 100.0
) -> npt.NDArray[np.object_]:
    """Name the national grid's cell of each point, such as ``100m_62361_6360``.

    Parameters
    ----------
    x, y : array, shape (points,)
        Easting and northing. [m]
    cell_m
        Side of a cell. [m]

    Returns
    -------
    array of str, shape (points,)
        Side, northing and easting of the cell's south-west corner in units of its side.
    """
    north = np.floor(y / cell_m).astype(np.int64)
    east = np.floor(x / cell_m).astype(np.int64)
    side = f"{cell_m:g}m"
    return np.array([f"{side}_{n}_{e}" for n, e in zip(north, east, strict=True)], dtype=object)


def make_grid(place: Place, cell_m: float = 100.0) -> Grid:
    """Lay analysis cells over a place.

    Parameters
    ----------
    place
        Where; its boundary clips the grid.
    cell_m
        Side of a cell. [m]

    Returns
    -------
    Grid
        Every cell that shares area with the place, ordered from north-west.

    Raises
    ------
    StudyError
        If that would be more cells than a run can finish.

    Notes
    -----
    Results depend on the size and origin of cells (the modifiable areal unit problem). The origin is the
    national grid's, so that results join to grid statistics.
    """
    west, south, east, north = place.boundary.bounds
    first_col, last_col = int(np.floor(west / cell_m)), int(np.ceil(east / cell_m))
    first_row, last_row = int(np.floor(south / cell_m)), int(np.ceil(north / cell_m))
    if (last_col - first_col) * (last_row - first_row) > _CELLS_ASKED:
        raise StudyError(
            N_("A grid has at most {most} cells."),
            N_("{cell_m} m cells over {wide} by {high} m"),
            N_("choose larger cells with --cell"),
            most=_CELLS_ASKED,
            cell_m=cell_m,
            wide=east - west,
            high=north - south,
        )
    cols, rows = np.meshgrid(np.arange(first_col, last_col), np.arange(last_row - 1, first_row - 1, -1))
    x, y = cols.ravel() * cell_m, rows.ravel() * cell_m
    squares = shapely.box(x, y, x + cell_m, y + cell_m)
    shapely.prepare(place.boundary)
    share = _share_inside(squares, place.boundary, cell_m)
    inside = share > 0
    frame = gpd.GeoDataFrame(
        {
            "row": (last_row - 1 - rows.ravel())[inside],
            "col": (cols.ravel() - first_col)[inside],
            "share_inside": share[inside],
        },
        geometry=squares[inside],
        crs=place.crs,
        index=pd.Index(cell_names(x[inside] + cell_m / 2, y[inside] + cell_m / 2, cell_m), name="cell_id"),  # type: ignore[arg-type]  # the stubs are narrower than the library
    )
    frame["row"] -= frame["row"].min()
    frame["col"] -= frame["col"].min()
    return Grid(cell_m, frame)


def _share_inside(
    squares: npt.NDArray[np.object_], boundary: shapely.Geometry, cell_m: float
) -> npt.NDArray[np.float64]:
    share = np.zeros(len(squares))
    whole = shapely.contains_properly(boundary, squares)
    part = ~whole & shapely.intersects(boundary, squares)
    share[whole] = 1.0
    share[part] = shapely.area(shapely.intersection(squares[part], boundary)) / cell_m**2
    return np.minimum(share, 1.0)


def inside_mask(lattice: Lattice, area: shapely.Geometry) -> npt.NDArray[np.bool_]:
    """Say which pixels have their centre inside an area.

    Parameters
    ----------
    lattice
        The raster frame.
    area
        A polygon in the same reference system.

    Returns
    -------
    array of bool, shape (rows, cols)
        True inside.
    """
    if area.is_empty:  # type: ignore[attr-defined]  # the stubs are narrower than the library
        return np.zeros(lattice.shape, dtype=bool)
    mask: npt.NDArray[np.bool_] = geometry_mask([area], lattice.shape, lattice.affine, invert=True)
    return mask
