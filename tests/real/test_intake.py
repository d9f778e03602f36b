"""Vancouver and Cambridge with no flag but the file names, against counts made with pandas alone."""

import json
import subprocess
import sys

import geopandas as gpd
import pandas as pd
import pytest

pytestmark = [pytest.mark.real, pytest.mark.slow]


def hotspot(folder, *words):
    done = subprocess.run(
        [sys.executable, "-m", "hotspot", *map(str, words)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def take(folder, kind, file):
    found = json.loads(hotspot(folder, "import", "study", kind, file, "--accept", "all", "--json"))
    assert found["kept"] + found["quarantined"] == found["read"]
    return found


def test_vancouver(real_data, tmp_path):
    data = real_data / "vancouver"
    start = ("--name", "Vancouver", "--crs", "EPSG:26910", "--timezone", "America/Vancouver", "--language", "en")
    hotspot(tmp_path, "init", "study", "--boundary", data / "local-area-boundary.geojson", *start)
    crimes = pd.read_csv(data / "crimedata_csv_AllNeighbourhoods_2025.csv")
    found = take(tmp_path, "incidents", data / "crimedata_csv_AllNeighbourhoods_2025.csv")
    assert found["accepted"] == ["reference-system"]
    assert found["read"] == len(crimes) == 32_437
    once = crimes.drop_duplicates()
    placed = once[once["X"] != 0]
    points = gpd.GeoSeries.from_xy(placed["X"], placed["Y"], crs=26910)
    boundary = gpd.read_file(data / "local-area-boundary.geojson").to_crs(26910).union_all()
    assert found["kept"] == int(points.intersects(boundary).sum())
    assert take(tmp_path, "green", data / "parks-polygon-representation.geojson")["kept"] == 254
    assert take(tmp_path, "areas", data / "local-area-boundary.geojson")["kept"] == 22
    take(tmp_path, "areas", data / "CensusLocalAreaProfiles2016.csv")
    census = pd.read_csv(data / "CensusLocalAreaProfiles2016.csv", encoding="latin-1", skiprows=4, dtype=str)
    census.columns = census.columns.str.strip()
    total = census[census["Variable"].str.strip() == "Total - Age groups and average age of the population - 100% data"]
    downtown = float(total["Downtown"].iloc[0].strip().replace(",", ""))
    stored = pd.concat(map(pd.read_parquet, (tmp_path / "study" / "tables").glob("areas-*.parquet")))
    assert stored.loc[stored["name"] == "Downtown", "residents"].max() == downtown
    lamps = take(tmp_path, "lamps", data / "street_lighting_poles_first10000.json")
    assert lamps["accepted"] == ["reference-system"]
    assert lamps["read"] == 10_000


def test_cambridge(real_data, tmp_path):
    data = real_data / "cambridge_ma"
    start = ("--name", "Cambridge", "--crs", "EPSG:32619", "--timezone", "America/New_York", "--language", "en")
    hotspot(tmp_path, "init", "study", "--boundary", data / "BOUNDARY_CityBoundary.geojson", *start)
    boundary = gpd.read_file(data / "BOUNDARY_CityBoundary.geojson").to_crs(32619).union_all()
    for kind, name in (
        ("lamps", "INFRA_StreetLights"),
        ("lamps", "INFRA_ParkLights"),
        ("green", "RECREATION_OpenSpace"),
        ("roads", "TRANS_Centerlines"),
        ("areas", "BOUNDARY_CDDNeighborhoods"),
    ):
        shapes = gpd.read_file(data / f"{name}.geojson")
        found = take(tmp_path, kind, data / f"{name}.geojson")
        assert found["read"] == len(shapes)
        assert found["kept"] == int(shapes.to_crs(32619).intersects(boundary).sum()), name
    file = data / "Police_Department_Crash_Data_-_Historical.csv"
    crashes = pd.read_csv(file)
    found = take(tmp_path, "incidents", file)
    assert set(found["accepted"]) == {"month-first", "one-category"}
    placed = crashes.dropna(subset=["Latitude", "Longitude"]).drop_duplicates()
    assert len(crashes) - crashes["Latitude"].notna().sum() == 1_225
    points = gpd.GeoSeries.from_xy(placed["Longitude"], placed["Latitude"], crs=4326).to_crs(32619)
    assert found["kept"] == int(points.intersects(boundary).sum())
    stored = pd.concat(map(pd.read_parquet, (tmp_path / "study" / "tables").glob("incidents-*.parquet")))
    told = pd.to_datetime(crashes["Date Time"], format="%m/%d/%Y %I:%M:%S %p")
    local = stored["start"].dt.tz_convert("America/New_York")
    assert (local.min().date(), local.max().date()) >= (told.min().date(), told.min().date())
    assert local.max().date() <= told.max().date()
