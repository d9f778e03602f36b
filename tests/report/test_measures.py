"""Lists of measures: never free, effects apart, assumptions told."""

import dataclasses

import pandas as pd
import pytest

from hotspot.release.contract import Release
from hotspot.report.measures import (
    change_text,
    cost_text,
    frontier_table,
    measure_groups,
    measure_name,
    measure_table,
    signed,
)


def test_no_price_is_never_free() -> None:
    assert cost_text(float("nan"), "en") == "unpriced"
    assert cost_text(0.0, "en") == "DKK 0"
    assert cost_text(1234567.0, "da") == "1.234.567 kr."


@pytest.mark.parametrize(
    ("change", "text"), [(-0.2, "−20%"), (0.05, "+5%"), (0.001, "0%"), (-0.004, "0%"), (float("inf"), "∞")]
)
def test_signs(change: float, text: str) -> None:
    assert signed(change, "en") == text


def test_interval_of_a_change_is_given_as_ratios() -> None:
    assert change_text(-0.14, 0.74, 1.01, "en") == "−14% (95% interval −26% to +1%)"
    assert change_text(-0.14, None, 1.01, "en") == "−14%"


def test_effects_stand_apart_with_their_basis(council: Release) -> None:
    lamps, planting = measure_table(council, "en")
    assert lamps["measure"] == "New lamps in dark stretches"
    assert lamps["quantity"] == "lamps: 7"
    assert lamps["fewer"] == "−14% (95% interval −26% to +1%), interval assumed; how probable is not known; strength A"
    assert lamps["felt"] == "direction only; how probable is not known; strength B"
    assert planting["fewer"] == "no figure known; strength E"
    assert planting["quantity"] == "1,250 m²"


def test_a_probability_is_told_only_where_the_study_gave_its_interval(council: Release) -> None:
    reported = council.choice.chosen.assign(basis="interval", felt_basis="interval", p_felt=0.7)
    told = dataclasses.replace(council, choice=dataclasses.replace(council.choice, chosen=reported))
    (lamps, *_others) = measure_table(told, "en")
    assert lamps["fewer"] == "−14% (95% interval −26% to +1%); probability of fewer 97%; strength A"
    assert lamps["felt"] == "direction only; probability of safer 70%; strength B"


def test_unpriced_candidates_are_marked(council: Release) -> None:
    assert [row["unpriced"] for row in measure_table(council, "en", of="candidates")] == ["", "", "yes"]


def test_pilots_claim_nothing(council: Release) -> None:
    (pilot,) = measure_table(council, "en", of="pilots")
    assert (pilot["fewer"], pilot["felt"]) == ("no figure known; strength E", "no figure known")


def test_frontier_counts_measures(council: Release) -> None:
    assert frontier_table(council, "en")[1] == {"budget": "DKK 500,000", "measures": "2", "benefit": "15.5"}
    own = council.choice.frontier
    named = own.assign(measures=pd.Series([("a", "b", "c"), ()], index=own.index))
    council.choice.__dict__["frontier"] = named
    assert [row["measures"] for row in frontier_table(council, "en")] == ["3", "0"]


def test_given_name_wins() -> None:
    row = pd.Series({"measure": "cctv", "measure_name": {"da": "Kameraer", "en": "Cameras"}})
    assert measure_name(row, "da") == "Kameraer"


def test_groups_add_up_to_what_is_spent(council: Release) -> None:
    chosen = pd.concat([council.choice.chosen.iloc[[0]].assign(name=f"Place {i}") for i in range(4)])
    many = dataclasses.replace(council, choice=dataclasses.replace(council.choice, chosen=chosen))
    assert measure_groups(many, "en") == [
        {"measure": "new lamps in dark stretches", "places": "4 places", "spent": "DKK 980,000"}
    ]
    assert [group["places"] for group in measure_groups(council, "en")] == ["Lyngen", "Kastanjen"]
