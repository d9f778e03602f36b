"""Measures as values: what the records say, kept apart for incidents and felt safety."""

import math

import pytest

from hotspot.decisions.evidence import Condition, measures_from
from hotspot.errors import StudyError
from hotspot.packaged import evidence_records

MEASURES = measures_from(evidence_records())
KEYS = [
    *("alley_gates", "benches_activity", "cctv", "green_upkeep", "hot_spot_patrol", "lighting_dark_gap"),
    *("lighting_upgrade", "moped_barriers", "neighbourhood_watch", "place_management", "problem_oriented"),
    *("secured_by_design", "street_closure", "vacant_lot_greening", "vegetation_thinning"),
]


def test_all_measures_by_key() -> None:
    assert list(MEASURES) == KEYS
    assert all(measure.key == key for key, measure in MEASURES.items())


def test_better_street_lighting() -> None:
    measure = MEASURES["lighting_upgrade"]
    assert measure.conditions == (Condition("lamps", "above", 0.0), Condition("min_lux", "below", 2.0))
    (found,) = measure.used("incidents")
    assert (found.rr, found.se_log, found.light, found.where) == (0.86, 0.08, ("dark",), "outdoor")
    (felt,) = measure.used("felt_safety")
    assert felt.direction == "none shown"  # 47 studies: little evidence that lighting lessens fear
    assert math.isnan(felt.rr)
    assert set(felt.note) == {"da", "en"}
    assert len(measure.effects) > 2


def test_a_pilot_is_a_measure_without_an_effect_that_is_used() -> None:
    for measure in MEASURES.values():
        assert measure.pilot == (not any(each.used for each in measure.effects))
    assert MEASURES["moped_barriers"].pilot
    assert MEASURES["moped_barriers"].used("incidents") == ()


def test_conditions_on_kinds_hold_texts_and_others_numbers() -> None:
    for measure in MEASURES.values():
        for each in measure.conditions:
            assert isinstance(each.value, tuple) == (each.test == "one_of")


def test_all_problems_are_told_at_once() -> None:
    records = evidence_records()
    broken = {"cctv": {**records["cctv"], "unit": "per eye"}, "alley_gates": {**records["alley_gates"], "list": "x"}}
    with pytest.raises(StudyError, match=r"alley_gates: list 'x'; cctv: unit 'per eye'"):
        measures_from({**records, **broken})
