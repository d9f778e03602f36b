"""One town of one seed, whole: geography, incidents, survey, measures."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from .earlier import earlier_measures, prices
from .geography import Geography, geography
from .incidents import incidents
from .recorded import deliver
from .survey import survey


@dataclass(frozen=True, eq=False)
class Town:
    """Everything the municipality would deliver, and beside it the key that it would not."""

    seed: int
    plants: bool
    geography: Geography
    incidents: pd.DataFrame
    police: pd.DataFrame
    reports: pd.DataFrame
    key: pd.DataFrame
    survey: dict[int, pd.DataFrame]
    earlier: gpd.GeoDataFrame
    prices: pd.DataFrame


def build(seed: int = 1, *, plants: bool = True, town: Geography | None = None) -> Town:
    """Build the town of one seed, in memory; a geography built before may be used again."""
    geo = town or geography(seed, plants=plants)
    happened = incidents(geo, seed, plants=plants)
    police, reports, key = deliver(geo, happened, seed)
    return Town(seed=seed, plants=plants, geography=geo, incidents=happened, police=police, reports=reports, key=key,
                survey=survey(geo, seed, plants=plants), earlier=earlier_measures(), prices=prices())  # fmt: skip
