"""The tests mirror the package: who changes a module finds its tests under the same name."""

import ast
from pathlib import Path

from tests.house.source import MODULES, ROOT, dotted, functions

TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
ELSEWHERE: dict[str, str] = {  # module: where its behaviour is tested, and why not under its name
    "hotspot": "tests/house/test_floors.py asks for every name of the public page in a fresh process",
}
DOORS: dict[str, str] = {  # room: the test that drives it through its own door, from the outside in
    "hotspot.cli": "tests/cli/test_commands.py",
    "hotspot.measures": "tests/pipeline/test_steps.py",
    "hotspot.pipeline": "tests/pipeline/test_steps.py",
    "hotspot.release": "tests/release/test_release.py",
    "hotspot.report.results": "tests/cli/test_commands.py",
    "hotspot.sources": "tests/sources/test_reading.py",
    "hotspot.store": "tests/store/test_folder.py",
    "hotspot.ui.map": "tests/ui/map",
    "hotspot.ui": "tests/e2e/test_app.py",
}
WITH_FUNCTIONS = {dotted(path): path for path in MODULES if any(functions(path))}


def imported(path: Path) -> set[str]:
    """The package's modules that a test names in its imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("hotspot"):
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
    return found


ASKED = {name for path in TESTS for name in imported(path)}


def has_tests(name: str) -> bool:
    """Whether a test module carries the module's name in its mirror folder, or some test imports from it."""
    parts = name.split(".")[1:]
    if not parts:
        return False
    folders: list[Path] = [ROOT.joinpath("tests", *parts), ROOT.joinpath("tests", *parts[:-1])]
    start = f"test_{parts[-1].strip('_')}_"
    if any(f"{name}.".startswith(f"{room}.") for room in DOORS):
        return True
    return name in ASKED or any(test.parent in folders and f"{test.stem}_".startswith(start) for test in TESTS)


def test_every_module_has_its_tests() -> None:
    bare = [name for name in WITH_FUNCTIONS if not has_tests(name) and name not in ELSEWHERE]
    assert not bare, f"{len(bare)} modules without tests under their name: {bare}"


def test_exceptions_are_still_needed() -> None:
    assert not [name for name in ELSEWHERE if name not in WITH_FUNCTIONS or has_tests(name)]


def test_every_door_has_its_test() -> None:
    assert not [test for test in DOORS.values() if not (ROOT / test).exists()]
