"""The evidence folder: every packaged file stands, and what is missing or impossible is named."""

import copy
from typing import Any

import pytest

from hotspot.decisions.records import EFFECT, LANGUAGES, TEXTS, problems_of
from hotspot.packaged import categories, evidence_records

RECORDS = evidence_records()
EFFECTS = [
    (key, number, each) for key, record in RECORDS.items() for number, each in enumerate(record.get("effect", []))
]


def lighting() -> dict[str, Any]:
    return copy.deepcopy(dict(RECORDS["lighting_upgrade"]))


@pytest.mark.parametrize("key", RECORDS)
def test_every_packaged_file_stands(key: str) -> None:
    record = RECORDS[key]
    assert problems_of(key, record) == []
    assert set(record["aims_at"]) <= set(categories())
    for name in TEXTS:
        texts = [record[name][language].strip() for language in LANGUAGES]
        assert all(texts)
        assert texts[0] != texts[1], f"{name} reads the same in both languages"


@pytest.mark.parametrize(("key", "number", "effect"), EFFECTS, ids=[f"{key}-{n}" for key, n, _ in EFFECTS])
def test_every_effect_is_flagged(key: str, number: int, effect: dict[str, Any]) -> None:
    assert set(effect) == EFFECT, f"{key} {number}"
    assert isinstance(effect["seen"], bool)
    assert effect["mark"].startswith("V") or not effect["seen"]
    if not effect["seen"]:
        assert "memory" in effect["mark"] or "assumption" in effect["mark"]
    if effect["interval"] == "assumed":
        assert "assumption" in effect["mark"]
    assert set(effect["categories"]) <= set(categories())
    assert effect["doi"] == "" or effect["doi"].startswith("10.")


def test_categories_name_the_measures_that_aim_at_them() -> None:
    aims = {code: {key for key, record in RECORDS.items() if code in record["aims_at"]} for code in categories()}
    assert {code: set(category.measures) for code, category in categories().items()} == aims


@pytest.mark.parametrize(
    ("where", "value", "problem"),
    [
        ("measure", "lamps", "k: measure"),
        ("list", "rumours", "k: list 'rumours'"),
        ("unit", "per pole", "k: unit 'per pole'"),
        ("name", {"da": "Lys", "en": ""}, "k: name"),
        ("fits", {"all": [{"fact": "lamps"}]}, "k: fits"),
    ],
)
def test_what_is_impossible_in_a_measure_is_named(where: str, value: object, problem: str) -> None:
    record = {**lighting(), "measure": "k"}
    assert problems_of("k", record) == []
    assert problem in problems_of("k", {**record, where: value})


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"rr": 1.2}, "direction"),
        ({"direction": "none shown"}, "direction"),
        ({"se_log": float("nan")}, "interval"),
        ({"interval": "reported", "low": 0.9, "high": 1.0}, "interval"),
        ({"rr": 0.0}, "rr"),
        ({"light": ["noon"]}, "light"),
        ({"categories": []}, "categories"),
        ({"mark": ""}, "mark"),
        ({"outcome": "fear"}, "outcome 'fear'"),
        ({"strength": "F"}, "strength 'F'"),
    ],
)
def test_what_is_impossible_in_an_effect_is_named(changes: dict[str, object], problem: str) -> None:
    record = lighting()
    record["effect"][0] = {**record["effect"][0], **changes}
    assert f"lighting_upgrade: effect 1: {problem}" in problems_of("lighting_upgrade", record)


def test_what_is_missing_is_named() -> None:
    record = lighting()
    del record["emmie"], record["cautions"]
    assert problems_of("lighting_upgrade", record) == ["lighting_upgrade: emmie", "lighting_upgrade: cautions"]
    record = lighting()
    del record["effect"][1]["seen"]
    assert problems_of("lighting_upgrade", record) == ["lighting_upgrade: effect 2: seen"]


def test_two_findings_never_act_on_the_same_and_a_pilot_has_none() -> None:
    record = lighting()
    record["effect"].append(record["effect"][0])
    assert problems_of("lighting_upgrade", record) == ["lighting_upgrade: used"]
    assert problems_of("lighting_upgrade", {**lighting(), "list": "pilot"}) == ["lighting_upgrade: list"]
