"""What the app's server does for one reader: milliseconds of the processor per layer, page and click.

Run with ``python benchmarks/app.py`` (about a minute: it makes the fictional town first), or give the folder of a
study that has been worked out. Processor time, since the machine may be shared; the browser's own work is not in it.
"""

import argparse
import gc
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from goals import Goal, judge
from streamlit.testing.v1 import AppTest

from hotspot.ui.view import View

FILTER = Goal("app, server: a filter's new values, the dearest layer", 150, "ms")
CLICK = Goal("app, server: a click to its answer, the whole script", 100, "ms")
LAYER = Goal("app, server: another layer, the whole script, the dearest", 1000, "ms")
PAGES = ("map_page", "hot_spots", "priorities", "data", "about")
Made = TypeVar("Made")


def timed(work: Callable[[], Made]) -> tuple[float, Made]:
    """Return the milliseconds of the processor that something takes, and what it makes."""
    gc.collect()
    began = time.process_time()
    made = work()
    return 1000 * (time.process_time() - began), made


def one_page(view: object, page: str) -> None:
    """Show one page; the test runner copies this function's text."""
    from importlib import import_module

    import_module(f"hotspot.ui.pages.{page}").show(view)


def whole_app() -> None:
    """Run the whole script, as every click does."""
    from hotspot.ui.script import main

    main()


def rerun(app: AppTest) -> float:
    """Return the milliseconds of one run of a page; a page that fails is no measurement."""
    spent, _same = timed(app.run)
    if app.exception or app.error:
        sys.exit(f"A page failed: {[each.value for each in (*app.exception, *app.error)]}")
    return spent


def layers(view: View) -> None:
    """Print what each layer costs."""
    dearest = 0.0
    from hotspot.report import pixel_sentence, row_sentence
    from hotspot.ui.map.message import view_message
    from hotspot.ui.parts.maps import layer_view
    from hotspot.ui.parts.tables import layer_rows

    print(f"{'layer':18}{'first':>8}{'values':>8}{'bytes':>8}{'filter':>8}{'table':>8}{'rows':>7}{'answer':>8}")
    print("  first: with picture and shapes; values: every later look; filter: the first of another recipe whose")
    print("  surfaces are the same; table: when it is opened; answer: the sentence to a click")
    other = replace(view, release=replace(view.release, key="another recipe"))
    for key, shown in view.release.layers.items():

        def message(key: str = key, seen: View = view) -> bytes:
            shapes, drawn = layer_view(seen, key, outlines=True)
            _sent = [each.payload for each in shapes]
            return view_message(shapes, drawn, key="map", height=580)

        def answer(shown: object = shown) -> str:
            if shown.frame is not None:
                return row_sentence(shown, shown.frame.index[len(shown.frame) // 2], "da")
            west, south, east, north = shown.surface.lattice.bounds
            return pixel_sentence(shown, (west + east) / 2, (south + north) / 2, "da")

        first, _sent = timed(message)
        again, sent = timed(message)
        changed, _sent = timed(lambda message=message: message(seen=other))
        table, rows = timed(lambda key=key: layer_rows(key, view, key, "da"))
        told, _text = timed(answer)
        print(f"{key:18}{first:8.0f}{again:8.0f}{len(sent):8}{changed:8.0f}{table:8.0f}{len(rows):7}{told:8.1f}")
        dearest = max(dearest, changed)
    judge(FILTER, dearest)


def measure(folder: Path) -> None:
    """Print what a study's releases, layers, pages and clicks cost."""
    os.environ["HOTSPOT_STUDY"] = str(folder)
    from hotspot.ui.desk import open_desk
    from hotspot.ui.form import Asked

    logging.disable(logging.WARNING)  # Streamlit tells that no browser looks
    desk = open_desk(str(folder.resolve()))
    study = desk.store.study
    first, release = timed(lambda: desk.release_of(study, "admin", ""))
    if release is None:
        sys.exit(f"No answers are kept in {folder}. Type: hotspot run {folder}")
    again, _same = timed(lambda: desk.release_of(study, "admin", ""))
    print(f"what may be seen: {first:.0f} ms from disk, {again:.1f} ms from memory")
    view = View(release, "da", Asked(study, "admin", "", "da"), desk)
    layers(view)
    print("\npage                 first   again")
    for page in PAGES:
        app = AppTest.from_function(one_page, args=(view, page), default_timeout=120)
        print(f"{page:18}{rerun(app):8.0f}{rerun(app):8.0f}")
    app = AppTest.from_function(whole_app, default_timeout=120)
    runs = [rerun(app) for _ in range(6)][1:]
    print(f"\nclick to answer, the whole script: {sorted(runs)[2]:.0f} ms (middle of five)")
    chosen = {}
    for key in (*release.layers, *release.layers):  # the second look is the warm one
        (box,) = (each for each in app.selectbox if each.key == "layer")
        box.set_value(key)
        chosen[key] = rerun(app)
    dear = max(chosen, key=chosen.__getitem__)
    print(f"another layer, the whole script: at most {chosen[dear]:.0f} ms ({dear})")
    judge(CLICK, sorted(runs)[2])
    judge(LAYER, chosen[dear])


def main() -> None:
    """Measure a study, or the fictional town."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="a study that has been worked out")
    asked = parser.parse_args()
    if asked.folder:
        measure(asked.folder)
        return
    with tempfile.TemporaryDirectory() as parent:
        town = Path(parent) / "town"
        subprocess.run([sys.executable, "-m", "hotspot", "demo", str(town)], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
        measure(town)


if __name__ == "__main__":
    main()
