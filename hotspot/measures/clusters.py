"""Measures over incidents on cells: significant hot spots and local Moran."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.counting import drawn_counts, total_by, undecided_share
from hotspot.errors import N_, Told
from hotspot.measures.density import membership
from hotspot.measures.scene import Scene
from hotspot.measures.values import Measured
from hotspot.stats.hotspots import hotspots_adaptive as test_hotspots
from hotspot.stats.moran import local_moran as test_local_moran
from hotspot.stats.neighbours import Neighbours
from hotspot.stats.significance import combine_draws
from hotspot.stats.verdicts import BUSY, COLD, HOT, NO_NEIGHBOURS, NOT_SIGNIFICANT, UNDEFINED, Hotspots

Floats = npt.NDArray[np.float64]
_QUADRANTS = {"HH": "high-high", "LL": "low-low", "HL": "high-low", "LH": "low-high"}
_HALF = 0.5
MAPS = 999
"""Maps of chance that a layer is held against, over all draws of uncertain times."""
_ANSWERED = (
    "n_around", "cells_contributing", "expected", "expected_here", "ratio", "ratio_low", "ratio_high", "gi_z",
)  # fmt: skip


class _Town(NamedTuple):
    """The cells' neighbourhoods, and which of two comparisons each cell belongs to."""

    looks: tuple[Neighbours, ...]
    ring: Neighbours
    exposure: Floats | None
    peopled: npt.NDArray[np.bool_]


def hotspots(  # noqa: PLR0913 - what a layer file may say
    scene: Scene,
    *,
    level: float = 0.05,
    light: str = "study",
    categories: tuple[str, ...] = (),
    looks_cells: tuple[int, ...] = (1, 2),
    ring_from_cells: int = 3,
    ring_to_cells: int = 5,
) -> Measured:
    """Where are there more, or fewer, incidents than chance explains?

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    level
        Share of false alarms accepted among the cells flagged.
    light
        ``"study"`` or one of day, dusk, dark.
    categories
        Codes that the layer is about; empty takes the recipe's.
    looks_cells
        How far the neighbourhoods reach that each cell is looked at with; 1 is 3 × 3 cells, 2 is 5 × 5. [cells]
    ring_from_cells, ring_to_cells
        The surroundings that tell a hot spot from a busy part of town. [cells]

    Returns
    -------
    Measured
        Per cell: ``value`` (ratio of counted to expected in the cell and its neighbours), ``lower`` and ``upper``
        (95 %), ``n``, ``n_around``, ``expected``, ``cells_contributing``, ``gi_z``, ``pvalue``, ``qvalue``,
        ``ring_qvalue``, ``expected_here`` (of the cell alone) and ``klass``. NaN where undefined.

    Notes
    -----
    Each cell is looked at with 3 × 3 and with 5 × 5 cells (``looks_cells``) and keeps what shows it best; maps of
    chance say how unusual that is anywhere on the map (`hotspot.stats.hotspots.hotspots_adaptive`, with its seed from
    the study). With residents or visits: against a negative binomial around what its people explain; cells where
    nobody lives or is counted are tested among themselves, against such cells with as many incidents near by.
    Without any exposure: all counts are dealt out anew, and the ring test stands beside it. Both tails in one
    correction. Numbers around a hot or cold cell are of the neighbourhood that shows it best, others of 3 × 3 cells.
    Incidents of uncertain time are drawn several times, the numbers averaged and the p- and q-values combined by
    Rüger's rule, valid under any dependence.

    References
    ----------
    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.
    Vovk and Wang (2020), doi:10.1093/biomet/asaa027.
    """
    chance = membership(scene, light, tuple(categories))
    cells = scene.grid.frame
    counts = drawn_counts(scene.incidents["cell_id"], chance, cells.index, np.random.default_rng(scene.study.seed))
    town = _town(scene, tuple(looks_cells), (ring_from_cells, ring_to_cells))
    maps = MAPS // len(counts), scene.study.seed
    draws = [_one_draw(each.astype(float), town, level, maps) for each in counts]
    frame = _combined(draws, level).set_index(cells.index)
    frame["n"] = total_by(scene.incidents["cell_id"], chance, cells.index)
    return Measured(
        frame=frame,
        notes=_notes(scene, chance, town, counts),
        facts={
            "tests": float(frame["pvalue"].notna().sum()),
            "level": level,
            "n": float(chance.sum()),
            "dispersion": float(pd.Series([each.dispersion for each in draws]).mean()),
        },
    )


def _town(scene: Scene, looks: tuple[int, ...], ring: tuple[int, int]) -> _Town:
    row, col = scene.grid.frame["row"].to_numpy(), scene.grid.frame["col"].to_numpy()
    exposure = None if scene.exposure is None else scene.exposure.to_numpy(float)
    peopled = np.ones(len(row), dtype=bool) if exposure is None else ~(exposure == 0)
    return _Town(
        tuple(Neighbours.from_lattice(row, col, reach) for reach in looks),
        Neighbours.ring_band(row, col, *ring),
        exposure,
        peopled,
    )


def _one_draw(counts: Floats, town: _Town, level: float, maps: tuple[int, int]) -> Hotspots:
    """Test one draw over all neighbourhoods; cells where nobody is are tested among themselves."""
    exposure, apart = (None, None) if town.exposure is None else (town.exposure, ~town.peopled)
    return test_hotspots(
        counts, town.looks, exposure=exposure, apart=apart, ring=town.ring, level=level, draws=maps[0], seed=maps[1]
    )


def _combined(draws: list[Hotspots], level: float) -> pd.DataFrame:
    """Combine draws into one table: what is corrected over all cells in each draw stays so in their median."""
    mean = {name: _mean(draws, name) for name in _ANSWERED}
    pvalue, qvalue, ring_qvalue = (
        combine_draws(np.array([getattr(each, name) for each in draws])) for name in ("pvalue", "qvalue", "ring_qvalue")
    )
    more = mean["n_around"] > mean["expected"]
    klass = draws[0].klass.copy()
    klass[np.isin(klass, (HOT, BUSY, COLD))] = NOT_SIGNIFICANT
    flagged = qvalue <= level
    # Without exposure a trend over the town flags its busy part: hot only where it also stands out from the ring.
    stands_out = (ring_qvalue <= level) | (draws[0].method == "adaptive with exposure")
    klass[flagged & more] = np.where(stands_out, HOT, BUSY)[flagged & more]
    klass[flagged & ~more] = COLD
    return pd.DataFrame(
        {
            "value": mean["ratio"],
            "lower": mean["ratio_low"],
            "upper": mean["ratio_high"],
            **{name: mean[name] for name in ("n_around", "expected", "cells_contributing", "gi_z")},
            "pvalue": pvalue,
            "qvalue": qvalue,
            "ring_qvalue": ring_qvalue,
            "look": np.median([each.look for each in draws], axis=0),  # the draws are an odd number
            "klass": klass.astype(object),
            "expected_here": mean["expected_here"],
        }
    )


def _mean(draws: list[Hotspots], name: str) -> Floats:
    values = np.array([getattr(each, name) for each in draws])
    unknown = np.isnan(values).all(axis=0)
    mean: Floats = np.where(unknown, np.nan, np.nansum(values, axis=0) / np.maximum((~np.isnan(values)).sum(axis=0), 1))
    return mean


def _notes(scene: Scene, chance: pd.Series, town: _Town, counts: npt.NDArray[np.int64]) -> tuple[Told, ...]:
    notes = []
    if town.exposure is None:
        notes.append(
            Told(
                N_(
                    "No residents or visits are known: every cell is compared with every other, as "
                    "if all had as many people."
                )
            )
        )
    else:
        empty, unknown = int((~town.peopled).sum()), int(np.isnan(town.exposure).sum())
        notes.append(
            Told(
                N_(
                    "{empty} cells where nobody lives or is counted are compared with such cells that have as many "
                    "incidents near by; {unknown} cells with suppressed residents are undefined."
                ),
                {"empty": empty, "unknown": unknown},
            )
        )
    if len(counts) > 1:
        notes.append(
            Told(
                N_(
                    "The time of {share:.0%} of the incidents leaves open whether they count; "
                    "{draws} draws of their times were tested and combined."
                ),
                {"share": undecided_share(chance), "draws": len(counts)},
            )
        )
    if scene.incidents["cell_id"].isna().any():
        notes.append(
            Told(
                N_("{n} {n:incident lies|incidents lie} in no cell of the grid."),
                {"n": int(scene.incidents["cell_id"].isna().sum())},
            )
        )
    return tuple(notes)


def local_moran(
    scene: Scene, *, level: float = 0.05, light: str = "study", categories: tuple[str, ...] = ()
) -> Measured:
    """Where do cells with many incidents lie among cells with many, and few among few?

    Parameters
    ----------
    scene
        Tables as the recipe sees them.
    level
        Share of false alarms accepted among the cells flagged.
    light
        ``"study"`` or one of day, dusk, dark.
    categories
        Codes that the layer is about; empty takes the recipe's.

    Returns
    -------
    Measured
        Per cell: ``value`` (local Moran's I), ``n``, ``pvalue``, ``qvalue`` and ``klass`` (high-high, low-low,
        high-low, low-high, not significant, undefined, no neighbours).

    Notes
    -----
    Counts are compared as they are, without residents: a busy centre shows as high-high. Undecided times
    count where their chance is at least one half.

    References
    ----------
    Anselin (1995), doi:10.1111/j.1538-4632.1995.tb00338.x.
    """
    chance = membership(scene, light, tuple(categories))
    cells = scene.grid.frame
    sure = (chance >= _HALF).astype(float)
    counts = total_by(scene.incidents["cell_id"], sure, cells.index)
    near = Neighbours.from_lattice(cells["row"].to_numpy(), cells["col"].to_numpy())
    found = test_local_moran(counts.to_numpy(), near)
    klass = pd.Series(found.quadrant, index=cells.index).map(_QUADRANTS).astype(object)
    klass[~(found.qvalue <= level)] = NOT_SIGNIFICANT
    klass[near.cardinalities == 0] = NO_NEIGHBOURS
    klass[np.isnan(found.pvalue) & (near.cardinalities > 0)] = UNDEFINED
    frame = pd.DataFrame(
        {
            "value": found.statistic,
            "n": counts,
            "pvalue": found.pvalue,
            "qvalue": found.qvalue,
            "klass": klass,
        },
        index=cells.index,
    )
    return Measured(frame=frame, facts={"tests": float(found.tests), "level": level})
