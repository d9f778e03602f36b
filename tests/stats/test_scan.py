"""Space-time scan: the values of METHODS 8.4, a slow scan written down plainly, and what must not matter."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import HotspotError
from hotspot.stats.cylinders import circles_around, most_unusual
from hotspot.stats.scan import Limits, poisson_llr, scan

ROWS, COLS = np.divmod(np.arange(100), 10)
XY = np.column_stack([COLS, ROWS]) * 100.0
BLOCK = (np.abs(ROWS - 7) <= 1) & (np.abs(COLS - 2) <= 1)
EVEN = np.ones((100, 12))


@pytest.fixture(scope="module")
def town():
    """Twelve steps of chance with a block that is five times as high in the last three."""
    mean = np.full((100, 12), 0.5)
    mean[np.ix_(BLOCK, range(9, 12))] *= 5
    return np.random.default_rng(5).poisson(mean)


def test_published_ratios():
    assert poisson_llr(20, 8, 100) == pytest.approx(7.144859, abs=5e-7)
    assert poisson_llr(5, 6, 100) == 0
    assert poisson_llr(100, 60, 100) == pytest.approx(100 * np.log(100 / 60))  # all inside: no second term
    assert poisson_llr(0, 0, 100) == 0


@given(st.integers(1, 99), st.floats(0.1, 99))
def test_ratio_is_below_the_chi_square_that_saves_logarithms(c, e):
    assert poisson_llr(c, e, 100) <= (c - e) ** 2 * 100 / (e * (100 - e)) * (1 + 1e-9)


def slowly(table, expected, xy, *, longest, anchored, share=0.5):
    """The largest ratio over all cylinders, one by one."""
    total, best = table.sum(), 0.0
    for centre in range(len(xy)):
        away = np.hypot(*(xy - xy[centre]).T).round(6)
        for radius in np.unique(away):
            inside = away <= radius
            if expected[inside].sum() > share * total + 1e-9:
                continue
            steps = table.shape[1]
            for first, last in itertools.combinations(range(steps + 1), 2):
                if last - first <= longest and (last == steps or not anchored):
                    c, e = (each[inside, first:last].sum() for each in (table, expected))
                    best = max(best, float(poisson_llr(c, e, total)))
    return best


@pytest.mark.parametrize("anchored", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_quick_scan_finds_what_the_slow_one_finds(seed, anchored):
    rng = np.random.default_rng(seed)
    xy, table = rng.integers(0, 6, (12, 2)) * 10.0, rng.poisson(1.0, (12, 6))
    exposure = rng.uniform(0.2, 3, (12, 6))
    limits = Limits(longest_steps=4, end_anchored=anchored)
    found = scan(table, xy, exposure=exposure, limits=limits, draws=1)
    wanted = slowly(table, exposure * table.sum() / exposure.sum(), xy, longest=4, anchored=anchored)
    assert found.clusters[0].llr == pytest.approx(wanted, rel=1e-9)
    permuted = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    found = scan(table, xy, limits=limits, draws=1)
    assert found.clusters[0].llr == pytest.approx(slowly(table, permuted, xy, longest=4, anchored=anchored), rel=1e-9)


@pytest.mark.parametrize("exposure", [None, EVEN])
def test_planted_cluster_is_found_with_its_time(town, exposure):
    first = scan(town, XY, exposure=exposure).clusters[0]
    assert set(np.flatnonzero(BLOCK)) & set(first.places) >= {52 + 10 * row + col for row, col in ((1, 0), (2, 0))}
    assert (first.last_step, first.pvalue) == (11, 0.001)
    assert 8 <= first.first_step <= 9
    assert first.n == town[first.places, first.first_step :].sum()
    assert first.llr == pytest.approx(float(poisson_llr(first.n, first.expected, town.sum())))


def test_a_cluster_that_is_over_is_only_found_without_the_anchor(town):
    over = np.roll(town, -4, axis=1)
    limits = Limits(longest_steps=3)
    anchored = scan(over, XY, exposure=EVEN, limits=limits)
    free = scan(over, XY, exposure=EVEN, limits=limits._replace(end_anchored=False))
    assert anchored.clusters[0].pvalue > 0.05
    assert (free.clusters[0].pvalue, free.clusters[0].last_step) == (0.001, 7)


def test_clusters_share_no_place(town):
    second = town.copy()
    second[np.ix_((ROWS <= 1) & (COLS >= 8), range(9, 12))] += 5
    found = scan(second, XY, exposure=EVEN)
    assert len(found.clusters) == 2
    assert not set(found.clusters[0].places) & set(found.clusters[1].places)
    assert found.clusters[0].llr > found.clusters[1].llr
    assert all(each.pvalue <= 0.05 for each in found.clusters)


def test_a_place_that_is_always_busy_is_no_cluster_of_the_permutation_form():
    mean = np.where(BLOCK, 6.0, 0.5)[:, None] * np.ones(12)
    tables = [np.random.default_rng(seed).poisson(mean) for seed in range(9)]
    assert np.median([scan(table, XY, draws=99).clusters[0].pvalue for table in tables]) > 0.2
    assert max(scan(table, XY, exposure=EVEN, draws=99).clusters[0].pvalue for table in tables) == 0.01


@pytest.mark.parametrize("exposure", [None, EVEN])
def test_order_of_rows_and_a_shift_change_nothing(town, exposure):
    shuffled = np.random.default_rng(2).permutation(100)
    found = scan(town, XY, exposure=exposure, draws=99).clusters[0]
    turned = scan(town[shuffled], XY[shuffled] + np.array([700_000, 6_170_000]), exposure=exposure, draws=99).clusters[
        0
    ]
    assert turned.llr == pytest.approx(found.llr, rel=1e-12)
    assert turned.pvalue == found.pvalue
    assert sorted(shuffled[turned.places]) == sorted(found.places)
    swapped = scan(town, XY[:, ::-1], exposure=exposure, draws=99).clusters[0]
    assert swapped.llr == pytest.approx(found.llr, rel=1e-12)


def test_scale_of_the_exposure_does_not_matter(town):
    one, other = scan(town, XY, exposure=EVEN, draws=49), scan(town, XY, exposure=EVEN * 1_000, draws=49)
    assert one.clusters[0].llr == pytest.approx(other.clusters[0].llr, rel=1e-9)
    assert one.clusters[0].pvalue == other.clusters[0].pvalue


def test_no_circle_is_wider_or_holds_more_than_asked(town):
    near = scan(town, XY, exposure=EVEN, limits=Limits(largest_radius_m=100), draws=9).clusters[0]
    assert near.radius_m <= 100
    assert len(near.places) <= 5
    small = scan(town, XY, exposure=EVEN, limits=Limits(largest_share=0.02), draws=9).clusters[0]
    assert len(small.places) <= 2


def test_unknown_counts_are_left_out_with_exposure_and_refused_without(town):
    holed = town.astype(float)
    holed[50, 3] = np.nan
    found = scan(holed, XY, exposure=EVEN, draws=9)
    assert found.incidents == town.sum() - town[50, 3]
    without = EVEN.copy()
    without[50, 3] = 0
    assert scan(np.nan_to_num(holed), XY, exposure=without, draws=9).clusters[0].llr == found.clusters[0].llr
    with pytest.raises(HotspotError, match="none may be unknown"):
        scan(holed, XY)


def test_nothing_happened_and_one_step():
    assert scan(np.zeros((100, 12)), XY).clusters == ()
    spatial = scan(np.where(BLOCK, 9, 1)[:, None], XY, exposure=np.ones((100, 1)))
    assert set(spatial.clusters[0].places) == set(np.flatnonzero(BLOCK))
    assert spatial.clusters[0].pvalue == 0.001


def test_places_at_the_same_distance_enter_together():
    circles = circles_around(XY, np.ones(100), 50.0, 150.0)
    middle = slice(circles.starts[55], circles.starts[56])
    assert circles.complete[middle].tolist() == [True, False, False, False, True, False, False, False, True]
    assert circles.distance[middle].round(1).tolist() == [0] + [100] * 4 + [141.4] * 4


def test_largest_of_all_is_the_same_when_only_it_is_asked_for(town):
    expected = np.full(town.shape, town.sum() / town.size)
    circles = circles_around(XY, expected.sum(axis=1), town.sum() / 2, np.inf)
    every, largest = (most_unusual(circles, town, expected, (6, False), only_largest=only)[0] for only in (False, True))
    assert largest.max() == every.max()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"limits": Limits(largest_share=0.7)}, "at most half"),
        ({"limits": Limits(longest_steps=13)}, "stretches within the period"),
        ({"xy": XY[:5]}, "two coordinates for each place"),
        ({"counts": np.full((100, 12), 0.5)}, "whole numbers from 0"),
        ({"exposure": -EVEN}, "exposure is a number from 0"),
        ({"exposure": EVEN * 0}, "above 0 where something happened"),
    ],
)
def test_impossible_scans_are_refused(town, change, rule):
    with pytest.raises(HotspotError, match=rule):
        scan(**{"counts": town, "xy": XY, "draws": 1, **change})


@pytest.mark.slow
@pytest.mark.parametrize("form", ["exposure", "permutation"])
def test_p_is_uniform_on_maps_of_chance(form):
    rng = np.random.default_rng(44)
    uneven = rng.gamma(2.0, 0.5, (25, 1)) * (1 + 0.5 * np.sin(np.arange(12)))
    xy = XY[(ROWS < 5) & (COLS < 5)]
    p = np.array([
        scan(rng.poisson(uneven), xy, exposure=uneven if form == "exposure" else None, draws=99, seed=run)
        .clusters[0].pvalue for run in range(300)
    ])  # fmt: skip
    for level in (0.05, 0.2, 0.5):
        assert abs(np.mean(p <= level) - level) <= 3 * np.sqrt(level * (1 - level) / 300)
