"""The map in a real browser: drawn, clicked, filtered, read out, and nothing fetched from elsewhere."""

import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
OPTIONS = {
    "server.address": "127.0.0.1",
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "theme.light.primaryColor": "#00527a",
    "theme.dark.primaryColor": "#7cc4ea",
}


class Seen(NamedTuple):
    page: Page
    map: Locator
    requests: list[str]
    frames: list[int]
    complaints: list[str]


@pytest.fixture(scope="module")
def address():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [part for name, value in OPTIONS.items() for part in (f"--{name}", value)]
    command = [sys.executable, "-m", "streamlit", "run", "serve.py", "--server.port", str(port), *options]
    server = subprocess.Popen(command, cwd=HERE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.25)
        yield url
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def seen(address: str, browser: Browser):
    with_map = opened(browser, address)
    yield with_map
    with_map.page.context.close()


def opened(browser: Browser, url: str, **context) -> Seen:
    page = browser.new_context(viewport={"width": 1200, "height": 1000}, locale="da-DK", **context).new_page()
    requests, frames, complaints = [], [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(len(frame))))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    drawn = page.locator(".hotspot-map[data-ready=drawn]")
    drawn.wait_for(timeout=60_000)
    return Seen(page, drawn, requests, frames, complaints)


def click_centre(seen: Seen) -> float:
    """Click the middle of the map and return the seconds until Python has answered."""
    box = seen.map.bounding_box()
    started = time.perf_counter()
    seen.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    seen.page.get_by_text("click MapClick(").wait_for(timeout=10_000)
    return time.perf_counter() - started


def clicked(seen: Seen) -> str:
    return seen.page.get_by_text(re.compile("^click ")).inner_text()


def camera(seen: Seen) -> tuple[str | None, ...]:
    return tuple(seen.map.get_attribute(f"data-{part}") for part in ("lon", "lat", "zoom"))


def runs(seen: Seen) -> int:
    return int(seen.page.get_by_text(re.compile("^runs ")).inner_text().split()[1])


def next_seed(seen: Seen) -> None:
    before = runs(seen)
    seen.page.get_by_role("slider", name="seed").press("ArrowRight")
    expect(seen.page.get_by_text(f"runs {before + 1}")).to_be_visible(timeout=15_000)


def cell_under(click: str) -> str:
    """Work out from longitude and latitude which cell lies there."""
    from pyproj import Transformer

    lon, lat = (float(re.search(rf"{name}=([\d.]+)", click).group(1)) for name in ("lon", "lat"))
    x, y = Transformer.from_crs(4326, 25832, always_xy=True).transform(lon, lat)
    return f"{int(x // 100 * 100)}_{int(y // 100 * 100)}"


def test_click_names_the_cell_that_lies_there(seen):
    seconds = click_centre(seen)
    assert f"layer='cells', id='{cell_under(clicked(seen))}'" in clicked(seen)
    assert seconds < 3, "0.5 s on an idle machine; this one is shared"


def test_nothing_is_asked_of_another_machine_under_a_strict_policy(seen, address):
    click_centre(seen)
    outside = [url for url in seen.requests if not url.startswith((address, "data:", "blob:"))]
    assert outside == []
    assert [text for text in seen.complaints if "ERR_" in text or "Policy" in text or "Error" in text] == []


def test_a_filter_sends_values_only_and_keeps_the_camera(seen):
    at_first = sum(seen.frames)
    box = seen.map.bounding_box()
    seen.page.mouse.move(box["x"] + 600, box["y"] + 250)
    before = runs(seen)
    seen.page.mouse.wheel(0, -500)
    seen.page.wait_for_timeout(1500)
    assert runs(seen) == before, "moving the map must not start a run"
    zoomed = camera(seen)
    seen.frames.clear()
    next_seed(seen)
    seen.page.wait_for_timeout(500)
    assert camera(seen) == zoomed
    assert sum(seen.frames) < 32_000, "5,041 values are 20 kB; shapes would come on top"
    assert at_first > sum(seen.frames) + 10_000


def test_values_change_on_the_map_with_the_filter(seen):
    box = seen.map.bounding_box()
    told = []
    for _ in range(2):
        seen.page.mouse.move(box["x"] + 640, box["y"] + 150)
        seen.page.mouse.move(box["x"] + 641, box["y"] + 151)
        told.append(seen.map.locator(".map-tip").inner_text())
        next_seed(seen)
        seen.page.wait_for_timeout(800)
    assert told[0] != told[1]
    assert all(re.fullmatch(r"Hændelser: \d+,\d pr\. km² og år", text) for text in told)


def test_the_same_map_stays_over_a_run(seen):
    seen.map.evaluate("host => { host.querySelector('canvas').dataset.mine = 'yes' }")
    next_seed(seen)
    assert seen.map.locator("canvas").get_attribute("data-mine") == "yes"


def test_controls_speak_the_language_of_the_page(seen):
    expect(seen.map.get_by_role("button", name="Zoom ind")).to_be_visible()
    expect(seen.map.get_by_text("Signaturforklaring")).to_be_visible()
    here = camera(seen)
    seen.page.get_by_text("en", exact=True).click()
    expect(seen.map.get_by_role("button", name="Zoom in")).to_be_visible(timeout=20_000)
    expect(seen.map.get_by_text("9.0 and over")).to_be_visible()
    assert camera(seen) == here


def test_legend_names_classes_units_and_what_cannot_be_said(seen):
    legend = seen.map.locator(".map-legend").inner_text()
    lines = ("9,0 og derover", "under 2,0", "pr. km² og år", "Kan ikke siges", "Skjult (for få til at vise)")
    assert all(line in legend for line in (*lines, "LED", "Natrium", "Signifikante hotspots"))
    expect(seen.map.get_by_role("slider", name="Dækning: Hændelser")).to_have_value("75")


def test_legend_draws_lines_as_the_map_does_and_leaves_out_what_is_not_there(seen):
    lines = seen.map.locator("li", has=seen.page.locator(".swatch.contour"))
    expect(lines).to_have_text(["flere: p = 0,01", "flere: p = 0,05", "færre: p = 0,01"])
    looks = lines.locator(".swatch").evaluate_all(
        "all => all.map((each) => getComputedStyle(each)).map((one) => [one.borderTopStyle, one.borderTopWidth])"
    )
    assert [style for style, _width in looks] == ["solid", "solid", "dashed"]
    assert looks[0][1] == looks[2][1] != looks[1][1]
    seen.page.get_by_text("contour", exact=True).click()
    expect(lines).to_have_count(0, timeout=15_000)


def test_keyboard_chooses_the_place_in_the_middle_and_says_it(seen):
    canvas = seen.map.get_by_role("region", name="Kort over havet")
    canvas.focus()
    canvas.press("ArrowUp")
    seen.page.wait_for_timeout(800)
    canvas.press("Enter")
    seen.page.get_by_text("click MapClick(").wait_for(timeout=10_000)
    assert cell_under(clicked(seen)) in clicked(seen)
    assert "Hændelser:" in seen.map.get_by_role("status").inner_text()


def test_tiles_in_memory_answer_like_shapes(browser, address):
    seen = opened(browser, f"{address}/?shapes=tiles")
    click_centre(seen)
    x, y = (int(part) for part in cell_under(clicked(seen)).split("_"))
    row = (y - 6_220_000) // 100 * 71 + (x - 560_000) // 100
    assert f"layer='cells', id={row}, row={row}" in clicked(seen)
    seen.page.context.close()


def test_the_whole_place_stays_in_sight_until_the_reader_moves_the_map(seen):
    wide = float(seen.map.get_attribute("data-zoom"))
    seen.page.set_viewport_size({"width": 620, "height": 1000})
    expect(seen.map).not_to_have_attribute("data-zoom", f"{wide:.3f}")
    narrow = float(seen.map.get_attribute("data-zoom"))
    assert narrow < wide
    seen.page.set_viewport_size({"width": 1200, "height": 1000})
    expect(seen.map).to_have_attribute("data-zoom", f"{wide:.3f}")
    seen.map.get_by_role("button", name="Zoom ind").click()
    seen.page.wait_for_timeout(800)
    own = seen.map.get_attribute("data-zoom")
    assert float(own) > wide
    seen.page.set_viewport_size({"width": 620, "height": 1000})
    seen.page.wait_for_timeout(800)
    assert seen.map.get_attribute("data-zoom") == own


def test_legend_hatches_what_cannot_be_said_in_pictures_and_named_classes(seen):
    hatched = seen.map.locator("li", has=seen.page.locator(".swatch.unsaid.hatch-0"))
    expect(hatched).to_have_text(["Natrium"])
    seen.page.get_by_text("fill", exact=True).click()
    seen.page.get_by_text("line", exact=True).click()
    seen.page.get_by_text("surface", exact=True).click()
    expect(seen.map.locator(".swatch.picture.cannot-say")).to_have_count(1, timeout=15_000)


def test_layers_come_and_go(seen):
    seen.page.get_by_text("fill", exact=True).click()
    seen.page.get_by_text("surface", exact=True).click()
    expect(seen.map.get_by_text("9,0 og derover")).to_have_count(0, timeout=15_000)
    expect(seen.map.get_by_text("Flade", exact=True)).to_be_visible(timeout=15_000)
    expect(seen.map.get_by_text("Natrium")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barrier_found(browser, address, scheme):
    seen = opened(browser, address, color_scheme=scheme)
    found = Axe().run(seen.page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
    seen.page.context.close()


def test_browser_without_webgl_gets_the_picture_and_is_told_of_the_table(browser, address):
    context = browser.new_context(viewport={"width": 1200, "height": 1000})
    page = context.new_page()
    page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        "  return kind.startsWith('webgl') ? null : get.call(this, kind, ...rest) }"
    )
    page.goto(address)
    picture = page.get_by_role("img", name="Kort over havet. Hændelser pr. celle.")
    expect(picture).to_be_visible(timeout=30_000)
    assert picture.evaluate("picture => picture.naturalWidth") == 256
    expect(page.get_by_text("Billedet og tabellen nedenfor viser det samme")).to_be_visible()
    context.close()
