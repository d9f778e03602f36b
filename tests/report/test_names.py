"""Codes have names; what has none reads as itself."""

import tomllib
from pathlib import Path

import numpy as np

from hotspot.errors import Told
from hotspot.glossary.palettes import CLASS_COLOURS, contrast
from hotspot.report.names import CLASSES, KINDS, category_name, measure_title, named, text_of


def test_code_without_a_name_reads_as_itself() -> None:
    assert named("strange_thing", KINDS, "en") == "strange thing"
    assert named({"da": "Kommunen", "en": "The municipality"}, KINDS, "da") == "Kommunen"
    assert named(Told("{n} lamps", {"n": 1200.0}), {}, "da") == "1.200 lamps"


def test_missing_text_is_empty() -> None:
    assert [text_of(each, "en") for each in (None, float("nan"), np.nan, "x_y")] == ["", "", "", "x_y"]


def test_measures_and_categories_are_called_as_their_own_files_call_them() -> None:
    assert measure_title("cctv", "da") == "Kameraovervågning"
    assert measure_title("own_idea", "en") == "own idea"
    assert category_name("riding", "da") == "hensynsløs kørsel på knallert"
    assert category_name("no_such", "en") == "no such"


def test_every_class_a_layer_lists_has_a_name_and_a_colour(root: Path) -> None:
    for path in (root / "layers").glob("*.toml"):
        for code in tomllib.loads(path.read_text("utf-8"))["show"].get("classes", []):
            assert code in CLASSES, path.name
            assert code in CLASS_COLOURS, path.name


def test_strong_classes_stand_out_from_nothing_found() -> None:
    for code in ("hot", "cold", "felt unsafe, many recorded", "felt safe, few recorded"):
        assert contrast(CLASS_COLOURS[code], CLASS_COLOURS["not significant"]) >= 3.0
