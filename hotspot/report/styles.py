"""QGIS styles for the layers of a GeoPackage: the same classes and colours as on paper and screen."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal
from xml.etree import ElementTree as ET

from hotspot.glossary import Language, words
from hotspot.glossary.palettes import CANNOT_SAY, HIDDEN
from hotspot.release.contract import Release, Shown
from hotspot.report.classes import CANNOT_RANK, class_labels, classed, rank_classes
from hotspot.report.contours import STROKES, contour_lines, stroke_names
from hotspot.report.patterns import INK
from hotspot.report.words import CANNOT_SAY as CANNOT_SAY_TEXT
from hotspot.report.words import hidden_text, least_of

Shape = Literal["fill", "line", "marker"]
_OUTLINE = "255,255,255,160"
_VERSION = "3.34"
_MM_PER_PIXEL = 25.4 / 96  # a pixel of the web is a 96th of an inch


def layer_style(shown: Shown, language: Language, *, column: str = "", hidden: str = "") -> str:
    """Return the style of a layer's values as QML.

    Parameters
    ----------
    shown
        The layer as its audience sees it.
    language
        Language of the legend.
    column
        Name of its column in the file; that of the declaration unless told otherwise.
    hidden
        Name of the column that says what is hidden; empty without one.

    Returns
    -------
    str
        QML with one rule per class, one for "cannot say" and one for hidden.
    """
    _ = words(language)
    classes, field = classed(shown), column or shown.spec.show.column
    labels = class_labels(shown.spec, classes, language)
    if classes.codes:
        tests = [f"\"{field}\" = '{code.replace(chr(39), chr(39) * 2)}'" for code in classes.codes]
    else:
        tests = _ranges(field, classes.breaks)
    shape: Shape = "line" if shown.spec.support == "segments" else "fill"
    rules = [
        (test, label, _symbol(colour, shape))
        for test, label, colour in zip(tests, labels, classes.colours, strict=True)
    ]
    withheld = f' AND NOT "{hidden}"' if hidden else ""
    unknown = f'"{field}" IS NULL{withheld}'
    if classes.codes:
        unknown = f"({unknown}) OR \"{field}\" = '{CANNOT_SAY_TEXT}'"
    rules.append((unknown, _(CANNOT_SAY_TEXT), _hatched(CANNOT_SAY, "b_diagonal", shape)))
    if hidden:
        text = hidden_text(language, least_of(shown.spec))
        rules.append((f'"{field}" IS NULL AND "{hidden}"', text, _hatched(HIDDEN, "dense6", shape)))
    return _qml(rules)


def rank_style(language: Language) -> str:
    """Return the style of the priorities as QML, in the classes of the printed map.

    Parameters
    ----------
    language
        Language of the legend.

    Returns
    -------
    str
        QML on the column ``rank``.
    """
    rules = [
        (f'"rank" >= {low} AND "rank" <= {high}', label, _symbol(colour, "fill"))
        for low, high, label, colour in rank_classes(language)
    ]
    hatched = _hatched(CANNOT_SAY, "b_diagonal", "fill")
    return _qml([*rules, ('"rank" IS NULL', words(language)(CANNOT_RANK), hatched)])


def plain_style(colour: str, label: str, shape: Shape) -> str:
    """Return a style of one colour as QML.

    Parameters
    ----------
    colour
        ``#rrggbb``.
    label
        What the legend says.
    shape
        ``"fill"`` (drawn as an outline), ``"line"`` or ``"marker"``.

    Returns
    -------
    str
        QML.
    """
    symbol = _symbol(colour, shape)
    if shape == "fill":
        symbol = (
            "SimpleFill",
            "fill",
            {"style": "no", "outline_color": _rgba(colour), "outline_width": "0.6"},
        )
    return _qml([("", label, symbol)])


def contour_style(release: Release, language: Language) -> str:
    """Return the style of the lines round what is beyond chance as QML: wide or thin, whole or dashed.

    Parameters
    ----------
    release
        What the audience may see.
    language
        Language of the legend.

    Returns
    -------
    str
        QML on the columns ``layer``, ``side`` and ``p_value``.
    """
    rules: list[tuple[str, str, Symbol]] = []
    for key in release.layers:
        drawn = contour_lines(release, key)
        for at, name in enumerate(stroke_names(key, release, language) if len(drawn) else ()):
            stroke = STROKES[at]
            look = {
                "line_color": _rgba(INK),
                "line_width": f"{stroke.width * _MM_PER_PIXEL:.2f}",
                "line_style": "dash" if stroke.dashed else "solid",
            }
            test = f'"layer" = \'{key}\' AND "side" = \'{stroke.side}\' AND "p_value" = {stroke.level}'
            rules.append((test, name, ("SimpleLine", "line", look)))
    return _qml(rules)


Symbol = tuple[str, Shape, dict[str, str]]


def _ranges(field: str, breaks: Sequence[float]) -> list[str]:
    if not breaks:
        return [f'"{field}" IS NOT NULL']
    between = [f'"{field}" >= {low:.17g} AND "{field}" < {high:.17g}' for low, high in pairwise(breaks)]
    return [f'"{field}" < {breaks[0]:.17g}', *between, f'"{field}" >= {breaks[-1]:.17g}']


def _symbol(colour: str, shape: Shape) -> Symbol:
    if shape == "line":
        return "SimpleLine", shape, {"line_color": _rgba(colour), "line_width": "0.8"}
    if shape == "marker":
        return "SimpleMarker", shape, {"color": _rgba(colour), "size": "1.6", "outline_style": "no"}
    own = {"color": _rgba(colour), "outline_color": _OUTLINE, "outline_width": "0.1", "style": "solid"}
    return "SimpleFill", shape, own


def _hatched(colour: str, pattern: str, shape: Shape) -> Symbol:
    if shape == "line":
        return "SimpleLine", shape, {"line_color": _rgba(colour), "line_width": "0.4", "line_style": "dot"}
    return "SimpleFill", shape, {"color": _rgba(colour), "style": pattern, "outline_color": _rgba(colour)}


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"


def _qml(rules: Sequence[tuple[str, str, Symbol]]) -> str:
    """Write a rule-based renderer, which every QGIS 3 reads."""
    root = ET.Element("qgis", version=_VERSION, styleCategories="Symbology")
    renderer = ET.SubElement(root, "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0")
    parent = ET.SubElement(renderer, "rules", key="root")
    symbols = ET.SubElement(renderer, "symbols")
    for i, (test, label, (kind, shape, options)) in enumerate(rules):
        filters = {"filter": test} if test else {}
        ET.SubElement(parent, "rule", {"key": f"rule{i}", "symbol": str(i), "label": label, **filters})
        symbol = ET.SubElement(symbols, "symbol", name=str(i), type=shape, alpha="1", clip_to_extent="1")
        layer = ET.SubElement(symbol, "layer", {"class": kind, "enabled": "1", "pass": "0", "locked": "0"})
        listed = ET.SubElement(layer, "Option", type="Map")
        for name, value in options.items():
            ET.SubElement(listed, "Option", name=name, value=value, type="QString")
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(root, encoding="unicode")
