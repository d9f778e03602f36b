"""Diggle's and Cronie and van Lieshout's bandwidths against spatstat's, and what must not change them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hotspot.errors import HotspotError
from hotspot.stats.bandwidth import likelihood_cv, normal_scale, oversmoothing, scott
from hotspot.stats.intensity_bandwidth import Window, cronie_van_lieshout, diggle, diggle_criterion

REFERENCE = Path(__file__).parents[1] / "reference"
RULES = pd.read_csv(REFERENCE / "density_bandwidths.csv").set_index(["data", "rule"])["sigma"]
SQUARE = Window(np.ones((100, 100), dtype=bool), 10.0)
PINES = Window(np.ones((100, 96), dtype=bool), 1.0)  # Strand's pines: 71 trees on 9.6 by 10 m, in decimetres


@pytest.fixture(scope="module")
def pines():
    return pd.read_csv(REFERENCE / "density_pines.csv").to_numpy(float)


def test_the_plain_rules_are_those_of_spatstat_and_sparr(pattern, pines):
    for name, points in (("pattern", pattern), ("pines", pines)):
        assert scott(points) == pytest.approx(RULES[name, "scott"], rel=1e-9)
        assert normal_scale(points) == pytest.approx(RULES[name, "normal_scale"], rel=1e-9)
        assert oversmoothing(points) == pytest.approx(RULES[name, "oversmoothing"], rel=1e-7)


def test_likelihood_cross_validation_is_close_to_spatstats(pattern):
    # bw.ppl also subtracts the integral of the intensity over the window and tries 400 values
    assert likelihood_cv(pattern) == pytest.approx(RULES["pattern", "ppl"], rel=0.005)


def test_likelihood_cross_validation_runs_to_the_bound_for_regular_trees(pines):
    assert RULES["pines", "ppl"] == 60  # where R warns
    assert likelihood_cv(pines, (1, 60)) > 0.2 * 60


def on_rs_grid(points, sides, edge, ends="lower"):
    """Diggle's criterion as bw.diggle sums it: K on 2,049 distances up to a quarter of the shorter side.

    digberJ weighs every step of K by the lens at its lower end; an exact sum lies between that and the upper ends.
    """
    apart = (points[:, None] - points[None])[~np.eye(len(points), dtype=bool)]
    area, n, r = sides[0] * sides[1], len(points), np.linspace(0, min(sides) / 4, 2049)
    seen = np.full(len(apart), area) if edge == "none" else area**2 / np.prod(sides - np.abs(apart), axis=1)
    order = np.argsort(np.hypot(*apart.T))
    running = np.concatenate([[0.0], np.cumsum(seen[order])])
    k = running[np.searchsorted(np.hypot(*apart.T)[order], r, side="right")] / (n * (n - 1))
    x = r[:-1] if ends == "lower" else r[1:]

    def criterion(sigma):
        h = 2 * sigma
        y = np.minimum(x / (2 * h), 1)
        lens = np.sum(2 * h**2 * (np.arccos(y) - y * np.sqrt(1 - y**2)) * np.diff(k))
        return (area / n - 2 * np.interp(h, r, k)) / (np.pi * h**2) + lens / (np.pi * h**2) ** 2

    return criterion


@pytest.mark.parametrize("edge", ["none", "translate"])
@pytest.mark.parametrize(("name", "sides", "window"), [("pattern", (1000, 1000), SQUARE), ("pines", (96, 100), PINES)])
def test_diggles_criterion_is_spatstats_but_for_its_grid(pattern, pines, name, sides, window, edge):
    rows = pd.read_csv(REFERENCE / "density_diggle.csv").query("data == @name and correction == @edge")
    points = pattern if name == "pattern" else pines
    theirs, upper = (
        np.array([on_rs_grid(points, sides, edge, each)(s) for s in rows["sigma"]]) for each in ("lower", "upper")
    )
    assert theirs == pytest.approx(rows["value"].to_numpy(), rel=1e-11)  # the same formula, to the last digits
    found = diggle_criterion(points, rows["sigma"], window, edge=edge)
    # ours has no such steps: it lies between R's lower ends and the upper ones, or off by a step of its own, which is
    # four sigma of the widest in 4,096 parts
    own = 4 * rows["sigma"].max() / 4096 / (min(sides) / 4 / 2048)
    band = theirs - upper
    assert (band >= 0).all()
    assert band[3:].min() > 0  # the regular trees have no pairs at the smallest sigma
    slack = own * band + 1e-11 * np.abs(theirs)
    assert (found <= theirs + slack).all()
    assert (found >= upper - slack).all()


def test_diggles_bandwidth_lies_in_spatstats_valley(pattern):
    theirs, ours = RULES["pattern", "diggle_translate"], diggle(pattern, SQUARE, (10, 500))
    lower, upper = (on_rs_grid(pattern, (1000, 1000), "translate", each) for each in ("lower", "upper"))
    assert lower(theirs) < min(lower(0.9 * theirs), lower(1.1 * theirs))  # R's best is the best of what R sums
    # the criterion falls by a jump at every distance between two points: ours looks at all of them near the bottom, as
    # the mean of a bin of distances, of which there are 4,096 up to four times the widest sigma
    one_bin = 4 * 1000 / 16 / 4096 / 2
    *near, beside = diggle_criterion(pattern, [*np.linspace(ours - one_bin, ours + one_bin, 9), theirs], SQUARE)
    # an exact sum lies below R's by no more than the width between lower and upper ends: so, by the exact one, R's best
    # is worse than ours by no more than that width at ours, and not better by more than a bin of ours
    width = lower(ours) - upper(ours)
    own = width * one_bin * 2 / (1000 / 4 / 2048)
    assert -own <= beside - min(near) <= width


def test_cronie_van_lieshout_is_spatstats(pattern, pines):
    # spatstat takes the best of 2,000 tried values
    assert cronie_van_lieshout(pattern, SQUARE, (10, 500)) == pytest.approx(
        RULES["pattern", "cronie_van_lieshout"], rel=1e-3
    )
    assert cronie_van_lieshout(pines, PINES, (1, 60)) == pytest.approx(RULES["pines", "cronie_van_lieshout"], rel=1e-3)


@pytest.mark.parametrize("rule", [diggle, cronie_van_lieshout])
def test_swapping_turning_and_moving_change_nothing(pattern, rule):
    inside = np.ones((100, 100), dtype=bool)
    inside[:30, 50:] = False  # a corner of water
    points = pattern[~((pattern[:, 0] >= 500) & (pattern[:, 1] > 700))]
    found = rule(points, Window(inside, 10.0), (10, 500))
    turned = np.column_stack([1000 - points[:, 1], points[:, 0]])  # a quarter to the left
    for other, mask in (
        (turned, np.rot90(inside)),
        (np.column_stack([points[:, 1], points[:, 0]]), np.rot90(inside.T, 2)),
        (points[::-1] + 1e6, inside),
    ):
        assert rule(other, Window(mask, 10.0), (10, 500)) == pytest.approx(found, rel=1e-4)


@pytest.mark.parametrize("rule", [diggle, cronie_van_lieshout])
def test_stacked_addresses_do_not_drive_the_bandwidth_to_zero(pattern, rule):
    stacked = np.repeat(pattern, 4, axis=0)
    assert rule(stacked, SQUARE, (5, 500)) > 10
    assert np.isnan(rule([[1, 1]] * 40, SQUARE))


def test_scaling_the_map_scales_the_bandwidth(pattern):
    wide = Window(SQUARE.inside, 20.0)
    for rule in (diggle, cronie_van_lieshout):
        assert rule(2 * pattern, wide, (50, 1000)) == pytest.approx(2 * rule(pattern, SQUARE, (25, 500)), rel=1e-4)


def test_impossible_windows_and_edges_are_refused(pattern):
    with pytest.raises(HotspotError, match="the window an area"):
        diggle(pattern, Window(np.zeros((3, 3), dtype=bool), 10.0))
    with pytest.raises(HotspotError, match="none or translate"):
        diggle(pattern, SQUARE, edge="ripley")
    with pytest.raises(HotspotError, match="needs coordinates"):
        cronie_van_lieshout([[1, np.nan]], SQUARE)


def test_a_sum_on_one_place_is_known():
    one = Window(np.ones((10, 10), dtype=bool), 100.0)
    far = np.array([[0.0, 0.0], [1e6, 0.0], [0.0, 1e6]])  # alone: sum is 3 * 2 pi sigma**2
    assert cronie_van_lieshout(far, one, (25, 500)) == pytest.approx(np.sqrt(1e6 / (6 * np.pi)), rel=1e-6)


def test_the_criterion_hangs_on_no_place_or_order_and_scales_with_the_area(pattern):
    sigma = np.array([20.0, 40.0, 60.0])
    found = diggle_criterion(pattern, sigma, SQUARE)
    for other in (pattern[::-1], pattern[:, ::-1], pattern + 4096.0):
        assert diggle_criterion(other, sigma, SQUARE) == pytest.approx(found, rel=1e-9)
    wide = diggle_criterion(2 * pattern, 2 * sigma, Window(SQUARE.inside, 20.0))
    assert wide == pytest.approx(found, rel=1e-6)  # areas over areas: 1 / lambda over pi h**2


def test_incidents_too_far_apart_to_meet_leave_only_their_own_area_in_the_criterion():
    corners = np.array([[5.0, 5], [995, 5], [5, 995], [995, 995]])
    sigma = np.array([10.0, 40.0])
    found = diggle_criterion(corners, sigma, SQUARE)
    assert found == pytest.approx(1000**2 / 4 / (np.pi * (2 * sigma) ** 2))  # M(h) = 1 / lambda over pi h**2: no pairs
