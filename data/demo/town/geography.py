"""The town without its incidents: districts, network, houses, people, lamps and green, and where things can happen."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from .buildings import beside, buildings_of_town
from .greenery import green_of_town
from .lighting import lamps_of_town
from .people import area_figures, cell_of, cells_of_town, housed, visits_of_town
from .plan import DISTRICTS, EPSG, bent, flat_district, flat_outline
from .streets import streets_of_town

DARK_PATH: Final = "Parkstien"


@dataclass(frozen=True, eq=False)
class Spots:
    """Points at which something can happen, sorted by cell.

    Parameters
    ----------
    xy
        The points; shape (n, 2). [m]
    first, count
        For each row of the cells, where its points begin and how many there are.
    """

    xy: NDArray[np.float64]
    first: NDArray[np.int64]
    count: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Geography:
    """One town, before anything is recorded in it."""

    seed: int
    outline: shapely.Polygon
    areas: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    visits: gpd.GeoDataFrame
    cells: gpd.GeoDataFrame
    lamps: gpd.GeoDataFrame
    green: dict[str, gpd.GeoDataFrame]
    indoors: Spots
    outdoors: Spots


def _districts() -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame({
        "area_id": [d.area_id for d in DISTRICTS], "name": [d.name for d in DISTRICTS],
        "kind": [d.kind for d in DISTRICTS], "owner": [d.owner for d in DISTRICTS],
        "pattern": [d.pattern for d in DISTRICTS],
    }, geometry=[bent(flat_district(d)) for d in DISTRICTS], crs=EPSG)  # fmt: skip
    frame.geometry = shapely.set_precision(frame.geometry.to_numpy(), 0.01)
    return frame


def _placed(roads: gpd.GeoDataFrame, districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The roads with the district their middle lies in; housing companies own the lamps of their own paths."""
    middles = shapely.line_interpolate_point(roads.geometry.to_numpy(), 0.5, normalized=True)
    at = districts.sindex.nearest(middles, return_all=False)[1]
    placed = roads.copy()
    placed["area_id"] = districts["area_id"].to_numpy()[at]
    placed["pattern"] = districts["pattern"].to_numpy()[at]
    private = placed["pattern"].isin(["highrise", "terraced", "student", "mixed"]) & placed["kind"].isin(
        ["path", "residential"]
    )
    placed["owner"] = np.where(private, districts["owner"].to_numpy()[at], "Ternevig Kommune")
    return placed


def _spots(points: NDArray[np.float64], cells: gpd.GeoDataFrame, spare: NDArray[np.float64]) -> Spots:
    """Points sorted by cell; a cell without any gets its spare ones."""
    have = set(cell_of(points[:, 0], points[:, 1]).tolist())
    lacking = np.array([c not in have for c in cell_of(spare[:, 0], spare[:, 1]).tolist()], dtype=bool)
    every = np.concatenate([points, spare[lacking]])
    number = cell_of(every[:, 0], every[:, 1])
    order = np.argsort(number, kind="stable")
    first = np.searchsorted(number[order], cells["number"].to_numpy(), "left")
    last = np.searchsorted(number[order], cells["number"].to_numpy(), "right")
    return Spots(every[order], first, last - first)


def geography(seed: int = 1, *, plants: bool = True) -> Geography:
    """Build the town of one seed; the plan is always the same, the small things differ."""
    outline = shapely.set_precision(bent(flat_outline()), 0.01)
    districts = _districts()
    roads = _placed(streets_of_town(), districts)
    buildings = housed(seed, buildings_of_town(seed, districts, roads))
    visits = visits_of_town(seed, buildings)
    cells = cells_of_town(seed, outline, buildings, visits)
    doors = shapely.get_coordinates(buildings.geometry.centroid.to_numpy())
    kerbs, _ = beside(roads.geometry.to_numpy(), 12, 0)
    stops = visits[["x", "y"]].to_numpy(dtype=float)
    dark = DARK_PATH if plants else None
    return Geography(
        seed=seed, outline=outline, areas=area_figures(seed, districts, buildings), roads=roads, buildings=buildings,
        visits=visits, cells=cells, lamps=lamps_of_town(seed, roads, dark),
        green=green_of_town(seed, districts, roads, buildings, dark),
        indoors=_spots(doors, cells, np.concatenate([stops, kerbs])),
        outdoors=_spots(kerbs, cells, np.concatenate([stops, doors])),
    )  # fmt: skip
