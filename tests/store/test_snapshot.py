"""What two sources may both have reported is told, and both still count."""

import geopandas as gpd
import pandas as pd
import pytest

from hotspot.store.snapshot import told_twice

NOON = pd.Timestamp("2024-05-01 12:00", tz="UTC")


def incidents(metres, later, *, category="theft", source="municipality", hours=0):
    start = [NOON, NOON + pd.Timedelta(later)]
    return gpd.GeoDataFrame(
        {
            "source": ["police", source],
            "category": ["theft", category],
            "start": start,
            "end": [start[0], start[1] + pd.Timedelta(hours=hours)],
        },
        geometry=gpd.points_from_xy([0, metres], [0, 0]),
        crs="EPSG:25832",
    )


def test_the_same_in_two_sources_is_told():
    assert str(told_twice(incidents(20, "0min"))[0]).startswith("1 incidents may stand in two sources")
    assert told_twice(incidents(20, "-3h", hours=6))


@pytest.mark.parametrize(
    "different",
    [
        incidents(30, "0min"),
        incidents(0, "1min"),
        incidents(0, "0min", category="violence"),
        incidents(0, "0min", category=None),
        incidents(0, "0min", source="police"),
        incidents(0, "-40h", hours=72),
    ],
)
def test_what_differs_is_not(different):
    assert told_twice(different) == []
