"""Does a hot spot stay when cells, neighbourhoods and days are chosen otherwise?"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from hotspot.errors import StudyError
from hotspot.experiments.variants import Variant
from hotspot.layers import LayerSpec
from hotspot.measures import MEASURES
from hotspot.measures.scene import Scene
from hotspot.pipeline.steps import arguments
from hotspot.stats.verdicts import HOT
from hotspot.study import Study
from hotspot.tables import Place, Table, table_of

_SLIVER_M2 = 1.0  # two outlines that touch by rounding share nothing


class Looked(NamedTuple):
    """What one variant found.

    Parameters
    ----------
    cell_m
        Side of its cells. [m]
    cells
        One row per cell that could be tested: ``x`` and ``y`` of its south-west corner [m] and whether it is ``hot``.
    """

    cell_m: float
    cells: pd.DataFrame


def tables_for(spec: LayerSpec, tables: Mapping[str, Table]) -> dict[str, Table]:
    """Return the tables that a layer's measure looks at.

    Parameters
    ----------
    spec
        The layer.
    tables
        Kind to table.

    Returns
    -------
    dict
        Those it needs or uses.
    """
    measure = MEASURES[spec.measure]
    return {kind: tables[kind] for kind in sorted({*measure.needs, *measure.uses} & set(tables))}


def look(study: Study, place: Place, tables: Mapping[str, Table], spec: LayerSpec, variant: Variant) -> Looked:
    """Look for hot spots in one other way, through the layer's own measure.

    Parameters
    ----------
    study
        The run's recipe.
    place
        Where.
    tables
        From `tables_for`.
    spec
        The layer of hot spots.
    variant
        What is chosen otherwise.

    Returns
    -------
    Looked
        Its cells; none where it would have more cells than a run can finish.

    Notes
    -----
    A grid moved to the east is the national grid over a place moved to the west: the place and its tables are moved,
    measured and the cells moved back. Residents of a cell of the national grid that reaches over several analysis
    cells are spread evenly over its area.
    """
    way = (-variant.east_m, -variant.north_m)
    there = Place(place.name, shapely.transform(place.boundary, lambda xy: xy + way), place.crs, place.timezone)
    moved = {kind: _moved(table, there, way, variant) for kind, table in tables.items()}
    scene = Scene(study.but(cell_m=variant.cell_m, period=variant.period), there, moved)
    looks = {} if variant.looks_cells is None else {"looks_cells": variant.looks_cells}
    try:
        grid = scene.grid
    except StudyError:  # more cells than a run can finish: this variant cannot say
        return Looked(variant.cell_m, pd.DataFrame({"x": [], "y": [], "hot": pd.Series(dtype=bool)}))
    frame = MEASURES[spec.measure].function(scene, **{**arguments(spec), **looks}).frame
    assert frame is not None  # noqa: S101 - a measure on cells
    corners = shapely.bounds(grid.frame.geometry.to_numpy())
    cells = pd.DataFrame(
        {
            "x": corners[:, 0] - way[0],
            "y": corners[:, 1] - way[1],
            "hot": (frame["klass"] == HOT).to_numpy(),
        }
    )
    return Looked(variant.cell_m, cells[frame["pvalue"].notna().to_numpy()].reset_index(drop=True))


def _moved(table: Table, there: Place, way: tuple[float, float], variant: Variant) -> Table:
    frame = table.frame
    if isinstance(frame, gpd.GeoDataFrame):
        frame = frame.set_geometry(frame.geometry.translate(*way))
    if table.kind == "incidents" and variant.without_month:
        months = frame["start"].dt.tz_convert(there.timezone).dt.month
        frame = frame[months != variant.without_month]
    return table_of(table.kind, frame, there, table.coverage, dict(table.dropped))


def held(spots: gpd.GeoSeries, looked: Sequence[Looked]) -> pd.DataFrame:
    """Count the variants in which hot spots stay.

    Parameters
    ----------
    spots
        Outlines of the run's hot spots, by ``hotspot_id``.
    looked
        What the variants found.

    Returns
    -------
    DataFrame
        On the same index: ``held`` (variants in which a hot cell overlaps the outline), ``variants`` (those that could
        test any cell there) and ``stability`` (their ratio; NaN where no variant could say).
    """
    hot = np.array([_overlaps(spots, each, each.cells["hot"].to_numpy()) for each in looked]).reshape(-1, len(spots))
    tested = np.array([_overlaps(spots, each, np.ones(len(each.cells), bool)) for each in looked])
    able = tested.reshape(-1, len(spots)).sum(axis=0)
    found = pd.DataFrame({"held": hot.sum(axis=0), "variants": able}, index=spots.index).astype(float)
    return found.assign(stability=found["held"] / found["variants"].where(found["variants"] > 0))


def _overlaps(spots: gpd.GeoSeries, looked: Looked, which: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Say which outlines share area with any of some cells."""
    x, y = (looked.cells[name].to_numpy()[which] for name in ("x", "y"))
    squares = shapely.box(x, y, x + looked.cell_m, y + looked.cell_m)
    outlines: Any = spots.to_numpy()
    spot, cell = shapely.STRtree(squares).query(outlines, predicate="intersects")
    shared = shapely.area(shapely.intersection(outlines[spot], squares[cell])) > _SLIVER_M2
    return np.bincount(spot[shared], minlength=len(spots)) > 0
