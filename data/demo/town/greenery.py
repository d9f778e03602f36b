"""Green areas, hedges and park furniture in the layout of the FKG park register (themes 6800 to 6802)."""

import re
import uuid
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.ops
from numpy.typing import NDArray

from .buildings import beside
from .plan import EPSG, stream

LAWNS: Final = {"highrise": 16, "terraced": 9, "perimeter": 10, "student": 5, "mixed": 10, "school": 7, "sports": 6,
                "park": 8, "garden": 7, "station": 2, "centre": 5}  # fmt: skip
CPR_LIKE: Final = re.compile(r"(?<!\d)\d{6}[- ]?\d{4}(?!\d)")
Rows = list[tuple[int, int, shapely.Geometry]]  # type code, upkeep code, geometry


def _blocks(
    district: shapely.Polygon, roads: NDArray[np.object_], buildings: NDArray[np.object_], margin: float
) -> list[shapely.Polygon]:
    """The open ground of a district: between the streets, clear of the houses, largest first."""
    open_ground = shapely.buffer(district, -margin).difference(shapely.union_all(shapely.buffer(roads, 5)))
    open_ground = open_ground.difference(shapely.union_all(shapely.buffer(buildings, 5, cap_style="square")))
    parts = shapely.get_parts(shapely.simplify(shapely.buffer(shapely.buffer(open_ground, -4), 4), 1.5))
    kept = [part for part in parts if part.area > 500]
    return sorted(kept, key=lambda part: -part.area)


def _strips(lines: NDArray[np.object_], near: float, far: float, side: int) -> NDArray[np.object_]:
    """Beds along one side of paths, from near to far of the middle [m]."""
    shift = shapely.offset_curve(lines, side * (near + far) / 2)
    trimmed = [shapely.ops.substring(line, 0.12, 0.88, normalized=True) for line in shift if line.length > 15]
    made: NDArray[np.object_] = shapely.buffer(np.array(trimmed, dtype=object), (far - near) / 2, cap_style="flat")
    return made


def _planted(rng: np.random.Generator, roads: gpd.GeoDataFrame, dark_path: str | None) -> Rows:
    """Shrubs and beds beside the paths, and the thicket that has closed over the dark path."""
    rows: Rows = []
    paths = roads[(roads["kind"] == "path") & roads["area_id"].str[0].isin(["B", "S", "G", "C"]) & (roads.length > 45)]
    clear = paths[paths["name"] != dark_path] if dark_path else paths
    chosen = clear.sample(115, random_state=int(rng.integers(2**31)))
    for side in (1, -1):
        mine = chosen.iloc[::2] if side == 1 else chosen.iloc[1::2]
        codes = rng.choice([161000, 162000, 163000, 121000, 222000], len(mine), p=[0.3, 0.3, 0.2, 0.15, 0.05])
        for code, bed in zip(codes, _strips(mine.geometry.to_numpy(), 2.5, 6.5, side), strict=False):
            rows.append((int(code), 2, bed))
    if dark_path:
        for piece in roads[roads["name"] == dark_path].geometry:
            for side in (1, -1):
                rows += [(222000, 3, bed) for bed in _strips(np.array([piece]), 1.6, 11.0, side)]
    return rows


def _open(
    rng: np.random.Generator,
    districts: gpd.GeoDataFrame,
    roads: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
) -> Rows:
    rows: Rows = []
    for row in districts.itertuples():
        near = roads.geometry.to_numpy()[roads.intersects(row.geometry.buffer(8))]
        houses = buildings.geometry.to_numpy()[(buildings["area_id"] == row.area_id).to_numpy()]
        if row.pattern in LAWNS:
            blocks = _blocks(row.geometry, near, houses, 7)[: LAWNS[row.pattern]]
            codes = rng.choice([102000, 103000, 101000], len(blocks), p=[0.7, 0.2, 0.1])
            rows += [
                (int(code), 2 if row.pattern in ("park", "sports") else 1, b)
                for code, b in zip(codes, blocks, strict=True)
            ]
        elif row.pattern in ("wood", "shore"):
            blocks = _blocks(row.geometry, near, houses, 4)
            rows += [(224000 if row.pattern == "wood" else 107000, 3, b) for b in blocks]
        elif row.pattern in ("villa", "fields", "industry"):
            blocks = [b for b in _blocks(row.geometry, near, houses, 12) if b.area < 40_000][3:12]
            rows += [(223000 if i % 3 else 226010, 2, b.buffer(-9).simplify(2)) for i, b in enumerate(blocks)]
    return [row for row in rows if not row[2].is_empty and row[2].area > 60]


def _identity(rng: np.random.Generator) -> str:
    """An object id that no scan for personal numbers could mistake."""
    while True:
        made = str(uuid.UUID(bytes=rng.bytes(16), version=4))
        if not CPR_LIKE.search(made) and not re.search(r"\d{8,}", made):
            return made


def _register(rng: np.random.Generator, rows: Rows, type_column: str, contractor: str) -> gpd.GeoDataFrame:
    """Rows in the register's own columns; a few are superseded versions, a few are for the authority only."""
    n = len(rows)
    frame = gpd.GeoDataFrame({
        "versions_id": [_identity(rng) for _ in rows], "objekt_id": [_identity(rng) for _ in rows],
        "systid_fra": pd.Timestamp("2021-03-01") + pd.to_timedelta(rng.integers(0, 1400, n), unit="D"),
        "systid_til": pd.NaT, "oprettet": pd.Timestamp("2019-05-01"), "cvr_kode": 99999999, "bruger_id": "park_og_vej",
        "oprindkode": 1, "statuskode": 3, "off_kode": rng.choice([1, 2, 3], n, p=[0.95, 0.03, 0.02]), "note": None,
        type_column: [row[0] for row in rows], contractor: rng.choice(["Egen drift", "Havnegartnerne A/S"], n),
        "anlaegsaar": rng.integers(1968, 2022, n), "klip_hoejde": np.nan,
        "driftniv_kode": [row[1] if rng.random() > 0.06 else 9 for row in rows],
        "ukrudtsbek_kode": rng.integers(1, 4, n),
        "tilstand_kode": [1 if row[0] == 222000 else int(rng.choice([1, 2, 3, 9], p=[0.1, 0.4, 0.42, 0.08])) for row in rows],
    }, geometry=[row[2] for row in rows], crs=EPSG)  # fmt: skip
    old = frame.sample(frac=0.06, random_state=int(rng.integers(2**31))).copy()
    old["versions_id"] = [_identity(rng) for _ in range(len(old))]
    old["systid_til"] = old["systid_fra"]
    old["systid_fra"] = pd.Timestamp("2019-05-01")
    for part in (frame, old):
        part["systid_til"] = pd.to_datetime(part["systid_til"])
        part["note"] = part["note"].astype("string")
    return gpd.GeoDataFrame(pd.concat([frame, old], ignore_index=True), crs=EPSG)


def green_of_town(
    seed: int,
    districts: gpd.GeoDataFrame,
    roads: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    dark_path: str | None,
) -> dict[str, gpd.GeoDataFrame]:
    """The three tables of the register: areas, lines and points."""
    rng = stream(seed, "greenery")
    beds = _planted(rng, roads, dark_path)
    cover = shapely.union_all([bed[2] for bed in beds])
    lawns = [(code, care, shape.difference(cover)) for code, care, shape in _open(rng, districts, roads, buildings)]
    areas = _register(rng, [*lawns, *beds], "vedlhold_f_type_kode", "udfoerer_enterp")
    lines = _register(rng, _lines(rng, roads, dark_path), "vedlhold_l_type_kode", "udfoerer_entrep")
    points = _register(rng, _points(rng, roads), "vedlhold_p_type_kode", "udfoerer_entrep")
    areas.geometry = [
        shapely.multipolygons([p for p in shapely.get_parts(g) if p.geom_type == "Polygon"]) for g in areas.geometry
    ]
    lines.geometry = [shapely.multilinestrings(shapely.get_parts(g)) for g in lines.geometry]
    points.geometry = [shapely.multipoints([g]) for g in points.geometry]
    return {"t_6800_parl_fl": areas, "t_6801_parl_li": lines, "t_6802_parl_pkt": points}


def _lines(rng: np.random.Generator, roads: gpd.GeoDataFrame, dark_path: str | None) -> Rows:
    streets = roads[
        (roads["kind"] == "residential") & roads["pattern"].isin(["villa", "garden", "terraced"]) & (roads.length > 60)
    ]
    chosen = streets.sample(min(140, len(streets)), random_state=int(rng.integers(2**31))).geometry.to_numpy()
    hedges = shapely.offset_curve(chosen, 8)
    rows: Rows = [(int(rng.choice([181100, 182100, 184100])), 1, h) for h in hedges if h.length > 20]
    if dark_path:
        rows += [(447100, 1, shapely.offset_curve(g, 12)) for g in roads[roads["name"] == dark_path].geometry[1:3]]
    return [row for row in rows if row[2].geom_type == "LineString"]


def _points(rng: np.random.Generator, roads: gpd.GeoDataFrame) -> Rows:
    mains = roads[roads["kind"] == "main"].geometry.to_numpy()
    paths = roads[(roads["kind"] == "path") & roads["lit"]].geometry.to_numpy()
    trees, _ = beside(mains, 48, -7)
    things, _ = beside(paths, 60, -2.5)
    codes = rng.choice(
        [442010, 441000, 439010, 201000, 161200, 447010], len(things), p=[0.3, 0.3, 0.08, 0.2, 0.1, 0.02]
    )
    rows: Rows = [(202000, 1, point) for point in shapely.points(trees[rng.random(len(trees)) < 0.5])]
    rows += [
        (int(c), 1, p)
        for c, p, keep in zip(codes, shapely.points(things), rng.random(len(things)) < 0.4, strict=True)
        if keep
    ]
    return rows
