"""Tables from the bytes of a Parquet file, with or without shapes."""

import io
import json
from functools import cache

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyproj

_GEO = b"geo"  # where GeoParquet keeps what it says of its shapes


def frame_of(data: bytes) -> pd.DataFrame:
    """Return the table that some bytes hold.

    Parameters
    ----------
    data
        A Parquet or GeoParquet file, shapes as WKB.

    Returns
    -------
    DataFrame
        A GeoDataFrame where the file says that it holds shapes.

    Notes
    -----
    As `geopandas.read_parquet`, except that a reference system is read once and not again for every table: that
    takes longer than reading the shapes.
    """
    told = (pq.read_schema(io.BytesIO(data)).metadata or {}).get(_GEO)
    frame = pd.read_parquet(io.BytesIO(data))
    if told is None:
        return frame
    geo = json.loads(told)
    shapes = {
        name: gpd.GeoSeries.from_wkb(frame[name], crs=_system(json.dumps(own["crs"])))
        for name, own in geo["columns"].items()
    }
    return gpd.GeoDataFrame(frame.assign(**shapes), geometry=geo["primary_column"])


@cache
def _system(told: str) -> pyproj.CRS | None:
    plain = json.loads(told)
    return None if plain is None else pyproj.CRS.from_json_dict(plain)
