"""What one run found, at full resolution; nobody sees it except through `hotspot.release`."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from hotspot.errors import Told
from hotspot.grid import Grid
from hotspot.layers import Layer
from hotspot.packaged import Tree, categories
from hotspot.pipeline.choices import Choices
from hotspot.study import Study
from hotspot.tables import Place


@dataclass(frozen=True)
class Record:
    """How a run came about.

    Parameters
    ----------
    key
        Stands for exactly this recipe on exactly this data, evidence, layer files and code.
    hashes
        Content hash of every table and register used, and of the code.
    coverage
        One row per table and source: kind, source, read, kept, dropped, first, last, share of the place.
    seconds, mebibytes
        Layer or step to time and to the most memory held while it lasted; of a kept layer that of taking it from
        where it was kept. [s], [MiB]
    kept
        Layers whose kept answer was used again.
    versions
        Package to version.
    period
        First and last day counted; None without incidents.
    years
        Its length; NaN without incidents. [years]
    """

    key: str
    hashes: Mapping[str, str]
    coverage: pd.DataFrame
    seconds: Mapping[str, float] = field(default_factory=dict)
    mebibytes: Mapping[str, float] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    versions: Mapping[str, str] = field(default_factory=dict)
    period: tuple[dt.date, dt.date] | None = None
    years: float = float("nan")


@dataclass(frozen=True)
class Result:
    """What one run found.

    Parameters
    ----------
    study, place
        The recipe and where.
    grid
        Analysis cells.
    places
        Areas and the places between them, indexed by ``area_id``: name, kind, owner, residents,
        households, n (incidents of the recipe), geometry.
    segments
        Pieces of path and street, indexed by ``segment_id``: road_id, name, kind, length_m, area_id, geometry.
    layers
        Key to layer.
    hotspots
        Named polygons of contiguous hot cells, indexed by ``hotspot_id``: name, area_id, klass, cells, n,
        addresses, expected, ratio, lower, upper, pvalue, qvalue, hours (tuple of 24 counts), hours_dusk and
        hours_dark (of these, in twilight and in darkness), by_category (dict), dark_share, trend, geometry.
    priorities
        One row per place, indexed by ``area_id``; see `hotspot.decisions.priorities`.
    choice
        Measures within the budget, ranked candidates, unpriced ones and pilots.
    evaluations
        One row per earlier measure: title, kind, verdict and its numbers.
    base
        What a map draws quietly underneath: roads, green, buildings, lamps, by name.
    points
        Incidents and answers with their cells, areas and light shares, for those who may see points.
    findings
        Automatic choices, losses and limits, in the order they arose.
    record
        How the run came about.
    categories
        Code to category, as the study's own table says.
    """

    study: Study
    place: Place
    grid: Grid
    places: gpd.GeoDataFrame
    segments: gpd.GeoDataFrame
    layers: Mapping[str, Layer]
    hotspots: gpd.GeoDataFrame
    priorities: pd.DataFrame
    choice: Choices
    evaluations: pd.DataFrame
    base: Mapping[str, gpd.GeoDataFrame]
    points: Mapping[str, gpd.GeoDataFrame]
    findings: tuple[Told, ...]
    record: Record
    categories: Tree = field(default_factory=categories)
