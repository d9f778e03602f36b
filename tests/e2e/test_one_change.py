"""One input changed changes the numbers, sentences, maps and paper it should, nothing else: by command and by page."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import SLOW_MS, Server, pick, settled, start, stop
from tests.e2e.outcome import Outcome, changed_columns, changed_sections, changed_surfaces, hotspot

ASKED = 9  # the column "walking alone after dark" of the survey's file
REACH_M = 100.0  # beyond this a lamp of 8 m adds less than 0.002 lx
MEASURE, AREA = "neighbourhood_watch", "B10"
ORDER = ("rank", "rank_low", "rank_high", "score", "score_low", "score_high", "first_share", "reasons")


class Changed(NamedTuple):
    kind: str
    source: str
    file: Path


@pytest.fixture(scope="module")
def raw(town: Path) -> Path:
    return town / "raw"


@pytest.fixture(scope="module")
def study(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("changed") / "town"
    shutil.copytree(town, folder, ignore=shutil.ignore_patterns("raw"))
    return folder


@pytest.fixture(scope="module")
def before(study: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return Outcome(study, tmp_path_factory.mktemp("before"))


def dearer(raw: Path, folder: Path) -> Changed:
    """One measure at twice its price."""
    rows = pd.read_csv(raw / "priser.csv", sep=";", dtype=str).set_index("tiltag")
    for column in ("anlaeg_kr", "drift_kr_pr_aar"):
        rows.loc[MEASURE, column] = str(2 * int(rows.loc[MEASURE, column]))
    rows.to_csv(folder / "priser.csv", sep=";")
    return Changed("prices", "kommune", folder / "priser.csv")


def safer(raw: Path, folder: Path) -> Changed:
    """One answer from very unsafe to very safe."""
    lines = (raw / "tryghed_2025.csv").read_text("utf-8-sig").splitlines()
    cells = [line.split(";") for line in lines]
    row = next(c for c in cells if c[2] == "Stikprøve" and c[4] == AREA and c[ASKED] == "Meget utryg")
    row[ASKED] = "Meget tryg"
    (folder / "tryghed_2025.csv").write_text("\n".join(map(";".join, cells)) + "\n", "utf-8-sig")
    return Changed("responses", "tryghed_2025", folder / "tryghed_2025.csv")


def working_lamp(raw: Path) -> gpd.GeoDataFrame:
    """A lamp in order that stands well away from any other: its light is missed."""
    lamps = gpd.read_parquet(raw / "gadelamper.parquet")
    good = lamps["fejl_fra"].isna() & lamps["lumen"].notna() & (lamps["mastehojde_m"] >= 6)
    good &= (lamps["status"] == "I drift") & (lamps["daempning"] == "Ingen")
    return lamps[good].iloc[[len(lamps[good]) // 2]]


def darker(raw: Path, folder: Path) -> Changed:
    """One lamp out since the last month counted."""
    lamps = gpd.read_parquet(raw / "gadelamper.parquet")
    lamps.loc[working_lamp(raw).index, "fejl_fra"] = pd.Timestamp("2025-12-01")
    lamps.to_parquet(folder / "gadelamper.parquet")
    return Changed("lamps", "driftsoperatør", folder / "gadelamper.parquet")


def taken_in(study: Path, changed: Changed) -> None:
    system = [] if changed.kind == "prices" else ["--crs", "EPSG:25832"]
    hotspot("import", study, changed.kind, changed.file, "--source", changed.source, *system)


def within(found: set[str], table: str, *columns: str) -> bool:
    return found <= {f"{table}.{column}" for column in columns}


def test_the_same_file_again_changes_nothing(study: Path, raw: Path, before: Outcome) -> None:
    register = (study / "study.db").read_bytes()
    taken_in(study, Changed("prices", "kommune", raw / "priser.csv"))
    taken_in(study, Changed("lamps", "driftsoperatør", raw / "gadelamper.parquet"))
    assert (study / "study.db").read_bytes() == register


def test_a_price_doubled_changes_money_only(study: Path, raw: Path, before: Outcome, tmp_path: Path) -> None:
    changed = dearer(raw, tmp_path)
    taken_in(study, changed)
    after = Outcome(study, tmp_path)
    hotspot("undo", study, changed.kind, "--source", changed.source)
    columns = changed_columns(before, after)
    money = {f"portfolio.{name}" for name in ("cost_dkk", "yearly_dkk", "per_million")}
    assert money <= set(columns) <= money | {"portfolio.status"}
    for name in money:
        assert set(columns[name].get_level_values("measure")) == {MEASURE}
    cost = [each.tables["portfolio"].xs(MEASURE, level="measure")["cost_dkk"] for each in (before, after)]
    assert np.allclose(cost[1], 2 * cost[0])
    assert changed_surfaces(before, after) == set()
    assert changed_sections(before, after) == {"In short", "Where to begin", "Measures within the budget"}


def test_an_answer_flipped_changes_what_is_felt_in_that_area(
    study: Path, raw: Path, before: Outcome, tmp_path: Path
) -> None:
    changed = safer(raw, tmp_path)
    taken_in(study, changed)
    after = Outcome(study, tmp_path)
    hotspot("undo", study, changed.kind, "--source", changed.source)
    columns = changed_columns(before, after)
    own = {f"areas.{name}" for name in ("felt_unsafe", "felt_unsafe_lower", "felt_unsafe_upper", "felt_recorded_share")}
    own |= {"priorities.value_felt_unsafe"}
    assert own <= set(columns)
    for name in own:
        assert list(columns[name]) == [AREA], name
    shares = [each.tables["areas"].loc[AREA, "felt_unsafe"] for each in (before, after)]
    assert shares[1] < shares[0]
    rest = set(columns) - own - {"areas.felt_recorded_share_all"}  # what all feel, beside every area
    assert within(rest, "priorities", *ORDER, "part_felt_unsafe")  # the order, and how sure it is
    assert changed_surfaces(before, after) == {"felt_surface"}
    still = {"Significant hot spots", "What earlier measures did", "What this cannot say", "Method", "Data"}
    assert not changed_sections(before, after) & still


def test_a_lamp_out_changes_the_light_it_gave(study: Path, raw: Path, before: Outcome, tmp_path: Path) -> None:
    changed, lamp = darker(raw, tmp_path), working_lamp(raw).geometry.iloc[0]
    taken_in(study, changed)
    after = Outcome(study, tmp_path)
    hotspot("undo", study, changed.kind, "--source", changed.source)
    columns = changed_columns(before, after)
    light = {name for name in columns if name.startswith("segments.path_light")}
    assert "segments.path_light_mean_lx" in light
    ways = gpd.GeoSeries(before.tables["segments"]["geometry"])
    away = pd.Series(shapely.distance(np.asarray(ways), lamp), index=ways.index)
    for name in light:
        assert away[columns[name]].max() < REACH_M, name
    means = [each.tables["segments"]["path_light_mean_lx"] for each in (before, after)]
    nearest = away[means[0].notna()].idxmin()
    assert means[1][nearest] < means[0][nearest]
    assert not (means[1] > means[0]).any(), "a lamp less never gives more light"
    rest = set(columns) - light
    assert {name.split(".")[0] for name in rest} <= {"priorities", "portfolio"}
    assert not [name for name in rest if re.search("felt|nuisance|observed|green", name)]
    assert changed_surfaces(before, after) == {"light"}
    pictures = before.surfaces["light"], after.surfaces["light"]
    darker_pixels = np.argwhere((pictures[0] != pictures[1]) & ~np.isnan(pictures[0]))
    assert len(darker_pixels) > 0
    assert np.ptp(darker_pixels, axis=0).max() * 10 <= 2 * REACH_M  # pixels of 10 m
    assert not changed_sections(before, after) & {"Significant hot spots", "What earlier measures did", "Data"}


def test_a_code_remapped_changes_the_counts_of_its_categories(study: Path, before: Outcome, tmp_path: Path) -> None:
    own = study / "categories.csv"
    own.write_text("code,category\nNarkotikarelateret uro,gathering\n", "utf-8")
    after = Outcome(study, tmp_path)
    own.unlink()
    columns = changed_columns(before, after)
    counts = [each.tables["areas"]["nuisance_n"] for each in (before, after)]
    assert (counts[1] >= counts[0]).all()
    assert counts[1].sum() > counts[0].sum()
    areas = {name for name in columns if name.startswith("areas.")}
    assert areas == {f"areas.nuisance{part}" for part in ("", "_lower", "_upper", "_n")}
    for name in areas:
        assert set(columns[name]) == set(counts[0].index[counts[0] != counts[1]])
    foretold = {"cells.forecast", "cells.forecast_class"}  # each category is foretold by itself
    assert {name.split(".")[0] for name in {*columns} - foretold} <= {"areas", "priorities", "portfolio"}
    others = [name for name in columns if re.search("felt|observed|green|light", name)]
    assert all(name.startswith("priorities.part_") for name in others), "a part changes where the whole does"
    assert changed_surfaces(before, after) == set()
    assert "Significant hot spots" in changed_sections(before, after), "it names what happens there"
    assert "What this cannot say" not in changed_sections(before, after)


@pytest.fixture
def served(study: Path, tmp_path: Path, before: Outcome) -> Iterator[Server]:
    running = start(study, tmp_path)
    yield running
    stop(running)


def table_of(page: Page) -> dict[str, str]:
    """Rows of the first table on the page, by their first words."""
    page.get_by_test_id("stTable").first.wait_for()
    rows = page.get_by_test_id("stTable").first.locator("tbody tr").all_inner_texts()
    return {row.split("\t")[0].strip(): re.sub(r"\s+", " ", row) for row in rows}


def seen(page: Page, server: Server) -> dict[str, dict[str, str]]:
    found = {}
    layers = ("felt_unsafe", "observed_expected", "nuisance")
    for path in (*(f"?lang=en&layer={name}" for name in layers), "hotspots?lang=en"):
        page.goto(f"{server.address}/{path}")
        settled(page)
        found[path.rpartition("=")[2] if "layer" in path else "hotspots"] = table_of(page)
    page.goto(f"{server.address}/priorities?lang=en")
    settled(page)
    found["priorities"] = table_of(page)
    found["spent"] = {"": page.get_by_test_id("stMetricValue").nth(1).inner_text()}
    return found


def uploaded(page: Page, server: Server, changed: Changed, sort: str) -> None:
    page.goto(f"{server.address}/data?lang=en")
    settled(page)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(changed.file)
    page.get_by_text(changed.file.name).wait_for()
    page.get_by_label("Whose delivery (a new one replaces the old)").fill(changed.source)
    if changed.kind != "prices":
        page.get_by_label("Reference system, if the file does not say").fill("EPSG:25832")
    pick(page, page.get_by_role("combobox", name="What it holds"), sort, typed=sort)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Imported. The answers are worked out anew.")).to_be_visible(timeout=SLOW_MS)
    page.get_by_role("button", name="Show the new answers").click()
    settled(page)  # known answers come at once, others are worked out first
    page.get_by_role("heading", name="Undo an import").wait_for(timeout=2 * SLOW_MS)
    settled(page)


@pytest.mark.browser
def test_the_page_shows_each_change_where_it_belongs(
    browser: Browser, served: Server, raw: Path, tmp_path: Path
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(SLOW_MS)
    first = seen(page, served)
    uploaded(page, served, safer(raw, tmp_path), "survey answers")
    flipped = seen(page, served)
    felt = {row for row, told in first["felt_unsafe"].items() if flipped["felt_unsafe"].get(row) != told}
    assert felt == {AREA}
    for name in ("observed_expected", "nuisance", "hotspots"):
        assert flipped[name] == first[name], name
    uploaded(page, served, dearer(raw, tmp_path), "prices")
    last = seen(page, served)
    for name in ("felt_unsafe", "observed_expected", "nuisance", "hotspots"):
        assert last[name] == flipped[name], name
    assert last["spent"] != flipped["spent"]
    assert last["priorities"] != flipped["priorities"]
    taken_in(served.folder, darker(raw, tmp_path))  # by command, the page open: it shows the new answers when asked
    (served.folder / "categories.csv").write_text("code,category\nNarkotikarelateret uro,gathering\n", "utf-8")
    again = seen(page, served)
    assert again["felt_unsafe"] == last["felt_unsafe"]
    assert again["observed_expected"] == last["observed_expected"]
    assert again["nuisance"] != last["nuisance"]
    page.close()
