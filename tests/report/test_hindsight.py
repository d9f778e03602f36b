"""How often a measure is among the best, said to a reader."""

import dataclasses

import numpy as np
import pytest

from hotspot.report.hindsight import hindsight_table
from hotspot.report.outcomes import hotspot_table
from hotspot.report.words import hidden_text
from tests.report.small_release import small_release


@pytest.fixture
def shown():
    return small_release("admin")


def test_without_the_second_grade_nothing_is_said(shown):
    assert hindsight_table(shown, "en") == []


def test_the_most_frequent_stands_first_and_the_chosen_always(shown):
    table = shown.choice.candidates
    shares = np.linspace(0, 0.5, len(table))
    choice = dataclasses.replace(shown.choice, candidates=table.assign(included=shares))
    rows = hindsight_table(dataclasses.replace(shown, choice=choice), "en")
    assert rows[0]["included"] == "among the best in 50% of draws"
    assert "chosen" in {row["status"] for row in rows}
    assert len(rows) == int(((shares > 0) | (table["status"] == "chosen")).sum())


def test_a_hot_spot_tells_in_how_many_variants_it_holds(shown):
    spots = shown.hotspots.assign(stability=[0.92, np.nan], variants=[50.0, 0.0])
    rows = hotspot_table(dataclasses.replace(shown, hotspots=spots), "en")
    assert [row["stability"] for row in rows] == ["holds in 46 of 50 variants", "no variant could test it"]
    withheld = dataclasses.replace(shown, hotspots=spots.assign(stability=np.nan))
    assert hotspot_table(withheld, "en")[0]["stability"] == hidden_text("en")
    rows = hotspot_table(dataclasses.replace(shown, hotspots=spots), "da")
    assert rows[0]["stability"] == "holder i 46 af 50 varianter"
