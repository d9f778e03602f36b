"""Deliveries from a folder and from an address go the way of any file (nothing lost, nothing twice)."""

import json
import os
import sqlite3
import subprocess
import sys

import geopandas as gpd
import pytest
import shapely

from tests.sources.services import serving

X, Y = 711_500.0, 6_168_100.0


def hotspot(*words, code=0):
    done = subprocess.run(
        [sys.executable, "-m", "hotspot", *map(str, words)], capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr + done.stdout
    return done.stdout if code == 0 else done.stderr


@pytest.fixture
def study(tmp_path):
    outline = gpd.GeoDataFrame(geometry=[shapely.box(700_000, 6_160_000, 720_000, 6_176_000)], crs=25832)
    outline.to_file(tmp_path / "grense.gpkg")
    hotspot("init", tmp_path / "s", "--name", "Testby", "--boundary", tmp_path / "grense.gpkg", "--language", "en")
    return tmp_path / "s"


def week(folder, number, rows=3):
    cells = "".join(f"0{day + 1}-0{number}-2024 14:30;{X + day};{Y};Vold\n" for day in range(rows))
    (folder / f"uge{number}.csv").write_text(f"tidspunkt;x;y;type\n{cells}")


def counts(study):
    found = json.loads(hotspot("check", study, "--json"))["deliveries"]
    return {row["source"]: row["kept"] for row in found}


def test_a_folder_is_taken_once_and_then_only_what_is_new(study, tmp_path):
    folder = tmp_path / "ugentligt"
    folder.mkdir()
    week(folder, 1)
    take = ("import", study, "incidents", folder, "--crs", "EPSG:25832", "--json")
    assert [each["source"] for each in json.loads(hotspot(*take))] == ["uge1"]
    assert json.loads(hotspot(*take)) == []
    week(folder, 2, rows=5)
    week(folder, 1, rows=4)  # a corrected first week
    assert [(each["source"], each["kept"]) for each in json.loads(hotspot(*take))] == [("uge1", 4), ("uge2", 5)]
    assert counts(study) == {"uge1": 4, "uge2": 5}
    assert "Nothing in" in hotspot(*take[:-1])


def test_of_a_folder_with_one_source_the_newest_file_replaces_the_last(study, tmp_path):
    folder = tmp_path / "ugentligt"
    folder.mkdir()
    take = ("import", study, "incidents", folder, "--crs", "EPSG:25832", "--source", "politi", "--json")
    for number, rows in ((2, 5), (1, 4)):  # the later file has the earlier name
        week(folder, number, rows)
        os.utime(folder / f"uge{number}.csv", (2_000_000_000 - number, 2_000_000_000 - number))
        hotspot(*take)
    assert counts(study) == {"politi": 4}


def test_a_folder_with_one_bad_file_changes_nothing(study, tmp_path):
    folder = tmp_path / "ugentligt"
    folder.mkdir()
    week(folder, 1)
    (folder / "uge2.csv").write_text("tidspunkt;x;y;type;cpr\n01-02-2024 14:30;711500;6168100;Vold;0101011234\n")
    before = sorted(path.name for path in study.rglob("*"))
    told = hotspot("import", study, "incidents", folder, "--crs", "EPSG:25832", code=2)
    assert "uge2.csv" in told
    assert "--drop" in told
    assert "0101011234" not in told
    assert sorted(path.name for path in study.rglob("*")) == before


def test_an_empty_folder_is_told(study, tmp_path):
    (tmp_path / "tom").mkdir()
    assert "without one" in hotspot("import", study, "incidents", tmp_path / "tom", code=2)


def test_an_address_goes_the_way_of_any_file(study):
    points = gpd.points_from_xy([X + 30 * n for n in range(40)], [Y] * 40)
    lamps = gpd.GeoDataFrame({"mastenr": [f"M{n}" for n in range(40)]}, geometry=points, crs=25832)
    with serving({"lamper": lamps}) as home:
        found = json.loads(hotspot("import", study, "lamps", f"{home}/wfs", "--json"))
        assert (found["source"], found["kept"]) == ("kort_lamper", 40)
        again = json.loads(hotspot("import", study, "lamps", f"{home}/wfs", "--json"))
        assert again["changes"] == {"new": 0, "gone": 0, "changed": 0, "same": 40}
        with sqlite3.connect(study / "study.db") as register:
            taken = [json.loads(details) for (details,) in register.execute("select details from imports")]
        assert [each["provenance"]["address"] for each in taken] == [f"{home}/wfs"]
    assert "fix:" in hotspot("import", study, "lamps", "http://127.0.0.1:9/wfs", code=2)
