"""A small release of a town that does not exist: some numbers hidden, some unknown."""

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspot.errors import Told
from hotspot.release.contract import Choice, Release
from hotspot.site import Audience
from hotspot.study import Study
from hotspot.tables import Place
from tests.report.small_layers import (
    CRS,
    EAST,
    HIDDEN_AREA,
    IDS,
    NAMES,
    NAN,
    NORTH,
    UNKNOWN_AREA,
    area_layers,
    fine_layers,
    square,
)

PLACED = "This place is number {rank} of {n}; the number lies between {low} and {high} in 9 of 10 draws."
PART = "{component}: {share:.0%} of the score; worse here than in {position:.0%} of the other places."
UNRANKED = Told("Too little is known of this place to rank it: {share:.0%} of the weights.", {"share": 0.2})


def _priorities() -> pd.DataFrame:
    ids = pd.Index(IDS, name="area_id")
    rank = np.array([11.0, 10, 9, 8, 7, 12, 6, 5, 4, 3, 2, 1])  # the sixth place cannot be ranked: blanked below
    table = pd.DataFrame(
        {
            "name": NAMES,
            "kind": "housing",
            "owner": "Boligforeningen Havblik",
            "rank": rank,
            "rank_low": np.maximum(rank - 1, 1),
            "rank_high": np.minimum(rank + 2, 12),
            "score": 1.0 - rank / 13,
            "score_low": 0.9 - rank / 13,
            "score_high": 1.1 - rank / 13,
            "first_share": 0.1,
            "confidence": 1.0,
            "part_felt_unsafe": 0.2,
            "part_observed_expected": 0.1,
            "value_felt_unsafe": 0.3,
            "value_observed_expected": 1.2,
        },
        index=ids,
    )
    own = [
        (
            Told(
                PLACED,
                {"rank": int(each), "n": 11, "low": max(int(each) - 1, 1), "high": min(int(each) + 2, 12)},
            ),
            Told(
                PART,
                {"component": "felt_unsafe", "share": 0.62, "position": 0.9},
            ),
        )
        for each in rank
    ]
    table["reasons"] = pd.Series(own, index=ids)
    table["hidden"] = False
    gone = [
        "score",
        "score_low",
        "score_high",
        "first_share",
        "part_observed_expected",
        "value_observed_expected",
    ]
    table.loc[HIDDEN_AREA, gone] = NAN
    table.loc[HIDDEN_AREA, "hidden"] = True
    table.loc[UNKNOWN_AREA, ["rank", "rank_low", "rank_high", "score", "score_low", "score_high"]] = NAN
    table.loc[UNKNOWN_AREA, "confidence"] = 0.2
    table["reasons"] = [(UNRANKED,) if area_id == UNKNOWN_AREA else told for area_id, told in table["reasons"].items()]
    return table


def _hotspots() -> gpd.GeoDataFrame:
    rows = {
        "name": ["Ålegården, Strandvejen", "Centrum, =Torvet"],
        "area_id": ["a01", "a03"],
        "klass": "hot",
        "cells": [4, 2],
        "n": [64.0, NAN],
        "addresses": [21.0, NAN],
        "expected": [22.25, NAN],
        "ratio": [2.876, NAN],
        "lower": [2.2, NAN],
        "upper": [3.7, NAN],
        "pvalue": [0.00001, NAN],
        "qvalue": [0.0004, NAN],
        "hours": [(), ()],
        "hours_dusk": [(), ()],
        "hours_dark": [(), ()],
        "by_category": [{"riding": 40.0, "gathering": 20.0, "fire": NAN}, {}],
        "dark_share": [0.61, NAN],
        "trend": ["rising", "cannot say"],
        "stability": [NAN, NAN],
        "hidden": [False, True],
        "geometry": [square(0.5, 0.5, 200.0), square(5, 2, 200.0)],
    }
    return gpd.GeoDataFrame(rows, index=pd.Index(["hot-1", "hot-2"], name="hotspot_id"), geometry="geometry", crs=CRS)


def _choice() -> Choice:
    columns = {
        "site": ["a12|lighting_dark_gap", "a11|vegetation_thinning", "a10|cctv"],
        "area_id": ["a12", "a11", "a10"],
        "name": ["Lyngen", "Kastanjen", "Jernbanen"],
        "measure": ["lighting_dark_gap", "vegetation_thinning", "cctv"],
        "quantity": [7.0, 1250.5, 1.0],
        "unit": ["per lamp", "per m2", "per site"],
        "cost_dkk": [245_000.0, 62_525.0, NAN],
        "benefit": [12.5, 3.0, 2.0],
        "rr": [0.86, NAN, 0.87],
        "rr_low": [0.74, NAN, 0.76],
        "rr_high": [1.01, NAN, 0.98],
        "p_fewer": [0.97, NAN, 0.99],
        "basis": ["interval assumed", "", "interval"],
        "felt": ["B", "C", "E"],
        "p_felt": [0.7, 0.6, NAN],
        "felt_basis": ["direction assumed", "direction assumed", ""],
        "strength": ["A", "E", "A"],
        "citation": ["Welsh, Farrington & Douglas (2022)", "Assumed from sight lines", "Piza et al. (2019)"],
        "owner": [{"da": "Kommunen", "en": "The municipality"}] * 3,
        "cautions": [{"da": "Pas på blænding.", "en": "Mind the glare."}] * 3,
        "decides": [{"da": "Teknik- og miljøudvalget", "en": "The technical committee"}] * 3,
        "acts_on": [24.0, NAN, 11.0],
        "fewer": [3.4, NAN, 1.4],
        "reasons": [(Told("{n} lamps are out.", {"n": 2}),), (), ()],
        "status": ["chosen", "chosen", "unpriced"],
        "hidden": [False, False, False],
    }
    table = pd.DataFrame(columns)
    pilots = table.iloc[:1].assign(
        measure="moped_barriers",
        area_id="a09",
        name="Industrien",
        cost_dkk=NAN,
        felt="E",
        rr=NAN,
        p_fewer=NAN,
        p_felt=NAN,
        strength="E",
        citation="",
    )
    return Choice(
        chosen=table.iloc[:2],
        candidates=table,
        pilots=pilots,
        frontier=pd.DataFrame({"budget_dkk": [250_000.0, 500_000.0], "benefit": [12.5, 15.5], "measures": [1, 2]}),
        objective=Told("Best is: people exposed after dark, by priority, times the probability of an effect."),
        budget_dkk=500_000.0,
        spent_dkk=307_525.0,
    )


def _evaluations() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "title": ["Nye lamper på Havnen", "Beskæring i Dyrehaven"],
            "kind": ["lighting_upgrade", "vegetation_thinning"],
            "status": ["done", "done"],
            "verdict": [
                Told("Fewer incidents than in the comparison places."),
                Told("Cannot be shown here."),
            ],
            "change": [-0.49, NAN],
            "lower": [-0.61, NAN],
            "upper": [-0.32, NAN],
            "n_before": [207.0, NAN],
            "n_after": [110.0, NAN],
            "detectable": [0.2, NAN],
            "caveats": [(Told("It was the worst place before."),), ()],
            "hidden": [False, True],
        }
    )


def small_release(audience: Audience = "council") -> Release:
    """The release, with cells, segments and a surface only for those who may see them."""
    areas = gpd.GeoDataFrame(
        {
            "name": NAMES,
            "kind": "housing",
            "owner": "Boligforeningen Havblik",
            "geometry": [square(i % 4, i // 4) for i in range(12)],
        },
        index=pd.Index(IDS, name="area_id"),
        crs=CRS,
    )
    layers, geometry = area_layers(), {"areas": areas, "hotspots": _hotspots()}
    counted = {key: each.spec for key, each in {**layers, **fine_layers()[0]}.items() if each.spec.priority}
    roads = [shapely.LineString([(EAST, NORTH + 400 * i), (EAST + 1600, NORTH + 400 * i)]) for i in range(4)]
    geometry["roads"] = gpd.GeoDataFrame({"kind": "street", "geometry": roads}, crs=CRS)
    if audience in ("planner", "admin"):
        fine, shapes = fine_layers()
        layers, geometry = {**layers, **fine}, {**geometry, **shapes}
    n = pd.Series(np.arange(10.0, 130.0, 10.0), index=areas.index)
    n[HIDDEN_AREA] = NAN
    places = pd.DataFrame(areas.drop(columns="geometry")).assign(
        residents=1500.0, households=700.0, n=n, hidden=areas.index == HIDDEN_AREA
    )
    return Release(
        audience=audience,
        study=Study("Havnstrup", CRS, budget_dkk=500_000.0),
        place=Place("Havnstrup", shapely.box(EAST, NORTH, EAST + 1600, NORTH + 1200), CRS),
        key="3f9a01b2c4d5",
        layers=layers,
        geometry=geometry,
        places=places,
        hotspots=_hotspots(),
        priorities=_priorities(),
        choice=_choice(),
        counted={key: spec for key, spec in counted.items() if key in layers or f"part_{key}" in _priorities()},
        evaluations=_evaluations(),
        findings=(
            Told(
                "Counted period: {first} to {last}, the days that every source of incidents covers.",
                {"first": dt.date(2023, 1, 1), "last": dt.date(2025, 12, 31)},
            ),
            Told("Cells of {cell_m} m.", {"cell_m": 100}),
        ),
        coverage=pd.DataFrame(
            {
                "kind": ["incidents", "incidents", "lamps"],
                "source": ["politi", "kommune", "forsyning"],
                "read": [5012, 2001, 4975],
                "kept": [5000, 1999, 4975],
                "quarantined": [12, 2, 0],
                "first": [dt.date(2023, 1, 1), dt.date(2023, 1, 1), None],
                "last": [dt.date(2025, 12, 31), dt.date(2025, 12, 31), None],
                "share": [1.0, 1.0, 0.624],
            }
        ),
        record={"versions": {"hotspot": "0.1.0"}} if audience in ("planner", "admin") else {},
    )
