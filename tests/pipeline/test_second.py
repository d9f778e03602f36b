"""The second grade: joined to a result by its keys, kept and taken back whole."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from hotspot.errors import Told
from hotspot.pipeline import run
from hotspot.pipeline.second import Second, kept_second, second_key, with_second
from hotspot.store import Store


class Memory:
    """A shelf that forgets."""

    def __init__(self):
        self.held = {}

    def take(self, key):
        return self.held.get(key)

    def put(self, key, parts, words):
        self.held[key] = (parts, words)


@pytest.fixture(scope="module")
def result(town):
    store = Store(town)
    return run(store.study, store.snapshot(), shelf=store.shelf)


@pytest.fixture
def second(result):
    spots, sites = result.hotspots.index, result.choice.candidates.index
    assert len(spots) > 1
    return Second(
        pd.DataFrame({"held": 46.0, "variants": 50.0, "stability": 0.92}, index=spots[::-1]),
        pd.DataFrame({"included": np.linspace(0, 1, len(sites))}, index=sites[::-1]),
        result.choice.frontier[["budget_dkk"]].assign(benefit_low=1.0, benefit_high=2.0),
        (Told("{n} variants", {"n": 50}),),
    )


def test_a_result_of_the_first_grade_is_not_yet_tested(result):
    assert result.hotspots[["stability", "variants"]].isna().all(axis=None)
    assert "included" not in result.choice.candidates
    assert with_second(result, None) is result


def test_figures_stand_with_their_own_hot_spot_and_measure(result, second):
    one = result.hotspots.index[1]
    second.spots.loc[one, "stability"] = 0.5
    found = with_second(result, second)
    assert found.hotspots.loc[one, "stability"] == 0.5
    assert found.hotspots["variants"].tolist() == [50.0] * len(found.hotspots)
    site = result.choice.chosen.index[0]
    assert found.choice.chosen.loc[site, "included"] == second.included.loc[site, "included"]
    assert found.choice.candidates["included"].to_dict() == second.included["included"].to_dict()
    assert found.choice.frontier["benefit_high"].tolist() == [2.0] * len(found.choice.frontier)
    assert found.findings[-1] == second.notes[0]


def test_nothing_else_of_a_result_changes(result, second):
    found = with_second(result, second)
    for each in dataclasses.fields(result):
        if each.name not in ("hotspots", "choice", "findings"):
            assert getattr(found, each.name) is getattr(result, each.name)
    same = [name for name in result.hotspots if name not in ("stability", "variants")]
    assert found.hotspots[same].equals(result.hotspots[same])
    assert result.hotspots["stability"].isna().all()


def test_what_is_kept_comes_back(second):
    shelf = Memory()
    assert kept_second(shelf, "one") is None
    assert kept_second(None, "one") is None
    shelf.put(second_key("one"), *second.pack())
    again = kept_second(shelf, "one")
    assert again.notes == second.notes
    pd.testing.assert_frame_equal(again.spots, second.spots)
    pd.testing.assert_frame_equal(again.included, second.included)
