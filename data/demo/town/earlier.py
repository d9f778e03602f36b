"""What the municipality did before, and what it says things cost."""

from typing import Final

import geopandas as gpd
import pandas as pd

from .plan import EPSG
from .plants import MEASURES

SOURCE: Final = "Fiktiv prisliste, Ternevig Kommune 2025"
PRICES: Final = (
    ("lighting_upgrade", "pr. lampe", 6_200, 180, 20), ("lighting_dark_gap", "pr. lampe", 38_000, 420, 25),
    ("vegetation_thinning", "pr. m2", 24, 6, 5), ("green_upkeep", "pr. m2", 8, 9, 3),
    ("vacant_lot_greening", "pr. m2", 140, 12, 10), ("alley_gates", "pr. stk.", 42_000, 2_500, 15),
    ("secured_by_design", "pr. sted", 450_000, 5_000, 25), ("cctv", "pr. stk.", None, None, None),
    ("street_closure", "pr. sted", 180_000, 3_000, 20), ("moped_barriers", "pr. stk.", 28_000, 1_200, 12),
    ("place_management", "pr. sted", 120_000, 480_000, 3), ("hot_spot_patrol", "pr. sted", None, None, None),
    ("neighbourhood_watch", "pr. sted", 15_000, 4_000, 5), ("benches_activity", "pr. sted", 95_000, 6_000, 12),
)  # fmt: skip


def earlier_measures() -> gpd.GeoDataFrame:
    """The four earlier measures; what they truly did is in TRUTH.toml and not here."""
    return gpd.GeoDataFrame({
        "tiltag_id": [m.key for m in MEASURES], "type": [m.kind for m in MEASURES], "titel": [m.title for m in MEASURES],
        "start": [m.started for m in MEASURES], "slut": [m.finished for m in MEASURES],
        "pris_kr": [m.cost_dkk for m in MEASURES], "ejer": [m.owner for m in MEASURES], "status": "Udført",
    }, geometry=[m.shape for m in MEASURES], crs=EPSG)  # fmt: skip


def prices() -> pd.DataFrame:
    """A fictional price list; two measures stand in it without a price and one does not stand in it."""
    table = pd.DataFrame(PRICES, columns=["tiltag", "enhed", "anlaeg_kr", "drift_kr_pr_aar", "levetid_aar"])
    for column in ("anlaeg_kr", "drift_kr_pr_aar", "levetid_aar"):
        table[column] = table[column].astype("Int64")
    return table.assign(kilde=SOURCE)
