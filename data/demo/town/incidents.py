"""What was recorded in three years: an honest null with places that differ, and the plants on top of it.

The null: in every 100 m cell incidents come at ``RATE`` times residents plus visits a day, times a gamma factor of
mean 1 and variance ``DISPERSION`` that is independent from cell to cell, in the same mix of categories everywhere.
Some open a series at their address. Plants add independent Poisson counts, so that their strength is exact.
"""

from functools import cache
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .clock import CATEGORIES, DAYS, as_local, calendar, draw_hours, to_utc
from .geography import Geography, Spots
from .plan import CELL_M, stream
from .plants import AREA_RATES, DISPERSION, MEASURES, PLANTS, RATE, SERIES, SERIES_MEAN, SHARES, Plant

INDOORS: Final = {"riding": 0.0, "gathering": 0.05, "vandalism": 0.55, "burglary": 1.0, "violence": 0.4, "theft": 0.7,
                  "drugs": 0.1, "fire": 0.2}  # fmt: skip
REPORTED_TO_TOWN: Final = {"riding": 0.5, "gathering": 0.5, "vandalism": 0.3, "burglary": 0.0, "violence": 0.0,
                           "theft": 0.0, "drugs": 0.3, "fire": 0.2}  # fmt: skip
TOWN_FROM_MINUTE: Final = 181 * 24 * 60  # municipal reports are kept from 1 July 2023
INTERVAL: Final = {"burglary": (0.92, 4.0, 11.0), "vandalism": (0.6, 6.0, 15.0), "theft": (0.5, 1.0, 8.0),
                   "fire": (0.15, 1.0, 4.0)}  # fmt: skip
AWAY_DAYS: Final = 0.12  # share of burglaries found after days away


@cache
def _calendar() -> dict[str, NDArray[np.float64]]:
    return calendar()


def footprint(plant: Plant, cells: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """The cells a plant fills: those a line touches, or those with their middle inside an area."""
    if plant.line:
        return np.asarray(cells.intersects(plant.shape))
    middles = shapely.points(cells["east"] + CELL_M / 2, cells["north"] + CELL_M / 2)
    return np.asarray(shapely.contains(plant.shape, middles))


def _area_factor(geo: Geography, *, plants: bool) -> NDArray[np.float64]:
    factor = np.ones(len(geo.cells))
    if plants:
        middles = shapely.points(geo.cells["east"] + CELL_M / 2, geo.cells["north"] + CELL_M / 2)
        for area_id, rate in AREA_RATES.items():
            shape = geo.areas.geometry[geo.areas["area_id"] == area_id].iloc[0]
            factor[shapely.contains(shape, middles)] = rate
    return factor


def expected(geo: Geography) -> NDArray[np.float64]:
    """Incidents each cell's residents and visits explain in three years."""
    found: NDArray[np.float64] = RATE * geo.cells["exposure"].to_numpy(dtype=float)
    return found


def planted(geo: Geography, plant: Plant) -> dict[str, tuple[float, float]]:
    """For each category of a plant what its cells explain and what the plant adds on average."""
    base = expected(geo)[footprint(plant, geo.cells)].sum()
    return {c: (SHARES[c] * base, SHARES[c] * base * (rate - 1)) for c, rate in plant.rates.items()}


def _null(rng: np.random.Generator, geo: Geography, *, plants: bool) -> pd.DataFrame:
    gamma = rng.gamma(1 / DISPERSION, DISPERSION, len(geo.cells))
    mean = expected(geo) * _area_factor(geo, plants=plants) * gamma / (1 + SERIES * SERIES_MEAN)
    count = rng.poisson(mean)
    cell = np.repeat(np.arange(len(geo.cells)), count)
    category = rng.choice(len(CATEGORIES), len(cell), p=[SHARES[c] for c in CATEGORIES])
    return pd.DataFrame({"cell": cell, "category": category, "plant": "", "light": "any"})


def _extra(rng: np.random.Generator, geo: Geography) -> pd.DataFrame:
    frames = []
    for plant in PLANTS:
        rows = np.flatnonzero(footprint(plant, geo.cells))
        spots = geo.outdoors if plant.where == "outdoors" else geo.indoors
        weight = np.minimum(spots.count[rows], 8).astype(float)
        for category, (_, extra) in planted(geo, plant).items():
            cell = rng.choice(rows, rng.poisson(extra), p=weight / weight.sum())
            frames.append(pd.DataFrame({"cell": cell, "category": CATEGORIES.index(category), "plant": plant.key,
                                        "light": plant.light}))  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def _times(rng: np.random.Generator, frame: pd.DataFrame) -> NDArray[np.float64]:
    tables = _calendar()
    minutes = np.zeros(len(frame))
    for (category, light), group in frame.groupby(["category", "light"]).indices.items():
        weights = tables[CATEGORIES[int(category)]]
        minutes[group] = draw_hours(rng, weights * tables["dark"] if light == "dark" else weights, len(group))
    return minutes


def _places(rng: np.random.Generator, geo: Geography, frame: pd.DataFrame) -> NDArray[np.float64]:
    inside = rng.random(len(frame)) < np.array([INDOORS[c] for c in CATEGORIES])[frame["category"]]
    skew = rng.random(len(frame)) ** 1.6  # some addresses come back more often than others
    cell = frame["cell"].to_numpy()
    return np.where(inside[:, None], _chosen(geo.indoors, cell, skew), _chosen(geo.outdoors, cell, skew))


def _chosen(spots: Spots, cell: NDArray[np.int64], skew: NDArray[np.float64]) -> NDArray[np.float64]:
    return spots.xy[spots.first[cell] + np.floor(skew * spots.count[cell]).astype(np.int64)]


def _series(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the further incidents of each series: same address, same kind, weeks later."""
    opens = (frame["plant"] == "").to_numpy() & (rng.random(len(frame)) < SERIES)
    again = frame[opens].loc[lambda f: f.index.repeat(rng.geometric(1 / SERIES_MEAN, len(f)))].copy()
    last = DAYS * 24 * 60.0
    later = again["minute"] + np.round(rng.exponential(40, len(again))) * 24 * 60 + 24 * 60
    again["minute"] = np.where(later < last, later, rng.integers(0, int(last) // 5, len(again)) * 5.0)
    return pd.concat([frame, again], ignore_index=True)


def _measured(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without what the earlier measures prevented."""
    points = shapely.points(frame["x"], frame["y"])
    gone = np.zeros(len(frame), dtype=bool)
    for measure in MEASURES:
        start = (pd.Timestamp(measure.finished) - pd.Timestamp("2023-01-01")).days * 24 * 60
        here = shapely.contains(measure.shape, points) & (frame["minute"] >= start).to_numpy()
        gone |= here & (rng.random(len(frame)) >= measure.rate)
    return frame[~gone].reset_index(drop=True)


def _recorded(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """From and to, source and basis, as each source would record it."""
    name = np.array(CATEGORIES)[frame["category"]]
    town = rng.random(len(frame)) < pd.Series(name).map(REPORTED_TO_TOWN).to_numpy()
    town &= ~np.isin(name, ["burglary", "violence", "theft"])
    chance, low, high = (
        pd.Series(name).map(lambda c, k=k: INTERVAL.get(c, (0.0, 0.0, 0.0))[k]).to_numpy() for k in range(3)
    )
    long = (name == "burglary") & (rng.random(len(frame)) < AWAY_DAYS)
    length = np.where(long, rng.uniform(26, 150, len(frame)), rng.uniform(low, high)) * 60
    length = np.where(
        (rng.random(len(frame)) < chance) & ~town & (frame["light"] == "any"), np.round(length / 15) * 15, 0
    )
    start = np.maximum(np.floor((frame["minute"] - rng.random(len(frame)) * length) / 15) * 15, 0)
    start = np.where(length > 0, start, frame["minute"])
    dated = town & (rng.random(len(frame)) < 0.18)
    midnight = np.floor(frame["minute"] / 1440) * 1440
    frame = frame.assign(
        category=name, source=np.where(town, "kommune", "politi"), start_minute=np.where(dated, midnight, start),
        end_minute=np.where(dated, midnight + 1440, np.maximum(start + length, np.where(length > 0, frame["minute"], start))),
        basis=np.where(dated, "date", np.where(length > 0, "interval", "instant")),
    )  # fmt: skip
    return frame[~(town & (frame["minute"] < TOWN_FROM_MINUTE)) & (frame["end_minute"] <= DAYS * 1440)]


def incidents(geo: Geography, seed: int, *, plants: bool = True) -> pd.DataFrame:
    """Three years of incidents of one seed in a town that is already built.

    Returns
    -------
    pandas.DataFrame
        One row per incident: category, x, y (EPSG:25832) [m], start and end (UTC), basis (instant, interval or date),
        source (politi or kommune), plant (empty for the null), cell_id. No row is a duplicate and none is spoilt.
    """
    rng = stream(seed, "incidents")
    frame = _null(rng, geo, plants=plants)
    if plants:
        frame = pd.concat([frame, _extra(rng, geo)], ignore_index=True)
    frame["minute"] = _times(rng, frame)
    xy = _places(rng, geo, frame)
    frame["x"], frame["y"] = xy[:, 0], xy[:, 1]
    frame = _series(rng, frame)
    if plants:
        frame = _measured(rng, frame)
    frame = _recorded(rng, frame).sort_values(["start_minute", "cell"], kind="stable").reset_index(drop=True)
    frame["start_local"] = as_local(frame["start_minute"].to_numpy())
    frame["end_local"] = as_local(frame["end_minute"].to_numpy())
    frame["start"] = to_utc(pd.DatetimeIndex(frame["start_local"]))
    frame["end"] = to_utc(pd.DatetimeIndex(frame["end_local"]))
    frame["cell_id"] = geo.cells["cell_id"].to_numpy()[frame["cell"]]
    return frame[
        [
            "category",
            "x",
            "y",
            "start",
            "end",
            "basis",
            "source",
            "plant",
            "cell_id",
            "start_local",
            "end_local",
        ]
    ]
