"""A run's results beside the study, for other programs to open."""

from hotspot.errors import N_, Told
from hotspot.pipeline import Result, run
from hotspot.pipeline.steps import Progress
from hotspot.release import release
from hotspot.report.export import write_results
from hotspot.store import Store
from hotspot.study import Study


def run_and_keep(store: Store, study: Study, progress: Progress) -> Result:
    """Run a recipe, write its results beside the study and make them current.

    Parameters
    ----------
    store
        The study on disk.
    study
        The recipe.
    progress
        Told what is being done.

    Returns
    -------
    Result
        The run's result, at full resolution.
    """
    result = run(study, store.snapshot(), shelf=store.shelf, progress=progress)
    target = store.result_folder(result.record.key)
    if not (target / "run.json").exists():
        progress(Told(N_("writing results")), 0.95)
        write_results(release(result, "admin"), target)
    store.set_current(result.record.key)
    progress(Told(N_("done")), 1.0)
    return result
