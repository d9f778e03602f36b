"""Contiguous hot cells become named places with their numbers: how many, how sure, when, what."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from hotspot.counting import by_hour
from hotspot.layers import Layer
from hotspot.measures.scene import Scene
from hotspot.packaged import Tree, categories
from hotspot.stats.lattice import label_clusters
from hotspot.stats.rates import sir
from hotspot.stats.trend import mann_kendall
from hotspot.study import LIGHT

Cells = npt.NDArray[np.int64]
_NEAR_M = 250.0
_LOOKS = (1, 2)
_LEAST_QUARTERS = 8
COLUMNS = (
    "name", "area_id", "klass", "cells", "n", "addresses", "expected", "ratio", "lower", "upper", "pvalue", "qvalue",
    "hours", "hours_dusk", "hours_dark", "by_category", "dark_share", "trend", "stability", "variants", "geometry",
)  # fmt: skip


def named_hotspots(scene: Scene, layer: Layer | None, tree: Tree | None = None) -> gpd.GeoDataFrame:
    """Turn a layer of significant cells into named hot spots.

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    layer
        A layer of the measure ``hotspots``, or None where it could not be measured.
    tree
        Code to category; None takes the product's.

    Returns
    -------
    GeoDataFrame
        One row per group of touching hot cells, most incidents first, indexed by ``hotspot_id``; the columns of
        `hotspot.pipeline.Result.hotspots`. Where the hot cells themselves are not shown to hold more than expected, the
        neighbourhood that they were found hot by is the place; places that share cells are one. ``stability`` and
        ``variants`` are NaN: not yet tested (`hotspot.pipeline.second`).

    Notes
    -----
    The ratio and its interval describe the group that the test picked out because it was high: they flatter
    (the winner's curse), and are not corrected for that. Where most of what happens belongs to a stretch ("line" in
    the table of categories), the place is named after the way that most of it lies on, else after the nearest.
    """
    cells = scene.grid.frame
    frame = layer.measured.frame if layer else None
    if frame is None or not (frame["klass"] == "hot").any():
        empty = pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
        return gpd.GeoDataFrame(empty, geometry="geometry", crs=scene.place.crs).rename_axis("hotspot_id")
    hot = (frame["klass"] == "hot").to_numpy()
    groups = label_clusters(cells["row"].to_numpy(), cells["col"].to_numpy(), hot)
    known = categories() if tree is None else tree
    lines = frozenset(code for code, each in known.items() if each.point_or_line == "line")
    parts = [np.flatnonzero(hot & (groups == group)) for group in np.unique(groups[hot])]
    looks = layer.spec.parameters.get("looks_cells", _LOOKS) if layer else _LOOKS
    rows = [_described(scene, frame, cells.index[part], lines) for part in _grounds(scene, frame, parts, looks)]
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=scene.place.crs).set_index("hotspot_id")
    table = table.sort_values(["n", "name"], ascending=[False, True], kind="stable")
    return table.assign(name=_told_apart(table["name"]))


def _told_apart(names: pd.Series) -> pd.Series:
    """Number places of the same name, in their order."""
    number = (names.groupby(names).cumcount() + 1).astype(str)
    return names.where(~names.duplicated(keep=False), names + " (" + number + ")")


def _grounds(scene: Scene, frame: pd.DataFrame, parts: list[Cells], looks: Sequence[int]) -> list[Cells]:
    """The cells of each hot spot: the hot ones, or with those they were tested with where these hold the incidents."""
    grounds: list[set[int]] = []
    for own in parts:
        n, expected = (float(frame[name].to_numpy()[own].sum()) for name in ("n", "expected_here"))
        more = bool(sir([n], [expected], method="garwood").lower[0] > 1)
        ground = set(own.tolist()) if more else _tested_with(scene, frame, own, looks)
        for other in [each for each in grounds if each & ground]:
            grounds.remove(other)
            ground |= other
        grounds.append(ground)
    return [np.array(sorted(each), dtype=np.int64) for each in grounds]


def _tested_with(scene: Scene, frame: pd.DataFrame, own: Cells, looks: Sequence[int]) -> set[int]:
    """The cells of the neighbourhoods that show each of some cells best, of those where people are counted alike."""
    cells, exposure = scene.grid.frame, scene.exposure
    empty = np.zeros(len(cells), dtype=bool) if exposure is None else (exposure == 0).to_numpy()
    row, col, known = cells["row"].to_numpy(), cells["col"].to_numpy(), frame["expected_here"].notna().to_numpy()
    found: set[int] = set(own.tolist())
    for cell in own:
        reach = looks[max(int(frame["look"].iloc[cell]), 1) - 1]
        near = (np.abs(row - row[cell]) <= reach) & (np.abs(col - col[cell]) <= reach)
        found |= set(np.flatnonzero(near & known & (empty == empty[cell])).tolist())
    return found


def _described(scene: Scene, frame: pd.DataFrame, ids: pd.Index, lines: frozenset[str]) -> dict[str, object]:
    own = frame.loc[ids]
    hot = own[own["klass"] == "hot"]
    incidents = scene.incidents
    inside = incidents[incidents["cell_id"].isin(ids) & (incidents["membership"] > 0)]
    n, expected = float(own["n"].sum()), float(own["expected_here"].sum())
    ratio = sir([n], [expected], method="garwood")
    place = scene.cell_areas.loc[ids].mode()
    area_id = str(place.iloc[0]) if len(place) else ""
    shape = shapely.union_all(scene.grid.frame.loc[ids].geometry.array)  # type: ignore[call-overload]  # the stubs are narrower than the library
    hours = by_hour(inside, scene.place.timezone, scene.place.lonlat, scene.study.light)
    weights = inside["membership"].groupby(inside["category"]).sum().sort_values(ascending=False)
    return {
        "hotspot_id": f"hot-{hot['n'].idxmax()}",
        "name": _name(scene, shape, area_id, inside, lines),
        "area_id": area_id,
        "klass": "hot",
        "cells": len(ids),
        "n": n,
        "addresses": len(np.unique(np.round(shapely.get_coordinates(inside.geometry.array)), axis=0)),  # type: ignore[call-overload]  # the stubs are narrower than the library
        "expected": expected,
        "ratio": float(ratio.ratio[0]),
        "lower": float(ratio.lower[0]),
        "upper": float(ratio.upper[0]),
        "pvalue": float(hot["pvalue"].min()),
        "qvalue": float(hot["qvalue"].min()),
        "hours": tuple(map(float, hours.sum(axis=1))),
        "hours_dusk": tuple(map(float, hours[:, LIGHT.index("dusk")])),
        "hours_dark": tuple(map(float, hours[:, LIGHT.index("dark")])),
        "by_category": {str(code): float(each) for code, each in weights.items()},
        "dark_share": _dark_share(inside),
        "trend": _trend(inside, scene),
        "stability": np.nan,
        "variants": np.nan,
        "geometry": shape,
    }


def _name(scene: Scene, shape: shapely.Geometry, area_id: str, inside: gpd.GeoDataFrame, lines: frozenset[str]) -> str:
    """Name a place after its area and a named street, never after anyone there."""
    area = str(scene.places["name"].get(area_id, "")) if area_id else ""
    named = scene.segments[scene.segments["name"].notna()]
    if not len(named):
        return area
    along = _way(named, inside, lines)
    if along:
        return ", ".join(part for part in (area, along) if part)
    distance = named.geometry.distance(shape.centroid)  # type: ignore[attr-defined]  # the stubs are narrower than the library
    street = str(named["name"].loc[distance.idxmin()]) if distance.min() <= _NEAR_M else ""  # type: ignore[call-overload]  # the stubs are narrower than the library
    return ", ".join(part for part in (area, street) if part)


def _way(named: gpd.GeoDataFrame, inside: gpd.GeoDataFrame, lines: frozenset[str]) -> str:
    """Return the way that most of a line nuisance lies on; empty where something else prevails."""
    of_lines = inside[inside["category"].isin(lines)]
    if 2 * of_lines["membership"].sum() <= inside["membership"].sum():
        return ""
    ways = of_lines["segment_id"].map(named["name"])
    amounts = of_lines["membership"].groupby(ways).sum()
    return str(amounts.idxmax()) if len(amounts) else ""


def _trend(inside: pd.DataFrame, scene: Scene) -> str:
    """Say whether quarters rise or fall; "cannot say" with fewer than eight."""
    local = inside["start"].dt.tz_convert(scene.place.timezone).dt.tz_localize(None).dt.to_period("Q")
    first, last = (pd.Timestamp(day).to_period("Q") for day in scene.period)
    quarters = pd.period_range(first, last, freq="Q")
    whole = [q for q in quarters if q.start_time.date() >= scene.period[0] and q.end_time.date() <= scene.period[1]]
    if len(whole) < _LEAST_QUARTERS:
        return "cannot say"
    counts = inside["membership"].groupby(local).sum().reindex(whole, fill_value=0.0)
    found = mann_kendall(counts.to_numpy())
    if not float(found.pvalue) <= 0.05:  # noqa: PLR2004 - METHODS 8.1
        return "no change shown"
    return "rising" if float(found.z) > 0 else "falling"


def _dark_share(inside: gpd.GeoDataFrame) -> float:
    """NaN where a cell is hot by its surroundings alone."""
    chance = inside["membership"].sum()
    return float((inside["dark"] * inside["membership"]).sum() / chance) if chance > 0 else np.nan
