"""The fixed table from one delivery to the next: what was told once stands, and a new year comes in beside it."""

import datetime as dt
from itertools import product

import numpy as np
import pytest

from hotspot.release.cube import ALL, Cube
from hotspot.release.deliveries import named
from hotspot.release.make import NO_TABLE
from hotspot.release.standing import LINE, NOTHING_STANDS, Standing, has_table, stand
from tests.release.village import KINDS, Kept, Reader, ask, deliver, first_delivery, village

TREE = {ALL: ("x", "y")}


def cube_of(years, counts):
    """A table of one place and two kinds."""
    lines = {}
    for year, code in product((*years, ALL), ("x", "y", ALL)):
        own = [n for (when, what), n in counts.items() if year in (ALL, when) and code in (ALL, what) and when in years]
        for area in ("A", ALL):
            lines[area, year, code] = float(sum(own))
    return Cube(lines, ("A",), tuple(years), TREE)


OLD = {("2023", "x"): 12, ("2023", "y"): 0, ("2024", "x"): 9, ("2024", "y"): 8}
LATE = OLD | {("2023", "x"): 13, ("2023", "y"): 2, ("2025", "x"): 7, ("2025", "y"): 20}


def told(table):
    return {named(LINE, *key): n for key, n in table.told().items()}


@pytest.fixture
def first():
    return stand(cube_of(("2023", "2024"), OLD), {("A", "2024", "y")}, NOTHING_STANDS)


def test_what_was_told_once_is_told_again_and_nothing_else_of_that_year(first):
    again = stand(cube_of(("2023", "2024"), LATE), set(), Standing.of([told(first)]))
    assert again.told() == first.told()
    assert again.hidden == {("A", "2024", "y")}


def test_a_line_that_was_zero_stays_zero_so_that_nobody_learns_that_some_came(first):
    again = stand(cube_of(("2023", "2024"), LATE), set(), Standing.of([told(first)]))
    assert again.cube.counts["A", "2023", "y"] == 0
    assert ("A", "2023", "y") not in again.hidden


def test_a_new_year_is_told_and_totals_over_years_are_sums_of_what_is_told(first):
    table = stand(cube_of(("2023", "2024", "2025"), LATE), {("A", "2025", "x")}, Standing.of([told(first)]))
    shown = table.told()
    assert shown["A", "2025", "y"] == 20
    assert np.isnan(shown["A", "2025", "x"])
    assert np.isnan(shown["A", ALL, "x"])
    assert shown["A", ALL, "y"] == 28  # 8 that stand, though one of their years is hidden, and 20
    assert shown[ALL, ALL, "x"] == 21 + 7


def test_a_third_table_takes_each_year_from_the_first_that_told_it(first):
    three = ("2023", "2024", "2025")
    second = stand(cube_of(three, LATE), set(), Standing.of([told(first)]))
    later = stand(cube_of(three, LATE | {("2025", "x"): 9}), set(), Standing.of([told(first), told(second)]))
    assert later.told() == second.told()


@pytest.mark.parametrize("periods", [("2023-03-01..2024-02-28",), ("2024-01-01..2024-06-30",)])
def test_parts_of_years_that_may_overlap_are_not_told_beside_others(first, periods):
    counts = {(periods[0], "x"): 9, (periods[0], "y"): 8}
    assert not stand(cube_of(periods, counts), set(), Standing.of([told(first)])).told()


def test_other_incidents_or_other_places_have_no_table_beside_the_first(first):
    standing = Standing.of([told(first)], comparable=False)
    assert not stand(cube_of(("2023", "2024"), OLD), set(), standing).told()


def test_a_single_line_told_by_another_name_is_no_table(first):
    assert has_table(told(first))
    assert not has_table({named(LINE, "A", "2024", "x"): 9.0})


def test_a_year_that_came_to_its_end_is_told_beside_the_old_ones_and_gives_nothing_away(tmp_path):
    store, kept = village(tmp_path / "village"), Kept()
    store.study = store.study.but(period=(dt.date(2023, 1, 1), dt.date(2023, 12, 31)))
    first = ask(store, kept, "council")
    counts = first_delivery() | {(1, "V2", 2023, "theft"): 1, (1, "V3", 2023, "vandalism"): 2}
    deliver(store, counts)
    store.study = store.study.but(period=(dt.date(2023, 1, 1), dt.date(2024, 12, 31)))
    second = ask(store, kept, "council")
    old, new = (each.counts.set_index(["area_id", "period", "category"]) for each in (first, second))
    both = old.index[old.index.get_level_values("period") == "2023"]
    assert new.loc[both, "n"].equals(old.loc[both, "n"])
    assert new.xs("2024", level="period")["n"].notna().any()
    totals = new.xs("", level="period")["n"].dropna()
    assert len(totals) > 0
    for area, code in totals.index:
        assert totals[area, code] == old.loc[(area, "2023", code), "n"] + new.loc[(area, "2024", code), "n"]
    reader = Reader(counts, 2)
    for _, row in new.reset_index().iterrows():
        what = KINDS if row["category"] in ("", "property") else (row["category"],)
        if row["period"] == "2023":
            reader.hear(reader.which(0, row["area_id"], (2023,), what), row["n"], "stands")
        elif row["period"] == "2024":
            reader.hear(reader.which(1, row["area_id"], (2024,), what), row["n"], "new")
    reader.read(first, 0, (2023,), KINDS, table=False)
    reader.read(second, 1, table=False)
    assert not reader.worked_out([(0, (2023,), KINDS), (1, (2023, 2024), KINDS)])


def test_a_study_that_loses_its_table_says_so(tmp_path):
    store, kept = village(tmp_path / "village"), Kept()
    store.study = store.study.but(period=(dt.date(2024, 1, 1), dt.date(2024, 6, 30)))
    first = ask(store, kept, "council")
    assert len(first.counts)
    assert not [each for each in first.findings if each.template == NO_TABLE]
    deliver(store, first_delivery() | {(1, "V2", 2024, "theft"): 1})
    store.study = store.study.but(period=(dt.date(2023, 1, 1), dt.date(2024, 12, 31)))
    second = ask(store, kept, "council")
    assert not len(second.counts)
    assert [each for each in second.findings if each.template == NO_TABLE]


def test_a_year_that_is_not_over_in_the_data_is_not_told(tmp_path):
    store, kept = village(tmp_path / "village"), Kept()
    deliver(store, first_delivery(), (dt.date(2023, 1, 1), dt.date(2024, 11, 30)))
    assert set(ask(store, kept, "council").counts["period"]) == {"", "2023"}
