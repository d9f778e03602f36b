"""Rows that share a number are told apart, and nothing depends on the row order."""

import pandas as pd
import shapely

from hotspot.sources import read_table
from hotspot.sources.numbering import apart, numbers_of_content
from hotspot.tables import Place

PLACE = Place("Box", shapely.box(636_000, 6_236_000, 640_000, 6_240_000), "EPSG:25832")


def test_two_offences_of_one_case_both_count(tmp_path):
    path = tmp_path / "sager.csv"
    path.write_text(
        "Sagsnr;Gerning;Tidspunkt;x;y\n"
        "A1;Vold;03-04-2024 14:30;637000;6237000\n"
        "A1;Tyveri;03-04-2024 14:30;637000;6237000\n"
        "A2;Vold;03-04-2024 15:30;637000;6237000\n"
        "A2;Vold;03-04-2024 15:30;637000;6237000\n"
    )
    delivery = read_table(path, "incidents", PLACE, crs="EPSG:25832")
    assert sorted(delivery.table.frame["code"]) == ["Tyveri", "Vold", "Vold"]
    assert dict(delivery.table.dropped) == {"repeats another row in every column": 1}
    assert "sager:A2" in set(delivery.table.frame["incident_id"])  # its repetition is out and shares nothing
    assert any("2 rows share their number" in str(each) for each in delivery.findings)


def test_equal_rows_are_counted_on():
    cells = pd.DataFrame({"a": ["1", "1", "2"], "b": ["x", "x", None]})
    made = numbers_of_content(cells, cells)
    assert made.is_unique
    assert made[1] == made[0] + "-1"


def test_numbers_that_nobody_shares_stay_as_they_are():
    own = pd.Series(["1", "2"])
    assert apart(own, pd.Series(["x", "y"]), [])[0] is own
