"""The tests mirror the package: who changes a module finds its tests under the same name."""

from pathlib import Path

from tests.house.source import MODULES, ROOT, dotted, functions

TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
ELSEWHERE: dict[str, str] = {  # module: where its behaviour is tested, and why not under its name
    "hotspot": "tests/house/test_floors.py asks for every name of the public page in a fresh process",
}
WITH_FUNCTIONS = {dotted(path): path for path in MODULES if any(functions(path))}


def has_tests(name: str) -> bool:
    """Whether a test module carries the module's name in the folder that mirrors the module's own."""
    parts = name.split(".")[1:]
    if not parts:
        return False
    folders: list[Path] = [ROOT.joinpath("tests", *parts), ROOT.joinpath("tests", *parts[:-1])]
    start = f"test_{parts[-1].strip('_')}_"
    return any(test.parent in folders and f"{test.stem}_".startswith(start) for test in TESTS)


def test_every_module_has_its_tests() -> None:
    bare = [name for name in WITH_FUNCTIONS if not has_tests(name) and name not in ELSEWHERE]
    assert not bare, f"{len(bare)} modules without tests under their name: {bare}"


def test_exceptions_are_still_needed() -> None:
    assert not [name for name in ELSEWHERE if name not in WITH_FUNCTIONS or has_tests(name)]
