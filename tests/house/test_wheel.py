"""The wheel carries all that the product reads, and works from an empty folder outside the checkout."""

import ast
import os
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from hotspot.pipeline import steps
from tests.house.source import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("hotspot-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked where the interpreter looks first."""
    site = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def run(installed: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    start = "import sys; from hotspot.cli import main; sys.exit(main())"
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        [sys.executable, "-c", start, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_carries_everything_that_is_read(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = {
        f"hotspot/_packaged/{path.relative_to(ROOT)}"
        for folder in ("layers", "data")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in {".toml", ".csv", ".md"}
    }
    wanted |= {
        str(path.relative_to(ROOT))
        for path in (ROOT / "hotspot").rglob("*")
        if path.suffix in {".py", ".po", ".toml", ".typ"} and "node_modules" not in path.parts
    }
    assert not (missing := wanted - names), sorted(missing)
    assert any(name.startswith("hotspot/ui/map/dist/") and name.endswith(".js") for name in names)
    assert any(name.startswith("hotspot/_packaged/data/demo/") and name.endswith(".py") for name in names)


def declared(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(each for extra in extras for each in project["optional-dependencies"][extra])]
    return {each.partition(">")[0].partition("[")[0].lower().replace("_", "-") for each in wanted} | {"hotspot"}


def imported() -> dict[str, str]:
    """Each top name that the package imports, and one file that does."""
    found: dict[str, str] = {}
    for path in (ROOT / "hotspot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))) if "node_modules" not in path.parts else ():
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            found |= {name.partition(".")[0]: str(path.relative_to(ROOT)) for name in names}
    return {name: path for name, path in found.items() if name not in {*sys.stdlib_module_names, "hotspot"}}


def test_it_asks_for_every_package_that_it_imports() -> None:
    known, owners = declared("postgis", "signin"), packages_distributions()
    strange = {
        name: path
        for name, path in imported().items()
        if known.isdisjoint(owner.lower().replace("_", "-") for owner in owners.get(name, ["?"]))
    }
    assert not strange


def test_it_asks_for_every_package_whose_version_it_records() -> None:
    assert not set(steps._VERSIONS) - declared()


def test_it_carries_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    strange = ("node_modules", "__pycache__", ".nbi", ".nbc", "demo-study", ".ts", "package-lock")
    assert not [name for name in names if any(part in name for part in strange)]


def test_it_knows_its_layers_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "layers")
    assert done.returncode == 0, done.stderr
    known = [path.stem for path in (ROOT / "layers").glob("*.toml")]
    assert not [name for name in known if name not in done.stdout]


def test_its_town_runs_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "demo", "demo-study")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "demo-study" / "study.toml").is_file()
