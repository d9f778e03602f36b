"""Density in space and time against sparr, and what must hold for it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hotspot.errors import HotspotError
from hotspot.stats.kde import kde_at
from hotspot.stats.space_time_density import space_time_density

SPARR = pd.read_csv(Path(__file__).parents[1] / "reference" / "density_space_time.csv")
DAYS = (np.arange(1, 201) * 37) % 365.0


def test_sparr_agrees(pattern):
    found = space_time_density(pattern, DAYS, SPARR[["x", "y"]], SPARR["day"], 60, 20) / 200
    # sparr snaps incidents to 256 by 256 pixels and to days: 2 % of the highest value
    assert found == pytest.approx(SPARR["density"].to_numpy(), abs=0.02 * SPARR["density"].max())
    assert np.corrcoef(found, SPARR["density"])[0, 1] > 0.999


def test_its_sum_over_days_is_the_fixed_density(pattern):
    days = np.arange(-200.0, 600.0)
    at = np.tile([[300.0, 400.0]], (800, 1))
    found = space_time_density(pattern, DAYS, at, days, 60, 20)
    assert found.sum() == pytest.approx(kde_at(pattern, [[300, 400]], 60, "gaussian")[0], rel=1e-8)


def test_a_period_keeps_what_would_fall_outside(pattern):
    days = np.arange(0.0, 365.0) + 0.5
    at = np.tile([[300.0, 400.0]], (365, 1))
    kept = space_time_density(pattern, DAYS, at, days, 60, 20, period=(0, 365))
    assert kept.sum() == pytest.approx(kde_at(pattern, [[300, 400]], 60, "gaussian")[0], rel=1e-3)


def test_one_incident_is_a_gaussian_in_both():
    found = space_time_density([[0, 0]], [10.0], [[0, 0], [30, 40], [0, 0], [np.nan, 0]], [10, 10, 17, 10], 50, 7)
    peak = 1 / ((2 * np.pi) ** 1.5 * 50**2 * 7)
    assert found[:3] == pytest.approx([peak, peak * np.exp(-0.5), peak * np.exp(-0.5)])
    assert np.isnan(found[3])


def test_order_moving_and_scaling(pattern):
    at, when = pattern[:9] + 5.0, DAYS[:9]
    found = space_time_density(pattern, DAYS, at, when, 60, 20)
    turned = np.random.default_rng(0).permutation(200)
    assert np.array_equal(found, space_time_density(pattern[turned], DAYS[turned], at, when, 60, 20))
    moved = space_time_density(pattern + 1e5, DAYS + 700, at + 1e5, when + 700, 60, 20)
    assert moved == pytest.approx(found, rel=1e-6)
    wide = space_time_density(pattern * 2, DAYS * 3, at * 2, when * 3, 120, 60)
    assert wide * 12 == pytest.approx(found)


def test_impossible_requests_are_refused(pattern):
    with pytest.raises(HotspotError, match="two bandwidths above 0"):
        space_time_density(pattern, DAYS, pattern, DAYS, 0, 20)
    with pytest.raises(HotspotError, match="a day for each incident"):
        space_time_density(pattern, DAYS[:5], pattern, DAYS, 60, 20)
