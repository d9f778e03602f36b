"""How much may be said of the people of a place, by how many households live there."""

from typing import Literal

import numpy as np
import pandas as pd

from hotspot.release.suppression import hide

Tier = Literal["none", "key figures", "few intervals", "more intervals", "all"]
# METHODS 12: Statistics Denmark's tiers for figures by households, as the LOIS manual cites them
_TIERS: tuple[tuple[float, Tier], ...] = (
    (20, "none"), (50, "key figures"), (100, "few intervals"), (150, "more intervals"), (np.inf, "all"),
)  # fmt: skip
_PEOPLE = ("residents", "households", "people")
_PER_HEAD = ("value", "lower", "upper", "expected")


def tier(households: float) -> Tier:
    """Say how much may be told of the people of a place.

    Parameters
    ----------
    households
        How many live there; NaN, unknown, allows nothing.

    Returns
    -------
    str
        "none" below 20 households, "key figures" (how many people and households) below 50, "few intervals" below 100,
        "more intervals" below 150, else "all".
    """
    return next((name for most, name in _TIERS if households < most), "none")


def few_households(places: pd.DataFrame) -> pd.Series:
    """Say of which places no figure about people may be shown.

    Parameters
    ----------
    places
        Columns ``residents`` and ``households``.

    Returns
    -------
    Series
        True below 20 households where anyone lives; where only one place is such, the next smallest is hidden with
        it, since the whole place's number of residents is public.
    """
    households, residents = places["households"].astype(float), places["residents"].astype(float)
    lived_in = (residents.fillna(0.0) > 0) | (households.fillna(0.0) > 0)
    few = (lived_in & (households.map(tier) == "none")).to_numpy()
    counts = households.where(lived_in, 0.0).fillna(0.0).to_numpy()
    return pd.Series(hide(counts, [np.arange(len(counts))] if few.any() else [], 0, besides=few), index=places.index)


def without_few_households(table: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return a table of places without the figures that fewer than 20 households stand behind.

    Parameters
    ----------
    table
        Indexed by ``area_id``.
    places
        Residents and households of every place.

    Returns
    -------
    DataFrame
        The same rows; people are NaN there, and so is what is counted per head where residents alone are the people.
    """
    few = few_households(places).reindex(table.index, fill_value=False)
    shown = table.copy()
    for name in _PEOPLE:
        if name in shown:
            shown[name] = shown[name].astype(float).mask(few)
    if "people" in table:
        alone = few & (table["people"] <= places["residents"].reindex(table.index))
        for name in _PER_HEAD:
            if name in shown:
                shown[name] = shown[name].astype(float).mask(alone)
    return shown
