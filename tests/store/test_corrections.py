"""Correcting rows gives what a file that was right from the start gives; twice is once; nothing is lost."""

import json

import pandas as pd
import pytest
import shapely

from hotspot.errors import SourceError, StoreError
from hotspot.sources.corrections import OF, ROW, read_correction, rows_to_correct
from hotspot.sources.reading import read_table
from hotspot.store import Store
from hotspot.store.corrections import keeping_corrections, lost_corrections, with_corrected
from hotspot.study import Study

BOX = shapely.box(700_000, 6_160_000, 720_000, 6_176_000)
WRONG = """sagsnr;type;tidspunkt;x;y
A1;Vold;03-02-2024 12:00;711000,5;6168000,5
A2;Tyveri;04-02-2024 13:00;;
A3;Hærværk;35-03-2024 13:00;711100,5;6168100,5
A4;Vold;06-02-2024 14:00;0;0
A1;Vold;03-02-2024 12:00;711000,5;6168000,5
"""
RIGHT = (
    WRONG.replace("13:00;;", "13:00;711200,5;6168200,5")
    .replace("35-03-2024", "05-03-2024")
    .replace("14:00;0;0", "14:00;711300,5;6168300,5")
)


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "study", Study("Testby", "EPSG:25832"), BOX)


def read(store, path, **options):
    return read_table(path, "incidents", store.place, crs="EPSG:25832", source="politi", **options)


def keep_wrong(store, tmp_path):
    path = tmp_path / "udtraek.csv"
    path.write_text(WRONG, "utf-8-sig")
    delivery = read(store, path)
    store.keep(delivery)
    text = rows_to_correct(path, delivery, "da", crs="EPSG:25832").decode("utf-8-sig")
    return delivery, pd.read_csv(pd.io.common.StringIO(text), sep=";", dtype=str, keep_default_na=False)


def hand_in(store, tmp_path, rows, name="rettet.csv"):
    path = tmp_path / name
    rows.to_csv(path, sep=";", index=False)
    found = read_correction(path, store.place)
    assert found is not None
    return store.keep(with_corrected(store, found))


def corrected(rows):
    rows = rows.copy()
    rows.loc[rows["sagsnr"] == "A2", ["x", "y"]] = ["711200,5", "6168200,5"]
    rows.loc[rows["sagsnr"] == "A3", "tidspunkt"] = "05-03-2024 13:00"
    rows.loc[rows["sagsnr"] == "A4", ["x", "y"]] = ["711300,5", "6168300,5"]
    return rows


def plain(store):
    frame = store.snapshot().tables["incidents"].frame
    return frame.sort_values("incident_id", ignore_index=True).drop(columns="category")


def test_the_file_to_correct_has_the_owners_headings_and_no_repeated_row(store, tmp_path):
    delivery, rows = keep_wrong(store, tmp_path)
    assert (delivery.read, len(delivery.table), len(delivery.quarantine)) == (5, 1, 4)
    assert list(rows.columns[4:]) == ["sagsnr", "type", "tidspunkt", "x", "y"]
    assert rows["sagsnr"].tolist() == ["A2", "A3", "A4"]
    assert rows[ROW].tolist() == ["3", "4", "5"]
    assert rows["set_aside_reason"].str.len().min() > 5


def test_corrected_rows_give_what_a_right_file_gives(store, tmp_path):
    _, rows = keep_wrong(store, tmp_path)
    made = hand_in(store, tmp_path, corrected(rows))
    assert (made.read, made.kept, len(store.quarantine(made))) == (5, 4, 1)
    right = tmp_path / "ret.csv"
    right.write_text(RIGHT, "utf-8-sig")
    other = Store.create(tmp_path / "other", Study("Testby", "EPSG:25832"), BOX)
    other.keep(read(other, right))
    pd.testing.assert_frame_equal(pd.DataFrame(plain(store)), pd.DataFrame(plain(other)))
    covers = [[(c.start, c.end) for c in each.snapshot().tables["incidents"].coverage] for each in (store, other)]
    assert covers[0] == covers[1]


def test_the_same_corrections_again_change_nothing(store, tmp_path):
    _, rows = keep_wrong(store, tmp_path)
    first = hand_in(store, tmp_path, corrected(rows))
    register = (store.folder / "study.db").read_bytes()
    assert hand_in(store, tmp_path, corrected(rows)).number == first.number
    assert (store.folder / "study.db").read_bytes() == register


def test_corrections_in_two_parts_are_the_same_as_at_once_in_any_order(store, tmp_path):
    _, rows = keep_wrong(store, tmp_path)
    mended = corrected(rows)
    hand_in(store, tmp_path, mended[mended["sagsnr"] == "A4"])
    in_parts = hand_in(store, tmp_path, mended[mended["sagsnr"] != "A4"])
    assert hand_in(store, tmp_path, mended).number == in_parts.number
    assert json.loads(in_parts.details["provenance"]["corrected"]).keys() == {"3", "4", "5"}


def test_rows_not_yet_right_stay_aside_and_a_second_correction_replaces_the_first(store, tmp_path):
    _, rows = keep_wrong(store, tmp_path)
    half = corrected(rows)
    half.loc[half["sagsnr"] == "A3", "tidspunkt"] = "35-03-2024 13:00"
    made = hand_in(store, tmp_path, half)
    assert (made.read, made.kept, len(store.quarantine(made))) == (5, 3, 2)
    moved = corrected(rows)
    moved.loc[moved["sagsnr"] == "A2", "x"] = "712000,5"
    made = hand_in(store, tmp_path, moved)
    assert (made.read, made.kept) == (5, 4)
    frame = store.snapshot().tables["incidents"].frame
    assert frame.loc[frame["incident_id"].str.contains("A2"), "geometry"].x.tolist() == [712000.5]
    store.undo("incidents", "politi")
    store.undo("incidents", "politi")
    assert len(store.snapshot().tables["incidents"]) == 1


def test_rows_that_were_never_aside_or_belong_elsewhere_are_refused(store, tmp_path):
    _, rows = keep_wrong(store, tmp_path)
    foreign = corrected(rows)
    foreign.loc[0, ROW] = "2"
    with pytest.raises(StoreError, match="row 2 counts already"):
        hand_in(store, tmp_path, foreign)
    elsewhere = corrected(rows).assign(**{OF: "incidents/politi/0123456789abcdef"})
    with pytest.raises(StoreError, match="another delivery"):
        hand_in(store, tmp_path, elsewhere)
    changed = corrected(rows)
    changed.loc[0, ROW] = "x"
    with pytest.raises(SourceError, match="keep the columns"):
        hand_in(store, tmp_path, changed)


def test_accepted_fixes_are_already_in_the_rows_to_correct(store, tmp_path):
    path = tmp_path / "udtraek.csv"
    path.write_text(
        "type,tidspunkt,x,y\nVold,01/13/2024 12:00,711000500,6168000500\nVold,02/03/2024 12:00,,\n", "utf-8"
    )
    delivery = read_table(path, "incidents", store.place, source="politi", accept=["all"])
    store.keep(delivery)
    text = rows_to_correct(path, delivery, "en").decode("utf-8-sig")
    rows = pd.read_csv(pd.io.common.StringIO(text), dtype=str, keep_default_na=False)
    assert rows["set_aside_system"].tolist() == ["EPSG:25832"]
    rows[["x", "y"]] = ["711200.5", "6168200.5"]
    again = tmp_path / "rettet.csv"
    rows.to_csv(again, index=False)
    found = read_correction(again, store.place)
    made = store.keep(with_corrected(store, found))
    frame = store.snapshot().tables["incidents"].frame
    local = frame["start"].dt.tz_convert("Europe/Copenhagen")
    assert sorted(zip(local.dt.month, local.dt.day, strict=True)) == [(1, 13), (2, 3)]
    assert (made.read, made.kept) == (2, 2)


def test_a_whole_delivery_is_no_correction(store, tmp_path):
    path = tmp_path / "udtraek.csv"
    path.write_text(WRONG, "utf-8")
    assert read_correction(path, store.place) is None


def test_the_original_file_again_keeps_what_was_corrected(store, tmp_path):
    _, rows = keep_wrong(store, tmp_path)
    made = hand_in(store, tmp_path, corrected(rows))
    was = plain(store)
    again = keeping_corrections(store, read(store, tmp_path / "udtraek.csv"))
    assert len(again.table) + len(again.quarantine) == again.read == 5
    assert lost_corrections(store, again) is None
    assert store.keep(again).number == made.number, "nothing is entered, for nothing changed"
    pd.testing.assert_frame_equal(plain(store), was)


def test_a_row_that_was_not_corrected_stays_aside_beside_those_that_were(store, tmp_path):
    _, rows = keep_wrong(store, tmp_path)
    hand_in(store, tmp_path, corrected(rows).query("sagsnr != 'A4'"))
    again = keeping_corrections(store, read(store, tmp_path / "udtraek.csv"))
    assert sorted(again.table.frame["incident_id"]) == ["politi:A1", "politi:A2", "politi:A3"]
    assert sorted(again.quarantine["row"]) == [5, 6]


NEXT = "A5;Vold;07-02-2024 14:00;711400,5;6168400,5\n"


def next_delivery(store, tmp_path, text, **options):
    path = tmp_path / "naeste.csv"
    path.write_text(text, "utf-8-sig")
    return keeping_corrections(store, read(store, path, **options))


def test_the_very_same_rows_of_another_file_keep_their_corrections(store, tmp_path):
    _, rows = keep_wrong(store, tmp_path)
    hand_in(store, tmp_path, corrected(rows))
    head, *body = WRONG.splitlines(keepends=True)
    new = next_delivery(store, tmp_path, head + NEXT + "".join(reversed(body)))
    assert (new.read, len(new.table), len(new.quarantine)) == (6, 5, 1)
    assert (
        "3 rows set aside here again hold the very same as rows corrected in the delivery before (rows ['4', '5', '6'])"
        in str(new.findings[-1])
    )
    assert lost_corrections(store, new) is None
    made = store.keep(new)
    other = Store.create(tmp_path / "other", Study("Testby", "EPSG:25832"), BOX)
    (tmp_path / "ret.csv").write_text(RIGHT + NEXT, "utf-8-sig")
    other.keep(read(other, tmp_path / "ret.csv"))
    pd.testing.assert_frame_equal(pd.DataFrame(plain(store)), pd.DataFrame(plain(other)))
    again = keeping_corrections(store, read(store, tmp_path / "naeste.csv"))
    assert store.keep(again).number == made.number, "the same file again changes nothing"
    store.undo("incidents", "politi")
    assert store.imports()[0].read == 5, "a step back is the delivery before"


def test_corrections_are_not_carried_where_that_is_declined(store, tmp_path):
    _, rows = keep_wrong(store, tmp_path)
    hand_in(store, tmp_path, corrected(rows))
    new = next_delivery(store, tmp_path, WRONG + NEXT, decline=["corrected-before"])
    assert (new.read, len(new.table), len(new.quarantine)) == (6, 2, 4)
    assert str(new.findings[-1]).startswith("Declined: “3 rows set aside here again")
    assert str(lost_corrections(store, new)).startswith("3 rows were corrected in the delivery")


def test_a_row_that_is_no_longer_the_same_is_not_corrected_by_an_old_correction(store, tmp_path):
    _, rows = keep_wrong(store, tmp_path)
    hand_in(store, tmp_path, corrected(rows))
    new = next_delivery(store, tmp_path, WRONG.replace("A2;Tyveri", "A2;Vold") + NEXT)
    assert (new.read, len(new.table), len(new.quarantine)) == (6, 4, 2)
    assert str(lost_corrections(store, new)).startswith("1 row was corrected in the delivery")


def test_a_carried_row_beside_a_right_one_of_its_number_is_a_row_of_its_own(store, tmp_path):
    _, rows = keep_wrong(store, tmp_path)
    hand_in(store, tmp_path, corrected(rows))
    new = next_delivery(store, tmp_path, WRONG + "A2;Tyveri;04-02-2024 13:00;711200,5;6168200,5\n")
    assert (new.read, len(new.table), len(new.quarantine)) == (6, 5, 1)
    assert {"politi:A2", "politi:A2-row3"} <= {*new.table.frame["incident_id"]}
    made = store.keep(new)
    again = keeping_corrections(store, read(store, tmp_path / "naeste.csv"))
    assert store.keep(again).number == made.number


def test_a_carried_row_can_be_corrected_again(store, tmp_path):
    _, rows = keep_wrong(store, tmp_path)
    hand_in(store, tmp_path, corrected(rows))
    new = next_delivery(store, tmp_path, WRONG + NEXT)
    store.keep(new)
    bare = read(store, tmp_path / "naeste.csv")
    text = rows_to_correct(tmp_path / "naeste.csv", bare, "da", crs="EPSG:25832").decode("utf-8-sig")
    rows = pd.read_csv(pd.io.common.StringIO(text), sep=";", dtype=str, keep_default_na=False)
    rows = corrected(rows).query("sagsnr == 'A2'").assign(x="712000,5")
    made = hand_in(store, tmp_path, rows)
    assert (made.read, made.kept) == (6, 5)
    frame = store.snapshot().tables["incidents"].frame
    assert frame.loc[frame["incident_id"].str.contains("A2"), "geometry"].x.tolist() == [712000.5]
    told = [each for each in made.details["findings"] if "corrected" in each["template"]]
    assert [each["values"]["n"] for each in told] == [1, 2], "one by hand, two that were carried"


def test_undoing_a_correction_lets_the_file_stand_as_it_is(store, tmp_path):
    delivery, rows = keep_wrong(store, tmp_path)
    hand_in(store, tmp_path, corrected(rows))
    store.undo("incidents", "politi")
    again = keeping_corrections(store, read(store, tmp_path / "udtraek.csv"))
    assert len(again.table) == len(delivery.table) == 1
