"""Every column of every file handed over has a name, a unit and a meaning."""

import dataclasses
import re

import pytest

from hotspot.glossary import Language, catalogue, terms
from hotspot.release.contract import Release
from hotspot.report.columns import UNITS, Described, described
from hotspot.report.frames import file_frames


def of(release: Release, table: str, language: Language = "en") -> dict[str, Described]:
    frame = file_frames(release, language)[table]
    return {each.column: each for each in described(release, table, [str(name) for name in frame.columns], language)}


@pytest.mark.parametrize("language", ["da", "en"])
def test_no_column_of_any_file_is_left_unsaid(admin: Release, language: Language) -> None:
    for table, frame in file_frames(admin, language).items():
        said = of(admin, table, language)
        assert set(frame.columns) - set(said) - {"geometry", "site"} == set(), table
        assert all(each.name and each.meaning.endswith(".") for each in said.values())


def test_a_layer_s_own_columns_bear_its_title_and_unit(admin: Release) -> None:
    areas = of(admin, "areas")
    assert areas["felt_unsafe"].name == "Felt unsafety"
    assert areas["felt_unsafe"].unit == "share"
    assert areas["felt_unsafe_lower"].name == "Felt unsafety: Lower limit"
    assert areas["observed_expected"].unit == "times the expected"
    assert of(admin, "priorities")["part_felt_unsafe"].meaning.startswith("What the layer adds")


def test_expected_of_a_cell_is_told_to_be_of_its_surroundings(admin: Release) -> None:
    cells = of(admin, "cells")
    main = admin.layers["hotspots"].frame
    assert main is not None
    assert ("neighbours" in cells["expected"].meaning) is ("n_around" in main)
    around = dataclasses.replace(admin.layers["hotspots"], frame=main.assign(n_around=main["n"]))
    admin.layers["hotspots"] = around  # type: ignore[index]  # a plain dictionary in the small release
    assert "not with the cell's own" in of(admin, "cells")["expected"].meaning


def test_units_are_said_in_danish() -> None:
    spelt = {each.unit for each in terms().values()} - {"", "lx", "m"}
    assert spelt <= set(UNITS)
    book = catalogue("da")
    same = {unit for unit in UNITS if book.gettext(unit) == unit}
    assert same <= {"lux"}


def test_a_column_that_nobody_explained_is_not_explained(admin: Release) -> None:
    assert described(admin, "areas", ["no such column"], "en") == []


def test_no_meaning_speaks_of_code() -> None:
    assert not [key for key, each in terms().items() if re.search(r"\bNaN\b|\bNULL\b", " ".join(each.meaning.values()))]
