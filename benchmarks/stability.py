"""In how many variants do planted hot spots of the fictional town stay, and in how many those that are noise?

Run ``python benchmarks/stability.py 10 100`` (an hour on one core) for the tables of docs/stability.md: ten towns with
hot spots planted, a hundred without any. Without numbers it takes one town of each (three minutes). Seeds are
fixed: the same numbers come out every time.
"""

import dataclasses
import sys
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

HERE = Path(__file__).parents[1]
sys.path.insert(0, str(HERE / "tests" / "demo"))
from test_acceptance import SELECTIONS, Ground  # type: ignore[import-not-found]  # noqa: E402 - the towns of the tests

from hotspot.experiments.stability import Looked, held, look, tables_for  # noqa: E402
from hotspot.experiments.variants import variants  # noqa: E402
from hotspot.layers import Layer, LayerSpec, read_layers  # noqa: E402
from hotspot.measures.clusters import hotspots  # noqa: E402
from hotspot.measures.scene import Scene  # noqa: E402
from hotspot.packaged import packaged_folder  # noqa: E402
from hotspot.pipeline.spots import named_hotspots  # noqa: E402

TRUTH = tomllib.loads((HERE / "data" / "demo" / "TRUTH.toml").read_text("utf-8"))
KINDS = ("grid", "neighbourhood", "part", "month")


def spec_of(categories: tuple[str, ...], light: str) -> LayerSpec:
    """The town's own layer of hot spots, about some categories."""
    spec = read_layers((packaged_folder("layers"),))["hotspots"]
    return dataclasses.replace(spec, parameters={"categories": list(categories), "light": light})


def spots_of(scene: Scene, spec: LayerSpec) -> gpd.GeoDataFrame:
    """Name the hot spots of one map."""
    categories, light = tuple(spec.parameters["categories"]), str(spec.parameters["light"])
    return named_hotspots(scene, Layer(spec, hotspots(scene, categories=categories, light=light)))


def tested(scene: Scene, spec: LayerSpec, spots: gpd.GeoDataFrame) -> pd.DataFrame:
    """Look at hot spots in every variant, each kind of variant apart too."""
    ways = variants(scene.study.cell_m, scene.period)
    tables = tables_for(spec, scene.tables)
    looked: list[Looked] = [look(scene.study, scene.place, tables, spec, way) for way in ways]
    found = held(spots.geometry, looked)
    for kind in KINDS:
        own = [each for each, way in zip(looked, ways, strict=True) if way.kind == kind]
        found[kind] = held(spots.geometry, own)["stability"]
    return found.join(spots[["n", "cells"]])


def planted(ground: Ground, seeds: range) -> Iterator[pd.DataFrame]:
    """Hot spots that overlap a plant, in a recipe about the plant's own categories."""
    footprints = {each["id"]: cells_shape(each["cells"]) for each in TRUTH["hot_spot"]}
    for seed in seeds:
        scene = ground.scene(seed, plants=True)
        for plant, (categories, light) in SELECTIONS.items():
            spec = spec_of(categories, light)
            spots = spots_of(scene, spec)
            own = spots[shapely.intersects(spots.geometry.to_numpy(), footprints[plant])] if len(spots) else spots
            if len(own):
                yield tested(scene, spec, own.iloc[:1]).assign(what=plant, seed=seed)


def noise(ground: Ground, seeds: range) -> Iterator[pd.DataFrame]:
    """Hot spots of towns where nothing is planted."""
    for seed in seeds:
        scene = ground.scene(seed, plants=False)
        for name, (categories, light) in {"all": ((), "study"), **SELECTIONS}.items():
            spec = spec_of(categories, light)
            spots = spots_of(scene, spec)
            if len(spots):
                yield tested(scene, spec, spots).assign(what=f"noise {name}", seed=seed)


def cells_shape(cells: list[str]) -> shapely.Geometry:
    """Outline of cells of the national grid, a little smaller so that a touch is no overlap."""
    corners = [[int(part) * 100 for part in each.split("_")[1:]] for each in cells]
    return shapely.union_all([shapely.box(east, north, east + 100, north + 100) for north, east in corners]).buffer(-1)


def main() -> None:
    """Print one line for each hot spot, as each is done."""
    own, null = (int(each) for each in (sys.argv[1:3] or ("1", "1")))
    ground = Ground()
    print("| what | seed | incidents | cells | holds in | of | " + " | ".join(KINDS) + " |")
    print("|" + "---|" * (6 + len(KINDS)))
    for found in chain(planted(ground, range(1, own + 1)), noise(ground, range(1, null + 1))):
        for row in found.itertuples():
            shares = " | ".join(f"{getattr(row, kind):.2f}" for kind in KINDS)
            told = f"{row.what} | {row.seed} | {row.n:.1f} | {row.cells} | {row.held:.0f} | {row.variants:.0f}"
            print(f"| {told} | {shares} |", flush=True)


if __name__ == "__main__":
    main()
