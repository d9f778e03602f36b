"""The measure of relative risk after dark: where incidents happen in the dark more than in daylight, beyond chance."""

import math

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.counting import total_by
from hotspot.errors import N_, Told
from hotspot.measures.density import membership
from hotspot.measures.scene import Scene
from hotspot.measures.values import Measured
from hotspot.stats.adaptive_density import Frame
from hotspot.stats.bandwidth import CLAMPED_M, oversmoothing
from hotspot.stats.kde import effective_count, kde_grid
from hotspot.stats.relative_risk import relative_risk
from hotspot.stats.significance import benjamini_hochberg
from hotspot.stats.verdicts import NOT_SIGNIFICANT, TOO_FEW

MORE_DARK, FEWER_DARK = "more after dark", "fewer after dark"
LEAST_BEHIND = 10.0  # incidents and addresses within two sigma of a cell below which nothing is said of it
_NORMAL_95 = 1.959964  # two-sided 95 % of the normal distribution

Floats = npt.NDArray[np.float64]


def dark_ratio(
    scene: Scene, *, sigma_m: float = 0.0, level: float = 0.05, categories: tuple[str, ...] = ()
) -> Measured:
    """Where do incidents happen in the dark more, or less, than those in daylight would lead one to expect?

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    sigma_m
        Gaussian sigma of both densities; 0 takes the oversmoothing rule for as many incidents as there effectively
        are, within 75 to 400 m. [m]
    level
        Share of false alarms accepted among the cells flagged.
    categories
        Codes that the layer is about; empty takes the recipe's.

    Returns
    -------
    Measured
        Per cell: ``value`` and ``ratio`` (the density of incidents in the dark over that in daylight, each taken as a
        share of its own total, at the cell's centre; 1 is as in the whole place), ``lower`` and ``upper`` (95 %),
        ``n`` (incidents in the dark or in daylight), ``pvalue``, ``qvalue`` and ``klass`` ("more after dark", "fewer
        after dark", "not significant", "too few data"). NaN where fewer than ten incidents or addresses lie within
        two sigma, or where there are hardly any of one kind.

    Notes
    -----
    Each incident counts in the dark and in daylight by its share of time there; dusk counts in neither. Kelsall and
    Diggle's log ratio with Hazelton and Davies' asymptotic error, Benjamini and Hochberg's correction over the cells.
    An incident known only to the day counts in both and draws every ratio towards 1. Series on one address make p too
    small.

    References
    ----------
    Kelsall and Diggle (1995), doi:10.2307/3318678; Hazelton and Davies (2009), doi:10.1002/bimj.200810495.
    """
    cells = scene.grid.frame
    dark, day = (membership(scene, light, tuple(categories)) for light in ("dark", "day"))
    rows = scene.incidents[dark + day > 0]
    a, b = (each[dark + day > 0].to_numpy(dtype=float) for each in (dark, day))
    n = total_by(scene.incidents["cell_id"], dark + day, cells.index)
    facts = {"n": float(n.sum()), "level": level}
    frame = pd.DataFrame(
        {"n": n, **dict.fromkeys(("value", "ratio", "lower", "upper", "pvalue", "qvalue"), np.nan), "klass": TOO_FEW},
        index=cells.index,
    ).astype({"klass": object})
    xy = np.column_stack([rows.geometry.x, rows.geometry.y])
    sigma = sigma_m or _sigma(xy, a, b)
    if not math.isfinite(sigma) or min(a.sum(), b.sum()) < LEAST_BEHIND:
        few = Told(N_("Too few incidents in the dark or in daylight to compare them."))
        return Measured(frame=frame, notes=(few,), facts=facts)
    there = (cells["row"].to_numpy(), cells["col"].to_numpy())
    lattice = scene.grid.lattice(scene.study.cell_m)
    mask = np.zeros(lattice.shape, dtype=np.bool_)
    mask[there] = True
    place = Frame((lattice.west, lattice.north), lattice.pixel_m, lattice.shape, mask)
    found = relative_risk(xy, a, b, place, sigma)
    carried = _carried(xy, a + b, place, sigma)[there] >= LEAST_BEHIND
    rho, error, p = (np.where(carried, each[there], np.nan) for each in found)
    q = benjamini_hochberg(p)
    frame = frame.assign(
        value=np.exp(rho), ratio=np.exp(rho), lower=np.exp(rho - _NORMAL_95 * error),
        upper=np.exp(rho + _NORMAL_95 * error), pvalue=p, qvalue=q, klass=_classes(rho, q, level),
    )  # fmt: skip
    template = N_("Incidents in the dark are compared with those in daylight within about {metres} m.")
    said = Told(template, {"metres": round(2 * sigma)})
    return Measured(frame=frame, notes=(said,), facts={**facts, "sigma_m": sigma, "tests": float(np.isfinite(p).sum())})


def _sigma(xy: Floats, dark: Floats, day: Floats) -> float:
    """Return the oversmoothing bandwidth of both, for the geometric mean of their numbers (METHODS 6.6)."""
    n = math.sqrt(float(dark.sum()) * float(day.sum()))
    asked = oversmoothing(xy) * (len(xy) / n) ** (1 / 6) if n > 0 else math.nan
    return min(max(asked, CLAMPED_M[0]), CLAMPED_M[1]) if math.isfinite(asked) else math.nan


def _carried(xy: Floats, w: Floats, place: Frame, sigma: float) -> Floats:
    """Return how many incidents, or addresses if these are fewer, stand behind each cell."""
    frame = place.origin, place.cell_m, place.shape
    incidents = effective_count(xy, w, *frame, sigma, "gaussian", place.inside)
    addresses = np.unique(np.round(xy), axis=0)
    reach = 2.0 * sigma
    found = kde_grid(addresses, None, *frame, reach, "uniform", place.inside, forced=True).intensity
    return np.minimum(incidents, np.round(found * math.pi * reach**2))


def _classes(rho: Floats, q: Floats, level: float) -> npt.NDArray[np.object_]:
    """Name each cell."""
    flagged = np.where(rho > 0, MORE_DARK, FEWER_DARK)
    return np.where(np.isnan(q), TOO_FEW, np.where(q <= level, flagged, NOT_SIGNIFICANT)).astype(object)
