"""The field's common example: 49 areas of Columbus, queen neighbours, as shipped with libpysal.

Expected values: esda 2.8 and spdep, METHODS section 7; tolerance is the digits printed there.
"""

import geopandas as gpd
import numpy as np
import pytest
from libpysal import examples
from libpysal.graph import Graph

from hotspot.stats.bivariate import lee
from hotspot.stats.geary import geary
from hotspot.stats.getis_ord import gistar
from hotspot.stats.moran import local_moran, moran
from hotspot.stats.neighbours import Neighbours


@pytest.fixture(scope="module")
def areas() -> gpd.GeoDataFrame:
    return gpd.read_file(examples.get_path("columbus.shp"))


@pytest.fixture(scope="module")
def near(areas: gpd.GeoDataFrame) -> Neighbours:
    return Neighbours.from_graph(Graph.build_contiguity(areas, rook=False))


def test_gi_with_and_without_the_place_itself(areas, near):
    star, plain = gistar(areas["CRIME"], near), gistar(areas["CRIME"], near, star=False)
    assert star[:3] == pytest.approx([-1.43277965, -1.34000810, -0.77199868], abs=1e-8)
    assert (star.argmax(), star.max()) == (15, pytest.approx(3.47505136, abs=1e-8))
    assert plain[:3] == pytest.approx([-0.93780765, -0.98565912, -0.71841891], abs=1e-8)


def test_global_moran(areas, near):
    found = moran(areas["CRIME"], near)
    assert found.statistic == pytest.approx(0.5001885572, abs=1e-10)
    assert found.variance_normal == pytest.approx(0.00856341, abs=5e-9)
    assert found.variance_random == pytest.approx(0.00868929, abs=5e-9)
    assert (found.z_normal, found.z_random) == pytest.approx((5.63031, 5.58938), abs=5e-6)
    assert moran(areas["HOVAL"], near).statistic == pytest.approx(0.1800931, abs=5e-8)
    assert moran(areas["INC"], near).statistic == pytest.approx(0.4156288, abs=5e-8)


def test_local_moran(areas, near):
    found = local_moran(areas["CRIME"], near, rng=np.random.default_rng(1))
    assert found.statistic[:3] == pytest.approx([0.72178138, 0.51798565, 0.09193542], abs=1e-8)
    assert found.statistic.sum() / 48 == pytest.approx(moran(areas["CRIME"], near).statistic, abs=1e-12)
    assert {name: int((found.quadrant == name).sum()) for name in ("HH", "LH", "LL", "HL")} == {
        "HH": 21,
        "LH": 5,
        "LL": 20,
        "HL": 3,
    }


def test_geary_and_lee(areas, near):
    crime, income = areas["CRIME"], areas["INC"]
    assert geary(crime, near).statistic == pytest.approx(0.5405282, abs=5e-8)
    assert lee(income, crime, near).statistic == pytest.approx(-0.4703061, abs=5e-8)
    smoothing = lee(income, income, near).statistic, lee(crime, crime, near).statistic
    assert smoothing == pytest.approx((0.5545504, 0.5351201), abs=5e-8)
    # Lee's L is Pearson's correlation where each place is its own only surrounding: here r is further from 0 than L
    assert np.corrcoef(crime, income)[0, 1] == pytest.approx(-0.6955898, abs=5e-8)
