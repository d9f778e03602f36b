"""Bandwidths of METHODS 6.3 and what must not change them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hotspot.errors import HotspotError
from hotspot.stats import held_out as module
from hotspot.stats.bandwidth import (
    default_bandwidth,
    least_squares_cv,
    likelihood_cv,
    normal_scale,
    oversmoothing,
    scott,
)

RULES = (scott, normal_scale, oversmoothing, likelihood_cv, least_squares_cv)


def test_reference_values(pattern):
    assert scott(pattern) == pytest.approx(67.03018, abs=1e-5)
    assert normal_scale(pattern) == pytest.approx(68.76178, abs=1e-5)
    assert oversmoothing(pattern) == pytest.approx(74.57705, abs=1e-5)
    assert likelihood_cv(pattern) == pytest.approx(41.77616, abs=5e-5)  # flat at its top: 1e-9 in the value
    assert least_squares_cv(pattern) == pytest.approx(35.85797, abs=5e-5)


def test_scotts_rule_is_the_middle_of_its_two_axes(pattern):
    deviation, factor = pattern.std(axis=0, ddof=1), len(pattern) ** (-1 / 6)
    assert deviation == pytest.approx((203.36676, 129.20248), abs=5e-6)
    assert factor == pytest.approx(0.413519, abs=5e-7)  # Silverman's too, in the plane
    assert deviation * factor == pytest.approx((84.09593, 53.42762), abs=6e-6)
    table = pd.read_csv(Path(__file__).parents[1] / "reference" / "density_bandwidths.csv")
    spatstat = table[table["data"] == "pattern"].set_index("rule")["sigma"]
    assert deviation * factor == pytest.approx(spatstat[["scott_x", "scott_y"]].to_numpy(), rel=1e-9)
    assert scott(pattern) == pytest.approx(np.sqrt(np.prod(deviation * factor)))


def test_reference_values_of_the_criteria(pattern):
    held = module.held_out(pattern)
    assert held.mean_log_density(41.77616) == pytest.approx(-12.1919178, abs=1e-7)
    assert held.squared_error(35.85797) == pytest.approx(-7.467908e-6, rel=1e-6)


@pytest.mark.parametrize("rule", RULES)
def test_swapping_turning_and_moving_change_nothing(pattern, rule):
    found = rule(pattern)
    for other in (
        pattern[:, ::-1],
        pattern @ [[0, 1], [-1, 0]],
        pattern + np.array([7e5, 6.1e6]),
        pattern[::-1],
    ):
        assert rule(other) == pytest.approx(found, rel=1e-4)


@pytest.mark.parametrize("rule", [likelihood_cv, least_squares_cv])
def test_any_turn_changes_nothing_for_cross_validation(pattern, rule):
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    assert rule(pattern @ turn) == pytest.approx(rule(pattern), rel=1e-4)


@pytest.mark.parametrize("rule", [likelihood_cv, least_squares_cv])
def test_stacked_addresses_do_not_drive_the_bandwidth_to_zero(pattern, rule):
    stacked = np.repeat(pattern, 5, axis=0)
    assert rule(stacked) > 25.5
    assert rule(stacked) == pytest.approx(rule(pattern), rel=0.25)


def test_many_places_give_what_summing_every_pair_gives(monkeypatch):
    rng = np.random.default_rng(3)
    centres = rng.uniform(0, 3000, (60, 2))
    points = centres[rng.integers(0, 60, 1500)] + rng.normal(0, 120, (1500, 2))
    held = module.held_out(np.vstack([points, [[9000, 9000]]]))
    exact = [(held.mean_log_density(sigma), held.squared_error(sigma)) for sigma in (25, 90, 400)]
    monkeypatch.setattr(module, "EXACT_PLACES", 0)
    monkeypatch.setattr(module, "PAIRS_PER_CELL", 0)
    lattice = [(held.mean_log_density(sigma), held.squared_error(sigma)) for sigma in (25, 90, 400)]
    assert np.array(lattice) == pytest.approx(np.array(exact), rel=5e-4)


def test_the_default_is_clamped_and_told(pattern):
    chosen = default_bandwidth(pattern)
    assert chosen.bandwidth.h_sigma_equiv == pytest.approx(75)
    assert chosen.bandwidth.radius == pytest.approx(75 * 2.7792, abs=0.01)
    assert chosen.alternatives["likelihood_cv"] == pytest.approx(41.776, abs=1e-3)
    assert str(chosen.findings[0]) == "Bandwidth 75 m (Gaussian sigma): cross-validation asked for 42 m."
    wide = default_bandwidth(pattern * 3, "gaussian")
    assert wide.bandwidth.h_m == pytest.approx(3 * 41.77616, rel=1e-5)
    assert "chosen by cross-validation" in str(wide.findings[0])


@pytest.mark.parametrize("points", [np.empty((0, 2)), [[1, 1]], [[1, 1]] * 50, [[1, 1], [2, 2]]])
def test_too_few_places_say_so(points):
    chosen = default_bandwidth(points)
    assert np.isnan(chosen.alternatives["likelihood_cv"])
    assert chosen.bandwidth.h_sigma_equiv == pytest.approx(75)
    assert "Too few places" in str(chosen.findings[0])


def test_missing_coordinates_are_refused():
    with pytest.raises(HotspotError, match="needs coordinates"):
        scott([[1, np.nan]])


def test_a_larger_map_asks_for_a_larger_bandwidth_in_proportion(pattern):
    for rule in (scott, normal_scale, oversmoothing):
        assert rule(3 * pattern) == pytest.approx(3 * rule(pattern))
    for rule in (likelihood_cv, least_squares_cv):
        assert rule(3 * pattern, (75, 1500)) == pytest.approx(3 * rule(pattern), rel=1e-4)


def test_the_default_does_not_hang_on_place_axes_or_order(pattern):
    wide = 3 * pattern
    found = default_bandwidth(wide)
    for other in (wide[::-1], wide[:, ::-1], wide + np.array([7e5, 6.1e6])):
        assert default_bandwidth(other).bandwidth.h_m == pytest.approx(found.bandwidth.h_m, rel=1e-4)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("points", [np.empty((0, 2)), [[1, 1]], [[1, 1]] * 9])
def test_a_rule_without_spread_cannot_say(rule, points):
    assert np.isnan(rule(points))
