"""Adaptive density against METHODS 6.5 and sparr, and what must hold for it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hotspot.errors import HotspotError
from hotspot.stats import adaptive_density as module
from hotspot.stats.adaptive_density import Frame, abramson, adaptive_grid
from hotspot.stats.kde import kde_at, kde_grid

SPARR = pd.read_csv(Path(__file__).parents[1] / "reference" / "density_adaptive.csv")
CELLS = {"none": 400, "diggle": 400, "uniform": 100}
HOLED = np.ones((50, 50), dtype=bool)
HOLED[20:30, 25:40] = False
PLACE = Frame((0.0, 1000.0), 20.0, (50, 50), HOLED)


def test_reference_bandwidths(pattern):
    h = abramson(pattern, 50, 50)
    assert (h.min(), h.max()) == pytest.approx((32.16501, 195.71719), abs=1e-5)
    assert np.exp(np.log(h).mean()) == pytest.approx(50)


def test_the_mean_that_bandwidths_are_scaled_by_is_that_of_the_methods(pattern):
    pilot = kde_at(pattern, pattern, 50, "gaussian") / 200  # its own kernel among them
    scale = np.exp(np.mean(np.log(pilot**-0.5)))
    assert scale == pytest.approx(427.860287, abs=5e-7)
    assert abramson(pattern, 50, 50) == pytest.approx(50 * np.minimum(pilot**-0.5 / scale, 5))


def test_bandwidths_follow_their_incidents_and_scale_with_the_map(pattern):
    weights, turned = np.linspace(0.5, 2, 200), np.random.default_rng(2).permutation(200)
    found = abramson(pattern, 50, 50, weights)
    assert abramson(pattern[turned], 50, 50, 3 * weights[turned]) == pytest.approx(found[turned])
    assert abramson(pattern[:, ::-1] + 5e5, 50, 50, weights) == pytest.approx(found, rel=1e-6)
    assert abramson(2 * pattern, 100, 100, weights) == pytest.approx(2 * found)


def test_alone_or_on_one_spot_every_incident_has_the_global_bandwidth():
    assert abramson(np.empty((0, 2)), 60, 60).size == 0
    assert abramson([[3, 4]], 60, 90) == pytest.approx([60])
    assert abramson([[3, 4]] * 7, 60, 90) == pytest.approx(np.full(7, 60))


@pytest.mark.parametrize("edge", CELLS)
def test_sparr_agrees(pattern, edge):
    rows, cell = SPARR[SPARR["edge"] == edge], 1000 / CELLS[edge]
    frame = Frame((0.0, 1000.0), cell, (CELLS[edge], CELLS[edge]))
    found = adaptive_grid(pattern, frame, 50, 50, edge="jones_diggle" if edge == "diggle" else edge).intensity
    at = np.rint((1000 - rows["y"]) / cell - 0.5).astype(int), np.rint(rows["x"] / cell - 0.5).astype(int)
    # sparr reads the pilot at the nearest of 400 (100) pixels: 0.4 % (0.8 %) of the highest value
    theirs = rows["intensity"].to_numpy()
    assert found[at] == pytest.approx(theirs, abs=(0.008 if edge == "uniform" else 0.004) * theirs.max())


def test_narrow_where_incidents_crowd(pattern):
    fixed = kde_grid(pattern, None, (0, 1000), 20, (50, 50), 50, "gaussian").intensity
    found = adaptive_grid(pattern, PLACE._replace(inside=None), 50, 50).intensity
    assert found.max() > 1.2 * fixed.max()
    h = abramson(pattern, 50, 50)
    crowded = np.hypot(*(pattern - [300, 400]).T) < 40
    assert h[crowded].max() < np.median(h)


def test_evenly_spaced_incidents_get_one_bandwidth():
    x, y = np.meshgrid(np.arange(0, 2000, 20.0), np.arange(0, 2000, 20.0))
    inner = (abs(x - 1000) < 500) & (abs(y - 1000) < 500)
    h = abramson(np.column_stack([x.ravel(), y.ravel()]), 80, 80).reshape(x.shape)
    assert h[inner] == pytest.approx(h[50, 50], rel=1e-6)


def test_jones_diggle_keeps_the_mass_round_a_hole(pattern):
    weights = np.random.default_rng(1).uniform(0.5, 2, 200)
    found = adaptive_grid(pattern, PLACE, 60, 80, weights=weights, edge="jones_diggle")
    mask = HOLED[
        np.floor((1000 - pattern[:, 1]) / 20).astype(int).clip(0, 49), (pattern[:, 0] / 20).astype(int).clip(0, 49)
    ]
    left_out = sum(told.values["n"] for told in found.findings)
    assert 0 < left_out <= (~mask).sum()
    kept = np.nansum(found.intensity) * 400
    assert weights[mask].sum() - 1e-9 <= kept <= weights.sum() - left_out * 0.5
    assert (np.isnan(found.intensity) == ~HOLED).all()


@pytest.mark.parametrize("edge", ["none", "uniform", "jones_diggle"])
def test_the_ladder_gives_the_sum_over_pairs(edge, monkeypatch):
    rng = np.random.default_rng(3)
    points = np.vstack([rng.normal([1500, 2500], 120, (600, 2)), rng.uniform(0, 4000, (300, 2))])
    mask = np.ones((100, 100), dtype=bool)
    mask[70:, 60:] = False
    frame = Frame((0.0, 4000.0), 40.0, (100, 100), mask)
    exact = adaptive_grid(points, frame, 120, 120, edge=edge)
    monkeypatch.setattr("hotspot.stats.adaptive_sums.EXACT_NS", 0)
    ladder = adaptive_grid(points, frame, 120, 120, edge=edge)
    assert np.nanmax(np.abs(ladder.intensity - exact.intensity)) < 1e-3 * np.nanmax(exact.intensity)
    assert ladder.findings == exact.findings
    assert np.nansum(ladder.intensity) == pytest.approx(np.nansum(exact.intensity), rel=1e-5)
    turned = rng.permutation(len(points))
    assert np.array_equal(
        adaptive_grid(points[turned], frame, 120, 120).intensity, adaptive_grid(points, frame, 120, 120).intensity,
        equal_nan=True,
    )  # fmt: skip


def test_the_pilot_of_many_is_the_one_of_few(pattern, monkeypatch):
    exact = abramson(pattern, 50, 40, np.linspace(0, 2, 200))
    monkeypatch.setattr(module, "EXACT_INCIDENTS", 0)
    assert abramson(pattern, 50, 40, np.linspace(0, 2, 200)) == pytest.approx(exact, rel=1e-5)


def test_moving_turning_and_scaling(pattern):
    still = adaptive_grid(pattern, PLACE, 60, 60, edge="jones_diggle").intensity
    moved = adaptive_grid(pattern + 5e5, PLACE._replace(origin=(5e5, 501000.0)), 60, 60, edge="jones_diggle")
    assert moved.intensity == pytest.approx(still, rel=1e-6, nan_ok=True)
    turned = np.column_stack([1000 - pattern[:, 1], pattern[:, 0]])
    quarter = adaptive_grid(turned, PLACE._replace(inside=np.rot90(HOLED)), 60, 60, edge="jones_diggle").intensity
    assert quarter == pytest.approx(np.rot90(still), rel=1e-6, nan_ok=True)
    scaled = adaptive_grid(pattern * 3, Frame((0.0, 3000.0), 60.0, (50, 50), HOLED), 180, 180, edge="jones_diggle")
    assert scaled.intensity * 9 == pytest.approx(still, rel=1e-6, nan_ok=True)


def test_nothing_and_one_incident():
    none = adaptive_grid(np.empty((0, 2)), PLACE, 60, 60, edge="uniform").intensity
    assert (none[HOLED] == 0).all()
    one = adaptive_grid([[510.0, 210.0]], PLACE._replace(inside=None), 60, 60).intensity
    fixed = kde_grid([[510.0, 210.0]], None, (0, 1000), 20, (50, 50), 60, "gaussian").intensity
    assert one == pytest.approx(fixed)  # alone, its bandwidth is the global one


def test_impossible_requests_are_refused(pattern):
    with pytest.raises(HotspotError, match="none, uniform or jones_diggle"):
        adaptive_grid(pattern, PLACE, 60, 60, edge="both")
    with pytest.raises(HotspotError, match="positive number of metres"):
        abramson(pattern, 0, 60)
    with pytest.raises(HotspotError, match="positive number of metres"):
        abramson(pattern, 60, -1)
