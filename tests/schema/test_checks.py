"""Whether a table keeps its contract: all problems at once, with row, column and reason."""

import subprocess
import sys

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.errors
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon

from hotspot.errors import TableError
from hotspot.schema import KINDS, checks, complete, contract_of, problems, validate


def lamps(*rows: dict[str, object]) -> gpd.GeoDataFrame:
    full = [{"lamp_id": f"l{i}", "geometry": Point(i, 0), **row} for i, row in enumerate(rows)]
    frame = gpd.GeoDataFrame(pd.DataFrame(full), geometry="geometry", crs="EPSG:25832")
    return complete("lamps", frame.set_index(pd.Index(range(10, 10 + len(full)))))


def told(kind: str, frame: pd.DataFrame) -> list[tuple[object, str, str]]:
    return [(row, column, str(why)) for row, column, why in problems(kind, frame)]


def test_what_was_not_delivered_is_unknown_and_what_is_beyond_stays() -> None:
    frame = lamps({"height_m": "5", "x_colour": "warm"}, {})
    assert list(frame.columns[:2]) == ["lamp_id", "owner"]
    assert frame["height_m"].tolist() == pytest.approx([5, np.nan], nan_ok=True)
    assert str(frame["out_from"].dtype) == "datetime64[us, UTC]"
    assert frame["x_colour"].iloc[0] == "warm"
    assert frame.crs == "EPSG:25832"
    assert problems("lamps", frame) == []
    assert complete("roads", pd.DataFrame({"road_id": ["a"]}))["kind"].tolist() == ["other"]
    validate("lamps", frame)


def test_completing_changes_nothing_that_is_complete() -> None:
    frame = lamps({"height_m": 4.0, "owner": "x"})
    pd.testing.assert_frame_equal(pd.DataFrame(complete("lamps", frame)), pd.DataFrame(frame))


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ({"height_m": 0.1}, "height_m", "0.1 is under 0.2"),
        ({"height_m": 41.0}, "height_m", "41.0 is over 40"),
        ({"source_type": "gas"}, "source_type", "'gas' is none of: led, sodium"),
        ({"lamp_id": None}, "lamp_id", "is missing"),
        ({"geometry": None}, "geometry", "has no place"),
        ({"geometry": Point()}, "geometry", "has no place"),
        ({"geometry": LineString([(0, 0), (1, 1)])}, "geometry", "is a LineString"),
        ({"out_from": "2025-02-01", "out_to": "2025-01-01"}, "out_to", "ends before it begins"),
    ],
)
def test_a_broken_promise_names_row_column_and_reason(row: dict[str, object], column: str, why: str) -> None:
    ((at, where, reason),) = told("lamps", lamps({}, row))
    assert (at, where) == (11, column)
    assert reason.startswith(why)


def test_limits_belong_to_the_range() -> None:
    assert told("lamps", lamps({"height_m": 0.2}, {"height_m": 40.0})) == []


def test_identifiers_occur_once_and_all_rows_are_named() -> None:
    assert told("lamps", lamps({"lamp_id": "a"}, {}, {"lamp_id": "a"})) == [
        (10, "lamp_id", "'a' occurs more than once"),
        (12, "lamp_id", "'a' occurs more than once"),
    ]


def test_a_polygon_that_crosses_itself_is_refused() -> None:
    bow = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    frame = complete("areas", gpd.GeoDataFrame({"area_id": ["a"], "name": ["A"]}, geometry=[bow], crs="EPSG:25832"))
    assert told("areas", frame) == [(0, "geometry", "crosses itself")]


def test_answers_may_be_without_a_place() -> None:
    frame = gpd.GeoDataFrame(
        {"response_id": ["r"], "wave": ["w"], "mode": ["sample"]}, geometry=[None], crs="EPSG:25832"
    )
    assert told("responses", complete("responses", frame)) == []


def test_all_problems_are_told_at_once() -> None:
    frame = lamps({"height_m": -1.0}, {"source_type": "gas"}, {"geometry": None})
    with pytest.raises(TableError, match=r"3 problems, first 10: height_m: .*11: source_type: .*12: geometry: "):
        validate("lamps", frame)


def test_missing_columns_are_named() -> None:
    with pytest.raises(TableError, match="no column owner, geometry"):
        validate("lamps", pd.DataFrame(lamps({})).drop(columns=["owner", "geometry"]))


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_table_of_every_kind_stands(kind: str) -> None:
    contract = contract_of(kind)
    frame = gpd.GeoDataFrame({contract.id: []}, geometry=[], crs="EPSG:25832")
    validate(kind, complete(kind, frame))


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(TableError, match="'trams'\nfix: use one of: incidents"):
        contract_of("trams")


_KEYS, _NAMES, _NUMBERS = ["a", "b", "c", None], ["led", "gas", None], [0.1, 0.2, 39.9, 40.0, 41.0, np.nan]


@settings(max_examples=40)  # pandera takes its time; a row has 4 x 3 x 6 forms
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "lamp_id": st.sampled_from(_KEYS),
                "source_type": st.sampled_from(_NAMES),
                "height_m": st.sampled_from(_NUMBERS),
            }
        ),
        min_size=1,
        max_size=4,
    )
)
def test_the_quick_look_and_pandera_say_the_same(rows: list[dict[str, object]]) -> None:
    frame = lamps(*rows)
    contract = contract_of("lamps")
    slow = True
    try:
        checks._pandera("lamps").validate(frame[list(contract.columns)], lazy=True)
    except pandera.errors.SchemaErrors:
        slow = False
    assert checks._stands(contract, frame) is slow


def test_a_table_that_stands_is_told_without_loading_pandera() -> None:
    code = (
        "import sys, pandas as pd; from hotspot.schema import complete, validate;"
        "validate('prices', complete('prices', pd.DataFrame("
        "{'measure': ['lamp'], 'unit': ['per lamp'], 'cost_dkk': [1.0], 'yearly_dkk': [0.0], 'life_years': [20.0]})));"
        "print('pandera' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
