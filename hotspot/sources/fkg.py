"""Deliveries in the Danish FKG/GeoFA model: type codes, current rows, and who may see them.

Codes are those of themes 5606 and 6800 to 6802 of FKG 3 / GeoFA 1.7.
"""

from collections.abc import Collection
from typing import NamedTuple

import pandas as pd

from hotspot.errors import N_, Told
from hotspot.schema.readings import reading
from hotspot.sources.moments import rows_of
from hotspot.sources.values import numbers

# What a kind alone still tells of height, where a delivery has no codes (assumption, as below).
HEIGHT_OF_KIND = {
    "grass": "low",
    "flowerbed": "low",
    "groundcover": "medium",
    "shrub": "understory",
    "thicket": "dense",
    "hedge": "dense",
    "grove": "canopy",
    "wood": "dense",
    "screen": "screen",
    "tree": "canopy",
}
_PUBLIC = 1
_LAMP_CODES = (7, 447010)
_CONDITION = {1: 1.0, 2: 2.0, 3: 3.0}
_CARE = {1: "garden", 2: "park", 3: "nature"}
# First and last code, kind, height class. The height classes are a proposal from the codes' names (assumption).
_TYPES = (
    (101000, 108999, "grass", "low"),
    (121000, 127999, "flowerbed", "low"),
    (161000, 161199, "shrub", "understory"),
    (161200, 161999, "shrub", "understory"),
    (162000, 162999, "groundcover", "medium"),
    (163000, 163999, "shrub", "understory"),
    (181000, 184999, "hedge", "dense"),
    (201000, 202999, "tree", "canopy"),
    (221000, 221999, "grove", "canopy"),
    (222000, 222999, "thicket", "dense"),
    (223000, 223999, "grove", "canopy"),
    (224000, 224999, "wood", "dense"),
    (225000, 225999, "screen", "screen"),
    (226000, 226999, "grove", "canopy"),
    (401000, 413999, "paving", "none"),
    (439000, 439999, "barrier", "none"),
    (441000, 446999, "furniture", "none"),
    (447000, 447099, "fence", "none"),
    (447100, 447199, "fence", "screen"),
    (447300, 447399, "barrier", "none"),
    (448000, 448999, "fence", "none"),
)


class Filtered(NamedTuple):
    """Rows that do not count, by reason."""

    reasons: dict[object, Told]
    findings: tuple[Told, ...]


def not_for_us(named: pd.DataFrame, kind: str, declined: Collection[str] = ()) -> Filtered:
    """Say which rows of an FKG delivery are past, not public, or of another theme.

    Parameters
    ----------
    named
        The file's cells under the fields' names.
    kind
        ``"lamps"`` or ``"green"``.
    declined
        Codes of readings that the owner declines: with ``fkg-rows`` past rows and other themes are kept; what is not
        public never is.

    Returns
    -------
    Filtered
        Row to reason.
    """
    reasons: dict[object, Told] = {}
    told = list[Told]()
    if "fkg_until" in named:
        past = named["fkg_until"].notna() & (named["fkg_until"].astype(str).str.strip() != "")
        reasons |= dict.fromkeys(named.index[past], Told(N_("no longer in force (systid_til is filled)")))
    if "fkg_type" in named:
        lamp = numbers(named["fkg_type"]).values.isin(_LAMP_CODES)
        other = ~lamp if kind == "lamps" else lamp
        reasons |= dict.fromkeys(named.index[other], Told(N_("of another theme (type code)")))
    if reasons:
        rows = pd.Series(reasons).sort_index()
        sentence = N_("{n} {n:row is|rows are} past or of another theme ({rows:row|rows} {rows}), and set aside.")
        told = [reading("fkg-rows", sentence, {"n": len(rows), "rows": rows_of(rows)}, declined)]
        reasons = {} if "fkg-rows" in declined else reasons
    if "fkg_public" in named:
        public = numbers(named["fkg_public"]).values
        closed = public.notna() & (public > _PUBLIC)
        reasons |= dict.fromkeys(named.index[closed], Told(N_("not public (off_kode 2 or 3)")))
    return Filtered(reasons, tuple(told))


def described(named: pd.DataFrame) -> pd.DataFrame:
    """Return kind, height class, condition and care of green areas from their FKG codes.

    Parameters
    ----------
    named
        The file's cells under the fields' names.

    Returns
    -------
    DataFrame
        Those of ``kind``, ``height_class``, ``condition`` and ``care`` that the codes tell.
    """
    told: dict[str, pd.Series] = {}
    if "fkg_type" in named:
        codes = numbers(named["fkg_type"]).values
        kinds = pd.Series("other", index=named.index, dtype=object)
        heights = pd.Series(None, index=named.index, dtype=object)
        for first, last, kind, height in _TYPES:
            here = codes.between(first, last)
            kinds[here], heights[here] = kind, height
        told |= {"kind": kinds, "height_class": heights}
    if "fkg_condition" in named:
        told["condition"] = numbers(named["fkg_condition"]).values.map(_CONDITION)
    if "fkg_care" in named:
        told["care"] = numbers(named["fkg_care"]).values.map(_CARE).astype(object)
    return pd.DataFrame(told, index=named.index)
