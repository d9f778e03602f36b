"""Check the records of the evidence folder: what must stand in them, and what may stand in each field."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

OUTCOMES = ("incidents", "felt_safety")
DIRECTIONS = ("better", "none shown", "worse")
INTERVALS = ("reported", "assumed", "none")
STRENGTHS = ("A", "B", "C", "D", "E")
LIGHT = ("day", "dusk", "dark")
PLACES = ("outdoor", "indoor", "any")
LISTS = ("effects", "pilot")
UNITS = ("per lamp", "per m2", "per metre", "per piece", "per site")
TESTS = ("above", "at_least", "below", "at_most", "one_of")
LANGUAGES = ("da", "en")
TEXTS = ("name", "description", "owner", "decides", "cautions", "equality", "fits")
EFFECT = {
    "outcome", "used", "categories", "light", "where", "direction", "rr", "interval", "low", "high", "se_log",
    "p_below", "strength", "studies", "design", "country", "year", "citation", "doi", "seen", "mark",
    "note_da", "note_en",
}  # fmt: skip


def problems_of(key: str, record: Mapping[str, Any]) -> list[str]:
    """What is missing or impossible in the record of one measure?

    Parameters
    ----------
    key
        The measure's key, which its file is named after.
    record
        The content of its file.

    Returns
    -------
    list
        One entry per problem, naming the measure and the field; empty when nothing is wrong.
    """
    top = ("measure", "list", "mechanism", "aims_at", "unit", "quantity", "lifetime", "cost", "emmie", *TEXTS)
    missing = [name for name in top if name not in record]
    if missing:
        return [f"{key}: {name}" for name in missing]
    found = [] if record["measure"] == key else [f"{key}: measure"]
    found += [f"{key}: {name}" for name in TEXTS if not all(record[name].get(each) for each in LANGUAGES)]
    found += _unknown(f"{key}: list", record["list"], LISTS) + _unknown(f"{key}: unit", record["unit"], UNITS)
    found += [f"{key}: fits" for each in record["fits"].get("all", ({},)) if sum(test in each for test in TESTS) != 1]
    effects = record.get("effect", [])
    for number, effect in enumerate(effects, start=1):
        found += [f"{key}: effect {number}: {what}" for what in _effect_problems(effect)]
    return found + ([] if found else [f"{key}: {what}" for what in _list_problems(record["list"], effects)])


def _list_problems(kind: str, effects: Sequence[Mapping[str, Any]]) -> list[str]:
    """What does not fit together between the effects of one measure."""
    found = ["list"] if (kind == "pilot") != (not any(each["used"] for each in effects)) else []
    seen: set[tuple[str, str, str]] = set()
    for each in effects:
        cells = {
            (each["outcome"], category, light)
            for category in each["categories"] or [""]
            for light in each["light"]
            if each["used"]
        }
        found += ["used"] if cells & seen else []
        seen |= cells
    return found


def _effect_problems(effect: Mapping[str, Any]) -> list[str]:
    """What is missing or impossible in one effect."""
    missing = sorted(EFFECT - set(effect))
    if missing:
        return missing
    found = [each for each in ("citation", "mark", "design", "note_da", "note_en") if not effect[each]]
    for name, allowed in (
        ("outcome", OUTCOMES), ("direction", DIRECTIONS), ("interval", INTERVALS),
        ("strength", STRENGTHS), ("where", PLACES),
    ):  # fmt: skip
        found += _unknown(name, effect[name], allowed)
    found += [] if set(effect["light"]) <= set(LIGHT) and effect["light"] else ["light"]
    found += ["categories"] if bool(effect["categories"]) != (effect["outcome"] == "incidents") else []
    return found + _number_problems(effect)


def _number_problems(effect: Mapping[str, Any]) -> list[str]:
    """Whether ratio, interval and direction agree."""
    rr, low, high, se = (float(effect[name]) for name in ("rr", "low", "high", "se_log"))
    wanted = {
        "reported": low < rr < high,
        "assumed": bool(np.isfinite(rr)) and se > 0,
        "none": not (np.isfinite(low) or np.isfinite(high) or np.isfinite(se)),
    }
    found = [] if wanted.get(effect["interval"], True) else ["interval"]
    away = {"better": rr >= 1, "worse": rr <= 1, "none shown": bool(np.isfinite(rr))}
    found += ["direction"] if away.get(effect["direction"], False) else []
    return found + (["rr"] if rr <= 0 else [])


def _unknown(name: str, value: str, allowed: Sequence[str]) -> list[str]:
    return [] if value in allowed else [f"{name} {value!r}"]
