"""Where independent pieces of work are done: one after the other here, or on the workers of a Dask scheduler."""

import importlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from hotspot.errors import N_, StudyError

_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")
_PATIENCE_S = 10


def spread(
    work: Callable[..., _Answer], shared: tuple[Any, ...], items: Sequence[_Item], scheduler: str = ""
) -> Iterator[tuple[int, _Answer]]:
    """Do the same work for many items.

    Parameters
    ----------
    work
        An importable function of what is shared and one item.
    shared
        Sent to every worker once.
    items
        What differs.
    scheduler
        Address of a Dask scheduler, as ``tcp://host:port``, whose workers have this version of the package; empty
        works here.

    Yields
    ------
    tuple
        Position of an item and its answer, as each is done.

    Raises
    ------
    StudyError
        If Dask is not installed, or nothing answers at the address.
    """
    if not scheduler:
        for number, item in enumerate(items):
            yield number, work(*shared, item)
        return
    try:
        dask: Any = importlib.import_module("distributed")  # without types of its own
    except ImportError as missing:
        raise StudyError(
            N_("Work is given to a scheduler with Dask."),
            N_("Dask is not installed"),
            N_("pip install hotspot[scale], or leave --scheduler out"),
        ) from missing
    try:
        client = dask.Client(scheduler, timeout=_PATIENCE_S, set_as_default=False)
    except (OSError, ValueError) as silent:
        raise StudyError(
            N_("A Dask scheduler answers at the address of --scheduler, written as tcp://host:port."),
            N_("no answer from {address} in {seconds} seconds"),
            N_("start one with dask scheduler, or leave --scheduler out"),
            address=scheduler,
            seconds=_PATIENCE_S,
        ) from silent
    with client:
        sent = [client.scatter(each, broadcast=True, hash=False) for each in shared]
        asked = {client.submit(work, *sent, item, pure=False): number for number, item in enumerate(items)}
        for done in dask.as_completed(list(asked), loop=client.loop):
            yield asked[done], done.result()
