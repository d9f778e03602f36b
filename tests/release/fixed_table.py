"""How a reader reads the fixed table: each line counts the delivery with which it was told first."""

from tests.release.village import KINDS, YEARS


def read_table(reader, shown, delivery, years=YEARS, kinds=KINDS):
    """Read the fixed table as the council's file has it."""
    for _, row in shown.counts.iterrows():
        when = years if row["period"] == "" else (int(row["period"]),)
        what = kinds if row["category"] in ("", "property") else (row["category"],)
        reader.hear(reader.which(delivery, row["area_id"], when, what), row["n"], "counts")
