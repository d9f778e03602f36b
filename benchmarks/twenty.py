"""Twenty people in the app at once: how long each waits for the server, and what each costs in memory.

Run with ``python benchmarks/twenty.py`` (about three minutes: it makes the fictional town first), or give the folder of
a study that has been worked out. Each person is a session that speaks the app's own protocol over a websocket, without
a browser: it opens the map, then looks at another layer or page about every ten seconds. Then two more ask at once
for answers that nobody has asked for, which the worker works out one after the other, while the twenty go on. Every
step has a time limit, and so has the whole. The browser's own work is not in it: a machine that shows twenty browsers
measures browsers.
"""

import argparse
import asyncio
import datetime as dt
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
import websockets
from goals import Goal, judge
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from hotspot.layers import read_layers
from hotspot.packaged import packaged_folder
from hotspot.store import Store

PEOPLE, ASKING, MINUTE, PAUSE = 20, 2, 60.0, 10.0
STEP_LIMIT, LIMIT = 100.0, 240.0
PAGES = ("map", "map", "map", "hotspots", "priorities", "data")
WAIT = Goal("twenty people, one action each per ten seconds, 95 % of waits", 1, "s")
SESSION = Goal("twenty people, memory of a session after the first", 50, "MB")


@dataclass
class Person:
    """One session with the server."""

    address: str
    socket: websockets.ClientConnection | None = None
    waits: list[float] = field(default_factory=list)
    received: int = 0
    failures: list[str] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        """Connect."""
        self.socket = await websockets.connect(
            self.address.replace("http", "ws") + "/_stcore/stream",
            subprotocols=[websockets.Subprotocol("streamlit")], origin=websockets.Origin(self.address), max_size=None,
        )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave."""
        if self.socket:
            await self.socket.close()

    async def act(self, page: str, query: str) -> float:
        """Ask for a page and wait until it is there, its answers too; the seconds it took."""
        began = time.perf_counter()
        asked = BackMsg()
        asked.rerun_script.query_string = query
        asked.rerun_script.page_name = page
        again = await self._run(asked)
        while again:  # a fragment that asks to be run again: what is asked for is being worked out
            await asyncio.sleep(0.5)
            part = BackMsg()
            part.rerun_script.CopyFrom(asked.rerun_script)
            part.rerun_script.fragment_id = again
            part.rerun_script.is_auto_rerun = True
            again = await self._run(part) or (again if self.waiting else "")
        return time.perf_counter() - began

    async def _run(self, asked: BackMsg) -> str:
        """Let the script run once; the fragment that wants to run again, if the page only waits."""
        if self.socket is None:
            raise RuntimeError("not connected")
        self.waiting = False
        await self.socket.send(asked.SerializeToString())
        fragment = ""
        while True:
            raw = await self.socket.recv(decode=False)
            self.received += len(raw)
            told = ForwardMsg.FromString(raw)
            kind = told.WhichOneof("type")
            if kind == "auto_rerun":
                fragment = told.auto_rerun.fragment_id
            elif kind == "delta":
                element = told.delta.new_element.WhichOneof("type")
                self.waiting |= element == "progress"
                if element == "exception" or told.delta.new_element.alert.format == Alert.ERROR:
                    self.failures.append(str(told.delta.new_element)[:200])
            elif kind == "script_finished" and told.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
            ):
                return fragment if self.waiting else ""


async def limited(work: Awaitable[float], person: Person) -> None:
    """Note how long one action took; one that takes too long with the limit as its time."""
    try:
        person.waits.append(await asyncio.wait_for(work, STEP_LIMIT))
    except TimeoutError:
        person.waits.append(STEP_LIMIT)


async def live(person: Person, layers: list[str], chance: np.random.Generator, until: float) -> None:
    """Look at one thing after another, a few seconds apart, until the minute is over."""
    await asyncio.sleep(chance.uniform(0, PAUSE))
    while time.perf_counter() < until:
        page = chance.choice(PAGES)
        query = f"lang=da&layer={chance.choice(layers)}" if page == "map" else "lang=da"
        await limited(person.act(page, query), person)
        await asyncio.sleep(chance.uniform(0.5, 1.5) * PAUSE)


async def ask(person: Person, recipe: str) -> None:
    """Ask for answers that have to be worked out first."""
    await limited(person.act("map", f"lang=da&r={recipe}"), person)


def resident(process: int) -> float:
    """Mebibytes of memory that a process holds."""
    lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 2**10


def told(name: str, waits: list[float]) -> float:
    """Print a distribution of waits, and return what 95 % stay within."""
    ordered = sorted(waits)
    high = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    print(
        f"| {name} | {len(waits)} | {statistics.median(waits):.2f} s | {high:.2f} s | {ordered[-1]:.2f} s |", flush=True
    )
    return high


async def measure(address: str, process: int, layers: list[str], recipes: list[str]) -> bool:
    """Let twenty people in, and print what they waited and what they cost; False if anything failed."""
    people = [Person(address) for _ in range(PEOPLE)]
    asking = [Person(address) for _ in range(ASKING)]
    opened: list[float] = []
    held = [resident(process)]
    print("| what | actions | median | 95 % | longest |\n|---|---|---|---|---|")
    for person in people:
        await person.__aenter__()
        await limited(person.act("map", "lang=da"), person)
        opened.append(person.waits.pop())
        held.append(resident(process))
    told("opening the map, the first", opened[:1])
    told("opening the map, the others one after the other", opened[1:])
    until = time.perf_counter() + MINUTE
    async with asyncio.TaskGroup() as group:
        for number, person in enumerate(people):
            group.create_task(live(person, layers, np.random.default_rng(number), until))
    waited = told("another layer or page, all twenty", [wait for person in people for wait in person.waits])
    held.append(resident(process))
    for person in people:
        person.waits.clear()
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, person in enumerate(people):
            group.create_task(live(person, layers, np.random.default_rng(number + 99), began + MINUTE / 2))
        for number, person in enumerate(asking):
            await person.__aenter__()
            group.create_task(ask(person, recipes[number]))
    told("the same while new answers are worked out", [wait for person in people for wait in person.waits])
    told("new answers, two people at once", [wait for person in asking for wait in person.waits])
    for person in (*people, *asking):
        await person.__aexit__()
    each = (held[PEOPLE] - held[1]) / (PEOPLE - 1)
    busy = (held[PEOPLE + 1] - held[1]) / (PEOPLE - 1)
    print(f"\nserver: {held[0]:.0f} MiB before anybody, {held[1]:.0f} with one, {held[-1]:.0f} with twenty")
    print(f"a session after the first: {each:.1f} MiB when opened, {busy:.1f} after a minute of looking around")
    print(f"sent to each: {statistics.mean(person.received for person in people) / 2**20:.1f} MiB in all")
    failures = [each for person in (*people, *asking) for each in person.failures]
    print(f"pages that failed: {len(failures)} {failures[:2]}; a wait of {STEP_LIMIT:.0f} s was cut off there")
    judge(WAIT, waited, "it is met on an idle machine alone: the pages of twenty are made one after the other")
    judge(SESSION, busy * 2**20 / 1e6)
    return not failures


def served(folder: Path, work: Callable[[str, int], Awaitable[bool]]) -> bool:
    """Serve a study, do some work with it, and stop."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = int(taken.getsockname()[1])
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "hotspot", "serve", str(folder), "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(150):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
                    break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        return asyncio.run(asyncio.wait_for(work(f"http://127.0.0.1:{port}", process.pid), LIMIT))
    finally:
        process.terminate()
        process.wait(20)


def new_recipes(folder: Path) -> list[str]:
    """Keep recipes that nobody has asked for: later beginnings, so that nearly all is worked out anew."""
    recipes = folder / "recipes"
    recipes.mkdir(exist_ok=True)
    study = Store(folder).study
    days = pd.concat([pd.read_parquet(path)["start"] for path in (folder / "tables").glob("incidents-*.parquet")])
    first, last = days.min().date(), days.max().date()
    later = [first + dt.timedelta(days=7 * week) for week in range(1, ASKING + 1)]
    asked = [replace(study, period=(day, last)) for day in later]
    for each in asked:
        each.write(recipes / f"{each.key}.toml")
    return [each.key for each in asked]


def main() -> None:
    """Measure a study, or the fictional town."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="a study that has been worked out; recipes are added")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as parent:
        town = asked.folder or Path(parent) / "town"
        if not asked.folder:
            words = [sys.executable, "-m", "hotspot", "demo", str(town)]
            subprocess.run(words, check=True, stdout=subprocess.DEVNULL, timeout=240)  # noqa: S603 - our own command
        layers = sorted(read_layers([packaged_folder("layers")]))
        recipes = new_recipes(town)
        sys.exit(0 if served(town, lambda *to: measure(*to, layers, recipes)) else "some pages failed")


if __name__ == "__main__":
    main()
