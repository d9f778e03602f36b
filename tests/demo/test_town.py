"""The fictional town: what its files hold, the same for a seed, and knowing nothing of the analysis."""

import ast
import csv
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

DEMO = Path(__file__).parents[2] / "data" / "demo"
sys.path.insert(0, str(DEMO))
import town as generator  # noqa: E402 - the generator stands apart from the package
from town.clock import sun_elevation, to_utc  # noqa: E402
from town.incidents import footprint  # noqa: E402
from town.plants import MEASURES, PLANTS, RATE, SHARES  # noqa: E402
from town.truth import truth  # noqa: E402

SEA = (636_000, 6_236_000, 643_000, 6_242_000)
REAL_PLACES = (
    "København", "Aarhus", "Århus", "Odense", "Aalborg", "Esbjerg", "Ishøj", "Vejle", "Randers", "Kolding", "Horsens",
    "Grenaa", "Ebeltoft", "Hundested", "Hesselø", "Anholt", "Helsingør", "Roskilde", "Brøndby", "Albertslund",
    "Gellerup", "Vollsmose", "Mjølnerparken", "Tingbjerg", "Vejleåparken", "Kattegat",
)  # fmt: skip
CPR_LIKE = re.compile(r"(?<!\d)\d{6}[- ]?\d{4}(?!\d)")


@pytest.fixture(scope="module")
def geography():
    return generator.geography(1)


@pytest.fixture(scope="module")
def town(geography):
    return generator.build(1, town=geography)


@pytest.fixture(scope="module")
def raw(town, tmp_path_factory):
    folder = tmp_path_factory.mktemp("raw")
    generator.write(town, folder)
    return folder


def modules_imported(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").split(".")[0]


def test_the_generator_imports_nothing_of_the_analysis_and_little_else():
    allowed = {"numpy", "pandas", "geopandas", "shapely", "town"} | sys.stdlib_module_names
    for path in (DEMO / "town").glob("*.py"):
        assert set(modules_imported(path)) <= allowed, path.name


def test_the_analysis_imports_nothing_of_the_generator():
    for path in (DEMO.parents[1] / "hotspot").rglob("*.py"):
        assert "town" not in set(modules_imported(path)), path


def test_modules_stay_short():
    assert all(len(path.read_text("utf-8").splitlines()) <= 300 for path in (DEMO / "town").glob("*.py"))


def test_districts_tile_the_municipality(geography):
    areas = geography.areas
    assert areas.area.sum() == pytest.approx(geography.outline.area, rel=1e-4)
    assert areas.union_all().area == pytest.approx(areas.area.sum(), rel=1e-4)
    assert (areas["kind"] == "housing").sum() == 14
    assert {"centre", "station", "school", "industry", "green", "shore"} <= set(areas["kind"])


def test_the_town_is_as_large_as_told(geography, town):
    assert 23_500 <= geography.buildings["residents"].sum() <= 24_600
    assert geography.cells["residents"].sum() == geography.buildings["residents"].sum()
    assert 2_800 <= len(geography.buildings) <= 3_600
    assert 4_500 <= len(geography.lamps) <= 5_300
    assert 280 <= len(geography.green["t_6800_parl_fl"]) <= 380
    assert 6_300 <= len(town.incidents) <= 8_300
    assert 1_700 <= sum(map(len, town.survey.values())) <= 1_950
    assert len(town.earlier) == 4


def test_everything_lies_in_the_open_sea(geography, town):
    x0, y0, x1, y1 = SEA
    tables = [geography.areas, geography.roads, geography.buildings, geography.visits, geography.lamps, town.earlier]
    for frame in [*tables, *geography.green.values()]:
        assert frame.crs.to_epsg() == 25832
        low_x, low_y, high_x, high_y = frame.total_bounds
        assert x0 <= low_x <= high_x <= x1
        assert y0 <= low_y <= high_y <= y1


def test_cells_carry_the_names_of_the_national_grid(geography):
    for name, shape in zip(geography.cells["cell_id"], geography.cells.geometry, strict=True):
        east, north = shape.bounds[:2]
        assert (east % 100, north % 100) == (0, 0)
        assert name == f"100m_{int(north) // 100}_{int(east) // 100}"


def test_nearly_all_streets_hang_together(geography):
    parent: dict[tuple[float, ...], tuple[float, ...]] = {}

    def root(node):
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for line in geography.roads.geometry:
        first, last = (tuple(np.round(line.coords[end])) for end in (0, -1))
        parent[root(first)] = root(last)
    sizes = pd.Series([root(node) for node in list(parent)]).value_counts()
    assert sizes.iloc[0] >= 0.97 * sizes.sum()
    assert {"tunnel", "bridge", "path", "residential"} <= set(geography.roads["kind"])


def test_buildings_do_not_stand_in_each_other(geography):
    shapes = geography.buildings.geometry.to_numpy()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    assert (first == second).all()


def test_incidents_happen_inside_the_municipality_and_the_three_years(geography, town):
    happened = town.incidents
    assert shapely.covers(geography.outline.buffer(1), shapely.points(happened["x"], happened["y"])).all()
    assert happened["start"].min() >= pd.Timestamp("2022-12-31 23:00", tz="UTC")
    assert happened["end"].max() <= pd.Timestamp("2025-12-31 23:00", tz="UTC")
    assert (happened["end"] >= happened["start"]).all()
    assert (
        happened.loc[happened["basis"] == "instant", "end"] == happened.loc[happened["basis"] == "instant", "start"]
    ).all()
    assert happened.loc[happened["source"] == "kommune", "start_local"].min() >= pd.Timestamp("2023-07-01")


def test_the_same_seed_gives_the_same_town_and_another_seed_another(geography, town):
    again = generator.build(1)
    pd.testing.assert_frame_equal(again.police, town.police)
    pd.testing.assert_frame_equal(again.reports, town.reports)
    pd.testing.assert_frame_equal(again.survey[2025], town.survey[2025])
    pd.testing.assert_frame_equal(pd.DataFrame(again.geography.lamps), pd.DataFrame(geography.lamps))
    other = generator.build(2)
    assert len(other.incidents) != len(town.incidents)
    assert not other.geography.lamps["lumen"].equals(geography.lamps["lumen"])
    assert other.geography.areas.geometry.geom_equals(geography.areas.geometry).all()


def test_the_null_is_proportional_to_residents_and_visits(geography):
    cells = geography.cells
    counts = np.zeros(len(cells))
    shares = dict.fromkeys(SHARES, 0)
    row = dict(zip(cells["cell_id"], range(len(cells)), strict=True))
    for seed in range(100, 160):
        happened = generator.incidents(geography, seed, plants=False)
        assert (happened["plant"] == "").all()
        counts += np.bincount(happened["cell_id"].map(row), minlength=len(cells))
        for category, n in happened["category"].value_counts().items():
            shares[category] += int(n)
    assert counts[cells["exposure"] == 0].sum() == 0
    rate = RATE * 60 * cells["exposure"]
    quarters = pd.qcut(cells.loc[rate > 0, "exposure"].rank(method="first"), 4, labels=False)
    told = pd.Series(counts)[rate > 0].groupby(quarters).sum() / rate[rate > 0].groupby(quarters).sum()
    assert told.between(0.90, 1.03).all()  # a twentieth is lost: municipal reports before July 2023
    assert told.max() - told.min() < 0.06
    assert shares["theft"] / sum(shares.values()) == pytest.approx(SHARES["theft"], abs=0.02)


def test_counts_of_cells_vary_more_than_chance(geography):
    happened = generator.incidents(geography, 7, plants=False)
    counts = happened["cell_id"].value_counts().reindex(geography.cells["cell_id"], fill_value=0).to_numpy()
    mean = 0.96 * RATE * geography.cells["exposure"].to_numpy(dtype=float)
    dispersion = ((counts - mean) ** 2 - mean).sum() / (mean**2).sum()
    assert 0.1 < dispersion < 1.2


def test_every_plant_adds_what_the_truth_says(geography):
    told = {each["id"]: each for each in tomllib.loads((DEMO / "TRUTH.toml").read_text("utf-8"))["hot_spot"]}
    found = {plant.key: [] for plant in PLANTS}
    for seed in range(1, 31):
        counts = generator.incidents(geography, seed)["plant"].value_counts()
        for key, of_seed in found.items():
            of_seed.append(int(counts.get(key, 0)))
    for plant in PLANTS:
        added = sum(told[plant.key]["added"].values())
        assert set(told[plant.key]["cells"]) == set(geography.cells.loc[footprint(plant, geography.cells), "cell_id"])
        assert 0.85 * added < np.mean(found[plant.key]) <= 1.05 * added


def test_what_is_planted_in_the_dark_happened_in_the_dark(geography):
    happened = generator.incidents(geography, 3)
    gathering = happened[happened["plant"] == "P1"]
    timed = gathering[gathering["basis"] != "date"]
    assert len(timed) > 100
    assert (sun_elevation(pd.DatetimeIndex(timed["start"])) < -6).all()


def test_the_sun_stands_where_an_almanac_has_it():
    noon_and_midnight = to_utc(pd.DatetimeIndex(["2024-06-21 13:17", "2024-12-21 12:13", "2024-06-22 01:17"]))
    assert sun_elevation(noon_and_midnight) == pytest.approx([90 - 56.27 + 23.44, 90 - 56.27 - 23.44, -10.3], abs=0.3)


def test_the_large_measure_prevents_more_than_half_and_the_null_one_nothing(geography):
    after = {m.key: [0, 0] for m in MEASURES}
    for seed in range(1, 21):
        for column, plants in enumerate((True, False)):
            happened = generator.incidents(geography, seed, plants=plants)
            points = shapely.points(happened["x"], happened["y"])
            for m in MEASURES:
                since = happened["start"] >= pd.Timestamp(m.finished, tz="Europe/Copenhagen")
                after[m.key][column] += int((shapely.contains(m.shape, points) & since).sum())
    ratio = {key: with_it / without for key, (with_it, without) in after.items()}
    assert ratio["M1"] == pytest.approx(0.45, abs=0.06)
    assert ratio["M2"] == pytest.approx(1.0, abs=0.12)


def test_a_seed_of_incidents_is_cheap(geography):
    generator.incidents(geography, 50)
    begun = time.process_time()
    for seed in range(51, 56):
        generator.incidents(geography, seed)
    assert (time.process_time() - begun) / 5 < 0.3


def test_felt_and_recorded_part_in_the_two_planted_areas(town):
    answers = town.survey[2023]
    known = pd.to_numeric(answers["Tryghed i nabolaget (1-7)"], errors="coerce")
    unsafe = (known >= 5).where(known.notna()).astype(float).groupby(answers["Områdekode"]).mean()
    assert unsafe["B10"] > 0.3
    assert unsafe["B04"] < 0.12


def test_weights_add_up_to_the_adults_of_each_area(town):
    answers = town.survey[2025]
    sample = answers[answers["Metode"] == "Stikprøve"]
    assert sample["Vaegt"].gt(0).all()
    assert answers.loc[answers["Metode"] == "Åbent link", "Vaegt"].isna().all()
    assert sample["Vaegt"].sum() == pytest.approx(19_300, rel=0.05)


def test_the_dark_path_is_dark_and_overgrown_only_when_planted(geography):
    bare = generator.geography(1, plants=False)
    path = geography.roads[geography.roads["name"] == "Parkstien"].union_all()

    def working(geo):
        near = geo.lamps[geo.lamps.within(path.buffer(6))]
        return int((near["fejl_fra"].isna() | near["fejl_til"].notna()).sum())

    def thicket(geo):
        areas = geo.green["t_6800_parl_fl"]
        return areas[areas["vedlhold_f_type_kode"] == 222000].intersection(path.buffer(12)).area.sum()

    assert working(geography) <= 0.3 * working(bare)
    assert thicket(geography) > 0.6 * path.length * 2 * 9.4
    assert thicket(bare) < 0.1 * thicket(geography)


def test_the_truth_on_disk_is_the_truth_of_the_generator(geography):
    assert (DEMO / "TRUTH.toml").read_text("utf-8") == truth(geography)


def test_every_delivery_is_there_and_listed(raw):
    listed = pd.read_csv(raw / "deliveries.csv", sep=";", keep_default_na=False)
    assert {path.name for path in raw.iterdir()} == {*listed["fil"], "deliveries.csv"}
    assert {Path(name).suffix for name in listed["fil"]} == {".csv", ".xlsx", ".geojson", ".gpkg", ".zip", ".parquet"}
    late = listed.loc[listed["fil"] == "kommune_henvendelser.xlsx", "fra"].item()
    assert late == "2023-07-01"


def test_the_police_file_is_in_danish_form(raw, town):
    table = pd.read_csv(raw / "politi_haendelser.csv", sep=";", encoding="cp1252", decimal=",")
    assert list(table.columns) == [
        "Sagsnr",
        "Gerningskode",
        "Gerningstekst",
        "Fra dato",
        "Fra kl",
        "Til dato",
        "Til kl",
        "X",
        "Y",
    ]
    assert len(table) == len(town.police)
    assert table["X"].dropna().between(SEA[0], SEA[2]).all()
    assert {"Hærværk", "Vold", "Indbrud i beboelse", "Ophold og uro"} <= set(table["Gerningstekst"])
    clock = table["Fra kl"].str.fullmatch(r"([01]\d|2[0-3]):[0-5]\d")
    assert 1 <= (~clock).sum() <= 15
    assert table["X"].isna().sum() >= 5


def test_the_municipal_sheet_is_in_danish_form(raw):
    table = pd.read_excel(raw / "kommune_henvendelser.xlsx", sheet_name="Henvendelser")
    assert set(table["Tidspunkt"].dropna().str.replace(r"\d", "9", regex=True)) == {"kl. 99.99"}
    assert 0.1 < table["Tidspunkt"].isna().mean() < 0.3
    assert {"Emne", "Dato", "Øst", "Nord"} <= set(table.columns)


def test_duplicates_lie_close_to_what_they_repeat(town):
    key = town.key
    twice = key[key["duplicate_of"] != ""]
    assert 60 <= len(twice) <= 350
    assert set(twice["duplicate_of"]) <= set(key["key"])
    assert (key["spoilt"] != "").sum() == 52


def test_the_green_register_has_its_own_columns(raw):
    areas = gpd.read_file(raw / "groent_fkg.gpkg", layer="t_6800_parl_fl")
    assert {"objekt_id", "systid_fra", "systid_til", "vedlhold_f_type_kode", "driftniv_kode", "tilstand_kode",
            "off_kode", "udfoerer_enterp", "klip_hoejde", "statuskode"} <= set(areas.columns)  # fmt: skip
    assert areas.geom_type.eq("MultiPolygon").all()
    assert areas["systid_til"].notna().sum() > 0
    assert set(areas["off_kode"]) == {1, 2, 3}
    lines = gpd.read_file(raw / "groent_fkg.gpkg", layer="t_6801_parl_li")
    assert {"vedlhold_l_type_kode", "udfoerer_entrep"} <= set(lines.columns)


def test_small_cells_are_blank_and_not_zero(raw, geography):
    table = pd.read_csv(raw / "befolkning_100m.csv", sep=";").set_index("celle")
    few = geography.cells.set_index("cell_id")["residents"].between(1, 4)
    assert few.sum() > 20
    assert table["beboere"].isna().eq(few.reindex(table.index)).all()


def test_two_measures_have_no_price_and_the_list_says_it_is_made_up(raw):
    table = pd.read_csv(raw / "priser.csv", sep=";")
    assert table["anlaeg_kr"].isna().sum() == 2
    assert table["kilde"].str.contains("Fiktiv").all()


def test_files_name_no_real_place_and_hold_nothing_like_a_personal_number(raw):
    windows = ("politi_haendelser.csv", "tryghed_2023.csv")
    texts = [path.read_bytes().decode("cp1252" if path.name in windows else "utf-8")
             for path in raw.iterdir() if path.suffix in (".csv", ".geojson")]  # fmt: skip
    texts.append(pd.read_excel(raw / "kommune_henvendelser.xlsx").to_csv())
    texts += [gpd.read_file(raw / "groent_fkg.gpkg", layer=layer).drop(columns="geometry").to_csv()
              for layer in ("t_6800_parl_fl", "t_6801_parl_li", "t_6802_parl_pkt")]  # fmt: skip
    for text in texts:
        assert not any(re.search(rf"\b{place}\b", text) for place in REAL_PLACES)
    for text in texts:
        tabular = "coordinates" not in text
        assert not (tabular and any(plausible(hit) for hit in CPR_LIKE.findall(text)))


def plausible(number):
    day, month = int(number[:2]), int(number[2:4])
    return (1 <= day <= 31 or 61 <= day <= 91) and 1 <= month <= 12


def test_the_folder_runs_as_a_script_and_can_leave_out_what_is_planted(tmp_path):
    command = [sys.executable, str(DEMO / "town"), str(tmp_path), "--seed", "3", "--no-plants"]
    written = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert all(Path(path).stat().st_size > 0 for path in written)
    with (tmp_path / "politi_haendelser.csv").open(encoding="cp1252", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert len(rows) == len(generator.build(3, plants=False).police)
