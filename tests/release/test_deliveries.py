"""One delivery after another: what is told of the second must not tell the few rows that are new in it."""

import pytest

from tests.release.fixed_table import read_table
from tests.release.village import AREAS, KINDS, YEARS, Kept, Reader, ask, deliver, first_delivery, village

NEW = (1, "V2", 2024, "theft")


@pytest.fixture(scope="module")
def kept():
    return Kept()


@pytest.fixture
def store(tmp_path):
    return village(tmp_path / "village")


def since(counts, *new):
    return counts | dict.fromkeys(new, 1)


def heard(counts, *releases, stands=True):
    reader = Reader(counts, len(releases))
    for at, shown in enumerate(releases):
        reader.read(shown, at, table=False)
        read_table(reader, shown, 0 if stands else at)  # the table stands as it was told first
    return reader


ASKED = [(0, YEARS, KINDS), (1, YEARS, KINDS)]


def test_one_row_more_cannot_be_worked_out(store, kept):
    first = ask(store, kept, "council")
    counts = since(first_delivery(), NEW)
    deliver(store, counts)
    second = ask(store, kept, "council")
    assert not heard(counts, first, second).worked_out(ASKED)
    assert second.places.loc["V2", "hidden"]
    assert [each for each in second.findings if "earlier delivery" in each.template]


def test_without_looking_back_it_could(store, kept):
    first = ask(store, kept, "council", looking_back=False)
    counts = since(first_delivery(), NEW)
    deliver(store, counts)
    second = ask(store, kept, "council", looking_back=False)
    found = heard(counts, first, second, stands=False).worked_out(ASKED)
    assert ("since", 1, "V2", YEARS, KINDS) in {name for name, *_ends in found}


def test_most_of_what_did_not_change_stays_shown(store, kept):
    first = ask(store, kept, "council")
    deliver(store, since(first_delivery(), NEW))
    second = ask(store, kept, "council")
    shown, still = (each.places.index[~each.places["hidden"]] for each in (first, second))
    assert len(shown) == len(AREAS)
    assert len(still) >= len(AREAS) - 2  # the one that changed, and one to hide it behind
    assert (second.places.loc[still, "n"] == first.places.loc[still, "n"]).all()
    assert len(second.counts) == len(first.counts)


def test_a_delivery_without_new_rows_changes_nothing(store, kept):
    first = ask(store, kept, "council")
    counts = first_delivery()
    renamed = {(1, *atom[1:]): n for atom, n in counts.items()}  # the same rows under other codes
    deliver(store, renamed)
    second = ask(store, kept, "council")
    assert second.places["n"].tolist() == first.places["n"].tolist()
    assert second.counts["hidden"].tolist() == first.counts["hidden"].tolist()


def test_a_hidden_number_comes_back_once_enough_has_come(store, kept):
    ask(store, kept, "council")
    counts = since(first_delivery(), NEW)
    deliver(store, counts)
    assert ask(store, kept, "council").places.loc["V2", "hidden"]
    counts |= {(2, "V2", 2024, "theft"): 4}
    deliver(store, counts)
    third = ask(store, kept, "council")
    assert third.places.loc["V2", "n"] == sum(n for (_at, area, *_rest), n in counts.items() if area == "V2")


def test_a_row_that_moved_to_another_place_is_told_of_neither(store, kept):
    first = ask(store, kept, "council")
    counts = first_delivery()
    counts[0, "V0", 2023, "theft"] -= 1
    counts[0, "V4", 2023, "theft"] += 1
    deliver(store, counts)
    second = ask(store, kept, "council")
    assert second.places.loc[["V0", "V4"], "hidden"].all()
    assert len(first.places) == len(second.places)


def test_asking_again_gives_the_same_answer_whoever_asked_between(store, kept):
    ask(store, kept, "council")
    deliver(store, since(first_delivery(), NEW))
    one = ask(store, kept, "council")
    ask(store, kept, "planner")
    ask(store, kept, "planner", categories=("theft",))
    again = ask(store, kept, "council")
    assert again.places["n"].equals(one.places["n"])
    assert again.counts["n"].equals(one.counts["n"])
    lines = store.released()
    assert len(lines) == 3  # a delivery's own recipe, another's own, and a filter on that one
    assert [bool(each["told"]) for each in lines] == [True] * 3


def test_a_planner_sees_no_cell_change_by_a_few(store, kept):
    store.study = store.study.but(layers=("hotspots",))
    first = ask(store, kept, "planner")
    deliver(store, since(first_delivery(), NEW) | {(1, "V4", 2024, "theft"): 6})
    second = ask(store, kept, "planner")
    gap = (second.layers["hotspots"].frame["n"] - first.layers["hotspots"].frame["n"]).abs().dropna()
    assert len(gap) > 0
    assert not gap.between(0.5, 4.5).any()
    assert gap.eq(6).any()  # enough to be told


def test_a_recipe_that_became_the_studys_own_later_is_compared_too(store, kept):
    """The council sees the study's own recipe: changing it is asking twice."""
    first = ask(store, kept, "council")
    store.study = store.study.but(categories=("theft",))
    other = ask(store, kept, "council")
    rest = (first.places["n"] - other.places["n"]).dropna()
    assert not rest.between(0.5, 4.5).any()


def test_an_undone_delivery_answers_as_before(store, kept):
    first = ask(store, kept, "council")
    deliver(store, since(first_delivery(), NEW))
    ask(store, kept, "council")
    store.undo("incidents", "town")
    assert ask(store, kept, "council").places["n"].equals(first.places["n"])
