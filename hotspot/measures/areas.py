"""Measures over incidents per area: rates, and what the population would lead one to expect."""

import pandas as pd

from hotspot.counting import total_by
from hotspot.errors import N_, Told
from hotspot.measures.density import membership
from hotspot.measures.scene import Scene
from hotspot.measures.values import Measured
from hotspot.stats.expected import Expected, expected_counts
from hotspot.stats.rates import sir

_AGES = ("x_share_0_17", "x_share_18_29", "x_share_65_plus")
_ADULT_AGES = ("x_share_18_29", "x_share_65_plus")
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
    recorded = not categories or scene.frame("incidents")["category"].isin(categories).any()
    base = (size * scene.years / _PER).where(size > 0) if recorded else size * float("nan")
    ratio = sir(n.to_numpy(), base.to_numpy())
    frame = pd.DataFrame(
        {"value": ratio.ratio, "lower": ratio.lower, "upper": ratio.upper, "n": n, "people": size},
        index=n.index,
    )
    told = (
        () if recorded else (Told(N_("No source records these categories: nothing recorded is not nothing happened.")),)
    )
    return Measured(frame=frame, notes=told, facts={"n": float(n.sum()), "years": scene.years})


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
        Per place: ``value`` (observed over expected), ``lower`` and ``upper`` (95 %), ``n``, ``expected``,
        ``people`` and
        ``klass``: "fewer", "as expected", "more" or "cannot say".

    Notes
    -----
    All covariates of the areas if there are five areas for each; else age shares alone; else one rate for
    everybody. Which it was is told. Covariates describe places, never groups of people by origin.
    """
    n, size = counted(scene, light, tuple(categories)), people(scene)
    found, told = _best_known(n, size, scene)
    frame = found.assign(n=n, people=size)
    return Measured(frame=frame, notes=told, facts={"n": float(n.sum())})


def per_head(scene: Scene, *, light: str = "study", categories: tuple[str, ...] = ()) -> Measured:
    """Are more incidents recorded than the number of people alone would give?

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
        As `observed_expected`, with one rate for everybody.
    """
    n, size = counted(scene, light, tuple(categories)), people(scene)
    found = expected_counts(n.round().to_numpy(), size.to_numpy())
    return Measured(frame=_framed(found, n.index).assign(n=n, people=size))


def _best_known(n: pd.Series, size: pd.Series, scene: Scene) -> tuple[pd.DataFrame, tuple[Told, ...]]:
    """Expect with the most features that the areas can carry; where they are not known, of people alone."""
    plain = expected_counts(n.round().to_numpy(), size.to_numpy())
    frame = _framed(plain, n.index)
    for names in _tries(scene):
        known = scene.places[names].notna().all(axis=1) & (size > 0)
        found = expected_counts(
            n[known].round().to_numpy(),
            size[known].to_numpy(),
            scene.places.loc[known, names].to_numpy(float),
        )
        if found.model in ("poisson", "negative binomial"):
            frame.loc[known] = _framed(found, n.index[known])
            return frame, (_said(names, known, found), *found.findings)
    said = Told(N_("Expected counts follow people alone: nothing else is known, or the areas are too few."))
    return frame, (said, *plain.findings)


def _tries(scene: Scene) -> list[list[str]]:
    """List sets of features from the richest to age alone."""
    given = [str(c) for c in scene.places.columns if str(c).startswith("x_") and scene.places[c].notna().any()]
    ages = [[c for c in names if c in given] for names in (_AGES, _ADULT_AGES)]
    return [names for names in (given, *ages) if names]


def _framed(found: Expected, index: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "value": found.ratio,
            "lower": found.lower,
            "upper": found.upper,
            "expected": found.expected,
            "klass": found.reading.astype(object),
        },
        index=index,
    )


def _said(names: list[str], known: pd.Series, found: Expected) -> Told:
    values = {
        "n": int(known.sum()),
        "others": int((~known).sum()),
        "features": len(names),
        "model": found.model,
    }
    if set(names) <= set(_AGES):
        return Told(
            N_(
                "Expected counts of {n} {n:area|areas} are adjusted for people and age only, since the areas "
                "are too few for more; "
                "those of {others} places follow people alone."
            ),
            values,
        )
    return Told(
        N_(
            "Expected counts of {n} {n:area|areas} are adjusted for people and {features} "
            "{features:feature|features} of the "
            "areas ({model}); those of "
            "{others} places follow people alone."
        ),
        values,
    )
