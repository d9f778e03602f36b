"""Lists of measures as rows of text: extent, cost, effects on incidents and on felt safety apart, sources."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from hotspot.errors import N_
from hotspot.glossary import Language, amount, words
from hotspot.release.contract import Release
from hotspot.report.names import QUANTITIES, measure_title, text_of
from hotspot.report.sentences import reason_texts
from hotspot.report.words import CANNOT_SAY, INTERVAL, hidden_text, is_missing, number

Row = dict[str, str]
_NAMED = 3  # so many places are named one by one
UNPRICED = N_("unpriced")
NOT_SHOWN = N_("no figure known")
STATUSES = (
    N_("chosen"),
    N_("not within the budget"),
    N_("unpriced"),
    N_("no known effect"),
    N_("place without priority"),
    N_("pilot with evaluation"),
)


def measure_name(row: pd.Series, language: Language) -> str:
    """Return what a row's measure is called.

    Parameters
    ----------
    row
        A row of a list of measures: its key in ``measure``, perhaps its name by language in ``measure_name``.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        Its name.
    """
    given = row.get("measure_name")
    return measure_title(given if isinstance(given, Mapping) else row.get("measure"), language)


def cost_text(cost: Any, language: Language) -> str:  # noqa: ANN401 - a cell
    """Write a cost, or that there is no price; never that it is free.

    Parameters
    ----------
    cost
        [DKK]; NaN means that no price is known.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        For instance "DKK 120,000".
    """
    _ = words(language)
    return _(UNPRICED) if is_missing(cost) else _(N_("DKK {cost:,.0f}"), cost=float(cost))


def measure_table(release: Release, language: Language, *, of: str = "chosen") -> list[Row]:
    """Return a list of measures as text.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.
    of
        ``"chosen"``, ``"candidates"`` or ``"pilots"``.

    Returns
    -------
    list of dict
        name, measure, quantity, cost, fewer (effect on incidents), felt (on felt safety), evidence, citation,
        owner, decides, cautions, why, status; unpriced and hidden, empty where it is not.
    """
    frame: pd.DataFrame = getattr(release.choice, of)
    return [_measure_row(release, row, language) for _site, row in frame.iterrows()]


def distinct_effects(rows: list[Row]) -> list[Row]:
    """Return one row for each measure and effect, since the same measure mostly does the same everywhere.

    Parameters
    ----------
    rows
        As `measure_table` returns them.

    Returns
    -------
    list of dict
        First place first; a row whose effect is hidden only where no other place shows that of its measure.
    """
    kept = {tuple(row[key] for key in ("measure", "fewer", "felt", "citation")): row for row in reversed(rows)}
    told = {row["measure"] for row in rows if not row["hidden"]}
    return [row for row in reversed(kept.values()) if not row["hidden"] or row["measure"] not in told]


def measure_groups(release: Release, language: Language) -> list[Row]:
    """Return the chosen measures by kind, each with where and what all of it costs.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    list of dict
        measure (small first letter), places (names, or how many beyond three), spent; the best first.
    """
    _ = words(language)
    groups: dict[str, list[pd.Series]] = {}
    for _site, row in release.choice.chosen.iterrows():
        groups.setdefault(measure_name(row, language), []).append(row)
    found = []
    for name, rows in groups.items():
        places = list(dict.fromkeys(text_of(row.get("name"), language) for row in rows))
        told = ", ".join(places) if len(places) <= _NAMED else _(N_("{n} {n:place|places}"), n=len(places))
        spent = cost_text(sum(float(row["cost_dkk"]) for row in rows), language)
        found.append({"measure": name[:1].lower() + name[1:], "places": told, "spent": spent})
    return found


def _measure_row(release: Release, row: pd.Series, language: Language) -> Row:
    return {
        "area_id": str(row.get("area_id", "")),
        "name": text_of(row.get("name"), language),
        "measure": measure_name(row, language),
        "quantity": _quantity(row, language),
        "cost": cost_text(row.get("cost_dkk"), language),
        "fewer": _fewer(row, language),
        "felt": _felt(row, language),
        "evidence": text_of(row.get("strength"), language),
        "citation": _citation(row, language),
        "owner": text_of(row.get("owner"), language),
        "decides": text_of(row.get("decides"), language),
        "status": words(language)(str(row["status"])) if "status" in row else "",
        "unpriced": "yes" if is_missing(row.get("cost_dkk")) else "",
        "hidden": "yes" if row.get("hidden", False) else "",
        "cautions": text_of(row.get("cautions"), language),
        "why": " ".join(reason_texts(release, row.get("reasons"), language)),
    }


def _citation(row: pd.Series, language: Language) -> str:
    """Name the sources, and say where a figure was not read in them."""
    citation = text_of(row.get("citation"), language)
    seen = row.get("seen", True)
    if not citation or is_missing(seen) or bool(seen):
        return citation
    return words(language)(N_("{citation} (a figure from memory)"), citation=citation)


def _quantity(row: pd.Series, language: Language) -> str:
    if is_missing(row.get("quantity")):
        return words(language)(CANNOT_SAY)
    said = amount(float(row["quantity"]), language)
    unit = str(row.get("unit", ""))
    if unit == "per site" and float(row["quantity"]) == 1:
        return words(language)(N_("the whole place"))
    return words(language)(QUANTITIES[unit], quantity=said) if unit in QUANTITIES else f"{said} {unit}".strip()


def _fewer(row: pd.Series, language: Language) -> str:
    """Say the effect on the incidents that the measure acts on."""
    _ = words(language)
    if row.get("hidden", False):
        return hidden_text(language)
    if is_missing(row.get("rr")):
        text = _(NOT_SHOWN)
    else:
        text = change_text(float(row["rr"]) - 1, row.get("rr_low"), row.get("rr_high"), language)
        if "assumed" in str(row.get("basis", "")):
            text = _(N_("{effect}, interval assumed"), effect=text)
    if not is_missing(row.get("p_fewer")):
        if "assumed" in str(row.get("basis", "")):  # a probability from an assumed error would look like a finding
            text = _(N_("{effect}; how probable is not known"), effect=text)
        else:
            text = _(N_("{effect}; probability of fewer {share:.0%}"), effect=text, share=float(row["p_fewer"]))
    strength = text_of(row.get("strength"), language)
    return _(N_("{effect}; strength {strength}"), effect=text, strength=strength) if strength else text


def change_text(change: float, low_ratio: Any, high_ratio: Any, language: Language) -> str:  # noqa: ANN401 - cells
    """Write a relative change with its interval, minus and plus spelt out by sign.

    Parameters
    ----------
    change
        Relative change, -0.2 is a fifth fewer.
    low_ratio, high_ratio
        95% limits of the ratio, or missing.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        For instance "−20 % (95% interval −35 % to −2 %)".
    """
    if any(is_missing(each) for each in (low_ratio, high_ratio)):
        return signed(change, language)
    low, high = (signed(float(each) - 1, language) for each in (low_ratio, high_ratio))
    return words(language)(INTERVAL, value=signed(change, language), lower=low, upper=high)


def signed(change: float, language: Language) -> str:
    """Write a relative change with its sign.

    Parameters
    ----------
    change
        -0.2 is a fifth fewer.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        For instance "−20 %", "+5 %", "0 %".
    """
    if math.isinf(change):
        return "∞"
    sign = {-1: "−", 0: "", 1: "+"}[(round(change * 100) > 0) - (round(change * 100) < 0)]
    return sign + amount(abs(change), language, ".0%")


def _felt(row: pd.Series, language: Language) -> str:
    """Say the effect on felt safety, apart from incidents."""
    _ = words(language)
    felt, chance = text_of(row.get("felt"), language), float(row.get("p_felt", math.nan))
    if not is_missing(row.get("felt_rr")):
        text = change_text(float(row["felt_rr"]) - 1, row.get("felt_low"), row.get("felt_high"), language)
        text = _(N_("feel unsafe: {effect}"), effect=text)
        if "assumed" in str(row.get("felt_basis", "")):
            text = _(N_("{effect}, interval assumed"), effect=text)
    elif not felt or felt == "E":
        return _(NOT_SHOWN)
    else:
        text = _(N_("direction only"))
    if "assumed" in str(row.get("felt_basis", "")):
        text = _(N_("{effect}; how probable is not known"), effect=text)
    elif not is_missing(chance):
        text = _(N_("{effect}; probability of safer {share:.0%}"), effect=text, share=chance)
    return _(N_("{effect}; strength {strength}"), effect=text, strength=felt) if felt else text


def frontier_table(release: Release, language: Language) -> list[Row]:
    """Return what other budgets would reach, as text.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    list of dict
        budget, measures, benefit.
    """
    return [
        {
            "budget": cost_text(row.get("budget_dkk"), language),
            "measures": _counted(row.get("measures"), language),
            "benefit": number(row.get("benefit"), language),
        }
        for _id, row in release.choice.frontier.iterrows()
    ]


def _counted(measures: object, language: Language) -> str:
    """Return a number of measures, given as a number or as the measures themselves."""
    if isinstance(measures, tuple | list | frozenset | set):
        return amount(len(measures), language)
    return number(measures, language)
