"""Answers of a safety survey recoded so that 1 means unsafe or yes, with the raw answer kept."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from hotspot.errors import N_, Told
from hotspot.schema.contracts import ITEMS, RAW_PREFIX
from hotspot.schema.readings import EXAMPLES, reading
from hotspot.sources.fields import folded
from hotspot.sources.moments import rows_of
from hotspot.sources.values import numbers

# 1 to 7 on the national scale: 1 = basically safe, 7 = basically unsafe (low is good); 5 to 7 count as unsafe
# (METHODS 1.5; the exact coding of the middle is from memory and told to the reader).
_LEAST_UNSAFE, _SAFEST, _WORST = 5, 1, 7
_UNSAFE_THIRD = 2 / 3  # 5 of 1 to 7 lies there, and the top two of 1 to 5 beyond it (METHODS 4)
_FEW = 50  # answers under which an area's own figure is too uncertain by itself (METHODS 16)
_ROUNDING = 1e-9
_NATIONAL: Mapping[str, "Scale"] = MappingProxyType({})
_NO_ANSWER = (8, 9, 88, 98, 99)  # what survey programs write for "do not know" and "no answer"
_UNSAFE = frozenset(
    map(
        folded,
        (
            "meget utryg",
            "utryg",
            "ret utryg",
            "lidt utryg",
            "noget utryg",
            "overvejende utryg",
            "very unsafe",
            "unsafe",
            "fairly unsafe",
        ),
    )
)
_SAFE = frozenset(
    map(folded, ("meget tryg", "tryg", "ret tryg", "overvejende tryg", "hverken eller", "hverken tryg eller utryg",
                 "very safe", "safe", "fairly safe", "neither")),
)  # fmt: skip
_NEVER_OUT = frozenset(
    map(folded, ("går aldrig ud", "går ikke ud", "færdes ikke alene", "never go out", "never goes out"))
)
_YES = frozenset(map(folded, ("ja", "yes", "sand", "true", "1", "j", "y")))
_NO = frozenset(map(folded, ("nej", "no", "falsk", "false", "0", "n")))
WALKING = ("unsafe_area", "unsafe_day", "unsafe_dark")


class Scale(NamedTuple):
    """The numbers of a survey's question: where they begin and end, and whether the high end is the safe one."""

    low: float
    high: float
    safe_is_high: bool


def recode(
    named: pd.DataFrame, scales: Mapping[str, Scale] = _NATIONAL, declined: Collection[str] = ()
) -> tuple[pd.DataFrame, tuple[Told, ...]]:
    """Recode the items of a survey.

    Parameters
    ----------
    named
        The file's cells under the fields' names.
    scales
        Scale of each question that is not on the national one, as the user accepted it.
    declined
        Codes of readings that the owner declines: ``national-scale``.

    Returns
    -------
    tuple
        Items coded 1 (unsafe, yes), 0 (safe, no) or NaN (no answer, does not know), each with ``raw_<item>``; and
        what the reader should know. Someone who never goes out after dark has ``never_out_dark`` 1 and no
        answer on walking there: it is an answer of its own, not a missing one.
    """
    coded: dict[str, pd.Series] = {}
    findings: list[Told] = []
    for item in ITEMS:
        if item not in named:
            continue
        text = named[item]
        coded[f"{RAW_PREFIX}{item}"] = text
        if item in scales:
            coded[item] = _on_other_scale(text, scales[item])
            continue
        on_scale = item in WALKING and on_national_scale(text)
        read = on_scale and "national-scale" not in declined
        coded[item] = _walking(text, on_scale=read) if item in WALKING else _yes_no(text)
        findings += _scale_told(item, text, declined, on_scale=on_scale) if item in WALKING else []
    if "unsafe_dark" in named:
        never = named["unsafe_dark"].map(folded, na_action="ignore").isin(_NEVER_OUT).astype(float)
        coded.setdefault("never_out_dark", never.where(named["unsafe_dark"].notna()))
    return pd.DataFrame(coded, index=named.index), tuple(findings)


def scale_figures(text: pd.Series) -> pd.Series:
    """Return the bare numbers of a question; NaN where the answer is in words or missing.

    Parameters
    ----------
    text
        Answers.
    """
    return numbers(text.where(text.str.fullmatch(r"\s*-?\d+([.,]\d+)?\s*", na=False))).values


def on_national_scale(text: pd.Series) -> bool:
    """Tell whether the numbers of an item can be the national scale: whole, 1 to 7, or a code for no answer.

    Parameters
    ----------
    text
        Answers.
    """
    given = scale_figures(text).dropna()
    return bool((given.between(_SAFEST, _WORST) | given.isin(_NO_ANSWER)).all() and (given % 1 == 0).all())


def _walking(text: pd.Series, *, on_scale: bool) -> pd.Series:
    words = text.map(folded, na_action="ignore")
    value = pd.Series(float("nan"), index=text.index)
    value[words.isin(_UNSAFE)] = 1.0
    value[words.isin(_SAFE)] = 0.0
    if not on_scale:
        return value
    number = scale_figures(text)
    return value.mask(number.between(_SAFEST, _WORST), (number >= _LEAST_UNSAFE).astype(float))


def few_answers(frame: pd.DataFrame) -> list[Told]:
    """Say how few answers an area has, where that is too few to tell areas apart.

    Parameters
    ----------
    frame
        Answers as recoded, with their ``area_id``, on an index of row numbers.

    Returns
    -------
    list of Told
        One sentence for all questions with areas of few answers, or none.
    """
    asked = [item for item in ITEMS if item in frame and "area_id" in frame]
    counts = {item: frame.loc[frame[item].notna(), "area_id"].value_counts() for item in asked}
    few = {item: each for item, each in counts.items() if len(each) > 1 and each.min() < _FEW}
    if not few:
        return []
    sentence = N_(
        "{low} to {high} answers in an area to {items}. That is few: differences between areas are told with wide "
        "intervals (fewest to {item}: {rows})."
    )
    low, high = min(each.min() for each in few.values()), max(each.max() for each in few.values())
    item = min(few, key=lambda each: few[each].min())
    answered = frame.loc[frame[item].notna(), "area_id"]
    fewest = few[item].sort_index().sort_values(kind="stable").head(EXAMPLES)
    examples = [
        Told(
            N_("{n} in {area}, rows {rows}"),
            {"n": int(n), "area": str(area), "rows": rows_of(answered[answered == area])},
        )
        for area, n in fewest.items()
    ]
    values = {"items": list(few), "low": int(low), "high": int(high), "item": item, "rows": examples}
    return [Told(sentence, values)]


def _on_other_scale(text: pd.Series, scale: Scale) -> pd.Series:
    """Code as unsafe the third of a scale at its unsafe end, as the national scale and five steps do."""
    number = scale_figures(text)
    number = number.where(number.between(scale.low, scale.high))
    way = (number - scale.low) / (scale.high - scale.low)
    unsafe = 1 - way if scale.safe_is_high else way
    words = _walking(text, on_scale=False)
    return (unsafe >= _UNSAFE_THIRD - _ROUNDING).astype(float).where(number.notna(), words)


def _yes_no(text: pd.Series) -> pd.Series:
    words = text.map(folded, na_action="ignore")
    value = pd.Series(float("nan"), index=text.index)
    value[words.isin(_YES)] = 1.0
    value[words.isin(_NO)] = 0.0
    return value


def _scale_told(item: str, text: pd.Series, declined: Collection[str], *, on_scale: bool) -> list[Told]:
    figures = scale_figures(text).dropna()
    if figures.empty:
        return []
    if not on_scale:
        off = figures[~figures.between(_SAFEST, _WORST) | (figures % 1 != 0)]
        examples = [f"{each:g}" for each in off.drop_duplicates()[:EXAMPLES]]
        return [
            Told(
                N_(
                    "“{item}” holds numbers that are not on the national scale of 1 to 7 ({examples}), and which end "
                    "is safe is not known: its numbers count as no answer."
                ),
                {"item": item, "examples": examples},
            )
        ]
    sentence = N_(
        "“{item}” is read on the national scale where 1 is safe and 7 unsafe; 5 to 7 count as unsafe (from memory; "
        "{rows:row|rows} {rows})."
    )
    return [reading("national-scale", sentence, {"item": item, "rows": rows_of(figures)}, declined)]
