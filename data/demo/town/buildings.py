"""Building footprints: houses along the streets, slabs on a grid, halls and schools."""

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .plan import DISTRICTS, EPSG, District, bend, stream, turn


class Lot(NamedTuple):
    """How buildings stand along the streets of one pattern [m]."""

    spacing: float
    setback: float
    width: float
    depth: float
    floors: int
    along: tuple[str, ...]


LOTS: Final = {
    "villa": Lot(31, 15, 13, 10, 1, ("residential",)), "garden": Lot(29, 14, 11, 9, 1, ("residential",)),
    "terraced": Lot(45, 16, 39, 9, 2, ("residential",)), "perimeter": Lot(52, 13, 46, 12, 4, ("residential",)),
    "student": Lot(48, 19, 34, 14, 4, ("residential", "path")), "mixed": Lot(44, 15, 37, 11, 3, ("residential",)),
    "centre": Lot(37, 15, 30, 17, 3, ("residential", "path")), "station": Lot(70, 20, 32, 14, 3, ("residential",)),
    "industry": Lot(82, 38, 62, 40, 1, ("street",)), "fields": Lot(105, 30, 26, 14, 1, ("service",)),
    "wood": Lot(900, 25, 18, 10, 1, ("track",)), "shore": Lot(115, 22, 12, 9, 1, ("path",)),
}  # fmt: skip
USES: Final = {"industry": "erhverv", "centre": "bolig_og_butik", "station": "bolig_og_butik", "school": "skole",
               "sports": "idræt"}  # fmt: skip
CAR_FREE_M: Final = {"main": 6.0, "residential": 4.5, "street": 6.0, "path": 2.5, "service": 3.0, "track": 2.0,
                     "bridge": 6.0, "tunnel": 4.0}  # fmt: skip


def boxes(
    centres: NDArray[np.float64],
    angles: NDArray[np.float64],
    width: NDArray[np.float64],
    depth: NDArray[np.float64],
) -> NDArray[np.object_]:
    """Rectangles about their centres, turned; width along the angle [m]."""
    along = np.column_stack([np.cos(angles), np.sin(angles)]) * (width / 2)[:, None]
    across = np.column_stack([-np.sin(angles), np.cos(angles)]) * (depth / 2)[:, None]
    corners = np.stack([centres + along + across, centres + along - across, centres - along - across,
                        centres - along + across], axis=1)  # fmt: skip
    made: NDArray[np.object_] = shapely.polygons(corners)
    return made


def beside(
    lines: NDArray[np.object_], spacing: float, offset: float, start: float = 0.5
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points along lines at a spacing, to the left of them by an offset [m], and the lines' direction there [rad]."""
    lengths = shapely.length(lines)
    counts = np.floor(lengths / spacing).astype(int)
    which = np.repeat(np.arange(len(lines)), counts)
    step = np.concatenate([np.arange(n) for n in counts]) if len(which) else np.zeros(0)
    at = (step + start) * (lengths / np.maximum(counts, 1))[which]
    here = shapely.get_coordinates(shapely.line_interpolate_point(lines[which], at))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(lines[which], at + 1))
    back = shapely.get_coordinates(shapely.line_interpolate_point(lines[which], np.maximum(at - 1, 0)))
    step_xy = ahead - back
    angle = np.arctan2(step_xy[:, 1], step_xy[:, 0])
    points = here + offset * np.column_stack([-np.sin(angle), np.cos(angle)])
    return points, angle


def _along_streets(district: District, roads: gpd.GeoDataFrame, rng: np.random.Generator) -> NDArray[np.object_]:
    lot = LOTS[district.pattern]
    mine = roads[(roads["area_id"] == district.area_id) & roads["kind"].isin(lot.along)]
    lines = mine.geometry.to_numpy()
    made = []
    for side in (1, -1):
        points, angles = beside(lines, lot.spacing, side * (lot.setback + lot.depth / 2))
        if len(points):
            width = lot.width * rng.uniform(0.85, 1.05, len(points))
            depth = lot.depth * rng.uniform(0.9, 1.15, len(points))
            made.append(boxes(points, angles, width, depth))
    return np.concatenate(made) if made else np.zeros(0, dtype=object)


def _flat_boxes(rows: list[tuple[float, float, float, float]]) -> NDArray[np.object_]:
    """Rectangles given on the flat sheet as x, y, width, depth, standing square to the bent sheet."""
    flat = np.array(rows, dtype=float)
    angles = np.array([turn(x, y) for x, y in flat[:, :2]])
    return boxes(bend(flat[:, :2]), angles, flat[:, 2], flat[:, 3])


def _slabs(district: District) -> NDArray[np.object_]:
    x0, y0, x1, y1 = district.rects[0]
    rows = [
        (x, y, 78.0, 13.0)
        for x in np.arange(x0 + 160, x1 - 130, 100)
        for y in np.arange(y0 + 132, y1 - 110, 54)
    ]  # fmt: skip
    shops = [(x0 + 45, y0 + 150, 45.0, 22.0), (x1 - 45, y1 - 260, 40.0, 20.0)]
    return _flat_boxes([*rows, *shops])


def _school(district: District) -> NDArray[np.object_]:
    x0, y0, x1, _ = district.rects[0]
    middle = (x0 + x1) / 2
    return _flat_boxes([(middle + 110, y0 + 235, 110, 26), (middle + 110, y0 + 350, 110, 26), (middle + 70, y0 + 292, 24, 70),
                        (middle - 120, y0 + 360, 52, 32), (middle - 130, y0 + 200, 60, 22)])  # fmt: skip


def _sports(district: District) -> NDArray[np.object_]:
    x0, y0, *_ = district.rects[0]
    return _flat_boxes([(x0 + 120, y0 + 240, 90, 45), (x0 + 240, y0 + 230, 60, 30), (x0 + 120, y0 + 360, 40, 18)])


def _candidates(district: District, roads: gpd.GeoDataFrame, rng: np.random.Generator) -> NDArray[np.object_]:
    if district.pattern == "highrise":
        return _slabs(district)
    if district.pattern == "school":
        return _school(district)
    if district.pattern == "sports":
        return _sports(district)
    if district.pattern == "park":
        return np.zeros(0, dtype=object)
    return _along_streets(district, roads, rng)


def _free(candidates: NDArray[np.object_], inside: shapely.Geometry, kerbs: shapely.STRtree) -> NDArray[np.object_]:
    """The candidates that stand inside, clear of streets and of the ones before them."""
    kept = candidates[shapely.covers(inside, candidates)]
    blocked, _ = kerbs.query(kept, predicate="intersects")
    kept = np.delete(kept, np.unique(blocked))
    around = shapely.buffer(kept, 2.5)
    first, second = shapely.STRtree(around).query(around, predicate="intersects")
    out = np.zeros(len(kept), dtype=bool)
    for i, j in sorted(zip(first.tolist(), second.tolist(), strict=True)):
        if i < j and not out[i]:
            out[j] = True
    return kept[~out]


def buildings_of_town(seed: int, districts: gpd.GeoDataFrame, roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Every footprint with its use, storeys and district."""
    rng = stream(seed, "buildings")
    kerbs = shapely.STRtree(shapely.buffer(roads.geometry.to_numpy(), roads["kind"].map(CAR_FREE_M).to_numpy()))
    frames = []
    for district, polygon in zip(DISTRICTS, districts.geometry, strict=True):
        shapes = _free(_candidates(district, roads, rng), shapely.buffer(polygon, -4), kerbs)
        floors = (
            6 if district.pattern == "highrise" else LOTS[district.pattern].floors if district.pattern in LOTS else 2
        )
        use = USES.get(district.pattern, "bolig")
        frame = gpd.GeoDataFrame({"use": use, "floors": floors, "area_id": district.area_id}, geometry=shapes, crs=EPSG,
                                 index=range(len(shapes)))  # fmt: skip
        frames.append(frame)
    town = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=EPSG)
    town.insert(0, "building_id", [f"H{i + 1:05d}" for i in range(len(town))])
    return town
