"""How sure the order is: SMAA of METHODS 10, draws within intervals, and row order."""

import numpy as np
import pandas as pd
import pytest

from hotspot.decisions.ranks import Uncertainty, acceptability, rank_band

SPREAD = Uncertainty(draws=300)


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def places(n: int = 8) -> pd.DataFrame:
    draw = np.random.default_rng(2)
    return pd.DataFrame(draw.uniform(size=(n, 2)), index=[f"p{i}" for i in range(n)], columns=["u", "v"])


WEIGHTS = pd.Series({"u": 0.6, "v": 0.4})


def test_two_options_under_any_weighting() -> None:
    w = (np.arange(100_000) + 0.5) / 100_000  # an even sweep instead of draws: exact to 1e-5
    shares = acceptability([[1, 0.2], [0.3, 0.6]], np.column_stack([w, 1 - w]))
    assert shares[0, 0] == pytest.approx(7 / 11, abs=1e-5)  # .636364
    assert shares == pytest.approx(np.array([[7, 4], [4, 7]]) / 11, abs=1e-5)


def test_the_compromise_never_wins_but_comes_second() -> None:
    weights = np.random.default_rng(1).dirichlet([1, 1, 1], size=40_000)
    shares = acceptability([[0.9, 0.2, 0.4], [0.5, 0.6, 0.5], [0.2, 0.9, 0.6]], weights)
    assert shares[:, 0] == pytest.approx([0.389, 0.000, 0.611], abs=0.01)
    assert shares[1, 1] > 0.9
    assert shares.sum(axis=0) == pytest.approx([1, 1, 1])
    assert shares.sum(axis=1) == pytest.approx([1, 1, 1])


def test_ties_share_their_ranks() -> None:
    assert acceptability([[1.0], [1.0]], [[1.0]]).tolist() == [[0.5, 0.5], [0.5, 0.5]]


def test_the_order_of_rows_and_columns_does_not_matter() -> None:
    table = places()
    one = rank_band(table, WEIGHTS, SPREAD, "percentile", rng())
    turned = rank_band(table.iloc[::-1, ::-1], WEIGHTS.iloc[::-1], SPREAD, "percentile", rng())
    for first, second in zip(one, turned, strict=True):
        pd.testing.assert_series_equal(first, second.reindex(table.index))
    assert one.first_share.sum() == pytest.approx(1)


def test_one_component_without_interval_leaves_no_doubt() -> None:
    band = rank_band(
        pd.DataFrame({"u": [3.0, 1.0, 2.0]}, index=list("abc")), pd.Series({"u": 1.0}), SPREAD, "minmax", rng()
    )
    assert band.rank_low.tolist() == band.rank_high.tolist() == [1, 3, 2]
    assert band.first_share.tolist() == [1, 0, 0]
    assert band.score_low.tolist() == band.score_high.tolist() == [1, 0, 0.5]


def test_wider_intervals_widen_the_ranks_and_each_side_has_its_own() -> None:
    table = pd.DataFrame({"u": [0.0, 1.0, 2.0]}, index=list("abc"))
    weights = pd.Series({"u": 1.0})
    wide = Uncertainty(table - 4, table + 4, draws=300)
    upward = Uncertainty(table, table.assign(u=[0.0, 1.0, 9.0]), draws=300)
    band = rank_band(table, weights, wide, "percentile", rng())
    assert ((band.rank_high - band.rank_low) == 2).all()
    only_up = rank_band(table, weights, upward, "percentile", rng())
    assert only_up.first_share.tolist() == [0, 0, 1]  # it can only move further up


def test_unknown_places_have_no_band() -> None:
    table = places()
    table.loc["p3"] = np.nan
    table.loc["p4", "u"] = np.nan
    band = rank_band(table, WEIGHTS, SPREAD, "percentile", rng())
    assert all(np.isnan(part["p3"]) for part in band)
    assert not any(np.isnan(part["p4"]) for part in band)
    nothing = rank_band(table * np.nan, WEIGHTS, SPREAD, "percentile", rng())
    assert all(part.isna().all() for part in nothing)


def test_what_is_unknown_of_a_place_may_be_anything() -> None:
    rows = [f"p{i:02}" for i in range(21)]
    values = pd.DataFrame({"a": np.linspace(0, 1, 21), "b": np.linspace(0, 1, 21)}, index=rows)
    values.loc["p20", "b"] = np.nan  # best known by a: the other half could put it anywhere from middle to first
    weights = pd.Series({"a": 0.5, "b": 0.5})
    sure = Uncertainty(draws=4000, concentration=1e9)
    band = rank_band(values, weights, sure, "percentile", np.random.default_rng(1))
    assert (band.rank_low["p20"], band.rank_high["p20"]) == (1, 10)  # 0.5 + 0.5 u; p11 to p19 exceed 0.525
    assert band.score_low["p20"] == pytest.approx(0.525, abs=0.01)
    assert band.score_high["p20"] == pytest.approx(0.975, abs=0.01)
    assert (band.rank_low["p00"], band.rank_high["p00"]) == (21, 21)
