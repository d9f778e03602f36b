"""What a council's paper says, in order: what first, for how much, how sure, and what cannot be said."""

import datetime as dt

import pandas as pd

from hotspot.errors import N_
from hotspot.glossary import Language, say, words
from hotspot.release.contract import Release
from hotspot.report.blocks import Block, Column, Figure, Heading, Paper, Points, Table, Text, columns_of
from hotspot.report.figures import OUTLINES, map_words
from hotspot.report.limits import what_is_not_said
from hotspot.report.measures import cost_text, frontier_table, measure_table
from hotspot.report.names import text_of
from hotspot.report.outcomes import evaluation_table, hotspot_table
from hotspot.report.tables import by_homes, headings, period_text, priority_table, ranked

FIRST = 10
"""How many places and hot spots the paper names."""
_BETWEEN = 5  # and how many of the places between the housing areas
_PLACES = (("rank", 0.55), ("name", 1.75), ("mostly", 3.5), ("measure", 2.0), ("cost", 1.4), ("sure", 2.1))
_MEASURES = (("name", 2.0), ("measure", 3.0), ("quantity", 1.3), ("cost", 1.3))
_EFFECTS = (("measure", 1.6), ("fewer", 2.6), ("felt", 2.4), ("citation", 2.2))
_FRONTIER = (("budget", 1.0), ("measures", 1.0), ("benefit", 1.0))
_SPOTS = (
    ("rank", 0.55),
    ("name", 2.2),
    ("n", 1.4),
    ("ratio", 1.7),
    ("what", 3.0),
    ("dark", 1.1),
    ("trend", 1.5),
)
_EARLIER = (("title", 2.1), ("kind", 1.7), ("before", 1.2), ("after", 1.2), ("change", 2.0), ("verdict", 3.0))
_ORDER = N_(
    "The order weighs what the municipality asked to weigh, felt safety first. “How sure” is the interval "
    "of the number: where intervals overlap, the order is not sure. What is not known of a place may be anything in it."
)
_WITHIN = N_("Within {budget} we propose {n} measures for {spent}; {left} is left.")
_SPENT = N_("Spent {spent} of {budget}; {left} is left. Costs are those of the first year: to build and to run.")
_NO_PRICES = N_("No priced measure can be proposed within the budget: prices or evidence are missing.")
_HOW_SURE = N_("How sure: of {n} places, {places} (90% intervals).")
_UNRANKED = N_("Places that cannot be ranked at all: {m}.")
_UNPRICED = N_(
    "Candidates without a price, therefore not chosen: {n}. Unpriced never means free. First among them: {names}."
)
_PILOTS = N_(
    "No evaluation shows what these measures do. They fit the places named and may be tried as pilots, with "
    "an evaluation planned beforehand."
)
_NO_SPOTS = N_("No place has more incidents than chance and the people who live and pass there explain.")
_FLATTERS = N_(
    "“Times expected” is rather too high than too low: the places were picked because their numbers were high. "
    "Trend by quarters."
)
_FRONTIER_NOTE = N_(
    "Benefit: people out after dark, weighted as described above. It only serves to compare budgets with each other."
)


def council_paper(release: Release, language: Language) -> Paper:
    """Return the council's paper before it has a format.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    Paper
        Its parts.
    """
    _ = words(language)
    budget = cost_text(release.choice.budget_dkk, language)
    parts = (_short, _priorities, _measures, _pilots, _hotspots, _earlier, what_is_not_said)
    return Paper(
        language=language,
        title=_(N_("{place}: where it feels unsafe, and what to do first"), place=release.place.name),
        subtitle=_(
            N_("Data of {period} · budget {budget}"),
            period=counted_period(release, language),
            budget=budget,
        ),
        footer=_(N_("{place} · result {key}"), place=release.place.name, key=release.key),
        blocks=tuple(block for part in parts for block in part(release, language)),
    )


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


def _columns(language: Language, shares: tuple[tuple[str, float], ...], *right: str) -> tuple[Column, ...]:
    return columns_of(headings(language), shares, right)


def _short(release: Release, language: Language) -> list[Block]:
    """Three sentences: what first, for how much, how sure."""
    _ = words(language)
    table, choice = ranked(release), release.choice
    first = table.dropna(subset=["rank"])
    heading = Heading(_(N_("In short")))
    if first.empty:
        return [heading, Text(_(N_("Too little is known to say which places come first.")), "lead")]
    money = {
        "budget": cost_text(choice.budget_dkk, language),
        "spent": cost_text(choice.spent_dkk, language),
        "left": cost_text(choice.budget_dkk - choice.spent_dkk, language),
    }
    sure = [_between(row, language) for _id, row in _first_homes(first).head(3).iterrows()]
    sentences = [
        *_first_places(release, language),
        _(_WITHIN, n=len(choice.chosen), **money) if len(choice.chosen) else _(_NO_PRICES),
        _(_HOW_SURE, n=len(first), places=_listed(sure, language)),
    ]
    if len(table) > len(first):
        sentences.append(_(_UNRANKED, m=len(table) - len(first)))
    return [heading, Text(" ".join(sentences), "lead")]


def _first_homes(table: pd.DataFrame) -> pd.DataFrame:
    """Return the places that the first sentence names."""
    homes = table[table["kind"] == "housing"]
    return table if homes.empty else homes


def _first_places(release: Release, language: Language) -> list[str]:
    """Name the first places, those where people live first."""
    _ = words(language)
    rows = [row for row in priority_table(release, language) if row["rank"] != "–"]
    homes, *between = [part[:3] for _title, part in by_homes(rows, language)]
    told = [_(N_("First come {names}."), names=_listed([row["name"] for row in homes], language))]
    text = N_("Of the places between the housing areas, first come {names}; fewer are asked there, so less is known.")
    return told + [_(text, names=_listed([row["name"] for row in part], language)) for part in between]


def _between(row: pd.Series, language: Language) -> str:
    values = {"name": text_of(row["name"], language), "low": int(row["rank_low"]), "high": int(row["rank_high"])}
    return words(language)(N_("{name} lies between number {low} and {high}"), **values)


def _listed(names: list[str], language: Language) -> str:
    """Join names as a sentence does."""
    if len(names) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(names)
    return words(language)(N_("{names} and {last}"), names=names[:-1], last=names[-1])


def _priorities(release: Release, language: Language) -> list[Block]:
    _ = words(language)
    caption = _(N_("Places numbered by priority; red outlines are significant hot spots."))
    columns = _columns(language, _PLACES, "rank", "cost")
    tables: list[Block] = []
    for title, part in by_homes(priority_table(release, language), language):
        rows = part[: _BETWEEN if tables else FIRST]
        first = _(N_("the first {n}"), n=len(rows))
        tables.append(Table(f"{title}: {first}" if title else first.capitalize(), columns, rows))
    return [
        Heading(_(N_("Where to begin"))),
        Text(_(_ORDER)),
        Figure("priorities", map_words(release, language), caption),
        *tables,
    ]


def _measures(release: Release, language: Language) -> list[Block]:
    _ = words(language)
    choice = release.choice
    blocks: list[Block] = [
        Heading(_(N_("Measures within the budget"))),
        Text(say(choice.objective, language)),
    ]
    rows = measure_table(release, language)
    if rows:
        spent, budget = (cost_text(each, language) for each in (choice.spent_dkk, choice.budget_dkk))
        left = cost_text(choice.budget_dkk - choice.spent_dkk, language)
        told = _(_SPENT, spent=spent, budget=budget, left=left)
        effects = _(N_("What they are expected to do, to incidents and to felt safety apart"))
        blocks += [
            Table(_(N_("Proposed measures")), _columns(language, _MEASURES, "cost"), rows),
            Text(told, "lead"),
            Table(effects, _columns(language, _EFFECTS), _distinct(rows)),
        ]
    else:
        blocks.append(Text(_(N_("There is no priced measure with a known effect that fits a place."))))
    return [*blocks, *_beside(release, language)]


def _distinct(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return one row for each measure and effect, since the same measure mostly does the same everywhere."""
    keys = [key for key, _share in _EFFECTS]
    kept = {tuple(row[key] for key in keys): row for row in reversed(rows)}
    return list(reversed(kept.values()))


def _beside(release: Release, language: Language) -> list[Block]:
    """Cautions, candidates without a price, and what other budgets would reach."""
    _ = words(language)
    blocks: list[Block] = []
    cautions = {row["measure"]: row["cautions"] for row in measure_table(release, language) if row["cautions"]}
    if cautions:
        blocks.append(Points(tuple(cautions.items())))
    unpriced = [row for row in measure_table(release, language, of="candidates") if row["unpriced"]]
    if unpriced:
        names = [f"{row['measure']} ({row['name']})" for row in unpriced[:3]]
        blocks.append(Text(_(_UNPRICED, n=len(unpriced), names=names)))
    frontier = frontier_table(release, language)
    if frontier:
        columns = _columns(language, _FRONTIER, "budget", "measures", "benefit")
        blocks += [Table(_(N_("What other budgets would reach")), columns, frontier), Text(_(_FRONTIER_NOTE), "note")]
    return blocks


def _pilots(release: Release, language: Language) -> list[Block]:
    _ = words(language)
    by_measure: dict[str, list[str]] = {}
    for row in measure_table(release, language, of="pilots"):
        by_measure.setdefault(row["measure"], []).append(row["name"])
    if not by_measure:
        return []
    points = tuple((measure, _some(names, language)) for measure, names in by_measure.items())
    return [Heading(_(N_("Pilots with evaluation"))), Text(_(_PILOTS)), Points(points)]


def _some(names: list[str], language: Language, most: int = 6) -> str:
    """Name some, and say how many more there are."""
    if len(names) <= most:
        return ", ".join(names)
    return words(language)(N_("{names} and {n} more"), names=names[:most], n=len(names) - most)


def _hotspots(release: Release, language: Language) -> list[Block]:
    _ = words(language)
    rows = hotspot_table(release, language)
    heading = Heading(_(N_("Significant hot spots")))
    if not rows and not ("n" in release.places and release.places["n"].notna().any()):
        return [
            heading,
            Text(_(N_("There are no incidents to test: nothing can be said about hot spots."))),
        ]
    if not rows:
        return [heading, Text(_(_NO_SPOTS))]
    numbered = [{**row, "rank": str(i)} for i, row in enumerate(rows, start=1)]
    return [
        heading,
        Table(
            _(N_("Places with more incidents than chance explains")),
            _columns(language, _SPOTS, "rank", "n", "dark"),
            numbered[:FIRST],
        ),
        Text(_(_FLATTERS), "note"),
        Figure(
            "hotspots",
            map_words(release, language, OUTLINES),
            _(N_("Outlines of the hot spots, numbered as in the table.")),
        ),
    ]


def _earlier(release: Release, language: Language) -> list[Block]:
    _ = words(language)
    rows = evaluation_table(release, language)
    heading = Heading(_(N_("What earlier measures did")))
    if not rows:
        return [heading, Text(_(N_("No earlier measure is registered, so nothing can be learnt from one.")))]
    caption = _(N_("Incidents before and after, against comparison places"))
    return [heading, Table(caption, _columns(language, _EARLIER, "before", "after"), rows)]
