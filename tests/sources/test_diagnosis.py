"""A file is told of before anything of it is stored."""

import pytest
import shapely

from hotspot.errors import PersonalDataError
from hotspot.sources import diagnose
from hotspot.tables import Place

PLACE = Place("Testby", shapely.box(700_000, 6_160_000, 720_000, 6_176_000), "EPSG:25832")
ROWS = "mast_id;hoejde;x;y\n1;4;333647,29;6166185,24\n2;6,5;333650,29;6166185,24\n3;8;0;0\n"


def test_what_is_wrong_is_proposed_with_rows_and_nothing_is_delivered(tmp_path):
    (tmp_path / "l.csv").write_text(ROWS, "utf-8")
    seen = diagnose(tmp_path / "l.csv", "lamps", PLACE)
    first = seen.findings[0]
    assert (first.code, first.accepted, first.harmless) == ("reference-system", False, False)
    assert first.examples[0] == "2: 333647,29 | 6166185,24"
    assert str(first.fix) == "read the coordinates as EPSG:25833"
    assert seen.delivery is None
    assert seen.refusal is not None
    assert seen.rows == 3


def test_an_accepted_fix_shows_what_would_be_stored_and_why_each_column_is_read(tmp_path):
    (tmp_path / "l.csv").write_text(ROWS, "utf-8")
    seen = diagnose(tmp_path / "l.csv", "lamps", PLACE, accept=["reference-system"])
    assert seen.refusal is None
    assert seen.delivery is not None
    assert len(seen.delivery.table) == 2
    assert seen.crs == "EPSG:25833"
    reasons = {column.field: str(column.reason) for column in seen.columns}
    assert reasons["height_m"].endswith("its name is known, and all values lie from 4 to 8.")
    aside = [finding for finding in seen.findings if "set aside" in str(finding.sentence)]
    assert [finding.examples for finding in aside] == [("4",)]


def test_a_person_is_never_shown(tmp_path):
    (tmp_path / "l.csv").write_text("mast_id;x;y;cpr\n1;711518;6168138;0101011234\n", "utf-8")
    with pytest.raises(PersonalDataError):
        diagnose(tmp_path / "l.csv", "lamps", PLACE)
