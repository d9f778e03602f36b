"""Relative risk against sparr and METHODS 6.6, and what must hold for it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.special import ndtr

from hotspot.errors import HotspotError
from hotspot.measures.contours import tolerance_contours
from hotspot.stats.adaptive_density import Frame, adaptive_grid
from hotspot.stats.relative_risk import relabelled_risk, relative_risk

SPARR = pd.read_csv(Path(__file__).parents[1] / "reference" / "density_risk.csv")
CASE = (np.arange(1, 201) % 3 == 0).astype(float)
P_APART = 0.006
FRAME = Frame((0.0, 1000.0), 25.0, (40, 40))


def cell_of(rows, resolution):
    cell = 1000 / resolution
    return np.floor((1000 - rows["y"]) / cell).astype(int), np.floor(rows["x"] / cell).astype(int)


def test_sparr_agrees(pattern):
    rows = SPARR[~SPARR["adaptive"]]
    found = relative_risk(pattern, CASE, 1 - CASE, Frame((0.0, 1000.0), 1000 / 1024, (1024, 1024)), 100)
    at = cell_of(rows, 1024)
    said = np.isfinite(found.log_ratio[at])  # ours cannot say below a hundredth of the highest density
    assert said.mean() > 0.8
    # sparr snaps incidents to pixels of 1 m and its kernel to 128 of them
    assert found.log_ratio[at][said] == pytest.approx(rows["log_ratio"][said], abs=0.01)
    upper = ndtr(-found.log_ratio / found.error)
    assert upper[at][said] == pytest.approx(rows["pvalue"][said], abs=0.006)


def test_sparrs_line_runs_where_ours_does(pattern):
    # sparr contours its one-sided p: .25 of the upper, .75 of the lower side is our two-sided .5
    rows = SPARR[~SPARR["adaptive"]]
    frame = Frame((0.0, 1000.0), 1000 / 256, (256, 256))
    areas = tolerance_contours(
        relative_risk(pattern, CASE, 1 - CASE, frame, 100), frame, "EPSG:25832", (0.5,), shape="areas"
    )
    for side, theirs in (("more", rows["pvalue"]), ("fewer", 1 - rows["pvalue"])):
        (area,) = areas.geometry[areas["side"] == side]
        told = (theirs - 0.25).abs() > P_APART  # beside the line sparr's own error decides
        assert told.mean() > 0.9
        within = shapely.intersects_xy(area, rows["x"][told], rows["y"][told])
        assert np.array_equal(within, theirs[told] < 0.25)
        assert within.any()


def test_sparr_agrees_on_adaptive_densities(pattern):
    rows = SPARR[SPARR["adaptive"]]
    frame = Frame((0.0, 1000.0), 1000 / 64, (64, 64))
    f, g = (adaptive_grid(pattern[each], frame, 100, 100).intensity / each.sum() for each in (CASE > 0, CASE == 0))
    at = cell_of(rows, 64)
    # sparr reads its pilot at the nearest of 64 pixels, a sixth of the bandwidth wide
    assert np.log(f[at] / g[at]) == pytest.approx(rows["log_ratio"], abs=0.06)


def test_reference_error():
    # METHODS 6.6: h = 100 m, 100 cases, 200 controls, pooled density 2e-6: .244301
    frame = Frame((0.0, 4000.0), 100.0, (40, 40))
    x, y = np.meshgrid(np.arange(0, 4000, 40.0) + 20, np.arange(0, 4000, 40.0) + 20)
    points = np.column_stack([x.ravel(), y.ravel()])
    found = relative_risk(points, np.full(10_000, 0.5), np.full(10_000, 0.5), frame, 100)
    expected = np.sqrt(2 / 10_000 / (4 * np.pi * 100**2 * (1 / 4000**2)))
    assert found.error[20, 20] == pytest.approx(expected, rel=1e-3)
    assert np.sqrt((1 / 100 + 1 / 200) / (4 * np.pi * 100**2 * 2e-6)) == pytest.approx(0.244301, abs=1e-6)


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


def test_a_planted_excess_is_found_and_nothing_is_said_where_nobody_was():
    rng = np.random.default_rng(4)
    points = rng.uniform(0, 1000, (3000, 2)) * [1, 0.5]  # nothing in the northern half
    near = np.hypot(*(points - [700, 200]).T) < 100
    case = (rng.random(3000) < np.where(near, 0.8, 0.2)).astype(float)
    found = relative_risk(points, case, 1 - case, FRAME, 50)
    assert found.log_ratio[31, 28] > 1
    assert found.pvalue[31, 28] < 1e-6
    assert np.isnan(found.pvalue[:15]).all()
    assert not np.isinf(found.log_ratio).any()


def test_asymptotic_p_is_that_of_labels_dealt_out_by_chance(pattern):
    quick = relative_risk(pattern, CASE, 1 - CASE, FRAME, 100)
    drawn = relabelled_risk(pattern, CASE, 1 - CASE, FRAME, 100, rng=np.random.default_rng(2), draws=199)
    assert drawn.log_ratio == pytest.approx(quick.log_ratio, abs=1e-12, nan_ok=True)
    known = quick.error < 0.25  # where enough incidents lie for an asymptotic error
    assert known.sum() > 100
    # the densities share what is over-smoothed in both, so that chance moves their ratio a little less than told
    assert 0.75 < np.median(drawn.error[known] / quick.error[known]) < 1.05
    assert np.corrcoef(drawn.pvalue[known], quick.pvalue[known])[0, 1] > 0.95
    assert np.nanmin(drawn.pvalue) >= 2 / 200


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
