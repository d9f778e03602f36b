"""The commands as a person types them: what they print, what they write, and how they refuse."""

import datetime as dt
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib

import geopandas as gpd
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from hotspot.cli.answers import asked
from hotspot.cli.door import language_of, main
from hotspot.cli.output import plain
from hotspot.errors import Told
from hotspot.study import LIGHT, Study, parse_period, parse_weights


def hotspot(*words, code=0, **environment):
    command = [sys.executable, "-m", "hotspot", *map(str, words)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "LANG": "C", **environment}
    )
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout if code == 0 else done.stderr


def test_every_command_explains_itself():
    listed = hotspot("--help")
    for name in (
        "demo",
        "init",
        "import",
        "check",
        "undo",
        "run",
        "explain",
        "evaluate",
        "accuracy",
        "changes",
        "report",
        "export",
        "layers",
        "serve",
    ):
        assert re.search(rf"^\W*{name}\b", listed, re.MULTILINE), name


def test_the_readme_names_every_command(root):
    text = (root / "README.md").read_text("utf-8")
    listed = re.findall(r"^\W{1,4}([a-z]+) ", hotspot("--help").split("Commands")[-1], re.MULTILINE)
    assert len(listed) >= 14
    assert not [name for name in listed if f"hotspot {name}" not in text]


def test_the_demo_ends_with_the_first_ten_priorities(town):
    printed = (town / "first.txt").read_text("utf-8")
    assert [line for line in printed.splitlines() if re.match(r"\d+\. ", line)][9].startswith("10. ")
    assert "hotspot serve" in printed
    assert (town / "results" / "current").read_text("utf-8").strip()
    results = town / "results" / (town / "results" / "current").read_text("utf-8").strip()
    assert {"hotspot.gpkg", "priorities.csv", "portfolio.csv", "run.json"} <= {path.name for path in results.iterdir()}
    assert "cells" in {name for name, _ in pyogrio.list_layers(results / "hotspot.gpkg")}


def test_explain_says_why_in_both_languages_and_as_json(town):
    assert "59% of" in hotspot("explain", town, "Nordlyset", "--language", "en")
    assert "svar er utrygge" in hotspot("explain", town, "nordlyset", "--language", "da")
    about = hotspot("explain", town, "Muslingevænget", "--language", "en")
    assert re.search(r"Hot spot Muslingevænget, Fyrvej: \d+ incidents, .* not yet tested for stability", about)
    told = json.loads(hotspot("explain", town, "B10", "--json"))
    assert told["name"] == "Nordlyset"
    assert told["numbers"]["rank_low"] <= told["numbers"]["rank"] <= told["numbers"]["rank_high"]


def test_what_changed_is_told_with_its_interval(town):
    printed = hotspot("changes", town, "--since", "2025-07-01").splitlines()
    assert "95 %-interval" in printed[0]
    row = re.search(r"Fyrparken +(\d+) +(\d+) +(\d,\d\d) +(\d,\d\d) – (\d,\d\d)", "\n".join(printed))
    assert row
    before, after, ratio, low, high = (float(each.replace(",", ".")) for each in row.groups())
    assert ratio == pytest.approx(after / before, abs=0.005)
    assert low < ratio < high


def test_maps_are_scored_without_naming_any_days(town):
    printed = hotspot("accuracy", town, "--every", "300").splitlines()
    assert re.match(r"Alle kategorier: [\d.]+ senere hændelser, vinduer: 1", printed[0])
    second = next(at for at, line in enumerate(printed) if line.startswith("prognosen minus"))
    rows = {line.split("  ")[0]: re.findall(r"(\d+,\d)\s%", line) for line in printed[3:second]}
    assert set(rows) == {"antal hidtil", "tæthed hidtil", "prognose", "bedste faste kerne, set bagefter"}
    for shares in rows.values():
        first, fifth, tenth = (float(each.replace(",", ".")) for each in shares)
        assert 0 < first < fifth < tenth < 100
    number = r"([-−]?\d+,\d)"
    ahead = {
        line.split("  ")[0]: re.findall(rf"{number} \({number} – {number}\)", line) for line in printed[second + 2 :]
    }
    assert set(ahead) == set(rows) - {"prognose"}
    for name, differences in ahead.items():
        pairs = zip(rows["prognose"], rows[name], differences, strict=True)
        for one, other, told in pairs:
            own, less, middle, lower, upper = (
                float(re.sub("[−]", "-", each).replace(",", ".")) for each in (one, other, *told)
            )
            assert middle == pytest.approx(own - less, abs=0.11)
            assert lower <= middle <= upper


@pytest.fixture(scope="module")
def town(town, tmp_path_factory):
    """A copy of the town's study, raw files and all, which no other test touches."""
    folder = tmp_path_factory.mktemp("commands") / "town"
    shutil.copytree(town, folder)
    return folder


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_new_study_asks_at_a_terminal_for_what_is_not_said(town, tmp_path, monkeypatch, capsys):
    outline = town / "raw" / "kommunegraense.geojson"
    monkeypatch.setattr(sys, "argv", ["hotspot", "init", str(tmp_path / "new")])
    monkeypatch.setattr(sys, "stdin", Terminal(f"en\n\nNewtown\n{outline}\n"))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in (0, None)
    made = Study.read(tmp_path / "new" / "study.toml")
    assert (made.name, made.language, made.crs) == ("Newtown", "en", "EPSG:25832")
    assert "Metric reference system [EPSG:25832]" in capsys.readouterr().out
    said = ["hotspot", "init", str(tmp_path / "told"), "--name", "B", "--boundary", str(outline)]
    monkeypatch.setattr(sys, "argv", said)
    monkeypatch.setattr(sys, "stdin", Terminal(""))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in (0, None), "who says name and outline is asked nothing"


def test_a_price_in_words_is_told_and_is_no_price(own_town, tmp_path):
    (tmp_path / "p.csv").write_text("tiltag;enhed;anlaeg_kr\nlighting_upgrade;pr. lampe;mange penge\n", "utf-8")
    told = hotspot("import", own_town, "prices", tmp_path / "p.csv", "--source", "kommune", LC_ALL="C")
    assert "mange penge" in told
    measures = json.loads(hotspot("run", own_town, "--json"))["measures"]
    assert {row["status"] for row in measures} == {"unpriced"}


# Hears an interrupt also where whoever runs the tests in the background has switched them off for all below.
AS_AT_A_TERMINAL = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("hotspot", run_name="__main__", alter_sys=True)
"""


def test_stopping_a_run_leaves_the_study_as_it_was(own_town):
    before = {path: path.read_bytes() for path in own_town.rglob("*") if path.is_file() and "kept" not in path.parts}
    command = [sys.executable, "-c", AS_AT_A_TERMINAL, "run", str(own_town), "--seed", "7"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        next(line for line in running.stderr if re.search(r" ([2-9]|1\d)%", line))
        running.send_signal(signal.SIGINT)
        told = running.communicate(timeout=60)[1]
    assert running.returncode == 130
    assert "Traceback" not in told
    assert before == {
        path: path.read_bytes() for path in own_town.rglob("*") if path.is_file() and "kept" not in path.parts
    }


def test_a_run_answers_as_json_and_a_smaller_budget_spends_less(own_town):
    told = json.loads(hotspot("run", own_town, "--budget", "100000", "--json"))
    assert 0 < told["spent_dkk"] <= 100_000
    assert {row["status"] for row in told["measures"]} >= {"chosen", "unpriced"}
    assert len(told["priorities"]) == 26


def test_files_are_written_for_an_audience(town, tmp_path):
    hotspot("report", town, "--out", tmp_path / "p.pdf", "--language", "en")
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "p.pdf").pages)
    assert "Where to begin" in text
    assert (tmp_path / "p.pdf").stat().st_size < 3_000_000, "it goes by mail"
    hotspot("export", town, "--out", tmp_path / "c.gpkg", "--audience", "council")
    names = {name for name, _ in pyogrio.list_layers(tmp_path / "c.gpkg")}
    assert "cells" not in names
    assert "priorities" in names
    hotspot("export", town, "--out", tmp_path / "p.geojson", "--audience", "planner")
    assert len(gpd.read_file(tmp_path / "p.geojson")) == 26
    hotspot("export", town, "--out", tmp_path / "p.csv", "--language", "da")
    assert ";" in (tmp_path / "p.csv").read_text("utf-8-sig").splitlines()[0]
    hotspot("export", town, "--out", tmp_path / "surfaces", "--audience", "admin")
    assert (tmp_path / "surfaces" / "density.tif").exists() or list((tmp_path / "surfaces").rglob("*.tif"))


def test_a_study_of_one_s_own_from_nothing(tmp_path):
    box = gpd.GeoDataFrame(geometry=[shapely.box(636_000, 6_236_000, 638_000, 6_238_000)], crs=25832)
    box.to_file(tmp_path / "b.geojson")
    study = tmp_path / "study"
    hotspot("init", study, "--name", "Box", "--boundary", tmp_path / "b.geojson", "--language", "en")
    rows = "".join(
        f"Vold;{1 + i % 28:02d}-01-2024;12:{i % 60:02d};{636_100 + 17 * i % 1800};{6_236_100 + 31 * i % 1800}\n"
        for i in range(80)
    )
    (tmp_path / "i.csv").write_text("type;dato;kl;x;y\n" + rows + "Vold;01-01-2024;12:00;;\n", "utf-8")
    told = json.loads(hotspot("import", study, "incidents", tmp_path / "i.csv", "--crs", "EPSG:25832", "--json"))
    assert told["read"] == told["kept"] + told["quarantined"] == 81
    before = sorted(path.name for path in study.rglob("*"))
    hotspot("import", study, "incidents", tmp_path / "i.csv", "--crs", "EPSG:25832", "--dry-run")
    hotspot("import", study, "incidents", tmp_path / "b.geojson", code=2)
    assert sorted(path.name for path in study.rglob("*")) == before
    assert "cannot be said" in hotspot("check", study)
    answered = json.loads(hotspot("run", study, "--json"))
    assert answered["measures"] == []
    assert any("no price list" in each["en"] for each in answered["findings"])


def test_layers_are_listed_and_a_broken_one_is_named(tmp_path):
    assert "path_light" in hotspot("layers")
    assert json.loads(hotspot("layers", "--json"))["felt_unsafe"]["weight"] == 0.45
    (tmp_path / "layers").mkdir()
    (tmp_path / "layers" / "mine.toml").write_text('measur = "density"\n')
    assert "measure" in hotspot("layers", tmp_path, code=2)


days = st.dates(min_value=dt.date(2000, 1, 1), max_value=dt.date(2050, 1, 1))


@given(
    st.builds(
        Study,
        name=st.just("T"),
        crs=st.just("EPSG:25832"),
        period=st.none() | st.tuples(days, days).map(lambda pair: tuple(sorted(pair))),
        categories=st.sets(st.sampled_from(["riding", "theft"])).map(tuple),
        light=st.sets(st.sampled_from(LIGHT), min_size=1).map(tuple),
        weights=st.dictionaries(st.sampled_from(["felt_unsafe", "nuisance"]), st.floats(0, 10)),
        budget_dkk=st.floats(0, 1e9),
        cell_m=st.sampled_from([50.0, 100.0]),
        seed=st.integers(0, 2**31),
    )
)
def test_a_recipe_s_arguments_mean_the_recipe(study):
    words = study.arguments()
    given_ = {}
    weights = []
    for option, value in zip(words[::2], words[1::2], strict=True):
        if option == "--weight":
            weights.append(value)
        else:
            given_[option.removeprefix("--")] = value
    plain_study = Study("T", "EPSG:25832")
    again = asked(
        plain_study,
        given_["period"],
        given_["categories"],
        given_["light"],
        given_["layers"],
        float(given_["budget"]),
        weights,
        float(given_["cell"]),
        int(given_["seed"]),
    )
    assert again == study
    assert parse_weights(weights) == dict(study.weights)
    assert parse_period(given_["period"]) == study.period


def test_a_group_of_categories_is_asked_for_by_its_own_name():
    changed = asked(Study("T", "EPSG:25832"), categories="nuisance,theft")
    assert {"riding", "gathering", "theft"} <= set(changed.categories)
    assert "nuisance" not in changed.categories


def test_language_follows_the_option_then_the_study_then_the_terminal(town, monkeypatch):
    assert language_of(["explain", "x", "--language", "da"]) == "da"
    assert language_of(["run", str(town)]) == "da"
    monkeypatch.setenv("LC_ALL", "da_DK.UTF-8")
    assert language_of(["layers"]) == "da"
    monkeypatch.setenv("LC_ALL", "C")
    assert language_of(["layers"]) == "en"


def test_json_has_null_for_what_cannot_be_said():
    assert plain({"a": float("nan"), "b": Told("{n} rows", {"n": 2}), "c": (1, True, None)}) == {
        "a": None,
        "b": {"da": "2 rows", "en": "2 rows"},
        "c": [1, True, None],
    }


def test_the_constraints_and_the_project_agree(root):
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["scripts"] == {"hotspot": "hotspot.cli:main"}
