"""Run every benchmark, one after the other, whatever becomes of the others: what ``make bench`` does.

Run ``python benchmarks/every.py``, or with the names of some, such as ``light density``. At the end stand how long each
took, every goal of speed and memory with why it is missed where it is, and which benchmarks failed; then the exit code
is 1. One at a time, since times are measured.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
NOT_RUN = {"every", "goals"}  # this one, and what the others say their goals with


def run(script: Path, goals: Path) -> tuple[int, float]:
    """Run one; what it ended with, and how long it took. [s]"""
    print(f"\n== {script.stem}", flush=True)
    began = time.perf_counter()
    surroundings = os.environ | {"HOTSPOT_GOALS": str(goals), "PYTHONUNBUFFERED": "1"}
    done = subprocess.run([sys.executable, str(script)], env=surroundings, check=False)  # noqa: S603 - our own scripts
    return done.returncode, time.perf_counter() - began


def main(names: list[str], folder: Path = HERE) -> int:
    """Run those named, or all; 1 where one failed."""
    known = {each.stem: each for each in sorted(folder.glob("*.py")) if each.stem not in NOT_RUN}
    if unknown := sorted(set(names) - set(known)):
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as kept:
        goals = Path(kept) / "goals.txt"
        ended = {name: run(known[name], goals) for name in names or known}
        told = goals.read_text("utf-8") if goals.exists() else ""
    failed = [name for name, (code, _) in ended.items() if code]
    print("\n== how long each took\n\n| benchmark | s | |\n|---|---|---|")
    for name, (code, seconds) in ended.items():
        print(f"| {name} | {seconds:.0f} | {f'FAILED with {code}' if code else ''} |")
    print(f"| all | {sum(seconds for _, seconds in ended.values()):.0f} | |")
    print(f"\n== goals\n\n{told or 'none was asked about'}", flush=True)
    if failed:
        print(f"FAILED: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
