"""How much of the next 30 days' incidents each map holds: on the town, and on real places where they are at hand.

Run ``python benchmarks/accuracy.py`` (about ten minutes). The real deliveries are looked for in the folder named by
``HOTSPOT_REAL_DATA``; without it only the town is scored. The forecast was designed on Vancouver's mischief, burglary
of both kinds together and other theft; every other row was looked at once, afterwards.
"""

import datetime as dt
import os
import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from typer.testing import CliRunner

from hotspot.cli.door import app
from hotspot.experiments.accuracy import ALL, AREAS, COUNTS, FORECAST, HINDSIGHT, foretold, last_third
from hotspot.sources import read_outline
from hotspot.store import Snapshot, Store
from hotspot.study import Study
from hotspot.tables import Coverage, Place, table_of

EVERY_DAYS = 30
SHOWN = (COUNTS, HINDSIGHT, FORECAST)
Days = tuple[dt.date, dt.date]


def town(folder: Path) -> tuple[Study, Snapshot]:
    """The fictional town, imported as its reader would."""
    done = CliRunner().invoke(app, ["demo", str(folder / "town")])
    if done.exit_code:
        raise SystemExit(done.output)
    store = Store(folder / "town")
    return store.study, store.snapshot()


def vancouver(data: Path) -> tuple[Study, Snapshot]:
    """All located incidents of 2025, by the police's own eight kinds."""
    rows = pd.read_csv(data / "vancouver" / "crimedata_csv_AllNeighbourhoods_2025.csv").query("X > 0")
    clock = rows[["YEAR", "MONTH", "DAY", "HOUR", "MINUTE"]].rename(columns=str.lower)
    place = rows["X"], rows["Y"], "EPSG:26910"
    outline = data / "vancouver" / "local-area-boundary.geojson"
    return given(outline, "America/Vancouver", pd.to_datetime(clock), rows["TYPE"], place)


def cambridge(data: Path) -> tuple[Study, Snapshot]:
    """Located crash reports, by who met whom."""
    rows = pd.read_csv(data / "cambridge_ma" / "Police_Department_Crash_Data_-_Historical.csv").dropna(
        subset=["Latitude", "Longitude", "Date Time"]
    )
    kind = rows["Object 2"].where(rows["Object 2"].isin(["Auto", "Bicycle", "Pedestrian", "Parked Car"]), "other")
    xy = gpd.GeoSeries.from_xy(rows["Longitude"], rows["Latitude"], crs=4326).to_crs("EPSG:26986")
    when = pd.to_datetime(rows["Date Time"], format="%m/%d/%Y %I:%M:%S %p")
    outline = data / "cambridge_ma" / "BOUNDARY_CityBoundary.geojson"
    return given(outline, "America/New_York", when, kind, (xy.x, xy.y, "EPSG:26986"))


def given(
    outline: Path, timezone: str, when: pd.Series, kind: pd.Series, xy: tuple[pd.Series, pd.Series, str]
) -> tuple[Study, Snapshot]:
    """Make incidents into a study: only the maps are of interest here, so nothing else is."""
    x, y, crs = xy
    place = Place("real", read_outline(outline, crs), crs, timezone)
    start = when.dt.tz_localize(timezone, ambiguous=True, nonexistent="shift_forward").dt.tz_convert("UTC")
    frame = gpd.GeoDataFrame(
        {
            "incident_id": [f"i{at}" for at in range(len(when))],
            "source": "real",
            "code": kind.to_numpy(object),
            "start": start.astype("datetime64[us, UTC]").to_numpy(),
            "end": start.astype("datetime64[us, UTC]").to_numpy(),
            "time_basis": "instant",
            "weight": 1.0,
            "location_error_m": np.nan,
            "category": kind.to_numpy(object),
        },
        geometry=gpd.points_from_xy(x, y),
        crs=crs,
    )
    for column in ("start", "end"):
        frame[column] = pd.to_datetime(frame[column], utc=True).astype("datetime64[us, UTC]")
    frame = frame[frame.within(place.boundary)].reset_index(drop=True)
    cover = Coverage("real", None, when.min().date(), when.max().date())
    table = table_of("incidents", frame, place, (cover,))
    return Study("real", crs), Snapshot(place, {"incidents": table}, {}, {}, ())


def main() -> None:
    """Print a table for each place."""
    data = Path(os.environ.get("HOTSPOT_REAL_DATA", "real-data"))
    with tempfile.TemporaryDirectory() as folder:
        places = {"the fictional town": town(Path(folder))}
    if data.is_dir():
        places |= {"Vancouver, 2025": vancouver(data), "Cambridge MA, crashes": cambridge(data)}
    print("Share of the incidents of the next 30 days in the first 1 / 5 / 10 % of cells; * the most of the three.\n")
    for name, (study, snapshot) in places.items():
        train, test = last_third(study, snapshot)
        found = foretold(study, snapshot, train, test, every_days=EVERY_DAYS)
        print(
            f"## {name}: made from {train[0]} on, tested {test[0]} to {test[1]}, {found['windows'].iloc[0]} windows\n"
        )
        print("| kind | later incidents |", " | ".join(f"{each} {area:.0%}" for area in AREAS for each in SHOWN), "|")
        print("|---|---|" + "---|" * len(AREAS) * len(SHOWN))
        for kind, rows in found.groupby("category", sort=False):
            shares = rows.pivot_table(index="area_share", columns="map", values="hit_rate")[list(SHOWN)]
            cells = [
                f"{value:.1%}{'*' if value == best else ''}"
                for best, line in zip(shares.max(axis=1), shares.to_numpy(), strict=True)
                for value in line
            ]
            print(
                f"| {'all' if kind == ALL else kind} | {rows['n'].iloc[0]:,.0f} |", " | ".join(cells), "|", flush=True
            )
        print()


if __name__ == "__main__":
    main()
