"""What the paper says: three sentences, ten places, money that adds up, and what is missing said."""

import dataclasses

import geopandas as gpd
import pandas as pd
import pytest

from hotspot.release.contract import Release
from hotspot.report.blocks import Figure, Heading, Table, Text
from hotspot.report.content import council_paper, counted_period


def texts(release: Release, language: str = "en") -> list[str]:
    return [block.text for block in council_paper(release, language).blocks if isinstance(block, Text | Heading)]  # type: ignore[arg-type]


def test_in_short(council: Release) -> None:
    lead = texts(council)[1]
    assert lead.startswith("First come Lyngen, Kastanjen and Jernbanen.")
    assert "2 measures for DKK 307,525; DKK 192,475 is left." in lead
    assert "of 11 places, Lyngen lies between number 1 and 3, Kastanjen" in lead
    assert "(90% intervals)" in lead
    assert "cannot be ranked at all: 1." in lead


def test_sections_in_the_order_a_council_asks(council: Release) -> None:
    headings = [block.text for block in council_paper(council, "en").blocks if isinstance(block, Heading)]
    assert headings == [
        "In short",
        "Where to begin",
        "Measures within the budget",
        "Pilots with evaluation",
        "Significant hot spots",
        "What earlier measures did",
        "What this cannot say",
        "Method",
        "Data",
    ]


def test_at_most_ten_places(council: Release) -> None:
    tables = [block for block in council_paper(council, "en").blocks if isinstance(block, Table)]
    assert len(tables[0].rows) == 10
    for table in tables:
        for column in table.columns:
            assert all(column.key in row for row in table.rows), column


def test_without_anything_to_say_it_says_so(council: Release) -> None:
    none = council.choice.chosen.iloc[:0]
    empty = dataclasses.replace(
        council,
        hotspots=gpd.GeoDataFrame(council.hotspots.iloc[:0]),
        evaluations=council.evaluations.iloc[:0],
        places=council.places.assign(n=float("nan")),
        priorities=council.priorities.assign(rank=float("nan")),
        choice=dataclasses.replace(council.choice, chosen=none, candidates=none, pilots=none),
    )
    said = texts(empty)
    assert "Too little is known to say which places come first." in said
    assert "There is no priced measure with a known effect that fits a place." in said
    assert "There are no incidents to test: nothing can be said about hot spots." in said
    assert "No earlier measure is registered, so nothing can be learnt from one." in said
    assert "Pilots with evaluation" not in said


def test_same_effect_is_said_once(council: Release) -> None:
    twice = pd.concat([council.choice.chosen, council.choice.chosen.assign(name="Elsewhere")])
    many = dataclasses.replace(council, choice=dataclasses.replace(council.choice, chosen=twice))
    tables = [block for block in council_paper(many, "en").blocks if isinstance(block, Table)]
    assert [len(table.rows) for table in tables[1:3]] == [4, 2]
    assert [row["measure"] for row in tables[2].rows] == [
        "New lamps in dark stretches",
        "Thinning dense planting",
    ]


def test_tested_and_none_found_differs_from_not_tested(council: Release) -> None:
    none = dataclasses.replace(council, hotspots=gpd.GeoDataFrame(council.hotspots.iloc[:0]))
    assert "No place has more incidents than chance and the people who live and pass there explain." in texts(none)


@pytest.mark.parametrize("first", ["2023-01-01", None])
def test_period_is_what_every_source_covers(council: Release, first: str | None) -> None:
    later = council.coverage.copy()
    later["first"] = [pd.Timestamp("2023-03-01").date(), pd.Timestamp("2023-01-01").date(), None]
    said = counted_period(dataclasses.replace(council, coverage=later), "en")
    assert said == "1 March 2023 to 31 December 2025"
    if first is not None:
        own = council.study.but(period=(pd.Timestamp(first).date(), pd.Timestamp("2024-12-31").date()))
        assert counted_period(dataclasses.replace(council, study=own), "en") == "1 January 2023 to 31 December 2024"


def test_figures_are_told_in_words(council: Release) -> None:
    assert all(
        block.alt and block.caption for block in council_paper(council, "da").blocks if isinstance(block, Figure)
    )
