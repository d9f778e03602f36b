"""The compiled parts: a spline's weights add up, and reading is spreading turned round."""

import numpy as np
import pytest

from hotspot.stats.spline_knots import read, spread

FRAME = (1.0, 0.0, 0.0)


@pytest.mark.parametrize("at", [(5.0, 7.0), (5.25, 7.9), (4.5, 6.5)])
def test_an_incident_is_shared_whole_around_its_place(at):
    counted = np.zeros((12, 15), dtype=np.int64)
    spread((0, 1), (np.array([at[1]]), np.array([at[0]]), np.ones(1)), 2.0**40, counted, FRAME)
    assert counted.sum() / 2**40 == pytest.approx(1, abs=1e-10)
    rows, columns = np.indices(counted.shape)
    assert (counted * rows).sum() / 2**40 == pytest.approx(at[0])  # the middle of what was spread
    assert (counted * columns).sum() / 2**40 == pytest.approx(at[1])


def test_reading_is_spreading_turned_round():
    rng = np.random.default_rng(0)
    field = rng.random((12, 15))
    column, row = rng.uniform(2, 12, 20), rng.uniform(2, 9, 20)
    found = np.empty(20)
    read(0, 20, (column, row, found), field, FRAME)
    for k in range(20):
        counted = np.zeros(field.shape, dtype=np.int64)
        spread((0, 1), (column[[k]], row[[k]], np.ones(1)), 2.0**40, counted, FRAME)
        assert found[k] == pytest.approx((counted * field).sum() / 2**40)


def test_beyond_the_lattice_nothing_is_written_or_read():
    counted = np.zeros((6, 6), dtype=np.int64)
    column, row = np.array([-50.0, 1e12, np.nan]), np.array([3.0, 3.0, 3.0])
    spread((0, 3), (column, row, np.ones(3)), 2.0**40, counted, FRAME)
    assert not counted.any()
    found = np.full(3, np.nan)
    read(0, 3, (column, row, found), np.ones((6, 6)), FRAME)
    assert (found == 0).all()
