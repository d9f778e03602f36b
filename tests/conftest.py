"""What every test may rely on: no network, our own coordinate tables, real deliveries where they exist."""

import ipaddress
import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
for name in ("PROJ_DATA", "PROJ_LIB", "GDAL_DATA"):  # another program's coordinate tables break rasterio's
    os.environ.pop(name, None)
os.environ.setdefault("MPLBACKEND", "Agg")
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


def _real_data() -> Path | None:
    folder = Path(os.environ.get("HOTSPOT_REAL_DATA") or ROOT.parent / "shared" / "data")
    return folder if folder.is_dir() else None


def _chromium() -> str | None:
    return os.environ.get("HOTSPOT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    no_data = pytest.mark.skip(reason="no real deliveries: set HOTSPOT_REAL_DATA")
    no_browser = pytest.mark.skip(reason="no chromium on this machine")
    skip_browser = _chromium() is None and os.environ.get("CI", "").lower() not in {"1", "true"}
    for item in items:
        if "real" in item.keywords and _real_data() is None:
            item.add_marker(no_data)
        if "browser" in item.keywords and skip_browser:
            item.add_marker(no_browser)


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
