"""The method page says what the tests are and shows every table that the benchmark prints."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "statistics.md").read_text("utf-8")
BENCHMARK = [ROOT / "benchmarks" / "calibration.py", *sorted((ROOT / "benchmarks" / "hot_spot_maps").glob("*.py"))]


def titles() -> list[str]:
    """The titles of the benchmark's tables, read from its source."""
    trees = [ast.parse(each.read_text("utf-8")) for each in BENCHMARK]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        str(ast.literal_eval(call.args[0]))
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "Table"
    ]


def rows(title: str) -> list[list[str]]:
    body = PAGE.split(f"### {title}\n", 1)[1].strip().split("\n\n", 1)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines()[2:]]


def test_every_table_of_the_benchmark_is_on_the_page() -> None:
    assert len(titles()) == 11
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
        ("Power beside the plain W, the same maps, 900 cells", 11),
        ("A trend that exposure explains, 400 cells: hot", 10),
        ("The ring beside exposure: a trend that exposure does not explain, 400 cells: hot", 12),
        ("Found given exposure, background .3, 900 cells", 15),
        ("Points off their cell by so many metres, a quarter of 900 cells with people, 100 m", 12),
    ],
)
def test_no_row_is_left_out(title: str, lengths: int) -> None:
    assert len(rows(title)) == lengths


def test_what_is_flagged_where_there_is_only_chance_is_one_map_in_twenty() -> None:
    # three standard errors of 1,000 maps
    for row in rows("False alarms, chance alone"):
        assert max(float(cell) for cell in row[4:]) <= 0.05 + 3 * (0.05 * 0.95 / 1000) ** 0.5, row


def test_power_is_at_least_the_plain_w_s_within_the_error_of_the_pairs() -> None:
    for row in rows("Power beside the plain W, the same maps, 900 cells"):
        layer, error, w, its_error = map(float, row[8:])
        assert layer >= -2 * error, row
        assert w >= -2 * its_error, row


def test_points_off_their_cell_flag_cells_without_people_in_one_map_of_twenty() -> None:
    # three standard errors of 200 maps
    for row in rows("Points off their cell by so many metres, a quarter of 900 cells with people, 100 m"):
        assert float(row[3]) <= 0.05 + 3 * (0.05 * 0.95 / 200) ** 0.5, row


def test_intervals_cover_what_they_say() -> None:
    # of 200 maps of 400 cells: the intervals of one map hang together
    for row in rows("Single cells under chance: p, and the 95 % interval of the ratio"):
        assert float(row[7]) >= 0.945, row


def test_the_doors_named_are_there() -> None:
    named = set(re.findall(r"`(hotspots\w*|lasting)`", PAGE))
    source = "".join(
        (ROOT / "hotspot" / "stats" / f"{each}.py").read_text("utf-8") for each in ("hotspots", "lasting", "strata")
    )
    assert named >= {"hotspots", "hotspots_adaptive", "hotspots_around", "hotspots_in_strata"}
    for each in named - {"hotspots_dark"}:
        assert f"def {each}(" in source, each
