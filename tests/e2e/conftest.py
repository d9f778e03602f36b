"""One small study, one server on a free loopback port, and a browser that may ask nobody else."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, Download, Locator, Page, expect
from playwright.sync_api import TimeoutError as TooSlow

SLOW_MS = 60_000
OPENING_MS, OPENINGS = 5_000, 24
FETCHING_MS = 15_000


class Server(NamedTuple):
    address: str
    folder: Path
    process: subprocess.Popen[str]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def start(folder: Path, where: Path) -> Server:
    """Serve a study as a reader would, from a folder outside the checkout."""
    port = free_port()
    words = [sys.executable, "-m", "hotspot", "serve", str(folder), "--port", str(port)]
    process = subprocess.Popen(words, cwd=where, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
                return Server(f"http://127.0.0.1:{port}", folder, process)
        except (URLError, OSError):
            time.sleep(0.2)
    process.kill()
    pytest.fail("the server did not answer")


def stop(server: Server) -> int:
    server.process.send_signal(signal.SIGINT)
    try:
        return server.process.wait(20)
    finally:
        server.process.kill()
        if server.process.stdout:
            server.process.stdout.close()


@pytest.fixture(scope="session")
def study_folder(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the town's study for the app alone."""
    folder = tmp_path_factory.mktemp("app") / "town"
    shutil.copytree(town, folder, ignore=shutil.ignore_patterns("raw"))
    return folder


@pytest.fixture(scope="session")
def server(study_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start(study_folder, tmp_path_factory.mktemp("elsewhere"))
    yield running
    stop(running)


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A fresh page; the test fails if anything was asked of another machine."""
    opened = browser.new_page(viewport={"width": 1440, "height": 900})
    opened.set_default_timeout(SLOW_MS)
    strangers: list[str] = []
    home = (server.address, server.address.replace("http", "ws"), "data:", "blob:")
    opened.on("request", lambda asked: None if asked.url.startswith(home) else strangers.append(asked.url))
    yield opened
    opened.close()
    assert strangers == []


@pytest.fixture
def visit(page: Page, server: Server) -> Callable[[str], Page]:
    """Open an address of the app and wait until nothing runs any more."""

    def opened(path: str) -> Page:
        page.goto(f"{server.address}/{path}")
        settled(page)
        return page

    return opened


def settled(page: Page) -> None:
    """Wait until the page has its heading and its look, nothing is worked out and no script runs."""
    expect(page.get_by_test_id("stMain").locator("h1").first).to_be_visible(timeout=SLOW_MS)
    app = page.get_by_test_id("stApp")
    for _ in range(2):  # a first run may ask for a second
        expect(page.get_by_test_id("stProgress")).to_have_count(0, timeout=SLOW_MS)
        expect(app).to_have_attribute("data-test-script-state", re.compile("notRunning"), timeout=SLOW_MS)
        page.wait_for_timeout(400)
    expect(page.get_by_test_id("stMainBlockContainer")).to_have_css("padding-left", "32px")


def still(page: Page) -> None:
    """Wait until no script runs: while one does, a list that was opened may be drawn anew and closed."""
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", re.compile("notRunning"), timeout=SLOW_MS
    )


def fetched(page: Page, button: Locator) -> Download:
    """Press a button and return the file that comes: a click while the page moves is lost, and made again."""
    for _ in range(OPENINGS):
        still(page)
        try:
            with page.expect_download(timeout=FETCHING_MS) as caught:
                button.click()
        except TooSlow:
            continue
        return caught.value
    pytest.fail("no file came")


def pick(page: Page, box: Locator, wanted: str, *, typed: str = "", exact: bool = False) -> None:
    """Choose from a list as a person does: whoever finds it closed again opens it again."""
    option = page.get_by_role("option", name=wanted, exact=exact).first
    for _ in range(OPENINGS):
        still(page)
        box.click()
        page.keyboard.type(typed)
        try:
            option.click(timeout=OPENING_MS)
        except TooSlow:
            page.keyboard.press("Escape")
        else:
            return
    pytest.fail(f"the list never offered {wanted}")
