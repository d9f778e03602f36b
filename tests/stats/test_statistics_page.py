"""The method page says what the tests are and shows every table that the benchmark prints."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "statistics.md").read_text("utf-8")
BENCHMARK = ROOT / "benchmarks" / "calibration.py"


def titles() -> list[str]:
    """The titles of the benchmark's tables, read from its source."""
    calls = [node for node in ast.walk(ast.parse(BENCHMARK.read_text("utf-8"))) if isinstance(node, ast.Call)]
    return [
        str(ast.literal_eval(call.args[0]))
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "head"
    ]


def rows(title: str) -> list[list[str]]:
    body = PAGE.split(f"### {title}\n", 1)[1].strip().split("\n\n", 1)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines()[2:]]


def test_every_table_of_the_benchmark_is_on_the_page() -> None:
    assert len(titles()) == 6
    for title in titles():
        assert f"### {title}\n" in PAGE, title


@pytest.mark.parametrize(
    ("title", "lengths"),
    [
        ("False alarms, chance alone", 48),
        ("False alarms, repeats at the same addresses", 4),
        ("A trend across town and no hot spot, 400 cells", 12),
        ("Found, background .3, 900 cells", 24),
        ("False alarms of other recipes, chance alone, 400 cells", 9),
        ("Single cells under chance: p, and the 95 % interval of the ratio", 18),
    ],
)
def test_no_row_is_left_out(title: str, lengths: int) -> None:
    assert len(rows(title)) == lengths


def test_what_is_flagged_where_there_is_only_chance_is_one_map_in_twenty() -> None:
    # three standard errors of 1,000 maps
    for row in rows("False alarms, chance alone"):
        assert max(float(cell) for cell in row[4:]) <= 0.05 + 3 * (0.05 * 0.95 / 1000) ** 0.5, row


def test_the_doors_named_are_there() -> None:
    named = set(re.findall(r"`(hotspots\w*|lasting)`", PAGE))
    source = "".join((ROOT / "hotspot" / "stats" / f"{each}.py").read_text("utf-8") for each in ("hotspots", "lasting"))
    assert named >= {"hotspots", "hotspots_adaptive", "hotspots_around"}
    for each in named - {"hotspots_dark"}:
        assert f"def {each}(" in source, each
