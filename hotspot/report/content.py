"""What a council's paper says, in order: what first, for how much, how sure, and what cannot be said."""

from hotspot.errors import N_
from hotspot.glossary import Language, words
from hotspot.release.contract import Release
from hotspot.report.blocks import Block, Column, Figure, Heading, Paper, Table, Text, columns_of
from hotspot.report.budget import pilots, within_budget
from hotspot.report.figures import OUTLINES, map_words
from hotspot.report.limits import what_is_not_said
from hotspot.report.outcomes import evaluation_table, hotspot_table
from hotspot.report.short import counted_period, in_short, subtitle_of, title_of, were_asked
from hotspot.report.tables import by_homes, headings, priority_table
from hotspot.report.words import hidden_text

FIRST = 10
"""How many places and hot spots the paper names."""
_BETWEEN = 5  # and how many of the places between the housing areas
_PLACES = (("rank", 0.5), ("name", 1.7), ("mostly", 4.2), ("measure", 2.0), ("cost", 1.3), ("sure", 2.1))
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
_ORDER_RECORDED = N_(
    "The order weighs what is known here; nobody has been asked how safe they feel. “How sure” is the interval of the "
    "number: where intervals overlap, the order is not sure. What is known of no place is not in it."
)
_NUMBERED = N_("Places numbered by priority. Data of {period}; 1 comes first.")
_NUMBERED_SPOTS = N_("Places numbered by priority; red outlines are significant hot spots. Data of {period}.")
_NO_SPOTS = N_("No place has more incidents than chance and the people who live and pass there explain.")
_NO_SPOTS_HERE = N_(
    "None of the hot spots lies here: no place shown has more incidents than chance and the people who live and "
    "pass there explain."
)
_SPOT_CAPTION = N_(
    "Places with more incidents than chance explains. Incidents recorded {period}; times expected with 95% interval"
)
_FLATTERS = N_(
    "“Times expected” is rather too high than too low: the places were picked because their numbers were high. Its "
    "interval is of counting alone and takes the expected number as exact. Trend by quarters."
)
_NOT_STABLE = N_("Not yet tested for stability: whether they stay with other cell sizes and periods is not known.")
_EARLIER_CAPTION = N_(
    "Incidents in equally long times before and after, against comparison places; change with 95% interval"
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
    parts = (in_short, _priorities, within_budget, pilots, _hotspots, _earlier, what_is_not_said)
    return Paper(
        language=language,
        title=title_of(release, language),
        subtitle=subtitle_of(release, language),
        footer=_(N_("{place} · result {key}"), place=release.place.name, key=release.key),
        blocks=tuple(block for part in parts for block in part(release, language)),
    )


def _columns(language: Language, shares: tuple[tuple[str, float], ...], *right: str) -> tuple[Column, ...]:
    return columns_of(headings(language), shares, right)


def _priorities(release: Release, language: Language) -> list[Block]:
    _ = words(language)
    caption = _(_NUMBERED_SPOTS if len(release.hotspots) else _NUMBERED, period=counted_period(release, language))
    columns = _columns(language, _PLACES, "rank", "cost")
    tables: list[Block] = []
    for title, part in by_homes(priority_table(release, language), language):
        rows = part[: _BETWEEN if tables else FIRST]
        first = _(N_("the first {n}"), n=len(rows)) if len(part) > len(rows) else ""
        named = title or _(N_("Places"))
        tables.append(Table(f"{named}: {first}" if first else named, columns, rows))
    return [
        Heading(_(N_("Where to begin"))),
        Text(_(_ORDER if were_asked(release) else _ORDER_RECORDED)),
        Figure("priorities", map_words(release, language), caption),
        *tables,
    ]


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
        return [heading, Text(_(_NO_SPOTS_HERE if release.audience == "partner" else _NO_SPOTS))]
    numbered = [{**row, "rank": str(i)} for i, row in enumerate(rows, start=1)]
    untested = release.hotspots["stability"].isna().all() if "stability" in release.hotspots else True
    told = [_(_FLATTERS), _(_NOT_STABLE) if untested else _stability(numbered[:FIRST], language)]
    return [
        heading,
        Table(
            _(_SPOT_CAPTION, period=counted_period(release, language)),
            _columns(language, _SPOTS, "rank", "n", "dark"),
            _briefly(numbered[:FIRST], language),
        ),
        Text(" ".join(told), "note"),
        Figure(
            "hotspots",
            map_words(release, language, OUTLINES),
            _(N_("Outlines of the hot spots, numbered as in the table.")),
        ),
    ]


def _stability(rows: list[dict[str, str]], language: Language) -> str:
    """Say how stable the numbered hot spots are, in one sentence where it is the same for all."""
    alike = {row["stability"] for row in rows}
    told = alike.pop() if len(alike) == 1 else "; ".join(f"{row['rank']} {row['stability']}" for row in rows)
    return words(language)(N_("Stability of the hot spots: {told}."), told=told)


def _earlier(release: Release, language: Language) -> list[Block]:
    _ = words(language)
    rows = evaluation_table(release, language)
    heading = Heading(_(N_("What earlier measures did")))
    if not rows:
        return [heading, Text(_(N_("No earlier measure is registered, so nothing can be learnt from one.")))]
    columns = _columns(language, _EARLIER, "before", "after")
    return [heading, Table(_(_EARLIER_CAPTION), columns, _briefly(rows, language))]


def _briefly(rows: list[dict[str, str]], language: Language) -> list[dict[str, str]]:
    """Write "hidden" alone in narrow cells; what it means stands under "What this cannot say"."""
    long, short = hidden_text(language), words(language)(N_("hidden"))
    return [{key: cell.replace(long, short) for key, cell in row.items()} for row in rows]
