"""How many sequences of requests and deliveries were tried for one that reveals a count under five, and how many did.

    nice -n 10 python benchmarks/attack_search.py 300 --seed 1

Each sequence asks, in any order, as council, partner or planner, for periods and categories, with deliveries of one to
three kinds of new rows between; every third village shows cells too. The reader then adds and subtracts every number
heard through pages, files, service and explanations (`tests/release/village.py`). The suite tries five sequences, this
as many as asked for.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.release.test_search import CHOICES, WINDOWS, revealed  # noqa: E402 - found by the line above
from tests.release.village import AREAS, COUNTED, KINDS, YEARS, Kept, village  # noqa: E402 - as above

LONGEST = 8
GRID = 0.2  # how often the cells get another size with a delivery


def drawn(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    """Draw a sequence of three to eight requests."""
    windows, choices = sorted(WINDOWS), sorted(CHOICES)
    sequence: list[tuple[Any, ...]] = []
    for _ in range(int(rng.integers(3, LONGEST + 1))):
        who = ("deliver", "council", "partner", "planner", "planner", "planner")[int(rng.integers(6))]
        if who == "deliver":
            sequence.append(("deliver", rows_drawn(rng)))
            if rng.random() < GRID:
                sequence.append(("grid", float(rng.choice([100, 200]))))
        elif who == "planner":
            days, kinds = windows[int(rng.integers(len(windows)))], choices[int(rng.integers(len(choices)))]
            sequence.append((who, days, kinds))
        else:
            sequence.append((who, YEARS, KINDS))
    return sequence


def rows_drawn(rng: np.random.Generator) -> dict[tuple[str, int, str], int]:
    """Draw what a delivery brings: one to six incidents in each of one to three places, years and kinds."""
    places = rng.choice(AREAS, int(rng.integers(1, 3)), replace=False)
    found = {}
    for _ in range(int(rng.integers(1, 4))):
        where = str(rng.choice(places)), int(rng.choice(YEARS)), str(rng.choice(KINDS))
        found[where] = int(rng.integers(1, 7))
    return found


def main() -> None:
    """Try sequences and print those that reveal something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sequences", type=int, nargs="?", default=30)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng, kept, found, began = np.random.default_rng(asked.seed), Kept(), 0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        starts = [village(Path(folder) / "start").folder] * 2
        starts.append(village(Path(folder) / "cells", (*COUNTED, "hotspots")).folder)
        for number in range(1, asked.sequences + 1):
            sequence = drawn(rng)
            told = revealed(starts[number % 3], Path(folder) / "village", kept, sequence)  # type: ignore[no-untyped-call]  # a test
            if told:
                found += 1
                print(f"{number}: {sequence}\n    {told}", flush=True)
            if number % 10 == 0 or number == asked.sequences:
                spent = time.monotonic() - began
                print(f"{number} sequences, {found} that reveal a count, {spent:.0f} s", flush=True)


if __name__ == "__main__":
    main()
