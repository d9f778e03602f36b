"""Incidents of a file that another source of the study has reported already."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspot.errors import N_, ReferenceSystemError, SourceError, Told
from hotspot.packaged import category_of_codes, folded_code
from hotspot.schema.twice import SAME_PLACE_M, alike
from hotspot.sources.findings import Proposal, Seen, proposed, shown
from hotspot.sources.places import locate
from hotspot.sources.typed import typed
from hotspot.tables import Place, Table

_COLUMNS = ("source", "category", "start", "end", "geometry")


def reported_before(seen: Seen, place: Place) -> Proposal | None:
    """Find incidents that another source seems to have reported too: same category, place and time."""
    others = _others(seen)
    if others is None:
        return None
    mine = _rows(seen, place, seen.known["incidents"])
    if mine is None:
        return None
    whole = gpd.GeoDataFrame(pd.concat([mine, others], ignore_index=True), crs=place.crs)
    twins = _one_to_one(alike(whole), len(mine))
    if not twins:
        return None
    sources = {mine.index[row]: str(whole["source"].iloc[other]) for row, other in twins.items()}
    rows = sorted(sources, key=lambda row: int(str(row)))
    values = {"n": len(rows), "sources": sorted(set(sources.values())), "metres": SAME_PLACE_M}
    finding = proposed(
        "reported-before",
        Told(
            N_(
                "{n} {n:row|rows} may be of {n:an incident|incidents} that {sources} has already: same category, "
                "within {metres} m, at overlapping times."
            ),
            values,
        ),
        Told(N_("set them aside here, since they count there; left as it is, both count")),
        shown(seen.raw.cells.loc[rows].apply(lambda row: " | ".join(row.dropna().astype(str).head(4)), axis=1)),
    )
    aside = {row: Told(N_("stands in the delivery of {source} already"), {"source": sources[row]}) for row in rows}
    return Proposal(finding, seen._replace(aside={**seen.aside, **aside}))


def _others(seen: Seen) -> gpd.GeoDataFrame | None:
    """Return the incidents that the study has from other sources, or None."""
    if seen.kind != "incidents" or "incidents" not in seen.known or "code" not in seen.named:
        return None
    frame = seen.known["incidents"].frame
    others = frame.loc[frame["source"] != seen.source, list(_COLUMNS)]
    return gpd.GeoDataFrame(others) if len(others) else None


def _rows(seen: Seen, place: Place, there: Table) -> gpd.GeoDataFrame | None:
    """Return the file's rows that have a place, a time and a category; None if the file cannot be read yet."""
    try:
        read = typed(seen, place.timezone, seen.source).frame
        shapes = locate(seen.raw, seen.named, place, seen.crs, seen.name).shapes
    except (ReferenceSystemError, SourceError):
        return None  # told of by its own finding
    meaning = _meaning(there) if seen.codes is None else seen.codes
    category = seen.named["code"].map(lambda code: meaning.get(folded_code(str(code))), na_action="ignore")
    frame = gpd.GeoDataFrame(read.assign(category=category.astype(object), source=seen.source), geometry=shapes)
    usable = frame[["start", "end"]].notna().all(axis=1) & shapes.notna() & ~shapes.is_empty
    usable &= ~frame.index.isin(list(seen.aside))
    return frame.loc[usable, list(_COLUMNS)]


def _meaning(there: Table) -> Mapping[str, str]:
    """Return what codes mean: as the product says, and before that as the study's own incidents do."""
    known = there.frame[["code", "category"]].dropna().drop_duplicates()
    return {
        **category_of_codes(),
        **{folded_code(str(code)): str(category) for code, category in known.itertuples(index=False)},
    }


def _one_to_one(pairs: np.ndarray, mine: int) -> dict[int, int]:
    """Return for rows of the file the other source's incident; each of these stands for one row only."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for one, other in pairs.tolist():
        if one < mine <= other and one not in found and other not in taken:
            found[one] = other
            taken.add(other)
    return found
