"""What was tested, as rows of text: named hot spots, and what earlier measures did."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from hotspot.errors import N_
from hotspot.glossary import Language, words
from hotspot.packaged import Tree
from hotspot.release.contract import Release
from hotspot.report.measures import Row, change_text
from hotspot.report.names import KINDS, category_name, measure_title, named, text_of
from hotspot.report.words import CANNOT_SAY, class_name, hidden_text, is_missing, number

_WHOLE = 10  # from here on a decimal of a ratio says more than its interval carries
NOT_TESTED = N_("not yet tested for stability")
HOLDS = N_("holds in {held} of {n} variants")


def hotspot_table(release: Release, language: Language) -> list[Row]:
    """Return the named hot spots as text.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    list of dict
        name, n, expected, ratio (with interval), qvalue, dark, trend, what (categories), stability.
    """
    return [_hotspot_row(str(each), row, language, release.categories) for each, row in release.hotspots.iterrows()]


def _hotspot_row(hotspot_id: str, row: pd.Series, language: Language, tree: Tree) -> Row:
    _ = words(language)
    hidden = bool(row.get("hidden", False))
    spec = ".1f" if is_missing(row.get("ratio")) or float(row["ratio"]) < _WHOLE else ".0f"
    ratio = number(row.get("ratio"), language, spec, hidden=hidden)
    if not hidden and not any(is_missing(row.get(each)) for each in ("ratio", "lower", "upper")):
        low, high = (number(row[each], language, spec) for each in ("lower", "upper"))
        ratio = _(N_("{value} ({lower} to {upper})"), value=ratio, lower=low, upper=high)
    return {
        "hotspot_id": hotspot_id,
        "name": text_of(row.get("name"), language),
        "n": number(row.get("n"), language, hidden=hidden),
        "expected": number(row.get("expected"), language, ".1f", hidden=hidden),
        "ratio": ratio,
        "qvalue": number(row.get("qvalue"), language, "p", hidden=hidden),
        "dark": number(row.get("dark_share"), language, ".0%", hidden=hidden or is_missing(row.get("dark_share"))),
        "trend": class_name(row.get("trend"), language),
        "what": categories_text(row.get("by_category"), language, hidden=hidden, tree=tree),
        "stability": _stability(row, language),
    }


def _stability(row: pd.Series, language: Language) -> str:
    _ = words(language)
    if is_missing(row.get("variants")):
        return _(NOT_TESTED)
    tried = float(row["variants"])
    if is_missing(row.get("stability")):
        return hidden_text(language) if tried > 0 else _(N_("no variant could test it"))
    return _(HOLDS, held=round(float(row["stability"]) * tried), n=round(tried))


def categories_text(
    parts: Any,  # noqa: ANN401 - a mapping, or nothing
    language: Language,
    *,
    hidden: bool = False,
    most: int = 3,
    tree: Tree | None = None,
) -> str:
    """Say what mostly happens somewhere.

    Parameters
    ----------
    parts
        Category to count, NaN where hidden.
    language
        ``"da"`` or ``"en"``.
    hidden
        Whether all of it is withheld.
    most
        How many categories are named.
    tree
        Code to category; None takes the product's.

    Returns
    -------
    str
        Names with counts, most first.
    """
    if hidden or not isinstance(parts, Mapping):
        return hidden_text(language) if hidden else words(language)(CANNOT_SAY)
    order = sorted(parts, key=lambda code: (is_missing(parts[code]), -float(parts[code] or 0), code))
    said = [
        f"{category_name(code, language, tree)} {number(parts[code], language)}"
        for code in order[:most]
        if not is_missing(parts[code])
    ]
    if any(is_missing(parts[code]) for code in order):
        said.append(words(language)(N_("others {hidden}"), hidden=hidden_text(language)))
    return ", ".join(said) or words(language)(CANNOT_SAY)


def evaluation_table(release: Release, language: Language) -> list[Row]:
    """Return what earlier measures did, as text.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    list of dict
        title, kind, status, before, after, change (with interval), verdict.
    """
    return [_evaluation_row(row, language) for _id, row in release.evaluations.iterrows()]


def _evaluation_row(row: pd.Series, language: Language) -> Row:
    hidden = bool(row.get("hidden", False))
    change = number(row.get("change"), language, hidden=hidden)
    if not hidden and not is_missing(row.get("change")):
        low, high = (1 + float(row.get(each, math.nan)) for each in ("lower", "upper"))
        change = change_text(float(row["change"]), low, high, language)
    return {
        "title": text_of(row.get("title"), language),
        "kind": measure_title(row.get("kind"), language),
        "status": named(text_of(row.get("status"), language), KINDS, language),
        "before": number(row.get("n_before"), language, hidden=hidden),
        "after": number(row.get("n_after"), language, hidden=hidden),
        "change": change,
        "verdict": hidden_text(language) if hidden else _verdict(row, language),
    }


def _verdict(row: pd.Series, language: Language) -> str:
    """Say what can be said, and what else the reader must know."""
    caveats = row.get("caveats")
    told = [row.get("verdict"), *(caveats if isinstance(caveats, tuple | list) else ())]
    said = [text[:1].upper() + text[1:] for text in (text_of(each, language) for each in told) if text]
    return " ".join(said) or words(language)(CANNOT_SAY)
