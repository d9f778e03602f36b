"""The furniture of a printed map: frame, scale bar, north arrow, legend, and bytes for print."""

import math
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Literal

import geopandas as gpd
import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.path import Path as OutlinePath
from matplotlib.patheffects import withStroke

from hotspot.glossary import Language, amount
from hotspot.release.contract import Release
from hotspot.report.patterns import INK

Format = Literal["png", "svg"]
QUIET = "#d5d9e0"
_WIDTH_IN = 6.7  # the text width of an A4 page
_DPI = 200
_STEPS = (1, 2, 5)
_LABEL_SHARE = 0.06  # of the map's width: a smaller shape would be covered by its own label
_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "hatch.linewidth": 0.7,
    "svg.hashsalt": "hotspot",
    "svg.fonttype": "path",
    "text.color": INK,
}


def new_map(release: Release) -> tuple[Figure, Axes]:
    """Return an empty map of the place, with the quiet layers underneath.

    Parameters
    ----------
    release
        What the audience may see.

    Returns
    -------
    tuple
        Figure and axes; room for a legend at the right.
    """
    west, south, east, north = release.place.boundary.bounds
    margin = 0.03 * max(east - west, north - south)
    share = (north - south + 2 * margin) / (east - west + 2 * margin)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH_IN, min(max(0.68 * _WIDTH_IN * share, 2.4), 6.2)))
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.0, 0.0, 0.70, 1.0))
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set_xlim(west - margin, east + margin)
    axes.set_ylim(south - margin, north + margin)
    _quiet(release, axes)
    return figure, axes


def _quiet(release: Release, axes: Axes) -> None:
    gpd.GeoSeries([release.place.boundary], crs=release.place.crs).plot(
        ax=axes, facecolor="#fbfbfa", edgecolor="#8b93a1", linewidth=0.7, zorder=0, aspect=None
    )
    for name, colour, width in (("green", "#e6efe2", 0.0), ("buildings", "#d9d9d9", 0.0)):
        if name in release.geometry and len(release.geometry[name]):
            inside = release.geometry[name].geometry.intersection(release.place.boundary)
            if not inside.is_empty.all():
                inside[~inside.is_empty].plot(ax=axes, color=colour, linewidth=width, zorder=1, aspect=None)


def outline_of(release: Release) -> OutlinePath:
    """Return the place's outline, to keep patterns inside it.

    Parameters
    ----------
    release
        What the audience may see.

    Returns
    -------
    Path
        Outer rings. [m]
    """
    parts = getattr(release.place.boundary, "geoms", [release.place.boundary])
    rings = [OutlinePath(np.asarray(part.exterior.coords)[:, :2], closed=True) for part in parts]
    return OutlinePath.make_compound_path(*rings)


def roads_above(release: Release, axes: Axes) -> None:
    """Draw paths and streets thinly above the areas, so that a reader finds the way.

    Parameters
    ----------
    release
        What the audience may see.
    axes
        Of the map.
    """
    roads = release.geometry.get("roads")
    if roads is not None and len(roads):
        roads.plot(ax=axes, color="#7b8494", linewidth=0.35, alpha=0.6, zorder=4, aspect=None)


def number_shapes(axes: Axes, frame: gpd.GeoDataFrame, labels: Sequence[str]) -> None:
    """Write a label inside each shape, or beside one that it would cover, with a light rim that stands out.

    Parameters
    ----------
    axes
        Of the map.
    frame
        Shapes.
    labels
        One per shape; an empty one is left out.
    """
    least = _LABEL_SHARE * (axes.get_xlim()[1] - axes.get_xlim()[0])
    for shape, label in zip(frame.geometry, labels, strict=True):
        if not label:
            continue
        at, (west, south, east, north) = shape.representative_point(), shape.bounds
        small = max(east - west, north - south) < least
        text = axes.annotate(
            label, (at.x, at.y), xytext=(11, 11) if small else (0, 0), textcoords="offset points", ha="center",
            va="center", fontsize=8, weight="bold", zorder=7,
            arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 0.8, "shrinkB": 3} if small else None,
        )  # fmt: skip
        text.set_path_effects([withStroke(linewidth=2.2, foreground="#ffffff")])


def finish(figure: Figure, handles: Sequence[Artist], title: str, language: Language, form: Format) -> bytes:
    """Add legend, scale bar and north arrow, and return the picture.

    Parameters
    ----------
    figure
        From `new_map`.
    handles
        Lines of the legend.
    title
        Its heading, with the unit.
    language
        ``"da"`` or ``"en"``.
    form
        ``"png"`` or ``"svg"``.

    Returns
    -------
    bytes
        The same for the same map.
    """
    axes = figure.axes[0]
    with mpl.rc_context(_STYLE):
        legend = figure.legend(
            handles=list(handles), title=title, loc="upper left", bbox_to_anchor=(0.71, 0.98), frameon=False,
            handlelength=1.8, handleheight=1.2, labelspacing=0.55, alignment="left", borderaxespad=0.0,
        )  # fmt: skip
        legend.get_title().set_fontweight("bold")
        _scale_bar(figure, axes, language)
        _north_arrow(figure)
        out = BytesIO()
        extra = {"Date": None} if form == "svg" else {"Software": None}
        figure.savefig(out, format=form, dpi=_DPI, facecolor="#ffffff", metadata=extra)
    return out.getvalue()


def _scale_bar(figure: Figure, axes: Axes, language: Language) -> None:
    """Draw a bar of a round length that fills about a fifth of the figure."""
    axes.apply_aspect()
    metres_shown = axes.get_xlim()[1] - axes.get_xlim()[0]
    box = axes.get_position()
    per_figure = metres_shown / box.width
    length = _round_below(0.20 * per_figure)
    width = length / per_figure
    left, bottom = 0.72, 0.06
    for part, colour in ((0, INK), (1, "#ffffff")):
        figure.add_artist(
            Rectangle(
                (left + part * width / 2, bottom),
                width / 2,
                0.012,
                facecolor=colour,
                edgecolor=INK,
                linewidth=0.6,
            )
        )
    said = f"{amount(length / 1000, language)} km" if length >= 1000 else f"{amount(length, language)} m"  # noqa: PLR2004 - a kilometre
    figure.text(left, bottom + 0.02, "0", ha="center", va="bottom", fontsize=7)
    figure.text(left + width, bottom + 0.02, said, ha="center", va="bottom", fontsize=7)


def _round_below(metres: float) -> float:
    """Return the largest 1, 2 or 5 times a power of ten that is not longer."""
    power = 10.0 ** math.floor(math.log10(metres))
    return max(step * power for step in _STEPS if step * power <= metres)


def _north_arrow(figure: Figure) -> None:
    figure.text(0.965, 0.085, "N", ha="center", va="bottom", fontsize=8, weight="bold")
    shaft = figure.add_axes((0.95, 0.02, 0.03, 0.07))
    shaft.set_axis_off()
    shaft.fill(np.array([0.5, 0.15, 0.5]), np.array([1.0, 0.0, 0.2]), facecolor=INK, edgecolor=INK, linewidth=0.5)
    shaft.fill(
        np.array([0.5, 0.85, 0.5]),
        np.array([1.0, 0.0, 0.2]),
        facecolor="#ffffff",
        edgecolor=INK,
        linewidth=0.5,
    )
