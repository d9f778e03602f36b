"""The page that the browser tests drive: 71 × 71 cells, roads, segments, lamps and two hot spots, far out at sea."""

import io

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
import streamlit as st
from PIL import Image

from hotspot.glossary.palettes import palette
from hotspot.ui.map import Contour, Fill, Line, MapGeometry, MapView, Outline, Picture, Points, show_map

WEST, SOUTH, SIDE = 560_000, 6_220_000, 71


def frame(geometry, index=None, **columns):
    made = gpd.GeoDataFrame(columns, geometry=geometry, index=index, crs=25832)
    return made.to_crs(4326)


@st.cache_resource
def shapes(*, tiles: bool):
    column, row = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    x, y = WEST + 100 * column.ravel(), SOUTH + 100 * row.ravel()
    cells = frame(shapely.box(x, y, x + 100, y + 100), [f"{a}_{b}" for a, b in zip(x, y, strict=True)])
    along = np.linspace(0, 7100, 60)
    curves = [np.c_[WEST + along, SOUTH + 500 + 1000 * k + 200 * np.sin(along / 700)] for k in range(7)]
    starts = [(WEST + 1000 + 300 * k, SOUTH + 1000) for k in range(12)]
    layers = {
        "cells": cells,
        "roads": frame([shapely.LineString(c) for c in curves], name=[f"Havvej {k}" for k in range(7)]),
        "water": frame([shapely.Point(WEST + 7500, SOUTH + 5200).buffer(900)]),
        "segments": frame([shapely.LineString([(a, b), (a + 250, b + 1000)]) for a, b in starts]),
        "lamps": frame(shapely.points(WEST + 500 + np.arange(40) * 150, SOUTH + 2200 + np.arange(40) % 7 * 90)),
    }
    spots = [shapely.box(WEST + 4000, SOUTH + 1000, WEST + 4500, SOUTH + 1400)]
    spots.append(spots[0].union(shapely.box(WEST + 4600, SOUTH + 1000, WEST + 4700, SOUTH + 1400)))
    hot = frame([shapely.affinity.translate(s, 0, 900 * i) for i, s in enumerate(spots)], ["h1", "h2"])
    rings = [shapely.Point(WEST + 5000, SOUTH + 5000).buffer(r).exterior for r in (400, 900, 1400)]
    layers["contours"] = frame([*rings, shapely.LineString()])
    if tiles:
        file = io.BytesIO()
        numbered = gpd.GeoDataFrame({"row": range(len(cells))}, geometry=cells.geometry.to_numpy(), crs=4326)
        zooms = {"MINZOOM": 8, "MAXZOOM": 14}
        pyogrio.write_dataframe(numbered, file, driver="PMTiles", layer="cells", dataset_options=zooms)
        layers["cells"] = file.getvalue()
    return MapGeometry("town", layers), MapGeometry("spots", {"hotspots": hot}), cells


@st.cache_data
def surface() -> bytes:
    ramp = np.dstack([np.tile(np.arange(256, dtype=np.uint8), (256, 1))] * 3)
    file = io.BytesIO()
    Image.fromarray(ramp).save(file, "PNG")
    return file.getvalue()


st.set_page_config(page_title="map", page_icon="🗺️", layout="wide")
town, hot, frame_of_cells = shapes(tiles=st.query_params.get("shapes") == "tiles")
language = st.radio("language", ["da", "en"], horizontal=True)
seed = st.slider("seed", 0, 9, 0)
names = ("fill", "surface", "line", "points", "contour", "spots")
chosen = zip(st.columns(len(names)), names, strict=True)
layers = [name for column, name in chosen if column.checkbox(name, name != "surface")]

values = pd.Series(np.random.default_rng(seed).gamma(2.0, 3.0, SIDE**2), index=frame_of_cells.index)
values.iloc[:400] = np.nan
withheld = pd.Series(np.arange(SIDE**2) // 300 == 2, index=values.index)
ordered = town.rows("cells") is None
west, south, east, north = frame_of_cells.total_bounds
marks = {
    "fill": Fill(
        layer="cells",
        values=values.to_numpy() if ordered else values.sample(frac=1, random_state=1),
        hidden=withheld.to_numpy() if ordered else withheld,
        breaks=(2, 4, 6, 9),
        palette=palette("ylorrd", 5),
        title="Hændelser",
        unit="pr. km² og år",
    ),
    "surface": Picture(
        png=surface(),
        corners=((west, north), (east, north), (east, south), (west, south)),
        palette=palette("viridis", 3),
        breaks=(1, 2),
        title="Flade",
        cannot_say=True,
    ),
    "line": Line(
        layer="segments",
        values=np.r_[np.arange(10.0), np.nan, np.nan],
        breaks=(3, 6),
        palette=palette("cividis", 3),
        title="Lys",
        unit="lux",
    ),
    "points": Points(
        layer="lamps",
        values=np.arange(40) % 2,
        palette=palette("okabe_ito", 2),
        labels=("LED", "Natrium"),
        title="Lamper",
        unsaid=(1,),
    ),
    "contour": Contour(
        layer="contours",
        labels=["flere: p = 0,01", "flere: p = 0,05", "færre: p = 0,01", None],
        widths=(2.8, 1.4, 2.8, 1.4),
        dashed=(False, False, True, True),
        title="Ud over tilfældet",
    ),
    "spots": Outline(layer="hotspots", labels=["Stationen", "Åparken øst"], title="Signifikante hotspots"),
}
view = MapView(
    marks=[marks[name] for name in layers],
    base=("water", "roads"),
    title="Kort over havet",
    alt="Hændelser pr. celle.",
    language=language,
    bounds=(west, south, east, north),
)
click = show_map((town, hot), view, key="map", height=560, fallback_png=surface)
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.text(f"click {click}")
st.text(f"runs {st.session_state['runs']}")
