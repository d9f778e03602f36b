"""The order of the places: contributions that add up, gaps that are no zeros, sentences about places."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.decisions.priorities import Priorities, prioritise
from hotspot.decisions.ranks import Uncertainty
from hotspot.errors import StudyError

QUICK = Uncertainty(draws=200)
WEIGHTS = {"felt": 0.45, "n": 0.2, "lux": 0.15}
VALUES = pd.DataFrame(
    {"felt": [0.4, 0.2, np.nan, 0.3], "n": [3.0, 1, 1, 5], "lux": [1.0, np.nan, np.nan, 3]}, index=list("abcd")
)
NUMBER = st.one_of(st.just(np.nan), st.integers(0, 5).map(float))


def ranked(values: pd.DataFrame = VALUES, weights: dict[str, float] = WEIGHTS, **how: object) -> Priorities:
    how.setdefault("uncertainty", QUICK)
    return prioritise(values, weights, np.random.default_rng(5), **how)  # type: ignore[arg-type]


def parts(table: pd.DataFrame) -> pd.DataFrame:
    return table.filter(regex="^part_")


def test_a_score_by_hand() -> None:
    found = ranked(directions={"lux": "less is worse"})
    assert found.weights.to_dict() == pytest.approx({"felt": 0.5625, "lux": 0.1875, "n": 0.25})
    assert found.table["score"].tolist() == pytest.approx(
        [0.5625 + 0.1875 + 0.125, 0, np.nan, 0.28125 + 0.25], nan_ok=True
    )
    assert found.table["rank"].tolist() == pytest.approx([1, 3, np.nan, 2], nan_ok=True)
    assert found.table["value_lux"].tolist() == pytest.approx([1, np.nan, np.nan, 3], nan_ok=True)


@given(st.lists(st.tuples(NUMBER, NUMBER, NUMBER), min_size=1, max_size=8))
@settings(max_examples=40)
def test_contributions_add_up_and_bands_hold_their_ranks(rows: list[tuple[float, ...]]) -> None:
    values = pd.DataFrame(rows, columns=list(WEIGHTS), index=[f"p{i}" for i in range(len(rows))])
    table = ranked(values, uncertainty=Uncertainty(draws=20)).table
    said = table["score"].notna()
    np.testing.assert_array_equal(parts(table).sum(axis=1)[said], table["score"][said])
    assert table["score"].dropna().between(0, 1).all()
    assert (table["rank_low"] <= table["rank"])[said].all()
    assert (table["rank"] <= table["rank_high"])[said].all()
    assert table["rank"].isna().eq(~said).all()
    assert set(table.index) == set(values.index)


def test_missing_is_not_zero_but_lowers_the_confidence() -> None:
    table = ranked().table
    assert table["confidence"].to_dict() == pytest.approx({"a": 1, "b": 0.8125, "c": 0.25, "d": 1})
    alone = ranked(VALUES.drop(index="c")).table  # the only place without felt safety is not ranked
    pd.testing.assert_series_equal(table["score"].drop("c"), alone["score"])


def test_a_place_of_which_little_is_known_is_kept_unranked_and_told() -> None:
    found = ranked()
    assert np.isnan(found.table.loc["c", "rank_high"])
    assert str(found.table.loc["c", "reasons"][0]) == (
        "Too little is known of this place to rank it: 25% of the weights."
    )
    assert [str(note) for note in found.notes] == ["1 places are not ranked, because too little is known of them."]


def test_what_is_known_nowhere_scales_the_others_up_and_is_told() -> None:
    found = ranked(VALUES.assign(felt=np.nan))
    alone = ranked(VALUES.drop(columns="felt"), {"n": 0.2, "lux": 0.15})
    np.testing.assert_allclose(found.table["score"], alone.table["score"])
    assert found.table["confidence"].max() == pytest.approx(0.35 / 0.8)
    assert "Nothing is known anywhere of felt" in str(found.notes[0])


def test_a_constant_component_moves_nobody() -> None:
    known = VALUES.drop(index="c")
    without = ranked(known, {"n": 0.2}).table
    table = ranked(known.assign(felt=0.3), {"n": 0.2, "felt": 0.45}).table
    pd.testing.assert_series_equal(table["rank"], without["rank"])
    assert (table["part_felt"] == table["part_felt"].iloc[0]).all()
    equal = ranked(pd.DataFrame({"felt": [2.0, 2, 2]}, index=list("xyz")), {"felt": 1.0}).table
    assert equal["score"].tolist() == [0.5, 0.5, 0.5]
    assert equal["rank"].tolist() == [1, 1, 1]
    np.testing.assert_allclose(equal["first_share"], 1 / 3)


def test_less_may_be_worse_and_its_interval_turns_with_it() -> None:
    lux = pd.DataFrame({"lux": [1.0, 2.0]}, index=["a", "b"])
    unsure = Uncertainty(lux, lux.assign(lux=[6.0, 2.0]), draws=2000)
    found = ranked(lux, {"lux": 1.0}, directions={"lux": "less is worse"}, uncertainty=unsure)
    assert found.table["rank"].to_dict() == {"a": 1, "b": 2}
    # only more light than estimated is possible at a, so a may lose the first place: 1/2 P(|z| > 0.392)
    assert found.table.loc["b", "first_share"] == pytest.approx(0.348, abs=0.035)


def test_rows_and_weights_in_any_order_give_the_same() -> None:
    unsure = Uncertainty(VALUES - 0.2, VALUES + 0.2, draws=100)
    first = ranked(uncertainty=unsure).table.drop(columns=["why", "reasons"])
    turned = ranked(VALUES.iloc[::-1, ::-1], dict(reversed(WEIGHTS.items())), uncertainty=unsure).table
    pd.testing.assert_frame_equal(turned.loc[first.index, first.columns], first)


def test_the_caller_s_table_is_left_alone() -> None:
    before = VALUES.copy()
    ranked(directions={"lux": "less is worse"})
    pd.testing.assert_frame_equal(VALUES, before)


def test_one_value_changes_only_what_it_must() -> None:
    first, second = ranked().table, ranked(VALUES.assign(n=[3.0, 1, 2, 5])).table  # c, which is not ranked
    pd.testing.assert_frame_equal(
        first.loc[["a", "b", "d"]].drop(columns=["why", "reasons"]),
        second.loc[["a", "b", "d"]].drop(columns=["why", "reasons"]),
    )


def test_reasons_name_the_largest_parts_first() -> None:
    row = ranked(directions={"lux": "less is worse"}).table.loc["a"]
    assert [each.component for each in row["why"]] == ["felt", "lux", "n"]
    assert sum(each.share for each in row["why"]) == pytest.approx(1)
    told = [str(each) for each in row["reasons"]]
    assert told[0].startswith("This place is number 1 of 3; the number lies between 1 and")
    assert told[1] == "felt: 64% of the score; worse here than in 100% of the other places."


def test_no_weight_at_all_ranks_nothing() -> None:
    table = ranked(weights={"felt": 0.0}).table
    assert table["rank"].isna().all()
    assert (table["confidence"] == 0).all()
    assert list(table.index) == list(VALUES.index)


def test_no_place_at_all() -> None:
    assert ranked(VALUES.iloc[:0]).table.empty


@pytest.mark.parametrize("weights", [{"felt": -0.1}, {"felt": np.nan}, {"noise": 1.0}, {"felt": np.inf}])
def test_impossible_weights_are_refused_by_name(weights: dict[str, float]) -> None:
    with pytest.raises(StudyError, match=f"These weights are not: {next(iter(weights))}"):
        ranked(weights=weights)
