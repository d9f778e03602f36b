"""Answers kept between runs: a layer is measured again only if something it depends on has changed."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar, cast

import numpy as np
import pandas as pd

from hotspot import __version__
from hotspot.errors import Told
from hotspot.grid import Lattice
from hotspot.layers import LayerSpec
from hotspot.measures import MEASURES, Measured, Surface
from hotspot.study import Study

Parts = dict[str, "pd.DataFrame | np.ndarray[Any, Any]"]
_Frame = TypeVar("_Frame", bound=pd.DataFrame)


class Shelf(Protocol):
    """Where answers are kept by key; the store offers one."""

    def take(self, key: str) -> tuple[Parts, dict[str, Any]] | None:
        """Return what was kept under a key, or None."""

    def put(self, key: str, parts: Parts, words: dict[str, Any]) -> None:
        """Keep something under a key."""


class Keeper:
    """Keeps what goes into layers and choices between runs, by the tables that it depends on.

    Parameters
    ----------
    shelf
        Where; None keeps nothing.
    hashes
        Content hash of every kind of table and of the place.
    code
        Version of the code.
    """

    def __init__(self, shelf: Shelf | None, hashes: Mapping[str, str], code: str) -> None:
        self._shelf, self._hashes, self._code = shelf, hashes, code

    def frame(self, name: str, kinds: Sequence[str], work: Callable[[], _Frame]) -> _Frame:
        """Return a table as it was kept, or work it out and keep it.

        Parameters
        ----------
        name
            What it is.
        kinds
            Tables that it depends on, besides the place; nothing else may change it.
        work
            Gives the table.

        Returns
        -------
        DataFrame
            The same, kept or fresh.
        """
        if self._shelf is None:
            return work()
        told = [name, self._hashes.get("place", ""), {kind: self._hashes.get(kind, "") for kind in sorted(kinds)}]
        key = _hash([*told, __version__, self._code])
        found = self._shelf.take(key)
        if found is None:
            self._shelf.put(key, {"frame": work()}, {})
            found = self._shelf.take(key)
        return cast("_Frame", found[0]["frame"]) if found else work()


def layer_key(
    spec: LayerSpec, study: Study, hashes: Mapping[str, str], code: str, period: tuple[dt.date, dt.date] | None = None
) -> str:
    """Return what stands for everything one layer's answer depends on.

    Parameters
    ----------
    spec
        The layer; only its measure and parameters count, not how it is shown or said.
    study
        The recipe; only the fields that the measure asks for count.
    hashes
        Content hash of every kind of table.
    code
        Version of the code.
    period
        The days counted, where the study leaves them to the sources.

    Returns
    -------
    str
        A hash.
    """
    measure = MEASURES[spec.measure]
    asked = study.but(period=study.period or period).plain()
    told = {
        "measure": spec.measure,
        "support": spec.support,
        "parameters": dict(spec.parameters),
        "study": {name: asked.get(name) for name in measure.asks},
        "place": hashes.get("place", ""),
        "tables": {kind: hashes.get(kind, "") for kind in sorted({*measure.needs, *measure.uses})},
        "code": [__version__, code],
    }
    return _hash(told)


def _hash(told: object) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:24]


def pack(measured: Measured) -> tuple[Parts, dict[str, Any]]:
    """Take an answer apart into frames, arrays and plain words.

    Parameters
    ----------
    measured
        The answer.

    Returns
    -------
    tuple
        Frames and arrays by name, and what JSON can hold.
    """
    parts: Parts = {}
    words: dict[str, Any] = {
        "notes": [note.plain() for note in measured.notes],
        "facts": {name: float(value) for name, value in measured.facts.items()},
    }
    if measured.frame is not None:
        parts["frame"] = measured.frame
    if measured.surface is not None:
        surface = measured.surface
        lattice = surface.lattice
        words["lattice"] = [lattice.west, lattice.north, lattice.pixel_m, lattice.rows, lattice.cols]
        for name in ("values", "error", "effective", "places"):
            array = getattr(surface, name)
            if array is not None:
                parts[name] = array
    return parts, words


def unpack(parts: Parts, words: Mapping[str, Any]) -> Measured:
    """Put an answer together again.

    Parameters
    ----------
    parts, words
        As from `pack`.

    Returns
    -------
    Measured
        The answer.
    """
    surface = None
    if "lattice" in words:
        west, north, pixel_m, rows, cols = words["lattice"]
        arrays = {name: np.asarray(parts[name]) for name in ("values", "error", "effective", "places") if name in parts}
        surface = Surface(Lattice(west, north, pixel_m, int(rows), int(cols)), **arrays)
    frame = parts.get("frame")
    return Measured(
        frame=frame if isinstance(frame, pd.DataFrame) else None,
        surface=surface,
        notes=tuple(Told.from_plain(note) for note in words["notes"]),
        facts=dict(words["facts"]),
    )
