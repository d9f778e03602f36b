"""Maps of a release: shapes sent once, values per layer, a click back."""

import hashlib
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import streamlit as st

from hotspot.crs import to_wgs84
from hotspot.glossary import words
from hotspot.release import Shown
from hotspot.report.classes import (
    class_labels,
    class_of,
    classed,
    legend_title,
    rank_classes,
    unsaid_classes,
)
from hotspot.report.contours import LINES_TITLE, STROKES, contour_lines, stroke_names
from hotspot.report.figures import OUTLINES, map_words
from hotspot.report.names import SCALES
from hotspot.report.screen import Picture as Drawn
from hotspot.report.screen import fallback_png, surface_picture
from hotspot.report.tables import ranked
from hotspot.ui.map import Contour, Fill, Line, MapClick, MapGeometry, MapView, Outline, Picture, show_map
from hotspot.ui.map.view import Box, Corners, Mark
from hotspot.ui.view import View

_PATHS = ("path", "tunnel", "bridge")
_LINES = "contours"
_HEIGHT = 580
_BORDER = "#8b8b86"  # quiet, so that the hot spots lead


def layer_map(view: View, key: str, *, outlines: bool) -> MapClick | None:
    """Show one layer and return the feature clicked last.

    Parameters
    ----------
    view
        What may be seen.
    key
        The layer.
    outlines
        Whether hot spots are outlined.

    Returns
    -------
    MapClick or None
        A click on a cell, segment, area or hot spot.
    """
    geometries, drawn = layer_view(view, key, outlines=outlines)
    return _show(view, key, geometries, drawn)


def layer_view(view: View, key: str, *, outlines: bool) -> tuple[list[MapGeometry], MapView]:
    """Return the shapes of one layer's map and what is shown of them.

    Parameters
    ----------
    view
        What may be seen.
    key
        The layer.
    outlines
        Whether hot spots are outlined.

    Returns
    -------
    tuple
        Shapes, the same objects for the same release; colours, values and words.
    """
    shown = view.release.layers[key]
    marks = [_mark(view, shown)]
    if shown.surface is not None:
        marks.append(Outline(layer="areas", colour=_BORDER, width=0.8, pick=False))
    lines = contour_lines(view.release, key)
    if len(lines):
        marks.append(_contour(view, key, lines))
    if outlines and len(view.release.hotspots):
        marks.append(_outlined(view))
    support = shown.spec.support if shown.frame is not None else "areas"
    geometries, drawn = _drawn(view, key, marks, (support,), shown.spec.title[view.language])
    return [*geometries, *([_line_geometry(lines)] if len(lines) else [])], drawn


def _contour(view: View, key: str, lines: gpd.GeoDataFrame) -> Contour:
    """Say what the lines over a layer are; those that are not reached have no name."""
    names = stroke_names(key, view.release, view.language)
    return Contour(
        layer=_LINES,
        labels=[name if at in lines.index else None for at, name in enumerate(names)],
        widths=[each.width for each in STROKES],
        dashed=[each.dashed for each in STROKES],
        title=words(view.language)(LINES_TITLE),
    )


def _line_geometry(lines: gpd.GeoDataFrame) -> MapGeometry:
    """Return lines as shapes, a row for each that there could be, so that a row always looks the same."""
    every = [lines.geometry.get(at, shapely.MultiLineString()) for at in range(len(STROKES))]
    frames = {_LINES: gpd.GeoDataFrame(geometry=every, crs=lines.crs)}
    return _encoded(_LINES, _content(frames), frames)


def ranks_map(view: View) -> MapClick | None:
    """Show the places by rank and return the one clicked last."""
    classes = rank_classes(view.language)
    rank = ranked(view.release)["rank"].astype(float)
    number = pd.Series(np.nan, index=rank.index)
    for position, (first, last, _text, _colour) in enumerate(classes):
        number[(rank >= first) & (rank <= last)] = position
    _ = words(view.language)
    marks: list[Mark] = [
        Fill(
            layer="areas",
            values=number,
            palette=[colour for *_rest, colour in classes],
            labels=[text for *_rest, text, _colour in classes],
            title=_("Priority"),
        )
    ]
    if len(view.release.hotspots):
        marks.append(_outlined(view))
    return _show(view, "", *_drawn(view, "", marks, ("areas",), _("Priority")))


def hotspots_map(view: View, selected: str = "") -> MapClick | None:
    """Show the hot spots' outlines and return the one clicked last."""
    _ = words(view.language)
    marks: list[Mark] = [Outline(layer="areas", colour=_BORDER, width=0.8, pick=False)]
    if len(view.release.hotspots):
        marks.append(_outlined(view))
    return _show(view, OUTLINES, *_drawn(view, OUTLINES, marks, ("areas",), _("Significant hot spots"), selected))


def _outlined(view: View) -> Outline:
    _ = words(view.language)
    names = view.release.hotspots["name"].astype(str)
    return Outline(layer="hotspots", labels=names, title=_("significant hot spot"), colour="#d55e00", width=3.0)


def _drawn(
    view: View, key: str, marks: list[Mark], supports: tuple[str, ...], title: str, selected: str = ""
) -> tuple[list[MapGeometry], MapView]:
    geometries = [
        base_geometry(view.stamp, view),
        *(shape_geometry(f"{view.stamp}-{each}", view, each) for each in {*supports, "areas"}),
    ]
    if len(view.release.hotspots):
        geometries.append(shape_geometry(f"{view.stamp}-hotspots", view, "hotspots"))
    shown = MapView(
        marks=marks,
        title=title,
        alt=map_words(view.release, view.language, key),
        language=view.language,
        bounds=_own_areas(view),
        selected=("hotspots", selected) if selected else None,
    )
    return geometries, shown


def _show(view: View, key: str, geometries: list[MapGeometry], shown: MapView) -> MapClick | None:
    name = {"": "ranks", OUTLINES: "outline"}.get(key, "layers")
    return show_map(
        geometries,
        shown,
        key=f"map-{name}",
        height=_HEIGHT,
        fallback_png=lambda: fallback_png(view.release, key, view.language),
    )


def _own_areas(view: View) -> Box | None:
    """Return where a partner's own areas lie; None for those who see the whole place."""
    if view.asked.audience != "partner" or not len(view.release.geometry["areas"]):
        return None
    return shape_geometry(f"{view.stamp}-areas", view, "areas").bounds


def _mark(view: View, shown: Shown) -> Mark:
    title = legend_title(shown.spec, view.language)
    if shown.surface is not None:
        drawn = picture(f"{view.stamp}-{shown.spec.key}", shown, view)
        labels = class_labels(shown.spec, drawn.classes, view.language)
        return Picture(png=drawn.png, corners=_corners(drawn.bounds), palette=drawn.classes.colours,
                       breaks=drawn.classes.breaks, labels=labels, title=title,
                       cannot_say=drawn.cannot_say, withheld=drawn.withheld)  # fmt: skip
    classes = classed(shown)
    frame = shown.frame if shown.frame is not None else pd.DataFrame()
    number = class_of(shown, classes).astype(float)
    number = number.where(number >= 0)
    known: dict[str, Any] = {
        "layer": shown.spec.support,
        "palette": classes.colours,
        "labels": class_labels(shown.spec, classes, view.language),
        "title": title,
        "opacity": shown.spec.show.opacity,
    }
    if classes.codes:
        known |= {"values": number, "hidden": frame["hidden"] & number.isna(), "unsaid": unsaid_classes(classes)}
    else:
        known |= {
            "title": shown.spec.title[view.language],
            "values": frame[shown.spec.show.column].astype(float),
            "breaks": classes.breaks,
            "hidden": frame["hidden"],
            "decimals": 2,
            "unit": words(view.language)(SCALES.get(shown.spec.unit, shown.spec.unit)),
        }
    return Line(**known) if shown.spec.support == "segments" else Fill(**known)


def _corners(box: Box) -> Corners:
    west, south, east, north = box
    return (west, north), (east, north), (east, south), (west, south)


@st.cache_resource(show_spinner=False, max_entries=24)
def picture(stamp: str, _shown: Shown, _view: View) -> Drawn:  # noqa: ARG001 - the stamp is the cache's key
    """Draw a surface once per content: the light stays while a filter changes what was recorded."""
    study, place = _view.release.study, _view.release.place
    surface, hidden, found = _shown.surface, _shown.hidden, hashlib.blake2b(digest_size=16)
    if surface is not None:
        found.update(f"{study.crs} {surface.lattice} {_shown.spec.show} {surface.values.dtype}".encode())
        found.update(surface.values.tobytes())
    found.update(b"" if hidden is None else np.packbits(hidden).tobytes())
    found.update(shapely.to_wkb(place.boundary))
    return _picture(found.hexdigest(), _shown, study.crs, place.boundary)


@st.cache_resource(show_spinner=False, max_entries=24)
def _picture(content: str, _shown: Shown, _crs: str, _boundary: shapely.Geometry) -> Drawn:  # noqa: ARG001 - the content is the cache's key
    return surface_picture(_shown, _crs, _boundary)


@st.cache_resource(show_spinner=False, max_entries=8)
def base_geometry(stamp: str, _view: View) -> MapGeometry:  # noqa: ARG001 - the stamp is the cache's key
    """Return what is drawn quietly underneath."""
    release = _view.release
    boundary = gpd.GeoDataFrame(geometry=[release.place.boundary], crs=release.place.crs)
    layers = {"land": boundary, "boundary": boundary}
    for name in ("green", "buildings"):
        if name in release.geometry:
            layers[name] = _areas_only(release.geometry[name][["geometry"]])
    if "roads" in release.geometry:
        roads = release.geometry["roads"]
        on_foot = roads["kind"].isin(_PATHS)
        layers |= {"roads": roads.loc[~on_foot, ["geometry"]], "paths": roads.loc[on_foot, ["geometry"]]}
    frames = {name: frame.reset_index(drop=True) for name, frame in layers.items() if len(frame)}
    return _encoded("base", _content(frames), frames)


@st.cache_resource(show_spinner=False, max_entries=24)
def shape_geometry(stamp: str, _view: View, name: str) -> MapGeometry:  # noqa: ARG001 - the stamp is the cache's key
    """Return the shapes that values are joined to."""
    frame = _view.release.geometry[name]
    columns = [column for column in ("name", "geometry") if column in frame]
    frames = {name: frame[columns]}
    return _encoded(name, _content(frames), frames)


@st.cache_resource(show_spinner=False, max_entries=24)
def _encoded(key: str, content: str, _frames: Mapping[str, gpd.GeoDataFrame]) -> MapGeometry:  # noqa: ARG001 - the content is the cache's key
    """Encode shapes once per content: a filter changes values, while streets, cells and areas stay."""
    return MapGeometry(key, {name: to_wgs84(frame) for name, frame in _frames.items()})


def _content(frames: Mapping[str, gpd.GeoDataFrame]) -> str:
    """Return a fingerprint of everything that `MapGeometry` keeps of frames: labels, names and shapes."""
    found = hashlib.blake2b(digest_size=16)
    for name, frame in frames.items():
        plain = frame.drop(columns="geometry")
        found.update(f"{name} {frame.crs} {len(frame)} {list(plain.columns)}".encode())
        found.update(pd.util.hash_pandas_object(plain, index=True).to_numpy().tobytes())
        for shape in shapely.to_wkb(frame.geometry.to_numpy()):
            found.update(shape or b"none")
    return found.hexdigest()


def _areas_only(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame[frame.geometry.geom_type.isin(("Polygon", "MultiPolygon"))]
