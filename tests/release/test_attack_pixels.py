"""Pixels of a downloaded surface: can a single incident, or a cell's hidden count, be worked out from them?

A kernel surface is a sum of known shapes. The reader here knows the kernel, its width, and every address at which
something may have happened; only how much happened at each is unknown.
"""

import dataclasses

import numpy as np
import pytest
import rasterio
from scipy.optimize import linprog

from hotspot.release import coarse, release
from hotspot.release.coarse import coarse_densities, coarse_surface
from hotspot.release.make import LEAST_REACH_M
from hotspot.release.tables import masked_surface
from hotspot.report.export import write_surfaces
from hotspot.stats.kde import effective_count, kde_grid
from tests.release.village import Kept, village

RADIUS, PIXEL, SIDE, SECRET = 250.0, 25.0, 24, 3
MIDDLE = SIDE * PIXEL / 2


@pytest.fixture(scope="module")
def addresses():
    """Sixty addresses with their counts; the cell in the middle holds three incidents, and all around it more."""
    rng = np.random.default_rng(20)
    around = rng.uniform(0, SIDE * PIXEL, (60, 2))
    around = around[np.abs(around - MIDDLE).max(axis=1) > 50]
    inside = MIDDLE + np.array([[-20.0, 10], [15, -30], [30, 25]])
    counts = np.concatenate([rng.poisson(2.0, len(around)), [1, 2, 0]]).astype(float)
    return np.vstack([around, inside]), counts, np.arange(len(around) + 3) >= len(around)


def surface_of(places, counts):
    frame = (0.0, SIDE * PIXEL), PIXEL, (SIDE, SIDE), RADIUS, "quartic"
    return kde_grid(places, counts, *frame).intensity, effective_count(places, counts, *frame)


def known(places, low, high, goal):
    """Least and most of a sum of counts that a surface between two others allows."""
    shapes = np.column_stack([surface_of(places[[at]], np.ones(1))[0].ravel() for at in range(len(places))])
    seen = np.isfinite(low.ravel()) & (high.ravel() > 0)
    scale = 1 / high.ravel()[seen]
    rows = shapes[seen] * scale[:, None]
    system = np.vstack([rows, -rows])
    right = np.concatenate([high.ravel()[seen] * scale, -low.ravel()[seen] * scale])
    ends = [linprog(sign * goal.astype(float), A_ub=system, b_ub=right, bounds=(0, None), method="highs") for sign in
            (1.0, -1.0)]  # fmt: skip
    assert all(each.fun is not None for each in ends)
    return ends[0].fun, -ends[1].fun


def limits(stepped):
    """Between which numbers a density lies that is told as a step: halfway, on the scale of ratios, to the next."""
    step = 10**0.1
    return stepped / np.sqrt(step) * 0.985, stepped * np.sqrt(step) * 1.015  # R10 is rounded by up to 1.5 %


def test_exact_pixels_give_a_hidden_count_away(addresses):
    places, counts, hidden = addresses
    exact, effective = surface_of(places, counts)
    shown = np.where(effective >= 5, exact, np.nan)
    assert np.isfinite(shown[SIDE // 2 - 2 : SIDE // 2 + 2, SIDE // 2 - 2 : SIDE // 2 + 2]).all()
    low, high = known(places, shown * (1 - 1e-9), shown * (1 + 1e-9), hidden)
    assert low == pytest.approx(SECRET, abs=0.01)
    assert high == pytest.approx(SECRET, abs=0.01)


def test_pixels_in_steps_leave_every_small_count_possible(addresses):
    places, counts, hidden = addresses
    exact, effective = surface_of(places, counts)
    shown = coarse_densities(np.where(effective >= 5, exact, np.nan))
    low, high = known(places, *limits(shown), hidden)
    assert low <= 1
    assert high >= 4


def test_steps_are_those_of_the_norm_and_never_far_off():
    # ISO 3:1973, table 1, series R10
    norm = np.array([1.00, 1.25, 1.60, 2.00, 2.50, 3.15, 4.00, 5.00, 6.30, 8.00])
    values = np.geomspace(1e-4, 1e6, 997)
    told = coarse_densities(values)
    assert set(np.round(told / 10.0 ** np.floor(np.log10(told) + 1e-12), 6)) == set(norm)
    assert (np.abs(told / values - 1) < 0.15).all()
    assert (coarse_densities(-values) == -told).all()
    assert coarse_densities(np.array([0.0, 1000.0])).tolist() == [0.0, 1000.0]
    assert np.isnan(coarse_densities(np.array([np.nan]))).all()


def test_chances_are_rounded_up_and_keep_their_side_of_every_level():
    given = np.array([0.0, 0.0009, 0.001, 0.0101, 0.0496, 0.05, 0.0501, 0.3, 1.0, np.nan])
    told = coarse.coarse_chances(given)
    assert told[:-1].tolist() == [0.0, 0.001, 0.001, 0.02, 0.05, 0.05, 0.1, 0.5, 1.0]
    assert np.isnan(told[-1])
    for level in (0.01, 0.05, 0.1):
        assert ((told <= level) == (given <= level)).all()


def test_sums_made_in_another_order_are_told_alike():
    one, other = sum([0.1] * 70), 7.0
    assert one != other
    assert coarse.rounded([one, 1 / 3, 123456789.0, 1e-300]).tolist() == [other, 0.333333333, 123456789.0, 1e-300]


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    store = village(tmp_path_factory.mktemp("pixels") / "village")
    return Kept().run(store.snapshot(), store.study.but(layers=("density", "hotspots")))


def test_a_planners_file_holds_steps_and_whole_cells_only(result, tmp_path):
    (path,) = write_surfaces(release(result, "planner"), tmp_path / "own")
    with rasterio.open(path) as file:
        values = file.read(1).astype(float)
        names = file.descriptions
    told = values[np.isfinite(values)]
    assert len(told)
    assert np.allclose(coarse_densities(told), told, rtol=1e-6)
    assert "standard error" not in names
    blocks = np.isfinite(values).reshape(values.shape[0] // 4, 4, values.shape[1] // 4, 4).mean(axis=(1, 3))
    assert set(np.unique(blocks)) <= {0.0, 1.0}
    (path,) = write_surfaces(release(result, "admin"), tmp_path / "all")
    with rasterio.open(path) as file:
        exact = file.read(1).astype(float)
    assert not np.allclose(coarse_densities(exact[exact > 0]), exact[exact > 0], rtol=1e-3)


def test_the_edge_of_a_fine_mask_would_be_circles_around_addresses(result):
    """Within reach of five addresses is an overlap of circles, and each of their centres is an address."""
    surface = result.layers["density"].measured.surface
    _shown, fine = masked_surface(surface, 5)
    _shown, whole = masked_surface(surface, 5, None, 4)
    assert whole[fine].all()
    cells = fine.reshape(fine.shape[0] // 4, 4, fine.shape[1] // 4, 4).mean(axis=(1, 3))
    assert ((cells > 0) & (cells < 1)).any()


def test_a_kernel_narrower_than_the_least_shows_no_pixel(result):
    layer = result.layers["density"]
    for radius, seen in ((LEAST_REACH_M - 1, False), (LEAST_REACH_M, True)):
        measured = dataclasses.replace(layer.measured, facts={"bandwidth_m": radius})
        narrow = dataclasses.replace(result, layers={"density": dataclasses.replace(layer, measured=measured)})
        shown = release(dataclasses.replace(narrow, priorities=result.priorities), "planner").layers["density"]
        assert np.isfinite(shown.surface.values).any() == seen
        assert shown.hidden.any()


def test_shares_of_answers_are_told_by_twentieths(result):
    surface = dataclasses.replace(result.layers["density"].measured.surface, values=np.array([[0.512, 0.03, np.nan]]))
    assert coarse_surface(surface, share=True).values[0, :2].tolist() == [0.5, 0.05]
