"""Which cells' counts are hidden: small ones, and those that an area's, a hot spot's or another layer's count tells."""

from collections.abc import Collection, Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.counting import areas_of, places_of
from hotspot.pipeline import Result
from hotspot.release.deliveries import named, of_cells
from hotspot.release.earlier import Differences
from hotspot.release.suppression import hide
from hotspot.release.ties import small_counts


def hidden_cells(
    result: Result, k: int, before: Differences | None = None, untold: Collection[tuple[str, str]] = ()
) -> Mapping[str, npt.NDArray[np.bool_]]:
    """Say for every layer on cells which counts are hidden.

    Parameters
    ----------
    result
        A run's result.
    k
        Smallest count that may be shown.
    before
        How the result differs from what was released before.
    untold
        Places, each with a category or empty text for all, whose count is hidden: so are all their cells, or these
        would add up to it.

    Returns
    -------
    mapping
        Layer key to an array of bool, shape (cells,). Of two layers that count some of the same incidents, the one that
        counts fewer is hidden where their difference is small.
    """
    counts = {key: n.to_numpy() for key, n in cell_counts(result).items()}
    groups = _groups(result)
    hidden: dict[str, npt.NDArray[np.bool_]] = {}
    largest_first = sorted(counts, key=lambda each: -float(np.nansum(counts[each])))
    for key in largest_first:
        tells = [small_counts(counts[other] - counts[key], k) for other in hidden]
        tells.append(_of_untold(result, key, untold))
        if before is not None:  # of a part of the incidents, any difference may be small
            whole = np.array_equal(counts[key], counts[largest_first[0]], equal_nan=True)
            index = result.grid.frame.index
            tells.append(before.told(before.incidents["cell_id"], index, k if whole else np.inf))
            close = before.deliveries.close(of_cells(key, pd.Series(counts[key], index=index)), k)
            tells.append(np.array([named("cell", key, each) in close for each in index], dtype=bool))
        hidden[key] = hide(counts[key], groups, k, besides=np.any(tells, axis=0))
    return hidden


def _of_untold(result: Result, key: str, untold: Collection[tuple[str, str]]) -> npt.NDArray[np.bool_]:
    """Say which cells lie in a place, or hold incidents of one, of which a layer's own kind of count is hidden."""
    own = {"", *(str(each) for each in result.layers[key].spec.parameters.get("categories", ()))}
    gone = {area for area, code in untold if code in own}
    cells = result.grid.frame
    inside = places_of(
        gpd.GeoSeries(cells.geometry.centroid, crs=result.place.crs), result.places, result.place.boundary
    ).isin(gone)
    rows = result.points["incidents"] if "incidents" in result.points else pd.DataFrame({"area_id": [], "cell_id": []})
    return np.asarray(inside | cells.index.isin(rows.loc[rows["area_id"].isin(gone), "cell_id"]))


def cell_counts(result: Result) -> dict[str, pd.Series]:
    """Return the counts of every layer on cells.

    Parameters
    ----------
    result
        A run's result.

    Returns
    -------
    dict
        Layer key to counts, indexed by cell. [incidents]
    """
    return {
        key: layer.measured.frame["n"].astype(float)
        for key, layer in result.layers.items()
        if layer.spec.support == "cells" and layer.measured.frame is not None and "n" in layer.measured.frame
    }


def _groups(result: Result) -> list[npt.NDArray[np.int64]]:
    """Return the cells of every area and hot spot, whose totals are shown, and all cells."""
    index = result.grid.frame.index
    centres = gpd.GeoSeries(result.grid.frame.geometry.centroid, crs=result.place.crs)
    groups = []
    for owners in (areas_of(centres, result.places), areas_of(centres, result.hotspots)):
        own = owners.reindex(index)
        groups += [np.flatnonzero((own == each).to_numpy()) for each in own.dropna().unique()]
    return [*groups, np.arange(len(index))]
