"""Codes stand side by side by source, and the table to edit says exactly what holds now."""

import pandas as pd
import pytest

from hotspot.errors import StudyError
from hotspot.packaged import categories, category_of_codes
from hotspot.store.category_overview import (
    FoundCode,
    described,
    edited,
    found_codes,
    is_category_table,
    keep_categories,
    table_to_edit,
)
from hotspot.store.category_table import Categories, parse_categories

INCIDENTS = pd.DataFrame(
    {
        "code": ["Tyveri", "tyveri ", "K-17", "Vold", "Vold", "Vold", "K-17", "=1+1"],
        "source": ["politi", "politi", "kommune", "politi", "kommune", "politi", "politi", "kommune"],
    }
)
PRODUCT = Categories(category_of_codes(), categories())


def parsed(data):
    found, wrong = parse_categories(data, "categories.csv")
    assert wrong == ()
    return found


def test_codes_stand_side_by_side_with_those_that_mean_nothing_first():
    assert found_codes(INCIDENTS, PRODUCT) == [
        FoundCode("K-17", {"kommune": 1, "politi": 1}, ""),
        FoundCode("=1+1", {"kommune": 1}, ""),
        FoundCode("Tyveri", {"politi": 2}, "theft"),
        FoundCode("Vold", {"kommune": 1, "politi": 2}, "violence"),
    ]


def test_the_table_to_edit_says_what_holds_and_is_the_same_when_written_again():
    first = table_to_edit(found_codes(INCIDENTS, PRODUCT), PRODUCT)
    again = parsed(first)
    assert (again.codes, again.tree) == (PRODUCT.codes, PRODUCT.tree)
    assert table_to_edit(found_codes(INCIDENTS, again), again) == first
    assert b"\n'=1+1;" in first
    assert {row["code"] for row in again.rows} == {"K-17", "=1+1", "Tyveri", "Vold", ""}


def test_an_edit_writes_down_what_differs_and_keeps_the_rest_of_the_study_s_lines():
    own = parsed(b"code;category;note\nGammel;fire;from 2019\nK-17;theft;asked\n")
    lines = [described(each) for each in own.tree.values()]
    lines[[each["category"] for each in lines].index("theft")]["outdoor"] = "no"
    data = edited(own, {"K-17": "graffiti", "Tyveri": "theft", "Vold": "violence"}, lines)
    told = data.decode("utf-8-sig").splitlines()
    assert told[1:3] == ["Gammel;fire;;;;;;;;from 2019", "K-17;graffiti;;;;;;;;asked"]
    assert len(told) == 4
    assert told[3].startswith(";theft;no;yes;point;")
    found = parsed(data)
    assert not found.tree["theft"].outdoor
    assert edited(PRODUCT, {"Tyveri": "theft"}, [described(each) for each in categories().values()]).count(b"\n") == 1


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("code;category;outdoor", True),
        ("Code,Category", True),
        ("code;category;x;y", False),
        ("code;time;x;y", False),
        ("", False),
    ],
)
def test_a_table_of_categories_is_known_by_its_heading(head, told):
    assert is_category_table(f"{head}\na;b;c\n".encode("utf-8-sig")) is told


def test_a_faulty_table_changes_nothing(tmp_path):
    class Kept:
        folder = tmp_path

        def audit(self, *told):
            raise AssertionError(told)

    with pytest.raises(StudyError, match="moon"):
        keep_categories(Kept(), b"code;category\nx;moon\n")
    assert list(tmp_path.iterdir()) == []
