"""``make bench`` runs to its end, whatever fails, and the page's numbers are what the benchmark prints."""

import importlib
import pickle
import shutil
import subprocess
import sys

import pytest

from tests.house.source import ROOT

PAGE = (ROOT / "docs" / "statistics.md").read_text("utf-8")
BENCHMARKS = ROOT / "benchmarks"
MEETS = 'from goals import Goal, judge\njudge(Goal("{0}", 1.0, "s"), {1}, "it is slow")\n'


def run(folder, *arguments):
    return subprocess.run(
        [sys.executable, folder / arguments[0], *arguments[1:]], capture_output=True, text=True, check=False
    )


def bench(tmp_path, *names):
    for each in ("every.py", "goals.py"):
        shutil.copy(BENCHMARKS / each, tmp_path)
    (tmp_path / "a_breaks.py").write_text("raise SystemExit('differs')", "utf-8")
    (tmp_path / "b_meets.py").write_text(MEETS.format("this", 0.5), "utf-8")
    (tmp_path / "c_misses.py").write_text(MEETS.format("that", 1.5), "utf-8")
    return run(tmp_path, "every.py", *names)


def test_one_that_fails_is_named_and_the_others_say_their_goals(tmp_path) -> None:
    done = bench(tmp_path)
    assert done.returncode == 1
    ending = done.stdout.split("== how long each took")[1]
    assert "| a_breaks | 0 | FAILED with 1 |" in ending
    assert "goal: this: at most 1 s, here 0.5: met\n" in ending
    assert "goal: that: at most 1 s, here 1.5: MISSED by 50%: it is slow\n" in ending
    assert ending.splitlines()[-1] == "FAILED: a_breaks"


def test_a_missed_goal_is_no_failure(tmp_path) -> None:
    done = bench(tmp_path, "c_misses")
    assert done.returncode == 0, done.stderr
    assert "MISSED" in done.stdout
    assert "FAILED" not in done.stdout


def test_an_unknown_name_runs_nothing(tmp_path) -> None:
    done = bench(tmp_path, "b_meets", "light")
    assert done.returncode == 2
    assert done.stderr == "no such benchmark: light; there are a_breaks, b_meets, c_misses\n"
    assert not done.stdout


@pytest.mark.parametrize(("part", "row"), [("chance", 24), ("chance", 25), ("single", 1)])
def test_a_row_sent_to_another_process_gives_what_the_page_says(monkeypatch, part, row) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    table = importlib.import_module("calibration").tables()[part][0]
    said = pickle.loads(pickle.dumps(table.rows[row]))()  # noqa: S301 - our own bytes
    assert said in PAGE.split(f"### {table.title}\n")[1].split("\n### ")[0].splitlines()
