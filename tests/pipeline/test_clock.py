"""Times and memory of steps: each step's own, not the process's whole life."""

import time
from pathlib import Path

import numpy as np
import pytest

from hotspot.pipeline import clock
from hotspot.pipeline.clock import Clock


def test_each_step_has_its_own_time_and_peak():
    told = Clock()
    with told.timing("large"):
        held = np.ones(40_000_000)  # 305 MiB
        time.sleep(0.02)
    del held
    with told.timing("small"):
        pass
    assert told.seconds["large"] > 0.02 > told.seconds["small"] >= 0
    assert told.mebibytes["large"] > 305
    assert told.mebibytes["large"] - told.mebibytes["small"] > 250


def test_a_step_that_fails_is_not_noted():
    told = Clock()
    with pytest.raises(ZeroDivisionError), told.timing("broken"):
        _ = 1 / 0
    assert told.seconds == {}


def test_where_there_is_no_proc_the_peak_is_the_whole_process(monkeypatch, tmp_path):
    here = clock.peak_mebibytes()
    monkeypatch.setattr(clock, "_STATUS", tmp_path / "none")
    monkeypatch.setattr(clock, "_FORGET", Path(tmp_path / "no" / "none"))
    clock.forget_peak()
    assert clock.peak_mebibytes() >= 0.9 * here > 0


def test_a_system_that_does_not_say_gives_nan(monkeypatch, tmp_path):
    monkeypatch.setattr(clock, "_STATUS", tmp_path / "none")
    monkeypatch.setattr(clock.sys, "platform", "win32")
    assert np.isnan(clock.peak_mebibytes())
