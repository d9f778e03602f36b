"""Identifiers that belong to a row's content, so that the order of a file's rows never matters."""

import hashlib
from collections.abc import Collection, Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspot.errors import N_, Told
from hotspot.schema.readings import EXAMPLES, only_declined, reading
from hotspot.sources.moments import rows_of


def numbers_of_content(cells: pd.DataFrame, frame: pd.DataFrame) -> pd.Series:
    """Return an identifier per row, made from all that the file says of it.

    Parameters
    ----------
    cells
        Every column of the file as text.
    frame
        The rows as read, with their shapes if they have any.

    Returns
    -------
    Series
        Twelve hexadecimal digits; rows that are equal in everything are counted on.
    """
    columns = [cells[column].fillna("") for column in cells.columns]
    joined = ["\x1f".join(row) for row in zip(*columns, strict=True)] if columns else [""] * len(cells)
    content = pd.Series(joined, index=cells.index, dtype=object)
    if isinstance(frame, gpd.GeoDataFrame):
        shapes = shapely.to_wkb(np.asarray(frame.geometry.array), hex=True)
        content = content + pd.Series(shapes, index=frame.index).fillna("").astype(str)
    hashed = content.map(lambda text: hashlib.sha256(text.encode()).hexdigest()[:12])
    again = hashed.groupby(hashed).cumcount()
    return hashed.where(again == 0, hashed + "-" + again.astype(str))


def apart(
    own: pd.Series, made: pd.Series, rejected: Iterable[object], declined: Collection[str] = ()
) -> tuple[pd.Series, list[Told], dict[object, Told]]:
    """Tell rows apart that share a number in the file, such as two offences of one case.

    Parameters
    ----------
    own
        Numbers as they stand in the file.
    made
        Numbers made from content.
    rejected
        Rows that are out already and so share with nobody.
    declined
        Codes of readings that the owner declines: ``shared-numbers``.

    Returns
    -------
    tuple
        One number per row, a shared one with the row's own behind it; what to tell; and the rows that are out because
        the reading was declined.
    """
    shared = own.drop(index=list(rejected)).duplicated(keep=False).reindex(own.index, fill_value=False)
    if not shared.any():
        return own, [], {}
    sentence = N_(
        "{n} rows share their number with another ({examples}; rows {rows}); each counts as a row of its own."
    )
    values = {
        "n": int(shared.sum()),
        "examples": list(dict.fromkeys(own[shared]))[:EXAMPLES],
        "rows": rows_of(own[shared]),
    }
    later = own.index[shared & own.where(shared).duplicated() & ("shared-numbers" in declined)]
    told = reading("shared-numbers", sentence, values, declined)
    out = dict.fromkeys(later, only_declined("shared-numbers"))
    return own.where(~shared, own.astype(str) + "-" + made), [told], out
