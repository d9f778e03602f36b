"""Measures chosen anew for every draw: shares against what can be worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from hotspot.decisions.evidence import measures_from
from hotspot.decisions.portfolio import FRONTIER, best_portfolio
from hotspot.experiments.robust import robust_plan
from hotspot.packaged import evidence_records

EVIDENCE = measures_from(evidence_records())
MEASURES = {
    key: EVIDENCE["lighting_upgrade"]._replace(key=key, mechanism=kind)
    for key, kind in (("lamps", "light"), ("light", "light"), ("hedge", "sight"))
}
DRAWS = 4000
NEAR = 4 * np.sqrt(0.25 / DRAWS)  # four standard errors of a share


def plan(rows, budget, worth=None, draws=DRAWS, seed=1):
    frame = pd.DataFrame(rows, columns=["area_id", "measure", "cost_dkk", "p_fewer"])
    works = frame["measure"].map({key: each.mechanism for key, each in MEASURES.items()})
    site = frame["area_id"] + "|" + frame["measure"]
    frame = frame.assign(p_felt=np.nan, pilot=False, mechanism=works, site=site).set_index("site")
    people = pd.Series(worth or {"a": 100.0, "b": 40.0})
    best = best_portfolio(frame, people, budget)
    return best, robust_plan(best.candidates, MEASURES, budget, np.random.default_rng(seed), draws=draws)


def test_of_two_that_work_apart_the_cheaper_is_chosen_when_both_do():
    _best, found = plan([("a", "lamps", 60, 0.8), ("a", "hedge", 50, 0.6)], 60)
    assert found.included["a|hedge"] == pytest.approx(0.6, abs=NEAR)  # whenever it works
    assert found.included["a|lamps"] == pytest.approx(0.8 * 0.4, abs=NEAR)  # only when the cheaper fails


def test_measures_of_one_mechanism_share_their_luck():
    _best, found = plan([("a", "lamps", 60, 0.8), ("a", "light", 50, 0.6)], 60)
    assert found.included["a|light"] == pytest.approx(0.6, abs=NEAR)
    assert found.included["a|lamps"] == pytest.approx(0.2, abs=NEAR)


def test_one_draw_holds_at_every_place():
    _best, found = plan([("a", "lamps", 50, 0.7), ("b", "lamps", 50, 0.7)], 100)
    assert found.included["a|lamps"] == found.included["b|lamps"] == pytest.approx(0.7, abs=NEAR)


def test_the_published_knapsack_is_chosen_in_every_draw_when_all_is_sure():
    # METHODS 10: site 1 costs 60, 100, benefits 60, 90; site 2 costs 50, 70, benefits 45, 65; budget 110: 60 + 50
    rows = [
        ("one", "lamps", 60, 60 / 90),
        ("one", "hedge", 100, 1.0),
        ("two", "lamps", 50, 45 / 65),
        ("two", "hedge", 70, 1.0),
    ]
    best, _found = plan(rows, 110, {"one": 90.0, "two": 65.0}, draws=1)
    assert set(best.chosen.index) == {"one|lamps", "two|lamps"}
    sure = [(place, measure, cost, 1.0) for place, measure, cost, _p in rows]
    best, found = plan(sure, 130, {"one": 60.0, "two": 45.0}, draws=50)
    assert found.included.to_dict() == {"one|lamps": 1.0, "two|lamps": 1.0, "one|hedge": 0.0, "two|hedge": 0.0}
    assert (found.frontier["benefit_low"] == found.frontier["benefit_high"]).all()
    assert found.frontier["benefit_low"].tolist() == best.frontier["benefit"].tolist()


def test_the_mean_over_draws_lies_within_its_limits_and_budgets_are_the_portfolio_s():
    best, found = plan([("a", "lamps", 50, 0.7), ("b", "hedge", 50, 0.5)], 100)
    assert found.frontier["budget_dkk"].tolist() == [100 * each for each in FRONTIER]
    inside = best.frontier["benefit"].to_numpy()
    assert (found.frontier["benefit_low"] <= inside).all()
    assert (inside <= found.frontier["benefit_high"]).all()
    assert found.frontier["benefit_high"].iloc[-1] == 140  # everybody


def test_what_has_no_price_is_never_said_to_be_chosen_and_order_does_not_matter():
    rows = [("a", "lamps", np.nan, 0.9), ("b", "hedge", 50, 0.5)]
    _best, found = plan(rows, 100)
    assert np.isnan(found.included["a|lamps"])
    _best, again = plan(rows[::-1], 100)
    assert again.included.reindex(found.included.index).equals(found.included)


def test_nothing_to_choose_from_gives_nothing():
    best, _found = plan([("a", "lamps", 50, 0.5)], 100)
    found = robust_plan(best.candidates.iloc[:0], MEASURES, 100, np.random.default_rng(1))
    assert found.included.empty
    assert found.frontier["benefit_high"].tolist() == [0.0] * len(FRONTIER)
