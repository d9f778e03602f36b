"""What a new delivery changes is counted row by row, and the counts add up on both sides."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from hotspot.store.changes import Changes, changes, compared
from tests.store.test_folder import store, visits

__all__ = ["store"]  # a fixture


def test_rows_are_new_gone_changed_or_the_same(store):
    first = visits(store, 5, 7, 9)
    assert changes(store, first) is None
    store.keep(first)
    assert changes(store, first) == Changes(0, 0, 0, 3)
    assert changes(store, visits(store, 5, 8)) == Changes(new=0, gone=1, changed=1, same=1)
    assert changes(store, visits(store, 5, 7, 9, 1)) == Changes(new=1, gone=0, changed=0, same=3)
    assert changes(store, visits(store, 5, source="other")) is None


def test_counts_add_up_and_the_order_of_rows_does_not_matter():
    old = pd.DataFrame({"k": list("abcd"), "v": [1.0, 2.0, float("nan"), 4.0]})
    new = pd.DataFrame({"k": list("ecba"), "v": [5.0, float("nan"), 9.0, 1.0]})
    found = compared(old, new, "k")
    assert found == Changes(new=1, gone=1, changed=1, same=2)
    assert compared(old, new.iloc[::-1], "k") == found
    assert found.new + found.changed + found.same == len(new)
    assert found.gone + found.changed + found.same == len(old)


@pytest.mark.parametrize("moved", [0.0, 0.001])
def test_a_moved_point_is_a_change(moved):
    old = gpd.GeoDataFrame({"k": ["a"]}, geometry=[shapely.Point(1, 2)])
    new = gpd.GeoDataFrame({"k": ["a"]}, geometry=[shapely.Point(1 + moved, 2)])
    assert compared(old, new, "k").changed == (moved > 0)
