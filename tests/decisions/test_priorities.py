"""Which places come first: contributions that add up, the unknown, directions and row order."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.decisions.priorities import Priorities, prioritise
from hotspot.decisions.ranks import Uncertainty
from hotspot.errors import StudyError

WEIGHTS = {"felt": 0.45, "recorded": 0.20, "light": 0.35}
FEW = Uncertainty(draws=50)


def ranked(values: pd.DataFrame, weights: dict[str, float] = WEIGHTS, **options: object) -> Priorities:
    return prioritise(values, weights, np.random.default_rng(1), **{"uncertainty": FEW, **options})


def places(n: int = 6, seed: int = 3) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    return pd.DataFrame(draw.uniform(size=(n, 3)), index=[f"p{i}" for i in range(n)], columns=list(WEIGHTS))


@settings(max_examples=25)
@given(st.integers(2, 9), st.integers(0, 500), st.integers(0, 8))
def test_contributions_add_up_and_rows_have_no_order(n: int, seed: int, holes: int) -> None:
    table = places(n, seed)
    draw = np.random.default_rng(seed)
    for _ in range(holes):
        table.iloc[draw.integers(n), draw.integers(3)] = np.nan
    found = ranked(table).table
    known = found[found["score"].notna()]
    parts = known.filter(like="part_").sum(axis=1)
    assert parts.to_numpy() == pytest.approx(known["score"].to_numpy(float))
    assert known["score"].between(0, 1).all()
    assert (known["rank_low"] <= known["rank"]).all()
    assert (known["rank"] <= known["rank_high"]).all()
    turned = ranked(table.iloc[::-1, ::-1]).table.loc[table.index, found.columns]
    numbers = [name for name in found.columns if name not in ("why", "reasons")]
    pd.testing.assert_frame_equal(turned[numbers].astype(float), found[numbers].astype(float))
    assert turned["reasons"].tolist() == found["reasons"].tolist()


def test_score_by_hand() -> None:
    table = pd.DataFrame({"felt": [1.0, 2, 3], "recorded": [3.0, 2, 1], "light": [5.0, 5, 5]}, index=list("abc"))
    found = ranked(table).table
    assert found["score"].to_dict() == pytest.approx({"a": 0.2 + 0.175, "b": 0.5, "c": 0.45 + 0.175})
    assert found["rank"].to_dict() == {"a": 3, "b": 2, "c": 1}
    first = found.loc["c", "why"][0]
    assert (first.component, first.value, first.position) == ("felt", 3, 1)
    assert first.share == pytest.approx(0.45 / 0.625)
    assert str(found.loc["c", "reasons"][0]).startswith("This place is number 1 of 3;")


def test_less_may_be_worse_and_equal_scores_share_a_rank() -> None:
    table = pd.DataFrame({"light": [1.0, 9, 9]}, index=list("abc"))
    found = ranked(table, {"light": 2.0}, directions={"light": "less is worse"}).table
    assert found["rank"].tolist() == [1, 2, 2]
    assert found["value_light"].tolist() == [1, 9, 9]  # the place's own number, not turned
    limits = Uncertainty(table - 0.1, table + 0.1, draws=50)
    unsure = ranked(table, {"light": 1.0}, directions={"light": "less is worse"}, uncertainty=limits).table
    assert unsure.loc["a", "first_share"] == 1


def test_missing_is_never_zero_and_too_little_is_not_ranked() -> None:
    table = places()
    table.loc["p0", "recorded"] = np.nan
    table.loc["p1", ["felt", "recorded"]] = np.nan
    found = ranked(table)
    assert found.table.loc["p0", "confidence"] == pytest.approx(0.8)
    assert found.table.loc["p0", "part_felt"] + found.table.loc["p0", "part_light"] == pytest.approx(
        found.table.loc["p0", "score"]
    )
    assert "Only 80% of the weights" in str(found.table.loc["p0", "reasons"][-1])
    assert found.table.loc["p1", ["rank", "score", "rank_low"]].isna().all()
    assert str(found.table.loc["p1", "reasons"][0]).endswith("35% of the weights.")
    assert [str(note) for note in found.notes] == ["1 place is not ranked, because too little is known of it."]


def test_a_layer_known_nowhere_is_told_and_scales_the_others() -> None:
    found = ranked(places().assign(felt=np.nan))
    assert found.table["rank"].notna().all()
    assert "Nothing is known anywhere of felt" in str(found.notes[0])


def test_no_weights_or_no_values_rank_nothing() -> None:
    columns = set(ranked(places()).table.columns)
    empty = ranked(places(), {"felt": 0.0})
    assert empty.table["rank"].isna().all()
    assert set(empty.table.columns) <= columns
    assert ranked(places() * np.nan).table["rank"].isna().all()


def test_weights_add_up_to_one_and_their_size_is_nothing() -> None:
    one, ten = ranked(places()), ranked(places(), {key: 10 * weight for key, weight in WEIGHTS.items()})
    assert one.weights.sum() == pytest.approx(1)
    pd.testing.assert_series_equal(one.table["score"], ten.table["score"])


@pytest.mark.parametrize("weights", [{"felt": -0.1}, {"felt": np.nan}, {"felt": np.inf}, {"moon": 0.5}])
def test_impossible_weights_are_refused_by_name(weights: dict[str, float]) -> None:
    with pytest.raises(StudyError, match=f"These weights are not: {next(iter(weights))}"):
        ranked(places(), weights)
