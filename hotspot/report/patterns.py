"""Colours and patterns of a printed map and of its legend, told apart in black and white too."""

from collections.abc import Sequence

import geopandas as gpd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from hotspot.glossary.palettes import CANNOT_SAY, HIDDEN

INK = "#1d2430"
UNKNOWN_HATCH, HIDDEN_HATCH = "////", "...."
_OVER = "#3b424d"  # of the patterns that lie over a class's own grey
_FINE = 0.45  # width of their lines [pt]: told apart, yet quieter than the hot spots
_BROAD = 0.7  # as in the legend
_UNSAID_HATCHES = ("//////", "\\\\\\\\\\\\", "xxxxxx")  # as the map of the app: rising, falling, crossed
_DASHES = ("--", "-.", (0, (1, 3)))


def draw_shapes(axes: Axes, frame: gpd.GeoDataFrame, colours: Sequence[str], *, lines: bool = False) -> None:
    """Draw shapes in their class's colour.

    Parameters
    ----------
    axes
        Of the map.
    frame
        Shapes.
    colours
        One per shape.
    lines
        Whether they are pieces of path.
    """
    if len(frame):
        edge = {"linewidth": 1.8} if lines else {"linewidth": 0.5, "edgecolor": "#ffffff"}
        frame.plot(ax=axes, color=list(colours), zorder=3, aspect=None, **edge)


def draw_hatched(axes: Axes, frame: gpd.GeoDataFrame, hatch: str, *, lines: bool = False) -> None:
    """Draw shapes about which nothing can be said, or whose number is withheld.

    Parameters
    ----------
    axes
        Of the map.
    frame
        Shapes.
    hatch
        `UNKNOWN_HATCH` or `HIDDEN_HATCH`.
    lines
        Whether they are pieces of path: drawn dotted instead.
    """
    colour = CANNOT_SAY if hatch == UNKNOWN_HATCH else HIDDEN
    if not len(frame):
        return
    if lines:
        frame.plot(ax=axes, color=colour, linewidth=1.0, linestyle=":", zorder=3, aspect=None)
        return
    frame.plot(ax=axes, facecolor="#ffffff", edgecolor=colour, linewidth=0.5, zorder=3, aspect=None)
    _hatch(axes, frame, hatch, colour, _BROAD)


def draw_unsaid(axes: Axes, frame: gpd.GeoDataFrame, place: int, *, lines: bool = False) -> None:
    """Hatch shapes of a class that says in its own words that nothing can be said, over the class's colour.

    Parameters
    ----------
    axes
        Of the map.
    frame
        Shapes, drawn in their colour already.
    place
        Place of the class among those of its layer that can say nothing, from 0.
    lines
        Whether they are pieces of path: each such class is drawn with dashes of its own instead.
    """
    if not len(frame):
        return
    if lines:
        dashes = _DASHES[place % len(_DASHES)]
        frame.plot(ax=axes, color=_OVER, linewidth=1.0, linestyle=dashes, zorder=3, aspect=None)
        return
    _hatch(axes, frame, unsaid_hatch(place), _OVER, _FINE)


def _hatch(axes: Axes, frame: gpd.GeoDataFrame, hatch: str, colour: str, width: float) -> None:
    """Draw one pattern over shapes joined into one: hatching a thousand cells one by one takes two seconds."""
    joined = gpd.GeoSeries([frame.geometry.union_all()], crs=frame.crs)
    joined.plot(ax=axes, facecolor="none", edgecolor=colour, hatch=hatch, linewidth=0.0, zorder=3, aspect=None)
    axes.collections[-1].set_hatch_linewidth(width)


def unsaid_hatch(place: int) -> str:
    """Return the pattern of a class that can say nothing, the same on the map and in its legend.

    Parameters
    ----------
    place
        Place of the class among those of its layer that can say nothing, from 0.

    Returns
    -------
    str
        As the map of the app hatches it: rising, falling, crossed.
    """
    return _UNSAID_HATCHES[place % len(_UNSAID_HATCHES)]


def swatch(colour: str, label: str, hatch: str = "") -> Patch:
    """Return one line of a legend.

    Parameters
    ----------
    colour
        The class's colour.
    label
        What it means.
    hatch
        From `unsaid_hatch`, for a class that can say nothing.

    Returns
    -------
    Patch
        For `hotspot.report.drawing.finish`.
    """
    edge = _OVER if hatch else "#8b93a1"
    patch = Patch(facecolor=colour, edgecolor=edge, hatch=hatch or None, linewidth=0.4, label=label)
    if hatch:
        patch.set_hatch_linewidth(_FINE)
    return patch


def hatched_swatch(hatch: str, label: str) -> Patch:
    """Return the legend's line for a pattern.

    Parameters
    ----------
    hatch
        `UNKNOWN_HATCH` or `HIDDEN_HATCH`.
    label
        What it means.

    Returns
    -------
    Patch
        For `hotspot.report.drawing.finish`.
    """
    colour = CANNOT_SAY if hatch == UNKNOWN_HATCH else HIDDEN
    return Patch(facecolor="#ffffff", edgecolor=colour, hatch=hatch, linewidth=0.4, label=label)
