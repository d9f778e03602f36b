"""The layers of the small release: some numbers hidden, some unknown, all kinds of supports."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspot.grid import Lattice
from hotspot.layers import InPriority, LayerSpec, Show
from hotspot.measures import Surface
from hotspot.release.contract import Shown

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


def square(col: float, row: float, side: float = 400.0) -> shapely.Polygon:
    """A square of the town, by column and row."""
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
                "en": "{value} of {n} answers feel unsafe, 95% interval {lower} to {upper}.",
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


def area_layers() -> dict[str, Shown]:
    """Layers by area, as everybody sees them."""
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


def fine_layers() -> tuple[dict[str, Shown], dict[str, gpd.GeoDataFrame]]:
    """Cells, segments and a surface, as a planner sees them."""
    at = [(col, row) for row in range(12) for col in range(16)]
    cell_ids = pd.Index([f"c{col}_{row}" for col, row in at], name="cell_id")
    cells = gpd.GeoDataFrame({"geometry": [square(col, row, 100.0) for col, row in at]}, index=cell_ids, crs=CRS)
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
