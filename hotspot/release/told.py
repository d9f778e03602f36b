"""What the ledger remembers of a release: every number that was told to somebody who may not see small ones."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.pipeline import Result
from hotspot.release.cells import cell_counts
from hotspot.release.deliveries import of_cells, of_evaluations, of_outlines, of_sites
from hotspot.release.linked import ACTS, Hidden, numbers_told
from hotspot.release.ways import ways_told


def told_of(
    result: Result,
    linked: Hidden,
    hidden: Mapping[str, npt.NDArray[np.bool_]],
    hotspots: gpd.GeoDataFrame,
    evaluations: pd.DataFrame,
) -> dict[str, float]:
    """Return the numbers that audiences under the rule may know of a result, together.

    Parameters
    ----------
    result
        A run's result.
    linked
        Which counts of places and hot spots are hidden.
    hidden
        Layer key to which rows are hidden.
    hotspots, evaluations
        As they are shown.

    Returns
    -------
    dict
        Key to number, for `hotspot.release.deliveries.Deliveries`. What one audience does not see and another does is
        in it: the same numbers whoever asked first.
    """
    told = numbers_told(result, linked)
    for key, n in cell_counts(result).items():
        told |= of_cells(key, n[~hidden[key]])
    told |= ways_told(result, hidden)
    sites = of_sites(result)
    gone = linked.of(*((ACTS, *site) for site in sites.values()))
    told |= {key: n for (key, (_area_id, n)), away in zip(sites.items(), gone, strict=True) if not away}
    return told | of_evaluations(evaluations) | of_outlines(hotspots)
