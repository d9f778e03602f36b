"""Lasting is hot twice: by table, by symmetry, and not where a cluster passes."""

from itertools import product

import numpy as np
import pytest

from hotspot.errors import HotspotError
from hotspot.stats.hotspots import hotspots
from hotspot.stats.lasting import lasting
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.verdicts import CLASSES

SIDE = 20
ROWS, COLS = np.divmod(np.arange(SIDE * SIDE), SIDE)
NEAR = Neighbours.from_lattice(ROWS, COLS)
HERE = (np.abs(ROWS - 5) <= 1) & (np.abs(COLS - 5) <= 1)
THERE = (np.abs(ROWS - 14) <= 1) & (np.abs(COLS - 14) <= 1)


def period(seed: int, *hot: np.ndarray):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(0.4, SIDE * SIDE).astype(float)
    for block in hot:
        counts[block] = rng.poisson(5.0, block.sum())
    return hotspots(counts, NEAR)


def test_only_what_is_hot_twice_lasts():
    found = lasting(period(1, HERE, THERE), period(2, HERE))
    assert found[5 * SIDE + 5] == "lasting"
    assert found[14 * SIDE + 14] == "only in the first"
    assert lasting(period(2, HERE), period(1, HERE, THERE))[14 * SIDE + 14] == "only in the second"
    assert not np.isin(found[(ROWS > 9) & (COLS < 9)], ["lasting"]).any()


def test_every_pair_of_classes_by_table():
    pairs = list(product(CLASSES, CLASSES))
    blank = hotspots(np.zeros(len(pairs)), Neighbours.from_lattice(np.zeros(len(pairs)), np.arange(len(pairs))))
    one, two = (blank._replace(klass=np.array([pair[i] for pair in pairs])) for i in (0, 1))
    for (first, second), said in zip(pairs, lasting(one, two), strict=True):
        unsaid = [each for each in ("undefined", "no neighbours", "too few data") if each in (first, second)]
        if "hot" in (first, second):
            expected = "lasting" if first == second else f"only in the {'first' if first == 'hot' else 'second'}"
        else:
            expected = unsaid[0] if unsaid else "in neither"
        assert said == expected, (first, second)


def test_two_maps_of_noise_have_nothing_that_lasts():
    assert not any((lasting(period(seed), period(seed + 500)) == "lasting").any() for seed in range(100))


def test_periods_over_other_cells_are_refused():
    small = hotspots([1, 2], Neighbours.from_pairs([0, 1], [1, 0], 2))
    with pytest.raises(HotspotError, match="400 cells and 2"):
        lasting(period(1), small)


def test_neither_the_order_of_the_cells_nor_that_of_the_periods_decides_what_lasts():
    one, two = period(1, HERE, THERE), period(2, HERE)
    order = np.random.default_rng(3).permutation(SIDE * SIDE)
    turned = [
        each._replace(
            **{name: getattr(each, name)[order] for name in each._fields if np.ndim(getattr(each, name)) == 1}
        )
        for each in (one, two)
    ]
    found = lasting(one, two)
    assert (lasting(*turned) == found[order]).all()
    assert ((lasting(two, one) == "lasting") == (found == "lasting")).all()
