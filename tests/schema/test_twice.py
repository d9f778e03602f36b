"""Pairs of two sources: only of one category, near in place and time, and the same whatever the rows' order."""

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspot.schema.twice import SAME_PLACE_M, alike

NOON = pd.Timestamp("2024-05-01 12:00", tz="UTC")


def incidents(rows):
    """Rows of source, category, metres east and minutes after noon."""
    source, category, east, late = zip(*rows, strict=True)
    start = [NOON + pd.Timedelta(minutes=each) for each in late]
    frame = {"source": source, "category": category, "start": start, "end": start}
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(east, [0] * len(rows)), crs="EPSG:25832")


def test_only_two_sources_make_a_pair():
    rows = [("a", "theft", 0, 0), ("a", "theft", 0, 0), ("b", "theft", SAME_PLACE_M - 1, 0), ("b", "fire", 0, 0)]
    assert alike(incidents(rows)).tolist() == [[0, 2], [1, 2]]
    assert alike(incidents(rows[:2])).shape == (0, 2)
    assert alike(incidents([rows[0], ("b", "theft", SAME_PLACE_M + 1, 0), ("b", "theft", 0, 1)])).shape == (0, 2)


def test_positions_are_those_of_the_whole_table():
    rows = [("a", None, 0, 0), ("a", "theft", 0, 0), ("b", None, 0, 0), ("b", "theft", 0, 0)]
    assert alike(incidents(rows)).tolist() == [[1, 3]]


def test_the_order_of_rows_does_not_matter():
    draw = np.random.default_rng(3)
    rows = [(str(s), "theft", float(e), int(t)) for s, e, t in zip(draw.choice(["a", "b"], 60), draw.random(60) * 300,
                                                                   draw.integers(0, 3, 60), strict=True)]  # fmt: skip
    turn = draw.permutation(60)
    there = {frozenset(pair) for pair in alike(incidents(rows)).tolist()}
    again = {frozenset(int(turn[each]) for each in pair) for pair in alike(incidents([rows[i] for i in turn])).tolist()}
    assert there == again != set()
