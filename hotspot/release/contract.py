"""What one audience may see of a result: the only thing that the app, reports and the service accept."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.errors import Told
from hotspot.layers import LayerSpec
from hotspot.measures import Surface
from hotspot.packaged import Tree, categories
from hotspot.site import Audience
from hotspot.study import Study
from hotspot.tables import Place


@dataclass(frozen=True)
class Shown:
    """One layer as one audience sees it.

    Parameters
    ----------
    spec
        The layer's declaration.
    frame
        As `hotspot.measures.Measured.frame`, plus the column ``hidden`` (bool). Every number of a hidden row
        is NaN and its class missing: hidden is told apart from "cannot say" by that column alone. For the police
        liaison also ``small`` (bool): a count that others may not see.
    surface
        As measured, with NaN where hidden.
    hidden : array of bool, shape (rows, cols), optional
        Which pixels of the surface are hidden.
    notes
        What the reader should know.
    facts
        Numbers about the whole, by term; only those that give no hidden number away.
    """

    spec: LayerSpec
    frame: pd.DataFrame | None = None
    surface: Surface | None = None
    hidden: npt.NDArray[np.bool_] | None = None
    notes: tuple[Told, ...] = ()
    facts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """The list of measures as one audience sees it.

    Parameters
    ----------
    chosen
        Within the budget, best first: site, area_id, name, measure, quantity, unit, cost_dkk, benefit,
        rr, rr_low, rr_high, p_fewer (probability of fewer incidents), felt (its strength), strength, citation,
        owner, decides,
        reasons (tuple of Told).
    candidates
        All priced and unpriced candidates, ranked, with the same columns and ``status``: ``"chosen"``,
        ``"not within the budget"`` or ``"unpriced"``.
    pilots
        Measures without known effect that fit a place: "pilot with evaluation".
    frontier
        What other budgets would reach: budget_dkk, benefit, measures.
    objective
        What "best within the budget" means, in a sentence.
    budget_dkk, spent_dkk
        The budget and what the chosen measures cost. [DKK]
    """

    chosen: pd.DataFrame
    candidates: pd.DataFrame
    pilots: pd.DataFrame
    frontier: pd.DataFrame
    objective: Told
    budget_dkk: float
    spent_dkk: float


@dataclass(frozen=True)
class Release:
    """What one audience may see of one result. Made by `hotspot.release.release` alone.

    Parameters
    ----------
    audience
        Whose eyes it is for.
    study, place
        The recipe and where.
    key
        The result's key.
    layers
        Key to layer, only those that the audience may see.
    geometry
        Name to frame, only what the audience may see, in the study's reference system: ``areas`` (index
        area_id; name, kind, owner), ``hotspots`` (as in ``hotspots``), ``cells`` (index cell_id),
        ``segments`` (index segment_id; name, kind, length_m, area_id), ``roads``, ``green``, ``buildings``,
        ``lamps``, ``incidents``.
    places
        One row per place, index area_id: name, kind, owner, residents, households, n, hidden.
    hotspots
        One row per named hot spot, index hotspot_id; columns as in `hotspot.pipeline.Result.hotspots`, plus ``hidden``.
    priorities
        One row per place, index area_id: name, kind, owner, rank, rank_low, rank_high, score, score_low, score_high,
        first_share, confidence, ``part_<layer>`` (contribution to the score), ``value_<layer>`` (the place's number),
        ``reasons`` (tuple of Told), ``hidden``.
    choice
        The list of measures.
    evaluations
        One row per earlier measure: title, kind, status, verdict (Told), change, lower, upper, n_before, n_after,
        detectable, hidden.
    counts
        The fixed table of incidents: area_id, period, category, n, hidden; empty text is "all". A partner sees its
        own areas' rows.
    findings
        Automatic choices, losses and limits.
    coverage
        One row per table and source: kind, source, read, kept, quarantined, first, last, share.
    record
        Times, hashes and versions for the audiences that need them; empty for others.
    categories
        Code to category, for its name.
    counted
        Key to the declaration of every layer that may count in the order, weighted or not, seen by the audience or not.
    told
        Key to number: what may be known of this result by all who may not see small counts, together. For the ledger
        of `hotspot.release.note` alone, shown to nobody.
    """

    audience: Audience
    study: Study
    place: Place
    key: str
    layers: Mapping[str, Shown]
    geometry: Mapping[str, gpd.GeoDataFrame]
    places: pd.DataFrame
    hotspots: gpd.GeoDataFrame
    priorities: pd.DataFrame
    choice: Choice
    evaluations: pd.DataFrame
    findings: tuple[Told, ...]
    coverage: pd.DataFrame
    record: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    counts: pd.DataFrame = field(default_factory=pd.DataFrame)
    categories: Tree = field(default_factory=categories)
    counted: Mapping[str, LayerSpec] = field(default_factory=dict)
    told: Mapping[str, float] = field(default_factory=dict, repr=False)
