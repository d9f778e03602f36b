"""Relative risk against sparr and METHODS 6.6, and what must hold for it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.special import ndtr, ndtri

from hotspot.errors import HotspotError
from hotspot.measures.contours import tolerance_contours
from hotspot.stats.adaptive_density import Frame, adaptive_grid
from hotspot.stats.kde import kde_at, kde_grid
from hotspot.stats.relative_risk import relabelled_risk, relative_risk

SPARR = pd.read_csv(Path(__file__).parents[1] / "reference" / "density_risk.csv")
CASE = (np.arange(1, 201) % 3 == 0).astype(float)
FRAME = Frame((0.0, 1000.0), 25.0, (40, 40))


def cell_of(rows, resolution):
    cell = 1000 / resolution
    return np.floor((1000 - rows["y"]) / cell).astype(int), np.floor(rows["x"] / cell).astype(int)


PIXEL = 1000 / 1024  # sparr moves every incident to the middle of its pixel
SPREADS = 4.5  # of 223 normal deviations one in seven hundred is larger


def moved_by_snapping(rows, points, h=100):
    """Standard deviation of a log density at each row when every incident moves evenly within its pixel."""
    d = np.hypot(rows["x"].to_numpy()[:, None] - points[:, 0], rows["y"].to_numpy()[:, None] - points[:, 1])
    k = np.exp(-(d**2) / 2 / h**2)
    return np.sqrt(PIXEL**2 / 12 * np.sum((k * d / h**2) ** 2, axis=1)) / k.sum(axis=1)


def integral(points):
    """What the edge-corrected density of some incidents adds up to: sparr divides each density by it."""
    found = kde_grid(
        points, None, (0.0, 1000.0), PIXEL, (1024, 1024), 100, "gaussian", np.ones((1024, 1024), bool), "uniform"
    )
    return found.intensity.mean() * 1000**2 / len(points)


@pytest.fixture(scope="module")
def beside_sparr(pattern):
    """Rows of sparr with our log ratio and error, both densities and the pooled one divided as sparr divides them."""
    rows = SPARR[~SPARR["adaptive"]]
    found = relative_risk(pattern, CASE, 1 - CASE, Frame((0.0, 1000.0), PIXEL, (1024, 1024)), 100)
    at = cell_of(rows, 1024)
    said = np.isfinite(found.log_ratio[at])  # ours cannot say below a hundredth of the highest density
    assert said.mean() > 0.8
    cases, controls = pattern[CASE > 0], pattern[CASE == 0]
    told = rows.assign(
        ours=found.log_ratio[at] - np.log(integral(cases) / integral(controls)),
        error=found.error[at] * np.sqrt(integral(pattern)),
        ratio_moved=np.hypot(moved_by_snapping(rows, cases), moved_by_snapping(rows, controls)),
        error_moved=moved_by_snapping(rows, pattern) / 2,  # of the log error: half that of the pooled density
    )
    return told[said]


def test_sparr_agrees_within_what_its_pixels_move(beside_sparr):
    rows = beside_sparr
    assert (np.abs(rows["ours"] - rows["log_ratio"]) < SPREADS * rows["ratio_moved"]).all()
    z = rows["ours"] / rows["error"]
    moved = (
        np.exp(-(z**2) / 2)
        / np.sqrt(2 * np.pi)
        * np.hypot(rows["ratio_moved"] / rows["error"], z * rows["error_moved"])
    )
    assert moved.max() < 0.003
    assert (np.abs(ndtr(-z) - rows["pvalue"]) < SPREADS * moved).all()


def test_sparrs_line_runs_where_ours_does(pattern, beside_sparr):
    # sparr contours its one-sided p: .25 of the upper, .75 of the lower side is our two-sided .5
    frame = Frame((0.0, 1000.0), 1000 / 256, (256, 256))
    risk = relative_risk(pattern, CASE, 1 - CASE, frame, 100)
    areas = tolerance_contours(risk, frame, "EPSG:25832", (0.5,), shape="areas")
    rows, line = beside_sparr, -ndtri(0.25)
    theirs = -ndtri(rows["pvalue"]) * np.sqrt(integral(pattern))  # sparr's errors as ours are before the division
    apart = 0.005 + SPREADS * np.hypot(rows["ratio_moved"] / rows["error"], line * rows["error_moved"])
    for side, sign in (("more", 1), ("fewer", -1)):
        (area,) = areas.geometry[areas["side"] == side]
        told = np.abs(sign * theirs - line) > apart  # beside the line sparr's pixels decide
        assert told.mean() > 0.9
        within = shapely.intersects_xy(area, rows["x"][told], rows["y"][told])
        assert np.array_equal(within, (sign * theirs > line)[told])
        assert within.any()


def test_sparr_agrees_on_adaptive_densities(pattern):
    rows = SPARR[SPARR["adaptive"]]
    frame = Frame((0.0, 1000.0), 1000 / 64, (64, 64))
    f, g = (adaptive_grid(pattern[each], frame, 100, 100).intensity / each.sum() for each in (CASE > 0, CASE == 0))
    at = cell_of(rows, 64)
    # sparr reads its pilot at the nearest of 64 pixels, a sixth of the bandwidth wide
    assert np.log(f[at] / g[at]) == pytest.approx(rows["log_ratio"], abs=0.06)


def test_the_error_among_even_incidents_is_that_of_the_formula():
    frame = Frame((0.0, 4000.0), 100.0, (40, 40))
    x, y = np.meshgrid(np.arange(0, 4000, 40.0) + 20, np.arange(0, 4000, 40.0) + 20)
    points = np.column_stack([x.ravel(), y.ravel()])
    found = relative_risk(points, np.full(10_000, 0.5), np.full(10_000, 0.5), frame, 100)
    expected = np.sqrt(2 / 10_000 / (4 * np.pi * 100**2 * (1 / 4000**2)))
    assert found.error[20, 20] == pytest.approx(expected, rel=1e-3)


def test_cases_that_lie_as_controls_do_have_no_risk(pattern):
    for other in (pattern, np.vstack([pattern, pattern])):
        cases = np.full(len(other), 0.25)
        found = relative_risk(other, cases, 1 - cases, FRAME, 80)
        assert np.nanmax(np.abs(found.log_ratio)) < 1e-12
        assert np.nanmin(found.pvalue) > 1 - 1e-9


def test_exchanging_cases_and_controls_turns_the_sign(pattern):
    one = relative_risk(pattern, CASE, 1 - CASE, FRAME, 80)
    two = relative_risk(pattern, 1 - CASE, CASE, FRAME, 80)
    assert two.log_ratio == pytest.approx(-one.log_ratio, nan_ok=True)
    assert two.pvalue == pytest.approx(one.pvalue, nan_ok=True)


def test_order_of_rows_and_moving_change_nothing(pattern):
    still = relative_risk(pattern, CASE, 1 - CASE, FRAME, 80)
    turned = np.random.default_rng(0).permutation(200)
    again = relative_risk(pattern[turned], CASE[turned], 1 - CASE[turned], FRAME, 80)
    assert np.array_equal(still.log_ratio, again.log_ratio, equal_nan=True)
    moved = relative_risk(pattern + 6e5, CASE, 1 - CASE, FRAME._replace(origin=(6e5, 601000.0)), 80)
    assert moved.log_ratio == pytest.approx(still.log_ratio, abs=1e-7, nan_ok=True)
    wide = relative_risk(3 * pattern, CASE, 1 - CASE, Frame((0.0, 3000.0), 75.0, (40, 40)), 240)
    assert wide.log_ratio == pytest.approx(still.log_ratio, abs=1e-7, nan_ok=True)
    assert wide.pvalue == pytest.approx(still.pvalue, abs=1e-7, nan_ok=True)


def test_a_planted_excess_is_found_and_nothing_is_said_where_nobody_was():
    rng = np.random.default_rng(4)
    points = rng.uniform(0, 1000, (3000, 2)) * [1, 0.5]  # nothing in the northern half
    near = np.hypot(*(points - [700, 200]).T) < 100
    case = (rng.random(3000) < np.where(near, 0.8, 0.2)).astype(float)
    found = relative_risk(points, case, 1 - case, FRAME, 50)
    assert found.log_ratio[31, 28] > 1
    assert found.pvalue[31, 28] < 1e-6
    assert np.isnan(found.pvalue[:15]).all()
    assert (found.alternative, found.tests) == ("two-sided", np.isfinite(found.log_ratio).sum())
    assert not np.isinf(found.log_ratio).any()


def test_relabelled_errors_are_those_of_drawing_without_replacement(pattern):
    draws = 399
    quick = relative_risk(pattern, CASE, 1 - CASE, FRAME, 100)
    drawn = relabelled_risk(pattern, CASE, 1 - CASE, FRAME, 100, rng=np.random.default_rng(2), draws=draws)
    assert drawn.log_ratio == pytest.approx(quick.log_ratio, abs=1e-12, nan_ok=True)
    known = quick.error < 0.25  # where enough incidents lie for the first term of a series
    assert known.sum() > 100
    # places held and labels dealt out, the mean kernels of cases and controls are two parts of one finite population:
    # their difference has the variance S^2 (1/n1 + 1/n2), the log of their ratio that over the squared mean
    x, y = np.meshgrid((np.arange(40) + 0.5) * 25, 1000 - (np.arange(40) + 0.5) * 25)
    kernels = np.exp(-((x[..., None] - pattern[:, 0]) ** 2 + (y[..., None] - pattern[:, 1]) ** 2) / 2 / 100**2)
    weighed = 1 / CASE.sum() + 1 / (1 - CASE).sum()
    dealt = np.sqrt(kernels.var(axis=2, ddof=1) * weighed) / kernels.mean(axis=2)
    # a standard deviation of so many draws is off by one in the root of twice as many, the same draws in every cell;
    # the next term of the series adds at most the variance, .25 squared, to 1
    chance = 3 / np.sqrt(2 * (draws - 1))
    assert 1 - chance < np.median(drawn.error[known] / dealt[known]) < 1 + chance + 0.25**2
    # a p of so many draws is off by the root of p (2 - p) / draws, in all cells together: twice that in one of twenty
    expected = 2 * ndtr(-np.abs(quick.log_ratio) / dealt)[known]
    off = np.sqrt(np.mean((drawn.pvalue[known] - expected) ** 2))
    assert off < 2 * np.sqrt(np.mean(expected * (2 - expected)) / draws)
    assert np.nanmin(drawn.pvalue) >= 2 / (draws + 1)


def test_the_asymptotic_error_leaves_out_what_both_densities_share(pattern):
    # Hazelton and Davies put the density smoothed by h for that smoothed by h over the root of 2, and leave its square
    # out; with both put back, their error is that of drawing without replacement
    quick = relative_risk(pattern, CASE, 1 - CASE, Frame((-1000.0, 2000.0), 25.0, (120, 120)), 100)
    centre = np.array([[300.0, 400.0], [700.0, 600.0], [650.0, 500.0]])
    at = np.round((2000 - centre[:, 1]) / 25 - 0.5).astype(int), np.round((centre[:, 0] + 1000) / 25 - 0.5).astype(int)
    where = np.column_stack([(at[1] + 0.5) * 25 - 1000, 2000 - (at[0] + 0.5) * 25])
    wide, narrow = (kde_at(pattern, where, h, "gaussian") / 200 for h in (100, 100 / np.sqrt(2)))
    roughness = 1 / (4 * np.pi * 100**2)
    weighed = 1 / CASE.sum() + 1 / (1 - CASE).sum()
    assert quick.error[at] == pytest.approx(np.sqrt(roughness * wide * weighed) / wide, rel=1e-6)
    exact = np.sqrt((roughness * narrow - wide**2) * 200 / 199 * weighed) / wide
    kernels = np.exp(-np.sum((where[:, None] - pattern) ** 2, axis=2) / 2 / 100**2)
    assert exact == pytest.approx(np.sqrt(kernels.var(axis=1, ddof=1) * weighed) / kernels.mean(axis=1), rel=1e-6)
    assert (exact < quick.error[at]).all()  # here, where clouds are wider than the kernel: fewer places are flagged


def test_a_seed_gives_the_same_answer_in_any_order(pattern):
    turned = np.random.default_rng(0).permutation(200)
    one, two = (
        relabelled_risk(p, c, 1 - c, FRAME, 100, rng=np.random.default_rng(7), draws=9, pilot_m=100)
        for p, c in ((pattern, CASE), (pattern[turned], CASE[turned]))
    )
    assert np.array_equal(one.pvalue, two.pvalue, equal_nan=True)


def test_a_comparison_with_nothing_is_refused(pattern):
    with pytest.raises(HotspotError, match="some cases with some controls"):
        relative_risk(pattern, np.zeros(200), np.ones(200), FRAME, 80)
    with pytest.raises(HotspotError, match="at least one draw"):
        relabelled_risk(pattern, CASE, 1 - CASE, FRAME, 80, rng=np.random.default_rng(), draws=0)
