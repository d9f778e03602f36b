"""What is known of each place that decides which measures fit it and what they would act on."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspot.counting import places_of, total_by
from hotspot.layers import Layer
from hotspot.measures.scene import Scene
from hotspot.packaged import Tree, categories
from hotspot.pipeline.by_category import with_those_above

_USED = ("path", "street", "residential", "tunnel", "bridge")
_DARK_LX = 2.0  # METHODS 2.1: product threshold after Fotios 2018 (assumption)
_NEAR_PATH_M = 5.0
_CONCEALS = ("understory", "dense", "screen", "medium")
_BAD = 1.0
_MEETS_M = 1.0


def place_facts(
    scene: Scene, layers: Mapping[str, Layer], hotspots: gpd.GeoDataFrame, tree: Tree | None = None
) -> pd.DataFrame:
    """Gather the facts of every place.

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    layers
        The run's layers; facts are taken from those of the measures ``path_light`` and ``concealing``.
    hotspots
        Named hot spots.
    tree
        Code to category, so that what lies below a category counts for it; None takes the product's.

    Returns
    -------
    DataFrame
        Indexed by ``area_id``; columns as in `hotspot.decisions.sites.FACTS` as far as they are known. NaN means
        "cannot say".
    """
    facts = pd.DataFrame(index=scene.places.index)
    facts["kind"], facts["households"] = scene.places["kind"], scene.places["households"]
    for part in (
        _lamps(scene),
        _paths(scene, layers),
        _green(scene),
        _incidents(scene, categories() if tree is None else tree),
    ):
        facts = facts.join(part)
    facts["hot_spots"] = _touching(scene, hotspots)
    return facts


def yearly_counts(scene: Scene) -> pd.DataFrame:
    """Return the recipe's incidents a year by place, category and light.

    Parameters
    ----------
    scene
        Tables as the recipe sees them.

    Returns
    -------
    DataFrame
        Columns ``area_id``, ``category``, ``light`` and ``per_year``, every combination listed, zero where none was
        recorded. [incidents per year]
    """
    rows = scene.incidents
    parts = []
    for light in ("day", "dusk", "dark"):
        amount = rows["in_period"] * rows[light] / scene.years
        total = amount.groupby([rows["area_id"], rows["category"]]).sum()
        every = pd.MultiIndex.from_product(
            [scene.places.index, sorted(rows["category"].unique())], names=["area_id", "category"]
        )
        parts.append(total.reindex(every, fill_value=0.0).rename("per_year").reset_index().assign(light=light))
    return pd.concat(parts, ignore_index=True)


def _lamps(scene: Scene) -> pd.DataFrame:
    if not scene.has("lamps"):
        return pd.DataFrame({"lamps": np.nan}, index=scene.places.index)
    lamps = scene.frame("lamps")
    owner = places_of(lamps.geometry, scene.places, scene.place.boundary)
    return pd.DataFrame({"lamps": total_by(owner, pd.Series(1.0, index=lamps.index), scene.places.index)})


def _paths(scene: Scene, layers: Mapping[str, Layer]) -> pd.DataFrame:
    names = ["min_lux", "dark_gap_m", "dark_path_m", "path_m", "path_entrances", "concealing_share"]
    facts = pd.DataFrame(np.nan, index=scene.places.index, columns=names)
    used = scene.segments[scene.segments["kind"].isin(_USED)]
    if not len(used):
        return facts
    owner = used["area_id"]
    facts["path_m"] = total_by(owner, used["length_m"], scene.places.index)
    facts["path_entrances"] = _entrances(scene)
    light = _frame_of(layers, "path_light")
    if light is not None:
        own = light.reindex(used.index)
        facts["min_lux"] = own["value"].groupby(owner).min().reindex(scene.places.index)
        facts["dark_gap_m"] = own["dark_gap_m"].groupby(owner).max().reindex(scene.places.index)
        facts["dark_path_m"] = own["dark_m"].groupby(owner).sum(min_count=1).reindex(scene.places.index)
    green = _frame_of(layers, "concealing")
    if green is not None:
        share = (green.reindex(used.index)["understory_near"] * used["length_m"]).groupby(owner).sum()
        facts["concealing_share"] = share.reindex(scene.places.index) / facts["path_m"].where(facts["path_m"] > 0)
    return facts


def _frame_of(layers: Mapping[str, Layer], measure: str) -> pd.DataFrame | None:
    found = [each.measured.frame for each in layers.values() if each.spec.measure == measure]
    return found[0] if found else None


def _entrances(scene: Scene) -> pd.Series:
    """Count where paths meet streets: the places where a barrier against mopeds could stand."""
    paths = scene.segments[scene.segments["kind"] == "path"]
    streets = scene.segments[scene.segments["kind"].isin(("street", "residential", "service"))]
    if not len(paths) or not len(streets):
        return pd.Series(0.0, index=scene.places.index)
    lines = paths.geometry.array
    ends = gpd.GeoSeries(
        np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)]),  # type: ignore[call-overload]  # the stubs are narrower than the library
        crs=scene.place.crs,
    ).drop_duplicates()
    near, _ = shapely.STRtree(np.asarray(streets.geometry.array)).query(
        np.asarray(ends.array), predicate="dwithin", distance=_MEETS_M
    )
    met = ends.iloc[np.unique(near)]
    owner = places_of(met, scene.places, scene.place.boundary)  # type: ignore[arg-type]  # the stubs are narrower than the library
    return total_by(owner, pd.Series(1.0, index=met.index), scene.places.index)


def _green(scene: Scene) -> pd.DataFrame:
    facts = pd.DataFrame({"concealing_m2": np.nan, "poor_green_m2": np.nan}, index=scene.places.index)
    if not scene.has("green"):
        return facts
    return scene.keep("green of places", ("green", "roads", "areas"), lambda: _green_areas(scene, facts))


def _green_areas(scene: Scene, unknown: pd.DataFrame) -> pd.DataFrame:
    facts = unknown.copy()
    green = scene.frame("green")
    areas = green[green.geometry.geom_type.isin(("Polygon", "MultiPolygon"))]
    conceals = areas[areas["height_class"].isin(_CONCEALS)]
    paths = scene.segments[scene.segments["kind"].isin(_USED)]
    if len(paths):
        strip = shapely.union_all(shapely.buffer(np.asarray(paths.geometry.array), _NEAR_PATH_M))
        near = conceals.assign(geometry=shapely.intersection(np.asarray(conceals.geometry.array), strip))
        facts["concealing_m2"] = _square_metres(scene, near)
    if areas["condition"].notna().any():
        facts["poor_green_m2"] = _square_metres(scene, areas[areas["condition"] == _BAD])
    return facts


def _square_metres(scene: Scene, shapes: gpd.GeoDataFrame) -> pd.Series:
    shapes = shapes[~shapes.geometry.is_empty]
    places = np.asarray(scene.places.geometry.array)
    place, shape = shapely.STRtree(np.asarray(shapes.geometry.array)).query(places, predicate="intersects")
    area = shapely.area(shapely.intersection(places[place], np.asarray(shapes.geometry.array)[shape]))
    return pd.Series(np.bincount(place, weights=area, minlength=len(places)), index=scene.places.index)


def _incidents(scene: Scene, tree: Tree) -> pd.DataFrame:
    if not scene.has("incidents"):
        return pd.DataFrame(index=scene.places.index)
    rows = scene.incidents
    amount = rows["in_period"] / scene.years
    table = amount.groupby([rows["area_id"], rows["category"]]).sum().unstack(fill_value=0.0)  # type: ignore[arg-type]  # the stubs are narrower than the library
    return with_those_above(table.reindex(scene.places.index, fill_value=0.0), tree).add_prefix("n_")


def _touching(scene: Scene, hotspots: gpd.GeoDataFrame) -> pd.Series:
    if not scene.has("incidents"):
        return pd.Series(np.nan, index=scene.places.index)
    place, _ = shapely.STRtree(np.asarray(hotspots.geometry.array)).query(
        np.asarray(scene.places.geometry.array), predicate="intersects"
    )
    return pd.Series(np.bincount(place, minlength=len(scene.places)).astype(float), index=scene.places.index)
