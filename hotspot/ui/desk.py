"""What the pages draw from: the study on disk, results and releases, kept between reruns."""

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

import streamlit as st

from hotspot.errors import N_, Told
from hotspot.jobs import Job, Progress, Worker
from hotspot.pipeline import Result, run
from hotspot.pipeline.second import second_key
from hotspot.release import Release, Settled, before, note, release, settle
from hotspot.report.results import run_and_keep
from hotspot.site import Audience, Site
from hotspot.store import Snapshot, Store
from hotspot.study import Study

_RESULTS, _RELEASES = 4, 12


def work_run(folder: str, recipe: dict[str, object], progress: Progress) -> None:
    """Run a recipe in the worker; its answers are kept on disk.

    Parameters
    ----------
    folder
        The study's folder.
    recipe
        The recipe as plain values.
    progress
        Told what is being done.
    """
    run_and_keep(Store(Path(folder)), Study.from_plain(recipe), progress)


def work_second(folder: str, recipe: dict[str, object], progress: Progress) -> None:
    """Test in the worker how stable a recipe's answers are; what is found is kept on disk.

    Parameters
    ----------
    folder
        The study's folder.
    recipe
        The recipe as plain values.
    progress
        Told what is being done.
    """
    run_and_keep(Store(Path(folder)), Study.from_plain(recipe), progress, second=True)


class Desk:
    """One study, its results and releases.

    Parameters
    ----------
    folder
        The study's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder)
        self.site = Site.read(folder)
        self.worker = Worker()
        self._lock = threading.RLock()  # held for a look into memory, never while anything is worked out
        self._making = threading.RLock()  # releases are made one after the other: each knows those before it
        self._results: OrderedDict[str, Result] = OrderedDict()
        self._settled: OrderedDict[tuple[str, int], Settled] = OrderedDict()
        self._releases: OrderedDict[tuple[str, str, str], Release] = OrderedDict()
        self._asked: dict[str, int] = {}

    def snapshot(self) -> Snapshot:
        """Return what counts now."""
        with self._lock:
            return self.store.snapshot()

    def release_of(self, study: Study, audience: Audience, owner: str) -> Release | None:
        """Return a recipe's release, or None while it still has to be worked out.

        Parameters
        ----------
        study
            The recipe.
        audience, owner
            Whose eyes.

        Returns
        -------
        Release or None
            From memory, or from the answers kept on disk.
        """
        snapshot = self.snapshot()
        key = snapshot.key_for(study)
        wanted = (key, audience, owner)
        known = self._known(wanted)
        if known is not None:
            return known
        with self._making:
            known = self._known(wanted)  # made while we waited
            if known is not None:
                return known
            if key not in self._results:
                if not (self.store.result_folder(key) / "run.json").exists():
                    return None
                self._results[key] = run(study, snapshot, shelf=self.store.shelf)
            result = self._results[key]
            made = release(self._settle(key, snapshot, result), audience, owner=owner)
            note(self.store, snapshot, result, audience, made)
            with self._lock:
                self._releases[wanted] = made
                _trim(self._results, _RESULTS)
                _trim(self._releases, _RELEASES)
            return made

    def _known(self, wanted: tuple[str, str, str]) -> Release | None:
        """Return a release from memory, if it is there: nobody waits for what another is shown."""
        with self._lock:
            if wanted in self._releases:
                self._releases.move_to_end(wanted)
            return self._releases.get(wanted)

    def _settle(self, key: str, snapshot: Snapshot, result: Result) -> Settled:
        """Work out what of a result not everybody may be told, anew when more was released meanwhile."""
        now = (key, len(self.store.released()))
        if now not in self._settled:
            self._settled[now] = settle(result, before(self.store, snapshot, result))
            _trim(self._settled, _RESULTS)
        return self._settled[now]

    def release_now(self, audience: Audience) -> Release:
        """Return the study's own recipe for an audience of the map service, worked out at once if need be."""
        made = self.release_of(self.store.study, audience, "")
        if made is None:
            work_run(str(self.folder), self.store.study.plain(), lambda _step, _share: None)
            made = self.release_of(self.store.study, audience, "")
        assert made is not None  # noqa: S101 - just worked out
        return made

    def job_for(self, study: Study) -> Job:
        """Return the job that works a recipe out, asking for it the first time."""
        key = self.snapshot().key_for(study)
        with self._lock:
            if key not in self._asked or self.worker.job(self._asked[key]).state in ("cancelled", "failed"):
                name = Told(N_("working out the answers"))
                self._asked[key] = self.worker.ask(name, work_run, folder=str(self.folder), recipe=study.plain())
            return self.worker.job(self._asked[key])

    def second_job(self, study: Study) -> Job | None:
        """Return the job that tests a recipe's stability, or None if nobody has asked for it."""
        key = second_key(self.snapshot().key_for(study))
        with self._lock:
            job = self.worker.job(self._asked[key]) if key in self._asked else None
        if job is not None and job.state == "done":
            with self._making, self._lock:
                if self._asked.pop(key, None) is not None:  # once: what was shown before lacks it
                    self._forget(self.snapshot().key_for(study))
        return job

    def ask_second(self, study: Study) -> None:
        """Ask for the test of a recipe's stability."""
        key = second_key(self.snapshot().key_for(study))
        with self._lock:
            name = Told(N_("testing how stable the answers are"))
            self._asked[key] = self.worker.ask(name, work_second, folder=str(self.folder), recipe=study.plain())

    def _forget(self, key: str) -> None:
        """Let go of a result and its releases in memory, to be read from disk again."""
        self._results.pop(key, None)
        for wanted in [each for each in self._releases if each[0] == key]:
            del self._releases[wanted]
        for now in [each for each in self._settled if each[0] == key]:
            del self._settled[now]

    def recipe(self, key: str) -> Study:
        """Return a stored recipe; the study's own if there is none of that key."""
        path = self.folder / "recipes" / f"{key}.toml"
        return Study.read(path) if key.isalnum() and path.is_file() else self.store.study

    def keep_recipe(self, study: Study) -> str:
        """Store a recipe and return the short key that stands for it in an address."""
        path = self.folder / "recipes" / f"{study.key}.toml"
        path.parent.mkdir(exist_ok=True)
        study.write(path)
        return study.key


def _trim(kept: OrderedDict[Any, Any], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)


@st.cache_resource(show_spinner=False)
def open_desk(folder: str) -> Desk:
    """Return the one desk of a study.

    Parameters
    ----------
    folder
        The study's folder.

    Returns
    -------
    Desk
        The same for everybody who looks.
    """
    return Desk(Path(folder))
