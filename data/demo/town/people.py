"""Residents on the 100 m grid, daily visits, and what the housing areas are like."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .plan import CELL_M, DISTRICTS, EPSG, EXTENT_M, ORIGIN, bend, stream

AGES: Final = ("age_0_17", "age_18_29", "age_30_64", "age_65_plus")
AGE_SHARES: Final = {
    "villa": (0.23, 0.09, 0.45, 0.23), "garden": (0.15, 0.10, 0.43, 0.32), "terraced": (0.26, 0.14, 0.45, 0.15),
    "highrise": (0.27, 0.19, 0.41, 0.13), "perimeter": (0.17, 0.22, 0.44, 0.17), "student": (0.03, 0.86, 0.10, 0.01),
    "mixed": (0.21, 0.17, 0.43, 0.19),
}  # fmt: skip
ELSEWHERE: Final = (0.12, 0.20, 0.45, 0.23)
HOUSEHOLD: Final = {"villa": 2.5, "garden": 2.0, "terraced": 2.3, "highrise": 2.1, "perimeter": 1.9, "student": 1.1,
                    "mixed": 2.0}  # fmt: skip
RENTED: Final = {"villa": 0.06, "garden": 0.05, "terraced": 0.97, "highrise": 0.99, "perimeter": 0.18, "student": 1.0,
                 "mixed": 0.72}  # fmt: skip
INCOME: Final = {"villa": 122, "garden": 104, "terraced": 84, "highrise": 71, "perimeter": 101, "student": 58,
                 "mixed": 88}  # fmt: skip
TOTALS: Final = {"station": 3200, "shop": 5800, "workplace": 6500, "school": 1800, "leisure": 3200}
STATION: Final = (
    (3650, 2840, 9),
    (3650, 2960, 7),
    (3560, 2870, 5),
    (3760, 2930, 4),
    (3650, 2720, 8),
    (3500, 2760, 4),
)
LEISURE: Final = (
    (2500, 2840, 5), (2500, 2960, 5), (4220, 3950, 8), (4350, 3930, 6), (4340, 4060, 3), (4550, 4300, 3),
    (2850, 3920, 4), (2700, 4200, 2), (2950, 4420, 3), (3060, 4300, 1), (2720, 4050, 2), (3050, 3920, 3),
    (1150, 760, 3), (1700, 740, 4), (2500, 740, 5), (3200, 740, 4), (3800, 740, 4), (4300, 760, 3), (5000, 770, 3),
    (1500, 4300, 2), (2000, 4700, 2), (2900, 4750, 3), (3650, 4800, 3), (1350, 4100, 2), (2200, 5000, 1),
    (4300, 2840, 2), (4500, 2840, 2), (4700, 2840, 2), (4950, 2840, 2), (5200, 2840, 2),
    (2600, 2840, 2), (2400, 2840, 2), (2300, 2960, 2), (2700, 2960, 2), (1900, 2840, 1), (3000, 2960, 1),
)  # fmt: skip


def _in_district(buildings: gpd.GeoDataFrame, *ids: str) -> NDArray[np.float64]:
    chosen = buildings[buildings["area_id"].isin(ids)].geometry.centroid
    return shapely.get_coordinates(chosen.to_numpy())


def visits_of_town(seed: int, buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Where people come each day who do not live there: station, shops, workplaces, schools and outdoor places."""
    rng = stream(seed, "people")
    shops = _in_district(buildings, "C01")
    shops = shops[
        np.argsort(shapely.distance(shapely.points(shops), shapely.Point(*bend(np.array([[3650.0, 2240]]))[0])))[:42]
    ]
    local = np.concatenate([_in_district(buildings, area)[:1] for area in ("B03", "B06", "B08", "B10", "B11", "B13")])
    offices = _in_district(buildings, "C01")[-14:]
    places = {
        "station": (bend(np.array(STATION)[:, :2].astype(float)), np.array(STATION)[:, 2].astype(float)),
        "shop": (np.concatenate([shops, local]), rng.gamma(3, 1, len(shops) + len(local))),
        "workplace": (np.concatenate([_in_district(buildings, "I01", "I02"), offices]), None),
        "school": (_in_district(buildings, "S01", "S02"), None),
        "leisure": (bend(np.array(LEISURE)[:, :2].astype(float)), np.array(LEISURE)[:, 2].astype(float)),
    }
    frames = []
    for kind, (points, known) in places.items():
        size = rng.gamma(2, 1, len(points)) if known is None else known
        per_day = np.maximum(5, np.round(size / size.sum() * TOTALS[kind] / 5) * 5)
        frames.append(pd.DataFrame({"kind": kind, "visits_per_day": per_day, "x": points[:, 0], "y": points[:, 1]}))
    frame = pd.concat(frames, ignore_index=True)
    frame.insert(0, "visit_id", [f"BES{i + 1:04d}" for i in range(len(frame))])
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(frame["x"], frame["y"]), crs=EPSG)


def cell_of(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
    """The number of the 100 m cell a point lies in, counted by rows over the town's extent."""
    columns = int(EXTENT_M[0]) // CELL_M
    column = np.floor((x - ORIGIN[0]) / CELL_M).astype(np.int64)
    row = np.floor((y - ORIGIN[1]) / CELL_M).astype(np.int64)
    return row * columns + column


def housed(seed: int, buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The buildings with how many live in each."""
    rng = np.random.default_rng([seed, 101])
    frame = buildings.copy()
    frame["residents"] = 0
    room = (frame.area * frame["floors"] * rng.gamma(8, 1 / 8, len(frame))).to_numpy()
    for district in DISTRICTS:
        mine = (frame["area_id"] == district.area_id).to_numpy()
        if district.residents and mine.any():
            frame.loc[mine, "residents"] = rng.multinomial(district.residents, room[mine] / room[mine].sum())
    return frame


def cells_of_town(
    seed: int, outline: shapely.Polygon, buildings: gpd.GeoDataFrame, visits: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Every 100 m cell that touches the municipality: residents by age, households and visits a day."""
    rng = np.random.default_rng([seed, 102])
    columns, rows = int(EXTENT_M[0]) // CELL_M, int(EXTENT_M[1]) // CELL_M
    number = np.arange(columns * rows)
    east, north = ORIGIN[0] + number % columns * CELL_M, ORIGIN[1] + number // columns * CELL_M
    frame = gpd.GeoDataFrame({"number": number, "east": east, "north": north}, crs=EPSG,
                             geometry=shapely.box(east, north, east + CELL_M, north + CELL_M))  # fmt: skip
    centres = shapely.get_coordinates(buildings.geometry.centroid.to_numpy())
    at = cell_of(centres[:, 0], centres[:, 1])
    patterns = {d.area_id: d.pattern for d in DISTRICTS}
    sums = np.zeros((len(frame), 5))
    for area_id, group in buildings.assign(at=at).groupby("area_id"):
        shares = AGE_SHARES.get(patterns[str(area_id)], ELSEWHERE)
        people = group["residents"].to_numpy()
        ages = rng.multinomial(people, shares)
        homes = np.ceil(people / HOUSEHOLD.get(patterns[str(area_id)], 1.9))
        np.add.at(sums, group["at"].to_numpy(), np.column_stack([ages, homes]))
    frame[list(AGES)] = sums[:, :4].astype(int)
    frame["residents"] = sums[:, :4].sum(axis=1).astype(int)
    frame["households"] = sums[:, 4].astype(int)
    frame["visits"] = np.bincount(cell_of(visits["x"].to_numpy(), visits["y"].to_numpy()), visits["visits_per_day"],
                                  len(frame))  # fmt: skip
    frame["exposure"] = frame["residents"] + frame["visits"]
    frame["cell_id"] = [f"100m_{int(n) // 100}_{int(e) // 100}" for n, e in zip(north, east, strict=True)]
    return frame[frame.intersects(outline)].reset_index(drop=True)


def area_figures(seed: int, districts: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The districts with residents, households and the figures a municipality keeps about them."""
    rng = np.random.default_rng([seed, 103])
    frame = districts.copy()
    patterns = [d.pattern for d in DISTRICTS]
    frame["residents"] = frame["area_id"].map(buildings.groupby("area_id")["residents"].sum()).fillna(0).astype(int)
    frame["households"] = [round(n / HOUSEHOLD.get(p, 1.9)) for n, p in zip(frame["residents"], patterns, strict=True)]
    shares = np.array([AGE_SHARES.get(p, ELSEWHERE) for p in patterns])
    known = (frame["residents"] >= 200).to_numpy()
    noise = rng.normal(0, 0.008, (len(frame), 4))
    for column, name in ((0, "andel_0_17"), (1, "andel_18_29"), (3, "andel_65_plus")):
        frame[name] = np.where(known, np.round(np.clip(shares[:, column] + noise[:, column], 0, 1), 3), np.nan)
    frame["andel_leje"] = np.where(known, [RENTED.get(p, 0.5) for p in patterns], np.nan)
    frame["indkomst_indeks"] = np.where(
        known, np.array([INCOME.get(p, 95) for p in patterns]) + rng.integers(-5, 6, len(frame)), np.nan
    )
    return frame
