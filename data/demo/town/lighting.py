"""Street lamps as an operator's inventory lists them."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from .buildings import beside
from .plan import EPSG, stream

SPACING_M: Final = {
    "main": 39.0,
    "residential": 38.0,
    "street": 42.0,
    "path": 35.0,
    "bridge": 30.0,
    "tunnel": 16.0,
}
HEIGHT_M: Final = {"main": 8.0, "residential": 5.0, "street": 6.0, "path": 4.0, "bridge": 8.0, "tunnel": 4.0}
KERB_M: Final = {"main": 5.0, "residential": 3.5, "street": 4.5, "path": 1.8, "bridge": 5.0, "tunnel": 1.5}
WATTS: Final = {"LED": 0.42, "Natrium (højtryk)": 1.0, "Lysstofrør": 0.7, "Metalhalogen": 0.95}
LUMEN_PER_WATT: Final = {"LED": 118.0, "Natrium (højtryk)": 88.0, "Lysstofrør": 66.0, "Metalhalogen": 78.0}
LED_SHARE: Final = {"Ternevig Kommune": 0.78}


def _along(roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    frames = []
    lit = roads[roads["lit"]]
    for kind, group in lit.groupby("kind"):
        merged = group.dissolve(["name", "area_id"], as_index=False)
        lines = merged.geometry.line_merge().explode(ignore_index=False)
        points, _ = beside(lines.to_numpy(), SPACING_M[str(kind)], KERB_M[str(kind)], 0.5)
        counts = np.floor(lines.length / SPACING_M[str(kind)]).astype(int)
        rows = merged.loc[lines.index.repeat(counts), ["name", "area_id", "owner"]].reset_index(drop=True)
        frames.append(gpd.GeoDataFrame(rows.assign(road=kind), geometry=gpd.points_from_xy(*points.T), crs=EPSG))
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=EPSG)


def _days(rng: np.random.Generator, first: str, last: str, n: int) -> pd.DatetimeIndex:
    span = (pd.Timestamp(last) - pd.Timestamp(first)).days
    return pd.Timestamp(first) + pd.to_timedelta(rng.integers(0, span, n), unit="D")


def lamps_of_town(seed: int, roads: gpd.GeoDataFrame, dark_path: str | None) -> gpd.GeoDataFrame:
    """The inventory; along the dark path a third of the lamps are gone and most of the rest are out."""
    rng = stream(seed, "lighting")
    frame = _along(roads)
    if dark_path:
        frame = frame[~((frame["name"] == dark_path) & (rng.random(len(frame)) < 0.35))].reset_index(drop=True)
    n = len(frame)
    source = np.where(
        rng.random(n) < frame["owner"].map(LED_SHARE).fillna(0.45),
        "LED",
        rng.choice(["Natrium (højtryk)", "Lysstofrør", "Metalhalogen"], n, p=[0.7, 0.2, 0.1]),
    )
    height = frame["road"].map(HEIGHT_M).to_numpy() + rng.choice([-0.5, 0, 0, 0, 0.5], n)
    watts = np.round(height**1.25 * 6.2 * pd.Series(source).map(WATTS).to_numpy() + rng.normal(0, 1.5, n))
    lumen = np.round(watts * pd.Series(source).map(LUMEN_PER_WATT).to_numpy() / 10) * 10
    frame["mastehojde_m"] = np.where(rng.random(n) < 0.02, np.nan, np.clip(height, 4, 8))
    frame["lyskilde"] = np.where(rng.random(n) < 0.01, None, source)
    frame["effekt_w"] = np.where(rng.random(n) < 0.03, np.nan, watts)
    frame["lumen"] = np.where(rng.random(n) < 0.14, np.nan, lumen)
    town = (frame["owner"] == "Ternevig Kommune").to_numpy() & frame["road"].isin(["residential", "path"]).to_numpy()
    dimming = rng.choice(["Natsænkning 23-05 50 %", "Slukket 00-05", "Ingen"], n, p=[0.6, 0.08, 0.32])
    frame["daempning"] = np.where(town, dimming, "Ingen")
    frame["fejl_fra"], frame["fejl_til"] = _outages(rng, frame, dark_path)
    frame["status"] = np.where(frame["fejl_fra"].notna() & frame["fejl_til"].isna(), "Fejlmeldt", "I drift")
    frame.insert(0, "mast_id", [f"L{i + 1:05d}" for i in range(n)])
    return frame.rename(columns={"owner": "ejer", "name": "vej"})


def _outages(rng: np.random.Generator, frame: gpd.GeoDataFrame, dark_path: str | None) -> tuple[pd.Series, pd.Series]:
    n = len(frame)
    start = pd.Series(_days(rng, "2023-02-01", "2025-12-01", n)).dt.as_unit("s")
    end = start + pd.to_timedelta(rng.integers(4, 70, n), unit="D")
    open_ended = rng.random(n) < 0.25
    failed = rng.random(n) < 0.045
    if dark_path:
        dark = (frame["name"] == dark_path).to_numpy() & (rng.random(n) < 0.8)
        start = start.where(~dark, pd.Series(_days(rng, "2023-09-01", "2024-02-01", n)).dt.as_unit("s"))
        failed, open_ended = failed | dark, open_ended | dark
    return start.where(failed), end.where(failed & ~open_ended)
