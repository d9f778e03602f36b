"""The GeoPackage, read back by another program in another process."""

import json
import subprocess
import sys
from pathlib import Path

import pyogrio
import pytest

from hotspot.release.contract import Release
from hotspot.report.geopackage import write_geopackage
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
