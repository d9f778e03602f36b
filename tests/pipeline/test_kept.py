import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
from geopandas.testing import assert_geodataframe_equal
from shapely import Point

from hotspot.errors import Told
from hotspot.grid import Lattice
from hotspot.measures import Measured, Surface
from hotspot.pipeline.kept import Keeper, pack, unpack
from hotspot.store.shelf import DiskShelf


def test_an_answer_survives_being_kept(tmp_path):
    note = Told(
        "{day} {n} {inner}", {"day": dt.date(2025, 1, 2), "n": np.int64(3), "inner": Told("x", {"y": [1.5, "a"]})}
    )
    surface = Surface(Lattice(0.0, 100.0, 25.0, 2, 2), np.array([[1.0, np.nan], [0.0, 2.0]]), effective=np.ones((2, 2)))
    shelf = DiskShelf(tmp_path)
    for measured in (
        Measured(surface=surface, notes=(note,), facts={"n": 2.0}),
        Measured(frame=pd.DataFrame({"value": [1.0, np.nan]}, index=pd.Index(["a", "b"], name="area_id"))),
    ):
        shelf.put("k", *pack(measured))
        back = unpack(*shelf.take("k"))
        assert [str(each) for each in back.notes] == [str(each) for each in measured.notes]
        assert back.facts == dict(measured.facts)
        if measured.surface is not None:
            assert back.surface.lattice == surface.lattice
            np.testing.assert_array_equal(back.surface.values, surface.values)
            assert back.surface.error is None
        else:
            pd.testing.assert_frame_equal(back.frame, measured.frame)
        for path in (tmp_path / "k").iterdir():
            path.unlink()


class _Works:
    """A table whose making is counted."""

    def __init__(self):
        self.times = 0

    def __call__(self):
        self.times += 1
        index = pd.Index(["a", "b"], name="segment_id")
        return gpd.GeoDataFrame({"lit": ["yes", None]}, geometry=[Point(1, 2), None], crs="EPSG:25832", index=index)


def test_a_step_is_worked_out_again_only_if_a_table_of_its_own_changed(tmp_path):
    shelf, work = DiskShelf(tmp_path), _Works()
    hashes = {"place": "p", "roads": "r", "areas": "a", "lamps": "l"}

    def frame(changed=None, code="c", kinds=("roads", "areas"), name="segments"):
        return Keeper(shelf, {**hashes, **(changed or {})}, code).frame(name, kinds, work)

    assert_geodataframe_equal(frame(), _Works()())
    frame()
    frame({"lamps": "other"}), frame(kinds=("areas", "roads"))
    assert work.times == 1
    for different in ({"changed": {"roads": "x"}}, {"changed": {"place": "x"}}, {"code": "x"}, {"name": "x"}):
        before = work.times
        assert_geodataframe_equal(frame(**different), _Works()())
        assert work.times == before + 1


def test_without_a_shelf_nothing_is_kept():
    work = _Works()
    for _ in range(2):
        Keeper(None, {}, "c").frame("segments", ("roads",), work)
    assert work.times == 2
