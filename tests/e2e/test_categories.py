"""A municipality's own words for its codes, typed into the tables of the page *Data*."""

from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from hotspot.store import Store
from tests.e2e.conftest import OPENINGS, settled
from tests.e2e.test_intake import hotspot, new_study, served

pytestmark = pytest.mark.browser
HEAD_PX, ROW_PX = 35, 35  # of the grid that Streamlit draws
SOON_MS = 2_000
ROWS = """Sagsnr;Gerningstekst;Tidspunkt;X;Y
F-001;K-17 uro ved kiosk;03-02-2025 22:15;639519,4;6237223,3
F-002;Hærværk;09-02-2025 01:40;639602,1;6238310,8
"""


def selected(page: Page, grid: Locator, column: int, row: int, first: int) -> Locator:
    """Select a cell as a person does: click into the row's first cell, then walk to the right."""
    there, cell = (grid.get_by_test_id(f"glide-cell-{each}-{row}") for each in (first, column))
    for _ in range(OPENINGS):
        settled(page)
        grid.locator(".dvn-scroller").click(position={"x": 60, "y": HEAD_PX + ROW_PX * row + ROW_PX / 2})
        try:
            expect(there).to_have_attribute("aria-selected", "true", timeout=SOON_MS)
            for _step in range(first, column):
                page.keyboard.press("ArrowRight")
            expect(cell).to_have_attribute("aria-selected", "true", timeout=SOON_MS)
        except AssertionError:
            continue
        return cell
    pytest.fail("the cell was never selected")


def typed(page: Page, grid: Locator, where: tuple[int, int, int], text: str, becomes: str) -> None:
    """Write over a cell; whoever finds the table drawn anew meanwhile writes once more."""
    for _ in range(OPENINGS):
        cell = selected(page, grid, *where)
        page.keyboard.press("Enter")
        try:
            expect(page.locator("#portal").locator("textarea, input").first).to_be_focused(timeout=SOON_MS)
            page.keyboard.press("Control+A")
            page.keyboard.type(text)
            page.keyboard.press("Enter")
            expect(cell).to_have_text(becomes, timeout=SOON_MS)
        except AssertionError:
            page.keyboard.press("Escape")
        else:
            return
    pytest.fail(f"{text} was never taken")


def ticked_off(page: Page, grid: Locator, where: tuple[int, int, int]) -> None:
    """Take a tick away."""
    for _ in range(OPENINGS):
        cell = selected(page, grid, *where)
        if cell.text_content() == "false":
            return
        page.keyboard.press("Space")
        settled(page)
    pytest.fail("the tick stayed")


def test_codes_and_categories_are_typed_into_the_tables_and_count(browser: Browser, tmp_path: Path) -> None:
    study, file = new_study(tmp_path, "study"), tmp_path / "politi.csv"
    file.write_text(ROWS, "utf-8")
    hotspot(tmp_path, "import", study, "incidents", file, "--crs", "EPSG:25832")
    with served(browser, study, tmp_path) as page:
        expect(page.get_by_text("Codes without a category: 1; rows not counted for it: 1.")).to_be_visible()
        codes, said = page.get_by_test_id("stDataFrame").nth(0), page.get_by_test_id("stDataFrame").nth(1)
        expect(codes.get_by_test_id("glide-cell-0-0")).to_have_text("K-17 uro ved kiosk")
        expect(page.get_by_text("None", exact=True)).to_have_count(0)
        typed(page, codes, (2, 0, 0), "Gathering", "gathering")
        expect(said.get_by_test_id("glide-cell-1-0")).to_have_text("vandalism")  # what is in use comes first
        typed(page, said, (3, 0, 1), "Things broken", "Things broken")
        ticked_off(page, said, (6, 0, 1))
        settled(page)
        page.get_by_role("button", name="Keep the table").click()
        expect(page.get_by_text("The table is kept. The answers are worked out anew.")).to_be_visible()
    with closing(Store(study)) as store:
        own = store.categories()
        incidents = store.snapshot().tables["incidents"].frame
    assert own.codes["k-17 uro ved kiosk"] == "gathering"
    assert own.tree["vandalism"].name["en"] == "Things broken"
    assert (own.tree["vandalism"].dark_relevant, own.tree["vandalism"].outdoor) == (False, True)
    assert sorted(incidents["category"]) == ["gathering", "vandalism"]
