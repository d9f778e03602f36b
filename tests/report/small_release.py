"""A small release of a town that does not exist: some numbers hidden, some unknown, all kinds of supports."""

import datetime as dt
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspot.errors import Told
from hotspot.grid import Lattice
from hotspot.layers import InPriority, LayerSpec, Show
from hotspot.measures import Surface
from hotspot.release.contract import Choice, Release, Shown
from hotspot.site import Audience
from hotspot.study import Study
from hotspot.tables import Place

CRS = "EPSG:25832"
EAST, NORTH = 500_000.0, 6_200_000.0
NAMES = [
    "Ålegården",
    "Bøgelunden",
    "Centrum",
    "Dyrehaven",
    "Egeparken",
    "Fjordbo",
    "Grønnevang",
    "Havnen",
    "Industrien",
    "Jernbanen",
    "Kastanjen",
    "Lyngen",
]
IDS = [f"a{number:02d}" for number in range(1, 13)]
HIDDEN_AREA, UNKNOWN_AREA = "a05", "a06"
SECRET = {
    "n": 3.0,
    "value": 0.7131,
    "lower": 0.1471,
    "upper": 2.0843,
}  # of the hidden area; never in a release
NAN = float("nan")
PLACED = "This place is number {rank} of {n}; the number lies between {low} and {high} in 9 of 10 draws."
PART = "{component}: {share:.0%} of the score; worse here than in {position:.0%} of the other places."
UNRANKED = Told("Too little is known of this place to rank it: {share:.0%} of the weights.", {"share": 0.2})


def _square(col: float, row: float, side: float = 400.0) -> shapely.Polygon:
    return shapely.box(EAST + col * side, NORTH + row * side, EAST + (col + 1) * side, NORTH + (row + 1) * side)


def spec(key: str, **changes: object) -> LayerSpec:
    """A layer's declaration, the felt unsafety by default."""
    plain = LayerSpec(
        key=key,
        title={"da": "Oplevet utryghed", "en": "Felt unsafety"},
        question={"da": "Hvor stor en del føler sig utrygge?", "en": "Which share feels unsafe?"},
        support="areas",
        measure="felt",
        unit="share",
        status="established",
        show=Show("purples", breaks=(0.1, 0.2, 0.3, 0.4, 0.5)),
        words={
            "reads_as": {
                "da": "{value} af {n} svar er utrygge, 95 %-interval {lower} til {upper}.",
                "en": "{value} of {n} answers feel unsafe, 95 % interval {lower} to {upper}.",
            },
            "caveat": {"da": "Kun svar fra stikprøven.", "en": "Answers of the sample only."},
            "not_for": {"da": "Ikke til skarpe rangordner.", "en": "Not for sharp rankings."},
        },
        priority=InPriority("more is worse", 0.45, "value"),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def _worded(plain: LayerSpec, da: str, en: str) -> dict[str, dict[str, str]]:
    return {**plain.words, "reads_as": {"da": da, "en": en}}  # type: ignore[dict-item]


def _blanked(frame: pd.DataFrame) -> pd.DataFrame:
    hidden = frame.index == HIDDEN_AREA
    blank = frame.copy()
    for name in blank:
        blank[name] = blank[name].mask(hidden, None if blank[name].dtype == object else np.nan)
    return blank.assign(hidden=hidden)


def _area_layers() -> dict[str, Shown]:
    ids = pd.Index(IDS, name="area_id")
    value = pd.Series(np.linspace(0.08, 0.55, 12), index=ids)
    felt = pd.DataFrame({"value": value, "lower": value - 0.06, "upper": value + 0.07, "n": 40.0 + np.arange(12)})
    felt.loc[UNKNOWN_AREA] = NAN
    ratio = pd.Series(np.linspace(0.4, 2.4, 12), index=ids)
    observed = pd.DataFrame(
        {
            "value": ratio,
            "lower": ratio * 0.8,
            "upper": ratio * 1.3,
            "n": np.arange(10.0, 130.0, 10.0),
            "expected": 50.25,
            "klass": np.where(ratio * 0.8 > 1, "more", np.where(ratio * 1.3 < 1, "fewer", "as expected")).astype(
                object
            ),
        }
    )
    observed.loc[HIDDEN_AREA, ["n", "value", "lower", "upper"]] = list(SECRET.values())
    observed.loc[UNKNOWN_AREA, ["value", "lower", "upper", "expected"]] = NAN
    observed.loc[UNKNOWN_AREA, "klass"] = "cannot say"
    against = pd.DataFrame(
        {
            "value": ratio,
            "n": observed["n"],
            "share": value,
            "share_all": 0.3,
            "ratio": ratio,
            "klass": [
                "felt safe, few recorded",
                "felt unsafe, few recorded",
                "felt unsafe, many recorded",
                *["neither"] * 8,
                "cannot say",
            ],
        },
        index=ids,
    )
    felt_spec = spec("felt_unsafe")
    observed_spec = spec(
        "observed_expected",
        title={"da": "Registreret mod forventet", "en": "Observed against expected"},
        unit="ratio",
        measure="observed_expected",
        show=Show("burd", breaks=(0.5, 0.7, 0.9, 1.1, 1.4, 2.0)),
        words=_worded(
            felt_spec,
            "{n} hændelser mod {expected} forventet: {value} gange.",
            "{n} incidents against {expected} expected: {value} times.",
        ),
    )
    against_spec = spec(
        "felt_recorded",
        title={"da": "Oplevet mod registreret", "en": "Felt against recorded"},
        unit="class",
        measure="felt_recorded",
        priority=None,
        show=Show(
            "classes",
            column="klass",
            classes=(
                "felt unsafe, few recorded",
                "felt unsafe, many recorded",
                "felt safe, many recorded",
                "felt safe, few recorded",
                "neither",
                "cannot say",
            ),
        ),
        words=_worded(
            felt_spec,
            "{klass}: {share} utrygge mod {share_all} i alt.",
            "{klass}: {share} feel unsafe against {share_all} in all.",
        ),
    )
    return {
        "felt_recorded": Shown(against_spec, _blanked(against)),
        "felt_unsafe": Shown(felt_spec, felt.assign(hidden=False)),
        "observed_expected": Shown(observed_spec, _blanked(observed)),
    }


def _fine_layers() -> tuple[dict[str, Shown], dict[str, gpd.GeoDataFrame]]:
    """Cells, segments and a surface, as a planner sees them."""
    at = [(col, row) for row in range(12) for col in range(16)]
    cell_ids = pd.Index([f"c{col}_{row}" for col, row in at], name="cell_id")
    cells = gpd.GeoDataFrame({"geometry": [_square(col, row, 100.0) for col, row in at]}, index=cell_ids, crs=CRS)
    klass = np.array(["not significant"] * len(at), dtype=object)
    klass[[20, 21, 36, 37]] = "hot"
    klass[100], klass[101], klass[102], klass[103] = "cold", "too few data", "undefined", "busy"
    hot = pd.DataFrame(
        {
            "value": np.linspace(0.2, 3.0, len(at)),
            "n": np.arange(len(at)) + 5.0,
            "n_around": np.arange(len(at)) + 50.0,
            "expected": 40.0,
            "qvalue": np.linspace(0.0001, 0.9, len(at)),
            "klass": klass,
            "hidden": False,
        },
        index=cell_ids,
    )
    hot.loc["c0_0", ["value", "n", "n_around", "expected", "qvalue"]] = NAN
    hot.loc["c0_0", "hidden"] = True
    hot_spec = spec(
        "hotspots",
        title={"da": "Signifikante hotspots", "en": "Significant hot spots"},
        support="cells",
        measure="hotspots",
        unit="ratio",
        priority=None,
        show=Show(
            "classes",
            column="klass",
            classes=("hot", "busy", "cold", "not significant", "too few data", "undefined", "no neighbours"),
        ),
        words=_worded(
            spec("x"),
            "{n_around} hændelser mod {expected} forventet; q = {qvalue}.",
            "{n_around} incidents against {expected} expected; q = {qvalue}.",
        ),
    )
    lines = [shapely.LineString([(EAST, NORTH + 150 * i), (EAST + 1600, NORTH + 150 * i + 40)]) for i in range(8)]
    segments = gpd.GeoDataFrame(
        {"name": "Stien", "kind": "path", "length_m": 1600.0, "area_id": IDS[:8], "geometry": lines},
        index=pd.Index([f"s{i}" for i in range(8)], name="segment_id"),
        crs=CRS,
    )
    lux = pd.DataFrame(
        {
            "value": [0.1, 0.5, 1.2, 2.0, 3.4, 6.0, NAN, 1.0],
            "mean_lx": 3.0,
            "dark_gap_m": 41.4,
            "hidden": False,
        },
        index=segments.index,
    )
    lux_spec = spec(
        "path_light",
        title={"da": "Lys langs stier", "en": "Light along paths"},
        support="segments",
        unit="lx",
        measure="path_light",
        show=Show("cividis", breaks=(0.4, 1.0, 2.0, 3.0, 5.0)),
        words=_worded(
            spec("x"),
            "Mindst {value} lux; længste mørke stykke {dark_gap_m} m.",
            "At least {value} lux; longest dark stretch {dark_gap_m} m.",
        ),
    )
    lattice = Lattice(EAST, NORTH + 1200, 25.0, 48, 64)
    values = np.hypot(*np.meshgrid(np.arange(64) - 20, np.arange(48) - 30)) * 1.5
    gone = values > 90
    unknown = np.zeros_like(gone)
    unknown[:4] = True
    surface = Surface(lattice, np.where(gone | unknown, NAN, values))
    density_spec = spec(
        "density",
        title={"da": "Tæthed", "en": "Density"},
        support="surface",
        unit="incidents_per_km2_year",
        measure="density",
        priority=None,
        show=Show("ylorrd"),
        words=_worded(
            spec("x"),
            "{value} hændelser pr. km² og år, udjævnet over {bandwidth_m} m.",
            "{value} incidents per km² and year, smoothed over {bandwidth_m} m.",
        ),
    )
    layers = {
        "density": Shown(density_spec, surface=surface, hidden=gone & ~unknown, facts={"bandwidth_m": 240.0}),
        "hotspots": Shown(hot_spec, hot),
        "path_light": Shown(lux_spec, lux),
    }
    return layers, {"cells": cells, "segments": segments}


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
        "by_category": [{"riding": 40.0, "gathering": 20.0, "fire": NAN}, {}],
        "dark_share": [0.61, NAN],
        "trend": ["rising", "cannot say"],
        "stability": [NAN, NAN],
        "hidden": [False, True],
        "geometry": [_square(0.5, 0.5, 200.0), _square(5, 2, 200.0)],
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
            "geometry": [_square(i % 4, i // 4) for i in range(12)],
        },
        index=pd.Index(IDS, name="area_id"),
        crs=CRS,
    )
    layers, geometry = _area_layers(), {"areas": areas, "hotspots": _hotspots()}
    roads = [shapely.LineString([(EAST, NORTH + 400 * i), (EAST + 1600, NORTH + 400 * i)]) for i in range(4)]
    geometry["roads"] = gpd.GeoDataFrame({"kind": "street", "geometry": roads}, crs=CRS)
    if audience in ("planner", "admin"):
        fine, shapes = _fine_layers()
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
