"""The map on a page: mounts the component, sends what is new and returns the last click."""

from collections.abc import Callable, Hashable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import streamlit as st

from hotspot.errors import HotspotError
from hotspot.ui.map.geometry import MapGeometry
from hotspot.ui.map.message import view_message
from hotspot.ui.map.view import MapView

_COMPONENT = "hotspot.map"  # project and component as hotspot/pyproject.toml declares them


class MapClick(NamedTuple):
    """The feature that was clicked last.

    Parameters
    ----------
    layer
        Its layer.
    id
        Its label in the layer's own index.
    row
        Its row in the layer, from 0.
    lon, lat
        Where the click was. [degree]
    """

    layer: str
    id: Hashable
    row: int
    lon: float
    lat: float


def show_map(
    geometry: MapGeometry | Sequence[MapGeometry],
    view: MapView,
    *,
    key: str,
    height: int = 560,
    fallback_png: bytes | Callable[[], bytes] | None = None,
) -> MapClick | None:
    """Show a map and return the feature clicked last.

    Parameters
    ----------
    geometry
        The shapes, sent to the browser once per content; several, so that shapes which change with the filter
        (hot spots) do not make the others travel again.
    view
        What is shown of them.
    key
        Names the map on its page; the same key keeps the same map and its position.
    height
        Height of the map. [pixel]
    fallback_png
        A picture (or what makes one) for browsers that cannot draw the map; only sent to those.

    Returns
    -------
    MapClick or None
        None before the first click, after one beside all features, and when the shapes have changed since.

    Raises
    ------
    HotspotError
        When the component has not been built, or view and geometry do not fit.
    """
    geometries = (geometry,) if isinstance(geometry, MapGeometry) else tuple(geometry)
    mount = _component()
    blind = _blind(key)
    picture = (fallback_png() if callable(fallback_png) else fallback_png) if blind else None
    message = view_message(geometries, view, key=key, height=height, blind=blind, fallback_png=picture)
    with st.container(gap=None):
        for shapes in geometries:
            mount(key=f"{key}-{shapes.key}", data=shapes.payload)
        state = mount(
            key=key,
            data=message,
            default={"click": None, "blind": False},
            on_click_change=_noted,
            on_blind_change=_noted,
        )
    return _click(state["click"], geometries)


@cache
def _component() -> Callable[..., Any]:
    """Register the packaged component, once per process."""
    if not any(entry.name.endswith(".js") for entry in _built()):
        raise HotspotError(
            "The map component is built before the app starts.",
            "no script in hotspot/ui/map/dist",
            "make app, or: npm ci && npm run build in hotspot/ui/map",
        )
    mounted: Callable[..., Any] = st.components.v2.component(
        _COMPONENT, html='<div class="hotspot-map"></div>', css="style-*.css", js="index-*.js"
    )
    return mounted


def _built() -> list[Any]:
    """Return what the build has left; nothing when there was none."""
    folder = files("hotspot.ui.map") / "dist"
    return list(folder.iterdir()) if folder.is_dir() else []


def _noted() -> None:
    """Let a click start a run; the value is read from the component itself."""


def _blind(key: str) -> bool:
    """Return whether the browser has said that it cannot draw the map."""
    told = st.session_state.get(key)
    return bool(told and told.get("blind"))


def _click(told: dict[str, Any] | None, geometries: Sequence[MapGeometry]) -> MapClick | None:
    """Return the click on shapes that are still shown."""
    if not told:
        return None
    for shapes in geometries:
        if shapes.name == told["geometry"] and told["layer"] in shapes.layers:
            row = int(told["row"])
            return MapClick(told["layer"], shapes.label(told["layer"], row), row, told["lon"], told["lat"])
    return None
