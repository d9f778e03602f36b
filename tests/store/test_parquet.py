"""Tables from bytes: the same that geopandas and pandas read."""

import io

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from shapely import LineString, Point

from hotspot.store.parquet import frame_of


def written(frame: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.to_parquet(file)
    return file.getvalue()


@pytest.mark.parametrize("crs", ["EPSG:25832", "EPSG:3006", None])
def test_shapes_and_their_system_come_back_as_geopandas_reads_them(crs: str | None) -> None:
    frame = gpd.GeoDataFrame(
        {
            "name": pd.Series(["a", None, "å"], dtype="str"),
            "n": [1.0, np.nan, 3.0],
            "at": pd.to_datetime(["2025-01-01", None, "2025-03-30"], utc=True),
        },
        geometry=[Point(1, 2), None, LineString([(0, 0), (1, 1)])],
        crs=crs,
        index=pd.Index(["x", "y", "z"], name="place_id"),
    )
    data = written(frame)
    back = frame_of(data)
    assert_geodataframe_equal(back, gpd.read_parquet(io.BytesIO(data)))
    assert_geodataframe_equal(back, frame)


def test_a_table_without_shapes_stays_plain() -> None:
    frame = pd.DataFrame({"cost": [1.0, np.nan]}, index=pd.Index(["a", "b"], name="measure"))
    back = frame_of(written(frame))
    assert type(back) is pd.DataFrame
    pd.testing.assert_frame_equal(back, frame)
