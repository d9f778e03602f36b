"""A town of two by two kilometres with the same residents in every cell, so that every answer is known beforehand."""

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspot.tables import Coverage, Place, table_of

WEST, SOUTH, SIDE = 640_000, 6_240_000, 2_000
PERIOD = (dt.date(2023, 1, 1), dt.date(2024, 12, 31))
PLACE = Place("Flat", shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE), "EPSG:25832")
PLANT = (WEST + 1_050.0, SOUTH + 950.0)
AGES = ("age_0_17", "age_18_29", "age_30_64", "age_65_plus")


def incidents(points, day_of):
    """Incidents at points, each on a day of the period."""
    start = pd.to_datetime([f"{day_of[i]}T12:00:00Z" for i in range(len(points))]).astype("datetime64[us, UTC]")
    frame = gpd.GeoDataFrame(
        {
            "incident_id": [f"i{i}" for i in range(len(points))],
            "source": "police",
            "code": "theft",
            "start": start,
            "end": start,
            "time_basis": "instant",
            "weight": 1.0,
            "location_error_m": np.nan,
            "category": "theft",
        },
        geometry=gpd.points_from_xy(*np.asarray(points, float).T),
        crs="EPSG:25832",
    )
    frame = frame.astype(dict.fromkeys(("incident_id", "source", "code", "time_basis", "category"), object))
    return table_of("incidents", frame, PLACE, (Coverage("police", None, *PERIOD),))


def population(residents=50.0):
    east, north = (each.ravel() for each in np.meshgrid(np.arange(20), np.arange(20)))
    x, y = WEST + 100 * east, SOUTH + 100 * north
    frame = gpd.GeoDataFrame(
        {
            "cell_id": [f"100m_{n // 100}_{e // 100}" for e, n in zip(x, y, strict=True)],
            "residents": residents,
            "households": np.nan,
            **dict.fromkeys(AGES, np.nan),
        },
        geometry=shapely.box(x, y, x + 100, y + 100),
        crs="EPSG:25832",
    )
    return table_of("population", frame.astype({"cell_id": object}), PLACE)


def tables(seed=1, *, plant=80):
    """800 incidents anywhere at any time, and as many as asked within 60 m of one point."""
    rng = np.random.default_rng(seed)
    around = PLANT + 60 * np.column_stack([rng.uniform(-1, 1, plant), rng.uniform(-1, 1, plant)])
    points = np.vstack([np.array([WEST, SOUTH]) + SIDE * rng.random((800, 2)), around])
    length = (PERIOD[1] - PERIOD[0]).days + 1
    days = [PERIOD[0] + dt.timedelta(days=int(each)) for each in rng.integers(0, length, len(points))]
    return {"incidents": incidents(points, days), "population": population()}
