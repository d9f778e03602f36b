"""The study's own recipe counts as told first, whoever asks for what."""

import numpy as np
import pytest

from hotspot.release import before, note, release
from hotspot.release.asked import Asked
from tests.release.village import AREAS, DAYS, Kept, ask, village

THEFT = {"categories": ("theft",), "period": (DAYS[0].replace(year=2024), DAYS[1])}


@pytest.fixture
def store(tmp_path):
    return village(tmp_path / "village")


def test_a_filter_puts_the_own_recipe_before_it(store):
    ask(store, Kept(), "planner", **THEFT)
    own, filtered = store.released()
    assert Asked.read(own) == Asked((DAYS[0], DAYS[1]), (), ("day", "dusk", "dark"))
    assert Asked.read(filtered).categories == ("theft",)
    assert {name.split("|")[1] for name in own["told"] if name.startswith("cube|")} == {"", *AREAS}


def test_what_was_worked_out_for_a_filter_is_what_the_own_recipe_tells(store):
    kept = Kept()
    ask(store, kept, "planner", **THEFT)
    first = store.released()[0]["told"]
    shown = ask(store, kept, "council")
    assert len(store.released()) == 2
    assert shown.told.keys() == first.keys()
    assert all(np.isclose(first[name], n, equal_nan=True) for name, n in shown.told.items())


def test_who_sees_every_number_leaves_nothing_in_the_ledger(store):
    ask(store, Kept(), "admin", **THEFT)
    assert not store.released()


def test_a_filter_tells_a_line_of_the_table_or_hides_it_as_the_table_does(store):
    kept = Kept()
    shown = ask(store, kept, "planner", **THEFT)
    table = ask(store, kept, "council").counts
    table = table[(table["period"] == "2024") & (table["category"] == "theft")].set_index("area_id")
    n = shown.places["n"]
    told = n.dropna()
    assert len(told) > 0
    assert (table.loc[told.index, "n"] == told).all()
    assert table.loc[AREAS[1], "hidden"]  # 3 thefts
    assert np.isnan(n[AREAS[1]])


def test_the_own_recipe_is_held_against_nothing_at_first(store):
    snapshot = store.snapshot()
    result = Kept().run(snapshot, store.study)
    assert before(store, snapshot, result) is None
    note(store, snapshot, result, "council", release(result, "council"))
    assert len(store.released()) == 1
