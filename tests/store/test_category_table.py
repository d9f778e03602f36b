"""A study's own table: it goes before the product's, each column says what it says, and each fault is told."""

import re
from pathlib import Path

import pytest

from hotspot.glossary import say
from hotspot.packaged import categories, category_of_codes
from hotspot.store.category_table import COLUMNS, guarded, parse_categories, read_categories, unguarded

HEAD = ";".join(COLUMNS)


def parsed(*lines, head=HEAD):
    return parse_categories("\n".join((head, *lines, "")).encode("utf-8"), "categories.csv")


def told(refused):
    return "\n".join(say(part, "en") for part in refused.told)


def tree_of(*lines):
    found, wrong = parsed(*lines)
    assert wrong == ()
    return found.tree


@pytest.mark.parametrize("mark", [";", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_study_s_own_table_goes_first(tmp_path: Path, mark: str, encoding: str) -> None:
    known = next(iter(category_of_codes()))
    own = tmp_path / "categories.csv"
    own.write_text(f"code{mark}category\nVORES ØGEN{mark}fire\n{known}{mark}other\n", encoding)
    found = read_categories(own)
    assert found.codes["vores øgen"] == "fire"
    assert found.codes[known] == "other"
    assert found.tree == categories()
    none = read_categories(tmp_path / "none.csv")
    assert (none.codes, none.tree, none.rows) == (category_of_codes(), categories(), ())


def test_a_blank_category_leaves_a_code_where_it_was():
    found, _wrong = parsed("Tyveri;;;;;;;;;", "K-17;;;;;;;;;police: 3")
    assert found.codes == category_of_codes()


@pytest.mark.parametrize(("yes", "no"), [("yes", "no"), ("Ja", "nej"), ("TRUE", "false"), ("1", "0")])
def test_each_column_says_something_of_its_category(yes, no):
    tree = tree_of(f";burglary;{yes};{no};linje;cctv, alley_gates;Indbrud mv.;;property;a note")
    said, was = tree["burglary"], categories()["burglary"]
    assert (said.outdoor, said.dark_relevant, said.point_or_line) == (True, False, "line")
    assert said.measures == ("alley_gates", "cctv")
    assert said.name == {"da": "Indbrud mv.", "en": was.name["en"]}
    assert {code: each for code, each in tree.items() if code != "burglary"} == {
        code: each for code, each in categories().items() if code != "burglary"
    }


def test_blank_cells_leave_the_product_s_and_none_takes_every_measure_away():
    assert tree_of("Tyveri;theft;;;;none;;;;")["theft"].measures == ()
    kept = tree_of("Tyveri;theft;no;;;;;;;")["theft"]
    assert kept.measures == categories()["theft"].measures
    assert not kept.outdoor


def test_a_new_category_takes_over_what_its_row_leaves_blank_from_its_parent():
    tree = tree_of(
        "Butikstyveri;shop_theft;no;;;;Tyveri i butik;Shop theft;theft;",
        "Svinere;shop_theft;;;;;;;;",
        "Kiosk;kiosk;;;;cctv;Kiosk;Kiosk;shop_theft;",
        ";theft;;;line;;;;;",
    )
    shop = tree["shop_theft"]
    assert (shop.outdoor, shop.dark_relevant, shop.point_or_line) == (False, True, "line")
    assert shop.measures == tree["theft"].measures
    assert (shop.parent, shop.name, shop.assignable) == ("theft", {"da": "Tyveri i butik", "en": "Shop theft"}, True)
    assert (tree["kiosk"].outdoor, tree["kiosk"].measures, tree["kiosk"].parent) == (False, ("cctv",), "shop_theft")


FAULTS = {
    "x;moon;;;;;;;;": r"one that is known.*\n.*row 2: “moon”\n.*parent, da and en",
    "x;grafiti;;;;;;;;": r"row 2: “grafiti”\n.*one of graffiti",
    "x;nuisance;;;;;;;;": r"groups only gather.*\n.*row 2: “nuisance”\n.*one of .*gathering",
    ";fire;;;;;;;;": r"gives a code its category.*\n.*row 2: neither\n.*fill in the code",
    "x;;yes;;;;;;;": r"said of its category.*\n.*row 2: no category\n.*fill in the category",
    "x;fire;;;;;;;;\nX ;theft;;;;;;;;": r"means one category.*\n.*“x” in rows 2 and 3\n.*take one",
    "x;fire;yes;;;;;;;\ny;fire;no;;;;;;;": r"all of its codes.*\n.*outdoor of “fire” differs .* 2 and 3\n.*parent fire",
    "x;fire;perhaps;;;;;;;": r"are yes or no.*\n.*row 2: outdoor is “perhaps”\n.*write yes or no",
    "x;fire;;maybe;;;;;;": r"are yes or no.*\n.*dark_relevant is “maybe”",
    "x;fire;;;area;;;;;": r"belongs to a spot.*\n.*row 2: “area”\n.*point or line",
    "x;fire;;;;ctv;;;;": r"files of data/evidence.*\n.*row 2: “ctv”\n.*of cctv",
    "x;bonfire;;;;;Bål;;fire;": r"a Danish and an English name.*\n.*“bonfire” without en\n.*fill in en",
    "x;Bon Fire;;;;;Bål;Bonfire;fire;": r"small letters.*\n.*“Bon Fire”\n.*bicycle_theft",
    "x;bonfire;;;;;Bål;Bonfire;moon;": r"one that is known.*\n.*row 2: “moon”",
    "x;bonfire;;;;;Unge ved bål;Youth;fire;": r"never after persons.*\n.*row 2: “Unge ved bål”\n.*name what happens",
    ";theft;;;;;;;graffiti;\n;graffiti;;;;;;;theft;": r"never lies below itself.*\n.*row 2: “theft”\n.*another parent",
}


@pytest.mark.parametrize("lines", FAULTS, ids=lambda each: each.replace("\n", " / "))
def test_each_fault_is_told_in_three_parts_with_its_row(lines):
    found, wrong = parsed(lines)
    assert found is None
    assert re.search(FAULTS[lines], told(wrong[0])), told(wrong[0])


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        ("code;kind", r"with kind\nname the column category"),
        ("code;category;outdoors", r"with outdoors\n.*name the column outdoor"),
        ("code;category;code", "with code, code"),
        ("", "without code, category"),
    ],
)
def test_other_columns_are_refused_with_the_nearest_name(head, wanted):
    found, (wrong,) = parsed("x;fire;yes", head=head)
    assert found is None
    assert re.search(wanted, told(wrong)), told(wrong)


def test_every_fault_is_told_not_only_the_first():
    _found, wrong = parsed("x;moon;;;;;;;;", "y;fire;perhaps;;;;;;;", "z;fire;;;area;;;;;")
    assert [each.values["row"] for each in wrong] == [2, 3, 4]


def test_a_code_that_a_spreadsheet_would_work_out_comes_back_as_it_was():
    for code in ("=1+1", "-5", "+4", "@a", "'quoted", "plain"):
        assert unguarded(guarded(code)) == code
    assert guarded("=1+1") == "'=1+1"
