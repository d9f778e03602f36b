"""Relative risk: where one kind of incident makes up more of all than elsewhere, and whether chance explains it."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import HotspotError
from hotspot.stats.adaptive_density import Frame, adaptive_grid
from hotspot.stats.kde import edge_mass, kde_grid
from hotspot.stats.risk_cells import Compared, compare, highest
from hotspot.stats.significance import ALTERNATIVE

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

LEAST_SHARE = 0.01  # below this share of its highest value a density is too low to divide by (METHODS 6.6)


class RelativeRisk(NamedTuple):
    """A surface of log ratios with what chance alone would do.

    ``log_ratio`` is 0 where cases lie as controls do; ``error`` its standard error under that hypothesis;
    ``pvalue`` two-sided. All of the lattice's shape, NaN outside the place and where either density is too low.
    """

    log_ratio: FloatArray
    error: FloatArray
    pvalue: FloatArray

    @property
    def alternative(self) -> str:
        """Alternative of every p: two-sided."""
        return ALTERNATIVE

    @property
    def tests(self) -> int:
        """Cells tested; p is not corrected for them."""
        return int(np.isfinite(self.pvalue).sum())


def relative_risk(
    points_xy: ArrayLike, cases: ArrayLike, controls: ArrayLike, frame: Frame, sigma_m: float
) -> RelativeRisk:
    """Where do cases make up more of all incidents than they do on average, and is it more than chance?

    Parameters
    ----------
    points_xy
        Incidents, cases and controls together, shape (incidents, 2). [m]
    cases, controls
        How much each incident counts as a case and as a control; 1 and 0, or shares.
    frame
        The lattice and the place.
    sigma_m
        Sigma of the Gaussian of both densities. [m]

    Returns
    -------
    RelativeRisk
        Log ratio of the two densities, each of integral 1, corrected at the edge; NaN where the cases or the controls
        are below a hundredth of their highest density.

    Raises
    ------
    HotspotError
        If a coordinate, a weight or the bandwidth is impossible, or if there are no cases or no controls.

    Notes
    -----
    ``rho = log f - log g`` with one bandwidth, so that a lone cloud's shape cancels. Where both lie alike,
    ``var rho = R (1/n1 + 1/n2) / (h**2 p)`` with p the density of all and ``R = q(h / sqrt 2) / (4 pi q(h)**2)``, q the
    share of a kernel inside: 1 / (4 pi) away from the edge. The number of cases is an effective one,
    ``(sum w)**2 / sum w**2``. Pixels next to each other share their incidents: read areas, not pixels, and correct for
    the number of places looked at. Incidents that come in series on one address make p too small.

    How it misleads: a ratio says nothing of how many: where hardly anything happens a few more after dark are a
    high one.

    References
    ----------
    Kelsall and Diggle (1995) https://doi.org/10.2307/3318678; Hazelton and Davies (2009)
    https://doi.org/10.1002/bimj.200810495
    """
    points, case, control = _checked(points_xy, cases, controls)
    mask = frame.mask
    narrow, wide = (edge_mass(mask, frame.cell_m, h, "gaussian") for h in (sigma_m / math.sqrt(2.0), sigma_m))
    f, g = (_density(points, w, frame, sigma_m) for w in (case, control))
    least_f, least_g = (LEAST_SHARE * highest(each, wide, mask) for each in (f, g))
    of = Compared(*_sums(case), *_sums(control), sigma_m, (least_f, least_g))
    return RelativeRisk(*compare((f, g), (narrow, wide), mask, of))


def relabelled_risk(  # noqa: PLR0913 - what a comparison is made of
    points_xy: ArrayLike,
    cases: ArrayLike,
    controls: ArrayLike,
    frame: Frame,
    sigma_m: float,
    *,
    rng: np.random.Generator,
    draws: int = 99,
    pilot_m: float = 0.0,
) -> RelativeRisk:
    """How often would labels dealt out by chance give as strong a ratio at each place?

    Parameters
    ----------
    points_xy, cases, controls, frame, sigma_m
        As for `relative_risk`.
    rng
        Where chance comes from.
    draws
        How often labels are dealt out anew.
    pilot_m
        Sigma of the pilots of adaptive densities, one of the cases and one of the controls, without correction at the
        edge; 0 takes fixed densities. [m]

    Returns
    -------
    RelativeRisk
        As `relative_risk`; ``pvalue`` is ``2 min(1 + above, 1 + below) / (draws + 1)``, at most 1, and ``error`` the
        standard deviation over the draws.

    Raises
    ------
    HotspotError
        As `relative_risk`, or without a draw.

    Notes
    -----
    p = (1 + draws with |log f - log g| at least as large) / (draws + 1).
    Labels move between incidents, places stay: nothing is assumed about how incidents lie. The order of rows is taken
    away first, so that a seed gives the same answer however the incidents are sorted.

    How it misleads: incidents in series on one address are dealt out one by one, though they came together: p is
    too small there.

    References
    ----------
    Kelsall and Diggle (1995) https://doi.org/10.1002/sim.4780142106; Davies and Hazelton (2010)
    https://doi.org/10.1002/sim.3995
    """
    if draws < 1:
        raise HotspotError("chance is judged from at least one draw.", "{draws}", "give draws = 99", draws=draws)
    points, case, control = _checked(points_xy, cases, controls)
    order = np.lexsort((control, case, points[:, 0], points[:, 1]))
    points, case, control = points[order], case[order], control[order]
    make = _adaptive(pilot_m) if pilot_m else _fixed
    wide = np.ones(frame.shape) if pilot_m else edge_mass(frame.mask, frame.cell_m, sigma_m, "gaussian")
    how = sigma_m, wide
    seen = _log_ratio(*(make(points, w, frame, how) for w in (case, control)))
    above, below = np.zeros(frame.shape), np.zeros(frame.shape)
    known, total, squares = np.zeros(frame.shape), np.zeros(frame.shape), np.zeros(frame.shape)
    for _ in range(draws):
        dealt = rng.permutation(len(points))
        drawn = _log_ratio(*(make(points, w[dealt], frame, how) for w in (case, control)))
        said = np.isfinite(drawn)
        above += said & (drawn >= seen)
        below += said & (drawn <= seen)
        known += said
        total[said] += drawn[said]
        squares[said] += drawn[said] ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.maximum(squares / known - (total / known) ** 2, 0.0))
    pvalue = np.minimum(2.0 * (1.0 + np.minimum(above, below)) / (known + 1.0), 1.0)
    blank = np.isnan(seen) | (known == 0)
    return RelativeRisk(seen, np.where(blank, np.nan, spread), np.where(blank, np.nan, pvalue))


def _checked(points_xy: ArrayLike, cases: ArrayLike, controls: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return incidents with both weights, refusing a comparison with nothing."""
    points = np.asarray(points_xy, dtype=np.float64).reshape(-1, 2)
    case, control = (np.asarray(each, dtype=np.float64).ravel() for each in (cases, controls))
    if not (len(points) == case.size == control.size and case.sum() > 0 and control.sum() > 0):
        raise HotspotError(
            "a relative risk compares some cases with some controls.",
            "{cases} cases and {controls} controls among {n} incidents",
            "give each incident a weight as a case and as a control",
            cases=float(case.sum()), controls=float(control.sum()), n=len(points),
        )  # fmt: skip
    return points, case, control


def _density(points: FloatArray, w: FloatArray, frame: Frame, sigma_m: float) -> FloatArray:
    """Return the density of those with a weight, not corrected at the edge; it knows no order of rows."""
    some = w != 0
    lattice = frame.origin, frame.cell_m, frame.shape
    return kde_grid(points[some], w[some], *lattice, sigma_m, "gaussian", forced=True).intensity


def _fixed(points: FloatArray, w: FloatArray, frame: Frame, how: tuple[float, FloatArray]) -> FloatArray:
    """Return a density that integrates to about 1 over the place, divided by the share of each kernel inside."""
    found = _density(points, w, frame, how[0]) / (how[1] * w.sum())
    return np.where(frame.mask, found, np.nan)


def _adaptive(pilot_m: float) -> Callable[[FloatArray, FloatArray, Frame, tuple[float, FloatArray]], FloatArray]:
    """Return how an adaptive density is made, with a pilot of its own."""

    def make(points: FloatArray, w: FloatArray, frame: Frame, how: tuple[float, FloatArray]) -> FloatArray:
        some = w > 0
        found = adaptive_grid(points[some], frame, how[0], pilot_m, weights=w[some])
        return np.asarray(found.intensity / w.sum())

    return make


def _log_ratio(f: FloatArray, g: FloatArray) -> FloatArray:
    """Return log f / g where both are high enough."""
    enough = (f > LEAST_SHARE * np.nanmax(f)) & (g > LEAST_SHARE * np.nanmax(g))
    out = np.full(f.shape, np.nan)
    out[enough] = np.log(f[enough] / g[enough])
    return out


def _sums(w: FloatArray) -> tuple[float, float]:
    """Sum of weights, and how many whole incidents carry as much; added in an order of their own."""
    ordered = np.sort(w)
    total = float(ordered.sum())
    return total, total**2 / float(np.square(ordered).sum())
