"""A forecast a second time, written down plainly from its docstring: every weight and every cell's share is the same.

The Gaussians and the posterior means are scipy's, event by event and pixel by pixel; the weights are found once by
expectation and maximisation as Dempster, Laird and Rubin have it, once by scipy's optimiser, which knows nothing of it.
No outside program makes the whole of such a forecast.
"""

from functools import cache

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import gamma, norm

from hotspot.stats.forecast import Events, Ground, forecast

ROWS, COLS = np.divmod(np.arange(42), 6)
LAND = ~((ROWS >= 5) & (COLS <= 1)) & ~((ROWS == 2) & (COLS == 3))  # a coast and a lake
GROUND = Ground(ROWS[LAND], COLS[LAND])
CELLS = len(GROUND.rows)
SHAPES = (0.3, 1, 3, 10)
DAYS = 200.0


@cache
def spreading(reach):
    """Pixels across a cell, and what a Gaussian cut off at the shore lays in each cell of an event in each pixel."""
    parts = 2 if 0 < reach < 1.5 else 1
    sub = np.array([(i, j) for i in range(parts) for j in range(parts)])
    pixels = (np.column_stack(GROUND)[:, None] * parts + sub).reshape(-1, 2)
    apart = np.abs(pixels[:, None] - pixels)
    sigma = reach * parts or 1e-9
    laid = np.where(apart <= 5 * sigma + 0.5, norm.pdf(apart, scale=sigma), 0).prod(axis=2)
    laid = (laid / laid.sum(axis=1, keepdims=True)).reshape(len(pixels), CELLS, parts**2).sum(axis=2)
    return parts, {tuple(pixel): row for pixel, row in zip(pixels.tolist(), laid, strict=True)}


def spread(events, weights, reach):
    parts, laid = spreading(reach)
    rows = [laid[int(row * parts), int(col * parts)] for row, col in zip(events.row, events.col, strict=True)]
    return np.array(weights) @ np.array(rows).reshape(-1, CELLS)


def posterior(shape, n, expected):
    """Relative rate of a gamma prior of mean 1 after n were seen where so many were expected."""
    return gamma(shape + n, scale=1 / (shape + expected)).mean()


def candidates(own, others, day):
    """Those that repeat the kind's own cells, and the smooth ones."""
    own, others = own.until(day), others.until(day)
    repeat, smooth = {}, {}
    for half_life in (np.inf, 90, 30):
        weights = own.weight * 0.5 ** ((day - own.day) / half_life)
        repeat[f"repeat {half_life:g}"] = spread(own, weights, 0)
        for reach in (0.5, 1, 2, 4, 8):
            smooth[f"smooth {reach:g} {half_life:g}"] = spread(own, weights, reach)
    for reach in (0, 1, 2, 4, 8) if len(others.day) else ():
        expected = spread(others, others.weight, reach)
        smooth[f"others {reach:g}"] = expected
        for shape in SHAPES if reach else ():
            raised = posterior(shape, spread(others, others.weight, 0), expected)
            smooth[f"others' places {reach:g} {shape:g}"] = spread(own, own.weight, reach) * raised
    smooth["even"] = np.ones(CELLS)
    return [{name: row / row.sum() for name, row in each.items()} for each in (repeat, smooth)]


def held_out(own, first, at, length):
    """First days of the stretches held out."""
    days, told = [], 0.0
    for day in (at - length * np.arange(1, 13)).tolist():
        if len(days) >= 3 and (told >= 200 or day < (first + at) / 2):
            break
        days.append(day)
        told += own.within(day, day + length).weight.sum()
    return days


def by_expectation(densities, counts):
    """Whose was each event? What each candidate gets is its next weight; steps until ten of them move nothing."""
    weights = np.full(len(densities), 1 / len(densities))
    for _ in range(200):
        before = weights
        for _ in range(10):
            whose = weights[:, None] * densities
            weights = (whose / whose.sum(axis=0)) @ counts / counts.sum()
        if np.abs(weights - before).max() < 1e-6:
            break
    return weights


def by_slsqp(densities, counts):
    scaled, share = densities / densities.mean(axis=0), counts / counts.sum()
    return minimize(
        lambda weights: -share @ np.log(weights @ scaled),
        np.full(len(scaled), 1 / len(scaled)),
        jac=lambda weights: -scaled @ (share / (weights @ scaled)),
        bounds=[(0, 1)] * len(scaled),
        constraints={"type": "eq", "fun": lambda weights: weights.sum() - 1, "jac": np.ones_like},
        options={"maxiter": 1000, "ftol": 1e-10},
    ).x


def again(own, others, length, weigh):
    """Weights by name, shares of the cells, and what was held out with the density of every candidate there."""
    days = held_out(own, min(own.day.min(), others.day.min(initial=DAYS)), DAYS, length)
    later = np.concatenate([
        spread(each, each.weight, 0) for each in (own.within(day, day + length) for day in days)
    ])  # fmt: skip
    sets = [candidates(own, others, day) for day in (DAYS, *days)]

    def at(every):
        return np.hstack([np.array([*rows.values()]) for rows in every])

    base = weigh(at(smooth for _repeat, smooth in sets[1:]), later)
    every = []
    for day, (repeat, smooth) in zip((DAYS, *days), sets, strict=True):
        mean, known = base @ np.array([*smooth.values()]), own.until(day)
        n = spread(known, known.weight, 0)
        shrunk = {f"gamma-Poisson {shape:g}": mean * posterior(shape, n, mean * n.sum()) for shape in SHAPES}
        every.append({**repeat, **smooth, **{name: row / row.sum() for name, row in shrunk.items()}})
    weights = weigh(at(every[1:]), later)
    share = weights @ np.array([*every[0].values()])
    return dict(zip(every[0], weights, strict=True)), share / share.sum(), (later, at(every[1:]))


def events(seed, n, uneven):
    rng = np.random.default_rng(seed)
    places = np.random.default_rng(1).gamma(uneven, 1, CELLS) + 0.1
    at = rng.choice(CELLS, n, p=places / places.sum())
    row, col = (each[at] + rng.random(n) for each in GROUND)
    return Events(row, col, rng.uniform(0, DAYS, n), rng.uniform(0.2, 1, n))


NONE = Events(*np.empty((4, 0)))
TOWNS = {  # own events, others', length of a stretch: what ends the stretches
    "half the days": (events(2, 150, 0.5), events(3, 250, 0.5), 20.0),
    "enough held out": (events(4, 900, 0.5), events(5, 300, 2.0), 15.0),
    "no other kind": (events(6, 120, 1.0), NONE, 30.0),
}


def found(own, others, length):
    kinds = {"own": own, "others": others} if len(others.day) else {"own": own}
    return forecast(kinds, GROUND, DAYS, fold_days=length)["own"]


@pytest.mark.parametrize("town", TOWNS)
def test_the_whole_forecast_is_that_of_a_plain_one(town):
    own, others, length = TOWNS[town]
    ours = found(own, others, length)
    weights, share, (later, _densities) = again(own, others, length, by_expectation)
    assert ours.share == pytest.approx(share, abs=1e-10)
    assert ours.weights == pytest.approx(weights, abs=1e-9)
    assert (ours.events, ours.held_out) == pytest.approx((own.weight.sum(), later.sum()))


@pytest.mark.parametrize("town", TOWNS)
def test_the_whole_forecast_is_that_of_scipys_optimiser_but_for_where_steps_end(town):
    own, others, length = TOWNS[town]
    ours = found(own, others, length)
    weights, share, (later, densities) = again(own, others, length, by_slsqp)
    assert ours.share == pytest.approx(share, abs=1e-3)  # ours stops where ten steps move no weight by 1e-6
    theirs, own_weights = ([made[name] for name in weights] for made in (weights, ours.weights))
    gain = later @ (np.log(theirs @ densities) - np.log(own_weights @ densities)) / later.sum()
    assert gain < 5e-4  # of the log likelihood of an event held out
