"""What a measure would change: METHODS 10, apart for incidents and felt safety."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.decisions.effects import (
    FLOOR,
    acts_on,
    assumptions,
    combine,
    draw_ratios,
    left_of,
    log_error,
    standard_error,
    sureness,
)
from hotspot.decisions.evidence import Effect, Measure, measures_from
from hotspot.packaged import evidence_records

EVIDENCE = measures_from(evidence_records())
LIGHTING = EVIDENCE["lighting_upgrade"]
FOUND = LIGHTING.used("incidents")[0]
UNKNOWN = {"rr": math.nan, "low": math.nan, "high": math.nan, "se_log": math.nan, "p_below": math.nan}
RATIOS = st.lists(st.tuples(st.floats(0.3, 1.0), st.sampled_from("abc")), min_size=1, max_size=6)


def effect(**changes: object) -> Effect:
    return FOUND._replace(**{**UNKNOWN, "interval": "none", "direction": "better", **changes})


def measure(key: str, mechanism: str, *effects: Effect) -> Measure:
    return LIGHTING._replace(key=key, mechanism=mechanism, effects=effects)


@pytest.mark.parametrize(
    ("rr", "low", "high", "probability"),
    [(0.84, 0.70, 1.02, 0.965268)],
)
def test_sureness_from_an_interval(rr: float, low: float, high: float, probability: float) -> None:
    found = sureness(effect(rr=rr, low=low, high=high, interval="reported"))
    assert log_error(low, high) == pytest.approx(0.096042, abs=5e-7)
    assert found.probability == pytest.approx(probability, abs=5e-7)
    assert found.basis == "interval"


@pytest.mark.parametrize(("rr", "se", "probability"), [(0.96, 0.0533, 0.778), (0.89, 0.0742, 0.9418)])
def test_sureness_from_an_assumed_interval_is_never_above_the_test(rr: float, se: float, probability: float) -> None:
    found = sureness(effect(rr=rr, se_log=se, interval="assumed"))
    assert found.probability == pytest.approx(probability, abs=5e-4)
    assert found.basis == "interval assumed"
    assert sureness(effect(rr=0.5, se_log=0.01, interval="assumed", p_below=0.10)).probability == 0.95


def test_sureness_from_less_than_an_interval() -> None:
    assert sureness(effect(p_below=0.05))[:2] == (0.975, "significance")
    assert sureness(effect(p_below=0.05, direction="worse")).probability == pytest.approx(0.025)
    assert sureness(effect(strength="B"))[:2] == (0.70, "direction assumed")
    assert sureness(effect(strength="B", direction="worse")).probability == pytest.approx(0.30)
    assert math.isnan(sureness(effect(strength="E")).probability)
    assert math.isnan(sureness(effect(direction="none shown", p_below=0.05)).probability)
    assert "80% for strength A" in str(assumptions())


def test_effects_multiply_and_are_never_added() -> None:
    assert 100 * combine([0.86, 0.80], ["light", "guardian"]) == pytest.approx(68.8)
    assert combine([], []) == 1


def test_the_weaker_of_one_mechanism_counts_half() -> None:
    assert combine([0.86, 0.80], ["light", "light"]) == pytest.approx(0.80 * math.sqrt(0.86))
    assert combine([0.86, 1.10], ["light", "light"]) == pytest.approx(0.86 * 1.10)  # harm is never halved


def test_no_combination_leaves_less_than_the_floor() -> None:
    assert combine([0.5, 0.5, 0.5], list("abc")) == FLOOR == 0.40


def test_draws_are_combined_one_by_one() -> None:
    both = combine([[0.86, 0.80], [1.0, 0.9]], ["light", "guardian"])
    assert both == pytest.approx([0.688, 0.9])


@given(RATIOS, st.randoms(use_true_random=False), st.floats(0.3, 1.0), st.sampled_from("abcd"))
def test_order_never_matters_and_a_further_measure_never_raises(rows, random, ratio, kind) -> None:
    turned = random.sample(rows, len(rows))
    before = float(combine(*map(list, zip(*rows, strict=True))))
    assert float(combine(*map(list, zip(*turned, strict=True)))) == pytest.approx(before)
    more = [*rows, (ratio, kind)]
    assert float(combine(*map(list, zip(*more, strict=True)))) <= before + 1e-12


def test_a_finding_acts_only_on_its_own_kind_of_incident_and_light() -> None:
    assert acts_on(FOUND, "theft", "dark", outdoor=True)
    assert not acts_on(FOUND, "theft", "day", outdoor=True)
    assert not acts_on(FOUND, "violence", "dark", outdoor=True)
    assert not acts_on(FOUND, "theft", "dark", outdoor=False)
    assert acts_on(FOUND._replace(where="any"), "theft", "dark", outdoor=False)


def test_only_what_is_acted_on_grows_less() -> None:
    assert left_of(("theft", "dark"), [LIGHTING], {}) == pytest.approx(0.86)
    assert [left_of(each, [LIGHTING], {}) for each in (("theft", "day"), ("violence", "dark"))] == [1, 1]
    assert left_of(("theft", "dark"), [LIGHTING], {"theft": False}) == 1
    assert left_of(("theft", "dark"), [], {}) == 1
    other = measure("other", "guardian", effect(rr=0.80, se_log=0.1, interval="assumed"))
    for both in ([LIGHTING, other], [other, LIGHTING]):
        assert left_of(("theft", "dark"), both, {}) == pytest.approx(0.688)


def test_draws_are_of_the_source_and_only_where_there_is_a_figure() -> None:
    same = measure("same", "other", FOUND)
    direction = measure("direction", "other", effect())
    drawn = draw_ratios([LIGHTING, same, direction], 4_000, np.random.default_rng(3))
    assert set(drawn) == {("lighting_upgrade", 0), ("same", 0)}
    assert (drawn["lighting_upgrade", 0] == drawn["same", 0]).all()  # one source, one draw
    logs = np.log(drawn["same", 0])
    assert (logs.mean(), logs.std()) == pytest.approx((math.log(0.86), standard_error(FOUND)), abs=0.006)
    left = left_of(("theft", "dark"), [LIGHTING], {}, drawn)
    assert left == pytest.approx(np.maximum(drawn["lighting_upgrade", 0], FLOOR))
