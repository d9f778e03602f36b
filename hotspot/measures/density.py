"""Measures over incidents as surfaces: how dense they are, by the whole day or after dark."""

import math

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.errors import N_, Told
from hotspot.measures.scene import Scene
from hotspot.measures.values import Measured, Surface
from hotspot.stats.bandwidth import default_bandwidth
from hotspot.stats.kde import effective_count, kde_grid
from hotspot.stats.kernels import bandwidth_from_sigma, bandwidth_of

_PER_KM2 = 1e6


def membership(scene: Scene, light: str, categories: tuple[str, ...]) -> pd.Series:
    """Return each incident's chance of counting in a layer.

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    light
        ``"study"`` for the recipe's own light, else one of day, dusk, dark.
    categories
        Codes that the layer is about; empty takes the recipe's.

    Returns
    -------
    Series
        Between 0 and 1 by ``incident_id``.
    """
    rows = scene.incidents
    chance = rows["membership"] if light == "study" else rows["in_period"] * rows[light]
    return chance.where(rows["category"].isin(categories), 0.0) if categories else chance


def density(
    scene: Scene,
    *,
    kernel: str = "quartic",
    bandwidth_m: float = 0.0,
    edge: str = "jones_diggle",
    light: str = "study",
    categories: tuple[str, ...] = (),
) -> Measured:
    """How many incidents are there per square kilometre and year?

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    kernel
        A kernel of `hotspot.stats.kernels`.
    bandwidth_m
        The kernel's own bandwidth (radius; sigma for the Gaussian); 0 chooses by likelihood cross-validation
        within 75 to 400 m. [m]
    edge
        ``"none"``, ``"uniform"`` or ``"jones_diggle"``.
    light
        ``"study"`` or one of day, dusk, dark.
    categories
        Codes that the layer is about; empty takes the recipe's.

    Returns
    -------
    Measured
        A surface [incidents per km² and year]; NaN outside the place. ``effective`` and ``places`` tell how
        many incidents and distinct addresses carry each pixel.
    """
    chance = membership(scene, light, tuple(categories))
    counted = scene.incidents[chance > 0].geometry
    xy, weights = np.column_stack([counted.x, counted.y]), chance[chance > 0].to_numpy()
    lattice, inside = scene.lattice, scene.inside
    notes: list[Told] = []
    if bandwidth_m:
        used = bandwidth_m
    else:
        name = f"bandwidth {light} {categories}"
        chosen = scene.once(name, lambda: default_bandwidth(xy, "gaussian"))
        used = bandwidth_from_sigma(chosen.bandwidth.h_m, kernel).h_m
        notes += chosen.findings
    if not len(xy) or not math.isfinite(used):
        return Measured(
            surface=Surface(lattice, np.where(inside, np.nan, np.nan)),
            notes=(*notes, Told(N_("Too few incidents for a surface: {n}."), {"n": len(xy)})),
        )
    frame = (lattice.west, lattice.north), lattice.pixel_m, lattice.shape, used, kernel, inside
    surface = kde_grid(xy, weights, *frame, edge, forced=True)  # type: ignore[arg-type]  # checked by kde_grid
    told = bandwidth_of(used, kernel)
    return Measured(
        surface=Surface(
            lattice,
            surface.intensity * _PER_KM2 / scene.years,
            effective=effective_count(xy, weights, *frame),
            places=addresses_within(scene, xy, 2 * used if kernel == "gaussian" else used),
        ),
        notes=(*notes, *surface.findings),
        facts={
            "bandwidth_m": used,
            "sigma_m": told.h_sigma_equiv,
            "n": float(weights.sum()),
            "years": scene.years,
        },
    )


def addresses_within(scene: Scene, xy: npt.NDArray[np.float64], radius_m: float) -> npt.NDArray[np.float64]:
    """Count the distinct addresses near each pixel.

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    xy : array, shape (incidents, 2)
        Positions. [m]
    radius_m
        How near. [m]

    Returns
    -------
    array, shape (rows, cols)
        Distinct positions, to the metre, within the radius of the pixel's centre; NaN outside the place.
    """
    addresses = np.unique(np.round(xy), axis=0)
    lattice = scene.lattice
    found = kde_grid(
        addresses,
        None,
        (lattice.west, lattice.north),
        lattice.pixel_m,
        lattice.shape,
        radius_m,
        "uniform",
        scene.inside,
        forced=True,
    )
    return np.round(found.intensity * math.pi * radius_m**2)
