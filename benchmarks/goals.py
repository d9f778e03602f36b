"""Say of each goal of speed and memory whether it is met, by how much not, and why; ``make bench`` ends with all."""

import os
from pathlib import Path
from typing import NamedTuple


class Goal(NamedTuple):
    """What is aimed at.

    Parameters
    ----------
    what
        Of which work.
    limit
        The number aimed at.
    unit
        Of the number.
    least
        True where more is better.
    """

    what: str
    limit: float
    unit: str
    least: bool = False


def judge(goal: Goal, found: float, why: str = "") -> bool:
    """Print, and keep for the end, whether a goal is met.

    Parameters
    ----------
    goal
        The goal.
    found
        What was measured.
    why
        Why it is not met where it is not, as far as that is known.

    Returns
    -------
    bool
        Whether it is met.
    """
    met = found >= goal.limit if goal.least else found <= goal.limit
    said = "met" if met else f"MISSED by {_apart(goal, found)}" + (f": {why}" if why else "")
    side = "at least" if goal.least else "at most"
    line = f"goal: {goal.what}: {side} {goal.limit:g} {goal.unit}, here {found:.3g}: {said}"
    print(line, flush=True)
    if told := os.environ.get("HOTSPOT_GOALS"):
        with Path(told).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    return met


def _apart(goal: Goal, found: float) -> str:
    """How far the number lies from the goal."""
    times = goal.limit / found if goal.least else found / goal.limit
    return f"{times - 1:.0%}" if times < 2 else f"a factor of {times:.1f}"  # noqa: PLR2004 - beyond that nobody counts per cent
