"""How well a map of earlier days foretells later incidents, beside the plain map of counts."""

import datetime as dt

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.counting import total_by
from hotspot.measures.density import density
from hotspot.measures.scene import Scene
from hotspot.store import Snapshot
from hotspot.study import Study

AREAS = (0.01, 0.05, 0.10)
Floats = npt.NDArray[np.float64]


def foretold(
    study: Study, snapshot: Snapshot, train: tuple[dt.date, dt.date], test: tuple[dt.date, dt.date]
) -> pd.DataFrame:
    """Score maps made from one period on a later one.

    Parameters
    ----------
    study
        Categories and light.
    snapshot
        The data.
    train, test
        First and last day of each; the test does not begin before the training has ended.

    Returns
    -------
    DataFrame
        One row per map and share of the area: map (``"counts before"`` or ``"density before"``), area_share, hit_rate
        (share of the later incidents inside), pai, pei. NaN without later incidents.

    Raises
    ------
    ValueError
        If the periods overlap: that would be looking ahead.

    Notes
    -----
    PAI = (n/N)/(a/A); PEI = PAI over the best PAI that any map of the same area could have reached. Ties are broken
    against the map. Both maps see only incidents of the training days.

    References
    ----------
    Chainey, Tompson and Uhlig (2008) https://doi.org/10.1057/palgrave.sj.8350066
    """
    if test[0] <= train[1]:
        msg = f"the test begins {test[0]}, before the training ends {train[1]}"
        raise ValueError(msg)
    before = Scene(study.but(period=train), snapshot.place, snapshot.tables)
    after = Scene(study.but(period=test), snapshot.place, snapshot.tables)
    cells = before.grid.frame
    observed = total_by(after.incidents["cell_id"], after.incidents["membership"], cells.index).to_numpy()
    counts = total_by(before.incidents["cell_id"], before.incidents["membership"], cells.index).to_numpy()
    maps = {"counts before": counts, "density before": _per_cell(before)}
    rows = [
        {"map": name, "area_share": share, **score(observed, values, share)}
        for share in AREAS
        for name, values in maps.items()
    ]
    return pd.DataFrame(rows)


def score(observed: Floats, predicted: Floats, area_share: float) -> dict[str, float]:
    """Score the most intense cells of a map against what was observed later.

    Parameters
    ----------
    observed
        Later incidents per cell.
    predicted
        The map's value per cell.
    area_share
        Share of the cells that are flagged.

    Returns
    -------
    dict
        hit_rate, pai and pei; NaN without incidents.
    """
    flagged = max(1, round(area_share * len(observed)))
    total = observed.sum()
    if not total > 0:
        return {"hit_rate": float("nan"), "pai": float("nan"), "pei": float("nan")}
    chosen = np.lexsort((observed, -np.nan_to_num(predicted, nan=-np.inf)))[:flagged]
    hit = float(observed[chosen].sum() / total)
    best = float(np.sort(observed)[::-1][:flagged].sum() / total)
    share = flagged / len(observed)
    return {"hit_rate": hit, "pai": hit / share, "pei": hit / best}


def _per_cell(scene: Scene) -> Floats:
    """Mean density over each cell's pixels."""
    surface = density(scene).surface
    assert surface is not None  # noqa: S101 - density is a surface
    times = round(scene.grid.cell_m / surface.lattice.pixel_m)
    rows, cols = surface.lattice.shape
    blocks = np.nan_to_num(surface.values).reshape(rows // times, times, cols // times, times).mean(axis=(1, 3))
    cells = scene.grid.frame
    return np.asarray(blocks[cells["row"].to_numpy(), cells["col"].to_numpy()], dtype=np.float64)
