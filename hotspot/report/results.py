"""A run's results beside the study, for other programs to open."""

import json
from dataclasses import replace
from pathlib import Path

from hotspot.errors import N_, Told
from hotspot.experiments.thorough import thorough
from hotspot.pipeline import run
from hotspot.pipeline.second import kept_second, with_second
from hotspot.pipeline.steps import Progress
from hotspot.release import Release, Settled, before, release, settle
from hotspot.report.export import write_results
from hotspot.store import Store
from hotspot.store.files import write_text
from hotspot.study import Study

_FIRST, _WRITING = 0.1, 0.95


def run_and_keep(
    store: Store, study: Study, progress: Progress, *, second: bool = False, scheduler: str = ""
) -> Settled:
    """Run a recipe, write its results beside the study and make them current.

    Parameters
    ----------
    store
        The study on disk.
    study
        The recipe.
    progress
        Told what is being done.
    second
        Whether to test the hot spots' stability and the choice of measures too.
    scheduler
        For the second grade: address of a Dask scheduler; empty works here.

    Returns
    -------
    Settled
        The run's result at full resolution, and what of it not everybody may be told.
    """
    snapshot, most = store.snapshot(), _FIRST if second else 1.0
    result = run(study, snapshot, shelf=store.shelf, progress=lambda step, share: progress(step, most * share))
    settled = settle(result, before(store, snapshot, result))
    if second and kept_second(store.shelf, result.record.key) is None:  # a run joins what is kept by itself
        rest = _WRITING - most
        found = thorough(
            settled.result,
            snapshot,
            store.shelf,
            lambda step, share: progress(step, most + rest * share),
            scheduler=scheduler,
        )
        settled = replace(settled, result=with_second(settled.result, found))
    target, graded = store.result_folder(result.record.key), kept_second(store.shelf, result.record.key)
    written = [target / name for name in ("run.json", *(("thorough.json",) if graded else ()))]
    if not all(path.exists() for path in written):
        progress(Told(N_("writing results")), _WRITING)
        shown = release(settled, "admin")
        write_results(shown, target)
        if graded:
            write_second(shown, target / "thorough.json")
    store.set_current(result.record.key)
    progress(Told(N_("done")), 1.0)
    return settled


def write_second(release: Release, path: Path) -> None:
    """Write the second grade of a result: in how many variants hot spots hold, how often measures are among the best.

    Parameters
    ----------
    release
        What the audience may see.
    path
        The file.
    """
    tables = {
        "hotspots": release.hotspots[["name", "stability", "variants"]],
        "measures": release.choice.candidates[["area_id", "measure", "status", "included"]],
        "frontier": release.choice.frontier,
    }
    told = {name: json.loads(table.to_json(orient="index", double_precision=15)) for name, table in tables.items()}
    write_text(path, json.dumps({"key": release.key, **told}, ensure_ascii=False, indent=1) + "\n")
