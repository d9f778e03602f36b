import sys
import time
from types import ModuleType

from hotspot.errors import HotspotError, Told
from hotspot.jobs import Worker


def work_well(steps, progress):
    for step in range(steps):
        progress(Told("step {n}", {"n": step}), step / steps)


def work_forever(progress):
    progress(Told("on"), 0.5)
    time.sleep(600)


def refuse(progress):
    raise HotspotError("rule", "{x}", "fix", x=3)


def break_down(progress):
    raise RuntimeError("ours")


def test_a_job_does_not_run_the_page_that_stands_in_for_the_main_module(tmp_path, monkeypatch):
    """Streamlit puts each page's script in its place."""
    page, script = ModuleType("__main__"), tmp_path / "page.py"
    script.write_text("raise RuntimeError('a page run again')", "utf-8")
    page.__file__ = str(script)
    monkeypatch.setitem(sys.modules, "__main__", page)
    worker = Worker()
    assert worker.wait(worker.ask(Told("one"), work_well, steps=1), 60).state == "done"
    assert sys.modules["__main__"] is page


def test_jobs_run_in_order_and_end_done():
    worker = Worker()
    first = worker.ask(Told("first"), work_well, steps=3)
    second = worker.ask(Told("second"), work_well, steps=1)
    assert worker.wait(second, 60).state == "done"
    assert worker.job(first).state == "done"
    assert worker.job(first).share == 1.0
    assert [job.number for job in worker.jobs()] == [second, first]


def test_a_running_job_is_stopped_and_the_next_one_runs():
    worker = Worker()
    long = worker.ask(Told("long"), work_forever)
    queued = worker.ask(Told("queued"), work_forever)
    while worker.job(long).share < 0.5:
        assert worker.job(long).state in ("waiting", "running")
        time.sleep(0.05)
    worker.cancel(queued)
    worker.cancel(long)
    last = worker.ask(Told("last"), work_well, steps=1)
    assert worker.wait(last, 60).state == "done"
    assert worker.job(long).state == "cancelled"
    assert worker.job(queued).state == "cancelled"


def test_a_mistake_of_the_user_is_told_in_three_parts():
    worker = Worker()
    job = worker.wait(worker.ask(Told("refused"), refuse), 60)
    assert job.state == "refused"
    assert [str(part) for part in job.told] == ["rule", "3", "fix"]


def test_a_mistake_of_ours_is_told_without_a_traceback():
    worker = Worker()
    job = worker.wait(worker.ask(Told("broken"), break_down), 60)
    assert job.state == "failed"
    assert "RuntimeError" not in str(job.told[0])
