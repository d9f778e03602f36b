"""Tables whose rows are worked out side by side, one process of one thread a core, and printed in their order."""

import math
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

# Compiled code and linear algebra would each start as many threads again as there are cores.
THREADS = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
MOST_PROCESSES = 8  # each holds some 300 MiB, and esda is compiled anew in each
Row = Callable[[], str]


class Table(NamedTuple):
    """A table to be worked out; every row has a seed of its own and can be worked out anywhere."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Row]


def line(names: Sequence[str], answers: dict[str, float], order: Sequence[str]) -> str:
    """One row as it is printed; what was not asked stays empty."""
    told = ("" if math.isnan(answers[name]) else f" {answers[name]:.3f}" for name in order)
    return f"| {' | '.join(names)} |{''.join(f'{each} |' for each in told)}"


def print_tables(tables: Sequence[Table], processes: int) -> None:
    """Work all rows out and print each as soon as it and all before it are done."""
    os.environ |= dict.fromkeys(THREADS, "1")  # read where a process starts, which is why none is forked
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"))
    try:
        asked = [[pool.submit(row) for row in table.rows] for table in tables]
        for table, answers in zip(tables, asked, strict=True):
            columns = f"| {' | '.join(table.columns)} |\n|{'---|' * len(table.columns)}"
            print(f"\n### {table.title}\n\n{columns}", flush=True)
            for answer in answers:
                print(answer.result(), flush=True)
    finally:
        pool.shutdown(cancel_futures=True)


def cores() -> int:
    """How many rows are worked out at a time."""
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(ours, MOST_PROCESSES)
