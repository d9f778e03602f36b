"""Tolerance contours against the cells they are drawn round."""

import numpy as np
import pytest
import shapely
from scipy.special import ndtr

from hotspot.errors import HotspotError
from hotspot.measures.contours import tolerance_contours
from hotspot.stats.adaptive_density import Frame
from hotspot.stats.relative_risk import RelativeRisk, relabelled_risk, relative_risk

CRS = "EPSG:25832"
FRAME = Frame((0.0, 1000.0), 20.0, (50, 50))


@pytest.fixture(scope="module")
def incidents():
    rng = np.random.default_rng(4)
    points = rng.uniform(0, 1000, (2000, 2))
    near = np.hypot(*(points - [700, 300]).T) < 150
    return points, (rng.random(2000) < np.where(near, 0.7, 0.3)).astype(float)


def centres(frame):
    x = frame.origin[0] + (np.arange(frame.shape[1]) + 0.5) * frame.cell_m
    y = frame.origin[1] - (np.arange(frame.shape[0]) + 0.5) * frame.cell_m
    return shapely.points(*np.meshgrid(x, y))


def within(found, level, side, frame=FRAME):
    rows = found[(found["level"] == level) & (found["side"] == side)]
    return shapely.intersects(rows.geometry.iloc[0], centres(frame)) if len(rows) else np.zeros(frame.shape, bool)


@pytest.mark.parametrize("kind", ["asymptotic", "relabelled"])
def test_areas_hold_the_cells_that_are_significant(incidents, kind):
    points, case = incidents
    if kind == "asymptotic":
        risk = relative_risk(points, case, 1 - case, FRAME, 80)
    else:
        risk = relabelled_risk(points, case, 1 - case, FRAME, 80, rng=np.random.default_rng(1), draws=39)
    found = tolerance_contours(risk, FRAME, CRS, (0.05, 0.2), shape="areas")
    assert found.crs == CRS
    for level in (0.05, 0.2):
        for side, sign in (("more", 1), ("fewer", -1)):
            flagged = (risk.pvalue <= level) & (sign * risk.log_ratio > 0)
            assert np.array_equal(within(found, level, side), flagged)
    planted = shapely.Point(700, 300)
    assert found.set_index(["side", "level"]).loc[("more", 0.05), "geometry"].contains(planted)


def test_lines_run_round_the_areas(incidents):
    points, case = incidents
    mask = np.ones(FRAME.shape, dtype=bool)
    mask[30:40, 38:] = False  # water beside what was planted
    place = FRAME._replace(inside=mask)
    risk = relative_risk(points, case, 1 - case, place, 80)
    lines = tolerance_contours(risk, place, CRS, (0.01, 0.05)).set_index(["side", "level"])
    areas = tolerance_contours(risk, place, CRS, (0.01, 0.05), shape="areas").set_index(["side", "level"])
    assert list(lines.index) == list(areas.index)
    for at in lines.index:
        line, area = lines.geometry[at], areas.geometry[at]
        assert line.length > 0
        assert area.is_valid
        assert line.difference(area.boundary.buffer(1e-6)).is_empty
    inner, outer = areas.geometry["more", 0.01], areas.geometry["more", 0.05]
    assert inner.difference(outer.buffer(1e-6)).is_empty  # the stricter lies within


def test_a_known_surface_has_a_known_line():
    # z falls evenly from 4 in the west to -4 in the east: two-sided 5 % at z = 1.959964
    x = np.linspace(-4, 4, 101)
    z = np.tile(-x, (7, 1))
    risk = RelativeRisk(z, np.ones_like(z), 2 * ndtr(-np.abs(z)))
    place = Frame((-4.04, 7.0), 0.08, (7, 101))
    found = tolerance_contours(risk, place, CRS, (0.05,)).set_index("side").geometry
    for side, at in (("more", -1.959964), ("fewer", 1.959964)):
        west, _south, east, _north = found[side].bounds
        assert (west, east) == pytest.approx((at, at), abs=1e-5)


def test_swapping_the_axes_swaps_the_lines(incidents):
    points, case = incidents
    straight = tolerance_contours(relative_risk(points, case, 1 - case, FRAME, 80), FRAME, CRS, (0.05,))
    swapped = tolerance_contours(relative_risk(points[:, ::-1], case, 1 - case, FRAME, 80), FRAME, CRS, (0.05,))
    back = shapely.transform(np.asarray(swapped.geometry), lambda xy: xy[:, ::-1])
    assert list(straight["side"]) == list(swapped["side"])
    for one, two in zip(straight.geometry, back, strict=True):
        # a saddle may be joined the other way in a cell or two: the lines are nowhere further apart than a cell
        assert one.hausdorff_distance(two) < 20
        assert one.length == pytest.approx(two.length, rel=0.01)
    turned = relative_risk(points, 1 - case, case, FRAME, 80)
    other = tolerance_contours(turned, FRAME, CRS, (0.05,))
    assert sorted(other.geometry.length) == pytest.approx(sorted(straight.geometry.length))  # sides change names


def test_without_anything_beyond_chance_there_is_no_line():
    points = np.random.default_rng(0).uniform(0, 1000, (300, 2))
    cases = np.full(300, 0.25)
    risk = relative_risk(points, cases, 1 - cases, FRAME, 80)
    for shape in ("lines", "areas"):
        found = tolerance_contours(risk, FRAME, CRS, (0.05, 0.5), shape=shape)
        assert len(found) == 0
        assert found.crs == CRS
    nothing = np.full(FRAME.shape, np.nan)
    assert len(tolerance_contours(RelativeRisk(nothing, nothing, nothing), FRAME, CRS)) == 0


def test_levels_that_are_no_probabilities_are_refused():
    nothing = np.full(FRAME.shape, np.nan)
    with pytest.raises(HotspotError, match="between 0 and 1"):
        tolerance_contours(RelativeRisk(nothing, nothing, nothing), FRAME, CRS, (0.0, 5.0))
