"""How much of the next 30 days' incidents each map holds: on the town, and on real places where they are at hand.

Run ``python benchmarks/accuracy.py`` (about half an hour), or with the names of some places, such as ``town``. The real
deliveries are looked for in the folder named by ``HOTSPOT_REAL_DATA``; without it only the town is scored. The
forecast was designed on Vancouver's mischief, burglary of both kinds together and other theft.
"""

import datetime as dt
import os
import sys
import tempfile
from collections.abc import Callable
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
RIVALS = (COUNTS, HINDSIGHT)
SHOWN = (*RIVALS, FORECAST)
SHORT = {COUNTS: "counts", HINDSIGHT: "best kernel", FORECAST: "forecast"}
WON, LOST = "+", "−"
Made = tuple[Study, Snapshot]


def town(folder: Path) -> Made:
    """The fictional town, imported as its reader would."""
    done = CliRunner().invoke(app, ["demo", str(folder / "town")])
    if done.exit_code:
        raise SystemExit(done.output)
    store = Store(folder / "town")
    return store.study, store.snapshot()


def vancouver(data: Path) -> Made:
    """All located incidents of 2025, by the police's own eight kinds."""
    rows = pd.read_csv(data / "vancouver" / "crimedata_csv_AllNeighbourhoods_2025.csv").query("X > 0")
    clock = rows[["YEAR", "MONTH", "DAY", "HOUR", "MINUTE"]].rename(columns=str.lower)
    place = rows["X"], rows["Y"], "EPSG:26910"
    outline = data / "vancouver" / "local-area-boundary.geojson"
    return given(outline, "America/Vancouver", pd.to_datetime(clock), rows["TYPE"], place)


def cambridge(data: Path) -> Made:
    """Located crash reports, by who met whom."""
    rows = pd.read_csv(data / "cambridge_ma" / "Police_Department_Crash_Data_-_Historical.csv").dropna(
        subset=["Latitude", "Longitude", "Date Time"]
    )
    kind = rows["Object 2"].where(rows["Object 2"].isin(["Auto", "Bicycle", "Pedestrian", "Parked Car"]), "other")
    xy = gpd.GeoSeries.from_xy(rows["Longitude"], rows["Latitude"], crs=4326).to_crs("EPSG:26986")
    when = pd.to_datetime(rows["Date Time"], format="%m/%d/%Y %I:%M:%S %p")
    outline = data / "cambridge_ma" / "BOUNDARY_CityBoundary.geojson"
    return given(outline, "America/New_York", when, kind, (xy.x, xy.y, "EPSG:26986"))


def given(outline: Path, timezone: str, when: pd.Series, kind: pd.Series, xy: tuple[pd.Series, pd.Series, str]) -> Made:
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


def only(made: Made, first: dt.date, last: dt.date) -> Made:
    """The same place, as far as some days."""
    study, snapshot = made
    return study.but(period=(first, last)), snapshot


def hits(found: pd.DataFrame) -> None:
    """Print what each map holds."""
    print("| kind | later |", " | ".join(f"{SHORT[each]} {area:.0%}" for area in AREAS for each in SHOWN), "|")
    print("|---|---|" + "---|" * len(AREAS) * len(SHOWN))
    for kind, rows in found.groupby("category", sort=False):
        shares = rows.pivot_table(index="area_share", columns="map", values="hit_rate", dropna=False)[list(SHOWN)]
        cells = [
            "cannot say" if np.isnan(value) else f"{value:.1%}{'*' if value == best else ''}"
            for best, line in zip(shares.max(axis=1), shares.to_numpy(), strict=True)
            for value in line
        ]
        print(f"| {kind} | {rows['n'].iloc[0]:,.0f} |", " | ".join(cells), "|")


def differences(found: pd.DataFrame) -> None:
    """Print the forecast less each rival, in points of a hundred, and which rows that decides."""
    heads = [(area, rival) for area in AREAS for rival in RIVALS]
    print("\n| kind |", " | ".join(f"less {SHORT[rival]} {area:.0%}" for area, rival in heads), "|")
    print("|---|" + "---|" * len(heads))
    for kind, rows in found.groupby("category", sort=False):
        by = rows.set_index(["area_share", "map"])
        print(f"| {kind} |", " | ".join(difference(by.loc[each]) for each in heads), "|")
    kinds = found[found["category"] != ALL]
    for rival in RIVALS:
        rows = found[found["map"] == rival].dropna(subset="ahead")
        known = kinds[kinds["category"].isin(rows["category"])]
        means = known.groupby(["map", "area_share"])["hit_rate"].mean().mul(100)
        told = ", ".join(
            f"{means[FORECAST, area]:.1f} against {means[rival, area]:.1f} at {area:.0%}" for area in AREAS
        )
        won, lost = (rows["ahead_lower"] > 0).sum(), (rows["ahead_upper"] < 0).sum()
        score = f"{won} won, {lost} lost, {len(rows) - won - lost} undecided"
        print(f"\nAgainst {SHORT[rival]}: {score}.\nMean over kinds: {told}.")
    print()


def difference(row: pd.Series) -> str:
    """The difference with its interval; marked where the interval leaves out nought."""
    mark = WON if row["ahead_lower"] > 0 else LOST if row["ahead_upper"] < 0 else ""
    ahead, lower, upper = 100 * row[["ahead", "ahead_lower", "ahead_upper"]].astype(float)
    return "" if np.isnan(ahead) else f"{ahead:.1f} ({lower:.1f} to {upper:.1f}){mark}"


def main(names: list[str]) -> None:
    """Print two tables for each place."""
    data = Path(os.environ.get("HOTSPOT_REAL_DATA", "real-data"))
    with tempfile.TemporaryDirectory() as folder:
        places: dict[str, tuple[str, Callable[[], Made]]] = {"town": ("the fictional town", lambda: town(Path(folder)))}
        if data.is_dir():
            start, end, early = dt.date(2010, 1, 1), dt.date(2014, 5, 1), dt.date(2025, 1, 1)
            places |= {
                "vancouver": ("Vancouver, 2025", lambda: vancouver(data)),
                "cambridge": ("Cambridge MA, crashes", lambda: cambridge(data)),
                "vancouver-early": ("Vancouver, to August", lambda: only(vancouver(data), early, dt.date(2025, 8, 31))),
                "cambridge-early": ("Cambridge MA, crashes to 2014", lambda: only(cambridge(data), start, end)),
            }
        for name in names or places:
            title, made = places[name]
            study, snapshot = made()
            train, test = last_third(study, snapshot)
            found = foretold(study, snapshot, train, test, every_days=EVERY_DAYS)
            days = f"made from {train[0]} on, tested {test[0]} to {test[1]}, {found['windows'].iloc[0]} windows"
            print(f"## {title}: {days}\n", flush=True)
            hits(found)
            differences(found)


if __name__ == "__main__":
    main(sys.argv[1:])
