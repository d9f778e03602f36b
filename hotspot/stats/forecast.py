"""Where incidents are expected next: a mixture that chooses for itself between repeating places and smoothing."""

import itertools
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from hotspot.errors import N_, HotspotError
from hotspot.stats.mixture import mixture_weights

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FOLD_DAYS, FOLDS = 30.0, 3
HALF_LIVES = (np.inf, 90.0, 30.0)  # days; these, the reaches and the shapes are candidates, the data weigh them
REACHES = (0.5, 1.0, 2.0, 4.0, 8.0)  # Gaussian sigma in cells
OF_OTHERS = (0.0, 1.0, 4.0)
SHAPES = (0.3, 1.0, 3.0, 10.0)  # of the gamma distribution of places' lasting differences
LEAST_EVENTS, LEAST_HELD_OUT = 30, 10  # assumption: below these nothing is said
FINE = 2  # pixels across a cell, for reaches below a cell and a half
_COARSE_FROM = 1.5
_TRUNCATE = 5.0


class Ground(NamedTuple):
    """The cells that are forecast, on a lattice.

    ``rows`` and ``cols`` hold each cell's position, int arrays of shape (cells,).
    """

    rows: IntArray
    cols: IntArray


class Events(NamedTuple):
    """What has happened: each array of shape (events,).

    ``row`` and ``col`` are positions in cells from the lattice's first corner (the middle of the first cell is
    .5, .5), ``day`` is time in days, ``weight`` the chance that the event counts.
    """

    row: FloatArray
    col: FloatArray
    day: FloatArray
    weight: FloatArray

    def until(self, day: float) -> "Events":
        """Return the events before a day."""
        return Events(*(each[self.day < day] for each in self))

    def within(self, start: float, end: float) -> "Events":
        """Return the events from one day to just before another."""
        return Events(*(each[(self.day >= start) & (self.day < end)] for each in self))


class Forecast(NamedTuple):
    """Where the next events of one kind are expected.

    ``share`` is each cell's share of them, shape (cells,), adding to 1; all NaN where too little is known to
    say. ``weights`` gives the weight of every candidate by name. ``events`` counts what the forecast is made
    from, ``held_out`` the events that chose the weights.
    """

    share: FloatArray
    weights: Mapping[str, float]
    events: float
    held_out: float


def forecast(
    events: Mapping[str, Events], ground: Ground, at: float, *, fold_days: float = FOLD_DAYS, folds: int = FOLDS
) -> dict[str, Forecast]:
    """Where are the next events of each kind expected?

    Parameters
    ----------
    events
        Kind to events; a kind borrows from the others what helps to foretell it.
    ground
        The cells.
    at
        The day the forecast is made; nothing from this day on is looked at.
    fold_days
        Length of a stretch of days that is held out to weigh the candidates. [days]
    folds
        How many such stretches just before `at`.

    Returns
    -------
    dict
        Kind to `Forecast`; shares are NaN with fewer than 30 events or 10 held out.

    Raises
    ------
    HotspotError
        If an event lies in none of the cells, or its time is not known.

    Notes
    -----
    Candidates are the counts per cell themselves (all days alike, or weighted down by half every 90 or 30 days),
    the same smoothed by a Gaussian of half a cell to eight cells that keeps its mass inside the ground, the other
    kinds' events likewise, an even spread, and the gamma-Poisson estimate ``(n + k) / (E + k) * mu`` of each
    cell: its count n against the expectation E under the smooth candidates mu, drawn to them the more the larger
    the shape k. Their weights are those that would have foretold the held-out stretches best (largest likelihood,
    each forecast from the days before it alone): stacking. A candidate that never helps gets no weight.

    How it misleads: it tells where more will be *recorded* if nothing changes, not where more happens.

    References
    ----------
    Breiman (1996) https://doi.org/10.1007/BF00117832; Yao et al. (2018) https://doi.org/10.1214/17-BA1091;
    Clayton and Kaldor (1987) https://doi.org/10.2307/2532003
    """
    lattice = _Lattice(ground)
    for each in events.values():
        lattice.check(each)
    days = [at - fold_days * (fold + 1) for fold in range(folds)]
    found = {}
    shared = {day: {kind: _still(lattice, each.until(day)) for kind, each in events.items()} for day in [at, *days]}
    for kind, own in events.items():
        sets = [
            (_candidates(lattice, own.until(day), day, _others(shared[day], kind)), own.within(day, day + fold_days))
            for day in days
            if own.until(day).weight.sum() > 0
        ]
        told, known = _checked(sets), own.until(at)
        if known.weight.sum() < LEAST_EVENTS or told < LEAST_HELD_OUT:
            found[kind] = Forecast(np.full(len(ground.rows), np.nan), {}, float(known.weight.sum()), told)
            continue
        now = _candidates(lattice, known, at, _others(shared[at], kind))
        found[kind] = _stacked(lattice, now, sets, float(known.weight.sum()), told)
    return found


class _Candidates(NamedTuple):
    """Shares per cell of every candidate: shape (candidates, cells); and the counts they come from."""

    names: tuple[str, ...]
    shares: FloatArray
    counts: FloatArray

    @property
    def smooth(self) -> NDArray[np.bool_]:
        """Those that do not repeat the kind's own cells."""
        return np.array([not each.startswith("repeat") for each in self.names])


_Folds = list[tuple[_Candidates, Events]]


def _checked(sets: _Folds) -> float:
    return float(sum(held.weight.sum() for _candidate, held in sets))


def _stacked(lattice: "_Lattice", now: _Candidates, sets: _Folds, events: float, told: float) -> Forecast:
    """Weigh the candidates by what was held out, first the smooth ones alone, then all."""
    weight = np.concatenate([held.weight for _each, held in sets])
    at = [lattice.cell_of(held) for _each, held in sets]
    smooth = now.smooth
    hit = np.hstack([each.shares[smooth][:, cell] for (each, _held), cell in zip(sets, at, strict=True)])
    base = mixture_weights(hit, weight)
    every = [np.vstack([each.shares, _shrunk(base @ each.shares[smooth], each.counts)]) for each, _held in sets]
    weights = mixture_weights(np.hstack([shares[:, cell] for shares, cell in zip(every, at, strict=True)]), weight)
    share = weights @ np.vstack([now.shares, _shrunk(base @ now.shares[smooth], now.counts)])
    names = (*now.names, *(f"gamma-Poisson {shape:g}" for shape in SHAPES))
    return Forecast(share / share.sum(), dict(zip(names, weights.tolist(), strict=True)), events, told)


def _shrunk(mean: FloatArray, counts: FloatArray) -> FloatArray:
    """Gamma-Poisson estimates around a mean, one row per shape, each adding to 1."""
    expected = mean * counts.sum()
    shape = np.array(SHAPES)[:, None]
    found = mean * (counts + shape) / (expected + shape)
    return np.asarray(found / found.sum(axis=1, keepdims=True), dtype=np.float64)


def _others(fields: Mapping[str, FloatArray], kind: str) -> FloatArray | None:
    """Add up the other kinds' smoothed counts; nothing where there are none."""
    others = sum((each for name, each in fields.items() if name != kind), np.zeros_like(fields[kind]))
    return others if others.sum() > 0 else None


def _still(lattice: "_Lattice", events: Events) -> FloatArray:
    """All events alike, as other kinds look at them: shape (reaches, cells), unscaled."""
    return np.array([lattice.smoothed(events, events.weight, reach) for reach in OF_OTHERS])


def _candidates(lattice: "_Lattice", own: Events, day: float, others: FloatArray | None) -> _Candidates:
    """Work out every candidate from what was known before a day."""
    names, rows = [], []
    for name, row in _own(lattice, own, day):
        names.append(name)
        rows.append(row)
    if others is not None:
        names += [f"others {reach:g}" for reach in OF_OTHERS]
        rows += list(others)
    names.append("even")
    rows.append(np.ones(lattice.cells))
    shares = np.array(rows)
    shares /= shares.sum(axis=1, keepdims=True)
    return _Candidates(tuple(names), shares, lattice.smoothed(own, own.weight, 0.0))


def _own(lattice: "_Lattice", own: Events, day: float) -> Iterator[tuple[str, FloatArray]]:
    for half_life, reach in itertools.product(HALF_LIVES, (0.0, *REACHES)):
        weight = own.weight * 0.5 ** ((day - own.day) / half_life)
        if weight.sum() > 0:
            name = f"smooth {reach:g}" if reach else "repeat"
            yield f"{name} {half_life:g}", lattice.smoothed(own, weight, reach)


class _Lattice:
    """Smoothing on the ground's lattice that keeps all mass inside."""

    def __init__(self, ground: Ground) -> None:
        self.rows, self.cols = ground.rows, ground.cols
        self.cells = len(ground.rows)
        self.shape = (int(ground.rows.max()) + 1, int(ground.cols.max()) + 1)
        self.number = np.full(self.shape, -1)
        self.number[ground.rows, ground.cols] = np.arange(self.cells)
        self.inside = {1: self.number >= 0, FINE: np.kron(self.number >= 0, np.ones((FINE, FINE))) > 0}
        self._mass: dict[tuple[int, float], FloatArray] = {}

    def check(self, events: Events) -> None:
        """Refuse events outside the cells or without a time."""
        rows, cols = np.floor(events.row).astype(int), np.floor(events.col).astype(int)
        on = (rows >= 0) & (rows < self.shape[0]) & (cols >= 0) & (cols < self.shape[1])
        here = on & (self.number[np.where(on, rows, 0), np.where(on, cols, 0)] >= 0)
        if not here.all() or not np.isfinite(events.day).all():
            raise HotspotError(
                N_("Every event of a forecast lies in one of its cells, at a known time."),
                N_("{outside} outside, {timeless} without a time"),
                N_("leave them out, and say so"),
                outside=int((~here).sum()),
                timeless=int((~np.isfinite(events.day)).sum()),
            )

    def cell_of(self, events: Events) -> IntArray:
        """Return the cell each event lies in."""
        return np.asarray(self.number[events.row.astype(int), events.col.astype(int)])

    def smoothed(self, events: Events, weight: FloatArray, reach: float) -> FloatArray:
        """Spread each event by a Gaussian, scaled so that it loses nothing over the edge; shape (cells,)."""
        parts = FINE if 0 < reach < _COARSE_FROM else 1
        shape = (self.shape[0] * parts, self.shape[1] * parts)
        at = np.ravel_multi_index(((events.row * parts).astype(int), (events.col * parts).astype(int)), shape)
        raster: FloatArray = np.bincount(at, weight, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
        if reach:
            raster = _blurred(raster / self._edge(parts, reach), reach * parts) * self.inside[parts]
        if parts > 1:
            raster = raster.reshape(self.shape[0], parts, self.shape[1], parts).sum(axis=(1, 3))
        return np.asarray(raster[self.rows, self.cols])

    def _edge(self, parts: int, reach: float) -> FloatArray:
        """Share of a Gaussian around each pixel that lies inside; 1 where nothing can be."""
        if (parts, reach) not in self._mass:
            inside = self.inside[parts]
            mass = _blurred(inside.astype(np.float64), reach * parts)
            self._mass[parts, reach] = np.where(inside, mass, 1.0)
        return self._mass[parts, reach]


def _blurred(raster: FloatArray, sigma: float) -> FloatArray:
    return np.asarray(gaussian_filter(raster, sigma, mode="constant", truncate=_TRUNCATE), dtype=np.float64)
