"""Tables as files hold them: names of the contract, hidden marked, nothing an audience may not see."""

import pandas as pd

from hotspot.release.contract import Release
from hotspot.report.frames import (
    column_of,
    file_frames,
    hotspot_frame,
    layers_on,
    portfolio_frame,
    priority_frame,
    support_frame,
)
from tests.report.small_layers import HIDDEN_AREA


def test_column_names() -> None:
    assert column_of("hotspots", "qvalue") == "q_value"
    assert column_of("hotspots", "value") == "ratio"
    assert column_of("felt_unsafe", "value") == "felt_unsafe"
    assert column_of("felt_recorded", "klass") == "felt_recorded_class"


def test_cells_follow_the_contract(admin: Release) -> None:
    cells = support_frame(admin, "cells")
    assert {"cell_id", "n", "expected", "q_value", "class", "hidden", "geometry"} <= set(cells.columns)
    assert cells.columns[-1] == "geometry"
    assert len(cells) == len(admin.geometry["cells"])


def test_values_stay_beside_their_own_shape(admin: Release) -> None:
    areas = support_frame(admin, "areas").set_index("area_id")
    pd.testing.assert_series_equal(areas["felt_unsafe"], admin.layers["felt_unsafe"].frame["value"], check_names=False)
    shuffled = admin.layers["felt_unsafe"]
    turned = type(shuffled)(shuffled.spec, shuffled.frame.iloc[::-1])
    admin.layers["felt_unsafe"] = turned  # type: ignore[index]
    again = support_frame(admin, "areas").set_index("area_id")
    assert again["felt_unsafe"].equals(areas["felt_unsafe"])


def test_hidden_row_is_marked_and_empty(council: Release) -> None:
    row = support_frame(council, "areas").set_index("area_id").loc[HIDDEN_AREA]
    assert row["observed_expected_hidden"]
    assert row[["observed_expected", "observed_expected_n", "observed_expected_lower"]].isna().all()


def test_main_hot_spots_come_first(admin: Release) -> None:
    assert next(iter(layers_on(admin, "cells"))) == "hotspots"
    assert set(layers_on(admin, "surface")) == {"density"}


def test_only_what_the_audience_sees(council: Release, admin: Release) -> None:
    assert set(file_frames(council, "da")) == {"areas", "hotspots", "priorities", "portfolio"}
    assert set(file_frames(admin, "da")) == {
        "cells",
        "areas",
        "segments",
        "hotspots",
        "priorities",
        "portfolio",
    }


def test_priorities_keep_their_own_outline(council: Release) -> None:
    frame = file_frames(council, "en")["priorities"].set_index("area_id")
    areas = council.geometry["areas"]
    assert all(frame.geometry[each].equals(areas.geometry[each]) for each in areas.index)
    assert priority_frame(council, "en")["rank"].iloc[0] == 1


def test_portfolio_holds_chosen_unpriced_and_pilots(council: Release) -> None:
    table = portfolio_frame(council, "da")
    assert list(table["status"]) == ["chosen", "chosen", "unpriced", "pilot with evaluation"]
    assert table["owner"].iloc[0] == "Kommunen"
    assert pd.isna(table["cost_dkk"].iloc[2])


def test_hot_spots(council: Release) -> None:
    assert {"hotspot_id", "name", "n", "expected", "p_value", "q_value", "stability", "trend"} <= set(
        hotspot_frame(council).columns
    )
