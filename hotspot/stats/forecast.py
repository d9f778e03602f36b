"""Where incidents are expected next: a mixture that chooses for itself between repeating places and smoothing."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from hotspot.errors import N_, HotspotError
from hotspot.stats.mixture import mixture_weights

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FOLD_DAYS = 30.0
FEWEST, MOST, ENOUGH = 3, 12, 200.0  # assumption: held-out stretches, and the events at which they are enough
HALF_LIVES = (np.inf, 90.0, 30.0)  # days; these, the reaches and the shapes are candidates, the data weigh them
REACHES = (0.5, 1.0, 2.0, 4.0, 8.0)  # Gaussian sigma in cells
OF_OTHERS = (0.0, 1.0, 2.0, 4.0, 8.0)
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
    events: Mapping[str, Events], ground: Ground, at: float, *, fold_days: float = FOLD_DAYS
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
    kinds' events likewise, an even spread, and two kinds of gamma-Poisson estimate ``(n + k) / (E + k) * mu``. One
    holds each cell's count n against the expectation E under the smooth candidates mu, drawn to them the more the
    larger the shape k. The other gives a cell its part of this kind's events nearby (mu, smoothed by one to eight
    cells) as the other kinds' events lie: n is their count in the cell, E the same smoothing of them.

    The weights are those that would have foretold the held-out stretches best (largest likelihood, each forecast
    from the days before it alone): stacking. A candidate that never helps gets no weight. Stretches are added,
    latest first, until 200 events are held out: at least three, at most twelve, and after the third none in the first
    half of the days: a rare kind's weights would otherwise be chosen by a handful of events.

    How it misleads: it tells where more will be *recorded* if nothing changes, not where more happens.

    References
    ----------
    Breiman (1996) https://doi.org/10.1007/BF00117832; Yao et al. (2018) https://doi.org/10.1214/17-BA1091;
    Clayton and Kaldor (1987) https://doi.org/10.2307/2532003
    """
    lattice = _Lattice(ground)
    for each in events.values():
        lattice.check(each)
    known = {kind: each.until(at) for kind, each in events.items()}
    first = min((float(each.day.min()) for each in known.values() if len(each.day)), default=at)
    possible = _possible(first, at, fold_days)
    every: dict[float, FloatArray] = {}
    found = {}
    for kind, own in known.items():
        total = float(own.weight.sum())
        held = _held_out(own, possible, fold_days)
        told = float(sum(each.weight.sum() for each in held.values()))
        if total < LEAST_EVENTS or told < LEAST_HELD_OUT:
            found[kind] = Forecast(np.full(len(ground.rows), np.nan), {}, total, told)
            continue
        for day in [at, *held]:
            if day not in every:
                every[day] = _still(lattice, _joined([each.until(day) for each in known.values()]))
        now, *then = (_candidates(lattice, own.until(day), day, every[day]) for day in [at, *held])
        found[kind] = _stacked(lattice, now, list(zip(then, held.values(), strict=True)), total)
    return found


def _possible(first: float, at: float, length: float) -> list[float]:
    """First days of the stretches that may be held out; after the third none in the first half of the days."""
    days = [at - length * (fold + 1) for fold in range(MOST)]
    return [day for fold, day in enumerate(days) if fold < FEWEST or day - first >= (at - first) / 2]


def _held_out(own: Events, days: Sequence[float], length: float) -> dict[float, Events]:
    """Stretches to weigh the candidates by, latest first: until they hold enough."""
    found: dict[float, Events] = {}
    for day in days:
        if len(found) >= FEWEST and sum(each.weight.sum() for each in found.values()) >= ENOUGH:
            break
        if own.until(day).weight.sum() > 0:
            found[day] = own.within(day, day + length)
    return found


def _joined(parts: Sequence[Events]) -> Events:
    return Events(*(np.concatenate(each) for each in zip(*parts, strict=True)))


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


def _stacked(lattice: "_Lattice", now: _Candidates, sets: _Folds, events: float) -> Forecast:
    """Weigh the candidates by what was held out, first the smooth ones alone, then all."""
    later = [np.bincount(lattice.cell_of(held), held.weight, minlength=lattice.cells) for _each, held in sets]
    at = [np.flatnonzero(counts) for counts in later]
    weight = np.concatenate([counts[cell] for counts, cell in zip(later, at, strict=True)])
    smooth = now.smooth
    hit = np.hstack([each.shares[np.ix_(smooth, cell)] for (each, _held), cell in zip(sets, at, strict=True)])
    base = mixture_weights(hit, weight)
    every = [np.vstack([each.shares, _repeated(base @ each.shares[smooth], each.counts)]) for each, _held in sets]
    weights = mixture_weights(np.hstack([shares[:, cell] for shares, cell in zip(every, at, strict=True)]), weight)
    share = weights @ np.vstack([now.shares, _repeated(base @ now.shares[smooth], now.counts)])
    names = (*now.names, *(f"gamma-Poisson {shape:g}" for shape in SHAPES))
    return Forecast(share / share.sum(), dict(zip(names, weights.tolist(), strict=True)), events, float(weight.sum()))


def _repeated(mean: FloatArray, counts: FloatArray) -> FloatArray:
    """Gamma-Poisson estimates of a kind's own cells around a mean, one row per shape, each adding to 1."""
    return _shrunk(mean, mean * counts.sum(), counts)


def _shrunk(mean: FloatArray, expected: FloatArray, counts: FloatArray) -> FloatArray:
    """Raise or lower a mean by how counts compare with what was expected, one row per shape, each adding to 1."""
    shape = np.array(SHAPES)[:, None]
    found = mean * (counts + shape) / (expected + shape)
    return np.asarray(found / found.sum(axis=1, keepdims=True), dtype=np.float64)


def _still(lattice: "_Lattice", events: Events) -> FloatArray:
    """All events alike, as other kinds look at them: shape (reaches, cells), unscaled."""
    return np.vstack([lattice.smoothed(events, events.weight[None], reach) for reach in OF_OTHERS])


def _candidates(lattice: "_Lattice", own: Events, day: float, every: FloatArray) -> _Candidates:
    """Work out every candidate from what was known before a day."""
    still = _still(lattice, own)
    others = np.maximum(every - still, 0)
    rows = [*_own(lattice, own, day, still), *_others(still, others), ("even", np.ones(lattice.cells))]
    shares = np.array([row for _name, row in rows])
    shares /= shares.sum(axis=1, keepdims=True)
    return _Candidates(tuple(name for name, _row in rows), shares, still[0])


def _own(lattice: "_Lattice", own: Events, day: float, still: FloatArray) -> Iterator[tuple[str, FloatArray]]:
    """The kind's own events, repeated or smoothed, all alike or the latest counting most."""
    weights = own.weight * 0.5 ** ((day - own.day) / np.array(HALF_LIVES)[:, None])
    for reach in (0.0, *REACHES):
        at = OF_OTHERS.index(reach) if reach in OF_OTHERS else None  # all alike: known already
        late = lattice.smoothed(own, weights if at is None else weights[1:], reach)
        name = f"smooth {reach:g}" if reach else "repeat"
        for half_life, row in zip(HALF_LIVES, late if at is None else [still[at], *late], strict=True):
            if row.sum() > 0:
                yield f"{name} {half_life:g}", row


def _others(own: FloatArray, others: FloatArray) -> Iterator[tuple[str, FloatArray]]:
    """The other kinds' events, and this kind's local share of them laid where they are."""
    if not others[0].sum() > 0:
        return
    for reach, mean, field in zip(OF_OTHERS, own, others, strict=True):
        yield f"others {reach:g}", field
        if reach:
            for shape, row in zip(SHAPES, _shrunk(mean, field, others[0]), strict=True):
                yield f"others' places {reach:g} {shape:g}", row


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

    def smoothed(self, events: Events, weights: FloatArray, reach: float) -> FloatArray:
        """Spread each event by a Gaussian, scaled so that it loses nothing over the edge.

        Weights of shape (ways, events) give shape (ways, cells).
        """
        parts = FINE if 0 < reach < _COARSE_FROM else 1
        shape = (self.shape[0] * parts, self.shape[1] * parts)
        at = np.ravel_multi_index(((events.row * parts).astype(int), (events.col * parts).astype(int)), shape)
        flat = [np.bincount(at, weight, minlength=shape[0] * shape[1]) for weight in weights]
        raster: FloatArray = np.array(flat, dtype=np.float64).reshape(len(weights), *shape)
        if reach:
            raster = _blurred(raster / self._edge(parts, reach), reach * parts) * self.inside[parts]
        if parts > 1:
            corners = itertools.product(range(parts), repeat=2)
            raster = np.sum([raster[:, row::parts, col::parts] for row, col in corners], axis=0)
        return np.asarray(raster[:, self.rows, self.cols])

    def _edge(self, parts: int, reach: float) -> FloatArray:
        """Share of a Gaussian around each pixel that lies inside; 1 where nothing can be."""
        if (parts, reach) not in self._mass:
            inside = self.inside[parts]
            mass = _blurred(inside.astype(np.float64), reach * parts)
            self._mass[parts, reach] = np.where(inside, mass, 1.0)
        return self._mass[parts, reach]


def _blurred(raster: FloatArray, sigma: float) -> FloatArray:
    spread = gaussian_filter(raster, sigma, mode="constant", truncate=_TRUNCATE, axes=(-2, -1))
    return np.asarray(spread, dtype=np.float64)
