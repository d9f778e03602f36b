"""Emerging hot spots a second time, put together from what nobody here made: every cell and step is the same.

Every way to draw as many cells is listed (itertools; with exposure the sums are scipy's negative binomials), z is
esda's, the correction and the trend's sum and spread are scipy's, and a class is read off the row of steps as Esri's
table and METHODS 8.1 describe it. No outside program can be asked for the whole: ArcGIS, R's sfdep and PyEhsa draw p
at random and over neighbours in time as well. PyEhsa's classes of given z are held against ours at the end.
"""

import re
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from esda import G_Local
from libpysal.weights import W
from scipy.optimize import minimize_scalar
from scipy.stats import false_discovery_control, kendalltau, nbinom, norm, poisson

from hotspot.stats.emerging import CLASSES, emerging
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.patterns import pattern
from hotspot.stats.trend import mann_kendall

PYEHSA = pd.read_csv(Path(__file__).parents[1] / "reference" / "emerging_pyehsa.csv")
SIDE, STEPS, LEVEL = 5, 10, 0.05
ROWS, COLS = np.divmod(np.arange(SIDE * SIDE), SIDE)
APART = np.abs(ROWS[:, None] - ROWS) + np.abs(COLS[:, None] - COLS)
# Links join the four cells nearest: few enough ways to list.
HOT, COLD = (np.flatnonzero(APART[centre] <= 1) for centre in (6, 18))
HISTORIES = {  # what is planted: + as named, - the other way round, . as everywhere
    "new": ".........+",
    "consecutive": ".......+++",
    "intensifying": "++++++++++",
    "persistent": "++++++++++",
    "diminishing": "++++++++++",
    "sporadic": "+.+..+.+.+",
    "oscillating": ".-.+.-++.+",
    "historical": "+++++++++.",
}
TABLE = (  # Esri's definitions of the hot side; X is a hot step, O a cold one; share of hot steps, trend, row of steps
    ("new", "<90", "any", r"\.+X"),  # the final step, never before, and never cold
    ("consecutive", "<90", "any", r"\.+XX+"),  # a single uninterrupted final run of at least two
    ("intensifying", ">=90", "up", r".*X"),
    ("persistent", ">=90", "none", r".*X"),
    ("diminishing", ">=90", "down", r".*X"),
    ("sporadic", "<90", "any", r"(?=.*X\.+X)[.X]*X"),  # on again, off again, never cold
    ("oscillating", "<90", "any", r"(?=.*O).*X"),  # a history of the other side
    ("historical", ">=90", "any", r".*[.O]"),  # the final step is not hot
)


def planted(name, seed):
    """A hot spot of that history in one corner, a cold one in the other."""
    rng = np.random.default_rng(seed)
    cube = rng.poisson(40, (SIDE * SIDE, STEPS)).astype(float)
    slope = {"intensifying": 8, "diminishing": -8}.get(name, 0)  # what is cold is colder beside what is less hot
    for step, sign in enumerate(HISTORIES[name]):
        if sign != ".":
            high, low = (HOT, COLD) if sign == "+" else (COLD, HOT)
            cube[high, step] = 92 + slope * (step - 4) + rng.integers(0, 3, 5)
            cube[low, step] = 12 + rng.integers(0, 3, 5)
    return cube


class Step(NamedTuple):
    """What is known of one step: of the cells with a count alone."""

    known: np.ndarray
    counts: np.ndarray
    inside: np.ndarray
    """Square table: who belongs to whose sum, itself too."""
    expected: np.ndarray
    uneven: float | None
    """Variance is mean + uneven mean^2 where exposure is given; None where counts are dealt out anew."""


def step_of(counts, links, exposure):
    known = np.isfinite(counts)
    share = np.ones(len(counts)) if exposure is None else exposure
    expected = share[known] * counts[known].sum() / share[known].sum()
    inside = links[np.ix_(known, known)] | np.eye(known.sum(), dtype=bool)
    return Step(
        known, counts[known], inside, expected, None if exposure is None else spread_of(counts[known], expected)
    )


def spread_of(counts, expected):
    """The larger of the moments' and the likeliest."""
    excess = ((counts - expected) ** 2 - counts).sum()
    if excess <= 0:
        return 0.0

    def unlikely(log_a):
        size = np.exp(-log_a)
        return -nbinom.logpmf(counts, size, size / (size + expected)).sum()

    tried = np.linspace(-13, 9, 45)
    best = tried[np.argmin([unlikely(each) for each in tried])]
    found = minimize_scalar(unlikely, bounds=(best - 0.5, best + 0.5), method="bounded", options={"xatol": 1e-10}).x
    return max(excess / (expected**2).sum(), np.exp(found))


@cache
def ways(n, size):
    """Every way to draw so many of n cells."""
    return np.array(list(combinations(range(n), size)))


def shares(step, cell, seen, drawn):
    """Chance of as many or more, and of as few or fewer, around a cell."""
    inside = step.inside[cell]
    if step.uneven is None:
        if inside.sum() not in drawn:
            drawn[inside.sum()] = step.counts[ways(len(step.counts), inside.sum())].sum(axis=1)
        sums = drawn[inside.sum()]
        return np.mean(sums >= min(seen, sums.max())), np.mean(sums <= seen)
    mean, extra = step.expected[inside].sum(), step.uneven * (step.expected[inside] ** 2).sum()
    if not extra:
        return poisson.sf(seen - 1, mean), poisson.cdf(seen, mean)
    size = mean**2 / extra
    return nbinom.sf(seen - 1, size, size / (size + mean)), nbinom.cdf(seen, size, size / (size + mean))


def one_step(step):
    """z of Gi* and both shares of each cell, and whether ten times as many as expected would have this p or less."""
    upper, lower, more = np.full((3, len(step.counts)), np.nan)
    drawn = {}
    for cell in np.flatnonzero(step.inside.sum(axis=1) > 1):
        inside = step.inside[cell]
        upper[cell], lower[cell] = shares(step, cell, step.counts[inside].sum(), drawn)
        more[cell] = 2 * shares(step, cell, np.ceil(10 * step.expected[inside].sum().round(9)), drawn)[0]
    value = step.counts
    if step.uneven is not None:
        value = (step.counts - step.expected) / np.sqrt(step.expected + step.uneven * step.expected**2)
        value = value - value.min() + 1  # esda divides by their sum; z hangs on no origin
    near = {cell: [int(each) for each in np.flatnonzero(row) if each != cell] for cell, row in enumerate(step.inside)}
    star = G_Local(value, W(near, silence_warnings=True), transform="B", star=True, permutations=0)
    z = np.where(step.inside.sum(axis=1) > 1, star.Zs, np.nan)  # esda knows a z of an island: that of its own count
    return z, upper, lower, more, step.inside @ step.expected


def trend_of(z):
    """Mann-Kendall with its continuity correction: the sum and its spread are those behind scipy's tau and p."""
    z = z[np.isfinite(z)].round(12)
    tau, p = kendalltau(np.arange(len(z)), z, method="asymptotic") if len(z) > 1 else (np.nan, np.nan)
    if not abs(tau) > 0:
        return 0 * tau, 1 + 0 * tau
    pairs = len(z) * (len(z) - 1) / 2
    tied = sum(many * (many - 1) / 2 for many in Counter(z.tolist()).values())
    total = tau * np.sqrt(pairs * (pairs - tied))
    corrected = (total - np.sign(total)) / (abs(total) / norm.isf(p / 2))
    return corrected, 2 * norm.sf(abs(corrected))


def named(steps, trend):
    """The first row of Esri's table that describes the steps, the hot side before the cold one."""
    for side, own, way in (("hot", "HC", trend), ("cold", "CH", -trend)):
        row = "".join(steps).translate(str.maketrans(own, "XO"))
        many = ">=90" if 10 * row.count("X") >= 9 * len(row) else "<90"
        direction = {1: "up", 0: "none", -1: "down"}[way]
        for name, share, towards, form in TABLE:
            if share == many and towards in ("any", direction) and re.fullmatch(form, row):
                return f"{name} {side}"
    return "no pattern"


def again(cube, links, exposure=None):
    """The whole, from counts to classes."""
    z, upper, lower, more, around = np.full((5, *cube.shape), np.nan)
    for number, counts in enumerate(cube.T):
        step = step_of(counts, links, exposure)
        for table, column in zip((z, upper, lower, more, around), one_step(step), strict=True):
            table[step.known, number] = column
    p = np.minimum(1, 2 * np.minimum(upper, lower))
    tested = np.isfinite(p)
    q = np.full(p.shape, np.nan)
    q[tested] = false_discovery_control(p[tested])
    flag = np.where(q <= LEVEL, np.where(upper < lower, "H", "C"), ".")
    trend, trend_p = np.array([trend_of(row) for row in z]).T
    # "Nothing found" says little where hardly any are expected, or where ten times as many would mostly go unseen.
    least = max(LEVEL / tested.sum(), p[q <= LEVEL].max(initial=0))
    little = (np.nansum(around, axis=1) < cube.shape[1]) | ((more <= least).sum(axis=1) <= cube.shape[1] / 2)
    classes = []
    for cell, row in enumerate(flag):
        known = tested[cell]
        if not links[cell].any():
            classes.append("no neighbours")
        elif known.sum() < 10 or not known[-1]:
            classes.append("undefined")
        else:
            name = named(row[known], int(np.sign(trend[cell]) * (trend_p[cell] <= LEVEL)))
            nothing = name == "no pattern" and set(row[known]) == {"."}
            classes.append("too few data" if nothing and little[cell] else name)
    return classes, flag, z, p, q, trend, trend_p


def same(cube, links, within=1e-9, **given):
    """Hold the whole against ours; the classes it found."""
    near = Neighbours.from_pairs(*np.nonzero(links), len(links))
    found = emerging(cube, near, **given)
    cube = cube[:, given.get("covered", slice(None))]
    classes, flag, z, p, q, trend, trend_p = again(cube, links, given.get("exposure"))
    assert found.klass.tolist() == classes
    assert (found.hot == (flag == "H")).all()
    assert (found.cold == (flag == "C")).all()
    for ours, theirs in ((found.pvalue, p), (found.qvalue, q), (found.z, z)):
        assert ours == pytest.approx(theirs, rel=within, abs=1e-12 + (ours is found.z) * within, nan_ok=True)
    assert found.trend_z == pytest.approx(trend, rel=1e-9, nan_ok=True)
    assert found.trend_pvalue == pytest.approx(trend_p, rel=1e-9, nan_ok=True)
    return set(classes)


@pytest.fixture(scope="module")
def maps():
    """Eight maps that show every pattern."""
    return {name: planted(name, seed) for seed, name in enumerate(HISTORIES)}


def test_all_seventeen_patterns_are_those_put_together_from_other_programs(maps):
    shown = set().union(*(same(cube, APART == 1) for cube in maps.values()))
    assert shown == {*CLASSES[:17], "too few data"}


def test_by_exposure_the_patterns_are_those_put_together_from_scipy(maps):
    people = np.random.default_rng(9).integers(60, 160, SIDE * SIDE).astype(float)
    rng = np.random.default_rng(5)
    by_chance = [rng.poisson(people / many, (10, SIDE * SIDE)).T.astype(float) for many in (20, 300)]
    shown = set()
    for cube in (*(cube * people[:, None] // 100 for cube in maps.values()), *by_chance):
        # how uneven counts are is searched to 1e-5, here and there
        shown |= same(cube, APART == 1, within=1e-4, exposure=people)
    assert shown >= {"sporadic hot", "too few data", "no pattern"}
    assert shown >= {
        f"{name} cold" for name in ("consecutive", "historical", "intensifying", "oscillating", "persistent")
    }


@pytest.mark.filterwarnings("ignore:The weights matrix is not fully connected")
def test_what_cannot_be_said_is_told_as_the_other_programs_have_it(maps):
    cube = np.insert(np.insert(maps["consecutive"], 4, maps["new"][:, 0], axis=1), 7, 0.0, axis=1)  # twelve steps
    cube = np.vstack([cube, np.full(12, 40.0)])
    cube[0, 2], cube[9, 11], cube[22, [1, 3]] = np.nan, np.nan, np.nan
    links = np.zeros((26, 26), dtype=bool)
    links[:25, :25] = APART == 1  # the last is an island
    covered = np.arange(12) != 7
    found = same(cube, links, covered=covered)
    assert found >= {"consecutive hot", "consecutive cold", "undefined", "no neighbours"}


def test_hardly_any_incidents_are_too_few_in_the_other_programs_too():
    rng = np.random.default_rng(3)
    assert same(rng.poisson(0.15, (25, 10)).astype(float), APART == 1) == {"too few data"}
    assert "no pattern" in same(rng.poisson(3.0, (25, 10)).astype(float), APART == 1)


def test_patterns_and_trends_are_those_of_pyehsa_where_all_that_stands_out_is_on_one_side():
    z = np.array([[float(each) for each in row.split()] for row in PYEHSA["z"]])
    p = 2 * norm.sf(abs(z))
    assert mann_kendall(z).pvalue == pytest.approx(PYEHSA["trend_pvalue"], abs=1e-12)
    told = PYEHSA["name"].str.replace("spot", "").str.replace("oscilating", "oscillating").to_numpy()
    ours, flag = pattern(z, p), np.where(p <= LEVEL, np.sign(z), 0)
    # PyEhsa counts a run and a share of both sides together, and calls sporadic what is not hot in the last step.
    clear = ((flag >= 0).all(axis=1) | (flag <= 0).all(axis=1)) & (flag[:, -1] != 0)
    warming = clear & (flag[:, -1] < 0) & (told == "intensifying hot")  # for that it counts cold steps as well
    assert set(ours[warming]) == {"diminishing cold"}
    clear &= ~warming
    assert ours[clear].tolist() == told[clear].tolist()
    assert (clear.sum(), len(set(ours[clear]))) == (134, 11)  # all of one side but diminishing cold
    never = (flag == 0).all(axis=1)
    assert set(ours[never]) == {"no pattern"}
    assert set(told[never]) == {"no pattern detected"}
