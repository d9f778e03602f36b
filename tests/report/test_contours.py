"""Lines round what is beyond chance, against the cells that the audience sees."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from hotspot.release.coarse import coarse_chances, coarse_densities
from hotspot.release.contract import Release, Shown
from hotspot.report.contours import STROKES, contour_frame, contour_lines, stroke_names
from hotspot.report.figures import layer_map
from hotspot.report.geopackage import write_geopackage
from tests.report.small_layers import spec

UNKNOWN = "c6_5"
CLASSES = ("more after dark", "fewer after dark", "not significant", "too few data")


def with_risk(release: Release, ratio: np.ndarray, p: np.ndarray) -> Release:
    """Put a layer of relative risk on the cells of the small release; of one nothing can be said."""
    cells = release.geometry["cells"].index
    columns = {"value": ratio, "lower": ratio * 0.8, "upper": ratio / 0.8, "pvalue": p, "qvalue": p}
    frame = pd.DataFrame({**columns, "klass": CLASSES[2], "hidden": False}, index=cells)
    frame.loc[UNKNOWN, list(columns)] = np.nan
    show = dataclasses.replace(spec("x").show, palette="classes", column="klass", classes=CLASSES, breaks=())
    own = spec("dark_ratio", support="cells", measure="dark_ratio", unit="ratio", priority=None, show=show)
    study = release.study.but(cell_m=100.0)
    return dataclasses.replace(release, study=study, layers={**release.layers, "dark_ratio": Shown(own, frame=frame)})


@pytest.fixture
def lined(admin: Release) -> Release:
    """More on one hill, fewer in one hollow, nothing elsewhere."""
    at = np.array([[int(part) for part in name[1:].split("_")] for name in admin.geometry["cells"].index])
    hill, hollow = (np.exp(-((at - where) ** 2).sum(axis=1) / 6.0) for where in ([4.3, 5.2], [12.2, 4.1]))
    errors = 4.0 * hill - 3.2 * hollow
    return with_risk(admin, np.exp(errors / 3), np.clip(np.exp(-2.0 * np.abs(errors)), 1e-9, 1.0))


def flagged(release: Release, side: str, level: float) -> pd.Series:
    frame = release.layers["dark_ratio"].frame
    assert frame is not None
    return (frame["pvalue"] <= level) & ((frame["value"] > 1) == (side == "more"))


def test_lines_part_the_cells_within_from_those_without(lined: Release) -> None:
    lines, cells = contour_lines(lined, "dark_ratio"), lined.geometry["cells"]
    assert list(lines.index) == [0, 1, 2, 3]
    assert lines.crs == lined.place.crs
    middles = dict(zip(cells.index, cells.geometry.centroid, strict=True))
    for at, line in lines.geometry.items():
        stroke = STROKES[int(at)]
        within = flagged(lined, stroke.side, stroke.level)
        assert within.any()
        for name, middle in middles.items():
            col, row = (int(part) for part in name[1:].split("_"))
            for beside in (f"c{col + 1}_{row}", f"c{col}_{row + 1}"):
                if beside in middles and UNKNOWN not in (name, beside):
                    between = shapely.LineString([middle, middles[beside]])
                    assert line.intersects(between) == (within[name] != within[beside]), (stroke, name, beside)


def test_no_line_comes_into_a_cell_of_which_nothing_can_be_said(lined: Release) -> None:
    bare = lined.layers["dark_ratio"].frame
    assert bare is not None
    cell = lined.geometry["cells"].geometry[UNKNOWN]
    corners = shapely.points(shapely.get_coordinates(contour_lines(lined, "dark_ratio").geometry.to_numpy()))
    assert not shapely.contains_properly(cell, corners).any()
    told = bare.copy()
    told.loc[UNKNOWN, ["value", "pvalue"]] = 1.6, 0.02
    seen = with_frame(lined, told)
    corners = shapely.points(shapely.get_coordinates(contour_lines(seen, "dark_ratio").geometry.to_numpy()))
    assert shapely.contains_properly(cell, corners).any()


def test_whoever_does_not_see_every_cell_gets_no_pieces_of_lines(lined: Release, tmp_path: Path) -> None:
    frame = lined.layers["dark_ratio"].frame
    assert frame is not None
    masked = frame.assign(hidden=frame.index == UNKNOWN)
    planner = with_frame(lined, masked)
    assert contour_lines(planner, "dark_ratio").empty
    assert contour_frame(planner).empty
    write_geopackage(planner, tmp_path / "planner.gpkg", "en")
    assert "contours" not in [name for name, _kind in pyogrio.list_layers(tmp_path / "planner.gpkg")]


def with_frame(release: Release, frame: pd.DataFrame) -> Release:
    shown = dataclasses.replace(release.layers["dark_ratio"], frame=frame)
    return dataclasses.replace(release, layers={**release.layers, "dark_ratio": shown})


def test_steps_leave_every_cell_on_its_side(lined: Release) -> None:
    frame = lined.layers["dark_ratio"].frame
    assert frame is not None
    told = frame.assign(value=coarse_densities(frame["value"]), pvalue=coarse_chances(frame["pvalue"]))
    coarse = with_frame(lined, told)
    assert contour_lines(coarse, "dark_ratio").index.tolist() == [0, 1, 2, 3]
    for stroke in STROKES:
        assert flagged(coarse, stroke.side, stroke.level).equals(flagged(lined, stroke.side, stroke.level))


def test_a_ratio_told_as_one_has_no_side_and_no_line(lined: Release) -> None:
    frame = lined.layers["dark_ratio"].frame
    assert frame is not None
    ones = frame.assign(value=1.0, lower=1.0, upper=1.0)
    assert contour_lines(with_frame(lined, ones), "dark_ratio").empty
    below = contour_lines(with_frame(lined, ones.assign(lower=0.8)), "dark_ratio")
    assert set(below["side"]) == {"fewer"}
    assert contour_lines(with_frame(lined, frame.assign(value=1.0, lower=0.8, upper=1.25)), "dark_ratio").empty
    assert contour_lines(with_frame(lined, frame.assign(pvalue=0.3)), "dark_ratio").empty
    few = frame.assign(value=np.where(frame["value"] > 1, 0.0, np.nan))
    assert set(contour_lines(with_frame(lined, few), "dark_ratio")["side"]) == {"fewer"}


def test_other_layers_and_who_sees_no_cells_have_no_lines(lined: Release, council: Release) -> None:
    assert contour_lines(lined, "hotspots").empty
    assert contour_frame(council).empty
    geometry = {name: frame for name, frame in lined.geometry.items() if name != "cells"}
    assert contour_lines(dataclasses.replace(lined, geometry=geometry), "dark_ratio").empty


def test_lines_are_named_in_both_languages(lined: Release) -> None:
    assert stroke_names("dark_ratio", lined, "en") == [
        "more after dark: p = 0.01", "more after dark: p = 0.05", "fewer after dark: p = 0.01",
        "fewer after dark: p = 0.05",
    ]  # fmt: skip
    danish = stroke_names("dark_ratio", lined, "da")
    assert [each.split(": ")[1] for each in danish] == ["p = 0,01", "p = 0,05"] * 2
    assert not {each.split(": ")[0] for each in danish} & set(CLASSES)
    assert [each.dashed for each in STROKES] == [False, False, True, True]
    assert STROKES[0].width > STROKES[1].width


def test_a_geopackage_holds_them_with_a_style(lined: Release, tmp_path: Path) -> None:
    path = tmp_path / "lines.gpkg"
    write_geopackage(lined, path, "da")
    rows = pyogrio.read_dataframe(path, layer="contours")
    assert rows[["layer", "side", "p_value"]].to_numpy().tolist() == [
        ["dark_ratio", each.side, each.level] for each in STROKES
    ]
    assert set(rows.geom_type) == {"MultiLineString"}
    styles = pyogrio.read_dataframe(path, layer="layer_styles").set_index("f_table_name")
    qml = styles.loc["contours", "styleQML"]
    assert qml.count("<rule ") == len(STROKES)
    assert qml.count('value="dash"') == 2
    assert "p = 0,05" in qml


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_printed_map_draws_them(lined: Release, language: str) -> None:
    frame = lined.layers["dark_ratio"].frame
    assert frame is not None
    drawn = layer_map(lined, "dark_ratio", language, "svg")  # type: ignore[arg-type]
    without = layer_map(with_frame(lined, frame.assign(pvalue=0.5)), "dark_ratio", language, "svg")  # type: ignore[arg-type]
    assert (
        drawn.count(b"stroke-dasharray") - without.count(b"stroke-dasharray") >= 4
    )  # two lines, and two of the legend
