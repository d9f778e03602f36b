"""Work that takes longer than a click: one worker process, a queue, progress and cancel."""

import itertools
import multiprocessing as mp
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any, Literal

from hotspot.errors import N_, HotspotError, Told

State = Literal["waiting", "running", "done", "refused", "failed", "cancelled"]
Progress = Callable[[Told, float], None]
Work = Callable[..., None]
_POLL_S = 0.05


@dataclass(frozen=True)
class Job:
    """One piece of long work.

    Parameters
    ----------
    number
        In the order asked for.
    name
        What it does, as a sentence.
    state
        Where it is.
    step, share
        What it is doing and how much is done, 0 to 1.
    told
        Why it ended, if it did not end well: the three parts of a refusal, or one sentence.
    seconds
        How long it has run.
    """

    number: int
    name: Told
    state: State = "waiting"
    step: Told = field(default_factory=lambda: Told(N_("waiting for its turn")))
    share: float = 0.0
    told: tuple[Told, ...] = ()
    seconds: float = 0.0


class Worker:
    """Runs jobs one after the other, each in a process of its own that can be stopped at any time.

    Notes
    -----
    A job's function is importable and takes ``progress`` as its last keyword. Whatever it changes, it
    changes through the store, which a killed process leaves as it was.
    """

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._jobs: dict[int, Job] = {}
        self._work: dict[int, tuple[Work, Mapping[str, Any]]] = {}
        self._asked = threading.Condition()
        self._process: mp.process.BaseProcess | None = None
        self._thread = threading.Thread(target=self._serve, name="hotspot-jobs", daemon=True)
        self._thread.start()

    def ask(self, name: Told, work: Work, **arguments: Any) -> int:  # noqa: ANN401 - the work's own arguments
        """Queue a piece of work.

        Parameters
        ----------
        name
            What it does, for the reader.
        work
            An importable function; called with the arguments and ``progress``.
        **arguments
            Plain values or values that can be sent to another process.

        Returns
        -------
        int
            The job's number.
        """
        with self._asked:
            number = next(self._numbers)
            self._jobs[number] = Job(number, name)
            self._work[number] = (work, arguments)
            self._asked.notify_all()
        return number

    def job(self, number: int) -> Job:
        """Return a job as it stands now."""
        with self._asked:
            return self._jobs[number]

    def jobs(self) -> list[Job]:
        """Return all jobs, the newest first."""
        with self._asked:
            return [self._jobs[number] for number in sorted(self._jobs, reverse=True)]

    def cancel(self, number: int) -> None:
        """Stop a job, or take it out of the queue; one that has ended stays as it is."""
        with self._asked:
            job = self._jobs[number]
            if job.state in ("waiting", "running"):
                self._jobs[number] = replace(job, state="cancelled", step=Told(N_("cancelled")))
            if job.state == "running" and self._process:
                self._process.terminate()
            self._asked.notify_all()

    def wait(self, number: int, seconds: float = 600.0) -> Job:
        """Wait until a job has ended and return it."""
        until = time.monotonic() + seconds
        with self._asked:
            while self._jobs[number].state in ("waiting", "running"):
                left = until - time.monotonic()
                if left <= 0:
                    break
                self._asked.wait(left)
            return self._jobs[number]

    def _serve(self) -> None:
        while True:
            with self._asked:
                waiting = [n for n in sorted(self._jobs) if self._jobs[n].state == "waiting"]
                if not waiting:
                    self._asked.wait()
                    continue
                number = waiting[0]
                self._jobs[number] = replace(self._jobs[number], state="running")
            self._run(number)

    def _run(self, number: int) -> None:
        context = mp.get_context("spawn")
        here, there = context.Pipe(duplex=False)
        work, arguments = self._work.pop(number)
        process = context.Process(target=_perform, args=(there, work, dict(arguments)), daemon=True)
        began = time.monotonic()
        with _no_main():
            process.start()
        there.close()
        self._process = process
        ended = False
        while not ended:
            try:
                ended = here.poll(_POLL_S) and self._hear(number, here.recv(), time.monotonic() - began)
            except EOFError:
                break
            if self.job(number).state == "cancelled":
                break
        process.join()
        with self._asked:
            job = self._jobs[number]
            if job.state == "running":
                told = (Told(N_("The work stopped without a word (exit code {code})."), {"code": process.exitcode}),)
                self._jobs[number] = replace(job, state="failed", told=told, seconds=time.monotonic() - began)
            self._asked.notify_all()

    def _hear(self, number: int, message: tuple[str, Any], seconds: float) -> bool:
        kind, said = message
        with self._asked:
            job = replace(self._jobs[number], seconds=seconds)
            if job.state == "cancelled":
                return True
            if kind == "progress":
                job = replace(job, step=said[0], share=said[1])
            elif kind == "done":
                job = replace(job, state="done", share=1.0, step=Told(N_("done")))
            else:
                job = replace(job, state="refused" if kind == "refused" else "failed", told=said)
            self._jobs[number] = job
            self._asked.notify_all()
        return kind != "progress"


@contextmanager
def _no_main() -> Iterator[None]:
    """Hide the main module: a new process would run it again, and Streamlit puts each page's script in its place."""
    own = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = own


def _perform(there: Connection, work: Work, arguments: Mapping[str, Any]) -> None:
    def progress(step: Told, share: float) -> None:
        there.send(("progress", (step, share)))

    try:
        work(**arguments, progress=progress)
    except HotspotError as refused:
        there.send(("refused", refused.told))
    except Exception:
        there.send(("failed", (Told(N_("Something went wrong on our side; the log of the server tells more.")),)))
        raise
    else:
        there.send(("done", None))
    finally:
        there.close()
