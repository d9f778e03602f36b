import numpy as np
import pandas as pd

from hotspot.store.shelf import DiskShelf


def test_frames_arrays_and_words_come_back_as_they_were(tmp_path):
    shelf = DiskShelf(tmp_path)
    frame = pd.DataFrame({"value": [1.0, np.nan], "klass": ["hot", None]}, index=pd.Index(["a", "b"], name="cell_id"))
    array = np.array([[1.0, np.nan]])
    shelf.put("key", {"frame": frame, "values": array}, {"facts": {"n": 2}})
    parts, words = shelf.take("key")
    pd.testing.assert_frame_equal(parts["frame"], frame, check_dtype=False)
    np.testing.assert_array_equal(parts["values"], array)
    assert words == {"facts": {"n": 2}}


def test_half_an_entry_is_none(tmp_path):
    shelf = DiskShelf(tmp_path)
    shelf.put("key", {"values": np.zeros(2)}, {})
    (tmp_path / "key" / "words.json").unlink()
    assert shelf.take("key") is None
    assert shelf.take("never") is None
