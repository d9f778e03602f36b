"""The GeoPackage, read back by another program in another process."""

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pyogrio
import pytest

from hotspot.release.contract import Release
from hotspot.report.columns import Described
from hotspot.report.geopackage import _apart, write_geopackage
from tests.report.small_layers import HIDDEN_AREA

ASK = """
import json, sqlite3, sys
book = sqlite3.connect(sys.argv[1])
rows = book.execute("select f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
                    "useAsDefault, substr(styleQML, 1, 15) from layer_styles").fetchall()
contents = dict(book.execute("select table_name, identifier from gpkg_contents").fetchall())
print(json.dumps([rows, contents, book.execute("pragma integrity_check").fetchone()]))
"""


def asked(path: Path) -> list[object]:
    done = subprocess.run([sys.executable, "-c", ASK, str(path)], capture_output=True, text=True, check=True)
    return list(json.loads(done.stdout))


def test_tables_and_values(admin: Release, tmp_path: Path) -> None:
    path = tmp_path / "hotspot.gpkg"
    write_geopackage(admin, path, "en")
    listed = {str(name) for name, _kind in pyogrio.list_layers(path)}
    assert listed == {"cells", "areas", "segments", "hotspots", "priorities", "portfolio", "layer_styles"}
    areas = pyogrio.read_dataframe(path, layer="areas").set_index("area_id")
    assert str(areas.crs) == admin.place.crs
    assert areas["felt_unsafe"]["a01"] == admin.layers["felt_unsafe"].frame["value"]["a01"]
    assert areas["observed_expected"].isna()[HIDDEN_AREA]
    assert bool(areas["observed_expected_hidden"][HIDDEN_AREA])
    spots = pyogrio.read_dataframe(path, layer="hotspots").set_index("hotspot_id")
    assert spots["q_value"]["hot-1"] == 0.0004
    assert spots.geometry["hot-1"].equals(admin.hotspots.geometry["hot-1"])


@pytest.mark.parametrize("language", ["da", "en"])
def test_styles_are_found_by_qgis(admin: Release, tmp_path: Path, language: str) -> None:
    path = tmp_path / "hotspot.gpkg"
    write_geopackage(admin, path, language)  # type: ignore[arg-type]
    rows, contents, integrity = asked(path)
    assert integrity == ["ok"]
    assert all(row[0] == "" and row[1] == "" and row[3] == "geom" for row in rows)  # type: ignore[attr-defined]
    assert all(row[6].startswith("<!DOCTYPE qgis") for row in rows)  # type: ignore[attr-defined]
    defaults = [row[2] for row in rows if row[5]]  # type: ignore[attr-defined]
    assert sorted(defaults) == ["areas", "cells", "hotspots", "priorities", "segments"]
    titles = {row[4] for row in rows}  # type: ignore[attr-defined]
    assert admin.layers["felt_unsafe"].spec.title[language] in titles  # type: ignore[index]
    assert "Havnstrup" in contents["areas"]  # type: ignore[index]


def test_council_gets_no_cells(council: Release, tmp_path: Path) -> None:
    path = tmp_path / "hotspot.gpkg"
    write_geopackage(council, path)
    assert {str(name) for name, _kind in pyogrio.list_layers(path)} == {
        "areas",
        "hotspots",
        "priorities",
        "portfolio",
        "layer_styles",
    }


def test_new_file_replaces_the_old_whole(admin: Release, council: Release, tmp_path: Path) -> None:
    path = tmp_path / "hotspot.gpkg"
    write_geopackage(admin, path)
    write_geopackage(council, path)
    assert "cells" not in {str(name) for name, _kind in pyogrio.list_layers(path)}
    assert [each.name for each in tmp_path.iterdir()] == ["hotspot.gpkg"]


def test_town_without_hot_spots(council: Release, tmp_path: Path) -> None:
    empty = council.hotspots.iloc[:0]
    council.__dict__["hotspots"] = empty
    write_geopackage(council, tmp_path / "none.gpkg")
    assert len(pyogrio.read_dataframe(tmp_path / "none.gpkg", layer="hotspots")) == 0


COLUMNS = """
import json, sqlite3, sys
book = sqlite3.connect(sys.argv[1])
rows = book.execute("select table_name, column_name, name, title, description from gpkg_data_columns").fetchall()
tables = [name for (name,) in book.execute("select table_name from gpkg_contents where table_name != 'layer_styles'")]
real = [[table, row[1]] for table in tables for row in book.execute(f"pragma table_info({table})")]
extended = book.execute("select table_name, scope from gpkg_extensions where extension_name = 'gpkg_schema'").fetchall()
print(json.dumps([rows, real, extended]))
"""


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_column_is_explained_in_the_file(admin: Release, tmp_path: Path, language: str) -> None:
    path = tmp_path / "hotspot.gpkg"
    write_geopackage(admin, path, language)  # type: ignore[arg-type]
    done = subprocess.run([sys.executable, "-c", COLUMNS, str(path)], capture_output=True, text=True, check=True)
    rows, real, extended = json.loads(done.stdout)
    said = {(row[0], row[1]): row for row in rows}
    wanted = {(table, column) for table, column in real if column not in ("fid", "geom", "site")}
    assert set(said) == wanted
    assert len({(row[0], row[2]) for row in rows}) == len(rows)
    assert said["portfolio", "cost_dkk"][4].endswith("[DKK]" if language == "en" else "[kr.]")
    assert sorted(extended) == [
        ["gpkg_data_column_constraints", "read-write"],
        ["gpkg_data_columns", "read-write"],
    ]


def test_the_same_name_twice_is_told_apart() -> None:
    twice = [Described("a", "Incidents", "", "One."), Described("b", "Incidents", "", "Two.")]
    assert [each.name for each in _apart(twice)] == ["Incidents", "Incidents (b)"]


def test_styles_are_well_formed_and_ask_for_columns_that_exist(admin: Release, tmp_path: Path) -> None:
    path = tmp_path / "hotspot.gpkg"
    write_geopackage(admin, path, "da")
    styles = pyogrio.read_dataframe(path, layer="layer_styles")
    assert len(styles) >= 5
    for style in styles.itertuples():
        root = ET.fromstring(style.styleQML)  # noqa: S314 - written a line above by ourselves
        rules = root.findall("./renderer-v2/rules/rule")
        symbols = {each.get("name") for each in root.findall("./renderer-v2/symbols/symbol")}
        assert {rule.get("symbol") for rule in rules} == symbols
        asked = set(re.findall(r'"(\w+)"', " ".join(rule.get("filter", "") for rule in rules)))
        assert asked <= set(pyogrio.read_info(path, layer=style.f_table_name)["fields"])


def test_what_cannot_be_said_is_null_and_not_a_number(council: Release, tmp_path: Path) -> None:
    path = tmp_path / "hotspot.gpkg"
    write_geopackage(council, path, "en")
    ask = (
        "import sqlite3, sys; b = sqlite3.connect(sys.argv[1]);"
        "print(b.execute('select typeof(observed_expected), observed_expected_hidden from areas where area_id = ?',"
        " (sys.argv[2],)).fetchone())"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask, str(path), HIDDEN_AREA], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "('null', 1)"
