"""The map of the app: shapes sent once, values per filter, clicks back. Read `component`, then `view`."""

from hotspot.ui.map.component import MapClick, show_map
from hotspot.ui.map.geometry import MapGeometry
from hotspot.ui.map.view import Contour, Fill, Line, MapView, Outline, Picture, Points

__all__ = ["Contour", "Fill", "Line", "MapClick", "MapGeometry", "MapView", "Outline", "Picture", "Points", "show_map"]
