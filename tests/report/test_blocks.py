"""Parts of a paper."""

from hotspot.report.blocks import Column, columns_of


def test_columns() -> None:
    assert columns_of({"n": "Incidents"}, (("n", 2.0),), ("n",)) == (Column("n", "Incidents", 2.0, "right"),)
