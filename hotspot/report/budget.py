"""What a paper says of the money: measures within the budget, what they do, other budgets, and pilots."""

from hotspot.errors import N_
from hotspot.glossary import Language, say, words
from hotspot.release.contract import Release
from hotspot.report.blocks import Block, Heading, Points, Table, Text, columns_of
from hotspot.report.measures import cost_text, distinct_effects, frontier_table, measure_table
from hotspot.report.short import has_prices
from hotspot.report.tables import headings

_MEASURES = (("name", 2.0), ("measure", 3.0), ("quantity", 1.3), ("cost", 1.3))
_EFFECTS = (("measure", 1.6), ("fewer", 2.6), ("felt", 2.4), ("citation", 2.2))
_FRONTIER = (("budget", 1.2), ("measures", 0.8), ("benefit", 1.4))
_PROPOSED = N_("Proposed measures, the most benefit first; costs in the first year, to build and to run")
_EXPECTED = N_("What they are expected to do, to incidents and to felt safety apart")
_SPENT = N_("Spent {spent} of {budget}; {left} is left. Costs are those of the first year: to build and to run.")
_SPENT_HERE = N_("What lies here costs {spent} in the first year, within the municipality’s budget of {budget}.")
_ASSUMED = N_(
    "Prices: {sources}. Extents follow from the data by rules of thumb, which are assumptions: get an offer first."
)
_UNPRICED = N_(
    "Candidates without a price, therefore not chosen: {n}. Unpriced never means free. First among them: {names}."
)
_PILOTS = N_(
    "No evaluation shows what these measures do. They fit the places named and may be tried as pilots, with "
    "an evaluation planned beforehand. The places that come first are named first."
)
_FRONTIER_NOTE = N_(
    "Benefit: people out after dark, weighted as described above. It only serves to compare budgets with each other."
)


def within_budget(release: Release, language: Language) -> list[Block]:
    """Return what is proposed for the money, what it is expected to do, and what stands beside it.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    list of Block
        In order, the objective first.
    """
    _ = words(language)
    headed = headings(language)
    blocks: list[Block] = [Heading(_(N_("Measures within the budget"))), Text(say(release.choice.objective, language))]
    rows = measure_table(release, language)
    if rows:
        blocks += [
            Table(_(_PROPOSED), columns_of(headed, _MEASURES, ("cost",)), rows),
            Text(_spent(release, language), "lead"),
            Text(_(_ASSUMED, sources=_sources(release, language)), "note"),
            Table(_(_EXPECTED), columns_of(headed, _EFFECTS), distinct_effects(rows)),
            Points(tuple((row["measure"], _beside(row, language)) for row in _each_once(rows))),
        ]
    elif not has_prices(release):
        blocks.append(Text(_(N_("There is no price list, so nothing can be chosen within a budget."))))
    else:
        blocks.append(Text(_(N_("There is no priced measure with a known effect that fits a place."))))
    return [*blocks, *_unpriced(release, language), *_frontier(release, language)]


def _spent(release: Release, language: Language) -> str:
    choice = release.choice
    money = {"spent": choice.spent_dkk, "budget": choice.budget_dkk, "left": choice.budget_dkk - choice.spent_dkk}
    said = {name: cost_text(value, language) for name, value in money.items()}
    return words(language)(_SPENT_HERE if release.audience == "partner" else _SPENT, **said)


def _sources(release: Release, language: Language) -> str:
    """Name where the prices are from."""
    table = release.choice.chosen
    named = set(table["price_source"].dropna().astype(str)) - {""} if "price_source" in table else set[str]()
    return ", ".join(sorted(named)) or words(language)(N_("the municipality’s price list"))


def _each_once(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return list({row["measure"]: row for row in reversed(rows)}.values())[::-1]


def _beside(row: dict[str, str], language: Language) -> str:
    """Say what to mind, and who decides."""
    decides = words(language)(N_("Decided by: {who}."), who=row["decides"]) if row["decides"] else ""
    return " ".join(text for text in (row["cautions"], decides) if text)


def _unpriced(release: Release, language: Language) -> list[Block]:
    rows = [row for row in measure_table(release, language, of="candidates") if row["unpriced"]]
    names = [f"{row['measure']} ({row['name']})" for row in rows[:3]]
    return [Text(words(language)(_UNPRICED, n=len(rows), names=names))] if rows else []


def _frontier(release: Release, language: Language) -> list[Block]:
    """What other budgets would reach; nothing where nothing has a price."""
    _ = words(language)
    rows = frontier_table(release, language)
    if not rows or not has_prices(release):
        return []
    columns = columns_of(headings(language), _FRONTIER, ("budget", "measures", "benefit"))
    return [
        Table(_(N_("What other budgets would reach")), columns, rows, width=0.6),
        Text(_(_FRONTIER_NOTE), "note"),
    ]


def pilots(release: Release, language: Language) -> list[Block]:
    """Return the measures that may be tried, apart from those whose effect is known.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    list of Block
        Empty without any.
    """
    _ = words(language)
    ranks = release.priorities["rank"].fillna(float("inf"))
    rows = measure_table(release, language, of="pilots")
    rows.sort(key=lambda row: float(ranks.get(row["area_id"], float("inf"))))
    by_measure: dict[str, list[str]] = {}
    for row in rows:
        by_measure.setdefault(row["measure"], []).append(row["name"])
    if not by_measure:
        return []
    points = tuple((measure, _some(names, language)) for measure, names in sorted(by_measure.items()))
    return [Heading(_(N_("Pilots with evaluation"))), Text(_(_PILOTS)), Points(points)]


def _some(names: list[str], language: Language, most: int = 6) -> str:
    """Name some, and say how many more there are."""
    if len(names) <= most:
        return ", ".join(names)
    return words(language)(N_("{names} and {n} more"), names=names[:most], n=len(names) - most)
