"""A study's own table of codes goes before the product's, and what it lacks is told with its count."""

import json

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
