"""Measures over lamps: estimated light on the ground, and along each piece of path and street."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from hotspot.environment.lamps import LightPoints, lamp_output, light_points
from hotspot.environment.light import illuminance_grid
from hotspot.environment.path_light import segment_light
from hotspot.errors import N_, Told
from hotspot.measures.scene import Scene
from hotspot.measures.values import Measured, Surface

_INDICATIVE = Told(
    N_(
        "Light is estimated from the lamp list with a Lambert lamp in open flat ground: indicative, "
        "never a statement of compliance with EN 13201."
    )
)


def lamps_at(scene: Scene, hour: int) -> tuple[LightPoints, tuple[Told, ...]]:
    """Return the lamps as they shine at an hour of the last day counted.

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    hour
        Hour of the evening or night, local time.

    Returns
    -------
    tuple
        Lamps ready for reckoning, and what had to be assumed.
    """
    lamps = scene.frame("lamps")
    at = pd.Timestamp(dt.datetime.combine(scene.period[1], dt.time(hour), ZoneInfo(scene.place.timezone)))
    output, told = lamp_output(lamps, at, scene.place.timezone)
    points = light_points(lamps, output)
    return points, (*told, *points.findings)


def lit_area(scene: Scene) -> BaseGeometry:
    """Return where the lamp list claims to be complete; outside it darkness cannot be told.

    Parameters
    ----------
    scene
        Tables as the recipe sees them.

    Returns
    -------
    geometry
        Union of the deliveries' coverage within the place.
    """
    covers = scene.tables["lamps"].coverage
    areas = [scene.place.boundary if each.area is None else each.area for each in covers]
    if not areas:
        return scene.place.boundary
    return shapely.intersection(shapely.union_all(areas), scene.place.boundary)


def illuminance(scene: Scene, *, pixel_m: float = 10.0, hour: int = 22) -> Measured:
    """How much light reaches the ground?

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    pixel_m
        Side of a pixel; must divide the analysis cell. [m]
    hour
        Hour of the evening or night at which lamps are asked for, local time.

    Returns
    -------
    Measured
        A surface of maintained horizontal illuminance [lx]; NaN outside the lamp list's coverage.
    """
    points, told = lamps_at(scene, hour)
    lattice = scene.grid.lattice(pixel_m)
    x, y = lattice.centres()
    lux = illuminance_grid(x, y, points, lit_area(scene)).astype(np.float64)
    return Measured(
        surface=Surface(lattice, lux),
        notes=(_INDICATIVE, *told),
        facts={"lamps": float(len(points)), "hour": float(hour)},
    )


def path_light(scene: Scene, *, hour: int = 22) -> Measured:
    """How well lit is each piece of path and street, and how long does one walk in the dark?

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    hour
        Hour of the evening or night at which lamps are asked for, local time.

    Returns
    -------
    Measured
        Per segment: ``value`` (minimum [lx], the better predictor of feeling safe), ``lower`` and ``upper`` (the two
        ways of spreading light), ``mean_lx``, ``dark_m`` and ``dark_gap_m`` (metres below 2 lx), ``dark_gap_m_disc``
        and ``indicative_class``. NaN outside the lamp list's coverage.

    References
    ----------
    Fotios, Monteiro and Uttley (2018) Lighting Research and Technology. https://doi.org/10.1177/1477153518775464
    """
    points, told = lamps_at(scene, hour)
    frame = segment_light(scene.segments, points, lit_area(scene))
    low = frame[["min_lx", "min_lx_disc"]].min(axis=1, skipna=False)
    high = frame[["min_lx", "min_lx_disc"]].max(axis=1, skipna=False)
    columns = ["mean_lx", "dark_m", "severe_m", "dark_gap_m", "dark_gap_m_disc", "indicative_class"]
    return Measured(
        frame=frame[columns].assign(value=frame["min_lx"], lower=low, upper=high, length_m=scene.segments["length_m"]),
        notes=(_INDICATIVE, *told),
        facts={"lamps": float(len(points)), "hour": float(hour)},
    )
