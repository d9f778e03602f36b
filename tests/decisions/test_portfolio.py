"""Measures within a budget: both probabilities apart, packages, and what is never chosen."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.decisions.evidence import Measure, measures_from
from hotspot.decisions.knapsack import Demands
from hotspot.decisions.portfolio import (
    CHOSEN,
    FRONTIER,
    LEFT_OUT,
    UNKNOWN,
    UNPRICED,
    UNWEIGHTED,
    Portfolio,
    best_portfolio,
)
from hotspot.errors import StudyError
from hotspot.packaged import evidence_records

EVIDENCE = measures_from(evidence_records())
WORTH = pd.Series({"a": 100.0, "b": 100.0, "c": 50.0, "unknown": np.nan})


def measure(key: str, mechanism: str) -> Measure:
    return EVIDENCE["lighting_upgrade"]._replace(key=key, mechanism=mechanism)


MEASURES = {"lamps": measure("lamps", "light"), "light": measure("light", "light"), "hedge": measure("hedge", "sight")}


def candidates(*rows: tuple[str, str, float, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["area_id", "measure", "cost_dkk", "p_fewer", "p_felt"])
    works = frame["measure"].map({key: each.mechanism for key, each in MEASURES.items()})
    site = frame["area_id"] + "|" + frame["measure"]
    return frame.assign(pilot=False, mechanism=works, site=site).set_index("site")


def plan(rows: pd.DataFrame, budget: float, demands: Demands | None = None) -> Portfolio:
    return best_portfolio(rows, WORTH, budget, demands)


def test_the_more_probable_of_two_effects_counts_and_place_weighs() -> None:
    rows = candidates(("a", "lamps", 100, 0.8, 0.1), ("c", "hedge", 100, np.nan, 0.9))
    found = plan(rows, 100)
    assert list(found.chosen.index) == ["a|lamps"]  # 80 people against 45
    assert found.candidates["benefit"].to_dict() == {"a|lamps": 80, "c|hedge": 45}
    assert found.candidates["per_million"].loc["a|lamps"] == pytest.approx(800_000)
    assert found.spent_dkk == 100


def test_unpriced_and_unknown_are_ranked_and_never_chosen() -> None:
    rows = candidates(
        ("a", "lamps", np.nan, 1.0, 1.0), ("b", "lamps", 10, np.nan, np.nan), ("c", "lamps", 10, 0.1, 0.1),
        ("unknown", "lamps", 10, 0.9, 0.9), ("b", "hedge", 10_000, 0.5, 0.5),
    )  # fmt: skip
    found = plan(rows, 100)
    assert found.candidates["status"].to_dict() == {
        "a|lamps": UNPRICED, "b|hedge": LEFT_OUT, "c|lamps": CHOSEN, "b|lamps": UNKNOWN, "unknown|lamps": UNWEIGHTED,
    }  # fmt: skip
    assert found.candidates.index[0] == "a|lamps"
    assert np.isnan(found.candidates.loc["a|lamps", "per_million"])


def test_two_measures_at_one_place_count_once_where_they_work_alike() -> None:
    alike = candidates(("a", "lamps", 10, 0.6, 0.0), ("a", "light", 10, 0.5, 0.0))
    unlike = candidates(("a", "lamps", 10, 0.6, 0.0), ("a", "hedge", 10, 0.5, 0.0))
    assert list(plan(alike, 20).chosen.index) == ["a|lamps"]
    both = plan(unlike, 20)
    assert set(both.chosen.index) == {"a|lamps", "a|hedge"}
    assert both.frontier.set_index("budget_dkk").loc[20, "benefit"] == pytest.approx(100 * (1 - 0.4 * 0.5))


def test_pilots_stand_apart() -> None:
    rows = candidates(("a", "lamps", 10, 0.6, 0.0), ("b", "hedge", 10, np.nan, np.nan))
    rows.loc["b|hedge", "pilot"] = True
    found = plan(rows, 100)
    assert list(found.pilots.index) == ["b|hedge"]
    assert list(found.candidates.index) == ["a|lamps"]


def test_no_candidate_at_all() -> None:
    found = plan(candidates(("a", "lamps", np.nan, 0.5, 0.5)), 100)
    assert found.chosen.empty
    assert found.spent_dkk == 0
    assert (found.frontier["benefit"] == 0).all()


def test_a_demand_that_the_budget_cannot_meet_is_named() -> None:
    with pytest.raises(StudyError, match=r"must do a\|lamps"):
        plan(candidates(("a", "lamps", 500, 0.5, 0.5)), 100, Demands(must_do=("a|lamps",)))


ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(sorted(MEASURES)), st.integers(1, 50), st.floats(0.01, 0.99)),
    min_size=1, max_size=6, unique_by=lambda row: row[:2],
)  # fmt: skip


@settings(max_examples=15)
@given(ROWS, st.integers(1, 100))
def test_benefit_never_falls_with_the_budget_and_cost_stays_within(rows: list[tuple], budget: int) -> None:
    table = candidates(*[(area, key, float(cost), p, p / 2) for area, key, cost, p in rows])
    found = plan(table, float(budget))
    assert found.spent_dkk <= budget
    assert found.frontier["budget_dkk"].tolist() == [times * budget for times in FRONTIER]
    assert (found.frontier["spent_dkk"] <= found.frontier["budget_dkk"] + 1e-9).all()
    assert found.frontier["benefit"].diff().dropna().ge(-1e-6).all()
    turned = plan(table.iloc[::-1], float(budget))
    assert sorted(turned.chosen.index) == sorted(found.chosen.index)
