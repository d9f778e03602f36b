"""Tables of a release as rows of text: priorities, data and findings."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from hotspot.errors import N_, Told
from hotspot.glossary import Language, amount, say, words
from hotspot.release.contract import Release
from hotspot.report.measures import cost_text, measure_name
from hotspot.report.names import KINDS, named, text_of
from hotspot.report.sentences import reason_texts, titled
from hotspot.report.words import CANNOT_SAY, hidden_text, is_missing, number

Row = dict[str, str]
HEADINGS: Mapping[str, str] = {
    "rank": N_("No."),
    "name": N_("Place"),
    "kind": N_("Kind"),
    "owner": N_("Owner"),
    "sure": N_("How sure"),
    "why": N_("Why"),
    "mostly": N_("Why (share of the score)"),
    "places": N_("Places"),
    "measure": N_("Measure"),
    "cost": N_("Cost"),
    "quantity": N_("Extent"),
    "fewer": N_("Incidents"),
    "felt": N_("Felt safety"),
    "evidence": N_("Evidence"),
    "citation": N_("Source"),
    "decides": N_("Who decides"),
    "n": N_("Incidents"),
    "expected": N_("Expected"),
    "ratio": N_("Times expected"),
    "qvalue": N_("Chance (q)"),
    "dark": N_("In the dark"),
    "trend": N_("Trend"),
    "what": N_("Mostly"),
    "stability": N_("Stability"),
    "hours": N_("Most within six hours"),
    "pattern": N_("Over time"),
    "title": N_("Measure"),
    "status": N_("Status"),
    "before": N_("Before"),
    "after": N_("After"),
    "change": N_("Change"),
    "verdict": N_("What can be said"),
    "source": N_("Source"),
    "read": N_("Read"),
    "kept": N_("Kept"),
    "lost": N_("Set aside"),
    "period": N_("Period"),
    "share": N_("Share of the place"),
    "score": N_("Score"),
    "budget": N_("Budget"),
    "measures": N_("Measures"),
    "benefit": N_("Benefit"),
}


def headings(language: Language) -> dict[str, str]:
    """Return what the columns of all tables are called.

    Parameters
    ----------
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    dict
        Column to heading.
    """
    _ = words(language)
    return {column: _(heading) for column, heading in HEADINGS.items()}


def ranked(release: Release) -> pd.DataFrame:
    """Return the priorities in the order of their ranks, places without a rank last.

    Parameters
    ----------
    release
        What the audience may see.

    Returns
    -------
    DataFrame
        The release's priorities.
    """
    return release.priorities.sort_values(["rank", "name"], na_position="last", kind="stable")


def priority_table(release: Release, language: Language) -> list[Row]:
    """Return the priorities as text, first place first.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    list of dict
        area_id, rank, name, kind, owner, score, sure (how far the rank may move), why (sentences),
        mostly (the same in few words), measure and cost.
    """
    table = ranked(release)
    chosen = _best_measure(release, language)
    return [
        {
            "area_id": str(area_id),
            "rank": _rank(row, language),
            "name": text_of(row.get("name"), language),
            "kind": named(text_of(row.get("kind"), language), KINDS, language),
            "owner": text_of(row.get("owner"), language),
            "score": _score(row, language),
            "sure": _sure(row, len(table), language),
            "why": " ".join(_why(release, row, language)),
            "mostly": _mostly(release, row, language),
            **chosen.get(str(area_id), {"measure": "–", "cost": "–"}),
        }
        for area_id, row in table.iterrows()
    ]


def by_homes(rows: list[Row], language: Language) -> list[tuple[str, list[Row]]]:
    """Divide the rows of priorities into housing areas and the places between them, each in the common order.

    Parameters
    ----------
    rows
        As `priority_table` returns them.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    list of (str, list of dict)
        Title and rows; one part without a title where all places are of one sort.

    Notes
    -----
    Few are asked where nobody lives, so a place between the housing areas is ranked on what else is known of it.
    Side by side under one heading the two would read as equally sure.
    """
    _ = words(language)
    homes = _(KINDS["housing"])
    parts = [
        (_(N_("Housing areas")), [row for row in rows if row["kind"] == homes]),
        (_(N_("Places between the housing areas")), [row for row in rows if row["kind"] != homes]),
    ]
    return parts if all(part for _title, part in parts) else [("", rows)]


def _rank(row: pd.Series, language: Language) -> str:
    if is_missing(row.get("rank")):
        return "–"
    return amount(float(row["rank"]), language)


def _score(row: pd.Series, language: Language) -> str:
    hidden = bool(row.get("hidden", False)) and is_missing(row.get("score"))
    return number(row.get("score"), language, ".2f", hidden=hidden)


def _sure(row: pd.Series, places: int, language: Language) -> str:
    _ = words(language)
    if any(is_missing(row.get(name)) for name in ("rank", "rank_low", "rank_high")):
        return _(CANNOT_SAY)
    low, high, known = int(row["rank_low"]), int(row["rank_high"]), float(row.get("confidence", 1.0))
    partly = known < 1 - 1e-9
    always = N_("{low} by what is known") if partly else N_("always {low}")
    texts = [_(always, low=low) if low == high else _(N_("between {low} and {high}"), low=low, high=high)]
    if partly:
        texts.append(_(N_("{share:.0%} of the weights known"), share=known))
    return "; ".join(texts) if places > 1 else _(N_("the only place"))


def _why(release: Release, row: pd.Series, language: Language) -> list[str]:
    """Reasons beyond the rank itself, which stands beside them."""
    _ = words(language)
    told = reason_texts(release, row.get("reasons"), language)
    reasons = row.get("reasons") or ()
    ranks = [set(each.template.split("{rank}")) for each in reasons]
    kept = [text for text, parts in zip(told, ranks, strict=True) if len(parts) == 1]
    if row.get("hidden", False):
        kept.append(_(N_("Some of its numbers are {hidden}."), hidden=hidden_text(language)))
    return kept or told or [_(CANNOT_SAY)]


def _mostly(release: Release, row: pd.Series, language: Language) -> str:
    """Say in few words which layers put a place where it stands."""
    _ = words(language)
    reasons = [each for each in row.get("reasons") or () if {"component", "share"} <= set(each.values)]
    if not reasons:
        return " ".join(_why(release, row, language))
    short = [Told(N_("{component} {share:.0%}"), each.values) for each in reasons]
    said = "; ".join(reason_texts(release, tuple(short), language))
    return f"{said}; {_(N_('other numbers hidden'))}" if row.get("hidden", False) else said


def _best_measure(release: Release, language: Language) -> dict[str, Row]:
    """Return each place's first chosen measure, else its first candidate, else its pilot."""
    _ = words(language)
    choice = release.choice
    found: dict[str, Row] = {}
    texts = (
        (choice.chosen, "{measure}"),
        (choice.candidates, N_("{measure} (outside the budget)")),
        (choice.pilots, N_("{measure} (pilot with evaluation)")),
    )
    for frame, text in texts:
        for _site, row in frame.iterrows():
            plain = frame is choice.candidates and is_missing(row.get("cost_dkk"))  # "unpriced" stands beside it
            said = {"measure": _("{measure}" if plain else text, measure=measure_name(row, language))}
            found.setdefault(str(row.get("area_id")), said | {"cost": cost_text(row.get("cost_dkk"), language)})
    return found


def coverage_table(release: Release, language: Language) -> list[Row]:
    """Return which data there are and what they cover, as text.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    list of dict
        kind, source, read, kept, lost, period, share.
    """
    return [
        {
            "kind": named(text_of(row.get("kind"), language), KINDS, language),
            "source": text_of(row.get("source"), language),
            "read": number(row.get("read"), language),
            "kept": number(row.get("kept"), language),
            "lost": number(row.get("quarantined", row.get("dropped")), language),
            "period": period_text(row.get("first"), row.get("last"), language),
            "share": number(row.get("share"), language, ".0%"),
        }
        for _id, row in release.coverage.iterrows()
    ]


def period_text(first: Any, last: Any, language: Language) -> str:  # noqa: ANN401 - dates or nothing
    """Write a period.

    Parameters
    ----------
    first, last
        Days, both included; missing where the source is not about a period.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        "1 January 2023 to 31 December 2025"; a dash without days.
    """
    if pd.isna(first) or pd.isna(last):
        return "–"
    days = [each.date() if isinstance(each, dt.datetime) else each for each in (first, last)]
    return words(language)(N_("{first} to {last}"), first=days[0], last=days[1])


def findings_text(release: Release, language: Language, *, minor: bool = True) -> list[str]:
    """Return automatic choices, losses and limits as sentences.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.
    minor
        Whether to name also what changes no answer: columns not used, and losses too few to be counted out.

    Returns
    -------
    list of str
        In the order they arose, each once.
    """
    told = [each for each in release.findings if minor or not _is_minor(each)]
    return list(dict.fromkeys(say(titled(each, release), language) for each in told))


def _is_minor(told: Told) -> bool:
    return set(told.values) == {"columns"} or any(isinstance(value, Told) for value in told.values.values())
