"""What the product carries along: categories as a tree, codes that lead somewhere, a study's own table."""

import unicodedata

from hotspot.packaged import (
    above,
    categories,
    category_of_codes,
    counted_categories,
    evidence_records,
    folded_code,
    packaged_folder,
    with_those_below,
)

WORDS_OF_PERSONS = ("unge", "youth", "ungdom", "bande", "gang")


def test_the_folders_are_there() -> None:
    assert (packaged_folder("data") / "evidence").is_dir()
    assert (packaged_folder("layers") / "density.toml").is_file()
    assert all(record["measure"] == key for key, record in evidence_records().items())


def test_categories_are_a_tree_that_ends_at_the_top() -> None:
    tree = categories()
    for code, category in tree.items():
        assert category.code == code
        seen, at = {code}, category
        while at.parent:
            at = tree[at.parent]
            assert at.code not in seen, "a node is above itself"
            seen.add(at.code)
    assert {"riding", "gathering", "vandalism", "burglary", "violence", "theft", "drugs", "fire", "other"} <= set(tree)
    assert tree["riding"].point_or_line == "line"
    assert not tree["burglary"].outdoor


def test_names_are_of_behaviour_at_a_place_and_in_two_languages() -> None:
    for category in categories().values():
        assert set(category.name) == {"da", "en"}
        for name in category.name.values():
            assert name
            assert not any(word in name.lower().split() for word in WORDS_OF_PERSONS)


def test_every_code_leads_to_a_category_and_every_category_names_known_measures() -> None:
    assert set(category_of_codes().values()) <= set(categories())
    for category in categories().values():
        assert set(category.measures) <= set(evidence_records())


def test_codes_are_compared_without_case_blanks_and_composition() -> None:
    assert folded_code("  HÆRVÆRK  mod\u00a0bil ") == "hærværk mod bil"
    assert folded_code(unicodedata.normalize("NFD", "Ågade")) == folded_code("ågade")
    text = next(iter(category_of_codes()))
    assert folded_code(text) == text


def test_what_lies_below_a_category_is_found_with_it() -> None:
    tree = categories()
    assert above("riding", tree) == ("riding", "nuisance")
    assert above("no_such", tree) == ("no_such",)
    assert with_those_below(["nuisance"], tree) == ("nuisance", "riding", "gathering", "drugs")
    assert with_those_below(["theft", "no_such"], tree) == ("theft", "no_such")
    assert with_those_below([], tree) == ()


def test_darkness_is_asked_of_what_happens_in_the_open() -> None:
    tree = categories()
    assert tree["vandalism"].after_dark
    assert not tree["burglary"].after_dark
    assert not tree["other"].after_dark


def test_a_group_counts_what_lies_below_it_and_a_category_only_itself() -> None:
    tree = categories()
    below = counted_categories(["nuisance"], tree)
    assert {"riding", "gathering", "drugs"} <= set(below)
    assert all(tree[code].assignable and "nuisance" in above(code, tree) for code in below)
    assert counted_categories(["theft", "nuisance", "riding"], tree) == ("theft", *below)
    assert counted_categories(["other", "nobody"], tree) == ("other", "nobody")
    assert counted_categories([], tree) == ()
