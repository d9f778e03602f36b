"""A search for a sequence of requests, deliveries between them, that reveals a count under k: it must find none."""

import datetime as dt
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.release.make import OTHER_GRID
from hotspot.store import Store
from tests.release.fixed_table import read_table
from tests.release.village import COUNTED, DAYS, KINDS, YEARS, Kept, Reader, ask, deliver, first_delivery, village

WINDOWS = {YEARS: DAYS, (2024,): (dt.date(2024, 1, 1), DAYS[1])}
CHOICES = {KINDS: (), **{(kind,): (kind,) for kind in KINDS}}
NEW = (
    {("V2", 2024, "theft"): 1},
    {("V1", 2024, "theft"): 1, ("V4", 2023, "vandalism"): 2, ("V5", 2024, "theft"): 6},
)


@pytest.fixture(scope="module")
def kept():
    return Kept()


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    return village(tmp_path_factory.mktemp("search") / "village").folder


requests = st.one_of(
    st.just(("deliver",)),
    st.tuples(st.sampled_from(["council", "partner"]), st.just(YEARS), st.just(KINDS)),
    st.tuples(st.just("planner"), st.sampled_from(sorted(WINDOWS)), st.sampled_from(sorted(CHOICES))),
)


def revealed(start, folder, kept, sequence, *, looking_back=True):
    """Send the requests, read every answer, and return the small counts that follow from all of them together.

    Between them are delivered the rows that a request names, or the next of `NEW`. The fixed table tells the counts of
    the delivery with which anything was told first.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(start, folder)
    store, counts, delivered, heard, asked, first = Store(folder), first_delivery(), 0, [], [], None
    for request in sequence:
        if request[0] == "grid":
            store.study = store.study.but(cell_m=request[1])
            continue
        if request[0] == "deliver":
            new = request[1:] or NEW[delivered : delivered + 1]
            if new:
                delivered += 1
                counts |= {(delivered, *where): n for where, n in new[0].items()}
                deliver(store, counts)
            continue
        audience, years, kinds = request
        change = {"period": WINDOWS[years], "categories": CHOICES[kinds]}
        shown = ask(store, kept, audience, looking_back, **change)
        first = delivered if first is None else first
        heard.append((shown, delivered, years, kinds, first if looking_back else delivered))
        asked.append((delivered, years, kinds))
    store.close()
    reader = Reader(counts, delivered + 1)
    for *each, told_first in heard:
        reader.read(*each, table=False)
        read_table(reader, each[0], told_first, *each[2:])
    return reader.worked_out(asked) if heard else []


@settings(max_examples=5)
@given(st.lists(requests, min_size=3, max_size=5))
def test_no_sequence_of_requests_reveals_a_small_count(start, kept, tmp_path_factory, sequence):
    assert not revealed(start, tmp_path_factory.getbasetemp() / "searched", kept, sequence)


@pytest.mark.parametrize(
    "sequence",
    [
        [("council", YEARS, KINDS), ("deliver",), ("council", YEARS, KINDS)],
        [("planner", YEARS, KINDS), ("planner", YEARS, ("theft",)), ("planner", (2024,), ("theft",))],
        [("deliver",), ("deliver",), ("council", YEARS, KINDS), ("planner", (2024,), ("theft",))],
    ],
    ids=["a delivery", "filters", "a filter beside the fixed table"],
)
def test_the_search_finds_what_a_release_that_forgets_gives_away(start, kept, tmp_path, sequence):
    assert revealed(start, tmp_path / "village", kept, sequence, looking_back=False)
    assert not revealed(start, tmp_path / "village", kept, sequence)


def test_a_filter_between_two_lines_of_the_fixed_table_leaves_no_fourth_count(start, kept, tmp_path):
    sequence = [("deliver",), ("council", YEARS, KINDS), ("planner", (2024,), ("vandalism",))]
    assert not revealed(start, tmp_path / "village", kept, sequence)


THEFT_2024 = ("planner", (2024,), ("theft",))


@pytest.mark.parametrize(
    "sequence",
    [
        [("planner", (2024,), KINDS), ("deliver",), THEFT_2024, ("council", YEARS, KINDS)],
        [("planner", (2024,), KINDS), ("deliver",), ("planner", YEARS, KINDS), THEFT_2024],
        [("planner", (2024,), KINDS), ("deliver",), ("planner", YEARS, ("theft",)), ("planner", YEARS, KINDS),
         ("partner", YEARS, KINDS), THEFT_2024],
    ],
    ids=["the table last", "the table between", "two filters about the table"],
)  # fmt: skip
def test_a_filter_that_is_a_line_of_the_fixed_table_hides_what_the_table_hides(start, kept, tmp_path, sequence):
    assert not revealed(start, tmp_path / "village", kept, sequence)


@pytest.fixture(scope="module")
def with_cells(tmp_path_factory):
    return village(tmp_path_factory.mktemp("search") / "cells", (*COUNTED, "hotspots")).folder


@pytest.mark.parametrize(
    "sequence",
    [
        [("planner", YEARS, KINDS), THEFT_2024],
        [("planner", (2024,), KINDS), ("deliver",), ("planner", YEARS, KINDS), THEFT_2024],
        [("planner", YEARS, KINDS), ("deliver",), ("grid", 200.0), ("planner", YEARS, KINDS), THEFT_2024],
    ],
    ids=["a filter", "a filter after a delivery", "another grid"],
)
def test_cells_do_not_add_up_to_a_place_that_is_hidden(with_cells, kept, tmp_path, sequence):
    assert not revealed(with_cells, tmp_path / "village", kept, sequence)


def test_cells_of_another_size_are_not_told_beside_the_first(with_cells, kept, tmp_path):
    shutil.copytree(with_cells, tmp_path / "village")
    store = Store(tmp_path / "village")
    first = ask(store, kept, "planner")
    assert first.layers["hotspots"].frame["n"].notna().any()
    store.study = store.study.but(cell_m=200.0)
    second = ask(store, kept, "planner")
    assert second.layers["hotspots"].frame["n"].isna().all()
    assert [each for each in second.findings if each.template == OTHER_GRID]
    assert second.places["n"].equals(first.places["n"])
    assert ask(store, kept, "admin").layers["hotspots"].frame["n"].notna().all()


def test_fixed_tables_of_two_deliveries_leave_no_small_count(start, kept, tmp_path):
    sequence = [("council", YEARS, KINDS), ("deliver",), ("deliver",), ("council", YEARS, KINDS)]
    assert not revealed(start, tmp_path / "village", kept, sequence)


def test_the_village_has_small_counts_to_find():
    reader = Reader(first_delivery(), 1)
    small = {name[1] for name in reader.secrets([(0, YEARS, KINDS)])}
    assert small >= {"V1", "V3", "V5"}
