"""The compiled sums against plain ones."""

import numpy as np
import pytest

from hotspot.errors import HotspotError
from hotspot.stats.kernel_sums import heights, in_order, kernel_over_cells, near_mask, scatter, share_inside, sum_at
from hotspot.stats.kernels import GAUSSIAN, KERNELS, kernel_value

COLUMN, ROW, WEIGHT = np.array([3.2, 9.0]), np.array([4.7, 0.1]), np.array([1.0, 2.5])


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("power", [1, 2])
def test_scatter_adds_every_kernel(name, power):
    code, h = KERNELS[name].code, 3.0
    out = np.zeros((10, 12))
    scatter(COLUMN, ROW, WEIGHT, out, (h, code, power))
    plain = np.zeros((10, 12))
    for i in range(10):
        for j in range(12):
            r2 = ((j - COLUMN) ** 2 + (i - ROW) ** 2) / h**2
            plain[i, j] = sum((w * kernel_value(r, code)) ** power for w, r in zip(WEIGHT, r2, strict=True))
    assert out == pytest.approx(plain, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", KERNELS)
def test_share_inside_is_what_scatter_puts_there(name):
    code = KERNELS[name].code
    mask = np.random.default_rng(0).random((10, 12)) < 0.5
    share = share_inside(COLUMN, ROW, mask, 3.0, code)
    for k in range(2):
        out = np.zeros((10, 12))
        scatter(COLUMN[k : k + 1], ROW[k : k + 1], np.ones(1), out, (3.0, code, 1))
        assert share[k] == pytest.approx(out[mask].sum() / 9)


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("h", [0.7, 2.0, 11.0])
def test_the_table_of_cells_is_even_and_whole(name, h):
    table = kernel_over_cells(h, KERNELS[name].code)
    assert table.sum() == pytest.approx(1)
    assert table == pytest.approx(table.T)
    assert table == pytest.approx(table[::-1, ::-1])


def test_the_gaussian_is_cut_where_nothing_is_left():
    far = sum_at(np.array([[6.4, 0.0], [6.6, 0.0]]), np.zeros(1), np.zeros(1), np.ones(1), 1.0, GAUSSIAN)
    assert far[0] == pytest.approx(np.exp(-(6.4**2) / 2) / (2 * np.pi))
    assert far[1] < 1e-9


def test_heights_are_those_of_the_kernel():
    assert heights(np.array([0.0, 0.5]), GAUSSIAN)[1, 1] == pytest.approx(np.exp(-0.25) / (2 * np.pi))


def test_order_is_by_north_then_east_then_weight():
    x, y, w = in_order([[1, 2], [0, 2], [5, 1], [0, 2]], [4, 3, 2, 1])
    assert (x.tolist(), y.tolist(), w.tolist()) == ([5, 0, 0, 1], [1, 2, 2, 2], [2, 1, 3, 4])
    with pytest.raises(HotspotError, match="first in row 1"):
        in_order([[1, 2], [np.nan, 2]], None)


def test_the_boundary_cuts_cells():
    mask = np.zeros((5, 5), dtype=bool)
    mask[2, 2] = True
    found = near_mask(np.array([2.0, 3.4, 3.6, -9.0]), np.array([2.0, 1.0, 2.0, 2.0]), mask)
    assert found.tolist() == [True, True, False, False]
