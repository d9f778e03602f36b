"""Twenty people at once: how long each waits for an answer, and how much memory each one's session takes.

Run ``python benchmarks/people.py`` (about four minutes: it makes the fictional town first), or give the folder of a
study that has been worked out. All browsers run on this machine too and take most of it, so the waits are upper bounds.
"""

import argparse
import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from playwright.sync_api import Page, expect, sync_playwright

PEOPLE, EVERY_S, ROUNDS = 20, 10.0, 6
GOALS = "Goals: nineteen of twenty waits under 1 s; less than 50 MB a session beyond the first."
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
)
PAGES = ("Hot spots", "Priorities", "About", "Map")  # what a reader goes to, one after another


class Server(NamedTuple):
    """An app being served, and its process."""

    address: str
    pid: int


@contextmanager
def served(study: Path) -> Iterator[Server]:
    """Serve a study on a free loopback port until done."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    words = [sys.executable, "-m", "hotspot", "serve", str(study), "--port", str(port)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - our own
        address = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):  # noqa: S310 - our own address
                    break
            except OSError:
                time.sleep(0.2)
        try:
            yield Server(address, process.pid)
        finally:
            process.send_signal(signal.SIGINT)


def memory_mb(pid: int) -> float:
    """Memory of a process. [MB]"""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
    return sum(int(each) for each in re.findall(r"^Pss:\s+(\d+)", told, re.MULTILINE)) / 1000


def settled(page: Page) -> None:
    """Wait until no script runs and nothing is worked out."""
    expect(page.get_by_test_id("stProgress")).to_have_count(0, timeout=120_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", re.compile("notRunning"), timeout=120_000
    )


def goes_to(page: Page, name: str) -> None:
    """Go to another page by its link, and wait for its heading."""
    heading = page.get_by_test_id("stMain").locator("h1").first
    before = heading.inner_text()
    page.get_by_test_id("stTopNavLink").filter(has_text=name).click()
    expect(heading).not_to_have_text(before, timeout=120_000)
    settled(page)


def main() -> None:
    """Print waits and memory."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("study", nargs="?", type=Path)
    given = asked.parse_args().study
    with tempfile.TemporaryDirectory() as folder:
        study = given or Path(folder) / "town"
        if not given:
            subprocess.run([sys.executable, "-m", "hotspot", "demo", str(study)], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        with served(study) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
            pages: list[Page] = []
            taken = []
            for _ in range(PEOPLE):
                page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
                page.goto(f"{server.address}/data?lang=en")
                expect(page.get_by_test_id("stMain").locator("h1").first).to_be_visible(timeout=120_000)
                settled(page)
                pages.append(page)
                taken.append(memory_mb(server.pid))
            waits = walk(pages)
            after = memory_mb(server.pid)
            browser.close()
    told = np.percentile(waits, [50, 95, 100])
    print(GOALS)
    print(f"{PEOPLE} people, {len(waits)} actions, one each per {EVERY_S:g} s, {os.cpu_count()} processors for all:")
    print(f"waits: half under {told[0]:.2f} s, nineteen of twenty under {told[1]:.2f} s, longest {told[2]:.2f} s")
    print(
        f"server: {taken[0]:.0f} MB with the first session, {taken[-1]:.0f} MB with {PEOPLE}, {after:.0f} MB after all"
    )
    print(f"a session beyond the first: {(after - taken[0]) / (PEOPLE - 1):.1f} MB")


def walk(pages: list[Page]) -> list[float]:
    """Everybody goes on to another page in turn; a wait begins when the click was due, not when it could be made."""
    waits = []
    began = time.perf_counter()
    for turn, person in itertools.product(range(ROUNDS), range(len(pages))):
        due = began + EVERY_S * (turn + person / len(pages))
        time.sleep(max(0.0, due - time.perf_counter()))
        goes_to(pages[person], PAGES[(turn + person) % len(PAGES)])
        waits.append(time.perf_counter() - due)
    return waits


if __name__ == "__main__":
    main()
