"""Rows that another source reported too are told with rows, and set aside only by the user's word."""

import pytest
import shapely

from hotspot.sources import diagnose, read_table
from hotspot.store import Store
from hotspot.store.against import known_tables
from hotspot.study import Study

BOX = shapely.box(700_000, 6_160_000, 720_000, 6_176_000)
HEAD = "sagsnr;type;tidspunkt;x;y\n"
POLICE = (
    HEAD
    + """A1;Hærværk;03-02-2024 12:00;711000,5;6168000,5
A2;Tyveri;04-02-2024 13:00;711200,5;6168200,5
A3;Vold;05-02-2024 13:00;711300,5;6168300,5
"""
)
TOWN = (
    HEAD
    + """K1;Graffiti og hærværk;03-02-2024;711010,0;6168010,0
K2;Hærværk;03-02-2024 12:00;711010,0;6168010,0
K3;Hærværk;03-02-2024 12:00;711010,0;6168010,0
K4;Tyveri;04-02-2024 13:00;711200,5;6168260,5
K5;Tyveri;04-02-2024 15:00;711200,5;6168200,5
"""
)


@pytest.fixture
def store(tmp_path):
    made = Store.create(tmp_path / "study", Study("Testby", "EPSG:25832"), BOX)
    (tmp_path / "politi.csv").write_text(POLICE, "utf-8")
    (tmp_path / "kommune.csv").write_text(TOWN, "utf-8")
    made.keep(read_table(tmp_path / "politi.csv", "incidents", made.place, crs="EPSG:25832"))
    return made


def told(store, path, **options):
    known = known_tables(store, "incidents")
    seen = diagnose(path, "incidents", store.place, crs="EPSG:25832", known=known, **options)
    return {each.code: each for each in seen.findings}.get("reported-before")


def test_a_second_report_is_told_with_its_row_and_one_stands_for_one(store, tmp_path):
    found = told(store, tmp_path / "kommune.csv")
    assert str(found.sentence).startswith("1 row may be of an incident that ['politi'] has already")
    assert found.examples == ("3: K2 | Hærværk | 03-02-2024 12:00 | 711010,0",), "not K3 too: there is one in the other"


def test_both_count_unless_the_fix_is_accepted(store, tmp_path):
    known = known_tables(store, "incidents")
    read = {"crs": "EPSG:25832", "known": known}
    whole = read_table(tmp_path / "kommune.csv", "incidents", store.place, **read)
    part = read_table(tmp_path / "kommune.csv", "incidents", store.place, accept=["reported-before"], **read)
    assert (len(whole.table), len(part.table), len(part.quarantine)) == (5, 4, 1)
    assert str(part.quarantine["reason"].iloc[0]) == "stands in the delivery of politi already"
    assert part.provenance["accepted"] == "reported-before"


def test_the_study_s_own_categories_say_what_is_the_same(store, tmp_path):
    (store.folder / "categories.csv").write_text("code;category\nSkade K7;vandalism\n", "utf-8")
    (tmp_path / "kommune.csv").write_text(HEAD + "K1;Skade K7;03-02-2024 12:00;711010,0;6168010,0\n", "utf-8")
    assert told(store, tmp_path / "kommune.csv") is None, "a code that is only the study's"
    found = told(store, tmp_path / "kommune.csv", codes=store.categories().codes)
    assert found.examples == ("2: K1 | Skade K7 | 03-02-2024 12:00 | 711010,0",)


def test_a_new_delivery_of_the_same_source_is_not_held_against_itself(store, tmp_path):
    assert told(store, tmp_path / "politi.csv") is None
    assert told(store, tmp_path / "politi.csv", source="beredskab") is not None


def test_a_file_that_cannot_be_placed_yet_is_told_of_that_only(store, tmp_path):
    known = known_tables(store, "incidents")
    seen = diagnose(tmp_path / "kommune.csv", "incidents", store.place, known=known)
    assert "reported-before" not in {each.code for each in seen.findings}
