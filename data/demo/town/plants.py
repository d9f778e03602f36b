"""The truth planted in the town: places with too many incidents, and places that are felt otherwise than recorded.

TRUTH.md beside this folder says the same in words, with the thresholds a test of the analysis has to meet.
"""

from typing import Final, NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

from .plan import bent


class Plant(NamedTuple):
    """A hot spot put into the town: extra incidents over what its residents and visits would explain."""

    key: str
    title: str
    shape: BaseGeometry
    rates: dict[str, float]
    light: str
    where: str
    line: bool


class Measure(NamedTuple):
    """An earlier measure and what it truly did to the count of incidents in its place from its start."""

    key: str
    kind: str
    title: str
    started: str
    finished: str
    rate: float
    cost_dkk: int | None
    owner: str
    shape: BaseGeometry
    verdict: str


RATE: Final = 0.165  # incidents per resident or daily visit in three years, both sources
SHARES: Final = {"riding": 0.11, "gathering": 0.14, "vandalism": 0.17, "burglary": 0.13, "violence": 0.09,
                 "theft": 0.23, "drugs": 0.07, "fire": 0.06}  # fmt: skip
DISPERSION: Final = 0.35  # variance of the gamma factor of a 100 m cell
SERIES: Final = 0.06  # share of incidents that open a series at the same address
SERIES_MEAN: Final = 5 / 3  # further incidents in such a series
FELT: Final = {"B10": "felt unsafe, few incidents", "B04": "many incidents, felt safe"}
AREA_RATES: Final = {"B10": 0.4, "B04": 2.2}

PLANTS: Final = (
    Plant("P1", "Gathering after dark at the southern mouth of "
        "Fyrtunnelen", bent(shapely.Point(2500, 2800).buffer(170)),
          {"gathering": 14.0, "drugs": 8.0, "vandalism": 3.0}, "dark", "outdoors", line=False),
    Plant("P2", "Reckless riding along Banestien Øst", bent(shapely.LineString([(4150, 2840), (5250, 2840)])),
          {"riding": 15.0}, "any", "outdoors", line=True),
    Plant("P3", "Burglary in the western half of Lærkehaven", bent(shapely.box(4350, 1000, 4950, 1650)),
          {"burglary": 6.0}, "any", "indoors", line=False),
    Plant("P4", "Vandalism round Sydskolen", bent(shapely.Point(3570, 1240).buffer(170)),
          {"vandalism": 6.0}, "any", "indoors", line=False),
)  # fmt: skip

MEASURES: Final = (
    Measure("M1", "place_management", "Pladsværter og ny indretning af gågaden", "2024-07-01", "2024-07-01", 0.45,
            1_450_000, "Ternevig Kommune", bent(shapely.box(3540, 2150, 3760, 2330)), "large"),
    Measure("M2", "cctv", "Kameraer ved stationspladsen", "2024-05-15", "2024-05-15", 1.0,
            620_000, "Baneselskabet Kysten", bent(shapely.box(3440, 2660, 3860, 2890)), "null"),
    Measure("M3", "lighting_upgrade", "Nye armaturer på stierne i Muslingevænget", "2024-09-02", "2024-09-20", 0.86,
            310_000, "Boligselskabet Fyrtårnet", bent(shapely.box(2540, 2200, 2800, 2420)), "small"),
    Measure("M4", "vegetation_thinning", "Udtynding langs stien ved Kildegården", "2024-03-11", "2024-03-22", 0.9,
            None, "Ternevig Kommune", bent(shapely.box(3220, 3110, 3420, 3260)), "small"),
)  # fmt: skip
