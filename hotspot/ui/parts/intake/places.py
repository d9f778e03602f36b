"""Where the rows of a file fall, drawn beside the study's boundary before anything is stored."""

from io import BytesIO
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import streamlit as st

from hotspot.crs import to_wgs84
from hotspot.glossary import words
from hotspot.schema import CONTRACTS
from hotspot.tables import Delivery, Place
from hotspot.ui.map import Fill, Line, MapGeometry, MapView, Outline, Points, show_map
from hotspot.ui.map.view import Box, Mark
from hotspot.ui.parts.intake.reading import Choices, Upload, aside_places
from hotspot.ui.view import View

_COLOURS = ("#00527a", "#d55e00")  # can be used, would be set aside
_KINDS = ("point", "line", "polygon")
_HEIGHT = 420
_MANY = 3_000  # points from which large ones would hide each other
_WIDE = 3.0  # what is in sight at first is at most so many times the place itself


class Drawn(NamedTuple):
    """Shapes of a delivery, ready for the map.

    Attributes
    ----------
    geometry
        The boundary and the rows by kind of shape, in degrees.
    aside
        By kind of shape: 1 where the row would be set aside, 0 where it can be used.
    bounds
        What is in sight at first. [degree]
    kept, outside, without
        Rows drawn that can be used, rows drawn that cannot, rows with no place.
    """

    geometry: MapGeometry
    aside: dict[str, pd.Series]
    bounds: Box
    kept: int
    outside: int
    without: int


def has_places(delivery: Delivery) -> bool:
    """Tell whether anything of a delivery can be drawn."""
    return CONTRACTS[delivery.table.kind].shape is not None and bool(delivery.table.frame.geometry.notna().any())


def show_places(view: View, stamp: str, upload: Upload, choices: Choices, delivery: Delivery) -> None:
    """Draw where the rows fall.

    Parameters
    ----------
    view
        Whose study and words.
    stamp
        Stands for the file as it is read.
    upload, choices
        The file and how it is read.
    delivery
        What would be kept.
    """
    _ = words(view.language)
    drawn = draw(stamp, delivery, upload, choices)
    told = {"kept": drawn.kept, "outside": drawn.outside, "without": drawn.without, "place": view.asked.study.name}
    sentence = _(
        "{kept} {kept:row lies|rows lie} in {place} and can be used. {outside} more {outside:has|have} a place and "
        "would be set aside; "
        "{without} {without:has|have} none.",
        **told,
    )
    st.write(sentence)
    labels = [_("can be used"), _("would be set aside")]
    marks: list[Mark] = [Outline(layer="boundary", title=_("the study's boundary"), width=1.5, pick=False)]
    makers = {"polygon": Fill, "line": Line, "point": Points}
    for kind, make in makers.items():
        if kind in drawn.aside:
            extra = {"radius": 4.0 if drawn.kept + drawn.outside < _MANY else 2.5} if kind == "point" else {}
            marks.append(
                make(layer=kind, values=drawn.aside[kind], palette=_COLOURS, labels=labels, title=_("Rows of the file"),
                     opacity=0.8, pick=False, **extra)
            )  # fmt: skip
    shown = MapView(
        marks=marks, base=("land",), title=_("Where the rows fall"), alt=sentence, language=view.language,
        bounds=drawn.bounds,
    )  # fmt: skip
    show_map(drawn.geometry, shown, key="map-intake", height=_HEIGHT, fallback_png=lambda: picture(delivery))


@st.cache_resource(show_spinner=False, max_entries=4)
def draw(stamp: str, _delivery: Delivery, _upload: Upload, _choices: Choices) -> Drawn:
    """Make the shapes of a delivery ready for the map, once per stamp."""
    place = _delivery.table.place
    every = np.asarray(_delivery.table.frame.geometry.array)
    kept = every[~(shapely.is_missing(every) | shapely.is_empty(every))]
    aside = aside_places(stamp, _upload, _choices, _delivery)
    shapes = gpd.GeoSeries([*kept, *aside], crs=place.crs)
    number = pd.Series(np.repeat([0.0, 1.0], [len(kept), len(aside)]))
    boundary = gpd.GeoDataFrame(geometry=[place.boundary], crs=place.crs)
    layers = {"land": to_wgs84(boundary), "boundary": to_wgs84(boundary)}
    of = shapely.get_dimensions(np.asarray(shapes.array))
    split = {}
    for dimension, kind in enumerate(_KINDS):
        there = of == dimension
        if there.any():
            layers[kind] = to_wgs84(gpd.GeoDataFrame(geometry=shapes[there].reset_index(drop=True)))
            split[kind] = number[there].reset_index(drop=True)
    without = _delivery.read - len(shapes)
    return Drawn(MapGeometry("intake", layers), split, in_sight(shapes, place), len(kept), len(aside), without)


def in_sight(shapes: gpd.GeoSeries, place: Place) -> Box:
    """Return what the map shows at first: the place and the rows around it, as far as the place stays visible.

    Parameters
    ----------
    shapes
        In the place's system.
    place
        The study's.

    Returns
    -------
    tuple
        West, south, east, north. [degree]
    """
    west, south, east, north = place.boundary.bounds
    middle, half = ((west + east) / 2, (south + north) / 2), ((east - west) / 2, (north - south) / 2)
    edges = shapes.total_bounds if len(shapes) else np.array([west, south, east, north])
    low = np.maximum(np.minimum(edges[:2], [west, south]), np.subtract(middle, np.multiply(half, _WIDE)))
    high = np.minimum(np.maximum(edges[2:], [east, north]), np.add(middle, np.multiply(half, _WIDE)))
    frame = gpd.GeoDataFrame(geometry=[shapely.box(*low, *high)], crs=place.crs)
    box = to_wgs84(frame).total_bounds
    return float(box[0]), float(box[1]), float(box[2]), float(box[3])


def picture(delivery: Delivery) -> bytes:
    """Draw the rows and the boundary as a picture, for browsers that cannot draw the map.

    Parameters
    ----------
    delivery
        What would be kept.

    Returns
    -------
    bytes
        PNG.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    place = delivery.table.place
    gpd.GeoSeries([place.boundary]).plot(ax=axes, facecolor="#fbfbfa", edgecolor="#8b93a1")
    delivery.table.frame.geometry.plot(ax=axes, color=_COLOURS[0], markersize=2, alpha=0.6)
    made = BytesIO()
    figure.savefig(made, dpi=120)
    return made.getvalue()
