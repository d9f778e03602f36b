"""What the register keeps of a delivery beside its rows."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import shapely

from hotspot.tables import Coverage, Delivery


def details_of(delivery: Delivery) -> dict[str, Any]:
    """Return coverage, losses, findings and provenance of a delivery as plain values.

    Parameters
    ----------
    delivery
        As read.

    Returns
    -------
    dict
        As JSON holds it.
    """
    table = delivery.table
    return {
        "coverage": [
            {
                "area": None if each.area is None else each.area.wkt,
                "start": each.start.isoformat() if each.start else None,
                "end": each.end.isoformat() if each.end else None,
            }
            for each in table.coverage
        ],
        "dropped": {str(reason): int(n) for reason, n in table.dropped.items()},
        "findings": [each.plain() for each in delivery.findings],
        "provenance": {str(name): str(value) for name, value in delivery.provenance.items()},
    }


def coverage_of(row: Mapping[str, Any], source: str) -> Coverage:
    """Return a coverage from what `details_of` made of it.

    Parameters
    ----------
    row
        Area as text, first and last day.
    source
        Whose it is.

    Returns
    -------
    Coverage
        Where and when the source looked.
    """
    return Coverage(
        source,
        None if row["area"] is None else shapely.from_wkt(row["area"]),
        dt.date.fromisoformat(row["start"]) if row["start"] else None,
        dt.date.fromisoformat(row["end"]) if row["end"] else None,
    )
