"""The literal register of measures: a name, the function that answers it, and what it depends on."""

from hotspot.measures.areas import observed_expected, rate
from hotspot.measures.clusters import hotspots, local_moran
from hotspot.measures.dark_ratio import dark_ratio
from hotspot.measures.density import density
from hotspot.measures.emerging import emerging
from hotspot.measures.felt import felt, felt_recorded, felt_surface
from hotspot.measures.forecast import forecast
from hotspot.measures.green import concealing, pleasant
from hotspot.measures.light import illuminance, path_light
from hotspot.measures.near_repeat import near_repeats
from hotspot.measures.path_density import path_density
from hotspot.measures.values import Measure, Measured, Support, Surface

_INCIDENTS = ("incidents",)
_PEOPLE = ("areas", "population", "visits")
_COUNTED = ("period", "categories", "light", "cell_m", "seed")
_PLACES = ("areas",)

MEASURES: dict[str, Measure] = {
    "density": Measure(density, ("surface",), _INCIDENTS, _PLACES, _COUNTED),
    "hotspots": Measure(
        hotspots,
        ("cells",),
        _INCIDENTS,
        _PEOPLE,
        _COUNTED,
        (
            "n",
            "n_around",
            "expected",
            "expected_here",
            "cells_contributing",
            "gi_z",
            "pvalue",
            "qvalue",
            "ring_qvalue",
            "look",
            "klass",
        ),
    ),
    "emerging": Measure(
        emerging,
        ("cells",),
        _INCIDENTS,
        _PEOPLE,
        _COUNTED,
        (
            "n",
            "n_around",
            "expected",
            "hot_steps",
            "cold_steps",
            "steps",
            "qvalue",
            "trend_pvalue",
            "pattern",
            "klass",
        ),
    ),
    "local_moran": Measure(local_moran, ("cells",), _INCIDENTS, (), _COUNTED, ("n", "pvalue", "qvalue", "klass")),
    "near_repeats": Measure(
        near_repeats, ("cells",), _INCIDENTS, (), _COUNTED, ("n", "ratio", "expected", "qvalue", "klass")
    ),
    "forecast": Measure(forecast, ("cells",), _INCIDENTS, (), _COUNTED, ("n", "klass")),
    "dark_ratio": Measure(
        dark_ratio,
        ("cells",),
        _INCIDENTS,
        (),
        ("period", "categories", "cell_m"),
        ("n", "ratio", "lower", "upper", "pvalue", "qvalue", "klass"),
    ),
    "rate": Measure(rate, ("areas",), ("incidents", "areas"), _PEOPLE, _COUNTED, ("n", "people")),
    "observed_expected": Measure(
        observed_expected,
        ("areas",),
        ("incidents", "areas"),
        _PEOPLE,
        _COUNTED,
        ("n", "expected", "people", "klass"),
    ),
    "illuminance": Measure(illuminance, ("surface",), ("lamps",), (), ("period", "cell_m")),
    "path_light": Measure(
        path_light,
        ("segments",),
        ("lamps", "roads"),
        (),
        ("period",),
        ("mean_lx", "dark_m", "severe_m", "dark_gap_m", "dark_gap_m_disc", "indicative_class", "length_m"),
    ),
    "path_density": Measure(
        path_density,
        ("segments",),
        ("incidents", "roads"),
        (),
        _COUNTED[:3],
        ("n", "length_m", "effective_n", "addresses", "within"),
    ),
    "concealing": Measure(
        concealing,
        ("segments",),
        ("green", "roads"),
        ("buildings",),
        (),
        (
            "understory_near",
            "understory_mid",
            "open_green",
            "condition",
            "prospect_m",
            "sight_lost_m",
            "refuges_green",
        ),
    ),
    "pleasant": Measure(
        pleasant,
        ("segments",),
        ("green", "roads"),
        ("buildings",),
        (),
        (
            "understory_near",
            "understory_mid",
            "open_green",
            "condition",
            "prospect_m",
            "sight_lost_m",
            "refuges_green",
        ),
    ),
    "felt": Measure(felt, ("areas",), ("responses", "areas"), (), (), ("n", "effective")),
    "felt_surface": Measure(felt_surface, ("surface",), ("responses",), _PLACES, ("cell_m",)),
    "felt_recorded": Measure(
        felt_recorded,
        ("areas",),
        ("responses", "incidents", "areas"),
        _PEOPLE,
        _COUNTED,
        ("klass", "share", "share_all", "ratio", "n", "answers"),
    ),
}

__all__ = ["MEASURES", "Measure", "Measured", "Support", "Surface"]
