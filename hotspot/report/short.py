"""The head of a paper: its title, the days counted, and in short what first, for how much, how sure."""

import datetime as dt

import pandas as pd

from hotspot.errors import N_
from hotspot.glossary import Language, words
from hotspot.measures import MEASURES
from hotspot.release.contract import Release
from hotspot.report.blocks import Block, Heading, Points, Text
from hotspot.report.measures import cost_text, distinct_effects, measure_groups, measure_table
from hotspot.report.names import text_of
from hotspot.report.tables import by_homes, period_text, priority_table, ranked

PLACELESS = "“{code}”: all {n} rows lack a place"
"""How the finding begins that no row of a kind of incidents has a place."""
_FELT = N_("{place}: where it feels unsafe, and what to do first")
_RECORDED = N_("{place}: where incidents are recorded, and what to do first")
_WITHIN = N_("Within {budget} we propose {measures}. In all {spent} in the first year; {left} is left.")
_GROUP = N_("{measure} ({places}; {spent})")
_NO_PRICES = N_("No priced measure can be proposed within the budget: prices or evidence are missing.")
_FITS = N_("Without a price, but fitting: {measures}.")
_ORDER_SURE = N_("Of {n} {n:place|places}, {places} (90% intervals).")
_EFFECT = N_("{measure}. Incidents: {fewer}. Felt safety: {felt}.")
_SILENT = N_("Nothing can be said of: {names}.")
_NOT_ASKED = N_("Nobody has been asked how safe they feel: this rests on recorded incidents alone.")
_UNRANKED = N_("Places that cannot be ranked at all: {m}.")
_BETWEEN = N_("Of the places between the housing areas, first come {names}; fewer are asked there, so less is known.")
_OWN = N_("Of what is proposed within the municipality’s budget of {budget}, {spent} is spent here: {measures}.")
_NOTHING_OWN = N_("Nothing of what is proposed within the municipality’s budget of {budget} lies here.")


def title_of(release: Release, language: Language) -> str:
    """Return the paper's title, which says that it feels unsafe only where people were asked.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        With the place's name.
    """
    return words(language)(_FELT if were_asked(release) else _RECORDED, place=release.place.name)


def subtitle_of(release: Release, language: Language) -> str:
    """Return the days counted and, where anything has a price, the budget.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        One line.
    """
    _ = words(language)
    period = counted_period(release, language)
    if not has_prices(release):
        return _(N_("Data of {period} · no price list"), period=period)
    return _(
        N_("Data of {period} · budget {budget}"),
        period=period,
        budget=cost_text(release.choice.budget_dkk, language),
    )


def were_asked(release: Release) -> bool:
    """Tell whether a layer that rests on survey answers can be shown.

    Parameters
    ----------
    release
        What the audience may see.

    Returns
    -------
    bool
        False without a survey.
    """
    measures = [each.spec.measure for each in release.layers.values()]
    return any("responses" in MEASURES[name].needs for name in measures if name in MEASURES)


def has_prices(release: Release) -> bool:
    """Tell whether any measure has a price.

    Parameters
    ----------
    release
        What the audience may see.

    Returns
    -------
    bool
        False without a price list that fits.
    """
    choice = release.choice
    return any(each["cost_dkk"].notna().any() for each in (choice.chosen, choice.candidates, choice.pilots))


def counted_period(release: Release, language: Language) -> str:
    """Return the days counted: the study's, or those that every source of incidents covers.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        A dash where no source is about a period.
    """
    if release.study.period:
        return period_text(*release.study.period, language)
    table = release.coverage
    rows = table[table["kind"] == "incidents"] if "kind" in table else table
    first, last = (_days(rows, name) for name in ("first", "last"))
    return period_text(max(first, default=None), min(last, default=None), language)


def _days(rows: pd.DataFrame, name: str) -> list[dt.date]:
    return [pd.Timestamp(day).date() for day in rows.get(name, pd.Series(dtype=object)).dropna()]


def in_short(release: Release, language: Language) -> list[Block]:
    """Return what a reader has time for: where first, what for how much, how sure, and what is not known.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    list of Block
        A heading and a list of three or four points.
    """
    _ = words(language)
    heading = Heading(_(N_("In short")))
    if release.priorities["rank"].isna().all():
        return [heading, Text(_(N_("Too little is known to say which places come first.")), "lead")]
    points = [
        (_(N_("Where first")), " ".join(_first_places(release, language))),
        (_(N_("What, and for how much")), _money(release, language)),
        (_(N_("How sure of the order")), _order(release, language)),
        (_(N_("How sure of the effect")), " ".join(_effects(release, language))),
        (_(N_("Not known")), " ".join(_not_known(release, language))),
    ]
    return [heading, Points(tuple(point for point in points if point[1]), "lead")]


def _first_places(release: Release, language: Language) -> list[str]:
    """Name the first places, those where people live first."""
    _ = words(language)
    rows = [row for row in priority_table(release, language) if row["rank"] != "–"]
    if len(rows) == 1:
        return [f"{rows[0]['name']}."]
    homes, *between = [part[:3] for _title, part in by_homes(rows, language)]
    told = [_(N_("First come {names}."), names=_listed([row["name"] for row in homes], language))]
    return told + [_(_BETWEEN, names=_listed([row["name"] for row in part], language)) for part in between]


def _money(release: Release, language: Language) -> str:
    """Name the measures within the budget, each kind with its number of places and what it costs."""
    _ = words(language)
    choice = release.choice
    budget, spent = cost_text(choice.budget_dkk, language), cost_text(choice.spent_dkk, language)
    groups = measure_groups(release, language)
    named = _listed([_(_GROUP, **group) for group in groups], language)
    if release.audience == "partner":
        return _(_OWN if groups else _NOTHING_OWN, budget=budget, measures=named, spent=spent)
    if groups:
        left = cost_text(choice.budget_dkk - choice.spent_dkk, language)
        return _(_WITHIN, budget=budget, measures=named, spent=spent, left=left)
    rows = measure_table(release, language, of="candidates")
    fitting = list(dict.fromkeys(row["measure"] for row in rows if row["unpriced"]))
    return " ".join([_(_NO_PRICES), *([_(_FITS, measures=_listed(fitting, language))] if fitting else [])])


def _order(release: Release, language: Language) -> str:
    """Say how far the first places may move."""
    _ = words(language)
    first = ranked(release).dropna(subset=["rank"])
    sure = [_between(row, language) for _id, row in _first_homes(first).head(3).iterrows()]
    return _(_ORDER_SURE, n=places_ranked(release), places=_listed(sure, language))


def _effects(release: Release, language: Language) -> list[str]:
    """Say what each proposed measure is known to do."""
    _ = words(language)
    rows = distinct_effects(measure_table(release, language))
    return [_(_EFFECT, measure=row["measure"], fewer=row["fewer"], felt=row["felt"]) for row in rows]


def places_ranked(release: Release) -> int:
    """Return among how many places the ranking stands; more than shown where an audience sees its own alone.

    Parameters
    ----------
    release
        What the audience may see.

    Returns
    -------
    int
        At least the number of places shown.
    """
    told = [each.values for reasons in release.priorities["reasons"] for each in reasons or () if "rank" in each.values]
    counts = [int(values["n"]) for values in told if isinstance(values.get("n"), int | float)]
    return max([*counts, int(release.priorities["rank"].notna().sum())])


def _not_known(release: Release, language: Language) -> list[str]:
    _ = words(language)
    told = [] if were_asked(release) else [_(_NOT_ASKED)]
    silent = [*layers_not_made(release, language), *placeless(release)]
    told += [_(_SILENT, names=list(dict.fromkeys(silent)))] if silent else []
    unranked = int(release.priorities["rank"].isna().sum())
    return told + ([_(_UNRANKED, m=unranked)] if unranked else [])


def layers_not_made(release: Release, language: Language) -> dict[str, str]:
    """Return the layers that could not be made, each with what is missing.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    dict
        Title to what nobody delivered.
    """
    _ = words(language)
    found = [told.values for told in release.findings if set(told.values) == {"layer", "missing"}]
    return {_("{what}", what=each["layer"]): _("{what}", what=each["missing"]) for each in found}


def placeless(release: Release) -> dict[str, object]:
    """Return the kinds of incidents of which every row lacks a place.

    Parameters
    ----------
    release
        What the audience may see.

    Returns
    -------
    dict
        The source's code to its number of rows.
    """
    found = [told.values for told in release.findings if told.template.startswith(PLACELESS)]
    return {str(each["code"]): each["n"] for each in found}


def _first_homes(table: pd.DataFrame) -> pd.DataFrame:
    """Return the places that the first sentence names."""
    homes = table[table["kind"] == "housing"]
    return table if homes.empty else homes


def _between(row: pd.Series, language: Language) -> str:
    """Say between which numbers a place lies."""
    _ = words(language)
    low, high = int(row["rank_low"]), int(row["rank_high"])
    values = {"name": text_of(row["name"], language), "low": low, "high": high}
    if low == high:
        return _(N_("{name} is always number {low}"), **values)
    return _(N_("{name} lies between number {low} and {high}"), **values)


def _listed(names: list[str], language: Language) -> str:
    """Join names as a sentence does."""
    if len(names) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(names)
    return words(language)(N_("{names} and {last}"), names=names[:-1], last=names[-1])
