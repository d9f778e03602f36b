"""The wheel carries all that the product reads, and works from an empty folder outside the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

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
