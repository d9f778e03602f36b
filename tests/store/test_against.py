import geopandas as gpd
import shapely

from hotspot.store import Store
from hotspot.store.against import known_tables


def test_a_file_is_held_against_what_the_study_has(town):
    store = Store(town)
    assert set(known_tables(store, "incidents")) == {"areas", "incidents"}
    assert set(known_tables(store, "lamps")) == {"roads"}
    assert known_tables(store, "prices") == {}
    assert isinstance(known_tables(store, "responses")["areas"].frame, gpd.GeoDataFrame)


def test_what_the_study_does_not_have_is_left_out(tmp_path, town):
    store = Store.create(tmp_path / "new", Store(town).study, shapely.box(0, 0, 1000, 1000))
    assert known_tables(store, "incidents") == {}
