"""Codes have names; what has none reads as itself."""

import tomllib
from pathlib import Path

import numpy as np

from hotspot.errors import Told
from hotspot.glossary.palettes import CLASS_COLOURS, contrast
from hotspot.report.names import CATEGORIES, CLASSES, MEASURES, named, text_of


def test_code_without_a_name_reads_as_itself() -> None:
    assert named("strange_thing", MEASURES, "en") == "strange thing"
    assert named({"da": "Kommunen", "en": "The municipality"}, MEASURES, "da") == "Kommunen"
    assert named(Told("{n} lamps", {"n": 1200.0}), {}, "da") == "1.200 lamps"


def test_missing_text_is_empty() -> None:
    assert [text_of(each, "en") for each in (None, float("nan"), np.nan, "x_y")] == ["", "", "", "x_y"]


def test_measures_are_called_as_the_evidence_calls_them(root: Path) -> None:
    records = [tomllib.loads(path.read_text("utf-8")) for path in (root / "data" / "evidence").glob("*.toml")]
    assert records
    assert {each["measure"]: each["name"]["en"] for each in records} == dict(MEASURES)


def test_assignable_categories_have_names(root: Path) -> None:
    table = tomllib.loads((root / "data" / "categories" / "categories.toml").read_text("utf-8"))["category"]
    assert {code for code, row in table.items() if row["assignable"]} <= set(CATEGORIES)


def test_every_class_a_layer_lists_has_a_name_and_a_colour(root: Path) -> None:
    for path in (root / "layers").glob("*.toml"):
        for code in tomllib.loads(path.read_text("utf-8"))["show"].get("classes", []):
            assert code in CLASSES, path.name
            assert code in CLASS_COLOURS, path.name


def test_strong_classes_stand_out_from_nothing_found() -> None:
    for code in ("hot", "cold", "felt unsafe, many recorded", "felt safe, few recorded"):
        assert contrast(CLASS_COLOURS[code], CLASS_COLOURS["not significant"]) >= 3.0
