"""Spreading by splines and one transform, against the exact sums."""

import numpy as np
import pytest

from hotspot.stats.kernel_sums import scatter, share_inside
from hotspot.stats.kernels import KERNELS
from hotspot.stats.spline_lattice import lattice_for
from hotspot.stats.spline_sums import RIM, mass, rim_error, shares, surface

RNG = np.random.default_rng(5)
CELLS = (90, 130)
POWER = {"gaussian": 0, "quartic": 2, "triweight": 3}


def incidents(n):
    return RNG.uniform(-5, 135, n), RNG.uniform(-5, 95, n), RNG.uniform(0, 2, n)


@pytest.mark.parametrize(("name", "h"), [("gaussian", 3.0), ("gaussian", 25.0), ("quartic", 70.0), ("triweight", 50.0)])
def test_a_surface_is_the_exact_one(name, h):
    column, row, w = incidents(4000)
    how = (h, POWER[name])
    exact = np.zeros(CELLS)
    scatter(column, row, w, exact, (h, KERNELS[name].code, 1))
    found = surface(column, row, w, lattice_for(CELLS, *how), how)
    assert np.abs(found - exact).max() < 1e-6 * exact.max()
    if name == "gaussian":  # also in the tails
        far = exact > 1e-3 * exact.max()
        assert np.abs(found[far] / exact[far] - 1).max() < 1e-5


def test_order_of_rows_and_threads_never_show(monkeypatch):
    column, row, w = incidents(500)
    how = (6.0, 0)
    lattice = lattice_for(CELLS, *how)
    one = surface(column, row, w, lattice, how)
    turned = RNG.permutation(500)
    assert np.array_equal(one, surface(column[turned], row[turned], w[turned], lattice, how))
    for threads in (1, 3):
        monkeypatch.setattr("hotspot.stats.bands.THREADS", threads)
        monkeypatch.setattr("hotspot.stats.bands.LEAST_NS", 0.0)
        assert np.array_equal(one, surface(column, row, w, lattice, how))


@pytest.mark.parametrize(("name", "h"), [("gaussian", 8.0), ("quartic", 70.0), ("quartic", 30.0)])
def test_shares_are_the_surface_read_backwards(name, h):
    column, row, _ = incidents(50)
    how = (h, POWER[name])
    lattice = lattice_for(CELLS, *how)
    mask = np.zeros(CELLS, dtype=bool)
    mask[10:70, 20:100] = True
    mask[30:50, 40:60] = False
    share = shares(column, row, mask, lattice, how)
    each = [surface(column[[k]], row[[k]], np.ones(1), lattice, how)[mask].sum() / h**2 for k in range(50)]
    assert share == pytest.approx(np.array(each), abs=3e-4)  # what the surface cuts off as noise round 0
    exact = share_inside(column, row, mask, h, KERNELS[name].code)
    assert share == pytest.approx(exact, abs=2e-6 if name == "gaussian" else 3e-4)


def test_mass_is_one_inside_and_half_on_a_straight_shore():
    mask = np.zeros((200, 200), dtype=bool)
    mask[:100] = True
    for how in ((10.0, 0), (30.0, 2), (80.0, 2)):
        found = mass(mask, lattice_for(mask.shape, *how), how)
        assert found[99:101, 100].mean() == pytest.approx(0.5, abs=1e-3)
        assert found.max() <= 1
        if how[0] < 40:
            assert found[50, 100] == pytest.approx(1, abs=1e-5)
            assert found[150, 100] == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("n", [1, 40, 5000])
def test_the_error_at_the_rim_is_no_more_than_told(n):
    h, how = 60.0, (60.0, 2)
    column, row, _ = incidents(n)
    if n == 1:
        column, row = np.array([64.3]), np.array([44.6])
    lattice = lattice_for(CELLS, *how)
    exact = np.zeros(CELLS)
    scatter(column, row, np.ones(n), exact, (h, KERNELS["quartic"].code, 1))
    found = surface(column, row, np.ones(n), lattice, how)
    off = np.abs(found - exact).max() / exact.max()
    assert rim_error(h, n, lattice) / 5 < off < rim_error(h, n, lattice)
    assert rim_error(h, 1, lattice) == pytest.approx(RIM / (np.pi * 60) ** 2, rel=0.01)


def test_without_weight_there_is_nothing():
    lattice = lattice_for(CELLS, 5.0, 0)
    assert (surface(np.empty(0), np.empty(0), np.empty(0), lattice, (5.0, 0)) == 0).all()
    far = np.array([1e7]), np.array([-1e7]), np.ones(1)
    assert (surface(*far, lattice, (5.0, 0)) == 0).all()
    assert shares(*far[:2], np.ones(CELLS, dtype=bool), lattice, (5.0, 0)) == 0
