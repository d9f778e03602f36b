"""From ranked places to measures within the budget."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspot.decisions.effects import assumptions
from hotspot.decisions.evidence import Measure, measures_from
from hotspot.decisions.expectations import Expected, expect
from hotspot.decisions.portfolio import CHOSEN, OBJECTIVE, Portfolio, best_portfolio
from hotspot.decisions.priorities import Priorities
from hotspot.decisions.sites import find_candidates
from hotspot.environment.sun import dark_hours
from hotspot.errors import N_, Told
from hotspot.measures.areas import people
from hotspot.measures.scene import Scene
from hotspot.pipeline.by_category import acting
from hotspot.store import Snapshot
from hotspot.study import Study

_UNSAID = {  # facts that no table gives, as a reader knows them
    "rear_accesses": N_("accesses to dwellings from the rear"),
    "through_streets": N_("streets open to through traffic"),
    "vacant_m2": N_("neglected and unused ground"),
    "path_entrances": N_("where paths meet streets"),
    "poor_green_m2": N_("green in bad condition"),
    "concealing_share": N_("how much growth conceals along paths"),
    "dark_gap_m": N_("dark stretches of path"),
    "min_lux": N_("light along paths"),
    "path_m": N_("lengths of paths"),
    "households": N_("households"),
    "n_drugs": N_("drug nuisance"),
    "n_gathering": N_("gathering and disturbance"),
    "n_riding": N_("reckless riding"),
}
_SHOWN = (
    "area_id",
    "name",
    "measure",
    "mechanism",
    "unit",
    "quantity",
    "cost_dkk",
    "yearly_dkk",
    "life_years",
    "price_source",
    "unpriced",
    *Expected._fields,
    "p_effect",
    "benefit",
    "per_million",
    "status",
)


@dataclass(frozen=True)
class Choices:
    """What to do for the money.

    Parameters
    ----------
    chosen, candidates, pilots
        Measures within the budget; all with an effect, best first; those without a known effect. Columns: area_id,
        name, measure, unit, quantity, cost_dkk (NaN unpriced), yearly_dkk, life_years, price_source, unpriced
        (why), those of
        `hotspot.decisions.expectations.Expected`, p_effect, benefit, per_million, status, and the measure's
        words ``measure_name``,
        ``owner``, ``decides``, ``cautions``, each language to text.
    frontier
        Other budgets: budget_dkk, spent_dkk, benefit, measures.
    objective
        What "best" means.
    budget_dkk, spent_dkk
        The budget, and what the chosen measures cost. [DKK]
    notes
        What the reader should know.
    exposed
        People exposed after dark, by area_id; NaN where it cannot be said.
    """

    chosen: pd.DataFrame
    candidates: pd.DataFrame
    pilots: pd.DataFrame
    frontier: pd.DataFrame
    objective: Told
    budget_dkk: float
    spent_dkk: float
    notes: tuple[Told, ...] = ()
    exposed: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))


def choose(
    study: Study,
    scene: Scene,
    snapshot: Snapshot,
    ranked: Priorities,
    *,
    facts: pd.DataFrame,
    counts: pd.DataFrame | None,
) -> Choices:
    """Choose measures for the ranked places within the study's budget.

    Parameters
    ----------
    study
        Budget and seed.
    scene
        Tables as the recipe sees them.
    snapshot
        The evidence.
    ranked
        Priorities of the places.
    facts
        Facts of the places, from `hotspot.pipeline.facts.place_facts`.
    counts
        Yearly incidents by place, category and light; None without incidents.

    Returns
    -------
    Choices
        Empty tables where there is nothing to choose from.
    """
    measures = acting(measures_from(snapshot.evidence), snapshot.categories)
    prices = snapshot.tables["prices"].frame if "prices" in snapshot.tables else None
    found = find_candidates(facts, measures, prices)
    rng = np.random.default_rng(study.seed)
    none = pd.DataFrame({"area_id": [], "category": [], "light": [], "per_year": []})
    outdoor = {code: each.outdoor for code, each in snapshot.categories.items()}
    effects = expect(found.table, none if counts is None else counts, measures, outdoor, rng)
    works = {key: each.mechanism for key, each in measures.items()}
    table = found.table.join(effects).assign(mechanism=found.table["measure"].map(works))
    exposed = people(scene) * dark_share(scene)
    portfolio = best_portfolio(table, exposed * ranked.table["score"], study.budget_dkk)
    return Choices(
        chosen=_worded(portfolio.chosen, scene.places, measures),
        candidates=_worded(portfolio.candidates, scene.places, measures),
        pilots=_worded(portfolio.pilots, scene.places, measures),
        frontier=portfolio.frontier,
        objective=OBJECTIVE,
        budget_dkk=study.budget_dkk,
        spent_dkk=portfolio.spent_dkk,
        notes=_notes(portfolio, found.unsaid, prices),
        exposed=exposed,
    )


def choose_again(choice: Choices, score: pd.Series) -> Choices:
    """Choose measures anew for places of another order.

    Parameters
    ----------
    choice
        Measures chosen before.
    score
        Priority score by ``area_id``; NaN where it cannot be said.

    Returns
    -------
    Choices
        The same candidates, their benefit by the new score, and the best of them within the same budget.
    """
    if choice.candidates.empty:
        return choice
    found = best_portfolio(choice.candidates.assign(pilot=False), choice.exposed * score, choice.budget_dkk)
    candidates = found.candidates.drop(columns="pilot")
    known = choice.frontier.drop(columns=found.frontier.columns, errors="ignore")
    return replace(
        choice,
        chosen=candidates[candidates["status"] == CHOSEN],
        candidates=candidates,
        frontier=found.frontier.join(known),
        spent_dkk=found.spent_dkk,
    )


def dark_share(scene: Scene) -> float:
    """Return the share of the counted period's hours that were dark.

    Parameters
    ----------
    scene
        Tables as the recipe sees them.

    Returns
    -------
    float
        Between 0 and 1; of a whole year without incidents to give a period.
    """
    first, last = scene.period if scene.has("incidents") else (pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-31"))
    hours = dark_hours(pd.Timestamp(first), pd.Timestamp(last) + pd.Timedelta(days=1), *scene.place.lonlat)
    return float(hours.dark / (hours.day + hours.dusk + hours.dark))


def _worded(table: pd.DataFrame, places: gpd.GeoDataFrame, measures: Mapping[str, Measure]) -> pd.DataFrame:
    named = table.assign(name=table["area_id"].map(places["name"]))
    named = named.reindex(columns=list(_SHOWN))
    for column, text in (
        ("measure_name", "name"),
        ("owner", "owner"),
        ("decides", "decides"),
        ("cautions", "cautions"),
    ):
        named[column] = [measures[str(key)].texts[text] for key in named["measure"]]  # type: ignore[assignment]  # the stubs are narrower than the library
    return named


def _notes(portfolio: Portfolio, unsaid: pd.DataFrame, prices: pd.DataFrame | None) -> tuple[Told, ...]:
    told = [assumptions()]
    if prices is None:
        told.append(Told(N_("There is no price list: measures are ranked but unpriced, never free.")))
    unpriced = int((portfolio.candidates["status"] == "unpriced").sum())
    if unpriced and prices is not None:
        told.append(
            Told(
                N_(
                    "{count} possible {count:measure has|measures have} no price and {count:stands|stand} outside the "
                    "budget."
                ),
                {"count": unpriced},
            )
        )
    if len(unsaid):
        missing = sorted({name for names in unsaid["missing"] for name in names})
        told.append(
            Told(
                N_(
                    "For {count} places and measures it cannot be said whether they fit, since "
                    "nobody delivered: {missing}."
                ),
                {"count": len(unsaid), "missing": [Told(_UNSAID.get(name, name)) for name in missing]},
            )
        )
    return tuple(told)
