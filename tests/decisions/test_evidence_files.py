"""The evidence and the categories that the product carries: complete, sourced, in two languages, and consistent."""

import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hotspot.decisions.effects import standard_error, sureness
from hotspot.decisions.evidence import measures_from
from hotspot.decisions.records import TESTS
from hotspot.decisions.sites import FACTS, PER_YEAR

DATA = Path(__file__).resolve().parents[2] / "data"
FILES = sorted((DATA / "evidence").glob("*.toml"))
RECORDS = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in FILES}
CATEGORIES = tomllib.loads((DATA / "categories" / "categories.toml").read_text("utf-8"))["category"]
CODES = tomllib.loads((DATA / "categories" / "codes.toml").read_text("utf-8"))["codes"]
KEYS = {
    "lighting_upgrade", "lighting_dark_gap", "vegetation_thinning", "green_upkeep", "vacant_lot_greening",
    "alley_gates", "secured_by_design", "cctv", "street_closure", "moped_barriers", "place_management",
    "problem_oriented", "hot_spot_patrol", "neighbourhood_watch", "benches_activity",
}  # fmt: skip
EFFECTS = [(key, i, each) for key, record in RECORDS.items() for i, each in enumerate(record.get("effect", []))]
IDS = [f"{key}-{i}" for key, i, _ in EFFECTS]
ASSUMED_ERRORS = {0.08, 0.15, 0.20}
PERSONS = re.compile(
    r"\b(?:youth|young|teenager|gangs|unge|ungdom\w*|bande\w*|immigrant\w*|indvandrer\w*)\b", re.IGNORECASE
)
# What was read in the named source, METHODS 1.2, for the findings that calculations use.
FIGURES = {
    ("lighting_upgrade", "theft"): (0.86, 0.08, "A"),
    ("lighting_dark_gap", "theft"): (0.86, 0.08, "A"),
    ("vacant_lot_greening", "burglary"): (0.781, 0.20, "C"),
    ("vacant_lot_greening", "gathering"): (0.697, 0.20, "C"),
    ("alley_gates", "burglary"): (0.63, 0.20, "C"),
    ("secured_by_design", "burglary"): (0.47, 0.20, "B"),
    ("cctv", "theft"): (0.87, 0.08, "A"),
    ("street_closure", "burglary"): (0.75, 0.20, "D"),
    ("problem_oriented", "gathering"): (0.662, 0.15, "A"),
    ("hot_spot_patrol", "violence"): (0.84, 0.08, "A"),
    ("neighbourhood_watch", "burglary"): (0.74, 0.15, "A"),
}


def every_text(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [text for each in node.values() for text in every_text(each)]
    if isinstance(node, list):
        return [text for each in node for text in every_text(each)]
    return [node] if isinstance(node, str) else []


def test_every_measure_has_its_file_and_reads_without_a_problem() -> None:
    assert set(RECORDS) == KEYS
    assert set(measures_from(RECORDS)) == KEYS


@pytest.mark.parametrize(("key", "number", "effect"), EFFECTS, ids=IDS)
def test_every_finding_says_where_it_is_from_and_whether_it_was_seen(
    key: str, number: int, effect: dict[str, Any]
) -> None:
    assert len(effect["citation"]) > 10
    assert effect["doi"] == "" or re.fullmatch(r"10\.\d{4,9}/\S+", effect["doi"])
    assert isinstance(effect["seen"], bool)
    assert effect["mark"].startswith("V") if effect["seen"] else "memory" in effect["mark"]
    assert effect["interval"] != "assumed" or (effect["se_log"] in ASSUMED_ERRORS and "(assumption)" in effect["mark"])
    assert np.isnan(effect["year"]) == ("year not seen" in effect["mark"] or "year and number" in effect["mark"])


def test_figures_used_are_those_of_the_sources() -> None:
    used = {}
    for key, measure in measures_from(RECORDS).items():
        for effect in measure.used("incidents"):
            for category in effect.categories:
                if np.isfinite(effect.rr):
                    used[key, category] = (effect.rr, standard_error(effect), effect.strength)
    assert {each: used[each] for each in FIGURES} == FIGURES
    assert {key for key, _ in used} == {key for key, _ in FIGURES}


def test_a_figure_from_memory_is_never_called_seen() -> None:
    remembered = {(key, each["rr"]) for key, _, each in EFFECTS if not each["seen"]}
    assert remembered == {("cctv", 0.87), ("alley_gates", 0.57)}


def test_light_has_no_solid_evidence_on_fear_and_upkeep_only_indications() -> None:
    felt = {key: each for key, measure in measures_from(RECORDS).items() for each in measure.used("felt_safety")}
    for key in ("lighting_upgrade", "cctv", "problem_oriented", "street_closure"):
        assert felt[key].direction == "none shown"
        assert np.isnan(sureness(felt[key]).probability)
    for key in ("green_upkeep", "secured_by_design", "vegetation_thinning", "lighting_dark_gap"):
        assert np.isnan(felt[key].rr)
        assert sureness(felt[key]).basis == "direction assumed"
    assert felt["vacant_lot_greening"].rr == pytest.approx(1 - 0.578)


def test_what_nobody_has_measured_is_a_pilot() -> None:
    pilots = {key for key, measure in measures_from(RECORDS).items() if measure.pilot}
    assert pilots == {"moped_barriers", "benches_activity"}
    assert not [key for key in pilots if RECORDS[key].get("effect")]


@pytest.mark.parametrize("key", sorted(KEYS))
def test_no_price_is_shipped_and_placeholders_are_labelled(key: str) -> None:
    cost = RECORDS[key]["cost"]
    assert np.isnan([cost["capex_dkk"], cost["opex_dkk_year"]]).all()
    given = np.isfinite([cost["placeholder_low_dkk"], cost["placeholder_high_dkk"]])
    assert given.all() == given.any() == bool(cost["placeholder_basis"])
    assert not given.any() or "(memory)" in cost["placeholder_basis"]
    assert "never used" in cost["placeholder_basis"] or not given.any()


def test_no_calculation_reads_the_placeholders() -> None:
    package = DATA.parent / "hotspot"
    assert not [path for path in package.rglob("*.py") if "placeholder_low" in path.read_text("utf-8")]


def test_emmie_digits_are_those_seen_and_empty_elsewhere() -> None:
    seen = {key: m.emmie for key, m in measures_from(RECORDS).items() if np.isfinite(list(m.emmie.values())).any()}
    assert set(seen) == {"neighbourhood_watch"}
    assert list(seen["neighbourhood_watch"].values()) == [3, 1, 2, 1, 0]


@pytest.mark.parametrize("key", sorted(KEYS))
def test_conditions_and_quantities_ask_only_for_facts_that_exist(key: str) -> None:
    record = RECORDS[key]
    asked = [each["fact"] for each in record["fits"]["all"]] + [record["quantity"].get("fact", "kind")]
    known = set(FACTS) | {PER_YEAR + code for code in CATEGORIES}
    assert set(asked) <= known
    assert record["fits"]["all"]
    assert all(sum(test in each for test in TESTS) == 1 for each in record["fits"]["all"])
    assert "(assumption)" in record["quantity"]["basis"]


def test_barriers_name_whom_they_stop_and_greening_what_went_up() -> None:
    assert "wheelchairs" in RECORDS["moped_barriers"]["cautions"]["en"]
    assert "ladcykler" in RECORDS["moped_barriers"]["cautions"]["da"]
    assert "vehicle theft went up" in RECORDS["vacant_lot_greening"]["cautions"]["en"]


def test_measures_and_categories_name_each_other() -> None:
    aims = {key: set(record["aims_at"]) for key, record in RECORDS.items()}
    for code, row in CATEGORIES.items():
        assert row["measures"] == sorted(key for key, own in aims.items() if code in own), code
    for key, _, effect in EFFECTS:
        assert set(effect["categories"]) <= set(CATEGORIES), key
        assert not effect["used"] or set(effect["categories"]) <= aims[key], key


def test_the_tree_of_categories_is_whole() -> None:
    tops = {code for code, row in CATEGORIES.items() if not row["parent"]}
    assert tops == {"nuisance", "property", "persons", "other"}
    for row in CATEGORIES.values():
        assert row["parent"] in tops | {""}
        assert row["da"]
        assert row["en"]
        assert row["point_or_line"] in {"point", "line"}
    assert {code for code, row in CATEGORIES.items() if not row["assignable"]} == tops - {"other"}


def test_every_source_text_stands_once_and_means_an_assignable_category() -> None:
    texts = [" ".join(unicodedata.normalize("NFC", text).split()).casefold() for row in CODES for text in row["texts"]]
    assert len(texts) == len(set(texts))
    assert all(CATEGORIES[row["category"]]["assignable"] for row in CODES)
    covered = {row["category"] for row in CODES}
    assert covered == {code for code, row in CATEGORIES.items() if row["assignable"]}


def test_vancouver_s_types_are_all_known() -> None:
    own = {text: row["category"] for row in CODES if row["vocabulary"] == "Vancouver police" for text in row["texts"]}
    assert len(own) == 11
    assert own["Break and Enter Commercial"] == "burglary"
    assert own["Mischief"] == "vandalism"
    assert own["Offence Against a Person"] == "violence"


def test_words_are_of_places_and_behaviour_never_of_groups_of_people() -> None:
    texts = every_text(RECORDS) + every_text(CATEGORIES)
    assert not [text for text in texts if PERSONS.search(text)]
    assert not [text for text in texts if text != unicodedata.normalize("NFC", text)]
