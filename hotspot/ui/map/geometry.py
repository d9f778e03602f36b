"""The shapes of a map: encoded once, sent once, kept by the browser under a key."""

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspot.errors import HotspotError, ReferenceSystemError
from hotspot.ui.map.wire import Parcel

_PER_DEGREE = 1e7  # coordinates travel as whole 1e-7 degrees, about a centimetre
_ARCHIVE = b"PMTiles"  # how a PMTiles archive begins
_POINT, _LINE, _POLYGON = 1, 2, 3
_KIND = np.full(8, _POLYGON, np.uint8)
_KIND[[0, 1, 2]] = _POINT, _LINE, _LINE  # shapely's Point, LineString, LinearRing


@dataclass(frozen=True)
class MapGeometry:
    """Shapes that travel to the browser once and are then joined with values by row.

    Parameters
    ----------
    key
        Names these shapes, for instance a grid version; new content under the same key replaces the old.
    layers
        Name to shapes: a GeoDataFrame in EPSG:4326 (a column ``name`` is shown in tooltips and as labels), or
        the bytes of a PMTiles archive of one layer, whose features carry their row (0, 1, 2…) as ``row``.

    Raises
    ------
    ReferenceSystemError
        When a frame is not in longitude and latitude (EPSG:4326).
    HotspotError
        When bytes are not a PMTiles archive.

    Notes
    -----
    Keep the object between reruns (``st.cache_resource``): encoding 20,000 cells takes a tenth of a second.
    """

    key: str
    layers: Mapping[str, gpd.GeoDataFrame | bytes] = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse shapes that a web map cannot draw."""
        for name, shapes in self.layers.items():
            _require_drawable(name, shapes)
        object.__setattr__(self, "layers", MappingProxyType(dict(self.layers)))

    @cached_property
    def payload(self) -> bytes:
        """The message with every layer's shapes."""
        return self._packed[1]

    @property
    def name(self) -> str:
        """What the browser keeps it under: the key and a fingerprint of the content."""
        return self._packed[0]

    @cached_property
    def _packed(self) -> tuple[str, bytes]:
        """Name and message, made together."""
        parcel = Parcel()
        layers = [_encoded(name, shapes, parcel) for name, shapes in self.layers.items()]
        content = hashlib.blake2b(parcel.close({"layers": layers}), digest_size=8).hexdigest()
        name = f"{self.key}:{content}"
        return name, parcel.close({"message": "geometry", "name": name, "layers": layers})

    @cached_property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east and north of all frames [degree]; None when there is no shape."""
        boxes = [f.total_bounds for f in self.layers.values() if isinstance(f, gpd.GeoDataFrame) and len(f)]
        if not boxes:
            return None
        west, south, east, north = np.column_stack(boxes)
        return float(west.min()), float(south.min()), float(east.max()), float(north.max())

    def rows(self, layer: str) -> "pd.Index[Any] | None":
        """Return the labels of a layer's features in the order of their rows.

        Parameters
        ----------
        layer
            A layer's name.

        Returns
        -------
        pandas.Index or None
            None for a PMTiles archive, which knows row numbers only.
        """
        shapes = self.layers[layer]
        return shapes.index if isinstance(shapes, gpd.GeoDataFrame) else None

    def label(self, layer: str, row: int) -> Hashable:
        """Return the label of the feature in a row.

        Parameters
        ----------
        layer
            A layer's name.
        row
            Its row, from 0.

        Returns
        -------
        Hashable
            The frame's own index label; the row itself for a PMTiles archive.
        """
        rows = self.rows(layer)
        if rows is None:
            return row
        label: Hashable = rows[row]
        return label.item() if isinstance(label, np.generic) else label

    def anchors(self, layer: str) -> NDArray[np.float64]:
        """Return where a feature's label is written.

        Parameters
        ----------
        layer
            The name of a layer given as a frame.

        Returns
        -------
        ndarray, shape (features, 2)
            Longitude and latitude of a point inside. [degree]
        """
        shapes = self.layers[layer]
        if isinstance(shapes, bytes):
            return np.empty((0, 2))
        inside = shapely.point_on_surface(shapes.geometry.to_numpy())
        return np.column_stack([shapely.get_x(inside), shapely.get_y(inside)])


def _require_drawable(name: str, shapes: gpd.GeoDataFrame | bytes) -> None:
    """Refuse frames that are not in longitude and latitude, and bytes of another kind."""
    if isinstance(shapes, bytes):
        if not shapes.startswith(_ARCHIVE):
            raise HotspotError(
                "The bytes of a map layer are a PMTiles archive.",
                "layer {name} begins with something else",
                "give a GeoDataFrame in EPSG:4326 or the bytes of a .pmtiles file",
                name=name,
            )
        return
    if shapes.crs is None or shapes.crs.to_epsg() != 4326:  # noqa: PLR2004 - longitude and latitude, WGS 84
        raise ReferenceSystemError(
            "Shapes for the map are in longitude and latitude (EPSG:4326).",
            "layer {name} is in {crs}",
            "reproject it in hotspot.crs before it is drawn",
            name=name,
            crs=shapes.crs,
        )


def _encoded(name: str, shapes: gpd.GeoDataFrame | bytes, parcel: Parcel) -> dict[str, Any]:
    """Put one layer into the parcel and return its part of the header."""
    if isinstance(shapes, bytes):
        return {"name": name, "archive": parcel.put(shapes)}
    header = {"name": name, "n": len(shapes), **_encoded_parts(shapes.geometry.to_numpy(), parcel)}
    if "name" in shapes:
        names = shapes["name"]
        header["names"] = [None if pd.isna(n) else str(n) for n in names]
    return header


def _encoded_parts(geometries: NDArray[np.object_], parcel: Parcel) -> dict[str, Any]:
    """Split shapes into points, lines and polygons, and these into runs of coordinates.

    Notes
    -----
    Per part its feature's row, its kind and its number of runs (a polygon has one per ring), per run its
    number of coordinates, and all coordinates as differences from the one before, which compress well.
    """
    parts, rows = _simple_parts(geometries)
    kinds = _KIND[shapely.get_type_id(parts)]
    rings, ring_part = shapely.get_rings(parts[kinds == _POLYGON], return_index=True)
    polygons, others = np.flatnonzero(kinds == _POLYGON), np.flatnonzero(kinds != _POLYGON)
    runs = np.concatenate([parts[others], rings])
    run_part = np.concatenate([others, polygons[ring_part]])
    order = np.argsort(run_part, kind="stable")
    coordinates, run_of = shapely.get_coordinates(runs[order], return_index=True)
    whole = np.rint(coordinates * _PER_DEGREE).astype(np.int32)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), np.int32)).astype(np.int32)
    return {
        "rows": parcel.put(rows.astype(np.uint32)),
        "kinds": parcel.put(kinds),
        "runs": parcel.put(np.bincount(run_part, minlength=len(parts)).astype(np.uint32)),
        "lengths": parcel.put(np.bincount(run_of, minlength=len(runs)).astype(np.uint32)),
        "x": parcel.put(steps[:, 0]),
        "y": parcel.put(steps[:, 1]),
    }


def _simple_parts(geometries: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Return points, lines and polygons with the row that each belongs to; empty shapes have none."""
    parts, rows = shapely.get_parts(geometries, return_index=True)
    while (shapely.get_type_id(parts) > _POLYGON).any():  # a collection may hold collections
        parts, of = shapely.get_parts(parts, return_index=True)
        rows = rows[of]
    drawn = ~(shapely.is_missing(parts) | shapely.is_empty(parts))
    return parts[drawn], rows[drawn]
