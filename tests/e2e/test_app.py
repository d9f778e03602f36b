"""The app in a browser: every page in both languages, a click on the map, whose eyes, recipes, imports."""

import json
import re
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from hotspot.pipeline import run
from hotspot.release import release
from hotspot.store import Store
from tests.e2e.conftest import SLOW_MS, Server, pick, settled, start, stop

pytestmark = pytest.mark.browser
PAGES = {
    "": ("Map", "Kort"),
    "hotspots": ("Significant hot spots", "Signifikante hotspots"),
    "priorities": ("Priorities", "Prioriteter"),
    "data": ("Data", "Data"),
    "about": ("About Hotspot", "Om Hotspot"),
}
KNOWN = {("presentation-role-conflict", "stFileUploaderDropzone")}
Visit = Callable[[str], Page]


def violations(page: Page) -> set[tuple[str, str]]:
    found = Axe().run(page).response["violations"]
    return {
        (each["id"], node["html"][:200])
        for each in found
        for node in each["nodes"]
        if not any(rule == each["id"] and part in node["html"] for rule, part in KNOWN)
    }


def sources(folder: Path) -> set[str]:
    with closing(Store(folder)) as store:
        return {each.source for each in store.imports()}


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_in_both_languages_for_everybody(visit: Visit, path: str, language: str) -> None:
    page = visit(f"{path}?lang={language}")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("lang", language)
    title = PAGES[path][language == "da"]
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert violations(page) == set()


def test_a_click_on_the_map_says_what_is_known_there(visit: Visit) -> None:
    page = visit("?lang=en&layer=felt_unsafe")
    hint = page.get_by_text("Click a place on the map to see what is known there.")
    expect(hint).to_be_visible()
    canvas = page.locator(".hotspot-map canvas").first
    expect(canvas).to_be_visible()
    page.wait_for_timeout(1500)
    box = canvas.bounding_box()
    assert box
    began = time.monotonic()
    page.mouse.move(box["x"] + box["width"] * 0.66, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.wait_for_timeout(60)
    page.mouse.up()
    expect(hint).to_be_hidden(timeout=10_000)
    assert time.monotonic() - began < 5


def test_the_council_sees_no_hidden_number_and_no_filter(visit: Visit, server: Server) -> None:
    with closing(Store(server.folder)) as store:
        result = run(store.study, store.snapshot(), shelf=store.shelf)
    shown = release(result, "council").layers["nuisance"]
    assert shown.frame is not None
    hidden = shown.frame.index[shown.frame["hidden"]]
    assert len(hidden)
    page = visit("?lang=en&layer=nuisance")
    expect(page.get_by_role("button", name="Work it out")).to_be_visible()
    pick(page, page.get_by_role("combobox").first, "Council")
    expect(page.get_by_role("button", name="Work it out")).to_be_hidden()
    settled(page)
    for area_id in hidden:
        row = page.get_by_test_id("stTable").locator("tr", has=page.get_by_role("cell", name=str(area_id), exact=True))
        expect(row).to_contain_text("hidden (protects fewer than 5)")
        expect(row.get_by_role("cell").last).not_to_contain_text(re.compile(r"\d\.\d"))


def test_the_priorities_begin_with_where_why_for_how_much_and_how_sure(visit: Visit) -> None:
    page = visit("priorities?lang=en")
    points = page.get_by_test_id("stMarkdown").filter(has_text="Where first").get_by_role("listitem")
    told = points.all_inner_texts()
    assert [each.partition(":")[0] for each in told[:3]] == [
        "Where first", "Why (share of the score)", "What, and for how much",
    ]  # fmt: skip
    first = page.get_by_role("combobox", name="Place").input_value().partition(". ")[2]
    assert first in told[0]
    assert told[1].startswith(f"Why (share of the score): {first}: ")
    assert "DKK 1,000,000" in told[2]
    assert "90% intervals" in told[3]


def test_a_surface_has_a_table_and_many_rows_are_written_only_when_asked_for(visit: Visit) -> None:
    page = visit("?lang=da&layer=light")
    table = page.get_by_test_id("stTable")
    expect(table.locator("th")).to_have_text(
        ["kode", "sted", "gennemsnit (lux)", "lavest (lux)", "højest (lux)", "kendt del af området"]
    )
    expect(table.locator("tbody tr")).to_have_count(26)
    page.goto(page.url.replace("layer=light", "layer=hotspots"))
    settled(page)
    download = page.get_by_role("button", name="Hent som CSV")
    expect(download).to_have_count(0)
    page.get_by_text("Det samme som tabel").click()
    expect(download).to_be_visible(timeout=SLOW_MS)


def test_a_table_too_wide_for_a_tablet_becomes_cards_with_nothing_cut(visit: Visit) -> None:
    page = visit("priorities?lang=en")
    table = page.locator(".st-key-cards_places0").get_by_role("table")
    expect(table.locator("thead")).to_be_visible()
    page.set_viewport_size({"width": 1024, "height": 768})
    expect(table.locator("thead")).to_be_hidden()
    assert table.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth + 1")


def test_another_budget_chooses_other_measures_and_the_address_tells_no_filter(visit: Visit) -> None:
    page = visit("priorities?lang=en")
    before = page.get_by_test_id("stMetricValue").nth(2).inner_text()
    page.get_by_label("Budget (thousand DKK)").fill("100")
    page.get_by_label("Budget (thousand DKK)").press("Tab")
    page.get_by_role("button", name="Work it out").click()
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("DKK 100,000", timeout=SLOW_MS)
    settled(page)
    assert page.get_by_test_id("stMetricValue").nth(2).inner_text() != before
    query = dict(part.split("=") for part in page.url.partition("?")[2].split("&"))
    assert set(query) <= {"r", "lang", "layer"}
    assert query["r"].isalnum()
    page.get_by_role("link", name="Data").click()
    page.get_by_role("heading", name="Data", exact=True).wait_for()
    settled(page)
    assert f"r={query['r']}" in page.url


def test_other_weights_rank_anew_and_lead_back_to_the_proposed(visit: Visit, server: Server) -> None:
    page = visit("priorities?lang=en")
    expect(page.get_by_text("They are those that the layer files propose.")).to_be_visible()
    page.get_by_text("Change the weights").click()
    weight = page.get_by_role("spinbutton", name="Felt unsafety (%)")
    expect(weight).to_have_value("45")
    weight.fill("0")
    weight.press("Tab")
    page.get_by_role("button", name="Rank with these weights").click()
    chosen = page.get_by_text("They were chosen here; the layer files propose others.")
    expect(chosen).to_contain_text("Felt unsafety 0%", timeout=SLOW_MS)
    settled(page)
    recipe = page.url.partition("r=")[2].partition("&")[0]
    told = (server.folder / "audit.jsonl").read_text("utf-8")
    line = json.loads(told.splitlines()[-1])
    assert (line["what"], line["role"], line["filters"], line["recipe"]) == ("filter", "admin", ["weights"], recipe)
    page.get_by_text("Change the weights").click()
    page.get_by_role("button", name="Back to the proposed weights").click()
    expect(page.get_by_text("They are those that the layer files propose.")).to_be_visible(timeout=SLOW_MS)
    assert "r=" not in page.url


def test_work_can_be_stopped_and_the_study_stays(visit: Visit) -> None:
    page = visit("priorities?lang=en")
    page.get_by_role("button", name="darkness").click()
    page.get_by_role("button", name="Work it out").click()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("heading", name="Priorities", level=1)).to_be_visible(timeout=SLOW_MS)
    settled(page)
    assert "r=" not in page.url


def test_an_import_tells_the_bad_row_and_can_be_undone(visit: Visit, server: Server, tmp_path: Path) -> None:
    assert "shops" not in sources(server.folder)
    rows = "visit_id;kind;visits_per_day;x;y\nV1;shop;120;639600;6238300\nV2;shop;minus;639610;6238310\n"
    page = visit("data?lang=en")
    file = tmp_path / "shops.csv"
    file.write_text(rows, "utf-8")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    page.get_by_text("shops.csv").wait_for()
    page.get_by_label("Whose delivery (a new one replaces the old)").fill("shops")
    page.get_by_label("Reference system, if the file does not say").fill("EPSG:25832")
    pick(page, page.get_by_role("combobox", name="What it holds"), "daily visits", typed="daily")
    expect(page.get_by_text("2 rows read, 1 can be used, 1 set aside.")).to_be_visible()
    assert "shops" not in sources(server.folder)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Imported. The answers are worked out anew.")).to_be_visible()
    assert "shops" in sources(server.folder)
    page.get_by_role("button", name="Show the new answers").click()
    page.get_by_role("heading", name="Working out the answers").wait_for()
    page.get_by_role("heading", name="Undo an import").wait_for()
    settled(page)
    pick(page, page.get_by_role("combobox", name="Delivery"), "daily visits – shops", typed="shops")
    expect(page.get_by_text("after undoing, nothing of them counts")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    settled(page)
    assert "shops" not in sources(server.folder)


def test_serve_prints_its_address_and_stops_on_interrupt(study_folder: Path, tmp_path: Path) -> None:
    running = start(study_folder, tmp_path)
    assert running.process.stdout
    assert running.process.stdout.readline().strip() == running.address
    assert stop(running) in {0, 130}
