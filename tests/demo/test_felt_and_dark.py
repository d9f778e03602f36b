"""The other truths of TRUTH.md: places felt otherwise than recorded, and the dark overgrown path."""

import datetime as dt
import math
import sys
from pathlib import Path

import pandas as pd
import pytest

from hotspot.measures.felt import SAFE_MANY, UNSAFE_FEW, felt_recorded
from hotspot.measures.green import concealing
from hotspot.measures.light import path_light
from hotspot.measures.scene import Scene
from hotspot.packaged import category_of_codes
from hotspot.sources import read_outline, read_table
from hotspot.store.snapshot import with_category
from hotspot.study import Study
from hotspot.tables import Coverage, Place

DEMO = Path(__file__).parents[2] / "data" / "demo"
sys.path.insert(0, str(DEMO))
import town as generator  # noqa: E402 - the generator stands apart from the package

SEEDS = range(1, 11)
STUDY = Study("Ternevig", "EPSG:25832")


def scene_of(folder):
    rows = pd.read_csv(folder / "deliveries.csv", sep=";", dtype=str, keep_default_na=False)
    place = Place("Ternevig", read_outline(folder / "kommunegraense.geojson", "EPSG:25832"), "EPSG:25832")
    frames, covers = {}, {}
    for row in rows[rows["kind"] != "boundary"].itertuples():
        cover = None
        if row.kind == "incidents":
            cover = Coverage(row.kilde, None, dt.date.fromisoformat(row.fra), dt.date.fromisoformat(row.til))
        source = f"{row.kilde}-{row.lag}"
        table = read_table(
            folder / row.fil, row.kind, place, crs=row.crs or None, layer=row.lag or None, coverage=cover, source=source
        ).table
        frames.setdefault(row.kind, []).append(table)
        covers.setdefault(row.kind, []).extend(table.coverage)
    tables = {}
    for kind, parts in frames.items():
        frame = pd.concat([part.frame for part in parts], ignore_index=True) if len(parts) > 1 else parts[0].frame
        frame = with_category(frame, category_of_codes()) if kind == "incidents" else frame
        tables[kind] = type(parts[0])(frame, place, tuple(covers[kind]))
    return Scene(STUDY, place, tables)


@pytest.fixture(scope="module")
def scenes(tmp_path_factory):
    made = []
    for seed in SEEDS:
        folder = tmp_path_factory.mktemp(f"town{seed}")
        generator.write(generator.build(seed), folder)
        made.append(scene_of(folder))
    return made


@pytest.mark.seeds
def test_areas_felt_otherwise_than_recorded_are_told_and_few_others(scenes):
    unsafe, safe, others = 0, 0, []
    for scene in scenes:
        frame = felt_recorded(scene).frame
        housing = scene.places.index[scene.places["kind"] == "housing"]
        klass = frame["klass"]
        unsafe += klass["B10"] == UNSAFE_FEW
        safe += klass["B04"] == SAFE_MANY
        rest = housing.drop(["B10", "B04"])
        others.append(klass[rest].isin([UNSAFE_FEW, SAFE_MANY]).mean())
    assert unsafe >= math.ceil(0.9 * len(SEEDS))
    assert safe >= math.ceil(0.9 * len(SEEDS))
    assert sum(others) / len(others) <= 0.10


@pytest.mark.seeds
def test_the_dark_overgrown_path_stands_out(scenes):
    for scene in scenes:
        light, green = path_light(scene).frame, concealing(scene).frame
        own = scene.segments["name"].eq("Parkstien") & scene.segments["area_id"].eq("G01")
        assert own.any()
        lit = scene.frame("roads").set_index("road_id")["lit"].reindex(scene.segments["road_id"]).to_numpy() == 1
        others = scene.segments["kind"].eq("path").to_numpy() & lit & ~own.to_numpy()
        others &= light["mean_lx"].notna().to_numpy()  # where a lamp's output is unknown nothing is claimed
        length = scene.segments["length_m"]
        darker = (light.loc[others, "mean_lx"] > light.loc[own, "mean_lx"].mean()) * length[others]
        assert darker.sum() / length[others].sum() >= 0.95
        assert light.loc[own, "dark_gap_m"].max() > 60
        rank = green["value"].rank(pct=True)
        assert rank[own].median() >= 0.9
