"""Bands cover a range once, whoever does them."""

import numpy as np
import pytest

from hotspot.stats import bands


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("size", [0, 1, 7, 1000])
def test_every_place_is_done_once(monkeypatch, threads, size):
    monkeypatch.setattr(bands, "THREADS", threads)
    done = np.zeros((threads, size), dtype=int)

    def work(first, end, thread):
        done[thread, first:end] += 1

    bands.in_bands(work, size, 1e9)
    assert (done.sum(axis=0) == 1).all()


def test_little_work_is_not_worth_a_thread():
    assert bands.threads_for(1e3) == 1
    assert bands.threads_for(1e9) == bands.THREADS


def test_a_failure_in_a_thread_is_not_lost():
    def work(first, end, thread):
        raise ValueError(f"band from {first} to {end} on thread {thread}")

    with pytest.raises(ValueError, match="band from"):
        bands.in_bands(work, 100, 1e9)
