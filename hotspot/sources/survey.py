"""Answers of a safety survey recoded so that 1 means unsafe or yes, with the raw answer kept."""

import pandas as pd

from hotspot.errors import N_, Told
from hotspot.schema.contracts import ITEMS, RAW_PREFIX
from hotspot.sources.fields import folded
from hotspot.sources.values import numbers

# 1 to 7 on the national scale: 1 = basically safe, 7 = basically unsafe (low is good); 5 to 7 count as unsafe
# (METHODS 1.5; the exact coding of the middle is from memory and told to the reader).
_LEAST_UNSAFE, _SAFEST, _WORST = 5, 1, 7
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
_WALKING = ("unsafe_area", "unsafe_day", "unsafe_dark")


def recode(named: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Told, ...]]:
    """Recode the items of a survey.

    Parameters
    ----------
    named
        The file's cells under the fields' names.

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
        coded[item] = _walking(text) if item in _WALKING else _yes_no(text)
        findings += _scale_told(item, text) if item in _WALKING else []
    if "unsafe_dark" in named:
        never = named["unsafe_dark"].map(folded, na_action="ignore").isin(_NEVER_OUT).astype(float)
        coded.setdefault("never_out_dark", never.where(named["unsafe_dark"].notna()))
    return pd.DataFrame(coded, index=named.index), tuple(findings)


def _walking(text: pd.Series) -> pd.Series:
    words = text.map(folded, na_action="ignore")
    value = pd.Series(float("nan"), index=text.index)
    value[words.isin(_UNSAFE)] = 1.0
    value[words.isin(_SAFE)] = 0.0
    number = numbers(text.where(text.str.fullmatch(r"\s*\d+([.,]\d+)?\s*", na=False))).values
    on_scale = number.between(_SAFEST, _WORST)
    return value.mask(on_scale, (number >= _LEAST_UNSAFE).astype(float))


def _yes_no(text: pd.Series) -> pd.Series:
    words = text.map(folded, na_action="ignore")
    value = pd.Series(float("nan"), index=text.index)
    value[words.isin(_YES)] = 1.0
    value[words.isin(_NO)] = 0.0
    return value


def _scale_told(item: str, text: pd.Series) -> list[Told]:
    if not text.str.fullmatch(r"\s*[1-7]\s*", na=False).any():
        return []
    return [
        Told(
            N_(
                "“{item}” is read on the national scale where 1 is safe and 7 unsafe; 5 to 7 count "
                "as unsafe (from memory)."
            ),
            {"item": item},
        )
    ]
