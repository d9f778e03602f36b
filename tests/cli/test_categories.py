"""A study's own table of codes goes before the product's, and what it lacks is told with its count."""

import json

from hotspot.store import Store
from tests.cli.test_origins import X, Y, hotspot, study

__all__ = ["study"]


def test_codes_without_a_category_are_told_until_the_study_s_table_has_them(study, tmp_path):
    rows = "".join(f"0{n + 1}-02-2024 14:30;{X + n};{Y};{what}\n" for n, what in enumerate("AABX"))
    (tmp_path / "p.csv").write_text(f"tidspunkt;x;y;type\n{rows}".replace(";A\n", ";K-17\n"))
    take = ("import", study, "incidents", tmp_path / "p.csv", "--crs", "EPSG:25832")
    assert json.loads(hotspot(*take, "--json"))["unmapped"] == {"K-17": 2, "B": 1, "X": 1}
    assert "2 rows: “K-17” belongs to no category; add it to categories.csv" in hotspot(*take, "--dry-run")
    (study / "categories.csv").write_text("code;category\nk-17;graffiti\nB;theft\n", "utf-8")
    assert json.loads(hotspot(*take, "--json"))["unmapped"] == {"X": 1}


def test_a_table_with_an_unknown_category_is_refused_with_its_file(study, tmp_path):
    (tmp_path / "p.csv").write_text(f"tidspunkt;x;y;type\n01-02-2024 14:30;{X};{Y};K-17\n")
    (study / "categories.csv").write_text("code;category\nK-17;grafiti\n", "utf-8")
    told = hotspot("import", study, "incidents", tmp_path / "p.csv", "--crs", "EPSG:25832", code=2)
    assert "grafiti" in told
    assert "categories.csv" in told
    assert list((study / "tables").iterdir()) == []


def test_codes_stand_side_by_side_by_source_and_the_written_table_says_the_same(study, tmp_path):
    for name, codes in {"politi": "AAV", "kommune": "AV"}.items():
        rows = "".join(f"0{n + 1}-02-2024 14:30;{X + n};{Y};{code}\n" for n, code in enumerate(codes))
        (tmp_path / f"{name}.csv").write_text(f"tidspunkt;x;y;type\n{rows}".replace(";V\n", ";Vold\n"))
        hotspot("import", study, "incidents", tmp_path / f"{name}.csv", "--crs", "EPSG:25832")
    shown = hotspot("categories", study)
    told = [line.split() for line in shown.splitlines()]
    assert ["code", "kommune", "politi", "category", "outdoors", "dark", "point", "or", "line"] in told
    assert ["A", "1", "2", "none:", "not", "counted"] in told
    assert ["Vold", "1", "1", "violence", "yes", "yes", "point"] in told
    assert ["politi", "3", "1", "February", "2024", "to", "3", "February", "2024", "100%"] in told
    assert "What acts on violence: hot_spot_patrol, problem_oriented, street_closure" in shown
    assert "Codes without a category: 1; rows not counted for it: 3." in shown
    before = Store(study).snapshot()
    assert "The table to edit:" in hotspot("categories", study, "--write")
    assert Store(study).snapshot().hashes == before.hashes
    written = (study / "categories.csv").read_text("utf-8-sig").splitlines()
    assert written[1] == "A;;;;;;;;;kommune: 1, politi: 2"
    acts = "hot_spot_patrol problem_oriented street_closure"
    assert written[3] == f";violence;yes;yes;point;{acts};Vold og trusler;Violence and threats;persons;"
    hotspot("categories", study, "--write")
    assert (study / "categories.csv").read_text("utf-8-sig").splitlines() == written


def test_an_edited_table_is_taken_in_and_a_faulty_one_changes_nothing(study, tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("code;category;outdoor\nK-17;theft;no\n", "utf-8")
    bad.write_text("code;category;outdoor\nK-17;theft;perhaps\nB;grafiti;\n", "utf-8")
    hotspot("categories", study, "--take", good)
    kept = (study / "categories.csv").read_bytes()
    assert kept == good.read_bytes()
    assert not json.loads(hotspot("categories", study, "--json"))["categories"]["theft"]["outdoor"]
    told = hotspot("categories", study, "--take", bad, code=2)
    assert "bad.csv, row 3: “grafiti”" in told
    assert (study / "categories.csv").read_bytes() == kept
    assert "one of the two" in hotspot("categories", study, "--write", "--take", good, code=2)
    assert "no " in hotspot("categories", study, "--take", tmp_path / "none.csv", code=2)
