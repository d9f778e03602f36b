"""From tails to claims: intervals by hand, what is left out, and when nothing can be said."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hotspot.errors import HotspotError
from hotspot.stats.cell_map import around, cell_map, ratio_interval
from hotspot.stats.exact import Tails
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.verdicts import CLASSES, evidence, judge, ring_evidence

SIDE = 12
REFERENCE = Path(__file__).parents[1] / "reference" / "hotspots_interval.csv"


def square(side: int = SIDE) -> Neighbours:
    return Neighbours.from_lattice(*np.divmod(np.arange(side * side), side))


def judged(upper: np.ndarray, lower: np.ndarray, ring: Tails | None = None, counts: int = 5) -> np.ndarray:
    cells = cell_map(np.full(SIDE**2, counts), square())
    found = evidence(Tails(upper, lower), None if ring is None else ring_evidence([ring]))
    return judge(cells, found, "included", level=0.05, minimum_expected=1.0).klass


def tails_with(*extreme: int) -> tuple[np.ndarray, np.ndarray]:
    upper, lower = np.full((2, SIDE**2), 0.5)
    upper[list(extreme)] = 1e-9
    return upper, np.where(upper < 0.1, 1.0, lower)


def test_the_ratio_has_garwoods_interval_and_overdispersion_widens_it() -> None:
    low, high = ratio_interval(np.array([8.0, 0.0]), np.array([2.0, 2.0]), np.array([np.inf, np.inf]))
    assert low == pytest.approx([stats.chi2.ppf(0.025, 16) / 4, 0])
    assert high == pytest.approx([stats.chi2.ppf(0.975, 18) / 4, 3.688879 / 2])
    wide_low, wide_high = ratio_interval(np.array([8.0]), np.array([2.0]), np.array([4.0]))
    assert wide_low[0] < low[0] < 4 < high[0] < wide_high[0]
    assert np.isnan(ratio_interval(np.array([3.0]), np.array([0.0]), np.array([np.inf]))).all()


def test_an_overdispersed_interval_is_r_s_and_nears_garwoods() -> None:
    table = pd.read_csv(REFERENCE)
    n, size = table["n"].to_numpy(float), table["size"].to_numpy(float)
    low, high = ratio_interval(n, np.full(len(n), 2.0), size)
    # uniroot on the log scale to 1e-14
    assert low == pytest.approx(table["low"].to_numpy() / 2, rel=1e-9)
    bounded = size > 1
    assert high[bounded] == pytest.approx(table["high"].to_numpy()[bounded] / 2, rel=1e-9)
    assert np.isnan(high[~bounded]).all()  # up to 50,000 times: the counts bound nothing
    poisson = ratio_interval(np.array([7.0]), np.ones(1), np.array([np.inf]))
    assert np.ravel(ratio_interval(np.array([7.0]), np.ones(1), np.array([1e7]))) == pytest.approx(
        np.ravel(poisson), rel=1e-5
    )


@pytest.mark.parametrize(("a", "mean"), [(1.0, 1.0), (3.0, 1.0), (3.0, 5.0)])
def test_the_interval_covers_although_the_overdispersion_is_estimated(a: float, mean: float) -> None:
    rng, near = np.random.default_rng(6), square()
    covered = []
    for _ in range(60):
        cells = cell_map(rng.poisson(mean * rng.gamma(1 / a, a, SIDE**2)), near)
        seen = around(cells, near)
        covered.append(np.mean((seen.ratio_low <= 1.0) & (seen.ratio_high >= 1.0)))
    # the intervals of one map hang together: three standard errors of the maps
    assert np.mean(covered) >= 0.95 - 3 * np.std(covered) / np.sqrt(len(covered))


def test_evidence_is_two_sided_and_corrected() -> None:
    found = evidence(Tails(np.array([0.01, 0.99, 0.6, np.nan]), np.array([1.0, 0.02, 0.6, np.nan])), None)
    assert found.pvalue == pytest.approx([0.02, 0.04, 1.0, np.nan], nan_ok=True)
    assert found.qvalue == pytest.approx([0.06, 0.06, 1.0, np.nan], nan_ok=True)  # of three tested
    assert found.more.tolist() == [True, False, False, False]


def test_hot_cold_and_busy() -> None:
    upper, lower = tails_with(30, 31)
    assert set(judged(upper, lower)[[30, 31]]) == {"hot"}
    assert set(judged(lower, upper)[[30, 31]]) == {"cold"}
    ring = Tails(*tails_with(30))
    against = judged(upper, lower, ring)
    assert against[[30, 31]].tolist() == ["hot", "busy"]
    assert set(np.delete(against, [30, 31])) == {"not significant"}
    assert set(judged(lower, upper, ring)[[30, 31]]) == {"cold"}  # cold needs no ring


def test_nothing_found_is_only_said_where_something_could_have_been() -> None:
    upper, lower = np.full((2, SIDE**2), 0.5)
    assert set(judged(upper, lower)) == {"not significant"}
    counts = np.zeros(SIDE**2)
    counts[::50] = 1
    cells = cell_map(counts, square())
    few = judge(cells, evidence(Tails(upper, lower), None), "included", level=0.05, minimum_expected=1.0)
    assert set(few.klass) == {"too few data"}
    assert set(few.klass) <= set(CLASSES)


def test_undefined_cells_are_left_out_and_islands_named() -> None:
    near = Neighbours.from_lattice([0, 0, 0, 9], [0, 1, 2, 9])
    cells = cell_map([3, np.nan, 2, 4], near, [1.0, 1.0, 0.0, 2.0])
    assert cells.valid.tolist() == [True, False, False, True]
    assert cells.counts.tolist() == [3, 4]
    assert cells.expected == pytest.approx([7 / 3, 14 / 3])
    tails = Tails(np.array([0.5, 0.5]), np.array([0.5, 0.5]))
    said = judge(cells, evidence(tails, None), "exposure", level=0.05, minimum_expected=1.0)
    assert said.klass.tolist() == ["no neighbours", "undefined", "undefined", "no neighbours"]
    assert said.n == pytest.approx([3, np.nan, 2, 4], nan_ok=True)
    assert np.isnan(said.n_around[1:3]).all()


def test_each_kind_of_cell_has_its_own_rate_and_dispersion() -> None:
    draw = np.random.default_rng(2)
    kinds = np.repeat(["homes", "nobody"], 72)
    counts = np.where(kinds == "homes", draw.poisson(4, 144), draw.negative_binomial(1, 1 / 9, 144))
    cells = cell_map(counts, square(), np.ones(144), kinds)
    for kind in ("homes", "nobody"):
        own = kinds == kind
        assert cells.expected[own] == pytest.approx(counts[own].mean())
        assert np.ptp(cells.a[own]) == 0
    assert cells.a[-1] > 0.5 > cells.a[0]
    assert np.isnan(cell_map(np.zeros(144), square()).a).all()


@pytest.mark.parametrize("bad", [-1.0, np.inf])
def test_impossible_exposure_is_refused(bad: float) -> None:
    with pytest.raises(HotspotError, match=f"exposure is a number from 0(.|\n)*found: {bad}"):
        cell_map([1, 2], Neighbours.from_lattice([0, 0], [0, 1]), [1.0, bad])


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(HotspotError, match="3 counts, 3 exposures"):
        cell_map([1, 2, 3], Neighbours.from_lattice([0, 0], [0, 1]))
