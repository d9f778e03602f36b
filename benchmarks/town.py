"""How long the fictional town takes from raw files to all results, and what one change costs.

Run with ``python benchmarks/town.py`` (two to four minutes); add ``--incidents 100000`` for a town with so many.
Times are those of the clock and of the processor: on a shared machine only the second can be compared. The first
round warms compiled code and the disk's cache and is not told.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from goals import Goal, judge

from hotspot.pipeline import Result, run
from hotspot.pipeline.clock import forget_peak, peak_mebibytes
from hotspot.release import release
from hotspot.report import reason_texts, row_sentence
from hotspot.report.results import run_and_keep
from hotspot.store import Store
from hotspot.study import Study
from hotspot.tables import Delivery

COMMANDS = ("--help", "layers", "check {town}", "run {town}", "explain {town} B10", "evaluate {town}")
RAW = Goal("the town from raw files to all results, wall", 15, "s")
MEMORY = Goal("the town from raw files to all results, memory", 1536, "MiB")
CHANGE = Goal("run again after {name}, wall", 1, "s")
WHY = "all places are ranked, the budget is spent and what may be told is settled anew"
JITTER_M = 40.0


class Cost(NamedTuple):
    """What something took."""

    wall_s: float
    cpu_s: float
    peak_mib: float


def command(*words: str) -> Cost:
    """What one command takes in a process of its own."""
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "hotspot", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as started:
        _, status, used = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise subprocess.CalledProcessError(started.returncode, words)
    return Cost(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def cost(work: Callable[[], object]) -> Cost:
    """What some work takes in this process."""
    forget_peak()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu, peak_mebibytes())


def line(name: str, found: Cost, note: str = "") -> None:
    """Print one row of a table."""
    print(f"| {name} | {found.wall_s:.2f} | {found.cpu_s:.2f} | {found.peak_mib:.0f} | {note} |", flush=True)


def head(title: str, note: str = "") -> None:
    """Print the head of a table."""
    print(f"\n| {title} | seconds | of the processor | peak MiB | {note} |\n|---|---|---|---|---|")


def whole(folder: Path) -> None:
    """Raw files to all results in a fresh process, then the commands on the study as it is."""
    command("demo", str(folder / "warm"))
    head("from raw files to results")
    town = folder / "town"
    found = command("demo", str(town))
    line("hotspot demo", found)
    for words in COMMANDS:
        line(f"hotspot {words.format(town='town')}", command(*words.format(town=town).split()))
    judge(RAW, found.wall_s, "writing the town's own files is part of it; other work on the machine counts too")
    judge(MEMORY, found.peak_mib)


def per_layer(folder: Path) -> None:
    """Each layer and step of the run above."""
    current = (folder / "town" / "results" / "current").read_text("utf-8").strip()
    told = json.loads((folder / "town" / "results" / current / "run.json").read_text("utf-8"))
    print("\n| layer or step | seconds | peak MiB |\n|---|---|---|")
    for key, seconds in told["seconds"].items():
        print(f"| {key} | {seconds:.2f} | {told['mebibytes'][key]:.0f} |")
    print(f"| all | {sum(told['seconds'].values()):.2f} | {max(told['mebibytes'].values()):.0f} |")


def redeliver(store: Store, kind: str, source: str, column: str, value: float) -> None:
    """Deliver a table again with one number changed."""
    table = store.snapshot().tables[kind]
    own = table.frame if kind != "responses" else table.frame[table.frame["wave"] == source]
    frame = own.reset_index(drop=True).copy()
    frame.loc[frame.index[len(frame) // 2], column] = value
    covers = tuple(each for each in table.coverage if each.source == source)
    nothing = pd.DataFrame({"row": [], "reason": []})
    store.keep(Delivery(type(table)(frame, store.place, covers), nothing, (), len(frame), source))


def changes(folder: Path) -> None:
    """A run after one change, in a process that has run before: the app's worker, or a notebook."""
    store = Store(folder / "town")
    before = run(store.study, store.snapshot(), shelf=store.shelf)
    source = {each.kind: each.source for each in store.imports()}
    head("run again after one change", "measured again")
    line("nothing", cost(lambda: run(store.study, store.snapshot(), shelf=store.shelf)))
    heavier = store.study.but(weights={"felt_unsafe": 0.3})
    again("one weight", lambda: None, store, heavier)
    first = str(before.choice.chosen["measure"].iloc[0])
    prices = store.snapshot().tables["prices"].frame
    dearer = float(prices.loc[prices["measure"] == first, "capex_dkk"].iloc[0]) * 1.1
    again("one price", lambda: redeliver(store, "prices", source["prices"], "capex_dkk", dearer), store)
    again("one lamp", lambda: redeliver(store, "lamps", source["lamps"], "flux_lm", 100.0), store)
    again("one answer", lambda: redeliver(store, "responses", source["responses"], "unsafe_dark", 1.0), store)
    head("the same, with its files written")
    lighter = store.study.but(weights={"felt_unsafe": 0.2})
    line("one weight", cost(lambda: run_and_keep(store, lighter, lambda _step, _share: None)))


def again(name: str, change: Callable[[], None], store: Store, study: Study | None = None) -> None:
    """Make a change, then tell what the run after it takes and measures."""
    change()
    found: list[Result] = []
    taken = cost(lambda: found.append(run(study or store.study, store.snapshot(), shelf=store.shelf)))
    fresh = sorted(set(found[0].layers) - found[0].record.kept)
    line(name, taken, ", ".join(fresh) or "no layer")
    judge(CHANGE._replace(what=CHANGE.what.format(name=name)), taken.wall_s, WHY)


def larger(folder: Path, incidents: int) -> None:
    """A filter and a click where a town has many incidents: each repeated near where one was recorded."""
    store = Store(folder / "town")
    made = next(each for each in store.imports() if each.kind == "incidents")
    table = store.snapshot().tables["incidents"]
    rng = np.random.default_rng(1)
    drawn = table.frame.drop(columns="category").iloc[rng.integers(0, len(table.frame), incidents)]
    moved = shapely.get_coordinates(drawn.geometry.array) + rng.normal(0, JITTER_M, (incidents, 2))
    frame = gpd.GeoDataFrame(
        drawn.assign(incident_id=[f"n{i}" for i in range(incidents)]),
        geometry=shapely.points(moved),
        crs=store.study.crs,
    ).reset_index(drop=True)
    covers = tuple(each for each in table.coverage if each.source == made.source)
    nothing = pd.DataFrame({"row": [], "reason": []})
    store.keep(Delivery(type(table)(frame, store.place, covers), nothing, (), len(frame), made.source))
    head(f"{incidents:,} incidents")
    result: list[Result] = []
    line("run, nothing kept", cost(lambda: result.append(run(store.study, store.snapshot(), shelf=store.shelf))))
    dark = store.study.but(light=("dark",))
    line("a filter never asked for", cost(lambda: run(dark, store.snapshot(), shelf=store.shelf)))
    line("a filter asked for before", cost(lambda: run(dark, store.snapshot(), shelf=store.shelf)))
    line("release to a planner", cost(lambda: release(result[0], "planner")))
    shown = release(result[0], "admin")
    place = str(shown.priorities.index[0])
    areas = [each for each in shown.layers.values() if each.spec.support == "areas" and each.frame is not None]

    def click() -> None:
        reason_texts(shown, shown.priorities.loc[place, "reasons"], "en")
        for each in areas:
            row_sentence(each, place, "en")

    click()
    line("a click on a place", cost(click))


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=0, help="also for a town with so many incidents")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        whole(folder)
        per_layer(folder)
        changes(folder)
        if given.incidents:
            larger(folder, given.incidents)


if __name__ == "__main__":
    main()
