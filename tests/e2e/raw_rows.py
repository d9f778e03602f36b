"""The town's raw files read with plain pandas and shapely, sharing nothing with the product's own reading."""

from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

CLOCK = r"([01]?\d|2[0-3])[:.][0-5]\d"
COMMON_DAYS = "2023-07-01"  # from here on both police and municipality recorded
SAID = {"Meget tryg": 0, "Ret tryg": 0, "Hverken eller": 0, "Lidt utryg": 1, "Meget utryg": 1}


def decimal(cells: pd.Series) -> pd.Series:
    return pd.to_numeric(cells.str.replace(",", ".", regex=False), errors="coerce")


class RawTown:
    """What the municipality delivered, before the product has seen it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.areas = gpd.read_file(folder / "omraader.geojson").set_index("omr_kode").geometry
        self.incidents = self._incidents()

    def _incidents(self) -> gpd.GeoDataFrame:
        """Rows with a place inside the municipality and clock times that exist, in the days both sources share."""
        police = pd.read_csv(self.folder / "politi_haendelser.csv", sep=";", encoding="cp1252", dtype=str)
        own = pd.read_excel(self.folder / "kommune_henvendelser.xlsx", dtype=str)
        real = police["Fra kl"].str.fullmatch(CLOCK) & police["Til kl"].str.fullmatch(CLOCK)
        police, own = police[real], own[own["Tidspunkt"].isna() | own["Tidspunkt"].str.fullmatch("kl. " + CLOCK)]
        day = "%d-%m-%Y"
        rows = pd.concat(
            [
                pd.DataFrame(
                    {
                        "what": police["Gerningstekst"],
                        "day": pd.to_datetime(police["Fra dato"], format=day, errors="coerce"),
                        "x": decimal(police["X"]),
                        "y": decimal(police["Y"]),
                    }
                ),
                pd.DataFrame(
                    {
                        "what": own["Emne"],
                        "day": pd.to_datetime(
                            own["Dato"].str.replace(".", "-", regex=False), format=day, errors="coerce"
                        ),
                        "x": decimal(own["Øst"]),
                        "y": decimal(own["Nord"]),
                    }
                ),
            ]
        )
        rows = rows[(rows["x"] > 1) & (rows["y"] > 1) & (rows["day"] >= COMMON_DAYS)]
        return gpd.GeoDataFrame(rows, geometry=shapely.points(rows["x"], rows["y"]))

    def count(self, shape: shapely.Geometry, texts: Iterable[str] = ()) -> int:
        """How many incidents lie in a shape, of all kinds or of those with one of the texts."""
        wanted = self.incidents if not texts else self.incidents[self.incidents["what"].isin(list(texts))]
        return int(shapely.intersects(shape, np.asarray(wanted.geometry)).sum())

    def unsafe_after_dark(self, area_id: str) -> tuple[int, float]:
        """Answers of the latest sample in an area, by its code or by position, and the weighted share unsafe."""
        rows = pd.read_csv(self.folder / "tryghed_2025.csv", sep=";", encoding="utf-8-sig", dtype=str)
        here = shapely.contains(self.areas[area_id], shapely.points(decimal(rows["X"]), decimal(rows["Y"])))
        rows = rows[(rows["Metode"] == "Stikprøve") & ((rows["Område"] == area_id) | (rows["Område"].isna() & here))]
        said = rows["Færdes alene efter mørkets frembrud"].map(SAID)
        weight = decimal(rows["Vaegt"]).where(said.notna())
        return int(said.notna().sum()), float((said * weight).sum() / weight.sum())

    def price(self, measure: str) -> float:
        """What one unit of a measure costs in its first year: to build and to run."""
        rows = pd.read_csv(self.folder / "priser.csv", sep=";").set_index("tiltag")
        return float(rows.loc[measure, ["anlaeg_kr", "drift_kr_pr_aar"]].sum())
