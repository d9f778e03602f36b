"""Every statistic that can be asked for rests on a value made elsewhere, on something that changes nothing, on a limit.

docs/evidence.md names the tests, function by function. Here the page is held against the code, so that it cannot tell
of tests that are gone, or that never call the function; and so that no statistic comes without a row of its own.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.house.source import MODULES, PACKAGE, ROOT, dotted, room, tree

PAGE = ROOT / "docs" / "evidence.md"
METHOD_PAGES = ("statistics", "density", "autocorrelation", "space-time", "stability", "accuracy")
NOT_SAID = "–"
PEERS = {"scipy", "esda", "libpysal", "statsmodels", "pointpats", "shapely", "itertools", "fractions", "geopandas"}
SOURCE = re.compile(r"\b10\.\d{4,}/|ISBN|Our own")
NO_STATISTIC = {  # asked from above or named on a page, and answers no question about a place
    "bands.in_bands": "shares work out between threads",
    "spline_sums.rim_error": "how far off a surface may be; test_spline_sums.py holds it against exact sums",
}
FORMULA = re.compile(r"[=<>]| / |``[^`]* [^`]*``")


class Row(NamedTuple):
    """One line of the page."""

    function: str
    elsewhere: tuple[str, ...]
    unchanged: tuple[str, ...]
    limits: tuple[str, ...]


def names_of(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`(test_\w+)`", cell))


@cache
def rows() -> tuple[Row, ...]:
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    return tuple(Row(each[0].strip("`"), *(names_of(cell) for cell in each[1:4])) for each in cells)


# What can be asked for


def public_functions(path: Path) -> list[ast.FunctionDef]:
    return [each for each in tree(path).body if isinstance(each, ast.FunctionDef) and not each.name.startswith("_")]


def imported(path: Path) -> set[tuple[str, str]]:
    """Names taken from the statistics: (module, name)."""
    taken = [each for each in ast.walk(tree(path)) if isinstance(each, ast.ImportFrom) and each.module]
    return {
        (each.module.rpartition(".")[2], name.name)
        for each in taken
        if each.module and each.module.startswith("hotspot.stats.")
        for name in each.names
    }


@cache
def named_in(source: ast.AST) -> frozenset[str]:
    """Every name that some code speaks of."""
    every = list(ast.walk(source))
    names = {each.id for each in every if isinstance(each, ast.Name)}
    return frozenset(names | {each.attr for each in every if isinstance(each, ast.Attribute)})


def spoken_of(path: Path) -> set[str]:
    """Names that the other modules of the statistics speak of."""
    return set().union(*(named_in(tree(each)) for each in MODULES if room(each) == "stats" and each != path))


@cache
def on_method_pages() -> set[str]:
    text = "".join((ROOT / "docs" / f"{page}.md").read_text("utf-8") for page in METHOD_PAGES)
    return {name.rpartition(".")[2] for name in re.findall(r"`([\w.]+)(?:\([^`]*)?`", text)}


@cache
def doors() -> dict[str, ast.FunctionDef]:
    """Functions of the statistics for which there is a question.

    A room above asks, the package's public page offers them, a method page names them, or else nobody else uses them,
    and what nobody uses is here to be asked.
    """
    statistics = [path for path in MODULES if room(path) == "stats"]
    above = set().union(*(imported(path) for path in MODULES if room(path) != "stats"))
    offered = (PACKAGE / "__init__.py").read_text("utf-8")
    found = {}
    for path in statistics:
        spoken = spoken_of(path)
        for function in public_functions(path):
            name, key = function.name, (path.stem, function.name)
            used = name in spoken or any(name in named_in(each) for each in tree(path).body if each is not function)
            is_offered = f'"{name}": "{dotted(path)}"' in offered or f"{dotted(path)}:{name}" in offered
            if key in above or is_offered or name in on_method_pages() or not used:
                found[f"{path.stem}.{name}"] = function
    return {name: function for name, function in found.items() if name not in NO_STATISTIC}


# What the tests do


class Checks(NamedTuple):
    """One file of tests: what stands at its top level by name, and what it imports."""

    path: Path
    parts: dict[str, ast.stmt]
    from_package: set[str]
    from_peers: set[str]


@cache
def files_of_tests() -> tuple[Checks, ...]:
    return tuple(_read(path) for path in sorted((ROOT / "tests").glob("*/test_*.py")) if "house" not in path.parts)


def _read(path: Path) -> Checks:
    module = ast.parse(path.read_text("utf-8"))
    parts: dict[str, ast.stmt] = {}
    ours, peers = set(), set()
    for each in module.body:
        if isinstance(each, ast.FunctionDef | ast.ClassDef):
            parts[each.name] = each
        elif isinstance(each, ast.Assign):
            for target in each.targets:
                parts |= {name.id: each for name in ast.walk(target) if isinstance(name, ast.Name)}
    for each in ast.walk(module):
        if isinstance(each, ast.ImportFrom) and each.module:
            names = {(name.asname or name.name) for name in each.names}
            ours |= names if each.module.startswith("hotspot") else set()
            peers |= names if each.module.partition(".")[0] in PEERS else set()
        elif isinstance(each, ast.Import):
            peers |= {
                (name.asname or name.name.partition(".")[0])
                for name in each.names
                if name.name.partition(".")[0] in PEERS
            }
    return Checks(path, parts, ours, peers)


def reached(tests: Checks, name: str) -> Iterator[ast.stmt]:
    """The test itself and all of its file that it speaks of, step by step: helpers, tables, fixtures."""
    waiting, seen = [name], set()
    while waiting:
        now = waiting.pop()
        if now in seen or now not in tests.parts:
            continue
        seen.add(now)
        part = tests.parts[now]
        yield part
        waiting += named_in(part)
        if isinstance(part, ast.FunctionDef):
            waiting += [each.arg for each in part.args.args]


def that_call(function: str, test: str) -> list[tuple[Checks, list[ast.stmt]]]:
    """The tests of that name that reach the function."""
    found = [(tests, list(reached(tests, test))) for tests in files_of_tests() if test in tests.parts]
    return [
        (tests, parts)
        for tests, parts in found
        if function in tests.from_package and any(function in named_in(each) for each in parts)
    ]


def holds_a_value(tests: Checks, parts: list[ast.stmt]) -> bool:
    """Whether some digits, a file of reference values, another program or a list of all cases speaks in it."""
    spoken = set().union(*(named_in(each) for each in parts))
    digits = [
        len(f"{each.value!r}".replace("0.", "").replace(".", "").replace("-", ""))
        for part in parts
        for each in ast.walk(part)
        if isinstance(each, ast.Constant) and isinstance(each.value, float)
    ]
    return max(digits, default=0) > 3 or bool(spoken & (tests.from_peers | {"read_csv", "DictReader", "reference"}))


def test_every_statistic_has_one_row_and_every_row_a_statistic() -> None:
    told = [row.function for row in rows()]
    assert sorted(told) == sorted(set(told))
    bare, gone = sorted(set(doors()) - set(told)), sorted(set(told) - set(doors()))
    assert not bare, f"write on docs/evidence.md which tests hold {bare}"
    assert not gone, f"nobody can ask for {gone} any more: take the row away"


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.function)
def test_its_tests_are_there_and_call_it(row: Row) -> None:
    name = row.function.rpartition(".")[2]
    for kind in (row.elsewhere, row.unchanged, row.limits):
        assert kind, "a column is empty"
        missing = [test for test in kind if not that_call(name, test)]
        assert not missing, f"not there, or they never reach {name}: {missing}"


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.function)
def test_a_value_made_elsewhere_speaks_in_them(row: Row) -> None:
    name = row.function.rpartition(".")[2]
    found = [each for test in row.elsewhere for each in that_call(name, test)]
    assert any(holds_a_value(*each) for each in found), "no digits, reference file, other program or list of all cases"


@pytest.mark.parametrize("name", sorted(doors()))
def test_its_words_have_a_formula_a_pitfall_and_a_source(name: str) -> None:
    words = ast.get_docstring(doors()[name]) or ""
    _, _, notes = words.partition("\nNotes\n-----\n")
    assert FORMULA.search(notes), "its Notes have no formula"
    assert "misleads" in notes, 'its Notes do not say "How it misleads: ..."'
    sources = words.partition("\nReferences\n----------\n")[2]
    assert SOURCE.search(sources), 'its References have no DOI or ISBN, nor say "Our own ..."'


def test_what_a_p_is_the_p_of_stands_beside_it() -> None:
    """Every answer with a p tells its alternative, and how many tests were made where it tells a q."""
    statistics = [path for path in MODULES if room(path) == "stats"]
    classes = {each.name: each for path in statistics for each in tree(path).body if isinstance(each, ast.ClassDef)}
    for door in doors().values():
        answer = classes.get(door.returns.id) if isinstance(door.returns, ast.Name) else None
        if answer is None:
            continue
        fields = {
            each.target.id
            for each in answer.body
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        }
        fields |= {each.name for each in answer.body if isinstance(each, ast.FunctionDef)}
        assert "pvalue" not in fields or "alternative" in fields, answer.name
        assert "qvalue" not in fields or "tests" in fields, answer.name


def test_a_method_page_names_it() -> None:
    bare = [name for name in doors() if name.rpartition(".")[2] not in on_method_pages()]
    assert not bare, f"no page of {METHOD_PAGES} names {bare}"


def test_every_reference_value_says_what_made_it_and_is_asked_for() -> None:
    folder = ROOT / "tests" / "reference"
    makers = {path.name: path.read_text("utf-8") for path in folder.iterdir() if path.suffix in {".R", ".py"}}
    read = "".join(checks.path.read_text("utf-8") for checks in files_of_tests())
    for name, text in makers.items():
        told = text[:800]
        assert re.search(r"20\d\d-\d\d-\d\d", told), f"{name} does not say when its values were made"
        assert re.search(r"(?:R|pygeoda|esda|PyEhsa) \d+\.\d+", told), f"{name} does not say by which version"
    for path in folder.glob("*.csv"):
        assert any(path.name in text for text in makers.values()), f"nothing says what made {path.name}"
        assert path.name in read, f"no test reads {path.name}"
