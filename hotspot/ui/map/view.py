"""What a map shows for one choice of the reader: values, colours and words, no shapes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspot.errors import HotspotError
from hotspot.glossary import Language

Values = pd.Series | NDArray[Any]
Box = tuple[float, float, float, float]
Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
BASES = ("land", "water", "green", "buildings", "roads", "paths", "boundary", "places")


@dataclass(frozen=True, kw_only=True, eq=False)
class Coloured:
    """Values of a layer's features, in classes with one colour each.

    Parameters
    ----------
    layer
        The layer of the geometry whose features are coloured.
    values
        A Series on the layer's own index (any order; a feature it lacks is "cannot say"), or an array in the
        order of the layer's rows. NaN means "cannot say" and is hatched.
    palette
        One colour per class, ``#rrggbb``.
    breaks
        The inner limits between classes, ascending, one fewer than colours; a value on a limit belongs to the
        class above. Empty: the values are themselves the numbers 0, 1, 2… of named classes.
    labels
        The classes in words; without them the limits are written out.
    title, unit
        What the values are and in which unit, in the reader's language.
    decimals
        Digits after the decimal sign in tooltips and legend.
    unsaid
        Positions of named classes that themselves say that nothing can be said, such as "too few data"; they are
        hatched over their colour, each in its own way.
    hidden
        True where the number is withheld; it is shown as such and never leaves the server.
    lower, upper
        The ends of an interval round each value, shown in the tooltip.
    opacity
        0 (invisible) to 1.
    pick
        Whether a click returns its features.
    """

    layer: str
    values: Values
    palette: Sequence[str]
    breaks: Sequence[float] = ()
    labels: Sequence[str] | None = None
    title: str = ""
    unit: str = ""
    decimals: int = 1
    unsaid: Sequence[int] = ()
    hidden: Values | None = None
    lower: Values | None = None
    upper: Values | None = None
    opacity: float = 0.75
    pick: bool = True

    def __post_init__(self) -> None:
        """Refuse classes that do not fit their colours."""
        named = not len(self.breaks)
        if named and self.labels is None:
            raise _class_error("{colours} colours without limits or labels", colours=len(self.palette))
        if not named and len(self.breaks) != len(self.palette) - 1:
            raise _class_error(
                "{limits} limits for {colours} colours", limits=len(self.breaks), colours=len(self.palette)
            )
        if self.labels is not None and len(self.labels) != len(self.palette):
            raise _class_error(
                "{labels} labels for {colours} colours", labels=len(self.labels), colours=len(self.palette)
            )
        if (np.diff(np.asarray(self.breaks, float)) <= 0).any():
            raise _class_error("limits that do not ascend: {limits}", limits=list(self.breaks))


@dataclass(frozen=True, kw_only=True, eq=False)
class Fill(Coloured):
    """Coloured surfaces, such as cells or areas."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Line(Coloured):
    """Coloured lines, such as path segments; "cannot say" is dashed.

    Parameters
    ----------
    width
        Width of the lines. [pixel]
    opacity
        0 (invisible) to 1.
    """

    width: float = 4.0
    opacity: float = 1.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Points(Coloured):
    """Coloured points, such as street lamps; "cannot say" is hollow.

    Parameters
    ----------
    radius
        Radius of the points. [pixel]
    opacity
        0 (invisible) to 1.
    """

    radius: float = 4.0
    opacity: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A surface as one picture, drawn under cells, lines and points.

    Parameters
    ----------
    png
        The picture, its upper edge in the north.
    corners
        Longitude and latitude of its north-western, north-eastern, south-eastern and south-western corner
        [degree]. A raster in metric coordinates needs no resampling: give its own four corners.
    palette, breaks, labels, title, unit, decimals
        The legend, as in `Coloured`; without a palette there is none.
    opacity
        0 (invisible) to 1.
    cannot_say, withheld
        Whether the picture has places that are striped because nothing can be said, or dotted because the number
        is withheld; the legend then says so.
    """

    png: bytes = field(repr=False)
    corners: Corners
    palette: Sequence[str] = ()
    breaks: Sequence[float] = ()
    labels: Sequence[str] | None = None
    title: str = ""
    unit: str = ""
    decimals: int = 1
    opacity: float = 0.75
    cannot_say: bool = False
    withheld: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Outline:
    """Borders with names, such as hot spots or housing areas.

    Parameters
    ----------
    layer
        The layer of the geometry whose borders are drawn.
    labels
        A name per feature, as a Series on the layer's index or a sequence in the order of its rows.
    title
        What they are, for the legend.
    colour
        ``#rrggbb``; None takes the theme's strong text colour.
    width
        Width of the border. [pixel]
    pick
        Whether a click inside returns the feature.
    """

    layer: str
    labels: "pd.Series | Sequence[str] | None" = None
    title: str = ""
    colour: str | None = None
    width: float = 2.5
    pick: bool = True


@dataclass(frozen=True, kw_only=True)
class Contour:
    """Lines over what is coloured, told apart by width and dashes, in the theme's strong text colour.

    Parameters
    ----------
    layer
        The layer of the geometry whose features are the lines.
    labels
        What each line is, in the order of the layer's rows; None for one that is not there, which the legend leaves
        out.
    widths
        Of each line. [pixel]
    dashed
        Whether each line is.
    title
        What they are, for the legend.

    Raises
    ------
    HotspotError
        When there is not one label, width and dash for each line.
    """

    layer: str
    labels: Sequence[str | None]
    widths: Sequence[float]
    dashed: Sequence[bool]
    title: str = ""

    def __post_init__(self) -> None:
        """Refuse lines of which something is not said."""
        if not len(self.labels) == len(self.widths) == len(self.dashed):
            raise HotspotError(
                "Every line over a map has a label, a width and a dash or none.",
                "{labels} labels, {widths} widths, {dashed} dashes",
                "give one of each for every row of the layer",
                labels=len(self.labels), widths=len(self.widths), dashed=len(self.dashed),
            )  # fmt: skip


Mark = Fill | Line | Points | Picture | Outline | Contour


@dataclass(frozen=True, kw_only=True, eq=False)
class MapView:
    """What one map shows.

    Parameters
    ----------
    marks
        Coloured features, pictures and outlines, the lowest first.
    base
        Names of geometry layers drawn quietly beneath for orientation, of `BASES`.
    title
        The map's name, read out by screen readers.
    alt
        One or two sentences that say what the map shows to those who cannot see it.
    language
        Language of controls, legend and numbers.
    bounds
        What is in sight at first: west, south, east, north [degree]; by default all of the first geometry.
    focus
        Where to move to when it changes, in the same order [degree].
    selected
        Layer and label of a feature to emphasise; by default the one clicked last.
    """

    marks: Sequence[Mark]
    base: Sequence[str] = ("land", "water", "green", "buildings", "roads", "paths", "boundary")
    title: str
    alt: str
    language: Language
    bounds: Box | None = None
    focus: Box | None = None
    selected: tuple[str, Any] | None = None

    def __post_init__(self) -> None:
        """Refuse layers beneath whose look is not known."""
        unknown = [name for name in self.base if name not in BASES]
        if unknown:
            raise HotspotError(
                "The layers beneath a map are of the known kinds.",
                "{unknown}",
                "use {known}",
                unknown=", ".join(unknown),
                known=", ".join(BASES),
            )


def _class_error(found: str, **values: Any) -> HotspotError:  # noqa: ANN401 - any printable value
    """Say how the classes of a legend must fit together."""
    return HotspotError(
        "A legend has one colour and one label per class, and ascending limits between the classes.",
        found,
        "give one limit fewer than colours, or labels alone",
        **values,
    )
