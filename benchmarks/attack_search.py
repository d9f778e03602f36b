"""How many sequences of requests and deliveries were tried for one that reveals a count under five, and how many did.

    nice -n 10 python benchmarks/attack_search.py 300 --seed 1

Each sequence asks, in any order, as council, partner or planner, for periods and categories, with deliveries between;
the reader then adds and subtracts every number heard through pages, files, service and explanations
(`tests/release/village.py`). The suite tries five sequences, this as many as asked for.
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
from tests.release.village import KINDS, YEARS, Kept, village  # noqa: E402 - as above

LONGEST = 8


def drawn(rng: np.random.Generator) -> list[tuple[Any, ...]]:
    """Draw a sequence of three to eight requests."""
    windows, choices = sorted(WINDOWS), sorted(CHOICES)
    sequence: list[tuple[Any, ...]] = []
    for _ in range(int(rng.integers(3, LONGEST + 1))):
        who = ("deliver", "council", "partner", "planner", "planner", "planner")[int(rng.integers(6))]
        if who == "deliver":
            sequence.append(("deliver",))
        elif who == "planner":
            days, kinds = windows[int(rng.integers(len(windows)))], choices[int(rng.integers(len(choices)))]
            sequence.append((who, days, kinds))
        else:
            sequence.append((who, YEARS, KINDS))
    return sequence


def main() -> None:
    """Try sequences and print those that reveal something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sequences", type=int, nargs="?", default=30)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng, kept, found, began = np.random.default_rng(asked.seed), Kept(), 0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        start = village(Path(folder) / "start").folder
        for number in range(1, asked.sequences + 1):
            sequence = drawn(rng)
            told = revealed(start, Path(folder) / "village", kept, sequence)  # type: ignore[no-untyped-call]  # a test
            if told:
                found += 1
                print(f"{number}: {sequence}\n    {told}", flush=True)
            if number % 10 == 0 or number == asked.sequences:
                spent = time.monotonic() - began
                print(f"{number} sequences, {found} that reveal a count, {spent:.0f} s", flush=True)


if __name__ == "__main__":
    main()
