"""Ten figures from the raw rows to every door and audience: equal, or withheld with all that gives them back."""

import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from hotspot.cli.door import app
from tests.e2e.conftest import SLOW_MS, pick, settled
from tests.e2e.raw_rows import RawTown

AUDIENCES = ("council", "planner", "admin")
NAMES = {"council": "Council", "planner": "Planner", "admin": "Everything (administrator)"}
MANY, FELT, FEW, BESIDE = "B06", "B10", "O02", "G03"  # BESIDE is hidden so that FEW cannot be worked out from totals
NUISANCE = ("Ophold og uro", "Utryghedsskabende knallertkørsel")
HIDDEN = "hidden (protects fewer than 5)"
OF_NUISANCE = ("n", "value", "lower", "upper", "people")
OF_SCORE = ("score", "score_low", "score_high", "first_share", "part_nuisance", "value_nuisance")


def hotspot(*given: object) -> str:
    """What a command prints; in this process, since the product's start-up is tested elsewhere."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        app([str(each) for each in given], standalone_mode=False)
    return printed.getvalue()


class Handed:
    """Everything one audience is handed: files, paper and explanations."""

    def __init__(self, study: Path, audience: str, folder: Path) -> None:
        self.package = folder / f"{audience}.gpkg"
        hotspot("export", study, "--audience", audience, "--out", self.package)
        paper = folder / f"{audience}.pdf"
        hotspot("report", study, "--audience", audience, "--language", "en", "--out", paper)
        text = " ".join(page.extract_text() for page in PdfReader(paper).pages)
        self.paper = re.sub(r"\s+", " ", re.sub(r"\u00ad\s*", "", text))
        self.explained = {
            place: json.loads(hotspot("explain", study, place, "--audience", audience, "--json"))
            for place in (MANY, FELT, FEW, BESIDE)
        }

    def layer(self, name: str) -> pd.DataFrame:
        frame: Any = pyogrio.read_dataframe(self.package, layer=name)
        return frame.set_index(frame.columns[0])

    def has(self, name: str) -> bool:
        return name in pyogrio.list_layers(self.package)[:, 0]


@pytest.fixture(scope="module")
def raw(town: Path) -> RawTown:
    return RawTown(town / "raw")


@pytest.fixture(scope="module")
def handed(study_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Handed]:
    folder = tmp_path_factory.mktemp("handed")
    return {audience: Handed(study_folder, audience, folder) for audience in AUDIENCES}


@pytest.fixture(scope="module")
def hot_spot(handed: dict[str, Handed]) -> str:
    """The hot spot with the most darkness: all audiences see it."""
    return str(handed["council"].layer("hotspots")["dark_share"].idxmax())


def test_figures_one_to_four_of_places_are_those_of_the_raw_rows(raw: RawTown, handed: dict[str, Handed]) -> None:
    answers, unsafe = raw.unsafe_after_dark(FELT)
    recorded = raw.count(raw.areas[MANY])
    nuisance = raw.count(raw.areas[MANY], NUISANCE)
    for audience, its in handed.items():
        areas, told = its.layer("areas"), its.explained
        within = 1e-12 if audience == "admin" else 1e-9  # the others are told nine digits
        assert areas.loc[MANY, "observed_expected_n"] == recorded, audience
        assert told[MANY]["layers"]["observed_expected"]["n"] == recorded, audience
        assert areas.loc[MANY, "nuisance_n"] == nuisance, audience
        assert told[MANY]["layers"]["nuisance"]["n"] == nuisance, audience
        assert areas.loc[FELT, "felt_unsafe_n"] == answers, audience
        assert told[FELT]["layers"]["felt_unsafe"]["n"] == answers, audience
        assert areas.loc[FELT, "felt_unsafe"] == pytest.approx(unsafe, abs=within), audience
        assert told[FELT]["layers"]["felt_unsafe"]["value"] == pytest.approx(unsafe, abs=within), audience
        ratio = recorded / areas.loc[MANY, "observed_expected_expected"]
        assert areas.loc[MANY, "observed_expected"] == pytest.approx(ratio), audience
        assert told[MANY]["layers"]["observed_expected"]["value"] == pytest.approx(ratio), audience


def test_figures_five_and_six_a_hot_spots_count_and_ratio(
    raw: RawTown, handed: dict[str, Handed], hot_spot: str
) -> None:
    for audience, its in handed.items():
        spot = its.layer("hotspots").loc[hot_spot]
        n = raw.count(spot["geometry"])
        assert spot["n"] == n, audience
        assert spot["ratio"] == pytest.approx(n / spot["expected"]), audience
        said = f"{n} {spot['ratio']:.1f} ({spot['lower']:.1f} to {spot['upper']:.1f})"
        assert said in its.paper, audience


def test_figures_seven_to_nine_price_total_and_rank(raw: RawTown, handed: dict[str, Handed]) -> None:
    for audience, its in handed.items():
        listed = its.layer("portfolio").reset_index()
        chosen = listed[listed["status"] == "chosen"]
        priced = chosen.apply(lambda row: row["quantity"] * raw.price(row["measure"]), axis=1)
        assert np.allclose(chosen["cost_dkk"], priced), audience
        one = chosen[(chosen["area_id"] == "B07") & (chosen["measure"] == "neighbourhood_watch")]["cost_dkk"]
        assert one.tolist() == [raw.price("neighbourhood_watch")], audience
        said = re.search(r"Muslingevænget Neighbourhood watch the whole place DKK ([\d,]+)", its.paper)
        assert said, audience
        assert said[1] == f"{one.iloc[0]:,.0f}", audience
        assert f"Spent DKK {priced.sum():,.0f} of DKK 1,000,000" in its.paper, audience
        ranks = its.layer("priorities")["rank"]
        assert its.explained[FELT]["numbers"]["rank"] == ranks[FELT], audience
        assert sorted(ranks.dropna()) == list(range(1, ranks.notna().sum() + 1)), audience
        assert ranks.isna().sum() < 4, audience  # FEW and those like it, whose number cannot be told to everybody
    assert len({tuple(its.layer("priorities")["rank"].fillna(0)) for its in handed.values()}) == 1


def lux_along(line: shapely.LineString, lamps: gpd.GeoDataFrame) -> float:
    """Mean maintained illuminance by METHODS 2.2 and 2.3 (Lambert), every half metre."""
    along = shapely.line_interpolate_point(line, np.arange(0.25, line.length, 0.5))
    total = np.zeros(len(along))
    for point, height, lumen in zip(lamps.geometry, lamps["mastehojde_m"], lamps["lumen"], strict=True):
        away = shapely.distance(along, point)
        cosine = height / np.hypot(height, away)
        total += 0.8 * lumen / np.pi * cosine**4 / height**2
    return float(total.mean())


def test_figure_ten_the_light_of_a_path(town: Path, handed: dict[str, Handed]) -> None:
    lamps = gpd.read_parquet(town / "raw" / "gadelamper.parquet")
    boundary = gpd.read_file(town / "raw" / "kommunegraense.geojson").to_crs(25832).geometry.iloc[0]
    whole = lamps[["mastehojde_m", "lumen"]].notna().all(axis=1) & (lamps["daempning"] == "Ingen")
    whole &= lamps["fejl_fra"].isna() & (lamps["status"] == "I drift")
    segments = handed["planner"].layer("segments")
    ways = np.asarray(segments.geometry)
    near = shapely.STRtree(np.asarray(lamps.geometry)).query(ways, predicate="dwithin", distance=100.0)
    by_way = pd.Series(near[1]).groupby(near[0])
    plain = [way for way, rows in by_way if whole.iloc[rows].all() and len(rows) > 3 and boundary.contains(ways[way])]
    assert len(plain) > 20
    for way in plain[:: len(plain) // 10]:
        wanted = lux_along(ways[way], lamps.iloc[by_way.get_group(way)])
        found = segments["path_light_mean_lx"].iloc[way]
        assert found == pytest.approx(wanted, rel=0.05, abs=0.01), segments.index[way]
        exact = handed["admin"].layer("segments")["path_light_mean_lx"].iloc[way]
        assert found == pytest.approx(exact, rel=1e-8)  # a planner is told nine digits
    assert not handed["council"].has("segments")


@pytest.mark.parametrize("audience", ["council", "planner"])
def test_small_counts_are_withheld_with_all_that_gives_them_back(
    raw: RawTown, handed: dict[str, Handed], audience: str
) -> None:
    assert 0 < raw.count(raw.areas[FEW], NUISANCE) < 5 < raw.count(raw.areas[BESIDE], NUISANCE)
    open_to_all, its = handed["admin"], handed[audience]
    for place in (FEW, BESIDE):
        assert open_to_all.layer("areas").loc[place, "nuisance_n"] == raw.count(raw.areas[place], NUISANCE)
        row, told = its.layer("areas").loc[place], its.explained[place]
        assert row["nuisance_hidden"]
        assert row[["nuisance", *(f"nuisance_{name}" for name in OF_NUISANCE if name != "value")]].isna().all(), place
        assert all(told["layers"]["nuisance"][name] is None for name in OF_NUISANCE), place
        assert its.layer("priorities").loc[place, list(OF_SCORE)].isna().all(), place
        assert all(told["numbers"][name] is None for name in OF_SCORE), place
        said = hotspot("explain", raw.folder.parent, place, "--audience", audience, "--language", "en")
        assert "is hidden (protects fewer than 5)" in said
        assert "Moped riding and disturbance does not count in the order" in said
        assert "Moped riding and disturbance: worse" not in said
    hidden = its.layer("areas").index[its.layer("areas")["nuisance_hidden"]]
    assert len(hidden) > 1, "one hidden count alone is the total less the others"
    assert "places have a number that not everybody may be told" in its.paper
    for said in re.findall(r"Østmarken[^.]*", its.paper):
        assert "%" not in said


def as_seen_by(page: Page, audience: str) -> None:
    if audience != "admin":
        pick(page, page.get_by_role("combobox").first, NAMES[audience], exact=True)
    settled(page)


@pytest.mark.browser
@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_screen_says_the_same(visit: Any, raw: RawTown, handed: dict[str, Handed], hot_spot: str, audience: str):
    its = handed[audience]
    page = visit("?lang=en&layer=observed_expected")
    as_seen_by(page, audience)
    ratio = its.layer("areas").loc[MANY, "observed_expected"]
    assert f"{ratio:.2f} times the expected" in row_of(page, MANY)
    page.goto(page.url.replace("observed_expected", "felt_unsafe"))
    settled(page)
    as_seen_by(page, audience)
    assert f"{raw.unsafe_after_dark(FELT)[1]:.0%}" in row_of(page, FELT)
    page.goto(page.url.replace("felt_unsafe", "nuisance"))
    settled(page)
    as_seen_by(page, audience)
    for place in (FEW, BESIDE):
        assert (HIDDEN in row_of(page, place)) == (audience != "admin"), place
    page.get_by_role("link", name="Hot spots").click()
    page.get_by_role("heading", name="Significant hot spots", level=1).wait_for()
    settled(page)
    spot = its.layer("hotspots").loc[hot_spot]
    told = page.get_by_test_id("stTable").locator("tr", has_text=spot["name"]).inner_text()
    assert str(raw.count(spot["geometry"])) in re.split(r"\s+", told)
    assert f"{spot['ratio']:.1f} ({spot['lower']:.1f} to {spot['upper']:.1f})" in told
    page.get_by_role("link", name="Priorities").click()
    page.get_by_role("heading", name="Priorities", level=1).wait_for()
    settled(page)
    listed = its.layer("portfolio")
    spent = listed.loc[listed["status"] == "chosen", "cost_dkk"].sum()
    expect(page.get_by_test_id("stMetricValue").nth(1)).to_have_text(f"DKK {spent:,.0f}", timeout=SLOW_MS)
    row = page.get_by_test_id("stTable").locator("tr", has=page.get_by_role("cell", name="Muslingevænget", exact=True))
    told = row.first.inner_text()
    assert told.startswith(f"{its.layer('priorities').loc['B07', 'rank']:.0f}")
    assert f"DKK {raw.price('neighbourhood_watch'):,.0f}" in told


def row_of(page: Page, area_id: str) -> str:
    rows = page.get_by_test_id("stTable").locator("tr", has=page.get_by_role("cell", name=area_id, exact=True))
    return rows.first.inner_text(timeout=SLOW_MS)
