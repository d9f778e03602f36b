"""The fixed table of counts as a file: for each reader the same lines, standing as they were told first."""

import json
import sys

import pandas as pd
import pytest

from hotspot.cli.door import main
from tests.release.village import OWNER, deliver, first_delivery, village


@pytest.fixture
def export(monkeypatch, capsys):
    """Type the command; return its exit code and what it said."""

    def typed(folder, *words):
        monkeypatch.setattr(sys, "argv", ["hotspot", "export", str(folder), *map(str, words)])
        monkeypatch.setenv("LC_ALL", "C")
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return ended.value.code, " ".join((told.out + told.err).split())

    return typed


@pytest.fixture
def counts(export):
    """Write the table, and read it as a person would."""

    def written(folder, out, *more):
        code, said = export(folder, "--table", "counts", "--out", out, *more)
        assert code == 0, said
        assert "stand as they were told first" in said
        return pd.read_csv(out, encoding="utf-8-sig", keep_default_na=False).astype({"period": str})

    return written


@pytest.fixture
def study(tmp_path):
    store = village(tmp_path / "village")
    yield store
    store.close()


def test_the_council_and_a_partner_get_the_same_lines_and_a_delivery_later_too(study, counts, tmp_path):
    whole = counts(study.folder, tmp_path / "council.csv", "--audience", "council")
    assert list(whole) == ["area_id", "name", "period", "category", "category_name", "n", "hidden"]
    assert set(whole["period"]) == {"", "2023", "2024"}
    assert whole.loc[whole["hidden"] == 1, "n"].eq("").all()
    shown = whole.loc[whole["hidden"] == 0, "n"].astype(float)
    assert not shown.between(0, 5, inclusive="neither").any()
    own = counts(study.folder, tmp_path / "own.csv", "--audience", "partner", "--owner", OWNER)
    assert set(own["area_id"]) == {"V0", "V1"}
    both = own.merge(whole, on=["area_id", "period", "category"], suffixes=("", "_council"))
    assert (both["n"] == both["n_council"]).all()
    deliver(study, first_delivery() | {(1, "V2", 2024, "theft"): 1, (1, "V5", 2023, "theft"): 9})
    assert counts(study.folder, tmp_path / "later.csv", "--audience", "council").equals(whole)
    lines = (study.folder / "audit.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["as"] for line in lines if json.loads(line)["what"] == "release"][-1] == "council"


@pytest.mark.parametrize(("table", "name"), [("rows", "x.csv"), ("counts", "x.gpkg")])
def test_another_table_or_another_kind_of_file_is_refused(study, export, tmp_path, table, name):
    code, said = export(study.folder, "--table", table, "--out", tmp_path / name)
    assert code == 2, said
    assert "A table is priorities, or counts as a .csv" in said
    assert not (tmp_path / name).exists()


def test_a_table_of_other_incidents_is_refused_after_the_first(study, counts, export, tmp_path):
    counts(study.folder, tmp_path / "first.csv", "--audience", "council")
    deliver(study, first_delivery() | {(1, "V2", 2024, "theft"): 1})
    study.study.but(categories=("theft",)).write(study.folder / "study.toml")
    out = tmp_path / "other.csv"
    code, said = export(study.folder, "--table", "counts", "--out", out)
    assert code == 2, said
    assert "and one only" in said
    assert not out.exists()
