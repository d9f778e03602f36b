"""Rows that belong together: parts of one area, the same area at several dates, codes without their first zeros."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspot import schema
from hotspot.errors import N_, Told
from hotspot.sources.fields import folded
from hotspot.sources.findings import Proposal, Seen, proposed, shown
from hotspot.sources.moments import moment_of, parse
from hotspot.tables import Place

_DIGITS = 4  # of codes of municipalities, roads and parishes (METHODS 13)
_FOUR_DIGITS = frozenset(
    map(folded, ("komkode", "kommunekode", "kommunenr", "komnr", "kom_kode", "sognekode", "sognenr", "vejkode"))
)
_KEYED = ("areas", "population")


def parts(seen: Seen, _place: Place) -> Proposal | None:
    """Find areas whose polygons stand in several rows, as islands do."""
    key = "area_id" if "area_id" in seen.named else "name"
    if seen.kind != "areas" or seen.raw.geometry is None or key not in seen.named:
        return None
    text = seen.named[key]
    first = text.map(dict(zip(text[::-1], text.index[::-1], strict=True)))
    later = text.notna() & (first != text.index)
    if not later.any():
        return None
    shapes = seen.raw.geometry.copy()
    for row in first[later].unique():
        shapes[row] = shapely.union_all(shapely.make_valid(np.asarray(shapes[first == row].array)))
    aside = dict.fromkeys(text.index[later], Told(N_("is a part of an area that an earlier row stands for")))
    values = {"rows": len(text), "areas": int(text.nunique()), "column": seen.columns.get(key, key)}
    finding = proposed(
        "parts",
        Told(
            N_(
                "{rows} rows name only {areas} {areas:area|areas} in {column}: an area's parts stand in rows of "
                "their own."
            ),
            values,
        ),
        Told(N_("put the parts of each area together")),
        shown(text[later]),
    )
    raw = replace(seen.raw, geometry=gpd.GeoSeries(shapes))
    return Proposal(finding, seen._replace(raw=raw, aside={**seen.aside, **aside}))


def several_dates(seen: Seen, _place: Place) -> Proposal | None:
    """Find registers that hold every area or cell once for each of several dates."""
    key = schema.contract_of(seen.kind).id
    if seen.kind not in _KEYED or key not in seen.named:
        return None
    column = column_of_dates(seen.raw.cells, seen.named[key])
    if column is None:
        return None
    latest, aside = latest_of(seen.raw.cells[column])
    days = seen.raw.cells[column].nunique()
    values = {"n": days, "column": column, "latest": latest}
    finding = proposed(
        "latest-date",
        Told(N_("{column} holds {n} dates, and each row stands once for every one of them."), values),
        Told(N_("read only the rows of {latest}"), values),
        shown(seen.raw.cells[column]),
    )
    return Proposal(finding, seen._replace(aside={**seen.aside, **aside}))


def column_of_dates(cells: pd.DataFrame, keys: pd.Series) -> str | None:
    """Return the column of dates for each of which the keys stand once; None if keys do not come back.

    Parameters
    ----------
    cells
        All cells of the file.
    keys
        What names each row's area or cell.

    Returns
    -------
    str or None
        The column's name.
    """
    if not keys.dropna().duplicated().any():
        return None
    for name in cells.columns:
        text = cells[name]
        if text.notna().all() and 1 < text.nunique() < keys.nunique() and all(map(_is_date, text.unique())):
            pairs = pd.DataFrame({"key": keys, "date": text})
            if not pairs.dropna().duplicated().any():
                return str(name)
    return None


def _is_date(text: str) -> bool:
    return not text.isdigit() and moment_of(text) is not None


def latest_of(text: pd.Series) -> tuple[str, dict[object, Told]]:
    """Return the latest date of a column, and the rows of earlier ones with the reason why they are out.

    Parameters
    ----------
    text
        A date in every row.

    Returns
    -------
    tuple
        The date as it stands, and row to reason.
    """
    days = parse(text)["day"]
    latest = str(text[days == days.max()].iloc[0])
    why = Told(N_("is of an earlier date than {latest}"), {"latest": latest})
    return latest, dict.fromkeys(text.index[days < days.max()], why)


def lost_zeros(seen: Seen, _place: Place) -> Proposal | None:
    """Find codes of four digits whose first zeros a spreadsheet took away."""
    field = next((f for f, column in seen.columns.items() if folded(column) in _FOUR_DIGITS), None)
    if field is None or field not in seen.named:
        return None
    text = seen.named[field]
    short = text[text.str.fullmatch(rf"\d{{1,{_DIGITS - 1}}}").eq(True)]  # noqa: FBT003 - a missing cell is no code
    if short.empty:
        return None
    values = {"n": len(short), "column": seen.columns[field], "digits": _DIGITS}
    finding = proposed(
        "leading-zeros",
        Told(
            N_(
                "{n} {n:code|codes} of {column} {n:has lost its|have lost their} first zeros; such codes have "
                "{digits} digits."
            ),
            values,
        ),
        Told(N_("put the zeros back")),
        shown(short),
    )
    mended = seen.named.assign(**{field: text.mask(text.index.isin(short.index), text.str.zfill(_DIGITS))})
    return Proposal(finding, seen._replace(named=mended))
