"""The drawing of the town: districts as rectangles on a flat sheet, and the bend that makes them a place."""

from typing import Final, NamedTuple, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

NAME: Final = "Ternevig Kommune"
EPSG: Final = 25832
ORIGIN: Final = (636_000.0, 6_236_000.0)  # open sea in the Kattegat; on the 100 m grid
EXTENT_M: Final = (7_000.0, 6_000.0)
CELL_M: Final = 100
RAILWAY_Y: Final = 2_900.0
STREAMS: Final = ("buildings", "people", "lighting", "greenery", "incidents", "survey", "messy")

G = TypeVar("G", bound=BaseGeometry)
Rect = tuple[float, float, float, float]


class District(NamedTuple):
    """One part of the municipality, drawn on the flat sheet."""

    area_id: str
    name: str
    kind: str
    owner: str
    pattern: str
    residents: int
    rects: tuple[Rect, ...]


OUTLINE: Final = (
    (350, 700), (1200, 480), (2300, 560), (3400, 430), (4600, 560), (5600, 470), (6250, 800),
    (6380, 1600), (6480, 2500), (6350, 3300), (6050, 4000), (5700, 4700), (4900, 5150), (4000, 5350),
    (3000, 5500), (2000, 5350), (1200, 5050), (600, 4500), (420, 3600), (250, 2700), (330, 1700),
)  # fmt: skip

DISTRICTS: Final = (
    District("B01", "Strandlodden", "housing", "Grundejerforeningen Strandlodden", "villa", 1150,
             ((600, 950, 1700, 1850),)),
    District("B02", "Tangvænget", "housing", "Haveboligforeningen Tang", "garden", 900, ((1700, 950, 2500, 1850),)),
    District("B03", "Havbo", "housing", "Andelsboligforeningen Havbo", "perimeter", 1550, ((2500, 950, 3200, 1700),)),
    District("B04", "Ternekollegiet", "housing", "Kollegiefonden Ternen", "student", 1050, ((3800, 950, 4300, 1700),)),
    District("B05", "Lærkehaven", "housing", "Grundejerforeningen Lærkehaven", "villa", 1400,
             ((4300, 950, 5700, 1700),)),
    District("B06", "Fyrparken", "housing", "Boligselskabet Fyrtårnet", "highrise", 3500, ((1700, 1850, 2500, 2900),)),
    District("B07", "Muslingevænget", "housing", "Boligselskabet Fyrtårnet", "terraced", 2150,
             ((2500, 1700, 3200, 2900),)),
    District("B08", "Møllehegnet", "housing", "Almenboligerne Kattesund", "mixed", 2300, ((4100, 1700, 4900, 2900),)),
    District("B09", "Skovbrynet", "housing", "Grundejerforeningen Skovbrynet", "villa", 1300,
             ((600, 2900, 1700, 4000),)),
    District("B10", "Nordlyset", "housing", "Almenboligerne Kattesund", "highrise", 2900, ((1700, 2900, 2500, 3750),)),
    District("B11", "Tranevænget", "housing", "Boligselskabet Vadefuglen", "terraced", 1500,
             ((4100, 2900, 4900, 3700),)),
    District("B12", "Æblehaven", "housing", "Haveboligforeningen Æblet", "garden", 750, ((1700, 3750, 2500, 4600),)),
    District("B13", "Kildegården", "housing", "Andelsboligforeningen Kilden", "perimeter", 1650,
             ((3200, 3100, 4100, 3900),)),
    District("B14", "Bakkedraget", "housing", "Grundejerforeningen Bakkedraget", "villa", 900,
             ((3200, 3900, 4100, 4700),)),
    District("C01", "Bymidten", "centre", "Ternevig Kommune", "centre", 1000, ((3200, 1700, 4100, 2650),)),
    District("C02", "Stationen", "station", "Baneselskabet Kysten", "station", 140, ((3200, 2650, 4100, 3100),)),
    District("S01", "Sydskolen", "school", "Ternevig Kommune", "school", 0, ((3200, 950, 3800, 1700),)),
    District("S02", "Nordskolen", "school", "Ternevig Kommune", "school", 0, ((2500, 2900, 3200, 3750),)),
    District("I01", "Havneparken", "industry", "Private virksomheder", "industry", 40, ((4900, 1700, 7000, 2900),)),
    District("I02", "Støberimarken", "industry", "Private virksomheder", "industry", 30, ((4900, 2900, 7000, 4000),)),
    District("G01", "Byparken", "green", "Ternevig Kommune", "park", 0, ((2500, 3750, 3200, 4600),)),
    District("G02", "Idrætsparken", "green", "Ternevig Kommune", "sports", 0, ((4100, 3700, 4900, 4700),)),
    District("G03", "Ravneskoven", "green", "Ternevig Kommune", "wood", 0,
             ((0, 4000, 1700, 6000), (1700, 4600, 3200, 6000), (3200, 4700, 4900, 6000))),
    District("G04", "Stranden", "shore", "Ternevig Kommune", "shore", 0, ((0, 0, 7000, 950),)),
    District("O01", "Vestengen", "other", "Private lodsejere", "fields", 60,
             ((0, 1850, 1700, 2900), (0, 950, 600, 1850), (0, 2900, 600, 4000))),
    District("O02", "Østmarken", "other", "Private lodsejere", "fields", 60,
             ((4900, 4000, 7000, 6000), (5700, 950, 7000, 1700))),
)  # fmt: skip


def bend(flat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where points of the flat sheet lie in the municipality, in EPSG:25832 [m]; shape (n, 2)."""
    x, y = flat[:, 0], flat[:, 1]
    east = x + 150 * np.sin(y / 950 + 0.5) + 45 * np.sin(x / 700 + y / 1300)
    north = y + 160 * np.sin(x / 1150 + 0.3) + 40 * np.sin(y / 800 - x / 1500 + 1)
    return np.column_stack([east + ORIGIN[0], north + ORIGIN[1]])


def bent(flat: G) -> G:
    """A geometry of the flat sheet as it lies in the municipality, with a vertex at least every 20 m."""
    return shapely.transform(shapely.segmentize(flat, 20), bend)


def turn(x: float, y: float) -> float:
    """How far the sheet is turned at a point, anticlockwise [rad]."""
    ends = bend(np.array([[x - 5, y], [x + 5, y]], dtype=float))
    step = ends[1] - ends[0]
    return float(np.arctan2(step[1], step[0]))


def smooth(corners: tuple[tuple[float, float], ...], rounds: int = 3) -> Polygon:
    """A closed outline with its corners cut (Chaikin) so that it reads as drawn by hand."""
    ring = np.array(corners, dtype=float)
    for _ in range(rounds):
        after = np.roll(ring, -1, axis=0)
        ring = np.stack([0.75 * ring + 0.25 * after, 0.25 * ring + 0.75 * after], axis=1).reshape(-1, 2)
    return Polygon(ring)


def flat_outline() -> Polygon:
    """The municipality on the flat sheet."""
    return smooth(OUTLINE)


def flat_district(district: District) -> Polygon:
    """One district on the flat sheet, cut at the municipality's outline."""
    whole = shapely.union_all([shapely.box(*rect) for rect in district.rects])
    cut = whole.intersection(flat_outline())
    if cut.geom_type == "MultiPolygon":
        cut = max(cut.geoms, key=lambda part: part.area) if district.pattern != "fields" else cut
    return cut


def stream(seed: int, name: str) -> np.random.Generator:
    """The random numbers of one part of the town, so that changing one part leaves the others as they were."""
    return np.random.default_rng([seed, STREAMS.index(name)])
