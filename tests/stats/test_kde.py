"""Density against METHODS 6.2 and 6.4, scipy, and what must hold for any surface."""

import tracemalloc

import numpy as np
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import gaussian_kde

from hotspot.crs import transform
from hotspot.errors import HotspotError
from hotspot.stats.kde import edge_mass, effective_count, kde_at, kde_grid
from hotspot.stats.kernels import KERNELS

POINTS = arrays(float, st.tuples(st.integers(0, 12), st.just(2)), elements=st.floats(0, 1000, width=32))
SQUARE = ((0.0, 1000.0), 10.0, (100, 100))
WIDE = ((-2000.0, 3000.0), 25.0, (200, 200))


@pytest.mark.parametrize(
    ("kernel", "per_km2"),
    [
        ("gaussian", 1169.77368),
        ("quartic", 3253.25714),
        ("epanechnikov", 2912.67875),
        ("uniform", 2323.66217),
        ("triweight", 3512.64895),
    ],
)
def test_reference_intensity(pattern, kernel, per_km2):
    assert pattern[0] == pytest.approx([323.95639, 369.36378], abs=1e-5)
    # the Gaussian is cut at 6.5 sigma: 7e-10 of the mass
    assert kde_at(pattern, [[300, 400]], 100, kernel)[0] * 1e6 == pytest.approx(per_km2, abs=2e-5)


@pytest.mark.parametrize("kernel", KERNELS)
def test_the_surface_is_the_density_at_cell_centres(pattern, kernel):
    surface = kde_grid(pattern, None, (-100, 1100), 50, (24, 24), 120, kernel, forced=True).intensity
    x, y = np.meshgrid(-75 + 50 * np.arange(24), 1075 - 50 * np.arange(24))
    at = kde_at(pattern, np.column_stack([x.ravel(), y.ravel()]), 120, kernel).reshape(24, 24)
    assert surface == pytest.approx(at, rel=1e-9, abs=1e-12)


def test_scipy_agrees(pattern):
    sigma = 80.0
    centred = (pattern - pattern.mean(axis=0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(pattern.T))).T
    second = gaussian_kde(centred.T, bw_method=sigma)  # whitened, so that scipy's kernel is round
    ours = kde_at(centred, centred[:5], sigma, "gaussian") / len(centred)
    assert ours == pytest.approx(second(centred[:5].T), rel=1e-6)


@pytest.mark.parametrize(
    ("at", "share"), [((0, 0), 0.25), ((0, 500), 0.5), ((50, 500), 0.691462), ((100, 100), 0.707861)]
)
def test_reference_edge_mass(at, share):
    mask = np.ones((200, 200), dtype=bool)
    mass = edge_mass(np.pad(mask, 1), 5.0, 100.0, "gaussian")
    # halfway between cell centres: mean of the cells around the corner (at 0) or either side
    column, row = at[0] / 5 + 0.5, at[1] / 5 + 0.5
    i, j = int(np.floor(row)), int(np.floor(column))
    assert mass[i : i + 2, j : j + 2].mean() == pytest.approx(share, abs=2e-4)
    assert mass[100, 100] == pytest.approx(0.999999, abs=2e-6)


@pytest.mark.parametrize(("edge", "mass"), [("none", 0.478120), ("uniform", 0.8171), ("jones_diggle", 1.0)])
def test_reference_mass_of_a_point_near_a_corner(edge, mass):
    fine = ((0, 1000), 5.0, (200, 200))
    surface = kde_grid([[50, 50]], None, *fine, 100, "gaussian", np.ones((200, 200), dtype=bool), edge)
    # sampling at 5 m cells: 5e-5
    assert surface.intensity.sum() * 25 == pytest.approx(mass, abs=1e-4)


@pytest.mark.parametrize("kernel", KERNELS)
def test_mass_is_the_number_of_incidents(pattern, kernel):
    surface = kde_grid(pattern, None, *WIDE, 200, kernel).intensity
    assert surface.sum() * 625 == pytest.approx(200, rel=0.01)
    assert surface.min() >= 0


@pytest.mark.parametrize("kernel", KERNELS)
def test_edge_mass_is_one_deep_inside_and_counts_holes(kernel):
    mask = np.ones((101, 101), dtype=bool)
    assert edge_mass(mask, 10.0, 70.0, kernel)[50, 50] == pytest.approx(1, abs=1e-6)
    mask[50, 50] = False
    assert edge_mass(mask, 10.0, 70.0, kernel)[50, 52] < 1 - 1e-3


@given(POINTS, st.sampled_from(sorted(KERNELS)), st.integers(0, 2**32 - 1))
def test_jones_diggle_keeps_the_mass_in_any_place(points, kernel, seed):
    mask = np.random.default_rng(seed).random((20, 20)) < 0.6
    surface = kde_grid(points, None, (0, 1000), 50, (20, 20), 150, kernel, mask, "jones_diggle", forced=True)
    left_out = sum(told.values["n"] for told in surface.findings if "n" in told.values)
    assert np.nansum(surface.intensity) * 2500 == pytest.approx(len(points) - left_out, abs=1e-9)
    assert (np.isnan(surface.intensity) == ~mask).all()
    assert not (surface.intensity < 0).any()


@given(POINTS, st.sampled_from(sorted(KERNELS)), st.floats(-1e5, 1e6), st.floats(0.5, 4))
def test_moving_and_scaling(points, kernel, by, times):
    grid = ((0.0, 1000.0), 50.0, (20, 20))
    still = kde_grid(points, None, *grid, 300, kernel).intensity
    # an incident exactly on a compact kernel's rim may fall on either side
    tolerance = {"rel": 1e-5, "abs": 1e-9} if kernel != "uniform" else {"abs": 20 / (np.pi * 300**2)}
    moved = kde_grid(points + by, None, (by, 1000 + by), 50, (20, 20), 300, kernel).intensity
    assert moved == pytest.approx(still, **tolerance)
    scaled = kde_grid(points * times, None, (0, 1000 * times), 50 * times, (20, 20), 300 * times, kernel).intensity
    assert scaled * times**2 == pytest.approx(still, **tolerance)


@given(POINTS, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(points, random):
    order = list(range(len(points)))
    random.shuffle(order)
    one = kde_grid(points, None, (0, 1000), 50, (20, 20), 200, "quartic").intensity
    two = kde_grid(points[order], None, (0, 1000), 50, (20, 20), 200, "quartic").intensity
    assert np.array_equal(one, two)


def test_one_point_in_a_long_area_is_round():
    surface = kde_grid([[2000, 50]], None, (0, 1000), 10, (200, 400), 200, "gaussian").intensity
    row, column = np.unravel_index(surface.argmax(), surface.shape)
    assert (abs(row - 94.5), abs(column - 199.5)) == (0.5, 0.5)
    high = surface[row] > surface.max() / 2
    wide = surface[:, column] > surface.max() / 2
    assert abs(int(high.sum()) - int(wide.sum())) <= 1


def test_rows_run_from_north_to_south():
    surface = kde_grid([[25, 975]], None, (0, 1000), 50, (20, 20), 60, "quartic", forced=True).intensity
    assert np.unravel_index(surface.argmax(), surface.shape) == (0, 0)


def test_the_peak_lies_within_a_cell_of_where_it_belongs_when_read_as_a_raster():
    west, north, cell = 711_000.0, 6_169_000.0, 25.0
    near = np.random.default_rng(2).normal([711_518.779, 6_168_138.655], 30, (400, 2))
    surface = kde_grid(near, None, (west, north), cell, (60, 44), 60, "gaussian").intensity
    row, column = np.unravel_index(surface.argmax(), surface.shape)
    to_metres = Affine.translation(west, north) @ Affine.scale(
        cell, -cell
    )  # north up; a pixel's middle is half a pixel in
    x, y = to_metres @ (column + 0.5, row + 0.5)
    assert abs(x - near[:, 0].mean()) < cell
    assert abs(y - near[:, 1].mean()) < cell


@pytest.mark.parametrize("edge", ["none", "uniform", "jones_diggle"])
def test_points_told_in_degrees_are_as_dense_once_they_are_in_metres(edge):
    metres = np.random.default_rng(3).uniform([711_100, 6_168_100], [711_900, 6_168_900], (80, 2))
    lon, lat = transform(*metres.T, "EPSG:25832", "EPSG:4326")
    again = np.column_stack(transform(lon, lat, "EPSG:4326", "EPSG:25832"))
    mask = np.ones((40, 40), dtype=bool)
    one, two = (
        kde_grid(xy, None, (711_000.0, 6_169_000.0), 25.0, (40, 40), 150, "quartic", mask, edge).intensity
        for xy in (metres, again)
    )
    assert np.isfinite(two).all()
    assert two == pytest.approx(one, rel=1e-3, abs=1e-12)


def test_twice_the_bandwidth_is_another_surface_and_the_one_told(pattern):
    one, two = (kde_grid(pattern, None, *SQUARE, h, "quartic") for h in (100, 200))
    assert (one.bandwidth.h_m, two.bandwidth.radius) == (100, 200)
    assert one.intensity.max() > 1.2 * two.intensity.max()


def test_a_bandwidth_below_a_cell_is_told_and_below_half_a_cell_refused():
    assert kde_grid([[5, 5]], None, *SQUARE, 10, "gaussian").findings == ()
    told = kde_grid([[5, 5]], None, *SQUARE, 6, "gaussian").findings
    assert "smaller than a cell (10.0 m)" in str(told[0])
    with pytest.raises(HotspotError, match="at least half a cell"):
        kde_grid([[5, 5]], None, *SQUARE, 4.9, "gaussian")
    assert kde_grid([[5, 5]], None, *SQUARE, 4.9, "gaussian", forced=True).intensity.max() > 0


def test_weights_add_like_incidents(pattern):
    twice = kde_grid(pattern, np.full(200, 2.0), *SQUARE, 100, "quartic").intensity
    stacked = kde_grid(np.vstack([pattern, pattern]), None, *SQUARE, 100, "quartic").intensity
    assert twice == pytest.approx(stacked)


def test_nothing_recorded_is_zero_and_outside_is_unknown():
    mask = np.ones((100, 100), dtype=bool)
    mask[:10] = False
    for edge in ("none", "uniform", "jones_diggle"):
        surface = kde_grid(np.empty((0, 2)), None, *SQUARE, 100, "gaussian", mask, edge).intensity
        assert (surface[10:] == 0).all()
        assert np.isnan(surface[:10]).all()


def test_incidents_far_outside_are_told_by_jones_diggle():
    mask = np.zeros((100, 100), dtype=bool)
    mask[:50] = True
    surface = kde_grid([[500, 900], [500, 300]], None, *SQUARE, 100, "quartic", mask, "jones_diggle")
    assert [told.values for told in surface.findings] == [{"n": 1}]
    assert "outside the boundary" in str(surface.findings[0])


def test_effective_count_is_one_round_a_lone_incident_and_n_on_a_stack():
    lone = effective_count([[500, 500]], None, *SQUARE, 100, "quartic")
    assert lone[50, 50] == pytest.approx(1)
    assert lone[0, 0] == 0
    stacked = effective_count([[500, 500]] * 7, None, *SQUARE, 100, "gaussian")
    assert stacked[48, 50] == pytest.approx(7)
    assert np.isnan(effective_count([[5, 5]], None, *SQUARE, 100, "quartic", np.zeros((100, 100), bool))).all()


@pytest.mark.parametrize(
    ("points", "weights", "match"),
    [
        ([[np.nan, 1]], None, "needs coordinates"),
        ([[1, 1]], [-1], "not negative"),
        ([[1, 1]], [1, 2], "one weight per incident"),
    ],
)
def test_impossible_incidents_are_refused(points, weights, match):
    with pytest.raises(HotspotError, match=match):
        kde_grid(points, weights, *SQUARE, 100, "quartic")


def test_impossible_lattices_and_edges_are_refused():
    with pytest.raises(HotspotError, match="positive size"):
        kde_grid([[1, 1]], None, (0, 0), 0, (5, 5), 100, "quartic")
    with pytest.raises(HotspotError, match="shape of the lattice"):
        kde_grid([[1, 1]], None, *SQUARE, 100, "quartic", np.ones((5, 5), dtype=bool))
    with pytest.raises(HotspotError, match="none, uniform or jones_diggle"):
        kde_grid([[1, 1]], None, *SQUARE, 100, "quartic", edge="both")


def test_an_unknown_place_has_no_density(pattern):
    assert np.isnan(kde_at(pattern, [[np.nan, 0]], 100, "quartic")).all()


def test_a_hundred_thousand_incidents_on_a_large_lattice_need_little_memory():
    points = np.random.default_rng(1).uniform(1000, 7000, (100_000, 2))
    tracemalloc.start()
    try:
        surface = kde_grid(points, None, (0, 8000), 16, (500, 500), 200, "gaussian").intensity
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert surface.sum() * 16**2 == pytest.approx(100_000, rel=1e-6)
    assert peak < 100 * 2**20  # every incident at every cell would be 200 GB


@given(POINTS, st.sampled_from(["gaussian", "quartic", "triweight"]), st.floats(0.5, 4), st.randoms())
def test_moving_scaling_turning_and_order_at_places(points, kernel, times, random):
    at, order = np.array([[250.0, 500.0], [480.0, 510.0], [900.0, 20.0]]), list(range(len(points)))
    random.shuffle(order)
    found = kde_at(points, at, 300, kernel)
    assert np.array_equal(kde_at(points[order], at, 300, kernel), found)
    near = {"rel": 1e-5, "abs": 1e-12}
    assert kde_at(points + 6e5, at + 6e5, 300, kernel) == pytest.approx(found, **near)
    assert kde_at(points[:, ::-1], at[:, ::-1], 300, kernel) == pytest.approx(found, **near)
    assert kde_at(points * times, at * times, 300 * times, kernel) * times**2 == pytest.approx(found, **near)


def test_the_number_behind_a_density_is_counted_by_hand_and_hangs_on_no_unit(pattern):
    weights, turned = np.linspace(0.5, 2, 200), np.random.default_rng(3).permutation(200)
    found = effective_count(pattern, weights, *SQUARE, 100, "gaussian")
    k = weights * np.exp(-np.sum((pattern - [305, 605]) ** 2, axis=1) / 2 / 100**2)
    assert found[39, 30] == pytest.approx(k.sum() ** 2 / (k**2).sum(), rel=1e-6)
    again = effective_count(pattern[turned], 7 * weights[turned], *SQUARE, 100, "gaussian")
    assert again == pytest.approx(found, rel=1e-9)
    moved = effective_count(2 * pattern + 6e5, weights, (6e5, 602_000.0), 20.0, (100, 100), 200, "gaussian")
    assert moved == pytest.approx(found, rel=1e-6)


@pytest.mark.parametrize(("kernel", "h"), [("gaussian", 60), ("quartic", 170)])
def test_many_incidents_keep_their_mass_and_their_edges(kernel, h):
    points = np.random.default_rng(4).uniform(0, 2000, (60_000, 2))
    mask = np.ones((520, 520), dtype=bool)
    mask[100:200, 150:300] = False
    frame = ((-40.0, 2040.0), 4.0, (520, 520), h, kernel, mask)
    raw, uniform, kept = (kde_grid(points, None, *frame, edge) for edge in ("none", "uniform", "jones_diggle"))
    left_out = sum(told.values["n"] for told in kept.findings)
    assert np.nansum(kept.intensity) * 16 == pytest.approx(60_000 - left_out, rel=1e-5)
    assert np.nansum(raw.intensity) * 16 < 60_000
    deep = uniform.intensity[350:450, 350:450]  # far from hole and edge nothing is corrected
    assert deep == pytest.approx(raw.intensity[350:450, 350:450], rel=1e-5)
