"""Text stands as it was written; weights depart only as asked; a surface is told area by area."""

import dataclasses

import geopandas as gpd
import numpy as np
import pytest
import shapely

from hotspot.glossary import Language
from hotspot.grid import Lattice
from hotspot.measures import Surface
from hotspot.release import Release, Shown
from hotspot.ui.form import Asked
from hotspot.ui.parts.look import quoted
from hotspot.ui.parts.said import said
from hotspot.ui.parts.surface_rows import surface_rows
from hotspot.ui.parts.tables import plain
from hotspot.ui.parts.weights import departing
from hotspot.ui.view import View
from tests.report.small_release import small_release


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1. July 2023", "1\\. July 2023"),
        ("−26% (95% interval)", "−26% (95% interval)"),
        ("a_b*c", "a\\_b\\*c"),
        ("[x](y)", "\\[x\\](y)"),
    ],
)
def test_markdown_signs_are_escaped(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_style_sheet_cannot_be_ended_by_a_heading() -> None:
    assert quoted('a"; } </style>') == '"a\\22 ; } \\3c /style\\3e "'


def test_only_weights_that_depart_are_kept_and_those_not_shown_stay() -> None:
    proposed = {"felt_unsafe": 0.45, "path_light": 0.15, "nuisance": 0.1}
    typed = {"felt_unsafe": 45.0, "path_light": 30.0, "nuisance": 0.0}
    before = {"felt_unsafe": 0.2, "own_layer": 0.3}
    assert departing(typed, proposed, before) == {"path_light": 0.3, "nuisance": 0.0, "own_layer": 0.3}


def one_surface(values: list[list[float]], hidden: list[list[bool]] | None = None) -> Shown:
    """Two by two pixels of 10 m; the lattice's upper left corner lies in (0, 20)."""
    spec = dataclasses.replace(small_release("admin").layers["density"].spec, unit="share")
    surface = Surface(Lattice(0.0, 20.0, 10.0, 2, 2), np.array(values))
    return Shown(spec, surface=surface, hidden=None if hidden is None else np.array(hidden))


def areas_of(**boxes: shapely.Geometry) -> Release:
    areas = gpd.GeoDataFrame({"name": list(boxes)}, geometry=list(boxes.values()), index=list(boxes), crs=25832)
    admin = small_release("admin")
    return dataclasses.replace(admin, geometry={**admin.geometry, "areas": areas})


def test_a_surface_is_told_area_by_area_highest_first() -> None:
    release = areas_of(Left=shapely.box(0, 0, 10, 20), Right=shapely.box(10, 0, 20, 20), Far=shapely.box(90, 0, 99, 9))
    rows = surface_rows(release, one_surface([[0.1, 0.6], [0.3, np.nan]]), "en")
    assert rows.to_numpy().tolist() == [
        ["Right", "Right", "60%", "60%", "60%", "50%"],
        ["Left", "Left", "20%", "10%", "30%", "100%"],
        ["Far", "Far", "cannot say", "cannot say", "cannot say", "cannot say"],
    ]


def test_the_twin_of_a_surface_names_the_unit_and_drops_idle_digits() -> None:
    shown = one_surface([[0.0031, 0.6], [1234.56, 0.2]])
    shown = dataclasses.replace(shown, spec=dataclasses.replace(shown.spec, unit="incidents_per_km2_year"))
    rows = surface_rows(areas_of(Left=shapely.box(0, 0, 10, 20)), shown, "en")
    assert rows.iloc[0].to_dict() == {
        "code": "Left",
        "place": "Left",
        "average (incidents per km² and year)": "617",
        "lowest (incidents per km² and year)": "0",
        "highest (incidents per km² and year)": "1,230",
        "part of the area that is known": "100%",
    }


def test_a_withheld_pixel_never_enters_the_twin_of_a_surface() -> None:
    release = areas_of(Left=shapely.box(0, 0, 10, 20))
    shown = one_surface([[0.1, 0.6], [0.3, 0.2]], hidden=[[True, False], [False, False]])
    assert surface_rows(release, shown, "da").to_numpy().tolist() == [["Left", "Left", *["30\u00a0%"] * 3, "50\u00a0%"]]


def view_of(key: str, language: Language) -> View:
    release = dataclasses.replace(small_release("council"), key=key)
    return View(release, language, Asked(release.study, "council", "", language), desk=None)  # type: ignore[arg-type]


def test_texts_are_worked_out_once_for_each_release_language_and_question() -> None:
    calls = []

    def told(release: Release, language: Language, *, of: str = "all") -> list[str]:
        calls.append((release.key, language, of))
        return [release.key, language, of]

    looks = [view_of("one", "en"), view_of("one", "da"), view_of("two", "en")]
    for _again in range(2):
        for view in looks:
            assert said(view, told) == [view.release.key, view.language, "all"]
            assert said(view, told, of="pilots") == [view.release.key, view.language, "pilots"]
    assert len(calls) == len(set(calls)) == 6


def test_a_text_that_a_page_changes_is_not_changed_for_the_next() -> None:
    def rows(release: Release, language: Language) -> list[str]:
        return ["one"]

    said(view_of("three", "en"), rows).append("two")
    assert said(view_of("three", "en"), rows) == ["one"]
