"""What a measure returns, and how it stands in the register."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.errors import Told
from hotspot.grid import Lattice

Support = Literal["surface", "cells", "areas", "segments"]


@dataclass(frozen=True)
class Surface:
    """Values on pixels.

    Parameters
    ----------
    lattice
        The raster frame.
    values : array, shape (rows, cols)
        In the layer's unit; NaN means "cannot say".
    error : array, shape (rows, cols), optional
        Standard error in the same unit.
    effective : array, shape (rows, cols), optional
        How many incidents or answers effectively carry the value; what masks are made from.
    places : array, shape (rows, cols), optional
        How many distinct addresses carry it.
    """

    lattice: Lattice
    values: npt.NDArray[np.float64]
    error: npt.NDArray[np.float64] | None = None
    effective: npt.NDArray[np.float64] | None = None
    places: npt.NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Measured:
    """What a measure found.

    Parameters
    ----------
    frame
        One row per member of the support, on its ids. Columns: ``value`` always; ``lower`` and ``upper``
        (its interval), ``n`` (the count or answers behind it), ``pvalue``, ``qvalue``, ``klass`` where they
        apply, and others that the register names. NaN means "cannot say".
    surface
        For surfaces, instead of the frame.
    notes
        What the reader should know: automatic choices, assumptions, limits.
    facts
        Numbers about the whole, such as the bandwidth used, by term.
    """

    frame: pd.DataFrame | None = None
    surface: Surface | None = None
    notes: tuple[Told, ...] = ()
    facts: Mapping[str, float] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Say its size."""
        if self.surface is not None:
            return f"surface of {self.surface.lattice.rows} × {self.surface.lattice.cols} pixels"
        return f"{0 if self.frame is None else len(self.frame)} rows"


@dataclass(frozen=True)
class Measure:
    """One line of the register.

    Parameters
    ----------
    function
        ``function(scene, **parameters) -> Measured``; its keyword-only arguments are its parameters.
    supports
        What its values may belong to.
    needs
        Kinds of tables without which it cannot answer.
    uses
        Kinds of tables it reads if they are there; with ``needs`` they decide when it must run again.
    asks
        Fields of the study it depends on.
    columns
        Columns it returns beside ``value``.
    """

    function: Callable[..., Measured]
    supports: tuple[Support, ...]
    needs: tuple[str, ...]
    uses: tuple[str, ...] = ()
    asks: tuple[str, ...] = ("period", "categories", "light", "cell_m", "seed")
    columns: tuple[str, ...] = ()

    def parameters(self) -> Mapping[str, Any]:
        """Return the names and defaults of its parameters.

        Returns
        -------
        mapping
            Parameter to default.
        """
        signature = inspect.signature(self.function)
        return {p.name: p.default for p in signature.parameters.values() if p.kind is p.KEYWORD_ONLY}
