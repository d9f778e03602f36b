"""The second grade of a result: is each hot spot stable, and which measures stay among the best?"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from hotspot.decisions.evidence import measures_from
from hotspot.errors import N_, Told
from hotspot.experiments.robust import DRAWS, robust_plan
from hotspot.experiments.scheduler import spread
from hotspot.experiments.stability import Looked, held, look, tables_for
from hotspot.experiments.variants import Variant, variants
from hotspot.pipeline import Result
from hotspot.pipeline.kept import Shelf, layer_key
from hotspot.pipeline.second import Second, kept_second, second_key
from hotspot.pipeline.steps import MAIN_HOTSPOTS
from hotspot.store import Snapshot
from hotspot.store.files import digest

Progress = Callable[[Told, float], None]
_LOOKING = 0.85  # share of the time that looking takes; the draws of the measures take the rest


def thorough(
    result: Result, snapshot: Snapshot, shelf: Shelf, progress: Progress | None = None, *, scheduler: str = ""
) -> Second:
    """Work out the second grade of a result, and keep it.

    Parameters
    ----------
    result
        A run's result.
    snapshot
        The data it was made from.
    shelf
        Where answers are kept: each variant as soon as it is done, so that stopped work goes on where it stopped.
    progress
        Told what is being done and how much is done, 0 to 1.
    scheduler
        Address of a Dask scheduler; empty works here. The answers are the same.

    Returns
    -------
    Second
        For `hotspot.pipeline.second.with_second`; from the shelf, if it was worked out before.

    Raises
    ------
    StudyError
        As `hotspot.experiments.scheduler.spread`.
    """
    tell = progress or (lambda _step, _share: None)
    key = result.record.key
    found = kept_second(shelf, key)
    if found is not None:
        return found
    spots, notes = _stability(result, snapshot, shelf, tell, scheduler)
    step = Told(N_("drawing which measures work"))
    robust = robust_plan(
        result.choice.candidates,
        measures_from(snapshot.evidence),
        result.choice.budget_dkk,
        np.random.default_rng(result.study.seed),
        draws=DRAWS,
        tell=lambda share: tell(step, _LOOKING + (1 - _LOOKING) * share),
    )
    drawn = Told(
        N_(
            "How sure the choice of measures is was tried with {n} draws of which measures work; in each the best "
            "choice within the budget was worked out anew, with priorities and prices as they are."
        ),
        {"n": DRAWS},
    )
    second = Second(spots, robust.included.to_frame("included"), robust.frontier, (*notes, drawn))
    shelf.put(second_key(key), *second.pack())
    return second


def _stability(
    result: Result, snapshot: Snapshot, shelf: Shelf, tell: Progress, scheduler: str
) -> tuple[pd.DataFrame, tuple[Told, ...]]:
    """Look at the hot spots in every variant."""
    layer, period = result.layers.get(MAIN_HOTSPOTS), result.record.period
    if layer is None or period is None or not len(result.hotspots):
        none = pd.DataFrame({"held": [], "variants": [], "stability": []}, index=pd.Index([], name="hotspot_id"))
        return none, ()
    ways = variants(result.study.cell_m, period)
    looked = _looked(result, snapshot, ways, shelf, tell, scheduler)
    told = Told(
        N_(
            "Each hot spot was looked for again in {n} variants: cells of other sizes and from other origins, other "
            "neighbourhoods, parts of the period, and without one calendar month. It holds where a significant hot "
            "cell overlaps it. Variants that cannot test any cell there do not count."
        ),
        {"n": len(ways)},
    )
    notes = [told]
    unable = sum(not len(each.cells) for each in looked)
    if unable:
        notes.append(Told(N_("{n} of the variants could test no cell."), {"n": unable}))
    return held(result.hotspots.geometry, looked), tuple(notes)


def _looked(
    result: Result, snapshot: Snapshot, ways: list[Variant], shelf: Shelf, tell: Progress, scheduler: str
) -> list[Looked]:
    spec = result.layers[MAIN_HOTSPOTS].spec
    shared = (result.study, snapshot.place, tables_for(spec, snapshot.tables), spec)
    keys = [_variant_key(result, snapshot, way) for way in ways]
    found = {number: _taken(shelf, key) for number, key in enumerate(keys)}
    left = [number for number, each in found.items() if each is None]
    step = N_("looking for hot spots in another way: {n} of {all}")
    for done, (at, each) in enumerate(spread(look, shared, [ways[number] for number in left], scheduler), start=1):
        shelf.put(keys[left[at]], {"cells": each.cells}, {"cell_m": each.cell_m})
        found[left[at]] = each
        n = len(ways) - len(left) + done
        tell(Told(step, {"n": n, "all": len(ways)}), _LOOKING * n / len(ways))
    return [each for each in found.values() if each is not None]


def _variant_key(result: Result, snapshot: Snapshot, way: Variant) -> str:
    """Everything a variant's answer depends on: what its layer depends on, and what is chosen otherwise."""
    spec = result.layers[MAIN_HOTSPOTS].spec
    own: Any = layer_key(spec, result.study, snapshot.hashes, snapshot.code, result.record.period)
    return f"variant-{digest((own + repr(way)).encode())}"


def _taken(shelf: Shelf, key: str) -> Looked | None:
    kept = shelf.take(key)
    return None if kept is None else Looked(float(kept[1]["cell_m"]), pd.DataFrame(kept[0]["cells"]))
