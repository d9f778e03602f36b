"""Parts of a paper, and where their lines may break."""

import pytest

from hotspot.report.blocks import Column, cell_text, columns_of, unbroken


def test_columns() -> None:
    assert columns_of({"n": "Incidents"}, (("n", 2.0),), ("n",)) == (Column("n", "Incidents", 2.0, "right"),)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("19.000 kr. i alt", "19.000\u00a0kr. i alt"),
        ("DKK 19,000 in all", "DKK\u00a019,000 in all"),
        ("46 % af 328 m² og 5 m", "46\u00a0% af 328\u00a0m² og 5\u00a0m"),
        ("5 mere, DKK and kr.", "5 mere, DKK and kr."),
    ],
)
def test_a_number_stays_beside_its_unit(text: str, kept: str) -> None:
    assert unbroken(text) == kept
    assert unbroken(kept) == kept


def test_a_long_name_may_break_where_its_parts_meet() -> None:
    told = cell_text("crimedata_csv_AllNeighbourhoods_2025")
    assert told.split("\u200b") == ["crimedata_", "csv_", "All", "Neighbourhoods_", "2025"]
    assert cell_text("fkg-t_6800_parl") == "fkg-t_6800_parl"
    assert cell_text("Neighbourhood watch, 14 places") == "Neighbourhood watch, 14 places"
