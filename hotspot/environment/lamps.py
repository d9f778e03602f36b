"""A lamp inventory made ready for reckoning light: what each lamp gives, how high, and when."""

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspot.errors import N_, HotspotError, Told

MAINTENANCE_FACTOR = 0.80  # LED, lamp and luminaire depreciation together (METHODS 2.2, from memory)
DEFAULT_HEIGHT_M = 5.0  # the middle of 4 to 6 m (METHODS 16, assumption)
LOWEST_HEIGHT_M = 2.0  # below this the point-source formula runs away
LUMENS_PER_WATT = {  # METHODS 2.3, from memory
    "led": 110.0,
    "sodium": 90.0,
    "metal_halide": 80.0,
    "fluorescent": 60.0,
    "mercury": 45.0,
}
PART_NIGHT_OFF = (0, 5)  # local hours in which part-night lamps are off (assumption)
DIMMED_HOURS = (23, 5)  # local hours in which dimmed lamps give less (assumption)
DIMMED_TO = 0.5  # share of full output while dimmed (assumption)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LightPoints:
    """Lamps ready for reckoning: numbers only, one entry per lamp with a position.

    Attributes
    ----------
    lamp_id : array, shape (lamps,)
        The inventory's own identifiers.
    x, y : array, shape (lamps,)
        Position. [m]
    height_m : array, shape (lamps,)
        Light point above the ground, at least 2. [m]
    flux_lm : array, shape (lamps,)
        Maintained output in the state asked for; 0 when out, NaN when it cannot be said. [lm]
    findings : tuple of Told
        What had to be assumed, and for how many lamps.
    """

    lamp_id: NDArray[np.object_]
    x: Floats
    y: Floats
    height_m: Floats
    flux_lm: Floats
    findings: tuple[Told, ...] = field(default=())

    def __len__(self) -> int:
        """Return the number of lamps."""
        return len(self.x)


def light_points(
    lamps: gpd.GeoDataFrame,
    output: pd.Series | None = None,
    *,
    maintenance: float = MAINTENANCE_FACTOR,
    default_height_m: float = DEFAULT_HEIGHT_M,
    assumed_flux_lm: float | None = None,
) -> LightPoints:
    """Make a lamp inventory ready for reckoning light, telling every number that had to be assumed.

    Parameters
    ----------
    lamps
        The inventory, metric coordinates: ``lamp_id, height_m, flux_lm, power_w, source_type, geometry``.
    output
        Share of full output per lamp on the index of ``lamps``, as from `lamp_output`; without it all are on.
    maintenance
        Share of the new lamp's light that is left between two cleanings, 0 to 1.
    default_height_m
        Height where the inventory has none. [m]
    assumed_flux_lm
        Output where neither lumens nor watts with a known source are given; without it such a lamp makes its
        surroundings unknown, never dark. [lm]

    Returns
    -------
    LightPoints
        Lamps with a position, ordered by place so that the row order of the inventory never matters.

    Raises
    ------
    HotspotError
        When the maintenance factor or the default height is impossible.

    Notes
    -----
    Lumens missing are taken as watts times the source's usual efficacy (from memory, not from a data sheet).
    Several heads on one mast are several rows at one position and add up.
    """
    _require_settings(maintenance, default_height_m)
    placed = lamps[~(lamps.geometry.isna() | lamps.geometry.is_empty)]
    height, height_told = _height(placed, default_height_m)
    flux, flux_told = _flux(placed, assumed_flux_lm)
    state = np.ones(len(placed)) if output is None else output.reindex(placed.index).to_numpy(np.float64)
    given = np.where(state == 0.0, 0.0, flux * maintenance * state)
    place = shapely.get_coordinates(shapely.centroid(placed.geometry.to_numpy()))
    lost = len(lamps) - len(placed)
    told = (
        [Told(N_("{n} {n:lamp has|lamps have} no position and {n:gives|give} no light here."), {"n": lost})]
        if lost
        else []
    )
    identifiers = placed["lamp_id"].to_numpy(dtype=object)
    order = np.lexsort((identifiers.astype(str), given, height, place[:, 0], place[:, 1]))  # south to north
    return LightPoints(
        identifiers[order],
        place[order, 0],
        place[order, 1],
        height[order],
        given[order],
        (*told, *height_told, *flux_told),
    )


def lamp_output(lamps: gpd.GeoDataFrame, at: pd.Timestamp, local_zone: str) -> tuple[pd.Series, tuple[Told, ...]]:
    """How much of its full output each lamp gives at an instant after dark.

    Parameters
    ----------
    lamps
        The inventory with ``out_from, out_to`` (UTC) and ``dimming``.
    at
        The instant, with a time zone.
    local_zone
        Zone of the clocks that dimming follows, for example ``Europe/Copenhagen``.

    Returns
    -------
    tuple of Series and findings
        Share of full output, 0 to 1, on the index of ``lamps``: 0 in an outage (from the first moment up to
        but not at the last; an open end lasts), NaN where a dimming text is not understood and the hour is
        one in which lamps may be dimmed. The findings name what was assumed.

    Raises
    ------
    HotspotError
        When ``at`` has no time zone.

    Notes
    -----
    Part-night lamps are off from 00 to 05 and dimmed lamps give half from 23 to 05 local time (assumptions):
    look at 18-24 and 00-05 separately. Whether lamps are lit at all is the sun's matter, not decided here.
    """
    if at.tzinfo is None:
        raise HotspotError(
            "The state of lamps is asked for at an instant with a time zone.",
            "{at}",
            "Give for example pd.Timestamp('2025-11-15 22:00', tz='Europe/Copenhagen').",
            at=str(at),
        )
    hour = at.tz_convert(local_zone).hour
    regime = lamps["dimming"].fillna("none").astype(str)
    share = pd.Series(1.0, index=lamps.index, name="output")
    share[regime == "part_night"] = 0.0 if _within(hour, PART_NIGHT_OFF) else 1.0
    share[regime == "dimmed"] = DIMMED_TO if _within(hour, DIMMED_HOURS) else 1.0
    strange = ~regime.isin(["none", "part_night", "dimmed"])
    if _within(hour, DIMMED_HOURS):
        share[strange] = np.nan
    share[_out(lamps, at)] = 0.0
    return share, _told_dimming(regime, strange)


def _out(lamps: gpd.GeoDataFrame, at: pd.Timestamp) -> pd.Series:
    """Whether each lamp is out at the instant: from included, to excluded, a missing side is open."""
    begin = pd.to_datetime(lamps["out_from"], utc=True)
    end = pd.to_datetime(lamps["out_to"], utc=True)
    known = begin.notna() | end.notna()
    return known & (begin.isna() | (begin <= at)) & (end.isna() | (end > at))


def _within(hour: int, span: tuple[int, int]) -> bool:
    first, last = span
    return first <= hour < last if first < last else hour >= first or hour < last


def _told_dimming(regime: pd.Series, strange: pd.Series) -> tuple[Told, ...]:
    told = []
    if (regime == "part_night").any():
        values = {
            "n": int((regime == "part_night").sum()),
            "first": PART_NIGHT_OFF[0],
            "last": PART_NIGHT_OFF[1],
        }
        told.append(
            Told(N_("{n} part-night {n:lamp is|lamps are} taken as off from {first} to {last} (assumption)."), values)
        )
    if (regime == "dimmed").any():
        values = {"n": int((regime == "dimmed").sum()), "first": DIMMED_HOURS[0], "last": DIMMED_HOURS[1]}
        sentence = N_(
            "{n} dimmed {n:lamp is|lamps are} taken to give half the light from {first} to {last} (assumption)."
        )
        told.append(Told(sentence, values))
    if strange.any():
        sentence = N_(
            "{n} {n:lamp has|lamps have} a dimming text that is not understood; late at night the light there is "
            "unknown."
        )
        told.append(Told(sentence, {"n": int(strange.sum())}))
    return tuple(told)


def _height(lamps: gpd.GeoDataFrame, default_m: float) -> tuple[Floats, list[Told]]:
    height = lamps["height_m"].to_numpy(np.float64)
    unknown = ~(height > 0.0)
    low = ~unknown & (height < LOWEST_HEIGHT_M)
    told = []
    if unknown.any():
        sentence = N_("{n} {n:lamp has|lamps have} no height; {height_m} m is assumed.")
        told.append(Told(sentence, {"n": int(unknown.sum()), "height_m": default_m}))
    if low.any():
        sentence = N_("{n} {n:lamp is|lamps are} lower than {height_m} m and reckoned at that height.")
        told.append(Told(sentence, {"n": int(low.sum()), "height_m": LOWEST_HEIGHT_M}))
    return np.maximum(np.where(unknown, default_m, height), LOWEST_HEIGHT_M), told


def _flux(lamps: gpd.GeoDataFrame, assumed_lm: float | None) -> tuple[Floats, list[Told]]:
    stated = lamps["flux_lm"].to_numpy(np.float64)
    stated = np.where(stated > 0.0, stated, np.nan)
    watts = lamps["power_w"].to_numpy(np.float64)
    efficacy = lamps["source_type"].map(LUMENS_PER_WATT).to_numpy(np.float64)
    reckoned = np.where(watts > 0.0, watts * efficacy, np.nan)
    flux = np.where(np.isnan(stated), reckoned, stated)
    told = []
    from_watts = np.isnan(stated) & ~np.isnan(reckoned)
    if from_watts.any():
        sentence = N_(
            "{n} {n:lamp has|lamps have} no lumens; watts times the usual lumens per watt are used (figure not "
            "checked)."
        )
        told.append(Told(sentence, {"n": int(from_watts.sum())}))
    unknown = np.isnan(flux)
    if unknown.any() and assumed_lm is None:
        sentence = N_(
            "{n} {n:lamp has|lamps have} neither lumens nor watts of a known source; light near {n:it|them} is unknown."
        )
        told.append(Told(sentence, {"n": int(unknown.sum())}))
    elif assumed_lm is not None and unknown.any():
        sentence = N_("{n} {n:lamp has|lamps have} neither lumens nor watts of a known source; {lumens} lm is assumed.")
        told.append(Told(sentence, {"n": int(unknown.sum()), "lumens": assumed_lm}))
        flux = np.where(unknown, assumed_lm, flux)
    return flux, told


def _require_settings(maintenance: float, default_height_m: float) -> None:
    if not (0.0 < maintenance <= 1.0 and default_height_m > 0.0):
        raise HotspotError(
            "The maintenance factor lies above 0 and up to 1, and the default height above 0 m.",
            "maintenance {maintenance}, default height {height_m} m",
            "Give for example maintenance=0.80 and default_height_m=5.",
            maintenance=maintenance,
            height_m=default_height_m,
        )
