"""Each trap is proposed in words, refused until accepted, and read right once it is (METHODS 13)."""

import re

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from hotspot.errors import ReferenceSystemError, SourceError, TableError
from hotspot.schema.readings import READINGS
from hotspot.sources import diagnose, read_table
from hotspot.sources.fixes import DETECTORS, OTHER_CODES
from hotspot.tables import Place

BOX = shapely.box(700_000, 6_160_000, 720_000, 6_176_000)
PLACE = Place("Testby", BOX, "EPSG:25832")
EAST, NORTH = 711518.779, 6168138.655  # METHODS 13: Ishøj's test point in each system


def incidents(tmp_path, x, y, days=("13-01-2024",), kind="type;", what="Vold;"):
    rows = "".join(f"{what}{day} 12:00;{x};{y}\n" for day in days)
    path = tmp_path / "politi.csv"
    path.write_text(f"{kind}tidspunkt;x;y\n{rows}", "utf-8")
    return path


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (711518.779, 6168138.655),
        (12.3587, 55.6131),
        (55.6131, 12.3587),
        (6168138.655, 711518.779),
        (333647.290, 6166185.240),
        (1375764.191, 7481777.215),
        (711518779, 6168138655),
        (711518.779 / 0.3048, 6168138.655 / 0.3048),
    ],
)
def test_coordinates_without_a_system_come_to_one_point_once_accepted(tmp_path, x, y):
    path = incidents(tmp_path, x, y)
    with pytest.raises(ReferenceSystemError, match="--accept reference-system"):
        read_table(path, "incidents", PLACE)
    delivery = read_table(path, "incidents", PLACE, accept=["reference-system"])
    assert delivery.table.frame.geometry.iloc[0].distance(shapely.Point(EAST, NORTH)) < 5
    assert delivery.provenance["accepted"] == "reference-system"


@pytest.mark.parametrize(
    ("x", "y"), [(711518.779, 6168138.655), (55.6131, 12.3587), (333647.290, 6166185.240), (711518779, 6168138655)]
)
def test_shapes_written_as_text_come_to_their_place_once_accepted(tmp_path, x, y):
    path = tmp_path / "p.csv"
    path.write_text(f"tidspunkt;type;wkt\n01-02-2024 14:30;Vold;POINT ({x} {y})\n02-02-2024 14:30;Vold;\n", "utf-8")
    with pytest.raises(ReferenceSystemError, match="--accept reference-system"):
        read_table(path, "incidents", PLACE)
    seen = diagnose(path, "incidents", PLACE)
    (found,) = (each for each in seen.findings if each.code == "reference-system")
    assert "POINT" in found.examples[0]
    delivery = read_table(path, "incidents", PLACE, accept=["reference-system"])
    assert delivery.table.frame.geometry.iloc[0].distance(shapely.Point(EAST, NORTH)) < 5
    assert (delivery.read, len(delivery.table)) == (2, 1)


def test_a_wrong_statement_is_not_believed(tmp_path):
    path = incidents(tmp_path, 12.3587, 55.6131)
    with pytest.raises(ReferenceSystemError, match="EPSG:4326"):
        read_table(path, "incidents", PLACE, crs="EPSG:25832")
    assert len(read_table(path, "incidents", PLACE, crs="EPSG:25832", accept=["all"]).table) == 1


def test_shapes_in_millimetres_are_scaled_once_accepted(tmp_path):
    shape = shapely.transform(shapely.box(EAST, NORTH, EAST + 10, NORTH + 10), lambda points: points * 1000)
    gpd.GeoDataFrame({"navn": ["A"]}, geometry=[shape], crs="EPSG:25832").to_file(tmp_path / "a.gpkg")
    with pytest.raises(ReferenceSystemError, match="millimetres"):
        read_table(tmp_path / "a.gpkg", "areas", PLACE)
    found = {each.code: each for each in diagnose(tmp_path / "a.gpkg", "areas", PLACE).findings}
    assert found["reference-system"].examples[0].startswith("1: "), "told with the row and its coordinates"
    frame = read_table(tmp_path / "a.gpkg", "areas", PLACE, accept=["all"]).table.frame
    assert frame.geometry.iloc[0].area == pytest.approx(100)


def test_dates_are_month_first_only_by_the_user_s_word(tmp_path):
    path = incidents(tmp_path, EAST, NORTH, days=("01/13/2024", "03/04/2024"))
    with pytest.raises(SourceError, match="--accept month-first"):
        read_table(path, "incidents", PLACE, crs="EPSG:25832")
    found = read_table(path, "incidents", PLACE, crs="EPSG:25832", accept=["month-first"]).table.frame
    days = found["start"].dt.tz_convert("Europe/Copenhagen").dt.date.astype(str).tolist()
    assert days == ["2024-01-13", "2024-03-04"]


def test_accepting_everything_leaves_day_first_dates_alone(tmp_path):
    path = incidents(tmp_path, EAST, NORTH, days=("13/01/2024", "03/04/2024"))
    found = read_table(path, "incidents", PLACE, crs="EPSG:25832", accept=["all"])
    assert found.table.frame["start"].max() == pd.Timestamp("2024-04-03 10:00", tz="UTC")
    assert found.provenance["accepted"] == ""


def test_a_file_of_one_category_takes_its_name(tmp_path):
    path = incidents(tmp_path, EAST, NORTH, kind="", what="")
    with pytest.raises(TableError, match="code"):
        read_table(path, "incidents", PLACE, crs="EPSG:25832")
    found = read_table(path, "incidents", PLACE, crs="EPSG:25832", accept=["one-category"]).table.frame
    assert found["code"].tolist() == ["politi"]


def test_an_unknown_code_is_refused(tmp_path):
    with pytest.raises(SourceError, match="month-first"):
        read_table(incidents(tmp_path, EAST, NORTH), "incidents", PLACE, accept=["month-frist"])


def test_a_system_stated_against_the_file_is_told(tmp_path):
    frame = gpd.GeoDataFrame({"navn": ["A"]}, geometry=[shapely.box(EAST, NORTH, EAST + 9, NORTH + 9)], crs=25832)
    frame.to_file(tmp_path / "a.gpkg")
    told = read_table(tmp_path / "a.gpkg", "areas", PLACE, crs="EPSG:32632").findings
    assert "The file says EPSG:25832; it is read as EPSG:32632, as --crs says." in map(str, told)


def parts(root):
    """The parts of the page on files, by their headings."""
    page = (root / "docs" / "files.md").read_text("utf-8")
    return {part.partition("\n")[0]: part for part in page.split("\n## ")}


def codes(part):
    rows = [row.split("|")[1] for row in part.splitlines() if row.startswith("| `")]
    return [code for row in rows for code in re.findall("`([a-z0-9-]+)`", row)]


def test_every_fix_and_every_reading_is_documented_and_no_other(root):
    page = parts(root)
    fixes = {*DETECTORS, *OTHER_CODES} - {"areas-by-name"}  # which is taken without asking
    assert {*codes(page["Proposed, and taken only once accepted"])} == fixes
    assert codes(page["Read without asking, and otherwise where that is declined"]) == list(READINGS)


def test_every_trap_on_the_page_is_set_in_tests_that_are_there(root):
    rows = [
        row.split("|")[1:3] for row in parts(root)["Traps, and the tests that show them"].splitlines() if "`test" in row
    ]
    named = {trap.strip(): re.findall("`(test_[a-z0-9_]+)`", tests) for trap, tests in rows}
    there, real = set[str](), set[str]()
    for path in (root / "tests").rglob("test_*.py"):
        found = re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
        there |= {*found}
        real |= {*found} if path.parent.name == "real" else set()
    assert {each for tests in named.values() for each in tests} <= there
    defects = {int(trap.split()[0]): tests for trap, tests in named.items() if trap[0].isdigit()}
    assert sorted(defects) == list(range(1, 12))
    assert all(real & {*tests} and {*tests} - real for tests in defects.values()), "on the real file and on a small one"
