"""Work shared out between threads so that the numbers do not depend on how many there are."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

THREADS = 2  # the numbers do not depend on it
PIECES = 8  # for every thread: one that is held up by another program leaves the rest to the others
LEAST_NS = 300_000.0  # work that is not worth a thread


def threads_for(work_ns: float) -> int:
    """How many threads is some work worth?

    Parameters
    ----------
    work_ns
        How long one thread takes for all of it. [ns]

    Returns
    -------
    int
        At least 1.
    """
    return THREADS if work_ns > LEAST_NS else 1


def in_bands(work: Callable[[int, int, int], object], size: int, work_ns: float) -> None:
    """Cut a range into bands and let every thread take the next as soon as it is free.

    Parameters
    ----------
    work
        Given the first, one past the last, and the number of the thread. Bands must not write to the same place, nor
        threads.
    size
        Length of the range.
    work_ns
        As for `threads_for`.
    """
    threads = threads_for(work_ns)
    if threads == 1:
        work(0, size, 0)
        return
    cuts = np.linspace(0, size, threads * PIECES + 1).astype(int).tolist()
    waiting = list(pairwise(cuts))

    def until_done(thread: int) -> None:
        while True:
            try:
                first, end = waiting.pop()
            except IndexError:
                return
            work(first, end, thread)

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(until_done, thread) for thread in range(threads)]:
            done.result()
