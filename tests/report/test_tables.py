"""Rows of text: order, sureness, losses."""

import dataclasses
import datetime as dt

import pandas as pd

from hotspot.errors import Told
from hotspot.release.contract import Release
from hotspot.report.tables import (
    by_homes,
    coverage_table,
    findings_text,
    headings,
    period_text,
    priority_table,
    ranked,
)
from tests.report.small_layers import HIDDEN_AREA, UNKNOWN_AREA


def test_first_place_first_and_the_unranked_last(council: Release) -> None:
    rows = priority_table(council, "en")
    assert [row["rank"] for row in rows] == [str(n) for n in range(1, 12)] + ["–"]
    assert rows[0]["name"] == "Lyngen"
    assert rows[0]["sure"] == "between 1 and 3"
    assert rows[-1]["area_id"] == UNKNOWN_AREA
    assert list(ranked(council)["rank"].iloc[:3]) == [1, 2, 3]


def test_reason_does_not_repeat_the_rank(council: Release) -> None:
    why = priority_table(council, "en")[0]["why"]
    assert why == "Felt unsafety: 62% of the score; worse here than in 90% of the other places."


def test_few_words_carry_the_shares(council: Release) -> None:
    rows = priority_table(council, "en")
    assert rows[0]["mostly"] == "Felt unsafety 62%"
    hidden = next(each for each in rows if each["area_id"] == HIDDEN_AREA)
    assert hidden["mostly"] == "Felt unsafety 62%; other numbers hidden"
    assert rows[-1]["mostly"].startswith("Too little is known")


def test_unranked_place_says_why(council: Release) -> None:
    assert priority_table(council, "en")[-1]["why"].startswith("Too little is known of this place")


def test_hidden_place_keeps_its_rank_but_not_its_score(council: Release) -> None:
    row = next(each for each in priority_table(council, "en") if each["area_id"] == HIDDEN_AREA)
    assert row["rank"] == "7"
    assert row["score"] == "hidden (protects fewer than 5)"
    assert "fewer than 5" in row["why"]


def test_measure_and_cost_stand_beside_the_place(council: Release) -> None:
    rows = {row["name"]: row for row in priority_table(council, "da")}
    assert rows["Lyngen"]["cost"] == "245.000 kr."
    assert rows["Jernbanen"]["cost"] == "uden pris"
    assert rows["Jernbanen"]["measure"] == "Kameraovervågning"  # "unpriced" stands beside it
    assert "(" not in rows["Lyngen"]["measure"]
    assert "forsøg" in rows["Industrien"]["measure"]
    assert rows["Havnen"]["measure"] == "–"


def test_coverage(council: Release) -> None:
    rows = coverage_table(council, "da")
    assert rows[0]["read"] == "5.012"
    assert rows[0]["period"].startswith("1. januar 2023")
    assert rows[2]["period"] == "–"
    assert rows[2]["share"] == "62\N{NO-BREAK SPACE}%"


def test_period_of_timestamps() -> None:
    first, last = pd.Timestamp("2023-01-01 00:00"), dt.date(2025, 12, 31)
    assert period_text(first, last, "en") == "1 January 2023 to 31 December 2025"
    assert period_text(pd.NaT, None, "en") == "–"


def test_each_finding_once_in_order(council: Release) -> None:
    twice = dataclasses.replace(council, findings=(*council.findings, Told("Cells of {cell_m} m.", {"cell_m": 100})))
    assert findings_text(twice, "en") == findings_text(council, "en")
    assert findings_text(council, "en")[1] == "Cells of 100 m."


def test_every_column_has_a_heading() -> None:
    assert {"rank", "name", "why", "measure", "cost", "sure", "dark"} <= set(headings("da"))


def test_places_where_people_live_stand_apart_from_those_between(council):
    table = council.priorities
    assert set(table["kind"]) == {"housing"}
    table = table.assign(kind=["station", *table["kind"].iloc[1:]])
    rows = priority_table(dataclasses.replace(council, priorities=table), "en")
    parts = by_homes(rows, "en")
    assert [title for title, _part in parts] == ["Housing areas", "Places between the housing areas"]
    assert {row["kind"] for row in parts[0][1]} == {"housing"}
    assert sorted(row["area_id"] for _title, part in parts for row in part) == sorted(row["area_id"] for row in rows)
    assert [row["area_id"] for row in parts[1][1]] == [table.index[0]]
    assert by_homes(parts[0][1], "en") == [("", parts[0][1])]


def test_what_changes_no_answer_is_left_off_the_paper(council):
    minor = Told("Columns not used and not stored: {columns}.", {"columns": ["Kanal"]})
    few = Told("{n} rows lack a place.", {"n": Told("fewer than {k}", {"k": 5})})
    told = dataclasses.replace(council, findings=(*council.findings, minor, few))
    assert len(findings_text(told, "en")) == len(council.findings) + 2
    assert findings_text(told, "en", minor=False) == findings_text(council, "en")
