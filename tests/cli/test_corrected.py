"""By command: what is set aside is written out, corrected and taken in again, and the second time changes nothing."""

import json
import subprocess
import sys

import pytest
import shapely

ROWS = """sagsnr;type;tidspunkt;x;y
A1;Vold;03-02-2024 12:00;711000,5;6168000,5
A2;Tyveri;04-02-2024 13:00;;
A3;Hærværk;05-02-2024 13:00;0;0
"""


def hotspot(folder, *words, code=0):
    command = [sys.executable, "-m", "hotspot", *map(str, words)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout if code == 0 else done.stderr


@pytest.fixture
def study(tmp_path):
    outline = json.loads(shapely.to_geojson(shapely.box(700_000, 6_160_000, 720_000, 6_176_000)))
    legacy = {"type": "name", "properties": {"name": "EPSG:25832"}}
    feature = {"type": "Feature", "properties": {}, "geometry": outline}
    whole = {"type": "FeatureCollection", "crs": legacy, "features": [feature]}
    (tmp_path / "outline.geojson").write_text(json.dumps(whole), "utf-8")
    hotspot(tmp_path, "init", "study", "--name", "Testby", "--boundary", "outline.geojson", "--language", "en")
    (tmp_path / "politi.csv").write_text(ROWS, "utf-8-sig")
    return tmp_path


def taken(folder, file, *words):
    return json.loads(hotspot(folder, "import", "study", "incidents", file, "--json", *words))


def test_set_aside_corrected_and_imported_again(study):
    first = taken(study, "politi.csv", "--crs", "EPSG:25832", "--aside", "rows.csv")
    assert (first["read"], first["kept"], first["quarantined"], first["changes"]) == (3, 1, 2, None)
    text = (study / "rows.csv").read_text("utf-8-sig")
    (study / "rows.csv").write_text(text.replace("13:00;;", "13:00;711200,5;6168200,5"), "utf-8-sig")
    second = taken(study, "rows.csv")
    assert (second["read"], second["kept"], second["quarantined"]) == (3, 2, 1)
    assert second["changes"] == {"new": 1, "gone": 0, "changed": 0, "same": 1}
    register = (study / "study" / "study.db").read_bytes()
    told = hotspot(study, "import", "study", "incidents", "rows.csv")
    assert "nothing changes" in told
    assert (study / "study" / "study.db").read_bytes() == register
    again = hotspot(study, "import", "study", "incidents", "politi.csv", "--crs", "EPSG:25832")
    assert "3 rows read, 2 kept, 1 set aside" in again, "the correction stands"
    assert "1 row that had been set aside was corrected and counts" in again
    assert (study / "study" / "study.db").read_bytes() == register
    hotspot(study, "undo", "study", "incidents", "--source", "politi")
    third = taken(study, "politi.csv", "--crs", "EPSG:25832", "--dry-run")
    assert third["changes"] == {"new": 0, "gone": 0, "changed": 0, "same": 1}


def test_a_reading_is_listed_with_its_code_declined_and_remembered(study):
    (study / "politi.csv").write_text(ROWS.replace("12:00", "24:00"), "utf-8-sig")
    told = hotspot(study, "import", "study", "incidents", "politi.csv", "--crs", "EPSG:25832")
    assert "1 time is written 24:00" in told
    assert "otherwise: these rows are set aside (--decline 24-00)" in told
    (study / "politi.csv").write_text(
        ROWS.replace("12:00", "24:00").replace(";0;0", ";711100,5;6168000,5"), "utf-8-sig"
    )
    declined = taken(study, "politi.csv", "--crs", "EPSG:25832", "--decline", "24-00")
    assert (declined["read"], declined["kept"], declined["declined"]) == (3, 1, ["24-00"])
    again = hotspot(study, "import", "study", "incidents", "politi.csv", "--crs", "EPSG:25832", "--dry-run")
    assert "Declined as in the delivery before: 24-00; --accept takes it back." in again
    assert "read it after all: --accept 24-00" in again
    assert "nothing changes" in again
    back = taken(study, "politi.csv", "--crs", "EPSG:25832", "--accept", "24-00")
    assert (back["kept"], back["declined"], back["readings"]) == (2, [], ["24-00"])
    refused = hotspot(study, "import", "study", "incidents", "politi.csv", "--decline", "25-00", code=2)
    assert "--decline names readings" in refused


def test_corrected_rows_are_refused_as_another_kind_or_for_nothing(study):
    taken(study, "politi.csv", "--crs", "EPSG:25832", "--aside", "rows.csv")
    text = (study / "rows.csv").read_text("utf-8-sig").replace("13:00;;", "13:00;711200,5;6168200,5")
    (study / "rows.csv").write_text(text, "utf-8-sig")
    assert "imported as what they were set aside from" in hotspot(study, "import", "study", "lamps", "rows.csv", code=2)
    hotspot(study, "undo", "study", "incidents", "--source", "politi")
    assert "another delivery" in hotspot(study, "import", "study", "incidents", "rows.csv", code=2)


def test_nothing_to_correct_writes_nothing(study):
    (study / "good.csv").write_text("\n".join(ROWS.splitlines()[:2]) + "\n", "utf-8")
    taken(study, "good.csv", "--crs", "EPSG:25832", "--aside", "rows.csv")
    assert not (study / "rows.csv").exists()
