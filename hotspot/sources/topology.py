"""TopoJSON into features: shared arcs, quantised by the file's own scale and origin, put together again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotspot.errors import N_, SourceError

_Arcs = Sequence[NDArray[np.float64]]


def features_of(held: Mapping[str, Any], layer: str | None, name: str) -> list[dict[str, Any]]:
    """Return the features of a topology as GeoJSON writes them.

    Parameters
    ----------
    held
        A TopoJSON object.
    layer
        Which of its objects; None takes the only one.
    name
        The file's name, for messages.

    Returns
    -------
    list of dict
        Features with properties and geometry.

    Raises
    ------
    SourceError
        If there are several objects and none was chosen.

    Notes
    -----
    With a ``transform`` each arc is a first position and steps from there, in whole numbers; a position is
    ``step sum * scale + translate``. An arc used backwards is given as the complement of its number. [1]_

    References
    ----------
    .. [1] The TopoJSON Format Specification, 2.1.2 and 2.1.3.
    """
    objects = held["objects"]
    if (layer is None and len(objects) > 1) or (layer is not None and layer not in objects):
        raise SourceError(
            N_("One layer of a file is imported at a time."),
            N_("{name} with {layers}"),
            N_("add --layer with one of these names"),
            name=name,
            layers=", ".join(objects),
        )
    chosen = objects[layer if layer is not None else next(iter(objects))]
    arcs = [_positions(held, arc, steps=True) for arc in held["arcs"]]
    return [
        {"type": "Feature", "properties": each.get("properties") or {}, "geometry": _geometry(held, each, arcs)}
        for each in _parts(chosen)
    ]


def _parts(chosen: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return chosen["geometries"] if chosen["type"] == "GeometryCollection" else [chosen]


def _positions(held: Mapping[str, Any], pairs: Sequence[Any], *, steps: bool) -> NDArray[np.float64]:
    """Return coordinates from what the file writes for them."""
    given = np.array([pair[:2] for pair in pairs], dtype=float).reshape(-1, 2)
    transform = held.get("transform")
    if not transform:
        return given
    whole = given.cumsum(axis=0) if steps else given
    placed: NDArray[np.float64] = whole * np.asarray(transform["scale"]) + np.asarray(transform["translate"])
    return placed


def _geometry(held: Mapping[str, Any], each: Mapping[str, Any], arcs: _Arcs) -> dict[str, Any] | None:
    kind = each.get("type")
    if kind == "GeometryCollection":
        return {"type": kind, "geometries": [_geometry(held, part, arcs) for part in each["geometries"]]}
    if kind in ("Point", "MultiPoint"):
        many = [each["coordinates"]] if kind == "Point" else each["coordinates"]
        places = _positions(held, many, steps=False).tolist()
        return {"type": kind, "coordinates": places[0] if kind == "Point" else places}
    depth = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}.get(str(kind))
    return None if depth is None else {"type": kind, "coordinates": _nested(each["arcs"], depth, arcs)}


def _nested(numbers: Sequence[Any], depth: int, arcs: _Arcs) -> list[Any]:
    if depth:
        return [_nested(part, depth - 1, arcs) for part in numbers]
    return [position for line in _joined(numbers, arcs) for position in line.tolist()]


def _joined(numbers: Sequence[int], arcs: _Arcs) -> Iterator[NDArray[np.float64]]:
    """Yield the arcs of a line one after the other; each begins where the one before it ended."""
    for place, number in enumerate(numbers):
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        yield arc[1:] if place else arc
