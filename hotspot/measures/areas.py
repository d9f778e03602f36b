"""Measures over incidents per area: rates, and what the population would lead one to expect."""

import numpy as np
import pandas as pd

from hotspot.counting import total_by
from hotspot.errors import N_, Told
from hotspot.measures.density import membership
from hotspot.measures.scene import Scene
from hotspot.measures.values import Measured
from hotspot.stats.expected import Expected, expected_counts
from hotspot.stats.rates import sir

_AGES = ("x_share_0_17", "x_share_18_29", "x_share_65_plus")
_PER = 1_000.0


def counted(scene: Scene, light: str, categories: tuple[str, ...]) -> pd.Series:
    """Count a layer's incidents per place.

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    light
        ``"study"`` or one of day, dusk, dark.
    categories
        Codes that the layer is about; empty takes the recipe's.

    Returns
    -------
    Series
        Sum of the chances to count, by ``area_id``.
    """
    return total_by(scene.incidents["area_id"], membership(scene, light, categories), scene.places.index)


def people(scene: Scene) -> pd.Series:
    """Return residents plus daily visits per place, from cells where the areas do not tell.

    Parameters
    ----------
    scene
        Tables as the recipe sees them.

    Returns
    -------
    Series
        People by ``area_id``; NaN where neither residents nor visits are known.
    """
    visits = total_by(scene.cell_areas, scene.visits.fillna(0.0), scene.places.index)
    residents = scene.places["residents"].astype(float)
    if scene.has("population"):
        from_cells = total_by(scene.cell_areas, scene.residents.fillna(0.0), scene.places.index)
        residents = residents.fillna(from_cells)
    if scene.has("visits"):
        return residents.fillna(0.0).where(residents.notna() | (visits > 0)) + visits
    return residents


def rate(scene: Scene, *, light: str = "study", categories: tuple[str, ...] = ()) -> Measured:
    """How many incidents are there for those who live and pass there?

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    light
        ``"study"`` or one of day, dusk, dark.
    categories
        Codes that the layer is about; empty takes the recipe's.

    Returns
    -------
    Measured
        Per place: ``value``, ``lower`` and ``upper`` (Byar, 95 %) [incidents per 1,000 residents and daily visits and
        year], ``n`` and ``people``. NaN where nobody is known to live or pass.
    """
    n, size = counted(scene, light, tuple(categories)), people(scene)
    base = (size * scene.years / _PER).where(size > 0)
    ratio = sir(n.to_numpy(), base.to_numpy())
    frame = pd.DataFrame(
        {"value": ratio.ratio, "lower": ratio.lower, "upper": ratio.upper, "n": n, "people": size}, index=n.index
    )
    return Measured(frame=frame, facts={"n": float(n.sum()), "years": scene.years})


def observed_expected(scene: Scene, *, light: str = "study", categories: tuple[str, ...] = ()) -> Measured:
    """Are there fewer incidents than the people of a place would predict?

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    light
        ``"study"`` or one of day, dusk, dark.
    categories
        Codes that the layer is about; empty takes the recipe's.

    Returns
    -------
    Measured
        Per place: ``value`` (observed over expected), ``lower`` and ``upper`` (95 %), ``n``, ``expected``, ``people`` and
        ``klass``: "fewer", "as expected", "more" or "cannot say".

    Notes
    -----
    All covariates of the areas if there are five areas for each; else age shares alone; else one rate for
    everybody. Which it was is told. Covariates describe places, never groups of people by origin.
    """
    n, size = counted(scene, light, tuple(categories)), people(scene)
    known = scene.places.columns[[str(c).startswith("x_") for c in scene.places.columns]]
    given = [c for c in known if scene.places[c].notna().any()]
    tries = [given, [c for c in _AGES if c in given], []]
    found, told = _first_that_stands(n, size, scene, tries)
    frame = pd.DataFrame(
        {
            "value": found.ratio,
            "lower": found.lower,
            "upper": found.upper,
            "n": n.to_numpy(),
            "expected": found.expected,
            "people": size.to_numpy(),
            "klass": found.reading.astype(object),
        },
        index=n.index,
    )
    return Measured(frame=frame, notes=told, facts={"n": float(n.sum()), "dispersion": found.dispersion})


def _first_that_stands(
    n: pd.Series, size: pd.Series, scene: Scene, tries: list[list[str]]
) -> tuple[Expected, tuple[Told, ...]]:
    """Fit with the most covariates that the areas can carry."""
    for names in tries:
        covariates = scene.places[names].to_numpy(float) if names else None
        found = expected_counts(n.round().to_numpy(), size.to_numpy(), covariates)
        if not names or found.model in ("poisson", "negative binomial"):
            break
    if names and set(names) <= set(_AGES):
        said = Told(N_("Expected counts are adjusted for people and age only: the areas are too few for more."))
    elif names:
        said = Told(
            N_("Expected counts are adjusted for people and {n} features of the areas ({model})."),
            {"n": len(names), "model": found.model},
        )
    else:
        said = Told(N_("Expected counts follow people alone: nothing else is known, or the areas are too few."))
    return found, (said, *found.findings)


def everybody(frame: pd.DataFrame) -> float:
    """Return the weighted mean of a share over all areas.

    Parameters
    ----------
    frame
        Columns ``value`` and ``weight``.

    Returns
    -------
    float
        The mean; NaN without weights.
    """
    known = frame["value"].notna() & (frame["weight"] > 0)
    if not known.any():
        return float("nan")
    return float(np.average(frame.loc[known, "value"], weights=frame.loc[known, "weight"]))
