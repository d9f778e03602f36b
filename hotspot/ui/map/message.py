"""From a view to the message that the browser reads: values joined to rows, withheld numbers taken out."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspot.errors import HotspotError
from hotspot.ui.map.geometry import MapGeometry
from hotspot.ui.map.view import Coloured, Contour, Fill, Line, MapView, Mark, Outline, Picture, Points, Values
from hotspot.ui.map.wire import Parcel


def view_message(
    geometries: Sequence[MapGeometry],
    view: MapView,
    *,
    key: str,
    height: int,
    blind: bool = False,
    fallback_png: bytes | None = None,
) -> bytes:
    """Return what the browser is told to show.

    Parameters
    ----------
    geometries
        The shapes that the view's layers lie in; no two have a layer of the same name.
    view
        What is shown.
    key
        The map's name on its page, under which the browser remembers its position.
    height
        Height of the map. [pixel]
    blind
        Whether the browser has said that it cannot draw a map.
    fallback_png
        A picture of the map for a browser that cannot draw it.

    Returns
    -------
    bytes
        A message as `hotspot.ui.map.wire.Parcel` closes it.

    Raises
    ------
    HotspotError
        When a layer is missing or named twice, or values do not fit its features.
    """
    owners = _owners(geometries)
    parcel = Parcel()
    header = {
        "message": "view",
        "key": key,
        "geometry": {layer: owner.name for layer, owner in owners.items()},
        "base": [name for name in view.base if name in owners],
        "marks": [_told(mark, owners, parcel) for mark in view.marks],
        "title": view.title,
        "alt": view.alt,
        "language": view.language,
        "bounds": view.bounds or (geometries[0].bounds if geometries else None),
        "focus": view.focus,
        "selected": _selected(view, owners),
        "height": height,
        "blind": blind,
        "fallback": None if fallback_png is None else parcel.put(fallback_png),
    }
    return parcel.close(header)


def _owners(geometries: Sequence[MapGeometry]) -> dict[str, MapGeometry]:
    """Return which geometry each layer lies in."""
    owners: dict[str, MapGeometry] = {}
    for geometry in geometries:
        for layer in geometry.layers:
            if layer in owners:
                raise HotspotError(
                    "A layer's name is found in one geometry of a map only.",
                    "{layer} in {first} and {second}",
                    "rename one of them",
                    layer=layer,
                    first=owners[layer].key,
                    second=geometry.key,
                )
            owners[layer] = geometry
    return owners


def _selected(view: MapView, owners: Mapping[str, MapGeometry]) -> dict[str, Any] | None:
    """Return layer and row of the feature to emphasise; None where the map does not have it."""
    if view.selected is None or view.selected[0] not in owners:
        return None
    layer, label = view.selected
    rows = owners[layer].rows(layer)
    row = int(label) if rows is None else int(rows.get_indexer(pd.Index([label]))[0])
    return {"layer": layer, "row": row} if row >= 0 else None


def _told(mark: Mark, owners: Mapping[str, MapGeometry], parcel: Parcel) -> dict[str, Any]:
    """Put one mark's arrays into the parcel and return its part of the header."""
    match mark:
        case Picture():
            patterns = {"cannotSay": mark.cannot_say, "withheld": mark.withheld}
            drawn = {"png": parcel.put(mark.png), "corners": mark.corners}
            return {"kind": "picture", **drawn, **patterns, **_legend(mark)}
        case Outline():
            return _told_outline(mark, owners, parcel)
        case Contour():
            return _told_contour(mark, owners)
        case Line():
            return {"kind": "line", "width": mark.width, **_told_values(mark, owners, parcel)}
        case Points():
            return {"kind": "points", "radius": mark.radius, **_told_values(mark, owners, parcel)}
        case Fill():
            return {"kind": "fill", **_told_values(mark, owners, parcel)}


def _told_values(mark: Coloured, owners: Mapping[str, MapGeometry], parcel: Parcel) -> dict[str, Any]:
    """Put the values of a layer's features into the parcel, without those that are withheld."""
    owner = _owner(mark.layer, owners)
    values = _aligned(mark.values, owner, mark.layer, float).astype(np.float32)
    hidden = None
    if mark.hidden is not None:
        hidden = _aligned(mark.hidden, owner, mark.layer, bool)
        values[hidden] = np.nan
    interval = [
        None if ends is None else _aligned(ends, owner, mark.layer, float).astype(np.float32)
        for ends in (mark.lower, mark.upper)
    ]
    for ends in interval:
        if ends is not None and hidden is not None:
            ends[hidden] = np.nan
    return {
        "layer": mark.layer,
        "values": parcel.put(values),
        "hidden": None if hidden is None else parcel.put(np.packbits(hidden, bitorder="little")),
        "lower": None if interval[0] is None else parcel.put(interval[0]),
        "upper": None if interval[1] is None else parcel.put(interval[1]),
        "pick": mark.pick,
        "unsaid": list(mark.unsaid),
        **_legend(mark),
    }


def _told_outline(mark: Outline, owners: Mapping[str, MapGeometry], parcel: Parcel) -> dict[str, Any]:
    """Put the places of an outline's names into the parcel."""
    owner = _owner(mark.layer, owners)
    told = {
        "kind": "outline",
        "layer": mark.layer,
        "title": mark.title,
        "colour": mark.colour,
        "width": mark.width,
        "pick": mark.pick,
    }
    if mark.labels is None:
        return {**told, "labels": None, "anchors": None}
    anchors = parcel.put(owner.anchors(mark.layer).astype(np.float64))
    return {**told, "labels": _texts(mark.labels, owner.rows(mark.layer)), "anchors": anchors}


def _told_contour(mark: Contour, owners: Mapping[str, MapGeometry]) -> dict[str, Any]:
    """Return what is said of lines, one for each row of their layer."""
    rows = _owner(mark.layer, owners).rows(mark.layer)
    if rows is not None and len(rows) != len(mark.labels):
        raise HotspotError(
            "There is one label per line of the layer.",
            "{labels} labels for {lines} lines of {layer}",
            "give one for every row, None for a line that is not there",
            labels=len(mark.labels), lines=len(rows), layer=mark.layer,
        )  # fmt: skip
    return {
        "kind": "contour",
        "layer": mark.layer,
        "title": mark.title,
        "labels": list(mark.labels),
        "widths": [float(each) for each in mark.widths],
        "dashed": list(mark.dashed),
        "pick": False,
    }


def _texts(labels: "pd.Series | Sequence[str]", rows: "pd.Index[Any] | None") -> list[str | None]:
    """Return names in the order of the rows; None for a feature without one."""
    series = labels if isinstance(labels, pd.Series) else pd.Series(labels, index=rows, dtype="object")
    if rows is not None:
        series = series.reindex(rows)
    return [str(name) if known else None for name, known in zip(series, series.notna(), strict=True)]


def _legend(mark: Coloured | Picture) -> dict[str, Any]:
    """Return colours and words of the legend."""
    return {
        "palette": list(mark.palette),
        "breaks": [float(limit) for limit in mark.breaks],
        "labels": None if mark.labels is None else list(mark.labels),
        "title": mark.title,
        "unit": mark.unit,
        "decimals": mark.decimals,
        "opacity": mark.opacity,
    }


def _owner(layer: str, owners: Mapping[str, MapGeometry]) -> MapGeometry:
    """Return the geometry of a layer, or say that there is none."""
    if layer not in owners:
        raise HotspotError(
            "A map colours layers that its geometry has.",
            "{layer}",
            "use one of {known}, or add the layer to the geometry",
            layer=layer,
            known=", ".join(owners),
        )
    return owners[layer]


def _aligned(values: Values, owner: MapGeometry, layer: str, kind: type) -> NDArray[Any]:
    """Return values in the order of the layer's rows; a feature without one is NaN (or False)."""
    rows = owner.rows(layer)
    if isinstance(values, pd.Series) and rows is not None:
        _require_shared(values.index, rows, layer)
        values = values.reindex(rows, fill_value=False if kind is bool else np.nan)
    array: NDArray[Any] = np.array(values, dtype=kind)
    if rows is not None and array.shape != (len(rows),):
        raise HotspotError(
            "There is one value per feature of the layer.",
            "{values} values for {features} features of {layer}",
            "give a Series on the layer's index",
            values=array.size,
            features=len(rows),
            layer=layer,
        )
    return array


def _require_shared(index: "pd.Index[Any]", rows: "pd.Index[Any]", layer: str) -> None:
    """Refuse values of which none belongs to the layer."""
    if len(index) and len(rows) and index[0] not in rows and not index.isin(rows).any():  # the first tells mostly
        raise HotspotError(
            "Values carry the labels of the features they belong to.",
            "no label of the values ({label} …) among those of {layer}",
            "index the values as the layer's frame is indexed",
            label=index[0],
            layer=layer,
        )
