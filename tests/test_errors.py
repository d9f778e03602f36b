"""Mistakes told in three parts, and sentences that wait for their language."""

import datetime as dt
import json
import pickle

import numpy as np
import pytest

from hotspot import errors
from hotspot.errors import N_, HotspotError, PersonalDataError, StudyError, TableError, Told

KINDS = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, HotspotError)]


def test_rule_found_and_fix_in_that_order() -> None:
    error = StudyError("At most {n}.", "{given}", "give {n}", n=3, given=4)
    assert str(error) == "At most 3.\nfound: 4\nfix: give 3"
    assert [told.template for told in error.told] == ["At most {n}.", "{given}", "give {n}"]
    assert error.values == {"n": 3, "given": 4}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_value_error_and_travels_whole(kind: type[HotspotError]) -> None:
    error = pickle.loads(pickle.dumps(kind("a {x}", "b", "c", x=1)))  # noqa: S301 - our own bytes
    assert type(error) is kind
    assert isinstance(error, ValueError)
    assert (str(error), error.values) == ("a 1\nfound: b\nfix: c", {"x": 1})


def test_personal_data_is_a_table_that_breaks_its_contract() -> None:
    assert issubclass(PersonalDataError, TableError)
    assert {each.__name__ for each in KINDS} <= set(errors.__doc__.replace("(", " ").split())  # the tree is drawn


@pytest.mark.parametrize(
    ("n", "said"), [(1, "1 row gives"), (0, "0 rows give"), (2, "2 rows give"), (np.int64(1), "1 row gives")]
)
def test_words_follow_their_number(n: int, said: str) -> None:
    assert str(Told("{n} {n:row gives|rows give}", {"n": n})) == said


def test_words_follow_the_length_of_a_list_and_hidden_numbers_tell_nothing() -> None:
    assert str(Told("{rows:row|rows}", {"rows": ["7"]})) == "row"
    assert str(Told("{rows:row|rows}", {"rows": ["7", "9"]})) == "rows"
    assert str(Told("{n} {n:row|rows}", {"n": Told("fewer than {k}", {"k": 5})})) == "fewer than 5 rows"
    assert str(StudyError("a", "{n} {n:row|rows}", "b", n=1)) == "a\nfound: 1 row\nfix: b"


def test_a_marked_literal_is_unchanged() -> None:
    assert N_("{n} incidents") == "{n} incidents"


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"n": 3, "share": 0.5, "text": "æøå", "none": None, "yes": True, "list": [1, "a"]},
        {"day": dt.date(2025, 3, 30), "moment": dt.datetime(2025, 3, 30, 1, tzinfo=dt.UTC)},
        {"inner": Told("{x} of {y}", {"x": 1, "y": Told("two")})},
    ],
)
def test_a_sentence_survives_json(values: dict[str, object]) -> None:
    told = Told("sentence", values)
    assert Told.from_plain(json.loads(json.dumps(told.plain()))) == told


def test_numbers_of_numpy_become_plain() -> None:
    plain = Told("{n} {x:.1f}", {"n": np.int64(3), "x": np.float64(0.25)}).plain()
    assert plain["values"] == {"n": 3, "x": 0.25}
    assert all(type(value) in (int, float) for value in plain["values"].values())


def test_a_sentence_is_filled_only_when_it_is_read() -> None:
    assert str(Told("{a:.0%} of {b}", {"a": 0.5, "b": Told("all")})) == "50% of all"
    with pytest.raises(KeyError, match="a"):
        str(Told("{a}"))
