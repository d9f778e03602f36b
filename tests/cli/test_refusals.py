"""How the commands refuse: rule, found and fix for the user's mistake, and nothing changed on disk."""

import errno
import os
import re
import shutil
import subprocess
import sys

import pytest

from hotspot.cli import door
from hotspot.cli.door import main

OF_FOUND, OF_FIX = ("found: ", "fundet: "), ("fix: ", "gør: ")


def hotspot(*words, code=0, **environment):
    command = [sys.executable, "-m", "hotspot", *map(str, words)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "LANG": "C", **environment}
    )
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout if code == 0 else done.stderr


def test_the_fictional_town_is_not_poured_into_another_study(town, tmp_path):
    own = tmp_path / "own"
    shutil.copytree(town, own, ignore=shutil.ignore_patterns("raw"))
    before = {path: path.read_bytes() for path in own.rglob("*") if path.is_file()}
    refused = hotspot("demo", own, "--language", "en", code=2)
    assert [line.partition(":")[0] for line in refused.splitlines()[1:]] == ["found", "fix"]
    assert "raw/deliveries.csv" in refused
    assert {path: path.read_bytes() for path in own.rglob("*") if path.is_file()} == before


def test_an_unknown_place_is_refused_with_the_nearest(town):
    refused = hotspot("explain", town, "Nordlys", code=2)
    assert "Nordlyset" in refused
    assert "Traceback" not in refused


MISTAKES = [  # what is typed, and what the answer must name; {town} is the study, {here} an empty folder
    ("nosuch", "one of demo, init"),
    ("raport {town}", "report?"),
    ("run", "folder"),
    ("run /nowhere", "hotspot init"),
    ("run {town} --buget 4", "--budget"),
    ("run {town} --budget many", "--budget"),
    ("run {town} --budget -5", "-5"),
    ("run {town} --seed -4", "--seed"),
    ("run {town} --period 2024", "2024"),
    ("run {town} --period 2025-12-31..2023-01-01", "2025-12-31"),
    ("run {town} --weight felt_unsafe=lots", "lots"),
    ("run {town} --categories riding,theftt", "theft?"),
    ("run {town} --layers densty", "densty"),
    ("run {town} --light darkk", "light"),
    ("run {town} --cell 33", "cell_m"),
    ("demo {here}/new --language sv", "sv"),
    ("demo {here}/new --seed -1", "--seed"),
    ("demo {town}/study.toml", "study.toml"),
    ("init {here}/new --name A --boundary {here}/nofile.geojson", "nofile.geojson"),
    ("init {here}/new --name A --boundary {town}/raw/priser.csv", "priser.csv"),
    ("init {here}/new --name A --boundary {town}/raw/kommunegraense.geojson --crs EPSG:4326", "4326"),
    ("init {here}/new --name A --boundary {town}/raw/kommunegraense.geojson --crs nonsense", "nonsense"),
    ("init {here}/new --name A --boundary {town}/raw/kommunegraense.geojson --timezone Mars", "Mars"),
    ("init {here}/new --name A --boundary {town}/raw/kommunegraense.geojson --language sv", "sv"),
    ("init {town} --name A --boundary {town}/raw/kommunegraense.geojson", "hotspot import"),
    ("init {here}/new", "--name"),
    ("init {here}/new --name A", "--boundary"),
    ("run {town} --scheduler tcp://127.0.0.1:1", "--thorough"),
    ("import /nowhere incidents x.csv", "hotspot init"),
    ("import {town} things {town}/raw/priser.csv", "lamps"),
    ("import {town} incidents /nowhere.csv", "nowhere.csv"),
    ("import {town} lamps {town}/raw", "befolkning_100m.csv"),
    ("import {town} incidents {town}/raw/politi_haendelser.csv --map Gerningstit=time", "Gerningstekst"),
    ("import {town} incidents {town}/raw/politi_haendelser.csv --map foo", "--map"),
    ("import {town} incidents {town}/raw/politi_haendelser.csv --crs EPSG:99", "EPSG:99"),
    ("import {town} incidents {town}/raw/politi_haendelser.csv --drop nocol", "nocol"),
    ("import {town} incidents {town}/raw/politi_haendelser.csv --coverage nope.geojson", "nope.geojson"),
    ("import {town} green {town}/raw/groent_fkg.gpkg --layer nolayer", "t_6800_parl_fl"),
    ("import {town} areas {town}/raw/priser.csv --join", "--map"),
    ("check /nowhere", "hotspot init"),
    ("check {town} --foo", "--foo"),
    ("undo {town} lamps --source nobody", "nobody"),
    ("undo {town} lamps", "--source"),
    ("explain {town} Ostmarken", "Østmarken"),
    ("explain {town} Østmarken --language sv", "sv"),
    ("explain {town} Østmarken --audience counsil", "council?"),
    ("explain {town} Østmarken --audience partner --owner Nobody", "Ternevig Kommune"),
    ("evaluate {town} --audience emperor", "emperor"),
    ("accuracy {town} --train all --test all", "--train"),
    ("accuracy {town} --train 2025-01-01..2025-12-31 --test 2023-01-01..2023-12-31", "--test"),
    ("changes {town} --since yesterday", "yesterday"),
    ("changes {town} --since 2023-08-01", "2023"),
    ("report {town} --out paper.txt", ".docx"),
    ("report {town} --out no/such/x.pdf", "mkdir -p no/such"),
    ("report {town} --out /proc/x.pdf", "/proc/x.pdf"),
    ("report {town} --out x.pdf --audience emperor", "emperor"),
    ("report {town} --out x.pdf --language sv", "sv"),
    ("export {town} --out x.docx", ".gpkg"),
    ("export {town} --out {town}/study.toml/x.gpkg", "study.toml"),
    ("export {town} --out /proc/surfaces", "/proc/surfaces"),
    ("export {town} --out {here}/surfaces --audience council", "surfaces.gpkg"),
    ("layers /nowhere", "hotspot init"),
    ("layers --language sv", "sv"),
    ("serve /nowhere", "hotspot init"),
    ("serve {town} --port 99999999", "--port"),
]


@pytest.fixture(scope="module")
def town(town, tmp_path_factory):
    """A copy of the town's study, raw files and all, which no other test touches."""
    folder = tmp_path_factory.mktemp("commands") / "town"
    shutil.copytree(town, folder)
    return folder


@pytest.fixture
def as_it_was(town):
    """All of the study but what a run may keep to be quicker next time."""

    def state():
        parts = [path for path in town.rglob("*") if path.is_file() and "kept" not in path.parts]
        return {path: path.read_bytes() for path in parts if path.suffix not in {".db-wal", ".db-shm"}}

    before = state()
    yield
    assert state() == before


@pytest.mark.usefixtures("as_it_was")
@pytest.mark.parametrize(("typed", "says"), MISTAKES)
def test_a_mistake_is_told_in_three_parts_and_changes_nothing(town, tmp_path, monkeypatch, capsys, typed, says):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["hotspot", *typed.format(town=town, here=tmp_path).split()])
    monkeypatch.setenv("LC_ALL", "C")
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    lines = [line for line in told.splitlines() if not re.match(r" *\d+%", line)]
    assert ended.value.code == 2, told
    assert len(lines) == 3, told
    assert lines[1].startswith(OF_FOUND)
    assert lines[2].startswith(OF_FIX)
    assert says in told
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("study.toml", 'name = "Ternevig\n', "study.toml"),
        ("study.toml", 'name = "T"\ncrs = "EPSG:25832"\nbugdet_dkk = 5\n', "budget_dkk"),
        ("study.toml", 'name = "T"\ncrs = "EPSG:25832"\nbudget_dkk = "many"\n', "budget_dkk"),
        ("study.toml", 'name = "T"\ncrs = "EPSG:25832"\nperiod = 5\n', "period"),
        ("study.toml", 'crs = "EPSG:25832"\n', "name"),
        ("layers/mine.toml", 'title = "no table"\n', "mine.toml"),
        ("layers/mine.toml", "title = {\n", "mine.toml"),
        ("boundary.geojson", "{", "boundary.geojson"),
        ("study.db", "not a database, but long enough to be read as one" * 100, "study.db"),
    ],
)
def test_a_broken_study_is_told_in_three_parts(own_town, monkeypatch, capsys, file, text, says):
    (own_town / file).write_text(text, "utf-8")
    monkeypatch.setattr(sys, "argv", ["hotspot", "run", str(own_town)])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert ended.value.code == 2, told
    assert says in told


def test_a_results_folder_that_is_none_is_told(own_town):
    shutil.rmtree(own_town / "results")
    (own_town / "results").write_text("not a folder", "utf-8")
    told = hotspot("run", own_town, code=2)
    assert "results" in told
    assert "Traceback" not in told


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_one_may_not_write_is_told(town, tmp_path):
    (tmp_path / "closed").mkdir(mode=0o500)
    assert "closed" in hotspot("report", town, "--out", tmp_path / "closed" / "p.pdf", code=2)


def test_what_the_machine_forbids_is_told(monkeypatch, capsys, tmp_path):
    def forbidden(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path))

    monkeypatch.setattr(door, "app", forbidden)
    monkeypatch.setattr(sys, "argv", ["hotspot", "run", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert str(tmp_path) in capsys.readouterr().err
