"""What every test may rely on: no network, our own coordinate tables, real deliveries where they exist."""

import fcntl
import ipaddress
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
for name in ("PROJ_DATA", "PROJ_LIB", "GDAL_DATA"):  # another program's coordinate tables break rasterio's
    os.environ.pop(name, None)
os.environ.setdefault("MPLBACKEND", "Agg")
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


def _real_data() -> Path | None:
    folder = Path(os.environ.get("HOTSPOT_REAL_DATA") or ROOT.parent / "shared" / "data")
    return folder if folder.is_dir() else None


def _chromium() -> str | None:
    return os.environ.get("HOTSPOT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    _longest_files_first(items)
    no_data = pytest.mark.skip(reason="no real deliveries: set HOTSPOT_REAL_DATA")
    no_browser = pytest.mark.skip(reason="no chromium on this machine")
    skip_browser = _chromium() is None and os.environ.get("CI", "").lower() not in {"1", "true"}
    for item in items:
        if "town" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.town)
        if "real" in item.keywords and _real_data() is None:
            item.add_marker(no_data)
        if "browser" in item.keywords and skip_browser:
            item.add_marker(no_browser)


def _longest_files_first(items: list[pytest.Item]) -> None:
    """Begin with the files that take minutes, so that two workers end together and none waits for the last file."""
    heaviest: dict[Path, int] = {}
    for item in items:
        weight = next((at for at, mark in enumerate(("seeds", "browser", "slow", "real")) if mark in item.keywords), 4)
        heaviest[item.path] = min(heaviest.get(item.path, weight), weight)
    items.sort(key=lambda item: heaviest[item.path])


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real deliveries; a test that asks for it is marked `real`."""
    folder = _real_data()
    if folder is None:
        pytest.skip("no real deliveries: set HOTSPOT_REAL_DATA")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; where everything must hold, a missing browser is a failure."""
    path = _chromium()
    if path is None:
        pytest.fail("chromium is missing: apt-get install chromium")
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator["Browser"]:
    """One browser for all tests of a process: a second one beside it cannot be started."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


def _is_here(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a socket file
    host = str(address[0])
    try:
        return ipaddress.ip_address(host.split("%", maxsplit=1)[0]).is_loopback
    except ValueError:
        return host in {"localhost", ""}


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if not _is_here(address):
            pytest.fail(f"a test reached for the network: {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional town's study, imported and run once for all; copy it before changing anything."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent  # one town for all workers
    folder, lock = shared / "town-study", shared / "town.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            command = [sys.executable, "-m", "hotspot", "demo", str(folder)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr[-3000:]
            (folder / "first.txt").write_text(done.stdout, "utf-8")
            (folder / "ready").touch()
    return folder


@pytest.fixture
def own_town(town: Path, tmp_path: Path) -> Path:
    """A copy of the town's study that a test may change."""
    folder = tmp_path / "study"
    shutil.copytree(town, folder, ignore=shutil.ignore_patterns("raw"))
    return folder
