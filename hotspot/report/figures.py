"""Printed maps: priorities, any layer, hot spots; each with words for those who do not see it."""

import textwrap
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from hotspot.errors import N_
from hotspot.glossary import Language, amount, words
from hotspot.glossary.palettes import CANNOT_SAY, HIDDEN
from hotspot.release.contract import Release, Shown
from hotspot.report.classes import (
    CANNOT_RANK,
    UNKNOWN,
    WITHHELD,
    Classed,
    class_labels,
    class_of,
    class_of_numbers,
    classed,
    legend_title,
    rank_classes,
    unsaid_classes,
)
from hotspot.report.contours import LINES_TITLE, STROKES, contour_lines, stroke_names
from hotspot.report.drawing import Format, finish, new_map, number_shapes, outline_of, roads_above
from hotspot.report.names import text_of
from hotspot.report.patterns import (
    HIDDEN_HATCH,
    INK,
    UNKNOWN_HATCH,
    draw_hatched,
    draw_shapes,
    draw_unsaid,
    hatched_swatch,
    swatch,
    unsaid_hatch,
)
from hotspot.report.tables import ranked
from hotspot.report.words import CANNOT_SAY as CANNOT_SAY_TEXT
from hotspot.report.words import hidden_text, least_of

_RIM = "#a3231c"
_LEGEND_CHARACTERS = 24


def priorities_map(release: Release, language: Language, form: Format = "png") -> bytes:
    """Draw which places come first, numbered.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.
    form
        ``"png"`` or ``"svg"``.

    Returns
    -------
    bytes
        The picture.
    """
    _ = words(language)
    table = ranked(release).reindex(release.geometry["areas"].index)
    areas = release.geometry["areas"]
    rank = table["rank"].astype(float)
    classes = rank_classes(language)
    figure, axes = new_map(release)
    known = rank.notna().to_numpy()
    draw_shapes(axes, areas[known], [_rank_colour(each, classes) for each in rank[known]])
    draw_hatched(axes, areas[~known], UNKNOWN_HATCH)
    roads_above(release, axes)
    _outline_hotspots(release, axes)
    number_shapes(axes, areas, ["" if np.isnan(each) else amount(each, language) for each in rank])
    handles: list[Patch | Line2D] = [
        swatch(colour, text) for low, high, text, colour in classes if rank.between(low, high).any()
    ]
    if not known.all():
        handles.append(hatched_swatch(UNKNOWN_HATCH, _(CANNOT_RANK)))
    if len(release.hotspots):
        handles.append(Line2D([], [], color=_RIM, linewidth=1.6, label=_(N_("hot spot"))))
    return finish(figure, handles, _(N_("Priority")), language, form)


def _rank_colour(rank: float, classes: tuple[tuple[int, int, str, str], ...]) -> str:
    return next(colour for low, high, _text, colour in classes if low <= rank <= high)


def _outline_hotspots(release: Release, axes: Axes) -> None:
    if len(release.hotspots):
        release.hotspots.boundary.plot(ax=axes, color="#ffffff", linewidth=2.6, zorder=5, aspect=None)
        release.hotspots.boundary.plot(ax=axes, color=_RIM, linewidth=1.4, zorder=6, aspect=None)


def hotspots_map(release: Release, language: Language, form: Format = "png") -> bytes:
    """Draw the outlines of the named hot spots, numbered as in their table.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.
    form
        ``"png"`` or ``"svg"``.

    Returns
    -------
    bytes
        The picture.
    """
    _ = words(language)
    figure, axes = new_map(release)
    areas = release.geometry["areas"]
    draw_shapes(axes, areas, ["#eef0f4"] * len(areas))
    roads_above(release, axes)
    _outline_hotspots(release, axes)
    number_shapes(axes, release.hotspots, [amount(i, language) for i in range(1, len(release.hotspots) + 1)])
    names = [text_of(name, language) for name in release.hotspots["name"]]
    handles = [
        Line2D([], [], color=_RIM, linewidth=1.6, label=textwrap.fill(f"{i}  {name}", _LEGEND_CHARACTERS))
        for i, name in enumerate(names, start=1)
    ]
    return finish(figure, handles, _(N_("Significant hot spots")), language, form)


def layer_map(release: Release, key: str, language: Language, form: Format = "png") -> bytes:
    """Draw one layer.

    Parameters
    ----------
    release
        What the audience may see.
    key
        A key of its layers.
    language
        ``"da"`` or ``"en"``.
    form
        ``"png"`` or ``"svg"``.

    Returns
    -------
    bytes
        The picture; "cannot say" is hatched, hidden dotted.
    """
    shown = release.layers[key]
    classes = classed(shown)
    figure, axes = new_map(release)
    if shown.surface is not None:
        present = _draw_surface(release, axes, shown, classes)
    else:
        present = _draw_frame(release, axes, shown, classes)
    roads_above(release, axes)
    labels = class_labels(shown.spec, classes, language)
    hatches = {number: unsaid_hatch(place) for place, number in enumerate(unsaid_classes(classes))}
    handles = [
        swatch(colour, textwrap.fill(label, _LEGEND_CHARACTERS), hatches.get(number, ""))
        for number, (colour, label) in enumerate(zip(classes.colours, labels, strict=True))
    ]
    handles += _pattern_swatches(shown, present, language)
    lines = _draw_contours(release, axes, key, language)
    title = "\n".join(
        textwrap.fill(line, _LEGEND_CHARACTERS) for line in legend_title(shown.spec, language).split("\n")
    )
    return finish(figure, [*handles, *lines], title, language, form)


def _draw_contours(release: Release, axes: Axes, key: str, language: Language) -> list[Line2D]:
    """Draw the lines round what is beyond chance, on a light rim, and return their lines of the legend."""
    drawn, names = contour_lines(release, key), stroke_names(key, release, language)
    handles: list[Line2D] = []
    for at, (stroke, name) in enumerate(zip(STROKES, names, strict=False)):
        if at not in drawn.index:
            continue
        style: Literal["--", "-"] = "--" if stroke.dashed else "-"
        own, width = drawn.loc[[at]].geometry, stroke.width / 2
        own.plot(ax=axes, color="#ffffff", linewidth=width + 1.0, zorder=4.4, aspect=None)
        own.plot(ax=axes, color=INK, linewidth=width, linestyle=style, zorder=4.5, aspect=None)
        label = textwrap.fill(name, _LEGEND_CHARACTERS)
        handles.append(Line2D([], [], color=INK, linewidth=width, linestyle=style, label=label))
    if handles:
        head = textwrap.fill(words(language)(LINES_TITLE), _LEGEND_CHARACTERS)
        handles.insert(0, Line2D([], [], linestyle="none", label=head))
    return handles


def _pattern_swatches(shown: Shown, present: set[int], language: Language) -> list[Patch]:
    _ = words(language)
    lines = []
    if UNKNOWN in present:
        lines.append(hatched_swatch(UNKNOWN_HATCH, _(CANNOT_SAY_TEXT)))
    if WITHHELD in present:
        text = textwrap.fill(hidden_text(language, least_of(shown.spec)), _LEGEND_CHARACTERS)
        lines.append(hatched_swatch(HIDDEN_HATCH, text))
    return lines


def _draw_frame(release: Release, axes: Axes, shown: Shown, classes: Classed) -> set[int]:
    shapes: gpd.GeoDataFrame = release.geometry[shown.spec.support]
    found = class_of(shown, classes).reindex(shapes.index, fill_value=UNKNOWN)
    lines = shown.spec.support == "segments"
    known = found >= 0
    draw_shapes(axes, shapes[known], [classes.colours[each] for each in found[known]], lines=lines)
    for place, number in enumerate(unsaid_classes(classes)):
        draw_unsaid(axes, shapes[found == number], place, lines=lines)
    draw_hatched(axes, shapes[found == UNKNOWN], UNKNOWN_HATCH, lines=lines)
    draw_hatched(axes, shapes[found == WITHHELD], HIDDEN_HATCH, lines=lines)
    return set(found.unique())


def _draw_surface(release: Release, axes: Axes, shown: Shown, classes: Classed) -> set[int]:
    surface = shown.surface
    if surface is None:
        return set()
    found = class_of_numbers(surface.values, classes)
    if shown.hidden is not None:
        found = np.where(shown.hidden, WITHHELD, found)
    west, south, east, north = surface.lattice.bounds
    extent = (west, east, south, north)
    frame = axes.get_xlim(), axes.get_ylim()
    axes.imshow(
        np.ma.masked_less(found, 0), extent=extent, cmap=ListedColormap(classes.colours), vmin=-0.5,
        vmax=len(classes.colours) - 0.5, interpolation="nearest", zorder=3,
    )  # fmt: skip
    for code, hatch, colour in ((UNKNOWN, UNKNOWN_HATCH, CANNOT_SAY), (WITHHELD, HIDDEN_HATCH, HIDDEN)):
        mask = (found == code).astype(float)
        if mask.any() and min(mask.shape) > 1:
            drawn = axes.contourf(
                mask[::-1], levels=[0.5, 1.5], colors="none", hatches=[hatch], extent=extent, zorder=3
            )
            drawn.set_edgecolor(colour)
            drawn.set_linewidth(0.0)
            drawn.set_clip_path(outline_of(release), transform=axes.transData)
    axes.set_xlim(*frame[0])
    axes.set_ylim(*frame[1])
    return {int(each) for each in np.unique(found)}


def map_words(release: Release, language: Language, key: str = "") -> str:
    """Say in words what a map shows, for those who do not see it.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.
    key
        A layer's key, ``"hotspots outline"`` for the outlines; empty for the map of priorities.

    Returns
    -------
    str
        The alternative text.
    """
    _ = words(language)
    if not key:
        first = ranked(release).dropna(subset=["rank"]).head(3)
        names = [text_of(name, language) for name in first["name"]]
        return _(
            N_(
                "Map of {place} with {n} {n:place|places} numbered by priority, as in the table. First {n:comes|come} "
                "{names}."
            ),
            place=release.place.name, n=len(release.geometry["areas"]), names=names,
        )  # fmt: skip
    if key == OUTLINES:
        return _(
            N_("Map of {place} with the {n:outline|outlines} of {n} significant {n:hot spot|hot spots}: {names}."),
            place=release.place.name, n=len(release.hotspots),
            names=[text_of(name, language) for name in release.hotspots["name"]],
        )  # fmt: skip
    shown = release.layers[key]
    said = _counted_classes(shown, language)
    return _(
        N_("Map of {place}: {title}. {question} {counts}"),
        place=release.place.name,
        title=shown.spec.title,
        question=shown.spec.question,
        counts=said,
    )


OUTLINES = "hotspots outline"


def _counted_classes(shown: Shown, language: Language) -> str:
    """Say how many rows fall in each class."""
    _ = words(language)
    classes = classed(shown)
    if shown.surface is not None:
        found = pd.Series(class_of_numbers(shown.surface.values, classes).ravel())
        found = found.where(~shown.hidden.ravel(), WITHHELD) if shown.hidden is not None else found
    else:
        found = class_of(shown, classes)
    labels = class_labels(shown.spec, classes, language)
    names = {UNKNOWN: _(CANNOT_SAY_TEXT), WITHHELD: hidden_text(language, least_of(shown.spec))}
    names |= dict(enumerate(labels))
    share = found.value_counts(normalize=True)
    parts = [f"{names[code]} {amount(float(share[code]), language, '.0%')}" for code in names if code in share.index]
    return _(N_("Shares of the map: {parts}."), parts=parts)
