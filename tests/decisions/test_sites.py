"""What could be done where: conditions, the unknown, quantities and costs."""

import numpy as np
import pandas as pd
import pytest

from hotspot.decisions.evidence import Condition, Measure, Quantity, measures_from
from hotspot.decisions.sites import FACTS, find_candidates, fit, recovery
from hotspot.errors import StudyError
from hotspot.packaged import categories, evidence_records

EVIDENCE = measures_from(evidence_records())
LIGHTING = {"lighting_upgrade": EVIDENCE["lighting_upgrade"]}
PRICE = {
    "measure": "lighting_upgrade", "unit": "per lamp", "capex_dkk": 5_000.0, "opex_dkk_year": 100.0,
    "life_years": 20.0, "source": "offer 2026",
}  # fmt: skip


def facts(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame(columns, index=[f"a{i}" for i in range(len(next(iter(columns.values()))))])


def prices(**changes: object) -> pd.DataFrame:
    return pd.DataFrame([{**PRICE, **changes}])


@pytest.mark.parametrize(("years", "factor"), [(10, 0.120241), (20, 0.0703611), (25, 0.0606740)])
def test_capital_recovery_at_three_and_a_half_per_cent(years: float, factor: float) -> None:
    assert recovery(0.035, years) == pytest.approx(factor, abs=5e-7)


def test_capital_recovery_at_its_limits() -> None:
    assert recovery(0.0, 20) == 0.05
    assert recovery(0.035, 1) == pytest.approx(1.035)
    assert np.isnan([recovery(0.035, 0), recovery(0.035, np.nan)]).all()


def test_fits_only_where_every_condition_holds_and_the_unknown_is_neither() -> None:
    found = find_candidates(facts(lamps=[4, 4, 4, 0, np.nan], min_lux=[1.9, 2.0, np.nan, 1.0, 3.0]), LIGHTING)
    assert found.table.index.tolist() == ["a0|lighting_upgrade"]
    assert found.unsaid["area_id"].tolist() == ["a2"]
    assert found.unsaid["missing"].tolist() == [("min_lux",)]


@pytest.mark.parametrize(
    ("test", "value", "holds"),
    [("above", 3.0, False), ("at_least", 3.0, True), ("below", 3.0, False), ("at_most", 3.0, True)],
)
def test_limits_belong_where_their_word_says(test: str, value: float, holds: bool) -> None:  # noqa: FBT001
    assert fit(pd.Series({"lamps": 3.0}), (Condition("lamps", test, value),)) == (holds, ())


def test_kinds_of_places_are_named() -> None:
    condition = (Condition("kind", "one_of", ("housing", "station")),)
    assert fit(pd.Series({"kind": "station"}), condition)[0]
    assert not fit(pd.Series({"kind": "shore"}), condition)[0]
    assert fit(pd.Series({"other": 1}), condition) == (True, ("kind",))


def test_cost_of_four_lamps() -> None:
    row = find_candidates(facts(lamps=[4], min_lux=[1.0]), LIGHTING, prices()).table.iloc[0]
    assert row["quantity"] == 4
    assert row["cost_dkk"] == 4 * 5_100
    assert row["yearly_dkk"] == pytest.approx(4 * (5_000 * 0.0703611 + 100), abs=0.01)
    assert (row["price_source"], row["unpriced"]) == ("offer 2026", "")


@pytest.mark.parametrize(
    ("listed", "why"),
    [
        (None, "no price"),
        (prices(measure="cctv"), "no price"),
        (prices(unit="per metre"), "price per another unit"),
        (prices(opex_dkk_year=np.nan), "price incomplete"),
    ],
)
def test_no_price_is_never_free(listed: pd.DataFrame | None, why: str) -> None:
    row = find_candidates(facts(lamps=[4], min_lux=[1.0]), LIGHTING, listed).table.iloc[0]
    assert row["unpriced"] == why
    assert np.isnan([row["cost_dkk"], row["yearly_dkk"]]).all()


def test_nothing_left_to_do_is_no_candidate_and_parts_round_up() -> None:
    measure: Measure = LIGHTING["lighting_upgrade"]._replace(
        conditions=(), quantity=Quantity("dark_path_m", divide_by=30.0)
    )
    found = find_candidates(facts(dark_path_m=[0.0, 31.0, np.nan]), {"gap": measure}, prices(measure="gap"))
    assert found.table["quantity"].tolist() == pytest.approx([2, np.nan], nan_ok=True)
    assert found.table["unpriced"].tolist() == ["", "quantity not known"]


def test_a_price_list_names_each_measure_once() -> None:
    with pytest.raises(StudyError, match="Named more than once: lighting_upgrade"):
        find_candidates(facts(lamps=[1]), LIGHTING, pd.concat([prices(), prices(capex_dkk=1.0)]))


def test_the_evidence_asks_only_for_facts_that_are_known_of_places() -> None:
    known = set(FACTS) | {f"n_{code}" for code in categories()}
    asked = {each.fact for measure in EVIDENCE.values() for each in measure.conditions}
    asked |= {measure.quantity.fact for measure in EVIDENCE.values() if measure.quantity.fact}
    assert asked <= known
