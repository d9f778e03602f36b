"""A newcomer brings files to the page with no input but the files and accepted fixes; counts are the command line's."""

import json
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from hotspot.store import Import, Store
from tests.e2e.conftest import OPENINGS, SLOW_MS, fetched, pick, settled, start, still, stop

pytestmark = pytest.mark.browser
VERY_SLOW_MS = 4 * SLOW_MS  # thirty thousand rows are read, and answers worked out, on a busy machine
BOX = shapely.box(636_000, 6_236_000, 643_000, 6_242_000)
KNOWN = ("stFileUploaderDropzone",)  # Streamlit's own, as in test_app


def hotspot(folder: Path, *words: object) -> str:
    command = [sys.executable, "-m", "hotspot", *map(str, words)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def new_study(folder: Path, name: str) -> Path:
    outline = {"type": "name", "properties": {"name": "EPSG:25832"}}
    feature = {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(BOX))}
    file = folder / "outline.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "crs": outline, "features": [feature]}), "utf-8")
    hotspot(folder, "init", name, "--name", "Ternevig", "--boundary", file, "--language", "en")
    return folder / name


def messy(folder: Path) -> Path:
    """Month first, millimetres, a title, a column of names, rows without a place, a row twice, in cp1252."""
    draw = random.Random(4)  # noqa: S311 - a plan, not a secret
    lines = ["Udtræk;;;;;;", "Sagsnr;Forhold;Dato;Kl;Anmelder;X;Y"]
    for i in range(120):
        x, y = (round(1000 * (low + draw.random() * 1500)) for low in (639_000, 6_237_200))
        place = ";" if i % 40 == 7 else "0;0" if i % 40 == 3 else f"{x};{y}"
        day = f"{draw.randint(1, 12):02}/{draw.randint(1, 28):02}/2025"
        person = draw.choice(("Anders Andersen", "Bente Hansen", "Søren Jensen"))
        lines.append(f"T{i:03};{draw.choice(('Hærværk', 'Vold'))};{day};{draw.randint(1, 23)}:30;{person};{place}")
    lines.append(lines[20])
    path = folder / "politi_udtraek.csv"
    path.write_text("\r\n".join(lines) + "\r\n", "cp1252")
    return path


@contextmanager
def served(browser: Browser, study: Path, where: Path) -> Iterator[Page]:
    hotspot(where, "run", study)
    running = start(study, where)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(VERY_SLOW_MS)
    try:
        page.goto(f"{running.address}/data?lang=en")
        settled(page)
        yield page
    finally:
        page.close()
        stop(running)


def chosen(page: Page, file: Path) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    page.get_by_role("heading", name="1. What the file is").wait_for()


def tick(page: Page, label: str | re.Pattern[str]) -> None:
    still(page)
    box = page.get_by_role("checkbox", name=label)
    box.locator("xpath=ancestor::label").click()
    expect(box).to_be_checked()


def import_it(page: Page) -> None:
    """Press the button until it is done: a click while the page moves is lost, and made again."""
    done = page.get_by_text("Imported. The answers are worked out anew.")
    working = page.locator('[data-testid="stApp"][data-test-script-state="running"]')
    for _ in range(OPENINGS):
        still(page)
        page.get_by_role("button", name="Import", exact=True).click()
        with suppress(AssertionError):  # nothing came of it
            expect(done.or_(working).first).to_be_visible()
        expect(working).to_have_count(0, timeout=VERY_SLOW_MS)
        if done.is_visible():
            return
    pytest.fail("the click did nothing")


def shown_again(page: Page) -> None:
    page.get_by_role("button", name="Show the new answers").click()
    working = page.get_by_role("heading", name="Working out the answers")
    working.wait_for()
    expect(working).to_have_count(0, timeout=VERY_SLOW_MS)
    page.get_by_role("heading", name="Undo an import").wait_for()
    page.reload()  # nobody's file is chosen any more
    settled(page)


def counting(study: Path) -> list[Import]:
    with closing(Store(study)) as store:
        return store.imports()


def by_command(folder: Path, study: str, kind: str, file: Path, *words: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        hotspot(folder, "import", study, kind, file, "--accept", "all", "--json", *words)
    )
    return found


def table(each: Import) -> tuple[str, str, int, int]:
    """Return what stands for a delivery's rows: their file is named after what it holds."""
    return each.kind, each.table_file, each.read, each.kept


def is_accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    wrong = {(each["id"], node["html"][:160]) for each in found for node in each["nodes"]}
    assert not {(rule, html) for rule, html in wrong if not any(part in html for part in KNOWN)}


def test_a_messy_file_is_taken_in_corrected_and_undone(browser: Browser, tmp_path: Path) -> None:
    study, file = new_study(tmp_path, "study"), messy(tmp_path)
    other = new_study(tmp_path, "by-command")
    with served(browser, study, tmp_path) as page:
        chosen(page, file)
        expect(page.get_by_text("No cell of the file is shown or kept.")).to_be_visible()
        assert "Andersen" not in page.content()
        tick(page, "Leave out the column “Anmelder”")
        page.get_by_role("heading", name="2. What was found").wait_for()
        expect(page.get_by_text("Windows-1252, cells parted by semicolons")).to_be_visible()
        expect(page.get_by_role("button", name="Import", exact=True)).to_be_disabled()
        tick(page, "Accept every proposed fix")
        page.get_by_role("heading", name="5. What it covers").wait_for()
        otherwise = "Read it otherwise: these rows are kept as rows of their own (repeats)"
        tick(page, otherwise)
        expect(page.get_by_text("121 rows read, 115 can be used, 6 set aside.")).to_be_visible()
        still(page)
        page.get_by_role("checkbox", name=otherwise).locator("xpath=ancestor::label").click()
        expect(page.get_by_text("121 rows read, 114 can be used, 7 set aside.")).to_be_visible()
        assert counting(study) == [], "nothing is stored before the last step"
        expect(page.locator(".hotspot-map canvas").first).to_be_visible()
        is_accessible(page)
        aside = tmp_path / "set-aside.csv"
        fetched(page, page.get_by_role("button", name="Download rows set aside")).save_as(aside)
        import_it(page)
        expect(page.get_by_text("These data make it possible to say:")).to_be_visible()
        found = by_command(tmp_path, "by-command", "incidents", file, "--drop", "Anmelder")
        assert table(counting(study)[0]) == table(counting(other)[0])
        assert (found["read"], found["kept"], found["quarantined"]) == (121, 114, 7)
        shown_again(page)
        corrects(page, aside, study)
        undoes(page, study)


def corrects(page: Page, aside: Path, study: Path) -> None:
    """All rows without a place get one; the repeated row is not among them."""
    rows = pd.read_csv(aside, sep=";", dtype=str, keep_default_na=False)
    assert len(rows) == 6
    assert "Anmelder" not in rows
    rows[["x", "y"]] = ["639500,5", "6237300,5"]
    rows.to_csv(aside, sep=";", index=False)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(aside)
    expect(page.get_by_text("6 can be used now, 0 not yet")).to_be_visible()
    import_it(page)
    assert [(each.read, each.kept) for each in counting(study)] == [(121, 120)]
    shown_again(page)


def undoes(page: Page, study: Path) -> None:
    pick(page, page.get_by_role("combobox", name="Delivery"), "incidents – politi_udtraek")
    expect(page.get_by_text("0 rows new, 6 gone, 0 changed, 114 the same")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("The import was undone.")).to_be_visible()
    assert [(each.read, each.kept) for each in counting(study)] == [(121, 114)]


def test_a_broken_file_is_refused_in_words_and_a_column_can_be_changed(browser: Browser, tmp_path: Path) -> None:
    study = new_study(tmp_path, "study")
    broken = tmp_path / "lamper.xlsx"
    broken.write_bytes(b"not a workbook")
    unknown = tmp_path / "lamper.csv"
    unknown.write_text("Mast;Farve;Styrke;X;Y\nA;gul;3200;639500;6237300\nB;gul;2800;639520;6237300\n", "utf-8")
    with served(browser, study, tmp_path) as page:
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(broken)
        expect(page.get_by_text("A delivery can be read as what its name says.")).to_be_visible()
        page.reload()
        settled(page)
        chosen(page, unknown)
        page.get_by_label("Reference system, if the file does not say").fill("EPSG:25832")
        page.get_by_label("Reference system, if the file does not say").press("Enter")
        page.get_by_role("heading", name="5. What it covers").wait_for()
        still(page)
        page.get_by_text("Columns that are not used (2)").click()
        pick(page, page.get_by_role("combobox", name="Styrke"), "light (lumen)")
        expect(page.get_by_text("Styrke is read as “light (lumen)”")).to_be_visible()
        import_it(page)
        with closing(Store(study)) as store:
            assert sorted(store.snapshot().tables["lamps"].frame["flux_lm"]) == [2800, 3200]


def is_brought_by_page_and_by_command(browser: Browser, folder: Path, data: Path, files: dict[str, str]) -> None:
    """Bring files to one study by command and to another by page, accepting what is proposed: tables are equal."""
    *_others, last = files.values()
    proposed = {file: by_command(folder, "by-command", kind, data / file)["accepted"] for kind, file in files.items()}
    with served(browser, folder / "study", folder) as page:
        for file in files.values():
            chosen(page, data / file)
            accepts(page, proposed[file])
            import_it(page)
            if file != last:
                shown_again(page)
    by_page, typed = (list(map(table, counting(folder / name))) for name in ("study", "by-command"))
    assert by_page == typed
    assert {each.kind for each in counting(folder / "study")} == set(files)


def accepts(page: Page, proposed: list[str]) -> None:
    """Accept on the page what the command accepted; its boxes may be drawn later than what stands below them."""
    boxes = page.get_by_role("checkbox", name=re.compile("^Accept: "))
    expect(boxes).to_have_count(len(proposed), timeout=VERY_SLOW_MS)
    if proposed:
        tick(page, "Accept every proposed fix" if len(proposed) > 1 else re.compile("^Accept: "))
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_enabled(timeout=VERY_SLOW_MS)


@pytest.mark.real
@pytest.mark.slow
def test_a_newcomer_imports_vancouver(browser: Browser, real_data: Path, tmp_path: Path) -> None:
    data = real_data / "vancouver"
    place = ("--name", "Vancouver", "--crs", "EPSG:26910", "--timezone", "America/Vancouver", "--language", "en")
    for name in ("study", "by-command"):
        hotspot(tmp_path, "init", name, "--boundary", data / "local-area-boundary.geojson", *place)
    files = {
        "areas": "local-area-boundary.geojson",
        "green": "parks-polygon-representation.geojson",
        "lamps": "street_lighting_poles_first10000.json",
        "incidents": "crimedata_csv_AllNeighbourhoods_2025.csv",
    }
    is_brought_by_page_and_by_command(browser, tmp_path, data, files)


@pytest.mark.real
@pytest.mark.slow
def test_a_newcomer_imports_cambridge(browser: Browser, real_data: Path, tmp_path: Path) -> None:
    data = real_data / "cambridge_ma"
    place = ("--name", "Cambridge", "--crs", "EPSG:32619", "--timezone", "America/New_York", "--language", "en")
    for name in ("study", "by-command"):
        hotspot(tmp_path, "init", name, "--boundary", data / "BOUNDARY_CityBoundary.geojson", *place)
    files = {"lamps": "INFRA_StreetLights.geojson", "incidents": "Police_Department_Crash_Data_-_Historical.csv"}
    is_brought_by_page_and_by_command(browser, tmp_path, data, files)
    kept = {each.kind: (each.read, each.kept) for each in counting(tmp_path / "study")}
    assert kept == {"lamps": (6117, 6109), "incidents": (10335, 9039)}
    with closing(Store(tmp_path / "study")) as store:
        incidents, lamps = (store.snapshot().tables[kind].frame for kind in ("incidents", "lamps"))
    assert set(incidents["code"]) == {"Police_Department_Crash_Data_-_Historical"}
    assert incidents.total_bounds == pytest.approx(lamps.total_bounds, abs=600), "both lie in the same town"


Visit = Callable[[str], Page]


def test_examples_can_be_downloaded(visit: Visit, tmp_path: Path) -> None:
    page = visit("data?lang=en")
    page.get_by_text("Examples of good and bad files").click()
    bad = fetched(page, page.get_by_role("button", name="Download the bad file"))
    assert bad.suggested_filename == "incidents-persons.csv"
    good = fetched(page, page.get_by_role("button", name="Download the good file"))
    assert good.suggested_filename == "incidents-good.csv"
