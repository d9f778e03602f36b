"""What of a result may not be told to everybody, worked out once for all audiences."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from hotspot.layers import Layer
from hotspot.pipeline import Result
from hotspot.release.cells import hidden_cells
from hotspot.release.cube import ALL, NO_CUBE, Cube, Table, count_cube
from hotspot.release.deliveries import NO_DELIVERIES, Deliveries
from hotspot.release.earlier import Differences
from hotspot.release.linked import ANSWERS, COUNT, CUBE, Hidden, counts_answers, linked
from hotspot.release.order import order_for_all
from hotspot.release.standing import NOTHING_STANDS, stand
from hotspot.release.ties import LEAST_INCIDENTS
from hotspot.release.ways import hidden_ways, on_ways

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Settled:
    """A result, and what of it may not be told to those who may not see small counts.

    Parameters
    ----------
    result
        In the one order for everybody, see `hotspot.release.order.order_for_all`; all its numbers are in it.
    before
        How it differs from what was released before.
    cube
        The fixed table as it stands, see `hotspot.release.standing`; empty for another recipe than the study's own.
    linked
        Which counts of places, hot spots and measures are hidden.
    layers
        Layer key to which rows of its table are hidden.
    order
        By ``area_id`` and layer, True where a place's number does not count in the order.
    """

    result: Result
    before: Differences | None
    cube: Cube
    linked: Hidden
    layers: Mapping[str, Mask]
    order: pd.DataFrame

    @property
    def filtered(self) -> bool:
        """Whether another recipe was answered on the same data before."""
        return self.before is not None and self.before.filtered

    @property
    def no_table(self) -> bool:
        """Whether the study's own recipe has no fixed table because it cannot stand beside one told before."""
        return (
            self.before is not None and not self.filtered and bool(self.before.standing.years and not self.cube.counts)
        )

    @property
    def deliveries(self) -> Deliveries:
        """What was told of other deliveries of the data."""
        return self.before.deliveries if self.before is not None else NO_DELIVERIES


def settle(result: Result, before: Differences | None = None) -> Settled:
    """Work out what of a result may not be told to everybody.

    Parameters
    ----------
    result
        A run's result.
    before
        How it differs from what was released before, from `hotspot.release.before`.

    Returns
    -------
    Settled
        For `hotspot.release.release`, whoever it is for.
    """
    filtered = before is not None and before.filtered
    cube = NO_CUBE if filtered else count_cube(result)
    hidden = linked(result, cube, LEAST_INCIDENTS, before)
    lines = list(cube.counts)
    gone = [key for key, away in zip(lines, hidden.of(*((CUBE, *key) for key in lines)), strict=True) if away]
    table = stand(cube, set(gone), before.standing if before is not None else NOTHING_STANDS)
    hidden = replace(hidden, table=table)
    layers = {key: _of_layer(key, layer, hidden) for key, layer in result.layers.items()}
    layers |= hidden_cells(result, LEAST_INCIDENTS, before, _untold(result, hidden, table))
    layers |= hidden_ways(result, LEAST_INCIDENTS, before)
    if before is not None and before.other_grid:
        layers |= {key: np.ones_like(layers[key]) for key, each in result.layers.items() if _by_cells(each)}
    settled, order = order_for_all(result, layers)
    return Settled(settled, before, table.cube, hidden, layers, order)


def _by_cells(layer: Layer) -> bool:
    """Say whether a layer has a value for each cell, or is shown by stretches as long as a cell."""
    return layer.spec.support == "cells" or on_ways(layer)


def _untold(result: Result, hidden: Hidden, table: Table) -> set[tuple[str, str]]:
    """Return the places whose count is hidden, each with a category or empty text for all.

    Without a fixed table, as for another recipe, none of a single category is told.
    """
    areas = list(map(str, result.places.index))
    gone = hidden.of(*((COUNT, area) for area in areas))
    every = [area for area, away in zip(areas, gone, strict=True) if away]
    lines = {(area, code) for area, _period, code in table.hidden}
    if not table.cube.counts:
        lines = set(product(areas, result.categories))
    return lines - {(area, ALL) for area in areas} | {(area, ALL) for area in every}


def _of_layer(key: str, layer: Layer, hidden: Hidden) -> Mask:
    """Which rows of a layer are hidden for their count."""
    frame = layer.measured.frame
    if frame is None or layer.spec.support != "areas":
        return np.zeros(0 if frame is None else len(frame), dtype=bool)
    keys: list[tuple[Hashable, ...]] = [(key, area_id) for area_id in frame.index]
    gone = hidden.of(*keys)
    if counts_answers(layer):
        gone |= hidden.of(*((ANSWERS, key, area_id) for area_id in frame.index))
    return gone
