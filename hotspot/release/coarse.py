"""Numbers no finer than they may be told: the last digits of an exact one can give away what is hidden beside it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.errors import N_, Told
from hotspot.measures import Surface
from hotspot.release.contract import Release

DIGITS = 9
"""Far above what a measurement means, far below the digits in which sums made in another order differ (sixteenth)."""
_STEPS = np.array([1.0, 2.0, 5.0, 10.0])
_PREFERRED = np.array([1.0, 1.25, 1.6, 2.0, 2.5, 3.15, 4.0, 5.0, 6.3, 8.0, 10.0])  # ISO 3, series R10
_SHARE = 0.05  # half of what one of ten answers, the fewest behind a pixel, moves a share by (assumption)
_CHANCES = ("pvalue", "qvalue")
_LEAST = 1e-200
_SMOOTHED = ("forecast", "dark_ratio", "near_repeats", "path_density")  # made from farther away than the cells around
_DENSITIES = ("value", "ratio", "lower", "upper", "expected")
SAID = N_(
    "Chances (p and q) are told rounded up to 1, 2 or 5 of their first digit, and densities in ten steps from 1 to 10: "
    "finer ones would tell of single incidents."
)
Numbers = npt.NDArray[np.float64]


def coarse_chances(chances: npt.ArrayLike) -> Numbers:
    """Return probabilities rounded up to 1, 2 or 5 of their first digit.

    Parameters
    ----------
    chances : array
        Between 0 and 1; NaN means "cannot say".

    Returns
    -------
    array
        Never below the probability, so that one above a level stays above 0.01, 0.05 or 0.1 and one below stays
        below. A simulated probability is a share of draws, and its digits say which draws were made.
    """
    return _stepped(np.asarray(chances, dtype=float), _STEPS, up=True)


def coarse_densities(values: npt.ArrayLike) -> Numbers:
    """Return positive numbers as the nearest of ten steps from 1 to 10, a quarter apart.

    Parameters
    ----------
    values : array
        Densities or ratios; NaN means "cannot say", and zero stays zero.

    Returns
    -------
    array
        Within an eighth of the number.

    References
    ----------
    ISO 3:1973, Preferred numbers, series R10.
    """
    return _stepped(np.asarray(values, dtype=float), _PREFERRED, up=False)


def _stepped(values: Numbers, steps: Numbers, *, up: bool) -> Numbers:
    size = np.abs(values)
    known = np.isfinite(size) & (size > _LEAST)
    safe = np.where(known, size, 1.0)
    tens = 10.0 ** np.floor(np.log10(safe))
    lead = np.clip(safe / tens, 1.0, 10.0)
    if up:
        at = np.searchsorted(steps, lead * (1 - 10.0**-DIGITS))
    else:
        at = np.searchsorted(np.sqrt(steps[:-1] * steps[1:]), lead)
    return np.where(known, np.sign(values) * rounded(steps[np.minimum(at, len(steps) - 1)] * tens), values)


def rounded(values: npt.ArrayLike) -> Numbers:
    """Return numbers to nine digits.

    Parameters
    ----------
    values : array
        Any numbers.

    Returns
    -------
    array
        Whole numbers below a thousand million are as they were.
    """
    exact = np.asarray(values, dtype=float)
    known = np.isfinite(exact) & (np.abs(exact) > _LEAST) & (exact != np.rint(exact))
    safe = np.where(known, exact, 1.0)
    scale = 10.0 ** (DIGITS - 1 - np.floor(np.log10(np.abs(safe))))
    return np.where(known, np.rint(safe * scale) / scale, exact)


def coarse_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its probabilities in steps and its other numbers to nine digits.

    Parameters
    ----------
    table
        As an audience may see it otherwise.

    Returns
    -------
    DataFrame
        The same rows and columns.
    """
    shown = table.copy()
    for name in shown.columns:
        if name == "geometry":
            continue
        if pd.api.types.is_float_dtype(shown[name]):
            coarse = coarse_chances if str(name).endswith(_CHANCES) else rounded
            shown[name] = coarse(shown[name].to_numpy(dtype=float, na_value=np.nan))
        elif shown[name].dtype == object:
            shown[name] = [_coarse(each) for each in shown[name]]
    return shown


def coarse_surface(surface: Surface, *, share: bool) -> Surface:
    """Return a surface in steps.

    Parameters
    ----------
    surface
        Made from incidents or answers.
    share
        Whether its values are shares, told to the nearest twentieth.

    Returns
    -------
    Surface
        The same pixels.

    Notes
    -----
    A kernel surface is a sum of known shapes, so its exact values can be taken apart again into the single incidents
    (deconvolution), also those within a pixel's reach that are hidden elsewhere.
    """
    if share:
        return replace(surface, values=rounded(np.rint(surface.values / _SHARE) * _SHARE), error=None)
    return replace(surface, values=coarse_densities(surface.values), error=None)


def coarsened(release: Release) -> Release:
    """Return a release with no number finer than may be told.

    Parameters
    ----------
    release
        As an audience under the rule may see it otherwise; its surfaces are in steps already.

    Returns
    -------
    Release
        Counts are as they were. What the ledger remembers is exact.
    """
    choice, hotspots = release.choice, gpd.GeoDataFrame(coarse_table(release.hotspots))
    layers = {
        key: replace(
            shown,
            frame=None if shown.frame is None else _layer_table(shown.frame, shown.spec.measure),
            notes=_coarse(shown.notes),
            facts=_coarse(shown.facts),
        )
        for key, shown in release.layers.items()
    }
    return replace(
        release,
        layers=layers,
        geometry={**release.geometry, "hotspots": hotspots},
        hotspots=hotspots,
        places=coarse_table(release.places),
        priorities=coarse_table(release.priorities),
        evaluations=coarse_table(release.evaluations),
        counts=coarse_table(release.counts),
        coverage=coarse_table(release.coverage),
        choice=replace(
            choice,
            chosen=coarse_table(choice.chosen),
            candidates=coarse_table(choice.candidates),
            pilots=coarse_table(choice.pilots),
            frontier=coarse_table(choice.frontier),
        ),
        findings=(*_coarse(release.findings), *([Told(SAID)] if _in_steps(release) else [])),
    )


def _layer_table(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    shown = coarse_table(frame)
    for name in _DENSITIES if measure in _SMOOTHED else ():
        if name in shown:
            shown[name] = coarse_densities(shown[name].to_numpy(dtype=float))
    return shown


def _in_steps(release: Release) -> bool:
    """Say whether the reader meets anything that is told in steps."""
    tables = [release.hotspots, *(each.frame for each in release.layers.values() if each.frame is not None)]
    smoothed = any(each.surface is not None or each.spec.measure in _SMOOTHED for each in release.layers.values())
    return smoothed or any(len(table) and str(name).endswith(_CHANCES) for table in tables for name in table)


def _coarse(value: Any) -> Any:  # noqa: ANN401 - any cell of a table
    if isinstance(value, float):
        return float(rounded(value))
    if isinstance(value, Told):
        return Told(value.template, _coarse(value.values))
    if isinstance(value, Mapping):
        return {name: _named(str(name), each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_coarse(each) for each in value)
    return value


def _named(name: str, value: Any) -> Any:  # noqa: ANN401 - as above
    if name.endswith(_CHANCES) and isinstance(value, float):
        return float(coarse_chances(value))
    return _coarse(value)
