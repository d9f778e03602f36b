"""Real deliveries with no flag but the file names, against counts made with pandas alone (eleven defects)."""

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


def take(folder, kind, file, *words):
    found = json.loads(hotspot(folder, "import", "study", kind, file, "--accept", "all", "--json", *words))
    assert found["kept"] + found["quarantined"] == found["read"]
    return found


def told(found, *parts):
    """Whether one sentence holds all parts."""
    return any(all(part in sentence for part in parts) for sentence in map(sentence_of, found["findings"]))


def sentence_of(finding):
    return finding if isinstance(finding, str) else json.dumps(finding, ensure_ascii=False)


def stored(folder, kind):
    return pd.concat(map(pd.read_parquet, (folder / "study" / "tables").glob(f"{kind}-*.parquet")))


def test_vancouver(real_data, tmp_path):
    data = real_data / "vancouver"
    start = ("--name", "Vancouver", "--crs", "EPSG:26910", "--timezone", "America/Vancouver", "--language", "en")
    hotspot(tmp_path, "init", "study", "--boundary", data / "local-area-boundary.geojson", *start)
    assert take(tmp_path, "areas", data / "local-area-boundary.geojson")["kept"] == 22
    crimes = pd.read_csv(data / "crimedata_csv_AllNeighbourhoods_2025.csv")
    found = take(tmp_path, "incidents", data / "crimedata_csv_AllNeighbourhoods_2025.csv")
    assert found["accepted"] == ["reference-system"]
    assert found["read"] == len(crimes) == 32_437
    once = crimes.drop_duplicates()
    placed = once[once["X"] != 0]
    points = gpd.GeoSeries.from_xy(placed["X"], placed["Y"], crs=26910)
    boundary = gpd.read_file(data / "local-area-boundary.geojson").to_crs(26910).union_all()
    assert found["kept"] == int(points.intersects(boundary).sum())
    assert told(found, "3,168 rows give their place as 0,0")
    assert told(found, "“Offence Against a Person”: all 3,152 rows lack a place")
    assert told(found, "4,196 rows at exactly 00:00")
    assert told(found, "29,269 rows lie on only 12,798 places")
    assert found["reasons"]["repeats another row in every column"] == int(crimes.duplicated().sum()) == 1_329
    assert told(found, "3 names in NEIGHBOURHOOD", "Central Business District", "Stanley Park", "Musqueam")
    assert told(found, "65% of the rows with a place lie in the area that NEIGHBOURHOOD names")


def test_vancouver_read_otherwise(real_data, tmp_path):
    data = real_data / "vancouver"
    start = ("--name", "Vancouver", "--crs", "EPSG:26910", "--timezone", "America/Vancouver", "--language", "en")
    hotspot(tmp_path, "init", "study", "--boundary", data / "local-area-boundary.geojson", *start)
    file = data / "crimedata_csv_AllNeighbourhoods_2025.csv"
    crimes = pd.read_csv(file)
    boundary = gpd.read_file(data / "local-area-boundary.geojson").to_crs(26910).union_all()
    placed = crimes[crimes["X"] != 0]
    inside = gpd.GeoSeries.from_xy(placed["X"], placed["Y"], crs=26910).intersects(boundary)
    found = take(tmp_path, "incidents", file, "--decline", "midnight,repeats")
    assert found["declined"] == ["midnight", "repeats"]
    assert told(found, "Declined: “4,196 rows at exactly 00:00")
    assert told(found, "Declined: “1,329 rows repeat another in every column")
    assert found["kept"] == int(inside.sum())
    table = stored(tmp_path, "incidents")
    assert (table["time_basis"] == "instant").sum() + (table["time_basis"] == "interval").sum() == len(table)
    number = (tmp_path / "study" / "study.db").read_bytes()
    again = json.loads(hotspot(tmp_path, "import", "study", "incidents", file, "--json"))
    assert (again["accepted"], again["declined"]) == (["reference-system"], ["midnight", "repeats"])
    assert (tmp_path / "study" / "study.db").read_bytes() == number, "what was said before holds, and nothing changes"
    back = json.loads(hotspot(tmp_path, "import", "study", "incidents", file, "--accept", "repeats", "--json"))
    assert (back["declined"], back["kept"]) == (["midnight"], int(inside[~placed.duplicated()].sum()))


def test_vancouver_s_other_files(real_data, tmp_path):
    data = real_data / "vancouver"
    start = ("--name", "Vancouver", "--crs", "EPSG:26910", "--timezone", "America/Vancouver", "--language", "en")
    hotspot(tmp_path, "init", "study", "--boundary", data / "local-area-boundary.geojson", *start)
    take(tmp_path, "areas", data / "local-area-boundary.geojson")
    assert take(tmp_path, "green", data / "parks-polygon-representation.geojson")["kept"] == 254
    joined = take(tmp_path, "areas", data / "CensusLocalAreaProfiles2016.csv")
    assert told(joined, "variables in rows", "Total - Age groups")
    assert told(joined, "above the header")
    assert told(joined, "written in Windows-1252")
    assert told(joined, "Arbutus-Ridge")
    census = pd.read_csv(data / "CensusLocalAreaProfiles2016.csv", encoding="latin-1", skiprows=4, dtype=str)
    census.columns = census.columns.str.strip()
    total = census[census["Variable"].str.strip() == "Total - Age groups and average age of the population - 100% data"]
    downtown = float(total["Downtown"].iloc[0].strip().replace(",", ""))
    stored = pd.concat(map(pd.read_parquet, (tmp_path / "study" / "tables").glob("areas-*.parquet")))
    assert stored.loc[stored["name"] == "Downtown", "residents"].max() == downtown
    lamps = take(tmp_path, "lamps", data / "street_lighting_poles_first10000.json")
    assert lamps["accepted"] == ["reference-system"]
    assert lamps["read"] == 10_000
    assert told(lamps, "exactly 10,000 rows")
    whole = pd.read_csv(data / "graffiti.csv", sep=";")
    paint = take(tmp_path, "incidents", data / "graffiti.csv", "--coverage", "2019-01-01..2019-12-31")
    assert set(paint["accepted"]) == {"one-category", "undated"}
    assert told(paint, "GeoJSON in a column", "2: {", "coordinates")
    assert paint["read"] == len(whole) == 7_983


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
        if name == "INFRA_StreetLights":
            assert "dirty-codes" in found["accepted"]
            dirty = shapes["FixtureType"].isin(["`", "?", "A2 / A3", "A2 / A3F"])
            assert told(found, f"{int(dirty.sum())} cells of")
    file = data / "Police_Department_Crash_Data_-_Historical.csv"
    crashes = pd.read_csv(file)
    found = take(tmp_path, "incidents", file)
    assert set(found["accepted"]) == {"month-first", "one-category"}
    placed = crashes.dropna(subset=["Latitude", "Longitude"]).drop_duplicates()
    assert len(crashes) - crashes["Latitude"].notna().sum() == 1_225
    points = gpd.GeoSeries.from_xy(placed["Longitude"], placed["Latitude"], crs=4326).to_crs(32619)
    assert found["kept"] == int(points.intersects(boundary).sum())
    stored = pd.concat(map(pd.read_parquet, (tmp_path / "study" / "tables").glob("incidents-*.parquet")))
    moments = pd.to_datetime(crashes["Date Time"], format="%m/%d/%Y %I:%M:%S %p")
    local = stored["start"].dt.tz_convert("America/New_York")
    assert (local.min().date(), local.max().date()) >= (moments.min().date(), moments.min().date())
    assert local.max().date() <= moments.max().date()


def test_flensburg(real_data, tmp_path):
    data = real_data / "flensburg"
    start = ("--name", "Flensburg", "--timezone", "Europe/Berlin", "--language", "en")
    hotspot(tmp_path, "init", "study", "--boundary", data / "flensburg_stadtteile.zip", *start)
    file = data / "241112_lichtpunktstandorte_flensburg_utf8.csv"
    found = take(tmp_path, "lamps", file)
    assert found["accepted"] == ["reference-system"]
    assert told(found, "EPSG:25832 in millimetres")
    places = pd.read_csv(file)
    points = gpd.GeoSeries.from_xy(places["easting"] / 1000, places["northing"] / 1000, crs=25832)
    districts = gpd.read_file(f"zip://{data / 'flensburg_stadtteile.zip'}")
    assert found["read"] == len(places) == 10_462
    assert found["kept"] == int(points.intersects(districts.union_all()).sum()) == 10_443
    small = take(tmp_path, "areas", data / "flensburg_stadtbezirke.zip")
    assert (small["kept"], told(small, "2 shapes crossed themselves")) == (41, True)
    whole = take(tmp_path, "areas", data / "flensburg_stadtbezirke.zip", "--decline", "mended-shapes")
    assert (whole["kept"], whole["quarantined"]) == (39, 2)
    assert whole["changes"] == {"new": 0, "gone": 2, "changed": 0, "same": 39}


def test_somerville(real_data, tmp_path):
    data = real_data / "somerville_survey"
    start = ("--name", "Somerville", "--crs", "EPSG:32619", "--timezone", "America/New_York", "--language", "en")
    hotspot(tmp_path, "init", "study", "--boundary", data / "somerville_wards.geojson", *start)
    assert take(tmp_path, "areas", data / "somerville_wards.geojson")["kept"] == 7
    file = next(data.glob("*.csv"))
    found = take(tmp_path, "responses", file)
    assert {"same-question", "scale"} <= set(found["accepted"])
    assert told(found, "run from 1 to 10")
    answers = pd.read_csv(file)
    night = answers.filter(like="at.night").bfill(axis=1).iloc[:, 0]
    table = stored(tmp_path, "responses")
    assert found["kept"] == len(answers) == 6_545
    assert table["unsafe_dark"].notna().sum() == night.notna().sum() == 375
    assert table["unsafe_dark"].sum() == (night <= 4).sum()  # the third of 1 to 10 at the unsafe end
    assert told(found, "36 to 69 answers in an area to", "unsafe_dark", "36 in ", ", rows ")
    by_ward = table[table["unsafe_dark"].notna()].groupby("area_id").size()
    assert by_ward.sum() == answers.loc[night.notna(), "Ward"].notna().sum()
    assert set(by_ward.index) == set(stored(tmp_path, "areas")["area_id"])


def test_denmark(real_data, tmp_path):
    data = real_data / "denmark"
    start = ("--name", "Danmark", "--language", "en")
    hotspot(tmp_path, "init", "study", "--boundary", data / "dagi_2014" / "kommuner.geojson", *start)
    found = take(tmp_path, "areas", data / "dagi_2014" / "kommuner.geojson")
    assert (found["read"], found["kept"], found["accepted"]) == (311, 99, ["parts"])
    for name in ("population", "criminalitydata"):
        found = take(tmp_path, "areas", data / "dst_statbank" / f"{name}.xlsx")
        assert {"join-by-name", "latest-period"} <= set(found["accepted"])
    table = stored(tmp_path, "areas")
    ishoj = table[table["area_id"] == "0183"]
    assert ishoj["residents"].max() == 23_487  # FOLK1A, 2022Q4
    assert ishoj["x_reported_criminal_offences"].max() == 441  # STRAF11, 2022Q4


def test_ishoj_s_parishes_from_a_topojson(real_data, tmp_path):
    data = real_data / "denmark" / "dagi_2014"
    start = ("--name", "Ishøj", "--language", "en", "--boundary-area", "0183")
    told_of = hotspot(tmp_path, "init", "study", "--boundary", data / "kommuner.geojson", *start)
    assert "26.2 km²" in told_of
    found = take(tmp_path, "areas", data / "sogne.topojson")
    assert told(found, "its own scale and origin", "shapes 1: ")
    table = gpd.GeoDataFrame(stored(tmp_path, "areas"))
    shapes = gpd.GeoSeries.from_wkb(table.set_index("area_id")["geometry"], crs=25832)
    assert shapes["7150"].area / 1e6 == pytest.approx(8.3, abs=0.05)
    assert shapes["7151"].area / 1e6 == pytest.approx(17.9, abs=0.05)


def test_frederiksberg_s_cells(real_data, tmp_path):
    data = real_data / "denmark" / "frederiksberg"
    start = ("--name", "Frederiksberg", "--language", "en")
    hotspot(tmp_path, "init", "study", "--boundary", data / "karre_4326.geojson", *start)
    assert take(tmp_path, "areas", data / "karre_4326.geojson")["kept"] == 362
    rows = pd.read_json(data / "befolkning_alle.json", dtype={"distrikt_id": str})
    latest = rows[rows["udtraek_dato"] == rows["udtraek_dato"].max()].set_index("distrikt_id")["antal_samlet"]
    found = take(tmp_path, "areas", data / "befolkning_alle.json")
    assert "latest-date" in found["accepted"]
    assert (
        stored(tmp_path, "areas")
        .groupby("area_id")["residents"]
        .max()
        .equals(
            latest.reindex(stored(tmp_path, "areas")["area_id"].unique()).rename("residents").sort_index().astype(float)
        )
    )
    cells = take(tmp_path, "population", data / "befolkning_alle.json")
    assert "latest-date" in cells["accepted"]
    table = stored(tmp_path, "population").set_index("cell_id")["residents"]
    assert (table == latest[table.index]).all()
