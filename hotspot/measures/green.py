"""Measures over green areas along each piece of path and street."""

import numpy as np
import pandas as pd

from hotspot.environment.green import GreenAlong, green_along
from hotspot.measures.scene import Scene
from hotspot.measures.values import Measured

_PARTS = [
    "understory_near",
    "understory_mid",
    "open_green",
    "condition",
    "prospect_m",
    "sight_lost_m",
    "refuges_green",
]


def _along(scene: Scene) -> GreenAlong:
    buildings = np.asarray(scene.frame("buildings").geometry.array)
    return scene.once("green", lambda: green_along(scene.segments, scene.frame("green"), buildings))


def _measured(scene: Scene, column: str) -> Measured:
    found = _along(scene)
    frame: pd.DataFrame = found.frame[_PARTS].assign(value=found.frame[column])
    return Measured(frame=frame, notes=found.findings)


def concealing(scene: Scene) -> Measured:
    """Where does growth conceal what one walks past?

    Parameters
    ----------
    scene
        Tables as the recipe sees them.

    Returns
    -------
    Measured
        Per segment: ``value`` (0 open to 1 concealing) with its parts ``understory_near``, ``understory_mid``,
        ``sight_lost_m``, ``refuges_green``, ``prospect_m``; NaN without a line.
    """
    return _measured(scene, "concealing")


def pleasant(scene: Scene) -> Measured:
    """Where is the green open, kept and clear to see?

    Parameters
    ----------
    scene
        Tables as the recipe sees them.

    Returns
    -------
    Measured
        Per segment: ``value`` (0 none to 1 pleasant) with its parts ``open_green``, ``condition``, ``prospect_m``; NaN
        without a line.
    """
    return _measured(scene, "pleasant")
