"""What was said of one delivery holds for the next of its source, until somebody says otherwise."""

import pytest
import shapely

from hotspot.schema.readings import Word
from hotspot.sources import read_table
from hotspot.store import Store
from hotspot.store.remembered import declined_by_source, remembered, told_remembered, word_for
from hotspot.study import Study

HEAD = "type;tidspunkt;x;y\n"
MONTH_FIRST = HEAD + "Vold;01/13/2024 12:00;711000,5;6168000,5\nVold;01/14/2024 24:00;711000,5;6168000,5\n"
DAY_FIRST = HEAD + "Vold;15/02/2024 12:00;711000,5;6168000,5\n"


@pytest.fixture
def store(tmp_path):
    box = shapely.box(700_000, 6_160_000, 720_000, 6_176_000)
    return Store.create(tmp_path / "study", Study("Testby", "EPSG:25832"), box)


def keep(store, tmp_path, text, word):
    path = tmp_path / "politi.csv"
    path.write_text(text, "utf-8")
    read = read_table(path, "incidents", store.place, crs="EPSG:25832", accept=word.accept, decline=word.decline)
    return store.keep(read)


def test_nothing_is_remembered_of_nobody(store):
    assert remembered(store, "incidents", "politi") == Word()
    given = Word(("month-first",), ("midnight",))
    assert word_for(store, "incidents", "politi", given) == given
    assert told_remembered(given, given) == []


def test_what_was_accepted_and_declined_holds_for_the_next(store, tmp_path):
    keep(store, tmp_path, MONTH_FIRST, Word(("all",), ("24-00",)))
    word = word_for(store, "incidents", "politi", Word())
    assert word == Word(("month-first",), ("24-00",))
    told = [str(each) for each in told_remembered(word, Word())]
    assert told[0].startswith("Accepted as in the delivery before: ['month-first']")
    assert told[1].startswith("Declined as in the delivery before: ['24-00']")
    assert declined_by_source(store) == {("incidents", "politi"): ("24-00",)}


def test_a_delivery_that_gives_no_cause_does_not_forget(store, tmp_path):
    keep(store, tmp_path, MONTH_FIRST, Word(("month-first",), ("24-00",)))
    made = keep(store, tmp_path, DAY_FIRST, word_for(store, "incidents", "politi", Word()))
    assert made.details["provenance"]["accepted"] == ""
    assert word_for(store, "incidents", "politi", Word()) == Word(("month-first",), ("24-00",))


def test_what_is_said_now_goes_before(store, tmp_path):
    keep(store, tmp_path, MONTH_FIRST, Word(("month-first",), ("24-00",)))
    word = word_for(store, "incidents", "politi", Word(("24-00",), ("month-first",)))
    assert word == Word(("24-00",), ("month-first",))
    assert told_remembered(word, Word(("24-00",), ("month-first",))) == []


def test_undoing_takes_the_word_back_too(store, tmp_path):
    keep(store, tmp_path, MONTH_FIRST, Word(("month-first",)))
    store.undo("incidents", "politi")
    assert remembered(store, "incidents", "politi") == Word()


def test_joining_by_name_is_said_of_each_file(store, tmp_path):
    made = keep(store, tmp_path, DAY_FIRST, Word(("join-by-name", "columns")))
    assert made.details["provenance"]["waiting"] == "columns,join-by-name"
    assert remembered(store, "incidents", "politi") == Word(("columns",))
