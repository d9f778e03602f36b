"""What was told of the same data, as sums of parts that the answer of now shares."""

import datetime as dt

import numpy as np
import pytest

from hotspot.release.asked import Asked
from hotspot.release.book import Book
from hotspot.release.own import compared
from hotspot.release.ties import hide_tied, worked_out
from hotspot.study import LIGHT
from tests.release.village import AREAS, DAYS, FIRST, Kept, village

OWN = Asked(DAYS, (), LIGHT)
HALF = Asked((dt.date(2024, 1, 1), dt.date(2024, 6, 30)), ("theft",), LIGHT)
THEFT_2024 = Asked((dt.date(2024, 1, 1), DAYS[1]), ("theft",), LIGHT)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    store = village(tmp_path_factory.mktemp("own") / "village")
    return Kept().run(store.snapshot(), store.study)


def told_of(hidden=()):
    told = {"whole|n": 199.0}
    for at, area in enumerate(AREAS):
        for kind, years in FIRST.items():
            for year, counts in zip((2023, 2024), years, strict=True):
                told[f"cube|{area}|{year}|{kind}"] = float(counts[at])
    return told | dict.fromkeys(hidden, np.nan)


def held(result, told, asked):
    return compared(result, result.points["incidents"], [(OWN, told)], asked)


def test_every_incident_is_in_one_part(result):
    found = held(result, told_of(), HALF)
    assert sum(found.parts.values()) == sum(sum(map(sum, years)) for years in FIRST.values())
    in_half = {key[:2]: n for key, n in found.parts.items() if key[2][-1]}
    rows = result.points["incidents"]
    rows = rows[(rows["category"] == "theft") & (rows["start"].dt.year == 2024) & (rows["start"].dt.month <= 6)]
    assert in_half == {(area, "theft"): n for area, n in rows.groupby("area_id").size().items()}


def test_parts_are_cut_where_light_is_asked_for(result):
    dark = held(result, told_of(), Asked(DAYS, (), ("dark",)))
    assert sum(n for key, n in dark.parts.items() if key[2][-1]) == 0  # all at noon
    day = held(result, told_of(), Asked(DAYS, (), ("day",)))
    assert sum(n for key, n in day.parts.items() if key[2][-1]) == sum(day.parts.values())


@pytest.mark.parametrize("hidden", [True, False])
def test_a_count_that_is_a_line_is_hidden_with_it(result, hidden):
    line = "cube|V0|2024|theft"
    found, book = held(result, told_of([line] if hidden else ()), THEFT_2024), Book()
    for at, area in enumerate(AREAS):
        book.enter(("n", area), FIRST["theft"][1][at])
    untold = found.enter(book, {"n": ()})
    tied = book.tied()
    mask = hide_tied(tied, 5, np.array([key in untold for key in tied.keys]))
    assert np.allclose(tied.sums @ tied.counts, 0)
    assert mask[tied.keys.index(("n", "V0"))] == hidden
    assert not mask[tied.keys.index(("n", "V4"))]


def test_a_hidden_line_that_is_empty_is_not_taken_for_known(result):
    """V5 had no incidents in a year that both tables and filters name: that is not known where it is hidden."""
    years = [(0, "V5", 2023, "theft"), (0, "V5", 2024, "theft")]
    rows = result.points["incidents"]
    gone = rows["area_id"].eq("V5") & rows["category"].eq("theft") & rows["start"].dt.year.eq(2023)
    lines = [f"cube|V5|{year}|{kind}" for *_at, year, kind in years]
    told = told_of(lines) | {"cube|V5||theft": 8.0}
    found, book = compared(result, rows[~gone], [(OWN, told)], THEFT_2024), Book()
    for at, area in enumerate(AREAS):
        book.enter(("n", area), FIRST["theft"][1][at])
    untold = found.enter(book, {"n": ()})
    assert {("told", "cube", "V5", year, "theft") for year in ("2023", "2024")} <= untold
    tied = book.tied()
    given = worked_out(tied, 5)
    assert not given[[tied.keys.index(("told", "cube", "V5", year, "theft")) for year in ("2023", "2024")]].any()
    assert hide_tied(tied, 5, np.array([key in untold for key in tied.keys]))[tied.keys.index(("n", "V5"))]
