"""Tables that flow through a run: checked once, in the place's own system, nothing lost."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, MultiPolygon, Point, Polygon, box

from hotspot.errors import ReferenceSystemError, TableError
from hotspot.schema import KINDS as KINDS_OF_CONTRACTS
from hotspot.schema import complete
from hotspot.tables import KINDS, Coverage, Delivery, Lamps, Place, Prices, table_of

PLACE = Place("Byen", box(711_000, 6_168_000, 713_000, 6_169_000), "EPSG:25832")


def lamps(n: int = 2, system: str = "EPSG:25832") -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(
        {"lamp_id": [f"l{i}" for i in range(n)]}, geometry=[Point(i, 0) for i in range(n)], crs=system
    )
    return complete("lamps", frame)


def test_a_place_knows_its_centre_and_size() -> None:
    assert PLACE.area_km2 == pytest.approx(2.0)
    assert PLACE.lonlat == pytest.approx((12.3666, 55.6161), abs=2e-3)
    assert PLACE.timezone == "Europe/Copenhagen"


@pytest.mark.parametrize("system", ["EPSG:4326", "EPSG:3857"])
def test_a_place_is_in_metres(system: str) -> None:
    with pytest.raises(ReferenceSystemError, match=f"found: {system}"):
        Place("Byen", box(0, 0, 1, 1), system)


@pytest.mark.parametrize("outline", [Polygon(), MultiPolygon(), LineString([(0, 0), (1, 1)]), Point(0, 0)])
def test_a_place_encloses_something(outline: object) -> None:
    with pytest.raises(TableError, match="outline that encloses something"):
        Place("Byen", outline, "EPSG:25832")  # type: ignore[arg-type]


def test_every_contract_has_its_table() -> None:
    assert tuple(sorted(KINDS)) == tuple(sorted(KINDS_OF_CONTRACTS))
    assert all(made.kind == kind for kind, made in KINDS.items())


def test_a_table_says_what_it_holds_and_keeps_what_it_lost() -> None:
    lost = {"no place": 3}
    table = table_of("lamps", lamps(), PLACE, (Coverage("elværket"),), lost)
    lost["no place"] = 9  # the caller's own
    assert isinstance(table, Lamps)
    assert len(table) == 2
    assert repr(table) == "<2 lamps in Byen from elværket, 3 dropped>"
    assert dict(table.dropped) == {"no place": 3}
    assert repr(Lamps(lamps(1), PLACE)) == "<1 lamps in Byen from unnamed source>"


def test_a_table_cannot_be_changed() -> None:
    table = Lamps(lamps(), PLACE)
    with pytest.raises(AttributeError, match="cannot assign"):
        table.place = PLACE  # type: ignore[misc]
    with pytest.raises(TypeError, match="does not support item assignment"):
        table.dropped["x"] = 1  # type: ignore[index]


def test_another_system_is_refused_and_never_reprojected() -> None:
    with pytest.raises(ReferenceSystemError, match="lamps in EPSG:25833\nfix: to_metric"):
        Lamps(lamps(system="EPSG:25833"), PLACE)
    with pytest.raises(ReferenceSystemError, match="found: EPSG:4326"):
        Lamps(lamps(system="EPSG:4326"), PLACE)


def test_what_breaks_the_contract_is_refused() -> None:
    with pytest.raises(TableError, match="1 problem, first 0: height_m"):
        Lamps(lamps().assign(height_m=[-1.0, 5.0]), PLACE)
    with pytest.raises(TableError, match="a plain table"):
        Lamps(pd.DataFrame(lamps()), PLACE)  # type: ignore[arg-type]
    with pytest.raises(TableError, match="'trams'"):
        table_of("trams", lamps(), PLACE)


def test_prices_have_no_place() -> None:
    frame = complete("prices", pd.DataFrame({"measure": ["cctv"], "unit": ["per piece"]}))
    assert len(Prices(frame, PLACE)) == 1  # type: ignore[arg-type]


def test_kept_and_quarantined_add_up_to_what_was_read() -> None:
    apart = pd.DataFrame({"row": [3], "reason": ["has no place"]})
    assert Delivery(Lamps(lamps(), PLACE), apart, (), 3, "elværket").read == 3
    with pytest.raises(AssertionError, match="4 rows read, but 2 kept and 1 quarantined"):
        Delivery(Lamps(lamps(), PLACE), apart, (), 4, "elværket")
