import datetime as dt

import numpy as np
import pandas as pd

from hotspot.errors import Told
from hotspot.grid import Lattice
from hotspot.measures import Measured, Surface
from hotspot.pipeline.kept import pack, unpack
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
