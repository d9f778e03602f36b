"""What two sources may both have reported is told, and both still count."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from hotspot.store import Store
from hotspot.store.snapshot import told_twice
from hotspot.study import Study
from hotspot.tables import Coverage, Delivery, table_of

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
    assert str(told_twice(incidents(20, "0min"))[0]).startswith("1 incident may stand in two sources")
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


def delivery(place, source, *eastings):
    n = len(eastings)
    frame = gpd.GeoDataFrame(
        {"incident_id": [f"{source}{i}" for i in range(n)], "source": source, "code": "2240", "start": NOON,
         "end": NOON, "time_basis": "instant", "weight": 1.0, "location_error_m": 5.0},
        geometry=gpd.points_from_xy(eastings, [6_000_100.0] * n), crs="EPSG:25832",
    )  # fmt: skip
    nothing = pd.DataFrame({"row": [], "reason": []})
    return Delivery(table_of("incidents", frame, place, (Coverage(source),)), nothing, (), n, source)


def test_what_is_told_twice_follows_every_delivery_and_its_undoing(tmp_path):
    own = pd.DataFrame({"code": ["2240"], "category": ["theft"]})
    box = shapely.box(600_000, 6_000_000, 601_000, 6_001_000)
    store = Store.create(tmp_path / "study", Study("Box", "EPSG:25832"), box)
    own.to_csv(store.folder / "categories.csv", index=False)

    def told():
        assert store.snapshot().findings == store.snapshot().findings == Store(store.folder).snapshot().findings
        return [each.values["n"] for each in store.snapshot().findings if "two sources" in each.template]

    store.keep(delivery(store.place, "police", 600_100.0, 600_500.0))
    assert told() == []
    store.keep(delivery(store.place, "shops", 600_110.0))
    assert told() == [1]
    store.keep(delivery(store.place, "shops", 600_110.0, 600_510.0))
    assert told() == [2]
    store.undo("incidents", "shops")
    assert told() == [1]
