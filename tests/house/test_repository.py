"""What the checkout carries: pinned packages that are all needed, and no address that leaves the machine."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.house.source import MODULES, ROOT, tree

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LEFT_OUT = {
    ".git",
    ".venv",
    ".make",
    "node_modules",
    "dist",
    "build",
    "demo-study",
    "__pycache__",
    "_packaged",
}
TEXT = {
    *(".py", ".toml", ".md", ".json", ".yml", ".yaml", ".txt", ".ts", ".js", ".mjs", ".css", ".html"),
    *(".po", ".csv", ".typ", ".cfg", ""),
}
REGISTRIES = re.compile(
    r"https?://[^\s)\"']*(?:pypi|npmjs|registry\.|artifactory|nexus|/simple\b|proxy\.golang)[^\s)\"']*"
    r"|--(?:extra-)?index-url|--find-links",
)
THIRD_PARTIES = re.compile(
    r"https?://[^\s\"']*(?:cdn\.|unpkg|jsdelivr|cdnjs|googleapis|gstatic|cartocdn|mapbox\.com|tile\.openstreetmap)",
)
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK|NotImplemented" + r"Error)\b")
# Distributions whose import name is asked for by name elsewhere than in an import statement.
NOT_IMPORTED = {"pyarrow": "parquet engine of geopandas", "tzdata": "time zones on Windows"}


def files() -> list[Path]:
    """Text files of the checkout."""
    return [
        path
        for path in sorted(ROOT.rglob("*"))
        if path.suffix in TEXT
        and not LEFT_OUT & set(path.relative_to(ROOT).parts)
        and not any(part.endswith(("_cache", ".egg-info")) or part == ".hypothesis" for part in path.parts)
        and path.is_file()
        and path.stat().st_size < 2_000_000
    ]


def canonical(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def matches(pattern: re.Pattern[str], *, suffixes: set[str] = TEXT) -> list[str]:
    """Where a pattern stands in the checkout, this test aside."""
    found = []
    for path in files():
        if path == Path(__file__) or path.suffix not in suffixes:
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            if hit := pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number} {hit.group()[:80]}")
    return found


def test_no_registry_address() -> None:
    assert not matches(REGISTRIES)


def test_nothing_is_fetched_from_third_parties() -> None:
    assert not matches(THIRD_PARTIES, suffixes={".py", ".ts", ".js", ".mjs", ".css", ".html", ".toml", ".typ"})


def test_nothing_is_left_unfinished() -> None:
    assert not matches(UNFINISHED, suffixes={".py", ".ts", ".toml", ".typ"})


def test_constraints_pin_names_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert not [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line)]


def test_every_requirement_is_pinned() -> None:
    pinned = {canonical(line) for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()}
    extras = [each for key, names in PROJECT["optional-dependencies"].items() if key != "pysal" for each in names]
    wanted = {canonical(each) for each in [*PROJECT["dependencies"], *extras]}
    assert wanted <= pinned, f"make lock: {wanted - pinned}"


def test_every_runtime_requirement_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    bare = [each for each in PROJECT["dependencies"] if not re.search(rf'"{re.escape(each)}",\s+# \S+', text)]
    assert not bare


def imported() -> set[str]:
    """Top-level names that the package imports."""
    found = set()
    for path in MODULES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"hotspot"}


def test_what_is_imported_is_required() -> None:
    extras = [*PROJECT["optional-dependencies"]["signin"], *PROJECT["optional-dependencies"]["postgis"]]
    required = {canonical(each) for each in [*PROJECT["dependencies"], *extras]}
    owners = packages_distributions()
    missing = {name for name in imported() if not {canonical(each) for each in owners.get(name, [name])} & required}
    assert not missing, f"imported, but not in pyproject: {missing}"


def test_what_is_required_is_imported() -> None:
    owners = packages_distributions()
    used = {canonical(each) for name in imported() for each in owners.get(name, [])} | set(NOT_IMPORTED)
    unused = {canonical(each) for each in PROJECT["dependencies"]} - used
    assert not unused, f"in pyproject, but never imported: {unused}"


@pytest.mark.parametrize("word", ["make app", "make test"])
def test_readme_names_the_two_commands(word: str) -> None:
    assert word in (ROOT / "README.md").read_text("utf-8")


def test_makefile_knows_its_words() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    for word in ("app", "demo", "test", "quick", "bench", "wheel", "clean", "words"):
        assert re.search(rf"^{word}:", text, re.MULTILINE), word


def test_continuous_integration_runs_the_same() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "make --no-print-directory test" in script.read_text("utf-8")


def test_make_parses() -> None:
    done = subprocess.run(["make", "-n", "help"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
