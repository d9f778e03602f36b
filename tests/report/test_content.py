"""What the paper says: three sentences, ten places, money that adds up, and what is missing said."""

import dataclasses

import geopandas as gpd
import pytest

from hotspot.release.contract import Release
from hotspot.report.blocks import Figure, Heading, Table, Text
from hotspot.report.content import council_paper


def texts(release: Release, language: str = "en") -> list[str]:
    return [block.text for block in council_paper(release, language).blocks if isinstance(block, Text | Heading)]  # type: ignore[arg-type]


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
    assert "There is no price list, so nothing can be chosen within a budget." in said
    assert "There are no incidents to test: nothing can be said about hot spots." in said
    assert "No earlier measure is registered, so nothing can be learnt from one." in said
    assert "Pilots with evaluation" not in said


def test_tested_and_none_found_differs_from_not_tested(council: Release) -> None:
    none = dataclasses.replace(council, hotspots=gpd.GeoDataFrame(council.hotspots.iloc[:0]))
    assert "No place has more incidents than chance and the people who live and pass there explain." in texts(none)


def test_figures_are_told_in_words(council: Release) -> None:
    assert all(
        block.alt and block.caption for block in council_paper(council, "da").blocks if isinstance(block, Figure)
    )


def tables(release: Release, language: str = "en") -> list[Table]:
    return [block for block in council_paper(release, language).blocks if isinstance(block, Table)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "days", "interval"),
    [
        ("en", "1 January 2023 to 31 December 2025", "95% interval"),
        ("da", "1. januar 2023 til 31. december 2025", "95 %"),
    ],
)
def test_figures_carry_their_period_and_how_sure(council: Release, language: str, days: str, interval: str) -> None:
    (spots,) = [table for table in tables(council, language) if any(column.key == "ratio" for column in table.columns)]
    assert days in spots.caption
    assert interval in spots.caption
    first = next(block for block in council_paper(council, language).blocks if isinstance(block, Figure))  # type: ignore[arg-type]
    assert days in first.caption


def test_hot_spots_are_not_called_stable_before_they_are_tested(council: Release) -> None:
    untested = gpd.GeoDataFrame(council.hotspots.assign(stability=float("nan")))
    tested = gpd.GeoDataFrame(council.hotspots.assign(stability=0.9))
    word = "Not yet tested for stability"
    assert word in " ".join(texts(dataclasses.replace(council, hotspots=untested)))
    assert word not in " ".join(texts(dataclasses.replace(council, hotspots=tested)))


def test_a_housing_association_is_not_told_that_no_hot_spot_exists(council: Release) -> None:
    partner = dataclasses.replace(council, audience="partner", hotspots=gpd.GeoDataFrame(council.hotspots.iloc[:0]))
    assert any(text.startswith("None of the hot spots lies here") for text in texts(partner))


def test_narrow_cells_say_hidden_in_one_word(council: Release) -> None:
    cells = [cell for table in tables(council)[-3:-1] for row in table.rows for cell in row.values()]
    assert "hidden" in cells
    assert not any("protects fewer" in cell for cell in cells)


def test_without_a_survey_nothing_is_said_to_be_felt(council: Release) -> None:
    layers = {key: shown for key, shown in council.layers.items() if not key.startswith("felt")}
    paper = council_paper(dataclasses.replace(council, layers=layers), "en")
    assert "unsafe" not in paper.title
    assert not any("felt safety first" in each for each in texts(dataclasses.replace(council, layers=layers)))
    assert "felt safety first" in " ".join(texts(council))
