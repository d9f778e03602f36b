"""What a council's paper says, in order: what to do first, for how much, how sure, and what cannot be said."""

import datetime as dt

import pandas as pd

from hotspot.errors import N_
from hotspot.glossary import Language, say, words
from hotspot.release.contract import Release
from hotspot.report.blocks import Block, Column, Figure, Heading, Paper, Points, Table, Text
from hotspot.report.figures import OUTLINES, map_words
from hotspot.report.measures import cost_text, frontier_table, measure_table
from hotspot.report.names import text_of
from hotspot.report.tables import (
    HEADINGS,
    coverage_table,
    evaluation_table,
    findings_text,
    hotspot_table,
    period_text,
    priority_table,
    ranked,
)
from hotspot.report.words import hidden_text

FIRST = 10
"""How many places and hot spots the paper names."""
METHOD = (
    N_("Each place gets one number from each layer that counts. The numbers become positions among all places, from 0 (best) "
       "to 1 (worst), and the score is their weighted mean. What is not known of a place is left out, not set to zero."),
    N_("The rank interval holds the rank in 9 of 10 draws in which the numbers vary within their own uncertainty. Places "
       "whose intervals overlap cannot be ordered surely."),
    N_("A hot spot is a group of cells with more incidents than the people who live and pass there explain, and more than "
       "its surroundings. All cells are tested at once, and of the cells called hot at most about 5 in 100 are so by chance."),
    N_("Effects come from published studies, for incidents and for felt safety apart. Strength A is a review of controlled "
       "studies, E is no evidence. An effect found elsewhere need not be found here: evaluate."),
    N_("Answers of the survey say how safe people feel; recorded incidents say what was reported. Neither is the other."),
)  # fmt: skip


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
    period = counted_period(release, language)
    subtitle = _(N_("Data of {period}. Budget {budget}."), period=period,
                 budget=cost_text(release.choice.budget_dkk, language))  # fmt: skip
    parts = (_short, _priorities, _measures, _pilots, _hotspots, _earlier, _limits, _method, _data)
    return Paper(
        language=language,
        title=_(N_("{place}: what makes places feel unsafe, and what to do first"), place=release.place.name),
        subtitle=subtitle,
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


def _columns(
    language: Language, *columns: tuple[str, float], right: tuple[str, ...] = ()
) -> tuple[Column, ...]:
    _ = words(language)
    return tuple(
        Column(key, _(HEADINGS[key]), share, "right" if key in right else "left") for key, share in columns
    )


def _short(release: Release, language: Language) -> list[Block]:
    """Three sentences: what first, for how much, how sure."""
    _ = words(language)
    table, choice = ranked(release), release.choice
    first = table.dropna(subset=["rank"])
    names = [text_of(name, language) for name in first["name"].head(3)]
    blocks: list[Block] = [Heading(_(N_("In short")))]
    if not names:
        return [*blocks, Text(_(N_("Too little is known to say which places come first.")), "lead")]
    points = [_(N_("First come {names}."), names=names)]
    if len(choice.chosen):
        text = N_("Within {budget} we propose {n} measures for {spent}; {left} is left.")
        points.append(
            _(text, budget=cost_text(choice.budget_dkk, language), n=len(choice.chosen),
              spent=cost_text(choice.spent_dkk, language),
              left=cost_text(choice.budget_dkk - choice.spent_dkk, language))
        )  # fmt: skip
    else:
        points.append(
            _(N_("No priced measure can be proposed within the budget: prices or evidence are missing."))
        )
    low, high = first["rank_low"].iloc[0], first["rank_high"].iloc[0]
    text = N_(
        "How sure: the place named first lies between number {low} and {high} of {n} in 9 of 10 draws, and {m} places cannot be ranked at all."
    )
    points.append(_(text, low=int(low), high=int(high), n=len(first), m=len(table) - len(first)))
    return [*blocks, Text(" ".join(points), "lead")]


def _priorities(release: Release, language: Language) -> list[Block]:
    _ = words(language)
    rows = priority_table(release, language)[:FIRST]
    columns = _columns(language, ("rank", 0.5), ("name", 1.7), ("why", 4.2), ("measure", 2.1), ("cost", 1.4), ("sure", 1.6),
                       right=("rank", "cost"))  # fmt: skip
    return [
        Heading(_(N_("Where to begin"))),
        Text(_(N_("The order weighs felt safety first and recorded incidents second. “How sure” is the interval of the rank: where intervals overlap, the order is not sure."))),
        Table(_(N_("The first {n} places"), n=len(rows)), columns, rows),
        Figure("priorities", map_words(release, language), _(N_("Places numbered by priority; red outlines are significant hot spots."))),
    ]  # fmt: skip


def _measures(release: Release, language: Language) -> list[Block]:
    _ = words(language)
    choice = release.choice
    blocks: list[Block] = [
        Heading(_(N_("Measures within the budget"))),
        Text(say(choice.objective, language)),
    ]
    rows = measure_table(release, language)
    if not rows:
        return [*blocks, Text(_(N_("There is no priced measure with a known effect that fits a place.")))]
    columns = _columns(language, ("name", 1.5), ("measure", 2.0), ("quantity", 1.0), ("cost", 1.4), ("fewer", 2.3), ("felt", 2.3),
                       ("citation", 2.1), right=("cost",))  # fmt: skip
    spent = _(N_("Spent {spent} of {budget}; {left} is left."), spent=cost_text(choice.spent_dkk, language),
              budget=cost_text(choice.budget_dkk, language),
              left=cost_text(choice.budget_dkk - choice.spent_dkk, language))  # fmt: skip
    blocks += [
        Table(_(N_("Proposed measures, with effects on incidents and on felt safety apart")), columns, rows),
        Text(spent, "lead"),
    ]
    unpriced = [row for row in measure_table(release, language, of="candidates") if row["unpriced"]]
    if unpriced:
        text = N_(
            "{n} candidates have no price and are therefore not chosen; unpriced never means free. First among them: {names}."
        )
        names = [f"{row['measure']} ({row['name']})" for row in unpriced[:3]]
        blocks.append(Text(_(text, n=len(unpriced), names=names)))
    frontier = frontier_table(release, language)
    if frontier:
        columns = (Column("budget", _(N_("Budget")), 1.0, "right"), Column("measures", _(N_("Measures")), 1.0, "right"),
                   Column("benefit", _(N_("Benefit")), 1.0, "right"))  # fmt: skip
        blocks.append(Table(_(N_("What other budgets would reach")), columns, frontier))
    return blocks


def _pilots(release: Release, language: Language) -> list[Block]:
    _ = words(language)
    rows = measure_table(release, language, of="pilots")
    if not rows:
        return []
    by_measure: dict[str, list[str]] = {}
    for row in rows:
        by_measure.setdefault(row["measure"], []).append(row["name"])
    text = N_(
        "No evaluation shows what these measures do. They fit the places named and may be tried as pilots, with an evaluation planned beforehand."
    )
    points = tuple(
        (measure, _(N_("{names}"), names=_some(names, language))) for measure, names in by_measure.items()
    )
    return [Heading(_(N_("Pilots with evaluation"))), Text(_(text)), Points(points)]


def _some(names: list[str], language: Language, most: int = 6) -> str:
    """Name some, and say how many more there are."""
    _ = words(language)
    if len(names) <= most:
        return ", ".join(names)
    return _(N_("{names} and {n} more"), names=names[:most], n=len(names) - most)


def _hotspots(release: Release, language: Language) -> list[Block]:
    _ = words(language)
    rows = hotspot_table(release, language)
    blocks: list[Block] = [Heading(_(N_("Significant hot spots")))]
    if "hotspots" not in release.layers and not rows and not _counts(release):
        return [*blocks, Text(_(N_("There are no incidents to test: nothing can be said about hot spots.")))]
    if not rows:
        return [
            *blocks,
            Text(
                _(
                    N_(
                        "No place has more incidents than chance and the people who live and pass there explain."
                    )
                )
            ),
        ]
    columns = _columns(language, ("rank", 0.5), ("name", 2.4), ("n", 1.2), ("ratio", 1.9), ("what", 3.2), ("dark", 1.1), ("trend", 1.3),
                       right=("rank", "n", "dark"))  # fmt: skip
    said = [{**row, "rank": str(i)} for i, row in enumerate(rows, start=1)]
    note = N_(
        "The ratio describes groups of cells that were picked because they were high: it flatters. Trend by quarters."
    )
    return [
        *blocks,
        Table(_(N_("Places with more incidents than chance explains")), columns, said[:FIRST]),
        Text(_(note), "note"),
        Figure("hotspots", map_words(release, language, OUTLINES), _(N_("Outlines of the hot spots, numbered as in the table."))),
    ]  # fmt: skip


def _counts(release: Release) -> bool:
    return "n" in release.places and bool(release.places["n"].notna().any())


def _earlier(release: Release, language: Language) -> list[Block]:
    _ = words(language)
    rows = evaluation_table(release, language)
    heading = Heading(_(N_("What earlier measures did")))
    if not rows:
        return [heading, Text(_(N_("No earlier measure is registered, so nothing can be learnt from one.")))]
    columns = _columns(language, ("title", 2.2), ("kind", 1.9), ("before", 0.9), ("after", 0.9), ("change", 2.0), ("verdict", 3.0),
                       right=("before", "after"))  # fmt: skip
    return [heading, Table(_(N_("Incidents before and after, against comparison places")), columns, rows)]


def _limits(release: Release, language: Language) -> list[Block]:
    """Hidden numbers, thin data, and what the layers are not for."""
    _ = words(language)
    found = [("", text) for text in findings_text(release, language)]
    hidden = N_(
        "“{hidden}”: the number is small, or a small one could be worked out from it. “Cannot say”: there is too little data to know. Zero: looked, and found none."
    )
    weighted = [each.spec for each in release.layers.values() if each.spec.priority is not None]
    caveats = [(spec.title[language], spec.words["caveat"][language]) for spec in weighted]
    return [
        Heading(_(N_("What this cannot say"))),
        Text(_(hidden, hidden=hidden_text(language))),
        Points(tuple([*caveats, *found])),
    ]  # fmt: skip


def _method(release: Release, language: Language) -> list[Block]:
    _ = words(language)
    weighted = [each.spec for each in release.layers.values() if each.spec.priority is not None]
    weights = [
        _(
            N_("{layer} {weight:.0%}"),
            layer=spec.title,
            weight=_weight(release, spec.key, spec.priority.weight),
        )
        for spec in weighted
        if spec.priority is not None
    ]
    blocks: list[Block] = [Heading(_(N_("Method"))), *(Text(_(text)) for text in METHOD)]
    if weights:
        blocks.append(
            Text(
                _(
                    N_("Weights before normalising: {weights}. They are a choice, not a measurement."),
                    weights=weights,
                )
            )
        )
    return blocks


def _weight(release: Release, key: str, proposed: float) -> float:
    return float(release.study.weights.get(key, proposed))


def _data(release: Release, language: Language) -> list[Block]:
    _ = words(language)
    columns = _columns(language, ("kind", 1.5), ("source", 1.8), ("read", 0.9), ("kept", 0.9), ("lost", 0.9), ("period", 2.8),
                       ("share", 1.1), right=("read", "kept", "lost", "share"))  # fmt: skip
    rows = coverage_table(release, language)
    key = N_(
        "Result {key}: stands for exactly this recipe on exactly these data, prices, evidence and layer files."
    )
    blocks: list[Block] = [Heading(_(N_("Data")))]
    if rows:
        blocks.append(Table(_(N_("Tables, what was read and kept, and what they cover")), columns, rows))
    return [*blocks, Text(_(key, key=release.key), "note")]
