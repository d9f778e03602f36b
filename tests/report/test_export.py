"""Files to hand over: readable by others, safe to open, with units and nothing hidden."""

import csv
import json
import math
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio

from hotspot.errors import AccessError
from hotspot.release.contract import Release
from hotspot.report.export import write_csv, write_geojson, write_results, write_run_json, write_surfaces
from tests.report.small_layers import HIDDEN_AREA


def test_results_folder(admin: Release, tmp_path: Path) -> None:
    write_results(admin, tmp_path / "results" / admin.key)
    names = sorted(
        p.relative_to(tmp_path / "results" / admin.key).as_posix() for p in tmp_path.rglob("*") if p.is_file()
    )
    assert names == ["hotspot.gpkg", "portfolio.csv", "priorities.csv", "run.json", "surfaces/density.tif"]


def test_surface_is_a_cloud_optimised_geotiff(admin: Release, tmp_path: Path) -> None:
    (path,) = write_surfaces(admin, tmp_path)
    surface = admin.layers["density"].surface
    with rasterio.open(path) as file:
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert str(file.crs) == admin.place.crs
        assert file.units[0] == "incidents_per_km2_year"
        assert file.descriptions[0] == "Tæthed"
        assert math.isnan(file.nodata)
        assert tuple(file.bounds) == surface.lattice.bounds
        np.testing.assert_allclose(file.read(1), np.asarray(surface.values, dtype=np.float32))


def test_council_gets_no_surface(council: Release, tmp_path: Path) -> None:
    assert write_surfaces(council, tmp_path / "surfaces") == []
    assert not (tmp_path / "surfaces").exists()


def test_what_is_hidden_has_its_own_band(admin: Release, tmp_path: Path) -> None:
    shown = admin.layers["density"]
    gone = np.zeros_like(shown.hidden)
    gone[10:20] = True
    admin.layers["density"] = type(shown)(shown.spec, surface=shown.surface, hidden=gone)  # type: ignore[index]
    (path,) = write_surfaces(admin, tmp_path)
    with rasterio.open(path) as file:
        assert file.descriptions == ("Tæthed", "hidden")
        assert (file.read(2) == gone).all()


def test_formulas_are_guarded_and_numbers_are_not(tmp_path: Path) -> None:
    frame = pd.DataFrame({"=name": ["=1+1", "@x", "-dash", "safe"], "n": [-3.5, 1e-7, math.nan, 1234567.0], "ok": True})
    write_csv(frame, tmp_path / "a.csv", "da")
    text = (tmp_path / "a.csv").read_text("utf-8-sig")
    rows = list(csv.reader(text.splitlines(), delimiter=";"))
    assert rows[0] == ["'=name", "n", "ok"]
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'@x", "'-dash", "safe"]
    assert [row[1] for row in rows[1:]] == ["-3,5", "0,0000001", "", "1234567"]


def test_english_csv_reads_back_unchanged(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": [0.1 + 0.2, 1 / 3, 12.0], "t": ["a,b", "c", "d"]})
    write_csv(frame, tmp_path / "a.csv", "en")
    rows = list(csv.reader((tmp_path / "a.csv").read_text("utf-8-sig").splitlines()))[1:]
    assert [float(row[0]) for row in rows] == frame["x"].tolist()
    assert [row[1] for row in rows] == frame["t"].tolist()


def test_geojson_is_longitude_and_latitude(admin: Release, tmp_path: Path) -> None:
    path = tmp_path / "areas.geojson"
    write_geojson(admin, "areas", path, "en")
    told = json.loads(path.read_text("utf-8"))
    assert "crs" not in told
    assert len(told["features"]) == 12
    frame = gpd.read_file(path)
    west, south, east, north = frame.total_bounds
    assert 8.99 < west < east < 9.03
    assert 55.9 < south < north < 55.97
    ring = told["features"][0]["geometry"]["coordinates"][0]
    doubled = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(ring))
    assert doubled < 0  # anticlockwise
    hidden = next(each["properties"] for each in told["features"] if each["properties"]["area_id"] == HIDDEN_AREA)
    assert hidden["observed_expected"] is None
    assert hidden["observed_expected_hidden"] is True


@pytest.mark.parametrize("name", ["cells", "portfolio", "nothing"])
def test_geojson_only_of_what_the_audience_sees(council: Release, tmp_path: Path, name: str) -> None:
    with pytest.raises(AccessError, match="may see on a map"):
        write_geojson(council, name, tmp_path / "x.geojson")
    assert list(tmp_path.iterdir()) == []


def test_run_json(admin: Release, tmp_path: Path) -> None:
    write_run_json(admin, tmp_path / "run.json")
    told = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert told["key"] == admin.key
    assert told["study"]["seed"] == 1
    assert told["coverage"][2]["first"] is None
    assert told["coverage"][0]["first"] == "2023-01-01"
    assert told["versions"] == {"hotspot": "0.1.0"}
    assert told["layers"]["density"]["facts"] == {"bandwidth_m": 240.0}


def test_the_run_of_a_town_says_how_it_came_about(town: Path) -> None:
    current = (town / "results" / "current").read_text("utf-8").strip()
    told = json.loads((town / "results" / current / "run.json").read_text("utf-8"))
    assert told["key"] == current
    assert told["seeds"] == {"study": 1}
    assert told["weights"]["felt_unsafe"] == 0.45
    assert told["period"]["first"] < told["period"]["last"]
    assert {"code", "incidents", "lamps", "evidence", "layers"} <= set(told["hashes"])
    assert all(row["read"] == row["kept"] + row["quarantined"] for row in told["coverage"])
    assert set(told["layers"]) <= set(told["seconds"])
    assert set(told["seconds"]) == set(told["mebibytes"])
    assert max(told["mebibytes"].values()) < 1536
    assert told["kept"] == []
    assert told["findings"]
