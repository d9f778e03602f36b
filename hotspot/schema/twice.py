"""Incidents that two sources may both have reported: same category, same place, overlapping times."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

SAME_PLACE_M = 25  # an address point and the road before it (assumption)
_LONGEST = pd.Timedelta(hours=25)  # a local day, when clocks are put back


def alike(incidents: gpd.GeoDataFrame) -> npt.NDArray[np.intp]:
    """Return pairs of incidents of two sources that may be one and the same.

    Parameters
    ----------
    incidents
        Columns source, category, start, end and geometry.

    Returns
    -------
    array, shape (pairs, 2)
        Positions in the table, the smaller first, in order.

    Notes
    -----
    The same means: same category, within 25 m, at overlapping times, each at most a day long. Two true incidents
    can look the same, so nothing follows from a pair by itself.
    """
    nothing = np.empty((0, 2), dtype=np.intp)
    lasting = incidents["end"] - incidents["start"]
    there = np.flatnonzero((incidents["category"].notna() & (lasting <= _LONGEST)).to_numpy())
    usable = incidents.iloc[there]
    if usable["source"].nunique() < 2:  # noqa: PLR2004 - two sources
        return nothing
    from scipy.spatial import cKDTree

    places = cKDTree(np.column_stack([usable.geometry.x, usable.geometry.y]))
    pairs = places.query_pairs(SAME_PLACE_M, output_type="ndarray")
    one, other = pairs.T
    source, category = pd.factorize(usable["source"])[0], pd.factorize(usable["category"])[0]
    start, end = usable["start"].to_numpy(), usable["end"].to_numpy()
    same = (source[one] != source[other]) & (category[one] == category[other])
    same &= (start[one] <= end[other]) & (start[other] <= end[one])
    found: npt.NDArray[np.intp] = there[np.sort(pairs[same], axis=1)]
    return found[np.lexsort(found.T[::-1])]
