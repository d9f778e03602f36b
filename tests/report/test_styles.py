"""QGIS styles: well-formed, one rule per class, patterns for hidden and unknown."""

from xml.etree import ElementTree as ET

import pytest

from hotspot.release.contract import Release
from hotspot.report.classes import classed
from hotspot.report.styles import layer_style, plain_style, rank_style


def rules(qml: str) -> dict[str, str]:
    root = ET.fromstring(qml)  # noqa: S314 - our own text
    assert root.tag == "qgis"
    symbols = {each.get("name") for each in root.iter("symbol")}
    found = list(root.iter("rule"))
    assert {each.get("symbol") for each in found} == symbols
    return {str(each.get("label")): str(each.get("filter", "")) for each in found}


def test_rule_for_each_class_and_pattern(admin: Release) -> None:
    for shown in admin.layers.values():
        found = rules(layer_style(shown, "en", hidden="hidden"))
        assert len(found) == len(classed(shown).colours) + 2


def test_filters_cover_the_numbers(council: Release) -> None:
    found = rules(layer_style(council.layers["felt_unsafe"], "en", column="felt_unsafe", hidden="h"))
    assert found["under 10%"] == '"felt_unsafe" < 0.10000000000000001'
    assert found["10% to 20%"].startswith('"felt_unsafe" >= 0.1')
    assert found["cannot say"] == '"felt_unsafe" IS NULL AND NOT "h"'
    assert found["hidden (protects fewer than 5)"] == '"felt_unsafe" IS NULL AND "h"'


def test_colours_are_those_of_the_classes(admin: Release) -> None:
    qml = layer_style(admin.layers["hotspots"], "en")
    assert 'value="213,94,0,255"' in qml


@pytest.mark.parametrize("shape", ["fill", "line", "marker"])
def test_plain(shape: str) -> None:
    assert rules(plain_style("#a3231c", "hot spot", shape)) == {"hot spot": ""}  # type: ignore[arg-type]


def test_ranks() -> None:
    assert rules(rank_style("en"))["number 1 to 3"] == '"rank" >= 1 AND "rank" <= 3'
