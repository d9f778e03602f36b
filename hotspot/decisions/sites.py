"""What could be done where: measures whose condition a place meets, with quantity and cost."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd

from hotspot.decisions.evidence import Condition, Measure
from hotspot.errors import StudyError

FACTS: Mapping[str, str] = MappingProxyType(
    {
        "kind": "kind of place, as in areas",
        "households": "dwellings [households]",
        "lamps": "lamps in the place [lamps]",
        "min_lux": "lowest estimated illuminance on its used paths [lx]",
        "dark_gap_m": "longest stretch of used path below 2 lx [m]",
        "dark_path_m": "all used path below 2 lx [m]",
        "path_m": "path and street [m]",
        "concealing_share": "share of path metres with concealing green within 5 m [0 to 1]",
        "concealing_m2": "concealing green within 5 m of paths [m2]",
        "poor_green_m2": "green in bad condition [m2]",
        "vacant_m2": "neglected, unused ground [m2]",
        "rear_accesses": "accesses to dwellings from the rear [pieces]",
        "path_entrances": "where paths meet streets [pieces]",
        "through_streets": "streets open to through traffic [streets]",
        "hot_spots": "significant hot spots that touch the place [hot spots]",
        "n_riding": "incidents of the category a year, and so for every other category [incidents per year]",
    }
)
"""Facts of a place that the conditions of the evidence folder may ask for, with units."""
PER_YEAR = "n_"
DISCOUNT = 0.035
"""Yearly rate of discount (METHODS 10; the Danish public rate, from memory)."""
SEPARATOR = "|"


class Candidates(NamedTuple):
    """What could be done where.

    Parameters
    ----------
    table
        One row per place and fitting measure, indexed by ``site`` (place and measure): area_id, measure,
        pilot, unit, quantity, cost_dkk (first year: investment and running cost), yearly_dkk (cost a year
        over its life), life_years, price_source, unpriced (why there is no cost, empty where there is one).
        NaN cost means that no price is known, never that it is free.
    unsaid
        One row per place and measure of which it cannot be said whether it fits: area_id, measure, missing
        (the facts that are not known).
    """

    table: pd.DataFrame
    unsaid: pd.DataFrame


def find_candidates(
    facts: pd.DataFrame, measures: Mapping[str, Measure], prices: pd.DataFrame | None = None
) -> Candidates:
    """Which measures could be taken at which places, how much of them, and at what cost?

    Parameters
    ----------
    facts : frame, shape (places, facts)
        Indexed by area_id; columns as in `FACTS`. A missing column or NaN means "cannot say".
    measures
        The evidence, from `hotspot.decisions.evidence.measures_from`.
    prices : frame, optional
        The municipality's price list: measure, unit, capex_dkk, opex_dkk_year, life_years, source.

    Returns
    -------
    Candidates
        Places in the caller's order, measures by key.

    Raises
    ------
    StudyError
        If the price list names a measure twice.

    Notes
    -----
    A condition on an unknown fact is neither true nor false. A measure fits where every condition holds;
    where none fails but one is unknown, the pair goes to ``unsaid``. Where nothing is left to do (a quantity
    of zero) there is no candidate. A price is used only if it is per the measure's own unit and names both
    investment and running cost, since an empty field is not zero.
    """
    listed = _price_list(prices)
    rows, unsaid = [], []
    for area_id in facts.index:
        place = facts.loc[area_id]
        for key in sorted(measures):
            fits, missing = fit(place, measures[key].conditions)
            if fits and missing:
                unsaid.append({"area_id": area_id, "measure": key, "missing": missing})
            elif fits and _quantity(place, measures[key]) != 0:
                rows.append(_candidate(area_id, place, measures[key], listed.get(key)))
    columns = ["site", "area_id", "measure", "pilot", "unit", "quantity", "cost_dkk", "yearly_dkk"]
    table = pd.DataFrame(rows, columns=[*columns, "life_years", "price_source", "unpriced"]).set_index("site")
    return Candidates(table, pd.DataFrame(unsaid, columns=["area_id", "measure", "missing"]))


def fit(place: pd.Series, conditions: tuple[Condition, ...]) -> tuple[bool, tuple[str, ...]]:
    """Does a place meet the conditions of a measure?

    Parameters
    ----------
    place
        Facts of one place.
    conditions
        All of which must hold.

    Returns
    -------
    tuple
        Whether no condition fails, and the names of the facts that are not known.
    """
    missing = []
    for each in conditions:
        value = place.get(each.fact, np.nan)
        if pd.isna(value):
            missing.append(each.fact)
        elif not _holds(each, value):
            return False, ()
    return True, tuple(missing)


def _holds(condition: Condition, value: float | str) -> bool:
    if isinstance(condition.value, tuple):
        return value in condition.value
    number, limit = float(value), condition.value
    return {
        "above": number > limit,
        "at_least": number >= limit,
        "below": number < limit,
        "at_most": number <= limit,
    }[condition.test]


def _candidate(area_id: object, place: pd.Series, measure: Measure, price: pd.Series | None) -> dict[str, object]:
    """One place and one measure, with quantity and cost."""
    quantity = _quantity(place, measure)
    life = measure.life_years if price is None or pd.isna(price["life_years"]) else float(price["life_years"])
    capex, opex = (np.nan, np.nan) if price is None else (float(price["capex_dkk"]), float(price["opex_dkk_year"]))
    why = _unpriced(measure, quantity, price)
    known = not why
    return {
        "site": f"{area_id}{SEPARATOR}{measure.key}",
        "area_id": area_id,
        "measure": measure.key,
        "pilot": measure.pilot,
        "unit": measure.unit,
        "quantity": quantity,
        "cost_dkk": quantity * (capex + opex) if known else np.nan,
        "yearly_dkk": quantity * (capex * recovery(DISCOUNT, life) + opex) if known else np.nan,
        "life_years": life,
        "price_source": str(price["source"]) if known and price is not None else "",
        "unpriced": why,
    }


def _quantity(place: pd.Series, measure: Measure) -> float:
    rule = measure.quantity
    if not rule.fact:
        return float(rule.constant)
    units = float(place.get(rule.fact, np.nan)) / rule.divide_by
    return float(np.ceil(units)) if rule.whole else units


def _unpriced(measure: Measure, quantity: float, price: pd.Series | None) -> str:
    """Why no cost can be said; empty where it can."""
    if price is None:
        return "no price"
    if price["unit"] != measure.unit:
        return "price per another unit"
    if pd.isna(price["capex_dkk"]) or pd.isna(price["opex_dkk_year"]):
        return "price incomplete"
    return "quantity not known" if np.isnan(quantity) else ""


def _price_list(prices: pd.DataFrame | None) -> dict[str, pd.Series]:
    if prices is None or prices.empty:
        return {}
    twice = sorted(set(prices.loc[prices["measure"].duplicated(), "measure"]))
    if twice:
        raise StudyError(
            "The price list names each measure once.",
            "Named more than once: {names}.",
            "Keep one row for each, and import the price list again.",
            names=", ".join(twice),
        )
    return {str(row["measure"]): row for _, row in prices.iterrows()}


def recovery(rate: float, years: float) -> float:
    """What share of an investment falls on each year of its life?

    Parameters
    ----------
    rate
        Yearly rate of discount.
    years
        Life. [years]

    Returns
    -------
    float
        Capital recovery factor; NaN where the life is not known or not above 0.

    Notes
    -----
    r / (1 - (1 + r)^-n), and 1 / n without discount.

    Examples
    --------
    >>> round(recovery(0.035, 20), 7)
    0.0703611
    """
    if not years > 0:
        return float("nan")
    return rate / (1 - (1 + rate) ** -years) if rate else 1 / years
