"""Layers become one number per place, as their files declare it."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rasterio.features import rasterize

from hotspot.layers import InPriority, Layer
from hotspot.measures.scene import Scene

_HECTARE_M2 = 1e4


def per_place(scene: Scene, layer: Layer) -> pd.DataFrame:
    """Return one number per place for a layer that counts in the priority.

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    layer
        A layer whose declaration has a priority part.

    Returns
    -------
    DataFrame
        Indexed by ``area_id``: ``value``, and ``lower`` and ``upper`` where the layer gives an interval per place.
        NaN means "cannot say".

    Raises
    ------
    ValueError
        If the layer's declaration has no priority part.
    """
    rule = layer.spec.priority
    if rule is None:
        msg = f"{layer.spec.key} does not count in the priority"
        raise ValueError(msg)
    frame = pd.DataFrame({"value": np.nan, "lower": np.nan, "upper": np.nan}, index=scene.places.index)
    if layer.spec.support == "areas" and layer.measured.frame is not None:
        own = layer.measured.frame.reindex(scene.places.index)
        frame["value"] = own[rule.column].astype(float)
        if rule.column == "value" and {"lower", "upper"} <= set(own):
            frame[["lower", "upper"]] = own[["lower", "upper"]].astype(float)
        return frame
    frame["value"] = _gathered(scene, layer, rule)
    return frame


def _gathered(scene: Scene, layer: Layer, rule: InPriority) -> pd.Series:
    values, sizes, owners = _members(scene, layer, rule)
    known = values.notna() & owners.notna()
    values, sizes, owners = values[known], sizes[known], owners[known]
    if rule.aggregate == "share" and rule.threshold is not None:
        worse = values <= rule.threshold if rule.direction == "less is worse" else values >= rule.threshold
        values = worse.astype(float)
    size = sizes.groupby(owners).sum().reindex(scene.places.index)
    if rule.aggregate in ("mean", "share"):
        return (values * sizes).groupby(owners).sum().reindex(scene.places.index) / size.where(size > 0)
    total = values.groupby(owners).sum().reindex(scene.places.index)
    if rule.aggregate == "per_path_metre":
        return total / size.where(size > 0)
    if rule.aggregate == "per_resident":
        residents = scene.places["residents"].astype(float)
        return total / residents.where(residents > 0)
    if rule.aggregate == "per_hectare":
        return total / (scene.places.geometry.area / _HECTARE_M2)
    return total


def _members(scene: Scene, layer: Layer, rule: InPriority) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return each member's value, size and place."""
    if layer.spec.support == "surface" and layer.measured.surface is not None:
        surface = layer.measured.surface
        order = {area_id: number for number, area_id in enumerate(scene.places.index, start=1)}
        shapes = [(geometry, order[area_id]) for area_id, geometry in scene.places.geometry.items()]
        owner = rasterize(shapes, surface.lattice.shape, transform=surface.lattice.affine, fill=0, dtype="int32")
        names = pd.Series([None, *scene.places.index], dtype=object)
        values = pd.Series(surface.values.ravel())
        return values, pd.Series(1.0, index=values.index), pd.Series(names.to_numpy()[owner.ravel()])
    frame = layer.measured.frame if layer.measured.frame is not None else pd.DataFrame({rule.column: []})
    values = frame[rule.column].astype(float)
    if layer.spec.support == "cells":
        return (
            values,
            scene.grid.frame["share_inside"].reindex(values.index),
            scene.cell_areas.reindex(values.index),
        )
    segments = scene.segments.reindex(values.index)
    return values, segments["length_m"].astype(float), segments["area_id"]


def residents_near(scene: Scene, shapes: gpd.GeoSeries, within_m: float) -> pd.Series:
    """Count the residents and daily visits within a walk of each shape.

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    shapes
        Geometries in the study's reference system.
    within_m
        How near a cell's centre must lie. [m]

    Returns
    -------
    Series
        People on the shapes' index; NaN without any table of residents or visits.
    """
    if scene.exposure is None:
        return pd.Series(np.nan, index=shapes.index)
    people = scene.exposure.fillna(0.0).to_numpy()
    centres = scene.grid.frame.geometry.centroid.array
    tree = shapely.STRtree(np.asarray(centres))
    shape, cell = tree.query(shapes.geometry.array, predicate="dwithin", distance=within_m)  # type: ignore[call-overload]  # the stubs are narrower than the library
    return pd.Series(np.bincount(shape, weights=people[cell], minlength=len(shapes)), index=shapes.index)
