"""The tables of a release as they stand in files: a row per place, cell, segment or hot spot."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspot.glossary import Language
from hotspot.release.contract import Release, Shown
from hotspot.report.contours import contour_frame
from hotspot.report.names import category_name, text_of
from hotspot.report.sentences import reason_texts

MAIN = "hotspots"
"""Layer whose columns stand without its key in front, on cells."""
_NAMES = {"pvalue": "p_value", "qvalue": "q_value", "klass": "class"}
_SUPPORTS = ("cells", "areas", "segments")
_IDS = {"cells": "cell_id", "areas": "area_id", "segments": "segment_id", "hotspots": "hotspot_id"}
_SPOT_COLUMNS = (
    *("name", "area_id", "n", "expected", "ratio", "lower", "upper", "pvalue", "qvalue"),
    *("dark_share", "trend", "stability", "variants", "hidden", "geometry"),
)


def column_of(key: str, column: str) -> str:
    """Return what a layer's column is called in a file.

    Parameters
    ----------
    key
        The layer's key.
    column
        Its column.

    Returns
    -------
    str
        The key alone for the value; the plain name for the main hot spots.
    """
    name = _NAMES.get(column, column)
    if key == MAIN:
        return "ratio" if column == "value" else name
    return key if column == "value" else f"{key}_{name}"


def support_frame(release: Release, support: str) -> gpd.GeoDataFrame:
    """Return the shapes of a support with the values of all its layers beside each other.

    Parameters
    ----------
    release
        What the audience may see.
    support
        ``"cells"``, ``"areas"`` or ``"segments"``.

    Returns
    -------
    GeoDataFrame
        In the study's reference system; an empty value is "cannot say" unless its ``hidden`` is true.
    """
    shapes = release.geometry[support]
    parts = [_renamed(key, shown) for key, shown in layers_on(release, support).items()]
    joined = pd.concat([shapes, *(part.reindex(shapes.index) for part in parts)], axis=1)
    ordered = [*(name for name in joined.columns if name != "geometry"), "geometry"]
    frame = joined[ordered].rename_axis(_IDS[support]).reset_index()
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=release.place.crs)


def layers_on(release: Release, support: str) -> Mapping[str, Shown]:
    """Return the layers whose values belong to a support.

    Parameters
    ----------
    release
        What the audience may see.
    support
        ``"cells"``, ``"areas"``, ``"segments"`` or ``"surface"``.

    Returns
    -------
    mapping
        Key to layer, the main hot spots first.
    """
    own = {key: shown for key, shown in release.layers.items() if shown.spec.support == support}
    return dict(sorted(own.items(), key=lambda each: (each[0] != MAIN, each[0])))


def _renamed(key: str, shown: Shown) -> pd.DataFrame:
    frame = shown.frame if shown.frame is not None else pd.DataFrame()
    own = frame.drop(columns=[name for name in ("geometry", "length_m", "name", "kind") if name in frame])
    return own.rename(columns={name: column_of(key, str(name)) for name in own.columns})


def hotspot_frame(release: Release) -> gpd.GeoDataFrame:
    """Return the named hot spots as a file holds them.

    Parameters
    ----------
    release
        What the audience may see.

    Returns
    -------
    GeoDataFrame
        hotspot_id, name, numbers and outline.
    """
    spots = release.hotspots
    kept = spots[[name for name in _SPOT_COLUMNS if name in spots]].rename(columns=_NAMES)
    frame = kept.rename_axis(_IDS["hotspots"]).reset_index()
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=release.place.crs)


def priority_frame(release: Release, language: Language) -> pd.DataFrame:
    """Return the priorities as a file holds them.

    Parameters
    ----------
    release
        What the audience may see.
    language
        Language of the reasons.

    Returns
    -------
    DataFrame
        area_id, name, ranks, score, its parts and the reasons as text, first place first.
    """
    table = release.priorities.sort_values(["rank", "name"], na_position="last", kind="stable")
    said = [" ".join(reason_texts(release, each, language)) for each in table["reasons"]]
    return table.assign(reasons=said).rename_axis("area_id").reset_index()


def portfolio_frame(release: Release, language: Language) -> pd.DataFrame:
    """Return chosen measures, other candidates and pilots as a file holds them.

    Parameters
    ----------
    release
        What the audience may see.
    language
        Language of names and reasons.

    Returns
    -------
    DataFrame
        One row per place and measure with its ``status``; an empty cost is unpriced, never free.
    """
    choice = release.choice
    pilots = choice.pilots.assign(status="pilot with evaluation")
    frames = [frame for frame in (choice.candidates, pilots) if len(frame)]
    table = pd.concat(frames, ignore_index=True) if frames else choice.candidates.copy()
    table = table.drop(columns=[name for name in table if name == "parts"])
    for name in table.columns:
        if name == "reasons":
            table[name] = [" ".join(reason_texts(release, each, language)) for each in table[name]]
        elif table[name].dtype == object:
            table[name] = [text_of(each, language) for each in table[name]]
    return table


def counts_frame(release: Release, language: Language) -> pd.DataFrame:
    """Return the fixed table as a file holds it: incidents by place, year and category, with every total.

    Parameters
    ----------
    release
        What the audience may see.
    language
        Language of names.

    Returns
    -------
    DataFrame
        area_id, name, period, category, category_name, n and ``hidden``; empty text is "all". Nothing in it for another
        recipe than the study's own, and where a table was told before that no second one can stand beside.
    """
    table = release.counts
    if table.empty:
        return pd.DataFrame(columns=["area_id", "name", "period", "category", "category_name", "n", "hidden"])
    names = release.places["name"]
    said = [category_name(code, language, release.categories) if code else "" for code in table["category"]]
    own = table["area_id"].map(names).fillna("")
    return table.assign(name=own, category_name=said)[
        ["area_id", "name", "period", "category", "category_name", "n", "hidden"]
    ]


def file_frames(release: Release, language: Language) -> dict[str, pd.DataFrame]:
    """Return every table that files of this release hold.

    Parameters
    ----------
    release
        What the audience may see.
    language
        Language of texts.

    Returns
    -------
    dict
        Name to table, with a geometry where it has a place: cells, areas, segments (those the audience may
        see), hotspots, contours (if a layer has any), priorities, portfolio.
    """
    frames: dict[str, pd.DataFrame] = {
        support: support_frame(release, support) for support in _SUPPORTS if support in release.geometry
    }
    frames["hotspots"] = hotspot_frame(release)
    lines = contour_frame(release)
    frames |= {"contours": lines} if len(lines) else {}
    ranked = priority_frame(release, language)
    shapes = np.asarray(release.geometry["areas"].geometry.reindex(ranked["area_id"]).array)
    frames["priorities"] = gpd.GeoDataFrame(ranked, geometry=shapes, crs=release.place.crs)
    frames["portfolio"] = portfolio_frame(release, language)
    return frames
