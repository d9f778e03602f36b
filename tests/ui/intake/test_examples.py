"""Good examples are taken whole; each bad one shows the trap that its words promise."""

import pytest
import shapely

from hotspot.errors import PersonalDataError, SourceError
from hotspot.schema import CONTRACTS
from hotspot.sources import diagnose, read_table
from hotspot.sources.kinds import guess_kinds
from hotspot.sources.raw import read_raw
from hotspot.tables import Place
from hotspot.ui.parts.intake.examples import BAD, GOOD, good_file

TOWN = Place("Ternevig", shapely.box(636_251, 6_236_309, 642_463, 6_241_519), "EPSG:25832")


def written(folder, text, name="udtraek.csv"):
    path = folder / name
    path.write_text(text, "utf-8-sig")
    return path


def good(folder, kind):
    """Under a name that tells nothing."""
    path = folder / f"udtraek.{good_file(kind).name.rpartition('.')[2]}"
    path.write_bytes(good_file(kind).data)
    return path


def test_there_is_a_good_file_of_every_kind():
    assert set(GOOD) == set(CONTRACTS)


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_file_is_guessed_and_taken_whole(tmp_path, kind):
    path = good(tmp_path, kind)
    delivery = read_table(path, kind, TOWN, accept=["all"])
    assert len(delivery.quarantine) == 0
    assert len(delivery.table) == delivery.read == len(GOOD[kind].splitlines()) - 1
    assert not [each for each in delivery.findings if "unknown" in str(each) or "not used" in str(each)]
    assert guess_kinds(read_raw(path), path)[0].kind == kind


def test_persons_are_refused_until_their_column_is_left_out(tmp_path):
    path = written(tmp_path, BAD["persons"].text)
    with pytest.raises(PersonalDataError, match='--drop "Anmelder"'):
        diagnose(path, "incidents", TOWN)
    assert len(read_table(path, "incidents", TOWN, crs="EPSG:25832", drop=["Anmelder"]).table) == 2


def test_months_before_days_wait_for_an_acceptance(tmp_path):
    path = written(tmp_path, BAD["month-first"].text)
    with pytest.raises(SourceError, match="month first"):
        read_table(path, "incidents", TOWN, crs="EPSG:25832")
    days = read_table(path, "incidents", TOWN, accept=["all"]).table.frame["start"].dt.strftime("%m-%d")
    assert sorted(days) == ["02-09", "02-23"]


def test_rows_without_a_place_are_set_aside(tmp_path):
    delivery = read_table(written(tmp_path, BAD["no-place"].text), "incidents", TOWN, crs="EPSG:25832")
    assert (len(delivery.table), len(delivery.quarantine)) == (1, 2)


def test_millimetres_are_proposed(tmp_path):
    path = written(tmp_path, BAD["millimetres"].text)
    seen = diagnose(path, "lamps", TOWN)
    assert [each.code for each in seen.findings if each.code] == ["reference-system"]
    assert "millimetres" in str(seen.findings[0].sentence)
    assert len(read_table(path, "lamps", TOWN, accept=["all"]).table) == 2
